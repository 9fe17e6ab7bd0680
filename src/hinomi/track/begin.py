"""New tracks from what no track could use, each in a free slot.

When every slot is taken a start replaces the tentative track that has waited longest for a second
report, if that is at least `PATIENCE_S`; else the report finds no room.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from numba import njit

from hinomi.earth.wgs84 import height_above_ellipsoid
from hinomi.kernels import LEAN, MAKES_ARRAYS
from hinomi.records.tracks import NO_GRADE, TENTATIVE
from hinomi.track.admit import NO_ROOM, UNUSED, USED
from hinomi.track.assign import assign_pairs, roomier
from hinomi.track.filter import seed_modes
from hinomi.track.slots import (
    BEGUN,
    FREE,
    HIGH,
    OPEN,
    R_FATE,
    R_LOOK_S,
    R_PARENT,
    R_RANGE_M,
    R_READY_S,
    R_SENSOR,
    R_SIGMA_LOS,
    R_SIGMA_RANGE,
    R_T_S,
    R_USED,
    RELEASED,
    S_ALONE,
    S_BORN_S,
    S_DOUBLES,
    S_GRADE,
    S_HITS,
    S_INFRARED,
    S_KNOWN,
    S_LAST_S,
    S_LIT,
    S_LOOK_S,
    S_MISFIT,
    S_NUMBER,
    S_OTHER,
    S_PLOT,
    S_READY_S,
    S_ROW,
    S_SENSORS,
    S_SIZE,
    S_STATE,
    STARTED,
    TAKEN,
)
from hinomi.track.start import (
    RADAR_SPEED_SHARE,
    could_meet,
    start_beside,
    start_radar,
    start_stereo,
    start_template,
)
from hinomi.track.use import forget

LOWEST_START_M: Final = -10_000.0  # plausible heights of a first stereo fix (assumed)
HIGHEST_START_M: Final = 2_000_000.0
PATIENCE_S: Final = 2.0  # a start keeps its slot this long whatever comes (assumed)
SINGLE_WINDOW_S: Final = 25.0  # between the two looks of a start from one satellite (assumed)


@njit(
    cache=True,
    nogil=True,
    error_model="numpy",
    no_cpython_wrapper=True,
    no_cfunc_wrapper=True,
    **LEAN,
)
def let_go(s, k, r):  # type: ignore[no-untyped-def]
    """Free the slot of a track; reports of a start that nothing ever followed were of no use."""
    if s.n[k, S_STATE] == TENTATIVE and s.n[k, S_SIZE] == 0:
        r.n[s.n[k, S_PLOT], R_FATE] = UNUSED
        if s.n[k, S_OTHER] >= 0:
            r.n[s.n[k, S_OTHER], R_FATE] = UNUSED
    s.n[k, S_STATE] = FREE


@njit(
    cache=True,
    nogil=True,
    error_model="numpy",
    no_cpython_wrapper=True,
    no_cfunc_wrapper=True,
    **LEAN,
)
def _free(s, r, counts, now):  # type: ignore[no-untyped-def]
    """Lowest free slot, or that of the start that has waited longest; -1 when there is none."""
    oldest = -1
    for k in range(len(s.n)):
        if s.n[k, S_STATE] == FREE:
            counts[HIGH] = max(counts[HIGH], k + 1)
            return k
        waits = (
            s.n[k, S_STATE] == TENTATIVE
            and s.n[k, S_SIZE] == 0
            and now - s.f[k, S_LAST_S] >= PATIENCE_S
        )
        if waits and (oldest < 0 or s.f[k, S_LAST_S] < s.f[oldest, S_LAST_S]):
            oldest = k
    if oldest >= 0:
        let_go(s, oldest, r)
    return oldest


@njit(
    cache=True,
    nogil=True,
    error_model="numpy",
    no_cpython_wrapper=True,
    no_cfunc_wrapper=True,
    **LEAN,
)
def _open(s, k, i, other, hits, r, counts, work, now):  # type: ignore[no-untyped-def]
    """Make a tentative track in slot k of report i; mean and covariance are there already."""
    s.n[k, S_INFRARED] = s.n[k, S_LIT] = 1 if math.isnan(r.f[i, R_RANGE_M]) else 0
    height = height_above_ellipsoid(s.cx[k, 0], s.cx[k, 1], s.cx[k, 2])
    seed_modes(s.x[k], s.p[k], s.mu[k], s.cx[k], s.cp[k], s.n[k, S_INFRARED], height, work)
    s.f[k, S_BORN_S], s.f[k, S_LAST_S], s.f[k, S_READY_S] = now, now, r.f[i, R_READY_S]
    s.n[k, S_STATE], s.n[k, S_NUMBER], s.n[k, S_GRADE], s.n[k, S_HITS] = (
        TENTATIVE,
        counts[BEGUN],
        NO_GRADE,
        hits,
    )
    s.n[k, S_PLOT], s.n[k, S_OTHER], s.n[k, S_ROW] = i, other, -1
    forget(s, k, S_SENSORS)
    forget(s, k, S_KNOWN)
    s.n[k, S_SENSORS] = STARTED
    s.f[k, S_LOOK_S] = r.f[i, R_LOOK_S]
    s.f[k, S_MISFIT], s.n[k, S_SIZE], s.n[k, S_ALONE], s.n[k, S_DOUBLES] = math.nan, 0, -1, 0
    s.missed[k] = 0.0
    r.n[i, R_FATE] = USED
    if other >= 0:
        s.f[k, S_READY_S] = max(r.f[i, R_READY_S], r.f[other, R_READY_S])
        s.f[k, S_LOOK_S] = max(r.f[i, R_LOOK_S], r.f[other, R_LOOK_S])
        r.n[other, R_FATE] = USED
    counts[BEGUN] += 1
    for j in range(counts[HIGH]):
        s.pair[0, k, j], s.pair[0, j, k] = 0.0, 0.0
        s.pair[1, k, j], s.pair[1, j, k] = -math.inf, -math.inf


@njit(
    cache=True,
    nogil=True,
    error_model="numpy",
    no_cpython_wrapper=True,
    no_cfunc_wrapper=True,
    **LEAN,
)
def begin_radar(s, a, b, r, rules, counts, work, now):  # type: ignore[no-untyped-def]
    """Start tracks from the unused reports a..b of one radar."""
    speed = RADAR_SPEED_SHARE * rules.speed
    for i in range(a, b):
        beside = r.n[i, R_USED] == RELEASED
        if r.n[i, R_USED] != OPEN and not beside:
            continue
        r.n[i, R_USED] = TAKEN
        k = _free(s, r, counts, now)
        if k < 0:
            r.n[i, R_FATE] = NO_ROOM
            continue
        wide, deep = (r.f[i, R_SIGMA_LOS] * r.f[i, R_RANGE_M]) ** 2, r.f[i, R_SIGMA_RANGE] ** 2
        start_radar(
            s.cx[k], s.cp[k], r.place[i, 0], r.place[i, 1], r.f[i, R_RANGE_M], wide, deep, speed
        )
        if beside:
            start_beside(s.cx[k], s.cp[k], s.cx[r.n[i, R_PARENT]], s.cp[r.n[i, R_PARENT]])
        _open(s, k, i, -1, 1, r, counts, work, now)


@njit(
    cache=True,
    nogil=True,
    error_model="numpy",
    no_cpython_wrapper=True,
    no_cfunc_wrapper=True,
    **LEAN,
)
def _open_line(used):  # type: ignore[no-untyped-def]
    return used in (OPEN, RELEASED)


@njit(
    cache=True,
    nogil=True,
    error_model="numpy",
    no_cpython_wrapper=True,
    no_cfunc_wrapper=True,
    **LEAN,
)
def begin_pairs(s, old, a, b, r, rules, counts, work, now, room):  # type: ignore[no-untyped-def]
    """Start tracks from unused lines of sight a..b of one satellite and recent ones of others."""
    rows, columns = np.int64(0), np.int64(0)
    for i in range(a, b):
        if _open_line(r.n[i, R_USED]):
            room.rows[rows] = i
            rows += 1
    if rows == 0:
        return
    for j in range(old, a):
        if (
            _open_line(r.n[j, R_USED])
            and math.isnan(r.f[j, R_RANGE_M])
            and r.n[j, R_SENSOR] != r.n[a, R_SENSOR]
        ):
            room.columns[columns] = j
            columns += 1
    if columns == 0:
        return
    count = _fixes(rows, columns, r, rules, work, now, room)
    if count <= len(room.row):
        _begin(s, rows, columns, count, r, rules, counts, work, now, room)
    else:
        _begin_more(s, rows, columns, count, r, rules, counts, work, now, room)


@njit(
    cache=True,
    nogil=True,
    error_model="numpy",
    no_cpython_wrapper=True,
    no_cfunc_wrapper=True,
    **MAKES_ARRAYS,
)
def _begin_more(s, rows, columns, count, r, rules, counts, work, now, room):  # type: ignore[no-untyped-def]
    """As `_begin`, with room for more pairs."""
    more = roomier(room, count)
    _fixes(rows, columns, r, rules, work, now, more)
    _begin(s, rows, columns, count, r, rules, counts, work, now, more)


@njit(
    cache=True,
    nogil=True,
    error_model="numpy",
    no_cpython_wrapper=True,
    no_cfunc_wrapper=True,
    **LEAN,
)
def _fixes(rows, columns, r, rules, work, now, room):  # type: ignore[no-untyped-def]
    """List the pairs of lines of sight that could be of one body, as many as there is room for.

    Returns how many there are.
    """
    count, x, p = 0, room.x, room.p
    for q in range(rows):
        for c in range(columns):
            misfit = _fix(x, p, room.columns[c], room.rows[q], r, rules.gate1, work, now)
            if misfit >= rules.gate1:
                continue
            if not LOWEST_START_M < height_above_ellipsoid(x[0], x[1], x[2]) < HIGHEST_START_M:
                continue
            if count < len(room.row):
                room.row[count], room.column[count], room.cost[count] = q, c, misfit
            count += 1
    return count


@njit(
    cache=True,
    nogil=True,
    error_model="numpy",
    no_cpython_wrapper=True,
    no_cfunc_wrapper=True,
    **LEAN,
)
def _begin(s, rows, columns, count, r, rules, counts, work, now, room):  # type: ignore[no-untyped-def]
    """Start a track from each of the pairs that fit best together."""
    assign_pairs(room.row, room.column, room.cost, count, rows, columns, room.match)
    for q in range(rows):
        if room.match[q] < 0:
            continue
        i, j = room.rows[q], room.columns[room.match[q]]
        r.n[i, R_USED], r.n[j, R_USED] = TAKEN, TAKEN
        k = _free(s, r, counts, now)
        if k < 0:
            r.n[i, R_FATE], r.n[j, R_FATE] = NO_ROOM, NO_ROOM
            continue
        _fix(s.cx[k], s.cp[k], j, i, r, rules.gate1, work, now)
        _open(s, k, i, j, 2, r, counts, work, now)


@njit(
    cache=True,
    nogil=True,
    error_model="numpy",
    no_cpython_wrapper=True,
    no_cfunc_wrapper=True,
    **LEAN,
)
def _fix(cx, cp, j, i, r, gate, work, now):  # type: ignore[no-untyped-def]
    """Start from the lines of sight j and, later, i; misfit."""
    dt = now - r.f[j, R_T_S]
    if not could_meet(
        r.place[j, 0],
        r.place[j, 1],
        r.f[j, R_SIGMA_LOS],
        r.place[i, 0],
        r.place[i, 1],
        r.f[i, R_SIGMA_LOS],
        dt,
        gate,
    ):
        return math.inf
    return start_stereo(
        cx, cp, r.place[j, 0], r.place[j, 1], r.axes[j], r.f[j, R_SIGMA_LOS],
        r.place[i, 0], r.place[i, 1], r.axes[i], r.f[i, R_SIGMA_LOS], dt, work.k,
    )  # fmt: skip


@njit(
    cache=True,
    nogil=True,
    error_model="numpy",
    no_cpython_wrapper=True,
    no_cfunc_wrapper=True,
    **LEAN,
)
def begin_single(s, first, last, r, rules, counts, work, now, room):  # type: ignore[no-untyped-def]
    """Start tracks from lines first..last, which found no partner, and an earlier look each.

    The earliest unused look of the same satellite within `SINGLE_WINDOW_S` that the boost template
    agrees with; half the time between the two is taken as the age of the first.
    """
    for i in range(first, last):
        if not (math.isnan(r.f[i, R_RANGE_M]) and _open_line(r.n[i, R_USED])):
            continue
        found, j = -1, i - 1
        while j >= 0 and r.f[i, R_T_S] - r.f[j, R_T_S] <= SINGLE_WINDOW_S:
            same = r.n[j, R_SENSOR] == r.n[i, R_SENSOR] and r.f[j, R_T_S] < r.f[i, R_T_S]
            if same and math.isnan(r.f[j, R_RANGE_M]) and _open_line(r.n[j, R_USED]):
                misfit = _single(room.x, room.p, j, i, r, rules, work, now)
                if misfit < rules.gate2:
                    found = j
            j -= 1
        if found < 0:
            continue
        r.n[i, R_USED], r.n[found, R_USED] = TAKEN, TAKEN
        k = _free(s, r, counts, now)
        if k < 0:
            r.n[i, R_FATE], r.n[found, R_FATE] = NO_ROOM, NO_ROOM
            continue
        _single(s.cx[k], s.cp[k], found, i, r, rules, work, now)
        _open(s, k, i, found, 2, r, counts, work, now)
        s.n[k, S_ALONE] = r.n[i, R_SENSOR]


@njit(
    cache=True,
    nogil=True,
    error_model="numpy",
    no_cpython_wrapper=True,
    no_cfunc_wrapper=True,
    **LEAN,
)
def _single(cx, cp, j, i, r, rules, work, now):  # type: ignore[no-untyped-def]
    """Start from the looks j and, later, i of one satellite, carried to now; misfit."""
    return start_template(
        cx, cp, r.place[j, 0], r.place[j, 1], r.f[j, R_SIGMA_LOS], r.place[i, 0], r.axes[i],
        r.f[i, R_SIGMA_LOS], r.f[i, R_T_S] - r.f[j, R_T_S], now - r.f[i, R_T_S], rules.template, work.k,
    )  # fmt: skip
