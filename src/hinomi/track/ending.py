"""How tracks end: silence, looks missed while in view, size, speed, the ground, or being double.

Without knowledge of the sensors a track ends after a time without a report, a tentative one after
as many looks in a row as M of N lets it miss. With it, a confirmed track also ends after
`TrackSettings.drop_misses` looks of one sensor that should have shown it (`visible`); out of
everybody's sight it is carried on up to that time. Infrared sees bright bodies only, so its misses
count only while the track is fed by infrared, and at most once in ten seconds: a body that burns
out goes dark without having gone.
"""

from __future__ import annotations

import math
from typing import Final

from numba import njit

from hinomi.earth.wgs84 import height_above_ellipsoid
from hinomi.kernels import LEAN
from hinomi.records.tracks import CONFIRMED
from hinomi.track.slots import (
    S_INFRARED,
    S_KNOWN,
    S_LAST_S,
    S_LIT,
    S_LOOK_S,
    S_SENSORS,
    S_STATE,
    SHARED,
)
from hinomi.track.use import noted
from hinomi.track.visible import HELD, INFRARED_KIND, KIND, NO_KIND, SEARCH, sees

# A tentative track without a plot for the looks that it may miss is dropped, never before this
# (assumed); the second when started by infrared.
SILENCE_RADAR_S: Final = 10.0
SILENCE_INFRARED_S: Final = 25.0
DUPLICATE_S: Final = 3.0  # two tracks this long on one body are one (assumed)
APART_S: Final = 30.0  # unless one sensor reported both in one second within this time (assumed)
WHOLE: Final = 1e-9  # rounding of a sum of parts of looks


@njit(
    cache=True,
    nogil=True,
    error_model="numpy",
    no_cpython_wrapper=True,
    no_cfunc_wrapper=True,
    **LEAN,
)
def over(s, i, now, rules):  # type: ignore[no-untyped-def]
    """Whether track i ends: silence, size, speed or the ground."""
    x, p = s.cx[i], s.cp[i]
    rms = math.sqrt(p[0, 0] + p[1, 1] + p[2, 2])
    speed = math.sqrt(x[3] * x[3] + x[4] * x[4] + x[5] * x[5])
    silence = SILENCE_INFRARED_S if s.n[i, S_INFRARED] else SILENCE_RADAR_S
    silence = max(silence, (rules.looks - rules.hits + 1) * s.f[i, S_LOOK_S])
    if s.n[i, S_STATE] == CONFIRMED:
        silence = rules.drop_s
        if rms > rules.drop_m:
            return True
    if now - s.f[i, S_LAST_S] > silence or speed > rules.speed:
        return True
    return height_above_ellipsoid(x[0], x[1], x[2]) < -rms


@njit(
    cache=True,
    nogil=True,
    error_model="numpy",
    no_cpython_wrapper=True,
    no_cfunc_wrapper=True,
    **LEAN,
)
def gone(s, i, dt, now, eyes, rules):  # type: ignore[no-untyped-def]
    """Whether confirmed track i has missed enough looks of one sensor; counts those of `dt`."""
    if s.f[i, S_LAST_S] == now:
        s.missed[i] = 0.0
        return False
    ended = False
    for q in range(len(eyes.numbers)):
        if eyes.numbers[q, KIND] == NO_KIND or (
            eyes.numbers[q, KIND] == INFRARED_KIND and s.n[i, S_LIT] == 0
        ):
            continue
        if not sees(eyes, q, now, s.cx[i, 0], s.cx[i, 1], s.cx[i, 2]):
            continue
        held = noted(s, i, S_KNOWN, q)
        s.missed[i, q] += dt / (eyes.numbers[q, HELD] if held else eyes.numbers[q, SEARCH])
        ended = ended or s.missed[i, q] >= rules.drop_misses - WHOLE
    return ended


@njit(
    cache=True,
    nogil=True,
    error_model="numpy",
    no_cpython_wrapper=True,
    no_cfunc_wrapper=True,
    **LEAN,
)
def same_body(s, i, k, dt, now, rules):  # type: ignore[no-untyped-def]
    """Whether tracks i and k, not reported apart this second, have long enough been on one body."""
    p, q = s.cp[i], s.cp[k]
    gate, size = rules.gate3, p[0, 0] + p[1, 1] + p[2, 2] + q[0, 0] + q[1, 1] + q[2, 2]
    dx, dy, dz = s.cx[i, 0] - s.cx[k, 0], s.cx[i, 1] - s.cx[k, 1], s.cx[i, 2] - s.cx[k, 2]
    shared = s.n[i, S_SENSORS] & s.n[k, S_SENSORS] & SHARED
    told = shared != 0 or now - s.pair[1, i, k] < APART_S
    if told or dx * dx + dy * dy + dz * dz > gate * size:
        s.pair[0, i, k] = 0.0
        return False
    if _differ(s.cx[i], p, s.cx[k], q, 0, gate) or _differ(s.cx[i], p, s.cx[k], q, 3, gate):
        s.pair[0, i, k] = 0.0
        return False
    s.pair[0, i, k] += dt
    return s.pair[0, i, k] >= DUPLICATE_S


@njit(
    cache=True,
    nogil=True,
    error_model="numpy",
    no_cpython_wrapper=True,
    no_cfunc_wrapper=True,
    **LEAN,
)
def _differ(x, p, y, q, h, gate):  # type: ignore[no-untyped-def]
    """Whether three components of two tracks, from place `h` on, differ by more than the gate."""
    dx, dy, dz = x[h] - y[h], x[h + 1] - y[h + 1], x[h + 2] - y[h + 2]
    s00, s11 = p[h, h] + q[h, h], p[h + 1, h + 1] + q[h + 1, h + 1]
    s22, s01 = p[h + 2, h + 2] + q[h + 2, h + 2], p[h, h + 1] + q[h, h + 1]
    s02, s12 = p[h, h + 2] + q[h, h + 2], p[h + 1, h + 2] + q[h + 1, h + 2]
    c00, c01, c02 = s11 * s22 - s12 * s12, s02 * s12 - s01 * s22, s01 * s12 - s02 * s11
    c11, c12, c22 = s00 * s22 - s02 * s02, s01 * s02 - s00 * s12, s00 * s11 - s01 * s01
    d2 = dx * dx * c00 + dy * dy * c11 + dz * dz * c22
    d2 += 2.0 * (dx * dy * c01 + dx * dz * c02 + dy * dz * c12)
    return d2 > gate * (s00 * c00 + s01 * c01 + s02 * c02)
