"""Plots in another order give the same tracks: nothing depends on how they are listed."""

import dataclasses

import numpy as np
import pytest

from hinomi.earth.gravity import acceleration_in_rotating_frame
from hinomi.earth.wgs84 import ecef_from_geodetic, local_axes
from hinomi.estimate.linear import filter_linear
from hinomi.records.plots import Plots
from hinomi.records.tracks import TrackSettings
from hinomi.track.follow import follow

SETTINGS = TrackSettings(
    confirm_hits=3, confirm_looks=5, gate_probability=0.999, drop_after_s=60.0, drop_sigma_m=5e4,
    speed_limit_mps=8000.0, warning_position_m=1e4, warning_speed_mps=200.0, cue_position_m=5e3,
    engage_position_m=1e3,
)  # fmt: skip
COLUMNS = [f.name for f in dataclasses.fields(Plots) if f.name not in ("sensors", "owners")]


@pytest.fixture(scope="module")
def plots():
    """Three falling bodies seen by two radars in the same seconds, their plots mixed."""
    la, lo = np.radians([39.0, 130.0])
    e, _, u = np.array(local_axes(la, lo)).reshape(3, 3)
    sites = [
        np.array(ecef_from_geodetic(*np.radians(p), 50.0)) for p in ((35.8, 135.2), (40.9, 140.3))
    ]
    rng = np.random.default_rng(2)
    rows = []
    for body in range(3):
        y = np.r_[
            ecef_from_geodetic(la + 0.02 * body, lo, 200e3), (1800.0 - 50 * body) * e + 900.0 * u
        ]
        for t in range(40):
            for sensor, site in enumerate(sites):
                d = y[:3] - site
                r = np.linalg.norm(d)
                los = d / r + 5e-4 * rng.normal(size=3)
                rows.append(
                    (t, sensor, body, *site, *(los / np.linalg.norm(los)), r + 20 * rng.normal())
                )
            for _ in range(4):
                h = 0.25
                a = np.array(acceleration_in_rotating_frame(*y[:5]))
                half = y + h / 2 * np.r_[y[3:], a]
                y = y + h * np.r_[half[3:], acceleration_in_rotating_frame(*half[:5])]
    c = np.array(rows)
    c = c[np.lexsort((c[:, 2], c[:, 1], c[:, 0]))]
    m = len(c)
    return Plots(
        sensors=("a", "b"), owners=("A", "B"), t_s=c[:, 0], t_available_s=c[:, 0] + 1.0,
        sensor=c[:, 1], site_m=c[:, 3:6], los=c[:, 6:9], range_m=c[:, 9],
        sigma_los_rad=np.full(m, 5e-4), sigma_range_m=np.full(m, 20.0), snr_db=np.full(m, 15.0),
        body=c[:, 2],
    )  # fmt: skip


def turned(plots, order):
    return dataclasses.replace(plots, **{name: getattr(plots, name)[order] for name in COLUMNS})


def rows_of(tracks):
    """Mean of each row, sorted by time and place: free of the numbering of tracks."""
    return tracks.mean[np.lexsort((*tracks.mean[:, :3].T, tracks.t_s))]


def test_plots_of_one_second_may_be_listed_in_any_order(plots):
    """Permuted within each second and sensor: the same rows to a micrometre."""
    rng = np.random.default_rng(7)
    order = np.lexsort((rng.random(len(plots.t_s)), plots.sensor, plots.t_s))
    assert not np.array_equal(order, np.arange(len(order)))
    straight = follow(plots, settings=SETTINGS, picture="p")
    other = follow(turned(plots, order), settings=SETTINGS, picture="p")
    assert len(np.unique(straight.track)) >= 3
    assert np.allclose(rows_of(straight)[:, :6], rows_of(other)[:, :6], rtol=0, atol=1e-6)


def test_linear_updates_of_one_moment_commute():
    """No motion between them: any order gives the same estimate, to rounding."""
    rng = np.random.default_rng(1)
    a = rng.normal(size=(4, 4))
    cov = a @ a.T + np.eye(4)
    z = rng.normal(size=(30, 2))
    given = {"F": np.eye(4), "Q": np.zeros((4, 4)), "H": rng.normal(size=(2, 4)), "R": np.eye(2)}
    orders = [rng.permutation(30) for _ in range(5)]
    ends = filter_linear(np.array([z[o] for o in orders]), mean=np.zeros(4), cov=cov, **given)
    assert np.allclose(ends.mean[:, -1], ends.mean[0, -1], rtol=1e-11, atol=1e-12)
    assert np.allclose(ends.cov[:, -1], ends.cov[0, -1], rtol=1e-11, atol=1e-12)
