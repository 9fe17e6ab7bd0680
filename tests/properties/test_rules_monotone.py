"""On the same run, a lower threshold never alerts fewer units, at any time or at all."""

import dataclasses

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from hinomi.records.alerts import ALERT_MESSAGE, ALL_CLEAR_MESSAGE, UPDATE_MESSAGE, Alerts
from hinomi.records.tracks import Forecasts
from hinomi.warn.issue import UPDATE_S, issue
from hinomi.warn.neighbours import Adjacency
from hinomi.warn.rules import at_threshold, rule_of

UNITS = 4
SMALL = settings(max_examples=120, deadline=None, derandomize=True)
CHAIN = Adjacency(first=[0, 2, 5, 8, 10], member=[0, 1, 0, 1, 2, 1, 2, 3, 2, 3])
PROBABILITY = st.sampled_from([0.0, 0.0004, 0.002, 0.006, 0.011, 0.03, 0.2, 0.7, 0.99])
STEP = st.sampled_from([0.0005, 0.001, 0.003, 0.01, 0.02, 0.1, 0.5, 0.9])


@st.composite
def runs(draw):
    """Forecasts of one or two tracks at steps of 5 s, with probabilities that jump as they like."""
    count = draw(st.integers(6, 24))
    tracks = draw(st.integers(1, 2))
    n = count * tracks
    cells = st.lists(PROBABILITY, min_size=n * UNITS, max_size=n * UNITS)
    grade = draw(st.lists(st.sampled_from([0, 1, 1, 1]), min_size=n, max_size=n))
    t = np.repeat(100.0 + 5.0 * np.arange(count), tracks)
    end = draw(st.sampled_from([150.0, 400.0]))
    return Forecasts(
        picture="J",
        units=tuple("abcd"),
        track=np.tile(np.arange(1, tracks + 1), count),
        t_s=t,
        t_available_s=t,
        grade=np.array(grade),
        p_hit=np.array(draw(cells)).reshape(n, UNITS),
        p_over=np.array(draw(cells)).reshape(n, UNITS),
        end_lat_deg=np.zeros(n),
        end_lon_deg=np.zeros(n),
        end_cov_km2=np.ones((n, 3)),
        end_t_s=np.full(n, end),
        end_t_low_s=np.full(n, end - 20.0),
        end_t_high_s=np.full(n, end + 20.0),
        spread_km=np.ones(n),
        samples=251,
    )


@st.composite
def rules(draw, policy):
    return dataclasses.replace(
        rule_of(policy),
        persistence=draw(st.integers(1, 3)),
        neighbours=draw(st.integers(0, 1)),
        analysis_s=draw(st.sampled_from([0.0, 15.0])),
        drop_share=draw(st.sampled_from([0.0, 0.5, 1.0])),
        drop_hold_s=draw(st.sampled_from([0.0, 10.0, 30.0])),
        clear_hold_s=draw(st.sampled_from([5.0, 10.0, 30.0])),
    )


def _alerts(world, forecasts, rule, update_s=UPDATE_S) -> Alerts:
    tracks = world.tracks(np.zeros(9), t=(0.0, 600.0), track=1)
    return issue(
        forecasts,
        tracks,
        policy=world.policy,
        delays=world.delays(classify=5.0, decide=10.0),
        update_s=update_s,
        rule=rule,
        around=CHAIN if rule.neighbours else None,
    )


def _first_s(alerts: Alerts):
    """(U,) when each unit was first covered; infinity = never."""
    told = np.isin(alerts.kind, (ALERT_MESSAGE, UPDATE_MESSAGE))
    covered = np.where(alerts.covers[told] > 0, alerts.t_issue_s[told][:, None], np.inf)
    return covered.min(axis=0, initial=np.inf)


@SMALL
@given(data=st.data(), forecasts=runs(), steps=st.tuples(STEP, STEP))
def test_a_lower_threshold_never_alerts_fewer_units_nor_much_later(world, data, forecasts, steps):
    """Units covered at all: a superset. First covered: at most one update (5 s) later."""
    rule = data.draw(rules(world.policy))
    low, high = (_alerts(world, forecasts, at_threshold(rule, x)) for x in sorted(steps))
    first_low, first_high = _first_s(low), _first_s(high)
    assert np.all(np.isfinite(first_low) | ~np.isfinite(first_high))
    both = np.isfinite(first_high)
    assert np.all(first_low[both] <= first_high[both] + UPDATE_S)


@SMALL
@given(data=st.data(), forecasts=runs(), steps=st.tuples(STEP, STEP))
def test_where_updates_take_no_time_a_lower_threshold_is_never_later(world, data, forecasts, steps):
    rule = data.draw(rules(world.policy))
    low, high = (
        _alerts(world, forecasts, at_threshold(rule, x), update_s=0.0) for x in sorted(steps)
    )
    assert np.all(_first_s(low) <= _first_s(high))


@SMALL
@given(data=st.data(), forecasts=runs())
def test_neighbours_and_less_persistence_only_add_units(world, data, forecasts):
    rule = data.draw(rules(world.policy))
    narrow = dataclasses.replace(rule, neighbours=0)
    wide = dataclasses.replace(rule, neighbours=1)
    slow = dataclasses.replace(rule, persistence=3)
    fast = dataclasses.replace(rule, persistence=1)
    for more, less in ((wide, narrow), (fast, slow)):
        covered = np.isfinite(_first_s(_alerts(world, forecasts, more)))
        assert np.all(covered | ~np.isfinite(_first_s(_alerts(world, forecasts, less))))


@SMALL
@given(forecasts=runs(), step=STEP)
def test_without_a_drop_no_update_takes_a_unit_back(world, forecasts, step):
    alerts = _alerts(world, forecasts, at_threshold(rule_of(world.policy), step))
    for track in np.unique(alerts.track):
        held = np.zeros(UNITS, bool)
        for row in np.flatnonzero(alerts.track == track):
            covers = alerts.covers[row] > 0
            if alerts.kind[row] == UPDATE_MESSAGE:
                assert np.all(covers | ~held)
            if alerts.kind[row] in (ALERT_MESSAGE, UPDATE_MESSAGE):
                held = covers
            elif alerts.kind[row] == ALL_CLEAR_MESSAGE:
                held = held & ~covers
