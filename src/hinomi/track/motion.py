"""How a tracked body moves: gravity, and a specific force that wanders about the mean of its mode.

All four modes (`records.tracks.MODES`) share one state of nine numbers: position and velocity
(Earth-fixed) and the specific force along the velocity, in the vertical plane (lift) and to the
right. They differ only in the mean, size and persistence of that force, a Gauss-Markov (Singer)
process. One shared state instead of one state per mode keeps mixing free of bias and the filter
small; it gives up mass flow and ballistic coefficient as states of their own, whose part the wander
of the specific force takes over.

Sources: Li & Jilkov, Survey of Maneuvering Target Tracking, Part I (Singer family, IEEE T-AES 39,
2003) and Part II (boost, coast, re-entry; IEEE T-AES 46, 2010). Sizes are assumed unless noted.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from numba import njit

from hinomi.earth.atmosphere import state
from hinomi.earth.gravity import MU_M3_S2, acceleration_in_rotating_frame
from hinomi.earth.wgs84 import ROTATION_RAD_S, height_above_ellipsoid
from hinomi.records.tracks import MODE_BOOST, MODE_COAST, MODE_GLIDE

COAST_BETA_KG_M2: Final = 8_000.0  # assumed: middle of separated bodies
GLIDE_BETA_KG_M2: Final = 10_000.0  # assumed: between 4,000 and 15,000
LIFT_TO_DRAG: Final = 2.6  # Acton, Science & Global Security 23 (2015); Tracy & Wright (2020)
BOOST_MEAN_MPS2: Final = 30.0  # assumed
BOOST_SIGMA_MPS2: Final = 25.0  # assumed: burnout of a stage is at two to three times the mean
BOOST_LATERAL_MPS2: Final = 4.0  # assumed: pitching over
COAST_SIGMA_MPS2: Final = 0.01  # assumed; also the floor of the other modes
COAST_DRAG_SHARE: Final = 0.5  # assumed: one sigma of an unknown ballistic coefficient
COAST_LIFT_SHARE: Final = 0.5  # assumed: a lift that has just begun is not yet called a glide
DRAG_LIMIT_MPS2: Final = 500.0  # assumed: keeps a prediction into the ground finite
GLIDE_SIGMA_MPS2: Final = (1.0, 2.0, 2.0)  # assumed: a steady glide
MANOEUVRE_SIGMA_MPS2: Final = (5.0, 15.0, 15.0)  # assumed: a banked glide
TAU_S: Final = np.array([40.0, 60.0, 60.0, 20.0])  # persistence by mode, assumed
SLOWEST_MPS: Final = 500.0  # below, the turning of the velocity frame is not trusted (assumed)
LEAST_COSINE: Final = 0.2  # the same for a velocity near the vertical (assumed)


@njit(cache=True, nogil=True)
def air(rx, ry, rz, vx, vy, vz):  # type: ignore[no-untyped-def]
    """Air factor, drag of a coasting body and lift of equilibrium glide [m/s2].

    The air factor is the share of the lift of equilibrium that the air can give, at most 1.
    """
    rho, _, _ = state(height_above_ellipsoid(rx, ry, rz))
    v2 = vx * vx + vy * vy + vz * vz
    r2 = rx * rx + ry * ry + rz * rz
    lift = max(MU_M3_S2 / r2 - v2 / math.sqrt(r2), 1.0)
    q = 0.5 * rho * v2
    share = min(1.0, q * LIFT_TO_DRAG / (GLIDE_BETA_KG_M2 * lift))
    return share, min(q / COAST_BETA_KG_M2, DRAG_LIMIT_MPS2), lift


@njit(cache=True, nogil=True)
def force_means(share, drag, lift, means):  # type: ignore[no-untyped-def]
    """Write the mean specific force of each mode, (4, 3): along, lift, right [m/s2]."""
    for j in range(4):
        for k in range(3):
            means[j, k] = 0.0
        if j == MODE_BOOST:
            means[j, 0] = BOOST_MEAN_MPS2
        elif j == MODE_COAST:
            means[j, 0] = -drag
        else:
            means[j, 0] = -share * lift / LIFT_TO_DRAG
            means[j, 1] = share * lift


@njit(cache=True, nogil=True)
def force_sigmas(share, drag, sigmas):  # type: ignore[no-untyped-def]
    """Write one sigma of the specific force of each mode, (4, 3) [m/s2]: no air, no lift."""
    for j in range(4):
        for k in range(3):
            if j == MODE_BOOST:
                sigmas[j, k] = BOOST_SIGMA_MPS2 if k == 0 else BOOST_LATERAL_MPS2
            elif j == MODE_COAST:
                part = COAST_DRAG_SHARE if k == 0 else COAST_LIFT_SHARE
                sigmas[j, k] = COAST_SIGMA_MPS2 + part * drag
            elif j == MODE_GLIDE:
                sigmas[j, k] = COAST_SIGMA_MPS2 + share * GLIDE_SIGMA_MPS2[k]
            else:
                sigmas[j, k] = COAST_SIGMA_MPS2 + share * MANOEUVRE_SIGMA_MPS2[k]


@njit(cache=True, nogil=True)
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


@njit(cache=True, nogil=True)
def _jacobian(rx, ry, rz, frame, v, climb, force, phi, dt, f):  # type: ignore[no-untyped-def]
    """Write the upper rows of the transition, (6, 9): turning frame, gravity gradient, Coriolis."""
    slow = 1.0 / max(v, SLOWEST_MPS)
    tan = climb / max(math.sqrt(max(1.0 - climb * climb, 0.0)), LEAST_COSINE)
    b01, b02, b11 = -force[1] * slow, -force[2] * slow, force[0] * slow
    b12, b22 = force[2] * tan * slow, (force[0] - force[1] * tan) * slow
    r2 = rx * rx + ry * ry + rz * rz
    r = (rx, ry, rz)
    g = -MU_M3_S2 / (r2 * math.sqrt(r2))
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
            axis = frame[3 * k + i]
            f[i, k] = one
            f[i, 3 + k] = dt * one + 0.5 * dt * dt * turn
            f[i, 6 + k] = dt * dt * (2.0 + phi) / 6.0 * axis
            f[3 + i, k] = dt * g * (one - 3.0 * r[i] * r[k] / r2)
            f[3 + i, 3 + k] = one + dt * turn
            f[3 + i, 6 + k] = 0.5 * dt * (1.0 + phi) * axis


@njit(cache=True, nogil=True)
def predict_covariance(p, f, w, frame, sigma, phi, dt):  # type: ignore[no-untyped-def]  # noqa: C901
    """Move a (9, 9) covariance in place by the upper rows `f` and the decay `phi` of the force.

    `w` (6, 9) is working space. Process noise: Singer's for a step short against its persistence,
    with the exact variance of the force.
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
    for i in range(6):
        for k in range(i, 9):
            if k >= 6:
                a = phi * w[i, k]
            else:
                a = 0.0
                for m in range(9):
                    a += w[i, m] * f[k, m]
            p[i, k] = a
    for i in range(6, 9):
        for k in range(i, 9):
            p[i, k] *= phi * phi
    for n in range(3):
        own = sigma[n] * sigma[n] * (1.0 - phi * phi)
        q = own / dt
        for i in range(3):
            fi = frame[3 * n + i]
            for k in range(3):
                qf = q * fi * frame[3 * n + k]
                if k >= i:
                    p[i, k] += qf * dt**5 / 20.0
                    p[3 + i, 3 + k] += qf * dt**3 / 3.0
                p[i, 3 + k] += qf * dt**4 / 8.0
            p[i, 6 + n] += q * fi * dt**3 / 6.0
            p[3 + i, 6 + n] += q * fi * dt * dt / 2.0
        p[6 + n, 6 + n] += own
    for i in range(9):
        for k in range(i):
            p[i, k] = p[k, i]


@njit(cache=True, nogil=True)
def predict(x, p, mean0, mean1, sigma, tau_s, dt, f, w):  # type: ignore[no-untyped-def]
    """Move the state (9,) and covariance (9, 9) of one mode by `dt` (at most about 2 s) in place.

    `mean0`, `mean1` (3,): mean force of the mode at both ends of the step; the deviation from it
    decays with `tau_s`. Midpoint rule in true gravity. `f` and `w`, (6, 9), are working space.
    """
    phi = math.exp(-dt / tau_s)
    rx, ry, rz, vx, vy, vz = x[0], x[1], x[2], x[3], x[4], x[5]
    frame = velocity_frame(rx, ry, rz, vx, vy, vz)
    gx, gy, gz = acceleration_in_rotating_frame(rx, ry, rz, vx, vy)
    h = 0.5 * dt
    mx, my, mz = rx + h * vx, ry + h * vy, rz + h * vz
    wx = vx + h * (gx + frame[0] * x[6] + frame[3] * x[7] + frame[6] * x[8])
    wy = vy + h * (gy + frame[1] * x[6] + frame[4] * x[7] + frame[7] * x[8])
    wz = vz + h * (gz + frame[2] * x[6] + frame[5] * x[7] + frame[8] * x[8])
    frame = velocity_frame(mx, my, mz, wx, wy, wz)
    gx, gy, gz = acceleration_in_rotating_frame(mx, my, mz, wx, wy)
    g = (gx, gy, gz)
    e0 = mean1[0] + phi * (x[6] - mean0[0])
    e1 = mean1[1] + phi * (x[7] - mean0[1])
    e2 = mean1[2] + phi * (x[8] - mean0[2])
    force = (0.5 * (x[6] + e0), 0.5 * (x[7] + e1), 0.5 * (x[8] + e2))
    _jacobian(mx, my, mz, frame, frame[9], frame[10], force, phi, dt, f)
    for i in range(3):
        near = frame[i] * x[6] + frame[3 + i] * x[7] + frame[6 + i] * x[8]
        far = frame[i] * e0 + frame[3 + i] * e1 + frame[6 + i] * e2
        x[i] += dt * x[3 + i] + 0.5 * dt * dt * (g[i] + (2.0 * near + far) / 3.0)
        x[3 + i] += dt * (g[i] + 0.5 * (near + far))
    x[6], x[7], x[8] = e0, e1, e2
    predict_covariance(p, f, w, frame, sigma, phi, dt)
