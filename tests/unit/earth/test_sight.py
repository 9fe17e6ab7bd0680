"""Refracted and straight lines of sight."""

import math

import numpy as np
import pytest

from hinomi.earth.sight import (
    BENDING_LIMIT_RAD,
    apparent_elevation_rad,
    bending_rad,
    clears_limb,
    clears_sphere,
    horizon_arc_rad,
    straight_elevation_rad,
)
from hinomi.earth.wgs84 import MEAN_RADIUS_M, SEMI_MAJOR_M, SEMI_MINOR_M, ecef_from_geodetic

R = MEAN_RADIUS_M


def follow(elevation_rad, sensor_m, target_m):
    """Arc that a ray of the mixed rule covers, by small steps of its curvature."""
    h, el, arc, step = sensor_m, elevation_rad, 0.0, 20.0
    while h < target_m:
        r = R + h
        dh = step * math.sin(el)
        if 0.0 < target_m - h < dh:
            step, dh = step * (target_m - h) / dh, target_m - h
        bend = 0.25 / R if h < 20e3 else 0.0  # curvature of the ray that makes 4/3 of the radius
        arc += step * math.cos(el) / r
        el += step * (math.cos(el) / r - bend)
        h += dh
    return arc


@pytest.mark.parametrize(
    ("sensor_m", "target_m"), [(30.0, 8e3), (30.0, 20e3), (30.0, 60e3), (800.0, 400e3)]
)
@pytest.mark.parametrize("elevation_deg", [0.3, 1.0, 2.0, 6.0])
def test_apparent_elevation_is_the_angle_of_the_ray_followed_step_by_step(
    sensor_m, target_m, elevation_deg
):
    el = math.radians(elevation_deg)
    arc = follow(el, sensor_m, target_m)
    assert apparent_elevation_rad(arc, sensor_m, target_m) == pytest.approx(el, abs=5e-5)


def test_bending_is_upward_below_its_limit_and_shrinks_with_elevation():
    for hs in (0.0, 30.0, 2e3, 9e3):
        for ht in (1e3, 15e3, 19_999.0, 20_001.0, 50e3, 300e3, 2000e3):
            top = horizon_arc_rad(hs) + horizon_arc_rad(ht)
            bend = [bending_rad(a, hs, ht) for a in np.linspace(0.2, 1.0, 41) * top]
            assert min(bend) >= 0.0
            assert max(bend) < BENDING_LIMIT_RAD
            assert bend == sorted(bend)


def test_bending_does_not_jump_at_20_km():
    assert bending_rad(0.05, 30.0, 20_000.0) == pytest.approx(
        bending_rad(0.05, 30.0, 20_000.1), rel=1e-5
    )


def test_a_target_on_the_horizon_of_the_mixed_rule_appears_level():
    for ht in (1e3, 19e3, 21e3, 100e3, 900e3):
        assert apparent_elevation_rad(horizon_arc_rad(ht), 0.0, ht) == pytest.approx(0.0, abs=1e-8)


def test_high_elevation_is_left_as_it_is():
    assert straight_elevation_rad(0.01, 0.0, 300e3) > 1.0
    assert bending_rad(0.01, 0.0, 300e3) == 0.0


def test_limb_is_the_ellipsoid_at_the_equator_and_over_the_pole():
    far = 42_000e3
    for graze in (0.0, 10e3):
        for radius, axis in ((SEMI_MAJOR_M, 1), (SEMI_MINOR_M, 2)):
            for side, seen in ((+200.0, True), (-200.0, False)):
                sensor, target = np.zeros(3), np.zeros(3)
                sensor[0], target[0] = -far, far
                sensor[axis] = target[axis] = radius + graze * radius / SEMI_MAJOR_M + side
                assert clears_limb(*sensor, *target, graze) is seen


def test_a_target_below_the_grazing_height_is_seen_only_from_above_its_own_horizon():
    target = np.array(ecef_from_geodetic(0.0, 0.0, 2e3))
    for elevation_deg, seen in ((0.5, True), (-0.5, False), (80.0, True), (-5.0, False)):
        el = math.radians(elevation_deg)
        sensor = target + 1000e3 * np.array([math.sin(el), math.cos(el), 0.0])
        assert clears_limb(*sensor, *target, 10e3) is seen


def test_the_earth_hides_what_is_behind_it_and_one_point_sees_itself():
    assert not clears_sphere(-7000e3, 0.0, 0.0, 7000e3, 1.0, 0.0, R)
    assert clears_sphere(7000e3, 0.0, 0.0, 9000e3, 0.0, 0.0, R)
    assert clears_sphere(9000e3, 0.0, 0.0, 7000e3, 0.0, 0.0, R)
    assert clears_sphere(7000e3, 0.0, 0.0, 7000e3, 0.0, 0.0, R)
