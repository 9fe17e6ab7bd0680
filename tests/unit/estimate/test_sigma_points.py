"""Sigma-point steps against all twelve points written out with numpy, and positivity."""

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from hinomi.earth.gravity import acceleration_in_rotating_frame
from hinomi.estimate.cartesian import fall, fall_slopes, look, slopes
from hinomi.estimate.sigma_points import root_of, spread_falling, update_points

SITE = np.array([100.0, -200.0, 50.0])
AXES = np.linalg.qr(np.random.default_rng(8).normal(size=(3, 3)))[0]
VARIANCE = np.array([20.0, 1e-3, 2e-3]) ** 2


def some_covariance(rng):
    a = rng.normal(size=(6, 6)) * np.r_[np.full(3, 3e3), np.full(3, 100.0)][:, None]
    return a @ a.T


def measured(x):
    d = AXES @ (x[:3] - SITE)
    return np.array(
        [np.linalg.norm(d), np.arctan2(d[1], d[0]), np.arctan2(d[2], np.hypot(d[0], d[1]))]
    )


def points(x, p):
    root = np.sqrt(6.0) * np.linalg.cholesky(p)
    return np.concatenate([x + root.T, x - root.T])


def plain_update(x, p, z, centre, rows):
    """The rule as in the textbook: weights 1/12, a centre with weight in covariances only."""
    s = points(x, p)
    h = np.array([measured(a) for a in s])
    h0 = measured(x)
    off = h - h0
    off[:, 1] = (off[:, 1] + np.pi) % (2 * np.pi) - np.pi
    mean = off.mean(axis=0)
    dev = (off - mean)[:, rows]
    zero = -mean[rows]
    szz = dev.T @ dev / 12 + centre * np.outer(zero, zero) + np.diag(VARIANCE[rows])
    pxz = (s - x).T @ dev / 12
    nu = z - h0 - mean
    nu[1] = (nu[1] + np.pi) % (2 * np.pi) - np.pi
    nu = nu[rows]
    gain = pxz @ np.linalg.inv(szz)
    return x + gain @ nu, p - gain @ szz @ gain.T, nu @ np.linalg.inv(szz) @ nu


@pytest.mark.parametrize("centre", [0.0, 2.0])
@pytest.mark.parametrize("ranged", [True, False])
def test_an_update_equals_all_points_written_out(centre, ranged):
    rng = np.random.default_rng(3)
    for _ in range(20):
        x = np.r_[rng.normal(size=3) * 3e4, rng.normal(size=3) * 300.0]
        p = some_covariance(rng)
        z = measured(x) + np.array([200.0, 0.01, 0.01]) * rng.normal(size=3)
        rows = [0, 1, 2] if ranged else [1, 2]
        want = plain_update(x, p, z, centre, rows)
        if not ranged:
            z[0] = np.nan
        got, cov = x.copy(), p.copy()
        d2 = update_points(
            got, cov, z, VARIANCE, SITE, AXES, centre, np.full((6, 6), np.nan), np.empty((13, 6))
        )
        assert np.allclose(got, want[0], rtol=1e-9, atol=1e-6)
        assert np.allclose(cov, want[1], rtol=1e-7, atol=1e-9 * np.abs(p).max())
        assert d2 == pytest.approx(want[2], rel=1e-8)


@pytest.mark.parametrize("centre", [0.0, 2.0])
def test_a_prediction_equals_all_points_written_out(centre):
    rng = np.random.default_rng(5)
    x = np.r_[6.6e6, 3e5, 1e6, -500.0, 2000.0, 1000.0]
    p = some_covariance(rng)
    s = np.array([fall(*a, 1.0) for a in points(x, p)])
    mean = s.mean(axis=0)
    zero = np.array(fall(*x, 1.0)) - mean
    want = (s - mean).T @ (s - mean) / 12 + centre * np.outer(zero, zero)
    got, cov = x.copy(), p.copy()
    assert spread_falling(got, cov, 0.0, 1.0, centre, np.empty((6, 6)), np.empty((13, 6)))
    assert np.allclose(got, mean, rtol=1e-13)
    assert np.allclose(cov, want, rtol=1e-9, atol=1e-12 * np.abs(p).max())


def test_a_factor_squares_to_the_matrix_and_an_indefinite_one_is_refused():
    p = some_covariance(np.random.default_rng(1))
    lower = np.zeros((6, 6))
    assert root_of(p, lower)
    assert np.allclose(lower @ lower.T, p, rtol=1e-12)
    bad = p - 2.0 * np.linalg.eigvalsh(p)[0] * np.eye(6)
    assert not root_of(bad, lower)
    s = np.empty((13, 6))
    assert not spread_falling(np.ones(6), bad.copy(), 0.0, 1.0, 0.0, lower, s)
    z = np.array([1e4, 0.0, 0.0])
    assert np.isnan(update_points(np.ones(6), bad, z, VARIANCE, SITE, AXES, 0.0, lower, s))


def test_free_fall_follows_an_integrator_of_high_order():
    y = np.r_[6.6e6, 3e5, 1e6, -500.0, 2000.0, 1000.0]
    want = solve_ivp(
        lambda _, s: np.r_[s[3:], acceleration_in_rotating_frame(*s[:5])], (0.0, 600.0), y,
        method="DOP853", rtol=1e-12, atol=1e-6,
    ).y[:, -1]  # fmt: skip
    got = tuple(y)
    for _ in range(600):
        got = fall(*got, 1.0)
    assert np.allclose(got[:3], want[:3], rtol=0, atol=1e-3)
    assert np.allclose(got[3:], want[3:], rtol=0, atol=1e-5)


def test_slopes_of_look_angles_equal_differences():
    x = np.array([3e4, -2e4, 1e4])
    out = np.empty((3, 3))
    slopes(*look(*x, SITE, AXES)[3:], AXES, out)
    for i, e in enumerate(np.eye(3)):
        up, down = (np.array(look(*(x + s * e), SITE, AXES)[:3]) for s in (1.0, -1.0))
        assert np.allclose(out[:, i], (up - down) / 2.0, rtol=1e-6)


def test_slopes_of_free_fall_equal_differences():
    """To a thousandth of the gradient (flattening is left out) and the third power of the step."""
    near = np.full((6, 6), 1e-8)
    near[:3, 3:] = 6e-7  # gradient 2.6e-6 per s2, times 1 s to the third, by 6
    y = np.r_[6.6e6, 3e5, 1e6, -500.0, 2000.0, 1000.0]
    out = np.empty((6, 6))
    fall_slopes(*(y[:3] + 0.5 * y[3:]), 1.0, out)
    for i, size in enumerate(np.r_[np.full(3, 100.0), np.full(3, 1.0)]):
        e = np.zeros(6)
        e[i] = size
        want = (np.array(fall(*(y + e), 1.0)) - np.array(fall(*(y - e), 1.0))) / (2 * size)
        assert (np.abs(out[:, i] - want) < near[:, i]).all(), i
