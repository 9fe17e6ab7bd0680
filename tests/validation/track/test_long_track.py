"""A week of the multiple-model filter at one look a second: no covariance loses its sign."""

import numpy as np
import pytest
from numba import njit

from hinomi.earth.wgs84 import ecef_from_geodetic
from hinomi.records.tracks import ESTIMATORS
from hinomi.track.filter import absorb, advance, make_work, seed_modes
from hinomi.track.gate import across
from hinomi.track.intersect import invert
from hinomi.track.modes import combine

WEEK_S = 604_800
SITE = np.array(ecef_from_geodetic(np.radians(35.8), np.radians(135.2), 100.0))
PLACE = 4.2164e7 * np.array([np.cos(np.radians(140.0)), np.sin(np.radians(140.0)), 0.0])


@njit
def follow_still(x, p, mu, cx, cp, axes, site, los, range_m, variance, noise, steps, work, inverse):
    """Follow a body that stands still over the Earth; returns the first step that fails, or -1."""
    for k in range(steps):
        advance(x, p, mu, cx, cp, 1.0, work)
        r = range_m + 20.0 * noise[(7 * k) % len(noise)]
        absorb(x, p, mu, axes, site, los, r, variance, work)
        combine(work.model.kinds, x, p, mu, cx, cp)
        if not invert(cp[:6, :6], inverse):
            return k
        for j in range(len(mu)):
            if not invert(p[j, :6, :6], inverse):
                return k
    return -1


@pytest.mark.parametrize(("estimator", "steps"), [(ESTIMATORS[0], WEEK_S), (ESTIMATORS[1], 43_200)])
def test_a_week_of_steps_leaves_every_covariance_positive(estimator, steps):
    """The second estimator, several times slower, over half a day."""
    work = make_work(estimator=estimator)
    x, p, mu = np.empty((4, 9)), np.empty((4, 9, 9)), np.empty(4)
    cx, cp = np.zeros(9), np.zeros((9, 9))
    cx[:3] = PLACE + np.array([2e3, -1e3, 3e3])
    cp[:6, :6] = np.diag([1e7] * 3 + [1e4] * 3)
    seed_modes(x, p, mu, cx, cp, 0, 3e7, work)
    d = PLACE - SITE
    range_m = np.linalg.norm(d)
    axes = np.empty((2, 3))
    across(d / range_m, axes)
    noise = np.random.default_rng(1).normal(size=10_007)
    variance = ((5e-5 * range_m) ** 2, 400.0)
    inverse = np.empty((6, 6))
    given = (axes, SITE, d / range_m, range_m, variance, noise)
    assert follow_still(x, p, mu, cx, cp, *given, steps, work, inverse) == -1
    assert np.linalg.norm(cx[:3] - PLACE) < 200.0
    assert mu.sum() == pytest.approx(1.0)
