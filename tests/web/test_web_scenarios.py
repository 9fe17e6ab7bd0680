"""Scenario files: read, checked, kept in the workspace, never a way out of it."""

import pytest

from hinomi.scenario.load import load, scenario_names, scenario_text
from hinomi.web.mistake_words import problem

SMALL = 'format = "hinomi/scenario/1"\nname = "mine"\nlike = "okinawa-2025"\n'


def test_every_bundled_scenario_is_listed_the_first_study_first(client):
    told = client.get("/api/scenarios").json()["scenarios"]
    assert told[0]["name"] == "okinawa-2025"
    assert {s["name"] for s in told} == set(scenario_names())
    assert all(s["bundled"] and s["problem"] is None and s["question"] for s in told)


def test_a_bundled_scenario_is_given_as_its_file_with_its_doubts(client):
    told = client.get("/api/scenarios/okinawa-2025").json()
    assert told["text"] == scenario_text("okinawa-2025")[0]
    assert told["valid"]
    assert [v["name"] for v in told["variants"]] == [v.name for v in load("okinawa-2025").variants]


def test_a_mistake_is_told_with_line_value_limit_and_the_nearest_name(client):
    text = scenario_text("okinawa-2025")[0]
    wrong = text.replace("half_width_km = { value = 1100.0", "half_with_km = { value = 1100.0")
    told = client.post("/api/scenarios/check", json={"text": wrong}).json()
    assert not told["valid"]
    near = [p["nearest"] for p in told["problems"]]
    assert "half_width_km" in near
    line = next(i for i, x in enumerate(wrong.splitlines(), start=1) if "half_with_km" in x)
    assert line in [p["line"] for p in told["problems"]]
    assert all(p["severity"] == "error" and p["message"] for p in told["problems"])


def test_parts_of_a_line_of_a_check():
    words = "mine.toml:41: radars[X].lat_deg: is outside its limits (given: 95; limit: at most 90; unit: deg)"
    told = problem(words, "error")
    assert (told["key"], told["line"], told["value"]) == ("radars[X].lat_deg", 41, "95")
    assert (told["limit"], told["unit"]) == ("at most 90", "deg")
    assert told["message"] == "is outside its limits"


def test_a_scenario_is_kept_only_without_mistakes_or_as_a_draft(own, tmp_path):
    asking = own()
    assert asking.put("/api/scenarios/mine", json={"text": SMALL}).json()["valid"]
    kept = tmp_path / "results" / "scenarios" / "mine.toml"
    assert kept.read_text() == SMALL
    refused = asking.put("/api/scenarios/mine", json={"text": "name = 3"})
    assert refused.status_code == 400
    assert refused.json()["problems"]
    assert kept.read_text() == SMALL, "nothing was written"
    draft = asking.put("/api/scenarios/mine", json={"text": "name = 3", "draft": True})
    assert (draft.status_code, draft.json()["valid"]) == (200, False)
    assert kept.read_text() == "name = 3"
    told = asking.get("/api/scenarios/mine").json()
    assert (told["valid"], told["bundled"]) == (False, False)
    assert [s["name"] for s in asking.get("/api/scenarios").json()["scenarios"]][-1] == "mine"


@pytest.mark.parametrize("name", ["okinawa-2025", "Mine", "..", "%2e%2e%2fx", "a" * 61, "x.toml"])
def test_names_that_cannot_be_kept(own, tmp_path, name):
    answer = own().put(f"/api/scenarios/{name}", json={"text": SMALL})
    assert answer.status_code in (400, 404, 405, 422)
    assert not list(tmp_path.rglob("*.toml"))


def test_a_text_that_is_too_long_is_refused(own):
    answer = own().put("/api/scenarios/mine", json={"text": "#" * (256 * 1024 + 1)})
    assert answer.status_code in (413, 422)


@pytest.mark.parametrize("place", ["/etc/passwd", "../secret.json", "~/x", "C:\\\\x", "a/../../b"])
def test_no_scenario_reads_places_from_outside_its_folder(own, tmp_path, place):
    text = f'{SMALL}[area]\nplaces = "{place}"\n'
    asking = own()
    told = asking.post("/api/scenarios/check", json={"text": text}).json()
    assert not told["valid"]
    assert "leaves the folder" in told["problems"][0]["words"]
    asking.put("/api/scenarios/mine", json={"text": text, "draft": True})
    refused = asking.post("/api/runs", json={"scenario": "mine", "replicates": 1})
    assert refused.status_code == 400
    assert "leaves the folder" in refused.json()["error"]
    asked = {"scenario": "mine", "sliders": {"compliance": 0.2}}
    assert asking.post("/api/whatif", json=asked).status_code == 400


def test_no_scenario_reads_orbits_from_outside_its_folder(client):
    text = f'{SMALL}[[infrared]]\nname = "LEO"\norbit = "file"\nfile = "../../etc/passwd"\n'
    told = client.post("/api/scenarios/check", json={"text": text}).json()
    assert not told["valid"]
    assert "root:" not in str(told)


def test_the_schema_is_that_of_the_command(client):
    from hinomi.scenario.explain import json_schema

    assert client.get("/api/schema").json() == json_schema()
