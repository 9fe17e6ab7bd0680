"""The multiple-model filter of one track: predict, use a report, begin.

Sources: `motion` and `modes`.
"""

from __future__ import annotations

import math
from typing import Any, Final, NamedTuple

import numpy as np
from numba import njit

from hinomi.records.columns import Floats
from hinomi.track.modes import combine, mix, transition, update_axis, weigh
from hinomi.track.motion import TAU_S, air, force_means, force_sigmas, predict

FIRST_FORCE_MPS2: Final = 15.0  # of a new track while its direction is unknown (assumed)
LOW_M: Final = 80_000.0  # first seen in infrared below: burning
HIGH_M: Final = 100_000.0  # first seen by radar above: coasting


class Work(NamedTuple):
    """Working space of the kernels."""

    f: Floats
    w: Floats
    wx: Floats
    wp: Floats
    mean0: Floats
    mean1: Floats
    sigma: Floats
    change: Floats
    rates: Floats
    k: Floats
    cost: Floats


def make_work() -> Work:
    """Return working space."""
    e: Any = np.empty
    return Work(
        f=e((6, 9)), w=e((6, 9)), wx=e((4, 9)), wp=e((4, 9, 9)), mean0=e((4, 3)), mean1=e((4, 3)),
        sigma=e((4, 3)), change=e((4, 4)), rates=e((2, 4, 4)), k=e(9), cost=e(4),
    )  # fmt: skip


@njit(cache=True, nogil=True)
def advance(x, p, mu, cx, cp, dt, work):  # type: ignore[no-untyped-def]
    """Predict one track by `dt` (at most about 2 s): modes (4, 9), (4, 9, 9), (4,), mixture."""
    share, drag, lift = air(cx[0], cx[1], cx[2], cx[3], cx[4], cx[5])
    force_means(share, drag, lift, work.mean0)
    force_sigmas(share, drag, work.sigma)
    transition(share, dt, work.change, work.rates)
    mix(x, p, mu, work.change, work.mean0, work.sigma, work.wx, work.wp)
    share, drag, lift = air(
        cx[0] + dt * cx[3], cx[1] + dt * cx[4], cx[2] + dt * cx[5], cx[3], cx[4], cx[5]
    )
    force_means(share, drag, lift, work.mean1)
    for j in range(4):
        predict(
            x[j], p[j], work.mean0[j], work.mean1[j], work.sigma[j], TAU_S[j], dt, work.f, work.w
        )
    combine(x, p, mu, cx, cp)


@njit(cache=True, nogil=True)
def absorb(x, p, mu, axes, site, los, range_m, variance, work):  # type: ignore[no-untyped-def]
    """Update the four modes of one track by one report.

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
    for j in range(4):
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
    weigh(mu, work.cost)


@njit(cache=True, nogil=True)
def seed_modes(x, p, mu, cx, cp, infrared, height_m, work):  # type: ignore[no-untyped-def]
    """Give every mode of a new track the position and velocity of `cx`, `cp` and its own force."""
    share, drag, lift = air(cx[0], cx[1], cx[2], cx[3], cx[4], cx[5])
    force_means(share, drag, lift, work.mean0)
    force_sigmas(share, drag, work.sigma)
    if infrared:
        burning = 0.9 if height_m < LOW_M else 0.5
        mu[0], mu[1], mu[2], mu[3] = (
            burning,
            0.6 - 0.6 * burning,
            0.2 - 0.2 * burning,
            0.2 - 0.2 * burning,
        )
    elif height_m > HIGH_M:
        mu[0], mu[1], mu[2], mu[3] = 0.05, 0.9, 0.03, 0.02
    else:
        mu[0], mu[1], mu[2], mu[3] = 0.3, 0.3, 0.2, 0.2
    for j in range(4):
        for a in range(9):
            x[j, a] = cx[a] if a < 6 else work.mean0[j, a - 6]
            for b in range(9):
                p[j, a, b] = cp[a, b] if a < 6 and b < 6 else 0.0
        for a in range(3):
            least = FIRST_FORCE_MPS2 if j == 0 else 0.0
            p[j, 6 + a, 6 + a] = max(work.sigma[j, a], least) ** 2
    combine(x, p, mu, cx, cp)
