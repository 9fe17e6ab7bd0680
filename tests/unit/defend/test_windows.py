"""Windows along predicted paths."""

from __future__ import annotations

import numpy as np
import pytest

from hinomi.defend.flyout import reach_time_s
from hinomi.defend.windows import (
    FIRST_LAUNCH,
    FIRST_MEETING,
    LAST_LAUNCH,
    LAST_MEETING,
    MISS,
    fire_posts,
    meetings,
    reach,
)
from hinomi.earth.wgs84 import MEAN_RADIUS_M, ecef_from_geodetic, geodetic_from_ecef


def level_path(height_m, *, speed_mps=3000.0, half_s=300):
    """Points along the equator at one height, over longitude 0 at half_s."""
    seconds = np.arange(-half_s, half_s + 1)
    lon = seconds * speed_mps / 6378137.0
    return np.array([ecef_from_geodetic(0.0, x, height_m) for x in lon])


def test_a_symmetric_pass_gives_mirrored_windows(make):
    """A level pass over the battery, both ways: the same distances at the same times."""
    posts = fire_posts([(make.battery(lat=0.0, lon=0.0), make.weapon())], keep_out_height_m=0.0)
    path = level_path(200e3)
    out = meetings(path, posts, t0_s=0.0, step_s=1.0, earliest_s=0.0)
    back = meetings(path[::-1].copy(), posts, t0_s=0.0, step_s=1.0, earliest_s=0.0)
    np.testing.assert_allclose(out, back, atol=1e-3)
    # East and west of the battery alike: batteries mirrored about the middle swap nothing.
    pair = [(make.battery(lat=0.0, lon=x), make.weapon()) for x in (-1.0, 1.0)]
    left, right = meetings(
        path, fire_posts(pair, keep_out_height_m=0.0), t0_s=0.0, step_s=1.0, earliest_s=-1e4
    )
    assert left[FIRST_MEETING] + right[LAST_MEETING] == pytest.approx(600.0, abs=1.0)


def test_windows_agree_with_a_search_over_every_second(make):
    """Brute force over all seconds with times computed without the table."""
    w = make.weapon(range_high_m=700e3)
    battery = make.battery(lat=1.5, lon=1.0)
    path = level_path(180e3)
    earliest = 120.0
    out = meetings(
        path,
        fire_posts([(battery, w)], keep_out_height_m=0.0),
        t0_s=0.0,
        step_s=1.0,
        earliest_s=earliest,
    )[0]
    site = np.array(ecef_from_geodetic(np.radians(1.5), np.radians(1.0), 0.0))
    good = []
    for k, point in enumerate(path):
        cos = point @ site / np.linalg.norm(point) / np.linalg.norm(site)
        ground = MEAN_RADIUS_M * float(np.arccos(cos))
        height = geodetic_from_ecef(*point)[2]
        if (
            ground <= w.range_high_m
            and k - reach_time_s(w, range_m=ground, height_m=height) >= earliest
        ):
            good.append(k)
    assert len(good) > 50
    assert out[FIRST_MEETING] == pytest.approx(good[0], abs=1.0)
    assert out[LAST_MEETING] == pytest.approx(good[-1], abs=1.0)
    assert earliest <= out[FIRST_LAUNCH] <= out[FIRST_MEETING] <= out[LAST_MEETING]


def test_a_later_earliest_launch_never_gives_an_earlier_intercept(make):
    posts = fire_posts([(make.battery(lat=0.0, lon=0.0), make.weapon())], keep_out_height_m=0.0)
    path = level_path(200e3)
    firsts = [
        meetings(path, posts, t0_s=0.0, step_s=1.0, earliest_s=t)[0, FIRST_MEETING]
        for t in (0.0, 100.0, 200.0, 250.0)
    ]
    assert firsts == sorted(firsts)
    assert np.isnan(meetings(path, posts, t0_s=0.0, step_s=1.0, earliest_s=590.0)[0, FIRST_MEETING])


def test_keep_out_and_height_windows_close_the_window_and_say_by_how_much(make):
    path = level_path(200e3)
    pair = [(make.battery(lat=0.0, lon=0.0), make.weapon())]
    shut = meetings(
        path, fire_posts(pair, keep_out_height_m=230e3), t0_s=0.0, step_s=1.0, earliest_s=0.0
    )
    assert np.isnan(shut[0, :MISS]).all()
    assert shut[0, MISS] == pytest.approx(30e3, abs=200.0)
    low = [(make.battery(lat=0.0, lon=0.0), make.low_weapon())]
    out = meetings(
        path, fire_posts(low, keep_out_height_m=0.0), t0_s=0.0, step_s=1.0, earliest_s=0.0
    )
    assert out[0, MISS] == pytest.approx(175e3, abs=200.0)


def test_a_path_that_has_ended_gives_nothing(make):
    posts = fire_posts([(make.battery(lat=0.0, lon=0.0), make.weapon())], keep_out_height_m=0.0)
    path = np.full((10, 3), np.nan)
    out = meetings(path, posts, t0_s=0.0, step_s=1.0, earliest_s=0.0)
    assert np.isnan(out[0, [FIRST_LAUNCH, FIRST_MEETING, LAST_LAUNCH, LAST_MEETING]]).all()


def test_how_far_a_point_lies_outside_the_windows_is_a_distance(make):
    """Above, below, beyond and inside the windows of a weapon that reaches 150 km and 1-33 km up."""
    weapon = make.low_weapon(range_high_m=150e3, height_low_m=5e3, height_high_m=33e3)
    posts = fire_posts([(make.battery(lat=30.0, lon=130.0), weapon)], keep_out_height_m=0.0)

    def out(lat_deg: float, height_m: float) -> float:
        point = ecef_from_geodetic(np.radians(lat_deg), np.radians(130.0), height_m)
        return reach(posts, 0, point)[1]

    assert out(30.0, 20e3) == 0.0
    assert out(30.0, 50e3) == pytest.approx(17e3, abs=1.0)
    assert out(30.0, 1e3) == pytest.approx(4e3, abs=1.0)
    inside = ecef_from_geodetic(np.radians(30.5), np.radians(130.0), 20e3)
    alone = reach_time_s(weapon, range_m=np.radians(0.5) * MEAN_RADIUS_M, height_m=20e3)
    assert reach(posts, 0, inside)[0] == pytest.approx(alone, rel=0.01)
    assert np.isinf(
        reach(posts, 0, ecef_from_geodetic(np.radians(34.0), np.radians(130.0), 20e3))[0]
    )
    arc_m = np.radians(4.0) * MEAN_RADIUS_M  # along a meridian, good to half a percent
    assert out(34.0, 20e3) == pytest.approx(arc_m - 150e3, rel=0.005)
