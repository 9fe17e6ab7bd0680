"""One step of Dormand-Prince 5(4) and its dense output, on the forces of a flight.

Source: Dormand and Prince, J. Comput. Appl. Math. 6 (1980); Hairer, Norsett and Wanner, Solving
Ordinary Differential Equations I (1993), section II.6.
"""

from __future__ import annotations

import math
from typing import Final

from numba import njit

from hinomi.flight.forces import FAST, slope
from hinomi.kernels import LEAN

POSITION_SCALE_M: Final = 6.4e6  # times the tolerance: error allowed in one step
VELOCITY_SCALE_MPS: Final = 2e3


@njit(cache=True, nogil=True, error_model="numpy", fastmath=FAST, **LEAN)
def _plus1(y, a, p):  # type: ignore[no-untyped-def]
    """State plus one weighted slope; tuples of six, so that all stays in registers."""
    return (
        y[0] + a * p[0], y[1] + a * p[1], y[2] + a * p[2],
        y[3] + a * p[3], y[4] + a * p[4], y[5] + a * p[5],
    )  # fmt: skip


@njit(cache=True, nogil=True, error_model="numpy", fastmath=FAST, **LEAN)
def _plus2(y, a, p, b, q):  # type: ignore[no-untyped-def]
    """State plus two weighted slopes."""
    return _plus1(_plus1(y, a, p), b, q)


@njit(cache=True, nogil=True, error_model="numpy", fastmath=FAST, **LEAN)
def _plus3(y, a, p, b, q, c, r):  # type: ignore[no-untyped-def]
    """State plus three weighted slopes."""
    return _plus1(_plus2(y, a, p, b, q), c, r)


@njit(cache=True, nogil=True, error_model="numpy", fastmath=FAST, **LEAN)
def _plus5(y, a, p, b, q, c, r, d, s, e, u):  # type: ignore[no-untyped-def]
    """State plus five weighted slopes."""
    return _plus2(_plus3(y, a, p, b, q, c, r), d, s, e, u)


@njit(cache=True, nogil=True, error_model="numpy", fastmath=FAST, **LEAN)
def keep(values, out, row):  # type: ignore[no-untyped-def]
    """Write six numbers into a row (a view of the row would cost more than the numbers)."""
    for j in range(6):
        out[row, j] = values[j]


@njit(cache=True, nogil=True, error_model="numpy", fastmath=FAST, **LEAN)
def step(t, before, h, mode, numbers, k, after):  # type: ignore[no-untyped-def]
    """One step of length h, k[0] being the derivative at its start; error at tolerance 1.

    Fills the new state and the slopes k (7, 6).
    """
    y = before[0], before[1], before[2], before[3], before[4], before[5]
    p = k[0, 0], k[0, 1], k[0, 2], k[0, 3], k[0, 4], k[0, 5]
    at = _plus1(y, h * (1 / 5), p)
    q = slope(t + h * (1 / 5), at, mode, numbers)
    at = _plus2(y, h * (3 / 40), p, h * (9 / 40), q)
    r = slope(t + h * (3 / 10), at, mode, numbers)
    at = _plus3(y, h * (44 / 45), p, h * (-56 / 15), q, h * (32 / 9), r)
    s = slope(t + h * (4 / 5), at, mode, numbers)
    at = _plus2(
        _plus2(y, h * (19372 / 6561), p, h * (-25360 / 2187), q),
        h * (64448 / 6561), r, h * (-212 / 729), s,
    )  # fmt: skip
    u = slope(t + h * (8 / 9), at, mode, numbers)
    at = _plus5(
        y, h * (9017 / 3168), p, h * (-355 / 33), q, h * (46732 / 5247), r,
        h * (49 / 176), s, h * (-5103 / 18656), u,
    )  # fmt: skip
    w = slope(t + h, at, mode, numbers)
    at = _plus5(
        y, h * (35 / 384), p, h * (500 / 1113), r, h * (125 / 192), s,
        h * (-2187 / 6784), u, h * (11 / 84), w,
    )  # fmt: skip
    z = slope(t + h, at, mode, numbers)
    zero = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
    e = _plus1(
        _plus5(
            zero, 71 / 57600, p, -71 / 16695, r, 71 / 1920, s, -17253 / 339200, u, 22 / 525, w
        ),
        -1 / 40, z,
    )  # fmt: skip
    for j in range(6):
        after[j] = at[j]
    keep(r, k, 2)
    keep(s, k, 3)
    keep(u, k, 4)
    keep(w, k, 5)
    keep(z, k, 6)
    position = e[0] * e[0] + e[1] * e[1] + e[2] * e[2]
    velocity = e[3] * e[3] + e[4] * e[4] + e[5] * e[5]
    return abs(h) * math.sqrt(
        max(
            position * (1.0 / POSITION_SCALE_M / POSITION_SCALE_M),
            velocity * (1.0 / VELOCITY_SCALE_MPS / VELOCITY_SCALE_MPS),
        )
    )


@njit(cache=True, nogil=True, error_model="numpy", fastmath=FAST, **LEAN)
def prepare_inside(h, y, after, k, c):  # type: ignore[no-untyped-def]
    """Coefficients (5, 6) of the dense output of the step just made, in powers of its share."""
    for j in range(6):
        d = after[j] - y[j]
        b = h * k[0, j] - d
        a = d - h * k[6, j] - b
        e = h * (
            -12715105075 / 11282082432 * k[0, j] + 87487479700 / 32700410799 * k[2, j]
            - 10690763975 / 1880347072 * k[3, j] + 701980252875 / 199316789632 * k[4, j]
            - 1453857185 / 822651844 * k[5, j] + 69997945 / 29380423 * k[6, j]
        )  # fmt: skip
        c[0, j] = y[j]
        c[1, j] = d + b
        c[2, j] = a - b + e
        c[3, j] = -a - 2.0 * e
        c[4, j] = e


@njit(cache=True, nogil=True, error_model="numpy", fastmath=FAST, **LEAN)
def inside(share, c, out):  # type: ignore[no-untyped-def]
    """State at a share of the step just made, fourth order."""
    for j in range(6):
        out[j] = c[0, j] + share * (
            c[1, j] + share * (c[2, j] + share * (c[3, j] + share * c[4, j]))
        )
