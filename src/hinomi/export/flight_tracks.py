"""A path with its place over the ground, row by row."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from hinomi.export.flight_asked import Asked
from hinomi.export.flight_ground import Ground
from hinomi.flight.path import Path
from hinomi.records.columns import Floats
from hinomi.records.flights import CRUISE_KIND, GLIDE, PHASES


@dataclass(frozen=True, slots=True, kw_only=True)
class Track:
    """One body's way with its place over the ground, row by row; the end is the last row."""

    name: str
    start_s: float  # after ignition; of a stage, when it fell off
    t_s: Floats  # (N,)
    r_m: Floats  # (N, 3)
    v_mps: Floats  # (N, 3)
    lat_rad: Floats  # (N,)
    lon_rad: Floats  # (N,)
    height_m: Floats  # (N,)
    ground_m: Floats  # (N,) from the start, along the ground
    speed_mps: Floats  # (N,) over the ground, so through the air
    angle_rad: Floats  # (N,) of the velocity above the horizon
    phase: tuple[int, ...]
    mass_kg: Floats  # (N,)


def track_of(asked: Asked, path: Path, name: str) -> Track:
    """Rows of a path with their places over the ground, the end as the last of them."""
    last = path.end_t_s - path.t_s[-1] > 1e-6 if len(path.t_s) else True
    t = np.append(path.t_s, path.end_t_s) if last else path.t_s
    r = np.vstack([path.r_m, path.end_r_m]) if last else path.r_m
    v = np.vstack([path.v_mps, path.end_v_mps]) if last else path.v_mps
    lat, lon, height = asked.ground.points(r)
    speed = np.linalg.norm(v, axis=1)
    upward = np.sum(v * asked.ground.up(lat, lon), axis=1)
    still = speed > 0.0
    sine = np.divide(upward, speed, out=np.ones_like(speed), where=still)
    return Track(
        name=name,
        start_s=path.burnout_t_s if name != asked.threat_class.name else 0.0,
        t_s=t,
        r_m=r,
        v_mps=v,
        lat_rad=lat,
        lon_rad=lon,
        height_m=height,
        ground_m=asked.ground.distances_m(asked.lat_rad, asked.lon_rad, lat, lon),
        speed_mps=speed,
        angle_rad=np.arcsin(np.clip(sine, -1.0, 1.0)),
        phase=tuple(int(p) for p in (*path.phase, *path.phase[-1:][: int(last)])),
        mass_kg=np.append(path.mass_kg, path.mass_kg[-1:]) if last else path.mass_kg,
    )


def used_lift_to_drag(ground: Ground, track: Track) -> float:
    """Mean lift over mean drag of the glide, from the rows; NaN where nothing glides."""
    at = np.flatnonzero(np.array(track.phase) == GLIDE)
    at = at[(at > 0) & (at < len(track.t_s) - 1)]
    # Only where both neighbours glide too: a difference across a switch says nothing.
    at = np.array([i for i in at if track.phase[i - 1] == track.phase[i + 1] == GLIDE], dtype=int)
    if len(at) < 3:
        return math.nan
    step = (track.t_s[at + 1] - track.t_s[at - 1])[:, None]
    force = (track.v_mps[at + 1] - track.v_mps[at - 1]) / step
    force = force - ground.falling_mps2(track.r_m[at], track.v_mps[at])
    along = track.v_mps[at] / track.speed_mps[at, None]
    drag = -np.sum(force * along, axis=1)
    lift = np.linalg.norm(force + drag[:, None] * along, axis=1)
    return float(np.mean(lift) / np.mean(drag)) if np.mean(drag) > 0.0 else math.nan


def phase_name(asked: Asked, phase: int) -> str:
    """Name of a phase; a cruise body is kept in the phase `glide`."""
    return "cruise" if asked.threat_class.kind == CRUISE_KIND and phase == GLIDE else PHASES[phase]
