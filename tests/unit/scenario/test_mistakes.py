"""Every mistake is reported at once, with line, key, value, limit, unit and nearest name."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from hinomi.errors import FenceError, ScenarioError
from hinomi.scenario.check import check_text
from hinomi.scenario.identity import check_entities, entity_id
from hinomi.scenario.load import load, load_text
from hinomi.scenario.plausible import doubts
from hinomi.scenario.text import MAX_BYTES, line_numbers

TEXT = Path(__file__).with_name("small_scenario.toml").read_text()


def line_with(text: str, words: str) -> int:
    return next(i for i, line in enumerate(text.splitlines(), start=1) if words in line)


def broken(*pairs: tuple[str, str]) -> str:
    text = TEXT
    for old, new in pairs:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


def test_eight_mistakes_in_one_file_are_all_reported():
    text = broken(
        ("replicates = 4", "replicates = 0"),
        ("lat_deg = 26.1", "lat_deg = 139.2"),
        ("face_az_deg = 310", "face_azz_deg = 310"),
        ('class = "leo_wide"', 'class = "leo_wid"'),
        ("altitude_km = 1000", 'altitude_km = "high"'),
        ("channels = 4", "channels = true"),
        ("planes = 2", "planes = nan"),
    )
    with pytest.raises(ScenarioError) as caught:
        load_text(text, "mine.toml")
    words = str(caught.value)
    expected = [
        ("replicates = 0", r"study\.replicates: .*given: 0; limit: at least 1, at most 100000"),
        (
            "lat_deg = 139.2",
            r"radars\[Yozadake\]\.lat_deg: .*given: 139\.2; limit: at least -90, at most 90; unit",
        ),
        (
            "face_azz_deg",
            r"radars\[Yozadake\]\.face_azz_deg: unknown key.*did you mean 'face_az_deg'",
        ),
        ('"leo_wid"', r"infrared\[LEO\]\.class: .*given: 'leo_wid'.*did you mean 'leo_wide'"),
        (
            '"high"',
            r"infrared\[LEO\]\.altitude_km: is not a number \(given: 'high'; limit: .*; unit: km",
        ),
        ("channels = true", r"batteries\[unit\]\.channels: is not a number \(given: True"),
        ("planes = nan", r"infrared\[LEO\]\.planes: is not a finite number \(given: nan"),
    ]
    for place, pattern in expected:
        assert re.search(rf"mine\.toml:{line_with(text, place)}: {pattern}", words), (
            pattern,
            words,
        )
    assert re.search(r"radars\[Yozadake\]\.face_az_deg: is missing", words)
    assert "mine.toml: 8 mistakes" in words


@pytest.mark.parametrize(
    ("old", "new", "pattern"),
    [
        ("planes = 2", "planes = 3", "8 satellites in 3 planes"),
        ('owner = "US"', 'owner = "USA"', r"owner: is no nation.*did you mean 'US'"),
        (
            '["national", "integrated"]',
            '["nationale"]',
            r"study\.architectures: .*did you mean 'national'",
        ),
        ("terminal_low =", "terminal_lo =", "did you mean 'terminal_low'"),
        ('name = "unit"', 'name = "Yozadake"', "is used twice, first in radars"),
        ("apogee_low_km = 300", "apogee_low_km = 400", "apogee_low_km above apogee_high_km"),
        ('orbit = "walker"', 'orbit = "walkr"', "did you mean 'walker'"),
        ("epoch = 2025-01-01T00:00:00Z", "epoch = 2025-01-01T00:00:00", "time zone"),
        ("epoch = 2025-01-01T00:00:00Z", 'epoch = "2025-01-01T00:00:00Z"', "date and time"),
        (
            "half_width_km = 500",
            "half_width_km = { value = 500, low = 600, high = 700 }",
            "between its own low and high",
        ),
        (
            "half_width_km = 500",
            'half_width_km = { value = 500, grade = "guessed" }',
            "none of the names.*published",
        ),
        ("half_width_km = 500", "half_width_km = { valu = 500 }", "half_width_km"),
        (
            'format = "hinomi/scenario/1"',
            'format = "hinomi/scenario/2"',
            "this version reads 'hinomi/scenario/1'",
        ),
        ('format = "hinomi/scenario/1"', "", "format: is missing"),
    ],
)
def test_a_mistake_says_what_is_wrong_and_the_way_out(old, new, pattern):
    with pytest.raises(ScenarioError, match=pattern):
        load_text(broken((old, new)), "mine.toml")


def test_an_unknown_scenario_suggests_the_nearest_and_lists_all():
    with pytest.raises(ScenarioError, match=r"replay-2017-08-29.*did you mean 'okinawa-2025'"):
        load("okinawa-2024")


def test_a_missing_file_is_said_to_be_missing(tmp_path):
    with pytest.raises(ScenarioError, match="no such file"):
        load(tmp_path / "nothing.toml")
    with pytest.raises(ScenarioError, match="is a folder"):
        load(tmp_path)


def test_broken_toml_is_reported_with_its_line():
    text = TEXT.replace("seed = 1", "seed = = 1")
    with pytest.raises(ScenarioError, match=rf"mine:{line_with(text, 'seed')}: not TOML"):
        load_text(text, "mine")
    with pytest.raises(ScenarioError, match="mine:1: not TOML"):
        load_text("x = [", "mine")


@pytest.mark.parametrize(
    ("text", "pattern"),
    [
        ("# " + "x" * MAX_BYTES, "bytes"),
        ("x = " + "1" * 2000, "characters"),
        (".".join("a" * 40) + " = 1", "dots"),
        (
            "\n".join(
                "x" + str(i) + " = [[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]" for i in range(2)
            ),
            "deeper",
        ),
        ("x = " + "[\n" * 3000 + "]\n" * 3000, "nested too deep"),
    ],
)
def test_hostile_text_is_refused_before_it_costs_anything(text, pattern):
    with pytest.raises(ScenarioError, match=pattern):
        check_text(text, "hostile")


def test_text_that_is_not_utf8_is_refused(tmp_path):
    file = tmp_path / "latin.toml"
    file.write_bytes(b'title = "\xe9"')
    with pytest.raises(ScenarioError, match="UTF-8"):
        load(file)


def test_lines_are_found_under_tables_and_lists_of_tables():
    text = (
        'a = 1\n[b]\nc = """\nd = 2\n"""\n[[e]]\nf = 1\n[e.g]\nh = 2\n[[e]]\n"i j" = 3\nk.l = 4\n'
    )
    lines = line_numbers(text)
    assert lines["a",] == 1
    assert lines["b", "c"] == 3
    assert ("b", "d") not in lines
    assert lines["e", 0, "f"] == 7
    assert lines["e", 0, "g", "h"] == 9
    assert lines["e", 1, "i j"] == 11
    assert lines["e", 1, "k", "l"] == 12


def test_changes_reach_items_by_name_and_all_of_them():
    changed = load(
        "okinawa-2025",
        changes={
            "warning.hit_threshold": 0.05,
            "radars[Shariki].availability": 0.5,
            "infrared[*].availability": 0.25,
            "catalogue.infrared.geo_scan.intensity_ref_kw_sr": 10,
            "batteries[terminal Naha].magazines.terminal_low.ready": 3,
            "warning.unit": "island_group",
            "warning.class_known": False,
            "threats[glider].count": 6,
            "threats[*].start_high_s": 100,
        },
    )
    assert changed.policy.hit_threshold == 0.05
    assert {r.name: r.availability for r in changed.sensors.radars}["Shariki"] == 0.5
    assert {s.availability for s in changed.sensors.infrared} == {0.25}
    assert {s.intensity_ref_w_sr for s in changed.sensors.infrared if s.stationary} == {10e3}
    naha = next(b for b in changed.batteries if b.name == "terminal Naha")
    assert naha.magazines[0].ready == 3
    assert changed.unit == "island_group"
    assert sum(t.body.startswith("glider") for t in changed.threats) == 6
    assert {t.start_high_s for t in changed.threats} == {100.0}
    parameter = next(p for p in changed.assumptions if p.key == "warning.hit_threshold")
    assert (parameter.grade, parameter.source) == ("assumed", "set by changes")


@pytest.mark.parametrize(
    ("key", "value", "pattern"),
    [
        ("warning.hit_treshold", 0.1, "did you mean 'hit_threshold'"),
        ("radars[Sharki].availability", 0.1, "did you mean 'Shariki'"),
        ("warnin.hit_threshold", 0.1, "did you mean 'warning'"),
        ("warning.hit_threshold", 2.0, "given: 2; limit: more than 0, at most 1"),
        ("warning.hit_threshold", "much", "is not a number"),
        ("warning.unit", "village", "none of the names"),
        ("warning..hit", 1, "is not a key"),
        ("[*].count", 1, "is not a key"),
        ("epoch", 1, "edit the scenario file"),
        ("batteries[terminal Naha].magazines.terminal_lo.ready", 1, "did you mean 'terminal_low'"),
    ],
)
def test_a_wrong_change_is_refused_with_the_nearest_key(key, value, pattern):
    with pytest.raises(ScenarioError, match=pattern):
        load("okinawa-2025", changes={key: value})


def test_a_change_of_one_scenario_never_leaks_into_the_next():
    load("okinawa-2025", changes={"warning.hit_threshold": 0.5})
    assert load("okinawa-2025").policy.hit_threshold == 0.01


def test_an_unknown_variant_suggests_the_nearest():
    with pytest.raises(ScenarioError, match="did you mean 'drills'"):
        load("okinawa-2025", variant="dril")


def test_an_unlikely_value_is_doubted_not_refused():
    (doubt,) = doubts(check_text(broken(("altitude_km = 1000", "altitude_km = 150")), "mine"))
    assert "altitude_km = 150 km is unusual (usual: 300 to 36000 km)" in doubt
    far = "\n[catalogue.radar.early_warning]\nreference_range_km = 2.5\n"
    (doubt,) = doubts(check_text(TEXT + far, "mine"))
    assert "reference_range_km = 2.5 km is unusual" in doubt
    assert "did you mean 2500 km" in doubt
    assert doubts(check_text(TEXT, "mine")) == []


def test_fence_mistakes_are_told_apart():
    with pytest.raises(FenceError, match=r"0\.1 deg"):
        load_text(
            broken(("lat_deg = 26.2, lon_deg = 127.7 }]", "lat_deg = 26.21, lon_deg = 127.7 }]")),
            "mine",
        )


def test_entities_have_the_number_of_the_public_crc_check_value():
    """CRC-32 catalogue: the check value of "123456789" is cbf43926."""
    assert entity_id("123456789") == 0xCBF43926


def test_entities_that_would_share_their_chance_are_refused():
    """ "plumless" and "buckeroo" are a known pair of one CRC-32."""
    assert entity_id("plumless") == entity_id("buckeroo")
    with pytest.raises(ScenarioError, match="rename one"):
        check_entities("bodies", ["plumless", "other", "buckeroo"])
    check_entities("bodies", ["plumless", "plumless", "other"])


REFUSING = """
[[architectures]]
name = "reluctant"
label = "one partner holds back"
like = "integrated"
refusals = [{ sender = "US", receiver = "Japan", category = "track", probability = 0.3 }]
"""


def test_a_refusal_of_sharing_is_read():
    scenario = load_text(TEXT + REFUSING, "mine.toml")
    refusal = scenario.architectures["reluctant"].refusals[0]
    assert (refusal.sender, refusal.receiver, refusal.category) == ("US", "Japan", "track")
    assert refusal.probability == 0.3
    assert scenario.architectures["integrated"].refusals == ()


@pytest.mark.parametrize(
    ("old", "new", "pattern"),
    [
        ('sender = "US"', 'sender = "USA"', r"refusals\[.*\]\.sender: is no nation.*mean 'US'"),
        ('receiver = "Japan"', 'receiver = "US"', "keeps nothing from itself"),
        ('category = "track"', 'category = "tracks"', r"category.*limit: warning or track"),
        ("probability = 0.3", "probability = 1.3", r"probability.*given: 1\.3.*at most 1"),
    ],
)
def test_a_refusal_that_cannot_be_meant_is_told(old, new, pattern):
    with pytest.raises(ScenarioError, match=pattern):
        load_text(TEXT + REFUSING.replace(old, new), "mine.toml")
