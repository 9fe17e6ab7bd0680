"""Geodetic and Earth-fixed coordinates."""

import math

import numpy as np
import pytest

from hinomi.earth.wgs84 import (
    SEMI_MAJOR_M,
    SEMI_MINOR_M,
    ecef_from_geodetic,
    geodetic_from_ecef,
    height_above_ellipsoid,
    height_and_up,
    local_axes,
)

LATS = [-90.0, -89.999, -60.0, -0.001, 0.0, 26.2, 45.0, 80.0, 90.0]
HEIGHTS = [-1e3, 0.0, 50e3, 1000e3, 2000e3]


def test_equator_and_pole_lie_at_the_semi_axes():
    assert ecef_from_geodetic(0.0, 0.0, 0.0) == pytest.approx((SEMI_MAJOR_M, 0.0, 0.0))
    assert ecef_from_geodetic(0.5 * math.pi, 0.3, 0.0)[2] == pytest.approx(SEMI_MINOR_M, abs=1e-6)
    assert pytest.approx(6356752.314245, abs=1e-6) == SEMI_MINOR_M


@pytest.mark.parametrize("height", HEIGHTS)
@pytest.mark.parametrize("lat_deg", LATS)
def test_coordinates_come_back(lat_deg, height):
    lat, lon = math.radians(lat_deg), 2.1
    point = ecef_from_geodetic(lat, lon, height)
    back_lat, back_lon, back_height = geodetic_from_ecef(*point)
    assert back_lat == pytest.approx(lat, abs=1e-9)
    assert back_height == pytest.approx(height, abs=1e-4)
    if abs(lat_deg) < 90.0:
        assert back_lon == pytest.approx(lon, abs=1e-9)
    assert height_above_ellipsoid(*point) == pytest.approx(height, abs=1e-3)
    rest = height_and_up(*point)
    if abs(lat_deg) < 90.0:
        assert rest[1:] == pytest.approx(local_axes(lat, lon)[6:], abs=1e-8)


def test_the_height_at_geostationary_distance_is_good_to_a_metre():
    point = ecef_from_geodetic(0.6, 1.0, 35_786e3)
    assert geodetic_from_ecef(*point)[2] == pytest.approx(35_786e3, abs=1.0)


def test_the_local_axes_are_right_handed_and_point_east_north_and_up():
    lat, lon = math.radians(26.2), math.radians(127.7)
    axes = np.array(local_axes(lat, lon)).reshape(3, 3)
    assert axes @ axes.T == pytest.approx(np.eye(3), abs=1e-14)
    assert np.cross(axes[0], axes[1]) == pytest.approx(axes[2])
    here = np.array(ecef_from_geodetic(lat, lon, 0.0))
    for axis, move in zip(
        axes, [(0.0, 1e-6, 0.0), (1e-6, 0.0, 0.0), (0.0, 0.0, 10.0)], strict=True
    ):
        step = np.array(ecef_from_geodetic(lat + move[0], lon + move[1], move[2])) - here
        assert step / np.linalg.norm(step) == pytest.approx(axis, abs=1e-6)
