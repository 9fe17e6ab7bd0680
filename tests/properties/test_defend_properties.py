"""What must hold for every raid: more stock never leaks more, coordination never loses."""

from __future__ import annotations

import runpy
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hinomi.defend.assign import best_assignment
from hinomi.defend.engage import engage
from hinomi.records.ledger import Industry, Line, Price
from hinomi.sustain.account import account

D = runpy.run_path(str(Path(__file__).parents[1] / "unit" / "defend" / "conftest.py"))
THREATS = 4


def raid():
    """Four perfect ballistic tracks, one every 20 s."""
    mean = D["state"](38.0, 127.0, 150e3, east=800.0, north=-2000.0, up=1500.0)
    return D["tracks"]([D["flight"](mean, t0=20.0 * k, seconds=400) for k in range(THREATS)])


TRACKS = raid()


class Fixed:
    """Common random numbers: the uniform of a (track, salvo) is the same whatever else happens."""

    def __init__(self, seed):
        self.uniform = np.random.default_rng(seed).random((THREATS, 64))

    def killed(self, met):
        return bool(self.uniform[met.track, met.salvo] < met.kill_probability)


def leakers(*, p, ready, seed):
    """Threats that nobody killed, with one-round salvos and more channels than threats."""
    result = engage(
        {"Japan": TRACKS},
        [D["battery"]("s", holds=(("w", ready),), channels=20)],
        {"w": D["weapon"]("w", kill_ballistic=p)},
        architecture=D["architecture"](),
        settings=D["settings"](same_object_m=1000.0, same_path_m=1000.0),
        delays=D["Delay"](10.0),
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


class Nobody:
    """Fate in which nothing is hit, so that engagements follow each other as long as they can."""

    def killed(self, _):
        return False


@settings(derandomize=True, max_examples=40, deadline=None)
@given(seed=st.integers(0, 10_000), channels=st.integers(1, 2), wait_s=st.floats(5.0, 30.0))
def test_no_battery_ever_controls_more_engagements_than_it_has_channels(seed, channels, wait_s):
    """Raids of ten with two interceptor classes, whose launches are asked for in any order."""
    random = np.random.default_rng(seed)

    def one():
        lat, lon, east, up, t0 = random.uniform((37, 125.5, 700, 1200, 100), (39, 128.5, 900, 1800, 160))  # fmt: skip
        return D["flight"](D["state"](lat, lon, 150e3, east=east, north=-2000.0, up=up), t0=t0)

    weapons = [
        D["weapon"]("a", kill_ballistic=0.5, prepare_s=random.uniform(0.0, 8.0)),
        D["weapon"](
            "b", kill_ballistic=0.5, prepare_s=random.uniform(0.0, 8.0), height_low_m=60e3,
            burnout_speed_mps=random.uniform(2500.0, 4000.0),
        ),
    ]  # fmt: skip
    batteries = [
        D["battery"]("one", holds=(("a", 40), ("b", 40)), channels=channels),
        D["battery"]("two", lat=33.0, lon=130.5, holds=(("b", 40),), channels=2),
    ]
    told = D["settings"](weapon_delay_s=0.0)
    found = engage(
        {"Japan": D["tracks"]([one() for _ in range(10)])},
        batteries,
        {w.name: w for w in weapons},
        architecture=D["architecture"](),
        settings=told,
        delays=D["Delay"](wait_s),
        fate=Nobody(),
    )
    for number, battery in enumerate(batteries):
        mine = (found.battery == number) & (found.rounds > 0)
        start, end = found.t_launch_s[mine], found.t_intercept_s[mine] + told.assess_s
        at_once = [int(((start <= t) & (end > t)).sum()) for t in start]
        assert max(at_once, default=0) <= battery.channels
