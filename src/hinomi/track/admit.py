"""Which reports a tracker may use, and in what order: whatever arrives, nothing is lost in silence.

A picture keeps a reorder buffer of B seconds. Reports are taken as they arrive; one is *late* when
it was measured more than B before the newest measurement that had arrived earlier. Within B the
order of arrival does not matter.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from hinomi.records.columns import Floats
from hinomi.records.plots import Plots
from hinomi.records.tracks import PLOT_FATES
from hinomi.track.slots import Integers

USED, SPARE, UNUSED, LATE, DUPLICATE, NOT_FINITE, BAD_SIGMA, UNKNOWN_SENSOR, NO_ROOM = range(
    len(PLOT_FATES)
)
UNIT_TOLERANCE: Final = 1e-6  # of the length of a line of sight
LONGEST_S: Final = 1e9  # times and distances beyond these cannot be meant (assumed)
FARTHEST_M: Final = 1e9
FASTEST_MPS: Final = 1e5
LEAST_SIGMA_RAD: Final = 1e-12  # below, squares vanish beside the track's own (assumed)
LEAST_SIGMA_M: Final = 1e-6
LEAST_SIGMA_MPS: Final = 1e-6
LARGEST_SIGMA_RAD: Final = 1.0  # a direction that says nothing (assumed)

Flags = NDArray[np.bool_]


def admit(plots: Plots, *, reorder_s: float) -> tuple[Integers, Integers]:
    """Reports that may be used, in order of measurement time, and what became of the others.

    Parameters
    ----------
    plots
        in any order; `body` and `snr_db` are not read.
    reorder_s
        length B of the reorder buffer [s].

    Returns
    -------
    order : (Q,)
        rows of `plots` to be used, by time, then sensor, then as given.
    fate : (P,)
        index into `PLOT_FATES`: UNUSED for the Q rows of `order`. The first that applies of:
        "unknown sensor"; "not finite" (time, site, line of sight or error is not a number or
        beyond any meaning: 1e9 s, 1e9 m; a line of sight whose length is not 1 within 1e-6; a
        range that is not positive; a range without its error); "bad sigma" (not positive, or over
        1 rad or 1e9 m); "duplicate" (same sensor, time, line of sight and range as one that
        arrived no later); "late".

    Notes
    -----
    A measurement time ahead of its own arrival counts as the time of arrival when others are
    judged late, so that one wrong clock does not make everything late.
    """
    p = len(plots.t_s)
    fate = np.full(p, UNUSED, np.int64)
    if p == 0:
        return np.empty(0, np.int64), fate
    _mark_bad(plots, fate)
    good = np.flatnonzero(fate == UNUSED)
    if len(good) < p:
        good = good[_order(plots, good)]
    elif not _in_order(plots):
        good = _order(plots, good)
    good = _without_duplicates(plots, good, fate)
    late = _late(plots.t_s[good], plots.t_available_s[good], reorder_s)
    if late.any():
        fate[good[late]] = LATE
        good = good[~late]
    return good, fate


def rates_of(plots: Plots, order: Integers) -> tuple[Floats, Floats]:
    """Range rates and their errors [m/s]; NaN and NaN where there is none that can be used."""
    rate, sigma = plots.range_rate_mps[order], plots.sigma_range_rate_mps[order]
    with np.errstate(invalid="ignore"):
        usable = (np.abs(rate) <= FASTEST_MPS) & (sigma >= LEAST_SIGMA_MPS) & (sigma <= FASTEST_MPS)
    return np.where(usable, rate, np.nan), np.where(usable, sigma, np.nan)


def _mark_bad(plots: Plots, fate: Integers) -> None:
    """Write the fates of reports that cannot be used whatever the others are."""
    with np.errstate(invalid="ignore", over="ignore"):
        x, y, z = plots.los[:, 0], plots.los[:, 1], plots.los[:, 2]
        size2 = x * x + y * y + z * z
        ranged = ~np.isnan(plots.range_m)
        meant = (np.abs(plots.t_s) <= LONGEST_S) & (np.abs(plots.t_available_s) <= LONGEST_S)
        meant &= (np.abs(plots.site_m) <= FARTHEST_M).all(axis=1)
        meant &= np.abs(size2 - 1.0) <= 2.0 * UNIT_TOLERANCE
        meant &= ~np.isnan(plots.sigma_los_rad)
        deep = plots.sigma_range_m
        meant &= ~ranged | ((plots.range_m > 0.0) & (plots.range_m <= FARTHEST_M) & ~np.isnan(deep))
        sharp = (plots.sigma_los_rad >= LEAST_SIGMA_RAD) & (
            plots.sigma_los_rad <= LARGEST_SIGMA_RAD
        )
        sharp &= ~ranged | ((deep >= LEAST_SIGMA_M) & (deep <= FARTHEST_M))
    fate[~sharp] = BAD_SIGMA
    fate[~meant] = NOT_FINITE
    fate[(plots.sensor < 0) | (plots.sensor >= len(plots.sensors))] = UNKNOWN_SENSOR


def _kind(plots: Plots) -> Integers:
    """Sensor and kind of report as one number: a batch works through one of them at a time."""
    return plots.sensor.astype(np.int64) * 2 + np.isnan(plots.range_m)


def _in_order(plots: Plots) -> bool:
    step = np.diff(plots.t_s)
    return bool((step >= 0.0).all() and (np.diff(_kind(plots))[step == 0.0] >= 0).all())


def _order(plots: Plots, rows: Integers) -> Integers:
    """Places of `rows` by time, then sensor; what is equal keeps its order."""
    return np.lexsort((_kind(plots)[rows], plots.t_s[rows])).astype(np.int64)


def _without_duplicates(plots: Plots, good: Integers, fate: Integers) -> Integers:
    """Drop all but the first to arrive of equal reports; `good` is in order of time and sensor."""
    x = plots.los[good, 0]
    if not _repeats((np.sort(x),)).any():
        return good
    t, kind = plots.t_s[good], _kind(plots)[good]
    reach = np.nan_to_num(plots.range_m[good], nan=-1.0)
    y, z = plots.los[good, 1], plots.los[good, 2]
    order = np.lexsort((plots.t_available_s[good], reach, z, y, x, kind, t))
    same = _repeats(tuple(c[order] for c in (t, kind, x, y, z, reach)))
    again = np.zeros(len(good), np.bool_)
    again[order[1:][same]] = True
    fate[good[again]] = DUPLICATE
    return good[~again]


def _repeats(columns: tuple[NDArray[np.generic], ...]) -> Flags:
    """Whether each row but the first equals the one before in every column."""
    same = np.ones(max(len(columns[0]) - 1, 0), np.bool_)
    for column in columns:
        same &= column[1:] == column[:-1]
    return same


def _late(t_s: Floats, arrived_s: Floats, reorder_s: float) -> Flags:
    """Whether each report is older than the buffer when it arrives."""
    if len(t_s) == 0:
        return np.zeros(0, np.bool_)
    order = np.argsort(arrived_s, kind="stable")
    arrived = arrived_s[order]
    newest = np.maximum.accumulate(np.minimum(t_s, arrived_s)[order])
    before = np.searchsorted(arrived, arrived, side="left") - 1  # last that arrived earlier
    had = np.where(before >= 0, newest[np.maximum(before, 0)], -np.inf)
    late = np.empty(len(t_s), np.bool_)
    late[order] = t_s[order] < had - reorder_s
    return late
