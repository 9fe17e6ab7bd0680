"""The multiple-model filter of one track: predict, use a report, begin.

Sources: `motion` and `modes`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Final, NamedTuple

import numpy as np
from numba import njit

from hinomi.kernels import LEAN
from hinomi.records.columns import Floats
from hinomi.records.tracks import ALWAYS, MODE_BOOST, MODE_COAST, MODE_PULL
from hinomi.track.cubature import Points, make_points, predict_points, update_points
from hinomi.track.modes import Model, combine, make_model, mix, transition, update_axis, weigh
from hinomi.track.motion import (
    BURN_LIMIT_PER_S,
    BURN_SIGMA_PER_S,
    COAST_BETA_REACH,
    COAST_BETA_SIGMA,
    THRUST_LIMIT_MPS2,
    THRUST_SIGMA_MPS2,
    air,
    drive_means,
    drive_sigmas,
    predict,
)

THIN_AIR: Final = 1e-4  # air factor below which a mode that lifts is one that coasts (assumed)
LOW_M: Final = 80_000.0  # first seen in infrared below: burning
HIGH_M: Final = 100_000.0  # first seen by radar above: coasting
# Odds of the modes of a new track: first seen in infrared low and high, by radar high and low.
FIRST_ODDS: Final = np.array(
    [
        [0.90, 0.06, 0.02, 0.02, 0.02, 0.02],
        [0.50, 0.30, 0.10, 0.10, 0.05, 0.02],
        [0.05, 0.90, 0.03, 0.02, 0.02, 0.001],
        [0.30, 0.30, 0.20, 0.20, 0.20, 0.30],
    ]
)


class Work(NamedTuple):
    """Working space of the kernels."""

    model: Model
    points: Points
    cubature: bool  # moves and measures points instead of a linear model
    f: Floats
    w: Floats
    wx: Floats
    wp: Floats
    wm: Floats
    mean: Floats
    sigma: Floats
    change: Floats
    rates: Floats
    k: Floats
    cost: Floats


def make_work(modes: Sequence[str] = ALWAYS, estimator: str = "extended") -> Work:
    """Return working space for a filter of the named modes, `estimator` of `ESTIMATORS`."""
    e: Any = np.empty
    model = make_model(modes)
    m = len(model.kinds)
    return Work(
        model=model, points=make_points(), cubature=estimator == "cubature",
        f=e((6, 9)), w=e((6, 9)), wx=e((m, 9)), wp=e((m, 9, 9)), wm=e(m),
        mean=e((m, 3)), sigma=e((m, 3)), change=e((m, m)), rates=e((2, m, m)), k=e(9), cost=e(m),
    )  # fmt: skip


@njit(cache=True, nogil=True, error_model="numpy", **LEAN)
def priors(kinds, air0, means, sigmas):  # type: ignore[no-untyped-def]
    """Write means and sizes of the drives of every mode, (M, 3)."""
    for j in range(len(kinds)):
        mean, size = (
            drive_means(kinds[j], air0[0], air0[2]),
            drive_sigmas(kinds[j], air0[0], air0[1]),
        )
        for a in range(3):
            means[j, a], sigmas[j, a] = mean[a], size[a]


@njit(cache=True, nogil=True, error_model="numpy", **LEAN)
def advance(x, p, mu, cx, cp, dt, work):  # type: ignore[no-untyped-def]
    """Predict one track by `dt` (at most about 2 s): modes (M, 9), (M, 9, 9), (M,), mixture."""
    kinds = work.model.kinds
    air0 = air(cx[0], cx[1], cx[2], cx[3], cx[4], cx[5])
    priors(kinds, air0, work.mean, work.sigma)
    transition(work.model, air0[0], dt, work.change, work.rates)
    mix(x, p, mu, work.change, work.mean, work.sigma, work.wx, work.wp, work.wm)
    air1 = air(cx[0] + dt * cx[3], cx[1] + dt * cx[4], cx[2] + dt * cx[5], cx[3], cx[4], cx[5])
    thin = air0[0] < THIN_AIR and air1[0] < THIN_AIR
    coast = -1
    for j in range(len(kinds)):
        if kinds[j] == MODE_COAST:
            coast = j
        if thin and coast >= 0 and MODE_COAST < kinds[j] <= MODE_PULL:
            _copy(x, p, coast, j)
            for a in range(3):  # what the mode would begin with
                x[j, 6 + a], p[j, 6 + a, 6 + a] = work.mean[j, a], work.sigma[j, a] ** 2
        elif work.cubature:
            predict_points(kinds[j], x[j], p[j], cx, air0, air1, dt, work.points)
        else:
            predict(kinds[j], x[j], p[j], air0, air1, dt, work.f, work.w)
    combine(kinds, x, p, mu, cx, cp)


@njit(cache=True, nogil=True, error_model="numpy", **LEAN)
def _copy(x, p, i, j):  # type: ignore[no-untyped-def]
    """Give mode j place and velocity of mode i; its drives know nothing of them."""
    for a in range(6):
        x[j, a] = x[i, a]
        for b in range(6):
            p[j, a, b] = p[i, a, b]
        for b in range(6, 9):
            p[j, a, b], p[j, b, a] = 0.0, 0.0
    for a in range(6, 9):
        for b in range(6, 9):
            if a != b:
                p[j, a, b] = 0.0


@njit(cache=True, nogil=True, error_model="numpy", **LEAN)
def absorb(x, p, mu, axes, site, los, range_m, variance, work):  # type: ignore[no-untyped-def]
    """Update the modes of one track by one report.

    Parameters
    ----------
    axes
        (2, 3) unit vectors across the measured line of sight `los` from `site`.
    range_m
        NaN for infrared: then only the two axes across are used.
    variance
        across and along the line of sight [m2]; the former scaled to the range of the track.
    """
    along = not math.isnan(range_m)
    reach = range_m if along else 0.0
    zx, zy, zz = site[0] + reach * los[0], site[1] + reach * los[1], site[2] + reach * los[2]
    for j in range(1, len(mu)):  # as `advance` left modes that are one
        work.wm[j] = 1.0 if x[j, 0] == x[j - 1, 0] and p[j, 0, 0] == p[j - 1, 0, 0] else 0.0
    for j in range(len(mu)):
        if j > 0 and work.wm[j] == 1.0:
            _copy(x, p, j - 1, j)
            work.cost[j] = work.cost[j - 1]
            continue
        if work.cubature:
            cost = update_points(x[j], p[j], axes, site, los, range_m, variance, work.points)
        else:
            cost = 0.0
            for a in range(2):
                d2, size = update_axis(
                    x[j], p[j], axes[a, 0], axes[a, 1], axes[a, 2], zx, zy, zz, variance[0], work.k
                )
                cost += d2 + size
            if along:
                d2, size = update_axis(
                    x[j], p[j], los[0], los[1], los[2], zx, zy, zz, variance[1], work.k
                )
                cost += d2 + size
        work.cost[j] = cost
        bound(work.model.kinds[j], x[j], p[j])
    weigh(mu, work.cost)


@njit(cache=True, nogil=True, error_model="numpy", **LEAN)
def _limit(x, p, n, low, high, sigma):  # type: ignore[no-untyped-def]
    """Keep drive n of a mode between `low` and `high`, and its doubt at most `sigma`."""
    x[n] = min(max(x[n], low), high)
    if p[n, n] > sigma * sigma:
        shrink = sigma / math.sqrt(p[n, n])
        for a in range(9):
            p[n, a] *= shrink
            p[a, n] *= shrink


@njit(cache=True, nogil=True, error_model="numpy", **LEAN)
def bound(kind, x, p):  # type: ignore[no-untyped-def]
    """Keep the drives of boost and coast, which act in a curved way, where a linear update holds."""
    if kind == MODE_BOOST:
        _limit(x, p, 6, 0.0, THRUST_LIMIT_MPS2, 2.0 * THRUST_SIGMA_MPS2)
        _limit(x, p, 7, 0.0, BURN_LIMIT_PER_S, 2.0 * BURN_SIGMA_PER_S)
    elif kind == MODE_COAST:
        _limit(x, p, 6, -COAST_BETA_REACH, COAST_BETA_REACH, COAST_BETA_SIGMA)


@njit(cache=True, nogil=True, error_model="numpy", **LEAN)
def seed_modes(x, p, mu, cx, cp, infrared, height_m, work):  # type: ignore[no-untyped-def]
    """Give every mode of a new track the position and velocity of `cx`, `cp` and its own drives."""
    kinds = work.model.kinds
    air0 = air(cx[0], cx[1], cx[2], cx[3], cx[4], cx[5])
    priors(kinds, air0, work.mean, work.sigma)
    low, high = (0, 1) if infrared else (3, 2)
    row = low if height_m < (LOW_M if infrared else HIGH_M) else high
    total = 0.0
    for j in range(len(kinds)):
        mu[j] = FIRST_ODDS[row, kinds[j]]
        total += mu[j]
    for j in range(len(kinds)):
        mu[j] /= total
        for a in range(9):
            x[j, a] = cx[a] if a < 6 else work.mean[j, a - 6]
            for b in range(9):
                p[j, a, b] = cp[a, b] if a < 6 and b < 6 else 0.0
        for a in range(3):
            p[j, 6 + a, 6 + a] = work.sigma[j, a] ** 2
    combine(kinds, x, p, mu, cx, cp)
