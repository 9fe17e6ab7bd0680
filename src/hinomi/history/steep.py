"""Steep flights: kick and cut-off where the Earth's rotation decides which way a near-vertical boost falls.

A long boost with a small kick falls back west of its start, so distance alone does not grow with the
kick; here it is counted along the bearing, negative behind the start.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np

from hinomi.earth.geodesic import ellipsoid_inverse
from hinomi.flight.body import powered_time_s
from hinomi.flight.path import launch
from hinomi.flight.reach import (
    APOGEE_TOLERANCE_M,
    EARLIEST_CUTOFF_S,
    LEAST_TOLERANCE_M,
    Reach,
)
from hinomi.records.columns import Floats

KICKS_RAD: Final = np.radians(np.geomspace(0.05, 16.0, 12))
CUTOFF_STEPS: Final = 24
KICK_STEPS: Final = 8
NEWTON_STEPS: Final = 8
SOLVER_TOLERANCE: Final = 1e-7
APOGEE_SHARE: Final = 0.002  # of the apogee, in the search before Newton's


@dataclass(frozen=True, slots=True, kw_only=True)
class _Case:
    body: Floats
    place: tuple[float, float]  # start [rad]
    distance_m: float
    bearing_rad: float
    apogee_m: float
    total_s: float

    def fly(self, azimuth_rad: float, kick_rad: float, cutoff_s: float) -> Floats:
        """(3,) along the bearing, across it and apogee [m]."""
        path = launch(
            self.body,
            lat_rad=self.place[0],
            lon_rad=self.place[1],
            azimuth_rad=azimuth_rad,
            kick_rad=kick_rad,
            cutoff_s=cutoff_s,
            tolerance=SOLVER_TOLERANCE,
        )
        if not path.landed:
            return np.array([math.inf, 0.0, math.inf])
        distance, bearing = ellipsoid_inverse(*self.place, path.end_lat_rad, path.end_lon_rad)
        off = bearing - self.bearing_rad
        return np.array([distance * math.cos(off), distance * math.sin(off), path.apogee_m])

    def errors(self, x: Floats) -> Floats:
        """(3,) errors along, across and in apogee [m] of an azimuth, kick and cut-off."""
        flown = self.fly(float(x[0]), float(x[1]), float(x[2]))
        wanted: Floats = np.array([self.distance_m, 0.0, self.apogee_m])
        return np.subtract(flown, wanted, dtype=np.float64)


def steep_reach(
    body: Floats,
    *,
    lat_a_rad: float,
    lon_a_rad: float,
    lat_b_rad: float,
    lon_b_rad: float,
    apogee_m: float,
) -> Reach | None:
    """Azimuth, kick and cut-off of the steep one of the flights to this apogee and end; None: none.

    Within 1,000 m of the end point and 500 m of the apogee, as `hinomi.flight.reach.reach`.
    """
    distance, bearing = ellipsoid_inverse(lat_a_rad, lon_a_rad, lat_b_rad, lon_b_rad)
    case = _Case(
        body=body,
        place=(lat_a_rad, lon_a_rad),
        distance_m=distance,
        bearing_rad=bearing,
        apogee_m=apogee_m,
        total_s=powered_time_s(body),
    )
    guess = _guess(case)
    return None if guess is None else _newton(case, guess)


def _cutoff(case: _Case, kick_rad: float) -> tuple[float, float] | None:
    """Cut-off [s] with the wanted apogee at this kick, and the distance along the bearing [m]."""
    early, late = EARLIEST_CUTOFF_S, case.total_s
    if case.fly(case.bearing_rad, kick_rad, late)[2] < case.apogee_m:
        return None
    along = 0.0
    for _ in range(CUTOFF_STEPS):
        middle = 0.5 * (early + late)
        along, _, apogee = case.fly(case.bearing_rad, kick_rad, middle)
        if abs(apogee - case.apogee_m) < APOGEE_SHARE * case.apogee_m:
            return middle, float(along)
        early, late = (middle, late) if apogee < case.apogee_m else (early, middle)
    return late, float(along)


def _guess(case: _Case) -> tuple[float, float] | None:
    """Kick and cut-off near the wanted apogee and distance."""
    low: tuple[float, float] | None = None
    for kick in KICKS_RAD:
        found = _cutoff(case, float(kick))
        if found is None:
            return None
        if found[1] >= case.distance_m:
            return _between(case, low, (float(kick), found[1]), found[0])
        low = (float(kick), found[1])
    return None


def _between(
    case: _Case, low: tuple[float, float] | None, high: tuple[float, float], cutoff_s: float
) -> tuple[float, float] | None:
    """Kick and cut-off between two kicks that fall short and too far."""
    if low is None:
        return None
    kick = high[0]
    for _ in range(KICK_STEPS):
        share = (case.distance_m - low[1]) / (high[1] - low[1])
        kick = low[0] + min(0.9, max(0.1, share)) * (high[0] - low[0])
        found = _cutoff(case, kick)
        if found is None:
            return None
        cutoff_s = found[0]
        if abs(found[1] - case.distance_m) < 0.05 * case.distance_m:
            break
        if found[1] < case.distance_m:
            low = (kick, found[1])
        else:
            high = (kick, found[1])
    return kick, cutoff_s


def _newton(case: _Case, guess: tuple[float, float]) -> Reach | None:
    x = np.array([case.bearing_rad, *guess])
    steps = np.array([0.01, 0.01 * guess[0], -0.2])
    error = case.errors(x)
    for iteration in range(NEWTON_STEPS):
        if not np.all(np.isfinite(error)):
            return None
        miss = math.hypot(error[0], error[1])
        if miss < LEAST_TOLERANCE_M and abs(error[2]) < APOGEE_TOLERANCE_M:
            return Reach(
                azimuth_rad=float(x[0] % (2.0 * math.pi)),
                kick_rad=float(x[1]),
                cutoff_s=float(x[2]),
                miss_m=miss,
                apogee_m=float(error[2] + case.apogee_m),
                iterations=iteration,
            )
        slopes = np.column_stack(
            [(case.errors(x + step) - error) / step.sum() for step in np.diag(steps)]
        )
        if not np.all(np.isfinite(slopes)) or np.linalg.matrix_rank(slopes) < 3:
            return None
        new = x - np.linalg.solve(slopes, error)
        if not (new[1] > 0.0 and new[2] > EARLIEST_CUTOFF_S):
            return None
        new[2] = min(new[2], case.total_s)
        x, error = new, case.errors(new)
    return None
