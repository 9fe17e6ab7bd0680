"""The tracker as a whole on made-up plots with known truth."""

import os
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest

from hinomi.records.tracks import (
    CONFIRMED,
    DROPPED,
    ENGAGEMENT_GRADE,
    NO_GRADE,
    TENTATIVE,
    WARNING_GRADE,
)
from hinomi.score.attribution import attribute
from hinomi.track.follow import follow


def confirmed(tracks):
    return np.unique(tracks.track[tracks.status == CONFIRMED])


@pytest.fixture(scope="module")
def one(coasting, radar_plots, settings):
    path = coasting(150)
    plots = radar_plots([path], np.random.default_rng(1))
    return path, plots, follow(plots, settings=settings, picture="p")


def test_no_plots_give_no_tracks(radar_plots, settings):
    tracks = follow(radar_plots([[]], np.random.default_rng(0)), settings=settings, picture="p")
    assert len(tracks.t_s) == 0
    assert tracks.plots == 0
    assert tracks.picture == "p"


def test_one_body_is_one_track_with_one_row_a_second(one):
    _, plots, tracks = one
    assert list(confirmed(tracks)) == [0]
    assert set(tracks.track) == {0}
    live = tracks.status != DROPPED
    assert np.array_equal(tracks.t_s[live], plots.t_s)
    assert np.array_equal(tracks.plot[live], np.arange(len(plots.t_s)))
    assert np.array_equal(tracks.t_available_s[live], plots.t_available_s)


def test_three_plots_confirm(one):
    assert list(one[2].status[:4]) == [TENTATIVE, TENTATIVE, CONFIRMED, CONFIRMED]
    assert (one[2].grade[:2] == NO_GRADE).all()


def test_a_silent_track_ends_with_one_last_row(one, settings):
    tracks = one[2]
    assert (tracks.status == DROPPED).sum() == 1
    assert tracks.status[-1] == DROPPED
    assert tracks.plot[-1] == -1
    silence = tracks.t_s[-1] - tracks.t_s[-2]
    assert settings.drop_after_s < silence <= settings.drop_after_s + 2.0
    assert tracks.t_available_s[-1] >= tracks.t_s[-1]


def test_a_large_track_is_dropped_early(one, settings):
    tight = replace(settings, drop_sigma_m=200.0)  # three plots leave more than that
    tracks = follow(one[1], settings=tight, picture="p")
    assert (tracks.status == CONFIRMED).sum() == 0
    ended = tracks.status == DROPPED
    assert ended.sum() > 10
    assert np.sqrt(np.trace(tracks.cov[ended][:, :3, :3], axis1=1, axis2=2)).min() > 200.0


def test_errors_shrink_below_those_of_one_plot_and_grade_e_is_reached(one):
    path, _, tracks = one
    late = (tracks.t_s > 100) & (tracks.status == CONFIRMED)
    e = tracks.mean[late, :6] - path[tracks.t_s[late].astype(int)]
    assert np.sqrt((e[:, :3] ** 2).sum(1).mean()) < 150.0  # one plot: 350 m
    assert np.sqrt((e[:, 3:] ** 2).sum(1).mean()) < 8.0
    assert (tracks.grade[late] == ENGAGEMENT_GRADE).all()
    assert (tracks.mode[late].argmax(1) == 1).all(), "it coasts"


def test_covariances_are_symmetric_and_positive(one):
    cov = one[2].cov
    assert np.array_equal(cov, np.swapaxes(cov, 1, 2))
    scale = np.sqrt(np.einsum("kii->ki", cov))
    assert np.linalg.eigvalsh(cov / scale[:, :, None] / scale[:, None, :]).min() > 1e-12


def test_availability_never_runs_backwards(one, settings):
    plots = one[1]
    late = np.array(plots.t_available_s)
    late[20] += 30.0
    tracks = follow(replace(plots, t_available_s=late), settings=settings, picture="p")
    assert (np.diff(tracks.t_available_s) >= 0).all()
    assert tracks.t_available_s[25] == late[20]


def test_false_plots_alone_never_confirm(false_plots, settings):
    for seed in range(5):
        plots = false_plots(200, np.random.default_rng(seed), every=3)
        tracks = follow(plots, settings=settings, picture="p")
        assert len(confirmed(tracks)) == 0
        assert len(tracks.t_s) >= 150, "each starts a tentative track"


def test_crossing_bodies_keep_their_tracks(coasting, radar_plots, settings):
    # Crossing at 1.4 km/s; one plot is good to 350 m across.
    a = coasting(120, lat=39.0, east=2000.0, north=-700.0)
    b = coasting(120, lat=39.0 - 84e3 / 111e3, east=2000.0, north=700.0)
    assert np.linalg.norm(a[:, :3] - b[:, :3], axis=1).min() < 2500.0
    for seed in range(5):
        plots = radar_plots([a, b], np.random.default_rng(seed))
        tracks = follow(plots, settings=settings, picture="p")
        assert len(confirmed(tracks)) == 2
        wrong = 0
        for number, body in enumerate(attribute(tracks, plots)):
            used = tracks.plot[(tracks.track == number) & (tracks.plot >= 0)]
            wrong += (plots.body[used] != body).sum()
        assert wrong <= 6


def test_a_gap_shorter_than_the_limit_keeps_the_track(coasting, radar_plots, settings):
    plots = radar_plots(
        [coasting(200)], np.random.default_rng(3), keep=lambda _, t: not 80 < t < 125
    )
    assert list(confirmed(follow(plots, settings=settings, picture="p"))) == [0]


def test_a_firm_track_uses_one_plot_a_second_and_its_others_start_nothing(
    coasting, radar_plots, settings
):
    path = coasting(60)
    first = radar_plots([path], np.random.default_rng(1))
    second = radar_plots([path], np.random.default_rng(2), angle=1e-3, sensor=1)
    order = np.argsort(np.r_[first.t_s, second.t_s + 0.5], kind="stable")
    columns = {
        n: np.concatenate([getattr(first, n), getattr(second, n)])[order]
        for n in ("t_s", "t_available_s", "sensor", "site_m", "los", "range_m", "sigma_los_rad",
                  "sigma_range_m", "snr_db", "body", "range_rate_mps", "sigma_range_rate_mps")
    }  # fmt: skip
    plots = replace(first, **columns)
    tracks = follow(plots, settings=settings, picture="p")
    assert list(confirmed(tracks)) == [0]
    firm = (tracks.grade >= WARNING_GRADE) & (tracks.t_s > 20)
    assert (plots.sensor[tracks.plot[firm]] == 0).all(), "the sharper sensor is chosen"
    assert not (tracks.track[tracks.t_s > 20] != 0).any()


def same_up_to_numbers(a, b):
    key = lambda t: np.lexsort((t.mean[:, 0], t.t_s))  # noqa: E731
    i, j = key(a), key(b)
    pairs = set(zip(a.track[i].tolist(), b.track[j].tolist(), strict=True))
    return (
        np.array_equal(a.t_s[i], b.t_s[j])
        and np.allclose(a.mean[i], b.mean[j], rtol=1e-9, atol=1e-6)
        and np.array_equal(a.status[i], b.status[j])
        and np.array_equal(a.grade[i], b.grade[j])
        and len(pairs) == len(set(a.track.tolist())) == len(set(b.track.tolist()))
    )


def test_truth_and_the_order_of_rows_do_not_matter(coasting, radar_plots, settings):
    a = coasting(80, north=-700.0)
    b = coasting(80, lat=39.0 - 56e3 / 111e3, north=700.0)
    c = coasting(80, lat=38.0, up=1200.0)
    plots = radar_plots([a, b, c], np.random.default_rng(7))
    want = follow(plots, settings=settings, picture="p")
    rng = np.random.default_rng(8)
    order = np.lexsort((rng.random(len(plots.t_s)), plots.sensor, plots.t_s))
    assert not np.array_equal(order, np.arange(len(order)))
    names = ("t_s", "t_available_s", "sensor", "site_m", "los", "range_m", "sigma_los_rad",
             "sigma_range_m", "snr_db")  # fmt: skip
    mixed = replace(
        plots, **{n: getattr(plots, n)[order] for n in names}, body=np.full(len(order), -1)
    )
    assert same_up_to_numbers(want, follow(mixed, settings=settings, picture="p"))


def test_runs_without_compilation():
    code = """
import numpy as np
from hinomi.records.plots import Plots
from hinomi.records.tracks import TrackSettings
from hinomi.track.follow import follow
n, f = 4, np.full
site = np.tile([6.4e6, 0.0, 0.0], (n, 1))
d = np.array([6e5, 5e5, 0.0]) + np.outer(np.arange(n), [0, 3e3, 0])
q = np.linalg.norm(d, axis=1)
p = Plots(sensors=("r",), owners=("A",), t_s=np.arange(n), t_available_s=np.arange(n),
  sensor=f(n, 0), site_m=site, los=d / q[:, None], range_m=q, sigma_los_rad=f(n, 1e-3),
  sigma_range_m=f(n, 20.0), snr_db=f(n, 15.0), body=f(n, 0))
s = TrackSettings(confirm_hits=3, confirm_looks=5, gate_probability=0.999, drop_after_s=6.0,
  drop_sigma_m=5e4, speed_limit_mps=8e3, warning_position_m=1e4, warning_speed_mps=200.0,
  cue_position_m=5e3, engage_position_m=1e3)
t = follow(p, settings=s, picture="p")
print(",".join(str(x) for x in t.status), " ".join(f"{x:.3f}" for x in t.mean[3, :6]))
"""
    answers = []
    for off in ("1", "0"):
        env = os.environ | {"NUMBA_DISABLE_JIT": off}
        done = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, env=env, check=True
        )
        answers.append(done.stdout)
    assert answers[0].startswith("0,0,1,1,2 ")
    assert answers[0] == answers[1]
