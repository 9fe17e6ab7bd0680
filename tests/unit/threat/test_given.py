"""Bodies that fly a given way: the same flight as the one it was written from."""

import contextlib
import json
import math
import sys
from dataclasses import replace

import numpy as np
import pytest

from hinomi.cli import main
from hinomi.earth.wgs84 import geodetic_from_ecef
from hinomi.records.flights import BOOST, COAST, GivenPath
from hinomi.scenario.load import load
from hinomi.study.seeds import AddressedDraws
from hinomi.threat.fly import fly
from hinomi.threat.given import burnout_s, phases

SCENARIO = """
like = "okinawa-2025"
format = "hinomi/scenario/1"
name = "mine"
title = "A given way"
{groups}
"""
GROUP = """
[[threats]]
name = "{name}"
class = "mrbm_liquid"
trajectory = "{file}"
start_low_s = {low}
start_high_s = {high}
{more}
"""


@pytest.fixture(scope="module")
def flown(tmp_path_factory):
    """A flight of the integrator as message and table, and what it says of itself."""
    folder = tmp_path_factory.mktemp("way")
    words = ["fly", "mrbm_liquid", "--from", "39.5,127.5", "--to", "33.6,130.4", "--apogee-km", "300",
             "--oem", folder / "one.oem", "--csv", folder / "one.csv", "--json"]  # fmt: skip
    before, out = sys.argv, sys.stdout
    sys.argv = ["hinomi", *map(str, words)]
    try:
        with (folder / "told.json").open("w") as sys.stdout, contextlib.suppress(SystemExit):
            main()
    finally:
        sys.argv, sys.stdout = before, out
    groups = GROUP.format(name="message", file="one.oem", low=7, high=7, more="")
    more = 'trajectory_body = "mrbm_liquid"'
    groups += GROUP.format(name="table", file="one.csv", low=0, high=90, more=more)
    (folder / "mine.toml").write_text(SCENARIO.format(groups=groups))
    return folder


@pytest.fixture(scope="module")
def imported(flown):
    scenario = load(flown / "mine.toml")
    draws = AddressedDraws(3, 0)
    return scenario, fly(scenario.threats, scenario.classes, draws=draws, t_end_s=900.0)


def own_rows(flown):
    head, *lines = (flown / "one.csv").read_text().splitlines()
    names = head.split(",")
    rows = [dict(zip(names, x.split(","), strict=True)) for x in lines]
    return [r for r in rows if r["body"] == "mrbm_liquid"]


def test_the_flight_comes_back_to_within_metres_before_its_end_is_rounded(flown, imported):
    """Seconds after the start, at the same instants as the integrator's rows."""
    scenario, flights = imported
    own = np.array([[r["x_m"], r["y_m"], r["z_m"]] for r in own_rows(flown)], float)[:-1]
    first = int(flights.first[0])
    assert first == 7
    found = flights.r_m[0, first : first + len(own)]
    # Undone: the turn that put the end on a tenth of a degree, found by the best rotation.
    u, _, vt = np.linalg.svd(found.T @ own)
    turn = u @ np.diag([1.0, 1.0, np.linalg.det(u @ vt)]) @ vt
    assert np.abs(found @ turn - own).max() < 0.01
    # The file ended within 0.1 km of the aim, so no row moved further than that.
    assert np.linalg.norm(found - own, axis=1).max() < 300.0
    assert "by more than 0.1" in scenario.findings[0]


def test_it_ends_where_and_when_the_file_ends(flown, imported):
    _, flights = imported
    end = own_rows(flown)[-1]
    assert flights.end_t_s[0] - 7.0 == pytest.approx(float(end["t_s"]), abs=0.01)
    assert (flights.end_lat_deg[0], flights.end_lon_deg[0]) == (33.6, 130.4)
    assert flights.apogee_m[0] == pytest.approx(300e3, abs=500.0)


def test_the_start_is_drawn_and_nothing_else(flown):
    scenario = load(flown / "mine.toml")
    starts, lengths = set(), set()
    for number in range(4):
        found = fly(
            scenario.threats, scenario.classes, draws=AddressedDraws(3, number), t_end_s=900.0
        )
        starts.add(round(float(found.launch_t_s[1]), 6))
        lengths.add(round(float(found.end_t_s[1] - found.launch_t_s[1]), 6))
        assert 0.0 <= found.launch_t_s[1] <= 90.0
    assert len(starts) == 4
    assert len(lengths) == 1


def test_its_plume_is_that_of_the_class(flown, imported):
    """Jet power by the class's stages: the integrator's own rows of the same flight, to 1 %."""
    scenario, flights = imported
    told = json.loads((flown / "told.json").read_text())
    told = told["start"]
    lat, lon = told["lat_deg"], told["lon_deg"]
    group = scenario.threats[0]
    from hinomi.flight.body import pack
    from hinomi.flight.path import launch
    from hinomi.threat.flown import from_path, intensity_of

    path = launch(
        pack(scenario.classes["mrbm_liquid"]), lat_rad=np.radians(lat), lon_rad=np.radians(lon),
        azimuth_rad=np.radians(told["azimuth_deg"]), kick_rad=np.radians(told["kick_deg"]), cutoff_s=told["cutoff_s"],
    )  # fmt: skip
    own = from_path(path, body="x", threat_class=scenario.classes[group.threat_class], kind="ballistic",
                    ignition_s=0.0)  # fmt: skip
    expected = intensity_of(own, 80)
    np.testing.assert_allclose(flights.intensity_w_sr[0, 8:87], expected[1:], rtol=0.01, atol=1.0)
    assert (flights.phase[0, 8:87] == BOOST).all()


def test_a_row_in_the_air_is_where_the_ellipsoid_says(imported):
    _, flights = imported
    at = 300
    height = geodetic_from_ecef(*flights.r_m[0, at])[2]
    assert flights.height_m[0, at] == pytest.approx(height, abs=0.01)


def test_thrust_ends_with_the_phase_of_the_last_row_that_burns():
    """Rows every 10 s: what a row says holds until the next one, for plume and burnout alike."""
    t = np.arange(0.0, 400.0, 10.0)
    way = GivenPath(
        t_s=t, r_m=np.outer(np.ones(len(t)), [6.5e6, 0.0, 0.0]), v_mps=np.zeros((len(t), 3)),
        phase=np.where(t <= 60.0, BOOST, COAST), burnout_s=math.nan,
    )  # fmt: skip
    kind = load("okinawa-2025").classes["mrbm_liquid"]
    seconds = np.arange(0.0, 100.0)
    burnout = burnout_s(way, kind)
    told = phases(way, kind, seconds, np.full(100, 1e5), np.zeros(100), burnout)
    assert burnout == 70.0
    assert seconds[told == BOOST].max() == 69.0
    always = replace(way, phase=np.full(len(t), BOOST))
    assert burnout_s(always, kind) == t[-1]
    never = replace(way, phase=np.full(len(t), COAST))
    assert burnout_s(never, kind) == 0.0
