"""Addressed random numbers: the same (seed, kind, entity, replicate, slot) always gives the same draw.

A stream is never advanced: slot s of a stream is lane s % 4 of block s // 4 of a Philox-4x64-10
counter generator (Salmon, Moraes, Dror and Shaw, SC11, 2011), key = (seed, kind << 32 | entity),
counter = (block + 1, 0, 0, replicate). `numpy.random.Generator(Philox(...)).random` walks the same
numbers in order, which the tests check. Only uniforms are drawn; every other distribution is an
inverse of its distribution function, so that architectures stay paired.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numba import njit

from hinomi.kernels import LEAN
from hinomi.records.columns import Floats, Keys

KINDS = {
    name: number
    for number, name in enumerate(
        (
            "truth",
            "radar",
            "infrared",
            "clutter",
            "command",
            "shot",
            "diffusion",
            "relay",
            "supply",
            "availability",
            "bias",
            "delivery",
            "refusal",
        ),
        start=1,
    )
}


class Draws(Protocol):
    """Where a link takes its chance from; `study.seeds` makes it, tests make their own."""

    @property
    def replicate(self) -> int:
        """Number of the replicate, the last word of the counter."""

    def keys(self, kind: str, entities: Sequence[str]) -> Keys:
        """(E, 2) uint64 keys of the streams of these entities, for use inside kernels."""

    def uniforms(self, kind: str, entity: str, count: int, *, slot: int = 0) -> Floats:
        """(count,) uniforms in (0, 1) at slots slot, slot + 1, ... of one stream."""


@njit(cache=True, nogil=True, error_model="numpy", inline="always")
def _high_and_low(a, b):  # type: ignore[no-untyped-def]
    """High and low 64 bits of the product of two 64-bit numbers."""
    mask = np.uint64(0xFFFFFFFF)
    shift = np.uint64(32)
    a_lo, a_hi, b_lo, b_hi = a & mask, a >> shift, b & mask, b >> shift
    t = a_lo * b_lo
    k = t >> shift
    t = a_hi * b_lo + k
    w1 = (t & mask) + a_lo * b_hi
    return a_hi * b_hi + (t >> shift) + (w1 >> shift), a * b


@njit(cache=True, nogil=True, error_model="numpy", **LEAN)
def four_uniforms(key0, key1, block, replicate):  # type: ignore[no-untyped-def]
    """Four uniforms in (0, 1) of one block; all arguments uint64 except the whole number `block`."""
    c0 = np.uint64(block) + np.uint64(1)
    c1 = np.uint64(0)
    c2 = np.uint64(0)
    c3 = np.uint64(replicate)
    k0, k1 = np.uint64(key0), np.uint64(key1)
    for _ in range(10):
        hi0, lo0 = _high_and_low(np.uint64(0xD2E7470EE14C6C93), c0)
        hi1, lo1 = _high_and_low(np.uint64(0xCA5A826395121157), c2)
        c0, c1, c2, c3 = hi1 ^ c1 ^ k0, lo1, hi0 ^ c3 ^ k1, lo0
        k0 += np.uint64(0x9E3779B97F4A7C15)
        k1 += np.uint64(0xBB67AE8584CAA73B)
    shift = np.uint64(11)
    scale = 1.1102230246251565e-16  # 2**-53; half a step up keeps 0 and 1 out
    return (
        (np.float64(c0 >> shift) + 0.5) * scale,
        (np.float64(c1 >> shift) + 0.5) * scale,
        (np.float64(c2 >> shift) + 0.5) * scale,
        (np.float64(c3 >> shift) + 0.5) * scale,
    )


@njit(cache=True, nogil=True, error_model="numpy", **LEAN)
def fill_uniforms(key0, key1, replicate, slot, out):  # type: ignore[no-untyped-def]
    """Fill `out` with the uniforms at slots slot, slot + 1, ... of one stream."""
    for i in range(out.size):
        four = four_uniforms(key0, key1, (slot + i) // 4, replicate)
        out[i] = four[(slot + i) % 4]


@njit(cache=True, nogil=True, error_model="numpy", **LEAN)
def _polynomial(x, a, b, c, d, e, f, g, h):  # type: ignore[no-untyped-def]
    """Value of a polynomial of degree seven, the highest power first."""
    return ((((((a * x + b) * x + c) * x + d) * x + e) * x + f) * x + g) * x + h


@njit(cache=True, nogil=True, error_model="numpy", **LEAN)
def normal(u):  # type: ignore[no-untyped-def]
    """Standard normal quantile of u in (0, 1): Wichura, AS 241 (1988), full double precision [-]."""
    q = u - 0.5
    if abs(q) <= 0.425:
        r = 0.180625 - q * q
        top = _polynomial(
            r, 2509.0809287301226727, 33430.575583588128105, 67265.770927008700853, 45921.953931549871457,
            13731.693765509461125, 1971.5909503065514427, 133.14166789178437745, 3.387132872796366608,
        )  # fmt: skip
        bottom = _polynomial(
            r, 5226.495278852545925, 28729.085735721942674, 39307.89580009271061, 21213.794301586595867,
            5394.1960214247511077, 687.1870074920579083, 42.313330701600911252, 1.0,
        )  # fmt: skip
        return q * top / bottom
    r = math.sqrt(-math.log(min(u, 1.0 - u)))
    if r <= 5.0:
        r -= 1.6
        top = _polynomial(
            r, 7.7454501427834140764e-4, 0.0227238449892691845833, 0.24178072517745061177, 1.27045825245236838258,
            3.64784832476320460504, 5.7694972214606914055, 4.6303378461565452959, 1.42343711074968357734,
        )  # fmt: skip
        bottom = _polynomial(
            r, 1.05075007164441684324e-9, 5.475938084995344946e-4, 0.0151986665636164571966, 0.14810397642748007459,
            0.68976733498510000455, 1.6763848301838038494, 2.05319162663775882187, 1.0,
        )  # fmt: skip
    else:
        r -= 5.0
        top = _polynomial(
            r, 2.01033439929228813265e-7, 2.71155556874348757815e-5, 0.0012426609473880784386, 0.026532189526576123093,
            0.29656057182850489123, 1.7848265399172913358, 5.4637849111641143699, 6.6579046435011037772,
        )  # fmt: skip
        bottom = _polynomial(
            r, 2.04426310338993978564e-15, 1.4215117583164458887e-7, 1.8463183175100546818e-5, 7.868691311456132591e-4,
            0.0148753612908506148525, 0.13692988092273580531, 0.59983220655588793769, 1.0,
        )  # fmt: skip
    return math.copysign(top / bottom, q)


@njit(cache=True, nogil=True, error_model="numpy", **LEAN)
def triangular(u, low, mode, high):  # type: ignore[no-untyped-def]
    """Quantile of the triangular distribution; low = mode = high is a constant."""
    if high <= low:
        return mode
    share = (mode - low) / (high - low)
    if u < share:
        return low + math.sqrt(u * (high - low) * (mode - low))
    return high - math.sqrt((1.0 - u) * (high - low) * (high - mode))
