"""Synthetic plots and settings for the tests of the tracker."""

import numpy as np
import pytest

from hinomi.earth.gravity import acceleration_in_rotating_frame
from hinomi.earth.wgs84 import ecef_from_geodetic, local_axes
from hinomi.records.plots import Plots
from hinomi.records.tracks import TrackSettings

SITE = np.array(ecef_from_geodetic(np.radians(35.8), np.radians(135.2), 100.0))


@pytest.fixture(scope="session")
def settings():
    return TrackSettings(
        confirm_hits=3, confirm_looks=5, gate_probability=0.999, drop_after_s=60.0,
        drop_sigma_m=5e4,
        speed_limit_mps=8000.0, warning_position_m=1e4, warning_speed_mps=200.0, cue_position_m=5e3,
        engage_position_m=1e3,
    )  # fmt: skip


@pytest.fixture(scope="session")
def coasting():
    """Function: (seconds + 1, 6) states of a body in free fall, RK4 of 1 s in true gravity."""

    def rate(y):
        return np.r_[y[3:], acceleration_in_rotating_frame(*y[:5])]

    def path(seconds, *, lat=39.0, lon=130.0, height_m=200e3, east=2000.0, north=0.0, up=800.0):
        la, lo = np.radians([lat, lon])
        e, n, u = np.array(local_axes(la, lo)).reshape(3, 3)
        y = np.r_[ecef_from_geodetic(la, lo, height_m), east * e + north * n + up * u]
        out = [y]
        for _ in range(seconds):
            k1 = rate(y)
            k2 = rate(y + k1 / 2)
            k3 = rate(y + k2 / 2)
            y = y + (k1 + 2 * k2 + 2 * k3 + rate(y + k3)) / 6
            out.append(y)
        return np.array(out)

    return path


@pytest.fixture(scope="session")
def radar_plots():
    """Function: plots at 1 Hz of one radar on several paths, 500 m across at 1,000 km."""

    def make(paths, rng, *, angle=5e-4, deep=20.0, keep=lambda body, t: True, sensor=0, site=SITE):
        rows = []
        for t in range(max(len(p) for p in paths)):
            for body, path in enumerate(paths):
                if t < len(path) and keep(body, t):
                    rows.append(
                        (t, body, *look(path[t, :3], site, angle, rng), deep * rng.normal())
                    )
        return pack(rows, angle, deep, sensor, site)

    return make


def look(place, site, angle, rng):
    """Noisy unit vector and true range from a site."""
    d = place - site
    r = np.linalg.norm(d)
    a = np.cross(d / r, [0.6, 0.0, 0.8])
    a /= np.linalg.norm(a)
    u = d / r + angle * (rng.normal() * a + rng.normal() * np.cross(d / r, a))
    return (*(u / np.linalg.norm(u)), r)


def pack(rows, angle, deep, sensor=0, site=SITE):
    a = np.array(rows, float).reshape(-1, 7)
    n = len(a)
    return Plots(
        sensors=("radar", "radar 2"), owners=("A", "A"), t_s=a[:, 0], t_available_s=a[:, 0] + 1.0,
        sensor=np.full(n, sensor), site_m=np.tile(site, (n, 1)), los=a[:, 2:5],
        range_m=a[:, 5] + a[:, 6], sigma_los_rad=np.full(n, angle), sigma_range_m=np.full(n, deep),
        snr_db=np.full(n, 15.0), body=a[:, 1],
    )  # fmt: skip


@pytest.fixture(scope="session")
def false_plots():
    """Function: plots scattered over the sky at random, one each `every` seconds."""

    def make(count, rng, *, every=1):
        rows = []
        up = SITE / np.linalg.norm(SITE)
        for i in range(count):
            d = rng.normal(size=3)
            d = d / np.linalg.norm(d) + 1.2 * up
            place = SITE + rng.uniform(200e3, 1500e3) * d / np.linalg.norm(d)
            rows.append((i * every, -1, *look(place, SITE, 0.0, rng), 0.0))
        return pack(rows, 5e-4, 20.0)

    return make
