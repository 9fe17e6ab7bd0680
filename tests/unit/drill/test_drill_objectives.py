"""The letter of an objective follows from its value and the rule that is printed with it."""

from typing import get_args

import pytest

from hinomi.drill.objectives import MEASURES, judged, letter, rule
from hinomi.drill.plan_schema import Measure, Objective


def objective(measure, target, accept=None):
    told = {"name": "x", "measure": measure, "target": target}
    return Objective.model_validate(told if accept is None else told | {"accept": accept})


@pytest.mark.parametrize(
    ("value", "expected"),
    [(0.0, "P"), (10.0, "P"), (10.1, "S"), (30.0, "S"), (30.1, "M"), (None, "U")],
)
def test_of_what_should_be_short(value, expected):
    assert letter(objective("cancel_s", 10.0, 30.0), value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [(1.0, "P"), (0.95, "P"), (0.9, "S"), (0.5, "S"), (0.49, "M"), (0.0, "U"), (None, "U")],
)
def test_of_what_should_be_large_and_none_at_all_is_unable(value, expected):
    assert letter(objective("received_share", 0.95, 0.5), value) == expected


def test_without_what_is_accepted_anything_beyond_the_target_is_major():
    assert letter(objective("wrong_recipients", 0.0), 1.0) == "M"


def test_the_rule_names_its_numbers_and_every_letter():
    told = rule(objective("cancel_s", 30.0, 120.0))
    assert "at most 30 s" in told
    assert "at most 120 s" in told
    assert [x[0] for x in told.split("; ")] == ["P", "S", "M", "U"]


def test_every_measure_of_the_format_is_told_in_both_languages():
    assert set(get_args(Measure)) == set(MEASURES)
    assert all(m.english and m.japanese for m in MEASURES.values())


def test_a_measure_that_is_missing_is_unable():
    (row,) = judged([objective("cancel_s", 1.0)], {})
    assert (row["letter"], row["told"]) == ("U", "not measured")
