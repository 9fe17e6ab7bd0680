"""What a track may be: the classes that fit it, the shares of its modes, and how it would burn on."""

from __future__ import annotations

import math
from typing import Any, Final, NamedTuple

import numpy as np
from numba import njit

from hinomi.earth.gravity import G0_MPS2
from hinomi.earth.wgs84 import (
    MEAN_RADIUS_M,
    geodetic_from_ecef,
    local_axes,
)
from hinomi.flight.forces import FAST
from hinomi.kernels import LEAN, MAKES_ARRAYS
from hinomi.records.tracks import MODE_BOOST, MODE_COAST
from hinomi.warn.burn import (
    BURN_STEPS,
    burn_path,
    elapsed_burn_s,
    thrust_acceleration,
)
from hinomi.warn.prior import (
    BURN_TOTAL,
    GLIDES,
    IDEAL_SPEED,
)

MODE_IGNORED: Final = 0.01  # modes less likely than this take no samples
THRUST_DOUBT: Final = (
    0.15  # assumed: relative doubt of a class's acceleration in deciding whether it fits
)
PACE_CLIP: Final = 0.3  # assumed: most by which the seen acceleration corrects the class's pace
PACE: Final = 3  # place in the clock of a burn: how many times as fast as its class it burns


@njit(cache=True, nogil=True, error_model="numpy", fastmath=FAST, **LEAN)
def factor(cov, out):  # type: ignore[no-untyped-def]
    """Lower Cholesky factor of the leading 6 x 6 block into `out`; 0 where there is no variance."""
    for j in range(6):
        s = cov[j, j]
        for k in range(j):
            s -= out[j, k] * out[j, k]
        pivot = math.sqrt(s) if s > 1e-9 * cov[j, j] and s > 0.0 else 0.0
        out[j, j] = pivot
        for i in range(j + 1, 6):
            s = cov[i, j]
            for k in range(j):
                s -= out[i, k] * out[j, k]
            out[i, j] = s / pivot if pivot > 0.0 else 0.0


@njit(cache=True, nogil=True, error_model="numpy", fastmath=FAST, **LEAN)
def pick(u, chosen):  # type: ignore[no-untyped-def]
    """Index of one of the marked classes, equally likely, by a uniform u; -1 for none."""
    n = 0
    for c in range(chosen.size):
        n += chosen[c]
    if n == 0:
        return -1
    rank = min(n - 1, int(u * n))
    for c in range(chosen.size):
        if chosen[c]:
            if rank == 0:
                return c
            rank -= 1
    return -1


class Belief(NamedTuple):
    """What every sample of one track state shares; C classes, M modes."""

    lower: Any  # (6, 6) factor of the covariance
    fits: Any  # (C,) 1 for a class with this energy ...
    gliders: Any  # (C,) ... that glides ...
    burning: Any  # (C,) ... or may still be burning
    share: Any  # (M,) probabilities of the modes that take samples
    clock: (
        Any  # (C, 4) of `burns_of`, as are the burns; both stale where the boost takes no samples
    )
    burns: Any  # (C, BURN_STEPS + 1, 7)


@njit(cache=True, nogil=True, error_model="numpy", **MAKES_ARRAYS)
def make_belief(classes, modes):  # type: ignore[no-untyped-def]
    """Room for what `what_it_may_be` finds."""
    return Belief(
        np.zeros((6, 6)), np.zeros(classes, np.int32), np.zeros(classes, np.int32),
        np.zeros(classes, np.int32), np.zeros(modes), np.zeros((classes, 4)),
        np.zeros((classes, BURN_STEPS + 1, 7)),
    )  # fmt: skip


@njit(cache=True, nogil=True, error_model="numpy", fastmath=FAST, **LEAN)
def fitting(height, speed, columns, fits, gliders):  # type: ignore[no-untyped-def]
    """Mark the classes whose booster gives this energy, and among them the gliders.

    All classes fit when none does; all gliders count when none of them fits.
    """
    fall = 2.0 * G0_MPS2 * max(0.0, height) * MEAN_RADIUS_M / (MEAN_RADIUS_M + height)
    energy_speed = math.sqrt(speed * speed + fall)
    found, found_glider = False, False
    for c in range(len(columns)):
        fits[c] = int(energy_speed <= columns[c, IDEAL_SPEED])
        found = found or fits[c] == 1
    for c in range(len(columns)):
        if not found:
            fits[c] = 1
        gliders[c] = int(columns[c, GLIDES] > 0.0 and fits[c] == 1)
        found_glider = found_glider or gliders[c] == 1
    if not found_glider:
        for c in range(len(columns)):
            gliders[c] = int(columns[c, GLIDES] > 0.0)


@njit(cache=True, nogil=True, error_model="numpy", fastmath=FAST, **LEAN)
def burns_of(  # type: ignore[no-untyped-def]
    mean, speed, sin_climb, thrust_variance, columns, stages, counts, fits, burning, clock, burns
):
    """Mark the classes that may be burning like this and follow the mean burn of each.

    `clock` (C, 4) written: burn elapsed [s], steps, step [s], pace over the class's; `burns` (C, BURN_STEPS + 1, 7)
    written. A class fits when the specific force seen lies within three sigma, measured and
    THRUST_DOUBT, of what it has at this speed; every class that fits by energy counts when none
    does.
    """
    seen = max(1.0, mean[6])
    found = False
    for c in range(len(columns)):
        burning[c] = 0
        if fits[c] and counts[c] > 0:
            clock[c, 0] = elapsed_burn_s(speed, sin_climb, stages[c], counts[c])
            expected = thrust_acceleration(clock[c, 0], stages[c], counts[c])
            if (seen - expected) ** 2 <= 9.0 * (thrust_variance + (THRUST_DOUBT * expected) ** 2):
                burning[c] = 1
                found = True
    for c in range(len(columns)):
        if not found:
            burning[c] = int(fits[c] == 1 and counts[c] > 0)
        if burning[c]:
            expected = thrust_acceleration(clock[c, 0], stages[c], counts[c])
            # What is seen counts by how well it is seen, and for the pace alone: a faster burn of the
            # same propellant gains the same speed.
            known = THRUST_DOUBT**2 / (THRUST_DOUBT**2 + thrust_variance / expected**2)
            pace = 1.0 + known * (seen / expected - 1.0)
            clock[c, PACE] = pace = min(1.0 + PACE_CLIP, max(1.0 - PACE_CLIP, pace))
            clock[c, 1], clock[c, 2] = burn_path(
                mean[0], mean[1], mean[2], mean[3], mean[4], mean[5], clock[c, 0],
                max(1.0, (columns[c, BURN_TOTAL] - clock[c, 0]) / pace), pace, stages[c], counts[c], burns[c],
            )  # fmt: skip


@njit(cache=True, nogil=True, error_model="numpy", fastmath=FAST, **LEAN)
def mode_shares(mode, share):  # type: ignore[no-untyped-def]
    """Probabilities of the modes that take samples, into `share` (M,); returns their sum."""
    total = 0.0
    for m in range(len(share)):
        share[m] = mode[m] if mode[m] >= MODE_IGNORED else 0.0
        total += share[m]
    if total <= 0.0:
        share[MODE_COAST], total = 1.0, 1.0
    return total


@njit(cache=True, nogil=True, error_model="numpy", fastmath=FAST, **LEAN)
def mode_of(u, share):  # type: ignore[no-untyped-def]
    """Index of the mode in which a number below the sum of the shares falls."""
    m = 0
    while m < len(share) - 1 and u >= share[m]:
        u -= share[m]
        m += 1
    return m


@njit(cache=True, nogil=True, error_model="numpy", fastmath=FAST, **LEAN)
def what_it_may_be(mean, cov, mode, columns, stages, counts, belief):  # type: ignore[no-untyped-def]
    """Write what every sample of one track state shares.

    Returns latitude and longitude [rad] and the sum of the modes' shares.
    """
    factor(cov, belief.lower)
    lat, lon, h = geodetic_from_ecef(mean[0], mean[1], mean[2])
    axes = local_axes(lat, lon)
    speed = max(1.0, math.sqrt(mean[3] ** 2 + mean[4] ** 2 + mean[5] ** 2))
    fitting(h, speed, columns, belief.fits, belief.gliders)
    total = mode_shares(mode, belief.share)
    if belief.share[MODE_BOOST] > 0.0:
        sin_climb = (mean[3] * axes[6] + mean[4] * axes[7] + mean[5] * axes[8]) / speed
        burns_of(
            mean, speed, sin_climb, max(0.0, cov[6, 6]), columns, stages, counts, belief.fits,
            belief.burning, belief.clock, belief.burns,
        )  # fmt: skip
    return lat, lon, total
