"""Events of a flight: when, how high, how far, how fast and over which point."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np

from hinomi.export.flight_asked import CRUISE, LAUNCH, REACH, Asked
from hinomi.export.flight_tracks import Track
from hinomi.flight.path import Path
from hinomi.records.columns import Floats
from hinomi.records.flights import GLIDE_KIND

CLIMB_S: Final = 0.5  # an apogee sooner than this after the start is none


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One event."""

    name: str
    t_s: float
    height_m: float
    ground_m: float
    speed_mps: float
    angle_rad: float
    lat_rad: float
    lon_rad: float


def event_at(asked: Asked, name: str, t_s: float, r_m: Floats, v_mps: Floats) -> Event:
    """Build an event of an Earth-fixed state."""
    lat, lon, height = asked.ground.points(np.asarray(r_m)[None, :])
    speed = float(np.linalg.norm(v_mps))
    upward = float(np.dot(v_mps, asked.ground.up(lat, lon)[0]))
    return Event(
        name=name,
        t_s=float(t_s),
        height_m=float(height[0]),
        ground_m=float(asked.ground.distances_m(asked.lat_rad, asked.lon_rad, lat, lon)[0]),
        speed_mps=speed,
        angle_rad=math.asin(max(-1.0, min(1.0, upward / speed))) if speed > 0.0 else 0.5 * math.pi,
        lat_rad=float(lat[0]),
        lon_rad=float(lon[0]),
    )


def events_of(
    asked: Asked, path: Path, track: Track, *, burnout: Event | None
) -> tuple[Event, ...]:
    """Every event of a flight, in order of time; the end of thrust is given, to be exact."""
    burns = asked.threat_class.stages if asked.form in (REACH, LAUNCH) else ()
    times: list[tuple[float, str]] = [(0.0, "ignition" if burns else "start")]
    begins = "glide begins" if asked.threat_class.kind == GLIDE_KIND else "lift begins"
    lift = (begins, "lift ends")
    at = 0.0
    for i, stage in enumerate(burns[:-1]):
        at += stage.burn_s
        if at < min(path.burnout_t_s, path.end_t_s):
            times.append((at, f"stage {i + 1} ends"))
    times += [
        (t, name)
        for t, name in (
            (path.air_out_t_s, "86 km, up"),
            (_apogee_t_s(path), "apogee"),
            (path.air_in_t_s, "86 km, down"),
            (path.glide_t_s, begins),
            (path.drop_t_s, "lift ends"),
        )
        if (t > 0.0 or (t == 0.0 and name == begins)) and (asked.air or name not in lift)
    ]
    times += [(t, f"waypoint {i + 1}") for i, t in enumerate(_passed_s(asked, track))]
    end = "aim" if asked.form == CRUISE else "ground"
    times.append((path.end_t_s, end if path.landed else "computation ends"))
    found = [event_at(asked, name, t, *_state(track, t)) for t, name in times]
    found += [burnout] if burnout is not None else []
    return tuple(sorted(found, key=lambda e: e.t_s))


def _apogee_t_s(path: Path) -> float:
    """Time of the apogee, -1 where the body never climbs or still does at the end."""
    climbs = path.apogee_t_s > CLIMB_S
    return path.apogee_t_s if climbs and path.apogee_t_s < path.end_t_s - CLIMB_S else -1.0


def _passed_s(asked: Asked, track: Track) -> list[float]:
    """Times at which a cruise body is closest to its waypoints."""
    away = (asked.ground.distances_m(*p, track.lat_rad, track.lon_rad) for p in asked.via_rad)
    return [float(track.t_s[int(np.argmin(d))]) for d in away]


def _state(track: Track, t_s: float) -> tuple[Floats, Floats]:
    """Position and velocity at an instant, by the cubic through both neighbours."""
    t = track.t_s
    if len(t) < 2 or t_s <= t[0]:
        return track.r_m[0], track.v_mps[0]
    i = min(int(np.searchsorted(t, t_s, side="right")) - 1, len(t) - 2)
    h = float(t[i + 1] - t[i])
    s = min(1.0, (t_s - float(t[i])) / h)
    a, b, va, vb = track.r_m[i], track.r_m[i + 1], track.v_mps[i], track.v_mps[i + 1]
    r = (
        (1 + 2 * s) * (1 - s) ** 2 * a
        + s * (1 - s) ** 2 * h * va
        + s * s * (3 - 2 * s) * b
        + s * s * (s - 1) * h * vb
    )
    return r, (1 - s) * va + s * vb
