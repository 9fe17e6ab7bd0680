"""The alert rule by hand: every time on paper."""

import dataclasses

import numpy as np
import pytest

from hinomi.errors import FenceError
from hinomi.records.alerts import (
    ALERT_MESSAGE,
    ALL_CLEAR_MESSAGE,
    LAUNCH_MESSAGE,
    ROUTE_FORECAST,
    ROUTE_LOST,
    ROUTE_PASSED,
    UPDATE_MESSAGE,
    Alerts,
)
from hinomi.warn.issue import UPDATE_S, issue


def _run(world, forecasts, *, tracks=None, policy=None, **delays):
    if tracks is None:
        tracks = world.tracks(np.zeros(9), t=(0.0, 600.0))
    return issue(forecasts, tracks, policy=policy or world.policy, delays=world.delays(**delays))


def test_one_threat_by_hand(world):
    """Second W forecast at 105 s, classify 20 s -> launch 125 s, decide 45 s -> alert 170 s."""
    t = np.arange(100.0, 300.0, 5.0)
    a = _run(world, world.forecasts(t, [[0.5, 0.0]] * t.size))
    assert a.kind.tolist() == [LAUNCH_MESSAGE, ALERT_MESSAGE, ALL_CLEAR_MESSAGE]
    assert a.t_issue_s[:2].tolist() == [125.0, 170.0]
    assert a.t_ready_s[:2].tolist() == [125.0, 170.0]
    assert a.covers.tolist() == [[0, 0], [1, 0], [1, 0]]
    assert a.status == "Exercise"


def test_poor_tracks_count_from_the_last_interruption(world):
    """Grades W - W W: the rule is met by the fourth forecast, not by the third."""
    t = np.array([100.0, 105.0, 110.0, 115.0, 120.0])
    a = _run(world, world.forecasts(t, [[0.5, 0.0]] * 5, grade=np.array([1, 0, 1, 1, 1])))
    assert a.t_issue_s[0] == 115.0 + 20.0


@pytest.mark.parametrize("longer", [1.0, 30.0, 100.0])
def test_a_longer_decision_is_later_by_just_that(world, longer):
    t = np.arange(100.0, 500.0, 5.0)
    f = world.forecasts(t, [[0.5, 0.0]] * t.size)
    base, late = _run(world, f), _run(world, f, decide=45.0 + longer)
    assert late.t_issue_s[late.kind == ALERT_MESSAGE] == (
        base.t_issue_s[base.kind == ALERT_MESSAGE] + longer
    )
    assert late.t_issue_s[0] == base.t_issue_s[0]


def test_threshold_one_never_alerts(world):
    t = np.arange(100.0, 300.0, 5.0)
    policy = world.changed(hit_threshold=1.0, over_threshold=1.0)
    f = world.forecasts(t, [[0.99, 0.9]] * t.size, p_over=[[0.99, 0.9]] * t.size)
    assert _run(world, f, policy=policy).kind.size == 0


def test_overflight_alone_alerts(world):
    t = np.arange(100.0, 300.0, 5.0)
    f = world.forecasts(t, [[0.0, 0.0]] * t.size, p_over=[[0.0, 0.1]] * t.size)
    a = _run(world, f)
    assert a.covers[a.kind == ALERT_MESSAGE].tolist() == [[0, 1]]


def test_the_alert_covers_what_the_latest_forecast_says(world):
    """The unit that caused the launch message is left out when it is no longer threatened."""
    t = np.array([100.0, 105.0, 140.0, 160.0])
    f = world.forecasts(t, [[0.5, 0.0], [0.5, 0.0], [0.5, 0.0], [0.0, 0.5]])
    a = _run(world, f)
    assert a.covers[a.kind == ALERT_MESSAGE].tolist() == [[0, 1]]
    assert a.t_ready_s[a.kind == ALERT_MESSAGE] == 160.0


def test_later_forecasts_only_add_units(world):
    """A second unit joins by an update; the first stays although its probability fell to 0."""
    t = np.array([100.0, 105.0, 160.0, 200.0, 215.0])
    f = world.forecasts(t, [[0.5, 0.0]] * 3 + [[0.0, 0.5]] * 2)
    a = _run(world, f)
    at = a.kind == UPDATE_MESSAGE
    assert a.covers[at].tolist() == [[1, 1]]
    assert a.t_issue_s[at] == 200.0 + UPDATE_S


def test_nobody_is_alerted_before_a_forecast_says_so(world):
    """Headed for a unit only from 300 s on: the clock of the decision starts there."""
    t = np.array([100.0, 105.0, 200.0, 300.0, 315.0])
    f = world.forecasts(t, [[0.0, 0.0]] * 3 + [[0.5, 0.0]] * 2)
    a = _run(world, f)
    assert a.t_issue_s[:2].tolist() == [300.0, 345.0]


def test_loss_of_track_retracts_nothing(world):
    """Dropped long before its end: the alert stands until loss, then clearance, are decided."""
    t = np.arange(100.0, 200.0, 5.0)
    f = world.forecasts(t, [[0.5, 0.0]] * t.size, end=(900.0, 880.0, 920.0))
    tracks = world.tracks(np.zeros(9), t=(0.0, 195.0, 215.0), dropped=True)
    a = _run(world, f, tracks=tracks)
    clear = a.kind == ALL_CLEAR_MESSAGE
    assert a.route[clear] == ROUTE_LOST
    assert a.t_ready_s[clear] == 195.0 + 300.0
    assert a.t_issue_s[clear] == 195.0 + 300.0 + 900.0


def test_all_clear_when_the_predicted_end_has_passed(world):
    t = np.arange(100.0, 500.0, 5.0)
    f = world.forecasts(t, [[0.5, 0.0]] * t.size)
    a = _run(world, f, tracks=world.tracks(np.zeros(9), t=(0.0, 495.0)))
    clear = a.kind == ALL_CLEAR_MESSAGE
    assert a.route[clear] == ROUTE_PASSED
    assert a.t_ready_s[clear] == 520.0 + 60.0
    assert a.t_issue_s[clear] == 520.0 + 60.0 + 900.0


def test_a_live_track_holds_the_all_clear(world):
    t = np.arange(100.0, 700.0, 5.0)
    f = world.forecasts(t, [[0.5, 0.0]] * t.size)
    a = _run(world, f, tracks=world.tracks(np.zeros(9), t=(0.0, 700.0)))
    assert a.t_ready_s[a.kind == ALL_CLEAR_MESSAGE] == 700.0


def test_all_clear_by_forecast_needs_the_hold_and_a_good_track(world):
    """Low from 200 s, poor at 220 s: the hold of 30 s starts again at 225 s and ends at 255 s."""
    t = np.arange(100.0, 300.0, 5.0)
    p = [[0.5, 0.0] if s < 200.0 else [0.0019, 0.0] for s in t]
    grade = np.where(t == 220.0, 0, 1)
    a = _run(world, world.forecasts(t, p, grade=grade))
    clear = a.kind == ALL_CLEAR_MESSAGE
    assert a.route[clear].tolist() == [ROUTE_FORECAST]
    assert a.t_issue_s[clear] == 255.0
    assert a.covers[clear].tolist() == [[1, 0]]


def test_no_update_follows_the_all_clear_of_its_track(world):
    """Forecasts every 2 s: the unit added at 230 s is named at 235 s, and lifted then, not at 232 s."""
    t = np.arange(100.0, 300.0, 2.0)
    p = [[0.5, 0.0] if s < 200.0 else [0.0, 0.5] if s == 230.0 else [0.0, 0.0] for s in t]
    a = _run(world, world.forecasts(t, p), policy=world.changed(clear_hold_s=2.0))
    clears = np.flatnonzero(a.kind == ALL_CLEAR_MESSAGE)
    named = np.flatnonzero((a.kind == UPDATE_MESSAGE) & (a.covers[:, 1] == 1))
    assert named.size
    assert clears[-1] > named[-1]
    assert a.t_issue_s[clears[-1]] >= a.t_issue_s[named[-1]] == 230.0 + UPDATE_S
    assert a.covers[clears[-1], 1] == 1


def test_between_the_shares_nothing_is_lifted_by_forecast(world):
    """0.0021 is under the alert threshold of 0.01, but above a fifth of it."""
    t = np.arange(100.0, 300.0, 5.0)
    p = [[0.5, 0.0] if s < 200.0 else [0.0021, 0.0] for s in t]
    a = _run(world, world.forecasts(t, p))
    assert ROUTE_FORECAST not in a.route


def test_actual_is_refused(world):
    t = np.array([100.0, 105.0])
    f = world.forecasts(t, [[0.5, 0.0]] * 2)
    with pytest.raises(FenceError, match="Exercise"):
        _run(world, f, policy=dataclasses.replace(world.policy, status="Actual"))
    good = _run(world, f)
    fields = {x.name: getattr(good, x.name) for x in dataclasses.fields(good)}
    with pytest.raises(ValueError, match="Actual"):
        Alerts(**(fields | {"status": "Actual"}))


def test_two_threats_have_a_decision_each(world):
    t = np.repeat(np.arange(100.0, 300.0, 5.0), 2)
    f = world.forecasts(t, [[0.5, 0.0]] * t.size, track=np.tile([1, 2], t.size // 2))
    tracks = world.tracks(np.zeros(9), t=(0.0, 0.0, 600.0, 600.0), track=np.array([1, 2, 1, 2]))
    a = _run(world, f, tracks=tracks)
    assert sorted(a.track[a.kind == ALERT_MESSAGE].tolist()) == [1, 2]
    assert np.all(np.diff(a.t_issue_s) >= 0.0)
