"""Plots as detections of Stone Soup.

Needs the extra `stonesoup`. Measurements are in the frame of each plot: bearing and elevation are
counted from the measured line of sight, so both are 0 in every detection, their errors are alike
on both axes, and there is no pole where bearing has none. `rotation_offset` and
`translation_offset` of the measurement model carry the frame into Earth-fixed axes.

Source of the interface: Stone Soup 1.9 (Open Source Tracking and Estimation Working Group).
"""

from __future__ import annotations

import functools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final, final

import numpy as np

from hinomi.extras import need_extra
from hinomi.records.columns import Floats
from hinomi.records.plots import Plots

EPOCH: Final = datetime(2000, 1, 1, tzinfo=UTC).replace(
    tzinfo=None
)  # second 0; Stone Soup is naive
POSITION: Final = (0, 2, 4)  # of x, vx, y, vy, z, vz: the state of three constant-velocity models
VELOCITY: Final = (1, 3, 5)


def time_of(t_s: float) -> datetime:
    """Time of Stone Soup for seconds since the epoch of the plots."""
    return EPOCH + timedelta(seconds=float(t_s))


def detection(plots: Plots, i: int, *, position: Sequence[int] = POSITION, size: int = 6) -> Any:
    """Detection of Stone Soup for plot i.

    Parameters
    ----------
    position, size
        where x, y and z stand in the state of the tracker, and how many numbers it has.

    Returns
    -------
    stonesoup.types.detection.Detection
        elevation, bearing [rad] and for a radar range [m]; `metadata` holds the index of the plot,
        the sensor's name and owner. The model of a radar can be inverted, that of infrared not.
    """
    from stonesoup.types.angle import Bearing, Elevation
    from stonesoup.types.array import CovarianceMatrix, StateVector
    from stonesoup.types.detection import Detection

    los, range_m = plots.los[i], float(plots.range_m[i])
    across = float(plots.sigma_los_rad[i]) ** 2
    values: list[Any] = [Elevation(0.0), Bearing(0.0)]
    noise = [across, across]
    infrared = math.isnan(range_m)
    if not infrared:
        values.append(range_m)
        noise.append(float(plots.sigma_range_m[i]) ** 2)
    model = _models()[infrared](
        ndim_state=size,
        mapping=tuple(position),
        noise_covar=CovarianceMatrix(np.diag(noise)),
        translation_offset=StateVector(plots.site_m[i]),
        rotation_offset=StateVector(
            [0.0, math.asin(max(-1.0, min(1.0, los[2]))), math.atan2(los[1], los[0])]
        ),
    )
    sensor = int(plots.sensor[i])
    return Detection(
        StateVector(values),
        timestamp=time_of(plots.t_s[i]),
        measurement_model=model,
        metadata={"plot": i, "sensor": plots.sensors[sensor], "owner": plots.owners[sensor]},
    )


@final
@dataclass(frozen=True, slots=True)
class Detector:
    """Plots as a detector of Stone Soup: iterate for (time, detections of one sensor's look).

    Sensors that look at the same second come one after the other at the same time, because a
    tracker gives each of its tracks at most one detection of a set.
    """

    plots: Plots
    position: Sequence[int] = POSITION
    size: int = 6

    def __iter__(self) -> Iterator[tuple[datetime, set[Any]]]:
        """Yield the looks in order of time, then sensor."""
        t_s, sensor = self.plots.t_s, self.plots.sensor
        order = np.lexsort((sensor, t_s))
        start = 0
        for end in range(1, len(order) + 1):
            a = order[start]
            if end < len(order) and t_s[order[end]] == t_s[a] and sensor[order[end]] == sensor[a]:
                continue
            yield time_of(t_s[a]), {self._detection(int(i)) for i in order[start:end]}
            start = end

    def _detection(self, i: int) -> Any:
        return detection(self.plots, i, position=self.position, size=self.size)


def detections(plots: Plots, *, position: Sequence[int] = POSITION, size: int = 6) -> Detector:
    """Plots as a detector of Stone Soup; ScenarioError where it is not installed."""
    need_extra("stonesoup", "stonesoup", who="a tracker of Stone Soup")
    return Detector(plots, position, size)


@functools.cache
def _models() -> tuple[type[Any], type[Any]]:
    """Measurement models of a radar and of infrared, with exact derivatives.

    Stone Soup takes differences over a step of about 1e-8 m, which rounding of Earth-fixed
    coordinates spoils by some percent. Inheritance is how its parts are extended.
    """
    from stonesoup.models.measurement.nonlinear import (
        CartesianToElevationBearing,
        CartesianToElevationBearingRange,
    )

    class Radar(CartesianToElevationBearingRange):  # type: ignore[misc]
        def jacobian(self, state: Any, **_: Any) -> Floats:
            return _jacobian(self, state)

    class Infrared(CartesianToElevationBearing):  # type: ignore[misc]
        def jacobian(self, state: Any, **_: Any) -> Floats:
            return _jacobian(self, state)[:2]

    return Radar, Infrared


def _jacobian(model: Any, state: Any) -> Floats:
    """Derivatives of elevation, bearing and range by the state."""
    turn = np.asarray(model.rotation_matrix, np.float64)
    place = np.asarray(state.state_vector, np.float64).ravel()[list(model.mapping)]
    x, y, z = turn @ (place - np.asarray(model.translation_offset, np.float64).ravel())
    flat2 = x * x + y * y
    far2, flat = flat2 + z * z, math.sqrt(flat2)
    far = math.sqrt(far2)
    rows = np.array(
        [
            [-x * z / (far2 * flat), -y * z / (far2 * flat), flat / far2],
            [-y / flat2, x / flat2, 0.0],
            [x / far, y / far, z / far],
        ]
    )
    out = np.zeros((3, model.ndim_state))
    out[:, list(model.mapping)] = rows @ turn
    return out
