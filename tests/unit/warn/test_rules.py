"""Rules as data: persistence, neighbours, drops, holds; and the policy's own rule unchanged."""

import dataclasses

import numpy as np
import pytest

from hinomi.records.alerts import (
    ALERT_MESSAGE,
    ALL_CLEAR_MESSAGE,
    ROUTE_FORECAST,
    ROUTE_LOST,
    UPDATE_MESSAGE,
)
from hinomi.records.places import AlertUnits
from hinomi.records.rules import WarningRule
from hinomi.warn.issue import UPDATE_S, issue
from hinomi.warn.neighbours import Adjacency, adjacency, narrowed, widened
from hinomi.warn.rules import HIGHEST, at_threshold, rule_of, verdicts

T = np.arange(100.0, 400.0, 5.0)


def _run(world, forecasts, rule=None, around=None, tracks=None, **delays):
    tracks = world.tracks(np.zeros(9), t=(0.0, 600.0)) if tracks is None else tracks
    return issue(
        forecasts,
        tracks,
        policy=world.policy,
        delays=world.delays(**delays),
        rule=rule,
        around=around,
    )


def _rule(world, **fields):
    return dataclasses.replace(rule_of(world.policy), **fields)


def _same(a, b):
    return all(
        np.array_equal(getattr(a, n), getattr(b, n))
        for n in ("track", "kind", "route", "t_ready_s", "t_issue_s", "covers")
    )


def test_no_rule_means_the_policys_own(world):
    """The same messages with the rule left out and with the policy's rule written down."""
    p = [[0.5, 0.0] if t < 200.0 else [0.0, 0.02] for t in T]
    f = world.forecasts(T, p)
    assert _same(_run(world, f), _run(world, f, rule_of(world.policy)))
    assert not _same(_run(world, f), _run(world, f, _rule(world, hit_threshold=0.6)))


def test_persistence_counts_good_forecasts_of_the_unit(world):
    """Three running: the clock of the decision starts with the third; a poor one does no harm."""
    t = np.array([100.0, 105.0, 110.0, 115.0, 120.0, 125.0, 300.0])
    p = [[0, 0], [0.5, 0], [0, 0], [0.5, 0], [0.5, 0], [0.5, 0], [0.5, 0]]
    grade = np.array([1, 1, 1, 1, 0, 1, 1])
    said = verdicts(world.forecasts(t, p, grade=grade), _rule(world, persistence=3))
    assert said.reached[:, 0].tolist() == [False] * 6 + [True]
    said = verdicts(world.forecasts(t, p, grade=grade), _rule(world, persistence=2))
    assert said.reached[:, 0].tolist() == [False] * 5 + [True, True]


def test_neighbours_are_alerted_with_a_unit(world):
    around = Adjacency(first=[0, 2, 4], member=[0, 1, 0, 1])
    a = _run(world, world.forecasts(T, [[0.5, 0.0]] * T.size), _rule(world), around)
    assert a.covers[a.kind == ALERT_MESSAGE].tolist() == [[1, 1]]


def test_a_neighbour_is_lifted_only_when_all_around_it_is_low(world):
    """Unit 1 is low throughout, but beside unit 0, which stays above a fifth of the threshold."""
    around = Adjacency(first=[0, 2, 4], member=[0, 1, 0, 1])
    p = [[0.5, 0.0] if t < 200.0 else [0.003, 0.0] for t in T]
    a = _run(world, world.forecasts(T, p), _rule(world), around)
    assert ROUTE_FORECAST not in a.route


def test_widening_and_narrowing_by_hand():
    """A chain of three units: the middle one has two neighbours."""
    around = Adjacency(first=[0, 2, 5, 7], member=[0, 1, 0, 1, 2, 1, 2])
    flags = np.array([[True, False, False], [False, True, False], [True, True, False]])
    assert widened(flags, around).tolist() == [[1, 1, 0], [1, 1, 1], [1, 1, 1]]
    assert narrowed(flags, around).tolist() == [[0, 0, 0], [0, 0, 0], [1, 0, 0]]
    assert widened(flags, None) is flags


def test_adjacent_units_share_a_cell():
    """Units 0 and 1 meet in a cell, 1 and 2 in another: one ring and two rings."""
    first = np.array([[0, 1, 3, 5]])
    units = AlertUnits(
        names=("a", "b", "c", "d"),
        unit_of_place=np.zeros(0),
        south_deg=20.0,
        west_deg=120.0,
        step_deg=0.1,
        cell_first=first,
        cell_last=first,
        entry_unit=np.zeros(0),
        entry_weight=np.zeros(0),
        over_first=first,
        over_last=np.array([[1, 3, 5, 6]]),
        over_unit=np.array([0, 0, 1, 1, 2, 3]),
        buffer_m=0.0,
        kernel_m=0.0,
    )

    def lists(rings):
        a = adjacency(units, rings=rings)
        return [a.member[i:j].tolist() for i, j in zip(a.first[:-1], a.first[1:], strict=True)]

    assert lists(0) == [[0], [1], [2], [3]]
    assert lists(1) == [[0, 1], [0, 1, 2], [1, 2], [3]]
    assert lists(2) == [[0, 1, 2], [0, 1, 2], [0, 1, 2], [3]]


def test_a_drop_needs_the_hold_and_is_an_update(world):
    """Unit 1 is below half of the threshold from 200 s; after 30 s an update names unit 0 alone."""
    p = [[0.5, 0.5] if t < 200.0 else [0.5, 0.004] for t in T]
    a = _run(world, world.forecasts(T, p), _rule(world, drop_share=0.5, drop_hold_s=30.0))
    at = a.kind == UPDATE_MESSAGE
    assert a.covers[at].tolist() == [[1, 0]]
    assert a.t_issue_s[at] == 230.0 + UPDATE_S
    assert a.covers[a.kind == ALL_CLEAR_MESSAGE].tolist() == [[1, 0]]
    plain = _run(world, world.forecasts(T, p), _rule(world))
    assert UPDATE_MESSAGE not in plain.kind


def test_a_poor_track_starts_the_hold_of_a_drop_again(world):
    p = [[0.5, 0.5] if t < 200.0 else [0.5, 0.004] for t in T]
    grade = np.where(T == 220.0, 0, 1)
    f = world.forecasts(T, p, grade=grade)
    a = _run(world, f, _rule(world, drop_share=0.5, drop_hold_s=30.0))
    assert a.t_ready_s[a.kind == UPDATE_MESSAGE] == 255.0


def test_the_last_units_are_never_dropped(world):
    """When everything is low the alert ends by the all-clear's own rule, not by a drop."""
    p = [[0.5, 0.0] if t < 200.0 else [0.004, 0.0] for t in T]
    a = _run(world, world.forecasts(T, p), _rule(world, drop_share=0.5, drop_hold_s=0.0))
    assert UPDATE_MESSAGE not in a.kind
    assert ROUTE_FORECAST not in a.route  # 0.004 is above a fifth of 0.01


@pytest.mark.parametrize("rule", [{}, {"drop_share": 1.0}, {"persistence": 3}, {"neighbours": 1}])
def test_no_rule_retracts_because_a_track_was_lost(world, rule):
    """The alert stands until a person has declared the loss and decided, whatever the rule."""
    t = np.arange(100.0, 200.0, 5.0)
    f = world.forecasts(t, [[0.5, 0.0]] * t.size, end=(900.0, 880.0, 920.0))
    tracks = world.tracks(np.zeros(9), t=(0.0, 195.0, 215.0), dropped=True)
    a = _run(world, f, _rule(world, **rule), tracks=tracks)
    clear = a.kind == ALL_CLEAR_MESSAGE
    assert a.route[clear] == ROUTE_LOST
    assert a.t_issue_s[clear] == 195.0 + 300.0 + 900.0
    assert a.t_issue_s.max() == a.t_issue_s[clear]


def test_analysis_delays_the_alert_and_not_the_launch_message(world):
    f = world.forecasts(T, [[0.5, 0.0]] * T.size)
    base, late = _run(world, f, _rule(world)), _run(world, f, _rule(world, analysis_s=40.0))
    assert late.t_issue_s[:2].tolist() == [base.t_issue_s[0], base.t_issue_s[1] + 40.0]


def test_a_clear_share_of_nothing_leaves_the_all_clear_to_people(world):
    p = [[0.5, 0.0] if t < 200.0 else [0.0, 0.0] for t in T]
    assert ROUTE_FORECAST in _run(world, world.forecasts(T, p), _rule(world)).route
    a = _run(world, world.forecasts(T, p), _rule(world, clear_share=0.0))
    assert ROUTE_FORECAST not in a.route


def test_a_ladder_moves_both_thresholds_together(world):
    rule = _rule(world)
    assert at_threshold(rule, 0.02).over_threshold == pytest.approx(0.2)
    assert at_threshold(rule, 0.5).over_threshold == HIGHEST
    never = at_threshold(_rule(world, over_threshold=1.0), 0.02)
    assert never.over_threshold == 1.0


@pytest.mark.parametrize(
    ("field", "value"),
    [("unit", "county"), ("hit_threshold", 0.0), ("drop_share", 1.5), ("consecutive", 0)],
)
def test_a_rule_that_cannot_be_is_refused(world, field, value):
    with pytest.raises(ValueError, match=field):
        dataclasses.replace(rule_of(world.policy), **{field: value})
    assert WarningRule.__dataclass_params__.frozen
