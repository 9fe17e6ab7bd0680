"""Single-model filters beside Stone Soup's on the same data, constant velocity, step by step."""

import datetime as dt

import numpy as np
import pytest

pytest.importorskip("stonesoup")

from stonesoup.models.measurement.nonlinear import (
    CartesianToElevationBearing,
    CartesianToElevationBearingRange,
)
from stonesoup.models.transition.linear import LinearGaussianTimeInvariantTransitionModel
from stonesoup.predictor import kalman as predictors
from stonesoup.types.angle import Bearing, Elevation
from stonesoup.types.array import StateVector
from stonesoup.types.detection import Detection
from stonesoup.types.hypothesis import SingleHypothesis
from stonesoup.types.state import GaussianState
from stonesoup.updater import kalman as updaters

from hinomi.estimate.single import estimate_many

SIGMA = np.array([20.0, 1e-3, 2e-3])
PSD, STEPS = 4.0, 60
# Before the site: Stone Soup takes derivatives with a step lost in rounding where a coordinate is
# negative, and its cubature does not know that azimuth is a circle. Behind it: pi to -pi.
STARTS = {
    "before": np.array([6e4, 4e4, 1.5e4, -400.0, -300.0, 20.0]),
    "behind": np.array([-3e4, 8e3, 1.5e4, 100.0, -300.0, 20.0]),
}
COV = np.diag([300.0] * 3 + [40.0] * 3) ** 2
BEGIN = dt.datetime(2025, 1, 1)  # noqa: DTZ001 - a label of steps
PEERS = {
    "extended": ("ExtendedKalman", {}),
    "unscented": ("UnscentedKalman", {"alpha": 1.0, "beta": 2.0, "kappa": 0.0}),
    "cubature": ("CubatureKalman", {}),
}


def scene(where, ranged):
    rng, start = np.random.default_rng(21), STARTS[where]
    truth = start[:3] + np.arange(1, STEPS + 1)[:, None] * start[3:]
    level = np.hypot(truth[:, 0], truth[:, 1])
    z = np.stack(
        [np.linalg.norm(truth, axis=1), np.arctan2(truth[:, 1], truth[:, 0]),
         np.arctan2(truth[:, 2], level)], axis=1,
    ) + SIGMA * rng.normal(size=(STEPS, 3))  # fmt: skip
    if not ranged:
        z[:, 0] = np.nan
    return start + np.sqrt(np.diag(COV)) * rng.normal(size=6), z


def peer(method, mean, z, ranged):
    name, options = PEERS[method]
    one, zero = np.eye(3), np.zeros((3, 3))
    motion = LinearGaussianTimeInvariantTransitionModel(
        transition_matrix=np.block([[one, one], [zero, one]]),
        covariance_matrix=PSD * np.block([[one / 3, one / 2], [one / 2, one]]),
    )
    if ranged:
        seen = CartesianToElevationBearingRange(
            ndim_state=6, mapping=(0, 1, 2), noise_covar=np.diag(SIGMA[[2, 1, 0]] ** 2)
        )
    else:
        seen = CartesianToElevationBearing(
            ndim_state=6, mapping=(0, 1, 2), noise_covar=np.diag(SIGMA[[2, 1]] ** 2)
        )
    predictor = getattr(predictors, f"{name}Predictor")(motion, **options)
    updater = getattr(updaters, f"{name}Updater")(seen, **options)
    state, rows = GaussianState(mean[:, None], COV, BEGIN), []
    for k, (r, az, el) in enumerate(z):
        at = BEGIN + dt.timedelta(seconds=k + 1)
        vector = StateVector([Elevation(el), Bearing(az), *([r] if ranged else [])])
        ahead = predictor.predict(state, timestamp=at)
        state = updater.update(
            SingleHypothesis(ahead, Detection(vector, at, measurement_model=seen))
        )
        rows.append((np.ravel(state.mean).astype(float), np.asarray(state.covar, float)))
    return [np.array(c) for c in zip(*rows, strict=True)]


@pytest.mark.parametrize("ranged", [True, False], ids=["radar", "infrared"])
@pytest.mark.parametrize(
    ("method", "where"),
    [
        ("extended", "before"),
        ("unscented", "before"),
        ("cubature", "before"),
        ("unscented", "behind"),
    ],
)
def test_estimates_equal_stone_soup(method, where, ranged):
    """Within a ten-thousandth of a sigma: its derivatives are differences, ours closed forms.

    Cubature within a thousandth: it subtracts the square of a circular mean from raw moments.
    """
    mean, z = scene(where, ranged)
    found = estimate_many(
        z, t_s=np.arange(1.0, STEPS + 1.0), start_s=0.0, site_m=np.zeros(3), sigma=SIGMA, mean=mean,
        cov=COV, method=method, acceleration_psd_m2_s3=PSD,
    )  # fmt: skip
    near = 1e-3 if method == "cubature" else 1e-4
    theirs, covs = peer(method, mean, z, ranged)
    sigma = np.sqrt(np.diagonal(covs, axis1=1, axis2=2))
    assert (np.abs(found.mean[0] - theirs) / sigma).max() < near
    scale = sigma[:, :, None] * sigma[:, None, :]
    assert (np.abs(found.cov[0] - covs) / scale).max() < near
