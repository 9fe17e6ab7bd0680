"""Distances and bearings against GeographicLib and known arcs."""

import math

import numpy as np
import pytest
from geographiclib.geodesic import Geodesic

from hinomi.earth.geodesic import ellipsoid_inverse, sphere_direct, sphere_inverse
from hinomi.earth.wgs84 import MEAN_RADIUS_M

PAIRS = [
    tuple(row)
    for row in np.random.Generator(np.random.Philox(11)).uniform(
        [-85, -180, -85, -180], [85, 180, 85, 180], (60, 4)
    )
] + [
    (26.2, 127.7, 26.2, 127.8),
    (0.0, 10.0, 0.0, 90.0),
    (39.0, 126.0, 10.0, 126.0),
    (90.0, 0.0, 40.0, 30.0),
]


@pytest.mark.parametrize("pair", PAIRS, ids=lambda p: ",".join(f"{x:.1f}" for x in p))
def test_the_ellipsoid_agrees_with_geographiclib_to_a_millimetre(pair):
    truth = Geodesic.WGS84.Inverse(*pair)
    distance, bearing = ellipsoid_inverse(*np.radians(pair))
    if truth["a12"] > 179.0:
        pytest.fail("draw other pairs: this one is nearly antipodal")
    assert distance == pytest.approx(truth["s12"], abs=1e-3)
    turn = (bearing - math.radians(truth["azi1"]) + math.pi) % (2 * math.pi) - math.pi
    assert turn == pytest.approx(0.0, abs=1e-8)
    assert 0.0 <= bearing < 2 * math.pi


def test_the_same_point_is_no_distance_away():
    assert ellipsoid_inverse(0.4, 2.0, 0.4, 2.0)[0] == 0.0


def test_antipodes_fall_back_to_the_mean_sphere():
    distance, _ = ellipsoid_inverse(0.0, 0.0, 1e-6, math.pi - 1e-6)
    assert distance == pytest.approx(math.pi * MEAN_RADIUS_M, rel=1e-3)


def test_a_quarter_of_the_equator_is_a_quarter_of_the_sphere():
    distance, bearing = sphere_inverse(0.0, 0.0, 0.0, 0.5 * math.pi)
    assert distance == pytest.approx(0.5 * math.pi * MEAN_RADIUS_M)
    assert bearing == pytest.approx(0.5 * math.pi)


@pytest.mark.parametrize("bearing", [0.0, 0.3, 1.7, 3.2, 4.9, 6.1])
def test_going_and_looking_back_agree_on_the_sphere(bearing):
    lat, lon = sphere_direct(0.45, 3.1, bearing, 1.7e6)
    distance, seen = sphere_inverse(0.45, 3.1, lat, lon)
    assert distance == pytest.approx(1.7e6, abs=1e-3)
    assert math.cos(seen - bearing) == pytest.approx(1.0, abs=1e-15)
    assert -math.pi <= lon < math.pi
