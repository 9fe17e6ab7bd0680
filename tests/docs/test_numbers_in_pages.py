"""Counts that a page states about the program itself are those of the program today."""

import re
from collections import Counter
from pathlib import Path

import pytest

import hinomi
from hinomi.evidence.bundled import load_evidence

ROOT = Path(__file__).parents[2]


def text(name):
    return " ".join((ROOT / name).read_text(encoding="utf-8").split())


@pytest.fixture(scope="module")
def assumptions():
    return hinomi.load("okinawa-2025").assumptions


def test_the_evidence_page_counts_claims_and_quantities_as_the_program_does():
    claims = load_evidence(None).claims
    told = re.search(r"Bundled are (\d+) claims about (\d+) quantities", text("docs/evidence.md"))
    assert (int(told[1]), int(told[2])) == (len(claims), len({c.quantity for c in claims}))


@pytest.mark.parametrize("page", ["README.md", "docs/why.md"])
def test_the_shares_of_grades_are_those_that_explain_prints(page, assumptions):
    """Nobody who counts finds fewer published numbers than the page says."""
    told = re.search(
        r"of the (\d+) numbers of `okinawa-2025` (\d+) are published, (\d+) computed, "
        r"(\d+) taken from literature and (\d+) assumed",
        text(page),
    )
    assert told, page
    grades = Counter(parameter.grade for parameter in assumptions)
    assert [int(n) for n in told.groups()] == [
        len(assumptions),
        *(grades[grade] for grade in ("published", "computed", "literature", "assumed")),
    ]


def test_every_number_has_a_source_or_a_reason(assumptions):
    assert [p.key for p in assumptions if not p.source.strip()] == []
