"""Ways of files: what is read, what is refused with its line, and where they end."""

import math

import numpy as np
import pytest
from geographiclib.geodesic import Geodesic

from hinomi.earth.wgs84 import ecef_from_geodetic, geodetic_from_ecef
from hinomi.errors import FenceError, ScenarioError
from hinomi.scenario.load import load, load_text
from hinomi.scenario.trajectory_text import read_trajectory

HEAD = "t_s,lat_deg,lon_deg,height_km\n"
SCENARIO = """
like = "okinawa-2025"
format = "hinomi/scenario/1"
name = "mine"
title = "A given way"

[[threats]]
name = "given"
class = "mrbm_liquid"
trajectory = "way.csv"
start_low_s = 0
start_high_s = 60
"""


def falling(*, end=(26.213, 127.684), seconds=20, top_km=20.0):
    """Rows of a straight fall to a place; 1 km/s down."""
    share = np.linspace(0.0, 1.0, seconds + 1)
    lat, lon = end[0] + 0.2 * (1.0 - share), end[1] - 0.1 * (1.0 - share)
    return [
        f"{t},{a:.7f},{o:.7f},{top_km * (1.0 - s):.5f}"
        for t, a, o, s in zip(range(seconds + 1), lat, lon, share, strict=True)
    ]


def text_of(rows):
    return HEAD + "\n".join(rows) + "\n"


@pytest.fixture
def mine(tmp_path):
    """Function: load a scenario whose group flies these rows; with the folder's scenario file."""

    def make(rows, text=SCENARIO):
        (tmp_path / "way.csv").write_text(text_of(rows))
        (tmp_path / "mine.toml").write_text(text)
        return load(tmp_path / "mine.toml")

    return make


def test_the_end_of_a_way_lies_on_a_tenth_of_a_degree(mine):
    """The file ends at 26.213, 127.684; the whole way is turned so that it ends at 26.2, 127.7."""
    threat = mine(falling()).threats[0]
    lat, lon, height = geodetic_from_ecef(*threat.given.r_m[-1])
    assert (threat.aim_lat_deg, threat.aim_lon_deg) == (26.2, 127.7)
    assert math.degrees(lat) == pytest.approx(26.2, abs=1e-6)
    assert math.degrees(lon) == pytest.approx(127.7, abs=1e-6)
    assert abs(height) < 20.0


def test_turning_keeps_the_shape_and_moves_less_than_half_a_tenth_of_a_degree(mine):
    rows = falling()
    own = read_trajectory(text_of(rows), "x")
    found = mine(rows)
    turned = found.threats[0].given
    np.testing.assert_allclose(
        np.linalg.norm(np.diff(turned.r_m, axis=0), axis=1),
        np.linalg.norm(np.diff(own.r_m, axis=0), axis=1),
        atol=0.01,
    )
    moved = np.linalg.norm(turned.r_m - own.r_m, axis=1).max()
    limit = Geodesic.WGS84.Inverse(26.2, 127.7, 26.25, 127.75)["s12"]
    assert 1000.0 < moved < 1.01 * limit
    assert f"by more than {moved / 1e3:.2f} km" in found.findings[0]
    assert "ends at 26.2, 127.7" in found.findings[0]


def test_the_plan_carries_the_way_when_the_file_is_gone(mine, tmp_path):
    first = mine(falling())
    (tmp_path / "way.csv").unlink()
    again = load_text(first.text, first.name, changes=first.changes)
    assert again.content_hash == first.content_hash
    np.testing.assert_array_equal(again.threats[0].given.r_m, first.threats[0].given.r_m)
    assert again.findings == first.findings


def test_scenarios_without_a_way_say_nothing_of_it_in_their_content():
    groups = load("okinawa-2025").document["threats"]
    assert all("trajectory" not in key and key != "burnout_s" for g in groups for key in g)


@pytest.mark.parametrize(
    "value", ["x", {"file": "way.csv", "rows": "t_s\n"}, {"rows": "t_s,x_m\n"}, 1]
)
def test_no_change_of_a_study_gives_another_way(value):
    """What is flown is given: rows come from a plan of the same file alone."""
    with pytest.raises(FenceError, match="outside the scope of this project"):
        load("okinawa-2025", changes={"threats[glider].trajectory_rows": value})
    with pytest.raises(FenceError, match="outside the scope of this project"):
        load("okinawa-2025", changes={"threats[glider].trajectory": "other.csv"})


def test_rows_in_a_scenario_that_end_finer_than_a_tenth_are_refused(mine):
    rows = text_of(falling()).replace("\n", "\\n")
    text = SCENARIO.replace('trajectory = "way.csv"', f'trajectory_rows = "{rows[:900]}"')
    with pytest.raises((FenceError, ScenarioError)):
        mine(falling(), text)
    short = text_of(falling(seconds=20)[-8:]).replace("\n", "\\n")
    text = SCENARIO.replace('trajectory = "way.csv"', f'trajectory_rows = "{short}"')
    with pytest.raises(FenceError, match="off a tenth of a degree"):
        mine(falling(), text)


@pytest.mark.parametrize(
    ("key", "told"),
    [
        ("mass_spread = 0.1", "mass_spread: is not used here"),
        ("apogee_low_km = 300\napogee_high_km = 300", "apogee_low_km: is not used here"),
        ('disperse = "class"', "disperse: is not used here"),
        ("spent_stages = true", "spent_stages: is not used here"),
        ("aims = [{ name = 'x', lat_deg = 26.2, lon_deg = 127.7 }]", "aims: is not used here"),
        ("[threats.arc]\ndistance_low_km = 1\ndistance_high_km = 2\nbearing_low_deg = 0\nbearing_high_deg = 1",
         "arc"),
    ],
)  # fmt: skip
def test_nothing_of_a_given_way_varies_but_its_start(mine, key, told):
    with pytest.raises(ScenarioError, match=told):
        mine(falling(), SCENARIO + key + "\n")


def test_a_group_without_a_way_knows_no_burnout(mine):
    text = SCENARIO.replace('trajectory = "way.csv"', "burnout_s = 3\nazimuth_deg = 1")
    with pytest.raises(ScenarioError, match=r"burnout_s: is for a group with a trajectory"):
        mine(falling(), text)


# --- what is refused, with its line --------------------------------------------------------------


def refused(rows, told, text=None):
    with pytest.raises(ScenarioError, match=told):
        read_trajectory(text or text_of(rows), "way.csv")


def test_times_that_run_back_are_refused():
    rows = falling()
    rows[5], rows[6] = rows[6], rows[5]
    refused(rows, r"line 8: time 5 s is not after 6 s of line 7")


def test_gaps_are_refused():
    rows = falling(seconds=40, top_km=40.0)
    del rows[10:21]
    refused(rows, r"line 12: 12 s after the row before it; at most 10 s")


def test_what_is_underground_is_refused():
    rows = [*falling(), "21,26.2,127.7,-1.0"]
    refused(rows, r"line 23: -1\.0 km above the ellipsoid")


def test_jumps_are_refused():
    rows = falling()
    rows[9] = rows[9].replace(rows[9].split(",")[1], "28.0")
    refused(rows, r"line 11: 1\d\d\.\d km/s since the row before it; at most 9 km/s")


def test_cells_that_are_no_numbers_are_refused():
    rows = falling()
    rows[3] = "3,north,127.0,5"
    refused(rows, r"line 5: lat_deg is 'north'; it must be a number")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "is empty"),
        ("time,lat,lon\n0,1,2\n", "needs t_s with lat_deg"),
        (HEAD + "0,1,2,3\n", "has 1 rows of one body"),
        ("<oem/>", "is XML"),
    ],
)
def test_files_of_another_form_are_refused(text, told):
    refused([], told, text or " ")


def test_velocities_that_are_not_of_the_way_are_refused():
    """Inertial velocities labelled as Earth-fixed: 400 m/s off at this latitude."""
    rows = read_trajectory(text_of(falling()), "x")
    spin = np.cross([0.0, 0.0, 7.292115e-5], rows.r_m)
    lines = [
        ",".join(f"{x:.6f}" for x in (t, *r, *v))
        for t, r, v in zip(rows.t_s, rows.r_m, rows.v_mps + spin, strict=True)
    ]
    text = "t_s,x_m,y_m,z_m,vx_mps,vy_mps,vz_mps\n" + "\n".join(lines)
    refused([], r"differ by 4\d\d m/s from the way between them", text)


def test_a_way_that_ends_in_the_air_is_refused(mine):
    with pytest.raises(ScenarioError, match=r"ends 5\.0 km above the ground"):
        mine(falling()[:-5])


def test_a_way_that_ends_a_second_before_the_ground_goes_straight_on(mine):
    way = mine(falling()[:-1]).threats[0].given
    assert way.t_s[-1] == pytest.approx(20.0, abs=1e-2)


def test_several_bodies_in_a_file_need_a_name(tmp_path):
    rows = [f"a,{x}" for x in falling()] + [f"b,{x}" for x in falling(end=(30.0, 130.0))]
    text = "body," + text_of(rows)
    with pytest.raises(ScenarioError, match=r"more than one body \(a, b\); name one as"):
        read_trajectory(text, "way.csv")
    found = read_trajectory(text, "way.csv", body="b")
    lat, lon, _ = geodetic_from_ecef(*found.r_m[-1])
    assert (math.degrees(lat), math.degrees(lon)) == pytest.approx((30.0, 130.0))


@pytest.mark.parametrize("file", ["/etc/passwd", "../way.csv", "C:\\way.csv"])
def test_files_stand_beside_or_below_the_scenario(mine, file):
    text = SCENARIO.replace("'way.csv'", "").replace('"way.csv"', repr(file))
    with pytest.raises(ScenarioError, match="must stand beside or below the scenario"):
        mine(falling(), text)


# --- messages ------------------------------------------------------------------------------------


def message(rows, *, frame="ITRF2000", centre="EARTH", extra=""):
    head = [
        "CCSDS_OEM_VERS = 2.0", "CREATION_DATE = 2026-01-01T00:00:00", "ORIGINATOR = X", "META_START",
        "OBJECT_NAME = A", "OBJECT_ID = 1", f"CENTER_NAME = {centre}", f"REF_FRAME = {frame}",
        "TIME_SYSTEM = UTC", "START_TIME = 2025-001T00:00:00", "STOP_TIME = 2025-001T00:00:20", "META_STOP", extra,
    ]  # fmt: skip
    lines = [
        f"2025-001T00:00:{t:06.3f} " + " ".join(f"{x / 1e3:.9f}" for x in (*r, *v))
        for t, r, v in zip(rows.t_s, rows.r_m, rows.v_mps, strict=True)
    ]
    return "\n".join([*head, *lines]) + "\n"


def test_a_message_gives_the_states_of_its_rows():
    rows = read_trajectory(text_of(falling()), "x")
    found = read_trajectory(message(rows), "way.oem")
    np.testing.assert_allclose(found.r_m, rows.r_m, atol=1e-4)
    np.testing.assert_allclose(found.v_mps, rows.v_mps, atol=1e-4)
    np.testing.assert_allclose(found.t_s, rows.t_s)


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"frame": "EME2000"}, "REF_FRAME is EME2000; it must turn with the Earth"),
        ({"centre": "MOON"}, "CENTER_NAME is MOON"),
        ({"extra": "META_START"}, "a second segment begins"),
        ({"extra": "2025-001T00:00 1 2"}, "is no state"),
    ],
)
def test_messages_that_cannot_be_flown_are_refused(given, told):
    rows = read_trajectory(text_of(falling()), "x")
    if given.get("extra") == "META_START":
        text = message(rows).replace("META_STOP", "META_STOP\nMETA_START\nMETA_STOP")
    else:
        text = message(rows, **given)
    with pytest.raises(ScenarioError, match=told):
        read_trajectory(text, "way.oem")


def test_velocities_left_out_are_those_of_a_known_fall():
    """A parabola is differentiated without error, its ends included."""
    t = np.arange(12.0)
    up = np.array(ecef_from_geodetic(0.5, 2.0, 0.0))
    up /= np.linalg.norm(up)
    r = np.array(ecef_from_geodetic(0.5, 2.0, 2000.0)) + np.outer(-4.9 * t * t, up)
    lines = [",".join(f"{x:.9f}" for x in (a, *p)) for a, p in zip(t, r, strict=True)]
    found = read_trajectory("t_s,x_m,y_m,z_m\n" + "\n".join(lines), "x")
    np.testing.assert_allclose(found.v_mps, np.outer(-9.8 * t, up), atol=1e-6)
