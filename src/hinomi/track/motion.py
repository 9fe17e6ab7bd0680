"""How a tracked body moves: true gravity, and a specific force that each mode describes in its way.

Every mode (`records.tracks.MODES`) has nine numbers: position and velocity (Earth-fixed) and three
of its own, the *drives*, from which its specific force along the velocity, in the vertical plane
(lift) and to the right follows:

=================================  =============================================  ==================
mode                               drives                                         force
=================================  =============================================  ==================
boost                              thrust acceleration, share of mass burned per  along: thrust
                                   second (thrust grows as the body gets lighter)
coast                              ln(reference ballistic coefficient / own),     along: - drag,
                                   lift, right                                    lift, right
glide, manoeuvre, pull, cruise     along, lift, right                             the drives
=================================  =============================================  ==================

A drive wanders about its mean as a Gauss-Markov (Singer) process. Sources: Li & Jilkov, Survey of
Maneuvering Target Tracking, Part I (Singer family, IEEE T-AES 39, 2003) and Part II (boost with
constant mass flow, coast, re-entry; IEEE T-AES 46, 2010). Sizes are assumed unless noted.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from numba import njit

from hinomi.earth.atmosphere import state
from hinomi.earth.gravity import MU_M3_S2, acceleration_in_rotating_frame
from hinomi.earth.wgs84 import ROTATION_RAD_S, height_above_ellipsoid
from hinomi.kernels import LEAN
from hinomi.records.tracks import MODE_BOOST, MODE_COAST, MODE_CRUISE, MODE_GLIDE, MODE_PULL

COAST_BETA_KG_M2: Final = 8_000.0  # assumed: middle of separated bodies
COAST_BETA_SIGMA: Final = 0.8  # of its logarithm (assumed)
GLIDE_BETA_KG_M2: Final = 10_000.0  # assumed: between 4,000 and 15,000
LIFT_TO_DRAG: Final = 2.6  # Acton, Science & Global Security 23 (2015); Tracy & Wright (2020)
THRUST_MEAN_MPS2: Final = 30.0  # assumed
THRUST_SIGMA_MPS2: Final = 25.0  # assumed: burnout of a stage is at two to three times the mean
THRUST_LIMIT_MPS2: Final = 150.0
THRUST_WANDER_MPS2: Final = 3.0  # per root second (assumed)
BURN_MEAN_PER_S: Final = (
    0.012  # share of the mass burned per second (assumed: burns of 60 to 170 s)
)
BURN_SIGMA_PER_S: Final = 0.008
BURN_WANDER_PER_S: Final = 2e-3  # per root second (assumed)
BURN_LIMIT_PER_S: Final = 0.15
BOOST_WHITE_MPS2: Final = 2.0  # pitching over: white acceleration, per root hertz (assumed)
BOOST_LATERAL_MPS2: Final = 4.0  # its size as a force, for users of the mixture (assumed)
COAST_WHITE_MPS2: Final = 0.001  # assumed: what the models of Earth and air leave out
COAST_LIFT_SHARE: Final = 1.5  # of the drag: a lift that has just begun is no glide yet (assumed)
COAST_LIFT_MPS2: Final = 0.5  # but no more than this of it (assumed)
COAST_SIDE_SHARE: Final = 0.05  # of the drag: a body that falls askew (assumed)
DRAG_LIMIT_MPS2: Final = 500.0  # assumed: keeps a prediction into the ground finite
LEAST_SIGMA_MPS2: Final = 2e-4  # of a force where there is no air (assumed)
GLIDE_SIGMA_MPS2: Final = (1.0, 2.0, 2.0)  # assumed: a steady glide
MANOEUVRE_SIGMA_MPS2: Final = (5.0, 15.0, 15.0)  # assumed: a banked glide
PULL_SIGMA_MPS2: Final = (30.0, 30.0, 30.0)  # assumed: a quasi-ballistic body that pulls up
CRUISE_SIGMA_MPS2: Final = (2.0, 3.0, 10.0)  # assumed: turns of up to 2 g
TAU_S: Final = np.array(
    [40.0, 60.0, 60.0, 20.0, 8.0, 20.0]
)  # persistence of a force by mode, assumed
COAST_BETA_TAU_S: Final = 300.0  # assumed
COAST_BETA_REACH: Final = 2.5  # of the logarithm: 650 to 97,000 kg/m2 (assumed)
FASTEST_MPS: Final = 5e4
FARTHEST_M: Final = 1e9
SLOWEST_MPS: Final = 500.0  # below, the turning of the velocity frame is not trusted (assumed)
LEAST_COSINE: Final = 0.2  # the same for a velocity near the vertical (assumed)


@njit(cache=True, nogil=True, error_model="numpy", **LEAN)
def air(rx, ry, rz, vx, vy, vz):  # type: ignore[no-untyped-def]
    """Air factor, drag of a coasting body and lift of equilibrium glide [m/s2].

    The air factor is the share of the lift of equilibrium that the air can give, at most 1.
    """
    v2 = vx * vx + vy * vy + vz * vz
    r2 = rx * rx + ry * ry + rz * rz
    if not (v2 < FASTEST_MPS * FASTEST_MPS and r2 < FARTHEST_M * FARTHEST_M):
        return 0.0, 0.0, 1.0  # a track gone astray, or no number at all: it is about to end
    rho, _, _ = state(height_above_ellipsoid(rx, ry, rz))
    lift = max(MU_M3_S2 / r2 - v2 / math.sqrt(r2), 1.0)
    q = 0.5 * rho * v2
    share = min(1.0, q * LIFT_TO_DRAG / (GLIDE_BETA_KG_M2 * lift))
    return share, min(q / COAST_BETA_KG_M2, DRAG_LIMIT_MPS2), lift


@njit(cache=True, nogil=True, error_model="numpy", **LEAN)
def drive_means(kind, share, lift):  # type: ignore[no-untyped-def]
    """Means of the three drives of a mode, in the air of `air`."""
    if kind == MODE_BOOST:
        return THRUST_MEAN_MPS2, BURN_MEAN_PER_S, 0.0
    if kind == MODE_COAST:
        return 0.0, 0.0, 0.0
    if kind == MODE_CRUISE:
        return 0.0, lift, 0.0
    return -share * lift / LIFT_TO_DRAG, share * lift, 0.0


@njit(cache=True, nogil=True, error_model="numpy", **LEAN)
def drive_sigmas(kind, share, drag):  # type: ignore[no-untyped-def]
    """One sigma of the three drives of a mode: no air, no lift."""
    least = LEAST_SIGMA_MPS2
    if kind == MODE_BOOST:
        return THRUST_SIGMA_MPS2, BURN_SIGMA_PER_S, least
    if kind == MODE_COAST:
        side = least + min(COAST_LIFT_SHARE * drag, COAST_LIFT_MPS2) + COAST_SIDE_SHARE * drag
        return COAST_BETA_SIGMA, side, side
    if kind == MODE_CRUISE:
        return CRUISE_SIGMA_MPS2
    size = MANOEUVRE_SIGMA_MPS2
    if kind == MODE_GLIDE:
        size = GLIDE_SIGMA_MPS2
    elif kind == MODE_PULL:
        size = PULL_SIGMA_MPS2
    return least + share * size[0], least + share * size[1], least + share * size[2]


@njit(cache=True, nogil=True, error_model="numpy", **LEAN)
def force_sigmas(kind, share, drag):  # type: ignore[no-untyped-def]
    """One sigma of the specific force of a mode: along, lift, right [m/s2]."""
    if kind == MODE_BOOST:
        return THRUST_SIGMA_MPS2, BOOST_LATERAL_MPS2, BOOST_LATERAL_MPS2
    a, b, c = drive_sigmas(kind, share, drag)
    return (LEAST_SIGMA_MPS2 + a * drag if kind == MODE_COAST else a), b, c


@njit(cache=True, nogil=True, error_model="numpy", **LEAN)
def force(kind, a, b, c, drag):  # type: ignore[no-untyped-def]
    """Specific force of a mode from its drives, and its slope with each of them [m/s2].

    Returns along, lift, right, then three slopes; the second drive of boost has none.
    """
    if kind == MODE_BOOST:
        return a, 0.0, 0.0, 1.0, 0.0, 0.0
    if kind == MODE_COAST:
        along = -drag * math.exp(min(max(a, -COAST_BETA_REACH), COAST_BETA_REACH))
        return along, b, c, along, 1.0, 1.0
    return a, b, c, 1.0, 1.0, 1.0


@njit(cache=True, nogil=True, error_model="numpy", **LEAN)
def velocity_frame(rx, ry, rz, vx, vy, vz):  # type: ignore[no-untyped-def]
    """Return unit vectors along the velocity, of lift and to the right, then speed, sine of climb.

    Lift lies in the vertical plane of the velocity, across it. Without a velocity "along" is up.
    """
    r = math.sqrt(rx * rx + ry * ry + rz * rz)
    ux, uy, uz = rx / r, ry / r, rz / r
    v = math.sqrt(vx * vx + vy * vy + vz * vz)
    fx, fy, fz = (vx / v, vy / v, vz / v) if v > 1.0 else (ux, uy, uz)
    climb = ux * fx + uy * fy + uz * fz
    lx, ly, lz = ux - climb * fx, uy - climb * fy, uz - climb * fz
    n = math.sqrt(lx * lx + ly * ly + lz * lz)
    if n < 1e-3:  # straight up or down: take the Earth's axis for "lift"
        lx, ly, lz = -fz * fx, -fz * fy, 1.0 - fz * fz
        n = math.sqrt(lx * lx + ly * ly + lz * lz)
        if n < 1e-3:
            lx, ly, lz, n = 1.0, 0.0, 0.0, 1.0
    lx, ly, lz = lx / n, ly / n, lz / n
    return fx, fy, fz, lx, ly, lz, fy * lz - fz * ly, fz * lx - fx * lz, fx * ly - fy * lx, v, climb


@njit(cache=True, nogil=True, error_model="numpy", **LEAN)
def next_drives(kind, a, b, c, mean0, mean1, dt):  # type: ignore[no-untyped-def]
    """Drives of a mode `dt` later, then the slopes of that: own, own, own, first with second.

    `mean0`, `mean1`: means at both ends of the step.
    """
    if kind == MODE_BOOST:  # constant mass flow: w' = w^2, thrust' = thrust * w
        b = min(max(b, 0.0), BURN_LIMIT_PER_S)
        g = 1.0 / (1.0 - min(b * dt, 0.5))
        return (
            min(a * g, THRUST_LIMIT_MPS2),
            min(b * g, BURN_LIMIT_PER_S),
            c,
            g,
            g * g,
            1.0,
            a * dt * g * g,
        )
    phi = math.exp(-dt / TAU_S[kind])
    if kind == MODE_COAST:
        a = min(max(a, -COAST_BETA_REACH), COAST_BETA_REACH)
    first = math.exp(-dt / COAST_BETA_TAU_S) if kind == MODE_COAST else phi
    return (
        mean1[0] + first * (a - mean0[0]),
        mean1[1] + phi * (b - mean0[1]),
        mean1[2] + phi * (c - mean0[2]),
        first, phi, phi, 0.0,
    )  # fmt: skip


@njit(cache=True, nogil=True, error_model="numpy", **LEAN)
def move(kind, x, air0, air1, dt):  # type: ignore[no-untyped-def]
    """Move the state (9,) of one mode by `dt` (at most about 2 s) in place, midpoint rule.

    `air0`, `air1`: of `air`, at both ends of the step. Returns the middle position and what the
    Jacobian needs: frame in the middle, slopes of the drives, forces and slopes at both ends.
    """
    rx, ry, rz, vx, vy, vz = x[0], x[1], x[2], x[3], x[4], x[5]
    frame = velocity_frame(rx, ry, rz, vx, vy, vz)
    gx, gy, gz = acceleration_in_rotating_frame(rx, ry, rz, vx, vy)
    near = force(kind, x[6], x[7], x[8], air0[1])
    h = 0.5 * dt
    mx, my, mz = rx + h * vx, ry + h * vy, rz + h * vz
    wx = vx + h * (gx + frame[0] * near[0] + frame[3] * near[1] + frame[6] * near[2])
    wy = vy + h * (gy + frame[1] * near[0] + frame[4] * near[1] + frame[7] * near[2])
    wz = vz + h * (gz + frame[2] * near[0] + frame[5] * near[1] + frame[8] * near[2])
    frame = velocity_frame(mx, my, mz, wx, wy, wz)
    gx, gy, gz = acceleration_in_rotating_frame(mx, my, mz, wx, wy)
    g = (gx, gy, gz)
    mean0, mean1 = drive_means(kind, air0[0], air0[2]), drive_means(kind, air1[0], air1[2])
    d = next_drives(kind, x[6], x[7], x[8], mean0, mean1, dt)
    far = force(kind, d[0], d[1], d[2], air1[1])
    for i in range(3):
        one = frame[i] * near[0] + frame[3 + i] * near[1] + frame[6 + i] * near[2]
        two = frame[i] * far[0] + frame[3 + i] * far[1] + frame[6 + i] * far[2]
        x[i] += dt * x[3 + i] + 0.5 * dt * dt * (g[i] + (2.0 * one + two) / 3.0)
        x[3 + i] += dt * (g[i] + 0.5 * (one + two))
    x[6], x[7], x[8] = d[0], d[1], d[2]
    return (mx, my, mz), frame, (d[3], d[4], d[5], d[6]), near, far


@njit(cache=True, nogil=True, error_model="numpy", **LEAN)
def _jacobian(at, frame, turning, slopes, near, far, dt, f):  # type: ignore[no-untyped-def]
    """Write the upper rows of the transition, (6, 9): turning frame, gravity gradient, Coriolis.

    `turning`: mean force of the step; `slopes`: of the drives; `near`, `far`: force and slopes at
    both ends. The second drive of a burning body acts through the first.
    """
    rx, ry, rz = at
    v, climb = frame[9], frame[10]
    slow = 1.0 / max(v, SLOWEST_MPS)
    tan = climb / max(math.sqrt(max(1.0 - climb * climb, 0.0)), LEAST_COSINE)
    b01, b02, b11 = -turning[1] * slow, -turning[2] * slow, turning[0] * slow
    b12, b22 = turning[2] * tan * slow, (turning[0] - turning[1] * tan) * slow
    r2 = rx * rx + ry * ry + rz * rz
    g = -MU_M3_S2 / (r2 * math.sqrt(r2))
    for k in range(3):
        place = dt * dt * (2.0 * near[3 + k] + far[3 + k] * slopes[k]) / 6.0
        speed = 0.5 * dt * (near[3 + k] + far[3 + k] * slopes[k])
        n = k
        if k == 1 and slopes[3] != 0.0:
            place, speed, n = dt * dt * slopes[3] / 6.0, 0.5 * dt * slopes[3], 0
        for i in range(3):
            f[i, 6 + k] = place * frame[3 * n + i]
            f[3 + i, 6 + k] = speed * frame[3 * n + i]
    for i in range(3):
        fi, li, si = frame[i], frame[3 + i], frame[6 + i]
        for k in range(3):
            lk, sk = frame[3 + k], frame[6 + k]
            turn = (fi * b01 + li * b11) * lk + (fi * b02 + li * b12 + si * b22) * sk
            if i == 0 and k == 1:
                turn += 2.0 * ROTATION_RAD_S
            elif i == 1 and k == 0:
                turn -= 2.0 * ROTATION_RAD_S
            one = 1.0 if i == k else 0.0
            f[i, k] = one
            f[i, 3 + k] = dt * one + 0.5 * dt * dt * turn
            f[3 + i, k] = dt * g * (one - 3.0 * at[i] * at[k] / r2)
            f[3 + i, 3 + k] = one + dt * turn


@njit(cache=True, nogil=True, error_model="numpy", **LEAN)
def spread(p, f, slopes, w):  # type: ignore[no-untyped-def]
    """Move a (9, 9) covariance (upper half) by the upper rows `f` and the slopes of the drives.

    `w` (6, 9) is working space.
    """
    for i in range(3):
        for k in range(9):
            a = p[i, k]
            b = p[3 + i, k]
            for m in range(3):
                a += f[i, 6 + m] * p[6 + m, k]
                b += f[3 + i, m] * p[m, k] + f[3 + i, 6 + m] * p[6 + m, k]
            for m in range(3):
                a += f[i, 3 + m] * p[3 + m, k]
                b += (f[3 + i, 3 + m] - (1.0 if i == m else 0.0)) * p[3 + m, k]
            w[i, k] = a
            w[3 + i, k] = b
    a00, a11, a22, a01 = slopes
    for i in range(6):
        for k in range(i, 6):
            a = 0.0
            for m in range(9):
                a += w[i, m] * f[k, m]
            p[i, k] = a
        p[i, 6] = a00 * w[i, 6] + a01 * w[i, 7]
        p[i, 7] = a11 * w[i, 7]
        p[i, 8] = a22 * w[i, 8]
    p66, p67, p77 = p[6, 6], p[6, 7], p[7, 7]
    p[6, 6] = a00 * a00 * p66 + 2.0 * a00 * a01 * p67 + a01 * a01 * p77
    p[6, 7] = a11 * (a00 * p67 + a01 * p77)
    p[7, 7] = a11 * a11 * p77
    p[6, 8] = a22 * (a00 * p[6, 8] + a01 * p[7, 8])
    p[7, 8] *= a11 * a22
    p[8, 8] *= a22 * a22


@njit(cache=True, nogil=True, error_model="numpy", **LEAN)
def drive_noise(kind, share, drag, slopes, dt):  # type: ignore[no-untyped-def]
    """Variance that each drive gains in `dt`, then the density of a white acceleration."""
    if kind == MODE_BOOST:
        return (
            THRUST_WANDER_MPS2 * THRUST_WANDER_MPS2 * dt,
            BURN_WANDER_PER_S * BURN_WANDER_PER_S * dt,
            0.0,
            BOOST_WHITE_MPS2 * BOOST_WHITE_MPS2,
        )
    a, b, c = drive_sigmas(kind, share, drag)
    white = COAST_WHITE_MPS2 * COAST_WHITE_MPS2 if kind == MODE_COAST else 0.0
    return (
        a * a * (1.0 - slopes[0] * slopes[0]),
        b * b * (1.0 - slopes[1] * slopes[1]),
        c * c * (1.0 - slopes[2] * slopes[2]),
        white,
    )


@njit(cache=True, nogil=True, error_model="numpy", **LEAN)
def add_noise(p, frame, gains, own, white, dt):  # type: ignore[no-untyped-def]
    """Add process noise to the upper half of a (9, 9) covariance, then copy it to the lower.

    Singer's noise for a step short against the persistence: `own` variance of each drive, `gains`
    from drive to force; `white` acceleration [m2/s3] on all axes.
    """
    half, third, dt2 = 0.5 * dt, dt / 6.0 * dt, dt * dt
    rr, rv, vv = dt2 * dt2 / 20.0, dt2 * dt / 8.0, dt2 / 3.0
    g0, g1, g2 = (
        gains[0] * gains[0] * own[0],
        gains[1] * gains[1] * own[1],
        gains[2] * gains[2] * own[2],
    )
    for i in range(3):
        a, b, c = g0 * frame[i], g1 * frame[3 + i], g2 * frame[6 + i]
        for k in range(3):
            q = a * frame[k] + b * frame[3 + k] + c * frame[6 + k]
            if k >= i:
                p[i, k] += q * rr
                p[3 + i, 3 + k] += q * vv
            p[i, 3 + k] += q * rv
        for n in range(3):
            s = own[n] * gains[n] * frame[3 * n + i]
            p[i, 6 + n] += s * third
            p[3 + i, 6 + n] += s * half
        p[i, i] += white * vv * dt
        p[i, 3 + i] += white * half * dt
        p[3 + i, 3 + i] += white * dt
        p[6 + i, 6 + i] += own[i]
    for i in range(9):
        for k in range(i):
            p[i, k] = p[k, i]


@njit(cache=True, nogil=True, error_model="numpy", **LEAN)
def predict(kind, x, p, air0, air1, dt, f, w):  # type: ignore[no-untyped-def]
    """Move the state (9,) and covariance (9, 9) of one mode by `dt` (at most about 2 s) in place.

    `air0`, `air1`: of `air`, at both ends of the step. `f` and `w`, (6, 9), are working space.
    """
    at, frame, slopes, near, far = move(kind, x, air0, air1, dt)
    turning = (0.5 * (near[0] + far[0]), 0.5 * (near[1] + far[1]), 0.5 * (near[2] + far[2]))
    _jacobian(at, frame, turning, slopes, near, far, dt, f)
    spread(p, f, slopes, w)
    noise = drive_noise(kind, air0[0], air0[1], slopes, dt)
    add_noise(p, frame, (far[3], far[4], far[5]), noise, noise[3], dt)
