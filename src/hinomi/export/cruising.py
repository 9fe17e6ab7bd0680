"""Flights of cruise classes: along geodesics over waypoints, as a path like any other."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Final

import numpy as np

from hinomi.earth.geodesic import ellipsoid_inverse
from hinomi.errors import ScenarioError
from hinomi.export.flight_asked import Asked
from hinomi.flight.path import Path
from hinomi.flight.pointmass import LANDED
from hinomi.records.flights import GLIDE
from hinomi.threat.cruise import route, states

LONGEST_S: Final = 86_400.0
LONGEST_LEG_M: Final = 19_000e3  # geodesics are sure up to here


def cruise(asked: Asked) -> Path:
    """Fly a cruise class from its start over its waypoints to its aim.

    Raises
    ------
    ScenarioError
        when a leg is too short for the turns at its ends, or the Earth is a sphere.
    """
    if asked.ground.round:
        raise ScenarioError(
            f"--earth is {asked.ground.earth}, and cruise classes fly along geodesics of WGS 84 "
            "only: leave --earth out"
        )
    body = asked.threat_class
    height, speed = body.cruise_height_m, body.cruise_speed_mps
    points = [(asked.lat_rad, asked.lon_rad), *asked.via_rad, asked.to_rad]
    if any(a == b for a, b in pairwise(points)):
        raise ScenarioError("two points of the route are the same: leave one out")
    legs = [float(ellipsoid_inverse(*a, *b)[0]) for a, b in pairwise(points)]
    if max(legs) > LONGEST_LEG_M:
        raise ScenarioError(
            f"a leg is {max(legs) / 1e3:.0f} km long; it must be at most "
            f"{LONGEST_LEG_M / 1e3:.0f} km: give a --via between"
        )
    parts = route(
        points, height_m=height, speed_mps=speed, turn_mps2=body.cruise_turn_mps2, who=body.name
    )
    whole = sum(part.time_s for part in parts)
    if whole > LONGEST_S:
        raise ScenarioError(
            f"this route takes {whole / 3600.0:.0f} h; it must take at most "
            f"{LONGEST_S / 3600.0:.0f} h: bring --to nearer"
        )
    t = np.append(np.arange(math.floor(whole) + 1.0), whole)
    r, v = states(parts, t, height_m=height, speed_mps=speed)
    count = len(t) - 1
    return Path(
        t_s=t[:-1],
        r_m=r[:-1],
        v_mps=v[:-1],
        height_m=np.full(count, height),
        jet_power_w=np.zeros(count),
        mass_kg=np.full(count, body.payload_kg),
        phase=np.full(count, GLIDE, dtype=np.int32),
        end_r_m=r[-1],
        end_v_mps=v[-1],
        end_t_s=whole,
        end_lat_rad=asked.to_rad[0],
        end_lon_rad=asked.to_rad[1],
        status=int(LANDED),
        landed=True,
        apogee_m=height,
        apogee_t_s=0.0,
        burnout_t_s=0.0,
        highest_m=height,
        glide_t_s=-1.0,
        drop_t_s=-1.0,
        air_out_t_s=-1.0,
        air_in_t_s=-1.0,
        steps=0,
    )
