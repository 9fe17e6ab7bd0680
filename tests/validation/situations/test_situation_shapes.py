"""What geometry alone says of the situations: horizons, ends at sea, who can see what."""

import csv
import math
from pathlib import Path

import numpy as np
import pytest

from hinomi.earth.geodesic import ellipsoid_inverse
from hinomi.earth.wgs84 import MEAN_RADIUS_M
from hinomi.scenario.load import load
from hinomi.study.chain import begin, judge, prepare
from hinomi.study.seeds import AddressedDraws
from hinomi.threat.fly import fly
from hinomi.watch.observe import observe

BENT_M = 4.0 / 3.0 * MEAN_RADIUS_M
FORWARD_RADARS = ("Shariki", "Kyogamisaki")


def flown(name, number, **how):
    scenario = load(name, **how)
    draws = AddressedDraws(1, number)
    return (
        scenario,
        draws,
        fly(scenario.threats, scenario.classes, draws=draws, t_end_s=scenario.t_end_s),
    )


def place(lat_deg, lon_deg):
    """Point of the mean sphere, as a unit vector."""
    lat, lon = math.radians(lat_deg), math.radians(lon_deg)
    return np.array([math.cos(lat) * math.cos(lon), math.cos(lat) * math.sin(lon), math.sin(lat)])


def elevations_deg(radar, r_m):
    """Elevation of positions (N, 3) on a sphere of 4/3 of the radius, by the closed form."""
    radius = np.linalg.norm(r_m, axis=1)
    arc = np.arccos(np.clip(r_m @ place(radar.lat_deg, radar.lon_deg) / radius, -1.0, 1.0))
    bent = arc * MEAN_RADIUS_M / BENT_M
    here, there = BENT_M + radar.height_m, BENT_M + radius - MEAN_RADIUS_M
    return np.degrees(np.arctan2(there * np.cos(bent) - here, there * np.sin(bent)))


@pytest.mark.parametrize("number", [0, 1, 2])
def test_low_flights_at_most_graze_the_mask_of_the_forward_radars_and_their_twins_clear_it(number):
    scenario, _, flights = flown("depressed-2022", number)
    radars = {r.name: r for r in scenario.sensors.radars}
    for b, body in enumerate(flights.bodies):
        r_m = flights.r_m[b][np.isfinite(flights.r_m[b]).all(axis=1)]
        for name in FORWARD_RADARS:
            above_s = int(np.sum(elevations_deg(radars[name], r_m) > 2.0))
            if body.startswith("low"):
                assert above_s < 60, (body, name)  # near 60 km of height, not below
            else:
                assert above_s > 240, (body, name)


@pytest.mark.parametrize("number", [0, 1])
def test_the_forward_radars_report_the_twins_for_minutes_and_the_low_flights_never(number):
    scenario, draws, flights = flown("depressed-2022", number)
    plots = observe(flights, scenario.sensors, draws=draws)
    names = scenario.sensors.names
    for name in FORWARD_RADARS:
        for b, body in enumerate(flights.bodies):
            t_s = plots.t_s[(plots.sensor == names.index(name)) & (plots.body == b)]
            assert (len(t_s) == 0) if body.startswith("low") else (np.ptp(t_s) > 60.0), (name, body)


def test_low_flights_have_the_range_and_height_that_were_reported():
    with (Path(__file__).parent / "reported.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    scenario = load("depressed-2022")
    for row in rows:
        group = next(g for g in scenario.document["threats"] if g["name"] == row["group"])
        site, aim = group["site"], group["aims"][0]
        ends = [math.radians(p[k]["value"]) for p in (site, aim) for k in ("lat_deg", "lon_deg")]
        range_km = ellipsoid_inverse(*ends)[0] / 1e3
        assert range_km == pytest.approx(float(row["range_km"]), abs=float(row["range_off_km"]))
        assert group["apogee_low_km"]["value"] == float(row["apogee_low_km"])
        assert group["apogee_high_km"]["value"] == float(row["apogee_high_km"])


def test_a_low_flight_and_its_twin_have_the_same_start_and_end():
    groups = load("depressed-2022").document["threats"]
    for low, twin in (groups[0:2], groups[2:4]):
        assert low["site"] == twin["site"]
        assert low["aims"] == twin["aims"]


def test_what_flew_in_2022_and_in_may_2023_needs_no_warning_anywhere():
    for name in ("depressed-2022", "launch-may-2023"):
        scenario = load(name)
        raid = begin(scenario, prepare(scenario), seed=1, number=0)
        assert len(raid.needs.place) == 0, name


def test_the_forward_radar_sees_a_glide_at_50_km_out_to_the_closed_form_of_its_mask():
    mask, height_m = math.radians(2.0), 50e3
    reach_m = BENT_M * (math.acos(BENT_M * math.cos(mask) / (BENT_M + height_m)) - mask)
    assert reach_m == pytest.approx(669e3, abs=1e3)
    radar = next(r for r in load("glide-phase-2023").sensors.radars if r.name == "forward")
    assert radar.min_el_rad == pytest.approx(mask)


def test_the_radar_moved_forward_sees_gliders_before_the_ships_that_carry_the_layer():
    firsts = []
    for number in range(3):
        scenario, draws, flights = flown("glide-phase-2023", number, variant="radar_forward")
        plots = observe(flights, scenario.sensors, draws=draws)
        names = list(scenario.sensors.names)
        ships = [i for i, n in enumerate(names) if n.startswith("ship")]
        for b in range(len(flights.bodies)):
            own = plots.t_s[(plots.sensor == names.index("forward")) & (plots.body == b)]
            ship = plots.t_s[np.isin(plots.sensor, ships) & (plots.body == b)]
            firsts.append(min(own, default=math.inf) <= min(ship, default=math.inf))
    assert np.mean(firsts) > 0.5


def test_three_nations_alert_no_later_than_two():
    scenario = load("launch-may-2023")
    context = prepare(scenario)
    for number in range(2):
        raid = begin(scenario, context, seed=1, number=number)
        alert_s = {}
        for name in ("bilateral", "trilateral"):
            metrics = judge(raid, scenario.architectures[name])["metrics"]()
            alert_s[name] = dict(zip(metrics["metric"], metrics["value"], strict=True))[
                "first_alert_s"
            ]
        assert alert_s["trilateral"] <= alert_s["bilateral"]


def test_one_assignment_never_shoots_at_one_body_twice_at_a_time():
    scenario = load("command-2024")
    raid = begin(scenario, prepare(scenario), seed=1, number=0)
    metrics = judge(raid, scenario.architectures["integrated"])["metrics"]()
    assert dict(zip(metrics["metric"], metrics["value"], strict=True))["double_engaged"] == 0.0


def test_the_layer_alone_gains_from_whoever_sees_the_glide_and_from_nobody_else():
    """Blind ships and no other weapon: no shot; then satellites, or a radar moved forward, alone."""
    ships = ("ship south-east", "ship west", "ship north-east")
    alone = {
        "radars[*].availability": 0.0,
        "infrared[*].availability": 0.0,
        "batteries[*].radar_on": [{"from_s": 1e5, "to_s": 1e5 + 1.0}],
    }
    for name in ships:
        for weapon in ("area_endo", "midcourse_B"):
            alone[f"batteries[{name}].magazines.{weapon}.ready"] = 0
        alone[f"batteries[{name}].magazines.glide_phase"] = {"ready": 8}
    for town in ("Okinawa", "Miyako", "Ishigaki", "Yonaguni", "Naha", "north Kyushu"):
        alone[f"batteries[terminal {town}].magazines.terminal_low.ready"] = 0
    low_orbit = {
        "infrared[LEO].availability": 1.0,
        "infrared[LEO].satellites": 28,
        "infrared[LEO].planes": 4,
    }
    seen = {
        "nobody": {},
        "low orbit": low_orbit,
        "forward": {"radars[forward].availability": 1.0},
    }
    shots = {}
    for words, changes in seen.items():
        scenario = load("glide-phase-2023", changes={**alone, **changes})
        context, found = prepare(scenario), 0.0
        for number in range(2):
            raid = begin(scenario, context, seed=1, number=number)
            metrics = judge(raid, scenario.architectures["integrated"])["metrics"]()
            found += dict(zip(metrics["metric"], metrics["value"], strict=True))["shots"]
        shots[words] = found
    assert shots["nobody"] == 0.0
    assert shots["low orbit"] > 0.0
    assert shots["forward"] > 0.0
