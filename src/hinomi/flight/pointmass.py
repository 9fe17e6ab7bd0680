"""One compiled flight: Dormand-Prince 5(4), restarted at known breaks, events by re-stepping.

Source of the scheme and its dense output: Dormand and Prince (1980), Hairer, Norsett and Wanner,
Solving Ordinary Differential Equations I (1993), section II.6.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from numba import njit

from hinomi.earth.atmosphere import G0, TOP_M
from hinomi.flight.body import (
    BACK_PRESSURE,
    BANK,
    BANK_FROM,
    BANK_TO,
    FIRST_STAGE,
    GLIDE_BELOW,
    GLIDES,
    PAYLOAD,
    STAGE_WIDTH,
    STAGES,
    TERMINAL_SPEED,
)
from hinomi.flight.forces import (
    ALONG,
    AREA,
    BANK_NOW,
    DROPPING,
    EXIT_AREA,
    FLOW,
    FREE,
    KICK,
    LIFTING,
    MASS,
    SEA_LEVEL_PA,
    SINCE,
    TILT_S,
    TILTING,
    VACUUM_THRUST,
    VERTICAL,
    VERTICAL_S,
    air_at,
    forces,
    ground_and_up,
)
from hinomi.records.flights import BOOST, COAST, FALL, GLIDE

DEFAULT_TOLERANCE: Final = (
    1e-7  # see tests/validation/flight_cases: impact within 50 m of the limit
)
POSITION_SCALE_M: Final = 6.4e6  # times the tolerance: error allowed in one step
VELOCITY_SCALE_MPS: Final = 2e3
LONGEST_STEP_S: Final = 60.0
LONGEST_FLIGHT_S: Final = 7200.0

# Columns of a path's row.
HEIGHT, JET_POWER, MASS_NOW, PHASE = 6, 7, 8, 9
ROW: Final = 10
# Places in the result of a flight.
END_T, APOGEE, APOGEE_T, BURNOUT_T, GLIDE_T, ENDED_AT_GROUND, STEPS = 6, 7, 8, 9, 10, 11, 12
RESULT: Final = 13

_A = np.array([
    [0.0, 0.0, 0.0, 0.0, 0.0, 0.0],
    [1 / 5, 0.0, 0.0, 0.0, 0.0, 0.0],
    [3 / 40, 9 / 40, 0.0, 0.0, 0.0, 0.0],
    [44 / 45, -56 / 15, 32 / 9, 0.0, 0.0, 0.0],
    [19372 / 6561, -25360 / 2187, 64448 / 6561, -212 / 729, 0.0, 0.0],
    [9017 / 3168, -355 / 33, 46732 / 5247, 49 / 176, -5103 / 18656, 0.0],
    [35 / 384, 0.0, 500 / 1113, 125 / 192, -2187 / 6784, 11 / 84],
])  # fmt: skip
_C = np.array([0.0, 1 / 5, 3 / 10, 4 / 5, 8 / 9, 1.0, 1.0])
_E = np.array([71 / 57600, 0.0, -71 / 16695, 71 / 1920, -17253 / 339200, 22 / 525, -1 / 40])
_D = np.array([
    -12715105075 / 11282082432, 0.0, 87487479700 / 32700410799, -10690763975 / 1880347072,
    701980252875 / 199316789632, -1453857185 / 822651844, 69997945 / 29380423,
])  # fmt: skip


@njit(cache=True, nogil=True)
def _step(t, y, h, mode, body, engine, start, k, trial, after):  # type: ignore[no-untyped-def]
    """One step of length h from y, k[0] being the derivative there; error at tolerance 1."""
    for s in range(1, 7):
        for j in range(6):
            total = 0.0
            for i in range(s):
                total += _A[s, i] * k[i, j]
            trial[j] = y[j] + h * total
        forces(t + _C[s] * h, trial, mode, body, engine, start, k[s])
    position = 0.0
    velocity = 0.0
    for j in range(6):
        after[j] = trial[j]
        e = 0.0
        for i in range(7):
            e += _E[i] * k[i, j]
        if j < 3:
            position += e * e
        else:
            velocity += e * e
    return abs(h) * max(
        math.sqrt(position) / POSITION_SCALE_M, math.sqrt(velocity) / VELOCITY_SCALE_MPS
    )


@njit(cache=True, nogil=True)
def _inside(share, h, y, after, k, out):  # type: ignore[no-untyped-def]
    """State at a share of the step just made, fourth order."""
    for j in range(6):
        d = after[j] - y[j]
        b = h * k[0, j] - d
        c = d - h * k[6, j] - b
        e = h * (
            _D[0] * k[0, j]
            + _D[2] * k[2, j]
            + _D[3] * k[3, j]
            + _D[4] * k[4, j]
            + _D[5] * k[5, j]
            + _D[6] * k[6, j]
        )
        out[j] = y[j] + share * (d + (1.0 - share) * (b + share * (c + (1.0 - share) * e)))


@njit(cache=True, nogil=True)
def _event(kind, y, body):  # type: ignore[no-untyped-def]
    """Evaluate the function of the state that falls through zero at an event.

    0 ground, 1 glide law on, 2 top of the path, 3 too slow to glide.
    """
    if kind == 3:
        return math.sqrt(y[3] * y[3] + y[4] * y[4] + y[5] * y[5]) - body[TERMINAL_SPEED]
    height, ux, uy, uz = ground_and_up(y[0], y[1], y[2], body)
    if kind == 2:
        return y[3] * ux + y[4] * uy + y[5] * uz
    return height - body[GLIDE_BELOW] if kind == 1 else height


@njit(cache=True, nogil=True)
def _share_of_event(kind, h, y, after, k, body, at):  # type: ignore[no-untyped-def]
    """Share of the step at which the event is on the dense output (false position)."""
    lo, hi = 0.0, 1.0
    f_lo, f_hi = _event(kind, y, body), _event(kind, after, body)
    if f_lo <= 0.0:
        return 0.0
    share = 1.0
    for _ in range(60):
        share = lo + (hi - lo) * f_lo / (f_lo - f_hi)
        _inside(share, h, y, after, k, at)
        f = _event(kind, at, body)
        if abs(f) < 1e-3 or hi - lo < 1e-12:
            break
        if f > 0.0:
            lo, f_lo = share, f
            f_hi *= 0.5
        else:
            hi, f_hi = share, f
            f_lo *= 0.5
    return share


@njit(cache=True, nogil=True)
def _light(t, body, engine):  # type: ignore[no-untyped-def]
    """Set the engine for the stage that burns from time t on; returns the time at which it ends."""
    n = int(body[STAGES])
    end = 0.0
    mass = body[PAYLOAD]
    for i in range(n):
        at = FIRST_STAGE + i * STAGE_WIDTH
        mass += body[at] + body[at + 1]
    for i in range(n):
        at = FIRST_STAGE + i * STAGE_WIDTH
        begin = end
        end = begin + body[at + 3]
        if t < end:
            engine[FLOW] = body[at] / body[at + 3]
            engine[VACUUM_THRUST] = body[at + 2] * G0 * engine[FLOW]
            engine[MASS] = mass
            engine[SINCE] = begin
            engine[AREA] = 0.25 * math.pi * body[at + 4] * body[at + 4]
            engine[EXIT_AREA] = body[BACK_PRESSURE] * engine[VACUUM_THRUST] / SEA_LEVEL_PA
            return end
        mass -= body[at] + body[at + 1]
    return -1.0


@njit(cache=True, nogil=True)
def _write(row, t, y, mode, body, engine):  # type: ignore[no-untyped-def]
    """Fill one row of the path."""
    for j in range(6):
        row[j] = y[j]
    height, ux, uy, uz = ground_and_up(y[0], y[1], y[2], body)
    row[HEIGHT] = height
    row[JET_POWER] = 0.0
    row[MASS_NOW] = body[PAYLOAD]
    if mode <= ALONG:
        pressure = air_at(height, body)[1]
        thrust = max(0.0, engine[VACUUM_THRUST] - engine[EXIT_AREA] * pressure)
        row[JET_POWER] = 0.5 * thrust * engine[VACUUM_THRUST] / engine[FLOW]
        row[MASS_NOW] = engine[MASS] - engine[FLOW] * (t - engine[SINCE])
        row[PHASE] = BOOST
    elif mode == LIFTING:
        row[PHASE] = GLIDE
    elif mode == DROPPING:
        row[PHASE] = FALL
    else:
        down = y[3] * ux + y[4] * uy + y[5] * uz < 0.0
        row[PHASE] = FALL if body[GLIDES] == 0.0 and down and height < TOP_M else COAST


@njit(cache=True, nogil=True)
def fly_path(  # type: ignore[no-untyped-def]  # noqa: C901
    body, start, kick, cutoff, gliding, first_t, until, tolerance, rows, result
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
    first_t, rows
        (N, 10) rows written at flight times first_t, first_t + 1 s, ...; N = 0: nothing is written.
    until
        flight time [s] at which the computation stops if the body still flies.
    tolerance
        allowed error of one step over 6,400 km and 7 km/s.
    result
        (13,) filled: end state, end time, first apogee and its time, end of thrust, time at which
        the glide law came on (-1: never), 1 when it ended on the ground, number of steps.

    Returns
    -------
    int
        the number of rows written.
    """
    y = np.empty(6)
    after = np.empty(6)
    trial = np.empty(6)
    at = np.empty(6)
    k = np.empty((7, 6))
    engine = np.zeros(8)
    engine[KICK] = kick
    for j in range(6):
        y[j] = start[6 + j]
    t = 0.0
    h = 0.5
    written = 0
    steps = 0
    top = -1.0
    result[APOGEE] = ground_and_up(y[0], y[1], y[2], body)[0]
    result[APOGEE_T] = 0.0
    result[BURNOUT_T] = 0.0
    result[GLIDE_T] = -1.0
    result[ENDED_AT_GROUND] = 0.0
    mode = VERTICAL
    if body[STAGES] == 0.0 or cutoff <= 0.0:
        mode = LIFTING if gliding else FREE
        if gliding:
            result[GLIDE_T] = 0.0
    if rows.shape[0] > 0 and first_t <= 0.0:
        if mode == VERTICAL:
            _light(0.0, body, engine)
        _write(rows[0], 0.0, y, mode, body, engine)
        written = 1
    done = False
    while not done and t < until:
        # A new segment: how it flies and when the next known break comes.
        stop = until
        if mode <= ALONG:
            stage_end = _light(t, body, engine)
            if stage_end < 0.0 or t >= cutoff:
                mode = FREE
                result[BURNOUT_T] = t
            else:
                stop = min(stop, stage_end, cutoff)
                if t < VERTICAL_S:
                    mode = VERTICAL
                    stop = min(stop, VERTICAL_S)
                elif t < VERTICAL_S + TILT_S:
                    mode = TILTING
                    stop = min(stop, VERTICAL_S + TILT_S)
                else:
                    mode = ALONG
        if mode == LIFTING:
            on = result[GLIDE_T] + body[BANK_FROM]
            off = result[GLIDE_T] + body[BANK_TO]
            engine[BANK_NOW] = body[BANK] if on <= t < off else 0.0
            if t < on:
                stop = min(stop, on)
            elif t < off:
                stop = min(stop, off)
            if _event(3, y, body) <= 0.0:
                mode = DROPPING
        forces(t, y, mode, body, engine, start, k[0])
        h = min(h, 5.0)
        broke = False
        while not broke:
            last = t + h >= stop
            length = stop - t if last else h
            error = _step(t, y, length, mode, body, engine, start, k, trial, after) / tolerance
            steps += 1
            if error > 1.0 and length > 1e-3:
                h = length * max(0.2, 0.9 * error**-0.2)
                continue
            if not last or error > 0.5:
                h = length * min(5.0, max(0.2, 0.9 * (error + 1e-12) ** -0.2))
            h = min(h, LONGEST_STEP_S)
            # Events, the earliest first: ground ends the flight, the others change how it flies.
            event = -1
            if _event(0, after, body) < 0.0 and (t > VERTICAL_S or mode > ALONG):
                event = 0
            climb = _event(2, y, body)
            falls = _event(2, after, body) < 0.0
            if mode == FREE and body[GLIDES] != 0.0 and falls and _event(1, after, body) < 0.0:
                event = 1 if _event(1, y, body) > 0.0 else 2
            elif mode == LIFTING and _event(3, after, body) < 0.0:
                event = 3
            if event >= 0:
                share = _share_of_event(event, length, y, after, k, body, at)
                length *= share
                for _ in range(4):
                    _step(t, y, length, mode, body, engine, start, k, trial, after)
                    f = _event(event, after, body)
                    if abs(f) < 1e-3 or event == 2:
                        break
                    if event == 3:
                        rate = (
                            after[3] * k[6, 3] + after[4] * k[6, 4] + after[5] * k[6, 5]
                        ) / body[TERMINAL_SPEED]
                    else:
                        rate = _event(2, after, body)
                    length -= f / rate if rate != 0.0 else 0.0
            if top < 0.0 and climb > 0.0 and falls:
                share = _share_of_event(2, length, y, after, k, body, at) if event != 2 else 1.0
                _inside(share, length, y, after, k, at)
                result[APOGEE] = ground_and_up(at[0], at[1], at[2], body)[0]
                result[APOGEE_T] = t + share * length
                top = 1.0
            end = stop if last and event < 0 else t + length
            while written < rows.shape[0] and first_t + written <= end:
                _inside(
                    (first_t + written - t) / length if length > 0.0 else 1.0,
                    length,
                    y,
                    after,
                    k,
                    at,
                )
                _write(rows[written], first_t + written, at, mode, body, engine)
                written += 1
            t = end
            for j in range(6):
                y[j] = after[j]
                k[0, j] = k[6, j]
            if event == 0:
                result[ENDED_AT_GROUND] = 1.0
                done = True
            elif event == 3:
                mode = DROPPING
            elif event == 1 or (event == 2 and _event(1, y, body) <= 0.0):
                mode = LIFTING
                result[GLIDE_T] = t
            broke = event >= 0 or last
    if mode <= ALONG:
        result[BURNOUT_T] = t
    for j in range(6):
        result[j] = y[j]
    result[END_T] = t
    result[STEPS] = steps
    return written
