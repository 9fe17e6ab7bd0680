"""Cheap bounds never take away a look that could do anything."""

import math
from dataclasses import replace

import numpy as np
import pytest

from hinomi.earth.wgs84 import MEAN_RADIUS_M, height_above_ellipsoid
from hinomi.records.plots import REFRACTIONS
from hinomi.watch.candidates import (
    BALL_WIDTH,
    BLOCK,
    RADIUS,
    enclose,
    enclose_bodies,
    radar_might_see,
    satellite_might_see,
)
from hinomi.watch.infrared_look import infrared_signal
from hinomi.watch.radar_look import LEAST_RADAR_SNR, radar_signal
from hinomi.watch.tables import INFRARED_ROW, RADAR_ROW, infrared_row, radar_row, rows

KM = 1e3
NO_MASK = np.empty(0)


def directions(rng, n):
    v = rng.standard_normal((n, 3))
    return v / np.linalg.norm(v, axis=1)[:, None]


def paths(rng, n, low_m, high_m, speed_mps):
    """n straight runs of BLOCK seconds at any place; (n, BLOCK, 3)."""
    start = directions(rng, n) * (MEAN_RADIUS_M + rng.uniform(low_m, high_m, (n, 1)))
    speed = directions(rng, n) * rng.uniform(0.0, speed_mps, (n, 1))
    return start[:, None, :] + speed[:, None, :] * np.arange(BLOCK)[None, :, None]


def test_a_ball_holds_all_points_and_says_when_there_is_no_body():
    rng = np.random.default_rng(1)
    r = paths(rng, 20, 0.0, 1000 * KM, 7000.0)
    glow, rcs = rng.random((20, BLOCK, 2)), rng.random((20, BLOCK))
    first, last = rng.integers(0, BLOCK + 4, 20), rng.integers(0, BLOCK + 4, 20)
    balls = np.empty((20, BALL_WIDTH))
    enclose_bodies(r, glow, rcs, first, last, 0, BLOCK, balls)
    for b, ball in enumerate(balls):
        alive = slice(first[b], last[b] + 1)
        if len(r[b, alive]) == 0:
            assert ball[RADIUS] < 0.0
            continue
        assert np.linalg.norm(r[b, alive] - ball[:3], axis=1).max() <= ball[RADIUS]
        assert ball[4:6] == pytest.approx(glow[b, alive].max(0))
        assert ball[6] == rcs[b, alive].max()


@pytest.mark.parametrize("rule", REFRACTIONS)
@pytest.mark.parametrize("min_el_deg", [-5.0, 0.5, 20.0])
def test_no_look_of_a_radar_that_counts_is_left_out(cases, rule, min_el_deg):
    rng = np.random.default_rng(2)
    radar = replace(
        cases.RADAR, refraction=rule, min_el_rad=math.radians(min_el_deg), height_m=9000.0
    )
    row = rows([radar_row(radar, draws=cases.Chance())], RADAR_ROW)[0]
    site = np.array([row["x"], row["y"], row["z"]])
    r = site / np.linalg.norm(site) * rng.uniform(0, 6e5, (3000, 1))  # near the radar's own sky
    r = site + r + directions(rng, 3000) * rng.uniform(0, 4e6, (3000, 1))
    r = (
        r[:, None, :]
        + (directions(rng, 3000) * rng.uniform(0, 7e3, (3000, 1)))[:, None, :]
        * np.arange(BLOCK)[None, :, None]
    )
    rcs = 10 ** rng.uniform(-3, 2, 3000)
    ball, kept, useful = np.empty(BALL_WIDTH), 0, 0
    for b in range(3000):
        enclose(r[b], 0, BLOCK, ball)
        ball[6] = rcs[b]
        might = radar_might_see(row, ball)
        signals = [
            radar_signal(row, NO_MASK, *p, height_above_ellipsoid(*p), rcs[b])[0] for p in r[b]
        ]
        does = max(signals) >= LEAST_RADAR_SNR
        assert might or not does
        kept, useful = kept + might, useful + does
    assert 0 < useful <= kept < 3000


@pytest.mark.parametrize("kind", ["HIGH", "LOW"])
def test_no_look_of_a_satellite_that_counts_is_left_out(cases, kind):
    rng = np.random.default_rng(3)
    satellite = getattr(cases, kind)
    row = rows([infrared_row(satellite, draws=cases.Chance())], INFRARED_ROW)[0]
    n = 4000
    a = satellite.semi_major_axis_m - MEAN_RADIUS_M
    sites = paths(rng, n, a, a + 1.0, 7500.0)
    # Bodies below, around and above the low satellites, on the ground too.
    r = paths(rng, n, 0.0, 150 * KM, 7000.0)
    r[::4] = paths(rng, n // 4, 0.0, 5000 * KM, 7000.0)
    glow = 10 ** rng.uniform(1, 6, n)
    ball, place, kept, useful = np.empty(BALL_WIDTH), np.empty(BALL_WIDTH), 0, 0
    for b in range(n):
        enclose(r[b], 0, BLOCK, ball)
        enclose(sites[b], 0, BLOCK, place)
        ball[4] = ball[5] = glow[b]
        might = satellite_might_see(row, place, ball)
        does = any(
            infrared_signal(row, *s, *p, height_above_ellipsoid(*p), glow[b]) >= 0.0
            for s, p in zip(sites[b], r[b], strict=True)
        )
        assert might or not does
        kept, useful = kept + might, useful + does
    assert 0 < useful <= kept < 0.7 * n
