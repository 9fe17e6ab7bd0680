"""Attributes of a picture, by hand."""

import numpy as np
import pytest

from hinomi.score.siap import ABSENT, UNASSIGNED, assigned_bodies, siap

T = np.arange(5) * 10.0


def of(assigned, bodies_there, error=100.0):
    a = np.array(assigned, np.int32).T
    return siap(
        a, t_s=T[: len(a)], bodies_there=np.array(bodies_there, bool).T,
        position_error_m=np.full(a.shape, error), velocity_error_mps=np.full(a.shape, error / 10),
    )  # fmt: skip


def test_one_body_under_two_numbers_by_hand():
    """Five times: number 0 on it at the first three, number 1 at the last three, one false track."""
    found = of(
        [[0, 0, 0, ABSENT, ABSENT], [ABSENT, ABSENT, 0, 0, 0], [UNASSIGNED, ABSENT, ABSENT, ABSENT, ABSENT]],
        [[1, 1, 1, 1, 1]],
    )  # fmt: skip
    assert found.completeness == 1.0
    assert found.ambiguity == pytest.approx(6 / 5)
    assert found.spuriousness == pytest.approx(1 / 7)
    assert (found.position_accuracy_m, found.velocity_accuracy_mps) == (100.0, 10.0)
    assert found.changes == 1
    assert found.changes_per_s == pytest.approx(1 / 40.0)
    assert found.longest_share == pytest.approx(20.0 / 40.0)


def test_a_gap_breaks_continuity_and_completeness_but_the_number_is_counted_again():
    """Number 0 leaves for one time and comes back: two spans are needed."""
    found = of([[0, 0, ABSENT, 0, 0]], [[1, 1, 1, 1, 1]])
    assert found.completeness == pytest.approx(4 / 5)
    assert found.body_longest_s.tolist() == [10.0]
    assert found.changes == 1
    assert found.changes_per_s == pytest.approx(1 / 20.0)


def test_a_track_inside_the_time_of_another_changes_no_number():
    found = of([[0, 0, 0, 0, 0], [ABSENT, 0, 0, ABSENT, ABSENT]], [[1, 1, 1, 1, 1]])
    assert (found.changes, found.longest_share) == (0, 1.0)
    assert found.ambiguity == pytest.approx(7 / 5)


def test_life_is_from_first_to_last_time_and_an_unseen_body_counts_as_untracked():
    found = of([[ABSENT, 0, 0, ABSENT, ABSENT]], [[0, 1, 1, 1, 0], [1, 1, 0, 0, 0]])
    assert found.completeness == pytest.approx(2 / 5)
    assert found.body_life_s.tolist() == [20.0, 10.0]
    assert found.longest_share == pytest.approx(10.0 / 30.0)


def test_nothing_to_divide_by_is_not_a_number():
    found = of([[ABSENT] * 5], [[0] * 5])
    assert np.isnan([found.completeness, found.ambiguity, found.spuriousness]).all()
    assert np.isnan([found.position_accuracy_m, found.changes_per_s, found.longest_share]).all()


def test_a_track_stays_with_the_body_it_followed_while_inside_the_cutoff():
    distance = np.array([[[4e3, 1e3], [20e3, 2e3], [20e3, 30e3], [1.0, 1.0]]])
    found = assigned_bodies(
        distance,
        tracks_there=np.array([[True, True, True, False]]),
        bodies_there=np.ones((1, 2), bool),
        followed=np.array([0, 0, 1, 0], np.int32),
    )
    assert found.tolist() == [[0, 1, UNASSIGNED, ABSENT]]
