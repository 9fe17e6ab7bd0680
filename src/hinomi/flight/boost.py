"""What burns at a given time of a boost, and what a path's rows say of mass, thrust and phase."""

from __future__ import annotations

import math

from numba import njit

from hinomi.earth.atmosphere import G0, TOP_M
from hinomi.flight.body import (
    AIR,
    BACK_PRESSURE,
    DENSITY,
    EXPONENTIAL,
    FIRST_STAGE,
    GLIDES,
    PAYLOAD,
    STAGE_WIDTH,
    STAGES,
)
from hinomi.flight.forces import (
    A_X,
    A_Y,
    A_Z,
    ALONG,
    AREA,
    B_X,
    B_Y,
    B_Z,
    EXIT_AREA,
    FLOW,
    MASS,
    SEA_LEVEL_PA,
    SINCE,
    STEERED,
    TURN_FROM,
    TURN_RATE,
    VACUUM_THRUST,
    air_at,
    ground_and_up,
)
from hinomi.kernels import LEAN
from hinomi.records.flights import BOOST, COAST, FALL, GLIDE

VERTICAL_S = 5.0  # assumed: thrust straight up
TILT_S = 8.0  # assumed: then tilted linearly to the kick angle

# Columns of what is known of a row besides its state.
HEIGHT, JET_POWER, MASS_NOW, PHASE = range(4)
KNOWN = 4


@njit(cache=True, nogil=True, error_model="numpy", **LEAN)
def light(t, body, engine):  # type: ignore[no-untyped-def]
    """Set the engine for the stage that burns from time t on; returns the time at which it ends.

    -1 when nothing burns any more.
    """
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
            flow = body[at] / body[at + 3]
            thrust = body[at + 2] * G0 * flow
            engine[FLOW] = flow
            engine[VACUUM_THRUST] = thrust
            engine[MASS] = mass
            engine[SINCE] = begin
            engine[AREA] = 0.25 * math.pi * body[at + 4] * body[at + 4]
            engine[EXIT_AREA] = body[BACK_PRESSURE] * thrust / SEA_LEVEL_PA
            engine[TURN_RATE] = body[at + 5]
            return end
        mass -= body[at] + body[at + 1]
    return -1.0


@njit(cache=True, nogil=True, error_model="numpy", **LEAN)
def steer(t, kick, start, y, ux, uy, uz, engine):  # type: ignore[no-untyped-def]
    """Set where the engine points from time t on; returns how it flies and until when.

    Straight up, then tilted evenly to the kick angle in the launch plane, then along the velocity;
    a stage with a pitch rate instead turns down from the direction of flight at its ignition, in
    the vertical plane. `ux, uy, uz` is the vertical at the state y.
    """
    if t < VERTICAL_S + TILT_S:
        for j in range(3):
            engine[A_X + j], engine[B_X + j] = start[j], start[3 + j]
        if t < VERTICAL_S:
            engine[TURN_RATE] = engine[TURN_FROM] = 0.0
            return STEERED, VERTICAL_S
        engine[TURN_RATE], engine[TURN_FROM] = kick / TILT_S, VERTICAL_S
        return STEERED, VERTICAL_S + TILT_S
    if engine[TURN_RATE] == 0.0:
        return ALONG, math.inf
    v = math.sqrt(y[3] * y[3] + y[4] * y[4] + y[5] * y[5]) + 1e-300
    ix, iy, iz = y[3] / v, y[4] / v, y[5] / v
    s = ux * ix + uy * iy + uz * iz
    nx, ny, nz = s * ix - ux, s * iy - uy, s * iz - uz
    size = math.sqrt(nx * nx + ny * ny + nz * nz) + 1e-300
    engine[A_X], engine[A_Y], engine[A_Z] = ix, iy, iz
    engine[B_X], engine[B_Y], engine[B_Z] = nx / size, ny / size, nz / size
    engine[TURN_FROM] = t
    return STEERED, math.inf


@njit(cache=True, nogil=True, error_model="numpy", **LEAN)
def describe(rows, first_t, every, body, engine, burnout_t, glide_t, drop_t, out):  # type: ignore[no-untyped-def]
    """Fill height [m], jet power [W], mass [kg] and phase (N, 4) of a path's rows (N, 6).

    Jet power is thrust times exhaust speed over two; `engine` is scratch (16,).
    """
    stage_end = 0.0
    for i in range(rows.shape[0]):
        t = first_t + i * every
        height, ux, uy, uz = ground_and_up(rows[i, 0], rows[i, 1], rows[i, 2], body)
        out[i, HEIGHT] = height
        out[i, JET_POWER] = 0.0
        out[i, MASS_NOW] = body[PAYLOAD]
        if burnout_t > 0.0 and t <= burnout_t:
            if t > stage_end or i == 0:
                stage_end = light(max(0.0, t - 1e-9), body, engine)
            pressure = air_at(height, body[EXPONENTIAL], body[DENSITY])[1] * body[AIR]
            thrust = max(0.0, engine[VACUUM_THRUST] - engine[EXIT_AREA] * pressure)
            out[i, JET_POWER] = 0.5 * thrust * engine[VACUUM_THRUST] / engine[FLOW]
            out[i, MASS_NOW] = engine[MASS] - engine[FLOW] * (t - engine[SINCE])
            out[i, PHASE] = BOOST
        elif drop_t >= 0.0 and t > drop_t:
            out[i, PHASE] = FALL
        elif glide_t >= 0.0 and t >= glide_t:
            out[i, PHASE] = GLIDE
        else:
            down = rows[i, 3] * ux + rows[i, 4] * uy + rows[i, 5] * uz < 0.0
            out[i, PHASE] = FALL if body[GLIDES] == 0.0 and down and height < TOP_M else COAST
