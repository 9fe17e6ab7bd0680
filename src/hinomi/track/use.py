"""A track uses a report: the filter's update and the books."""

from __future__ import annotations

import math
from typing import Final

from numba import njit

from hinomi.kernels import LEAN
from hinomi.track.admit import USED
from hinomi.track.filter import absorb
from hinomi.track.gate import distance
from hinomi.track.rate import absorb_rate
from hinomi.track.slots import (
    R_FATE,
    R_RANGE_M,
    R_RATE,
    R_READY_S,
    R_SENSOR,
    R_SIGMA_LOS,
    R_SIGMA_RANGE,
    R_SIGMA_RATE,
    S_ALONE,
    S_HITS,
    S_KNOWN,
    S_LAST_S,
    S_LIT,
    S_MISFIT,
    S_PLOT,
    S_READY_S,
    S_SENSORS,
    S_SIZE,
    SENSOR_BITS,
    SHARED,
    WORDS,
)

SERVED: Final = -2  # in a list of matches: the track has been seen to already


@njit(
    cache=True,
    nogil=True,
    error_model="numpy",
    no_cpython_wrapper=True,
    no_cfunc_wrapper=True,
    **LEAN,
)
def variances(x, site, sigma_los, sigma_range):  # type: ignore[no-untyped-def]
    """Variances of a report across and along its line of sight [m2], at the range of the track."""
    dx, dy, dz = x[0] - site[0], x[1] - site[1], x[2] - site[2]
    deep = 0.0 if math.isnan(sigma_range) else sigma_range * sigma_range
    return sigma_los * sigma_los * (dx * dx + dy * dy + dz * dz), deep


@njit(
    cache=True,
    nogil=True,
    error_model="numpy",
    no_cpython_wrapper=True,
    no_cfunc_wrapper=True,
    **LEAN,
)
def feed(x, p, mu, i, variance, r, work):  # type: ignore[no-untyped-def]
    """Update the modes (M, 9), (M, 9, 9), (M,) of a track by report i, its range rate included."""
    range_m = r.f[i, R_RANGE_M]
    absorb(x, p, mu, r.axes[i], r.place[i, 0], r.place[i, 1], range_m, variance, work)
    if not (math.isnan(range_m) or math.isnan(r.f[i, R_RATE])):
        absorb_rate(x, p, mu, r.place[i, 0], r.f[i, R_RATE], r.f[i, R_SIGMA_RATE] ** 2, work)


@njit(
    cache=True,
    nogil=True,
    error_model="numpy",
    no_cpython_wrapper=True,
    no_cfunc_wrapper=True,
    **LEAN,
)
def tell_misfit(s, k, i, variance, r):  # type: ignore[no-untyped-def]
    """Note how far report i lies from track k as predicted, and in how many dimensions."""
    range_m = r.f[i, R_RANGE_M]
    s.f[k, S_MISFIT], _ = distance(
        s.cx[k], s.cp[k], r.axes[i], r.place[i, 0], r.place[i, 1], range_m,
        variance[0], variance[1], math.inf,
    )  # fmt: skip
    s.n[k, S_SIZE] = 2 if math.isnan(range_m) else 3


@njit(
    cache=True,
    nogil=True,
    error_model="numpy",
    no_cpython_wrapper=True,
    no_cfunc_wrapper=True,
    **LEAN,
)
def use(s, k, i, more_wide, more_deep, r, work, now):  # type: ignore[no-untyped-def]
    """Update track k by report i."""
    wide, deep = variances(s.cx[k], r.place[i, 0], r.f[i, R_SIGMA_LOS], r.f[i, R_SIGMA_RANGE])
    variance = (wide + more_wide, deep + more_deep)
    tell_misfit(s, k, i, variance, r)
    feed(s.x[k], s.p[k], s.mu[k], i, variance, r, work)
    mark(s, k, i, r, now)


@njit(
    cache=True,
    nogil=True,
    error_model="numpy",
    no_cpython_wrapper=True,
    no_cfunc_wrapper=True,
    **LEAN,
)
def mark(s, k, i, r, now):  # type: ignore[no-untyped-def]
    """Book report i as used by track k."""
    if s.f[k, S_LAST_S] < now:
        s.n[k, S_HITS] += 1
    s.f[k, S_LAST_S] = now
    s.n[k, S_PLOT] = i
    s.f[k, S_READY_S] = max(s.f[k, S_READY_S], r.f[i, R_READY_S])
    s.n[k, S_LIT] = 1 if math.isnan(r.f[i, R_RANGE_M]) else 0
    if r.n[i, R_SENSOR] != s.n[k, S_ALONE]:
        s.n[k, S_ALONE] = -1
    r.n[i, R_FATE] = USED


@njit(
    cache=True,
    nogil=True,
    error_model="numpy",
    no_cpython_wrapper=True,
    no_cfunc_wrapper=True,
    **LEAN,
)
def forget(s, k, first):  # type: ignore[no-untyped-def]
    """Clear the words of track k from S_SENSORS (this second) or S_KNOWN (its life)."""
    for w in range(first, s.n.shape[1], WORDS):
        s.n[k, w] = 0


@njit(
    cache=True,
    nogil=True,
    error_model="numpy",
    no_cpython_wrapper=True,
    no_cfunc_wrapper=True,
    **LEAN,
)
def note_sensor(s, k, sensor):  # type: ignore[no-untyped-def]
    """Book that a sensor reported track k."""
    word, bit = WORDS * (sensor // SENSOR_BITS), 1 << (sensor % SENSOR_BITS)
    s.n[k, S_SENSORS + word] |= bit
    s.n[k, S_KNOWN + word] |= bit


@njit(
    cache=True,
    nogil=True,
    error_model="numpy",
    no_cpython_wrapper=True,
    no_cfunc_wrapper=True,
    **LEAN,
)
def noted(s, k, first, sensor):  # type: ignore[no-untyped-def]
    """Whether a sensor reported track k: `first` S_SENSORS (this second) or S_KNOWN (ever)."""
    word, bit = WORDS * (sensor // SENSOR_BITS), 1 << (sensor % SENSOR_BITS)
    return (s.n[k, first + word] & bit) != 0


@njit(
    cache=True,
    nogil=True,
    error_model="numpy",
    no_cpython_wrapper=True,
    no_cfunc_wrapper=True,
    **LEAN,
)
def anybody(s, k):  # type: ignore[no-untyped-def]
    """Whether track k was reported or began this second."""
    for w in range(S_SENSORS, s.n.shape[1], WORDS):  # noqa: SIM110  (a kernel has no generators)
        if s.n[k, w] != 0:
            return True
    return False


@njit(
    cache=True,
    nogil=True,
    error_model="numpy",
    no_cpython_wrapper=True,
    no_cfunc_wrapper=True,
    **LEAN,
)
def told_apart(s, i, k):  # type: ignore[no-untyped-def]
    """Whether one sensor reported tracks i and k as two this second."""
    for w in range(S_SENSORS, s.n.shape[1], WORDS):
        both = s.n[i, w] & s.n[k, w]
        if w == S_SENSORS:
            both &= ~SHARED
        if both != 0:
            return True
    return False
