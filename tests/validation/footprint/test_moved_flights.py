"""A flight laid to another aim is the flight that is solved there: within 2 km all the way."""

import math
from dataclasses import replace

import numpy as np
import pytest

from hinomi.earth.geodesic import sphere_direct
from hinomi.footprint.launches import LONGEST_S, about_end
from hinomi.footprint.shots import _lay
from hinomi.scenario.load import load
from hinomi.study.seeds import AddressedDraws
from hinomi.threat.fly import fly

FURTHEST_M = 2_000.0


@pytest.mark.parametrize("number", [0, 4], ids=["glider", "ballistic"])
@pytest.mark.parametrize("aim_deg", [(33.6, 130.4), (24.3, 124.2)])
def test_a_moved_flight_is_the_one_solved_for_that_aim(number, aim_deg):
    scenario = load("okinawa-2025")
    threat = replace(scenario.threats[number], start_low_s=0.0, start_high_s=0.0)

    def flown(one):
        return fly([one], scenario.classes, draws=AddressedDraws(1, 0), t_end_s=LONGEST_S)

    first = flown(threat)
    told = about_end(first, 0)
    lat, lon = np.radians(aim_deg)
    moved = np.empty((len(told.about_end), 3))
    _lay(told.about_end, lat, lon, moved)
    start = sphere_direct(lat, lon, told.about_end[0, 1], told.about_end[0, 0])
    solved = flown(
        replace(
            threat, aim_lat_deg=aim_deg[0], aim_lon_deg=aim_deg[1],
            centre_lat_deg=math.degrees(start[0]), centre_lon_deg=math.degrees(start[1]),
            distance_low_m=0.0, distance_high_m=0.0, apogee_low_m=float(first.apogee_m[0]),
            apogee_high_m=float(first.apogee_m[0]),
        )
    )  # fmt: skip
    n = min(len(moved), int(solved.last[0]) + 1)
    assert abs(len(moved) - 1 - int(solved.last[0])) <= 1
    apart = np.linalg.norm(moved[:n] - solved.r_m[0, :n], axis=1)
    assert apart.max() < FURTHEST_M
