"""Rules as files: bundled ones, mistakes in words, zones of one's own."""

import json

import numpy as np
import pytest

from hinomi.errors import HinomiError, ScenarioError
from hinomi.scenario.build_rules import bundled_rules, read_rules, rules_of
from hinomi.scenario.load import load
from hinomi.scenario.places import load_places
from hinomi.scenario.zones import read_zones, zone_units

RULE = 'format = "hinomi/rules/1"\n[[rules]]\nname = "mine"\nunit = "prefecture"\n'
SQUARE = [[127.6, 26.0], [128.4, 26.0], [128.4, 27.0], [127.6, 27.0], [127.6, 26.0]]  # Okinawa


def _geojson(path, rings, kind="Polygon", **properties):
    zone = {
        "type": "Feature",
        "properties": properties,
        "geometry": {"type": kind, "coordinates": rings},
    }
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [zone]}))
    return path


def test_every_bundled_rule_is_a_rule_with_sources():
    scenario = load("okinawa-2025")
    rules = rules_of(list(bundled_rules().values()), scenario.policy)
    assert {"before-2023", "since-2023", "regions", "municipal"} <= {r.name for r in rules}
    for table in bundled_rules().values():
        for key in ("hit_threshold", "over_threshold"):
            assert table[key]["source"]
            assert table[key]["low"] <= table[key]["value"] <= table[key]["high"]


def test_since_2023_is_earlier_and_wider_than_before_it():
    """What was reported: a lower probability suffices, and neighbours are added."""
    rules = {
        r.name: r for r in rules_of(list(bundled_rules().values()), load("okinawa-2025").policy)
    }
    before, since = rules["before-2023"], rules["since-2023"]
    assert since.hit_threshold < before.hit_threshold
    assert since.over_threshold < before.over_threshold
    assert (since.neighbours, before.neighbours) == (1, 0)


def test_regions_hold_every_prefecture_once():
    blocks = bundled_rules()["regions"]["blocks"]
    listed = [p for prefectures in blocks.values() for p in prefectures]
    assert sorted(listed) == sorted(set(load_places().prefecture_en))


def test_a_file_leaves_the_rest_to_the_scenario(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text(RULE + "hit_threshold = 0.03\nover_threshold = 0.4\n")
    policy = load("okinawa-2025").policy
    (rule,) = rules_of(read_rules(str(path)), policy)
    assert (rule.hit_threshold, rule.over_threshold) == (0.03, 0.4)
    assert (rule.consecutive, rule.clear_share) == (policy.consecutive, policy.clear_share)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("hit_threshold = 0.0\nover_threshold = 0.1\n", "more than 0"),
        ("hit_threshold = 0.1\n", "over_threshold: is missing"),
        ("hit_threshold = 0.1\nover_threshold = 0.1\nneighbors = 1\n", "did you mean 'neighbours'"),
        (
            "hit_threshold = 0.1\nover_threshold = 0.1\n[rules.blocks]\nx = ['Aomori']\n",
            "unit block",
        ),
        ("hit_threshold = 0.1\nover_threshold = 0.1\npersistence = 1.5\n", "not a whole number"),
    ],
)
def test_mistakes_of_a_file_are_told_with_the_way_out(tmp_path, words, message):
    path = tmp_path / "mine.toml"
    path.write_text(RULE + words)
    with pytest.raises(ScenarioError, match=message):
        read_rules(str(path))


def test_unknown_names_and_formats_are_told(tmp_path):
    with pytest.raises(ScenarioError, match="did you mean 'since-2023'"):
        read_rules("since-2024")
    with pytest.raises(ScenarioError, match="no such file"):
        read_rules(str(tmp_path / "none.toml"))
    path = tmp_path / "old.toml"
    path.write_text(RULE.replace("rules/1", "rules/9"))
    with pytest.raises(ScenarioError, match="hinomi/rules/9"):
        read_rules(str(path))


def test_a_name_that_is_taken_is_told():
    policy = load("okinawa-2025").policy
    table = bundled_rules()["municipal"]
    with pytest.raises(ScenarioError, match="there already"):
        rules_of([table, table], policy)
    with pytest.raises(ScenarioError, match="there already"):
        rules_of([{**table, "name": "scenario"}], policy)


def test_a_scenario_may_state_rules_of_its_own():
    scenario = load("okinawa-2025", changes={"warning.rules": [bundled_rules()["municipal"]]})
    keys = {p.key for p in scenario.assumptions}
    assert "warning.rules[municipal].hit_threshold" in keys
    assert load("okinawa-2025").document["warning"]["rules"] == []


def test_a_rule_never_sets_who_may_send(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text(RULE + 'hit_threshold = 0.1\nover_threshold = 0.1\nstatus = "Actual"\n')
    with pytest.raises(HinomiError, match="unknown key"):
        read_rules(str(path))


def test_zones_of_a_file_become_units(tmp_path):
    """A square around Okinawa island: Naha belongs to it, Ishigaki does not; deep inside weight 1."""
    _geojson(tmp_path / "zones.geojson", [SQUARE], name="main island")
    path = tmp_path / "mine.toml"
    path.write_text(
        RULE.replace("prefecture", "polygon")
        + 'hit_threshold = 0.1\nover_threshold = 0.1\nzones_file = "zones.geojson"\n'
    )
    (rule,) = rules_of(read_rules(str(path)), load("okinawa-2025").policy)
    places = load_places()
    units = zone_units(places, rule.zones, buffer_m=5_000.0, kernel_m=10_000.0)
    of = dict(zip(places.code, units.unit_of_place.tolist(), strict=True))
    assert units.names == ("main island",)
    assert (of["47201"], of["47207"]) == (0, -1)
    i, j = int((26.5 - units.south_deg) / 0.1), int((128.0 - units.west_deg) / 0.1)
    inside = slice(units.cell_first[i, j], units.cell_last[i, j])
    assert units.entry_weight[inside].tolist() == [pytest.approx(1.0, abs=1e-3)]
    assert np.count_nonzero(units.over_last - units.over_first) > 80  # 8 x 10 cells and the buffer


@pytest.mark.parametrize(
    ("rings", "kind", "message"),
    [
        ([SQUARE, SQUARE], "Polygon", "hole"),
        (SQUARE, "LineString", "Polygon or MultiPolygon"),
        ([[["a", 1.0]]], "Polygon", "no .longitude, latitude."),
    ],
)
def test_zones_that_cannot_be_are_told(tmp_path, rings, kind, message):
    with pytest.raises(ScenarioError, match=message):
        read_zones(_geojson(tmp_path / "zones.geojson", rings, kind))


def test_zones_far_from_japan_or_crossing_are_told():
    far = (("x", (tuple((lat, lon) for lon, lat in SQUARE),)),)  # latitude before longitude
    bow = (("x", (((127.0, 26.0), (128.0, 27.0), (128.0, 26.0), (127.0, 27.0), (127.0, 26.0)),)),)
    for zones, message in ((far, "longitude before latitude"), (bow, "crosses itself")):
        with pytest.raises(ScenarioError, match=message):
            zone_units(load_places(), zones, buffer_m=0.0, kernel_m=0.0)


def test_no_geojson_is_told(tmp_path):
    path = tmp_path / "zones.geojson"
    path.write_text("{]")
    with pytest.raises(ScenarioError, match="no GeoJSON"):
        read_zones(path)
    with pytest.raises(ScenarioError, match="no such file"):
        read_zones(tmp_path / "none.geojson")
