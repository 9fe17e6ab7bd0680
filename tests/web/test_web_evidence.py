"""Numbers, claims, launches and audits are those that the commands print."""

import json

import pytest
from typer.testing import CliRunner

from hinomi.cli import app


def printed(*words):
    result = CliRunner().invoke(app, list(words))
    return json.loads(result.stdout)


def test_the_numbers_of_a_scenario_are_those_of_explain(client):
    told = client.get("/api/evidence?scenario=okinawa-2025").json()
    own = printed("explain", "okinawa-2025", "--json")
    assert told["numbers"] == own["parameters"]
    assert told["grades"] == own["grades"]
    assert all(n["source"] and n["grade"] for n in told["numbers"])


def test_a_variant_changes_the_numbers(client):
    drills = client.get("/api/evidence?scenario=okinawa-2025&variant=drills").json()
    value = {n["key"]: n["value"] for n in drills["numbers"]}["warning.compliance"]
    assert value == 0.3
    assert client.get("/api/evidence?variant=none").status_code == 400


def test_claims_are_those_of_the_command(client):
    everything = client.get("/api/claims").json()
    topic = min(everything["topics"])
    told = client.get("/api/claims", params={"topic": topic}).json()
    assert told.pop("topics") == everything["topics"]
    assert told == printed("evidence", topic, "--json")
    assert client.get("/api/claims?topic=nothing-of-that-kind").status_code == 400


def test_a_launch_has_its_facts_its_audit_and_its_flight(client):
    told = client.get("/api/launches/2017-08-29").json()
    assert told["facts"] == printed("launches", "2017-08-29", "--json")
    assert told["audit"] == printed("audit", "2017-08-29", "--json")
    assert told["replay"] is not None
    ids = [one["id"] for one in client.get("/api/launches").json()["launches"]]
    assert "2017-08-29" in ids


def test_every_launch_can_be_shown_and_says_why_where_it_cannot_be_flown(client):
    for one in client.get("/api/launches").json()["launches"][:6]:
        told = client.get(f"/api/launches/{one['id']}").json()
        assert (told["audit"] is None) == (told["audit_why"] is not None)
        assert (told["replay"] is None) == (told["replay_why"] is not None)


def test_an_audit_gives_the_verdict_of_the_command(client):
    """Numbers are read as a person would type them: 2700 stands for its digits."""
    body = {"range_km": 2700, "apogee_km": 550, "time_s": 840}
    told = client.post("/api/audit", json=body).json()
    words = ("--range-km", "2700", "--apogee-km", "550", "--time-s", "840")
    assert told == printed("audit", *words, "--json")


def test_an_audit_of_a_table(client):
    text = "range_km,apogee_km,time_s\n2700,550,1000\n2700,550,300\n"
    told = client.post("/api/audit", json={"text": text}).json()
    verdicts = [row["verdict"] for row in told["rows"]]
    # No unpowered flight of 2,700 km takes five minutes: 9 km/s on average.
    assert verdicts[1] == "inconsistent"
    assert verdicts[0] != "inconsistent"


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"range_km": 2700},
        {"range_km": 2700, "apogee_km": 550},
        {"range_km": 2700, "apogee_km": 550, "time_s": 1, "time_min": 2},
        {"range_km": "far", "apogee_km": 550, "time_s": 840},
        {"text": ""},
        {"text": "a,b\n1,2\n"},
        {"text": "x\n" * 1000},
        {"text": "range_km", "range_km": 3},
    ],
)
def test_an_audit_of_nothing_says_what_is_missing(client, body):
    answer = client.post("/api/audit", json=body)
    assert answer.status_code == 400
    assert answer.json()["error"]
