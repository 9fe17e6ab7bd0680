"""How well several lines of sight fix a point: the angle between the best two, and their dilution."""

from __future__ import annotations

import math

from numba import njit

from hinomi.kernels import LEAN

RANGE_UNIT_M = 1.0e6  # dilutions are counted per 1,000 km: metres per microradian


@njit(cache=True, nogil=True, error_model="numpy", **LEAN)
def best_cosine(sights, count):  # type: ignore[no-untyped-def]
    """Cosine between the two of `count` unit vectors (rows of `sights`) that are nearest to 90 degrees.

    2 where there are fewer than two.
    """
    best = 2.0
    for i in range(count):
        for j in range(i + 1, count):
            c = sights[i, 0] * sights[j, 0] + sights[i, 1] * sights[j, 1]
            c += sights[i, 2] * sights[j, 2]
            if abs(c) < abs(best):
                best = c
    return best


@njit(cache=True, nogil=True, error_model="numpy", **LEAN)
def dilution(sights, count):  # type: ignore[no-untyped-def]
    """Dilution of a position fixed by angles alone: rows of unit vector and range [m]; inf unless fixed.

    The square root of the trace of the inverse of sum (I - l l^T) / r^2: metres per microradian of
    error on each of the two axes across each line of sight (the same number as the error in units
    of the angle's for ranges in 1,000 km).
    """
    xx = xy = xz = yy = yz = zz = 0.0
    for i in range(count):
        x, y, z, r = sights[i, 0], sights[i, 1], sights[i, 2], sights[i, 3] / RANGE_UNIT_M
        w = 1.0 / (r * r)
        xx += w * (1.0 - x * x)
        yy += w * (1.0 - y * y)
        zz += w * (1.0 - z * z)
        xy -= w * x * y
        xz -= w * x * z
        yz -= w * y * z
    a, b, c = yy * zz - yz * yz, xx * zz - xz * xz, xx * yy - xy * xy  # of the adjugate
    det = xx * a - xy * (xy * zz - xz * yz) + xz * (xy * yz - xz * yy)
    size = xx + yy + zz
    if count < 2 or det <= 1e-12 * size * size * size:
        return math.inf
    return math.sqrt((a + b + c) / det)
