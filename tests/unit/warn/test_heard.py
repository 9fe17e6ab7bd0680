"""What a centre hears: launch events passed on, and alerts on whichever source comes first."""

import dataclasses

import numpy as np
import pytest

from hinomi.records.alerts import ALERT_MESSAGE, ALL_CLEAR_MESSAGE, ROUTE_LOST, ROUTE_PASSED
from hinomi.records.tracks import CONFIRMED, MODE_BOOST
from hinomi.warn.heard import Heard, Source, launch_events
from hinomi.warn.issue import issue
from hinomi.warn.predict import predict
from hinomi.warn.rules import rule_of

NOWHERE = np.zeros(9)


def burning(tracks):
    """The same tracks while their motors burn."""
    mode = np.zeros_like(tracks.mode)
    mode[:, MODE_BOOST] = 1.0
    return dataclasses.replace(tracks, mode=mode)


def event_of(world, t, *, relay_s=12.0, track=0, mean=NOWHERE, **more):
    """One track of the other nation from `t` on, and its event as the centre has it."""
    whole = burning(world.tracks(mean, t=(t, t + 10.0, t + 20.0), track=track, **more))
    told = launch_events(whole, relay_s=relay_s, picture="US events")
    return Source(tracks=told, whole=whole, delay_s=relay_s, event=True)


def own(world, *, t=(0.0, 600.0), mean=NOWHERE, track=3):
    tracks = world.tracks(mean, t=t, track=track)
    return Source(tracks=tracks, whole=tracks)


def told(world, heard, parts, *, policy=None, rule=None, **delays):
    return issue(
        heard.forecasts(parts),
        heard.tracks,
        policy=policy or world.policy,
        delays=world.delays(**delays),
        rule=rule,
        events=heard.events(),
    )


def test_an_event_is_the_first_confirmed_row_of_grade_w_later_by_the_relay(world):
    rows = world.tracks(NOWHERE, t=(0.0, 10.0, 20.0, 30.0), grade=np.array([0, 1, 2, 1]))
    tracks = burning(rows)
    status = np.array([CONFIRMED, 0, CONFIRMED, CONFIRMED])
    events = launch_events(dataclasses.replace(tracks, status=status), relay_s=12.0, picture="e")
    assert events.t_s.tolist() == [20.0]
    assert events.t_available_s.tolist() == [32.0]
    assert events.grade.tolist() == [2]
    assert (events.picture, events.plots, events.plot.tolist()) == ("e", 0, [-1])


def test_a_track_that_never_was_good_enough_is_no_event(world):
    poor = burning(world.tracks(NOWHERE, t=(0.0, 10.0), grade=0))
    assert not len(launch_events(poor, relay_s=0.0, picture="e").t_s)


def test_a_body_found_after_its_motor_has_burnt_out_is_no_launch(world):
    late = world.tracks(NOWHERE, t=(0.0, 10.0))
    assert not len(launch_events(late, relay_s=0.0, picture="e").t_s)


def test_sources_are_numbered_one_after_another(world):
    """Track 3 of the first source stays 3; tracks 0 of the second and the third become 4 and 5."""
    heard = Heard(sources=(own(world), event_of(world, 80.0), event_of(world, 5.0)), plots=())
    assert heard.first == (0, 4, 5)
    assert sorted(set(heard.tracks.track.tolist())) == [3, 4, 5]
    assert heard.events() == {4, 5}
    assert heard.source_of(np.array([3, 4, 5])).tolist() == [0, 1, 2]
    assert (np.diff(heard.tracks.t_s) >= 0.0).all()
    at = heard.tracks.track == 4
    assert heard.tracks.t_available_s[at] == 92.0
    assert heard.sent_s()[at] == 80.0
    assert heard.sent_s()[~at].tolist() == [0.0, 5.0, 600.0]


def test_one_source_is_heard_as_it_is(world):
    only = own(world)
    heard = Heard(sources=(only,), plots=())
    assert heard.tracks is only.tracks
    assert heard.events() == frozenset()


def test_an_event_alerts_by_itself_by_hand(world):
    """At 80 s there, 92 s here; classified 20 s later, decided 45 s after that: 157 s."""
    heard = Heard(sources=(own(world), event_of(world, 80.0)), plots=())
    silent = world.forecasts([300.0, 305.0], [[0.0, 0.0]] * 2, track=3)
    a = told(world, heard, [silent, world.forecasts([92.0], [[0.5, 0.0]], track=0)])
    assert a.t_issue_s[a.kind == ALERT_MESSAGE].tolist() == [157.0]
    assert a.track.tolist() == [4, 4, 4]
    assert a.covers[a.kind == ALERT_MESSAGE].tolist() == [[1, 0]]


def test_a_track_of_ones_own_needs_the_forecasts_running_that_the_rule_asks(world):
    """The same single forecast of an own track alerts nobody."""
    heard = Heard(sources=(own(world),), plots=())
    a = told(world, heard, [world.forecasts([92.0], [[0.5, 0.0]], track=3)])
    assert not len(a.kind)


def test_an_event_cannot_be_lost_and_stands_until_its_predicted_end(world):
    heard = Heard(sources=(own(world), event_of(world, 80.0)), plots=())
    silent = world.forecasts([300.0], [[0.0, 0.0]], track=3)
    a = told(world, heard, [silent, world.forecasts([92.0], [[0.5, 0.0]], track=0)])
    clear = a.kind == ALL_CLEAR_MESSAGE
    assert a.route[clear].tolist() == [ROUTE_PASSED]
    assert a.t_ready_s[clear] == 520.0 + world.policy.clear_margin_s
    lone = world.forecasts([92.0, 97.0], [[0.5, 0.0]] * 2, track=3)
    short = Heard(sources=(own(world, t=(92.0, 97.0)),), plots=())
    b = told(world, short, [lone], lost=100.0)
    assert b.route[b.kind == ALL_CLEAR_MESSAGE].tolist() == [ROUTE_LOST]


@pytest.mark.parametrize(
    "more", [{"hit_threshold": 1.0, "over_threshold": 1.0}, {"persistence": 2}]
)
def test_an_event_alone_alerts_nobody_at_a_threshold_of_one_or_where_it_must_persist(world, more):
    heard = Heard(sources=(own(world), event_of(world, 80.0)), plots=())
    parts = [
        world.forecasts([300.0], [[0.0, 0.0]], track=3),
        world.forecasts([92.0], [[0.99, 0.9]], p_over=[[0.99, 0.9]], track=0),
    ]
    rule = dataclasses.replace(rule_of(world.policy), **more)
    assert not len(told(world, heard, parts, rule=rule).kind)


def test_forecasts_by_source_are_those_of_everything_at_once(world):
    """The same rows, each computed from its own state alone."""
    s = world.state(30.7, 127.33, 250e3, 2000.0, 0.0, 174.0)
    mine = own(world, mean=s, t=(0.0, 5.0, 10.0))
    heard = Heard(sources=(mine, event_of(world, 3.0, mean=s, sigma_m=2e3)), plots=())

    def fly(tracks):
        return predict(tracks, units=world.units(), policy=world.policy, classes=[world.ballistic])

    parts, whole = heard.forecasts([fly(x.tracks) for x in heard.sources]), fly(heard.tracks)
    assert len(whole.t_s) == 4
    for name in ("track", "t_s", "t_available_s", "p_hit", "p_over", "end_lat_deg", "spread_km"):
        assert np.array_equal(getattr(parts, name), getattr(whole, name)), name
