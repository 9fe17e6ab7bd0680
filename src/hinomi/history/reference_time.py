"""How long an unpowered flight of a given range and apogee takes, surface to surface in vacuum.

Without rotation it is a closed form of the ellipse (any text on orbits). On the rotating sphere the
end point is carried east during the flight, so the ellipse spans another angle than the ground
range; the time is iterated with the same apogee. Sphere of 6,371.0 km, mu of WGS 84.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from hinomi.earth.gravity import MU_M3_S2
from hinomi.earth.wgs84 import MEAN_RADIUS_M, ROTATION_RAD_S
from hinomi.errors import ScenarioError
from hinomi.records.columns import Floats

MOST_RANGE_M: Final = math.pi * MEAN_RADIUS_M  # half the circumference
MOST_APOGEE_M: Final = 20_000_000.0  # assumed: three times the highest public flight
CONVERGED_S: Final = 1e-6
MOST_ITERATIONS: Final = 100
BEARINGS: Final = 120  # every 3 degrees: within 0.02 s of the least time over all
LATITUDES: Final = 19  # every 5 degrees; the south is the mirror of the north
RANGE_STEPS: Final = 5  # through an interval of range, whose least time may lie inside


@dataclass(frozen=True, slots=True, kw_only=True)
class Unpowered:
    """An unpowered vacuum flight without rotation."""

    time_s: float
    speed_mps: float
    angle_rad: float  # of the velocity above the horizon at the start


def check_flight(*, range_m: float, apogee_m: float) -> None:
    """Say what is wrong with a range and an apogee.

    Raises
    ------
    ScenarioError
        when one of them is no number, not above the ground, or beyond its limit.
    """
    for name, value, most, why in (
        ("range", range_m, MOST_RANGE_M, "half the circumference of the Earth"),
        ("apogee", apogee_m, MOST_APOGEE_M, "three times the highest public flight"),
    ):
        if not math.isfinite(value):
            raise ScenarioError(f"{name} is {value}; give a number of kilometres")
        if value <= 0.0:
            below = "below the surface" if name == "apogee" else "no distance"
            raise ScenarioError(
                f"{name} is {value / 1e3:g} km, {below}: no ellipse from surface to surface has it; "
                "give a number above 0"
            )
        if value > most:
            raise ScenarioError(
                f"{name} is {value / 1e3:g} km, beyond {most / 1e3:.0f} km, {why}; check its unit "
                "(km), and whether a spreadsheet put a date's day number there"
            )


def angle_time_s(angle_rad: ArrayLike, apogee_m: ArrayLike) -> Floats:
    """Time [s] of an ellipse over a central angle [rad] with this apogee [m]; arrays broadcast."""
    half = np.cos(0.5 * np.asarray(angle_rad, dtype=np.float64))
    top = MEAN_RADIUS_M + np.asarray(apogee_m, dtype=np.float64)
    e = (top - MEAN_RADIUS_M) / (top - MEAN_RADIUS_M * half)
    a = top / (1.0 + e)
    # From r = a (1 - e cos E): well behaved when the flight goes straight up (e = 1).
    start = np.arccos(np.clip((1.0 - MEAN_RADIUS_M / a) / e, -1.0, 1.0))
    time: Floats = 2.0 * np.sqrt(a**3 / MU_M3_S2) * (math.pi - start + e * np.sin(start))
    return time


def unpowered(*, range_m: float, apogee_m: float) -> Unpowered:
    """Closed form of the flight of a range [m] and apogee [m] on a sphere that does not rotate.

    Raises
    ------
    ScenarioError
        as `check_flight`.
    """
    check_flight(range_m=range_m, apogee_m=apogee_m)
    angle = range_m / MEAN_RADIUS_M
    top = MEAN_RADIUS_M + apogee_m
    e = apogee_m / (top - MEAN_RADIUS_M * math.cos(0.5 * angle))
    a = top / (1.0 + e)
    speed = math.sqrt(MU_M3_S2 * (2.0 / MEAN_RADIUS_M - 1.0 / a))
    level = math.sqrt(MU_M3_S2 * a * (1.0 - e * e)) / MEAN_RADIUS_M
    return Unpowered(
        time_s=float(angle_time_s(angle, apogee_m)),
        speed_mps=speed,
        angle_rad=math.acos(min(1.0, level / speed)),
    )


def rotating_time_s(
    *,
    range_m: ArrayLike,
    apogee_m: ArrayLike,
    lat_rad: ArrayLike,
    bearing_rad: ArrayLike,
) -> Floats:
    """Time [s] of the flight on the rotating sphere; all arguments broadcast against each other.

    Parameters
    ----------
    range_m, apogee_m
        ground range on the sphere and height of the highest point.
    lat_rad, bearing_rad
        of the start, and of the end as seen from it on the ground, clockwise from north.
    """
    angle = np.asarray(range_m, dtype=np.float64) / MEAN_RADIUS_M
    lat, bearing = np.asarray(lat_rad, np.float64), np.asarray(bearing_rad, np.float64)
    sin_end = np.sin(lat) * np.cos(angle) + np.cos(lat) * np.sin(angle) * np.cos(bearing)
    cos_end = np.sqrt(np.maximum(0.0, 1.0 - sin_end * sin_end))
    turn = np.arctan2(
        np.sin(bearing) * np.sin(angle) * np.cos(lat), np.cos(angle) - np.sin(lat) * sin_end
    )
    time: Floats = angle_time_s(angle, apogee_m) + 0.0 * turn
    for _ in range(MOST_ITERATIONS):
        east = turn + ROTATION_RAD_S * time
        x = cos_end * np.cos(east) * np.cos(lat) + sin_end * np.sin(lat)
        y = np.hypot(
            cos_end * np.sin(east), np.cos(lat) * sin_end - np.sin(lat) * cos_end * np.cos(east)
        )
        before, time = time, angle_time_s(np.arctan2(y, x), apogee_m)
        if np.max(np.abs(time - before)) < CONVERGED_S:
            break
    return time


def time_span_s(
    *,
    range_m: tuple[float, float],
    apogee_m: tuple[float, float],
    lat_rad: float | None = None,
    bearing_rad: float | None = None,
) -> tuple[float, float]:
    """Least and greatest rotating time [s] over intervals of range and apogee.

    Without a bearing over all bearings, without a latitude over all latitudes too.

    Parameters
    ----------
    range_m, apogee_m
        low and high; the same twice for one value.
    """
    ranges = np.linspace(*range_m, RANGE_STEPS if range_m[1] > range_m[0] else 1)
    everywhere = np.linspace(0.0, 0.5 * math.pi, LATITUDES)
    lats = everywhere if lat_rad is None else np.array([lat_rad])
    turns = np.linspace(0.0, 2.0 * math.pi, BEARINGS, endpoint=False)
    # Bearings are mirrored with the latitudes, so the north stands for both halves.
    bearings = turns if bearing_rad is None else np.array([bearing_rad, math.pi - bearing_rad])
    if bearing_rad is not None and lat_rad is not None:
        bearings = bearings[:1]
    grid = np.ix_(ranges, np.unique(apogee_m), lats, bearings)
    time = rotating_time_s(range_m=grid[0], apogee_m=grid[1], lat_rad=grid[2], bearing_rad=grid[3])
    return float(time.min()), float(time.max())
