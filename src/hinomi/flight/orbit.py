"""Circular orbits of satellites: two bodies plus the secular drift due to the Earth's flattening.

Good for a day: along and across the track within 5 km of an integrated orbit after 6 hours. The
radius is that of the mean semi-major axis; flattening moves the mean radius of a real orbit by
0.75 J2 (a_e/a)^2 (3 cos^2 i - 1) of it, 4 km at 80 degrees and 9 km above the equator, left out.
"""

from __future__ import annotations

import math
from typing import Final

from numba import njit

from hinomi.earth.gravity import J2, MU_M3_S2
from hinomi.earth.wgs84 import SEMI_MAJOR_M

GEOSTATIONARY_RADIUS_M: Final = 42_164_173.0  # radius at which one sidereal day passes


@njit(cache=True, nogil=True, error_model="numpy")
def secular_rates(semi_major_axis_m, inclination_rad):  # type: ignore[no-untyped-def]
    """Rates [rad/s] of node and argument of latitude of a circular orbit, first order in J2.

    Node: -1.5 n J2 (a_e/a)^2 cos i. Argument of latitude: n plus the drifts of perigee and of mean
    anomaly, together 1.5 n J2 (a_e/a)^2 (4 cos^2 i - 1). Source: Vallado, Fundamentals of
    Astrodynamics and Applications, section 9.6, with eccentricity 0.
    """
    n = math.sqrt(MU_M3_S2 / semi_major_axis_m) / semi_major_axis_m
    k = 1.5 * J2 * (SEMI_MAJOR_M / semi_major_axis_m) ** 2
    c = math.cos(inclination_rad)
    return -k * n * c, n * (1.0 + k * (4.0 * c * c - 1.0))


@njit(cache=True, nogil=True, error_model="numpy")
def circular_position(radius_m, cos_i, sin_i, node_rad, argument_rad):  # type: ignore[no-untyped-def]
    """x, y, z [m] on a circular orbit, in the axes in which `node_rad` is counted.

    For Earth-fixed axes give the node minus the Greenwich angle.
    """
    cn, sn = math.cos(node_rad), math.sin(node_rad)
    cu, su = math.cos(argument_rad), math.sin(argument_rad)
    return (
        radius_m * (cn * cu - sn * su * cos_i),
        radius_m * (sn * cu + cn * su * cos_i),
        radius_m * su * sin_i,
    )
