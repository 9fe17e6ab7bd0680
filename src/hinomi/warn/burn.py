"""How far a burning body is in its burn, and how it would go on."""

from __future__ import annotations

import math
from typing import Final

from numba import njit

from hinomi.earth.gravity import G0_MPS2, acceleration_in_rotating_frame
from hinomi.flight.forces import FAST
from hinomi.kernels import LEAN
from hinomi.warn.prior import BURN_S, EXHAUST, FLOW, MASS

AIR_LOSS_MPS: Final = (
    120.0  # assumed: speed lost to drag and nozzle back pressure in the low atmosphere
)
BURN_STEP_S: Final = 4.0  # of the mean burn; end speed good to 1 m/s
BURN_STEPS: Final = 128


@njit(cache=True, nogil=True, error_model="numpy", fastmath=FAST, **LEAN)
def ideal_speed_mps(t, stages, count):  # type: ignore[no-untyped-def]
    """Speed [m/s] gained without gravity and air after t seconds of the burn, stages (S, 4)."""
    speed = 0.0
    for s in range(count):
        burnt = min(t, stages[s, BURN_S])
        if burnt <= 0.0:
            break
        speed += stages[s, EXHAUST] * math.log(
            stages[s, MASS] / (stages[s, MASS] - stages[s, FLOW] * burnt)
        )
        t -= stages[s, BURN_S]
    return speed


@njit(cache=True, nogil=True, error_model="numpy", fastmath=FAST, **LEAN)
def thrust_acceleration(t, stages, count):  # type: ignore[no-untyped-def]
    """Thrust over mass [m/s2] after t seconds of the burn; held at its last value after it."""
    for s in range(count):
        if t < stages[s, BURN_S] or s == count - 1:
            burnt = max(0.0, min(t, stages[s, BURN_S]))
            return (
                stages[s, EXHAUST] * stages[s, FLOW] / (stages[s, MASS] - stages[s, FLOW] * burnt)
            )
        t -= stages[s, BURN_S]
    return 0.0


@njit(cache=True, nogil=True, error_model="numpy", fastmath=FAST, **LEAN)
def elapsed_burn_s(speed_mps, sin_climb, stages, count):  # type: ignore[no-untyped-def]
    """Seconds since ignition at which a class has this speed; its whole burn when it never has it.

    Speed = ideal speed - gravity loss - air loss. The mean sine of the climb angle so far is taken
    as half way between upright and now (a gravity turn that began upright); assumed, good to some
    4 s.
    """
    total = 0.0
    for s in range(count):
        total += stages[s, BURN_S]
    loss = G0_MPS2 * 0.5 * (1.0 + max(0.0, sin_climb))
    low, high = 0.0, total
    for _ in range(24):
        t = 0.5 * (low + high)
        if ideal_speed_mps(t, stages, count) - loss * t - AIR_LOSS_MPS < speed_mps:
            low = t
        else:
            high = t
    return 0.5 * (low + high)


@njit(cache=True, nogil=True, error_model="numpy", fastmath=FAST, **LEAN)
def burn_path(x, y, z, vx, vy, vz, elapsed, seconds, scale, stages, count, out):  # type: ignore[no-untyped-def]
    """Follow a gravity turn (thrust along the Earth-fixed velocity) for some seconds.

    It burns `scale` times as fast as its class: thrust and pace alike. Writes (x, y, z, vx, vy, vz, speed gained by thrust) into
    `out` (BURN_STEPS + 1, 7) at equal steps; returns steps and step [s].
    """
    steps = min(BURN_STEPS, max(1, (math.ceil(seconds / BURN_STEP_S))))
    dt = seconds / steps
    gained = 0.0
    out[0, 0], out[0, 1], out[0, 2], out[0, 3], out[0, 4], out[0, 5], out[0, 6] = (
        x,
        y,
        z,
        vx,
        vy,
        vz,
        0.0,
    )
    for i in range(steps):
        t = elapsed + scale * i * dt
        a = scale * thrust_acceleration(t, stages, count)
        gx, gy, gz = acceleration_in_rotating_frame(x, y, z, vx, vy)
        k = a / math.sqrt(vx * vx + vy * vy + vz * vz)
        h = 0.5 * dt
        ux, uy, uz = vx + h * (gx + k * vx), vy + h * (gy + k * vy), vz + h * (gz + k * vz)
        # Midpoint rule.
        a = scale * thrust_acceleration(t + scale * h, stages, count)
        gx, gy, gz = acceleration_in_rotating_frame(x + h * vx, y + h * vy, z + h * vz, ux, uy)
        k = a / math.sqrt(ux * ux + uy * uy + uz * uz)
        x, y, z = x + dt * ux, y + dt * uy, z + dt * uz
        vx, vy, vz = vx + dt * (gx + k * ux), vy + dt * (gy + k * uy), vz + dt * (gz + k * uz)
        gained += dt * a
        out[i + 1, 0], out[i + 1, 1], out[i + 1, 2] = x, y, z
        out[i + 1, 3], out[i + 1, 4], out[i + 1, 5] = vx, vy, vz
        out[i + 1, 6] = gained
    return steps, dt
