"""The last step, which alone reads truth: a toy country, bodies along drawn lines, known answers."""

import math
from dataclasses import replace

import numpy as np
import pytest

from hinomi.defend.raid import Met
from hinomi.records.alerts import Receipts, Stays
from hinomi.records.engagements import Battery
from hinomi.records.flights import WAITING
from hinomi.study.outcome import (
    NEAR_M,
    Needs,
    World,
    bodies_of,
    first_arrivals,
    needs_of,
    warned_of,
)
from hinomi.study.seeds import AddressedDraws

SOUTH, NORTH, EAST = range(3)


def line(start, stop, heights):
    """Points from start to stop (lat, lon), one a height."""
    steps = np.linspace(0.0, 1.0, len(heights))
    return [
        (start[0] + s * (stop[0] - start[0]), start[1] + s * (stop[1] - start[1]), float(h))
        for s, h in zip(steps, heights, strict=True)
    ]


@pytest.fixture
def pair(flown):
    """Two bodies side by side, about 50 km apart."""
    return flown(
        line((25.0, 128.2), (26.0, 128.2), np.full(11, 80e3)),
        line((25.0, 128.7), (26.0, 128.7), np.full(11, 80e3)),
    )


# Which body a track followed.


def test_a_track_belongs_to_the_body_nearest_to_most_of_its_rows(pair, tracked):
    near = [(4, t, pair.r_m[1, t] + [3000.0, 0.0, 0.0]) for t in range(6)]
    swapped = [(4, t, pair.r_m[0, t]) for t in range(6, 9)]
    assert bodies_of(tracked(*near, *swapped), pair) == {4: 1}


def test_a_track_far_from_every_body_belongs_to_none(pair, tracked):
    up = pair.r_m[0, 3] / np.linalg.norm(pair.r_m[0, 3])
    rows = [(t, pair.r_m[0, t] + d * up) for t, d in ((3, NEAR_M - 500.0), (3, NEAR_M + 500.0))]
    tracks = tracked(*[(k, t, r) for k, (t, r) in enumerate(rows)])
    assert bodies_of(tracks, pair) == {0: 0, 1: -1}


def test_the_join_is_by_time_as_well_as_place(flown, tracked):
    """Two bodies on one line, five seconds apart: only the clock tells them apart."""
    way = line((25.0, 128.2), (26.0, 128.2), np.full(21, 80e3))
    flights = flown(way[:16], way[5:])
    tracks = tracked(*[(0, t, flights.r_m[0, t]) for t in range(16)])
    assert bodies_of(tracks, flights) == {0: 0}
    late = tracked(*[(0, t - 5, flights.r_m[0, t]) for t in range(5, 16)])
    assert bodies_of(late, flights) == {0: 1}


def test_no_tracks_join_nothing(pair, tracked):
    assert bodies_of(tracked(), pair) == {}


# What a salvo does.


@pytest.fixture
def draws():
    return AddressedDraws(5, 3)


def battery(name):
    return Battery(
        name=name,
        owner="Japan",
        lat_deg=26.0,
        lon_deg=128.0,
        height_m=0.0,
        magazines=(),
        channels=1,
    )


def world(draws, flights, joined, reach_m=5000.0):
    return World(
        draws=draws,
        flights=flights,
        batteries=[battery("one"), battery("two")],
        joined=joined,
        reach_m=reach_m,
    )


def shoot(
    w, flights, *, picture="Japan", track=0, battery=0, salvo=0, p=1.0, t_s=4.0, at_s=None, body=0,
    off=0,
):  # fmt: skip
    x, y, z = flights.r_m[body, round(t_s if at_s is None else at_s)]
    return w.killed(
        Met(
            picture=picture, track=track, battery=battery, salvo=salvo, rounds=2,
            kill_probability=p, kill_one=math.nan, weapon="", t_intercept_s=t_s,
            r_m=(x + off, y, z),
        )
    )  # fmt: skip


def test_luck_belongs_to_body_battery_and_salvo_not_to_track_or_picture(draws, pair):
    """The same shot in another architecture, by another track number, meets the same chance."""
    for entity, salvo, number in (("body-1|one", 0, 0), ("body-1|two", 1, 1)):
        u = float(draws.uniforms("shot", entity, 1, slot=salvo)[0])
        for joined, picture, track in (
            ({"Japan": {0: 0}}, "Japan", 0),
            ({"all": {9: 0}}, "all", 9),
        ):
            for p, expected in ((u - 1e-6, False), (u + 1e-6, True)):
                w = world(draws, pair, joined)
                for _ in range(salvo):
                    assert not shoot(w, pair, picture=picture, track=track, battery=number, p=0.0)
                assert expected == shoot(
                    w, pair, picture=picture, track=track, battery=number, salvo=9, p=p
                )
                assert w.killed_at_s == ({0: 4.0} if expected else {})


def test_a_second_salvo_never_meets_the_number_of_the_first(pair):
    """A new track of the body, or another picture, and the same battery: the luck is a new one."""
    again = 0
    for number in range(400):
        w = world(
            AddressedDraws(5, number), pair, {"Japan": {0: 0, 1: 0}, "US": {7: 0}}, reach_m=1e9
        )
        if not shoot(w, pair, track=0, p=0.5):
            other = {"picture": "US", "track": 7} if number % 2 else {"track": 1}
            again += shoot(w, pair, p=0.5, t_s=6.0, **other)
        assert w.fired["body-1|one"] in (1, 2)
    # About 200 first salvos miss; half of the second ones kill, standard deviation 7.
    assert again == pytest.approx(100, abs=35)


def test_luck_differs_between_bodies_batteries_and_salvoes(draws):
    entities = [("body-1|one", 0), ("body-2|one", 0), ("body-1|two", 0), ("body-1|one", 1)]
    assert len({float(draws.uniforms("shot", e, 1, slot=s)[0]) for e, s in entities}) == 4


def test_a_body_killed_before_is_gone_whatever_meets_it_later(draws, pair):
    w = world(draws, pair, {"Japan": {0: 0}, "US": {7: 0}})
    assert shoot(w, pair, p=1.0, t_s=4.0)
    assert shoot(w, pair, picture="US", track=7, battery=1, p=0.0, t_s=6.0)
    assert not shoot(w, pair, picture="US", track=7, battery=1, p=0.0, t_s=3.0)  # still flew then
    assert w.killed_at_s == {0: 4.0}


def test_nothing_is_met_out_of_reach_before_ignition_or_after_the_end(draws, pair):
    w = world(draws, pair, {"Japan": {0: 0}})
    assert not shoot(w, pair, off=5001.0)
    assert not shoot(w, pair, t_s=13.0)  # flew to second 10
    assert not shoot(w, pair, t_s=1e6, at_s=4)
    assert not shoot(w, pair, t_s=-5.0, at_s=4)
    assert shoot(w, pair, off=4999.0)


def test_a_track_of_nothing_is_never_killed(draws, pair):
    w = world(draws, pair, {"Japan": {0: -1}})
    assert not shoot(w, pair)
    assert not shoot(w, pair, track=3)  # not even joined
    assert w.killed_at_s == {}


# Who needs a warning.


def rows(needs):
    return {
        (int(b), int(p)): (int(h), int(o), float(t))
        for b, p, h, o, t in zip(
            needs.body, needs.place, needs.hit, needs.overflown, needs.t_arrive_s, strict=True
        )
    }


def test_a_place_within_the_buffer_of_the_end_is_hit_at_the_end(flown, country):
    """0.03 degrees of longitude at 26.2 N are 3.0 km: inside 5 km, outside 2 km."""
    flights = flown(line((26.2, 127.0), (26.2, 127.97), [50e3, 40e3, 10e3]))
    assert rows(needs_of(flights, country, buffer_m=5000.0)) == {(0, SOUTH): (1, 0, 2.5)}
    assert rows(needs_of(flights, country, buffer_m=2000.0)) == {}


def test_places_below_the_path_need_a_warning_only_where_it_is_low(flown, country):
    """North at 200 km: touched only. South below 150 km: overflown, then hit."""
    heights = np.linspace(200e3, 0.0, 41)
    flights = flown(line((26.9, 128.2), (26.1, 128.2), heights), first_s=10)
    needs = needs_of(flights, country, buffer_m=5000.0)
    # Below 150 km after a quarter of the way, from 26.7 on: over the north from then on.
    lat = np.linspace(26.9, 26.1, 41)
    north = np.flatnonzero((heights < 150e3) & (lat > 26.0 + 1.0 / 3.0) & (lat < 26.0 + 2.0 / 3.0))
    south = np.flatnonzero(lat < 26.0 + 1.0 / 3.0)
    found = rows(needs)
    assert found == {(0, SOUTH): (1, 1, 10.0 + south[0]), (0, NORTH): (0, 1, 10.0 + north[0])}
    assert needs.touched.tolist() == [SOUTH, NORTH]


def test_a_high_overflight_touches_without_need(flown, country):
    flights = flown(line((26.9, 128.2), (25.5, 128.2), np.full(41, 151e3)))
    needs = needs_of(flights, country, buffer_m=5000.0)
    assert rows(needs) == {}
    assert needs.touched.tolist() == [SOUTH, NORTH]
    low = flown(line((26.9, 128.2), (25.5, 128.2), np.full(41, 149e3)))
    assert set(rows(needs_of(low, country, buffer_m=5000.0))) == {(0, SOUTH), (0, NORTH)}


def test_nothing_flies_over_anybody_before_ignition_or_over_the_sea(flown, country):
    sea = flown(line((26.9, 128.5), (25.8, 128.5), np.full(41, 50e3)), end=[(25.0, 128.5)])
    assert rows(needs_of(sea, country, buffer_m=5000.0)) == {}
    assert (sea.phase[0, :41] > WAITING).all()
    assert needs_of(sea, country, buffer_m=5000.0).touched.tolist() == []


def test_each_body_has_its_own_rows(flown, country):
    flights = flown(
        line((26.2, 127.0), (26.2, 128.2), [90e3, 50e3, 0.0]),
        line((26.2, 127.0), (26.2, 128.2), [90e3, 50e3, 0.0]),
    )
    assert set(rows(needs_of(flights, country, buffer_m=5000.0))) == {(0, SOUTH), (1, SOUTH)}


# Who was warned.


@pytest.fixture
def needs():
    """South by both bodies, the second first; east by the first body."""
    return Needs(
        body=np.array([0, 0, 1], np.int32),
        place=np.array([SOUTH, EAST, SOUTH], np.int32),
        hit=np.array([1, 1, 0], np.int32),
        overflown=np.array([0, 0, 1], np.int32),
        t_arrive_s=np.array([500.0, 520.0, 450.0]),
        touched=np.array([SOUTH, EAST], np.int32),
    )


@pytest.fixture
def policy(study):
    return study()[0].policy


def test_lead_is_arrival_minus_receipt_and_minus_infinity_where_none_came(needs, country, policy):
    received = np.array([430.0, 100.0, np.inf])
    warned = warned_of(needs, received, country, policy=policy)
    assert warned.lead_s.tolist() == [70.0, -np.inf, 20.0]
    assert warned.population.tolist() == [100.0, 400.0, 100.0]
    assert warned.knew[1] == warned.sheltered[1] == 0.0
    assert 0.0 < warned.knew[2] < warned.knew[0] < 100.0
    assert 0.0 < warned.sheltered[2] < warned.sheltered[0] < policy.compliance * 100.0


def test_a_warning_after_the_arrival_helps_nobody(needs, country, policy):
    warned = warned_of(needs, np.array([600.0, 600.0, 600.0]), country, policy=policy)
    assert warned.lead_s.tolist() == [-100.0, -80.0, -150.0]
    assert not warned.knew.any()
    assert not warned.sheltered.any()


def test_who_was_told_that_it_is_over_is_not_warned_of_what_comes_later(needs, country, policy):
    """SOUTH: alert 100 to 460 s and from 480 s on; EAST: 100 s to 300 s; NORTH never."""
    n = len(policy.channels)
    issued = np.array([100.0, np.inf, 100.0])
    received = Receipts(
        channels=tuple(c.name for c in policy.channels), t_s=np.tile(issued + 10.0, (n, 1)),
        first_s=issued + 10.0, issued_s=issued,
        stays=Stays(
            unit_of_place=np.array([0, 2, 1]), unit=np.array([0, 0, 1]),
            begin_s=np.array([100.0, 480.0, 100.0]), end_s=np.array([460.0, np.inf, 300.0]),
        ),
    )  # fmt: skip
    rows = replace(
        needs, place=np.array([SOUTH, EAST, SOUTH], np.int32),
        t_arrive_s=np.array([500.0, 520.0, 450.0]),
    )  # fmt: skip
    warned = warned_of(rows, received, country, policy=policy)
    assert warned.lead_s.tolist() == [10.0, -np.inf, 340.0]
    assert warned.knew[1] == warned.sheltered[1] == 0.0
    for_good = warned_of(rows, replace(received, stays=None), country, policy=policy)
    assert for_good.lead_s.tolist() == [390.0, 410.0, 340.0]


def test_the_first_arrival_at_each_place_counts_once(needs, country, policy):
    warned = warned_of(needs, np.array([430.0, 430.0, 430.0]), country, policy=policy)
    assert sorted(first_arrivals(warned).tolist()) == [1, 2]
    nobody = Needs(
        body=np.zeros(0, np.int32),
        place=np.zeros(0, np.int32),
        hit=np.zeros(0, np.int32),
        overflown=np.zeros(0, np.int32),
        t_arrive_s=np.zeros(0),
        touched=np.zeros(0, np.int32),
    )
    empty = warned_of(nobody, np.array([1.0, 1.0, 1.0]), country, policy=policy)
    assert first_arrivals(empty).tolist() == []
