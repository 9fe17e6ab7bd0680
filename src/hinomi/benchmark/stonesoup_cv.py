"""A tracker of Stone Soup as an example and a yardstick: constant velocity, extended Kalman filter.

Global nearest neighbour on Mahalanobis distance, one plot starts a track of a radar and three
confirm it; infrared alone starts none, because Stone Soup has no start from lines of sight.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

import numpy as np
from scipy.special import chdtri

from hinomi.benchmark.stonesoup_adapter import as_tracker
from hinomi.benchmark.stonesoup_detections import EPOCH, Detector
from hinomi.records.plots import Plots
from hinomi.records.tracks import Tracks, TrackSettings

# Spectral density of white acceleration on each axis: gravity alone turns a velocity by 10 m/s in
# a second, which a straight line does not know (assumed: 10 m/s2 held for a second).
NOISE_M2_S3: Final = 100.0
SPEED_SIGMA_MPS: Final = 3_000.0  # of a new track, per axis (assumed)
TENTATIVE_S: Final = 10.0  # a track that is not yet confirmed ends after this long (assumed)


def follow(plots: Plots, *, settings: TrackSettings, picture: str) -> Tracks:
    """Track the plots with Stone Soup; a `Tracker`, registered as `stonesoup-cv`."""
    return as_tracker(build)(plots, settings=settings, picture=picture)


def build(detector: Detector, settings: TrackSettings) -> Any:
    """Multi-target tracker of Stone Soup on these detections."""
    from stonesoup.dataassociator.neighbour import GNNWith2DAssignment
    from stonesoup.deleter.time import UpdateTimeDeleter
    from stonesoup.hypothesiser.distance import DistanceHypothesiser
    from stonesoup.initiator.simple import MultiMeasurementInitiator, SimpleMeasurementInitiator
    from stonesoup.measures import Mahalanobis
    from stonesoup.models.transition.linear import (
        CombinedLinearGaussianTransitionModel,
        ConstantVelocity,
    )
    from stonesoup.predictor.kalman import KalmanPredictor
    from stonesoup.tracker.simple import MultiTargetTracker
    from stonesoup.updater.kalman import ExtendedKalmanUpdater

    motion = CombinedLinearGaussianTransitionModel([ConstantVelocity(NOISE_M2_S3)] * 3)
    updater = ExtendedKalmanUpdater(  # Joseph's form: covariances stay positive in rounding
        measurement_model=None, use_joseph_cov=True, force_symmetric_covariance=True
    )
    gate = float(np.sqrt(chdtri(3, 1.0 - settings.gate_probability)))
    hypothesiser = DistanceHypothesiser(
        KalmanPredictor(motion), updater, measure=Mahalanobis(), missed_distance=gate
    )
    associator = GNNWith2DAssignment(hypothesiser)
    first = SimpleMeasurementInitiator(_prior(), skip_non_reversible=True)
    return MultiTargetTracker(
        initiator=MultiMeasurementInitiator(
            _prior(),
            deleter=UpdateTimeDeleter(timedelta(seconds=TENTATIVE_S)),
            data_associator=associator,
            updater=updater,
            min_points=settings.confirm_hits,
            initiator=first,
        ),
        deleter=UpdateTimeDeleter(timedelta(seconds=settings.drop_after_s)),
        detector=detector,
        data_associator=associator,
        updater=updater,
    )


def _prior(at: datetime = EPOCH) -> Any:
    """A new track before its first plot: at rest, with a generous speed."""
    from stonesoup.types.state import GaussianState

    return GaussianState(np.zeros((6, 1)), np.diag([0.0, SPEED_SIGMA_MPS**2] * 3), timestamp=at)
