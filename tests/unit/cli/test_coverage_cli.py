"""`hinomi coverage`: one object for a constellation, maps of a scenario, and wrong values in words."""

import csv
import json

import pytest

DIRECT = [
    "coverage", "--walker", "40/5/1", "--inclination-deg", "81", "--altitude-km", "1000",
    "--target-altitude-km", "50", "--graze-km", "0",
]  # fmt: skip
SHORT = ["--hours", "1", "--grid-deg", "2"]
OKINAWA = ["coverage", "okinawa-2025", *SHORT]
NUMBERS = (
    "fraction_1", "fraction_2", "fraction_3", "mean_views", "longest_gap_s", "median_stereo_deg",
    "median_dop",
)  # fmt: skip


def test_a_constellation_gives_one_object_with_its_seven_numbers(told):
    found = told(*DIRECT, "--latitude-deg", "26.2")
    assert set(NUMBERS) <= set(found)
    assert found["fraction_1"] == found["fraction_2"] == 1.0  # printed: never fewer than two there
    assert 0.7 < found["fraction_3"] < 0.9
    assert found["longest_gap_s"] == 0.0
    assert 80.0 < found["median_stereo_deg"] < 110.0
    assert found["median_crossing_deg"] <= 90.0
    assert found["hours"] == 24.0


def test_several_latitudes_give_one_object_each_in_order(told):
    found = told(*DIRECT, "--latitude-deg", "0,39.2", "--hours", "2")["latitudes"]
    assert [row["latitude_deg"] for row in found] == [0.0, 39.2]
    assert found[0]["fraction_2"] < 1.0 == found[1]["fraction_2"]  # not on the equator


def test_where_nobody_sees_anything_medians_are_null(told):
    found = told("coverage", "--geo", "0", "--latitude-deg", "89", "--max-range-km", "30000")
    assert found["fraction_1"] == 0.0
    assert found["median_stereo_deg"] is None
    assert found["median_dop"] is None
    assert found["longest_gap_s"] == 86400.0


def test_without_a_latitude_the_answer_is_for_the_sphere(told):
    found = told(*DIRECT, "--hours", "2", "--grid-deg", "2")
    assert found["mean_views"] == pytest.approx(4.101, abs=0.01)  # N (1 - cos lambda) / 2
    assert found["cells"] == 90 * 180


def test_text_and_object_say_the_same(program, told):
    code, out, _ = program(*DIRECT, "--latitude-deg", "26.2", "--hours", "3")
    assert code == 0
    found = told(*DIRECT, "--latitude-deg", "26.2", "--hours", "3")
    assert f"{found['fraction_3']:.4f}" in out
    assert f"{found['median_dop']:.2f}" in out


def test_a_scenario_is_covered_by_signal_and_sees_less_than_by_geometry(told):
    target = ("--target-altitude-km", "200", "--class", "mrbm_liquid")
    signal = told(*OKINAWA, *target)
    free = told(*OKINAWA, "--geometry-only", "--target-altitude-km", "200")
    assert signal["detection"] == "signal"
    assert free["detection"] == "geometry"
    assert signal["mean_views"] < free["mean_views"]


def test_both_nations_see_the_sum_of_what_each_sees(told):
    parts = [told(*OKINAWA, "--owner", nation)["mean_views"] for nation in ("Japan", "US")]
    assert told(*OKINAWA)["mean_views"] == pytest.approx(sum(parts), abs=2e-5)


def test_an_architecture_that_shares_tracks_holds_everybody_and_one_that_does_not_its_own(told):
    everybody, japan = told(*OKINAWA), told(*OKINAWA, "--owner", "Japan")
    for name in ("integrated", "shared_track"):
        assert told(*OKINAWA, "--architecture", name)["mean_views"] == everybody["mean_views"]
    for name in ("national", "shared_warning"):
        assert told(*OKINAWA, "--architecture", name)["mean_views"] == japan["mean_views"]


def test_a_difference_is_the_first_minus_the_second(told, tmp_path):
    table = tmp_path / "d.csv"
    found = told(
        *OKINAWA, "--architecture", "integrated", "--minus", "national", "--csv", str(table)
    )
    assert found["difference"]["mean_views"] == pytest.approx(
        found["mean_views"] - found["minus"]["mean_views"], abs=1e-5
    )
    rows = list(csv.DictReader(table.read_text(encoding="utf-8").splitlines()))
    assert len(rows) == found["cells"]
    for row in rows:
        left = float(row["mean_views"]) - float(row["mean_views_minus"])
        assert float(row["mean_views_difference"]) == pytest.approx(left, abs=2e-6)
        assert left >= 0.0


def test_a_group_of_satellites_and_a_sensor_are_chosen_by_name(told):
    assert told(*OKINAWA, "--sensors", "GEO 70E,Yozadake")["sensors"] == ["Yozadake", "GEO 70E"]
    low = told(*OKINAWA, "--sensors", "LEO")["sensors"]
    assert len(low) == 28
    both = told(*OKINAWA, "--sensors", "infrared")["sensors"]
    assert set(low) < set(both)


def test_fans_are_ranges_of_radars_by_height(told, tmp_path):
    shapes = tmp_path / "f.geojson"
    found = told(
        "coverage", "okinawa-2025", "--fan-km", "10,50", "--sensors", "Yozadake,Shariki",
        "--geometry-only", "--geojson", str(shapes),
    )["fans"]  # fmt: skip
    reach = {(r["radar"], r["height_km"]): r["greatest_range_km"] for r in found}
    assert set(reach) == {(n, h) for n in ("Yozadake", "Shariki") for h in (10.0, 50.0)}
    # A straight ray over 4/3 of the Earth at 2 degrees meets 10 km at about 211 km (150 m antenna).
    assert reach["Yozadake", 10.0] == pytest.approx(209.0, abs=4.0)
    assert reach["Yozadake", 50.0] == pytest.approx(655.0, abs=8.0)
    whole = json.loads(shapes.read_text(encoding="utf-8"))
    assert whole["status"] == "STUDY"
    assert len(whole["features"]) == 4


@pytest.mark.parametrize("ending", ["png", "svg"])
def test_pictures_are_drawn_the_same_bytes_every_time(program, tmp_path, ending):
    files = [tmp_path / f"{i}.{ending}" for i in (1, 2)]
    for file in files:
        assert program(*OKINAWA, "--picture", str(file))[0] == 0
    assert files[0].read_bytes() == files[1].read_bytes()
    if ending == "svg":
        assert "STUDY" in files[0].read_text(encoding="utf-8")


WRONG = [
    (["--walker", "40/6/1"], "does not divide"),
    (["--walker", "40/5/5"], "phasing is 0 to 4"),
    (["--walker", "40-5-1"], "write T/P/F"),
    (["--walker", "0/1/0"], "does not divide"),
    (["--altitude-km", "-10"], "at least 120"),
    (["--altitude-km", "40"], "at least 120"),
    (["--target-altitude-km", "-1"], "at least 0"),
    (["--target-altitude-km", "1000"], "must be below them"),
    (["--graze-km", "-200"], "at least -100"),
    (["--latitude-deg", "91"], "at most 90"),
    (["--latitude-deg", "north"], "plain number"),
    (["--step-s", "0"], "more than 0"),
    (["--step-s", "86400"], "fewer than two steps"),
    (["--hours", "0"], "more than 0"),
    (["--inclination-deg", "181"], "at most 180"),
    (["--max-range-km", "0"], "more than 0"),
    (["--earth", "flat"], "one of sphere, wgs84"),
    (["--geo", "400"], "at most 360"),
    (["--sensors", "radar"], "is for a scenario"),
    (["--tle", "nowhere.tle", "--earth", "sphere"], "needs --earth wgs84"),
    (["--tle", "nowhere.tle"], "nowhere.tle"),
    (["--box", "1,2,3"], "SOUTH,WEST,NORTH,EAST"),
    (["--box", "30,120,20,130"], "SOUTH,WEST,NORTH,EAST"),
    (["--grid-deg", "7"], "must divide 180"),
    (["--grid-deg", "0.001"], "coarser"),
    (["--picture", "map.gif"], ".png or .svg"),
    (["--step-s", "0.01", "--grid-deg", "1"], "too many at once"),
]


@pytest.mark.parametrize(("words", "said"), WRONG, ids=lambda v: str(v)[:40])
def test_wrong_values_of_a_constellation_are_told_with_exit_code_2(program, words, said):
    code, out, err = program(*DIRECT, *words)
    assert (code, out) == (2, "")
    assert said in err
    assert "Traceback" not in err


WRONG_OF_SCENARIO = [
    (["--sensors", "Yozadak"], "did you mean 'Yozadake'"),
    (["--owner", "Japn"], "did you mean 'Japan'"),
    (["--architecture", "integrate"], "did you mean 'integrated'"),
    (["--minus", "national"], "needs --architecture"),
    (["--architecture", "national", "--minus", "nationl"], "--minus: no 'nationl'"),
    (["--class", "mrbm_liqid"], "did you mean 'mrbm_liquid'"),
    (["--pd", "1"], "at most 0.999"),
    (["--geometry-only", "--rcs-m2", "1"], "drop one"),
    (["--walker", "40/5/1"], "exclude one another"),
    (["--latitude-deg", "3"], "for a constellation"),
    (["--phase", "coast"], "boost, body"),
    (["--fan-km", "10", "--sensors", "infrared"], "needs a radar"),
    (["--fan-km", "-1"], "at least 0"),
    (["--csv", "nowhere/a.csv"], "there is no folder"),
    (["--variant", "leo_9"], "no variant"),
]


@pytest.mark.parametrize(("words", "said"), WRONG_OF_SCENARIO, ids=lambda v: str(v)[:40])
def test_wrong_values_of_a_scenario_are_told_with_exit_code_2(program, words, said):
    code, out, err = program("coverage", "okinawa-2025", *words)
    assert (code, out) == (2, "")
    assert said in err


def test_nothing_asked_says_what_can_be(program):
    code, _, err = program("coverage")
    assert code == 2
    assert "hinomi coverage SCENARIO" in err


ELEMENTS = """ISS (ZARYA)
1 25544U 98067A   08264.51782528 -.00002182  00000-0 -11606-4 0  2927
2 25544  51.6416 247.4627 0006703 130.5360 325.0288 15.72125391563537
"""


def test_elements_fly_over_latitudes_up_to_their_inclination_and_the_limb(program, told, tmp_path):
    """51.6 degrees and, from 350 km, 21 more to a target 20 km high: nothing at 80 degrees."""
    (tmp_path / "one.tle").write_text(ELEMENTS, encoding="utf-8")
    rows = told(
        "coverage", "--tle", "one.tle", "--latitude-deg", "0,60,80", "--target-altitude-km", "20"
    )
    shares = [row["fraction_1"] for row in rows["latitudes"]]
    assert shares[0] > 0.0
    assert shares[1] > shares[0]  # orbits crowd where they turn
    assert shares[2] == 0.0
    code, _, err = program("coverage", "--tle", "one.tle", "--target-altitude-km", "900")
    assert code == 2
    assert "must be below them" in err


def test_a_box_may_cross_the_date_line(told, tmp_path):
    table = tmp_path / "box.csv"
    told(
        "coverage", "okinawa-2025", "--hours", "0.1", "--box", "20,170,30,190", "--grid-deg", "5",
        "--csv", str(table),
    )  # fmt: skip
    rows = list(csv.DictReader(table.read_text(encoding="utf-8").splitlines()))
    assert [float(r["lon_deg"]) for r in rows[:5]] == [170.0, 175.0, -180.0, -175.0, -170.0]


def test_the_rows_over_time_have_the_map_as_their_mean(told, tmp_path):
    """Averaging over time and over the area in either order gives the same shares."""
    file = tmp_path / "time.csv"
    found = told(*OKINAWA, "--sensors", "infrared", "--over-time", str(file))
    rows = list(csv.DictReader(file.read_text(encoding="utf-8").splitlines()))
    assert [float(r["t_s"]) for r in rows] == [60.0 * k for k in range(len(rows))]
    assert len(rows) >= 60
    for name, key in (
        ("share_1", "fraction_1"),
        ("share_3", "fraction_3"),
        ("mean_views", "mean_views"),
    ):
        mean = sum(float(r[name]) for r in rows) / len(rows)
        assert mean == pytest.approx(found[key], abs=2e-5)
    assert len({r["mean_views"] for r in rows}) > 5  # satellites come and go


def test_a_difference_over_time_has_both_pictures(told, tmp_path):
    file = tmp_path / "time.csv"
    told(*OKINAWA, "--architecture", "integrated", "--minus", "national", "--over-time", str(file))
    rows = list(csv.DictReader(file.read_text(encoding="utf-8").splitlines()))
    assert all(float(r["mean_views"]) >= float(r["mean_views_minus"]) for r in rows)
