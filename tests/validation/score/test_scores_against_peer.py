"""Distances and attributes of a picture equal those of an independent library (Stone Soup 1.9)."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import numpy as np
import pytest

from hinomi.score.gospa import gospa
from hinomi.score.siap import ABSENT, UNASSIGNED, siap

pytest.importorskip("stonesoup")

EPOCH = datetime(2025, 1, 1, tzinfo=UTC)
C = 10_000.0
SECONDS, STEP_S = 30, 10.0


@pytest.fixture(scope="module")
def raid():
    """Six bodies over 30 times; positions, velocities and lives of eleven tracks.

    Pairs of bodies fly 3 to 8 km apart, so that one track is often the nearest to two of them.
    """
    rng = np.random.default_rng(5)
    t = np.arange(SECONDS) * STEP_S
    start = rng.uniform(-60e3, 60e3, (3, 3)).repeat(2, axis=0) + rng.uniform(-4e3, 4e3, (6, 3))
    speed = rng.uniform(-500, 500, (3, 3)).repeat(2, axis=0)
    bodies = start + t[:, None, None] * speed
    flies = np.ones((SECONDS, 6), bool)
    flies[:4, 1] = flies[20:, 4] = False
    follows = np.array([0, 0, 1, 2, 3, 3, 4, 4, 5, -1, -1])
    lives = [
        (0, 12),
        (13, 29),
        (6, 29),
        (2, 25),
        (0, 15),
        (10, 29),
        (0, 9),
        (8, 19),
        (5, 6),
        (3, 9),
        (15, 29),
    ]
    there = np.array([[a <= k <= b for a, b in lives] for k in range(SECONDS)])
    place = bodies[:, follows] + rng.normal(0, 2500, (SECONDS, 11, 3))
    velocity = speed[follows] + rng.normal(0, 30, (SECONDS, 11, 3))
    place[:, follows < 0] += 90e3
    return SimpleNamespace(
        t=t, bodies=bodies, speed=speed, flies=flies, follows=follows, there=there, place=place,
        velocity=velocity, lives=lives,
    )  # fmt: skip


def states(kind, where, velocity, there, t):
    from stonesoup.types.state import State

    return kind([
        State(np.r_[where[k], velocity[k]][:, None], EPOCH + timedelta(seconds=float(t[k])))
        for k in np.flatnonzero(there)
    ])  # fmt: skip


@pytest.fixture(scope="module")
def peer(raid):
    """The same raid in the other library's types."""
    from stonesoup.types.groundtruth import GroundTruthPath
    from stonesoup.types.track import Track

    still = np.broadcast_to(raid.speed, (SECONDS, 6, 3))
    truths = [
        states(GroundTruthPath, raid.bodies[:, j], still[:, j], raid.flies[:, j], raid.t)
        for j in range(6)
    ]
    tracks = [
        states(Track, raid.place[:, n], raid.velocity[:, n], raid.there[:, n], raid.t)
        for n in range(11)
    ]
    return truths, tracks


def test_distance_and_its_parts_are_equal_at_every_time(raid, peer):
    from stonesoup.measures import Euclidean
    from stonesoup.metricgenerator.ospametric import GOSPAMetric

    d = np.linalg.norm(raid.place[:, :, None] - raid.bodies[:, None], axis=3)
    found = gospa(d, tracks_there=raid.there, bodies_there=raid.flies, cutoff_m=C)
    metric = GOSPAMetric(p=2, c=C, measure=Euclidean(mapping=(0, 1, 2)))
    truths, tracks = peer
    for k in range(SECONDS):
        now = EPOCH + timedelta(seconds=float(raid.t[k]))
        value = metric.compute_gospa_metric(
            [tracks[n][now] for n in np.flatnonzero(raid.there[k])],
            [truths[j][now] for j in np.flatnonzero(raid.flies[k])],
        )[0].value
        assert found.distance_m[k] == pytest.approx(value["distance"], rel=1e-12)
        assert found.localisation_m[k] ** 2 == pytest.approx(value["localisation"], rel=1e-9)
        assert found.missed_m[k] ** 2 == pytest.approx(value["missed"], rel=1e-9)
        assert found.false_m[k] ** 2 == pytest.approx(value["false"], rel=1e-9)
    nearest = np.where(raid.there[:, :, None], d, np.inf).argmin(axis=1)
    twice = [len(set(row[fly])) < fly.sum() for row, fly in zip(nearest, raid.flies, strict=True)]
    assert sum(twice) > 10  # the times that need an assignment are tried


def test_attributes_of_the_picture_are_equal(raid, peer):
    """Every pair is on for one span only: the other library adds up spans of one pair."""
    from stonesoup.measures import Euclidean
    from stonesoup.metricgenerator.tracktotruthmetrics import SIAPMetrics
    from stonesoup.types.association import AssociationSet, TimeRangeAssociation
    from stonesoup.types.time import TimeRange

    assigned = np.where(raid.there, raid.follows, ABSENT)
    assigned[raid.there & (raid.follows < 0)] = UNASSIGNED
    dead = (assigned >= 0) & ~np.take_along_axis(raid.flies, np.maximum(assigned, 0), axis=1)
    assigned[dead] = UNASSIGNED
    at = np.maximum(raid.follows, 0)
    found = siap(
        assigned, t_s=raid.t, bodies_there=raid.flies,
        position_error_m=np.linalg.norm(raid.place - raid.bodies[:, at], axis=2),
        velocity_error_mps=np.linalg.norm(raid.velocity - raid.speed[at], axis=2),
    )  # fmt: skip
    truths, tracks = peer
    pairs = set()
    for n in range(11):
        on = np.flatnonzero(assigned[:, n] >= 0)
        if len(on):
            first, last = (EPOCH + timedelta(seconds=float(raid.t[k])) for k in (on[0], on[-1]))
            objects = {truths[raid.follows[n]], tracks[n]}
            pairs.add(TimeRangeAssociation(objects, time_range=TimeRange(first, last)))
    manager = SimpleNamespace(
        states_sets={"groundtruth_paths": set(truths), "tracks": set(tracks)},
        association_set=AssociationSet(pairs),
        list_timestamps=lambda generator: [EPOCH + timedelta(seconds=float(t)) for t in raid.t],
    )
    metrics = SIAPMetrics(
        position_measure=Euclidean(mapping=(0, 1, 2)), velocity_measure=Euclidean(mapping=(3, 4, 5))
    ).compute_metric(manager)
    value = {m.title.removeprefix("SIAP "): m.value for m in metrics}
    assert found.completeness == pytest.approx(value["Completeness"])
    assert found.ambiguity == pytest.approx(value["Ambiguity"])
    assert found.spuriousness == pytest.approx(value["Spuriousness"])
    assert found.position_accuracy_m == pytest.approx(value["Position Accuracy"])
    assert found.velocity_accuracy_mps == pytest.approx(value["Velocity Accuracy"])
    assert found.changes_per_s == pytest.approx(value["Rate of Track Number Change"])
    assert found.longest_share == pytest.approx(value["Longest Track Segment"])
    assert 0.5 < found.completeness < 1.0 < found.ambiguity
    assert found.changes >= 3
