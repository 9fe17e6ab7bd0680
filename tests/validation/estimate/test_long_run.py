"""A week at one look a second: covariances stay positive definite and errors stay small.

The body is near-geosynchronous, so that one radar sees it all week. Without process noise the
covariance shrinks by orders of magnitude, which is where rounding would spoil it.
"""

import numpy as np
import pytest

from hinomi.earth.wgs84 import ecef_from_geodetic, local_axes
from hinomi.estimate.cartesian import fall
from hinomi.estimate.single import estimate_many

WEEK_S = 604_800
LAT, LON = np.radians([35.8, 135.2])
SITE = np.array(ecef_from_geodetic(LAT, LON, 100.0))
EAST, NORTH, UP = np.array(local_axes(LAT, LON)).reshape(3, 3)
AXES = np.array([NORTH, EAST, UP])
SIGMA = np.array([50.0, 2e-4, 2e-4])
START = np.r_[4.2164e7 * np.array([np.cos(np.radians(140.0)), np.sin(np.radians(140.0)), 0.0]), 0.0, 0.0, 150.0]  # fmt: skip


def look(states, rng):
    d = (states[:, :3] - SITE) @ AXES.T
    exact = np.stack(
        [np.linalg.norm(d, axis=1), np.arctan2(d[:, 1], d[:, 0]),
         np.arctan2(d[:, 2], np.hypot(d[:, 0], d[:, 1]))], axis=1,
    )  # fmt: skip
    assert exact[:, 2].min() > 0.3, "in sight all the time"
    return exact + SIGMA * rng.normal(size=exact.shape)


@pytest.fixture(scope="module")
def week():
    """Truth each second and its measurements."""
    out = np.empty((WEEK_S + 1, 6))
    out[0] = START
    y = tuple(START)
    for k in range(WEEK_S):
        y = fall(*y, 1.0)
        out[k + 1] = y
    return out, look(out[1:], np.random.default_rng(11))


def run(week, method, psd, seconds):
    truth, z = week
    mean = truth[0] + np.array([2e3, -3e3, 1e3, 2.0, -1.0, 3.0])
    found = estimate_many(
        z[:seconds], t_s=np.arange(1.0, seconds + 1.0), start_s=0.0, site_m=SITE, axes=AXES,
        sigma=SIGMA, mean=mean, cov=np.diag([5e3] * 3 + [5.0] * 3) ** 2, model="free fall",
        method=method, acceleration_psd_m2_s3=psd,
    )  # fmt: skip
    return found, found.mean[0] - truth[1 : seconds + 1]


@pytest.mark.parametrize("psd", [0.0, 1e-10])
@pytest.mark.parametrize(
    ("method", "seconds"), [("extended", WEEK_S), ("cubature", 86_400), ("unscented", 86_400)]
)
def test_a_week_leaves_every_covariance_positive_and_every_error_small(week, method, seconds, psd):
    """The sigma-point methods over their first day; Cholesky factors each ten minutes."""
    found, error = run(week, method, psd, seconds)
    sampled = found.cov[0, ::600]
    scale = np.sqrt(np.diagonal(sampled, axis1=1, axis2=2))
    np.linalg.cholesky(sampled / scale[:, :, None] / scale[:, None, :])  # raises where it is not
    assert np.array_equal(found.cov[0, -1], found.cov[0, -1].T)
    e, p = error[-1], found.cov[0, -1]
    assert e @ np.linalg.solve(p, e) < 40.0, "6 degrees of freedom: one in a million beyond 40"
    assert np.abs(error[-1, :3]).max() < 100.0
    assert np.isfinite(found.mean).all()
