"""The batch itself: prediction, association, starts, grades and ends of every second."""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from numba import njit

from hinomi.earth.wgs84 import height_above_ellipsoid
from hinomi.records.tracks import CONFIRMED, DROPPED, NO_GRADE, TENTATIVE, WARNING_GRADE
from hinomi.track.assign import FORBIDDEN, assign
from hinomi.track.filter import absorb, advance, seed_modes
from hinomi.track.gate import across, distance, gain
from hinomi.track.grade import grade_of
from hinomi.track.modes import combine
from hinomi.track.slots import FREE
from hinomi.track.start import RADAR_SPEED_SHARE, start_radar, start_stereo

LONGEST_STEP_S: Final = 2.0  # of one prediction
PAIR_WINDOW_S: Final = 5.0  # between the two lines of sight of a first stereo fix (assumed)
SILENCE_RADAR_S: Final = 10.0  # a tentative track without a plot for this long is dropped (assumed)
SILENCE_INFRARED_S: Final = 25.0  # the same when started by infrared: frames of 10 s (assumed)
LOOK_RADAR_S: Final = 4.0  # assumed interval of looks, for M of N
LOOK_INFRARED_S: Final = 10.0
DUPLICATE_S: Final = 3.0  # two tracks this long on one body are one (assumed)
STARTED: Final = 1 << 62  # bit of a track that began this second, no sensor's own
APART_S: Final = 30.0  # unless one sensor reported both in one second within this time (assumed)
LOWEST_START_M: Final = -10_000.0  # plausible heights of a first stereo fix (assumed)
HIGHEST_START_M: Final = 2_000_000.0

# Places in the row of settings that the kernel reads.
_HITS, _LOOKS, _GATE2, _GATE3, _DROP_S, _DROP_M, _SPEED, _GATE1 = range(8)
# Places in the row of counters.
_ROWS, _STARTED, _HIGH = range(3)


@njit(cache=True, nogil=True)
def run(  # type: ignore[no-untyped-def]  # noqa: C901
    t_s, ready_s, sensor, site, los, range_m, sigma_los, sigma_range, config, limits, s, work,
    times, mean, cov, mode, marks,
):  # fmt: skip
    """Run the batch; write its rows and return how many."""
    n = len(t_s)
    axes = np.empty((n, 2, 3))
    for i in range(n):
        across(los[i], axes[i])
    size = len(s.state)
    used = np.zeros(n, np.int64)  # 1 used, 2 absorbed by a firm track
    best, best_gain = np.full(size, -1, np.int64), np.zeros(size)
    match, row_of, column_of = (
        np.empty(max(size, n), np.int64),
        np.empty(size, np.int64),
        np.empty(n, np.int64),
    )
    count = np.zeros(3, np.int64)  # rows written, tracks started, slots below which some are taken
    lo, old = np.int64(0), np.int64(0)
    now = t_s[0] if n else 0.0
    while True:
        high = count[_HIGH]
        # To the next second with plots, at most two seconds on; without tracks straight to it.
        live = False
        for i in range(high):
            live = live or s.state[i] != FREE
        if lo < n and (not live or t_s[lo] <= now + LONGEST_STEP_S):
            then = t_s[lo]
        elif live:
            then = now + LONGEST_STEP_S
        else:
            break
        hi = lo
        while hi < n and t_s[hi] == then:
            hi += 1
        dt = then - now
        now = then
        for i in range(high):
            if s.state[i] != FREE:
                s.sensors[i] = 0
                s.row[i] = -1
                if dt > 0.0:
                    advance(s.x[i], s.p[i], s.mu[i], s.cx[i], s.cp[i], dt, work)
        # Confirmed tracks first, against their prediction; firm ones then use their best plot.
        while old < n and t_s[old] < now - PAIR_WINDOW_S:
            old += 1
        for stage in (CONFIRMED, TENTATIVE):
            a = lo
            while a < hi:
                b = a
                while b < hi and sensor[b] == sensor[a]:
                    b += 1
                _associate(
                    s, stage, count[_HIGH], a, b, sensor, site, los, range_m, sigma_los, sigma_range,
                    axes, ready_s, config, work, used, best, best_gain, match, row_of, column_of, now,
                )  # fmt: skip
                if stage == TENTATIVE:  # what is left starts tracks, which the next sensor may feed
                    if math.isnan(range_m[a]):
                        _pair(
                            s, count, old, a, b, t_s, sensor, site, los, range_m, sigma_los, axes,
                            ready_s, config, work, used, now,
                        )  # fmt: skip
                    else:
                        _begin(
                            s, count, a, b, site, los, range_m, sigma_los, sigma_range, ready_s,
                            config, work, used, now,
                        )  # fmt: skip
                a = b
            for i in range(high):
                if best[i] >= 0:
                    j = best[i]
                    _use(
                        s,
                        i,
                        j,
                        site,
                        los,
                        range_m,
                        sigma_los,
                        sigma_range,
                        axes,
                        ready_s,
                        work,
                        now,
                    )
                    best[i] = -1
        # Confirmation, grade, rows, end.
        high = count[_HIGH]
        for i in range(high):
            if s.state[i] == FREE:
                continue
            fresh = s.last_s[i] == now and s.sensors[i] != 0
            if fresh:
                combine(s.x[i], s.p[i], s.mu[i], s.cx[i], s.cp[i])
                look = LOOK_INFRARED_S if s.infrared[i] else LOOK_RADAR_S
                if s.state[i] == TENTATIVE:
                    if s.hits[i] >= config[_HITS]:
                        s.state[i] = CONFIRMED
                    elif now - s.born_s[i] > config[_LOOKS] * look:
                        s.state[i] = FREE
            if _over(s, i, now, config):
                if s.state[i] == CONFIRMED:
                    s.state[i] = DROPPED
                    _row(s, i, count, now, times, mean, cov, mode, marks)
                s.state[i] = FREE
                continue
            if fresh and s.state[i] != FREE:
                s.grade[i] = NO_GRADE
                if s.state[i] == CONFIRMED:
                    s.grade[i] = grade_of(s.cx[i], s.cp[i], s.mu[i], limits, work.sigma)
                _row(s, i, count, now, times, mean, cov, mode, marks)
        for i in range(high):
            for k in range(i):
                if (
                    s.state[i] == CONFIRMED
                    and s.state[k] == CONFIRMED
                    and _same(s, i, k, dt, now, config)
                ):
                    age = s.born_s[i] - s.born_s[k]
                    if age == 0.0:
                        age = 1.0 * (s.hits[k] - s.hits[i])
                    if age == 0.0:
                        age = s.cp[i, 0, 0] - s.cp[k, 0, 0]
                    younger = i if age > 0.0 else k
                    s.state[younger] = DROPPED
                    _row(s, younger, count, now, times, mean, cov, mode, marks)
                    s.state[younger] = FREE
        lo = hi
    return count[_ROWS]


@njit(cache=True, nogil=True)
def _associate(  # type: ignore[no-untyped-def]
    s, stage, high, a, b, sensor, site, los, range_m, sigma_los, sigma_range, axes, ready_s, config,
    work, used, best, best_gain, match, row_of, column_of, now,
):  # fmt: skip
    """Give the plots a..b of one sensor to the tracks of one status; firm ones note the best."""
    columns, rows = np.int64(0), np.int64(0)
    for i in range(a, b):
        if used[i] != 1:
            column_of[columns] = i
            columns += 1
    for i in range(high):
        fed = s.sensors[i] & (1 << (sensor[a] % 62))
        if s.state[i] == stage and columns > 0 and fed == 0:
            row_of[rows] = i
            rows += 1
    if rows == 0 or columns == 0:
        return
    gate = config[_GATE2] if math.isnan(range_m[a]) else config[_GATE3]
    cost = np.empty((rows, columns))
    for r in range(rows):
        k = row_of[r]
        firm = s.grade[k] >= WARNING_GRADE
        size = s.cp[k, 0, 0] + s.cp[k, 1, 1] + s.cp[k, 2, 2]
        for c in range(columns):
            i = column_of[c]
            cost[r, c] = FORBIDDEN
            if _far(s, k, i, size, site, los, range_m, sigma_los, sigma_range, gate):
                continue
            wide, deep = _variance(s.cx[k], site[i], sigma_los[i], sigma_range[i])
            d2, volume = distance(
                s.cx[k], s.cp[k], axes[i], site[i], los[i], range_m[i], wide, deep, gate
            )
            if d2 <= gate:
                cost[r, c] = d2 + volume
                if firm:
                    used[i] = 2
    assign(cost, rows, columns, match)
    for r in range(rows):
        if match[r] < 0:
            continue
        k, i = row_of[r], column_of[match[r]]
        used[i] = 1
        s.sensors[k] |= 1 << (sensor[i] % 62)
        if s.grade[k] >= WARNING_GRADE:
            wide, deep = _variance(s.cx[k], site[i], sigma_los[i], sigma_range[i])
            g = gain(s.cp[k], axes[i], los[i], not math.isnan(range_m[i]), wide, deep)
            if best[k] < 0 or g > best_gain[k]:
                best[k] = i
                best_gain[k] = g
        else:
            _use(s, k, i, site, los, range_m, sigma_los, sigma_range, axes, ready_s, work, now)


@njit(cache=True, nogil=True)
def _far(s, k, i, size, site, los, range_m, sigma_los, sigma_range, gate):  # type: ignore[no-untyped-def]
    """Whether plot i lies so far from track k that no direction of the errors could bridge it.

    `size`: trace of the track's position covariance [m2]. Cheap, and most pairs end here.
    """
    dx, dy, dz = s.cx[k, 0] - site[i, 0], s.cx[k, 1] - site[i, 1], s.cx[k, 2] - site[i, 2]
    r2 = dx * dx + dy * dy + dz * dz
    along = dx * los[i, 0] + dy * los[i, 1] + dz * los[i, 2]
    wide = sigma_los[i] * sigma_los[i] * r2
    if math.isnan(range_m[i]):
        return along < 0.0 or r2 - along * along > gate * (size + wide)
    # |x - site - R los|^2, and the larger of the plot's two variances.
    miss = r2 - 2.0 * range_m[i] * along + range_m[i] * range_m[i]
    return miss > gate * (size + max(wide, sigma_range[i] * sigma_range[i]))


@njit(cache=True, nogil=True)
def _variance(cx, site, sigma_los, sigma_range):  # type: ignore[no-untyped-def]
    """Variances of a plot across and along its line of sight [m2], at the range of the track."""
    dx, dy, dz = cx[0] - site[0], cx[1] - site[1], cx[2] - site[2]
    deep = 0.0 if math.isnan(sigma_range) else sigma_range * sigma_range
    return sigma_los * sigma_los * (dx * dx + dy * dy + dz * dz), deep


@njit(cache=True, nogil=True)
def _use(s, k, i, site, los, range_m, sigma_los, sigma_range, axes, ready_s, work, now):  # type: ignore[no-untyped-def]
    """Update track k by plot i."""
    variance = _variance(s.cx[k], site[i], sigma_los[i], sigma_range[i])
    s.misfit[k], _ = distance(
        s.cx[k], s.cp[k], axes[i], site[i], los[i], range_m[i], variance[0], variance[1], math.inf
    )
    s.size[k] = 2 if math.isnan(range_m[i]) else 3
    absorb(s.x[k], s.p[k], s.mu[k], axes[i], site[i], los[i], range_m[i], variance, work)
    if s.last_s[k] < now:
        s.hits[k] += 1
    s.last_s[k] = now
    s.plot[k] = i
    s.ready_s[k] = max(s.ready_s[k], ready_s[i])


@njit(cache=True, nogil=True)
def _free(s, count):  # type: ignore[no-untyped-def]
    """Lowest free slot, -1 when all are taken."""
    for k in range(len(s.state)):
        if s.state[k] == FREE:
            count[_HIGH] = max(count[_HIGH], k + 1)
            return k
    return -1


@njit(cache=True, nogil=True)
def _open(s, k, count, plot, ready_s, now, work):  # type: ignore[no-untyped-def]
    """Make a tentative track in slot k; mean, covariance, hits and kind are there already."""
    height = height_above_ellipsoid(s.cx[k, 0], s.cx[k, 1], s.cx[k, 2])
    seed_modes(s.x[k], s.p[k], s.mu[k], s.cx[k], s.cp[k], s.infrared[k], height, work)
    s.born_s[k], s.last_s[k], s.ready_s[k] = now, now, ready_s
    s.state[k], s.number[k], s.grade[k] = TENTATIVE, count[_STARTED], NO_GRADE
    s.plot[k], s.sensors[k], s.row[k] = plot, STARTED, -1
    s.misfit[k], s.size[k] = math.nan, 0
    count[_STARTED] += 1
    for j in range(len(s.state)):
        s.close_s[k, j], s.close_s[j, k] = 0.0, 0.0
        s.apart_s[k, j], s.apart_s[j, k] = -math.inf, -math.inf


@njit(cache=True, nogil=True)
def _begin(  # type: ignore[no-untyped-def]
    s, count, a, b, site, los, range_m, sigma_los, sigma_range, ready_s, config, work, used, now
):
    """Start tracks from the unused plots a..b of one radar."""
    speed = RADAR_SPEED_SHARE * config[_SPEED]
    for i in range(a, b):
        if used[i] != 0:
            continue
        used[i] = 1
        k = _free(s, count)
        if k >= 0:
            wide, deep = (sigma_los[i] * range_m[i]) ** 2, sigma_range[i] ** 2
            start_radar(s.cx[k], s.cp[k], site[i], los[i], range_m[i], wide, deep, speed)
            s.infrared[k], s.hits[k] = 0, 1
            _open(s, k, count, i, ready_s[i], now, work)


@njit(cache=True, nogil=True)
def _pair(  # type: ignore[no-untyped-def]  # noqa: C901
    s, count, old, a, b, t_s, sensor, site, los, range_m, sigma_los, axes, ready_s, config,
    work, used, now,
):  # fmt: skip
    """Start tracks from unused lines of sight a..b of one satellite and recent ones of others."""
    columns, rows = np.int64(0), np.int64(0)
    row_of, column_of = np.empty(b - a, np.int64), np.empty(a - old, np.int64)
    for j in range(old, a):
        if used[j] == 0 and math.isnan(range_m[j]) and sensor[j] != sensor[a]:
            column_of[columns] = j
            columns += 1
    for i in range(a, b):
        if used[i] == 0:
            row_of[rows] = i
            rows += 1
    if rows == 0 or columns == 0:
        return
    cost, match = np.empty((rows, columns)), np.empty(rows, np.int64)
    cx, cp = np.empty(9), np.empty((9, 9))
    for step in range(2):  # costs first, then the starts
        for r in range(rows):
            i = row_of[r]
            for c in range(columns):
                if step == 1 and match[r] != c:
                    continue
                j = column_of[c]
                misfit = start_stereo(
                    cx, cp, site[j], los[j], axes[j], sigma_los[j],
                    site[i], los[i], axes[i], sigma_los[i], now - t_s[j], work.k,
                )  # fmt: skip
                if step == 0:
                    cost[r, c] = FORBIDDEN
                    if misfit < config[_GATE1]:
                        height = height_above_ellipsoid(cx[0], cx[1], cx[2])
                        if LOWEST_START_M < height < HIGHEST_START_M:
                            cost[r, c] = misfit
                    continue
                used[i], used[j] = 1, 1
                k = _free(s, count)
                if k >= 0:
                    for p in range(9):
                        s.cx[k, p] = cx[p]
                        for q in range(9):
                            s.cp[k, p, q] = cp[p, q]
                    s.infrared[k], s.hits[k] = 1, 2
                    _open(s, k, count, i, max(ready_s[i], ready_s[j]), now, work)
        if step == 0:
            assign(cost, rows, columns, match)


@njit(cache=True, nogil=True)
def _over(s, i, now, config):  # type: ignore[no-untyped-def]
    """Whether track i ends: silence, size, speed or the ground."""
    x, p = s.cx[i], s.cp[i]
    rms = math.sqrt(p[0, 0] + p[1, 1] + p[2, 2])
    speed = math.sqrt(x[3] * x[3] + x[4] * x[4] + x[5] * x[5])
    silence = SILENCE_INFRARED_S if s.infrared[i] else SILENCE_RADAR_S
    if s.state[i] == CONFIRMED:
        silence = config[_DROP_S]
        if rms > config[_DROP_M]:
            return True
    if now - s.last_s[i] > silence or speed > config[_SPEED]:
        return True
    return height_above_ellipsoid(x[0], x[1], x[2]) < -rms


@njit(cache=True, nogil=True)
def _same(s, i, k, dt, now, config):  # type: ignore[no-untyped-def]
    """Whether tracks i and k have been on one body long enough to be one."""
    if s.sensors[i] & s.sensors[k]:
        s.apart_s[i, k] = now
    dx, dy, dz = s.cx[i, 0] - s.cx[k, 0], s.cx[i, 1] - s.cx[k, 1], s.cx[i, 2] - s.cx[k, 2]
    p, q = s.cp[i], s.cp[k]
    gate, size = config[_GATE3], p[0, 0] + p[1, 1] + p[2, 2] + q[0, 0] + q[1, 1] + q[2, 2]
    if now - s.apart_s[i, k] < APART_S or dx * dx + dy * dy + dz * dz > gate * size:
        s.close_s[i, k] = 0.0
        return False
    for h in (0, 3):
        dx, dy, dz = (
            s.cx[i, h] - s.cx[k, h],
            s.cx[i, h + 1] - s.cx[k, h + 1],
            s.cx[i, h + 2] - s.cx[k, h + 2],
        )
        s00, s11, s22 = (
            p[h, h] + q[h, h],
            p[h + 1, h + 1] + q[h + 1, h + 1],
            p[h + 2, h + 2] + q[h + 2, h + 2],
        )
        s01, s02, s12 = (
            p[h, h + 1] + q[h, h + 1],
            p[h, h + 2] + q[h, h + 2],
            p[h + 1, h + 2] + q[h + 1, h + 2],
        )
        c00, c01, c02 = s11 * s22 - s12 * s12, s02 * s12 - s01 * s22, s01 * s12 - s02 * s11
        c11, c12, c22 = s00 * s22 - s02 * s02, s01 * s02 - s00 * s12, s00 * s11 - s01 * s01
        d2 = dx * dx * c00 + dy * dy * c11 + dz * dz * c22
        d2 += 2.0 * (dx * dy * c01 + dx * dz * c02 + dy * dz * c12)
        if d2 > gate * (s00 * c00 + s01 * c01 + s02 * c02):
            s.close_s[i, k] = 0.0
            return False
    s.close_s[i, k] += dt
    return s.close_s[i, k] >= DUPLICATE_S


@njit(cache=True, nogil=True)
def _row(s, i, count, now, times, mean, cov, mode, marks):  # type: ignore[no-untyped-def]
    """Write the row of track i at this second, over an earlier one of the same second."""
    k = s.row[i]
    if k < 0:
        k = count[_ROWS]
        count[_ROWS] += 1
        s.row[i] = k
    ended = s.state[i] == DROPPED
    times[k, 0] = now
    times[k, 1] = max(s.ready_s[i], now) if ended else s.ready_s[i]
    times[k, 2] = math.nan if ended else s.misfit[i]
    for a in range(9):
        mean[k, a] = s.cx[i, a]
        for b in range(9):
            cov[k, a, b] = s.cp[i, a, b]
    for j in range(4):
        mode[k, j] = s.mu[i, j]
    marks[k, 0], marks[k, 1] = s.number[i], s.state[i]
    marks[k, 2], marks[k, 3] = (NO_GRADE if ended else s.grade[i]), (-1 if ended else s.plot[i])
    marks[k, 4] = 0 if ended else s.size[i]
