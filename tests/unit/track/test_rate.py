"""A measured range rate makes velocities better, and its update is the Kalman update."""

from dataclasses import replace

import numpy as np
import pytest

from hinomi.records.tracks import CONFIRMED
from hinomi.track.filter import make_work
from hinomi.track.follow import follow
from hinomi.track.rate import absorb_rate


def test_update_equals_the_kalman_update_with_a_numerical_slope():
    rng = np.random.default_rng(1)
    work = make_work()
    modes = len(work.cost)
    site = np.array([6.37e6, 0.0, 0.0])
    state = np.r_[6.9e6, 4e5, 2e5, 900.0, -2500.0, 700.0, 1.0, 2.0, 3.0]
    scale = np.r_[np.full(3, 800.0), np.full(3, 40.0), np.full(3, 2.0)]
    root = rng.normal(size=(9, 9))
    cov = (root @ root.T + 9 * np.eye(9)) * np.outer(scale, scale)

    def measured(x):
        d = x[:3] - site
        return d @ x[3:6] / np.linalg.norm(d)

    steps = np.r_[np.full(3, 10.0), np.full(3, 1.0), np.full(3, 1.0)]
    h = np.array(
        [
            (measured(state + s * e) - measured(state - s * e)) / (2 * s)
            for s, e in zip(steps, np.eye(9), strict=True)
        ]
    )
    rate, sigma = measured(state) + 25.0, 3.0
    k = cov @ h / (h @ cov @ h + sigma**2)
    x, p, mu = np.tile(state, (modes, 1)), np.tile(cov, (modes, 1, 1)), np.full(modes, 1 / modes)
    absorb_rate(x, p, mu, site, rate, sigma**2, work)
    assert np.allclose(x[0], state + k * 25.0, rtol=1e-9, atol=1e-3)
    want = cov - np.outer(k, h @ cov)
    assert np.allclose(p[0], want, rtol=1e-5, atol=1e-7 * np.abs(want).max())
    assert mu == pytest.approx(np.full(modes, 1 / modes)), "all modes fitted alike"


def test_the_velocity_along_the_line_of_sight_is_better_and_bad_rates_are_left_out(
    coasting, radar_plots, settings
):
    path = coasting(25)
    with_rate, without, junk = [], [], []
    for seed in range(8):
        rng = np.random.default_rng(seed)
        plots = radar_plots([path], rng)
        d = path[:, :3] - plots.site_m
        true = (d * path[:, 3:]).sum(1) / np.linalg.norm(d, axis=1)
        n = len(true)
        good = replace(
            plots,
            range_rate_mps=true + 2.0 * rng.normal(size=n),
            sigma_range_rate_mps=np.full(n, 2.0),
        )
        bad = replace(good, sigma_range_rate_mps=np.zeros(n))
        for out, p in ((with_rate, good), (without, plots), (junk, bad)):
            tracks = follow(p, settings=settings, picture="p")
            rows = (tracks.status == CONFIRMED) & (tracks.t_s <= 10)
            seconds = tracks.t_s[rows].astype(int)
            error = tracks.mean[rows, 3:6] - path[seconds, 3:]
            out.append((error * d[seconds]).sum(1) / np.linalg.norm(d[seconds], axis=1))
    size = [np.sqrt((np.concatenate(e) ** 2).mean()) for e in (with_rate, without, junk)]
    assert size[1] > 4.0
    assert size[0] < 1.6, "one rate is good to 2 m/s"
    assert size[2] == size[1]
