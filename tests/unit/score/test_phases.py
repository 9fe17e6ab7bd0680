"""Errors by phase of flight, and what the modes say of a body's kind: by hand."""

import numpy as np
import pytest

from hinomi.errors import HinomiError
from hinomi.records.flights import BOOST, COAST, ENDED, FALL, GLIDE, WAITING, Flights
from hinomi.records.tracks import CONFIRMED, MODES, Tracks
from hinomi.score.lifting import class_scores, log_score, p_lifting
from hinomi.score.phases import NEAR_M, by_phase, row_errors, truth_at

T = 101


def flights():
    """A glider, a ballistic body and a spent stage, each 1,000 m/s along the first axis.

    Waiting up to 10 s, burning to 40, coasting to 60, then gliding or falling to 100.
    """
    second = np.arange(T)
    phase = np.select([second < 10, second < 40, second < 60, second < 100], [WAITING, BOOST, COAST, GLIDE], ENDED)  # fmt: skip
    fall = np.where(phase == GLIDE, FALL, phase)
    r = np.zeros((3, T, 3))
    r[:, :, 0] = 6.5e6 + 1e3 * second
    r[1, :, 1], r[2, :, 1] = 2e5, 4e5
    r[:, (second < 10) | (second > 99)] = np.nan
    v = np.zeros_like(r)
    v[..., 0] = 1e3
    return Flights(
        bodies=("g", "b", "b/stage1"), classes=("g", "b", "b"),
        kinds=("glide", "ballistic", "ballistic"), t_s=second.astype(float), r_m=r, v_mps=v,
        height_m=np.tile(np.where(second < 80, 80e3, 40e3), (3, 1)), phase=np.array([phase, fall, fall]),
        intensity_w_sr=np.zeros((3, T, 2)), rcs_m2=np.ones((3, T)), first=np.full(3, 10),
        last=np.full(3, 99), launch_t_s=np.full(3, 9.5), burnout_t_s=np.full(3, 40.0),
        end_t_s=np.full(3, 99.5), end_lat_deg=np.zeros(3), end_lon_deg=np.zeros(3),
        apogee_m=np.full(3, 8e4), parent=np.array([-1, -1, 1]),
    )  # fmt: skip


def tracks(rows):
    """From (track, t_s, body, offset in m, p of the modes); claims 100 m and 10 m/s an axis."""
    f = flights()
    k = len(rows)
    mean = np.zeros((k, 9))
    for i, (_, t, body, off, _) in enumerate(rows):
        mean[i, :6] = np.r_[f.r_m[body, t], f.v_mps[body, t]]
        mean[i, 1] += off
    mode = np.zeros((k, len(MODES)))
    for i, row in enumerate(rows):
        mode[i, [MODES.index(m) for m in row[4]]] = list(row[4].values())
    return Tracks(
        picture="p", t_s=np.array([r[1] for r in rows], float),
        t_available_s=np.array([r[1] for r in rows], float), track=np.array([r[0] for r in rows]),
        mean=mean, cov=np.tile(np.diag([1e4] * 3 + [1e2] * 3 + [1.0] * 3), (k, 1, 1)), mode=mode,
        status=np.full(k, CONFIRMED), grade=np.zeros(k), plot=np.full(k, -1), plots=0,
    )  # fmt: skip


FALLING, LIFTING = {"coast": 1.0}, {"glide": 0.6, "manoeuvre": 0.3, "coast": 0.1}


def errors(rows, bodies=(0, 1)):
    made = tracks(rows)
    found = row_errors(
        made, flights(), rows=np.arange(len(rows)), bodies=np.array(bodies, np.int32)
    )
    return made, found


def test_errors_are_put_into_the_phase_of_their_body():
    """Boost at 20 and 30 s: 300 and 400 m; at 50 s, 10 s after burnout, 100 m, also a change."""
    _, found = errors(
        [(0, 20, 0, 300.0, FALLING), (0, 30, 0, 400.0, FALLING), (0, 50, 0, 100.0, FALLING)]
    )
    told = {p.phase: p for p in by_phase(found)}
    assert list(told) == ["all", "boost", "coast", "change"]
    boost = told["boost"]
    assert boost.position_rmse_m == pytest.approx(np.sqrt((300**2 + 400**2) / 2))
    assert boost.claimed_position_m == pytest.approx(100 * np.sqrt(3))
    assert boost.claimed_velocity_mps == pytest.approx(10 * np.sqrt(3))
    assert boost.nees == pytest.approx((9 + 16) / 2)
    assert boost.inside_share == pytest.approx(0.5)  # the 95 % limit of six numbers is 12.59
    assert (boost.rows, boost.bodies, told["all"].rows) == (2, 1, 3)
    assert told["change"].nees == told["coast"].nees == pytest.approx(1.0)


def test_each_body_counts_once_however_many_rows_it_has():
    """Body 0 has three rows of squared error 1, body 1 one of 9: the mean is 5, not 3."""
    rows = [(0, t, 0, 100.0, FALLING) for t in (20, 25, 30)] + [(1, 20, 1, 300.0, FALLING)]
    whole = by_phase(errors(rows)[1])[0]
    assert (whole.nees, whole.bodies, whole.rows) == (pytest.approx(5.0), 2, 4)


def test_rows_far_from_their_body_or_after_its_end_are_left_out_and_counted():
    made = [(0, 20, 0, NEAR_M + 1.0, FALLING), (0, 30, 0, 0.0, FALLING), (1, 30, 1, 0.0, FALLING)]
    _, found = errors(made, bodies=(0, -1))
    assert (found.row.tolist(), found.astray) == ([1], 1)
    late = tracks([(0, 99, 0, 0.0, FALLING)])
    object.__setattr__(late, "t_s", np.array([100.0]))
    after = row_errors(late, flights(), rows=np.array([0]), bodies=np.array([0]))
    assert (len(after.row), after.astray) == (0, 0)


def test_the_truth_between_two_seconds_lies_on_the_way():
    r, _, second = truth_at(flights(), np.array([0]), np.array([20.4]))
    assert second[0] == 20
    assert r[0, 0] == pytest.approx(6.5e6 + 20_400.0)


def test_a_track_without_a_body_entry_is_refused():
    with pytest.raises(HinomiError, match="one body a track number"):
        errors([(0, 20, 0, 0.0, FALLING), (1, 30, 1, 0.0, FALLING)], bodies=(0,))


def test_lifting_is_every_mode_with_lift():
    assert p_lifting(tracks([(0, 20, 0, 0.0, LIFTING)]).mode) == pytest.approx([0.9])
    assert log_score(np.array([1.0, 0.5, 0.0])) == pytest.approx([0.0, np.log(2.0), np.log(1e4)])


def test_a_class_is_scored_only_where_it_can_be_told():
    """The glider from 20 s after its glide began, the other below 60 km, the stage never."""
    sure = {"glide": 0.8, "coast": 0.2}
    rows = [
        (0, 30, 0, 0.0, FALLING),  # burning
        (0, 70, 0, 0.0, FALLING),  # has just begun to glide
        (0, 85, 0, 0.0, sure),
        (1, 70, 1, 0.0, LIFTING),  # above the air
        (1, 85, 1, 0.0, sure),
        (1, 90, 1, 0.0, sure),
        (2, 85, 2, 0.0, sure),
    ]
    made, found = errors(rows, bodies=(0, 1, 2))
    body, score = class_scores(made, flights(), found)
    assert body.tolist() == [0, 1]
    assert score == pytest.approx([-np.log(0.8), -np.log(0.2)])
    made, found = errors(rows[:2])
    nobody, nothing = class_scores(made, flights(), found)
    assert len(nobody) == len(nothing) == 0
