"""Gravity of the Earth with its flattening term, in axes that turn with it or do not."""

from __future__ import annotations

import math
from typing import Final

from numba import njit

from hinomi.earth.wgs84 import ROTATION_RAD_S, SEMI_MAJOR_M
from hinomi.kernels import LEAN

MU_M3_S2: Final = 3.986004418e14  # WGS 84, refined; EPSG 7030
J2: Final = 1.08263e-3  # second zonal harmonic, rounded; from C20 = -484.16685e-6
G0_MPS2: Final = 9.80665  # standard gravity, exact


@njit(cache=True, nogil=True, error_model="numpy", **LEAN)
def acceleration_with(x, y, z, j2):  # type: ignore[no-untyped-def]
    """Gravitational acceleration [m/s2], three Earth-fixed components, of mu and a given J2."""
    r2 = x * x + y * y + z * z
    r = math.sqrt(r2)
    k = 1.5 * j2 * SEMI_MAJOR_M * SEMI_MAJOR_M / r2
    s = z * z / r2
    g = -MU_M3_S2 / (r2 * r)
    level = g * (1.0 + k * (1.0 - 5.0 * s))
    return level * x, level * y, g * (1.0 + k * (3.0 - 5.0 * s)) * z


@njit(cache=True, nogil=True, error_model="numpy", **LEAN)
def acceleration(x, y, z):  # type: ignore[no-untyped-def]
    """Gravitational acceleration [m/s2], three Earth-fixed components, of mu and J2."""
    return acceleration_with(x, y, z, J2)


@njit(cache=True, nogil=True, error_model="numpy", **LEAN)
def acceleration_in_rotating_frame(x, y, z, vx, vy):  # type: ignore[no-untyped-def]
    """Gravity, centrifugal and Coriolis acceleration [m/s2] of a free body in Earth-fixed axes."""
    ax, ay, az = acceleration(x, y, z)
    w = ROTATION_RAD_S
    return ax + w * w * x + 2.0 * w * vy, ay + w * w * y - 2.0 * w * vx, az
