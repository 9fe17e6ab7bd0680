"""A footprint in numbers: sums over cells whose intervals stay where a sum can lie."""

import numpy as np
import pytest

from hinomi.footprint.answer import _interval


def test_no_interval_ends_below_no_cell_or_above_all_cells():
    """Two launches that differ as much as can be have a t interval far outside both ends."""
    found = _interval(np.array([10.0, 30.0]), np.array([[0.0, 0.0], [1.0, 1.0]]))
    assert (found["value"], found["low"], found["high"]) == (20.0, 0.0, 40.0)


def test_an_interval_inside_both_ends_is_students():
    inside = np.array([[1.0, 0.0], [1.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    found = _interval(np.array([100.0, 1.0]), inside)
    # values 100 and 101, twice each: standard error 0.57735 / 2, t = 3.18245
    assert (found["low"], found["high"]) == pytest.approx((99.6, 101.0), abs=0.05)
