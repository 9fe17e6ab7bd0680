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


def test_thirty_threats_and_ten_magazines_are_solved_with_proof():
    """Random and by class: feasible, no worse than greedy, and value and bound meet."""
    random = np.random.default_rng(6)
    reached = random.random((30, 10)) < 0.5
    stock = random.integers(2, 9, 10)
    by_class = np.tile(random.choice([0.3, 0.6, 0.7], 10), (30, 1))
    for chance in (random.uniform(0.3, 0.9, (30, 10)), by_class):
        kill, worth = np.where(reached, chance, 0.0), np.ones(30)
        found = best_assignment(kill, worth, stock)
        assert (found.rounds.sum(axis=0) <= stock).all()
        assert (found.rounds[kill == 0.0] == 0).all()
        assert found.value == pytest.approx(value_of(found.rounds, kill, worth))
        assert found.value >= greedy_assignment(kill, worth, stock).value - 1e-9
        assert 0.0 <= found.bound - found.value <= 30 * 1e-9


@pytest.mark.parametrize("stock", [[0, 0, 0], [400, 1, 300]])
def test_no_rounds_and_rounds_in_plenty_are_solved_too(stock):
    kill = np.array([[0.5, 0.9, 1.0], [0.3, 0.0, 0.2], [0.3, 0.0, 0.2]])
    worth = np.array([1.0, 2.0, 2.0])
    found = best_assignment(kill, worth, np.array(stock))
    assert found.value == pytest.approx(5.0 if sum(stock) else 0.0, abs=1e-6)
    assert found.bound - found.value <= 5e-9


def test_the_optimum_with_many_alike_threats_is_the_brute_force_one():
    """Equal threats are counted once inside: the deal among them is feasible and the value right."""
    random = np.random.default_rng(3)
    for _ in range(4):
        kill = np.repeat(random.uniform(0.2, 0.9, (2, 2)), [3, 2], axis=0)
        worth = np.repeat(random.uniform(0.5, 2.0, 2), [3, 2])
        stock = random.integers(1, 4, 2)
        found = best_assignment(kill, worth, stock)
        assert (found.rounds.sum(axis=0) <= stock).all()
        assert found.value == pytest.approx(brute_force(kill, worth, stock), abs=1e-7)
