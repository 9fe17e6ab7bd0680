"""`hinomi fly`: one flight in five forms, its files, and every wrong value told in words."""

import csv
import json
import math
import xml.etree.ElementTree as ET

import pytest

# Least-speed flights on a sphere of 6,371.0 km without air and rotation, mu 398600.4418 km3/s2:
# range km, speed km/s, angle deg, apogee km, time s. Closed form, confirmed by Kepler's equation and
# Lambert's problem; the same rows as tests/validation/minimum_energy/minimum_energy.csv.
LEAST = [
    (300, 1.69648, 44.32551, 74.110, 251.035),
    (500, 2.17338, 43.87585, 122.516, 327.364),
    (1000, 3.01612, 42.75170, 239.938, 474.360),
    (1300, 3.40091, 42.07720, 307.872, 548.489),
]
MU, R, W = 3.986004418e14, 6371e3, 7.292115e-5
LAUNCH = ["fly", "srbm_liquid", "--from", "39.0,125.7", "--azimuth-deg", "90", "--kick-deg", "5"]
STATE = ["fly", "--from", "0,0", "--azimuth-deg", "90", "--speed-km-s", "3", "--angle-deg", "40"]
REACH = ["fly", "mrbm_liquid", "--from", "39.0,125.7", "--to", "36.0,134.0", "--apogee-km", "250"]
LEAST_1000 = ["fly", "--minimum-energy-km", "1000", "--from", "0,0", "--azimuth-deg", "90"]


@pytest.mark.parametrize("row", LEAST, ids=lambda row: f"{row[0]}km")
def test_minimum_energy_over_the_sphere_gives_the_published_closed_form(program, strict, row):
    range_km, speed, angle, apogee, time = row
    code, out, err = program(
        "fly", "--minimum-energy-km", range_km, "--from", "35.0,-12.5", "--azimuth-deg", "63",
        "--earth", "sphere", "--no-atmosphere", "--json",
    )  # fmt: skip
    told = strict(out)
    assert (code, err) == (0, "")
    assert told["burnout_speed_mps"] == pytest.approx(1e3 * speed, rel=1e-5)
    assert told["flight_path_angle_deg"] == pytest.approx(angle, rel=1e-5)
    assert told["apogee_km"] == pytest.approx(apogee, rel=1e-4)
    assert told["flight_time_s"] == pytest.approx(time, abs=0.01)
    assert told["asked_range_km"] == range_km
    assert told["range_km"] == pytest.approx(range_km, rel=1e-4)
    lat, lon = math.radians(told["impact_lat_deg"]), math.radians(told["impact_lon_deg"] + 12.5)
    start = math.radians(35.0)
    away = math.acos(
        math.sin(start) * math.sin(lat) + math.cos(start) * math.cos(lat) * math.cos(lon)
    )
    assert away * R / 1e3 == pytest.approx(range_km, rel=1e-4)


def kepler_longitude(speed_mps, angle_rad, east):
    """Longitude [rad] at which a body launched from the turning equator lands; Kepler, inertial."""
    up, level = speed_mps * math.sin(angle_rad), east * speed_mps * math.cos(angle_rad) + W * R
    sense = math.copysign(1.0, level)
    h, energy = R * abs(level), 0.5 * (up**2 + level**2) - MU / R
    a, p = -0.5 * MU / energy, h * h / MU
    e = math.sqrt(1.0 - p / a)
    nu = math.acos((p / R - 1.0) / e)
    anomaly = 2.0 * math.atan(math.sqrt((1.0 - e) / (1.0 + e)) * math.tan(0.5 * nu))
    half = math.pi - anomaly + e * math.sin(anomaly)
    time = 2.0 * math.sqrt(a**3 / MU) * half
    return sense * 2.0 * (math.pi - nu) - W * time


@pytest.mark.parametrize(("azimuth", "east"), [(90, 1.0), (270, -1.0)])
def test_a_turning_sphere_moves_the_end_as_kepler_says_and_the_text_says_so(
    program, strict, azimuth, east
):
    words = (
        "fly", "--minimum-energy-km", "3000", "--from", "0,0", "--azimuth-deg", azimuth,
        "--earth", "rotating-sphere", "--no-atmosphere",
    )  # fmt: skip
    told = strict(program(*words, "--json")[1])
    expected = math.degrees(
        kepler_longitude(
            told["burnout_speed_mps"], math.radians(told["flight_path_angle_deg"]), east
        )
    )
    assert told["impact_lon_deg"] == pytest.approx(expected, abs=2e-4)
    assert told["impact_lat_deg"] == pytest.approx(0.0, abs=1e-6)
    # Eastwards the ground's own speed carries further, westwards less far, than was asked.
    assert (told["range_km"] - 3000.0) * east > 50.0
    text = program(*words)[1]
    assert f"Asked range 3000.0 km, reached range {told['range_km']:.1f} km" in text


def test_a_flight_to_a_place_ends_there_with_the_asked_apogee_and_lists_its_numbers(
    program, strict
):
    code, out, _ = program(*REACH, "--json")
    told = strict(out)
    assert code == 0
    assert told["status"] == "landed"
    assert told["aim"]["miss_km"] <= 1.0
    assert told["impact_lat_deg"] == pytest.approx(36.0, abs=0.01)
    assert told["impact_lon_deg"] == pytest.approx(134.0, abs=0.012)
    assert told["apogee_km"] == pytest.approx(250.0, abs=0.5)
    names = [e["name"] for e in told["events"]]
    assert names == ["ignition", "86 km, up", "burnout", "apogee", "86 km, down", "ground"] or (
        names == ["ignition", "burnout", "86 km, up", "apogee", "86 km, down", "ground"]
    )
    times = [e["t_s"] for e in told["events"]]
    assert times == sorted(times)
    for event in told["events"]:
        if event["name"].startswith("86"):
            assert event["height_km"] == pytest.approx(86.0, abs=0.05)
    assert len(told["spent_stages"]) == 1
    assert told["spent_stages"][0]["end_height_km"] == pytest.approx(0.0, abs=0.01)
    inputs = {i["name"].removeprefix("threat.mrbm_liquid."): i for i in told["inputs"]}
    assert inputs["stages[0].propellant_kg"]["unit"] == "kg"
    assert inputs["beta_kg_m2"]["unit"] == "kg/m2"
    assert all(i["grade"] and i["source"] for i in told["inputs"])


def test_the_text_shows_class_events_stages_and_end(program):
    code, out, err = program(*LAUNCH, "--cutoff-s", "60")
    assert (code, err) == (0, "")
    assert "Classes are generic" in out
    assert "thrust for 60.0 s" in out
    for word in ("ignition", "burnout", "apogee", "ground", "falls off", "stage 1", "Ends after"):
        assert word in out


def test_a_failure_ends_thrust_as_an_early_cut_off_does_and_is_named(program, strict):
    failed = strict(program(*LAUNCH, "--fails-at-s", "40", "--json")[1])
    cut = strict(program(*LAUNCH, "--cutoff-s", "40", "--json")[1])
    assert failed["range_km"] == cut["range_km"]
    assert failed["burnout_t_s"] == 40.0
    assert "thrust fails" in [e["name"] for e in failed["events"]]


def test_a_glider_of_numbers_starts_where_lift_carries_it_and_goes_further_than_a_falling_body(
    program, strict
):
    words = ("fly", "--speed-km-s", "3", "--from", "39,127", "--azimuth-deg", "90", "--json")
    beta = ("--beta-kg-m2", "10000")
    glide = strict(program(*words, *beta, "--lift-to-drag", "2.6")[1])
    skip = strict(program(*words, *beta, "--lift-to-drag", "2.6", "--law", "skip")[1])
    height = str(glide["start"]["height_km"])
    fall = strict(program(*words, *beta, "--angle-deg", "0", "--height-km", height)[1])
    assert 25.0 < float(height) < 60.0
    assert glide["range_km"] > 1.5 * fall["range_km"]
    assert glide["used_lift_to_drag"] <= 2.61
    assert skip["used_lift_to_drag"] == pytest.approx(2.6, abs=0.03)  # skips use all their lift
    assert fall["used_lift_to_drag"] is None


def test_a_bank_to_the_right_turns_the_glide_to_the_right(program, strict):
    words = (
        "fly", "glider_regional", "--speed-km-s", "4", "--from", "0,0", "--azimuth-deg", "90",
        "--earth", "sphere", "--json",
    )  # fmt: skip
    right = strict(program(*words, "--bank", "20:40,200:0")[1])
    left = strict(program(*words, "--bank", "20:-40,200:0")[1])
    assert right["impact_lat_deg"] < -0.5  # eastbound: right is south
    assert left["impact_lat_deg"] == pytest.approx(-right["impact_lat_deg"], abs=1e-3)


def test_a_body_that_never_comes_down_says_so_by_its_status(program, strict):
    away = (*STATE[:-4], "--speed-km-s", "12", "--angle-deg", "60", "--no-atmosphere")
    fast = strict(program(*away, "--json")[1])
    assert fast["status"] == "escaping"
    assert fast["impact_lat_deg"] is None
    assert fast["flight_time_s"] is None
    around = (
        *STATE[:-4], "--speed-km-s", "7.67", "--angle-deg", "0", "--height-km", "400",
        "--earth", "sphere", "--no-atmosphere",
    )  # fmt: skip
    assert strict(program(*around, "--json")[1])["status"] == "orbiting"
    assert "orbiting: It stays in orbit" in program(*around)[1]


def test_a_cruise_body_passes_its_waypoint_and_ends_over_its_aim(program, strict):
    words = ("fly", "cruise_subsonic", "--from", "38.0,130.0", "--to", "36.0,133.0", "--via", "37.5,132.0")  # fmt: skip
    told = strict(program(*words, "--json")[1])
    names = [e["name"] for e in told["events"]]
    assert names == ["start", "waypoint 1", "aim"]
    assert told["events"][1]["lat_deg"] == pytest.approx(37.5, abs=0.05)
    assert told["events"][1]["lon_deg"] == pytest.approx(132.0, abs=0.05)
    assert told["impact_lat_deg"] == pytest.approx(36.0, abs=1e-4)
    assert told["impact_lon_deg"] == pytest.approx(133.0, abs=1e-4)
    speeds = {round(e["speed_mps"], 1) for e in told["events"]}
    assert len(speeds) == 1


def test_all_files_are_written_over_old_ones_and_only_json_is_on_stdout(program, strict, tmp_path):
    (tmp_path / "a.csv").write_text("old")
    code, out, err = program(
        *LAUNCH, "--json", "--csv", "a.csv", "--oem", "a.oem", "--czml", "a.czml", "--picture",
        "a.svg",
    )  # fmt: skip
    told = strict(out)
    assert (code, err) == (0, "")
    assert told["files"] == {"csv": "a.csv", "oem": "a.oem", "czml": "a.czml", "picture": "a.svg"}
    with (tmp_path / "a.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    last = [r for r in rows if r["body"] == "srbm_liquid"][-1]
    assert float(last["t_s"]) == pytest.approx(told["flight_time_s"], abs=1e-3)
    assert float(last["lat_deg"]) == pytest.approx(told["impact_lat_deg"], abs=1e-5)
    assert (tmp_path / "a.oem").read_text().startswith("CCSDS_OEM_VERS = 2.0\n")
    assert json.loads((tmp_path / "a.czml").read_text())[0]["id"] == "document"
    assert ET.fromstring((tmp_path / "a.svg").read_text()).tag.endswith("svg")


def test_the_list_of_classes_names_each_with_its_kind(program, strict):
    code, out, _ = program("fly", "--classes")
    assert code == 0
    assert "irbm_liquid" in out
    assert "Classes are generic" in out
    rows = {
        row["class"]: row for row in strict(program("fly", "--classes", "--json")[1])["classes"]
    }
    assert rows["glider_regional"]["kind"] == "glide"
    # Tsiolkovsky with the catalogue's numbers: 3,770 kg burnt of 5,855 kg at 230 s.
    ideal = 230.0 * 9.80665 * math.log((3770 + 1100 + 985) / (1100 + 985))
    assert rows["srbm_liquid"]["ideal_speed_mps"] == pytest.approx(ideal, abs=0.1)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["fly"], "say what to fly"),
        (["fly", "irbm_liqid", *LAUNCH[2:]], "did you mean 'irbm_liquid'?"),
        (["fly", "irbm_liquid"], "say what to fly"),
        (["fly", "irbm_liquid", "--kick-deg", "5"], "needs --from and --azimuth-deg"),
        ([*LAUNCH, "--from", "39.0"], "write LAT,LON in degrees"),
        ([*LAUNCH, "--from", "39.0,125.7,0"], "write LAT,LON in degrees"),
        ([*LAUNCH, "--from", "39N,125E"], "the latitude of --from is '39N'; write the number alone"),
        ([*LAUNCH, "--from", "91,0"], "the latitude of --from is 91 degrees; it must be at least -90"),
        ([*LAUNCH, "--from", "0,181"], "the longitude of --from is 181 degrees"),
        ([*LAUNCH, "--from", "nan,0"], "the latitude of --from is 'nan'; write a plain number"),
        ([*LAUNCH, "--azimuth-deg", "361"], "--azimuth-deg is 361 degrees; it must be"),
        ([*LAUNCH, "--azimuth-deg", "east"], "--azimuth-deg is 'east'; write a plain number"),
        ([*LAUNCH, "--kick-deg", "-1"], "--kick-deg is -1 degrees; it must be at least 0"),
        ([*LAUNCH, "--cutoff-s", "66"], "--cutoff-s is 66 s; the stages of srbm_liquid burn 65 s"),
        ([*LAUNCH, "--cutoff-s", "50", "--fails-at-s", "50"], "contradict one another"),
        ([*LAUNCH, "--to", "36,134"], "--kick-deg and --to contradict one another"),
        ([*LAUNCH, "--bank", "1:30"], "--bank is for a body that lifts; srbm_liquid is ballistic"),
        ([*LAUNCH, "--law", "skip"], "--law has no meaning in a flight by --kick-deg"),
        ([*LAUNCH, "--earth", "flat"], "--earth is 'flat'; it is one of sphere, rotating-sphere, wgs84"),
        ([*LAUNCH, "--density-factor", "0"], "--density-factor is 0; it must be more than 0"),
        ([*LAUNCH, "--density-factor", "1.1", "--no-atmosphere"], "exclude one another"),
        ([*LAUNCH, "--epoch", "yesterday"], "--epoch is 'yesterday'; write a date and time"),
        ([*LAUNCH, "--epoch", "2000-01-01T00:00:00"], "write a date and time with its zone"),
        ([*REACH, "--to", "36.05,134.0"], "finer than 0.1 degree"),
        ([*REACH, "--to", "-36.0,-46.0"], "cannot be solved; this booster reaches"),
        ([*REACH, "--apogee-km", "0"], "--apogee-km is 0 km; it must be more than 0"),
        ([*REACH, "--apogee-km", "-5"], "--apogee-km is -5 km; it must be more than 0"),
        ([*REACH, "--apogee-km", "5000"], "lower it"),
        ([*REACH, "--earth", "sphere"], "--to is solved over WGS 84 only"),
        ([*REACH, "--via", "37,130"], "--via has no meaning in a flight by --apogee-km"),
        ([*STATE], "needs a ballistic coefficient"),
        ([*STATE, "--beta-kg-m2", "8 t"], "--beta-kg-m2 is '8 t'; write the number alone"),
        ([*STATE, "--beta-kg-m2", "0"], "--beta-kg-m2 is 0 kg/m2; it must be at least 1"),
        ([*STATE, "--speed-km-s", "0"], "--speed-km-s is 0 km/s; it must be more than 0"),
        ([*STATE, "--speed-km-s", "100"], "and at most 20"),
        ([*STATE, "--speed-km-s", "1e999"], "--speed-km-s is 1e999 km/s; it must be"),
        ([*STATE, "--angle-deg", "-10", "--no-atmosphere"], "flies into the ground"),
        ([*STATE[:-2], "--no-atmosphere"], "needs --angle-deg"),
        ([*STATE, "--height-km", "-1"], "--height-km is -1 km; it must be at least 0"),
        ([*STATE, "--law", "skip", "--no-atmosphere"], "give --lift-to-drag with it"),
        ([*STATE, "--law", "jump", "--lift-to-drag", "2"], "--law is 'jump'; it is one of equilibrium"),
        ([*STATE, "--lift-to-drag", "2", "--beta-kg-m2", "9000", "--bank", "x"], "SECONDS:DEGREES"),
        ([*STATE, "--lift-to-drag", "2", "--beta-kg-m2", "9000", "--bank", "1:80"], "at most 60"),
        ([*STATE, "--lift-to-drag", "2", "--beta-kg-m2", "9000", "--bank", "9:1,9:2"], "in order"),
        ([*LEAST_1000], "needs a ballistic coefficient"),
        ([*LEAST_1000, "--minimum-energy-km", "-5"], "--minimum-energy-km is -5 km; it must be at least 1"),
        ([*LEAST_1000, "--minimum-energy-km", "nan"], "'nan'; write a plain number of km"),
        ([*LEAST_1000, "--minimum-energy-km", "3000km"], "write the number alone; it is in km"),
        ([*LEAST_1000, "--minimum-energy-km", "3,000"], "without commas between the digits, as 3000"),
        ([*LEAST_1000, "--minimum-energy-km", "30000"], "at most 20000"),
        ([*LEAST_1000, "--kick-deg", "5"], "contradict one another"),
        ([*LEAST_1000, "--speed-km-s", "5"], "contradict one another"),
        ([*LEAST_1000, "--height-km", "5"], "--height-km has no meaning in a flight by --minimum-energy-km"),
        (["fly", "slv3", "--from", "39,125", "--to", "30,125", "--apogee-km", "500"], "is a space launcher"),
        (["fly", "cruise_subsonic", *LAUNCH[2:]], "cruises along the ground: give --from and --to"),
        (["fly", "cruise_subsonic", "--from", "38,130", "--to", "38,130"], "two points of the route"),
        (["fly", "cruise_subsonic", "--from", "0,0", "--to", "0,180"], "give a --via between"),
        ([*LAUNCH, "--csv", "no/folder.csv"], "there is no folder no; make it first"),
        ([*LAUNCH, "--csv", "."], "is a folder; name a file in it"),
        ([*LAUNCH, "--picture", "a.jpg"], "the name must end in .png or .svg"),
        ([*LAUNCH, "--csv", "a", "--oem", "a"], "two files have the same name"),
    ],
    ids=lambda x: " ".join(x[1:])[-60:] if isinstance(x, list) else None,
)  # fmt: skip
def test_a_wrong_value_gets_one_message_and_exit_2_and_writes_nothing(
    program, tmp_path, words, told
):
    code, out, err = program(*words)
    assert code == 2
    assert out == ""
    assert told in " ".join(err.split())
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_cannot_be_written_is_told(program, tmp_path):
    (tmp_path / "dangling.csv").symlink_to(tmp_path / "nowhere" / "x.csv")
    code, out, err = program(*LAUNCH, "--csv", "dangling.csv")
    assert (code, out) == (2, "")
    assert "--csv dangling.csv: cannot be written: No such file or directory" in err


def test_the_list_of_classes_takes_no_class(program):
    code, out, err = program("fly", "mrbm_liquid", "--classes")
    assert (code, out) == (2, "")
    assert "leave 'mrbm_liquid' away" in err
