"""A launch file of the user's own: read as told, and every mistake named at once."""

import pytest

from hinomi.errors import ScenarioError
from hinomi.history.launch_form import load_launch_file
from hinomi.scenario.load import load, scenario_text

GOOD = """
format = "hinomi/launch/1"

[[launches]]
id = "2026-05-01"
vehicle = "an intermediate-range body, invented"
kind = "ballistic"
area = "Sunan"
site = { lat_deg = 39.2, lon_deg = 125.7, grade = "literature", source = "maps" }
class = { name = "irbm_liquid", grade = "assumed", source = "as described" }
end = { lat_deg = 41.1, lon_deg = 157.3, grade = "published", source = "NHK, 1 May 2026" }
sensors = "replay-2017-08-29"

[[launches.sets]]
by = "Japan"
alerted_prefectures = ["Hokkaido", "Aomori"]
range_km = { value = 2700, grade = "published", source = "NHK, 1 May 2026" }
apogee_km = { value = 550, grade = "published", source = "NHK, 1 May 2026" }
launch_jst = { value = "23:58", grade = "published", source = "NHK, 1 May 2026" }
alert_jst = { value = "00:02", grade = "published", source = "NHK, 1 May 2026" }
impact_jst = { value = "00:12", grade = "published", source = "NHK, 1 May 2026" }
passed_message_jst = { value = "00:14", grade = "published", source = "NHK, 1 May 2026" }
"""
LAUNCHER = (
    GOOD.replace('kind = "ballistic"', 'kind = "launcher"')
    .replace('name = "irbm_liquid"', 'name = "slv3"')
    .replace(
        'end = { lat_deg = 41.1, lon_deg = 157.3, grade = "published", source = "NHK, 1 May 2026" }',
        'bearing_deg = { value = 163, grade = "assumed", source = "corridor" }\n'
        'kick_deg = { value = 0.5, grade = "assumed", source = "class" }\n'
        'fails_at_s = { value = 120, low = 110, high = 125, grade = "assumed", source = "stage 1" }',
    )
)


@pytest.fixture
def read(tmp_path):
    def load_text(text):
        path = tmp_path / "mine.toml"
        path.write_text(text, encoding="utf-8")
        return load_launch_file(path)

    return load_text


def test_a_good_file_is_a_scenario_with_its_facts_from_the_launch_minute_past_midnight(read):
    s = read(GOOD)
    facts = {f.name: f for f in s.facts}
    assert s.epoch.isoformat() == "2026-05-01T14:58:00+00:00"
    assert facts["launch"].t_s == 0.0
    assert facts["alert"].t_s == 240.0
    assert (facts["impact"].t_s, facts["impact"].tolerance) == (840.0, 120.0)
    assert (facts["flight_time_s"].value, facts["flight_time_s"].tolerance) == (840.0, 120.0)
    assert facts["alert_to_lift_s"].value == 720.0
    assert facts["apogee_km"].role == facts["range_km"].role == "input"
    assert facts["alert"].source == "NHK, 1 May 2026 (Japan)"
    assert (s.threats[0].aim_lat_deg, s.threats[0].aim_lon_deg) == (41.1, 157.3)
    assert s.blocks == {"alerted area": ("Hokkaido", "Aomori")}


def test_its_latencies_and_sensors_are_those_of_the_bundled_replay(read):
    own, bundled = read(GOOD), load("replay-2017-08-29")
    assert own.policy == bundled.policy
    assert own.sensors.names == bundled.sensors.names
    assert own.tracking == bundled.tracking


def test_a_time_with_a_zone_is_turned_into_the_minute_in_japan(read):
    text = GOOD.replace('"23:58"', "2026-05-01T14:58:00Z")
    assert read(text).epoch == read(GOOD).epoch


def test_a_range_along_a_bearing_ends_at_a_tenth_of_a_degree(read):
    start = GOOD.index("end = {")
    stop = GOOD.index("\n", start)
    bearing = 'bearing_deg = { value = 90, grade = "assumed", source = "east" }'
    aim = read(GOOD[:start] + bearing + GOOD[stop:]).threats[0]
    # 2,700 km due east of 39.2 N: sin(lat) = sin(39.2) cos(2700/6371) on the sphere.
    assert aim.aim_lat_deg == pytest.approx(35.2, abs=0.11)
    assert aim.aim_lat_deg == round(aim.aim_lat_deg, 1)


def test_a_launcher_flies_as_told_and_fails_when_told(read):
    threat = read(LAUNCHER).threats[0]
    assert (threat.fails_at_low_s, threat.fails_at_high_s) == (110.0, 125.0)
    assert threat.kick_rad == pytest.approx(0.5 * 3.14159265 / 180.0)


def test_a_faster_class_moves_all_but_its_burn_time(read):
    plain = read(GOOD).classes["irbm_liquid"]
    fast = read(GOOD.replace('name = "irbm_liquid"', 'name = "irbm_liquid", faster = 0.1'))
    moved = fast.classes["irbm_liquid"]
    assert moved.payload_kg < plain.payload_kg
    assert moved.stages[0].propellant_kg > plain.stages[0].propellant_kg
    assert moved.stages[0].burn_s == plain.stages[0].burn_s


def test_a_whole_scenario_with_facts_is_read_as_it_is(read):
    assert (
        read(scenario_text("replay-2024-05-27")[0]).content_hash
        == load("replay-2024-05-27").content_hash
    )


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('alert_jst = { value = "00:02", grade = "published", source = "NHK, 1 May 2026" }',
         'alert_jst = { value = "00:02", grade = "published" }', "alert_jst.source: is missing"),
        ('"00:02", grade = "published"', '"00:02", grade = "sure"', "alert_jst.grade: is 'sure'"),
        ('"23:58"', "2026-05-01T23:58:00", "has no zone"),
        ('"23:58"', "23:58:00", "has no zone"),
        ('"23:58"', '"2358"', "write the minute in Japan"),
        ('"23:58"', "2026-05-02T23:58:00+09:00", "make the two the same day"),
        ("launch_jst", "lunch_jst", "did you mean 'launch_jst'"),
        ('apogee_km = { value = 550, grade = "published", source = "NHK, 1 May 2026" }', "",
         "nobody gives apogee_km"),
        ("apogee_km = { value = 550", "apogee_km = { value = -1", "must be above 0"),
        ("apogee_km = { value = 550", 'apogee_km = { value = "550"', "give a number"),
        ('alerted_prefectures = ["Hokkaido", "Aomori"]', "", "the alerted area is an input"),
        ('"irbm_liquid"', '"irbm_liqid"', "did you mean 'irbm_liquid'"),
        ('"irbm_liquid"', '"slv3"', "of kind launcher"),
        ('kind = "ballistic"', 'kind = "cruise"', "ballistic or launcher"),
        ('"replay-2017-08-29"', '"replay-2017-08-28"', "did you mean 'replay-2017-08-29'"),
        ('id = "2026-05-01"', 'id = "May"', "write the date in Japan"),
        ("lat_deg = 39.2", "lat_deg = 139.2", "within 90 degrees"),
        ("end = {", "ends = {", "did you mean 'end'"),
        ('format = "hinomi/launch/1"', 'format = "hinomi/launch/9"', "begins with format"),
        ("[[launches]]", "[[launches]]\n[[launches]]", "give exactly one"),
        ("site = {", "site = 5 #", "write it as a table"),
    ],
)  # fmt: skip
def test_each_mistake_is_named_with_its_key_and_the_way_out(read, old, new, says):
    assert old in GOOD
    with pytest.raises(ScenarioError, match=says.replace("(", "\\(")) as caught:
        read(GOOD.replace(old, new, 1))
    assert caught.value.exit_code == 2


def test_all_mistakes_are_told_at_once(read):
    text = GOOD.replace('"23:58"', "23:58:00").replace('source = "maps"', 'note = "maps"')
    with pytest.raises(ScenarioError) as caught:
        read(text)
    assert len(str(caught.value).splitlines()) == 2


def test_unknown_prefectures_are_refused(read):
    with pytest.raises(ScenarioError, match="Hokaido"):
        read(GOOD.replace('"Hokkaido"', '"Hokaido"'))
