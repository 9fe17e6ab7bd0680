"""Plans for a whole raid: brute force, what coordination can and cannot be worth, one real raid."""

import itertools

import numpy as np
import pytest

from hinomi.defend.assign import value_of
from hinomi.integration import coordination as co
from hinomi.scenario.load import load
from hinomi.study import chain as study_chain


def windows(kill, owner, stock):
    kill = np.array(kill, float)
    names = tuple((f"battery {j}", "round") for j in range(kill.shape[1]))
    return co.Windows(
        kill=kill, owner=tuple(owner), magazine=names, stock=np.array(stock, np.int32)
    )


def best_of_all(kill, stock):
    """Every assignment of every magazine, one after another."""
    threats = len(kill)
    spreads = [
        [x for x in itertools.product(range(n + 1), repeat=threats) if sum(x) <= n] for n in stock
    ]
    return max(
        value_of(np.array(rounds).T, kill, np.ones(threats))
        for rounds in itertools.product(*spreads)
    )


@pytest.mark.parametrize("seed", range(6))
def test_joint_plan_of_four_threats_and_three_magazines_is_that_of_brute_force(seed):
    rng = np.random.default_rng(seed)
    kill = rng.uniform(0.2, 0.9, (4, 3)) * (rng.random((4, 3)) < 0.7)
    found = windows(kill, "JJU", rng.integers(1, 3, 3))
    plan = co.plans(found, found.stock)
    best = best_of_all(kill, found.stock)
    assert plan.joint == pytest.approx(best, abs=4 * co.GAP)
    assert plan.bound >= best - 1e-9
    assert not plan.violated


def test_two_nations_that_cannot_talk_shoot_at_the_same_threat():
    """By hand: one round each; both take the surer threat, together they would take one each."""
    found = windows([[0.9, 0.9], [0.8, 0.8]], "JU", [1, 1])
    plan = co.plans(found, found.stock)
    assert plan.joint == pytest.approx(1.7)
    assert plan.national == pytest.approx(1.0 - 0.1 * 0.1)
    assert not plan.violated


def test_nations_that_reach_different_threats_lose_nothing_by_planning_apart():
    found = windows([[0.7, 0.0], [0.0, 0.6]], "JU", [2, 3])
    plan = co.plans(found, found.stock)
    assert plan.joint == pytest.approx(plan.national)
    assert plan.joint == pytest.approx((1 - 0.3**2) + (1 - 0.4**3))


def test_without_windows_or_rounds_nothing_is_killed():
    nothing = windows(np.zeros((3, 2)), "JU", [4, 4])
    assert co.plans(nothing, nothing.stock).joint == 0.0
    empty = windows([[0.5, 0.5]], "JU", [0, 0])
    assert co.plans(empty, empty.stock) == co.Plans(
        joint=0.0, bound=pytest.approx(0.0), national=0.0, reachable=1, threats=1
    )


def test_a_joint_plan_below_the_national_ones_is_a_violation():
    said = {"reachable": 2, "threats": 2}
    assert co.Plans(joint=1.0, bound=1.0, national=1.2, **said).violated
    assert co.Plans(joint=1.0, bound=1.5, national=1.2, **said).violated
    assert not co.Plans(joint=1.2, bound=1.2, national=1.2, **said).violated


def test_one_raid_has_the_windows_that_its_shots_show_and_no_violation():
    scenario = load("okinawa-2025")
    raid = study_chain.begin(scenario, study_chain.prepare(scenario), seed=1, number=1)
    integrated = scenario.architectures["integrated"]
    shots = study_chain.judge(raid, integrated)["engagements"]()
    found = co.windows_of(raid, integrated)
    assert found.kill.shape == (8, len(found.magazine))
    assert (found.stock >= 0).all()
    # Where rounds were fired, by somebody who saw less, a window along the same track must be.
    fired = co.fired_of(found, shots)
    reached = (found.kill > 0.0).any(axis=0)
    assert fired.sum() == sum(shots["rounds"])
    assert (fired[~reached] == 0).all()
    told = co.figures_of(raid, integrated, {"integrated": shots})
    assert set(told) == {co.READY, "integrated"}
    for columns in told.values():
        row = dict(zip(columns["metric"], columns["value"], strict=True))
        assert row["violated"] == 0.0
        assert row["national"] <= row["joint"] + co.GAP * row["threats"]
        assert row["joint"] <= row["reachable"] <= row["threats"] == 8.0
