"""Many gliding bodies followed to the ground at once, in step.

Point mass under the glide law (equilibrium lift with damping, constant lift-to-drag ratio, piecewise
constant bank) in an exponential atmosphere over a sphere, midpoint rule. All bodies take their step
together, without a branch, so that the compiler puts several into one vector register: a third of the
time of one after the other. A body that is down gives its place to the last one.
"""

from __future__ import annotations

import math
from typing import Final

from numba import njit

from hinomi.earth.gravity import MU_M3_S2
from hinomi.earth.wgs84 import MEAN_RADIUS_M
from hinomi.flight.forces import FAST, LOWEST_LIFT
from hinomi.kernels import LEAN

SEA_LEVEL_DENSITY_KG_M3: Final = 1.225  # U.S. Standard Atmosphere 1976
STEP_SHARE: Final = 0.7  # of a scale height climbed or sunk in one step, at most
GLIDE_STEP_S: Final = 14.0  # longest step of a glide, half a radian of its phugoid
SHORTEST_STEP_S: Final = 0.1
USUAL_SCALE_HEIGHT_M: Final = 7_100.0  # steps shrink with the root of a smaller one
GLIDE_STEPS_LIMIT: Final = 4_000
NODE_S: Final = 40.0  # spacing of the nodes of a ground track
SLOWEST_MPS: Final = 50.0  # assumed: no body falls slower; keeps the equations in their range
STEEPEST_RAD: Final = 1.2  # assumed: no glide begins steeper
STEEPEST_END_RAD: Final = 1.4  # assumed: ... and none ends steeper
DOWN_M: Final = 1.0
NEVER_S: Final = 1e9
_SURFACE_GRAVITY: Final = MU_M3_S2 / MEAN_RADIUS_M**2
LANES: Final = 256  # places of a row: a number known to the compiler, so that rows cannot overlap
# Where the rows of a table begin: where and how a body moves (unit vectors up and along the course) ...
NX, NY, NZ, TX, TY, TZ, SPEED, CLIMB, HEIGHT, TIME, AIR = range(0, 11 * LANES, LANES)
# ... what it is: lift-to-drag ratio, half the density at sea level over the ballistic coefficient,
# damping; its plan: speed and time at which lift ends, times of the next change of bank and of the next
# node, bank; whether it lifts, and where it stands in the arrays; below 0 when one of these is due.
LIFT, HALF_AIR, DAMPING, END_SPEED, EARLY, NEXT, NODE, COS_BANK, SIN_BANK, SECANT, LEVEL, LIFTS, WHO, DUE = (
    range(11 * LANES, 25 * LANES, LANES)
)  # fmt: skip
SIZE: Final = 25 * LANES  # of a table


@njit(cache=True, nogil=True, error_model="numpy", inline="always")
def _small_rotation(a):  # type: ignore[no-untyped-def]
    """Cosine and sine of an angle below 0.3 rad, to 1e-7."""
    q = a * a
    return 1.0 - q * (0.5 - q * (1.0 / 24.0 - q / 720.0)), a * (1.0 - q * (1.0 / 6.0 - q / 120.0))


@njit(cache=True, nogil=True, error_model="numpy", inline="always")
def _small_exp(a):  # type: ignore[no-untyped-def]
    """Exponential of a number of at most 1 either way, to 3e-6; no call, so that it vectorises."""
    b = 1.0 + a * (1.0 / 6.0) * (1.0 + a * (1.0 / 7.0) * (1.0 + a * (1.0 / 8.0)))
    return 1.0 + a * (
        1.0 + a * 0.5 * (1.0 + a * (1.0 / 3.0) * (1.0 + a * 0.25 * (1.0 + a * 0.2 * b)))
    )


@njit(cache=True, nogil=True, error_model="numpy", inline="always")
def _rates(v, gamma, h, air, east, lift_to_drag, half_air, level, cos_bank, secant, damping, lifts):  # type: ignore[no-untyped-def]
    """Rates of speed, climb angle, height [SI], lift over mass and ground speed.

    `air`: density over that at sea level; `east`: twice the rotation rate times the eastward share
    of the level motion; `level`: minus twice the scale height over L/D and the cosine of bank. The
    drag is q / beta whatever lift is used.
    """
    share = h * (1.0 / MEAN_RADIUS_M)
    shrink = 1.0 - share * (1.0 - share)  # mean radius over distance from the centre, to 1e-6
    g = _SURFACE_GRAVITY * shrink * shrink
    q = gamma * gamma
    sin_g = gamma * (1.0 - q * (1.0 / 6.0 - q / 120.0))
    cos_g = 1.0 - q * (0.5 - q / 24.0)
    per_v = 1.0 / v
    drag = half_air * air * v * v
    left = g - v * v * shrink * (1.0 / MEAN_RADIUS_M)
    most = lifts * lift_to_drag * drag
    wanted = left * cos_g * secant - damping * v * (gamma - level * g * per_v * per_v)
    wanted = max(LOWEST_LIFT * most, wanted)
    lift = min(most, wanted)
    return (
        -drag - g * sin_g,
        (lift * cos_bank - (left - east * v) * cos_g) * per_v,
        v * sin_g,
        lift * per_v,
        v * cos_g * shrink,
    )


@njit(cache=True, nogil=True, error_model="numpy", fastmath=FAST, **LEAN)
def _step_all(t, n, scale_height, longest, omega):  # type: ignore[no-untyped-def]
    """One step of the first n bodies of a table, each of its own length."""
    per_height = 1.0 / scale_height
    twice = 2.0 * omega
    for i in range(n):
        nx, ny, nz = t[NX + i], t[NY + i], t[NZ + i]
        tx, ty, tz = t[TX + i], t[TY + i], t[TZ + i]
        v, gamma, h, time, air = t[SPEED + i], t[CLIMB + i], t[HEIGHT + i], t[TIME + i], t[AIR + i]
        lift, half_air, damping = t[LIFT + i], t[HALF_AIR + i], t[DAMPING + i]
        cos_bank, sin_bank, lifts = t[COS_BANK + i], t[SIN_BANK + i], t[LIFTS + i]
        secant, level = t[SECANT + i], t[LEVEL + i]
        east = twice * (nx * ty - ny * tx)
        a0, a1, a2, _, _ = _rates(
            v, gamma, h, air, east, lift, half_air, level, cos_bank, secant, damping, lifts
        )
        # No step through more than a share of a scale height, nor through a change of the plan.
        dt = min(longest, STEP_SHARE * scale_height / max(abs(a2), 1e-3))
        slowing = (v - t[END_SPEED + i]) / max(-a0, 1e-9)
        planned = min(min(t[EARLY + i], t[NEXT + i]) - time, slowing)
        dt = min(dt, max(SHORTEST_STEP_S, planned) if lifts > 0.0 else longest)
        half = 0.5 * dt
        vm, gm = max(SLOWEST_MPS, v + half * a0), gamma + half * a1
        rise = half * a2
        b0, b1, b2, sideways, ground = _rates(
            vm, gm, h + rise, air * _small_exp(-rise * per_height), east, lift, half_air, level,
            cos_bank, secant, damping, lifts,
        )  # fmt: skip
        dt = -h / b2 if h + dt * b2 <= 0.0 else dt
        # Half the turn, the step along the great circle, the other half of the turn.
        c, s = _small_rotation(
            0.5 * dt * (sideways * sin_bank * (1.0 + 0.5 * gm * gm) + twice * nz)
        )
        d, e = _small_rotation(ground * dt * (1.0 / MEAN_RADIUS_M))
        bx, by, bz = ty * nz - tz * ny, tz * nx - tx * nz, tx * ny - ty * nx
        tx, ty, tz = c * tx + s * bx, c * ty + s * by, c * tz + s * bz
        nx, ny, nz, tx, ty, tz = (
            d * nx + e * tx, d * ny + e * ty, d * nz + e * tz,
            d * tx - e * nx, d * ty - e * ny, d * tz - e * nz,
        )  # fmt: skip
        t[NX + i], t[NY + i], t[NZ + i] = nx, ny, nz
        bx, by, bz = ty * nz - tz * ny, tz * nx - tx * nz, tx * ny - ty * nx
        t[TX + i], t[TY + i], t[TZ + i] = (
            c * tx + s * bx,
            c * ty + s * by,
            c * tz + s * bz,
        )
        v, h, time = max(SLOWEST_MPS, v + dt * b0), h + dt * b2, time + dt
        t[SPEED + i], t[HEIGHT + i], t[TIME + i] = v, h, time
        t[CLIMB + i] = max(-STEEPEST_END_RAD, min(STEEPEST_END_RAD, gamma + dt * b1))
        t[AIR + i] = air * _small_exp(-dt * b2 * per_height)
        planned = min(v - t[END_SPEED + i], t[EARLY + i] - time)
        planned = planned if lifts > 0.0 else 1.0
        t[DUE + i] = min(h - DOWN_M, planned, min(t[NEXT + i], t[NODE + i]) - time)


@njit(cache=True, nogil=True, error_model="numpy", fastmath=FAST, **LEAN)
def place(  # type: ignore[no-untyped-def]
    t, i, who, ux, uy, uz, tx, ty, tz, speed, climb, height, lift_to_drag, beta, scale_height, damping,
    end_speed, early_s,
):  # fmt: skip
    """Put a body into place i < LANES of a table (SIZE,); `who` is its place in the arrays of `glide_all`.

    Unit vectors up and along the course, speed [m/s], climb angle [rad], height [m], L/D, ballistic
    coefficient [kg/m2], scale height of the air [m], damping [1/s]; lift ends at `end_speed` [m/s], and
    after `early_s` [s] at the latest.
    """
    t[NX + i], t[NY + i], t[NZ + i] = ux, uy, uz
    t[TX + i], t[TY + i], t[TZ + i] = tx, ty, tz
    t[SPEED + i], t[HEIGHT + i] = speed, height
    t[CLIMB + i] = max(-STEEPEST_RAD, min(STEEPEST_RAD, climb))
    t[TIME + i], t[AIR + i] = 0.0, math.exp(-height / scale_height)
    t[LIFT + i], t[DAMPING + i] = lift_to_drag, damping
    t[HALF_AIR + i] = 0.5 * SEA_LEVEL_DENSITY_KG_M3 / beta
    t[END_SPEED + i], t[EARLY + i], t[WHO + i] = end_speed, early_s, who


@njit(cache=True, nogil=True, error_model="numpy", fastmath=FAST, **LEAN)
def glide_all(t, n, scale_height, omega, banks, switches, counts, slots, first, ends, paths, nodes):  # type: ignore[no-untyped-def]
    """Follow the first n bodies of a table to the ground; the table is used up.

    Parameters
    ----------
    t
        (SIZE,) table of bodies that `place` filled.
    scale_height, omega
        of the air [m]; rotation of the Earth [rad/s].
    banks, switches, counts
        (M, B) [rad], (M, B - 1) [s], (M,): bank i holds until switch i of `counts` switches;
        positive turns right.
    slots, first
        (M,) which ground track a body writes, -1 for none, and the first node it writes there.
    ends
        (M, 3) latitude, longitude [rad], and seconds, written.
    paths, nodes
        (T, P, 2) [rad], (T,): ground tracks and the number of their nodes, written.
    """
    longest = GLIDE_STEP_S * math.sqrt(scale_height / USUAL_SCALE_HEIGHT_M)
    for i in range(n):
        who = int(t[WHO + i])
        t[LIFTS + i], t[NODE + i] = 1.0, NEVER_S
        if slots[who] >= 0:
            nodes[slots[who]] = first
            t[NODE + i] = 0.0
        _due(t, i, scale_height, banks, switches, counts, slots, paths, nodes)
    for _ in range(GLIDE_STEPS_LIMIT):
        if n == 0:
            return
        _step_all(t, n, scale_height, longest, omega)
        for i in range(n - 1, -1, -1):
            if t[DUE + i] > 0.0:
                continue
            if t[HEIGHT + i] > DOWN_M:
                _due(t, i, scale_height, banks, switches, counts, slots, paths, nodes)
                continue
            _down(t, i, slots, ends, paths, nodes)
            n -= 1
            for row in range(0, SIZE, LANES):
                t[row + i] = t[row + n]
    for i in range(n):
        _down(t, i, slots, ends, paths, nodes)


@njit(cache=True, nogil=True, error_model="numpy", fastmath=FAST, **LEAN)
def _due(t, i, scale_height, banks, switches, counts, slots, paths, nodes):  # type: ignore[no-untyped-def]
    """End a body's lift, change its bank and write where it is, as its plan has it by its time."""
    who, time = int(t[WHO + i]), t[TIME + i]
    if t[SPEED + i] <= t[END_SPEED + i] or time >= t[EARLY + i]:
        t[LIFTS + i] = 0.0
    held = 0
    while held < counts[who] and switches[who, held] <= time:
        held += 1
    t[NEXT + i] = switches[who, held] if held < counts[who] else NEVER_S
    t[COS_BANK + i], t[SIN_BANK + i] = math.cos(banks[who, held]), math.sin(banks[who, held])
    t[SECANT + i] = 1.0 / t[COS_BANK + i]
    t[LEVEL + i] = -2.0 * scale_height * t[SECANT + i] / t[LIFT + i]
    if time >= t[NODE + i]:
        slot = slots[who]
        at = nodes[slot]
        paths[slot, at, 0] = math.asin(max(-1.0, min(1.0, t[NZ + i])))
        paths[slot, at, 1] = math.atan2(t[NY + i], t[NX + i])
        nodes[slot] = at + 1
        # The last place is kept for the end.
        t[NODE + i] = time + NODE_S if at + 2 < paths.shape[1] else NEVER_S


@njit(cache=True, nogil=True, error_model="numpy", fastmath=FAST, **LEAN)
def _down(t, i, slots, ends, paths, nodes):  # type: ignore[no-untyped-def]
    """Write where and when a body ended."""
    who = int(t[WHO + i])
    lat, lon = math.asin(max(-1.0, min(1.0, t[NZ + i]))), math.atan2(t[NY + i], t[NX + i])
    ends[who, 0], ends[who, 1], ends[who, 2] = lat, lon, t[TIME + i]
    slot = slots[who]
    if slot >= 0:
        paths[slot, nodes[slot], 0], paths[slot, nodes[slot], 1] = lat, lon
        nodes[slot] += 1
