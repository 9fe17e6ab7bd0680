"""Bodies that come apart, and bodies that one radar cannot tell apart for a while."""

from dataclasses import replace

import numpy as np
import pytest

from hinomi.earth.gravity import acceleration_in_rotating_frame
from hinomi.records.plots import Radar, Sensors
from hinomi.records.tracks import CONFIRMED
from hinomi.track.follow import follow

COLUMNS = ("t_s", "t_available_s", "sensor", "site_m", "los", "range_m", "sigma_los_rad",
           "sigma_range_m", "snr_db", "body", "range_rate_mps", "sigma_range_rate_mps")  # fmt: skip


def rows(plots, order):
    return replace(plots, **{n: np.array(getattr(plots, n))[order] for n in COLUMNS})


def confirmed(tracks):
    return np.unique(tracks.track[tracks.status == CONFIRMED])


def with_debris(path, at, speed_mps, pull_mps2):
    """The path, and what comes off it at a time: slower, and pulled back more and more by drag."""

    def rate(y):
        back = -pull_mps2 * y[3:] / np.linalg.norm(y[3:])
        return np.r_[y[3:], acceleration_in_rotating_frame(*y[:5]) + back]

    y = path[at].copy()
    y[3:] -= speed_mps * y[3:] / np.linalg.norm(y[3:])
    out = [np.full(6, np.nan)] * at + [y]
    for _ in range(at + 1, len(path)):
        k1 = rate(y)
        k2 = rate(y + k1 / 2)
        k3 = rate(y + k2 / 2)
        y = y + (k1 + 2 * k2 + 2 * k3 + rate(y + k3)) / 6
        out.append(y)
    return np.array(out)


@pytest.mark.parametrize(("speed", "pull"), [(5.0, 0.6), (30.0, 0.6)])
def test_what_comes_off_gets_a_track_and_the_body_keeps_its_own(
    coasting, radar_plots, settings, speed, pull
):
    """Two-thirds of the seeds at least keep the number on the forward body; all find both."""
    path = coasting(150)
    debris = with_debris(path, 40, speed, pull)
    kept = 0
    for seed in range(6):
        plots = radar_plots(
            [path, debris], np.random.default_rng(seed), keep=lambda b, t: b == 0 or t > 40
        )
        tracks = follow(plots, settings=settings, picture="p")
        last = {
            n: tracks.mean[(tracks.track == n) & (tracks.plot >= 0)][-1, :3]
            for n in confirmed(tracks)
            if tracks.t_s[(tracks.track == n) & (tracks.plot >= 0)].max() >= 148
        }
        assert len(last) == 2
        near = {
            n: int(np.linalg.norm(x - debris[-1, :3]) < np.linalg.norm(x - path[-1, :3]))
            for n, x in last.items()
        }
        assert sorted(near.values()) == [0, 1]
        kept += near.get(0) == 0
    assert kept >= 4


def test_two_sensors_on_one_body_make_no_second_track(coasting, radar_plots, settings):
    path = coasting(80)
    first = radar_plots([path], np.random.default_rng(1))
    second = radar_plots([path], np.random.default_rng(2), angle=1e-3, sensor=1)
    both = replace(
        first, **{n: np.concatenate([getattr(first, n), getattr(second, n)]) for n in COLUMNS}
    )
    assert list(confirmed(follow(both, settings=settings, picture="p"))) == [0]


RADAR = Radar(
    name="radar", owner="A", lat_deg=35.8, lon_deg=135.2, height_m=100.0, reference_range_m=2e6,
    reference_snr_db=20.0, face_az_rad=0.0, sector_rad=2.0 * np.pi, min_el_rad=0.0, revisit_s=1,
    frame_s=10, range_floor_m=20.0, angle_floor_rad=5e-4, beamwidth_rad=0.01, bandwidth_hz=1e5,
    false_alarm_probability=1e-6, false_plots_per_frame=0.0, latency_s=(1.0, 1.0, 1.0),
)  # fmt: skip
ONE_RADAR = Sensors(radars=(RADAR,), infrared=(), greenwich_rad=0.0)


def merged_plots(a, b, rng, radar_plots, cell_m):
    """Plots of both; where they are within the cell one plot half-way between."""
    middle = 0.5 * (a + b)
    close = np.linalg.norm(a[:, :3] - b[:, :3], axis=1) < cell_m
    one = radar_plots([a, b], rng, keep=lambda _, t: not close[t])
    two = radar_plots([middle], rng, keep=lambda _, t: bool(close[t]))
    both = replace(one, **{n: np.concatenate([getattr(one, n), getattr(two, n)]) for n in COLUMNS})
    return rows(both, np.argsort(both.t_s, kind="stable")), close


def test_two_bodies_in_one_cell_for_a_while_both_go_on_under_their_numbers(
    coasting, radar_plots, settings
):
    """Past each other at 40 m/s: one plot for tens of seconds, longer than a lone track would last."""
    a = coasting(220, east=2000.0)
    b = coasting(220, lat=39.0 - 4.4e3 / 111e3, east=2000.0, north=40.0)
    short = replace(settings, drop_after_s=20.0)
    went_on = {True: 0, False: 0}
    for seed in range(4):
        plots, close = merged_plots(a, b, np.random.default_rng(seed), radar_plots, 1500.0)
        assert 40 < close.sum() < 110
        for known in (True, False):
            tracks = follow(
                plots, settings=short, picture="p", sensors=ONE_RADAR if known else None
            )
            whole = True
            for n in (0, 1):
                t = tracks.t_s[(tracks.track == n) & (tracks.plot >= 0)]
                whole = whole and t.min() == 0 and t.max() == 220
            went_on[known] += whole
    assert went_on[True] >= 3
    assert went_on[False] < went_on[True], "without the size of the cell one of the two is lost"
