"""Chi-square bounds, shares inside a region, innovations."""

from types import SimpleNamespace

import numpy as np
import pytest

from hinomi.errors import HinomiError
from hinomi.score.attribution import nees
from hinomi.score.consistency import chi_square_bounds, innovations, inside


def test_bounds_of_fifty_runs_of_six_numbers_are_the_tabulated_ones():
    """chi-square of 300 degrees of freedom: 253.91 and 349.87, over 50."""
    assert chi_square_bounds(runs=50, size=6) == pytest.approx((5.0783, 6.9975), abs=1e-3)


def test_bounds_close_in_on_the_size_as_runs_grow():
    few, many = (chi_square_bounds(runs=n, size=6) for n in (10, 10_000))
    assert few[0] < many[0] < 6.0 < many[1] < few[1]
    assert many[1] - many[0] < 0.15


@pytest.mark.parametrize(("runs", "size", "confidence"), [(0, 6, 0.95), (5, 0, 0.95), (5, 6, 1.0)])
def test_bounds_of_nothing_are_refused(runs, size, confidence):
    with pytest.raises(HinomiError, match="at least 1"):
        chi_square_bounds(runs=runs, size=size, confidence=confidence)


def test_honest_errors_lie_inside_as_often_as_claimed():
    """Drawn from their own covariance: mean 6 within its bounds, 95 % inside."""
    rng = np.random.default_rng(3)
    a = rng.normal(size=(2000, 6, 6))
    cov = a @ a.transpose(0, 2, 1) + np.eye(6)
    error = np.einsum("kij,kj->ki", np.linalg.cholesky(cov), rng.normal(size=(2000, 6)))
    found = nees(error, cov, np.zeros((2000, 6)))
    assert np.allclose(found, np.einsum("ki,kij,kj->k", error, np.linalg.inv(cov), error))
    low, high = chi_square_bounds(runs=2000, size=6, confidence=0.999)
    assert low < found.mean() < high
    assert inside(found, size=6).mean() == pytest.approx(0.95, abs=0.02)


def test_a_covariance_that_is_none_gives_no_number():
    bad = np.diag([1.0, -1.0])[None]
    assert np.isnan(nees(np.ones((1, 2)), bad, np.zeros((1, 2)))[0])
    assert np.isnan(inside(np.array([np.nan]), size=2)[0])


def test_the_arguments_of_nees_are_left_as_they_were():
    cov = np.eye(2)[None].copy()
    nees(np.ones((1, 2)), cov, np.zeros((1, 2)))
    assert np.array_equal(cov[0], np.eye(2))


def test_innovations_are_averaged_over_their_dimensions():
    tracks = SimpleNamespace(
        innovation2=np.array([2.0, np.nan, 4.0, 9.0]), innovation_size=np.array([2, 0, 3, 4])
    )
    assert innovations(tracks) == (pytest.approx(15.0 / 9.0), 9)
    assert innovations(tracks, np.array([0, 1])) == (pytest.approx(1.0), 2)
    value, count = innovations(tracks, np.array([1]))
    assert (np.isnan(value), count) == (True, 0)
