"""Gravity with its flattening term, and what a coasting body keeps."""

import math
import runpy
from pathlib import Path

import numpy as np
import pytest

from hinomi.earth.gravity import (
    MU_M3_S2,
    acceleration,
    acceleration_in_rotating_frame,
    acceleration_with,
)
from hinomi.earth.wgs84 import ecef_from_geodetic

jacobi_constant = runpy.run_path(str(Path(__file__).parents[2] / "validation" / "closed_forms.py"))[
    "jacobi_constant"
]


@pytest.mark.parametrize(
    ("lat_deg", "normal"), [(0.0, 9.7803253359), (45.0, 9.806199), (90.0, 9.8321849379)]
)
def test_weight_on_the_ellipsoid_is_normal_gravity_to_1e_4(lat_deg, normal):
    """WGS 84 normal gravity after Somigliana; the higher zonal terms left out are worth 1e-5."""
    x, y, z = ecef_from_geodetic(math.radians(lat_deg), 0.7, 0.0)
    felt = np.linalg.norm(acceleration_in_rotating_frame(x, y, z, 0.0, 0.0))
    assert felt == pytest.approx(normal, rel=1e-4)


def test_without_flattening_gravity_is_newtons():
    g = np.array(acceleration_with(3e6, -4e6, 5e6, 0.0))
    r = np.array([3e6, -4e6, 5e6])
    assert g == pytest.approx(-MU_M3_S2 * r / np.linalg.norm(r) ** 3, rel=1e-12)


def test_forces_are_the_slope_of_the_potential_in_the_kept_energy():
    r = np.array([4.1e6, -3.3e6, 4.4e6])

    def energy(point):
        return jacobi_constant(*point, 0.0, 0.0, 0.0)

    felt = acceleration_in_rotating_frame(*r, 0.0, 0.0)
    for i in range(3):
        step = np.zeros(3)
        step[i] = 10.0
        slope = (energy(r + step) - energy(r - step)) / 20.0
        assert felt[i] == pytest.approx(-slope, rel=1e-6)


def test_the_coriolis_force_turns_a_northward_body_to_the_right_in_the_north():
    x, y, z = ecef_from_geodetic(math.radians(40.0), 0.0, 0.0)
    north = (
        -math.sin(math.radians(40.0)),
        0.0,
    )  # x and y of the northward direction at longitude 0
    still = acceleration_in_rotating_frame(x, y, z, 0.0, 0.0)
    moving = acceleration_in_rotating_frame(x, y, z, 1000.0 * north[0], 0.0)
    assert moving[1] > still[1]  # east is +y
    assert acceleration(x, y, z)[1] == 0.0
