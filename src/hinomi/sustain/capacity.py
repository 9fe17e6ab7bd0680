"""Capacity by month: linear ramps integrated exactly, and outages as an alternating process."""

from __future__ import annotations

import math

import numpy as np
from numba import njit

from hinomi.records.columns import Floats
from hinomi.units import MONTHS_A_YEAR


def ramp_by_month(
    *, rate_per_year: Floats, target_per_year: Floats, from_month: Floats, months: Floats, last: int
) -> Floats:
    """(N, last) units that a ramp allows in each month; every argument (N,).

    The integral of the ramp over the month, as in `sustain.lines.produced`.
    """
    edges = np.arange(last + 1.0)
    on = np.maximum(edges - from_month[:, None], 0.0)
    length = months[:, None]
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        inside = np.where(length > 0.0, on * on / (2.0 * length), 0.0)
    share = np.diff(np.where(on <= length, inside, on - 0.5 * length), axis=1)
    base, more = rate_per_year[:, None], (target_per_year - rate_per_year)[:, None]
    # A ramp down to nothing may round to just below it.
    out: Floats = np.maximum(base + more * share, 0.0) / MONTHS_A_YEAR
    return out


def pairs_needed(per_year: float, last: int) -> int:
    """How many pairs of (time up, time down) cover `last` months, with eight sigma to spare."""
    mean = per_year * last / MONTHS_A_YEAR
    return int(np.ceil(mean + 8.0 * np.sqrt(mean) + 8.0))


def up_share(uniforms: Floats, *, per_year: float, mean_months: float, last: int) -> Floats:
    """(last,) share of each month in which a supplier works.

    Times between outages and their lengths are exponential; it starts up. `uniforms` (2 P,) are
    taken in turn: time up, time down, ...
    """
    if per_year <= 0.0 or mean_months <= 0.0:
        return np.ones(last)
    out = np.ones(last)
    _halts(uniforms, MONTHS_A_YEAR / per_year, mean_months, out)
    return out


@njit(cache=True, nogil=True, error_model="numpy")
def _halts(uniforms, up_months, down_months, out):  # type: ignore[no-untyped-def]
    """Take the time of every halt from the months it falls into."""
    t = 0.0
    for i in range(uniforms.size // 2):
        t -= math.log(uniforms[2 * i]) * up_months
        end = t - math.log(uniforms[2 * i + 1]) * down_months
        while t < end and t < out.size:
            month = int(t)
            until = min(end, month + 1.0)
            out[month] -= until - t
            t = until
        if t >= out.size:
            return
        t = end
