"""Live tracks: where their numbers are kept, and what a step or a report does to one."""

from __future__ import annotations

import math
from typing import Any, Final, NamedTuple, TypeAlias

import numpy as np
from numba import njit
from numpy.typing import NDArray

from hinomi.records.columns import Floats
from hinomi.track.modes import combine, mix, transition, update_axis, weigh
from hinomi.track.motion import TAU_S, air, force_means, force_sigmas, predict

Integers: TypeAlias = NDArray[np.int64]

FREE: Final = -1  # state of a slot without a track; else a status of records.tracks
UNKNOWN_POSITION_M: Final = 1e6  # along a first line of sight nothing is known (assumed)
INFRARED_SPEED_SIGMA_MPS: Final = 3_000.0  # per axis, while still burning (assumed)
RADAR_SPEED_SHARE: Final = 0.5  # of the speed limit, per axis (assumed)
STEREO_FORCE_MPS2: Final = 30.0  # between the two looks of a first pair (assumed)
FIRST_FORCE_MPS2: Final = 15.0  # of a new track while its direction is unknown (assumed)
LEAST_CROSSING_SINE2: Final = math.sin(math.radians(5.0)) ** 2  # of two lines of sight (assumed)
LOW_M: Final = 80_000.0  # first seen in infrared below: burning
HIGH_M: Final = 100_000.0  # first seen by radar above: coasting


class Slots(NamedTuple):
    """Numbers of the live tracks, one row a slot."""

    x: Floats  # (T, 4, 9) by mode
    p: Floats  # (T, 4, 9, 9)
    mu: Floats  # (T, 4)
    cx: Floats  # (T, 9) of the mixture
    cp: Floats  # (T, 9, 9)
    born_s: Floats
    last_s: Floats  # time of the last report used
    ready_s: Floats  # largest availability so far
    state: Integers
    number: Integers
    hits: Integers
    grade: Integers
    infrared: Integers  # 1: started by infrared
    plot: Integers  # last report used
    sensors: Integers  # bit per sensor (modulo 62) that reported it this second
    row: Integers  # its last row
    close_s: Floats  # (T, T) how long two tracks have been one in all but name
    apart_s: Floats  # (T, T) when one sensor last saw the two as two


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


def make_slots(size: int) -> Slots:
    """Return slots for `size` live tracks, all free."""
    t = size
    none = np.full(t, FREE, np.int64)
    return Slots(
        x=np.empty((t, 4, 9)), p=np.empty((t, 4, 9, 9)), mu=np.empty((t, 4)),
        cx=np.empty((t, 9)), cp=np.empty((t, 9, 9)),
        born_s=np.empty(t), last_s=np.empty(t), ready_s=np.empty(t),
        state=none, number=none.copy(), hits=none.copy(), grade=none.copy(), infrared=none.copy(),
        plot=none.copy(), sensors=none.copy(), row=none.copy(),
        close_s=np.empty((t, t)), apart_s=np.empty((t, t)),
    )  # fmt: skip


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
def across(u, out):  # type: ignore[no-untyped-def]
    """Write two unit vectors (2, 3) across the unit vector `u`."""
    k = 0
    if abs(u[1]) < abs(u[k]):
        k = 1
    if abs(u[2]) < abs(u[k]):
        k = 2
    size = math.sqrt(1.0 - u[k] * u[k])
    for i in range(3):
        out[0, i] = ((1.0 if i == k else 0.0) - u[k] * u[i]) / size
    out[1, 0] = u[1] * out[0, 2] - u[2] * out[0, 1]
    out[1, 1] = u[2] * out[0, 0] - u[0] * out[0, 2]
    out[1, 2] = u[0] * out[0, 1] - u[1] * out[0, 0]


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


@njit(cache=True, nogil=True)
def distance(cx, cp, axes, site, los, range_m, across_m2, along_m2, gate):  # type: ignore[no-untyped-def]
    """Squared distance of a report from a track in units of both errors, and ln of its volume.

    Infinite beyond `gate`. Three dimensions for radar, two across the line of sight for infrared.
    """
    dx, dy, dz = site[0] - cx[0], site[1] - cx[1], site[2] - cx[2]
    size = cp[0, 0] + cp[1, 1] + cp[2, 2]
    if not math.isnan(range_m):
        dx, dy, dz = dx + range_m * los[0], dy + range_m * los[1], dz + range_m * los[2]
        if dx * dx + dy * dy + dz * dz > gate * (size + max(across_m2, along_m2)):
            return math.inf, 0.0
        q = along_m2 - across_m2
        s00 = cp[0, 0] + across_m2 + q * los[0] * los[0]
        s11 = cp[1, 1] + across_m2 + q * los[1] * los[1]
        s22 = cp[2, 2] + across_m2 + q * los[2] * los[2]
        s01 = cp[0, 1] + q * los[0] * los[1]
        s02 = cp[0, 2] + q * los[0] * los[2]
        s12 = cp[1, 2] + q * los[1] * los[2]
        c00, c01, c02 = s11 * s22 - s12 * s12, s02 * s12 - s01 * s22, s01 * s12 - s02 * s11
        c11, c12, c22 = s00 * s22 - s02 * s02, s01 * s02 - s00 * s12, s00 * s11 - s01 * s01
        volume = s00 * c00 + s01 * c01 + s02 * c02
        d2 = dx * dx * c00 + dy * dy * c11 + dz * dz * c22
        d2 = (d2 + 2.0 * (dx * dy * c01 + dx * dz * c02 + dy * dz * c12)) / volume
    else:
        a, b = axes[0], axes[1]
        n0 = a[0] * dx + a[1] * dy + a[2] * dz
        n1 = b[0] * dx + b[1] * dy + b[2] * dz
        if n0 * n0 + n1 * n1 > gate * (size + across_m2):
            return math.inf, 0.0
        s00, s11, s01 = across_m2, across_m2, 0.0
        for i in range(3):
            for j in range(3):
                s00 += a[i] * cp[i, j] * a[j]
                s11 += b[i] * cp[i, j] * b[j]
                s01 += a[i] * cp[i, j] * b[j]
        volume = s00 * s11 - s01 * s01
        d2 = (n0 * n0 * s11 + n1 * n1 * s00 - 2.0 * n0 * n1 * s01) / volume
    if d2 > gate:
        return math.inf, 0.0
    return d2, math.log(volume)


@njit(cache=True, nogil=True)
def gain(cp, axes, los, ranged, across_m2, along_m2):  # type: ignore[no-untyped-def]
    """How much a report would take off the position variance, each coordinate taken alone [m2]."""
    total = 0.0
    for a in range(3 if ranged else 2):
        h = axes[a] if a < 2 else los
        s = across_m2 if a < 2 else along_m2
        off = 0.0
        for i in range(3):
            k = cp[i, 0] * h[0] + cp[i, 1] * h[1] + cp[i, 2] * h[2]
            s += k * h[i]
            off += k * k
        total += off / s
    return total
