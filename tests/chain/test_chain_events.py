"""The alerting nation listens to more than one picture: never later for it, and paired."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from hinomi.records.engagements import REFUSED_WARNING, Refusal
from hinomi.study import chain
from hinomi.study.outcome import bodies_heard, bodies_of
from hinomi.study.pictures import EVERYBODY, heard_by, pictures_of
from hinomi.warn.clock import STAGES

EVERY = ("national", "shared_warning", "shared_track", "integrated")
SHARING = EVERY[1:]
OFF = {"warning.on_event": False}
HUB = "Japan"


@pytest.fixture(scope="module")
def raid(study):
    scenario, context = study()
    return chain.begin(scenario, context, seed=1, number=0)


def hear(raid, name, *, on_event=True, **changes):
    architecture = replace(raid.scenario.architectures[name], **changes)
    pictures = pictures_of(raid.room, architecture, HUB)
    return heard_by(raid.room, architecture, pictures, HUB, on_event=on_event), pictures


def test_who_shares_warnings_alerts_no_body_later_for_its_events(play):
    gained = 0
    for name in SHARING:
        with_events, without = (r.times(name, "alert") for r in (play(), play(OFF)))
        assert set(without) <= set(with_events)
        assert all(with_events[body] <= t + 1e-9 for body, t in without.items())
        gained += sum(with_events[body] < t - 1.0 for body, t in without.items())
    assert gained


def test_who_shares_nothing_hears_no_event(play, same):
    for table in ("alerts", "warned", "events", "clock"):
        assert same(play().table(table, "national"), play(OFF).table(table, "national")), table


def test_more_sharing_alerts_no_body_later_here(play):
    """Each step of sharing keeps the sources of the one before, and its relays are faster."""
    for number in (0, 1):
        times = [play(number=number).times(name, "alert") for name in EVERY]
        for less, more in pairwise(times):
            assert all(more[body] <= t + 1.0 for body, t in less.items())


def test_one_picture_stands_beside_the_nations_own_sensors_and_the_events(raid):
    heard, _ = hear(raid, "integrated")
    assert [s.tracks.picture for s in heard.sources] == [EVERYBODY, "Japan cued", "US events"]
    assert [s.event for s in heard.sources] == [False, False, True]
    heard, _ = hear(raid, "shared_warning")
    assert [s.tracks.picture for s in heard.sources] == ["Japan cued", "US events"]
    heard, _ = hear(raid, "national")
    assert [s.tracks.picture for s in heard.sources] == ["Japan own"]


def test_a_nation_that_refuses_warnings_sends_no_event(raid):
    no = (Refusal(sender="US", receiver=HUB, category=REFUSED_WARNING, probability=1.0),)
    heard, _ = hear(raid, "shared_warning", refusals=no)
    assert heard.events() == frozenset()


def test_what_is_heard_needs_no_truth(raid):
    """Bodies taken out of every plot change nothing of the tracks that forecasts are made from."""
    heard, pictures = hear(raid, "integrated")
    blind = {
        name: replace(p, plots=replace(p.plots, body=np.full(len(p.plots.t_s), -1, np.int32)))
        for name, p in pictures.items()
    }
    architecture = raid.scenario.architectures["integrated"]
    again = heard_by(raid.room, architecture, blind, HUB, on_event=True)
    for column in ("t_s", "t_available_s", "track", "mean", "cov", "grade"):
        assert np.array_equal(getattr(again.tracks, column), getattr(heard.tracks, column))


def test_an_event_belongs_to_the_body_that_its_whole_track_followed(raid):
    heard, _ = hear(raid, "shared_warning")
    whole = bodies_of(raid.room.own("US").tracks, raid.flights)
    subjects = bodies_heard(heard, raid.flights)
    assert set(subjects) == set(heard.tracks.track.tolist())
    assert {t - heard.first[1]: subjects[t] for t in heard.events()}.items() <= whole.items()


def test_an_event_comes_by_the_relay_after_its_sender_has_it(raid):
    heard, _ = hear(raid, "shared_warning")
    events = heard.sources[1]
    low, _, high = raid.scenario.architectures["shared_warning"].warning_relay_s
    assert low <= events.delay_s <= high
    late = heard.tracks.t_available_s - heard.sent_s()
    mine = np.isin(heard.tracks.track, list(heard.events()))
    assert late[mine] == pytest.approx(events.delay_s)
    assert (late[~mine] == 0.0).all()


@pytest.mark.parametrize("name", EVERY)
def test_the_clock_runs_from_seen_over_relayed_to_issued(play, name):
    rows = play().table("clock", name)
    stages = STAGES[: STAGES.index("issued") + 1]
    at = {s: rows["after_ignition_s"][rows["stage"] == s] for s in stages}
    assert len(at["seen"]) == 8
    for before, after in pairwise(stages):
        assert (at[before] <= at[after] + 1e-9).all(), (before, after)
    on_the_way = at["relayed"] - at["firm track"]
    # Two warnings in this raid reach the nation first as the other's event.
    assert (on_the_way > 1.0).sum() >= 2 if name == "shared_warning" else True
    assert (on_the_way == 0.0).all() if name == "national" else True


def test_alerts_name_the_picture_that_they_rest_on(play):
    rows = play().table("alerts", "shared_warning")
    assert set(rows["picture"].tolist()) == {"Japan cued", "US events"}


def test_people_in_predicted_areas_are_the_same_in_every_architecture(play):
    found = {tuple(play().metrics(name)[k] for k in (
        "predicted_people", "predicted_only_people", "people_in_need")) for name in EVERY}  # fmt: skip
    assert len(found) == 1
    m = play().metrics("integrated")
    assert 0.0 <= m["predicted_only_told_people"] <= m["predicted_only_people"]
    assert m["predicted_only_people"] <= m["predicted_people"]
    assert set(play().table("warned", "national")["predicted"].tolist()) <= {0.0, 1.0}


def test_predicted_areas_are_computed_in_the_first_replicates_of_a_study_only(play, study):
    scenario, _ = study()
    late = play(number=scenario.study.keep_full, architectures=("national",))
    assert "predicted_people" not in late.metrics("national")
    assert np.isnan(late.table("warned", "national")["predicted"]).all()
