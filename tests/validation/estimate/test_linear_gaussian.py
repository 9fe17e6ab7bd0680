"""The linear filters against closed forms, Stone Soup and FilterPy on the same data."""

import datetime as dt

import numpy as np
import pytest
from scipy.linalg import solve_discrete_are

from hinomi.estimate.linear import filter_linear, interact_linear

F = np.array([[1.0, 1.0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 1], [0, 0, 0, 1]])
Q = 0.2 * np.kron(np.eye(2), [[1 / 3, 1 / 2], [1 / 2, 1.0]])
H = np.array([[1.0, 0, 0, 0], [0, 0, 1, 0]])
R = np.array([[4.0, 1.0], [1.0, 2.0]])
MEAN, COV = np.array([1.0, 0.5, -2.0, -0.5]), np.diag([100.0, 10.0, 100.0, 10.0])


@pytest.fixture(scope="module")
def z():
    rng = np.random.default_rng(12)
    x, rows = np.array([3.0, 1.0, -5.0, 2.0]), []
    for _ in range(120):
        x = F @ x + np.linalg.cholesky(Q + 1e-12 * np.eye(4)) @ rng.normal(size=4)
        rows.append(H @ x + np.linalg.cholesky(R) @ rng.normal(size=2))
    return np.array(rows)


def test_a_straight_line_equals_the_closed_form_of_least_squares(z):
    """Without process noise the filter is the regression of all data at once."""
    found = filter_linear(z, F=F, Q=np.zeros((4, 4)), H=H, R=R, mean=MEAN, cov=COV)
    power = np.eye(4)
    information, vector = np.linalg.inv(COV), np.linalg.solve(COV, MEAN)
    weight = np.linalg.inv(R)
    for row in z:
        power = F @ power
        information = information + (H @ power).T @ weight @ H @ power
        vector = vector + (H @ power).T @ weight @ row
    want = power @ np.linalg.solve(information, vector)
    assert np.allclose(found.mean[0, -1], want, rtol=1e-10, atol=1e-10)
    assert np.allclose(found.cov[0, -1], power @ np.linalg.solve(information, power.T), rtol=1e-9)


def test_the_steady_state_solves_the_riccati_equation(z):
    found = filter_linear(z, F=F, Q=Q, H=H, R=R, mean=MEAN, cov=COV)
    ahead = solve_discrete_are(F.T, H.T, Q, R)
    after = ahead - ahead @ H.T @ np.linalg.solve(H @ ahead @ H.T + R, H @ ahead)
    assert np.allclose(found.cov[0, -1], after, rtol=1e-10, atol=1e-10)


def test_the_steady_gain_on_one_axis_is_kalatas():
    """Alpha-beta filter of white acceleration held for a step: Kalata, IEEE T-AES 20 (1984).

    Tracking index 1: alpha 0.75, beta 0.5.
    """
    f, g = np.array([[1.0, 1.0], [0.0, 1.0]]), np.array([[0.5], [1.0]])
    found = filter_linear(
        np.zeros((200, 1)), F=f, Q=g @ g.T, H=[[1.0, 0.0]], R=[[1.0]], mean=np.zeros(2),
        cov=np.eye(2),
    )  # fmt: skip
    # After an update the covariance is alpha and beta times the variance of the measurement.
    assert np.allclose(found.cov[0, -1, 0], [0.75, 0.5], rtol=0, atol=1e-10)


def test_errors_are_as_large_as_told():
    """Squared errors in units of the covariance of 2,000 sequences: mean 4 within four sigma."""
    rng = np.random.default_rng(3)
    runs, root = 2000, np.linalg.cholesky(Q + 1e-12 * np.eye(4))
    x = MEAN + rng.normal(size=(runs, 4)) @ np.sqrt(COV)
    rows = []
    for _ in range(30):
        x = x @ F.T + rng.normal(size=(runs, 4)) @ root.T
        rows.append(x @ H.T + rng.normal(size=(runs, 2)) @ np.linalg.cholesky(R).T)
    found = filter_linear(np.stack(rows, axis=1), F=F, Q=Q, H=H, R=R, mean=MEAN, cov=COV)
    e = found.mean[:, -1] - x
    ratio = np.einsum("ri,rij,rj->r", e, np.linalg.inv(found.cov[:, -1]), e)
    assert ratio.mean() == pytest.approx(4.0, abs=4.0 * np.sqrt(8.0 / runs))
    assert found.innovation2.mean() == pytest.approx(2.0, abs=4.0 * np.sqrt(4.0 / (30 * runs)))


def test_many_steps_equal_stone_soup(z):
    pytest.importorskip("stonesoup")
    from stonesoup.models.measurement.linear import LinearGaussian
    from stonesoup.models.transition.linear import LinearGaussianTimeInvariantTransitionModel
    from stonesoup.predictor.kalman import KalmanPredictor
    from stonesoup.types.detection import Detection
    from stonesoup.types.hypothesis import SingleHypothesis
    from stonesoup.types.state import GaussianState
    from stonesoup.updater.kalman import KalmanUpdater

    model = LinearGaussianTimeInvariantTransitionModel(transition_matrix=F, covariance_matrix=Q)
    seen = LinearGaussian(ndim_state=4, mapping=(0, 2), noise_covar=R)
    predictor, updater = KalmanPredictor(model), KalmanUpdater(seen, use_joseph_cov=True)
    begin = dt.datetime(2025, 1, 1)  # noqa: DTZ001 - a label of steps
    state = GaussianState(MEAN[:, None], COV, begin)
    found = filter_linear(z, F=F, Q=Q, H=H, R=R, mean=MEAN, cov=COV)
    for k, row in enumerate(z):
        at = begin + dt.timedelta(seconds=k + 1)
        ahead = predictor.predict(state, timestamp=at)
        state = updater.update(
            SingleHypothesis(ahead, Detection(row[:, None], at, measurement_model=seen))
        )
        assert np.allclose(found.mean[0, k], np.ravel(state.mean), rtol=1e-10, atol=1e-10)
        assert np.allclose(found.cov[0, k], state.covar, rtol=1e-10, atol=1e-10)


def test_interacting_models_equal_filterpy(z):
    kalman = pytest.importorskip("filterpy.kalman")
    fs, qs = [F, F, F], [Q, 0.01 * Q, 25.0 * Q]
    change = np.array([[0.90, 0.08, 0.02], [0.10, 0.85, 0.05], [0.20, 0.20, 0.60]])
    weight = np.array([0.6, 0.3, 0.1])
    filters = []
    for f, q in zip(fs, qs, strict=True):
        one = kalman.KalmanFilter(4, 2)
        one.x, one.P, one.F, one.Q, one.H, one.R = MEAN.copy(), COV.copy(), f, q, H, R
        filters.append(one)
    peer = kalman.IMMEstimator(filters, weight, change)
    found = interact_linear(
        z, F=fs, Q=qs, H=H, R=R, transition=change, weight=weight, mean=MEAN, cov=COV
    )
    for k, row in enumerate(z):
        peer.predict()
        peer.update(row)
        assert np.allclose(found.mean[0, k], peer.x, rtol=1e-9, atol=1e-9)
        assert np.allclose(found.cov[0, k], peer.P, rtol=1e-9, atol=1e-9)
        assert np.allclose(found.weight[0, k], peer.mu, rtol=1e-9, atol=1e-9)
