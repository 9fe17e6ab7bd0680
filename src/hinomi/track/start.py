"""Where a new track is, from its first reports.

One radar report; two lines of sight of two satellites; two of one satellite and a template of how
high a booster is by then; or one radar report beside a track from which a body has come off.
"""

from __future__ import annotations

import math
from typing import Final

from numba import njit

from hinomi.earth.wgs84 import FLATTENING, SEMI_MAJOR_M, height_and_up
from hinomi.kernels import LEAN
from hinomi.track.modes import update_axis

UNKNOWN_POSITION_M: Final = 1e6  # along a first line of sight nothing is known (assumed)
INFRARED_SPEED_SIGMA_MPS: Final = 3_000.0  # per axis, while still burning (assumed)
RADAR_SPEED_SHARE: Final = 0.5  # of the speed limit, per axis (assumed)
STEREO_FORCE_MPS2: Final = 30.0  # between the two looks of a first pair (assumed)
LEAST_CROSSING_SINE2: Final = math.sin(math.radians(5.0)) ** 2  # of two lines of sight (assumed)
APART_SPEED_MPS: Final = 100.0  # per axis, between a body and what came off it (assumed)
TEMPLATE_REACH_M: Final = 15_000.0  # along a line of sight placed by the template (assumed)
TEMPLATE_SPEED_MPS: Final = 1_200.0  # level, per axis, of unknown heading (assumed)
MEETING_MARGIN: Final = 2.0  # what a cheap test of two lines lets through beyond the gate


@njit(cache=True, nogil=True, error_model="numpy", **LEAN)
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


@njit(cache=True, nogil=True, error_model="numpy", **LEAN)
def start_beside(cx, cp, parent_cx, parent_cp):  # type: ignore[no-untyped-def]
    """Give a start from one radar report the velocity of the body it came off, and its error."""
    for a in range(3):
        cx[3 + a] = parent_cx[3 + a]
        for b in range(3):
            cp[3 + a, 3 + b] = parent_cp[3 + a, 3 + b]
        cp[3 + a, 3 + a] += APART_SPEED_MPS**2


@njit(cache=True, nogil=True, error_model="numpy", **LEAN)
def could_meet(site0, los0, sigma0, site1, los1, sigma1, dt, gate):  # type: ignore[no-untyped-def]
    """Whether two lines of sight `dt` apart pass near enough for `start_stereo` to be worth it.

    Compares the gap between the lines with its error and the motion; generous, so that nothing is
    refused that the start itself would accept.
    """
    nx, ny, nz = (
        los0[1] * los1[2] - los0[2] * los1[1],
        los0[2] * los1[0] - los0[0] * los1[2],
        los0[0] * los1[1] - los0[1] * los1[0],
    )
    sine2 = nx * nx + ny * ny + nz * nz
    if sine2 < LEAST_CROSSING_SINE2:
        return False
    gx, gy, gz = site1[0] - site0[0], site1[1] - site0[1], site1[2] - site0[2]
    d0 = gx * los0[0] + gy * los0[1] + gz * los0[2]
    d1 = gx * los1[0] + gy * los1[1] + gz * los1[2]
    cosine = los0[0] * los1[0] + los0[1] * los1[1] + los0[2] * los1[2]
    reach0, reach1 = (d0 - cosine * d1) / sine2, (cosine * d0 - d1) / sine2
    if reach0 <= 0.0 or reach1 <= 0.0:
        return False
    gap = gx * nx + gy * ny + gz * nz
    moved = INFRARED_SPEED_SIGMA_MPS * dt + 0.5 * STEREO_FORCE_MPS2 * dt * dt
    spread = (sigma0 * reach0) ** 2 + (sigma1 * reach1) ** 2 + moved * moved
    return gap * gap <= MEETING_MARGIN * gate * spread * sine2


@njit(cache=True, nogil=True, error_model="numpy", **LEAN)
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
    _look(cx, cp, site0, axes0, sigma0 * reach0, k)
    _coast(cx, cp, dt)
    return _look(cx, cp, site1, axes1, sigma1 * reach1, k)


@njit(cache=True, nogil=True, error_model="numpy", **LEAN)
def _look(x, p, site, axes, sigma_m, k):  # type: ignore[no-untyped-def]
    """Use both angles of a line of sight through `site`; return the misfit."""
    misfit = 0.0
    for h in axes:
        d2, _ = update_axis(x, p, h[0], h[1], h[2], site[0], site[1], site[2], sigma_m**2, k)
        misfit += d2
    return misfit


@njit(cache=True, nogil=True, error_model="numpy", **LEAN)
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


@njit(cache=True, nogil=True, error_model="numpy", **LEAN)
def start_template(  # type: ignore[no-untyped-def]
    cx, cp, site0, los0, sigma0, site1, axes1, sigma1, dt, wait_s, template, k
):
    """Write mean and covariance of a new track from two looks of one satellite, `dt` apart.

    The first line of sight is cut at the height that the template gives for an age of half the
    time between the looks: the body came into view at some time before it. The error along the
    line is `TEMPLATE_REACH_M` and the template's own, over the sine of the line's elevation; the
    speed is the template's climb, with no heading. The second look is then used across its line
    (`axes1`, (2, 3)), and the whole carried on by `wait_s`.

    Parameters
    ----------
    template
        (height on coming into view [m], vertical acceleration [m/s2], relative one sigma of the
        height, of the climb).

    Returns
    -------
    Misfit of the second look (two degrees of freedom), infinite when the line misses the height.
    """
    first, push, height_share, climb_share = template
    age = math.sqrt(2.0 * first / push) + 0.5 * dt
    height, climb = 0.5 * push * age * age, push * age
    reach = reach_at_height(site0, los0, height)
    if reach < 0.0:
        return math.inf
    for a in range(9):
        cx[a] = 0.0
        for b in range(9):
            cp[a, b] = 0.0
    for a in range(3):
        cx[a] = site0[a] + reach * los0[a]
    _, ux, uy, uz = height_and_up(cx[0], cx[1], cx[2])
    up = (ux, uy, uz)
    sine = abs(ux * los0[0] + uy * los0[1] + uz * los0[2])
    own = height_share * height / max(sine, 0.1)
    deep, wide = TEMPLATE_REACH_M**2 + own * own, (sigma0 * reach) ** 2
    for a in range(3):
        cx[3 + a] = climb * up[a]
        for b in range(3):
            one = 1.0 if a == b else 0.0
            cp[a, b] = (deep - wide) * los0[a] * los0[b] + wide * one
            rising = (climb_share * climb) ** 2 - TEMPLATE_SPEED_MPS**2
            cp[3 + a, 3 + b] = rising * up[a] * up[b] + TEMPLATE_SPEED_MPS**2 * one
    _coast(cx, cp, dt)
    misfit = _look(cx, cp, site1, axes1, sigma1 * reach, k)
    _coast(cx, cp, wait_s)
    return misfit


@njit(cache=True, nogil=True, error_model="numpy", **LEAN)
def reach_at_height(site, los, height_m):  # type: ignore[no-untyped-def]
    """Distance along a line of sight to where it first comes down to a height [m]; -1: never.

    An ellipsoid with both axes longer by the height; a site inside it gives -1.
    """
    long = SEMI_MAJOR_M + height_m
    q = long / (SEMI_MAJOR_M * (1.0 - FLATTENING) + height_m)
    sx, sy, sz = site[0], site[1], site[2] * q
    dx, dy, dz = los[0], los[1], los[2] * q
    d2 = dx * dx + dy * dy + dz * dz
    b = (sx * dx + sy * dy + sz * dz) / d2
    c = (sx * sx + sy * sy + sz * sz - long * long) / d2
    root = b * b - c
    if root < 0.0 or c < 0.0 or b > 0.0:
        return -1.0
    return -b - math.sqrt(root)
