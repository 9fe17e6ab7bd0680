"""The clock of a body follows its own alert; the report counts nobody twice."""

import dataclasses
import math

import numpy as np
import pyarrow as pa
import pytest

from hinomi.records.alerts import Receipts, Warned
from hinomi.report.people import ABSENT, clock_times, people_section, place_rows
from hinomi.report.people_figure import middle_of
from hinomi.study.outcome import clock_of
from hinomi.warn.clock import STAGES

NEVER = math.inf


def warned(body, place, people, arrive=600.0):
    n = len(body)
    return Warned(
        body=np.array(body), place=np.array(place), hit=np.ones(n), overflown=np.zeros(n),
        t_arrive_s=np.full(n, arrive), t_received_s=np.zeros(n), lead_s=np.zeros(n),
        population=np.array(people), knew=np.zeros(n), sheltered=np.zeros(n),
    )  # fmt: skip


@pytest.fixture
def received():
    """Three places, two channels 4 and 13 s after an alert at 100 s; the last place is in none."""
    t = np.array([[104.0, 104.0, NEVER], [113.0, NEVER, NEVER]])
    return Receipts(
        channels=("phone", "sirens"), t_s=t, first_s=t.min(axis=0),
        issued_s=np.array([100.0, 100.0, NEVER]),
    )  # fmt: skip


def firsts(issued):
    times = np.array([[30.0], [60.0], [65.0], [90.0], [issued]])
    return dict(zip(STAGES[:5], times, strict=True))


def clock(issued, received, policy, place=(0, 1), people=(900.0, 100.0)):
    rows = warned([0] * len(place), place, people)
    body, stage, t_s = clock_of(firsts(issued), rows, received, policy=policy)
    assert body.tolist() == [0] * len(STAGES)
    return dict(zip(stage, t_s.tolist(), strict=True))


def test_a_body_is_received_through_its_own_alert_though_the_place_knew_before(world, received):
    """The place had an alert from 100 s on; this body's own is issued at 250 s."""
    got = clock(250.0, received, world.policy)
    assert [got[s] for s in STAGES[:6]] == [30.0, 60.0, 65.0, 90.0, 250.0, 254.0]
    assert got["received"] < got["heard"] < got["acted"]
    assert got["acted"] == got["in shelter"]  # no walk in this policy
    assert got["arrival"] == 600.0
    early = clock(100.0, received, world.policy)
    assert got["heard"] - early["heard"] == pytest.approx(150.0)


def test_without_an_alert_or_outside_every_unit_nothing_follows(world, received):
    for got in (
        clock(NEVER, received, world.policy),
        clock(250.0, received, world.policy, place=(0, 2), people=(100.0, 900.0)),
    ):
        assert [got[s] for s in ("received", "heard", "acted", "in shelter")] == [NEVER] * 4
        assert got["arrival"] == 600.0


def test_a_walk_separates_acting_from_shelter(world, received):
    policy = dataclasses.replace(world.policy, walk_median_s=90.0, walk_sigma=0.5)
    got = clock(250.0, received, policy)
    assert got["in shelter"] - got["acted"] > 60.0


class Tables:
    """As much of a study as the section reads."""

    def __init__(self, **tables):
        self.all = {name: pa.table(columns) for name, columns in tables.items()}

    @property
    def tables(self):
        return tuple(self.all)

    def table(self, name):
        return self.all[name]


def test_a_run_without_the_clock_says_so(world):
    told = people_section(Tables(), world.places(), world.policy, ["a"], {"a": "a"})
    assert told["absent"] == ABSENT


def test_only_the_first_arrival_at_a_place_counts(world):
    columns = {
        "replicate": [0, 0, 1], "architecture": ["a"] * 3, "place_code": ["00001"] * 3,
        "t_arrive_s": [500.0, 400.0, 450.0], "lead_s": [99.0, 10.0, 30.0],
    } | {k: [1.0, 2.0, 4.0] for k in
         ("population", "knew", "with_needed", "person_seconds", "moved", "sheltered")}  # fmt: skip
    (row,) = place_rows(Tables(warned=columns), world.places(), ["a"])
    assert (row["raids"], row["knew"]) == (2, 3.0)
    assert row["lead_s"] == 10.0
    assert (row["lead_s_low"], row["lead_s_high"]) == (None, None)  # a median needs six raids


def test_figures_of_a_place_have_the_intervals_of_the_study(world):
    from hinomi.study.statistics import median_interval, skew_interval

    n, names = 8, ("population", "knew", "with_needed", "person_seconds", "moved", "sheltered")
    values = [float(v) for v in (3, 9, 4, 1, 7, 2, 8, 6)]
    columns = {
        "replicate": list(range(n)), "architecture": ["a"] * n, "place_code": ["00001"] * n,
        "t_arrive_s": [500.0] * n, "lead_s": values,
    } | dict.fromkeys(names, values)  # fmt: skip
    (row,) = place_rows(Tables(warned=columns), world.places(), ["a"])
    lead, knew = median_interval(np.array(values)), skew_interval(np.array(values))
    assert (row["lead_s_low"], row["lead_s_high"]) == (lead.low, lead.high) == (1.0, 9.0)
    assert (row["knew_low"], row["knew_high"]) == (max(knew.low, 0.0), knew.high)
    assert row["knew_low"] < row["knew"] == 5.0 < row["knew_high"]


def test_times_are_told_by_architecture_and_stage():
    clock = {
        "architecture": ["a", "a", "b"], "stage": ["seen", "arrival", "seen"],
        "after_ignition_s": [1.0, 2.0, 3.0],
    }  # fmt: skip
    times = clock_times(Tables(clock=clock))
    assert times["a", "seen"].tolist() == [1.0]
    assert times["b", "arrival"].tolist() == []
    assert middle_of([5.0, NEVER, 1.0]) == 5.0
    assert middle_of([NEVER, NEVER, 1.0]) is None


def test_the_section_says_compliance_beside_everybody_in_shelter(world):
    people = {k: [5.0] for k in ("population", "knew", "with_needed", "person_seconds", "moved", "sheltered")}  # fmt: skip
    study = Tables(
        clock={"architecture": ["a"], "stage": ["seen"], "after_ignition_s": [1.0]},
        warned={"replicate": [0], "architecture": ["a"], "place_code": ["00001"],
                "t_arrive_s": [1.0], "lead_s": [-NEVER]} | people,
        metrics={"replicate": [0], "architecture": ["a"], "metric": ["sheltered_people"], "value": [3.0]},
    )  # fmt: skip
    told = people_section(study, world.places(), world.policy, ["a"], {"a": "<a>"})
    assert told["html"].count("in shelter (5.5") == 2
    assert "<a>" not in told["html"]
    assert "never" in told["html"]


def test_intervals_of_people_are_those_of_the_summary_and_not_below_0(world):
    """A mean of 1 in raids of 0 0 0 4: 0 to 7.76, wider than t above, and nobody is less than none."""
    study = Tables(
        clock={"architecture": ["a"], "stage": ["seen"], "after_ignition_s": [NEVER]},
        warned={"replicate": [0], "architecture": ["a"], "place_code": ["00001"]},
        metrics={"replicate": [0, 1, 2, 3], "architecture": ["a"] * 4,
                 "metric": ["knew_people"] * 4, "value": [0.0, 0.0, 0.0, 4.0]},
    )  # fmt: skip
    told = people_section(study, world.places(), world.policy, ["a"], {"a": "a"})
    assert "0 to 7.76" in told["html"]
    assert "−2.18" not in told["html"]
