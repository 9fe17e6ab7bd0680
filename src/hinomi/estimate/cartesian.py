"""Steps of single-model filters in Cartesian coordinates: look angles, motion, one measured number.

State: position and velocity, six numbers. Measurement: range, azimuth, elevation in the axes of a
site, azimuth from the first axis towards the second, elevation from their plane towards the third.

Sources: Bar-Shalom, Li & Kirubarajan, Estimation with Applications to Tracking and Navigation
(2001), 6.2 (white acceleration), 10.3 (extended filter).
"""

from __future__ import annotations

import math
from typing import Final

from numba import njit

from hinomi.earth.gravity import MU_M3_S2, acceleration_in_rotating_frame
from hinomi.earth.wgs84 import ROTATION_RAD_S

N: Final = 6
LONGEST_STEP_S: Final = 1.0  # of one Runge-Kutta step
SMALL_TANGENT: Final = 0.03  # the first term left out is its twelfth power by 13: 1e-19
LEAST_LEVEL_M: Final = 1.0  # distance from the site's vertical below which azimuth says nothing


@njit(cache=True, nogil=True, error_model="numpy")
def look(x, y, z, site, axes):  # type: ignore[no-untyped-def]
    """Return range [m], azimuth, elevation [rad], and the place in the axes (3, 3) of a site."""
    a, b, c, level, r = place_at(x, y, z, site, axes)
    return r, math.atan2(b, a), math.atan2(c, level), a, b, c


@njit(cache=True, nogil=True, error_model="numpy")
def place_at(x, y, z, site, axes):  # type: ignore[no-untyped-def]
    """Return the place in the axes (3, 3) of a site, its distance from their vertical and range."""
    dx, dy, dz = x - site[0], y - site[1], z - site[2]
    a = axes[0, 0] * dx + axes[0, 1] * dy + axes[0, 2] * dz
    b = axes[1, 0] * dx + axes[1, 1] * dy + axes[1, 2] * dz
    c = axes[2, 0] * dx + axes[2, 1] * dy + axes[2, 2] * dz
    level2 = a * a + b * b
    return a, b, c, math.sqrt(level2), math.sqrt(level2 + c * c)


@njit(cache=True, nogil=True, error_model="numpy")
def slopes(a, b, c, axes, out):  # type: ignore[no-untyped-def]
    """Write the derivatives (3, 3) of range, azimuth, elevation with respect to the position."""
    level2 = max(a * a + b * b, LEAST_LEVEL_M * LEAST_LEVEL_M)
    level = math.sqrt(level2)
    r2 = level2 + c * c
    r = math.sqrt(r2)
    ra, rb, rc = a / r, b / r, c / r
    za, zb = -b / level2, a / level2
    ea, eb, ec = -a * c / (r2 * level), -b * c / (r2 * level), level / r2
    for i in range(3):
        out[0, i] = ra * axes[0, i] + rb * axes[1, i] + rc * axes[2, i]
        out[1, i] = za * axes[0, i] + zb * axes[1, i]
        out[2, i] = ea * axes[0, i] + eb * axes[1, i] + ec * axes[2, i]


@njit(cache=True, nogil=True, error_model="numpy")
def wrap(angle):  # type: ignore[no-untyped-def]
    """Return an angle within half a turn of 0."""
    if angle > math.pi:
        return angle - 2.0 * math.pi
    if angle < -math.pi:
        return angle + 2.0 * math.pi
    return angle


@njit(cache=True, nogil=True, error_model="numpy")
def turn(cross, dot):  # type: ignore[no-untyped-def]
    """Return the angle between two directions in a plane from the products of their vectors."""
    if abs(cross) < SMALL_TANGENT * dot:  # a series, exact to rounding, is cheaper
        q = cross / dot
        q2 = q * q
        return q * (1.0 - q2 * (1 / 3 - q2 * (1 / 5 - q2 * (1 / 7 - q2 * (1 / 9 - q2 / 11)))))
    return math.atan2(cross, dot)


@njit(cache=True, nogil=True, error_model="numpy")
def add_noise(p, psd, dt):  # type: ignore[no-untyped-def]
    """Add white acceleration of spectral density `psd` [m2/s3] over `dt` to a covariance (6, 6)."""
    rr, rv, vv = psd * dt * dt * dt / 3.0, 0.5 * psd * dt * dt, psd * dt
    for i in range(3):
        p[i, i] += rr
        p[i, 3 + i] += rv
        p[3 + i, i] += rv
        p[3 + i, 3 + i] += vv


@njit(cache=True, nogil=True, error_model="numpy")
def move_straight(x, p, psd, dt):  # type: ignore[no-untyped-def]
    """Move mean and covariance over `dt` at constant velocity, exactly, in place."""
    for i in range(3):
        x[i] += dt * x[3 + i]
        for j in range(3):
            p[i, j] += dt * (p[i, 3 + j] + p[3 + i, j] + dt * p[3 + i, 3 + j])
    for i in range(3):
        for j in range(3):
            p[i, 3 + j] += dt * p[3 + i, 3 + j]
            p[3 + j, i] = p[i, 3 + j]
    add_noise(p, psd, dt)


@njit(cache=True, nogil=True, error_model="numpy")
def fall(x, y, z, u, v, w, h):  # type: ignore[no-untyped-def]
    """Return the state after `h` seconds of free fall, Earth-fixed: one Runge-Kutta step."""
    half = 0.5 * h
    a1, b1, c1 = acceleration_in_rotating_frame(x, y, z, u, v)
    u2, v2, w2 = u + half * a1, v + half * b1, w + half * c1
    a2, b2, c2 = acceleration_in_rotating_frame(x + half * u, y + half * v, z + half * w, u2, v2)
    u3, v3, w3 = u + half * a2, v + half * b2, w + half * c2
    a3, b3, c3 = acceleration_in_rotating_frame(x + half * u2, y + half * v2, z + half * w2, u3, v3)
    u4, v4, w4 = u + h * a3, v + h * b3, w + h * c3
    a4, b4, c4 = acceleration_in_rotating_frame(x + h * u3, y + h * v3, z + h * w3, u4, v4)
    s = h / 6.0
    return (
        x + s * (u + 2.0 * (u2 + u3) + u4),
        y + s * (v + 2.0 * (v2 + v3) + v4),
        z + s * (w + 2.0 * (w2 + w3) + w4),
        u + s * (a1 + 2.0 * (a2 + a3) + a4),
        v + s * (b1 + 2.0 * (b2 + b3) + b4),
        w + s * (c1 + 2.0 * (c2 + c3) + c4),
    )


@njit(cache=True, nogil=True, error_model="numpy")
def fall_slopes(x, y, z, h, out):  # type: ignore[no-untyped-def]
    """Write the derivative (6, 6) of the state after `h` by that before, to second order in `h`.

    (x, y, z) is halfway. The gradient is that of a point mass and of the turning axes: flattening
    changes it by a thousandth.
    """
    r2 = x * x + y * y + z * z
    g = -MU_M3_S2 / (r2 * math.sqrt(r2))
    r = (x, y, z)
    spin = 2.0 * ROTATION_RAD_S
    half = 0.5 * h * h
    for i in range(3):
        for j in range(3):
            grad = g * ((1.0 if i == j else 0.0) - 3.0 * r[i] * r[j] / r2)
            if i == j and i < 2:
                grad += ROTATION_RAD_S * ROTATION_RAD_S
            one = 1.0 if i == j else 0.0
            out[i, j] = one + half * grad
            out[i, 3 + j] = h * one
            out[3 + i, j] = h * grad
            out[3 + i, 3 + j] = one + half * grad
    turn = 0.5 * h * spin
    for j in range(3):
        along, across = out[3, j], out[4, j]
        out[3, j] += turn * across
        out[4, j] -= turn * along
    out[0, 4] += half * spin
    out[1, 3] -= half * spin
    out[3, 4] += h * spin
    out[4, 3] -= h * spin
    out[3, 3] -= half * spin * spin
    out[4, 4] -= half * spin * spin


@njit(cache=True, nogil=True, error_model="numpy")
def move_falling(x, p, psd, dt, f, w):  # type: ignore[no-untyped-def]
    """Move mean and covariance over `dt` of free fall, linearised; `f`, `w` (6, 6) are scratch."""
    steps = math.ceil(dt / LONGEST_STEP_S - 1e-9)
    h = dt / steps
    for _ in range(steps):
        half = 0.5 * h
        fall_slopes(x[0] + half * x[3], x[1] + half * x[4], x[2] + half * x[5], h, f)
        x[0], x[1], x[2], x[3], x[4], x[5] = fall(x[0], x[1], x[2], x[3], x[4], x[5], h)
        for i in range(N):
            for j in range(N):
                total = 0.0
                for k in range(N):
                    total += f[i, k] * p[k, j]
                w[i, j] = total
        for i in range(N):
            for j in range(i, N):
                total = 0.0
                for k in range(N):
                    total += w[i, k] * f[j, k]
                p[i, j] = total
                p[j, i] = total
        add_noise(p, psd, h)


@njit(cache=True, nogil=True, error_model="numpy")
def use_number(x, p, hx, hy, hz, nu, variance, c, k, w):  # type: ignore[no-untyped-def]
    """Use one measured number of derivative h by the position, in place; Joseph's form.

    `nu` is the innovation; `c`, `k` (6,) and `w` (6, 6) are scratch. Returns its normalised square,
    NaN where the covariance is no longer positive.
    """
    for a in range(N):
        c[a] = p[a, 0] * hx + p[a, 1] * hy + p[a, 2] * hz
    s = hx * c[0] + hy * c[1] + hz * c[2] + variance
    if not s > 0.0:
        return math.nan
    gain = 1.0 / s
    for a in range(N):
        k[a] = gain * c[a]
        x[a] += k[a] * nu
    # W = (I - K h) P, then W (I - K h)' + K variance K'.
    for a in range(N):
        for b in range(N):
            w[a, b] = p[a, b] - k[a] * c[b]
    for a in range(N):
        c[a] = variance * k[a] - (w[a, 0] * hx + w[a, 1] * hy + w[a, 2] * hz)
    for a in range(N):
        for b in range(a, N):
            p[a, b] = w[a, b] + c[a] * k[b]
            p[b, a] = p[a, b]
    return nu * nu * gain


@njit(cache=True, nogil=True, error_model="numpy")
def update_extended(x, p, z, variance, site, axes, h, c, k, w):  # type: ignore[no-untyped-def]
    """Use one measurement (3,), its range NaN for angles only, in place; returns its misfit.

    All numbers are linearised at the predicted state, so that their order does not matter. `h`
    (3, 3), `c`, `k` (6,), `w` (6, 6) are scratch.
    """
    distance, azimuth, elevation, la, lb, lc = look(x[0], x[1], x[2], site, axes)
    slopes(la, lb, lc, axes, h)
    x0, y0, z0 = x[0], x[1], x[2]
    nu = (z[0] - distance, wrap(z[1] - azimuth), z[2] - elevation)
    misfit = 0.0
    for i in range(1 if math.isnan(z[0]) else 0, 3):
        hx, hy, hz = h[i, 0], h[i, 1], h[i, 2]
        left = nu[i] - (hx * (x[0] - x0) + hy * (x[1] - y0) + hz * (x[2] - z0))
        misfit += use_number(x, p, hx, hy, hz, left, variance[i], c, k, w)
    return misfit
