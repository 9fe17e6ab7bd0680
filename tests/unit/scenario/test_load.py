"""The gate lets through what is right and turns it into SI records."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import math
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from hinomi.earth.geodesic import ellipsoid_inverse
from hinomi.errors import ScenarioError
from hinomi.records.alerts import EXERCISE
from hinomi.scenario.build_sensors import greenwich_rad
from hinomi.scenario.load import load, load_text, scenario_names
from hinomi.scenario.places import load_places
from hinomi.scenario.quantity import GRADES, unit_of

SMALL = Path(__file__).with_name("small_scenario.toml")


def test_all_bundled_scenarios_are_listed_and_load():
    assert {"okinawa-2025", "replay-2017-08-29", "replay-2022-10-04"} <= set(scenario_names())
    for name in scenario_names():
        assert load(name).name == name


def test_the_first_study_is_the_raid_of_eight_as_defined():
    s = load("okinawa-2025")
    assert s.epoch == datetime(2025, 9, 15, 10, 30, tzinfo=UTC)
    kinds = [s.classes[t.threat_class].kind for t in s.threats]
    assert sorted(kinds) == ["ballistic"] * 4 + ["glide"] * 4
    assert (s.study.replicates, s.study.seed) == (200, 1)
    assert s.study.headline == ("integrated", "shared_warning")
    assert s.study.beside == ("integrated", "national")
    assert list(s.architectures) == ["national", "shared_warning", "shared_track", "integrated"]
    assert len(s.sensors.infrared) == 2 + 28
    assert len(s.batteries) == 3 + 6
    assert s.policy.status == EXERCISE
    assert s.policy.alerting_nation == "Japan"
    assert s.policy.compliance == 0.055
    assert s.policy.relay_failure == 0.03
    owners = {b.name: b.owner for b in s.batteries}
    assert [n for n, o in owners.items() if o == "US"] == ["ship south-east", "terminal Okinawa"]
    for b in s.batteries:
        rounds = {m.weapon: (m.ready, m.reserve) for m in b.magazines}
        if b.name.startswith("ship"):
            assert rounds == {"area_endo": (12, 0), "midcourse_B": (8, 0)}
        else:
            assert rounds == {"terminal_low": (16, 16)}
            assert b.channels == 4


def test_all_architectures_decide_equally_fast_unless_a_variant_says_otherwise():
    assert {a.decide_s for a in load("okinawa-2025").architectures.values()} == {(10.0, 30.0, 60.0)}
    faster = load("okinawa-2025", variant="single_authority").architectures
    assert faster["integrated"].decide_s == (5.0, 15.0, 40.0)
    assert faster["national"].decide_s == (10.0, 30.0, 60.0)


def test_arcs_lie_in_the_stated_sector_and_cross_north_the_right_way():
    for t in load("okinawa-2025").threats:
        low, high = math.degrees(t.bearing_low_rad), math.degrees(t.bearing_high_rad)
        assert 300.0 - 1e-9 <= low < high <= 380.0 + 1e-9


def test_every_battery_carries_its_own_radar_at_its_own_place():
    s = load("okinawa-2025")
    places = {b.name: (b.lat_deg, b.lon_deg, b.owner) for b in s.batteries}
    radars = {r.name: (r.lat_deg, r.lon_deg, r.owner) for r in s.sensors.radars}
    assert set(s.carried_by.values()) == set(places)
    for radar, battery in s.carried_by.items():
        assert radars[radar] == places[battery]


def test_aims_on_land_are_municipal_offices_to_a_tenth_of_a_degree():
    """Outside truth: the municipal table."""
    s = load("okinawa-2025")
    places = load_places()
    offices = {
        (round(float(a), 1), round(float(o), 1))
        for a, o in zip(places.lat_deg, places.lon_deg, strict=True)
    }
    for t in s.threats:
        assert (t.aim_lat_deg, t.aim_lon_deg) in offices


def test_prefectures_and_blocks_name_prefectures_of_the_municipal_table():
    places = load_places()
    for name in scenario_names():
        s = load(name)
        assert set(s.area.prefectures) <= set(places.prefecture_en)
        assert set(s.area.island_groups) <= set(places.island_group)
        for block in s.blocks.values():
            assert set(block) <= set(places.prefecture_en)


def test_the_replay_ends_1180_km_east_of_cape_erimo_and_starts_at_the_published_minute():
    """Government of Japan, 29 August 2017: 2,700 km from Sunan, 1,180 km east of the cape."""
    s = load("replay-2017-08-29")
    (t,) = s.threats
    here = math.radians(t.aim_lat_deg), math.radians(t.aim_lon_deg)
    erimo, _ = ellipsoid_inverse(math.radians(41.93), math.radians(143.24), *here)
    sunan, _ = ellipsoid_inverse(
        math.radians(t.centre_lat_deg), math.radians(t.centre_lon_deg), *here
    )
    assert erimo == pytest.approx(1_180e3, abs=10e3)  # a tenth of a degree
    assert sunan == pytest.approx(2_700e3, abs=50e3)
    assert s.epoch == datetime(2017, 8, 28, 20, 58, tzinfo=UTC)
    assert (t.start_low_s, t.start_high_s, t.apogee_low_m, t.tolerance_m) == (0.0, 0.0, 550e3, 50e3)
    facts = {f.name: f for f in s.facts}
    assert facts["alert"].t_s == 240.0
    assert facts["impact"].t_s == facts["flight_time_s"].value == 840.0
    assert (facts["overflight_from"].t_s, facts["overflight_to"].t_s) == (420.0, 540.0)
    assert facts["apogee_km"].role == facts["range_km"].role == "input"
    assert facts["alert"].role == "shown"
    assert sum(len(b) for b in s.blocks.values()) == 12


@pytest.mark.parametrize("name", ["okinawa-2025", "replay-2017-08-29"])
def test_every_number_of_a_bundled_scenario_has_a_grade_and_a_source(name):
    for p in load(name).assumptions:
        assert p.grade in GRADES, p
        assert len(p.source) > 5, p
        assert "given in the scenario without" not in p.source, p
        assert "default of the scenario format" not in p.source or p.grade == "assumed", p


@pytest.mark.parametrize("name", [v.name for v in load("okinawa-2025").variants])
def test_every_variant_loads_and_is_another_study(name):
    plain, varied = load("okinawa-2025"), load("okinawa-2025", variant=name)
    assert varied.content_hash != plain.content_hash
    assert varied.variant == name


def test_variants_change_what_they_say():
    assert load("okinawa-2025", variant="drills").policy.compliance == 0.3
    assert len(load("okinawa-2025", variant="leo_8").sensors.infrared) == 2 + 8
    assert len(load("okinawa-2025", variant="leo_54").sensors.infrared) == 2 + 54
    assert {b.availability for b in load("okinawa-2025", variant="availability_70").batteries} == {
        0.7
    }
    assert {
        r.availability for r in load("okinawa-2025", variant="availability_70").sensors.radars
    } == {0.7}
    assert "glide_phase" in load("okinawa-2025", variant="glide_phase").weapons
    assert "GPI" in {p.product for p in load("okinawa-2025", variant="glide_phase").industry.prices}
    assert "GPI" not in {p.product for p in load("okinawa-2025").industry.prices}
    known, unknown = load("okinawa-2025"), load("okinawa-2025", variant="class_unknown")
    assert {c.name for c in known.predictor_classes} == set(known.classes)
    assert {c.name for c in unknown.predictor_classes} > set(known.classes)
    lost = load("okinawa-2025", variant="sensor_lost_leo").sensors.infrared
    assert {s.availability for s in lost if s.name.startswith("LEO")} == {0.0}
    assert {
        r.range_bias_m for r in load("okinawa-2025", variant="registration_error").sensors.radars
    } == {10.0}


def test_file_units_become_si_by_definition():
    s = load(SMALL)
    (t,) = s.threats
    assert (t.apogee_low_m, t.distance_low_m, t.start_low_s) == (300e3, 900e3, 0.0)
    radar = s.sensors.radars[0]
    assert radar.reference_range_m == 2_500e3
    assert radar.bandwidth_hz == 1e6
    assert radar.angle_floor_rad == pytest.approx(0.2e-3)
    assert s.sensors.infrared[0].intensity_ref_w_sr == 500.0
    assert s.sensors.infrared[0].angle_floor_rad == pytest.approx(50e-6)
    assert s.policy.channels[0].broadcast_per_s == pytest.approx(3.0 / 60.0)
    assert s.tracking.warning_position_m == 10e3
    assert s.engagement.same_object_m == 5e3


def test_a_walker_constellation_spreads_its_planes_and_satellites_evenly():
    """Walker, J. Br. Interplanet. Soc. 37 (1984): delta 8/2/1."""
    satellites = load(SMALL).sensors.infrared
    assert sorted({round(math.degrees(s.node_rad)) for s in satellites}) == [0, 180]
    first = [math.degrees(s.argument_rad) for s in satellites[:4]]
    second = [math.degrees(s.argument_rad) for s in satellites[4:]]
    np.testing.assert_allclose(first, [0, 90, 180, 270])
    np.testing.assert_allclose(np.subtract(second, first), 360.0 * 1 / 8)
    assert {s.semi_major_axis_m for s in satellites} == {6_378_137.0 + 1000e3}


def test_the_geostationary_radius_is_the_published_one():
    """42,164.173 km from GM and the rotation rate of WGS 84."""
    geo = [s for s in load("okinawa-2025").sensors.infrared if s.stationary]
    assert [round(math.degrees(s.node_rad)) for s in geo] == [70, 150]
    for s in geo:
        assert s.semi_major_axis_m == pytest.approx(42_164_173.0, abs=1.0)


def test_the_earth_rotation_angle_is_that_of_the_iers():
    """IERS Conventions 2010, 5.14: 280.4606 degrees at J2000.0, and 0.9856 more a day."""
    start = datetime(2000, 1, 1, 12, tzinfo=UTC)
    assert math.degrees(greenwich_rad(start)) == pytest.approx(280.46061837504)
    a_day_later = math.degrees(greenwich_rad(datetime(2000, 1, 2, 12, tzinfo=UTC)))
    assert a_day_later - 280.46061837504 == pytest.approx(360 * 0.00273781191135448, abs=1e-6)


def test_the_hash_is_of_the_content_not_of_the_writing():
    text = SMALL.read_text()
    plain = load_text(text, "small")
    moved = text.replace("[[radars]]", "# a remark\n\n[[radars]]").replace("300\n", "300.0 # km\n")
    a, b = "replicates = 4\n", "seed = 1\n"
    moved = moved.replace(a + b, b + a).replace("seed = 1\n", "seed = { value = 1 }\n")
    assert moved != text
    assert load_text(moved, "small").content_hash == plain.content_hash
    assert (
        load_text(text.replace("seed = 1", "seed = 2"), "small").content_hash != plain.content_hash
    )
    canonical = json.dumps(plain.document, sort_keys=True, separators=(",", ":"))
    assert plain.content_hash == hashlib.sha256(canonical.encode()).hexdigest()


def test_the_document_holds_only_classes_in_use():
    document = load(SMALL).document["catalogue"]
    assert set(document["threat"]) == {"mrbm_liquid"}
    assert set(document["radar"]) == {"early_warning", "area_defence_radar"}
    assert set(document["interceptor"]) == {"terminal_low"}


def test_a_plain_number_of_a_user_is_an_assumption():
    parameters = {p.key: p for p in load(SMALL).assumptions}
    assert parameters["radars[Yozadake].face_az_deg"].grade == "assumed"
    assert parameters["radars[Yozadake].face_az_deg"].unit == "deg"
    assert parameters["warning.relay_failure"].grade == "published"
    assert parameters["warning.decide_s"].drawn
    assert not parameters["warning.hit_threshold"].drawn


def test_a_user_may_lay_values_over_the_catalogue():
    text = SMALL.read_text() + "\n[catalogue.radar.early_warning]\nreference_range_km = 3000\n"
    assert load_text(text, "small").sensors.radars[0].reference_range_m == 3_000e3
    assert load(SMALL).sensors.radars[0].reference_range_m == 2_500e3


def test_a_user_may_name_an_architecture_like_another():
    own = (
        '\n[[architectures]]\nname = "mine"\nlabel = "my own"\nlike = "integrated"\n'
        "decide_s = { value = 20, low = 10, high = 30 }\n"
    )
    text = SMALL.read_text().replace('["national", "integrated"]', '["mine"]') + own
    (mine,) = load_text(text, "small").architectures.values()
    assert mine.one_picture
    assert mine.decide_s == (10.0, 20.0, 30.0)


def test_the_small_file_is_no_privileged_format(tmp_path):
    """A copy of a bundled scenario under another name is the same scenario."""
    copy = tmp_path / "mine.toml"
    copy.write_text(load("okinawa-2025").text, encoding="utf-8")
    assert load(copy).content_hash == load("okinawa-2025").content_hash
    assert load(str(copy)).content_hash == load("okinawa-2025").content_hash


def test_a_scenario_cannot_be_written_into():
    s = load(SMALL)
    with pytest.raises(dataclasses.FrozenInstanceError):
        s.name = "other"


@pytest.mark.parametrize(
    ("key", "unit"),
    [
        ("range_km", "km"),
        ("latency_s", "s"),
        ("speed_km_s", "km/s"),
        ("rcs_body_m2", "m2"),
        ("beta_kg_m2", "kg/m2"),
        ("a.b.lat_deg", "deg"),
        ("radars[x_km].share", "1"),
        ("network_cost_musd_per_year", "million USD a year"),
        ("damping_per_s", "per s"),
        ("rate_per_year", "per year"),
        ("intensity_ref_kw_sr", "kW/sr"),
    ],
)
def test_a_key_says_its_unit(key, unit):
    assert unit_of(key) == unit


def test_each_product_has_exactly_one_price():
    prices = 'prices = ["pac3_unit", "pac3_contract"]'
    with pytest.raises(ScenarioError, match="2 prices for PAC-3"):
        load_text(SMALL.read_text() + f"\n[industry]\n{prices}\n", "small")


@pytest.mark.parametrize("name", ["", " ", Path()])
def test_an_empty_name_is_said_to_be_empty(name):
    with pytest.raises(ScenarioError, match=r"no scenario is named .*such as okinawa-2025"):
        load(name)
