"""The split obeys Shapley's axioms, and gives the published values of textbook games."""

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hinomi.integration.flags import coalitions
from hinomi.integration.shapley import interactions, marginals, shapley

PLAYERS = ("a", "b", "c", "d")
NUMBERS = st.floats(-1e3, 1e3, allow_nan=False)


@st.composite
def games(draw, players=PLAYERS, replicates=3):
    """Any worth at all: one number for each coalition and replicate."""
    return {
        c: np.array(draw(st.lists(NUMBERS, min_size=replicates, max_size=replicates)))
        for c in coalitions(players)
    }


@settings(derandomize=True, max_examples=30, deadline=None)
@given(games())
def test_shares_sum_to_the_whole_change(worth):
    total = worth[frozenset(PLAYERS)] - worth[frozenset()]
    np.testing.assert_allclose(sum(shapley(worth, PLAYERS).values()), total, atol=1e-9)


@settings(derandomize=True, max_examples=20, deadline=None)
@given(games())
def test_a_share_is_the_mean_over_all_orders_of_arrival(worth):
    """Shapley's own definition, counted out."""
    sums = dict.fromkeys(PLAYERS, 0.0)
    for order in permutations(PLAYERS):
        there = frozenset()
        for p in order:
            sums[p] = sums[p] + worth[there | {p}] - worth[there]
            there |= {p}
    for p, value in shapley(worth, PLAYERS).items():
        np.testing.assert_allclose(value, sums[p] / 24.0, atol=1e-9)


@settings(derandomize=True, max_examples=20, deadline=None)
@given(games())
def test_who_never_changes_anything_gets_nothing(worth):
    idle = {c: worth[c - {"d"}] for c in worth}
    assert np.abs(shapley(idle, PLAYERS)["d"]).max() <= 1e-9
    alone, last = marginals(idle, PLAYERS)["d"]
    assert not alone.any()
    assert not last.any()
    pairs = interactions(idle, PLAYERS)
    assert max(np.abs(pairs[k]).max() for k in pairs if "d" in k) <= 1e-9


@settings(derandomize=True, max_examples=20, deadline=None)
@given(games())
def test_two_who_can_stand_in_for_each_other_get_the_same(worth):
    def swapped(c):
        return frozenset({"a": "b", "b": "a"}.get(p, p) for p in c)

    even = {c: (worth[c] + worth[swapped(c)]) / 2.0 for c in worth}
    found = shapley(even, PLAYERS)
    np.testing.assert_allclose(found["a"], found["b"], atol=1e-9)


@settings(derandomize=True, max_examples=20, deadline=None)
@given(games(), games())
def test_the_split_of_a_sum_is_the_sum_of_the_splits(one, other):
    both = shapley({c: one[c] + other[c] for c in one}, PLAYERS)
    first, second = shapley(one, PLAYERS), shapley(other, PLAYERS)
    for p in PLAYERS:
        np.testing.assert_allclose(both[p], first[p] + second[p], atol=1e-8)


def game(players, worth):
    return {c: np.array([float(worth(c))]) for c in coalitions(players)}


def test_glove_game():
    """One left glove, two right ones: 2/3, 1/6, 1/6 (Shapley and Shubik's market of gloves)."""
    found = shapley(game("LRS", lambda c: "L" in c and len(c) > 1), "LRS")
    assert [found[p][0] for p in "LRS"] == pytest.approx([2 / 3, 1 / 6, 1 / 6])


def test_airport_game():
    """Runways of cost 1, 3, 6 are shared 1/3, 1/3 + 1, 1/3 + 1 + 3 (Littlechild and Owen 1973)."""
    cost = {"s": 1, "m": 3, "l": 6}
    found = shapley(game("sml", lambda c: max((cost[p] for p in c), default=0)), "sml")
    assert [found[p][0] for p in "sml"] == pytest.approx([1 / 3, 4 / 3, 13 / 3])


def test_unanimity_game_is_shared_evenly_and_its_parts_need_each_other():
    found = game("abc", lambda c: {"a", "b"} <= c)
    shares = shapley(found, "abc")
    assert [shares[p][0] for p in "abc"] == pytest.approx([0.5, 0.5, 0.0])
    pairs = interactions(found, "abc")
    assert pairs["a", "b"][0] == pytest.approx(1.0)
    assert pairs["a", "c"][0] == pytest.approx(0.0)


def test_parts_that_only_add_up_have_no_interaction_and_their_own_worth():
    worth = {"a": 2.0, "b": -1.0, "c": 0.5}
    found = game("abc", lambda c: sum(worth[p] for p in c))
    assert {p: v[0] for p, v in shapley(found, "abc").items()} == pytest.approx(worth)
    assert all(abs(v[0]) < 1e-12 for v in interactions(found, "abc").values())


def test_parts_that_replace_each_other_have_a_negative_interaction():
    pairs = interactions(game("ab", lambda c: len(c) > 0), "ab")
    assert pairs["a", "b"][0] == pytest.approx(-1.0)
