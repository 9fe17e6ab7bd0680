"""When forecasts are made, and from which row of the track."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from hinomi.records.columns import Floats
from hinomi.records.tracks import CONFIRMED, DROPPED, WARNING_GRADE, Tracks

FIRST_SPACING_FOR_S: Final = 60.0  # the close spacing lasts this long after track grade W


def _of_track(
    available: Floats, grade: NDArray[Any], status: NDArray[Any], first_s: float, later_s: float
) -> tuple[NDArray[Any], Floats]:
    """Rows (local numbers) and times of the forecasts of one track, rows in order of time."""
    alive = status != DROPPED
    good = np.flatnonzero((grade >= WARNING_GRADE) & (status == CONFIRMED))
    if good.size == 0:
        return np.zeros(0, dtype=np.int64), np.zeros(0)
    start, end = available[good[0]], available[-1]
    near = start + np.arange(0.0, FIRST_SPACING_FOR_S, first_s)
    far = np.arange(start + FIRST_SPACING_FOR_S, max(end, start) + later_s, later_s)
    epochs = np.concatenate((near, far))
    epochs = epochs[epochs <= end]
    usable = np.flatnonzero(alive)
    # The clock runs on what is available: rows that overtook each other count from the later one.
    at = np.searchsorted(np.maximum.accumulate(available[usable]), epochs, side="right") - 1
    rows = usable[at]
    fresh = np.concatenate(
        ([True], rows[1:] != rows[:-1])
    )  # a state forecast before says nothing new
    return rows[fresh], epochs[fresh]


def forecast_epochs(
    tracks: Tracks, *, first_s: float, later_s: float
) -> tuple[NDArray[Any], Floats]:
    """Rows of `tracks` and times at which forecasts are made, in order of time, then track.

    A forecast clock starts per track with the availability of its first confirmed row of track
    grade W or better. It ticks every `first_s` for 60 s (an alert has then nearly always been
    decided) and every `later_s` after that, until the track's last row. Each tick takes the latest
    row available then; a tick without a newer row makes no forecast.
    """
    order = np.lexsort((tracks.t_s, tracks.track))
    names = tracks.track[order]
    cuts = np.flatnonzero(np.diff(names)) + 1
    rows: list[NDArray[Any]] = []
    times: list[Floats] = []
    for part in np.split(order, cuts) if order.size else []:
        local, epochs = _of_track(
            tracks.t_available_s[part], tracks.grade[part], tracks.status[part], first_s, later_s
        )
        rows.append(part[local])
        times.append(epochs)
    if not rows:
        return np.zeros(0, dtype=np.int64), np.zeros(0)
    row, time = np.concatenate(rows), np.concatenate(times)
    sort = np.lexsort((tracks.track[row], time))
    return row[sort], time[sort]
