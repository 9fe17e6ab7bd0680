"""Sigma-point steps of single-model filters: cubature and unscented, positive by construction.

Points at `sqrt(6)` times the columns of the Cholesky factor, of equal weight: the cubature rule
(Arasaratnam & Haykin, IEEE T-AC 54, 2009). It is also the unscented rule (Julier & Uhlmann, Proc.
IEEE 92, 2004) for alpha 1, kappa 0, whose centre has no weight in the mean and the weight `centre`
(beta, 2 for a Gaussian) in covariances. Other choices give the centre negative weight - alpha 1/2
and kappa 3 - n about -11 for nine states - and then a covariance can cease to be positive.

Measurements depend on the position only and the factor is triangular, so six of the twelve points
share the measurement of the mean.
"""

from __future__ import annotations

import math
from typing import Final

from numba import njit

from hinomi.estimate.cartesian import LONGEST_STEP_S, N, add_noise, fall, place_at, turn, wrap

SPREAD: Final = math.sqrt(6.0)
WEIGHT: Final = 1.0 / 12.0
# Rows, and for the gain the column, of the scratch space of an update.
EVEN, BOTH, MEAN, NU, LINE = 3, 6, 9, 10, 11
GAIN: Final = 3


@njit(cache=True, nogil=True, error_model="numpy")
def root_of(p, lower):  # type: ignore[no-untyped-def]
    """Write the lower Cholesky factor (6, 6), False where `p` is not positive definite."""
    for j in range(N):
        total = p[j, j]
        for k in range(j):
            total -= lower[j, k] * lower[j, k]
        if not total > 0.0:
            return False
        pivot = math.sqrt(total)
        lower[j, j] = pivot
        inverse = 1.0 / pivot
        for i in range(j + 1, N):
            total = p[i, j]
            for k in range(j):
                total -= lower[i, k] * lower[j, k]
            lower[i, j] = total * inverse
    return True


@njit(cache=True, nogil=True, error_model="numpy")
def spread_falling(x, p, psd, dt, centre, lower, points):  # type: ignore[no-untyped-def]
    """Move mean and covariance over `dt` of free fall by sigma points, in place.

    `lower` (6, 6) and `points` (13, 6) are scratch. False where `p` is not positive definite.
    """
    if not root_of(p, lower):
        return False
    steps = math.ceil(dt / LONGEST_STEP_S - 1e-9)
    h = dt / steps
    count = 2 * N + 1 if centre > 0.0 else 2 * N
    for m in range(count):
        s = points[m]
        for a in range(N):
            s[a] = x[a]
        if m < 2 * N:
            j = m % N
            way = SPREAD if m < N else -SPREAD
            for a in range(j, N):
                s[a] += way * lower[a, j]
        for _ in range(steps):
            s[0], s[1], s[2], s[3], s[4], s[5] = fall(s[0], s[1], s[2], s[3], s[4], s[5], h)
    for a in range(N):
        total = 0.0
        for m in range(2 * N):
            total += points[m, a] - points[0, a]
        x[a] = points[0, a] + WEIGHT * total
    for m in range(count):
        for a in range(N):
            points[m, a] -= x[a]
    for a in range(N):
        for b in range(a, N):
            total = 0.0
            for m in range(2 * N):
                total += points[m, a] * points[m, b]
            total *= WEIGHT
            if centre > 0.0:
                total += centre * points[2 * N, a] * points[2 * N, b]
            p[a, b] = total
            p[b, a] = total
    add_noise(p, psd, dt)
    return True


@njit(cache=True, nogil=True, error_model="numpy")
def update_points(x, p, z, variance, site, axes, centre, lower, s):  # type: ignore[no-untyped-def]  # noqa: C901
    """Use one measurement (3,), its range NaN for angles only, by sigma points, in place.

    With P = L L' the regression of the measurement on the state is H = B' L^-1 and the covariance
    after it (L - K B') (L - K B')' + K (R + C) K', where C is what the line does not explain: a sum
    of squares, as Joseph's form. `lower` (6, 6) and `s` (12, 6) are scratch. Returns the misfit,
    NaN where `p` is not positive definite.
    """
    if not root_of(p, lower):
        return math.nan
    first = 1 if math.isnan(z[0]) else 0
    o = place_at(x[0], x[1], x[2], site, axes)
    h0 = (o[4], math.atan2(o[1], o[0]), math.atan2(o[2], o[3]))
    # Rows of s: odd and even differences by column of the factor, R + C, mean, innovation, a line;
    # beside the first six the gain.
    s[MEAN, 0], s[MEAN, 1], s[MEAN, 2] = 0.0, 0.0, 0.0
    for j in range(3):
        dx, dy, dz = SPREAD * lower[0, j], SPREAD * lower[1, j], SPREAD * lower[2, j]
        if j > 0:
            dx = 0.0
        if j > 1:
            dy = 0.0
        up0, up1, up2 = _off(x[0] + dx, x[1] + dy, x[2] + dz, site, axes, o)
        down0, down1, down2 = _off(x[0] - dx, x[1] - dy, x[2] - dz, site, axes, o)
        s[j, 0], s[EVEN + j, 0] = up0 - down0, up0 + down0
        s[j, 1], s[EVEN + j, 1] = up1 - down1, up1 + down1
        s[j, 2], s[EVEN + j, 2] = up2 - down2, up2 + down2
        for i in range(3):
            s[MEAN, i] += WEIGHT * s[EVEN + j, i]
    misfit = _gains(lower, z, variance, h0, centre, first, s)
    if math.isnan(misfit):
        return misfit
    for a in range(N):
        for i in range(first, 3):
            x[a] += s[a, GAIN + i] * s[NU, i]
    # L - K B', then its square and K (R + C) K'.
    share = SPREAD * WEIGHT
    for a in range(N):
        for j in range(3):
            total = 0.0
            for i in range(first, 3):
                total += s[a, GAIN + i] * s[j, i]
            lower[a, j] = (lower[a, j] if a >= j else 0.0) - share * total
        for j in range(a + 1, N):
            if j > 2:
                lower[a, j] = 0.0
    for a in range(N):
        s[LINE, 0], s[LINE, 1], s[LINE, 2] = 0.0, 0.0, 0.0
        for i in range(first, 3):
            for j in range(first, 3):
                s[LINE, j] += s[a, GAIN + i] * s[BOTH + i, j]
        for b in range(a, N):
            total = 0.0
            for j in range(N):
                total += lower[a, j] * lower[b, j]
            for i in range(first, 3):
                total += s[LINE, i] * s[b, GAIN + i]
            p[a, b] = total
            p[b, a] = total
    return misfit


@njit(cache=True, nogil=True, error_model="numpy")
def _off(x, y, z, site, axes, o):  # type: ignore[no-untyped-def]
    """Return how range, azimuth and elevation of a point differ from those of the place `o`."""
    a, b, c, level, r = place_at(x, y, z, site, axes)
    azimuth = turn(o[0] * b - o[1] * a, o[0] * a + o[1] * b)
    return r - o[4], azimuth, turn(o[3] * c - o[2] * level, o[3] * level + o[2] * c)


@njit(cache=True, nogil=True, error_model="numpy")
def _gains(lower, z, variance, h0, centre, first, s):  # type: ignore[no-untyped-def]
    """Write R + C into its rows of `s`, the gain, and the innovation; return the misfit.

    Works on three numbers throughout; the range has no part where it is not measured.
    """
    share = SPREAD * WEIGHT
    s[NU, 0] = z[0] - h0[0] - s[MEAN, 0] if first == 0 else 0.0
    s[NU, 1] = wrap(z[1] - h0[1] - s[MEAN, 1])
    s[NU, 2] = z[2] - h0[2] - s[MEAN, 2]
    for i in range(first, 3):
        for k in range(i, 3):
            # Six points at the mean's measurement, and the centre.
            total = (6.0 * WEIGHT + centre) * s[MEAN, i] * s[MEAN, k]
            for j in range(3):
                total += (
                    0.5 * WEIGHT
                    * (s[EVEN + j, i] - 2.0 * s[MEAN, i]) * (s[EVEN + j, k] - 2.0 * s[MEAN, k])
                )  # fmt: skip
            if i == k:
                total += variance[i]
            s[BOTH + i, k] = total
            s[BOTH + k, i] = total
    # Innovation covariance R + C + B'B and its factor, by hand.
    q = (
        s[BOTH, 0] + _square(s, 0, 0) if first == 0 else 1.0,
        s[BOTH, 1] + _square(s, 0, 1) if first == 0 else 0.0,
        s[BOTH, 2] + _square(s, 0, 2) if first == 0 else 0.0,
        s[BOTH + 1, 1] + _square(s, 1, 1),
        s[BOTH + 1, 2] + _square(s, 1, 2),
        s[BOTH + 2, 2] + _square(s, 2, 2),
    )
    if not q[0] > 0.0:
        return math.nan
    l00 = math.sqrt(q[0])
    l10, l20 = q[1] / l00, q[2] / l00
    d1 = q[3] - l10 * l10
    if not d1 > 0.0:
        return math.nan
    l11 = math.sqrt(d1)
    l21 = (q[4] - l20 * l10) / l11
    d2 = q[5] - l20 * l20 - l21 * l21
    if not d2 > 0.0:
        return math.nan
    l22 = math.sqrt(d2)
    w0 = s[NU, 0] / l00
    w1 = (s[NU, 1] - l10 * w0) / l11
    w2 = (s[NU, 2] - l20 * w0 - l21 * w1) / l22
    for a in range(N):
        c0, c1, c2 = 0.0, 0.0, 0.0  # row of the cross covariance L B
        for j in range(min(a + 1, 3)):
            c0 += lower[a, j] * s[j, 0]
            c1 += lower[a, j] * s[j, 1]
            c2 += lower[a, j] * s[j, 2]
        g0 = share * c0 / l00 if first == 0 else 0.0
        g1 = (share * c1 - l10 * g0) / l11
        g2 = (share * c2 - l20 * g0 - l21 * g1) / l22
        g2 = g2 / l22
        g1 = (g1 - l21 * g2) / l11
        s[a, GAIN] = (g0 - l10 * g1 - l20 * g2) / l00 if first == 0 else 0.0
        s[a, GAIN + 1] = g1
        s[a, GAIN + 2] = g2
    return w0 * w0 + w1 * w1 + w2 * w2


@njit(cache=True, nogil=True, error_model="numpy")
def _square(s, i, k):  # type: ignore[no-untyped-def]
    """Return an element of B'B; the squared share of an odd difference is half a weight."""
    total = 0.0
    for j in range(3):
        total += s[j, i] * s[j, k]
    return 0.5 * WEIGHT * total
