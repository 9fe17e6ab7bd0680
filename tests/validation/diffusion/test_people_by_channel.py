"""People by the arrival against closed forms, by hand and by another integration."""

import dataclasses
import math

import numpy as np
import pytest
from scipy.integrate import quad

from hinomi.records.alerts import Channel
from hinomi.warn.clock import half_times, middle_row
from hinomi.warn.diffusion import folded, lognormal_acted
from hinomi.warn.respond import compliance_of, respond_by_channel, window_share_of

A_PER_S, CEILING = 3.0 / 60.0, 0.8
ONE = Channel(
    name="one", broadcast_per_s=A_PER_S, contagion_per_s=0.0, ceiling_day=CEILING,
    ceiling_night=CEILING,
)  # fmt: skip
NOBODY = np.zeros(1)


@pytest.fixture
def simple(world):
    """One channel without contagion: k (1 - e^(-a t)) have heard; everybody indoors."""
    return world.changed(channels=(ONE,), indoor_share=1.0, channel_correlation=0.0)


def at(policy, lead_s, *, people=1.0, visitors=0.0, received=None):
    times = np.zeros((len(policy.channels), 1)) if received is None else np.array(received)[:, None]
    return respond_by_channel(
        np.array([lead_s]), times, np.array([people]), np.array([visitors]), policy=policy
    )


@pytest.mark.parametrize("lead_s", [30.0, 60.0, 120.0, 300.0, 600.0])
def test_hearing_and_the_seconds_of_warning_have_their_closed_form(simple, lead_s):
    """Knew k (1 - e^(-a T)); seconds k (T - (1 - e^(-a T)) / a), the integral of it."""
    got = at(simple, lead_s)
    heard = 1.0 - math.exp(-A_PER_S * lead_s)
    assert got.knew[0] == pytest.approx(CEILING * heard, abs=2e-4)
    assert got.person_seconds[0] == pytest.approx(CEILING * (lead_s - heard / A_PER_S), rel=2e-3)
    needed = max(0.0, lead_s - simple.needed_s)
    expected = CEILING * (1.0 - math.exp(-A_PER_S * needed))
    assert got.with_needed[0] == pytest.approx(expected, abs=2e-4)


@pytest.mark.parametrize("lead_s", [45.0, 90.0, 180.0, 400.0])
def test_shelter_is_hearing_acting_and_walking_folded(simple, lead_s):
    """A double integral over two lognormal delays, done by another routine."""
    policy = dataclasses.replace(simple, compliance=1.0, walk_median_s=40.0, walk_sigma=0.6)

    def lognormal(t, median, sigma):
        z = math.log(t / median) / (sigma * math.sqrt(2.0)) if t > 0.0 else -math.inf
        return 0.5 * (1.0 + math.erf(z))

    def density(t):
        if t <= 0.0:
            return 0.0
        z = math.log(t / 60.0) / 0.8
        return math.exp(-0.5 * z * z) / (t * 0.8 * math.sqrt(2.0 * math.pi))

    def arrived(t):
        return quad(lambda x: density(x) * lognormal(t - x, 40.0, 0.6), 0.0, t, epsabs=1e-7)[0]

    expected = quad(
        lambda t: CEILING * A_PER_S * math.exp(-A_PER_S * t) * arrived(lead_s - t),
        0.0, lead_s, epsabs=1e-6, limit=100,
    )[0]  # fmt: skip
    assert at(policy, lead_s).sheltered[0] == pytest.approx(expected, abs=1e-3)


def test_a_channel_counts_from_its_own_receipt_on(world):
    """The siren comes 100 s after the phone: until then the phone alone, then both."""
    phone, siren = world.policy.channels
    alone = world.changed(channels=(phone,))
    late = [0.0, 100.0]
    assert at(world.policy, 90.0, received=late).knew == pytest.approx(at(alone, 90.0).knew)
    both = at(world.policy, 400.0, received=late).knew[0]
    assert at(alone, 400.0).knew[0] < both <= at(world.policy, 400.0).knew[0] + 1e-12
    never = at(world.policy, 400.0, received=[0.0, math.inf])
    assert never.knew == pytest.approx(0.7 * at(alone, 400.0).knew + 0.3 * at(alone, 400.0).knew)
    assert siren.name == "sirens"


def test_no_receipt_before_the_arrival_no_people(world):
    got = at(world.policy, 100.0, received=[100.0, math.inf])
    for name in ("knew", "sheltered", "moved", "person_seconds", "with_needed"):
        assert getattr(got, name)[0] == 0.0


def test_people_are_conserved(world):
    """Sheltered and away from windows are parts of those who know, who are parts of everybody."""
    policy = world.changed(window_share=0.6, compliance=0.4, foreign_share=0.5, walk_median_s=30.0)
    lead = np.linspace(0.0, 3000.0, 200)
    received = np.zeros((2, 200))
    got = respond_by_channel(lead, received, np.full(200, 70.0), np.full(200, 30.0), policy=policy)
    assert (got.sheltered + got.moved <= got.knew + 1e-9).all()
    assert (got.knew <= 100.0).all()
    assert (got.with_needed <= got.knew + 1e-9).all()
    assert (got.person_seconds <= got.knew * np.maximum(lead, 1e-9) + 1e-6).all()
    for name in ("knew", "sheltered", "moved", "with_needed"):
        assert (np.diff(getattr(got, name)) >= -1e-9).all()


def test_visitors_without_japanese_know_later_or_not_at_all(world):
    """Ten of 100 visitors: half of them understand, 60 s late; the rest are like residents."""
    policy = world.changed(foreign_share=0.1, foreign_understand=0.5, foreign_delay_s=60.0)
    got = at(policy, 200.0, people=0.0, visitors=100.0)
    everybody, later = at(world.policy, 200.0).knew[0], at(world.policy, 140.0).knew[0]
    assert got.knew[0] == pytest.approx(90.0 * everybody + 5.0 * later)
    told = dataclasses.replace(policy, multilingual=True)
    assert at(told, 200.0, people=0.0, visitors=100.0).knew[0] == pytest.approx(100.0 * everybody)


def test_drills_raise_and_false_alerts_lower_who_takes_shelter(world):
    assert compliance_of(world.policy) == 0.055
    half = world.changed(drilled_share=0.5, drilled_compliance=0.3)
    assert compliance_of(half) == pytest.approx(0.1775)
    tired = world.changed(false_alerts=2.0, false_alert_factor=0.85, window_share=0.2)
    assert compliance_of(tired) == pytest.approx(0.055 * 0.7225)
    assert window_share_of(tired) == pytest.approx(0.2 * 0.7225)
    assert window_share_of(world.changed(window_share=0.9, compliance=0.3)) == pytest.approx(0.7)
    base, raised = at(world.policy, 300.0), at(half, 300.0)
    assert raised.sheltered[0] / base.sheltered[0] == pytest.approx(0.1775 / 0.055)
    assert raised.knew == pytest.approx(base.knew)


def test_half_have_heard_at_the_half_life_of_the_channel(simple):
    """ln 2 / a after the receipt; acted and in shelter follow in order."""
    heard, acted, arrived = half_times(
        np.array([100.0]), policy=dataclasses.replace(simple, walk_median_s=30.0, walk_sigma=0.5)
    )
    assert heard == pytest.approx(100.0 + math.log(2.0) / A_PER_S, abs=1.0)
    assert heard < acted < arrived
    assert np.isinf(half_times(np.array([math.inf]), policy=simple)).all()


def test_half_have_acted_where_the_fold_says_so(simple):
    t = np.arange(0.0, 1801.0)
    share = folded(
        1.0 - np.exp(-A_PER_S * t), lognormal_acted(t[:-1] + 0.5, median_s=60.0, sigma=0.8)
    )
    expected = float(np.interp(0.5 * share[-1], share, t))
    assert half_times(np.zeros(1), policy=simple)[1] == pytest.approx(expected, abs=1.0)


def test_the_middle_person_lives_where_half_of_the_people_have_it():
    received, people = np.array([30.0, 10.0, np.inf, 20.0]), np.array([1.0, 2.0, 5.0, 3.0])
    assert middle_row(received, people) == 0  # 10, 20, 30 s: 6 of 11 people
    assert middle_row(received, np.array([1.0, 2.0, 9.0, 3.0])) == 2
    assert middle_row(received, np.zeros(4)) == -1
