"""Launchers, quasi-ballistic and skipping bodies, spent stages, numbers drawn from class ranges."""

import hashlib
import math
import runpy
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from geographiclib.geodesic import Geodesic

from hinomi.earth.wgs84 import geodetic_from_ecef
from hinomi.flight.body import BETA, FIRST_STAGE, PAYLOAD, pack
from hinomi.records.draws import fill_uniforms
from hinomi.records.flights import (
    BODY_RANGES,
    BOOST,
    GLIDE,
    STAGE_RANGES,
    ClassRange,
    Stage,
    Threat,
)
from hinomi.threat.fly import fly
from hinomi.threat.plan import ALL_SLOTS, MOST_STAGES, SLOTS, range_slot
from hinomi.threat.spread import body_of

C = runpy.run_path(str(Path(__file__).parents[1] / "flight" / "flight_classes.py"))
MRBM = C["MRBM"]
UPPER = Stage(propellant_kg=3000, dry_kg=500, isp_vacuum_s=290, burn_s=260, diameter_m=1.25)
LOWER = (
    Stage(propellant_kg=65000, dry_kg=8000, isp_vacuum_s=250, burn_s=125, diameter_m=2.4),
    replace(UPPER, propellant_kg=12000, dry_kg=1600, isp_vacuum_s=280, burn_s=200, diameter_m=1.5,
            pitch_rate_rad_s=math.radians(0.02)),
)  # fmt: skip
CLASSES = {
    "mrbm": MRBM,
    "quasi": replace(
        MRBM, name="quasi", kind="quasi_ballistic", lift_to_drag=1.6, beta_kg_m2=7000.0,
        glide_below_m=50e3, lift_floor_m=20e3, terminal_speed_mps=1000.0, damping_per_s=0.2,
    ),
    "skip": replace(C["GLIDER"], name="skip", lift_law="skip"),
    "slv": replace(
        MRBM, name="slv", kind="launcher", payload_kg=300.0, beta_kg_m2=2000.0,
        stages=(*LOWER, replace(UPPER, pitch_rate_rad_s=math.radians(0.25))),
    ),
    "two": replace(
        MRBM, name="two", stages=(MRBM.stages[0], replace(UPPER, burn_s=60.0)), payload_kg=500.0
    ),
}  # fmt: skip


class Chance:
    """Addressed uniforms as a study gives them, or one number for all."""

    def __init__(self, replicate=0, fixed=None):
        self.replicate, self.fixed, self.asked = replicate, fixed, []

    def keys(self, kind, entities):
        raise AssertionError("not needed")

    def uniforms(self, kind, entity, count, *, slot=0):
        self.asked.append((slot, count))
        if self.fixed is not None:
            return np.full(count, self.fixed)
        word = int.from_bytes(hashlib.sha256(f"{kind}|{entity}".encode()).digest()[:8], "big")
        out = np.empty(count)
        fill_uniforms(np.uint64(7), np.uint64(word), self.replicate, slot, out)
        return out


def planned(name, **more):
    return Threat(
        **{
            "body": "b1",
            "threat_class": name,
            "aim_lat_deg": 33.6,
            "aim_lon_deg": 130.4,
            "apogee_low_m": 300e3,
            "apogee_high_m": 300e3,
            "centre_lat_deg": 39.7,
            "centre_lon_deg": 124.7,
            "distance_low_m": 0.0,
            "distance_high_m": 0.0,
            "bearing_low_rad": 0.0,
            "bearing_high_rad": 0.0,
            "start_low_s": 5.3,
            "start_high_s": 5.3,
            **more,
        }
    )


def launcher(**more):
    nowhere = dict.fromkeys(
        ("aim_lat_deg", "aim_lon_deg", "apogee_low_m", "apogee_high_m"), math.nan
    )
    told = {"azimuth_rad": math.pi, "kick_rad": math.radians(0.5)}
    return planned("slv", **{**nowhere, **told, **more})


def test_a_launcher_that_reaches_orbit_ends_with_the_grid_and_nowhere():
    flights = fly([launcher()], CLASSES, draws=Chance(), t_end_s=3600.0)
    assert flights.end_t_s[0] == 3600.0
    assert flights.last[0] == 3600
    assert np.isnan([flights.end_lat_deg[0], flights.end_lon_deg[0]]).all()
    assert flights.burnout_t_s[0] == pytest.approx(5.3 + 585.0)
    speed = np.linalg.norm(flights.v_mps[0, 700])
    assert 7000.0 < speed < 8000.0
    assert flights.height_m[0, 700:].min() > 150e3


def test_a_launcher_flies_where_it_is_told():
    """Southwards; the turning Earth takes what climbs some degrees to the west."""
    flights = fly([launcher()], CLASSES, draws=Chance(), t_end_s=300.0)
    lat, lon, _ = geodetic_from_ecef(*flights.r_m[0, 290])
    way = Geodesic.WGS84.Inverse(39.7, 124.7, math.degrees(lat), math.degrees(lon))
    assert -180.0 < way["azi1"] < -168.0


def test_a_failed_launcher_loses_thrust_between_its_limits_and_comes_down():
    ends = []
    for replicate in range(8):
        failing = launcher(fails_at_low_s=130.0, fails_at_high_s=200.0)
        flights = fly([failing], CLASSES, draws=Chance(replicate), t_end_s=1500.0)
        burn = flights.burnout_t_s[0] - flights.launch_t_s[0]
        assert 130.0 <= burn <= 200.0
        assert math.isfinite(flights.end_lat_deg[0])
        assert np.all(flights.t_s[flights.phase[0] == BOOST] <= flights.burnout_t_s[0])
        ends.append(burn)
    assert np.ptp(ends) > 10.0


def test_a_quasi_ballistic_body_lifts_only_between_floor_and_ceiling():
    aim = {"aim_lat_deg": 35.2, "aim_lon_deg": 130.0}
    quasi = planned("quasi", apogee_low_m=50e3, apogee_high_m=50e3, **aim)
    flights = fly([quasi], CLASSES, draws=Chance(), t_end_s=900.0)
    miss = Geodesic.WGS84.Inverse(35.2, 130.0, flights.end_lat_deg[0], flights.end_lon_deg[0])
    assert miss["s12"] <= 1000.0
    assert flights.apogee_m[0] == pytest.approx(50e3, abs=600.0)
    lifting = flights.phase[0] == GLIDE
    assert lifting.any()
    heights = flights.height_m[0, lifting]
    assert heights.min() >= 20e3 - 2e3
    assert heights.max() <= 50e3 + 1e3


def test_a_skipping_glider_rises_again_where_the_other_law_goes_on_down():
    """Times that the height turns upwards in the glide, and how far it then climbs."""
    classes = {**CLASSES, "even": replace(C["GLIDER"], name="even", damping_per_s=0.2)}
    climbs = {}
    for name in ("skip", "even"):
        glider = planned(
            name, aim_lat_deg=29.0, aim_lon_deg=135.0, apogee_low_m=90e3, apogee_high_m=90e3
        )
        flights = fly([glider], classes, draws=Chance(), t_end_s=1500.0)
        height = flights.height_m[0, flights.phase[0] == GLIDE]
        turns = np.flatnonzero(np.diff(np.sign(np.diff(height)))) + 1
        climbs[name] = np.diff(height[turns])[::2]
    assert np.sum(climbs["skip"] > 10e3) >= 2
    assert np.all(climbs["even"] < 1e3)


def test_spent_stages_follow_the_threats_as_cold_bodies_of_their_own():
    two = planned("two", spent_stages=True, apogee_low_m=400e3, apogee_high_m=400e3)
    other = planned("mrbm", body="b2")
    flights = fly([two, other], CLASSES, draws=Chance(), t_end_s=1500.0)
    assert flights.bodies[:3] == ("b1", "b2", "b1/stage1")
    assert flights.parent.tolist()[:3] == [-1, -1, 0]
    assert flights.kinds[2] == "ballistic"
    assert flights.classes[2] == "two"
    stage, body = 2, 0
    assert flights.launch_t_s[stage] == flights.launch_t_s[body]
    assert flights.burnout_t_s[stage] == pytest.approx(5.3 + 95.0)
    first = flights.first[stage]
    assert first == math.ceil(5.3 + 95.0)
    gap = np.linalg.norm(flights.r_m[stage, first] - flights.r_m[body, first])
    assert gap < 200.0
    assert np.all(flights.rcs_m2[stage, first : flights.last[stage] + 1] == 1.0)
    assert flights.intensity_w_sr[stage, first:].max() < 10.0
    assert not np.any(flights.phase[stage] == BOOST)
    assert flights.end_t_s[stage] < flights.end_t_s[body]
    alone = fly([replace(two, spent_stages=False)], CLASSES, draws=Chance(), t_end_s=1500.0)
    assert alone.bodies == ("b1",)
    assert np.array_equal(alone.r_m[0], flights.r_m[0], equal_nan=True)


RANGED = replace(
    MRBM,
    ranges=(
        ClassRange(key="payload_kg", low=700.0, high=1200.0),
        ClassRange(key="beta_kg_m2", low=2000.0, high=12000.0),
        ClassRange(key="propellant_kg", stage=0, low=10625.0, high=14375.0),
        ClassRange(key="burn_s", stage=0, low=86.0, high=105.0),
    ),
)


def test_every_number_of_a_class_has_a_slot_of_its_own():
    slots = [range_slot(key, -1) for key in BODY_RANGES]
    slots += [range_slot(key, i) for i in range(MOST_STAGES) for key in STAGE_RANGES]
    assert len(set(slots)) == len(slots)
    assert min(slots) > SLOTS
    assert max(slots) == ALL_SLOTS - 1


def test_ranges_of_the_class_are_drawn_only_where_the_group_says_so():
    u = np.full(ALL_SLOTS, 0.9)
    group, drawn = planned("mrbm"), planned("mrbm", disperse="class")
    assert np.array_equal(body_of(group, RANGED, u), pack(RANGED))
    assert np.array_equal(body_of(drawn, RANGED, u, share=0.0), pack(RANGED))
    body = body_of(drawn, RANGED, u)
    # Upper branch of the triangle: high - sqrt((1 - u) (high - low) (high - mode)).
    assert body[PAYLOAD] == pytest.approx(1200 - math.sqrt(0.1 * 500 * 200))
    assert body[BETA] == pytest.approx(12000 - math.sqrt(0.1 * 10000 * 4000))
    assert body[FIRST_STAGE] == pytest.approx(14375 - math.sqrt(0.1 * 3750 * 1875))
    assert body[FIRST_STAGE + 3] == pytest.approx(105 - math.sqrt(0.1 * 19 * 10))
    assert body[FIRST_STAGE + 1] == 1800.0


def test_new_draws_leave_the_old_slots_alone():
    old, new = Chance(3), Chance(3)
    a = fly([planned("mrbm", mass_spread=0.05)], {"mrbm": RANGED}, draws=old, t_end_s=900.0)
    b = fly(
        [planned("mrbm", mass_spread=0.05, disperse="class")],
        {"mrbm": RANGED},
        draws=new,
        t_end_s=900.0,
    )
    assert old.asked == [(0, SLOTS)]
    assert new.asked == [(0, SLOTS), (SLOTS, ALL_SLOTS - SLOTS)]
    assert a.launch_t_s == b.launch_t_s
    assert not np.array_equal(a.r_m, b.r_m, equal_nan=True)
