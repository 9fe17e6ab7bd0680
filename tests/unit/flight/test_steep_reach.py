"""Steep flights, which the Earth's rotation pulls west: flown to the east all the same."""

import math

import pytest

from hinomi.earth.geodesic import ellipsoid_direct, ellipsoid_inverse
from hinomi.flight.body import pack
from hinomi.flight.path import launch
from hinomi.flight.reach import reach
from hinomi.history.reconstruct import catalogue_class

PLACE = {"lat_a_rad": math.radians(39.2), "lon_a_rad": math.radians(125.7)}


def towards(bearing_deg, distance_m):
    lat, lon, _ = ellipsoid_direct(
        PLACE["lat_a_rad"], PLACE["lon_a_rad"], math.radians(bearing_deg), distance_m
    )
    return {**PLACE, "lat_b_rad": lat, "lon_b_rad": lon}


@pytest.mark.parametrize(
    ("name", "bearing_deg", "apogee_m"),
    [("icbm2_liquid", 71.0, 4.5e6), ("icbm3_solid", 71.0, 6.6e6), ("irbm_liquid", 250.0, 1.5e6)],
)
def test_the_flight_ends_at_the_wanted_place_with_the_wanted_apogee(name, bearing_deg, apogee_m):
    body = pack(catalogue_class(name))
    wanted = towards(bearing_deg, 1e6)
    found = reach(body, **wanted, apogee_m=apogee_m)
    path = launch(
        body,
        lat_rad=PLACE["lat_a_rad"],
        lon_rad=PLACE["lon_a_rad"],
        azimuth_rad=found.azimuth_rad,
        kick_rad=found.kick_rad,
        cutoff_s=found.cutoff_s,
    )
    off, _ = ellipsoid_inverse(
        wanted["lat_b_rad"], wanted["lon_b_rad"], path.end_lat_rad, path.end_lon_rad
    )
    assert off < 1200.0
    assert path.apogee_m == pytest.approx(apogee_m, abs=600.0)


def test_what_is_too_high_is_none():
    body = pack(catalogue_class("irbm_liquid"))
    assert reach(body, **towards(71.0, 1e6), apogee_m=6e6) is None


def test_the_faster_end_of_a_class_keeps_its_burn_time():
    usual, fast = (catalogue_class("icbm2_liquid", faster=share) for share in (0.0, 1.0))
    for own, other in zip(usual.stages, fast.stages, strict=True):
        assert other.burn_s == own.burn_s
        assert other.propellant_kg > own.propellant_kg
    assert fast.payload_kg < usual.payload_kg
