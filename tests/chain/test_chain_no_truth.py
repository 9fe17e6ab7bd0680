"""A tracker of the real chain works on plots alone: truth taken out and rows shuffled change nothing."""

from dataclasses import replace

import numpy as np
import pytest

from hinomi.records.tracks import CONFIRMED
from hinomi.study import chain
from hinomi.study.pictures import merge
from hinomi.track.follow import follow

COLUMNS = ("t_s", "t_available_s", "mean", "cov", "mode", "status", "grade")


def blinded(plots, seed):
    """The same plots without truth, in another order within one sensor and second."""
    draws = np.random.Generator(np.random.Philox(seed)).random(len(plots.t_s))
    order = np.lexsort((draws, plots.sensor, plots.t_s))
    assert not np.array_equal(order, np.arange(len(order)))
    moved = {
        name: getattr(plots, name)[order]
        for name in (
            "t_s",
            "t_available_s",
            "sensor",
            "site_m",
            "los",
            "range_m",
            "sigma_los_rad",
            "sigma_range_m",
            "snr_db",
            "range_rate_mps",
            "sigma_range_rate_mps",
        )
    }
    return replace(plots, body=np.full(len(order), -1, np.int32), **moved)


def histories(tracks):
    """Each track's rows, in an order that does not know the numbers of tracks."""
    parts = [
        tuple(getattr(tracks, c)[tracks.track == k] for c in COLUMNS)
        for k in np.unique(tracks.track)
    ]
    return sorted(parts, key=lambda p: (p[0][0], len(p[0]), *p[2][0].tolist()))


@pytest.fixture(scope="module")
def rooms(study):
    scenario, context = study()
    raid = chain.begin(scenario, context, seed=1, number=0)
    return scenario, raid.room


@pytest.mark.parametrize("who", ["Japan", "US", "everybody"])
def test_tracks_are_the_same_without_truth_and_in_another_order(rooms, who):
    scenario, room = rooms
    central = room.central("Japan", scenario.architectures["integrated"])
    plots = (central if who == "everybody" else room.own(who)).plots
    assert len(set(plots.body.tolist())) == len(scenario.threats)
    seen = follow(plots, settings=scenario.tracking, picture="seen")
    blind = follow(blinded(plots, 7), settings=scenario.tracking, picture="blind")
    a, b = histories(seen), histories(blind)
    assert len(a) == len(b) >= len(scenario.threats)
    assert (seen.status == CONFIRMED).sum() > 500
    for one, other in zip(a, b, strict=True):
        for name, x, y in zip(COLUMNS, one, other, strict=True):
            assert np.array_equal(x, y), name


def test_wrong_truth_changes_no_track_either(rooms):
    scenario, room = rooms
    plots = room.own("Japan").plots
    lied = replace(plots, body=plots.body[::-1].copy())
    a, b = (follow(p, settings=scenario.tracking, picture="") for p in (plots, lied))
    assert all(np.array_equal(getattr(a, c), getattr(b, c)) for c in (*COLUMNS, "track", "plot"))


def test_merging_orders_by_time_and_sensor_and_adds_the_delay(rooms):
    _, room = rooms
    own, foreign = room.own("Japan").plots, room.own("US").plots
    both = merge([(own, 0.0), (foreign, 12.5)])
    assert len(both.t_s) == len(own.t_s) + len(foreign.t_s)
    order = np.lexsort((both.sensor, both.t_s))
    assert np.array_equal(order, np.arange(len(order)))
    ours = np.array([both.owners[s] == "Japan" for s in both.sensor])
    assert np.array_equal(both.t_available_s[ours], own.t_available_s)
    assert np.array_equal(both.t_available_s[~ours], foreign.t_available_s + 12.5)
