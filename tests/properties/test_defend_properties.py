"""What must hold for every raid: more stock never leaks more, coordination never loses."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hinomi.defend.assign import best_assignment
from hinomi.defend.engage import engage
from hinomi.earth.wgs84 import ecef_from_geodetic, local_axes
from hinomi.flight.ahead import path_ahead
from hinomi.records.engagements import Architecture, Battery, EngageSettings, Magazine, Weapon
from hinomi.records.ledger import Industry, Line, Price
from hinomi.records.tracks import CONFIRMED, ENGAGEMENT_GRADE, MODE_COAST, Tracks
from hinomi.sustain.account import account

ARCHITECTURE = Architecture(
    name="x",
    label="x",
    share_warning=False,
    share_track=False,
    one_picture=False,
    engage_on_remote=False,
    one_assignment=False,
    relay_s=(0.0, 0.0, 0.0),
    warning_relay_s=(0.0, 0.0, 0.0),
    decide_s=(0.0, 0.0, 0.0),
    network_cost_musd=(0.0, 0.0, 0.0),
)
SETTINGS = EngageSettings(
    weapon_delay_s=2.0,
    assess_s=5.0,
    keep_out_height_m=3000.0,
    support_share=0.8,
    support_penalty=0.5,
    same_object_m=1000.0,
    same_path_m=1000.0,
)
THREATS = 4


def raid():
    """Four perfect ballistic tracks, one every 20 s."""
    lat, lon = np.radians(38.0), np.radians(127.0)
    mean = np.zeros(9)
    mean[:3] = ecef_from_geodetic(lat, lon, 150e3)
    mean[3:6] = np.array([800.0, -2000.0, 1500.0]) @ np.array(local_axes(lat, lon)).reshape(3, 3)
    path = path_ahead(
        mean, gliding=False, step_s=1.0, steps=400, beta_kg_m2=8000.0, lift_to_drag=2.6
    )
    means = np.hstack([path, np.gradient(path, axis=0), np.zeros_like(path)])[::2]
    rows = sorted((2.0 * i + 20.0 * k, k, i) for k in range(THREATS) for i in range(len(means)))
    t_s = np.array([r[0] for r in rows])
    mode = np.zeros((len(rows), 4))
    mode[:, MODE_COAST] = 1.0
    return Tracks(
        picture="Japan",
        t_s=t_s,
        t_available_s=t_s + 1.0,
        track=np.array([r[1] for r in rows]),
        mean=means[[r[2] for r in rows]],
        cov=np.zeros((len(rows), 9, 9)),
        mode=mode,
        status=np.full(len(rows), CONFIRMED),
        grade=np.full(len(rows), ENGAGEMENT_GRADE),
        plot=np.arange(len(rows)),
        plots=len(rows),
    )


TRACKS = raid()


class NoDelay:
    def seconds(self, picture, track):
        return 10.0


class Fixed:
    """Common random numbers: the uniform of a (track, salvo) is the same whatever else happens."""

    def __init__(self, seed):
        self.uniform = np.random.default_rng(seed).random((THREATS, 64))

    def killed(
        self, picture, track, battery, salvo, rounds, kill_probability, t_intercept_s, r_m, **_
    ):
        return bool(self.uniform[track, salvo] < kill_probability)


def leakers(*, p, ready, seed):
    """Threats that nobody killed, with one-round salvos and more channels than threats."""
    weapon = Weapon(
        name="w",
        product="w",
        provider="boost_coast",
        burnout_speed_mps=4500.0,
        burn_s=70.0,
        decay_s=0.0,
        average_speed_mps=0.0,
        prepare_s=0.0,
        height_low_m=100e3,
        height_high_m=900e3,
        range_low_m=0.0,
        range_high_m=1500e3,
        kill_ballistic=p,
        kill_glide=0.0,
        salvo=1,
    )
    ship = Battery(
        name="s",
        owner="Japan",
        lat_deg=31.0,
        lon_deg=130.0,
        height_m=0.0,
        channels=20,
        magazines=(Magazine(weapon="w", ready=ready, reserve=0),),
    )
    result = engage(
        {"Japan": TRACKS},
        [ship],
        {"w": weapon},
        architecture=ARCHITECTURE,
        settings=SETTINGS,
        delays=NoDelay(),
        fate=Fixed(seed),
    )
    return THREATS - len(set(result.track[result.killed == 1].tolist()))


@settings(derandomize=True, max_examples=25, deadline=None)
@given(
    p=st.floats(0.1, 0.9),
    more=st.floats(0.0, 0.09),
    ready=st.integers(0, 10),
    seed=st.integers(0, 999),
)
def test_a_better_weapon_never_leaks_more(p, more, ready, seed):
    assert leakers(p=p + more, ready=ready, seed=seed) <= leakers(p=p, ready=ready, seed=seed)


@settings(derandomize=True, max_examples=25, deadline=None)
@given(
    p=st.floats(0.1, 0.9),
    ready=st.integers(0, 10),
    extra=st.integers(1, 5),
    seed=st.integers(0, 999),
)
def test_more_stock_never_leaks_more(p, ready, extra, seed):
    assert leakers(p=p, ready=ready + extra, seed=seed) <= leakers(p=p, ready=ready, seed=seed)


def test_leakage_runs_from_everybody_to_nearly_nobody():
    assert leakers(p=0.5, ready=0, seed=1) == THREATS
    assert leakers(p=0.99, ready=20, seed=1) == 0


@settings(derandomize=True, max_examples=20, deadline=None)
@given(data=st.data(), threats=st.integers(1, 4))
def test_one_joint_assignment_is_worth_at_least_two_national_ones(data, threats):
    """Threats and magazines split between nations any way: joint optimum >= sum of optima."""
    share = st.one_of(st.just(0.0), st.floats(0.1, 0.95))
    kill = np.array(data.draw(st.lists(share, min_size=3 * threats, max_size=3 * threats))).reshape(
        threats, 3
    )
    worth = np.array(data.draw(st.lists(st.floats(0.2, 3.0), min_size=threats, max_size=threats)))
    stock = np.array(data.draw(st.lists(st.integers(0, 3), min_size=3, max_size=3)))
    nation = np.array(data.draw(st.lists(st.booleans(), min_size=threats, max_size=threats)))
    joint = best_assignment(kill, worth, stock)
    apart = 0.0
    for mine, magazines in ((nation, [0]), (~nation, [1, 2])):
        if mine.any():
            apart += best_assignment(kill[mine][:, magazines], worth[mine], stock[magazines]).value
    assert joint.value >= apart - 1e-6
    assert joint.value <= joint.bound + 1e-12


@settings(derandomize=True, max_examples=40, deadline=None)
@given(
    spent=st.integers(0, 300),
    rate=st.floats(5.0, 700.0),
    target=st.floats(5.0, 2000.0),
    start=st.floats(-30.0, 40.0),
    ramp=st.floats(0.0, 84.0),
)
def test_the_ledger_balances_and_more_spent_never_refills_sooner(spent, rate, target, start, ramp):
    made = Line(
        product="A",
        owner="us",
        rate_per_year=rate,
        target_per_year=target,
        ramp_from_month=start,
        ramp_months=ramp,
        lead_months=24.0,
    )
    industry = Industry(
        lines=(made,),
        prices=(Price(product="A", unit_musd=4.0, basis="unit", price_year=2024),),
        horizon_months=120,
        currency="USD",
    )
    stock = {("us", "A"): 400}
    ledger = account({("us", "A"): spent}, stock, industry)
    np.testing.assert_allclose(
        ledger.opening + ledger.produced - ledger.spent, ledger.closing, atol=1e-6
    )
    assert ledger.spent.sum() == spent
    assert ledger.produced.sum() <= spent + 1e-6
    assert ledger.cost_musd.sum() == pytest.approx(4.0 * spent)
    assert account({("us", "A"): spent + 20}, stock, industry).refill_months >= ledger.refill_months
