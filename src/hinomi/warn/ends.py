"""Where samples of one track's state come down."""

from __future__ import annotations

import math
from typing import Any, Final, NamedTuple

import numpy as np
from numba import njit

from hinomi.earth.wgs84 import (
    MEAN_RADIUS_M,
    ROTATION_RAD_S,
    height_and_up,
)
from hinomi.flight.endpoint import (
    apogee_radius_m,
    coast_end,
    glide_seconds,
    kepler_to_height,
    surface_coordinates,
)
from hinomi.flight.forces import FAST
from hinomi.flight.glides import NEVER_S, SEA_LEVEL_DENSITY_KG_M3, SIZE, glide_all, place
from hinomi.kernels import LEAN, MAKES_ARRAYS
from hinomi.records.tracks import MODE_BOOST, MODE_COAST
from hinomi.warn.belief import PACE, mode_of, pick, what_it_may_be
from hinomi.warn.points import (
    BANK_0,
    BANK_1,
    BANK_2,
    BURN,
    BURN_SPREAD,
    CLASS,
    EARLY,
    LIFT,
    MODE,
    PLAIN,
    SWITCH_0,
    SWITCH_1,
    SWITCHES,
    TERMINAL,
    THRUST,
    TRACK_EVERY,
)
from hinomi.warn.prior import (
    BANK_LIMIT,
    BETA,
    BURN_TOTAL,
    DAMPING,
    GLIDE_BELOW,
    GLIDES,
    LIFT_HIGH,
    LIFT_LOW,
    LIFT_TO_DRAG,
    SPREAD,
    TERMINAL_HIGH,
    TERMINAL_LOW,
)

# Straight line through the logarithm of the U.S. Standard Atmosphere 1976 between 10 and 40 km, where
# gliders fly and fall: 1.94 kg/m3 exp(-h / 6.47 km), within 2 % there.
AIR_SCALE_M: Final = 6_470.0
AIR_BETA: Final = SEA_LEVEL_DENSITY_KG_M3 / 1.94  # as a ballistic coefficient over the true one
GLIDER_APOGEE_M: Final = 130_000.0  # assumed: a body with a higher apogee does not glide
PLAIN_SHARE: Final = 0.98  # probability of a free body above which a quarter of the samples will do
PLAIN_MARGIN_M: Final = 20_000.0  # ... if its apogee is this far above that of any glider
LIFT_SHARE_LOW: Final = 0.8  # assumed: L/D of the prior over the class value, from
LIFT_SHARE_SPAN: Final = 0.35  # ... to 1.15
NO_SWITCH: Final = 0.4  # assumed: probability of a glide at one bank ...
ONE_SWITCH: Final = 0.8  # ... and of one switch at most; else two
STRAIGHT: Final = (
    0.3  # assumed: probability that a bank is zero; else even within the class's limit
)
EARLY_END: Final = 0.2  # assumed: probability that the glide ends early, evenly over the time left
LATE_CUT: Final = (
    0.75  # assumed: probability that thrust ends late in the burn; else anywhere in it
)
LATE_SHARE: Final = 0.2  # assumed: the last part of the whole burn in which it then ends
GAIN_SPREAD: Final = 0.05  # assumed: relative one-sigma doubt of the speed that a class still gains
PATH: Final = 64  # nodes of one ground track: half an hour of glide


@njit(cache=True, nogil=True, error_model="numpy", fastmath=FAST, **LEAN)
def bank_of(u, limit):  # type: ignore[no-untyped-def]
    """Bank [rad] of the prior by a uniform u."""
    return 0.0 if u < STRAIGHT else limit * (2.0 * (u - STRAIGHT) / (1.0 - STRAIGHT) - 1.0)


@njit(cache=True, nogil=True, error_model="numpy", fastmath=FAST, **LEAN)
def _enter(s, cls, u, bodies, i, k, banks, switches, counts):  # type: ignore[no-untyped-def]
    """Put a sample that glides once it is low enough into place i of the table of `glides`.

    Its plan goes to row k of banks, switches and counts. Returns seconds until it is low enough.
    """
    x, y, z, vx, vy, vz = s[0], s[1], s[2], s[3], s[4], s[5]
    before = 0.0
    low = kepler_to_height(x, y, z, vx, vy, vz, cls[GLIDE_BELOW], ROTATION_RAD_S)
    if low[0]:
        _, x, y, z, vx, vy, vz, before = low
    h, ux, uy, uz = height_and_up(x, y, z)
    v = math.sqrt(vx * vx + vy * vy + vz * vz)
    rise = vx * ux + vy * uy + vz * uz
    tx, ty, tz = vx - rise * ux, vy - rise * uy, vz - rise * uz
    level = math.sqrt(tx * tx + ty * ty + tz * tz)
    if level > 1e-3:
        tx, ty, tz = tx / level, ty / level, tz / level
    else:  # straight down: any course will do
        tx, ty, tz = -uy, ux, 0.0
        level = math.sqrt(tx * tx + ty * ty) + 1e-300
        tx, ty = tx / level, ty / level
    lift = cls[LIFT_TO_DRAG] * (LIFT_SHARE_LOW + LIFT_SHARE_SPAN * u[LIFT])
    if cls[LIFT_HIGH] > 0.0:
        lift = min(cls[LIFT_HIGH], max(cls[LIFT_LOW], lift))
    end = cls[TERMINAL_LOW] + u[TERMINAL] * (cls[TERMINAL_HIGH] - cls[TERMINAL_LOW])
    # The closed form of a whole glide stands for the time left: neutral, and at most too long.
    left = glide_seconds(v, end, lift)
    counts[k] = bank_plan(u, left, cls[BANK_LIMIT], banks[k], switches[k])
    climb = math.asin(max(-1.0, min(1.0, rise / v)))
    place(
        bodies, i, k, ux, uy, uz, tx, ty, tz, v, climb, h, lift, AIR_BETA * cls[BETA], AIR_SCALE_M,
        cls[DAMPING], end, early_end_s(u, left),
    )  # fmt: skip
    return before


@njit(cache=True, nogil=True, error_model="numpy", fastmath=FAST, **LEAN)
def bank_plan(u, left, limit, banks, switches):  # type: ignore[no-untyped-def]
    """Write the bank plan of a sample: banks (3,) [rad], switches (2,) [s]; returns the switches."""
    banks[0] = bank_of(u[BANK_0], limit)
    if u[SWITCHES] < NO_SWITCH:
        return 0
    banks[1] = bank_of(u[BANK_1], limit)
    switches[0] = u[SWITCH_0] * left
    if u[SWITCHES] < ONE_SWITCH:
        return 1
    banks[2] = bank_of(u[BANK_2], limit)
    other = u[SWITCH_1] * left
    switches[0], switches[1] = min(switches[0], other), max(switches[0], other)
    return 2


@njit(cache=True, nogil=True, error_model="numpy", fastmath=FAST, **LEAN)
def early_end_s(u, left):  # type: ignore[no-untyped-def]
    """Seconds of glide after which a sample's lift ends; never, as a rule."""
    return u[EARLY] / EARLY_END * left if u[EARLY] < EARLY_END else NEVER_S


@njit(cache=True, nogil=True, error_model="numpy", fastmath=FAST, **LEAN)
def burnt_s(u, total, elapsed):  # type: ignore[no-untyped-def]
    """Seconds of the class's burn [s] still to come before thrust ends, by a uniform u.

    No intent is known, so thrust may end at any time; but boosters are not built to be cut off early.
    """
    left = max(0.0, total - elapsed)
    if u < 1.0 - LATE_CUT:
        return left * u / (1.0 - LATE_CUT)
    return left - min(left, LATE_SHARE * total) * (1.0 - u) / LATE_CUT


@njit(cache=True, nogil=True, error_model="numpy", fastmath=FAST, **LEAN)
def _cut_off(at, t, mean, delta, doubt, burn, steps, step, out):  # type: ignore[no-untyped-def]
    """State of a sample when its burn ends after t [s], into `out` (6,).

    `at` [s] is when the mean burn has got as far, `delta` (6,) the sample's difference from the mean
    now, `doubt` its relative difference in the speed gained. An error along the velocity stays; one
    across it is a direction, which thrust along the velocity keeps.
    """
    q = min(at / step, steps - 1e-9)
    i = int(q)
    q -= i
    a, b = burn[i], burn[i + 1]
    speed0 = math.sqrt(mean[3] ** 2 + mean[4] ** 2 + mean[5] ** 2)
    speed = 0.0
    for axis in range(6):
        out[axis] = a[axis] + q * (b[axis] - a[axis])
        if axis > 2:
            speed += out[axis] ** 2
    speed = math.sqrt(speed)
    gain = doubt * (a[6] + q * (b[6] - a[6]))
    along = (delta[3] * mean[3] + delta[4] * mean[4] + delta[5] * mean[5]) / speed0
    grow = speed / speed0
    for axis in range(3):
        before, after = mean[3 + axis] / speed0, out[3 + axis] / speed
        across = delta[3 + axis] - along * before
        out[axis] += delta[axis] + t * ((along + 0.5 * gain) * before + 0.5 * (1.0 + grow) * across)
        out[axis] += 0.5 * (t - at) * (mean[3 + axis] + out[3 + axis])
        out[3 + axis] += (along + gain) * after + grow * across


@njit(cache=True, nogil=True, error_model="numpy", fastmath=FAST, **LEAN)
def _free_shift(mean, columns, fits):  # type: ignore[no-untyped-def]
    """Full physics minus Kepler for the end of the mean: latitude, longitude [rad], seconds."""
    beta, n = 0.0, 0
    for c in range(len(columns)):
        if fits[c] and columns[c, GLIDES] == 0.0:
            beta += columns[c, BETA]
            n += 1
    beta = beta / n if n > 0 else columns[0, BETA]
    x, y, z, vx, vy, vz = mean[0], mean[1], mean[2], mean[3], mean[4], mean[5]
    full = coast_end(x, y, z, vx, vy, vz, beta, n > 0)
    arc = kepler_to_height(x, y, z, vx, vy, vz, 0.0, ROTATION_RAD_S)
    if not (full[0] and arc[0]):
        return 0.0, 0.0, 0.0
    lat, lon = surface_coordinates(arc[1], arc[2], arc[3])
    return full[1] - lat, (full[2] - lon + math.pi) % (2.0 * math.pi) - math.pi, full[3] - arc[7]


class Room(NamedTuple):
    """Working space of `ends_of` for K samples."""

    delta: Any  # (6,) a sample's difference from the mean
    state: Any  # (6,) ... and its state
    bodies: Any  # (SIZE,) table of what glides
    banks: Any  # (K, 3)
    switches: Any  # (K, 2)
    changes: Any  # (K,) how many switches count
    slots: Any  # (K,) which ground track a sample writes, -1 for none
    before: Any  # (K,) [s] from the state to the glide


@njit(cache=True, nogil=True, error_model="numpy", **MAKES_ARRAYS)
def make_room(samples):  # type: ignore[no-untyped-def]
    """Working space for so many samples."""
    return Room(
        np.zeros(6), np.zeros(6), np.empty(SIZE), np.empty((samples, 3)), np.empty((samples, 2)),
        np.zeros(samples, np.int64), np.zeros(samples, np.int64), np.zeros(samples),
    )  # fmt: skip


@njit(cache=True, nogil=True, error_model="numpy", fastmath=FAST, **LEAN)
def _vary(mean, lower, u, base, delta, s):  # type: ignore[no-untyped-def]
    """A sample's difference from the mean (6,) and its state (6,), by normals from `base` on."""
    for i in range(6):
        delta[i] = 0.0
        for j in range(i + 1):
            delta[i] += lower[i, j] * u[base + j]
        s[i] = mean[i] + delta[i]


@njit(cache=True, nogil=True, error_model="numpy", fastmath=FAST, **LEAN)
def _clear(slots, before):  # type: ignore[no-untyped-def]
    """Forget which ground tracks were written and when glides began."""
    for k in range(len(slots)):
        slots[k], before[k] = -1, 0.0


@njit(cache=True, nogil=True, error_model="numpy", fastmath=FAST, **LEAN)
def ends_of(  # type: ignore[no-untyped-def]
    mean, cov, mode, columns, stages, counts, points, ends, paths, nodes, belief, room
):
    """Where each sample of one track state ends.

    Parameters
    ----------
    mean, cov, mode
        (9,), (9, 9), (M,) of one row of `Tracks`.
    columns, stages, counts
        of `Prior`, C classes.
    points
        (K, 26) of `points`.
    ends
        (K, 3) written: latitude, longitude [rad], seconds from the state; NaN where a sample does
        not come down.
    paths, nodes
        (T, PATH, 2), (T,) written: ground track of every fourth sample, nodes of it; 0 where none.
    belief, room
        of `make_belief` and `make_room`, overwritten.
    """
    lat0, lon0, total = what_it_may_be(mean, cov, mode, columns, stages, counts, belief)
    lower, fits, gliders, burning, share, clock, burns = belief
    delta, s, bodies, banks, switches, changes, slots, before = room
    shifted, shift_lat, shift_lon, shift_t = False, 0.0, 0.0, 0.0
    glides = 0  # gliding samples are followed together at the end
    _clear(slots, before)
    # A free body too high to glide ends in a small, plain cloud: every fourth sample stands for four.
    apogee = apogee_radius_m(mean[0], mean[1], mean[2], mean[3], mean[4], mean[5], ROTATION_RAD_S)
    plain = (
        share[MODE_COAST] >= PLAIN_SHARE * total
        and apogee > MEAN_RADIUS_M + GLIDER_APOGEE_M + PLAIN_MARGIN_M
    )
    base = PLAIN if plain else 0
    for k in range(len(points)):
        if plain and k % TRACK_EVERY != 0:
            continue
        u = points[k]
        _vary(mean, lower, u, base, delta, s)
        t = 0.0
        m = mode_of(u[MODE] * total, share)
        c = pick(u[CLASS], burning) if m == MODE_BOOST else -1
        burnt = c >= 0
        if burnt:
            at = burnt_s(u[BURN], columns[c, BURN_TOTAL], clock[c, 0]) / clock[c, PACE]
            t = at * max(0.0, 1.0 + columns[c, SPREAD] * u[BURN_SPREAD])
            gain = GAIN_SPREAD * u[THRUST]
            _cut_off(at, t, mean, delta, gain, burns[c], clock[c, 1], clock[c, 2], s)
        elif m > MODE_COAST:
            c = pick(u[CLASS], gliders)
        if c < 0:
            c = pick(u[CLASS], fits)
        slot = k // TRACK_EVERY
        tracked = k % TRACK_EVERY == 0
        if tracked:
            paths[slot, 0, 0], paths[slot, 0, 1] = lat0, lon0
            nodes[slot] = 0
        apogee = apogee_radius_m(s[0], s[1], s[2], s[3], s[4], s[5], ROTATION_RAD_S)
        if columns[c, GLIDES] > 0.0 and apogee < MEAN_RADIUS_M + GLIDER_APOGEE_M:
            before[k] = t + _enter(s, columns[c], u, bodies, glides, k, banks, switches, changes)
            if tracked:
                slots[k] = slot
            glides += 1
            continue
        arc = kepler_to_height(s[0], s[1], s[2], s[3], s[4], s[5], 0.0, ROTATION_RAD_S)
        if not arc[0]:
            ends[k, 0], ends[k, 1], ends[k, 2] = np.nan, np.nan, np.nan
            continue
        lat, lon = surface_coordinates(arc[1], arc[2], arc[3])
        t += arc[7]
        if not burnt:
            if not shifted:
                # The mean as a free body, once with full physics: samples differ by their arcs.
                shift_lat, shift_lon, shift_t = _free_shift(mean, columns, fits)
                shifted = True
            lat, lon, t = lat + shift_lat, lon + shift_lon, max(0.0, t + shift_t)
        if tracked:
            paths[slot, 1, 0], paths[slot, 1, 1] = lat, lon
            nodes[slot] = 2
        ends[k, 0], ends[k, 1], ends[k, 2] = lat, lon, t
    glide_all(
        bodies, glides, AIR_SCALE_M, ROTATION_RAD_S, banks, switches, changes, slots, 1, ends,
        paths, nodes,
    )  # fmt: skip
    for k in range(len(points)):
        ends[k, 2] += before[k]
        if plain and k % TRACK_EVERY != 0:
            for i in range(3):
                ends[k, i] = ends[k - 1, i]
