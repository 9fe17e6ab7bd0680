"""From a claim to numbers, links and headlines; what another value moves, on the same raids."""

import json
from pathlib import Path

import pytest

from hinomi.errors import FenceError, ScenarioError
from hinomi.evidence.bundled import load_evidence
from hinomi.evidence.links import (
    catalogue_numbers,
    claims_of,
    leads_nowhere,
    linked,
    not_yet_linked,
    readers_of,
)
from hinomi.evidence.moved import before_and_after, moved_lines
from hinomi.evidence.rule import OTHER, PICKED
from hinomi.evidence.trace import changes_for, trace, trace_lines, trace_object
from hinomi.scenario.load import load
from hinomi.study.summary import HEADLINES

SMALL = Path(__file__).parents[1] / "scenario" / "small_scenario.toml"
# Published numbers of the watched catalogue sections without a claim; this list may only get shorter.
NOT_YET_LINKED = {
    "line.gpi_us.rate_per_year",  # nothing is made yet: no statement of a rate to carry over
    "supplier.pac3_seekers.ramp_from_month",  # a calendar date counted into months
}


@pytest.fixture(scope="module")
def evidence():
    return load_evidence()


@pytest.fixture(scope="module")
def okinawa():
    return load("okinawa-2025")


def test_every_published_number_stands_on_a_claim_or_on_the_list(evidence):
    missing = set(not_yet_linked(evidence))
    assert missing <= NOT_YET_LINKED, sorted(missing - NOT_YET_LINKED)
    published = [k for k, n in catalogue_numbers().items() if n["grade"] == "published"]
    assert len(published) > 25


def test_every_support_names_a_number_that_is_there(evidence):
    assert leads_nowhere(evidence) == []


def test_the_model_uses_what_the_rule_picks_or_a_value_inside_the_claims(evidence):
    found = {n.key: n.verdict for n in linked(evidence)}
    assert OTHER not in found.values()
    assert found["line.pac3_us.rate_per_year"] == PICKED
    assert found["price.sm3_iia_sale.unit_musd"] == PICKED  # 3.295 billion over 73, rounded to 45


def test_a_value_that_no_claim_states_is_told(evidence):
    from dataclasses import replace

    (number,) = (n for n in linked(evidence) if n.key == "line.thaad_us.rate_per_year")
    assert replace(number, value=200.0).verdict == OTHER


def test_a_run_names_the_claims_behind_its_numbers(evidence, okinawa):
    found = claims_of(okinawa, evidence)
    assert "pac3-us-capacity-2026" in found["catalogue.line.pac3_us.rate_per_year"]
    assert len(found["warning.compliance"]) == 5
    changed = load("okinawa-2025", changes={"warning.compliance": 0.3})
    assert "warning.compliance" not in claims_of(changed, evidence)  # no source says 0.3


def test_a_claim_is_followed_to_the_headlines(evidence, okinawa):
    found = trace(okinawa, evidence, "pac3-us-capacity-2026")
    (number,) = found.numbers
    assert number.parameter.key == "catalogue.line.pac3_us.rate_per_year"
    assert number.links == ("sustain",)
    assert number.headlines == ("refill_months", "refill_months_with_lead")
    text = "\n".join(trace_lines(found))
    for words in ("about 600 missiles/yr", "the rule picks pac3-us-capacity-2026", "refill_months"):
        assert words in text
    assert json.loads(json.dumps(trace_object(found)))["claim"] == "pac3-us-capacity-2026"


def test_a_number_is_followed_back_to_its_claims(evidence, okinawa):
    found = trace(okinawa, evidence, "line.pac3_us.rate_per_year")
    assert {c.id for c, _ in found.numbers[0].claims} == {
        "pac3-us-capacity-2026",
        "pac3-us-delivered-2025",
    }
    whole = trace(okinawa, evidence, "catalogue.line.pac3_us")
    assert len(whole.numbers) > 3


def test_a_claim_that_is_context_says_so(evidence, okinawa):
    assert "context" in "\n".join(trace_lines(trace(okinawa, evidence, "thaad-loadout")))


def test_an_unknown_name_is_told_with_the_nearest(evidence, okinawa):
    with pytest.raises(ScenarioError, match="did you mean 'pac3-us-capacity-2026'"):
        trace(okinawa, evidence, "pac3-us-capacity-2025")


def test_every_number_of_a_run_has_a_reader_and_readers_name_headlines(okinawa):
    named = set()
    for p in okinawa.assumptions:
        links, headlines = readers_of(p.key)
        named |= set(headlines)
        if p.key.split(".")[0].split("[")[0] not in ("area", "study", "facts"):
            assert links or headlines, p.key
    assert named == set(HEADLINES)


def test_a_value_as_printed_becomes_a_change_of_the_number(evidence, okinawa):
    changes, notes = changes_for(okinawa, evidence, {"pac3-unit-2024": "about 6"})
    assert changes == {"catalogue.price.pac3_unit.unit_musd": pytest.approx(6.0)}
    assert "about 6 million USD" in notes[0]
    changes, notes = changes_for(okinawa, evidence, {"relay-failed-2017": 61.7})
    assert changes["warning.relay_failure"] == pytest.approx(0.1)  # of 617
    assert "relay-failed-2022 decides" in notes[1]
    assert changes_for(okinawa, evidence, {"warning.compliance": 0.3})[0] == {
        "warning.compliance": 0.3
    }


def test_what_is_flown_is_traced_and_never_set(evidence, okinawa):
    key = next(p.key for p in okinawa.assumptions if p.key.endswith("apogee_low_km"))
    assert trace(okinawa, evidence, key).numbers[0].closed
    with pytest.raises(FenceError, match="outside the scope"):
        changes_for(okinawa, evidence, {key: 200})


def test_a_claim_behind_no_number_moves_nothing(evidence, okinawa):
    with pytest.raises(ScenarioError, match="nothing can move"):
        changes_for(okinawa, evidence, {"thaad-loadout": 64})


def test_what_moves_is_what_the_map_of_readers_allows(tmp_path):
    """Price doubled and compliance raised: their headlines move, by as much as they must, nothing else."""
    changes = {"catalogue.price.pac3_unit.unit_musd": 8.0, "warning.compliance": 0.275}
    said = []
    rows = before_and_after(
        SMALL, changes, variant=None, replicates=2, workers=1, folder=tmp_path, say=said.append
    )
    moving = {r.headline for r in rows if r.moves}
    allowed = {h for key in changes for h in readers_of(key)[1]}
    assert moving == allowed == {"cost_musd", "sheltered_people"}
    for r in rows:
        if r.headline == "cost_musd":  # all rounds are of this product: the bill doubles
            assert r.after == pytest.approx(2.0 * r.before)
        if r.headline == "sheltered_people":
            assert r.after == pytest.approx(5.0 * r.before, rel=1e-3)
    assert "two runs of 2 replicates" in said[0]
    text = "\n".join(moved_lines(rows, replicates=2))
    assert "unmoved: first_detection_s" in text


def test_one_replicate_gives_no_interval(tmp_path):
    with pytest.raises(ScenarioError, match=r"-n is 1"):
        before_and_after(
            SMALL, {}, variant=None, replicates=1, workers=1, folder=tmp_path, say=print
        )
