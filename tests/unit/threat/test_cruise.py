"""Cruise bodies: geodesic legs, round corners, constant height and speed."""

import math

import numpy as np
import pytest
from geographiclib.geodesic import Geodesic

from hinomi.earth.wgs84 import geodetic_from_ecef
from hinomi.errors import FenceError, ScenarioError
from hinomi.records.flights import GLIDE, Threat, ThreatClass
from hinomi.threat.cruise import Turn, route, states
from hinomi.threat.fly import fly


class Middle:
    """Every draw in the middle."""

    replicate = 0

    def keys(self, kind, entities):
        raise AssertionError("not needed")

    def uniforms(self, kind, entity, count, *, slot=0):
        return np.full(count, 0.5)


def cruise_class(name, height_m, speed_mps, turn_g=2.0):
    return ThreatClass(
        name=name,
        kind="cruise",
        stages=(),
        payload_kg=0.0,
        beta_kg_m2=0.0,
        back_pressure_share=0.0,
        burn_spread=0.0,
        cruise_height_m=height_m,
        cruise_speed_mps=speed_mps,
        cruise_turn_mps2=turn_g * 9.80665,
        rcs_body_m2=0.2,
    )


CLASSES = {
    c.name: c
    for c in (
        cruise_class("subsonic", 50.0, 240.0),
        cruise_class("supersonic", 200.0, 700.0),
        cruise_class("hypersonic", 25e3, 1700.0),
    )
}


def planned(name, aim, waypoints=(), **more):
    return Threat(
        **{
            "body": "c1",
            "threat_class": name,
            "aim_lat_deg": aim[0],
            "aim_lon_deg": aim[1],
            "apogee_low_m": math.nan,
            "apogee_high_m": math.nan,
            "centre_lat_deg": 38.0,
            "centre_lon_deg": 126.0,
            "distance_low_m": 0.0,
            "distance_high_m": 0.0,
            "bearing_low_rad": 0.0,
            "bearing_high_rad": 0.0,
            "start_low_s": 7.5,
            "start_high_s": 7.5,
            "waypoints_deg": waypoints,
            **more,
        }
    )


def geodesic(a, b):
    return Geodesic.WGS84.Inverse(*a, *b)


@pytest.mark.parametrize("name", CLASSES)
def test_a_straight_flight_takes_the_length_of_the_geodesic_at_its_height(name):
    """Length from an independent library; height lengthens it by height over radius (0.1 %)."""
    c = CLASSES[name]
    flights = fly([planned(name, (34.0, 131.0))], CLASSES, draws=Middle(), t_end_s=3000.0)
    length = geodesic((38.0, 126.0), (34.0, 131.0))["s12"]
    time = length * (1.0 + c.cruise_height_m / 6371e3) / c.cruise_speed_mps
    assert flights.end_t_s[0] - flights.launch_t_s[0] == pytest.approx(time, rel=1e-5)
    assert flights.launch_t_s[0] == 7.5
    assert flights.first[0] == 8
    assert flights.last[0] == math.floor(flights.end_t_s[0])
    assert (flights.end_lat_deg[0], flights.end_lon_deg[0]) == (34.0, 131.0)
    seen = slice(flights.first[0], flights.last[0] + 1)
    assert np.all(flights.phase[0, seen] == GLIDE)
    assert np.all(flights.rcs_m2[0, seen] == 0.2)
    assert flights.apogee_m[0] == c.cruise_height_m
    lat, lon, _ = geodetic_from_ecef(*flights.r_m[0, 100])
    off = geodesic((38.0, 126.0), (math.degrees(lat), math.degrees(lon)))
    assert off["azi1"] == pytest.approx(geodesic((38.0, 126.0), (34.0, 131.0))["azi1"], abs=1e-6)


def test_a_turn_cuts_its_corner_by_twice_the_tangent_less_the_arc():
    """Plane figure of a radius of 2.9 km: 2 R tan(angle / 2) - R angle is taken off the legs."""
    way = ((36.0, 127.0),)
    flights = fly([planned("subsonic", (36.0, 130.0), way)], CLASSES, draws=Middle(), t_end_s=10.0)
    one = geodesic((38.0, 126.0), (36.0, 127.0))
    two = geodesic((36.0, 127.0), (36.0, 130.0))
    angle = math.radians(abs(two["azi1"] - one["azi2"]))
    radius = 240.0**2 / (2 * 9.80665)
    length = one["s12"] + two["s12"] - radius * (2 * math.tan(angle / 2) - angle)
    flown = (flights.end_t_s[0] - flights.launch_t_s[0]) * 240.0 / (1 + 50.0 / 6371e3)
    assert flown == pytest.approx(length, abs=5.0)
    assert radius * (2 * math.tan(angle / 2) - angle) > 200.0


@pytest.mark.parametrize("east", [-1.0, 1.0])
@pytest.mark.parametrize("name", CLASSES)
def test_the_path_is_smooth_at_constant_speed_and_height_through_a_turn(name, east):
    """Positions every half second against their own velocities; turns to both sides."""
    c = CLASSES[name]
    points = [
        tuple(map(math.radians, p)) for p in ((30, 0), (35, 0), (35, 8 * east), (31, 9 * east))
    ]
    parts = route(
        points,
        height_m=c.cruise_height_m,
        speed_mps=c.cruise_speed_mps,
        turn_mps2=c.cruise_turn_mps2,
        who="c",
    )
    turns = [p for p in parts if isinstance(p, Turn)]
    assert len(turns) == 2
    whole = sum(p.time_s for p in parts)
    t = np.arange(0.0, whole, 0.5)
    r, v = states(parts, t, height_m=c.cruise_height_m, speed_mps=c.cruise_speed_mps)
    assert np.linalg.norm(v, axis=1) == pytest.approx(c.cruise_speed_mps, rel=1e-12)
    heights = np.array([geodetic_from_ecef(*x)[2] for x in r])
    assert np.abs(heights - c.cruise_height_m).max() < 1e-3
    slip = np.linalg.norm(np.diff(r, axis=0) / 0.5 - 0.5 * (v[1:] + v[:-1]), axis=1)
    # The lateral pull sets in at once: an eighth of it times the half second is the chord's error.
    assert slip.max() < 0.5 * c.cruise_turn_mps2 / 8.0 + 0.2
    # In the middle of a turn the change of velocity across the vertical is what was asked for.
    begun = parts[0].time_s
    middle = begun + 0.5 * parts[1].time_s
    around = np.array([middle - 0.5, middle, middle + 0.5])
    r3, v3 = states(parts, around, height_m=c.cruise_height_m, speed_mps=c.cruise_speed_mps)
    pull = v3[2] - v3[0]
    up = r3[1] / np.linalg.norm(r3[1])
    pull -= (pull @ up) * up
    assert np.linalg.norm(pull) == pytest.approx(c.cruise_turn_mps2, rel=5e-3)
    right = np.cross(v3[1], up)
    assert math.copysign(1.0, pull @ right) == east


def test_a_leg_too_short_for_its_turns_is_refused_with_leg_lengths_and_way_out():
    way = ((36.0, 127.0), (36.0, 127.3))
    with pytest.raises(ScenarioError, match=r"c1: leg 2 of 3 is 27\.0 km .* radius of 147\.3 km"):
        fly([planned("hypersonic", (34.0, 127.0), way)], CLASSES, draws=Middle(), t_end_s=10.0)


def test_turning_back_on_itself_is_refused():
    way = ((36.0, 126.0),)
    with pytest.raises(ScenarioError, match="turn less sharply"):
        fly([planned("subsonic", (38.0, 126.0), way)], CLASSES, draws=Middle(), t_end_s=10.0)


def test_waypoints_are_no_finer_than_aims():
    with pytest.raises(FenceError, match=r"waypoint 36\.05 degrees is finer than 0\.1"):
        fly(
            [planned("subsonic", (34.0, 131.0), ((36.05, 127.0),))],
            CLASSES,
            draws=Middle(),
            t_end_s=10.0,
        )
