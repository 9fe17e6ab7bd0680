"""Two national pictures made one: tracks of the same body fused, all others passed on.

Every `fuse_every_s`, and at each new confirmation, the tracks of both nations are compared by
distance in position and velocity; pairs are fused by covariance intersection, which is safe because
the errors of two trackers of one body are correlated in an unknown way.

A fused row stands at the newest own row of the step (the newest foreign row when the nation's own
track has none); of the other nation the latest row is used that is both older and already there
when the first one is, predicted forward. So availability is that of the newer row, and no state is
used before it has arrived. Rows that arrive after a newer row of their track are left out: a late
partner takes nothing away. Force and modes come from the better of the two. Which tracks are one is
decided on rows in order of validity, a relay's delay before the partner's have all arrived.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from numba import njit
from numpy.typing import NDArray
from scipy.special import chdtri

from hinomi.kernels import LEAN, MAKES_ARRAYS
from hinomi.records.columns import Floats
from hinomi.records.tracks import (
    CONFIRMED,
    DROPPED,
    MODES,
    NO_GRADE,
    TENTATIVE,
    Tracks,
    TrackSettings,
)
from hinomi.track.assign import FORBIDDEN, assign
from hinomi.track.filter import make_work
from hinomi.track.forward import forward
from hinomi.track.grade import grade_limits, grade_of
from hinomi.track.intersect import intersect, separation
from hinomi.track.slots import Integers

ALL: Final = np.arange(len(MODES))
FARTHEST: Final = 1.5  # margin of a bound over the limit it stands for, against rounding
PART_FACTOR: Final = 4.0  # a pair is undone only this far beyond the gate that makes one (assumed)


def fuse(
    own: Tracks, foreign: Tracks, *, foreign_delay_s: float, settings: TrackSettings, picture: str
) -> Tracks:
    """Fuse two pictures into one.

    Parameters
    ----------
    own, foreign
        confirmed rows are used, tentative ones are left out.
    foreign_delay_s
        a foreign row is there this long after its own nation has it [s].
    settings
        `fuse_every_s`, `gate_probability`, `drop_after_s` and the limits of the grades.
    picture
        name of the fused picture.

    Returns
    -------
    Tracks
        at most one row a track, step and time, sorted by time then track; `plot` is -1. A number
        stays with its body; when two numbers turn out to be one body the older one goes on and the
        other ends with a DROPPED row. `plots` is the sum of both.
    """
    rows = [_sorted(own, 0.0), _sorted(foreign, foreign_delay_s)]
    t_s = np.concatenate([r[0] for r in rows])
    if not len(t_s):
        return _tracks(
            picture, np.empty((0, 2)), np.empty((0, 9)), np.empty((0, 9, 9)), np.empty((0, len(MODES))),
            np.empty((0, 3), np.int64), own.plots + foreign.plots,
        )  # fmt: skip
    step = settings.fuse_every_s
    born = np.concatenate([_births(t) for t in (own, foreign)])
    grid = (
        np.arange(math.ceil(float(t_s.min()) / step), math.ceil(float(t_s.max()) / step) + 1) * step
    )
    epochs = np.unique(np.concatenate([grid, born]))
    number = np.concatenate([rows[0][2], rows[1][2]])
    sides = np.array([_size(own), _size(foreign)], np.int64)
    gate = float(chdtri(6, 1.0 - settings.gate_probability))
    room = len(epochs) * int(sides.sum()) + 2 * int(sides.sum())
    times, mean, cov = np.empty((room, 2)), np.empty((room, 9)), np.empty((room, 9, 9))
    mode, marks = np.empty((room, len(MODES))), np.empty((room, 3), np.int64)
    source = [
        np.ascontiguousarray(np.concatenate([a, b]))
        for a, b in zip(rows[0][3:], rows[1][3:], strict=True)
    ]
    count = _fuse(
        t_s, np.concatenate([rows[0][1], rows[1][1]]), number, *source, len(rows[0][0]), epochs,
        sides, np.array([gate, settings.drop_after_s]), grade_limits(settings), make_work(),
        times, mean, cov, mode, marks,
    )  # fmt: skip
    order = np.lexsort((marks[:count, 0], times[:count, 0]))
    order = order[_in_time(times[order, 1], marks[order, 0], marks[order, 1])]
    return _tracks(
        picture,
        times[order],
        mean[order],
        cov[order],
        mode[order],
        marks[order],
        own.plots + foreign.plots,
    )


def _in_time(ready_s: Floats, number: Integers, status: Integers) -> NDArray[np.bool_]:
    """(N,) whether a row is there before every newer one of its number; rows in order of time.

    What comes later than something newer is never the latest known, and must not hold the newer
    one back. A number of which nothing but its end is left is left out altogether.
    """
    keep = np.zeros(len(number), np.bool_)
    order = np.argsort(number, kind="stable")
    for rows in np.split(order, np.flatnonzero(np.diff(number[order])) + 1):
        newest = np.minimum.accumulate(ready_s[rows][::-1])[::-1]
        there = ready_s[rows] <= newest
        keep[rows] = there & (status[rows[there]] != DROPPED).any()
    return keep


def _tracks(
    picture: str,
    times: Floats,
    mean: Floats,
    cov: Floats,
    mode: Floats,
    marks: Integers,
    plots: int,
) -> Tracks:
    return Tracks(
        picture=picture, t_s=times[:, 0], t_available_s=times[:, 1],
        track=marks[:, 0].astype(np.int32), mean=mean,
        cov=cov, mode=mode, status=marks[:, 1].astype(np.int32), grade=marks[:, 2].astype(np.int32),
        plot=np.full(len(times), -1, np.int32), plots=plots,
    )  # fmt: skip


def _sorted(
    tracks: Tracks, delay_s: float
) -> tuple[Floats, Floats, Integers, Floats, Floats, Floats, Integers]:
    """Rows that count, ordered by track then time: t, there at, track, mean, cov, mode, status."""
    order = np.lexsort((tracks.t_s, tracks.track))
    order = order[tracks.status[order] != TENTATIVE]
    number, status = tracks.track[order].astype(np.int64), tracks.status[order].astype(np.int64)
    return (
        tracks.t_s[order], tracks.t_available_s[order] + delay_s, number,
        tracks.mean[order], tracks.cov[order], tracks.mode[order], status,
    )  # fmt: skip


def _size(tracks: Tracks) -> int:
    return int(tracks.track.max()) + 1 if len(tracks.track) else 0


def _births(tracks: Tracks) -> Floats:
    """Time of the first confirmed row of each track."""
    live = tracks.status == CONFIRMED
    _, first = np.unique(tracks.track[live], return_index=True)
    return np.asarray(tracks.t_s[live][first])


@njit(cache=True, nogil=True, error_model="numpy", **MAKES_ARRAYS)
def _fuse(  # type: ignore[no-untyped-def]  # noqa: C901
    t_s, ready_s, number, mean_in, cov_in, mode_in, status, split, epochs, sides, config, limits,
    work, times, mean, cov, mode, marks,
):  # fmt: skip
    """Walk the steps; write the rows and return how many. Rows below `split` are own."""
    n, total = len(t_s), sides[0] + sides[1]  # tracks: own first, then foreign
    first, last = np.full(total, n), np.full(total, 0)  # rows of each track
    for i in range(n):
        k = number[i] + (sides[0] if i >= split else 0)
        first[k] = min(first[k], i)
        last[k] = max(last[k], i + 1)
    at, seen = first - 1, first - 1  # newest row at this step, and at the step before
    name, pair = np.full(total, -1), np.full(total, -1)
    match = np.empty(total + 1, np.int64)
    ones, others = np.empty(total, np.int64), np.empty(total, np.int64)
    x, p = np.empty((2, 9)), np.empty((2, 9, 9))
    fx, fp = np.empty(6), np.empty((6, 6))
    names, rows = np.int64(0), np.int64(0)
    for now in epochs:
        for k in range(total):
            seen[k] = at[k]
            while at[k] + 1 < last[k] and t_s[at[k] + 1] <= now:
                at[k] += 1
        # Pairs that have drifted apart or ended are undone, new ones made.
        free, away = np.int64(0), np.int64(0)
        for k in range(total):
            if at[k] < first[k] or status[at[k]] == DROPPED:
                continue
            m = pair[k]
            if k >= sides[0] or m < 0 or status[at[m]] == DROPPED:
                continue
            d2 = _apart(t_s, mean_in, cov_in, mode_in, at[k], at[m], config, x, p, work)
            if d2 > PART_FACTOR * config[0]:
                pair[k], pair[m], name[m] = -1, -1, -1
        for k in range(total):
            if at[k] < first[k] or status[at[k]] == DROPPED:
                continue
            alone = pair[k] < 0 or status[at[pair[k]]] == DROPPED
            if alone and k < sides[0]:
                ones[free] = k
                free += 1
            elif alone:
                others[away] = k
                away += 1
        cost = np.empty((free, away))
        for r in range(free):
            for c in range(away):
                d2 = _apart(
                    t_s, mean_in, cov_in, mode_in, at[ones[r]], at[others[c]], config, x, p, work
                )
                cost[r, c] = d2 if d2 <= config[0] else FORBIDDEN
        assign(cost, free, away, match)
        for r in range(free):
            if match[r] < 0:
                continue
            k, m = ones[r], others[match[r]]
            for q in (k, m):  # a former partner has ended
                if pair[q] >= 0:
                    pair[pair[q]] = -1
            pair[k], pair[m] = m, k
            gone = max(name[k], name[m])
            if name[k] < 0 or name[m] < 0:
                name[k], name[m] = gone, gone
            elif name[k] != name[m]:
                old = k if name[k] == gone else m
                stay = min(name[k], name[m])
                _copy(rows, mean, cov, mode, mean_in, cov_in, mode_in, at[old])
                times[rows, 0] = max(now, t_s[at[old]])
                # Known when both are: before that nobody could tell that the two are one.
                times[rows, 1] = max(now, ready_s[at[k]], ready_s[at[m]])
                marks[rows, 0], marks[rows, 1], marks[rows, 2] = gone, DROPPED, NO_GRADE
                rows += 1
                name[k], name[m] = stay, stay
        # One row for each body with something new.
        for k in range(total):
            if at[k] == seen[k]:
                continue
            base, m = at[k], pair[k]
            if status[base] == DROPPED:
                if m >= 0 and status[at[m]] != DROPPED:
                    continue  # the other nation goes on under this number
                if m >= 0 and at[m] != seen[m] and k > m:
                    continue  # both ended in this step: one last row
                if name[k] < 0:
                    continue
            elif m >= 0 and k >= sides[0] and status[at[m]] != DROPPED and at[m] != seen[m]:
                continue  # the own track speaks for both
            if name[k] < 0:
                name[k] = names
                names += 1
                if m >= 0:
                    name[m] = name[k]
            _copy(rows, mean, cov, mode, mean_in, cov_in, mode_in, base)
            times[rows, 0], times[rows, 1] = t_s[base], ready_s[base]
            marks[rows, 0], marks[rows, 1], marks[rows, 2] = name[k], status[base], NO_GRADE
            if status[base] != DROPPED:
                if m >= 0:
                    j = at[m]
                    while j >= first[m] and (t_s[j] > t_s[base] or ready_s[j] > ready_s[base]):
                        j -= 1
                    if j >= first[m] and status[j] != DROPPED and t_s[base] - t_s[j] <= config[1]:
                        _blend(
                            rows, mean, cov, mode, mean_in, cov_in, mode_in, base, j,
                            t_s[base] - t_s[j], x, p, fx, fp, work,
                        )  # fmt: skip
                marks[rows, 2] = grade_of(ALL, mean[rows], cov[rows], mode[rows], limits)
            rows += 1
    return rows


@njit(cache=True, nogil=True, error_model="numpy", **LEAN)
def _copy(row, mean, cov, mode, mean_in, cov_in, mode_in, i):  # type: ignore[no-untyped-def]
    for a in range(9):
        mean[row, a] = mean_in[i, a]
        for b in range(9):
            cov[row, a, b] = cov_in[i, a, b]
    for j in range(len(mode_in[i])):
        mode[row, j] = mode_in[i, j]


@njit(cache=True, nogil=True, error_model="numpy", **LEAN)
def _load(slot, mean_in, cov_in, mode_in, i, dt, x, p, work):  # type: ignore[no-untyped-def]
    """Put row i, predicted by `dt`, into place `slot` of the working space."""
    for a in range(9):
        x[slot, a] = mean_in[i, a]
        for b in range(9):
            p[slot, a, b] = cov_in[i, a, b]
    if dt > 0.0:
        forward(x[slot], p[slot], mode_in[i], dt, work)


@njit(cache=True, nogil=True, error_model="numpy", **LEAN)
def _apart(t_s, mean_in, cov_in, mode_in, i, j, config, x, p, work):  # type: ignore[no-untyped-def]
    """Squared distance of rows i and j in position and velocity, at the time of the newer.

    Where no direction of the errors in position could bridge the gap: a number below it that already
    is too large for any pair.
    """
    gap = t_s[i] - t_s[j]
    if abs(gap) > config[1]:
        return math.inf
    _load(0, mean_in, cov_in, mode_in, i, -gap, x, p, work)
    _load(1, mean_in, cov_in, mode_in, j, gap, x, p, work)
    gap2, size = 0.0, 0.0
    for a in range(3):
        gap2 += (x[0, a] - x[1, a]) ** 2
        size += p[0, a, a] + p[1, a, a]
    if gap2 > FARTHEST * PART_FACTOR * config[0] * size:
        return gap2 / size
    return separation(x[0, :6], p[0, :6, :6], x[1, :6], p[1, :6, :6])


@njit(cache=True, nogil=True, error_model="numpy", **LEAN)
def _blend(row, mean, cov, mode, mean_in, cov_in, mode_in, i, j, dt, x, p, fx, fp, work):  # type: ignore[no-untyped-def]
    """Fuse row i with row j, which is `dt` older, into the output row."""
    _load(0, mean_in, cov_in, mode_in, i, 0.0, x, p, work)
    _load(1, mean_in, cov_in, mode_in, j, dt, x, p, work)
    weight = intersect(x[0, :6], p[0, :6, :6], x[1, :6], p[1, :6, :6], fx, fp)
    size0 = p[0, 0, 0] + p[0, 1, 1] + p[0, 2, 2]
    better, k = (0, i) if size0 <= p[1, 0, 0] + p[1, 1, 1] + p[1, 2, 2] else (1, j)
    whole = weight == 0.0 or weight == 1.0  # one of the two taken as it is
    if whole:
        better, k = (0, i) if weight == 1.0 else (1, j)
    for a in range(9):
        mean[row, a] = fx[a] if a < 6 else x[better, a]
        for b in range(9):
            if a < 6 and b < 6:
                cov[row, a, b] = fp[a, b]
            else:
                cov[row, a, b] = p[better, a, b] if whole or (a >= 6 and b >= 6) else 0.0
    for m in range(len(mode_in[k])):
        mode[row, m] = mode_in[k, m]
