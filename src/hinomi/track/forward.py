"""A mixture of modes predicted by its likeliest mode: between two pictures, where no modes are sent."""

from __future__ import annotations

import math
from typing import Final

from numba import njit

from hinomi.kernels import LEAN
from hinomi.records.tracks import MODE_BOOST, MODE_COAST
from hinomi.track.motion import (
    BOOST_LATERAL_MPS2,
    BURN_MEAN_PER_S,
    BURN_SIGMA_PER_S,
    COAST_BETA_SIGMA,
    LEAST_SIGMA_MPS2,
    air,
    force,
    predict,
)

STEP_S: Final = 2.0  # longest single prediction
THIN_AIR_MPS2: Final = 1e-3  # drag below which it says nothing of the ballistic coefficient


@njit(cache=True, nogil=True, error_model="numpy", **LEAN)
def _scale(p, n, size):  # type: ignore[no-untyped-def]
    """Multiply one coordinate of a covariance (9, 9)."""
    for a in range(9):
        p[n, a] *= size
        p[a, n] *= size


@njit(cache=True, nogil=True, error_model="numpy", **LEAN)
def _redraw(p, n, sigma):  # type: ignore[no-untyped-def]
    """Make one coordinate of a covariance (9, 9) a stranger of the stated size."""
    for a in range(9):
        p[n, a] = 0.0
        p[a, n] = 0.0
    p[n, n] = sigma * sigma


@njit(cache=True, nogil=True, error_model="numpy", **LEAN)
def _to_drives(kind, x, p, drag):  # type: ignore[no-untyped-def]
    """Read the force of a mixture as the drives of one mode."""
    if kind == MODE_BOOST:
        x[7], x[8] = BURN_MEAN_PER_S, 0.0
        _redraw(p, 7, BURN_SIGMA_PER_S)
        _redraw(p, 8, LEAST_SIGMA_MPS2)
    elif kind == MODE_COAST:
        if drag < THIN_AIR_MPS2 or x[6] >= -0.1 * drag:
            x[6] = 0.0
            _redraw(p, 6, COAST_BETA_SIGMA)
        else:
            _scale(p, 6, 1.0 / x[6])
            x[6] = math.log(-x[6] / drag)


@njit(cache=True, nogil=True, error_model="numpy", **LEAN)
def _to_force(kind, x, p, drag):  # type: ignore[no-untyped-def]
    """Turn the drives of one mode into its force."""
    f = force(kind, x[6], x[7], x[8], drag)
    if kind == MODE_COAST:
        _scale(p, 6, f[3])
    elif kind == MODE_BOOST:
        _redraw(p, 7, BOOST_LATERAL_MPS2)
        _redraw(p, 8, BOOST_LATERAL_MPS2)
    x[6], x[7], x[8] = f[0], f[1], f[2]


@njit(cache=True, nogil=True, error_model="numpy", **LEAN)
def forward(x, p, mode, dt, work):  # type: ignore[no-untyped-def]
    """Predict mean (9,) and covariance (9, 9) of a mixture by its likeliest mode, in place.

    `mode` (M,): probabilities of `MODES`.
    """
    kind = 0
    for k in range(len(mode)):
        if mode[k] > mode[kind]:
            kind = k
    steps = math.ceil(dt / STEP_S)
    air0 = air(x[0], x[1], x[2], x[3], x[4], x[5])
    _to_drives(kind, x, p, air0[1])
    for _ in range(steps):
        h = dt / steps
        air1 = air(x[0] + h * x[3], x[1] + h * x[4], x[2] + h * x[5], x[3], x[4], x[5])
        predict(kind, x, p, air0, air1, h, work.f, work.w)
        air0 = air(x[0], x[1], x[2], x[3], x[4], x[5])
    _to_force(kind, x, p, air0[1])
