"""From planned bodies to true paths."""

import hashlib
import math
import runpy
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from geographiclib.geodesic import Geodesic

from hinomi.earth.geodesic import sphere_inverse
from hinomi.earth.wgs84 import ecef_from_geodetic, geodetic_from_ecef
from hinomi.errors import FenceError, ScenarioError, UnreachableError
from hinomi.flight.body import pack
from hinomi.flight.reach import reach
from hinomi.records.draws import fill_uniforms
from hinomi.records.flights import BOOST, ENDED, WAITING, Threat
from hinomi.threat.fly import fly

C = runpy.run_path(str(Path(__file__).parents[1] / "flight" / "flight_classes.py"))
CLASSES = C["CLASSES"]


class Chance:
    """Addressed uniforms as a study gives them; every stream can also be set by hand."""

    def __init__(self, replicate=0, fixed=None):
        self.replicate, self.fixed, self.asked = replicate, fixed, []

    def keys(self, kind, entities):
        raise AssertionError("the flight of a body needs no keys")

    def uniforms(self, kind, entity, count, *, slot=0):
        self.asked.append((kind, entity, slot, count))
        if self.fixed is not None:
            return np.full(count, self.fixed)
        word = int.from_bytes(hashlib.sha256(f"{kind}|{entity}".encode()).digest()[:8], "big")
        out = np.empty(count)
        fill_uniforms(np.uint64(7), np.uint64(word), self.replicate, slot, out)
        return out


def planned(body, name, lat, lon, **more):
    glides = name == "glider"
    return Threat(
        **{
            "body": body,
            "threat_class": name,
            "aim_lat_deg": lat,
            "aim_lon_deg": lon,
            "apogee_low_m": 60e3 if glides else 270e3,
            "apogee_high_m": 100e3 if glides else 430e3,
            "centre_lat_deg": lat,
            "centre_lon_deg": lon,
            "distance_low_m": 1000e3 if glides else 800e3,
            "distance_high_m": 1500e3 if glides else 1050e3,
            "bearing_low_rad": math.radians(300),
            "bearing_high_rad": math.radians(20),
            "start_low_s": 0.0,
            "start_high_s": 300.0,
            "bank_schedule": ((60.0, math.radians(30)), (150.0, 0.0)) if glides else (),
            "mass_spread": 0.05,
            "isp_spread_s": 5.0,
            "burn_spread": 0.1,
            "density_spread": 0.1,
            **more,
        }
    )


RAID = [
    planned("g1", "glider", 26.2, 127.7),
    planned("m1", "mrbm_liquid", 24.8, 125.3),
    planned("g2", "glider", 31.6, 130.6),
    planned("m2", "mrbm_liquid", 33.6, 130.4),
]


@pytest.fixture(scope="module")
def raid():
    return fly(RAID, CLASSES, draws=Chance(3), t_end_s=1500.0)


@pytest.mark.parametrize("replicate", range(6))
def test_every_body_ends_within_a_kilometre_of_its_aim(replicate):
    flights = fly(RAID, CLASSES, draws=Chance(replicate), t_end_s=1500.0)
    for i, threat in enumerate(RAID):
        miss = Geodesic.WGS84.Inverse(
            threat.aim_lat_deg, threat.aim_lon_deg, flights.end_lat_deg[i], flights.end_lon_deg[i]
        )["s12"]
        assert miss <= threat.tolerance_m
        assert threat.apogee_low_m - 600 <= flights.apogee_m[i] <= threat.apogee_high_m + 600


def test_bodies_start_on_the_ground_of_their_arc_in_their_time(raid):
    for i, threat in enumerate(RAID):
        first = raid.first[i]
        assert 0.0 <= raid.launch_t_s[i] <= 300.0
        assert first == math.ceil(raid.launch_t_s[i])
        lat, lon, height = geodetic_from_ecef(*raid.r_m[i, first])
        assert 0.0 <= height < 30.0
        centre = math.radians(threat.centre_lat_deg), math.radians(threat.centre_lon_deg)
        distance, bearing = sphere_inverse(*centre, lat, lon)
        assert threat.distance_low_m - 50 <= distance <= threat.distance_high_m + 50
        assert math.degrees(bearing) >= 299.9 or math.degrees(bearing) <= 20.1


def test_a_body_is_there_from_first_to_last_and_nowhere_else(raid):
    assert raid.t_s[0] == 0.0
    assert raid.t_s[-1] == 1500.0
    for i in range(len(RAID)):
        first, last = raid.first[i], raid.last[i]
        there = np.zeros(len(raid.t_s), dtype=bool)
        there[first : last + 1] = True
        assert np.array_equal(np.isfinite(raid.r_m[i]).all(axis=1), there)
        assert np.array_equal(np.isfinite(raid.v_mps[i]).all(axis=1), there)
        assert np.array_equal(np.isfinite(raid.height_m[i]), there)
        assert np.all(raid.intensity_w_sr[i][~there] == 0.0)
        assert np.all(raid.rcs_m2[i][~there] == 0.0)
        assert np.all(raid.intensity_w_sr[i][there & (raid.height_m[i] > 9e3)] > 0.0)
        assert np.all(raid.phase[i, :first] == WAITING)
        assert np.all(raid.phase[i, last + 1 :] == ENDED)
        assert np.all(np.diff(raid.phase[i]) >= 0)
        assert last == math.floor(raid.end_t_s[i])
        assert raid.launch_t_s[i] < raid.burnout_t_s[i] < raid.end_t_s[i]
        boosting = raid.phase[i] == BOOST
        assert np.all(raid.t_s[boosting] <= raid.burnout_t_s[i])
        assert np.all(raid.rcs_m2[i][boosting] == 1.0)
        assert np.all(raid.rcs_m2[i][there & ~boosting] == 0.05)


def test_the_last_row_lies_within_a_second_of_the_end(raid):
    for i in range(len(RAID)):
        end = ecef_from_geodetic(
            math.radians(raid.end_lat_deg[i]), math.radians(raid.end_lon_deg[i]), 0.0
        )
        gap = np.linalg.norm(raid.r_m[i, raid.last[i]] - np.array(end))
        assert gap <= 1.05 * np.linalg.norm(raid.v_mps[i, raid.last[i]])


def test_paths_are_smooth_on_the_grid(raid):
    for i in range(len(RAID)):
        seen = slice(raid.first[i], raid.last[i] + 1)
        r, v = raid.r_m[i, seen], raid.v_mps[i, seen]
        step = r[1:] - r[:-1] - 0.5 * (v[1:] + v[:-1])
        thrust_ends = math.floor(raid.burnout_t_s[i]) - raid.first[i]
        assert np.abs(np.delete(step, thrust_ends, axis=0)).max() < 5.0
        assert np.abs(step[thrust_ends]).max() < 20.0


def test_the_order_of_the_bodies_and_the_others_do_not_matter(raid):
    turned = fly(RAID[::-1], CLASSES, draws=Chance(3), t_end_s=1500.0)
    assert turned.bodies == raid.bodies[::-1]
    assert np.array_equal(turned.r_m[::-1], raid.r_m, equal_nan=True)
    alone = fly(RAID[2:3], CLASSES, draws=Chance(3), t_end_s=1500.0)
    assert np.array_equal(alone.r_m[0], raid.r_m[2], equal_nan=True)


def test_draws_are_asked_once_per_body_at_fixed_slots():
    chance = Chance(1)
    fly(RAID, CLASSES, draws=chance, t_end_s=100.0)
    assert chance.asked == [("truth", x.body, 0, 8) for x in RAID]


def test_another_replicate_flies_elsewhere(raid):
    other = fly(RAID, CLASSES, draws=Chance(4), t_end_s=1500.0)
    assert not np.any(other.launch_t_s == raid.launch_t_s)
    assert not np.any(other.apogee_m == raid.apogee_m)


def test_a_short_grid_cuts_the_rows_but_not_the_true_end(raid):
    short = fly(RAID, CLASSES, draws=Chance(3), t_end_s=250.0)
    assert short.r_m.shape == (4, 251, 3)
    assert short.end_t_s == pytest.approx(raid.end_t_s, rel=1e-12)
    assert np.array_equal(short.r_m, raid.r_m[:, :251], equal_nan=True)
    assert short.last.max() == 250


def test_a_body_that_starts_after_the_grid_has_no_rows():
    late = replace(RAID[1], start_low_s=900.0, start_high_s=901.0)
    flights = fly([late], CLASSES, draws=Chance(0), t_end_s=600.0)
    assert flights.first[0] > flights.last[0]
    assert np.all(flights.phase == WAITING)


def test_a_fixed_centre_is_the_launch_point():
    here = replace(
        RAID[1],
        centre_lat_deg=39.0,
        centre_lon_deg=126.0,
        aim_lat_deg=33.6,
        aim_lon_deg=130.4,
        distance_low_m=0.0,
        distance_high_m=0.0,
        start_low_s=10.0,
        start_high_s=10.0,
    )
    flights = fly([here], CLASSES, draws=Chance(0), t_end_s=20.0)
    lat, lon, height = geodetic_from_ecef(*flights.r_m[0, 10])
    assert np.degrees([lat, lon]) == pytest.approx([39.0, 126.0], abs=1e-9)
    assert height == pytest.approx(0.0, abs=1e-3)


def test_middle_draws_fly_the_class_itself():
    flights = fly(RAID[1:2], CLASSES, draws=Chance(fixed=0.5), t_end_s=1200.0)
    assert flights.launch_t_s[0] == 150.0
    assert flights.apogee_m[0] == pytest.approx(350e3, abs=600)
    assert flights.burnout_t_s[0] - 150.0 < 95.0


def test_what_is_out_of_reach_comes_nearer_but_stays_in_its_band():
    """The far part of the distances cannot be flown: the far draws shrink."""
    wide = replace(
        RAID[1], distance_high_m=2000e3, mass_spread=0.0, isp_spread_s=0.0, burn_spread=0.0
    )
    flights = fly([wide], CLASSES, draws=Chance(fixed=0.9), t_end_s=400.0)
    lat, lon, _ = geodetic_from_ecef(*flights.r_m[0, flights.first[0]])
    distance, _ = sphere_inverse(math.radians(24.8), math.radians(125.3), lat, lon)
    assert 800e3 - 50 <= distance < 1300e3


def test_a_weak_draw_falls_back_to_the_class():
    """Three deviations short: no distance can be flown until the departures shrink."""
    chance = Chance(fixed=1e-9)
    weak = replace(RAID[1], burn_spread=0.0, mass_spread=0.08)
    flights = fly([weak], CLASSES, draws=chance, t_end_s=900.0)
    assert flights.end_lat_deg[0] == pytest.approx(24.8, abs=0.01)
    lat, lon, _ = geodetic_from_ecef(*flights.r_m[0, 1])
    full = CLASSES["mrbm_liquid"].stages[0]
    short = replace(
        full, propellant_kg=0.76 * full.propellant_kg, isp_vacuum_s=full.isp_vacuum_s - 15
    )
    aim = {"lat_b_rad": math.radians(24.8), "lon_b_rad": math.radians(125.3)}
    where = {"lat_a_rad": lat, "lon_a_rad": lon, **aim, "apogee_m": 350e3}
    assert reach(pack(CLASSES["mrbm_liquid"], stages=[short]), **where) is None


def test_an_aim_out_of_all_reach_is_an_error_with_body_class_and_distance():
    far = replace(RAID[1], distance_low_m=3000e3, distance_high_m=3200e3)
    with pytest.raises(UnreachableError, match=r"m1 of class mrbm_liquid .* 3000 km .* reaches"):
        fly([far], CLASSES, draws=Chance(0), t_end_s=100.0)


def test_wrong_plans_are_refused():
    with pytest.raises(ScenarioError, match="two bodies are called 'm1'"):
        fly([RAID[1], RAID[1]], CLASSES, draws=Chance(0), t_end_s=10.0)
    with pytest.raises(ScenarioError, match="no class 'dragon'; there are glider"):
        fly([replace(RAID[1], threat_class="dragon")], CLASSES, draws=Chance(0), t_end_s=10.0)
    with pytest.raises(FenceError, match=r"finer than 0\.1 degree"):
        fly([replace(RAID[1], aim_lat_deg=26.21)], CLASSES, draws=Chance(0), t_end_s=10.0)
    with pytest.raises(FenceError, match="1000 m or more"):
        fly([replace(RAID[1], tolerance_m=10.0)], CLASSES, draws=Chance(0), t_end_s=10.0)
