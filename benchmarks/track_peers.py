"""The same filters and the same scan by Stone Soup and by FilterPy: called by track.py.

Stone Soup runs its own constant velocity and look angles; where it has no model it gets hinomi's
compiled free fall with its closed derivatives. Its tracks begin at the truth plus noise.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
from stonesoup.base import Property
from stonesoup.dataassociator.neighbour import GNNWith2DAssignment
from stonesoup.hypothesiser.distance import DistanceHypothesiser
from stonesoup.measures import Mahalanobis
from stonesoup.models.measurement.nonlinear import CartesianToElevationBearingRange
from stonesoup.models.transition.base import TransitionModel
from stonesoup.models.transition.linear import (
    CombinedLinearGaussianTransitionModel,
    ConstantVelocity,
)
from stonesoup.models.transition.nonlinear import GaussianTransitionModel
from stonesoup.predictor import kalman as predictors
from stonesoup.types.angle import Bearing, Elevation
from stonesoup.types.array import StateVector, StateVectors
from stonesoup.types.detection import Detection
from stonesoup.types.hypothesis import SingleHypothesis
from stonesoup.types.state import GaussianState
from stonesoup.types.track import Track
from stonesoup.updater import kalman as updaters

from hinomi.estimate.cartesian import add_noise, fall, fall_slopes

BEGIN = dt.datetime(2025, 1, 1)  # noqa: DTZ001 - a label of steps
ORDER = np.array([0, 3, 1, 4, 2, 5])  # of Stone Soup's linear models: place and speed by axis
OPTIONS: dict[str, dict[str, float]] = {
    "Extended": {},
    "Unscented": {"alpha": 1.0, "beta": 2.0, "kappa": 0.0},
}


class FreeFall(GaussianTransitionModel, TransitionModel):
    """Earth-fixed free fall with white acceleration: hinomi's equations as a model of Stone Soup."""

    density = Property(float, doc="spectral density of the acceleration [m2/s3]")

    @property
    def ndim_state(self) -> int:
        return 6

    def function(self, state: Any, noise: Any = False, **kwargs: Any) -> Any:  # noqa: ARG002
        h = kwargs["time_interval"].total_seconds()
        vectors = np.asarray(state.state_vector, float)
        out = np.stack([fall(*column, h) for column in vectors.T], axis=1)
        return out.view(StateVectors if out.shape[1] > 1 else StateVector)

    def jacobian(self, state: Any, **kwargs: Any) -> Any:
        h, x = kwargs["time_interval"].total_seconds(), np.ravel(state.state_vector).astype(float)
        out = np.empty((6, 6))
        fall_slopes(*(x[:3] + 0.5 * h * x[3:]), h, out)
        return out

    def covar(self, **kwargs: Any) -> Any:
        out = np.zeros((6, 6))
        add_noise(out, self.density, kwargs["time_interval"].total_seconds())
        return out

    def rvs(self, *args: Any, **kwargs: Any) -> Any:
        raise NotImplementedError

    def pdf(self, *args: Any, **kwargs: Any) -> Any:
        raise NotImplementedError


def straight(density: float) -> Any:
    """Constant velocity as its users write it; the state goes axis by axis, see ORDER."""
    return CombinedLinearGaussianTransitionModel([ConstantVelocity(density) for _ in range(3)])


def radar(sigma: Any, site: Any, mapping: tuple[int, ...] = (0, 1, 2)) -> Any:
    """Elevation, bearing, range in axes of the coordinates."""
    return CartesianToElevationBearingRange(
        ndim_state=6, mapping=mapping, noise_covar=np.diag(np.asarray(sigma)[[2, 1, 0]] ** 2),
        translation_offset=np.asarray(site, float)[:, None],
    )  # fmt: skip


def detection(row: Any, second: int, model: Any) -> Any:
    distance, azimuth, elevation = row
    return Detection(
        StateVector([Elevation(elevation), Bearing(azimuth), distance]),
        BEGIN + dt.timedelta(seconds=int(second)), measurement_model=model,
    )  # fmt: skip


def one_run(method: str, motion: Any, z: Any, mean: Any, cov: Any, sigma: Any, site: Any) -> Any:
    """(6,) last estimate of one run of looks a second apart."""
    falls = isinstance(motion, FreeFall)
    order = np.arange(6) if falls else ORDER
    seen = radar(sigma, site, (0, 1, 2) if falls else (0, 2, 4))
    predictor = getattr(predictors, f"{method}KalmanPredictor")(motion, **OPTIONS[method])
    updater = getattr(updaters, f"{method}KalmanUpdater")(seen, **OPTIONS[method])
    state = GaussianState(mean[order, None], cov[np.ix_(order, order)], BEGIN)
    for k, row in enumerate(z):
        look = detection(row, k + 1, seen)
        ahead = predictor.predict(state, timestamp=look.timestamp)
        state = updater.update(SingleHypothesis(ahead, look))
    out = np.empty(6)
    out[order] = np.ravel(state.mean).astype(float)
    return out


class Scan:
    """Tracks and scans of global nearest neighbour by two-dimensional assignment."""

    def __init__(self, means: Any, cov: Any, second: int, density: float) -> None:
        at = BEGIN + dt.timedelta(seconds=second)
        self.tracks = [Track([GaussianState(m[:, None], cov, at)]) for m in means]
        self.updater = updaters.ExtendedKalmanUpdater(None)
        near = DistanceHypothesiser(
            predictors.ExtendedKalmanPredictor(FreeFall(density=density)), self.updater,
            Mahalanobis(), missed_distance=4.0,
        )  # fmt: skip
        self.associator = GNNWith2DAssignment(near)

    def run(self, rows: Any, sigmas: Any, site: Any, second: int) -> None:
        looks = {
            detection(row, second, radar(s, site)) for row, s in zip(rows, sigmas, strict=True)
        }
        at = BEGIN + dt.timedelta(seconds=second)
        found = self.associator.associate(set(self.tracks), looks, at)
        for track, hypothesis in found.items():
            track.append(self.updater.update(hypothesis) if hypothesis else hypothesis.prediction)

    @property
    def means(self) -> Any:
        return np.array([np.ravel(t.state_vector).astype(float) for t in self.tracks])


def interacting(
    z: Any, fs: Any, qs: Any, h: Any, r: Any, change: Any, weight: Any, mean: Any, cov: Any
) -> Any:
    """(n,) last estimate of FilterPy's interacting models over one sequence."""
    from filterpy.kalman import IMMEstimator, KalmanFilter

    filters = []
    for f, q in zip(fs, qs, strict=True):
        one = KalmanFilter(len(mean), len(r))
        one.x, one.P, one.F, one.Q, one.H, one.R = mean.copy(), cov.copy(), f, q, h, r
        filters.append(one)
    engine = IMMEstimator(filters, weight, change)
    for row in z:
        engine.predict()
        engine.update(row)
    return engine.x
