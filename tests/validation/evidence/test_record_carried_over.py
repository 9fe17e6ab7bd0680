"""Every figure of the collected public record is a claim: value, qualifier, page and grade."""

import csv
import math
import re
from pathlib import Path

import pytest

from hinomi.evidence.bundled import load_evidence
from hinomi.evidence.stated import unit_parts

HERE = Path(__file__).parent
GRADE = {"verified in a public page": "published", "from literature, unverified": "literature"}
WORDS = {
    "about": "about",
    "nearly": "nearly",
    "more than": "more than",
    "up to": "up to",
    "at least": "at least",
}


def rows(name):
    with (HERE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


COSTS, PEOPLE = rows("production_cost.csv"), rows("warning_response.csv")
CLAIMS = load_evidence().claims


def value_in(row):
    """Value of a row in the plain unit that claims have."""
    scale = (
        0.01 if row["unit"] == "%" or (row["unit"] == "people" and row.get("n") == "100") else 1.0
    )
    return float(row["value"]) * scale * (60.0 if row["unit"] == "min" else 1.0)


COMMON = {
    "https", "http", "www", "com", "the", "and", "from", "not", "news", "for", "html", "figures",
    "july", "page", "copy",
}  # fmt: skip


def pages(text):
    """Words of a source: hosts, papers, agencies."""
    text = text.replace("CBO", "Congressional Budget Office")
    return set(re.findall(r"[a-z0-9]{3,}", text.lower())) - COMMON


def of_page(claim, row):
    return pages(row["source"]) & pages(f"{claim.address} {claim.where} {claim.who}")


def same(claim, row):
    plain = claim.plain
    if plain is None or claim.kind == "date":
        return False
    high = row.get("value_high") or ""
    wanted = value_in(row) if not high else 0.5 * (value_in(row) + value_in({**row, "value": high}))
    return math.isclose(plain.value, wanted, rel_tol=1e-9)


@pytest.mark.parametrize(
    "row", [r for r in COSTS if r["value"]], ids=lambda r: f"{r['system']}: {r['metric']}"[:50]
)
def test_a_figure_of_cost_or_output_is_a_claim(row):
    if row["unit"] == "year":
        found = [c for c in CLAIMS if c.kind == "date" and row["value"] in c.printed]
    else:
        found = [c for c in CLAIMS if c.plain is not None and same(c, row)]
    found = [c for c in found if of_page(c, row)]
    assert found, row
    digits = "last digits are from literature" in row["note"]  # verified only when rounded
    grade = "literature" if digits else GRADE[row["grade"]]
    assert any(c.grade == grade for c in found), row
    if row["qualifier"]:
        assert any(c.printed.startswith(WORDS[row["qualifier"]]) for c in found), row


@pytest.mark.parametrize("row", PEOPLE, ids=lambda r: f"{r['item']}, {r['event']}"[:60])
def test_a_figure_of_warning_and_response_is_a_claim(row):
    found = [c for c in CLAIMS if same(c, row) and of_page(c, row)]
    assert found, row
    if row["base"] and row["topic"] != "relay":
        assert any(row["base"] == c.basis for c in found), row


def test_figures_without_a_number_are_claims_in_words():
    said = {c.printed for c in CLAIMS if c.stated is None}
    assert {
        "Northrop Grumman",
        "none planned",
    } <= said  # the prime contractor, and the finding of 2022


def test_rounds_that_a_price_was_divided_by_are_claims_too():
    rounds = {c.printed for c in CLAIMS if unit_parts(c.unit)[1] == "missiles"}
    for row in COSTS:
        if row["missiles"] and row["system"] not in ("NGI", "Tomahawk (Japan)"):
            assert row["missiles"] in rounds or row["missiles"].replace("up to ", "") in rounds, row


def test_arithmetic_of_the_record_holds():
    """Totals over rounds give the published price of one round, on each basis by itself."""
    each = {c.id: c.plain.value for c in CLAIMS if c.id.endswith("-each")}
    assert each["sm6-contract-2019-each"] == pytest.approx(1.6e6)
    assert each["sm6-request-each"] == pytest.approx(3.9e6, rel=0.01)
    assert each["sm6-sale-2025-each"] == pytest.approx(6.0e6)
    assert each["sm3-iia-sale-2019-each"] == pytest.approx(45e6, rel=0.005)
    hosted = [c.plain.value for c in CLAIMS if "people-hosted" in c.id]
    assert sum(hosted) == 112_800
    assert len(hosted) == 8
