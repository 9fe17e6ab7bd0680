"""Whatever the forecasts: an event passed on makes no unit's alert later, and a slower relay none earlier."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from hinomi.records.alerts import NEVER
from hinomi.warn.heard import Heard, Source, launch_events
from hinomi.warn.issue import issue
from hinomi.warn.receive import first_issue

CHANCES = st.sampled_from([0.0, 0.003, 0.009, 0.01, 0.05, 0.6])
ROWS = st.lists(st.tuples(CHANCES, CHANCES), min_size=1, max_size=12)


def first_alert(world, rows, grades, event, relay_s, *, hit=0.01):
    """(U,) first issue by unit; `event` (time, chances) or None."""
    times = 200.0 + 5.0 * np.arange(len(rows))
    tracks = world.tracks(np.zeros(9), t=(195.0, 600.0), track=0)
    sources = [Source(tracks=tracks, whole=tracks)]
    parts = [world.forecasts(times, rows, grade=np.array(grades)[: len(rows)], track=0)]
    if event is not None:
        at, chances = event
        whole = world.tracks(np.zeros(9), t=(at, at + 10.0), track=0)
        told = launch_events(whole, relay_s=relay_s, picture="events")
        sources.append(Source(tracks=told, whole=whole, delay_s=relay_s, event=True))
        parts.append(world.forecasts([at + relay_s], [chances], track=0))
    heard = Heard(sources=tuple(sources), plots=())
    policy = world.changed(hit_threshold=hit, over_threshold=1.0)
    alerts = issue(
        heard.forecasts(parts), heard.tracks, policy=policy, delays=world.delays(),
        events=heard.events(),
    )  # fmt: skip
    return first_issue(alerts, world.units())[:2]


EVENTS = st.tuples(st.floats(60.0, 400.0), st.tuples(CHANCES, CHANCES))
GRADES = st.lists(st.sampled_from([0, 1]), min_size=12, max_size=12)


@settings(max_examples=40, deadline=None, derandomize=True)
@given(rows=ROWS, grades=GRADES, event=EVENTS, relay=st.floats(0.0, 300.0))
def test_with_an_event_no_unit_is_alerted_later(world, rows, grades, event, relay):
    without = first_alert(world, rows, grades, None, 0.0)
    assert (first_alert(world, rows, grades, event, relay) <= without).all()


@settings(max_examples=40, deadline=None, derandomize=True)
@given(
    rows=ROWS, grades=GRADES, event=EVENTS, relay=st.floats(0.0, 100.0), more=st.floats(0.0, 300.0)
)
def test_a_slower_relay_alerts_nobody_earlier(world, rows, grades, event, relay, more):
    fast = first_alert(world, rows, grades, event, relay)
    slow = first_alert(world, rows, grades, event, relay + more)
    assert (slow >= fast - 1e-9).all()


@settings(max_examples=40, deadline=None, derandomize=True)
@given(rows=ROWS, grades=GRADES, event=EVENTS, hit=st.sampled_from([0.005, 0.02, 0.5]))
def test_a_higher_threshold_alerts_no_more_units(world, rows, grades, event, hit):
    low = first_alert(world, rows, grades, event, 10.0, hit=0.002)
    high = first_alert(world, rows, grades, event, 10.0, hit=hit)
    assert ((low < NEVER) | (high == NEVER)).all()
    never = first_alert(world, rows, grades, event, 10.0, hit=1.0)
    assert (never == NEVER).all()
