"""Dependence between shots and errors of assessment: shares, means and signs."""

from __future__ import annotations

import numpy as np
import pytest

from hinomi.defend.chance import Chance, kill_as_met, raid_kill
from hinomi.study.seeds import AddressedDraws

RAIDS = 2000
PRODUCTS = {"a": "A", "a2": "A", "b": "B"}


@pytest.fixture
def chance(make):
    def made(number=0, **changes):
        return Chance(
            draws=AddressedDraws(3, number),
            settings=make.settings(**changes),
            owners=("Japan", "US"),
            products=PRODUCTS,
        )

    return made


def planned(given, body="x", battery=0, weapon="a", rounds=1, p=0.7):
    usual = 1.0 - (1.0 - p) ** rounds
    return given.of_salvo(body, battery, weapon, rounds=rounds, kill_one=p, planned=usual)


@pytest.mark.parametrize(("p", "spread"), [(0.7, 0.2), (0.3, 0.05), (0.9, 0.6)])
def test_the_kill_probability_of_raids_keeps_its_mean_and_has_the_stated_spread(p, spread):
    """Mean p, variance spread p (1 - p): the quantiles over a fine grid of u."""
    u = (np.arange(20_000) + 0.5) / 20_000
    q = np.array([raid_kill(p, spread=spread, u=float(x)) for x in u])
    assert q.mean() == pytest.approx(p, abs=2e-3)
    assert q.var() == pytest.approx(spread * p * (1.0 - p), rel=2e-2)
    assert (np.diff(q) >= 0.0).all()
    assert 0.0 <= q.min() <= q.max() <= 1.0


@pytest.mark.parametrize("p", [0.0, 1.0, 0.4])
def test_without_spread_or_doubt_nothing_changes(p):
    assert raid_kill(p, spread=0.0, u=0.1) == p
    if p in (0.0, 1.0):
        assert raid_kill(p, spread=0.5, u=0.1) == p


def test_defaults_leave_every_salvo_as_planned(chance):
    given = chance()
    for rounds in (1, 2, 3):
        assert planned(given, rounds=rounds) == 1.0 - (1.0 - 0.7) ** rounds
    assert given.judged("x|one", 0, killed=True)
    assert not given.judged("x|one", 0, killed=False)


def test_a_spread_makes_two_shots_of_a_product_alike_and_a_salvo_worth_less(chance):
    """One round keeps its mean; two rounds of one raid are correlated, so two kill less often."""
    raids = [chance(n, kill_spread=0.3) for n in range(RAIDS)]
    one = np.array([planned(r) for r in raids])
    two = np.array([planned(r, rounds=2) for r in raids])
    assert one.mean() == pytest.approx(0.7, abs=4 * one.std() / np.sqrt(RAIDS))
    lost = 0.3 * 0.7 * 0.3  # 1 - E(1 - q)^2 = 1 - (1 - p)^2 - spread p (1 - p)
    assert two.mean() == pytest.approx(0.91 - lost, abs=4 * two.std() / np.sqrt(RAIDS))
    assert [planned(r, weapon="a2", battery=1) for r in raids[:9]] == one[:9].tolist()
    assert [planned(r, weapon="b") for r in raids[:9]] != one[:9].tolist()


def test_the_penalty_of_a_poorly_held_track_stays_a_factor(chance):
    given = chance(4, kill_spread=0.2)
    whole = given.of_salvo("x", 0, "a", rounds=2, kill_one=0.7, planned=0.91)
    half = given.of_salvo("x", 0, "a", rounds=2, kill_one=0.7, planned=0.455)
    assert half == pytest.approx(0.5 * whole)


def test_a_threat_without_track_is_lost_to_every_salvo_and_no_other_threat_with_it(chance):
    lost = [[planned(chance(n, p_track_each=0.8), body=b) == 0.0 for b in "xy"] for n in range(500)]
    again = [planned(chance(n, p_track_each=0.8), battery=1, weapon="b") == 0.0 for n in range(500)]
    assert [a for a, _ in lost] == again
    share = np.mean(lost)
    assert share == pytest.approx(0.2, abs=4 * np.sqrt(0.16 / 1000))
    both = np.mean([a and b for a, b in lost])
    assert both == pytest.approx(0.04, abs=4 * np.sqrt(0.04 * 0.96 / 500))


def test_a_failed_system_takes_every_round_of_an_owners_product_in_that_raid(chance):
    raids = [chance(n, p_system_raid=0.7) for n in range(500)]
    one = [planned(r) == 0.0 for r in raids]
    assert one == [planned(r, body="y", weapon="a2") == 0.0 for r in raids]
    assert np.mean(one) == pytest.approx(0.3, abs=4 * np.sqrt(0.21 / 500))
    for other in ({"battery": 1}, {"weapon": "b"}):
        assert one != [planned(r, **other) == 0.0 for r in raids]


def test_results_are_judged_wrongly_as_often_as_stated(chance):
    given = [chance(n, kill_seen_as_miss=0.2, miss_seen_as_kill=0.1) for n in range(RAIDS)]
    missed = np.mean([not g.judged("x|one", 0, killed=True) for g in given])
    taken = np.mean([g.judged("x|one", 0, killed=False) for g in given])
    assert missed == pytest.approx(0.2, abs=4 * np.sqrt(0.16 / RAIDS))
    assert taken == pytest.approx(0.1, abs=4 * np.sqrt(0.09 / RAIDS))
    # Each salvo is judged anew.
    first, second = ([g.judged("x|one", k, killed=True) for g in given[:200]] for k in (0, 1))
    assert first != second


def test_a_salvo_is_worth_what_it_meets():
    """Three rounds of 0.5 planned at a body that is worth 0.2 a round: 1 - 0.8^3, halved by support."""
    whole = kill_as_met(1 - 0.5**3, rounds=3, kill_one=0.5, kill_met=0.2)
    assert whole == pytest.approx(1 - 0.8**3)
    half = kill_as_met(0.5 * (1 - 0.5**3), rounds=3, kill_one=0.5, kill_met=0.2)
    assert half == pytest.approx(0.5 * (1 - 0.8**3))
    assert kill_as_met(0.75, rounds=2, kill_one=0.5, kill_met=0.0) == 0.0
    assert kill_as_met(0.0, rounds=2, kill_one=0.0, kill_met=0.4) == 0.0
