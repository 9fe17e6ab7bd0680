"""Flights in Python: from a launch point or from a state, to a path with its times and its end."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from hinomi.earth.wgs84 import ecef_from_geodetic, geodetic_from_ecef, local_axes
from hinomi.flight.body import STAGES, powered_time_s
from hinomi.flight.pointmass import (
    APOGEE,
    APOGEE_T,
    BURNOUT_T,
    DEFAULT_TOLERANCE,
    END_T,
    ENDED_AT_GROUND,
    GLIDE_T,
    HEIGHT,
    JET_POWER,
    LONGEST_FLIGHT_S,
    MASS_NOW,
    PHASE,
    RESULT,
    ROW,
    STEPS,
    fly_path,
)
from hinomi.records.columns import Floats, Ints, freeze

NO_ROWS = np.empty((0, ROW))


@dataclass(frozen=True, slots=True, kw_only=True)
class Path:
    """One flight; rows every second, times since ignition (or since the given state)."""

    t_s: Floats  # (N,)
    r_m: Floats  # (N, 3)
    v_mps: Floats  # (N, 3)
    height_m: Floats  # (N,)
    jet_power_w: Floats  # (N,) thrust times exhaust speed over two
    mass_kg: Floats  # (N,)
    phase: Ints  # (N,)
    end_r_m: Floats  # (3,)
    end_v_mps: Floats  # (3,)
    end_t_s: float
    end_lat_rad: float
    end_lon_rad: float
    landed: bool  # False: the computation stopped in flight
    apogee_m: float  # the first, for a body that skips
    apogee_t_s: float
    burnout_t_s: float
    glide_t_s: float  # -1: the glide law never came on
    steps: int

    def __post_init__(self) -> None:
        n = len(self.t_s)
        f = np.float64
        freeze(
            self,
            {
                "r_m": (f, (n, 3)),
                "v_mps": (f, (n, 3)),
                **dict.fromkeys(("t_s", "height_m", "jet_power_w", "mass_kg"), (f, (n,))),
                "phase": (np.int32, (n,)),
                "end_r_m": (f, (3,)),
                "end_v_mps": (f, (3,)),
            },
        )


def launch_vector(*, lat_rad: float, lon_rad: float, azimuth_rad: float) -> Floats:
    """(12,) start at rest on the ground: upward and downrange unit vectors, position, velocity."""
    axes = np.array(local_axes(lat_rad, lon_rad)).reshape(3, 3)
    start = np.zeros(12)
    start[:3] = axes[2]
    start[3:6] = math.sin(azimuth_rad) * axes[0] + math.cos(azimuth_rad) * axes[1]
    start[6:9] = ecef_from_geodetic(lat_rad, lon_rad, 0.0)
    return start


def launch(
    body: Floats,
    *,
    lat_rad: float,
    lon_rad: float,
    azimuth_rad: float,
    kick_rad: float,
    cutoff_s: float = math.inf,
    first_t_s: float = 0.0,
    tolerance: float = DEFAULT_TOLERANCE,
    until_s: float = LONGEST_FLIGHT_S,
) -> Path:
    """Fly a packed body from rest at height 0 on the ellipsoid.

    Parameters
    ----------
    body
        vector of `hinomi.flight.body.pack`.
    azimuth_rad, kick_rad, cutoff_s
        launch plane from north clockwise, tilt reached 13 s after ignition, end of thrust (at most
        the powered time of the stages).
    first_t_s
        time of the first row after ignition, at most one second.
    """
    start = launch_vector(lat_rad=lat_rad, lon_rad=lon_rad, azimuth_rad=azimuth_rad)
    cutoff_s = min(cutoff_s, powered_time_s(body))
    return _fly(body, start, kick_rad, cutoff_s, False, first_t_s, tolerance, until_s)


def release(
    body: Floats,
    *,
    r_m: Floats,
    v_mps: Floats,
    gliding: bool = False,
    tolerance: float = DEFAULT_TOLERANCE,
    until_s: float = LONGEST_FLIGHT_S,
) -> Path:
    """Fly a packed body without its booster from an Earth-fixed state, gliding or free."""
    loose = np.array(body)
    loose[STAGES] = 0.0
    start = np.concatenate(
        [np.zeros(6), np.asarray(r_m, dtype=np.float64), np.asarray(v_mps, dtype=np.float64)]
    )
    return _fly(loose, start, 0.0, 0.0, gliding, 0.0, tolerance, until_s)


def _fly(
    body: Floats,
    start: Floats,
    kick_rad: float,
    cutoff_s: float,
    gliding: bool,
    first_t_s: float,
    tolerance: float,
    until_s: float,
) -> Path:
    """Two runs: one for the length of the flight, one that writes its rows."""
    result = np.empty(RESULT)
    arguments = (
        body,
        start,
        float(kick_rad),
        float(cutoff_s),
        bool(gliding),
        float(first_t_s),
        float(until_s),
    )
    fly_path(*arguments, tolerance, NO_ROWS, result)
    rows = np.empty((max(0, math.floor(result[END_T] - first_t_s) + 1), ROW))
    written = fly_path(*arguments, tolerance, rows, result)
    rows = rows[:written]
    lat, lon, _ = geodetic_from_ecef(result[0], result[1], result[2])
    return Path(
        t_s=first_t_s + np.arange(written, dtype=np.float64),
        r_m=rows[:, 0:3],
        v_mps=rows[:, 3:6],
        height_m=rows[:, HEIGHT],
        jet_power_w=rows[:, JET_POWER],
        mass_kg=rows[:, MASS_NOW],
        phase=rows[:, PHASE].astype(np.int32),
        end_r_m=result[0:3],
        end_v_mps=result[3:6],
        end_t_s=float(result[END_T]),
        end_lat_rad=float(lat),
        end_lon_rad=float(lon),
        landed=bool(result[ENDED_AT_GROUND]),
        apogee_m=float(result[APOGEE]),
        apogee_t_s=float(result[APOGEE_T]),
        burnout_t_s=float(result[BURNOUT_T]),
        glide_t_s=float(result[GLIDE_T]),
        steps=int(result[STEPS]),
    )
