"""The page of the flight's validation says what the code gives, and every row holds."""

import re
import runpy
from pathlib import Path

import pytest

W = runpy.run_path(str(Path(__file__).with_name("write_page.py")))
NUMBER = re.compile(r"(?<![\w.])-?\d[\d,]*(?:\.\d+)?(?:e[-+]?\d+)?(?![\w])")


@pytest.fixture(scope="module")
def rows():
    return W["rows"]()


@pytest.mark.parametrize("title", list(W["SECTIONS"]))
def test_every_row_is_inside_its_tolerance(rows, title):
    assert rows[title]
    for row in rows[title]:
        assert row.tolerance > 0.0
        assert row.holds, row


def test_at_least_six_published_launches_are_inside_two_minutes():
    case = W["module"]("cases_history")
    assert sum(row.holds for row, _ in case["launches"]()) >= case["LEAST_INSIDE"]
    assert all(cause for _, cause in case["launches"]())


def test_a_flight_that_is_wrong_would_show(rows):
    """Without rotation of the Earth the coasts end tens of kilometres from the propagator's."""
    case = W["module"]("cases_propagator")
    start = case["reference"]()["4,000 km"]
    body = case["pack"](case["C"]["MRBM"], air=False, rotation=False)
    path = case["release"](body, r_m=start[0, 1:4], v_mps=start[0, 4:])
    apart = sum((path.end_r_m - start[-1, 1:4]) ** 2) ** 0.5
    assert apart > 1e4
    assert len(rows) == len(W["SECTIONS"])


def last_place(text):
    """What one step of the last printed digit is worth; a power of ten is a setting, and exact."""
    return 0.0 if "e" in text else 10.0 ** -len(text.partition(".")[2])


def same(told, given):
    """Equal texts, numbers equal to one step of their last printed digit."""
    if NUMBER.sub("#", told) != NUMBER.sub("#", given):
        return False
    return all(
        abs(float(a.replace(",", "")) - float(b.replace(",", ""))) <= 1.01 * last_place(b)
        for a, b in zip(NUMBER.findall(told), NUMBER.findall(given), strict=True)
    )


def test_the_page_is_what_the_rows_give(rows):
    told = W["PAGE"].read_text(encoding="utf-8").splitlines()
    given = W["page"]().splitlines()
    assert len(rows) > 5
    assert len(told) == len(given), "write the page anew: make validation"
    for a, b in zip(told, given, strict=True):
        assert same(a, b), f"write the page anew (make validation): {a!r} is now {b!r}"


@pytest.mark.parametrize(
    ("told", "given", "equal"),
    [
        ("| range, km | 1,167 | 0.551 |", "| range, km | 1,167 | 0.552 |", True),
        ("| range, km | 1,167 | 0.551 |", "| range, km | 1,167 | 0.553 |", False),
        ("| range, km | 1,167 |", "| range, km | 1,169 |", False),
        ("| range, km | 1,167 |", "| time, s | 1,167 |", False),
        ("| 1e-07 | 5 |", "| 1e-06 | 5 |", False),
    ],
)
def test_a_changed_number_or_word_is_noticed(told, given, equal):
    assert same(told, given) is equal


def test_pictures_of_the_page_are_there():
    for name in re.findall(r"\]\((images/[^)]+)\)", W["PAGE"].read_text(encoding="utf-8")):
        assert (W["PAGE"].parent / name).stat().st_size > 5000
