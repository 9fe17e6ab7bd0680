"""Where a track will be: its current state carried forward, falling or gliding straight ahead."""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from numba import njit

from hinomi.earth.atmosphere import state
from hinomi.earth.gravity import G0_MPS2, acceleration_in_rotating_frame
from hinomi.earth.wgs84 import ECCENTRICITY2, MEAN_RADIUS_M, height_above_ellipsoid
from hinomi.kernels import LEAN
from hinomi.records.columns import Floats

# A specific force along the velocity above this is a motor burning: nothing is predicted (assumed).
BOOSTING_MPS2: Final = 5.0
# Above this height a fall is stepped by 10 s, below by 4 s, and by 2 s where the air is dense.
THIN_AIR_M: Final = 90_000.0
DENSE_AIR_M: Final = 40_000.0
GLIDE_STEP_S: Final = 8.0
# Density scale height of a glide; the standard atmosphere gives 6.4-8.1 km over 30-50 km.
GLIDE_SCALE_HEIGHT_M: Final = 7100.0
# The track's own climb angle fades into that of an equilibrium glide in this time (assumed).
TREND_FADES_S: Final = 30.0
# Below this speed a glider is taken to fall (assumed; sources give 0.8-1.6 km/s).
GLIDE_ENDS_MPS: Final = 1200.0
LEAST_LEVEL_MPS: Final = 1.0  # straight up or down there is no way ahead to glide along: it falls


@njit(cache=True, nogil=True, error_model="numpy", **LEAN)
def _fall_rate(x, y, z, vx, vy, vz, beta_kg_m2):  # type: ignore[no-untyped-def]
    """Acceleration [m/s2] of a body under gravity and drag in Earth-fixed axes."""
    ax, ay, az = acceleration_in_rotating_frame(x, y, z, vx, vy)
    rho, _, _ = state(height_above_ellipsoid(x, y, z))
    k = 0.5 * rho * math.sqrt(vx * vx + vy * vy + vz * vz) / beta_kg_m2
    return ax - k * vx, ay - k * vy, az - k * vz


@njit(cache=True, nogil=True, error_model="numpy", **LEAN)
def _fall_step(s, dt, beta_kg_m2):  # type: ignore[no-untyped-def]
    """Classical Runge-Kutta step of (x, y, z, vx, vy, vz)."""
    x, y, z, u, v, w = s
    h = 0.5 * dt
    a1, b1, c1 = _fall_rate(x, y, z, u, v, w, beta_kg_m2)
    u2, v2, w2 = u + h * a1, v + h * b1, w + h * c1
    a2, b2, c2 = _fall_rate(x + h * u, y + h * v, z + h * w, u2, v2, w2, beta_kg_m2)
    u3, v3, w3 = u + h * a2, v + h * b2, w + h * c2
    a3, b3, c3 = _fall_rate(x + h * u2, y + h * v2, z + h * w2, u3, v3, w3, beta_kg_m2)
    u4, v4, w4 = u + dt * a3, v + dt * b3, w + dt * c3
    a4, b4, c4 = _fall_rate(x + dt * u3, y + dt * v3, z + dt * w3, u4, v4, w4, beta_kg_m2)
    k = dt / 6.0
    return (
        x + k * (u + 2.0 * (u2 + u3) + u4),
        y + k * (v + 2.0 * (v2 + v3) + v4),
        z + k * (w + 2.0 * (w2 + w3) + w4),
        u + k * (a1 + 2.0 * (a2 + a3) + a4),
        v + k * (b1 + 2.0 * (b2 + b3) + b4),
        w + k * (c1 + 2.0 * (c2 + c3) + c4),
    )


@njit(cache=True, nogil=True, error_model="numpy", **LEAN)
def _up(x, y, z):  # type: ignore[no-untyped-def]
    """Compute the unit normal of the ellipsoid below a point (exact on the ground)."""
    n = z / (1.0 - ECCENTRICITY2)
    size = math.sqrt(x * x + y * y + n * n)
    return x / size, y / size, n / size


@njit(cache=True, nogil=True, error_model="numpy", **LEAN)
def _moves_level(s):  # type: ignore[no-untyped-def]
    """Whether a state (x, y, z, vx, vy, vz) moves over the ground at all."""
    ux, uy, uz = _up(s[0], s[1], s[2])
    climb = s[3] * ux + s[4] * uy + s[5] * uz
    ex, ey, ez = s[3] - climb * ux, s[4] - climb * uy, s[5] - climb * uz
    return ex * ex + ey * ey + ez * ez > LEAST_LEVEL_MPS * LEAST_LEVEL_MPS


@njit(cache=True, nogil=True, error_model="numpy", **LEAN)
def _glide_step(s, dt, lift_to_drag):  # type: ignore[no-untyped-def]
    """Glide along the great circle ahead: speed, climb angle and heading over one step."""
    x, y, z, vx, vy, vz = s
    ux, uy, uz = _up(x, y, z)
    speed = math.sqrt(vx * vx + vy * vy + vz * vz)
    climb = vx * ux + vy * uy + vz * uz
    gamma = math.asin(max(-1.0, min(1.0, climb / speed)))
    ex, ey, ez = vx - climb * ux, vy - climb * uy, vz - climb * uz
    level = math.sqrt(ex * ex + ey * ey + ez * ez) + 1e-9
    ex, ey, ez = ex / level, ey / level, ez / level
    r = math.sqrt(x * x + y * y + z * z)
    g = G0_MPS2 * (MEAN_RADIUS_M / r) ** 2
    mid_speed, mid_gamma, new_speed, new_gamma = speed, gamma, speed, gamma
    for half in range(2):
        share = 0.5 if half == 0 else 1.0
        v = speed if half == 0 else mid_speed
        a = gamma if half == 0 else mid_gamma
        slowing = max(g - v * v / r, 0.0) * math.cos(a) / lift_to_drag + g * math.sin(a)
        settled = -2.0 * GLIDE_SCALE_HEIGHT_M * g / (lift_to_drag * v * v)
        new_speed = max(speed - slowing * share * dt, 1.0)
        new_gamma = settled + (gamma - settled) * math.exp(-share * dt / TREND_FADES_S)
        if half == 0:
            mid_speed, mid_gamma = new_speed, new_gamma
    # The straight chord leaves the surface of equal height by ahead^2 / 2 r: taken back.
    ahead = mid_speed * math.cos(mid_gamma) * dt
    rise = mid_speed * math.sin(mid_gamma) * dt - 0.5 * ahead * ahead / r
    x, y, z = x + ahead * ex + rise * ux, y + ahead * ey + rise * uy, z + ahead * ez + rise * uz
    ux, uy, uz = _up(x, y, z)
    dot = ex * ux + ey * uy + ez * uz
    ex, ey, ez = ex - dot * ux, ey - dot * uy, ez - dot * uz
    level = math.sqrt(ex * ex + ey * ey + ez * ez)
    along, up = new_speed * math.cos(new_gamma) / level, new_speed * math.sin(new_gamma)
    return x, y, z, along * ex + up * ux, along * ey + up * uy, along * ez + up * uz


@njit(cache=True, nogil=True, error_model="numpy", **LEAN)
def carry_ahead(mean, gliding, step_s, steps, beta_kg_m2, lift_to_drag, out):  # type: ignore[no-untyped-def]
    """Fill out[: steps + 1] with positions, NaN from the ground on; returns how many are real.

    Nodes are integrated with long steps where the force is smooth; outputs are cubic between nodes.
    """
    for k in range(steps + 1):
        out[k, 0] = out[k, 1] = out[k, 2] = math.nan
    if mean[6] > BOOSTING_MPS2:
        return 0
    s = (mean[0], mean[1], mean[2], mean[3], mean[4], mean[5])
    if height_above_ellipsoid(s[0], s[1], s[2]) < 0.0:
        return 0
    out[0, 0], out[0, 1], out[0, 2] = s[0], s[1], s[2]
    t, k = 0.0, 1
    end = steps * step_s
    while t < end - 1e-9:
        speed2 = s[3] * s[3] + s[4] * s[4] + s[5] * s[5]
        if gliding and speed2 > GLIDE_ENDS_MPS * GLIDE_ENDS_MPS and _moves_level(s):
            dt = GLIDE_STEP_S
            n = _glide_step(s, dt, lift_to_drag)
        else:
            gliding = False
            ux, uy, uz = _up(s[0], s[1], s[2])
            h = height_above_ellipsoid(s[0], s[1], s[2])
            low = min(h, h + 10.0 * (s[3] * ux + s[4] * uy + s[5] * uz) - 500.0)
            dt = 10.0 if low > THIN_AIR_M else (4.0 if low > DENSE_AIR_M else 2.0)
            n = _fall_step(s, dt, beta_kg_m2)
        below = height_above_ellipsoid(n[0], n[1], n[2])
        while k <= steps and k * step_s <= t + dt + 1e-9:
            q = (k * step_s - t) / dt
            a, b = (1.0 + 2.0 * q) * (1.0 - q) * (1.0 - q), q * q * (3.0 - 2.0 * q)
            c, d = q * (1.0 - q) * (1.0 - q) * dt, q * q * (q - 1.0) * dt
            x = a * s[0] + b * n[0] + c * s[3] + d * n[3]
            y = a * s[1] + b * n[1] + c * s[4] + d * n[4]
            z = a * s[2] + b * n[2] + c * s[5] + d * n[5]
            if below < 0.0 and height_above_ellipsoid(x, y, z) < 0.0:
                return k
            out[k, 0], out[k, 1], out[k, 2] = x, y, z
            k += 1
        s = n
        t += dt
        if below < 0.0:
            return k
    return k


def path_ahead(
    mean: Floats,
    *,
    gliding: bool,
    step_s: float,
    steps: int,
    beta_kg_m2: float,
    lift_to_drag: float,
) -> Floats:
    """Predicted positions of a track at 0, step, 2 step ... after its time of validity.

    Falling bodies feel gravity with its flattening term, the rotation of the Earth and drag
    q / beta. Gliding bodies hold an equilibrium glide straight ahead (bank 0): deceleration
    (g - v2/r) / (L/D), climb angle fading from the track's own to
    -2 H g / ((L/D) v2); below 1.2 km/s they fall.

    Parameters
    ----------
    mean
        (9,) mean of a track: position, velocity, specific force along, up and right.
    gliding
        Which of the two laws to use.
    step_s, steps
        Spacing [s] and number of steps.
    beta_kg_m2, lift_to_drag
        Ballistic coefficient and lift-to-drag ratio assumed for the body.

    Returns
    -------
    (steps + 1, 3) Earth-fixed positions [m]; NaN below the ground, and everywhere while a motor
    burns (specific force along the velocity above 5 m/s2).
    """
    out = np.empty((steps + 1, 3))
    carry_ahead(
        np.ascontiguousarray(mean, dtype=np.float64), gliding, float(step_s), steps,
        float(beta_kg_m2), float(lift_to_drag), out,
    )  # fmt: skip
    return out
