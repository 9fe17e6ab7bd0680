"""Does the covariance tell the truth, on truth that does not come from the filter's own model?

Truth is integrated here: true gravity and, for the glider, lift and drag of a point mass in the
standard atmosphere. Bounds of the mean squared error: chi-square, Bar-Shalom, Li & Kirubarajan,
Estimation with Applications to Tracking and Navigation (2001), 5.4.
"""

import numpy as np
import pytest
from scipy.special import chdtri

from hinomi.earth.atmosphere import state
from hinomi.earth.gravity import acceleration_in_rotating_frame
from hinomi.earth.wgs84 import ecef_from_geodetic, height_above_ellipsoid, local_axes
from hinomi.records.plots import Plots
from hinomi.records.tracks import CONFIRMED, WARNING_GRADE, TrackSettings
from hinomi.score.attribution import nees
from hinomi.track.follow import follow

SETTINGS = TrackSettings(
    confirm_hits=3, confirm_looks=5, gate_probability=0.999, drop_after_s=60.0, drop_sigma_m=5e4,
    speed_limit_mps=8000.0, warning_position_m=1e4, warning_speed_mps=200.0, cue_position_m=5e3,
    engage_position_m=1e3,
)  # fmt: skip
STATIONARY = [
    4.2164e7 * np.array([np.cos(np.radians(lon)), np.sin(np.radians(lon)), 0.0])
    for lon in (80.0, 165.0)
]
RUNS = 100
BOUNDS = chdtri(6 * RUNS, [0.995, 0.005]) / RUNS  # of a mean over RUNS, 99 %: 5.16 to 6.91


def start(lat, lon, height_m, east, north, up):
    la, lo = np.radians([lat, lon])
    e, n, u = np.array(local_axes(la, lo)).reshape(3, 3)
    return np.r_[ecef_from_geodetic(la, lo, height_m), east * e + north * n + up * u]


def fly(y, seconds, force):
    """States each second, RK4 of half a second; `force(t, y)` is the specific force."""

    def rate(t, y):
        return np.r_[y[3:], acceleration_in_rotating_frame(*y[:5]) + force(t, y)]

    out = [y]
    for k in range(2 * seconds):
        t, h = k / 2, 0.5
        k1 = rate(t, y)
        k2 = rate(t + h / 2, y + h / 2 * k1)
        k3 = rate(t + h / 2, y + h / 2 * k2)
        y = y + h / 6 * (k1 + 2 * k2 + 2 * k3 + rate(t + h, y + h * k3))
        if k % 2:
            out.append(y)
    return np.array(out)


def frame(y):
    u, f = y[:3] / np.linalg.norm(y[:3]), y[3:] / np.linalg.norm(y[3:])
    lift = u - (u @ f) * f
    lift /= np.linalg.norm(lift)
    return f, lift, np.cross(f, lift)


def see(looks, rng):
    """Plots of (t, sensor, site, place, angle sigma, range sigma or NaN)."""
    rows = []
    for t, sensor, site, place, angle, deep in looks:
        d = place - site
        r = np.linalg.norm(d)
        a = np.cross(d, [0.6, 0.0, 0.8])
        a /= np.linalg.norm(a)
        b = np.cross(d / r, a)
        u = d / r + angle * (rng.normal() * a + rng.normal() * b)
        rows.append(
            (t, sensor, *site, *(u / np.linalg.norm(u)), r + deep * rng.normal(), angle, deep)
        )
    c = np.array(rows)
    n = len(c)
    return Plots(
        sensors=("a", "b"), owners=("A", "A"), t_s=c[:, 0], t_available_s=c[:, 0], sensor=c[:, 1],
        site_m=c[:, 2:5], los=c[:, 5:8], range_m=c[:, 8], sigma_los_rad=c[:, 9],
        sigma_range_m=c[:, 10], snr_db=np.full(n, 15.0), body=np.zeros(n),
    )  # fmt: skip


def radar_looks(path, lat=35.8, lon=135.2):
    site = np.array(ecef_from_geodetic(np.radians(lat), np.radians(lon), 50.0))
    return [(t, 0, site, y[:3], 5e-4, 20.0) for t, y in enumerate(path)]


def first_track(tracks):
    rows = (tracks.track == tracks.track[tracks.status == CONFIRMED][0]) & (
        tracks.status == CONFIRMED
    )
    return (
        tracks.t_s[rows].astype(int),
        tracks.mean[rows][:, :6],
        tracks.cov[rows][:, :6, :6],
        tracks.grade[rows],
    )


@pytest.fixture(scope="module")
def falling():
    """Errors (RUNS, seconds, 6) and normalised errors of a coasting body seen by one radar."""
    path = fly(start(39.0, 130.0, 200e3, 1800.0, -300.0, 900.0), 150, lambda _, y: np.zeros(3))
    error, ratio = np.full((RUNS, 151, 6), np.nan), np.full((RUNS, 151), np.nan)
    for seed in range(RUNS):
        t, mean, cov, _ = first_track(
            follow(
                see(radar_looks(path), np.random.default_rng(seed)), settings=SETTINGS, picture="p"
            )
        )
        assert len(t) >= 146, "lost: only what falls outside the gate of 0.999"
        error[seed, t] = mean - path[t]
        ratio[seed, t] = nees(mean, cov, path[t])
    return error, ratio


def test_coasting_errors_match_their_covariance(falling):
    """Inside the bounds of chi-square at any time: a steady phase."""
    _, ratio = falling
    for second in (30, 45, 60, 80, 100, 120, 145):
        assert BOUNDS[0] < np.nanmean(ratio[:, second]) < BOUNDS[1], second


def test_coasting_errors_are_centred_and_shrink(falling):
    error, _ = falling
    late = error[:, 140]
    bias = np.abs(np.nanmean(late, axis=0)) / (np.nanstd(late, axis=0, ddof=1) / np.sqrt(RUNS))
    assert bias.max() < 4.0
    rms = np.sqrt(np.nanmean((error[:, 10:, :3] ** 2).sum(-1), axis=0))
    speed = np.sqrt(np.nanmean((error[:, 10:, 3:] ** 2).sum(-1), axis=0))
    assert rms[-1] < 0.35 * rms[0]
    assert speed[-1] < 6.0


def test_a_banking_glider_stays_one_track():
    beta, lift_to_drag = 10_000.0, 2.6

    def force(t, y):
        rho = state(height_above_ellipsoid(*y[:3]))[0]
        v2 = y[3:] @ y[3:]
        r = np.linalg.norm(y[:3])
        drag = rho * v2 / 2 / beta
        f, lift, right = frame(y)
        bank = np.radians(0.0 if t < 60 else 40.0 if t < 140 else -40.0)
        climb = (y[:3] @ y[3:]) / r / np.sqrt(v2)
        want = (9.7 - v2 / r) / np.cos(bank) - 0.03 * np.sqrt(v2) * (climb + 0.008)
        pull = np.clip(want, 0.0, lift_to_drag * drag)
        return -drag * f + pull * (np.cos(bank) * lift + np.sin(bank) * right)

    path = fly(start(38.0, 133.0, 42e3, 500.0, -2950.0, 0.0), 220, force)
    assert height_above_ellipsoid(*path[-1, :3]) > 20e3
    shares, rms, ratio = [], [], np.full((RUNS, 221), np.nan)
    for seed in range(RUNS):
        tracks = follow(
            see(radar_looks(path), np.random.default_rng(seed)), settings=SETTINGS, picture="p"
        )
        t, mean, cov, _ = first_track(tracks)
        shares.append(len(t) / len(path))
        late = t > 20
        rms.append((((mean - path[t])[late, :3]) ** 2).sum(1).mean())
        ratio[seed, t] = nees(mean, cov, path[t])
    # A bank of 40 degrees that comes at once throws a track out of its gate now and then.
    assert np.mean(np.array(shares) > 0.95) >= 0.97, "one track nearly all the time"
    assert np.sqrt(np.mean(rms)) < 300.0
    # Straight, then banked both ways: from half to twice the dimension, but for the ten seconds
    # in which a bank that comes at once (60 s, 140 s) is found out.
    mean = np.nanmean(ratio[:, 10:], axis=0)
    second = np.arange(10, 221)
    found = ((second < 60) | (second > 70)) & ((second < 140) | (second > 150))
    assert mean[found].min() > 3.0
    assert mean[found].max() < 12.0
    assert mean[~found].max() < 30.0


def test_a_stationary_pair_warns_while_the_body_still_burns():
    """Frames of 10 s, 20 microradian: a firm track of grade W 60 to 110 s after ignition."""

    def force(t, y):
        f, _, _ = frame(y)
        rho = state(height_above_ellipsoid(*y[:3]))[0]
        push = 1.0 / (1 / 20.0 + (1 / 80.0 - 1 / 20.0) * t / 120.0) if t < 120 else 0.0
        return (push - rho * (y[3:] @ y[3:]) / 2 / 8000.0) * f

    path = fly(start(39.0, 126.0, 10.0, 1.5, 0.0, 30.0), 130, force)
    times, ratios = [], []
    for seed in range(RUNS):
        looks = [
            (t, k, STATIONARY[k], path[t, :3], 20e-6, np.nan)
            for t in range(40, 120) for k in range(2) if t % 10 == 5 * k
        ]  # fmt: skip
        tracks = follow(see(looks, np.random.default_rng(seed)), settings=SETTINGS, picture="p")
        t, mean, cov, grade = first_track(tracks)
        times.append(t[grade >= WARNING_GRADE][0] if (grade >= WARNING_GRADE).any() else np.inf)
        ratios.append(nees(mean, cov, path[t]).mean())
    assert 60.0 <= np.median(times) <= 110.0
    assert np.isfinite(times).mean() > 0.9
    assert np.mean(ratios) < 10.0
