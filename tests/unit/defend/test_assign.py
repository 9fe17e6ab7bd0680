"""Static assignment: optimal against brute force; greedy where it is optimal and where not."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from hinomi.defend.assign import best_assignment, greedy_assignment, value_of


def brute_force(kill, worth, stock):
    """Greatest value over every way to fire every round of every magazine."""
    threats = kill.shape[0]
    ways = [
        [w for w in itertools.product(range(n + 1), repeat=threats) if sum(w) == n]
        for n in stock.tolist()
    ]
    return max(value_of(np.array(rounds).T, kill, worth) for rounds in itertools.product(*ways))


def test_the_optimum_of_four_threats_and_three_magazines_is_the_brute_force_one():
    random = np.random.default_rng(20)
    for _ in range(5):
        kill = np.where(random.random((4, 3)) < 0.2, 0.0, random.uniform(0.2, 0.9, (4, 3)))
        worth = random.uniform(0.5, 2.0, 4)
        stock = random.integers(1, 4, 3)
        found = best_assignment(kill, worth, stock)
        truth = brute_force(kill, worth, stock)
        assert found.value == pytest.approx(truth, abs=1e-7)
        assert found.bound >= truth - 1e-9
        assert found.bound - found.value < 1e-6
        assert (found.rounds.sum(axis=0) <= stock).all()
        assert (found.rounds[kill == 0.0] == 0).all()


def test_greedy_is_not_optimal_when_weapons_differ():
    """p = .5 .5 .4 .6 .4 on two equal threats: the greedy choice saves 1.61, the best 1.62."""
    kill = np.tile(np.array([0.5, 0.5, 0.4, 0.6, 0.4]), (2, 1))
    worth, stock = np.ones(2), np.ones(5, dtype=np.int32)
    greedy, best = greedy_assignment(kill, worth, stock), best_assignment(kill, worth, stock)
    assert greedy.value == pytest.approx(1.61, abs=5e-3)
    assert best.value == pytest.approx(1.62, abs=5e-3)
    assert best.value > greedy.value + 1e-3
    assert best.value == pytest.approx(brute_force(kill, worth, stock), abs=1e-9)


def test_greedy_is_optimal_for_identical_weapons():
    """p depends on the threat only and shots are limited only in total (den Broeder 1959)."""
    random = np.random.default_rng(4)
    for _ in range(6):
        kill = np.tile(random.uniform(0.2, 0.9, (5, 1)), (1, 2))
        worth, stock = random.uniform(0.5, 3.0, 5), np.array([4, 3])
        greedy = greedy_assignment(kill, worth, stock)
        assert greedy.value == pytest.approx(best_assignment(kill, worth, stock).value, abs=1e-7)


def test_nothing_feasible_is_worth_nothing():
    found = best_assignment(np.zeros((2, 2)), np.ones(2), np.array([3, 3]))
    assert found.value == 0.0
    assert found.rounds.sum() == 0
