"""Forces on a point mass in Earth-fixed axes: gravity, thrust, drag, lift of the glide law.

Sources: gravity and atmosphere as in `hinomi.earth`; drag shape of a booster after Forden, Science
and Global Security 15 (2007), of a slender cone and the glide law's damping assumed; equilibrium
glide after Eggers, Allen and Neice, NACA Report 1382 (1958).
"""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Final

import numpy as np
from numba import njit
from numpy.typing import NDArray

from hinomi.earth.atmosphere import state
from hinomi.earth.gravity import MU_M3_S2
from hinomi.earth.wgs84 import ECCENTRICITY2, SEMI_MAJOR_M, height_and_up, height_in_air
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
from hinomi.kernels import LEAN

# How the body flies in one segment; forces never decide by time, rounding would then settle it.
STEERED, ALONG, FREE, LIFTING, DROPPING = range(5)

# LIMIT tells which limit holds the lift in this segment (see `lift_limit`): a law that changed
# within a step would be smooth for nobody.
# What burns now: places in the engine vector. Steered thrust points along one direction that turns
# towards another at a rate, both fixed to the Earth: cos(a) A + sin(a) B with a = rate (t - from).
(
    VACUUM_THRUST, FLOW, MASS, SINCE, AREA, EXIT_AREA, TURN_RATE, TURN_FROM, BANK_COS, BANK_SIN,
    A_X, A_Y, A_Z, B_X, B_Y, B_Z, LIMIT,
) = range(17)  # fmt: skip
ENGINE: Final = 17

# Places in the numbers of one segment, a tuple: an array would be counted at every call.
(
    C_ROTATION, C_OBLATENESS, C_PULL, C_SPHERE, C_AIR, C_AIRLESS_R2, C_EXPONENTIAL, C_DENSITY,
    C_PER_BETA, C_CONE, C_LIFT_TO_DRAG, C_LIMIT, C_DAMPING, C_SCALE_HEIGHT, C_BANK_COS, C_BANK_SIN,
    C_THRUST, C_FLOW, C_MASS, C_SINCE, C_AREA, C_EXIT_AREA, C_TURN_RATE, C_TURN_FROM,
    C_A_X, C_A_Y, C_A_Z, C_B_X, C_B_Y, C_B_Z,
) = range(30)  # fmt: skip

AIRLESS_M: Final = 200_000.0  # drag of a coasting body is left out above: under 2e-7 m/s2
_AIRLESS_R2: Final = (SEMI_MAJOR_M + AIRLESS_M) ** 2
SEA_LEVEL_PA: Final = 101_325.0
SEA_LEVEL_KG_M3: Final = 1.225  # of the exponential atmosphere only
EXPONENTIAL_SOUND_MPS: Final = 300.0  # of the exponential atmosphere only
# The density factor comes in over these heights, so that density has no step.
FACTOR_FROM_M: Final = 28_000.0
FACTOR_FULL_M: Final = 32_000.0
BOUNDED: Final = 2.0  # as LIMIT: bounded at every evaluation, for other integrators
LOWEST_LIFT: Final = -0.3  # assumed: least lift of the glide law, share of the greatest
# Sums may be reordered and fused; NaN and infinity keep their meaning.
FAST: Final = {"contract", "arcp", "reassoc", "nsz", "afn"}

_MACH = np.array([0.0, 0.8, 1.05, 1.5, 2.0, 3.0, 5.0, 10.0])
_DRAG = np.array([0.30, 0.30, 0.45, 0.42, 0.36, 0.28, 0.22, 0.20])  # booster, on its cross-section
_CONE_MACH = np.array([0.6, 0.9, 1.05, 1.5, 2.0, 3.0, 5.0, 8.0])
_CONE = np.array([1.2, 1.8, 2.2, 2.0, 1.7, 1.4, 1.15, 1.0])  # over the hypersonic value, assumed
_PER_MACH: Final = 20.0  # cells of 0.05: every knot above is one
_ROUND: Final = 0.1


def _curve(mach: NDArray[np.float64], drag: NDArray[np.float64]) -> NDArray[np.float64]:
    """Cubic per cell of a piecewise linear drag curve whose corners are rounded.

    The mean over 0.1 Mach on either side: same area, and no kink for the integrator to stumble on.
    """
    m = np.concatenate([[mach[0] - 1.0], mach, [mach[-1] + 1.0]])
    d = np.concatenate([drag[:1], drag, drag[-1:]])

    def area(top: float) -> float:
        """Integral of the piecewise linear curve, level outside its knots."""
        x = np.concatenate([m[m < top], [top]])
        y = np.interp(x, m, d)
        return float(np.sum(0.5 * (y[1:] + y[:-1]) * np.diff(x)))

    def value_and_rise(at: float) -> tuple[float, float]:
        low, high = at - _ROUND, at + _ROUND
        rise = float(np.interp(high, m, d) - np.interp(low, m, d)) / (2.0 * _ROUND)
        return (area(high) - area(low)) / (2.0 * _ROUND), rise / _PER_MACH

    ends = [
        value_and_rise(n / _PER_MACH) for n in range(round((mach[-1] + _ROUND) * _PER_MACH) + 2)
    ]
    out = np.empty((len(ends) - 1, 4))
    for n, ((r0, d0), (r1, d1)) in enumerate(pairwise(ends)):
        out[n] = r0, d0, 3.0 * (r1 - r0) - 2.0 * d0 - d1, 2.0 * (r0 - r1) + d0 + d1
    return out


_DRAG_CURVE = _curve(_MACH, _DRAG)
_CONE_CURVE = _curve(_CONE_MACH, _CONE)
_CONE_TOP2: Final = float((_CONE_MACH[-1] + _ROUND) ** 2)


@njit(cache=True, nogil=True, error_model="numpy", fastmath=FAST, **LEAN)
def _on_curve(mach, curve):  # type: ignore[no-untyped-def]
    """Value at a Mach number of at least 0, constant beyond the end."""
    x = mach * _PER_MACH
    last = curve.shape[0] - 1
    if not x < last:
        return curve[last, 0]
    n = int(x)
    x -= n
    return curve[n, 0] + x * (curve[n, 1] + x * (curve[n, 2] + x * curve[n, 3]))


@njit(cache=True, nogil=True, error_model="numpy", fastmath=FAST, **LEAN)
def cone_drag(speed_mps, sound_mps):  # type: ignore[no-untyped-def]
    """Drag of a slender cone over its hypersonic value."""
    if speed_mps * speed_mps >= _CONE_TOP2 * sound_mps * sound_mps:
        return 1.0
    return _on_curve(speed_mps / sound_mps, _CONE_CURVE)


@njit(cache=True, nogil=True, error_model="numpy", **LEAN)
def ground_and_up(x, y, z, body):  # type: ignore[no-untyped-def]
    """Height [m] over the ground of this flight and its upward unit vector."""
    if body[SPHERE] > 0.0:
        r = math.sqrt(x * x + y * y + z * z)
        return r - body[SPHERE], x / r, y / r, z / r
    return height_and_up(x, y, z)


@njit(cache=True, nogil=True, error_model="numpy", fastmath=FAST, **LEAN)
def air_at(height_m, exponential_m, density_factor):  # type: ignore[no-untyped-def]
    """Density [kg/m3], pressure [Pa] and speed of sound [m/s] on a flight."""
    if exponential_m > 0.0:
        rho = SEA_LEVEL_KG_M3 * math.exp(-height_m / exponential_m)
        return rho, SEA_LEVEL_PA * rho / SEA_LEVEL_KG_M3, EXPONENTIAL_SOUND_MPS
    rho, pressure, sound = state(height_m)
    if height_m > FACTOR_FROM_M:
        share = min(1.0, (height_m - FACTOR_FROM_M) * (1.0 / (FACTOR_FULL_M - FACTOR_FROM_M)))
        rho *= 1.0 + share * share * (3.0 - 2.0 * share) * (density_factor - 1.0)
    return rho, pressure, sound


@njit(cache=True, nogil=True, error_model="numpy", **LEAN)
def segment_numbers(body, engine):  # type: ignore[no-untyped-def]
    """Numbers of one segment, from the body and what burns and banks now."""
    e = engine
    return (
        body[ROTATION], 1.5 * SEMI_MAJOR_M * SEMI_MAJOR_M * body[OBLATENESS],
        -MU_M3_S2 * body[GRAVITY], body[SPHERE], body[AIR],
        _AIRLESS_R2 if body[AIR] > 0.0 else 0.0,
        body[EXPONENTIAL], body[DENSITY], body[AIR] / body[BETA], body[CONE_DRAG],
        body[LIFT_TO_DRAG], e[LIMIT], body[DAMPING], body[SCALE_HEIGHT],
        e[BANK_COS], e[BANK_SIN], e[VACUUM_THRUST], e[FLOW], e[MASS], e[SINCE], e[AREA],
        e[EXIT_AREA], e[TURN_RATE], e[TURN_FROM], e[A_X], e[A_Y], e[A_Z], e[B_X], e[B_Y], e[B_Z],
    )  # fmt: skip


@njit(cache=True, nogil=True, error_model="numpy", fastmath=FAST, **LEAN)
def slope(t, y, mode, c):  # type: ignore[no-untyped-def]
    """Derivative (six numbers) of an Earth-fixed state (six numbers) at flight time t [s]."""
    x, yy, z, vx, vy, vz = y
    r2 = x * x + yy * yy + z * z
    per_r2 = 1.0 / r2
    r = math.sqrt(r2)
    sin2 = z * z * per_r2
    # Gravity with its flattening term, centrifugal and Coriolis acceleration.
    k = c[C_OBLATENESS] * per_r2
    pull = c[C_PULL] * per_r2 / r
    w = c[C_ROTATION]
    level = pull * (1.0 + k * (1.0 - 5.0 * sin2)) + w * w
    ax = level * x + 2.0 * w * vy
    ay = level * yy - 2.0 * w * vx
    az = pull * (1.0 + k * (3.0 - 5.0 * sin2)) * z
    if mode < FREE:
        bx, by, bz = _thrust_and_drag(
            t, r, sin2, vx, vy, vz, mode, c[C_SPHERE], c[C_EXPONENTIAL], c[C_DENSITY], c[C_AIR],
            c[C_THRUST], c[C_FLOW], c[C_MASS], c[C_SINCE], c[C_AREA], c[C_EXIT_AREA],
            c[C_TURN_RATE], c[C_TURN_FROM],
            c[C_A_X], c[C_A_Y], c[C_A_Z], c[C_B_X], c[C_B_Y], c[C_B_Z],
        )  # fmt: skip
        return vx, vy, vz, ax + bx, ay + by, az + bz
    if r2 > c[C_AIRLESS_R2]:
        return vx, vy, vz, ax, ay, az
    if mode != LIFTING:
        slow = _drag(
            r, sin2, vx, vy, vz, c[C_SPHERE], c[C_EXPONENTIAL], c[C_DENSITY], c[C_PER_BETA],
            c[C_CONE],
        )  # fmt: skip
        return vx, vy, vz, ax - slow * vx, ay - slow * vy, az - slow * vz
    bx, by, bz = _lift_and_drag(
        x, yy, z, r, sin2, vx, vy, vz, c[C_SPHERE], c[C_EXPONENTIAL], c[C_DENSITY],
        c[C_PER_BETA], c[C_LIFT_TO_DRAG], c[C_LIMIT], c[C_DAMPING], c[C_SCALE_HEIGHT],
        c[C_BANK_COS], c[C_BANK_SIN],
    )  # fmt: skip
    return vx, vy, vz, ax + bx, ay + by, az + bz


@njit(cache=True, nogil=True, error_model="numpy", fastmath=FAST, **LEAN)
def _arc_sine(s):  # type: ignore[no-untyped-def]
    """Arc sine; by its series where that is good to 1e-11."""
    if abs(s) > 0.2:
        return math.asin(min(1.0, max(-1.0, s)))
    q = s * s
    return s * (
        1.0 + q * (1 / 6 + q * (3 / 40 + q * (15 / 336 + q * (105 / 3456 + q * (945 / 42240)))))
    )


@njit(cache=True, nogil=True, error_model="numpy", fastmath=FAST, **LEAN)
def _height(r, sin2, sphere):  # type: ignore[no-untyped-def]
    """Height [m] for air density."""
    return r - sphere if sphere > 0.0 else height_in_air(r, sin2)


@njit(cache=True, nogil=True, error_model="numpy", fastmath=FAST, **LEAN)
def _drag(r, sin2, vx, vy, vz, sphere, exponential, density, per_beta, cone):  # type: ignore[no-untyped-def]
    """Deceleration over speed [1/s] of a free body."""
    rho, _, sound = air_at(_height(r, sin2, sphere), exponential, density)
    v = math.sqrt(vx * vx + vy * vy + vz * vz)
    slow = 0.5 * rho * v * per_beta
    return slow * cone_drag(v, sound) if cone != 0.0 else slow


@njit(cache=True, nogil=True, error_model="numpy", fastmath=FAST, **LEAN)
def _wanted_lift(  # type: ignore[no-untyped-def]
    r, v2, v, sin_gamma, cos_gamma, lift_to_drag, damping, scale_height, bank_cos
):
    """Lift over mass [m/s2] that keeps the equilibrium glide, before the body's limits."""
    g = MU_M3_S2 / (r * r)
    level = -2.0 * scale_height * g / (lift_to_drag * bank_cos * v2)
    return (g - v2 / r) * cos_gamma / bank_cos - damping * v * (_arc_sine(sin_gamma) - level)


@njit(cache=True, nogil=True, error_model="numpy", **LEAN)
def lift_share(y, body, engine):  # type: ignore[no-untyped-def]
    """Lift that the equilibrium glide wants, over the greatest that the body has."""
    height, ux, uy, uz = ground_and_up(y[0], y[1], y[2], body)
    v2 = y[3] * y[3] + y[4] * y[4] + y[5] * y[5]
    v = math.sqrt(v2)
    rho = air_at(height, body[EXPONENTIAL], body[DENSITY])[0]
    most = body[LIFT_TO_DRAG] * 0.5 * rho * v2 * body[AIR] / body[BETA]
    sin_gamma = (ux * y[3] + uy * y[4] + uz * y[5]) / v
    wanted = _wanted_lift(
        math.sqrt(y[0] * y[0] + y[1] * y[1] + y[2] * y[2]), v2, v, sin_gamma,
        math.sqrt(max(1e-12, 1.0 - sin_gamma * sin_gamma)), body[LIFT_TO_DRAG], body[DAMPING],
        body[SCALE_HEIGHT], engine[BANK_COS],
    )  # fmt: skip
    return wanted / (most + 1e-300)


@njit(cache=True, nogil=True, error_model="numpy", **LEAN)
def lift_limit(share):  # type: ignore[no-untyped-def]
    """Which limit holds at that share: 1 the greatest lift, -1 the least, 0 none."""
    if share > 1.0:
        return 1
    return -1 if share < LOWEST_LIFT else 0


@njit(cache=True, nogil=True, error_model="numpy", fastmath=FAST, **LEAN)
def _lift_and_drag(  # type: ignore[no-untyped-def]
    x, y, z, r, sin2, vx, vy, vz, sphere, exponential, density, per_beta, lift_to_drag, limit,
    damping, scale_height, bank_cos, bank_sin,
):  # fmt: skip
    """Acceleration [m/s2] of a gliding body by the air."""
    height = _height(r, sin2, sphere)
    rho = air_at(height, exponential, density)[0]
    v2 = vx * vx + vy * vy + vz * vz
    v = math.sqrt(v2)
    slow = 0.5 * rho * v * per_beta
    # The vertical (of the ellipsoid), and what of it is across the velocity.
    flat = 0.0 if sphere > 0.0 else ECCENTRICITY2 / (1.0 + height * (1.0 / SEMI_MAJOR_M))
    uz = z / (1.0 - flat)
    per_u = 1.0 / math.sqrt(x * x + y * y + uz * uz)
    per_v = 1.0 / v
    ix, iy, iz = vx * per_v, vy * per_v, vz * per_v
    ux, uy, uz = x * per_u, y * per_u, uz * per_u
    sin_gamma = ux * ix + uy * iy + uz * iz
    cos_gamma = math.sqrt(max(1e-12, 1.0 - sin_gamma * sin_gamma))
    most = lift_to_drag * slow * v
    if limit == 0.0 or limit == BOUNDED:
        lift = _wanted_lift(
            r, v2, v, sin_gamma, cos_gamma, lift_to_drag, damping, scale_height, bank_cos
        )
        if limit == BOUNDED:
            lift = min(most, max(LOWEST_LIFT * most, lift))
    else:
        lift = most if limit > 0.0 else LOWEST_LIFT * most
    lift /= cos_gamma  # the length of the part across the velocity
    a, b = lift * bank_cos, lift * bank_sin
    nx, ny, nz = ux - sin_gamma * ix, uy - sin_gamma * iy, uz - sin_gamma * iz
    return (
        a * nx + b * (iy * nz - iz * ny) - slow * vx,
        a * ny + b * (iz * nx - ix * nz) - slow * vy,
        a * nz + b * (ix * ny - iy * nx) - slow * vz,
    )


@njit(cache=True, nogil=True, error_model="numpy", fastmath=FAST, **LEAN)
def _thrust_and_drag(  # type: ignore[no-untyped-def]
    t, r, sin2, vx, vy, vz, mode, sphere, exponential, density, air, thrust, flow, mass, since,
    area, exit_area, turn_rate, turn_from, a_x, a_y, a_z, b_x, b_y, b_z,
):  # fmt: skip
    """Acceleration [m/s2] of a burning booster by its engine and the air."""
    rho, pressure, sound = air_at(_height(r, sin2, sphere), exponential, density)
    v = math.sqrt(vx * vx + vy * vy + vz * vz)
    per_mass = 1.0 / (mass - flow * (t - since))
    push = max(0.0, thrust - exit_area * pressure * air) * per_mass
    slow = 0.5 * rho * air * v * area * _on_curve(v / sound, _DRAG_CURVE) * per_mass
    if mode == ALONG:
        if v > 0.0:
            slow -= push / v
        return -slow * vx, -slow * vy, -slow * vz
    angle = turn_rate * (t - turn_from)
    a, b = push * math.cos(angle), push * math.sin(angle)
    return (
        a * a_x + b * b_x - slow * vx,
        a * a_y + b * b_y - slow * vy,
        a * a_z + b * b_z - slow * vz,
    )
