"""Each channel has its own delay, failure and reach; the hour decides who can be reached."""

import math

import numpy as np
import pytest

from hinomi.records.alerts import ALERT_MESSAGE, Alerts, Channel, Visitors
from hinomi.warn.daytime import ceiling_of, day_weights, weights_of, whereabouts
from hinomi.warn.receive import delays_of, receipts, receive
from hinomi.warn.visitors import visitors_of

PHONE = Channel(
    name="phone", broadcast_per_s=0.05, contagion_per_s=0.005, ceiling_day=0.8,
    ceiling_night=0.6, deliver_s=(4.0, 4.0, 4.0), municipal=False,
)  # fmt: skip
SIREN = Channel(
    name="siren", broadcast_per_s=0.025, contagion_per_s=0.01, ceiling_day=0.75, ceiling_night=0.5
)
INDOOR = Channel(
    name="indoor", broadcast_per_s=0.01, contagion_per_s=0.005, ceiling_day=0.2, ceiling_night=0.2
)


@pytest.fixture
def policy(world):
    return world.changed(
        channels=(PHONE, SIREN, INDOOR), issue_s=(3, 3, 3), deliver_s=(10, 10, 10)
    )  # fmt: skip


def changed(policy, **fields):
    import dataclasses

    return dataclasses.replace(policy, **fields)


def alert(t=100.0):
    return Alerts(
        status="Test", units=("islands", "main"), track=np.ones(1), kind=np.array([ALERT_MESSAGE]),
        route=np.zeros(1), t_ready_s=np.array([t]), t_issue_s=np.array([t]),
        covers=np.array([[1, 0]]),
    )  # fmt: skip


def test_the_phone_needs_no_municipality_and_the_sirens_do(world, policy):
    """Phone 4 s after the issue, siren and indoor receiver 3 + 10 s; nothing where no alert is."""
    got = receipts(
        alert(), world.units(), world.places(), policy=changed(policy, relay_failure=0.0),
        draws=world.draws(),
    )  # fmt: skip
    assert got.channels == ("phone", "siren", "indoor")
    assert got.t_s[:, 0].tolist() == [104.0, 113.0, 113.0]
    assert got.first_s.tolist() == [104.0, math.inf, math.inf]


def test_a_failed_municipal_relay_silences_only_what_passes_through_it(world, policy):
    got = delays_of(
        world.places(5000), policy=changed(policy, relay_failure=0.3), draws=world.draws()
    )
    deaf = np.isinf(got[1])
    assert deaf.mean() == pytest.approx(0.3, abs=0.03)  # standard deviation 0.0065
    assert np.array_equal(deaf, np.isinf(got[2]))
    assert not np.isinf(got[0]).any()


def test_the_common_cause_is_a_part_of_the_municipal_failures(world, policy):
    """Of 30 % that fail, half fail altogether; both shares nested."""
    luck = changed(policy, relay_failure=0.3, common_cause=0.5)
    got = delays_of(world.places(5000), policy=luck, draws=world.draws())
    silent = np.isinf(got[0])
    assert silent.mean() == pytest.approx(0.15, abs=0.025)
    assert np.isinf(got[1][silent]).all()


def test_a_channel_fails_by_itself(world):
    import dataclasses

    policy = world.changed(
        channels=(dataclasses.replace(PHONE, failure=0.2), SIREN), relay_failure=0.0
    )
    got = delays_of(world.places(5000), policy=policy, draws=world.draws())
    assert np.isinf(got[0]).mean() == pytest.approx(0.2, abs=0.03)
    assert not np.isinf(got[1]).any()


def test_a_receiver_under_repair_leaves_the_phone(world, policy):
    repaired = changed(policy, relay_failure=0.0, repairs=("00001",))
    got = delays_of(world.places(3), policy=repaired, draws=world.draws())
    assert np.isinf(got).tolist() == [[False] * 3, [False, True, False], [False, True, False]]
    drawn = changed(policy, relay_failure=0.0, repair_share=0.25)
    many = delays_of(world.places(5000), policy=drawn, draws=world.draws())
    assert np.isinf(many[1]).mean() == pytest.approx(0.25, abs=0.03)
    assert not np.isinf(many[0]).any()


def test_channels_behind_the_municipality_keep_the_one_draw_they_always_had(world):
    """Without new keys every channel comes in at the time of the place, as one receipt."""
    places, units = world.places(), world.units()
    got = receipts(alert(), units, places, policy=world.policy, draws=world.draws())
    first = receive(alert(), units, places, policy=world.policy, draws=world.draws())
    assert np.array_equal(got.t_s[0], got.t_s[1])
    assert np.array_equal(got.first_s, first)


@pytest.mark.parametrize("hour", np.arange(0.0, 24.1, 0.25))
def test_the_parts_of_the_day_sum_to_one_and_change_smoothly(hour):
    now, soon = np.array(day_weights(hour)), np.array(day_weights(hour + 0.01))
    assert now.sum() == pytest.approx(1.0)
    assert (now >= 0.0).all()
    assert np.abs(soon - now).max() < 0.01  # 1.5 / 2 h at most, over 0.01 h


def test_noon_is_day_eight_in_the_evening_is_evening_three_is_night():
    assert day_weights(12.0) == (1.0, 0.0, 0.0)
    assert day_weights(20.0) == (0.0, 1.0, 0.0)
    assert day_weights(3.0) == (0.0, 0.0, 1.0)
    assert day_weights(24.0) == day_weights(0.0)


def test_the_flag_of_night_holds_without_an_hour(world):
    assert weights_of(world.policy) == (1.0, 0.0, 0.0)
    assert weights_of(world.changed(night=True)) == (0.0, 0.0, 1.0)
    assert weights_of(world.changed(night=True, local_time_h=12.0)) == (1.0, 0.0, 0.0)
    assert ceiling_of(SIREN, (0.5, 0.0, 0.5)) == pytest.approx(0.625)
    assert ceiling_of(SIREN, (0.0, 1.0, 0.0)) == 0.75  # an evening that is not given is a day


def test_everybody_is_somewhere(world):
    policy = world.changed(
        indoor_share=0.85, vehicle_share=0.05, indoor_share_night=0.97, vehicle_share_night=0.01
    )
    assert whereabouts(policy) == pytest.approx((0.85, 0.10, 0.05))
    assert whereabouts(changed(policy, night=True)) == pytest.approx((0.97, 0.02, 0.01))
    assert whereabouts(changed(policy, local_time_h=20.0)) == pytest.approx((0.91, 0.06, 0.03))


@pytest.fixture
def islands(world):
    import dataclasses

    return dataclasses.replace(
        world.places(3),
        island_group=("isles", "isles", ""),
        prefecture_en=("North", "North", "South"),
        population=np.array([300.0, 100.0, 1000.0]),
    )


def test_visitors_are_spread_by_residents_and_a_code_wins(world, islands):
    group = Visitors(at="isles", weekday=80.0, holiday=160.0)
    town = Visitors(at="00001", weekday=5.0, holiday=7.0)
    policy = world.changed(visitors=(group, town))
    assert visitors_of(islands, policy).tolist() == [60.0, 5.0, 0.0]
    assert visitors_of(islands, changed(policy, holiday=True)).tolist() == [120.0, 7.0, 0.0]
    assert visitors_of(islands, world.policy).tolist() == [0.0, 0.0, 0.0]


def test_visitors_of_what_these_places_do_not_have_are_left_out(world, islands):
    policy = world.changed(visitors=(Visitors(at="Atlantis", weekday=1.0, holiday=1.0),))
    assert visitors_of(islands, policy).tolist() == [0.0, 0.0, 0.0]
