"""Rows of the page of the whole chain that no picture shows: Earth, satellites, evacuation, indices."""

import math
import runpy
from pathlib import Path

import numpy as np
from geographiclib.geodesic import Geodesic

from hinomi.earth.geodesic import ellipsoid_inverse
from hinomi.earth.wgs84 import ecef_from_geodetic, local_axes
from hinomi.flight.orbit import GEOSTATIONARY_RADIUS_M, circular_position

C = runpy.run_path(str(Path(__file__).with_name("cases_links.py")))
Row, tests_of = C["Row"], C["tests_of"]
PAIRS = {
    "Pyongyang to Naha": (39.0, 125.7, 26.2, 127.7),
    "Naha to Tokyo": (26.2, 127.7, 35.7, 139.7),
    "a third of the way round": (10.0, 100.0, -40.0, -150.0),
}


def distances():
    for case, (lat, lon, to_lat, to_lon) in PAIRS.items():
        theirs = 1e-3 * Geodesic.WGS84.Inverse(lat, lon, to_lat, to_lon)["s12"]
        given = (math.radians(x) for x in (lat, lon, to_lat, to_lon))
        ours = 1e-3 * ellipsoid_inverse(*given)[0]
        yield Row(case, "distance", theirs, ours, 1e-6, "km", 6, "GeographicLib")


def geostationary():
    test = tests_of("satellite_geometry", "test_satellite_geometry")
    for row in test.table("geostationary.csv"):
        lat, lon = math.radians(float(row["lat_deg"])), math.radians(float(row["lon_deg"]))
        longitude = math.radians(float(row["satellite_lon_deg"]))
        there = np.array(circular_position(GEOSTATIONARY_RADIUS_M, 1.0, 0.0, longitude, 0.0))
        sight = there - np.array(ecef_from_geodetic(lat, lon, 0.0))
        slant_m = float(np.linalg.norm(sight))
        up = sight @ np.array(local_axes(lat, lon)[6:]) / slant_m
        slant_km, elevation_deg = 1e-3 * slant_m, math.degrees(math.asin(up))
        case = f"place at {row['lat_deg']} N {row['lon_deg']} E, satellite {row['satellite_lon_deg']} E"
        source = "another program"
        yield Row(case, "slant", float(row["slant_km"]), slant_km, 0.0501, "km", 1, source)
        theirs = float(row["elevation_deg"])
        yield Row(case, "elevation", theirs, elevation_deg, 0.000501, "deg", 3, source)


def days_to_clear():
    test = tests_of("evacuation", "test_public_plan")
    for row in test._rows():
        exit_ = test.port("all", "all", float(row["people_per_day"]))
        ours = float(test.days_of(test.plan_of([("all", float(row["people"]))], [exit_])))
        tolerance = float(row["tolerance_days"])
        source = "the press on the plan for Sakishima, 2023 to 2025"
        yield Row(row["case"], "days", float(row["days"]), ours, tolerance, "d", 1, source)


GROUPS = {  # link -> title -> rows
    "earth": {"geodesics": distances},
    "watch": {"geostationary satellites": geostationary},
    "warn": {"days to clear islands": days_to_clear},
}
