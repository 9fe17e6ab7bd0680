"""Starts from one satellite: where the boost template puts them, and how honest their error is."""

from dataclasses import replace

import numpy as np
import pytest

from hinomi.earth.wgs84 import ecef_from_geodetic, height_above_ellipsoid, local_axes
from hinomi.records.plots import Plots
from hinomi.records.tracks import CONFIRMED
from hinomi.track.follow import TEMPLATE, follow
from hinomi.track.gate import across
from hinomi.track.start import (
    TEMPLATE_REACH_M,
    could_meet,
    reach_at_height,
    start_stereo,
    start_template,
)

STATIONARY = 4.2164e7 * np.array([np.cos(np.radians(140.0)), np.sin(np.radians(140.0)), 0.0])
EASTERN = 4.2164e7 * np.array([np.cos(np.radians(190.0)), np.sin(np.radians(190.0)), 0.0])
ANGLE = 2e-5


def boosting(rng, seconds=60):
    """(seconds + 1, 6) from cloud height up: a generic class, its climb, heading and speed drawn."""
    la, lo = np.radians([39.0, 128.0])
    e, n, u = np.array(local_axes(la, lo)).reshape(3, 3)
    push = 14.0 * np.exp(0.2 * rng.normal())
    t = np.arange(seconds + 1.0) + np.sqrt(2 * 8e3 / push)
    heading = rng.uniform(0, 2 * np.pi)
    level = (np.sin(heading) * e + np.cos(heading) * n) * rng.uniform(3.0, 9.0)
    ground = np.array(ecef_from_geodetic(la, lo, 0.0))
    r = ground + 0.5 * push * t[:, None] ** 2 * u + 0.5 * t[:, None] ** 2 * level
    v = push * t[:, None] * u + t[:, None] * level
    return np.c_[r, v]


def line(site, place, rng):
    d = place - site
    u = d / np.linalg.norm(d)
    axes = np.empty((2, 3))
    across(u, axes)
    u = u + ANGLE * (rng.normal() * axes[0] + rng.normal() * axes[1])
    return u / np.linalg.norm(u)


def lines(path, rng, sites=(STATIONARY,), every=5):
    t = [(k, q) for k in range(0, len(path), every) for q in range(len(sites))]
    n = len(t)
    return Plots(
        sensors=("s", "s2"), owners=("A", "A"), t_s=[k for k, _ in t], t_available_s=[k + 5.0 for k, _ in t],
        sensor=[q for _, q in t], site_m=[sites[q] for _, q in t],
        los=[line(sites[q], path[k, :3], rng) for k, q in t], range_m=np.full(n, np.nan),
        sigma_los_rad=np.full(n, ANGLE), sigma_range_m=np.full(n, np.nan), snr_db=np.full(n, 10.0),
        body=np.zeros(n),
    )  # fmt: skip


def test_a_line_is_cut_at_the_height():
    rng = np.random.default_rng(1)
    for height in (0.0, 9e3, 80e3):
        place = np.array(ecef_from_geodetic(0.7, 2.3, 10e3))
        u = line(STATIONARY, place, rng)
        cut = STATIONARY + reach_at_height(STATIONARY, u, height) * u
        assert height_above_ellipsoid(*cut) == pytest.approx(height, abs=1.0)
    assert reach_at_height(STATIONARY, STATIONARY / np.linalg.norm(STATIONARY), 1e4) == -1.0


def test_the_error_of_a_start_is_honest_over_the_spread_of_classes():
    """Mean normalised error of position and velocity of 200 drawn bodies; never optimistic."""
    ratios = []
    for seed in range(200):
        rng = np.random.default_rng(seed)
        first = int(rng.integers(0, 10))  # seconds in view before the first frame of 10 s
        path = boosting(rng)
        u0, u1 = (line(STATIONARY, path[first + k, :3], rng) for k in (0, 10))
        axes = np.empty((2, 3))
        across(u1, axes)
        cx, cp = np.empty(9), np.empty((9, 9))
        misfit = start_template(
            cx, cp, STATIONARY, u0, ANGLE, STATIONARY, axes, ANGLE, 10.0, 5.0, TEMPLATE, np.empty(9)
        )
        assert misfit < 13.8
        e = cx[:6] - path[first + 15]
        ratios.append(e @ np.linalg.solve(cp[:6, :6], e))
        assert np.sqrt(np.trace(cp[:3, :3])) > TEMPLATE_REACH_M
    assert 1.5 < np.mean(ratios) < 6.5
    assert np.mean(np.array(ratios) < 22.5) > 0.97  # 99.9 % of six degrees of freedom


@pytest.fixture(scope="module")
def plots():
    rng = np.random.default_rng(2)
    return lines(boosting(rng), rng)


def test_one_satellite_starts_nothing_unless_asked(plots, settings):
    tracks = follow(plots, settings=settings, picture="p")
    assert len(tracks.t_s) == 0
    assert set(tracks.fate) == {2}


def test_one_satellite_alone_confirms_nothing(plots, settings):
    tracks = follow(plots, settings=settings, picture="p", single_look_starts=True)
    assert len(tracks.t_s) >= 5
    assert (tracks.status != CONFIRMED).all()
    assert (tracks.grade == 0).all()


def test_it_may_where_that_is_accepted_or_a_second_sensor_joins(plots, settings):
    alone = follow(
        plots, settings=settings, picture="p", single_look_starts=True, single_stereo_ok=True
    )
    assert (alone.status == CONFIRMED).any()
    rng = np.random.default_rng(2)
    path = boosting(rng)
    two = lines(path, rng, sites=(STATIONARY, EASTERN))
    late = replace_rows(two, (two.sensor == 0) | (two.t_s >= 25))
    joined = follow(late, settings=settings, picture="p", single_look_starts=True)
    assert (joined.status == CONFIRMED).any()
    assert joined.t_s[joined.status == CONFIRMED].min() >= 25
    assert joined.t_s.min() < 25


def replace_rows(plots, keep):
    columns = ("t_s", "t_available_s", "sensor", "site_m", "los", "range_m", "sigma_los_rad",
               "sigma_range_m", "snr_db", "body", "range_rate_mps", "sigma_range_rate_mps")  # fmt: skip
    return replace(plots, **{n: np.array(getattr(plots, n))[keep] for n in columns})


def test_the_cheap_test_of_two_lines_refuses_nothing_that_the_start_accepts():
    rng = np.random.default_rng(3)
    met = 0
    for _ in range(400):
        place = np.array(ecef_from_geodetic(0.7, 2.3, rng.uniform(0, 2e5)))
        dt = rng.uniform(0, 5)
        moved = place + rng.normal(size=3) * 4e3 * dt + rng.normal(size=3) * 3e3
        u, w = line(STATIONARY, place, rng), line(EASTERN, moved, rng)
        axes = [np.empty((2, 3)), np.empty((2, 3))]
        across(u, axes[0])
        across(w, axes[1])
        misfit = start_stereo(
            np.empty(9), np.empty((9, 9)), STATIONARY, u, axes[0], ANGLE, EASTERN, w, axes[1], ANGLE,
            dt, np.empty(9),
        )  # fmt: skip
        if misfit < 10.8:
            met += 1
            assert could_meet(STATIONARY, u, ANGLE, EASTERN, w, ANGLE, dt, 10.8)
    assert 50 < met < 400
