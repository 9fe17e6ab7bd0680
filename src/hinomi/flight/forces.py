"""Forces on a point mass in Earth-fixed axes: gravity, thrust, drag, lift of the glide law.

Sources: gravity and atmosphere as in `hinomi.earth`; drag shape of a booster after Forden, Science
and Global Security 15 (2007), of a slender cone and the glide law's damping assumed; equilibrium
glide after Eggers, Allen and Neice, NACA Report 1382 (1958).
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from numba import njit

from hinomi.earth.atmosphere import state
from hinomi.earth.gravity import MU_M3_S2, acceleration_with
from hinomi.earth.wgs84 import SEMI_MAJOR_M, height_and_up
from hinomi.flight.body import (
    AIR,
    BETA,
    CONE_DRAG,
    DAMPING,
    DENSITY,
    EXPONENTIAL,
    GRAVITY,
    LIFT_TO_DRAG,
    OBLATENESS,
    ROTATION,
    SCALE_HEIGHT,
    SPHERE,
)

# How the body flies in one segment; forces never decide by time, rounding would then settle it.
VERTICAL, TILTING, ALONG, FREE, LIFTING, DROPPING = range(6)
VERTICAL_S: Final = 5.0  # assumed: thrust straight up
TILT_S: Final = 8.0  # assumed: then tilted linearly to the kick angle

# What burns now: places in the engine vector.
VACUUM_THRUST, FLOW, MASS, SINCE, AREA, EXIT_AREA, KICK, BANK_NOW = range(8)

AIRLESS_M: Final = 200_000.0  # drag of a coasting body is left out above: under 2e-7 m/s2
NO_AIR_R2: Final = (SEMI_MAJOR_M + AIRLESS_M) ** 2
SEA_LEVEL_PA: Final = 101_325.0
SEA_LEVEL_KG_M3: Final = 1.225  # of the exponential atmosphere only
EXPONENTIAL_SOUND_MPS: Final = 300.0  # of the exponential atmosphere only
# The density factor comes in over these heights, so that density has no step.
FACTOR_FROM_M: Final = 28_000.0
FACTOR_FULL_M: Final = 32_000.0
LOWEST_LIFT: Final = -0.3  # assumed: least lift of the glide law, share of the greatest

_MACH = np.array([0.0, 0.8, 1.05, 1.5, 2.0, 3.0, 5.0, 10.0])
_DRAG = np.array([0.30, 0.30, 0.45, 0.42, 0.36, 0.28, 0.22, 0.20])  # booster, on its cross-section
_CONE_MACH = np.array([0.6, 0.9, 1.05, 1.5, 2.0, 3.0, 5.0, 8.0])
_CONE = np.array([1.2, 1.8, 2.2, 2.0, 1.7, 1.4, 1.15, 1.0])  # over the hypersonic value, assumed


@njit(cache=True, nogil=True)
def _between(x, xs, ys):  # type: ignore[no-untyped-def]
    """Piecewise linear value, constant outside."""
    if x <= xs[0]:
        return ys[0]
    for i in range(1, xs.size):
        if x < xs[i]:
            return ys[i - 1] + (ys[i] - ys[i - 1]) * (x - xs[i - 1]) / (xs[i] - xs[i - 1])
    return ys[xs.size - 1]


@njit(cache=True, nogil=True)
def ground_and_up(x, y, z, body):  # type: ignore[no-untyped-def]
    """Height [m] over the ground of this flight and its upward unit vector."""
    if body[SPHERE] > 0.0:
        r = math.sqrt(x * x + y * y + z * z)
        return r - body[SPHERE], x / r, y / r, z / r
    return height_and_up(x, y, z)


@njit(cache=True, nogil=True)
def air_at(height_m, body):  # type: ignore[no-untyped-def]
    """Density [kg/m3], pressure [Pa] and speed of sound [m/s] on this flight."""
    if body[EXPONENTIAL] > 0.0:
        rho = SEA_LEVEL_KG_M3 * math.exp(-height_m / body[EXPONENTIAL])
        return rho, SEA_LEVEL_PA * rho / SEA_LEVEL_KG_M3, EXPONENTIAL_SOUND_MPS
    rho, pressure, sound = state(height_m)
    if height_m > FACTOR_FROM_M and body[DENSITY] != 1.0:
        share = min(1.0, (height_m - FACTOR_FROM_M) / (FACTOR_FULL_M - FACTOR_FROM_M))
        rho *= 1.0 + share * (body[DENSITY] - 1.0)
    return rho, pressure, sound


@njit(cache=True, nogil=True)
def _glide_lift(v, r, sin_gamma, drag, bank, body):  # type: ignore[no-untyped-def]
    """Lift over mass [m/s2] that keeps the equilibrium glide, within what the body has."""
    g = MU_M3_S2 / (r * r)
    gamma = math.asin(min(1.0, max(-1.0, sin_gamma)))
    cos_bank = math.cos(bank)
    level = -2.0 * body[SCALE_HEIGHT] * g / (body[LIFT_TO_DRAG] * cos_bank * v * v)
    wanted = (g - v * v / r) * math.cos(gamma) / cos_bank - body[DAMPING] * v * (gamma - level)
    most = body[LIFT_TO_DRAG] * drag
    return min(most, max(LOWEST_LIFT * most, wanted))


@njit(cache=True, nogil=True)
def forces(t, y, mode, body, engine, start, out):  # type: ignore[no-untyped-def]
    """Write the derivative of (r, v) at flight time t [s] into `out` (6,).

    `start` holds the upward (0-2) and downrange (3-5) unit vectors at launch, `engine` what burns.
    """
    x, yy, z, vx, vy, vz = y[0], y[1], y[2], y[3], y[4], y[5]
    out[0], out[1], out[2] = vx, vy, vz
    gx, gy, gz = acceleration_with(x, yy, z, body[OBLATENESS])
    w, on = body[ROTATION], body[GRAVITY]
    gx = on * gx + w * (w * x + 2.0 * vy)
    gy = on * gy + w * (w * yy - 2.0 * vx)
    gz *= on
    r2 = x * x + yy * yy + z * z
    if mode > ALONG and (body[AIR] == 0.0 or r2 > NO_AIR_R2):
        out[3], out[4], out[5] = gx, gy, gz
        return
    height, ux, uy, uz = ground_and_up(x, yy, z, body)
    rho, pressure, sound = air_at(height, body)
    rho *= body[AIR]
    v = math.sqrt(vx * vx + vy * vy + vz * vz)
    half = 0.5 * rho * v
    if mode <= ALONG:
        mass = engine[MASS] - engine[FLOW] * (t - engine[SINCE])
        push = max(0.0, engine[VACUUM_THRUST] - engine[EXIT_AREA] * pressure * body[AIR]) / mass
        slow = half * engine[AREA] * _between(v / sound, _MACH, _DRAG) / mass
        if mode == ALONG and v > 0.0:
            slow -= push / v
            push = 0.0
        tilt = 0.0
        if mode == TILTING:
            tilt = engine[KICK] * (t - VERTICAL_S) / TILT_S
        a, b = push * math.cos(tilt), push * math.sin(tilt)
        out[3] = gx - slow * vx + a * start[0] + b * start[3]
        out[4] = gy - slow * vy + a * start[1] + b * start[4]
        out[5] = gz - slow * vz + a * start[2] + b * start[5]
        return
    slow = half / body[BETA]
    if body[CONE_DRAG] != 0.0:
        slow *= _between(v / sound, _CONE_MACH, _CONE)
    out[3] = gx - slow * vx
    out[4] = gy - slow * vy
    out[5] = gz - slow * vz
    if mode != LIFTING:
        return
    ix, iy, iz = vx / v, vy / v, vz / v
    sin_gamma = ux * ix + uy * iy + uz * iz
    bank = engine[BANK_NOW]
    lift = _glide_lift(v, math.sqrt(r2), sin_gamma, slow * v, bank, body)
    # The vertical made perpendicular to the velocity, and the right-hand side of the velocity.
    nx, ny, nz = ux - sin_gamma * ix, uy - sin_gamma * iy, uz - sin_gamma * iz
    size = math.sqrt(nx * nx + ny * ny + nz * nz) + 1e-300
    a, b = lift * math.cos(bank) / size, lift * math.sin(bank) / size
    out[3] += a * nx + b * (iy * nz - iz * ny)
    out[4] += a * ny + b * (iz * nx - ix * nz)
    out[5] += a * nz + b * (ix * ny - iy * nx)
