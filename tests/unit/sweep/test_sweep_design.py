"""Designs: all combinations, one setting in each part, one key at a step, Sobol's matrices."""

import importlib.util

import numpy as np
import pytest

from hinomi.errors import ScenarioError
from hinomi.sweep.axis import Axis
from hinomi.sweep.design import MOST_POINTS, design_of

A = Axis(key="engagement.assess_s", low=0.0, high=10.5)
B = Axis(key="warning.decide_s", low=-1.5, high=1.0)
C = Axis(key="architectures[x].share_track", values=(True, False))


def test_a_grid_holds_every_combination_once_and_the_last_key_moves_fastest():
    ones = Axis(key="a", values=(1.0, 2.0))
    found = design_of("grid", [ones, C], points=None, seed=1)
    assert found.settings == ((1.0, True), (1.0, False), (2.0, True), (2.0, False))
    assert [dict(p.changes) for p in found.points()][2] == {"a": 2.0, C.key: True}
    assert len({p.name for p in found.points()}) == 4


def test_a_latin_hypercube_uses_every_part_of_every_range_once():
    found = design_of("lhs", [A, B, C], points=20, seed=3)
    for k in range(3):
        assert sorted(np.floor(found.shares[:, k] * 20).astype(int)) == list(range(20))
    assert all(A.low <= s[0] <= A.high and B.low <= s[1] <= B.high for s in found.settings)
    assert sum(s[2] for s in found.settings) == 10
    assert found.settings == design_of("lhs", [A, B, C], points=20, seed=3).settings
    assert found.settings != design_of("lhs", [A, B, C], points=20, seed=4).settings


def test_a_morris_trajectory_moves_one_key_at_a_step_and_each_key_once():
    found = design_of("morris", [A, B, C], points=24, seed=1)
    assert found.size == 6
    steps = np.diff(found.shares.reshape(6, 4, 3), axis=1) != 0.0
    assert (steps.sum(axis=2) == 1).all()
    assert (steps.sum(axis=1) == 1).all()


def test_sobols_rows_differ_from_the_first_matrix_in_one_key():
    found = design_of("sobol", [A, B, C], points=45, seed=1)
    assert found.size == 8
    blocks = found.shares.reshape(8, 5, 3)
    for k in range(3):
        others = [j for j in range(3) if j != k]
        np.testing.assert_array_equal(blocks[:, 1 + k, others], blocks[:, 0, others])
        np.testing.assert_array_equal(blocks[:, 1 + k, k], blocks[:, 4, k])


def test_without_salib_grid_and_lhs_work_and_the_others_say_what_to_install(monkeypatch):
    whole = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name: None if name == "SALib" else whole(name)
    )
    assert len(design_of("lhs", [A], points=3, seed=1).settings) == 3
    for name in ("morris", "sobol"):
        with pytest.raises(ScenarioError, match=r"hinomi\[sensitivity\]"):
            design_of(name, [A], points=None, seed=1)


@pytest.mark.parametrize(
    ("name", "axes", "points", "words"),
    [
        ("box", [A], None, "one of grid, lhs"),
        ("lhs", [A], 1, "2..10000"),
        ("lhs", [A], 2.5, r"--points is 2\.5; it must be a whole number"),
        ("lhs", [A], MOST_POINTS + 1, "2..10000"),
        ("grid", [C], 4, "a grid has all combinations"),
        ("grid", [Axis(key=k, values=tuple(range(30))) for k in "abc"], None, "27000 settings"),
    ],
)
def test_designs_out_of_bounds_are_refused_with_the_way_out(name, axes, points, words):
    with pytest.raises(ScenarioError, match=words):
        design_of(name, axes, points=points, seed=1)
