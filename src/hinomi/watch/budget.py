"""Time of a radar: how long it dwells on what it tracks, and how often it comes back.

Tracks get a share of the time. Each needs at least the dwell that gives the reference ratio; with
time to spare all dwells grow by one factor, up to the reference dwell; without, all revisits
stretch by one factor. The energy of a look follows its dwell: nothing is counted twice.
"""

from __future__ import annotations

import math
from typing import Final

from numba import njit

from hinomi.watch.radar_look import radar_signal

LEAST_DWELL_S: Final = 1e-3  # assumed: no look of a track is shorter
MICROSECONDS: Final = 1e6


@njit(cache=True, nogil=True, error_model="numpy")
def least_dwell_us(radar, snr):  # type: ignore[no-untyped-def]
    """Whole microseconds in which a body gives the reference ratio; `snr` is that of a full dwell.

    dwell (R/R0)^4 / sigma with the scan loss, between 1 ms and the reference dwell; a body out of
    the field (`snr` below 0) costs a full one. Whole numbers add up the same in any order.
    """
    dwell = radar["dwell"]
    if snr > radar["snr0"]:
        dwell = max(dwell * radar["snr0"] / snr, min(LEAST_DWELL_S, dwell))
    return round(MICROSECONDS * dwell)


@njit(cache=True, nogil=True, error_model="numpy")
def load_factor(radar, masks, held, k, r_m, height_m, rcs_m2, first, last):  # type: ignore[no-untyped-def]
    """Time that the bodies held need at the stated revisit, over the time that tracks get.

    `held` (B,) are the flags of this radar before its looks of index `k`.
    """
    total = 0
    for b in range(held.shape[0]):
        if held[b] == 1 and first[b] <= k <= last[b]:
            snr, _ = radar_signal(
                radar, masks, r_m[b, k, 0], r_m[b, k, 1], r_m[b, k, 2], height_m[b, k], rcs_m2[b, k]
            )
            total += least_dwell_us(radar, snr)
    return total / (MICROSECONDS * radar["revisit"] * radar["share"])


@njit(cache=True, nogil=True, error_model="numpy")
def stretched(revisit, factor):  # type: ignore[no-untyped-def]
    """Seconds until the next look at a track: whole, never fewer than the stated revisit."""
    if factor <= 1.0:
        return revisit
    return math.ceil(revisit * factor - 1e-9)


@njit(cache=True, nogil=True, error_model="numpy")
def dwelled(radar, snr, factor):  # type: ignore[no-untyped-def]
    """Ratio of a look at a track under the budget; `snr` is that of a full dwell."""
    dwell = least_dwell_us(radar, snr) / MICROSECONDS
    if factor < 1.0:
        dwell = min(radar["dwell"], dwell / factor) if factor > 0.0 else radar["dwell"]
    return snr * dwell / radar["dwell"]
