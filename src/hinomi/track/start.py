"""Where a new track is, from its first reports: one radar report, or two lines of sight."""

from __future__ import annotations

import math
from typing import Final

from numba import njit

from hinomi.track.modes import update_axis

UNKNOWN_POSITION_M: Final = 1e6  # along a first line of sight nothing is known (assumed)
INFRARED_SPEED_SIGMA_MPS: Final = 3_000.0  # per axis, while still burning (assumed)
RADAR_SPEED_SHARE: Final = 0.5  # of the speed limit, per axis (assumed)
STEREO_FORCE_MPS2: Final = 30.0  # between the two looks of a first pair (assumed)
LEAST_CROSSING_SINE2: Final = math.sin(math.radians(5.0)) ** 2  # of two lines of sight (assumed)


@njit(cache=True, nogil=True)
def start_radar(cx, cp, site, los, range_m, across_m2, along_m2, speed_mps):  # type: ignore[no-untyped-def]
    """Write mean and covariance of a new track from one radar report: place known, velocity not."""
    for a in range(9):
        cx[a] = 0.0
        for b in range(9):
            cp[a, b] = 0.0
    for a in range(3):
        cx[a] = site[a] + range_m * los[a]
        cp[3 + a, 3 + a] = speed_mps * speed_mps
        for b in range(3):
            cp[a, b] = (along_m2 - across_m2) * los[a] * los[b] + (across_m2 if a == b else 0.0)


@njit(cache=True, nogil=True)
def start_stereo(  # type: ignore[no-untyped-def]
    cx, cp, site0, los0, axes0, sigma0, site1, los1, axes1, sigma1, dt, k
):
    """Write mean and covariance of a new track from two lines of sight `dt` apart, the later last.

    Place unknown, velocity 0 within a generous sigma; then both lines are used one after the other,
    so that the motion between them is in the covariance. `axes` (2, 3) across each line, `sigma`
    [rad]. Returns the misfit (about one degree of freedom), infinite when the lines do not meet in
    front of both sensors at more than 5 degrees.
    """
    cosine = los0[0] * los1[0] + los0[1] * los1[1] + los0[2] * los1[2]
    sine2 = 1.0 - cosine * cosine
    if sine2 < LEAST_CROSSING_SINE2:
        return math.inf
    d0, d1 = 0.0, 0.0
    for i in range(3):
        gap = site1[i] - site0[i]
        d0 += gap * los0[i]
        d1 += gap * los1[i]
    reach0, reach1 = (d0 - cosine * d1) / sine2, (cosine * d0 - d1) / sine2
    if reach0 <= 0.0 or reach1 <= 0.0:
        return math.inf
    for a in range(9):
        cx[a] = 0.0
        for b in range(9):
            cp[a, b] = 0.0
    for i in range(3):
        cx[i] = 0.5 * (site0[i] + reach0 * los0[i] + site1[i] + reach1 * los1[i])
        cp[i, i] = UNKNOWN_POSITION_M**2
        cp[3 + i, 3 + i] = INFRARED_SPEED_SIGMA_MPS**2
    for h in axes0:
        update_axis(
            cx, cp, h[0], h[1], h[2], site0[0], site0[1], site0[2], (sigma0 * reach0) ** 2, k
        )
    _coast(cx, cp, dt)
    misfit = 0.0
    for h in axes1:
        d2, _ = update_axis(
            cx, cp, h[0], h[1], h[2], site1[0], site1[1], site1[2], (sigma1 * reach1) ** 2, k
        )
        misfit += d2
    return misfit


@njit(cache=True, nogil=True)
def _coast(x, p, dt):  # type: ignore[no-untyped-def]
    """Straight motion over `dt` with an unknown constant force, for the first pair only."""
    push = STEREO_FORCE_MPS2**2
    for a in range(3):
        x[a] += dt * x[3 + a]
        for b in range(3):
            p[a, b] += dt * (p[a, 3 + b] + p[3 + a, b]) + dt * dt * p[3 + a, 3 + b]
        p[a, a] += push * dt**4 / 4.0
    for a in range(3):
        for b in range(3):
            p[a, 3 + b] += dt * p[3 + a, 3 + b]
        p[a, 3 + a] += push * dt**3 / 2.0
    for a in range(3):
        for b in range(3):
            p[3 + b, a] = p[a, 3 + b]
        p[3 + a, 3 + a] += push * dt * dt
