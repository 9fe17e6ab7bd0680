"""What chance makes of one planned body: where, when and how high it flies."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from hinomi.earth.geodesic import sphere_direct
from hinomi.errors import FenceError, ScenarioError
from hinomi.records.columns import Floats
from hinomi.records.draws import Draws
from hinomi.records.flights import (
    BODY_RANGES,
    CLASS_SPREAD,
    STAGE_RANGES,
    Threat,
    ThreatClass,
)

# Slots of a body's draws. Those from FAILS_AT on are asked only where something needs them.
BEARING, DISTANCE, START, APOGEE_DRAW, MASS, ISP, BURN, DENSITY = range(8)
SLOTS: Final = 8
FAILS_AT: Final = 8
FIRST_RANGE: Final = 9
MOST_STAGES: Final = 4
ALL_SLOTS: Final = FIRST_RANGE + len(BODY_RANGES) + MOST_STAGES * len(STAGE_RANGES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What chance made of one planned body."""

    bearing_rad: float
    distance_m: float
    start_s: float
    apogee_m: float
    fails_at_s: float
    u: Floats  # every draw of the body that was asked, by slot


def range_slot(key: str, stage: int) -> int:
    """Slot of the draw of one ranged number of a class."""
    if stage < 0:
        return FIRST_RANGE + BODY_RANGES.index(key)
    stages = FIRST_RANGE + len(BODY_RANGES)
    return stages + stage * len(STAGE_RANGES) + STAGE_RANGES.index(key)


def plan_of(threat: Threat, draws: Draws) -> Plan:
    """Draw bearing, distance, start, apogee and end of thrust evenly between their limits."""
    u = draws.uniforms("truth", threat.body, SLOTS)
    fails = math.isfinite(threat.fails_at_low_s) and math.isfinite(threat.fails_at_high_s)
    if fails or threat.disperse == CLASS_SPREAD:
        more = draws.uniforms("truth", threat.body, ALL_SLOTS - SLOTS, slot=SLOTS)
        u = np.concatenate([u, more])

    def between(slot: int, low: float, high: float) -> float:
        return float(low + u[slot] * (high - low))

    turn = threat.bearing_high_rad - threat.bearing_low_rad
    if turn < 0.0:  # across north
        turn %= 2.0 * math.pi
    turn = min(turn, 2.0 * math.pi)
    return Plan(
        bearing_rad=between(BEARING, threat.bearing_low_rad, threat.bearing_low_rad + turn),
        distance_m=between(DISTANCE, threat.distance_low_m, threat.distance_high_m),
        start_s=between(START, threat.start_low_s, threat.start_high_s),
        apogee_m=between(APOGEE_DRAW, threat.apogee_low_m, threat.apogee_high_m),
        fails_at_s=(
            between(FAILS_AT, threat.fails_at_low_s, threat.fails_at_high_s) if fails else math.inf
        ),
        u=u,
    )


def launch_point(threat: Threat, *, bearing_rad: float, distance_m: float) -> tuple[float, float]:
    """Latitude and longitude [rad] of the start."""
    lat, lon = math.radians(threat.centre_lat_deg), math.radians(threat.centre_lon_deg)
    if distance_m > 0.0:
        lat, lon = sphere_direct(lat, lon, bearing_rad, distance_m)
    return lat, lon


def check_plans(threats: Sequence[Threat], classes: Mapping[str, ThreatClass]) -> None:
    """Raise for names that are missing or doubled, and for places finer than the fence allows.

    Raises
    ------
    ScenarioError
        when a class is missing or a name is used twice.
    FenceError
        when an aim or a waypoint is finer than 0.1 degree.
    """
    names = [x.body for x in threats]
    for threat in threats:
        if names.count(threat.body) > 1:
            raise ScenarioError(
                f"two bodies are called {threat.body!r}; give each body its own name"
            )
        if threat.threat_class not in classes:
            raise ScenarioError(
                f"{threat.body}: no class {threat.threat_class!r}; "
                f"there are {', '.join(sorted(classes))}"
            )
        aim = (threat.aim_lat_deg, threat.aim_lon_deg)
        for what, place in (("aim", aim), *(("waypoint", w) for w in threat.waypoints_deg)):
            for value in place:
                if abs(value - round(value, 1)) > 1e-9:
                    raise FenceError(
                        f"{threat.body}: {what} {value} degrees is finer than 0.1 degree; "
                        f"use {round(value, 1)}"
                    )
