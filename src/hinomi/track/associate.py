"""Reports of one sensor at one second given to the tracks of one status, and their use.

Nearest: the assignment of least total distance. Joint: probabilities of every association among
confirmed tracks (`joint`), in clusters of up to `TrackSettings.joint_limit` tracks; larger ones are
assigned to the nearest. In both, what lies in the gate of a firm track and is not used by another
starts nothing, unless that track's sensor has seen two there in three of its last five frames: then
a body has come off it. Two firm tracks known to be two, in one resolution cell with one report, both
use it: their separation is added to its error.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from numba import njit

from hinomi.kernels import LEAN, MAKES_ARRAYS
from hinomi.records.tracks import CONFIRMED, WARNING_GRADE
from hinomi.track.assign import assign_pairs, roomier
from hinomi.track.gate import distance, gain
from hinomi.track.joint_use import share
from hinomi.track.slots import (
    GATED,
    HIGH,
    OPEN,
    R_PARENT,
    R_RANGE_M,
    R_SENSOR,
    R_SIGMA_LOS,
    R_SIGMA_RANGE,
    R_USED,
    RELEASED,
    S_BEST,
    S_DEEP,
    S_DOUBLER,
    S_DOUBLES,
    S_GAIN,
    S_GRADE,
    S_SENSORS,
    S_STATE,
    S_WIDE,
    SHARED,
    TAKEN,
    Pairs,
)
from hinomi.track.use import SERVED, note_sensor, noted, use, variances
from hinomi.track.visible import KIND, RADAR_KIND, one_cell

SPLIT_FRAMES: Final = 3  # of the last five frames with two reports in a firm gate (assumed)
FRAMES_KEPT: Final = 31  # bits of five frames
MERGED_S: Final = (
    120.0  # two tracks share reports this long after they were last told apart (assumed)
)


@njit(
    cache=True,
    nogil=True,
    error_model="numpy",
    no_cpython_wrapper=True,
    no_cfunc_wrapper=True,
    **LEAN,
)
def associate(s, stage, a, b, r, rules, eyes, work, counts, now, joint, room):  # type: ignore[no-untyped-def]
    """Give the reports a..b of one sensor to the tracks of one status; firm ones note the best."""
    columns, rows = np.int64(0), np.int64(0)
    for i in range(a, b):
        if r.n[i, R_USED] != TAKEN:
            room.columns[columns] = i
            columns += 1
    for k in range(counts[HIGH]):
        if s.n[k, S_STATE] == stage and not noted(s, k, S_SENSORS, r.n[a, R_SENSOR]):
            room.rows[rows] = k
            rows += 1
    if rows == 0 or columns == 0:
        return
    count = _pairs(s, rows, columns, r, rules, room)
    if count <= len(room.row):
        _give(s, stage, rows, columns, count, r, rules, eyes, work, now, joint, room)
    else:
        _give_more(s, stage, rows, columns, count, r, rules, eyes, work, now, joint, room)


@njit(
    cache=True,
    nogil=True,
    error_model="numpy",
    no_cpython_wrapper=True,
    no_cfunc_wrapper=True,
    **MAKES_ARRAYS,
)
def _give_more(s, stage, rows, columns, count, r, rules, eyes, work, now, joint, room):  # type: ignore[no-untyped-def]
    """As `_give`, with room for more pairs."""
    more = roomier(room, count)
    _pairs(s, rows, columns, r, rules, more)
    _give(s, stage, rows, columns, count, r, rules, eyes, work, now, joint, more)


@njit(
    cache=True,
    nogil=True,
    error_model="numpy",
    no_cpython_wrapper=True,
    no_cfunc_wrapper=True,
    **LEAN,
)
def _give(s, stage, rows, columns, count, r, rules, eyes, work, now, joint, room):  # type: ignore[no-untyped-def]
    """Give the reports to the tracks by the pairs within each other's gates."""
    match, slots, reports = room.match[:rows], room.rows[:rows], room.columns[:columns]
    pairs = Pairs(room.row[:count], room.column[:count], room.cost[:count], slots, reports)
    sensor = r.n[reports[0], R_SENSOR]
    assign_pairs(pairs.row, pairs.column, pairs.cost, count, rows, columns, match)
    if stage == CONFIRMED:
        if joint is not None:
            share(s, pairs, match, r, rules, work, now)
        if eyes.numbers[sensor, KIND] == RADAR_KIND:
            _merged(s, slots, reports, match, r, rules, eyes, work, now)
        _doubled(s, pairs, match, r, sensor, room.free)
    for q in range(rows):
        if match[q] >= 0:
            k, i = slots[q], reports[match[q]]
            r.n[i, R_USED] = TAKEN
            note_sensor(s, k, sensor)
            note(s, k, i, 0.0, 0.0, r, work, now)


@njit(
    cache=True,
    nogil=True,
    error_model="numpy",
    no_cpython_wrapper=True,
    no_cfunc_wrapper=True,
    **LEAN,
)
def _pairs(s, rows, columns, r, rules, room):  # type: ignore[no-untyped-def]
    """List the tracks and reports within each other's gates, as many as there is room for.

    Returns how many there are.
    """
    count, place, f = 0, r.place, r.f
    gate = rules.gate2 if math.isnan(f[room.columns[0], R_RANGE_M]) else rules.gate3
    for q in range(rows):
        k = room.rows[q]
        firm = s.n[k, S_GRADE] >= WARNING_GRADE
        x, p = s.cx[k], s.cp[k]
        size = p[0, 0] + p[1, 1] + p[2, 2]
        for c in range(columns):
            i = room.columns[c]
            wide = _near(x, size, place, f, i, gate)
            if wide < 0.0:
                continue
            deep = 0.0 if math.isnan(f[i, R_RANGE_M]) else f[i, R_SIGMA_RANGE] ** 2
            d2, volume = distance(
                x, p, r.axes[i], place[i, 0], place[i, 1], f[i, R_RANGE_M], wide, deep, gate
            )
            if d2 > gate:
                continue
            if firm and r.n[i, R_USED] == OPEN:
                r.n[i, R_USED] = GATED
            if count < len(room.row):
                room.row[count], room.column[count], room.cost[count] = q, c, d2 + volume
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
def _near(x, size, place, f, i, gate):  # type: ignore[no-untyped-def]
    """Variance of report i across its line of sight at a track's range [m2]; -1 when far from it.

    Far: no direction of the errors could bridge the gap. `size`: trace of the track's position
    covariance [m2]. Cheap, and most pairs end here; plain numbers, because a view costs more.
    """
    dx, dy, dz = x[0] - place[i, 0, 0], x[1] - place[i, 0, 1], x[2] - place[i, 0, 2]
    r2 = dx * dx + dy * dy + dz * dz
    along = dx * place[i, 1, 0] + dy * place[i, 1, 1] + dz * place[i, 1, 2]
    wide = f[i, R_SIGMA_LOS] * f[i, R_SIGMA_LOS] * r2
    reach = f[i, R_RANGE_M]
    if math.isnan(reach):
        far = along < 0.0 or r2 - along * along > gate * (size + wide)
        return -1.0 if far else wide
    # |x - site - R los|^2, and the larger of the plot's two variances.
    miss = r2 - 2.0 * reach * along + reach * reach
    deep = f[i, R_SIGMA_RANGE] * f[i, R_SIGMA_RANGE]
    return -1.0 if miss > gate * (size + max(wide, deep)) else wide


@njit(
    cache=True,
    nogil=True,
    error_model="numpy",
    no_cpython_wrapper=True,
    no_cfunc_wrapper=True,
    **LEAN,
)
def _merged(s, slots, reports, match, r, rules, eyes, work, now):  # type: ignore[no-untyped-def]
    """Let two firm tracks in one resolution cell, of which one or both lack a report, share one."""
    sensor = r.n[reports[0], R_SENSOR]
    for q in range(len(slots)):
        k = slots[q]
        if match[q] == SERVED or s.n[k, S_GRADE] < WARNING_GRADE:
            continue
        for o in range(q):
            m = slots[o]
            if match[o] == SERVED or s.n[m, S_GRADE] < WARNING_GRADE:
                continue
            if match[q] == SERVED or (match[q] >= 0 and match[o] >= 0):
                continue
            if now - max(s.pair[1, k, m], s.pair[1, m, k]) > MERGED_S:
                continue
            if not one_cell(eyes, sensor, r.place[reports[0], 0], s.cx[k], s.cx[m]):
                continue
            c = _shared(s, k, m, reports, match, q, o, r, rules.gate3)
            if c < 0:
                continue
            wide, deep = _separation2(s, k, m, r.place[reports[c], 1])
            for slot in (k, m):
                s.n[slot, S_SENSORS] |= SHARED
                note(s, slot, reports[c], wide, deep, r, work, now)
            match[q], match[o] = SERVED, SERVED
            r.n[reports[c], R_USED] = TAKEN


@njit(
    cache=True,
    nogil=True,
    error_model="numpy",
    no_cpython_wrapper=True,
    no_cfunc_wrapper=True,
    **LEAN,
)
def _shared(s, k, m, reports, match, q, o, r, gate):  # type: ignore[no-untyped-def]
    """Place of the report that fits both tracks best when their separation is in its error; -1."""
    found, least = -1, math.inf
    for c in range(len(reports)):
        i, free = reports[c], r.n[reports[c], R_USED] != TAKEN
        for other in range(len(match)):
            if match[other] == c and other not in (q, o):
                free = False
        if not free:
            continue
        more_wide, more_deep = _separation2(s, k, m, r.place[i, 1])
        worst = 0.0
        for slot in (k, m):
            wide, deep = variances(
                s.cx[slot], r.place[i, 0], r.f[i, R_SIGMA_LOS], r.f[i, R_SIGMA_RANGE]
            )
            d2, _ = distance(
                s.cx[slot], s.cp[slot], r.axes[i], r.place[i, 0], r.place[i, 1], r.f[i, R_RANGE_M],
                wide + more_wide, deep + more_deep, gate,
            )  # fmt: skip
            worst = max(worst, d2)
        if worst <= gate and worst < least:
            found, least = c, worst
    return found


@njit(
    cache=True,
    nogil=True,
    error_model="numpy",
    no_cpython_wrapper=True,
    no_cfunc_wrapper=True,
    **LEAN,
)
def _separation2(s, k, m, los):  # type: ignore[no-untyped-def]
    """Mean square separation of two tracks across (per axis) and along a line of sight [m2]."""
    along, deep, whole = 0.0, 0.0, 0.0
    for a in range(3):
        gap = s.cx[k, a] - s.cx[m, a]
        along += gap * los[a]
        whole += gap * gap + s.cp[k, a, a] + s.cp[m, a, a]
        for b in range(3):
            deep += los[a] * (s.cp[k, a, b] + s.cp[m, a, b]) * los[b]
    deep += along * along
    return max(whole - deep, 0.0), deep


@njit(
    cache=True,
    nogil=True,
    error_model="numpy",
    no_cpython_wrapper=True,
    no_cfunc_wrapper=True,
    **LEAN,
)
def _doubled(s, pairs, match, r, sensor, free):  # type: ignore[no-untyped-def]
    """Note which firm tracks have a second report in their gate; release it when that persists."""
    for c in range(len(pairs.reports)):
        free[c] = r.n[pairs.reports[c], R_USED] != TAKEN
    for q in range(len(match)):
        if match[q] >= 0:
            free[match[q]] = False
    for q in range(len(match)):
        k = pairs.slots[q]
        if match[q] == -1 or s.n[k, S_GRADE] < WARNING_GRADE:
            continue
        second = -1
        for e in range(len(pairs.row)):
            if (
                pairs.row[e] == q
                and free[pairs.column[e]]
                and (second < 0 or pairs.cost[e] < pairs.cost[second])
            ):
                second = e
        if s.n[k, S_DOUBLES] == 0:
            s.n[k, S_DOUBLER] = sensor
        if s.n[k, S_DOUBLER] != sensor or (second < 0 and s.n[k, S_DOUBLES] == 0):
            continue
        s.n[k, S_DOUBLES] = ((s.n[k, S_DOUBLES] << 1) | (1 if second >= 0 else 0)) & FRAMES_KEPT
        frames = 0
        for bit in range(5):
            frames += (s.n[k, S_DOUBLES] >> bit) & 1
        if second >= 0 and frames >= SPLIT_FRAMES:
            r.n[pairs.reports[pairs.column[second]], R_USED] = RELEASED
            r.n[pairs.reports[pairs.column[second]], R_PARENT] = k


@njit(
    cache=True,
    nogil=True,
    error_model="numpy",
    no_cpython_wrapper=True,
    no_cfunc_wrapper=True,
    **LEAN,
)
def note(s, k, i, more_wide, more_deep, r, work, now):  # type: ignore[no-untyped-def]
    """Use report i for track k now, or note it when it is the best so far of a firm track.

    `more_wide`, `more_deep`: added to its variances [m2].
    """
    if s.n[k, S_GRADE] < WARNING_GRADE:
        use(s, k, i, more_wide, more_deep, r, work, now)
        return
    wide, deep = variances(s.cx[k], r.place[i, 0], r.f[i, R_SIGMA_LOS], r.f[i, R_SIGMA_RANGE])
    brings = gain(
        s.cp[k],
        r.axes[i],
        r.place[i, 1],
        not math.isnan(r.f[i, R_RANGE_M]),
        wide + more_wide,
        deep + more_deep,
    )
    if s.n[k, S_BEST] < 0 or brings > s.f[k, S_GAIN]:
        s.n[k, S_BEST], s.f[k, S_GAIN] = i, brings
        s.f[k, S_WIDE], s.f[k, S_DEEP] = more_wide, more_deep
