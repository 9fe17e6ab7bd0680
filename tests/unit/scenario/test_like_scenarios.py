"""A scenario like a bundled one: what is laid over what, and every way to get it wrong."""

import tomllib

import pytest

from hinomi.errors import FenceError, ScenarioError
from hinomi.scenario.check import check_text
from hinomi.scenario.like import whole_text
from hinomi.scenario.load import load, load_text, scenario_names, scenario_text
from hinomi.scenario.toml_text import toml_text

HEAD = 'format = "hinomi/scenario/1"\nname = "mine"\nlike = "okinawa-2025"\n'
EXTRA = """
[[radars]]
name = "Extra"
class = "early_warning"
owner = "US"
lat_deg = 30.0
lon_deg = 128.0
height_m = 10
face_az_deg = 310
"""


def refused(text, error=ScenarioError):
    with pytest.raises(error) as told:
        load_text(text, "mine.toml")
    return str(told.value)


def test_with_nothing_else_it_is_the_other_scenario_under_another_name():
    mine, other = load_text(HEAD, "mine"), load("okinawa-2025")
    assert mine.name == "mine"
    assert mine.threats == other.threats
    assert mine.sensors == other.sensors
    assert mine.batteries == other.batteries
    assert {**mine.document, "name": other.name} == other.document


def test_a_table_is_laid_over_key_by_key_and_a_number_replaced_whole():
    mine = load_text(HEAD + "[area]\nhalf_width_km = 900\n[warning]\ncompliance = 0.2\n", "mine")
    other = load("okinawa-2025")
    assert mine.area.half_width_m == 900_000.0
    assert mine.area.west_deg == other.area.west_deg
    compliance = next(p for p in mine.assumptions if p.key == "warning.compliance")
    assert (compliance.value, compliance.low) == (0.2, None)


def test_sections_of_one_name_are_laid_over_and_others_added():
    mine = load_text(HEAD + '[[radars]]\nname = "Yozadake"\nheight_m = 200\n' + EXTRA, "mine")
    other = load("okinawa-2025")
    by_name = {r.name: r for r in mine.sensors.radars}
    assert by_name["Yozadake"].height_m == 200.0
    assert by_name["Yozadake"].lat_deg == next(
        r.lat_deg for r in other.sensors.radars if r.name == "Yozadake"
    )
    assert set(mine.sensors.names) - set(other.sensors.names) == {"Extra"}


def test_threats_are_never_mixed():
    cruise = """
[[threats]]
name = "low"
class = "cruise_subsonic"
aims = [{ name = "Naha", lat_deg = 26.2, lon_deg = 127.7 }]
arc = { distance_low_km = 200, distance_high_km = 300, bearing_low_deg = 340, bearing_high_deg = 350 }
start_low_s = 0
start_high_s = 0
"""
    assert [t.body for t in load_text(HEAD + cruise, "mine").threats] == ["low-1"]


def test_without_takes_whole_sections_and_single_ones_away():
    text = HEAD + 'without = ["infrared[LEO]", "variants"]\n[study]\ncompanions = []\n'
    mine = load_text(text, "mine")
    assert not any(n.startswith("LEO") for n in mine.sensors.names)
    assert "GEO 70E" in mine.sensors.names
    assert mine.variants == ()


def test_what_a_plan_keeps_reads_as_the_same_scenario_without_the_other():
    for name in ("glide-phase-2023", "launch-november-2023"):
        loaded = load(name)
        assert "like" not in tomllib.loads(loaded.text)
        assert load_text(loaded.text, "again").content_hash == loaded.content_hash


def test_a_text_that_is_like_nothing_is_kept_as_written():
    text = scenario_text("okinawa-2025")[0]
    assert whole_text(text, "okinawa-2025") == text


@pytest.mark.parametrize("name", scenario_names())
def test_written_out_toml_reads_back_as_the_same_document(name):
    document = tomllib.loads(scenario_text(name)[0])
    assert tomllib.loads(toml_text(document)) == document


def test_odd_texts_and_numbers_survive_writing():
    document = {
        "a b": 'quote " back \\ tab \t line \n del \x7f 日本',
        "empty": [],
        "flag": True,
        "deep": {"x": {"value": 1.5, "low": float("inf")}, "list": [1, 2.0, "three"]},
    }
    assert tomllib.loads(toml_text(document)) == document


def test_mistakes_name_the_lines_of_the_own_file():
    text = HEAD + EXTRA + '\n[[radars]]\nname = "Yozadake"\nheight_m = -3\n'
    line = next(i for i, x in enumerate(text.splitlines(), 1) if x == "height_m = -3")
    with pytest.raises(ScenarioError, match=rf"mine:{line}: radars\[Yozadake\]\.height_m"):
        check_text(text, "mine")


def test_two_of_one_name_in_the_own_file_are_a_mistake():
    assert "used twice" in refused(HEAD + EXTRA + EXTRA)


def test_an_unknown_scenario_is_refused_with_the_way_out():
    words = refused(HEAD.replace("okinawa-2025", "okinawa-2052"))
    assert "'okinawa-2052' is no bundled scenario" in words
    assert "hinomi scenarios" in words


@pytest.mark.parametrize("other", ["../scenarios/okinawa-2025", "mine.toml", "/etc/passwd"])
def test_a_path_cannot_be_named(other):
    assert "no bundled scenario" in refused(HEAD.replace("okinawa-2025", other))


def test_like_must_be_a_name():
    assert "like: 3 is no bundled scenario" in refused(HEAD.replace('"okinawa-2025"', "3"))


@pytest.mark.parametrize("key", ["radars[Yozadak]", "radar", "study[x]"])
def test_without_something_that_is_not_there_is_refused(key):
    assert f"without: {key} is no section" in refused(HEAD + f'without = ["{key}"]\n')


def test_without_alone_means_nothing():
    text = scenario_text("okinawa-2025")[0].replace(
        "nations =", 'without = ["facts"]\nnations =', 1
    )
    assert "means nothing alone" in refused(text)


def test_the_fence_holds_for_what_is_laid_over():
    variant = '[[variants]]\nname = "x"\ntitle = "x"\n[variants.changes]\n"threats[*].apogee_low_km" = 50\n'
    assert "outside the scope" in refused(HEAD + variant, FenceError)
