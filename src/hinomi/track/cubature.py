"""A step of one mode without a linear model: points are moved and measured, yardstick of `filter`.

Third-degree spherical-radial rule: 2n points of equal, positive weight, so no covariance loses its
sign by the rule itself (Arasaratnam & Haykin, IEEE T-AC 54, 2009). Each point has its own air, by
an exponential atmosphere around the mixture's.
"""

from __future__ import annotations

import math
from typing import Any, Final, NamedTuple

import numpy as np
from numba import njit

from hinomi.kernels import LEAN, MAKES_ARRAYS
from hinomi.records.columns import Floats
from hinomi.track.motion import add_noise, drive_noise, move

N: Final = 9
SCALE_HEIGHT_M: Final = 7_000.0  # of the air between the points (assumed)
REACH: Final = 3.0  # of the exponent: a point far off stays in some air


class Points(NamedTuple):
    """Working space of the rule."""

    low: Floats  # (9, 9) square root of a covariance
    at: Floats  # (18, 9)
    seen: Floats  # (18, 3)
    gain: Floats  # (9, 3)


def make_points() -> Points:
    """Return working space."""
    e: Any = np.empty
    return Points(low=e((N, N)), at=e((2 * N, N)), seen=e((2 * N, 3)), gain=e((N, 3)))


@njit(cache=True, nogil=True, error_model="numpy", **LEAN)
def _scatter(x, p, points):  # type: ignore[no-untyped-def]
    """Write the 18 points of mean (9,) and covariance (9, 9); a lost pivot counts as zero."""
    low, at = points.low, points.at
    for i in range(N):
        for j in range(i + 1):
            total = p[i, j]
            for k in range(j):
                total -= low[i, k] * low[j, k]
            if i == j:
                low[i, i] = math.sqrt(max(total, 0.0))
            else:
                low[i, j] = total / low[j, j] if low[j, j] > 0.0 else 0.0
    reach = math.sqrt(1.0 * N)
    for k in range(N):
        for a in range(N):
            step = reach * low[a, k] if a >= k else 0.0
            at[k, a] = x[a] + step
            at[N + k, a] = x[a] - step


@njit(cache=True, nogil=True, error_model="numpy", **LEAN)
def _thicker(now, x, y):  # type: ignore[no-untyped-def]
    """Return the air of `air` at x moved to y: thicker below, more pressure when faster."""
    r2, v2, rise, w2 = 0.0, 0.0, 0.0, 0.0
    for i in range(3):
        r2 += x[i] * x[i]
        v2 += x[3 + i] * x[3 + i]
        w2 += y[3 + i] * y[3 + i]
        rise += x[i] * (y[i] - x[i])
    rise /= math.sqrt(r2)
    size = math.exp(min(max(-rise / SCALE_HEIGHT_M, -REACH), REACH)) * w2 / max(v2, 1.0)
    return min(1.0, now[0] * size), now[1] * size, now[2]


@njit(cache=True, nogil=True, error_model="numpy", **LEAN)
def predict_points(kind, x, p, cx, air0, air1, dt, points):  # type: ignore[no-untyped-def]
    """Move the state (9,) and covariance (9, 9) of one mode by `dt` in place."""
    _scatter(x, p, points)
    at = points.at
    for k in range(2 * N):
        one, two = _thicker(air0, cx, at[k]), _thicker(air1, cx, at[k])
        move(kind, at[k], one, two, dt)
    _, frame, slopes, _, far = move(kind, x, air0, air1, dt)
    for a in range(N):
        total = 0.0
        for k in range(2 * N):
            total += at[k, a]
        x[a] = total / (2 * N)
    for a in range(N):
        for b in range(a, N):
            total = 0.0
            for k in range(2 * N):
                total += (at[k, a] - x[a]) * (at[k, b] - x[b])
            p[a, b] = total / (2 * N)
    noise = drive_noise(kind, air0[0], air0[1], slopes, dt)
    add_noise(p, frame, (far[3], far[4], far[5]), noise, noise[3], dt)


@njit(cache=True, nogil=True, error_model="numpy", **LEAN)
def _look(y, axes, site, los, out):  # type: ignore[no-untyped-def]
    """Write what a sensor at `site` would measure of y: two angles off `los` [rad], range [m]."""
    dx, dy, dz = y[0] - site[0], y[1] - site[1], y[2] - site[2]
    r = math.sqrt(dx * dx + dy * dy + dz * dz)
    along = dx * los[0] + dy * los[1] + dz * los[2]
    for i in range(2):
        out[i] = math.atan2(dx * axes[i, 0] + dy * axes[i, 1] + dz * axes[i, 2], along)
    out[2] = r


@njit(cache=True, nogil=True, error_model="numpy", **MAKES_ARRAYS)
def update_points(x, p, axes, site, los, range_m, variance, points):  # type: ignore[no-untyped-def]
    """Use one report by the points, as `filter.absorb` one axis after the other.

    `variance`: across and along the line of sight [m2]. Returns d2 + ln |S|.
    """
    n = 2 if math.isnan(range_m) else 3
    r2 = (x[0] - site[0]) ** 2 + (x[1] - site[1]) ** 2 + (x[2] - site[2]) ** 2
    _scatter(x, p, points)
    at, seen, gain = points.at, points.seen, points.gain
    for k in range(2 * N):
        _look(at[k], axes, site, los, seen[k])
    m0, m1, m2 = 0.0, 0.0, 0.0
    for k in range(2 * N):
        m0 += seen[k, 0] / (2 * N)
        m1 += seen[k, 1] / (2 * N)
        m2 += seen[k, 2] / (2 * N)
    s = np.zeros((3, 3))
    for k in range(2 * N):
        d = (seen[k, 0] - m0, seen[k, 1] - m1, seen[k, 2] - m2)
        for i in range(3):
            for j in range(3):
                s[i, j] += d[i] * d[j] / (2 * N)
    for a in range(N):
        for i in range(3):
            gain[a, i] = 0.0
        for k in range(2 * N):
            da = (at[k, a] - x[a]) / (2 * N)
            gain[a, 0] += da * (seen[k, 0] - m0)
            gain[a, 1] += da * (seen[k, 1] - m1)
            gain[a, 2] += da * (seen[k, 2] - m2)
    s[0, 0] += variance[0] / r2
    s[1, 1] += variance[0] / r2
    s[2, 2] += variance[1]
    nu = (0.0 - m0, 0.0 - m1, range_m - m2 if n == 3 else 0.0)
    return _apply(x, p, s, gain, nu, n)


@njit(cache=True, nogil=True, error_model="numpy", **MAKES_ARRAYS)
def _apply(x, p, s, cross, nu, n):  # type: ignore[no-untyped-def]
    """Kalman update from innovation (n,), its covariance s and the cross covariance, in place.

    Coordinate after coordinate in the eigen-free way: the factor of s turns `cross` and `nu` into
    uncorrelated coordinates of variance 1. Returns d2 + ln |S|.
    """
    cost = 0.0
    f = np.zeros((3, 3))
    z = np.zeros(3)
    for i in range(n):
        for j in range(i + 1):
            total = s[i, j]
            for k in range(j):
                total -= f[i, k] * f[j, k]
            f[i, j] = math.sqrt(total) if i == j else total / f[j, j]
        cost += 2.0 * math.log(f[i, i])
        z[i] = nu[i]
        for k in range(i):
            z[i] -= f[i, k] * z[k]
        z[i] /= f[i, i]
        cost += z[i] * z[i]
        for a in range(N):
            for k in range(i):
                cross[a, i] -= f[i, k] * cross[a, k]
            cross[a, i] /= f[i, i]
    for i in range(n):
        for a in range(N):
            x[a] += cross[a, i] * z[i]
            for b in range(a, N):
                p[a, b] -= cross[a, i] * cross[b, i]
    for a in range(N):
        for b in range(a):
            p[a, b] = p[b, a]
    return cost
