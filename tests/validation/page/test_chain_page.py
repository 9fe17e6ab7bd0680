"""The page of the whole chain's validation says what the code gives; what it says in words has a test."""

import runpy
from pathlib import Path

import pytest

HERE = Path(__file__).parent
TESTS = HERE.parents[1]
W = runpy.run_path(str(HERE / "write_chain.py"))
same = runpy.run_path(str(HERE / "test_flight_page.py"))["same"]


@pytest.mark.parametrize(
    ("link", "title"),
    [(link, t) for link, titles in runpy.run_path(str(HERE / "cases_page.py"))["GROUPS"].items() for t in titles],
)  # fmt: skip
def test_rows_of_this_page_alone_are_inside_their_tolerance(link, title):
    rows = W["groups"]()[link][title]
    assert len(rows) >= 2
    for row in rows:
        assert row.tolerance > 0.0
        assert row.holds, row


def test_the_page_is_what_the_rows_give():
    told = W["PAGE"].read_text(encoding="utf-8").splitlines()
    given = W["page"]().splitlines()
    assert len(told) == len(given), "write the page anew: make validation"
    for a, b in zip(told, given, strict=True):
        assert same(a, b), f"write the page anew (make validation): {a!r} is now {b!r}"


def test_every_table_has_the_five_columns():
    heads = [line for line in W["page"]().splitlines() if "| theirs | ours | difference |" in line]
    assert len(heads) >= 15
    assert all("case | source | theirs" in line for line in heads)


@pytest.mark.parametrize("row", W["HELD"], ids=lambda row: row["case"][:40])
def test_a_case_in_words_names_a_test_that_is_there(row):
    assert (TESTS / row["test"]).is_file()
    assert all(row.values()), row
