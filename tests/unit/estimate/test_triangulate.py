"""Places from lines of sight."""

import numpy as np
import pytest

from hinomi.errors import HinomiError
from hinomi.estimate.triangulate import triangulate

PLACE = np.array([1e5, 2e5, 4e5])
SITES = np.array([[2e6, 0.0, 1e6], [0.0, -3e6, 5e5], [-1e6, 1e6, 2e6]])


def towards(place, sites):
    d = place - sites
    return d / np.linalg.norm(d, axis=1, keepdims=True)


@pytest.mark.parametrize("count", [2, 3])
def test_exact_lines_meet_in_their_place(count):
    fix = triangulate(SITES[:count], towards(PLACE, SITES[:count]), 5e-5)
    assert np.allclose(fix.r_m, PLACE, rtol=0, atol=1e-3)
    assert fix.misfit < 1e-6
    assert fix.freedom == 2 * count - 3
    assert fix.in_front


def test_scatter_equals_the_covariance_and_the_misfit_its_freedom():
    """400 runs: squared errors in units of the covariance average 3, the misfits 3 (K = 3)."""
    rng = np.random.default_rng(2)
    sigma = np.array([5e-5, 1e-4, 2e-5])
    exact = towards(PLACE, SITES)
    ratio, misfit = [], []
    for _ in range(400):
        noise = rng.normal(size=(3, 3)) * sigma[:, None]
        u = exact + noise - (noise * exact).sum(1, keepdims=True) * exact
        fix = triangulate(SITES, u / np.linalg.norm(u, axis=1, keepdims=True), sigma)
        e = fix.r_m - PLACE
        ratio.append(e @ np.linalg.solve(fix.cov_m2, e))
        misfit.append(fix.misfit)
    bound = 4.0 * np.sqrt(2.0 * 3.0 / 400.0)  # four sigma of a mean of chi-squares of 3
    assert np.mean(ratio) == pytest.approx(3.0, abs=bound)
    assert np.mean(misfit) == pytest.approx(3.0, abs=bound)


def test_a_place_behind_a_sensor_is_told():
    u = towards(PLACE, SITES[:2]) * np.array([[1.0], [-1.0]])
    assert not triangulate(SITES[:2], u, 5e-5).in_front


@pytest.mark.parametrize(
    ("sites", "los", "sigma", "says"),
    [
        (SITES[:1], towards(PLACE, SITES[:1]), 1e-5, "at least 2"),
        (SITES[:2], np.tile([1.0, 0.0, 0.0], (2, 1)), 1e-5, "cross at"),
        (SITES[:2], 2.0 * towards(PLACE, SITES[:2]), 1e-5, "unit vectors"),
        (SITES[:2], towards(PLACE, SITES[:2]), 0.0, "above 0"),
    ],
)
def test_lines_that_fix_no_place_are_refused(sites, los, sigma, says):
    with pytest.raises(HinomiError, match=says):
        triangulate(sites, los, sigma)
