"""Cruise bodies: geodesics of WGS 84 through waypoints, at constant height and speed.

Kinematic: no thrust, no drag, no terrain. At each waypoint an arc of constant lateral acceleration
joins the two legs; it lies on the ellipsoid to within a metre (spherical trigonometry with the local
radius). Height is above the ellipsoid; the geoid and the sea are not modelled.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np

from hinomi.earth.geodesic import ellipsoid_direct, ellipsoid_inverse
from hinomi.earth.wgs84 import FLATTENING, SEMI_MAJOR_M, ecef_from_geodetic, local_axes
from hinomi.errors import ScenarioError
from hinomi.records.columns import Floats
from hinomi.records.flights import GLIDE, Threat, ThreatClass
from hinomi.threat.flown import Flown, whole_seconds
from hinomi.threat.plan import Plan, launch_point

STRAIGHT_RAD: Final = 1e-6  # smaller changes of course need no arc
SQUARED_ECCENTRICITY: Final = FLATTENING * (2.0 - FLATTENING)


@dataclass(frozen=True, slots=True, kw_only=True)
class Leg:
    """Part of a geodesic: from, bearing, distances [m] at which it begins and ends."""

    lat_rad: float
    lon_rad: float
    bearing_rad: float
    begin_m: float
    end_m: float
    time_s: float

    def at(self, share: float) -> tuple[float, float, float]:
        """Latitude, longitude and course [rad] at a share of its time."""
        along = self.begin_m + share * (self.end_m - self.begin_m)
        lat, lon, course = ellipsoid_direct(self.lat_rad, self.lon_rad, self.bearing_rad, along)
        return float(lat), float(lon), float(course)


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """Arc around a centre: radius [m] on the ground, bearings [rad] at its begin and end."""

    lat_rad: float
    lon_rad: float
    radius_m: float
    from_rad: float
    to_rad: float
    time_s: float

    def at(self, share: float) -> tuple[float, float, float]:
        """Latitude, longitude and course [rad] at a share of its time."""
        bearing = self.from_rad + share * (self.to_rad - self.from_rad)
        lat, lon, out = ellipsoid_direct(self.lat_rad, self.lon_rad, bearing, self.radius_m)
        side = math.copysign(0.5 * math.pi, self.to_rad - self.from_rad)
        return float(lat), float(lon), float(out) + side


def fly_cruise(threat: Threat, threat_class: ThreatClass, plan: Plan) -> Flown:
    """Fly one cruise body from its start through its waypoints to its aim.

    Raises
    ------
    ScenarioError
        when a leg is too short for the turns at its ends.
    """
    start = launch_point(threat, bearing_rad=plan.bearing_rad, distance_m=plan.distance_m)
    rest = (*threat.waypoints_deg, (threat.aim_lat_deg, threat.aim_lon_deg))
    points = [start, *((math.radians(lat), math.radians(lon)) for lat, lon in rest)]
    height, speed = threat_class.cruise_height_m, threat_class.cruise_speed_mps
    parts = route(
        points,
        height_m=height,
        speed_mps=speed,
        turn_mps2=threat_class.cruise_turn_mps2,
        who=threat.body,
    )
    whole = sum(part.time_s for part in parts)
    first, t_s = whole_seconds(plan.start_s, whole)
    r, v = states(parts, t_s, height_m=height, speed_mps=speed)
    return Flown(
        body=threat.body,
        threat_class=threat_class,
        kind=threat_class.kind,
        first_s=first,
        r_m=r,
        v_mps=v,
        height_m=np.full(len(t_s), height),
        jet_power_w=np.zeros(len(t_s)),
        phase=np.full(len(t_s), GLIDE, dtype=np.int32),
        launch_t_s=plan.start_s,
        burnout_t_s=plan.start_s,
        end_t_s=plan.start_s + whole,
        end_lat_deg=threat.aim_lat_deg,
        end_lon_deg=threat.aim_lon_deg,
        apogee_m=height,
    )


def states(
    parts: Sequence[Leg | Turn], t_s: Floats, *, height_m: float, speed_mps: float
) -> tuple[Floats, Floats]:
    """Earth-fixed positions and velocities (N, 3) at times [s] since the start, in order."""
    r, v = np.empty((len(t_s), 3)), np.empty((len(t_s), 3))
    i, begun = 0, 0.0
    for k, t in enumerate(t_s):
        while i + 1 < len(parts) and t > begun + parts[i].time_s:
            begun += parts[i].time_s
            i += 1
        lat, lon, course = parts[i].at((t - begun) / parts[i].time_s)
        axes = np.array(local_axes(lat, lon)).reshape(3, 3)
        r[k] = ecef_from_geodetic(lat, lon, height_m)
        v[k] = speed_mps * (math.sin(course) * axes[0] + math.cos(course) * axes[1])
    return r, v


def route(
    points: Sequence[tuple[float, float]],
    *,
    height_m: float,
    speed_mps: float,
    turn_mps2: float,
    who: str,
) -> list[Leg | Turn]:
    """Legs and turns through points (latitude, longitude) [rad]; `who` is named in messages.

    Raises
    ------
    ScenarioError
        when a leg is too short for the turns at its ends.
    """
    legs = [ellipsoid_inverse(*a, *b) for a, b in pairwise(points)]
    corners: list[tuple[float, Turn | None]] = [(0.0, None)]
    for i, (a, (length, bearing)) in enumerate(zip(points, legs, strict=False)):
        if i + 1 == len(legs):
            corners.append((0.0, None))
            break
        inbound = ellipsoid_direct(*a, bearing, length)[2]
        corners.append(
            _corner(points[i + 1], inbound, legs[i + 1][1], height_m, speed_mps, turn_mps2)
        )
    parts: list[Leg | Turn] = []
    for i, (length, bearing) in enumerate(legs):
        before, after = corners[i][0], corners[i + 1][0]
        if not before + after < length:
            radius = speed_mps**2 / turn_mps2
            raise ScenarioError(
                f"{who}: leg {i + 1} of {len(legs)} is {length / 1e3:.1f} km long, but its turns "
                f"take {(before + after) / 1e3:.1f} km at {speed_mps:g} m/s with a radius of "
                f"{radius / 1e3:.1f} km; move the waypoints apart or turn less sharply"
            )
        parts.append(_leg(points[i], bearing, before, length - after, height_m, speed_mps))
        turn = corners[i + 1][1]
        if turn is not None:
            parts.append(turn)
    return parts


def _leg(
    start: tuple[float, float],
    bearing: float,
    begin_m: float,
    end_m: float,
    height_m: float,
    speed_mps: float,
) -> Leg:
    lat, _, course = ellipsoid_direct(*start, bearing, 0.5 * (begin_m + end_m))
    ground_mps = speed_mps / (1.0 + height_m * _curvature(lat, course))
    return Leg(
        lat_rad=start[0],
        lon_rad=start[1],
        bearing_rad=bearing,
        begin_m=begin_m,
        end_m=end_m,
        time_s=(end_m - begin_m) / ground_mps,
    )


def _corner(
    point: tuple[float, float],
    inbound_rad: float,
    outbound_rad: float,
    height_m: float,
    speed_mps: float,
    turn_mps2: float,
) -> tuple[float, Turn | None]:
    """Ground distance [m] that a turn takes off each leg, and the turn; none where it is straight.

    Right spherical triangle of centre, waypoint and point of contact, on the local mean sphere.
    """
    angle = math.remainder(outbound_rad - inbound_rad, 2.0 * math.pi)
    if abs(angle) < STRAIGHT_RAD:
        return 0.0, None
    sphere = 1.0 / math.sqrt(_curvature(point[0], 0.0) * _curvature(point[0], 0.5 * math.pi))
    up = 1.0 + height_m / sphere
    wide = math.atan(speed_mps**2 / turn_mps2 / up / sphere)  # angular radius of the arc
    reach = math.tan(wide) * math.tan(0.5 * abs(angle))
    if not reach < 1.0:
        return math.inf, None
    taken = math.asin(reach)
    half = math.atan2(math.tan(taken), math.sin(wide))  # half the arc as seen from its centre
    away = math.acos(math.cos(wide) * math.cos(taken))
    side = math.copysign(1.0, angle)
    towards = inbound_rad + 0.5 * angle + side * 0.5 * math.pi
    lat, lon, onward = ellipsoid_direct(*point, towards, away * sphere)
    back = onward + math.pi  # from the centre to the waypoint
    return taken * sphere, Turn(
        lat_rad=lat,
        lon_rad=lon,
        radius_m=wide * sphere,
        from_rad=back - side * half,
        to_rad=back + side * half,
        time_s=2.0 * half * math.sin(wide) * sphere * up / speed_mps,
    )


def _curvature(lat_rad: float, course_rad: float) -> float:
    """Curvature [1/m] of the ellipsoid along a course: Euler's formula."""
    w2 = 1.0 - SQUARED_ECCENTRICITY * math.sin(lat_rad) ** 2
    across = math.sqrt(w2) / SEMI_MAJOR_M
    along = w2 * math.sqrt(w2) / (SEMI_MAJOR_M * (1.0 - SQUARED_ECCENTRICITY))
    return along * math.cos(course_rad) ** 2 + across * math.sin(course_rad) ** 2
