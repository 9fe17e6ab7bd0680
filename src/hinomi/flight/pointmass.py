"""One compiled flight: Dormand-Prince 5(4), restarted at known breaks, events by re-stepping.

Source of the scheme and its dense output: Dormand and Prince (1980), Hairer, Norsett and Wanner,
Solving Ordinary Differential Equations I (1993), section II.6.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from numba import njit

from hinomi.earth.atmosphere import TOP_M
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
from hinomi.flight.forces import (
    BANK_COS,
    BANK_SIN,
    DROPPING,
    ENGINE,
    FAST,
    FREE,
    LIFTING,
    LIMIT,
    STEERED,
    ground_and_up,
    lift_limit,
    lift_share,
    LOWEST_LIFT,
    segment_numbers,
    slope,
)

DEFAULT_TOLERANCE: Final = (
    1e-7  # see tests/validation/flight_cases: impact within 50 m of the limit
)
POSITION_SCALE_M: Final = 6.4e6  # times the tolerance: error allowed in one step
VELOCITY_SCALE_MPS: Final = 2e3
# A body that falls back through the air has a minute left for an error to grow: more is allowed.
FALL_EASE: Final = 12.0
BOOST_EASE: Final = 0.1
LONGEST_STEP_S: Final = 60.0
LONGEST_FLIGHT_S: Final = 7200.0
MOST_STEPS: Final = 100_000
STIFFEST: Final = 1.6  # longest step over the time constant of the glide's damping: stable, and seen by the error
NEAR_LIMIT: Final = 0.05
LIMIT_HALVINGS: Final = 10  # where a limit of the lift begins to hold, in shares of a step
EVENT_M: Final = 1e-3  # how near the ground and the heights at which the law changes are met

STATE: Final = 6  # columns of a path's row: Earth-fixed position and velocity
# Places in the result of a flight.
(
    END_T, APOGEE, APOGEE_T, BURNOUT_T, GLIDE_T, DROP_T, AIR_OUT_T, AIR_IN_T, HIGHEST, STATUS, STEPS,
) = range(6, 17)  # fmt: skip
RESULT: Final = 17
# How a flight ended.
LANDED, AIRBORNE, ORBITING, ESCAPING, INVALID = range(5)
STATUSES: Final = ("landed", "airborne", "orbiting", "escaping", "invalid")

# Events that fall through zero.
_NONE, _GROUND, _GLIDE_HEIGHT, _TOP, _SLOW, _FLOOR, _AIR, _LIMIT = range(8)


@njit(cache=True, nogil=True, error_model="numpy", fastmath=FAST)
def _plus1(y, a, p):  # type: ignore[no-untyped-def]
    """State plus one weighted slope; tuples of six, so that all stays in registers."""
    return (
        y[0] + a * p[0], y[1] + a * p[1], y[2] + a * p[2],
        y[3] + a * p[3], y[4] + a * p[4], y[5] + a * p[5],
    )  # fmt: skip


@njit(cache=True, nogil=True, error_model="numpy", fastmath=FAST)
def _plus2(y, a, p, b, q):  # type: ignore[no-untyped-def]
    """State plus two weighted slopes."""
    return _plus1(_plus1(y, a, p), b, q)


@njit(cache=True, nogil=True, error_model="numpy", fastmath=FAST)
def _plus3(y, a, p, b, q, c, r):  # type: ignore[no-untyped-def]
    """State plus three weighted slopes."""
    return _plus1(_plus2(y, a, p, b, q), c, r)


@njit(cache=True, nogil=True, error_model="numpy", fastmath=FAST)
def _plus5(y, a, p, b, q, c, r, d, s, e, u):  # type: ignore[no-untyped-def]
    """State plus five weighted slopes."""
    return _plus2(_plus3(y, a, p, b, q, c, r), d, s, e, u)


@njit(cache=True, nogil=True, error_model="numpy", fastmath=FAST)
def _keep(values, out, row):  # type: ignore[no-untyped-def]
    """Write six numbers into a row (a view of the row would cost more than the numbers)."""
    for j in range(6):
        out[row, j] = values[j]


@njit(cache=True, nogil=True, error_model="numpy", fastmath=FAST)
def _step(t, before, h, mode, numbers, k, after):  # type: ignore[no-untyped-def]
    """One step of length h, k[0] being the derivative at its start; error at tolerance 1.

    Fills the new state and the slopes k (7, 6).
    """
    y = before[0], before[1], before[2], before[3], before[4], before[5]
    p = k[0, 0], k[0, 1], k[0, 2], k[0, 3], k[0, 4], k[0, 5]
    at = _plus1(y, h * (1 / 5), p)
    q = slope(t + h * (1 / 5), at, mode, numbers)
    at = _plus2(y, h * (3 / 40), p, h * (9 / 40), q)
    r = slope(t + h * (3 / 10), at, mode, numbers)
    at = _plus3(y, h * (44 / 45), p, h * (-56 / 15), q, h * (32 / 9), r)
    s = slope(t + h * (4 / 5), at, mode, numbers)
    at = _plus2(
        _plus2(y, h * (19372 / 6561), p, h * (-25360 / 2187), q),
        h * (64448 / 6561), r, h * (-212 / 729), s,
    )  # fmt: skip
    u = slope(t + h * (8 / 9), at, mode, numbers)
    at = _plus5(
        y, h * (9017 / 3168), p, h * (-355 / 33), q, h * (46732 / 5247), r,
        h * (49 / 176), s, h * (-5103 / 18656), u,
    )  # fmt: skip
    w = slope(t + h, at, mode, numbers)
    at = _plus5(
        y, h * (35 / 384), p, h * (500 / 1113), r, h * (125 / 192), s,
        h * (-2187 / 6784), u, h * (11 / 84), w,
    )  # fmt: skip
    z = slope(t + h, at, mode, numbers)
    zero = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
    e = _plus1(
        _plus5(
            zero, 71 / 57600, p, -71 / 16695, r, 71 / 1920, s, -17253 / 339200, u, 22 / 525, w
        ),
        -1 / 40, z,
    )  # fmt: skip
    for j in range(6):
        after[j] = at[j]
    _keep(r, k, 2)
    _keep(s, k, 3)
    _keep(u, k, 4)
    _keep(w, k, 5)
    _keep(z, k, 6)
    position = e[0] * e[0] + e[1] * e[1] + e[2] * e[2]
    velocity = e[3] * e[3] + e[4] * e[4] + e[5] * e[5]
    return abs(h) * math.sqrt(
        max(
            position * (1.0 / POSITION_SCALE_M / POSITION_SCALE_M),
            velocity * (1.0 / VELOCITY_SCALE_MPS / VELOCITY_SCALE_MPS),
        )
    )


@njit(cache=True, nogil=True, error_model="numpy", fastmath=FAST)
def _prepare_inside(h, y, after, k, c):  # type: ignore[no-untyped-def]
    """Coefficients (5, 6) of the dense output of the step just made, in powers of its share."""
    for j in range(6):
        d = after[j] - y[j]
        b = h * k[0, j] - d
        a = d - h * k[6, j] - b
        e = h * (
            -12715105075 / 11282082432 * k[0, j] + 87487479700 / 32700410799 * k[2, j]
            - 10690763975 / 1880347072 * k[3, j] + 701980252875 / 199316789632 * k[4, j]
            - 1453857185 / 822651844 * k[5, j] + 69997945 / 29380423 * k[6, j]
        )  # fmt: skip
        c[0, j] = y[j]
        c[1, j] = d + b
        c[2, j] = a - b + e
        c[3, j] = -a - 2.0 * e
        c[4, j] = e


@njit(cache=True, nogil=True, error_model="numpy", fastmath=FAST)
def _inside(share, c, out):  # type: ignore[no-untyped-def]
    """State at a share of the step just made, fourth order."""
    for j in range(6):
        out[j] = c[0, j] + share * (
            c[1, j] + share * (c[2, j] + share * (c[3, j] + share * c[4, j]))
        )


@njit(cache=True, nogil=True, error_model="numpy")
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


@njit(cache=True, nogil=True, error_model="numpy")
def _share_of_event(kind, before, behind, c, body, at):  # type: ignore[no-untyped-def]
    """Share of the step at which the event is on the dense output (false position)."""
    lo, hi = 0.0, 1.0
    if before * behind >= 0.0:
        return 0.0
    share = 1.0
    for _ in range(60):
        share = lo + (hi - lo) * before / (before - behind)
        _inside(share, c, at)
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


@njit(cache=True, nogil=True, error_model="numpy")
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
            _inside(0.25 * i, c, at)
            if lift_limit(lift_share(at, body, engine)) != limit:
                hi = 0.25 * i
                found = True
                break
    if not found:
        return 2.0
    lo = 0.0 if hi == 1.0 else hi - 0.25
    for _ in range(LIMIT_HALVINGS):
        share = 0.5 * (lo + hi)
        _inside(share, c, at)
        if lift_limit(lift_share(at, body, engine)) == limit:
            lo = share
        else:
            hi = share
    return hi


@njit(cache=True, nogil=True, error_model="numpy")
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


@njit(cache=True, nogil=True, error_model="numpy")
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


@njit(cache=True, nogil=True, error_model="numpy")
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
    if rows.shape[0] > 0 and first_t <= 0.0 and not done:
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
        _keep(slope(t, (y[0], y[1], y[2], y[3], y[4], y[5]), mode, numbers), k, 0)
        h = min(h, 5.0)
        broke = False
        while not broke:
            last = t + h >= stop
            length = stop - t if last else h
            ease = BOOST_EASE if mode < FREE else 1.0
            if climb < 0.0 and height < TOP_M and (mode == DROPPING or (mode == FREE and free)):
                ease = FALL_EASE
            error = _step(t, y, length, mode, numbers, k, after) / (tolerance * ease)
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
                    _prepare_inside(length, y, after, k, c)
                    share = _share_of_limit(share, c, body, engine, at)
                    if share <= 1.0:
                        event = _LIMIT
                        length *= share
                        _step(t, y, length, mode, numbers, k, after)
                        behind, ux, uy, uz = ground_and_up(after[0], after[1], after[2], body)
                        rise = after[3] * ux + after[4] * uy + after[5] * uz
            full = length
            crosses = (height - TOP_M) * (behind - TOP_M) < 0.0
            turns = climb > 0.0 >= rise
            samples = written < rows.shape[0] and first_t + written * every <= t + length
            if event != _NONE or crosses or turns or samples:
                _prepare_inside(length, y, after, k, c)
            if crosses:
                share = _share_of_event(_AIR, height - TOP_M, behind - TOP_M, c, body, at)
                if behind < TOP_M:
                    result[AIR_IN_T] = t + share * length
                elif result[AIR_OUT_T] < 0.0:
                    result[AIR_OUT_T] = t + share * length
            if turns:
                share = _share_of_event(_TOP, climb, rise, c, body, at)
                _inside(share, c, at)
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
                    _step(t, y, length, mode, numbers, k, after)
                    f = _event(event, after, body)
                    if abs(f) < EVENT_M or event == _TOP:
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
                _inside(
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
            elif event == _SLOW or event == _FLOOR:
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
