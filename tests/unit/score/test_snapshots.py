"""The picture at the times of a grid."""

import numpy as np
import pytest

from hinomi.errors import HinomiError
from hinomi.records.tracks import CONFIRMED, DROPPED, TENTATIVE, Tracks
from hinomi.score.snapshots import GONE, ahead, snapshots


def tracks(rows):
    """From (track, t_s, state of six or nine, status)."""
    rows = sorted(rows, key=lambda r: (r[1], r[0]))
    k = len(rows)
    mean = np.zeros((k, 9))
    for i, row in enumerate(rows):
        mean[i, : len(row[2])] = row[2]
    return Tracks(
        picture="p", t_s=np.array([r[1] for r in rows], float),
        t_available_s=np.array([r[1] for r in rows], float), track=np.array([r[0] for r in rows]),
        mean=mean, cov=np.tile(np.eye(9), (k, 1, 1)), mode=np.full((k, 4), 0.25),
        status=np.array([r[3] for r in rows]), grade=np.zeros(k), plot=np.full(k, -1), plots=0,
    )  # fmt: skip


def test_a_fall_is_carried_forward_as_the_truth_falls(coasting):
    """60 s ahead of every fifth second: within 2 m of an independent integration."""
    path = coasting(150)
    seconds = np.arange(0, 90, 5)
    mean = np.c_[path[seconds], np.zeros((len(seconds), 3))]
    found = ahead(mean, np.full(len(seconds), 60.0))
    assert np.linalg.norm(found[:, :3] - path[seconds + 60, :3], axis=1).max() < 2.0
    assert np.linalg.norm(found[:, 3:] - path[seconds + 60, 3:], axis=1).max() < 0.1
    assert np.array_equal(ahead(mean, np.zeros(len(seconds))), path[seconds])


def test_a_force_along_the_velocity_adds_to_the_speed(coasting):
    y = coasting(0)[0]
    free, pushed = (ahead(np.r_[y, push, 0, 0][None], np.array([10.0]))[0] for push in (0.0, 20.0))
    gained = (pushed - free)[3:] @ y[3:] / np.linalg.norm(y[3:])
    assert gained == pytest.approx(200.0, rel=0.01)


def test_only_the_last_confirmed_row_counts_and_a_drop_ends_the_track(coasting):
    path = coasting(100)
    found = snapshots(
        tracks(
            [(0, 0, path[0], TENTATIVE), (0, 5, path[5], CONFIRMED), (0, 22, path[22], DROPPED),
             (3, 12, path[12], CONFIRMED)]
        ),
        np.array([0.0, 10.0, 20.0, 30.0, 80.0]),
    )  # fmt: skip
    assert found.track.tolist() == [0, 3]
    assert (found.row != GONE).T.tolist() == [
        [False, True, True, False, False],
        [False, False, True, True, False],  # at 80 s its row is 68 s old
    ]
    assert found.age_s[1:3, 0].tolist() == [5.0, 15.0]
    assert np.linalg.norm(found.r_m[2, 1] - path[20, :3]) < 1.0


def test_a_track_that_has_come_down_is_not_live(coasting):
    y = coasting(0, height_m=5e3, up=-600.0)[0]
    found = snapshots(tracks([(0, 0, y, CONFIRMED)]), np.array([0.0, 5.0, 20.0]))
    assert (found.row[:, 0] != GONE).tolist() == [True, True, False]


def test_an_empty_picture_has_no_tracks():
    assert snapshots(tracks([]), np.array([0.0])).r_m.shape == (1, 0, 3)
    with pytest.raises(HinomiError, match="above 0 s"):
        snapshots(tracks([]), np.array([0.0]), stale_s=0.0)
