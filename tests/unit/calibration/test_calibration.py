"""Calibration: cases, raids that can be resumed, and the figures made of them."""

import dataclasses
import json
import pickle
from typing import ClassVar

import pytest

from hinomi.calibration import run
from hinomi.calibration.cases import LEFT_OUT, SCENARIO, STRAIGHT, WORST, case_of
from hinomi.calibration.summary import csv_text, summarise
from hinomi.errors import FolderError, ScenarioError
from hinomi.scenario.load import load
from hinomi.study.engine import Ended


@pytest.fixture(scope="module")
def scenario():
    return load("okinawa-2025")


def _row(truth="scenario", predictor="fast", epoch="first", phase="boosting", inside=1, units=()):
    row = {
        "truth": truth, "predictor": predictor, "raid": 0, "body": "a", "kind": "glide",
        "epoch": epoch, "phase": phase, "inside": inside, "area_km2": 100.0, "inside_ellipse": 1,
        "ellipse_area_km2": 200.0, "miss_km": 5.0, "in_time": 1, "units": list(units),
    }  # fmt: skip
    return row | ({"apart_km": 1.0, "apart_s": -2.0, "apart_p": 0.1} if predictor == "full" else {})


def _summary(rows):
    raids = [{"case": "scenario", "bodies": 8, "never": 1, "rows": rows}]
    return summarise(run.Asked(), raids)


def test_worst_cases_change_the_truth_and_never_what_the_forecast_is_told(scenario):
    for name in WORST:
        case = case_of(name, scenario)
        assert case.scenario.predictor_classes == scenario.predictor_classes
        changed = case.scenario.threats != scenario.threats or case.scenario.classes != scenario.classes  # fmt: skip
        assert changed or case.left_out


def test_gliders_that_never_bank_have_no_bank(scenario):
    threats = case_of(STRAIGHT, scenario).scenario.threats
    assert threats
    assert all(t.bank_schedule == () for t in threats)


def test_a_class_left_out_is_not_told(scenario):
    case = case_of(LEFT_OUT, scenario)
    for name in ("mrbm_liquid", "glider_regional"):
        assert name not in {c.name for c in case.told(name)}
        assert case.told(name)


def test_a_thousand_launches_are_asked_of_each_kind_of_truth():
    """Raids hold 8 bodies, those of glider cases 4; the worst cases share a thousand."""
    jobs = run.jobs_of(run.Asked(launches=1000))
    bodies = {SCENARIO: 8, LEFT_OUT: 8}
    counts = {}
    for job in jobs:
        counts[job.case] = counts.get(job.case, 0) + bodies.get(job.case, 4)
    assert counts.pop(SCENARIO) == 1000
    assert sum(counts.values()) >= 1000
    assert min(counts.values()) >= 1000 // len(WORST)


def test_coverage_has_wilson_bounds():
    """8 of 10: Wilson's 95 % interval is 0.490 to 0.943 (Newcombe, Statistics in Medicine 17, 1998)."""
    summary = _summary([_row(inside=int(i < 8)) for i in range(10)])
    entry = summary["coverage"][0]
    assert (entry["n"], entry["inside"]) == (10, 0.8)
    assert entry["low"] == pytest.approx(0.490, abs=1e-3)
    assert entry["high"] == pytest.approx(0.943, abs=1e-3)
    assert summary["launches"]["scenario"] == {"launches": 8, "without_forecast": 1}


def test_reliability_and_brier_of_a_case_by_hand():
    """Four forecasts of 0.5 of one unit, three hits: hit share 0.75, Brier 0.25, by frequency 0.1875."""
    rows = [_row(units=[[3, 0.5, int(i < 3)]]) for i in range(4)]
    (entry,) = _summary(rows)["reliability"]
    (group,) = entry["bins"]
    assert (group["n"], group["stated"], group["hit"]) == (4, 0.5, 0.75)
    assert entry["brier"] == pytest.approx(0.25)
    assert entry["brier_without_forecast"] == pytest.approx(0.1875)
    assert entry["missed"] == 0


def test_hits_where_next_to_nothing_was_stated_are_counted():
    (entry,) = _summary([_row(units=[[3, 0.0, 1]])])["reliability"]
    assert (entry["bins"], entry["missed"]) == ([], 1)


def test_differences_are_sizes():
    (entry,) = _summary([_row(), _row(predictor="full")])["difference"]
    assert entry["apart_s"] == [2.0, 2.0, 2.0]
    assert entry["states"] == 1


def test_the_table_has_a_row_for_each_entry():
    summary = _summary([_row(), _row(epoch="last", phase="falling")])
    assert len(csv_text(summary).splitlines()) == 1 + len(summary["coverage"])


@pytest.fixture
def quick(monkeypatch):
    """Jobs that are computed at once, and a list of those computed."""
    done = []

    def held(job):
        done.append(job.name())
        return {"case": job.case, "bodies": 8, "never": 0, "rows": []}

    monkeypatch.setattr(run, "held", held)
    return done


def test_what_is_there_is_not_computed_again(quick, tmp_path):
    asked = run.Asked(launches=16)
    run.calibrate(asked, tmp_path / "c")
    first = list(quick)
    (tmp_path / "c" / "raids" / first[1]).unlink()
    quick.clear()
    run.calibrate(asked, tmp_path / "c")
    assert quick == [first[1]]
    quick.clear()
    run.calibrate(dataclasses.replace(asked, launches=24), tmp_path / "c")
    assert 0 < len(quick) < len(first)


def test_a_folder_of_another_calibration_or_of_something_else_is_refused(quick, tmp_path):
    run.calibrate(run.Asked(launches=8), tmp_path / "c")
    with pytest.raises(FolderError, match="another calibration"):
        run.calibrate(run.Asked(launches=8, seed=5), tmp_path / "c")
    (tmp_path / "d").mkdir()
    (tmp_path / "d" / "letter.txt").write_text("mine")
    with pytest.raises(FolderError, match="not empty"):
        run.calibrate(run.Asked(launches=8), tmp_path / "d")
    assert (tmp_path / "d" / "letter.txt").read_text() == "mine"


class _Engine:
    """Stands in for the study's engine: answers in this process, and remembers what it was given."""

    asked: ClassVar[list[tuple[int, list[str]]]] = []
    fails = ""

    def __init__(self, *, workers):
        self.workers = workers

    def run(self, jobs):
        self.asked.append((self.workers, list(jobs)))
        for name, (function, arguments) in pickle.loads(pickle.dumps(dict(jobs))).items():
            if self.fails and name.endswith(self.fails):
                yield Ended(name, error=ValueError(f"no raid {name}"))
            else:
                yield Ended(name, function(*arguments))


def _at_once(job):
    return {"case": job.case, "bodies": 8, "never": 0, "rows": []}


@pytest.fixture
def engine(monkeypatch):
    monkeypatch.setattr(run, "Local", _Engine)
    monkeypatch.setattr(run, "held", _at_once)
    monkeypatch.setattr(_Engine, "asked", [])
    return _Engine


def test_raids_go_to_the_engine_of_studies_which_survives_its_workers(engine, tmp_path):
    """The first raid alone, so that kernels are compiled once; the others on as many as asked."""
    asked = run.Asked(launches=32)
    told = run.calibrate(asked, tmp_path / "c", workers=3)
    names = [job.name() for job in run.jobs_of(asked)]
    assert engine.asked == [(1, names[:1]), (3, names[1:])]
    assert len(told) == len(names)


def test_no_more_workers_start_than_raids_are_left(engine, tmp_path):
    asked = run.Asked(launches=32)
    run.calibrate(asked, tmp_path / "c")
    for job in run.jobs_of(asked)[2:5]:
        (tmp_path / "c" / "raids" / job.name()).unlink()
    engine.asked.clear()
    run.calibrate(asked, tmp_path / "c", workers=3)
    assert [workers for workers, _ in engine.asked] == [1, 2]


def test_a_raid_that_fails_ends_a_calibration_and_keeps_what_came_before(
    engine, monkeypatch, tmp_path
):
    asked = run.Asked(launches=32)
    names = [job.name() for job in run.jobs_of(asked)]
    monkeypatch.setattr(engine, "fails", names[2])
    with pytest.raises(ValueError, match=f"no raid {names[2]}"):
        run.calibrate(asked, tmp_path / "c", workers=2)
    assert sorted(p.name for p in (tmp_path / "c" / "raids").iterdir()) == sorted(names[:2])


@pytest.mark.parametrize("change", [{"launches": 0}, {"architecture": "none"}])
def test_impossible_wishes_are_refused(change):
    with pytest.raises(ScenarioError):
        run.jobs_of(run.Asked(**change))


def test_the_file_that_ships_is_what_a_summary_is():
    """A thousand launches and more of each kind of truth, three hundred by the full predictor."""
    from hinomi.report.calibration import committed

    told = committed()
    assert told["format"] == run.FORMAT
    worst = sum(told["launches"][w]["launches"] for w in WORST)
    assert min(told["launches"]["prior"]["launches"], told["launches"]["scenario"]["launches"], worst) >= 1000  # fmt: skip
    full = [e["n"] for e in told["coverage"] if (e["predictor"], e["epoch"], e["phase"]) == ("full", "first", "all")]  # fmt: skip
    assert sum(full[:1]) >= 300
    assert sum(full[2:]) >= 300
    json.dumps(told, allow_nan=False)
