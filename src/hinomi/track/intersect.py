"""Covariance intersection: one estimate of two whose errors are correlated in an unknown way.

Source: Julier & Uhlmann, Proc. American Control Conference 1997. The weight minimises the trace.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from numba import njit

from hinomi.kernels import LEAN, MAKES_ARRAYS

GOLDEN: Final = 0.5 * (math.sqrt(5.0) - 1.0)
SEARCH_STEPS: Final = 16  # weight known to 1/2000: the trace is flat there


@njit(cache=True, nogil=True, error_model="numpy", **LEAN)
def invert(a, out):  # type: ignore[no-untyped-def]
    """Write the inverse of a symmetric positive definite (n, n) matrix; False when it is not."""
    n = a.shape[0]
    low = out  # the triangle stands where its inverse will: a row is read for the last time as it goes
    for i in range(n):
        for j in range(i + 1):
            total = a[i, j]
            for k in range(j):
                total -= low[i, k] * low[j, k]
            if i != j:
                low[i, j] = total / low[j, j]
            elif total > 0.0:
                low[i, i] = math.sqrt(total)
            else:
                return False
    for j in range(n):  # inverse of the triangle, in place
        low[j, j] = 1.0 / low[j, j]
        for i in range(j + 1, n):
            total = 0.0
            for k in range(j, i):
                total -= low[i, k] * low[k, j]
            low[i, j] = total / low[i, i]
    for i in range(n):
        for j in range(i + 1):
            total = 0.0
            for k in range(i, n):
                total += low[k, i] * low[k, j]
            out[i, j] = total
    for i in range(n):
        for j in range(i):
            out[j, i] = out[i, j]
    return True


@njit(cache=True, nogil=True, error_model="numpy", **LEAN)
def _trace(own, other, weight, mixed, out):  # type: ignore[no-untyped-def]
    """Trace of the fused covariance at one weight of the own information; covariance into `out`."""
    n = own.shape[0]
    for i in range(n):
        for j in range(n):
            mixed[i, j] = weight * own[i, j] + (1.0 - weight) * other[i, j]
    invert(mixed, out)
    total = 0.0
    for i in range(n):
        total += out[i, i]
    return total


@njit(cache=True, nogil=True, error_model="numpy", **MAKES_ARRAYS)
def intersect(x0, p0, x1, p1, x, p):  # type: ignore[no-untyped-def]
    """Fuse means (n,) and covariances (n, n) into `x`, `p`; returns the weight of the first."""
    n = x0.shape[0]
    own, other, mixed = np.empty((n, n)), np.empty((n, n)), np.empty((n, n))
    trace0, trace1 = 0.0, 0.0
    for i in range(n):
        trace0 += p0[i, i]
        trace1 += p1[i, i]
    weight = 1.0 if trace0 <= trace1 else 0.0
    best = min(trace0, trace1)
    if invert(p0, own) and invert(p1, other):
        low, high = 0.0, 1.0
        a, b = high - GOLDEN, low + GOLDEN
        fa, fb = _trace(own, other, a, mixed, p), _trace(own, other, b, mixed, p)
        for _ in range(SEARCH_STEPS):
            if fa < fb:
                high, b, fb = b, a, fa
                a = high - GOLDEN * (high - low)
                fa = _trace(own, other, a, mixed, p)
            else:
                low, a, fa = a, b, fb
                b = low + GOLDEN * (high - low)
                fb = _trace(own, other, b, mixed, p)
        inner = a if fa < fb else b
        if min(fa, fb) < best:
            weight = inner
    if weight == 0.0 or weight == 1.0:
        for i in range(n):
            x[i] = x0[i] if weight == 1.0 else x1[i]
            for j in range(n):
                p[i, j] = p0[i, j] if weight == 1.0 else p1[i, j]
        return weight
    _trace(own, other, weight, mixed, p)
    for i in range(n):  # x0 + (1 - w) P I1 (x1 - x0): differences keep the digits
        x[i] = x0[i]
        for k in range(n):
            for m in range(n):
                x[i] += (1.0 - weight) * p[i, k] * other[k, m] * (x1[m] - x0[m])
    return weight


@njit(cache=True, nogil=True, error_model="numpy", **MAKES_ARRAYS)
def separation(x0, p0, x1, p1):  # type: ignore[no-untyped-def]
    """Squared distance of two estimates over the sum of their covariances; inf when singular."""
    n = x0.shape[0]
    total, inverse = np.empty((n, n)), np.empty((n, n))
    for i in range(n):
        for j in range(n):
            total[i, j] = p0[i, j] + p1[i, j]
    if not invert(total, inverse):
        return math.inf
    d2 = 0.0
    for i in range(n):
        for j in range(n):
            d2 += (x1[i] - x0[i]) * inverse[i, j] * (x1[j] - x0[j])
    return d2
