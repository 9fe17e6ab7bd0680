"""One sample of a track's state flown on with the whole physics: burn, fall, glide."""

from __future__ import annotations

import math
from typing import Final

from numba import njit

from hinomi.earth.wgs84 import ROTATION_RAD_S, geodetic_from_ecef
from hinomi.flight.body import (
    BANK_WIDTH,
    BANKS,
    FIRST_BANK,
    FIRST_STAGE,
    GLIDE_BELOW,
    GLIDES,
    LIFT_TO_DRAG,
    STAGE_WIDTH,
    STAGES,
    TERMINAL_SPEED,
)
from hinomi.flight.boost import light
from hinomi.flight.endpoint import glide_seconds, kepler_to_height
from hinomi.flight.forces import (
    ALONG,
    EXIT_AREA,
    FLOW,
    MASS,
    SINCE,
    VACUUM_THRUST,
    segment_numbers,
    slope,
)
from hinomi.flight.pointmass import (
    DROP_T,
    END_T,
    GLIDE_T,
    LANDED,
    LONGEST_FLIGHT_S,
    STATUS,
    fly_path,
)
from hinomi.kernels import LEAN

BURN_STEP_S: Final = 2.0  # Runge-Kutta of order 4: 0.1 m/s at most
TOLERANCE: Final = 1e-6  # end points within 100 m of those at the flight's own tolerance
ROWS_S: Final = 30.0  # spacing of the points of a ground track
ROWS: Final = 242  # two hours and the end
NEVER_EARLY_S: Final = 1e8
BURN_AT: Final = 3  # place of the burn time among the numbers of a stage


@njit(cache=True, nogil=True, error_model="numpy", **LEAN)
def burn_on(s, elapsed, seconds, pace, gain, body, engine):  # type: ignore[no-untyped-def]
    """Burn on along the velocity for some seconds, from an Earth-fixed state (6,), in place.

    `elapsed` seconds of the class's burn are over; it burns `pace` times as fast as its class and
    gains `gain` times the speed. Nothing burns after the class's last second.
    """
    t, left = elapsed, seconds
    total = 0.0
    for i in range(int(body[STAGES])):
        total += body[FIRST_STAGE + i * STAGE_WIDTH + BURN_AT]
    while left > 1e-9 and t < total - 1e-6:
        end = light(t, body, engine)
        engine[MASS] -= engine[FLOW] * (t - engine[SINCE])
        engine[SINCE] = 0.0
        engine[FLOW] *= pace
        engine[VACUUM_THRUST] *= pace * gain
        engine[EXIT_AREA] *= pace
        length = min(left, (end - t) / pace)
        numbers = segment_numbers(body, engine)
        steps = max(1, math.ceil(length / BURN_STEP_S))
        h = length / steps
        for i in range(steps):
            _step(i * h, h, s, numbers)
        left -= length
        t += pace * length + 1e-9


@njit(cache=True, nogil=True, error_model="numpy", **LEAN)
def _step(t, h, s, numbers):  # type: ignore[no-untyped-def]
    """One Runge-Kutta step of a burn along the velocity."""
    y = (s[0], s[1], s[2], s[3], s[4], s[5])
    a = slope(t, y, ALONG, numbers)
    b = slope(t + 0.5 * h, _moved(y, a, 0.5 * h), ALONG, numbers)
    c = slope(t + 0.5 * h, _moved(y, b, 0.5 * h), ALONG, numbers)
    d = slope(t + h, _moved(y, c, h), ALONG, numbers)
    for j in range(6):
        s[j] += h / 6.0 * (a[j] + 2.0 * (b[j] + c[j]) + d[j])


@njit(cache=True, nogil=True, error_model="numpy", **LEAN)
def _moved(y, rate, h):  # type: ignore[no-untyped-def]
    """State after a time at a rate."""
    return (
        y[0] + h * rate[0], y[1] + h * rate[1], y[2] + h * rate[2],
        y[3] + h * rate[3], y[4] + h * rate[4], y[5] + h * rate[5],
    )  # fmt: skip


@njit(cache=True, nogil=True, error_model="numpy", **LEAN)
def glide_left_s(s, below, end_speed, lift):  # type: ignore[no-untyped-def]
    """Seconds of glide ahead, by the closed form of a whole equilibrium glide.

    The prior measures switches of bank and an early end on this time: neutral, at most too long.
    """
    low = kepler_to_height(s[0], s[1], s[2], s[3], s[4], s[5], below, ROTATION_RAD_S)
    vx, vy, vz = s[3], s[4], s[5]
    if low[0]:
        _, _, _, _, vx, vy, vz, _ = low
    return glide_seconds(math.sqrt(vx * vx + vy * vy + vz * vz), end_speed, lift)


@njit(cache=True, nogil=True, error_model="numpy", **LEAN)
def plan_glide(body, lift, end_speed, banks, switches, count):  # type: ignore[no-untyped-def]
    """Write a bank plan into a body: bank i from switch i - 1 on, the first at once."""
    body[GLIDES] = 1.0
    body[LIFT_TO_DRAG], body[TERMINAL_SPEED] = lift, end_speed
    n = 0
    for i in range(count + 1):
        begin = 0.0 if i == 0 else switches[i - 1]
        if i > 0 and begin <= body[FIRST_BANK + (n - 1) * BANK_WIDTH] + 1e-6:
            n -= 1  # a plan of no length gives way to the next
        body[FIRST_BANK + n * BANK_WIDTH] = begin
        body[FIRST_BANK + n * BANK_WIDTH + 1] = banks[i]
        n += 1
    body[BANKS] = n


@njit(cache=True, nogil=True, error_model="numpy", **LEAN)
def fall_or_glide(s, body, early, rows, result, start):  # type: ignore[no-untyped-def]
    """Fly a body without booster to the ground, by its own law.

    Parameters
    ----------
    s
        (6,) Earth-fixed state.
    body
        vector of `flight.body.pack` with no stages; it glides when GLIDES is set.
    early
        seconds after the glide law came on at which lift ends.
    rows
        (N, 6) scratch of the way every ROWS_S; N = 0: not wanted.
    result, start
        (17,), (12,) scratch.

    Returns
    -------
    landed, latitude, longitude [rad], seconds, rows written.
    """
    for j in range(6):
        start[j], start[6 + j] = 0.0, s[j]
    gliding = False
    if body[GLIDES] != 0.0:
        low = kepler_to_height(
            s[0], s[1], s[2], s[3], s[4], s[5], body[GLIDE_BELOW], ROTATION_RAD_S
        )
        gliding = not low[0] or low[7] == 0.0
    written = fly_path(
        body, start, 0.0, 0.0, gliding, 0.0, ROWS_S, LONGEST_FLIGHT_S, TOLERANCE, rows, result
    )
    if body[GLIDES] == 0.0 or early >= NEVER_EARLY_S or result[GLIDE_T] < 0.0:
        return _end(result, 0.0, written)
    stop = result[GLIDE_T] + early
    if result[DROP_T] >= 0.0 and stop >= result[DROP_T]:
        return _end(result, 0.0, written)
    # Again up to the early end, and from there without lift.
    if stop > 1e-6:
        written = fly_path(
            body, start, 0.0, 0.0, gliding, 0.0, ROWS_S, stop, TOLERANCE, rows, result
        )
        if result[STATUS] == LANDED:
            return _end(result, 0.0, written)
        for j in range(6):
            start[6 + j] = result[j]
    else:
        stop, written = 0.0, 0
    body[GLIDES] = 0.0
    more = fly_path(
        body, start, 0.0, 0.0, False, ROWS_S, ROWS_S, LONGEST_FLIGHT_S, TOLERANCE, rows[written:],
        result,
    )  # fmt: skip
    return _end(result, stop, written + more)


@njit(cache=True, nogil=True, error_model="numpy", **LEAN)
def _end(result, before, written):  # type: ignore[no-untyped-def]
    """Whether a flight landed, where and when, counted from `before` [s]."""
    lat, lon, _ = geodetic_from_ecef(result[0], result[1], result[2])
    return result[STATUS] == LANDED, lat, lon, before + result[END_T], written


@njit(cache=True, nogil=True, error_model="numpy", **LEAN)
def ground_track(lat, lon, rows, written, end_lat, end_lon, path):  # type: ignore[no-untyped-def]
    """Write a ground track (N, 2) [rad] from a place over rows to the end; returns its nodes."""
    path[0, 0], path[0, 1] = lat, lon
    n = 1
    for i in range(min(written, len(path) - 2)):
        path[n, 0], path[n, 1], _ = geodetic_from_ecef(rows[i, 0], rows[i, 1], rows[i, 2])
        n += 1
    path[n, 0], path[n, 1] = end_lat, end_lon
    return n + 1
