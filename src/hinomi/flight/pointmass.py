"""One compiled flight: adaptive steps, restarted at known breaks, events by re-stepping."""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from numba import njit

from hinomi.earth.atmosphere import RADIUS_M, TOP_M
from hinomi.earth.gravity import MU_M3_S2
from hinomi.flight.body import (
    BANK_WIDTH,
    BANKS,
    BETA,
    DAMPING,
    FIRST_BANK,
    GLIDE_BELOW,
    GLIDES,
    LIFT_FLOOR,
    ROTATION,
    SKIPS,
    STAGES,
    TERMINAL_SPEED,
)
from hinomi.flight.boost import VERTICAL_S, light, steer
from hinomi.flight.dormand_prince import inside, keep, prepare_inside, step
from hinomi.flight.forces import (
    BANK_COS,
    BANK_SIN,
    DROPPING,
    ENGINE,
    FREE,
    LIFTING,
    LIMIT,
    LOWEST_LIFT,
    STEERED,
    ground_and_up,
    lift_limit,
    lift_share,
    segment_numbers,
    slope,
)
from hinomi.kernels import LEAN, MAKES_ARRAYS

DEFAULT_TOLERANCE: Final = (
    1e-7  # see tests/validation/flight_cases: impact within 50 m of the limit
)
# A body that falls back through the air has a minute left for an error to grow: more is allowed.
FALL_EASE: Final = 12.0
BOOST_EASE: Final = 0.1
LONGEST_STEP_S: Final = 60.0
LONGEST_FLIGHT_S: Final = 7200.0
MOST_STEPS: Final = 100_000
STIFFEST: Final = (
    1.6  # longest step over the time constant of the glide's damping: stable, and seen by the error
)
NEAR_LIMIT: Final = 0.02  # share of the greatest lift, near a limit that trial points are looked at
LIMIT_HALVINGS: Final = 10  # where a limit of the lift begins to hold, in shares of a step
EVENT_M: Final = 1e-3  # how near the ground and the heights at which the law changes are met
EVENT_MPS: Final = 1e-6  # and the speed at which the glide ends

STATE: Final = 6  # columns of a path's row: Earth-fixed position and velocity
# Places in the result of a flight.
(
    END_T, APOGEE, APOGEE_T, BURNOUT_T, GLIDE_T, DROP_T, AIR_OUT_T, AIR_IN_T, HIGHEST, STATUS, STEPS,
) = range(6, 17)  # fmt: skip
RESULT: Final = 17
# How a flight ended.
LANDED, AIRBORNE, ORBITING, ESCAPING, INVALID = range(5)
STATUSES: Final = ("landed", "airborne", "orbiting", "escaping", "invalid")

# Geometric heights at which the slope of the standard temperature jumps (geopotential 11 ... 71 km).
_CORNERS_GEOPOTENTIAL_M = np.array([11e3, 20e3, 32e3, 47e3, 51e3, 71e3])
_CORNERS_M = RADIUS_M * _CORNERS_GEOPOTENTIAL_M / (RADIUS_M - _CORNERS_GEOPOTENTIAL_M)
# Events that fall through zero.
_NONE, _GROUND, _GLIDE_HEIGHT, _TOP, _SLOW, _FLOOR, _AIR, _LIMIT = range(8)


@njit(cache=True, nogil=True, error_model="numpy", **LEAN)
def _event(kind, y, body):  # type: ignore[no-untyped-def]
    """Evaluate the function of the state that falls through zero at an event."""
    if kind == _SLOW:
        return math.sqrt(y[3] * y[3] + y[4] * y[4] + y[5] * y[5]) - body[TERMINAL_SPEED]
    height, ux, uy, uz = ground_and_up(y[0], y[1], y[2], body)
    if kind == _TOP:
        return y[3] * ux + y[4] * uy + y[5] * uz
    if kind == _GLIDE_HEIGHT:
        height -= body[GLIDE_BELOW]
    elif kind == _FLOOR:
        height -= body[LIFT_FLOOR]
    elif kind == _AIR:
        height -= TOP_M
    return height


@njit(cache=True, nogil=True, error_model="numpy", **LEAN)
def _layer_between(height, behind):  # type: ignore[no-untyped-def]
    """Height [m] at which the air's temperature has a corner on the way; -1: none."""
    for i in range(_CORNERS_M.size):
        if (height - _CORNERS_M[i]) * (behind - _CORNERS_M[i]) < 0.0:
            return _CORNERS_M[i]
    return -1.0


@njit(cache=True, nogil=True, error_model="numpy", **LEAN)
def _share_at_height(height, behind, wanted, c, body, at):  # type: ignore[no-untyped-def]
    """Share of the step just after a height is passed (regula falsi, a few metres)."""
    lo, hi = 0.0, 1.0
    f_lo, f_hi = height - wanted, behind - wanted
    for _ in range(6):
        share = lo + (hi - lo) * f_lo / (f_lo - f_hi)
        inside(share, c, at)
        f = ground_and_up(at[0], at[1], at[2], body)[0] - wanted
        if f * f_lo > 0.0:
            lo, f_lo = share, f
            f_hi *= 0.5
        else:
            hi, f_hi = share, f
            if abs(f) < 1.0:
                break
            f_lo *= 0.5
    return hi


@njit(cache=True, nogil=True, error_model="numpy", **LEAN)
def _share_of_event(kind, before, behind, c, body, at):  # type: ignore[no-untyped-def]
    """Share of the step at which the event is on the dense output (false position)."""
    lo, hi = 0.0, 1.0
    if before * behind >= 0.0:
        return 0.0
    share = 1.0
    for _ in range(60):
        share = lo + (hi - lo) * before / (before - behind)
        inside(share, c, at)
        f = _event(kind, at, body)
        if abs(f) < EVENT_M or hi - lo < 1e-12:
            break
        if f * before > 0.0:
            lo, before = share, f
            behind *= 0.5
        else:
            hi, behind = share, f
            before *= 0.5
    return share


@njit(cache=True, nogil=True, error_model="numpy", **LEAN)
def _share_of_limit(ends, c, body, engine, at):  # type: ignore[no-untyped-def]
    """Share of the step just after which another limit would hold the lift; 2 when none does.

    A body near a limit may touch it within the step and leave it again, so three points inside are
    looked at then. `ends` is the lift wanted at the end of the step.
    """
    limit = int(engine[LIMIT])
    hi = 1.0
    found = lift_limit(ends) != limit
    if abs(ends - 1.0) < NEAR_LIMIT or abs(ends - LOWEST_LIFT) < NEAR_LIMIT:
        for i in range(1, 4):
            inside(0.25 * i, c, at)
            if lift_limit(lift_share(at, body, engine)) != limit:
                hi = 0.25 * i
                found = True
                break
    if not found:
        return 2.0
    lo = 0.0 if hi == 1.0 else hi - 0.25
    for _ in range(LIMIT_HALVINGS):
        share = 0.5 * (lo + hi)
        inside(share, c, at)
        if lift_limit(lift_share(at, body, engine)) == limit:
            lo = share
        else:
            hi = share
    return hi


@njit(cache=True, nogil=True, error_model="numpy", **LEAN)
def _bank_until(since, body, engine):  # type: ignore[no-untyped-def]
    """Set the bank that holds some seconds after the glide law came on; returns when it ends."""
    angle = 0.0
    end = math.inf
    for i in range(int(body[BANKS])):
        at = FIRST_BANK + i * BANK_WIDTH
        if since < body[at] - 1e-9:
            end = body[at]
            break
        angle = body[at + 1]
    engine[BANK_COS], engine[BANK_SIN] = math.cos(angle), math.sin(angle)
    return end


@njit(cache=True, nogil=True, error_model="numpy", **LEAN)
def _status(y, body):  # type: ignore[no-untyped-def]
    """How a body still in flight would go on, by its two-body orbit."""
    w = body[ROTATION]
    vx, vy, vz = y[3] - w * y[1], y[4] + w * y[0], y[5]
    r2 = y[0] * y[0] + y[1] * y[1] + y[2] * y[2]
    v2 = vx * vx + vy * vy + vz * vz
    per_a = 2.0 / math.sqrt(r2) - v2 / MU_M3_S2
    if not per_a > 0.0:
        return ESCAPING
    rv = y[0] * vx + y[1] * vy + y[2] * vz
    p = (r2 * v2 - rv * rv) / MU_M3_S2
    perigee = (1.0 - math.sqrt(max(0.0, 1.0 - p * per_a))) / per_a
    nearest = math.sqrt(r2) - ground_and_up(y[0], y[1], y[2], body)[0] + TOP_M
    return ORBITING if perigee > nearest else AIRBORNE


@njit(cache=True, nogil=True, error_model="numpy", **MAKES_ARRAYS)
def fly_path(  # type: ignore[no-untyped-def]  # noqa: C901
    body, start, kick, cutoff, gliding, first_t, every, until, tolerance, rows, result
):
    """Fly one body from its start to the ground.

    Parameters
    ----------
    body
        vector of `hinomi.flight.body.pack`.
    start
        (12,) upward and downrange unit vectors at launch, position [m] and velocity [m/s].
    kick, cutoff
        angle [rad] reached by the pitch programme, and time [s] at which thrust ends.
    gliding
        the body starts under the glide law (with no stages).
    first_t, every, rows
        (N, 6) rows written at flight times first_t, first_t + every ...; N = 0: nothing is written.
    until
        flight time [s] at which the computation stops if the body still flies.
    tolerance
        allowed error of one step over 6,400 km and 2 km/s.
    result
        (17,) filled: end state, then the places named above; a time of -1: never. The status is
        data: a body that no number describes is invalid, and nothing is raised.

    Returns
    -------
    int
        the number of rows written.
    """
    y = np.empty(6)
    after = np.empty(6)
    at = np.empty(6)
    k = np.empty((7, 6))
    c = np.empty((5, 6))
    engine = np.zeros(ENGINE)
    total = kick + tolerance + first_t
    for j in range(6):
        y[j] = start[6 + j]
        total += y[j]
    for j in range(body.size):
        total += body[j]
    result[:] = -1.0
    result[APOGEE_T] = result[BURNOUT_T] = result[STEPS] = 0.0
    height, ux, uy, uz = ground_and_up(y[0], y[1], y[2], body)
    climb = y[3] * ux + y[4] * uy + y[5] * uz
    result[APOGEE] = result[HIGHEST] = height
    t = 0.0
    h = 0.5
    written = 0
    steps = 0
    top = False
    mode = STEERED
    done = False
    free = body[GLIDES] == 0.0
    if not (math.isfinite(total) and tolerance > 0.0 and height > -1e5 and body[BETA] > 0.0):
        result[STATUS] = INVALID
        done = True
    if body[STAGES] == 0.0 or not cutoff > 0.0:
        mode = LIFTING if gliding else FREE
        if gliding:
            result[GLIDE_T] = 0.0
        if height < -EVENT_M and not done:  # without thrust from below the ground: down already
            result[STATUS] = LANDED
            done = True
    if rows.shape[0] > 0 and first_t <= 0.0 and result[STATUS] != INVALID:
        for j in range(6):
            rows[0, j] = y[j]
        written = 1
    while not done and t < until:
        # A new segment: how it flies and when the next known break comes.
        stop = until
        if mode < FREE:
            stage_end = light(t, body, engine)
            if stage_end < 0.0 or t >= cutoff:
                mode = FREE
                result[BURNOUT_T] = t
            else:
                mode, steered = steer(t, kick, start, y, ux, uy, uz, engine)
                stop = min(stop, stage_end, cutoff, steered)
        if mode == LIFTING:
            since = t - result[GLIDE_T]
            stop = min(stop, result[GLIDE_T] + _bank_until(since, body, engine))
            if _event(_SLOW, y, body) <= 0.0 or height < body[LIFT_FLOOR]:
                mode = DROPPING
                result[DROP_T] = t
        longest = LONGEST_STEP_S
        if mode == LIFTING:
            engine[LIMIT] = 1.0
            if body[SKIPS] == 0.0:
                engine[LIMIT] = lift_limit(lift_share(y, body, engine))
            if body[SKIPS] == 0.0 and body[DAMPING] > 0.0:
                longest = min(longest, STIFFEST / body[DAMPING])
        numbers = segment_numbers(body, engine)
        keep(slope(t, (y[0], y[1], y[2], y[3], y[4], y[5]), mode, numbers), k, 0)
        h = min(h, 5.0)
        broke = False
        while not broke:
            last = t + h >= stop
            length = stop - t if last else h
            ease = BOOST_EASE if mode < FREE else 1.0
            if climb < 0.0 and height < TOP_M and (mode == DROPPING or (mode == FREE and free)):
                ease = FALL_EASE
            error = step(t, y, length, mode, numbers, k, after) / (tolerance * ease)
            steps += 1
            if not error < 1e300 or steps > MOST_STEPS:
                if length > 1e-3 and steps < MOST_STEPS:
                    h = 0.1 * length
                    continue
                result[STATUS] = INVALID
                done = True
                break
            if error > 1.0 and length > 1e-3:
                h = length * max(0.2, 0.9 * error**-0.2)
                continue
            if not last or error > 0.5:
                h = length * min(5.0, max(0.2, 0.9 * (error + 1e-12) ** -0.2))
            h = min(h, longest)
            behind, ux, uy, uz = ground_and_up(after[0], after[1], after[2], body)
            rise = after[3] * ux + after[4] * uy + after[5] * uz
            # Events, the earliest first: ground ends the flight, the others change how it flies.
            event = _NONE
            if behind < 0.0 and (t > VERTICAL_S or mode >= FREE):
                event = _GROUND
            if mode == FREE and body[GLIDES] != 0.0 and rise < 0.0 and behind < body[GLIDE_BELOW]:
                event = _GLIDE_HEIGHT if height > body[GLIDE_BELOW] else _TOP
            elif mode == LIFTING:
                if _event(_SLOW, after, body) < 0.0:
                    event = _SLOW
                elif body[LIFT_FLOOR] > 0.0 and behind < body[LIFT_FLOOR]:
                    event = _FLOOR
            if mode == LIFTING and event == _NONE and body[SKIPS] == 0.0:
                share = lift_share(after, body, engine)
                near = abs(share - 1.0) < NEAR_LIMIT or abs(share - LOWEST_LIFT) < NEAR_LIMIT
                if near or lift_limit(share) != engine[LIMIT]:
                    prepare_inside(length, y, after, k, c)
                    share = _share_of_limit(share, c, body, engine, at)
                    if share <= 1.0:
                        event = _LIMIT
                        length *= share
                        step(t, y, length, mode, numbers, k, after)
                        behind, ux, uy, uz = ground_and_up(after[0], after[1], after[2], body)
                        rise = after[3] * ux + after[4] * uy + after[5] * uz
            if mode == LIFTING and event == _NONE:
                corner = _layer_between(height, behind)
                if corner >= 0.0:
                    prepare_inside(length, y, after, k, c)
                    event = _LIMIT
                    length *= _share_at_height(height, behind, corner, c, body, at)
                    step(t, y, length, mode, numbers, k, after)
                    behind, ux, uy, uz = ground_and_up(after[0], after[1], after[2], body)
                    rise = after[3] * ux + after[4] * uy + after[5] * uz
            full = length
            crosses = (height - TOP_M) * (behind - TOP_M) < 0.0
            turns = climb > 0.0 >= rise
            samples = written < rows.shape[0] and first_t + written * every <= t + length
            if event != _NONE or crosses or turns or samples:
                prepare_inside(length, y, after, k, c)
            if crosses:
                share = _share_of_event(_AIR, height - TOP_M, behind - TOP_M, c, body, at)
                if behind < TOP_M:
                    result[AIR_IN_T] = t + share * length
                elif result[AIR_OUT_T] < 0.0:
                    result[AIR_OUT_T] = t + share * length
            if turns:
                share = _share_of_event(_TOP, climb, rise, c, body, at)
                inside(share, c, at)
                summit = ground_and_up(at[0], at[1], at[2], body)[0]
                if not top:
                    result[APOGEE], result[APOGEE_T] = summit, t + share * length
                    top = True
                result[HIGHEST] = max(result[HIGHEST], summit)
            if event != _NONE and event != _LIMIT:
                share = _share_of_event(
                    event, _event(event, y, body), _event(event, after, body), c, body, at
                )
                length *= share
                for _ in range(6):
                    step(t, y, length, mode, numbers, k, after)
                    f = _event(event, after, body)
                    if abs(f) < (EVENT_MPS if event == _SLOW else EVENT_M) or event == _TOP:
                        break
                    if event == _SLOW:
                        rate = (
                            after[3] * k[6, 3] + after[4] * k[6, 4] + after[5] * k[6, 5]
                        ) / body[TERMINAL_SPEED]
                    else:
                        rate = _event(_TOP, after, body)
                    length -= f / rate if rate != 0.0 else 0.0
                behind, ux, uy, uz = ground_and_up(after[0], after[1], after[2], body)
                rise = after[3] * ux + after[4] * uy + after[5] * uz
            end = stop if last and event == _NONE else t + length
            while written < rows.shape[0] and first_t + written * every <= end:
                inside(
                    (first_t + written * every - t) / full if full > 0.0 else 1.0, c, rows[written]
                )
                written += 1
            t = end
            height, climb = behind, rise
            for j in range(6):
                y[j] = after[j]
                k[0, j] = k[6, j]
            if event == _GROUND:
                result[STATUS] = LANDED
                done = True
            elif event in (_SLOW, _FLOOR):
                mode = DROPPING
                result[DROP_T] = t
            elif event == _GLIDE_HEIGHT or (event == _TOP and height <= body[GLIDE_BELOW]):
                mode = LIFTING
                result[GLIDE_T] = t
            broke = event != _NONE or last
    if mode < FREE:
        result[BURNOUT_T] = t
    if result[STATUS] < 0.0:
        result[STATUS] = _status(y, body)
    if not top and result[STATUS] != INVALID:
        result[APOGEE], result[APOGEE_T] = max(result[APOGEE], height), t if climb > 0.0 else 0.0
    result[HIGHEST] = max(result[HIGHEST], result[APOGEE])
    for j in range(6):
        result[j] = y[j]
    result[END_T] = t
    result[STEPS] = steps
    return written
