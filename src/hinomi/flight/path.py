"""Flights in Python: from a launch point or from a state, to a path with its times and its end."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from hinomi.earth.wgs84 import ecef_from_geodetic, geodetic_from_ecef, local_axes
from hinomi.flight.body import (
    BETA,
    CONE_DRAG,
    FIRST_STAGE,
    GLIDES,
    PAYLOAD,
    SPHERE,
    STAGE_WIDTH,
    STAGES,
    powered_time_s,
)
from hinomi.flight.boost import HEIGHT, JET_POWER, KNOWN, MASS_NOW, PHASE, describe
from hinomi.flight.forces import ENGINE
from hinomi.flight.pointmass import (
    AIR_IN_T,
    AIR_OUT_T,
    APOGEE,
    APOGEE_T,
    BURNOUT_T,
    DEFAULT_TOLERANCE,
    DROP_T,
    END_T,
    GLIDE_T,
    HIGHEST,
    INVALID,
    LANDED,
    LONGEST_FLIGHT_S,
    RESULT,
    STATE,
    STATUS,
    STEPS,
    fly_path,
)
from hinomi.records.columns import Floats, Ints, freeze

NO_ROWS = np.empty((0, STATE))
ROW_EVERY_S = 1.0


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
    status: int  # of flight.pointmass.STATUSES
    landed: bool  # False: the computation stopped in flight
    apogee_m: float  # the first, for a body that skips
    apogee_t_s: float
    burnout_t_s: float
    highest_m: float
    glide_t_s: float  # -1: the glide law never came on
    drop_t_s: float  # -1: it never went off again
    air_out_t_s: float  # 86 km, first upwards; -1: never
    air_in_t_s: float  # 86 km, last downwards; -1: never
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


def launch_vector(
    *, lat_rad: float, lon_rad: float, azimuth_rad: float, sphere_m: float = 0.0
) -> Floats:
    """(12,) start at rest on the ground: upward and downrange unit vectors, position, velocity."""
    axes = np.array(local_axes(lat_rad, lon_rad)).reshape(3, 3)
    start = np.zeros(12)
    start[:3] = axes[2]
    start[3:6] = math.sin(azimuth_rad) * axes[0] + math.cos(azimuth_rad) * axes[1]
    start[6:9] = sphere_m * axes[2] if sphere_m > 0 else ecef_from_geodetic(lat_rad, lon_rad, 0.0)
    return start


def state_at(
    body: Floats,
    *,
    lat_rad: float,
    lon_rad: float,
    height_m: float,
    azimuth_rad: float,
    angle_rad: float,
    speed_mps: float,
) -> tuple[Floats, Floats]:
    """Earth-fixed position and velocity of a stated place, direction and Earth-relative speed.

    The angle is over the local horizontal; on a body's sphere the latitude is geocentric.
    """
    start = launch_vector(
        lat_rad=lat_rad, lon_rad=lon_rad, azimuth_rad=azimuth_rad, sphere_m=float(body[SPHERE])
    )
    up, downrange = start[:3], start[3:6]
    v_mps = speed_mps * (math.sin(angle_rad) * up + math.cos(angle_rad) * downrange)
    return start[6:9] + height_m * up, v_mps


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
    start = launch_vector(
        lat_rad=lat_rad, lon_rad=lon_rad, azimuth_rad=azimuth_rad, sphere_m=float(body[SPHERE])
    )
    cutoff_s = min(cutoff_s, powered_time_s(body))
    return _fly(body, start, kick_rad, cutoff_s, False, first_t_s, tolerance, until_s)


def release(
    body: Floats,
    *,
    r_m: Floats,
    v_mps: Floats,
    gliding: bool = False,
    first_t_s: float = 0.0,
    tolerance: float = DEFAULT_TOLERANCE,
    until_s: float = LONGEST_FLIGHT_S,
) -> Path:
    """Fly a packed body without its booster from an Earth-fixed state, gliding or free."""
    loose = np.array(body)
    loose[STAGES] = 0.0
    start = np.concatenate(
        [np.zeros(6), np.asarray(r_m, dtype=np.float64), np.asarray(v_mps, dtype=np.float64)]
    )
    return _fly(loose, start, 0.0, 0.0, gliding, first_t_s, tolerance, until_s)


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
        ROW_EVERY_S,
        float(until_s),
    )
    fly_path(*arguments, tolerance, NO_ROWS, result)
    rows = np.empty((0, STATE))
    if result[STATUS] != INVALID:
        rows = np.empty((max(0, math.floor(result[END_T] - first_t_s) + 1), STATE))
        rows = rows[: fly_path(*arguments, tolerance, rows, result)]
    known = np.empty((len(rows), KNOWN))
    describe(
        rows, float(first_t_s), ROW_EVERY_S, body, np.zeros(ENGINE), result[BURNOUT_T],
        result[GLIDE_T], result[DROP_T], known,
    )  # fmt: skip
    lat, lon = end_place(result, body)
    return Path(
        t_s=first_t_s + np.arange(len(rows), dtype=np.float64),
        r_m=rows[:, 0:3],
        v_mps=rows[:, 3:6],
        height_m=known[:, HEIGHT],
        jet_power_w=known[:, JET_POWER],
        mass_kg=known[:, MASS_NOW],
        phase=known[:, PHASE].astype(np.int32),
        end_r_m=result[0:3],
        end_v_mps=result[3:6],
        end_t_s=float(result[END_T]),
        end_lat_rad=lat,
        end_lon_rad=lon,
        status=int(result[STATUS]),
        landed=bool(result[STATUS] == LANDED),
        apogee_m=float(result[APOGEE]),
        apogee_t_s=float(result[APOGEE_T]),
        burnout_t_s=float(result[BURNOUT_T]),
        highest_m=float(result[HIGHEST]),
        glide_t_s=float(result[GLIDE_T]),
        drop_t_s=float(result[DROP_T]),
        air_out_t_s=float(result[AIR_OUT_T]),
        air_in_t_s=float(result[AIR_IN_T]),
        steps=int(result[STEPS]),
    )


def end_place(result: Floats, body: Floats) -> tuple[float, float]:
    """Latitude and longitude [rad] at which a flight ended; geocentric on a body's sphere."""
    x, y, z = float(result[0]), float(result[1]), float(result[2])
    if body[SPHERE] > 0.0:
        return math.atan2(z, math.hypot(x, y)), math.atan2(y, x)
    lat, lon, _ = geodetic_from_ecef(x, y, z)
    return float(lat), float(lon)


def spent_stages(
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
) -> tuple[Path, ...]:
    """Falls of the stages that come off: each at its burnout, the last one at the end of thrust.

    The fall starts from the state of the body, with the empty stage's ballistic coefficient at
    every Mach number. Times count from the body's ignition; the first row of each is the first
    whole second (after first_t_s) of its fall.
    """
    start = launch_vector(
        lat_rad=lat_rad, lon_rad=lon_rad, azimuth_rad=azimuth_rad, sphere_m=float(body[SPHERE])
    )
    thrust_end = min(float(cutoff_s), powered_time_s(body))
    result = np.empty(RESULT)
    out: list[Path] = []
    end = 0.0
    for i in range(int(body[STAGES])):
        at = FIRST_STAGE + i * STAGE_WIDTH
        end = min(end + float(body[at + 3]), thrust_end)
        fly_path(
            body, start, float(kick_rad), thrust_end, False, 0.0, ROW_EVERY_S, end, tolerance,
            NO_ROWS, result,
        )  # fmt: skip
        if result[STATUS] == INVALID or result[END_T] < end:
            break
        empty = np.array(body)
        empty[STAGES] = empty[GLIDES] = empty[CONE_DRAG] = 0.0
        empty[PAYLOAD], empty[BETA] = body[at + 1], body[at + 6]
        wait = (first_t_s - end) % ROW_EVERY_S
        fall = release(
            empty, r_m=result[0:3], v_mps=result[3:6], first_t_s=wait, tolerance=tolerance,
            until_s=until_s - end,
        )  # fmt: skip
        out.append(_later(fall, end))
        if end >= thrust_end:
            break
    return tuple(out)


def _later(path: Path, by_s: float) -> Path:
    """Count the same path's times from an earlier moment."""

    def moved(t_s: float) -> float:
        return t_s + by_s if t_s >= 0.0 else -1.0

    return replace(
        path,
        t_s=path.t_s + by_s,
        burnout_t_s=by_s,
        end_t_s=moved(path.end_t_s),
        apogee_t_s=moved(path.apogee_t_s),
        air_out_t_s=moved(path.air_out_t_s),
        air_in_t_s=moved(path.air_in_t_s),
    )
