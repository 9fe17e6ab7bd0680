"""Why nobody shot, what each layer did, and what the world answers when shots share their luck."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from hinomi.defend.chance import Chance
from hinomi.defend.raid import Met
from hinomi.records.engagements import (
    ENGAGED,
    NO_CHANNEL,
    NO_TRACK_GRADE,
    NO_WINDOW,
    NOT_ALLOWED,
    REASONS,
    Battery,
    Engagements,
)
from hinomi.records.flights import GLIDE
from hinomi.records.ledger import Ledger
from hinomi.scenario.load import load
from hinomi.study.metrics import defence_metrics
from hinomi.study.outcome import World
from hinomi.study.seeds import AddressedDraws

KEYS = [f"unengaged_{words.replace(' ', '_')}" for words in REASONS[1:]]


def shots(*rows):
    """Engagements from (track, weapon, intercept) or, without a shot, (track, -1, reason)."""
    n = len(rows)
    fired = np.array([r[1] >= 0 for r in rows], bool)
    times = np.where(fired, [float(r[2]) for r in rows], np.nan)
    return Engagements(
        batteries=("one",),
        owners=("Japan",),
        weapons=("high", "low"),
        pictures=("all",),
        picture=np.zeros(n, np.int32),
        track=np.array([r[0] for r in rows], np.int32),
        battery=np.where(fired, 0, -1),
        weapon=np.array([r[1] for r in rows], np.int32),
        rounds=np.where(fired, 2, 0),
        t_commit_s=times - 60.0,
        t_launch_s=times - 50.0,
        t_intercept_s=times,
        lat_deg=np.zeros(n),
        lon_deg=np.zeros(n),
        height_m=np.zeros(n),
        kill_probability=np.ones(n),
        killed=np.zeros(n, np.int32),
        reason=np.array([ENGAGED if f else r[2] for f, r in zip(fired, rows, strict=True)]),
    )


@pytest.fixture
def figures(flown):
    """Defence figures of five bodies, joined to tracks as given."""

    def of(engagements, joined, killed=None):
        none = np.zeros(0)
        ledger = Ledger(
            owner=(), product=(), month=none, opening=none, produced=none, spent=none,
            closing=none, cost_musd=none, currency="USD", price_year=2025, refill_months=0.0,
            refill_months_with_lead=0.0,
        )  # fmt: skip
        flights = flown(*[[(26.0, 128.0, 1e3)] * 3] * 5)
        return defence_metrics(
            flights=flights, engagements=engagements, joined={"all": joined}, killed=killed or {},
            ledger=ledger,
        )  # fmt: skip

    return of


def test_every_body_without_a_salvo_has_one_reason_those_without_a_track_too(figures):
    """Body 0 is shot at; 1 and 2 have tracks; 3 has none; 4 only one that is nobody's business."""
    engagements = shots((0, 0, 90.0), (1, -1, NO_WINDOW), (2, -1, NO_CHANNEL), (4, -1, NOT_ALLOWED))
    m = figures(engagements, {0: 0, 1: 1, 2: 2, 4: 4})
    assert {k: m[k] for k in KEYS if m[k]} == {
        "unengaged_no_track": 1.0,
        "unengaged_no_window": 1.0,
        "unengaged_no_channel": 1.0,
        "unengaged_policy": 1.0,
    }
    assert sum(m[k] for k in KEYS) == m["unengaged"] == 4.0


def test_of_several_tracks_the_one_that_came_nearest_to_a_shot_counts(figures):
    engagements = shots((0, -1, NO_TRACK_GRADE), (1, -1, NO_CHANNEL), (2, -1, NOT_ALLOWED))
    m = figures(engagements, {0: 3, 1: 3, 2: 3})
    assert (m["unengaged_no_channel"], m["unengaged_no_track"]) == (1.0, 4.0)


def test_a_body_shot_at_on_one_track_is_engaged_whatever_its_other_tracks(figures):
    engagements = shots((0, -1, NO_WINDOW), (1, 0, 90.0))
    m = figures(engagements, {0: 2, 1: 2})
    assert m["unengaged"] == sum(m[k] for k in KEYS) == 4.0
    assert m["unengaged_no_window"] == 0.0


def test_rounds_and_kills_are_told_by_layer_and_the_first_intercept_by_threat(figures):
    """Body 0 dies by the second layer, body 1 by the first, body 2 is missed; bodies 3, 4 alone."""
    engagements = shots((0, 0, 90.0), (0, 1, 140.0), (1, 0, 100.0), (2, 1, 130.0), (9, 1, 50.0))
    m = figures(engagements, {0: 0, 1: 1, 2: 2, 9: -1}, killed={0: "low", 1: "high"})
    assert (m["shots.high"], m["shots.low"], m["shots"]) == (4.0, 6.0, 10.0)
    assert (m["kills.high"], m["kills.low"]) == (1.0, 1.0)
    assert m["leakers"] == 3.0
    assert m["first_intercept_s"] == 130.0  # 90, 100, 130, never, never; all lit at 0


def test_a_kill_is_told_of_the_layer_that_made_it_and_of_no_other_at_that_second(figures):
    """Both layers meet body 0 in the same second; the first one ordered missed."""
    engagements = shots((0, 0, 100.0), (0, 1, 100.0))
    m = figures(engagements, {0: 0}, killed={0: "low"})
    assert (m["kills.high"], m["kills.low"]) == (0.0, 1.0)


def test_the_world_notes_which_interceptor_class_killed(world):
    w = world()
    assert not fire(w, p=0.0)
    assert fire(w, battery=1, p=1.0)
    assert w.killed_by == {0: "low"}


def test_reasons_and_layers_add_up_in_a_whole_run(play):
    run = play()
    for name in ("national", "shared_warning", "shared_track", "integrated"):
        m = run.metrics(name)
        assert sum(m[k] for k in KEYS) == m["unengaged"]
        layers = {k.split(".")[1] for k in m if k.startswith("shots.")}
        assert layers == set(load("okinawa-2025").weapons)
        assert sum(m[f"shots.{x}"] for x in layers) == m["shots"]
        assert sum(m[f"kills.{x}"] for x in layers) == 8.0 - m["leakers"]


# What the world answers.


def battery(name, owner):
    return Battery(
        name=name, owner=owner, lat_deg=26.0, lon_deg=128.0, height_m=0.0, magazines=(), channels=1
    )


@pytest.fixture
def world(flown):
    """A world of two bodies and two batteries in one replicate."""
    flights = flown([(26.0, 128.0, 80e3)] * 20, [(26.0, 128.5, 80e3)] * 20)
    settings = load("okinawa-2025").engagement

    def of(number=0, **changes):
        batteries = [battery("one", "Japan"), battery("two", "US")]
        draws = AddressedDraws(5, number)
        return World(
            draws=draws,
            flights=flights,
            batteries=batteries,
            joined={"Japan": {0: 0, 1: 1}, "US": {7: 0}},
            reach_m=5000.0,
            chance=Chance(
                draws=draws,
                settings=replace(settings, **changes),
                owners=[b.owner for b in batteries],
                products={"low": "LOW"},
            ),
        )

    return of


def fire(w, *, picture="Japan", track=0, battery=0, salvo=0, t_s=4.0, p=1.0):
    body = w.joined[picture].get(track, 0)
    at = tuple(w.flights.r_m[body, round(t_s)])
    return w.killed(
        Met(
            picture=picture, track=track, battery=battery, salvo=salvo, rounds=1,
            kill_probability=p, kill_one=p, weapon="low", t_intercept_s=t_s, r_m=at,
        )
    )  # fmt: skip


def test_a_kill_taken_for_a_miss_is_a_kill_all_the_same(world):
    w = world(kill_seen_as_miss=1.0)
    assert not fire(w)
    assert w.killed_at_s == {0: 4.0}
    assert not fire(w, salvo=1, t_s=6.0)  # shot at again in vain, the first time stays
    assert w.killed_at_s == {0: 4.0}


def test_a_miss_taken_for_a_kill_leaves_the_body_flying(world):
    w = world(miss_seen_as_kill=1.0)
    assert fire(w, p=0.0)
    assert fire(w, track=99)  # a false track, too
    assert w.killed_at_s == {}


def test_a_threat_that_cannot_be_engaged_survives_everybody(world):
    for number in range(6):
        w = world(number, p_track_each=0.0)
        assert not any(
            fire(w, picture=p, track=t, battery=b, salvo=s)
            for p, t, b in (("Japan", 0, 0), ("US", 7, 1))
            for s in range(3)
        )


def test_a_system_fails_for_one_owner_and_not_for_the_other(world):
    """The same raids: both owners' shares are those stated, and they fail apart."""
    failed = [
        [not fire(world(n, p_system_raid=0.6), picture=p, track=t, battery=b)
         for p, t, b in (("Japan", 0, 0), ("US", 7, 1))]
        for n in range(400)
    ]  # fmt: skip
    share = np.mean(failed, axis=0)
    assert share == pytest.approx([0.4, 0.4], abs=4 * np.sqrt(0.24 / 400))
    assert np.mean([a and b for a, b in failed]) == pytest.approx(
        0.16, abs=4 * np.sqrt(0.16 * 0.84 / 400)
    )


def test_without_dependence_the_world_is_as_it_was(world):
    for number in range(20):
        given = world(number)
        bare = replace(given, chance=None, killed_at_s={}, killed_by={}, fired={})
        assert [fire(given, salvo=s, p=0.4) for s in range(3)] == [
            fire(bare, salvo=s, p=0.4) for s in range(3)
        ]
        assert given.killed_at_s == bare.killed_at_s


@pytest.mark.parametrize(("gliding", "expected"), [(False, 0.84), (True, 0.51)])
def test_a_salvo_meets_a_body_as_what_it_is_by_then(flown, gliding, expected):
    """Planned at 0.6 a round; a body that glides when it is met is worth 0.3 a round: 1 - 0.7^2."""
    flights = flown([(26.0, 128.0, 80e3)] * 20)
    if gliding:
        phase = np.array(flights.phase)
        phase[0, 4] = GLIDE
        flights = replace(flights, phase=phase)
    weapon = replace(load("okinawa-2025").weapons["area_endo"], kill_ballistic=0.6, kill_glide=0.3)
    w = World(
        draws=AddressedDraws(5, 0),
        flights=flights,
        batteries=[battery("one", "Japan")],
        weapons={"area_endo": weapon},
        joined={"Japan": {0: 0}},
        reach_m=5000.0,
    )
    at = tuple(flights.r_m[0, 4])
    w.killed(
        Met(
            picture="Japan", track=0, battery=0, salvo=0, rounds=2, kill_probability=0.84,
            kill_one=0.6, weapon="area_endo", t_intercept_s=4.0, r_m=at,
        )
    )  # fmt: skip
    assert w.asked[0].asked == pytest.approx(expected)
    assert w.asked[0].planned == pytest.approx(0.84)
