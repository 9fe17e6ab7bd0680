"""The batch itself: prediction, association, starts, grades and ends of every second."""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from numba import njit

from hinomi.kernels import LEAN, MAKES_ARRAYS
from hinomi.records.tracks import CONFIRMED, DROPPED, NO_GRADE, TENTATIVE
from hinomi.track.admit import SPARE, UNUSED
from hinomi.track.associate import associate
from hinomi.track.begin import begin_pairs, begin_radar, begin_single, let_go
from hinomi.track.ending import gone, over, same_body
from hinomi.track.filter import advance
from hinomi.track.gate import across
from hinomi.track.grade import grade_of
from hinomi.track.modes import combine
from hinomi.track.slots import (
    FREE,
    HIGH,
    OPEN,
    R_FATE,
    R_RANGE_M,
    R_SENSOR,
    R_T_S,
    R_USED,
    ROWS,
    S_ALONE,
    S_BEST,
    S_BORN_S,
    S_DEEP,
    S_GRADE,
    S_HITS,
    S_LAST_S,
    S_LOOK_S,
    S_MISFIT,
    S_NUMBER,
    S_PLOT,
    S_READY_S,
    S_ROW,
    S_SENSORS,
    S_SIZE,
    S_STATE,
    S_WIDE,
    Out,
)
from hinomi.track.use import anybody, forget, told_apart, use
from hinomi.track.visible import KIND, NO_KIND

LONGEST_STEP_S: Final = 2.0  # of one prediction


@njit(cache=True, nogil=True, error_model="numpy")
def run(s, r, rules, limits, eyes, work, counts, out, joint, single, room):  # type: ignore[no-untyped-def]
    """Run the batch; return how many rows there are, and the arrays of `Out`.

    Plain arrays: a named tuple is made by code of Python's, where a signal that came during the run
    would raise, and the process would crash.

    `joint`, `single`: 1, or None to leave out joint association and starts from one satellite; what
    is left out is not compiled. `room`: of `make_scratch`, for as many as there are slots or reports.
    """
    n = len(r.f)
    confirmed, at = np.empty(len(s.n), np.int64), np.zeros(2, np.int64)
    clock = np.full(1, r.f[0, R_T_S] if n else 0.0)
    _set_axes(r)
    while _seconds(
        s, r, rules, limits, eyes, work, counts, out, joint, single, room, confirmed, at, clock
    ):
        out = _roomy(out, counts[ROWS] + 2 * len(s.n))
    return counts[ROWS], out.times, out.mean, out.cov, out.mode, out.marks


@njit(
    cache=True,
    nogil=True,
    error_model="numpy",
    no_cpython_wrapper=True,
    no_cfunc_wrapper=True,
    **LEAN,
)
def _seconds(  # type: ignore[no-untyped-def]
    s, r, rules, limits, eyes, work, counts, out, joint, single, room, confirmed, at, clock
):
    """Run second after second; False at the end, True when the next one may need more rows.

    `at`: first report of the next second, and of the window of starts; `clock`: the time [s].
    """
    n = len(r.f)
    lo, old, now = at[0], at[1], clock[0]
    while counts[ROWS] + 2 * len(s.n) <= len(out.times):
        high = counts[HIGH]
        # To the next second with plots, at most two seconds on; without tracks straight to it.
        live = False
        for i in range(high):
            live = live or s.n[i, S_STATE] != FREE
        waiting = single is not None and old < lo
        if lo < n and (not (live or waiting) or r.f[lo, R_T_S] <= now + LONGEST_STEP_S):
            then = r.f[lo, R_T_S]
        elif live or waiting:
            then = now + LONGEST_STEP_S
        else:
            return False
        hi = lo
        while hi < n and r.f[hi, R_T_S] == then:
            hi += 1
        dt = then - now
        now = then
        _advance(s, high, dt, work)
        gone_by = old
        while old < lo and r.f[old, R_T_S] < now - rules.pair_s:
            old += 1
        # Confirmed tracks first, against their prediction; firm ones then use their best plot.
        for stage in (CONFIRMED, TENTATIVE):
            _groups(s, stage, old, lo, hi, r, rules, eyes, work, counts, now, joint, room)
            _use_best(s, high, r, work, now)
        if single is not None:
            begin_single(s, gone_by, old, r, rules, counts, work, now, room)
        for i in range(lo, hi):
            if r.n[i, R_FATE] == UNUSED and r.n[i, R_USED] != OPEN:
                r.n[i, R_FATE] = SPARE
        _close(s, dt, now, r, rules, limits, eyes, work, counts, out, confirmed)
        lo = hi
        at[0], at[1], clock[0] = lo, old, now
    return True


@njit(
    cache=True,
    nogil=True,
    error_model="numpy",
    no_cpython_wrapper=True,
    no_cfunc_wrapper=True,
    **LEAN,
)
def _set_axes(r):  # type: ignore[no-untyped-def]
    """Set the axes across the lines of sight of all reports."""
    for i in range(len(r.f)):
        across(r.place[i, 1], r.axes[i])


@njit(
    cache=True,
    nogil=True,
    error_model="numpy",
    no_cpython_wrapper=True,
    no_cfunc_wrapper=True,
    **LEAN,
)
def _advance(s, high, dt, work):  # type: ignore[no-untyped-def]
    """Predict all tracks by `dt`; none has a report of this second yet."""
    for i in range(high):
        if s.n[i, S_STATE] != FREE:
            forget(s, i, S_SENSORS)
            s.n[i, S_ROW] = -1
            if dt > 0.0:
                advance(s.x[i], s.p[i], s.mu[i], s.cx[i], s.cp[i], dt, work)


@njit(
    cache=True,
    nogil=True,
    error_model="numpy",
    no_cpython_wrapper=True,
    no_cfunc_wrapper=True,
    **LEAN,
)
def _use_best(s, high, r, work, now):  # type: ignore[no-untyped-def]
    """Let firm tracks use the best report that they noted."""
    for i in range(high):
        if s.n[i, S_BEST] >= 0:
            use(s, i, s.n[i, S_BEST], s.f[i, S_WIDE], s.f[i, S_DEEP], r, work, now)
            s.n[i, S_BEST] = -1


@njit(
    cache=True,
    nogil=True,
    error_model="numpy",
    no_cpython_wrapper=True,
    no_cfunc_wrapper=True,
    **LEAN,
)
def _groups(s, stage, old, lo, hi, r, rules, eyes, work, counts, now, joint, room):  # type: ignore[no-untyped-def]
    """Give the plots lo..hi to the tracks of one status, a sensor at a time.

    What is left by the tentative ones starts tracks, which the next sensor may feed.
    """
    a = lo
    while a < hi:
        infrared = math.isnan(r.f[a, R_RANGE_M])
        b = a
        while (
            b < hi
            and r.n[b, R_SENSOR] == r.n[a, R_SENSOR]
            and math.isnan(r.f[b, R_RANGE_M]) == infrared
        ):
            b += 1
        associate(s, stage, a, b, r, rules, eyes, work, counts, now, joint, room)
        if stage == TENTATIVE and infrared:
            begin_pairs(s, old, a, b, r, rules, counts, work, now, room)
        elif stage == TENTATIVE:
            begin_radar(s, a, b, r, rules, counts, work, now)
        a = b


@njit(
    cache=True,
    nogil=True,
    error_model="numpy",
    no_cpython_wrapper=True,
    no_cfunc_wrapper=True,
    **LEAN,
)
def _close(s, dt, now, r, rules, limits, eyes, work, counts, out, confirmed):  # type: ignore[no-untyped-def]  # noqa: C901
    """Confirm, grade, write the rows and end tracks at the end of a second."""
    high = counts[HIGH]
    found, watched = 0, False
    for q in range(len(eyes.numbers)):
        watched = watched or eyes.numbers[q, KIND] != NO_KIND
    for i in range(high):
        if s.n[i, S_STATE] == FREE:
            continue
        fresh = s.f[i, S_LAST_S] == now and anybody(s, i)
        if fresh:
            combine(work.model.kinds, s.x[i], s.p[i], s.mu[i], s.cx[i], s.cp[i])
            if s.n[i, S_STATE] == TENTATIVE:
                if s.n[i, S_HITS] >= rules.hits:
                    if s.n[i, S_ALONE] < 0 or rules.single_ok:
                        s.n[i, S_STATE] = CONFIRMED
                        s.missed[i] = 0.0
                elif now - s.f[i, S_BORN_S] > rules.looks * s.f[i, S_LOOK_S]:
                    let_go(s, i, r)
        ended = over(s, i, now, rules)
        if s.n[i, S_STATE] == CONFIRMED and not ended and watched:
            ended = gone(s, i, dt, now, eyes, rules)
        if ended:
            if s.n[i, S_STATE] == CONFIRMED:
                s.n[i, S_STATE] = DROPPED
                _row(work.model.kinds, s, i, counts, now, out)
            let_go(s, i, r)
            continue
        if fresh and s.n[i, S_STATE] != FREE:
            s.n[i, S_GRADE] = NO_GRADE
            if s.n[i, S_STATE] == CONFIRMED:
                s.n[i, S_GRADE] = grade_of(work.model.kinds, s.cx[i], s.cp[i], s.mu[i], limits)
            _row(work.model.kinds, s, i, counts, now, out)
        if s.n[i, S_STATE] == CONFIRMED:
            confirmed[found] = i
            found += 1
    for a in range(found):
        for b in range(a):
            i, k = confirmed[a], confirmed[b]
            if s.n[i, S_STATE] != CONFIRMED or s.n[k, S_STATE] != CONFIRMED:
                continue
            if told_apart(s, i, k):
                s.pair[0, i, k], s.pair[1, i, k] = 0.0, now
            elif same_body(s, i, k, dt, now, rules):
                age = s.f[i, S_BORN_S] - s.f[k, S_BORN_S]
                if age == 0.0:
                    age = 1.0 * (s.n[k, S_HITS] - s.n[i, S_HITS])
                if age == 0.0:
                    age = s.cp[i, 0, 0] - s.cp[k, 0, 0]
                younger = i if age > 0.0 else k
                s.n[younger, S_STATE] = DROPPED
                _row(work.model.kinds, s, younger, counts, now, out)
                s.n[younger, S_STATE] = FREE


@njit(
    cache=True,
    nogil=True,
    error_model="numpy",
    no_cpython_wrapper=True,
    no_cfunc_wrapper=True,
    **MAKES_ARRAYS,
)
def _roomy(out, rows):  # type: ignore[no-untyped-def]
    """Return room for so many rows, what is written copied over."""
    have = len(out.times)
    if rows <= have:
        return out
    size = 2 * rows
    times, mean = np.empty((size, 3)), np.empty((size, 9))
    cov, mode = np.empty((size, 9, 9)), np.zeros((size, out.mode.shape[1]))
    marks = np.empty((size, 5), np.int64)
    times[:have], mean[:have], cov[:have] = out.times, out.mean, out.cov
    mode[:have], marks[:have] = out.mode, out.marks
    return Out(times, mean, cov, mode, marks)


@njit(
    cache=True,
    nogil=True,
    error_model="numpy",
    no_cpython_wrapper=True,
    no_cfunc_wrapper=True,
    **LEAN,
)
def _row(kinds, s, i, counts, now, out):  # type: ignore[no-untyped-def]
    """Write the row of track i at this second, over an earlier one of the same second."""
    k = s.n[i, S_ROW]
    if k < 0:
        k = counts[ROWS]
        counts[ROWS] += 1
        s.n[i, S_ROW] = k
    ended = s.n[i, S_STATE] == DROPPED
    out.times[k, 0] = now
    out.times[k, 1] = max(s.f[i, S_READY_S], now) if ended else s.f[i, S_READY_S]
    out.times[k, 2] = math.nan if ended else s.f[i, S_MISFIT]
    for a in range(9):
        out.mean[k, a] = s.cx[i, a]
        for b in range(9):
            out.cov[k, a, b] = s.cp[i, a, b]
    for j in range(len(kinds)):
        out.mode[k, kinds[j]] = s.mu[i, j]
    out.marks[k, 0], out.marks[k, 1] = s.n[i, S_NUMBER], s.n[i, S_STATE]
    out.marks[k, 2] = NO_GRADE if ended else s.n[i, S_GRADE]
    out.marks[k, 3] = -1 if ended else s.n[i, S_PLOT]
    out.marks[k, 4] = 0 if ended else s.n[i, S_SIZE]
