"""A sensitivity answer beside a run: only its own, never mixed with chance, harmless where it is broken."""

import json
import re
from types import SimpleNamespace

import pytest

from hinomi.report import beside
from hinomi.report.named import assumption_table
from hinomi.report.tongue import ENGLISH, JAPANESE

PAIR = ("integrated", "shared_warning")
KEY = {"key": "warning.decide_s", "value": 45.0, "low": 10.0, "high": 180.0, "unit": "s",
       "grade": "assumed", "source": "a guess"}  # fmt: skip


def answer(**changed):
    """As much of an answer as the report reads."""
    gap = {"value": -0.5, "low": -0.9, "high": -0.1, "n": 8}
    share = {"value": 0.07, "low": -0.1, "high": 0.24, "n": 8}
    return {
        "format": beside.FORMAT, "content_hash": "same", "code": {"source": "now"}, "replicates": 8,
        "targets": ["integrated minus shared_warning"], "keys": [KEY], "results": {},
        "figures": {"leakers": {"unit": "bodies"}, "warned_in_time_share": {"unit": "%"}},
        "hangs_on": [
            {"figure": "leakers", "key": "warning.decide_s", "unit": "s", "grade": "assumed",
             "setting": 180.0, "verdict": "lost in chance", "base": gap,
             "there": gap | {"value": 0.1, "low": -0.3, "high": 0.5}},
        ],
        "band": {
            "settings": 16, "replicates": 8, "keys": ["warning.decide_s"],
            "results": {"integrated minus shared_warning": {
                "leakers": {"value": -0.5, "chance": gap, "same_sign": 16, "settings": 16,
                            "assumptions": {"low": -0.8, "high": -0.2}},
                "warned_in_time_share": {"value": 0.07, "chance": share, "same_sign": 15, "settings": 16,
                                         "assumptions": {"low": 0.05, "high": 0.08}},
            }},
        },
    } | changed  # fmt: skip


@pytest.fixture
def run(tmp_path):
    folder = tmp_path / "okinawa"
    folder.mkdir()
    return SimpleNamespace(
        folder=folder, plan=SimpleNamespace(content_hash="same", code={"source": "now"})
    )


def put(folder, told):
    folder.mkdir(parents=True, exist_ok=True)
    text = told if isinstance(told, str) else json.dumps(told)
    (folder / "sensitivity.json").write_text(text, encoding="utf-8")


def test_the_answer_inside_comes_before_that_of_a_neighbour(run):
    assert beside.sensitivity_beside(run, PAIR) is None
    put(run.folder.parent / "sensitivity-okinawa-1", answer(replicates=3))
    assert beside.sensitivity_beside(run, PAIR)["replicates"] == 3
    put(run.folder / "sensitivity", answer(replicates=9))
    assert beside.sensitivity_beside(run, PAIR)["replicates"] == 9


@pytest.mark.parametrize(
    "told",
    [answer(content_hash="other"), answer(code={"source": "old"}), answer(code=None),
     answer(targets=["shared_warning minus integrated"]), answer(targets=["integrated"]), answer(targets=[]),
     answer(format="x"), answer(keys=3), "{", "[]", "[" * 100_000, "\x00"],
)  # fmt: skip
def test_what_is_of_another_scenario_pair_or_program_or_no_answer_is_not_taken(run, told):
    put(run.folder / "sensitivity", told)
    assert beside.sensitivity_beside(run, PAIR) is None


def test_chance_and_assumptions_stay_two_bands_and_shares_are_points():
    leakers, share = beside.bands(answer())
    assert (leakers["chance"], leakers["assumed"]) == ((-0.9, -0.1), (-0.8, -0.2))
    assert share["value"] == pytest.approx(7.0)
    assert share["assumed"] == pytest.approx((5.0, 8.0))
    assert (share["unit"], share["sign"]) == ("points", "15 / 16")
    html = beside.band_table(answer(), ENGLISH)
    assert "−0.9 to −0.1" in html
    assert "−0.8 to −0.2" in html
    assert "study-bands.csv" in html


def test_what_the_conclusion_hangs_on_is_said_with_grade_and_both_intervals():
    (line,) = beside.hanging(answer(), ENGLISH)
    assert line == (
        "Leakers: −0.5 bodies (−0.9 to −0.1) as it is; lost in chance at 0.1 bodies (−0.3 to 0.5) "
        "with warning.decide_s = 180 s (assumed)."
    )
    assert "warning.decide_s = 180 s（仮定）" in beside.hanging(answer(), JAPANESE)[0]
    none = answer(hangs_on=[])  # effects that are not clear may still stand in the table
    assert "whose own effect is clear" in beside.hanging(none, ENGLISH)[0]
    assert beside.hanging(none, JAPANESE)[0].startswith("それ自体の効果がはっきりした数のうち")


def test_numbers_that_moved_most_are_named_with_grade_where_an_answer_lies_beside():
    scenario = SimpleNamespace(assumptions=(), batteries=())
    html = assumption_table(scenario, answer(), ENGLISH, pair=("a", "b"))
    assert "time to decide on an alert" in html
    assert '<span class="grade assumed">assumed</span>' in html
    assert "a guess" in html
    assert "10 to 180" in html
    assert "moved together in the band" in html


def test_without_a_band_numbers_come_in_the_order_of_their_effects_not_of_the_file():
    sizes = {f"k{i}": float(i) for i in range(14)}
    told = answer(
        band=None, keys=[KEY | {"key": k} for k in sizes],
        results={"integrated minus shared_warning": {"leakers": {"effects": [
            {"key": k, "change": {"value": s * sign}} for k, s in sizes.items() for sign in (-1.0, 0.5)
        ]}}},
    )  # fmt: skip
    scenario = SimpleNamespace(assumptions=(), batteries=())
    html = str(assumption_table(scenario, told, ENGLISH, pair=PAIR))
    assert "moved the figures most" in html
    shown = re.findall(r"<code>(k\d+)</code>", html)
    assert shown == [f"k{i}" for i in range(13, 3, -1)]
    nothing = assumption_table(scenario, told | {"results": {}}, ENGLISH, pair=PAIR)
    assert "not ranked" in nothing
