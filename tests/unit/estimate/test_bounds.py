"""Cramer-Rao bounds where they are known in closed form."""

import numpy as np
import pytest

from hinomi.errors import HinomiError
from hinomi.estimate.bounds import cramer_rao, posterior_bound
from hinomi.estimate.linear import filter_linear

F = np.array([[1.0, 1.0], [0.0, 1.0]])
Q = np.array([[1 / 3, 1 / 2], [1 / 2, 1.0]])
INFORMATION = np.diag([0.25, 0.0])  # position to 2


def test_a_constant_is_known_to_the_mean_of_its_measurements():
    bound = posterior_bound(
        np.ones((50, 1, 1)), np.zeros((50, 1, 1)), np.full((50, 1, 1), 0.25), [[1e12]]
    )
    assert np.allclose(bound[:, 0, 0], 4.0 / np.arange(1, 51), rtol=1e-6)


def test_a_linear_problem_reaches_its_bound():
    """The covariance of the Kalman filter is the bound, also with samples of the truth."""
    cov = filter_linear(
        np.zeros((40, 1)), F=F, Q=Q, H=[[1.0, 0.0]], R=[[4.0]], mean=np.zeros(2), cov=np.eye(2)
    ).cov[0]
    one = posterior_bound(*(np.tile(a, (40, 1, 1)) for a in (F, Q, INFORMATION)), np.eye(2))
    many = posterior_bound(*(np.tile(a, (3, 40, 1, 1)) for a in (F, Q, INFORMATION)), np.eye(2))
    assert np.allclose(one, cov, rtol=1e-10)
    assert np.allclose(many, cov, rtol=1e-8)


def test_nothing_measured_only_spreads():
    truth = np.array([[0.0, 0.0, 1e4, 100.0, 0.0, 0.0]]) + np.zeros((11, 1))
    bound = cramer_rao(
        truth, t_s=np.arange(1.0, 11.0), start_s=0.0, site_m=np.zeros(3), sigma=[1e9, 1e3, 1e3],
        cov=np.eye(6), acceleration_psd_m2_s3=3.0,
    )  # fmt: skip
    t = np.arange(1.0, 11.0)
    assert np.allclose(bound[:, 0, 0], 1.0 + t**2 + t**3, rtol=1e-6)
    assert np.allclose(bound[:, 3, 3], 1.0 + 3.0 * t, rtol=1e-6)


def test_angles_alone_say_less_than_angles_and_range():
    truth = np.array([2e5, 1e5, 1e5, 0.0, 0.0, 0.0]) + np.zeros((21, 1))
    given = {
        "t_s": np.arange(1.0, 21.0), "start_s": 0.0, "site_m": np.zeros(3),
        "sigma": [20.0, 1e-3, 1e-3], "cov": np.diag([1e8] * 3 + [1e4] * 3),
        "acceleration_psd_m2_s3": 1.0,
    }  # fmt: skip
    with_range, without = (
        np.trace(cramer_rao(truth, ranged=r, **given)[:, :3, :3], axis1=1, axis2=2)
        for r in (True, False)
    )
    assert (with_range < without).all()
    assert with_range[-1] < 0.1 * without[-1]


def test_free_fall_and_straight_flight_differ_by_the_gradient_only():
    """After a minute the gradient of gravity changes the bound by a few parts in a thousand."""
    truth = np.array([6.6e6, 1e5, 0.0, 0.0, 0.0, 0.0]) + np.zeros((61, 1))
    given = {
        "t_s": np.arange(1.0, 61.0), "start_s": 0.0, "site_m": [6.378e6, 0.0, 0.0],
        "sigma": [20.0, 1e-3, 1e-3], "cov": np.diag([1e6] * 3 + [1e4] * 3),
        "acceleration_psd_m2_s3": 0.0,
    }  # fmt: skip
    falling, straight = (
        np.sqrt(np.trace(cramer_rao(truth, model=m, **given)[-1, :3, :3]))
        for m in ("free fall", "constant velocity")
    )
    assert falling == pytest.approx(straight, rel=0.02)
    assert falling != straight


def test_what_does_not_fit_is_refused():
    with pytest.raises(HinomiError, match="do not fit"):
        posterior_bound(np.ones((5, 2, 2)), np.ones((4, 2, 2)), np.ones((5, 2, 2)), np.eye(2))
    with pytest.raises(HinomiError, match="process noise"):
        posterior_bound(
            np.tile(F, (2, 5, 1, 1)), np.zeros((2, 5, 2, 2)), np.zeros((2, 5, 2, 2)), np.eye(2)
        )
    given = {"site_m": np.zeros(3), "sigma": np.ones(3), "cov": np.eye(6)}
    with pytest.raises(HinomiError, match="truth has shape"):
        cramer_rao(np.zeros((5, 6)), t_s=np.arange(5.0), acceleration_psd_m2_s3=1.0, **given)
