"""Distance between a picture and the truth, by hand."""

import itertools

import numpy as np
import pytest

from hinomi.score.gospa import NONE, gospa

C = 10_000.0


def of(distance, tracks=None, bodies=None, cutoff_m=C):
    d = np.array(distance, float)[None]
    n, j = d.shape[1:]
    there = np.ones((1, n), bool) if tracks is None else np.array([tracks], bool)
    fly = np.ones((1, j), bool) if bodies is None else np.array([bodies], bool)
    return gospa(d, tracks_there=there, bodies_there=fly, cutoff_m=cutoff_m)


def test_one_missed_and_one_false_by_hand():
    """Two tracks, two bodies, one pair at 3 km: 9 + 2 times half of 100 gives 109 km^2."""
    found = of([[3e3, 50e3], [60e3, 70e3]])
    assert found.distance_m[0] == pytest.approx(1e3 * np.sqrt(109.0))
    assert found.localisation_m[0] == pytest.approx(3e3)
    assert found.missed_m[0] == found.false_m[0] == pytest.approx(C / np.sqrt(2))
    assert (found.missed[0], found.false[0]) == (1, 1)
    assert found.pair.tolist() == [[0, NONE]]


def test_a_pair_at_the_cutoff_costs_as_much_as_missed_and_false():
    assert of([[C]]).pair.tolist() == [[NONE]]
    assert of([[C]]).distance_m[0] == pytest.approx(C)
    assert of([[C - 1.0]]).distance_m[0] == pytest.approx(C - 1.0)


def test_two_bodies_with_one_nearest_track_share_out_the_tracks():
    """Both are nearest to track 0; the best pairs are 4 and 5 km, not 1 km and one missed."""
    found = of([[4e3, 1e3], [30e3, 5e3]])
    assert found.pair.tolist() == [[0, 1]]
    assert found.distance_m[0] == pytest.approx(1e3 * np.sqrt(16.0 + 25.0))


def test_an_empty_picture_misses_every_body_and_an_empty_sky_makes_every_track_false():
    assert of(np.empty((0, 3))).distance_m[0] == pytest.approx(C * np.sqrt(1.5))
    found = of(np.empty((2, 0)))
    assert (found.false[0], found.distance_m[0]) == (2, pytest.approx(C))
    absent = of([[1.0, 2.0]], tracks=[False], bodies=[True, False])
    assert (absent.missed[0], absent.false[0]) == (1, 0)
    assert len(gospa(np.empty((0, 1, 1)), tracks_there=np.empty((0, 1), bool),
                     bodies_there=np.empty((0, 1), bool)).distance_m) == 0  # fmt: skip


def test_the_parts_add_up_in_squares_and_no_other_pairing_is_better():
    """All pairings of up to three with three are tried, on random distances."""
    rng = np.random.default_rng(1)
    for _ in range(40):
        d = rng.uniform(0, 15e3, (3, 3))
        there = rng.random(3) < 0.8
        found = of(d, tracks=there)
        parts = found.localisation_m**2 + found.missed_m**2 + found.false_m**2
        assert parts[0] == pytest.approx(found.distance_m[0] ** 2)
        costs = []
        for order in itertools.permutations(range(3)):
            pairs = [d[n, j] for n, j in enumerate(order) if there[n] and d[n, j] < C]
            alone = 3 + there.sum() - 2 * len(pairs)
            costs.append(sum(x * x for x in pairs) + alone * C * C / 2)
        assert found.distance_m[0] ** 2 == pytest.approx(min(costs))
