"""The same flights by SciPy and by diffrax (JAX): one engine class each, called by flight.py.

Both get what helps them: SciPy the compiled equations of hinomi itself, diffrax its own port of them
written for arrays; both restart at every known break (pitch programme, burnout, banks), end at a
located event, and give position and velocity every second. An engine's `prepare` compiles what it
compiles, its `fly` is what is timed.
"""

from __future__ import annotations

import functools
import math

import numpy as np
from flight_problems import EVERY_S, ROWS, Problem, bank_times
from numba import njit

from hinomi.earth import atmosphere
from hinomi.earth.gravity import MU_M3_S2
from hinomi.earth.wgs84 import (
    ECCENTRICITY2,
    FLATTENING,
    SECOND_ECCENTRICITY2,
    SEMI_MAJOR_M,
    SEMI_MINOR_M,
    height_above_ellipsoid,
    height_and_up,
)
from hinomi.flight import body as B  # noqa: N812
from hinomi.flight import forces as F  # noqa: N812
from hinomi.flight.boost import TILT_S, VERTICAL_S, light, steer
from hinomi.flight.pointmass import LONGEST_FLIGHT_S, LONGEST_STEP_S

POSITION_SCALE_M, VELOCITY_SCALE_MPS = 6.4e6, 2e3
ATOL = np.array([POSITION_SCALE_M] * 3 + [VELOCITY_SCALE_MPS] * 3)


# --- SciPy ------------------------------------------------------------------------------------


@njit(nogil=True)  # not kept on disk: a stored copy would not see a change of hinomi's equations
def slope(t, y, mode, numbers):  # type: ignore[no-untyped-def]
    """hinomi's own compiled equations in the form that solve_ivp wants."""
    out = np.empty(6)
    state = y[0], y[1], y[2], y[3], y[4], y[5]
    out[0], out[1], out[2], out[3], out[4], out[5] = F.slope(t, state, mode, numbers)
    return out


def ground(_t, y, *_):  # type: ignore[no-untyped-def]
    return height_above_ellipsoid(y[0], y[1], y[2])


ground.terminal, ground.direction = True, -1  # type: ignore[attr-defined]


def below_speed(limit):  # type: ignore[no-untyped-def]
    """Event at which a glide ends."""

    def event(_t, y, *_):  # type: ignore[no-untyped-def]
        return math.sqrt(y[3] * y[3] + y[4] * y[4] + y[5] * y[5]) - limit

    event.terminal, event.direction = True, -1  # type: ignore[attr-defined]
    return event


class SciPy:
    """`scipy.integrate.solve_ivp`, one flight after the other."""

    def __init__(self, method: str, tolerance: float, output: bool = True) -> None:
        self.method, self.tolerance, self.output = method, tolerance, output

    def prepare(self, problem: Problem) -> None:
        self.problem = problem
        self.fly(1)

    def fly(self, flights: int | None = None) -> np.ndarray:
        """(N, 3) ends of the flights."""
        wanted = len(self.problem) if flights is None else flights
        return np.array([self._one(i) for i in range(wanted)])

    def _one(self, i: int) -> np.ndarray:
        p = self.problem
        body, start = p.bodies[i], p.starts[i]
        engine = np.zeros(F.ENGINE)
        engine[F.BANK_COS], engine[F.LIMIT] = 1.0, F.BOUNDED
        y, t = start[6:].copy(), 0.0
        if p.gliding:
            too_slow = below_speed(float(body[B.TERMINAL_SPEED]))
            angle = 0.0
            for k, end in enumerate([*bank_times(body), LONGEST_FLIGHT_S]):
                engine[F.BANK_COS], engine[F.BANK_SIN] = math.cos(angle), math.sin(angle)
                t, y = self._leg(t, end, y, too_slow, F.LIFTING, body, engine)
                if t < end:
                    break
                angle = body[B.FIRST_BANK + 2 * k + 1]
            return self._leg(t, LONGEST_FLIGHT_S, y, ground, F.DROPPING, body, engine)[1][:3]
        for _ in range(3):  # straight up, tilting, along the path
            light(t, body, engine)
            _, *up = height_and_up(*y[:3])
            mode, end = steer(t, float(p.kick_rad[i]), start, y, *up, engine)
            t, y = self._leg(t, min(end, p.cutoff_s[i]), y, None, mode, body, engine)
        return self._leg(t, LONGEST_FLIGHT_S, y, ground, F.FREE, body, engine)[1][:3]

    def _leg(self, t, end, y, event, mode, body, engine):  # type: ignore[no-untyped-def]
        from scipy.integrate import solve_ivp

        # Dense output makes rows on demand: t_eval would need an end that is not known yet.
        done = solve_ivp(
            slope, (t, end), y, method=self.method, rtol=self.tolerance,
            atol=self.tolerance * ATOL, max_step=LONGEST_STEP_S, events=event, first_step=0.01,
            args=(mode, F.segment_numbers(body, engine)), dense_output=self.output,
        )  # fmt: skip
        if self.output:
            done.sol(np.arange(math.ceil(t), done.t[-1], EVERY_S))
        return done.t[-1], done.y[:, -1]


# --- diffrax ----------------------------------------------------------------------------------

# How a segment of the port flies.
VERTICAL, TILTING, ALONG, FREE, LIFTING, DROPPING = range(6)


class Diffrax:
    """`diffrax.diffeqsolve` under vmap and jit, in chunks."""

    def __init__(
        self, solver: str, tolerance: float, chunk: int = 1000, output: bool = True
    ) -> None:
        self.solver, self.tolerance, self.chunk, self.output = solver, tolerance, chunk, output

    def prepare(self, problem: Problem) -> None:
        """Compile for one chunk (the last chunk is filled up with flights of the first)."""
        import jax

        jax.config.update("jax_enable_x64", True)
        self.problem = problem
        size = self.chunk = min(self.chunk, len(problem))
        one = functools.partial(
            _glide if problem.gliding else _ballistic,
            solver=self.solver,
            tolerance=self.tolerance,
            rows=ROWS[problem.name] if self.output else 0,
        )
        columns = (problem.bodies, problem.starts, problem.kick_rad, problem.cutoff_s)
        self.columns = [
            np.concatenate([c, c[: -len(c) % size]]) if len(c) % size else c for c in columns
        ]
        self.call = jax.jit(jax.vmap(one)).lower(*(c[:size] for c in self.columns)).compile()

    def fly(self) -> np.ndarray:
        """(N, 3) ends of the flights; rows are made, looked at once and let go."""
        ends = []
        for at in range(0, len(self.columns[0]), self.chunk):
            end, rows = self.call(*(c[at : at + self.chunk] for c in self.columns))
            ends.append(np.asarray(end)[:, :3])
            np.asarray(rows)
        return np.concatenate(ends)[: len(self.problem)]


# The equations' own numbers, written again; the two drag curves are the kernel's tables.
LOWEST_LIFT, AIRLESS_R2 = -0.3, (SEMI_MAJOR_M + 200e3) ** 2
FACTOR_FROM_M, FACTOR_FULL_M = 28e3, 32e3
CELL_M, LOWEST_M, TOP_CELL = 250.0, -5000.0, 360
HIGH_M = np.array([86e3, 90e3, 100e3, 110e3, 120e3, 150e3, 200e3, 300e3, 500e3, 999.9e3])


@functools.cache
def _cells():  # type: ignore[no-untyped-def]
    """Cubics of density, lines of temperature per cell of geopotential height; log density above."""
    h = LOWEST_M + CELL_M * np.arange(TOP_CELL + 1)
    z = atmosphere.RADIUS_M * h / (atmosphere.RADIUS_M - h)
    air = np.array([atmosphere.state(min(height, atmosphere.TOP_M - 1e-6)) for height in z])
    rho, warm = air[:, 0], air[:, 2] ** 2 / (1.4 * atmosphere.GAS_J_KG_K)
    lapse = np.diff(warm) / CELL_M
    fall = atmosphere.G0 / atmosphere.GAS_J_KG_K
    d0 = -rho[:-1] * (fall + lapse) / warm[:-1] * CELL_M
    d1 = -rho[1:] * (fall + lapse) / warm[1:] * CELL_M
    rise = np.diff(rho)
    cells = [
        rho[:-1],
        d0,
        3.0 * rise - 2.0 * d0 - d1,
        d0 + d1 - 2.0 * rise,
        warm[:-1],
        np.diff(warm),
    ]
    return np.stack(cells, axis=1), np.log([atmosphere.state(height)[0] for height in HIGH_M])


def _on_curve(mach, table):  # type: ignore[no-untyped-def]
    """Value of a drag curve from its cubics per cell of Mach number."""
    import jax.numpy as jnp

    table = jnp.asarray(table)
    u = mach * F._PER_MACH  # noqa: SLF001
    last = table.shape[0] - 1
    n = jnp.clip(u.astype(int), 0, last)
    c, u = table[n], u - n
    return jnp.where(n < last, c[0] + u * (c[1] + u * (c[2] + u * c[3])), table[last, 0])


def _air(height, factor):  # type: ignore[no-untyped-def]
    """Density, pressure, speed of sound: the same cells, the same table above 86 km."""
    import jax.numpy as jnp

    cells, log_high = (jnp.asarray(v) for v in _cells())
    h = atmosphere.RADIUS_M * height / (atmosphere.RADIUS_M + height)
    x = jnp.maximum(0.0, (h - LOWEST_M) * (1.0 / CELL_M))
    n = jnp.clip(x.astype(int), 0, TOP_CELL - 1)
    x = x - n
    c = cells[n]
    rho = c[0] + x * (c[1] + x * (c[2] + x * c[3]))
    gas = atmosphere.GAS_J_KG_K * (c[4] + x * c[5])
    high = jnp.exp(jnp.interp(height, HIGH_M, log_high))
    high = jnp.where(height < 1000e3, high, 0.0)
    frozen = atmosphere.FROZEN_SOUND_MPS
    above = height >= atmosphere.TOP_M
    pressure = jnp.where(above, high * frozen**2 / 1.4, rho * gas)
    rho = jnp.where(above, high, rho)
    sound = jnp.where(above, frozen, jnp.sqrt(1.4 * gas))
    share = jnp.clip((height - FACTOR_FROM_M) / (FACTOR_FULL_M - FACTOR_FROM_M), 0.0, 1.0)
    share = share * share * (3.0 - 2.0 * share)
    return rho * (1.0 + share * (factor - 1.0)), pressure, sound


def _height(r, sin2):  # type: ignore[no-untyped-def]
    q = SECOND_ECCENTRICITY2 * sin2
    base = SEMI_MAJOR_M * (1.0 - q * (0.5 - q * (0.375 - q * (0.3125 - q * 0.2734375))))
    tilt2 = 4.0 * FLATTENING * FLATTENING * sin2 * (1.0 - sin2)
    return (r - base) * (1.0 - 0.5 * tilt2)


def _slope(t, y, args, mode):  # type: ignore[no-untyped-def]
    """The port: mode is known when it is compiled, so that no branch is computed in vain."""
    import jax.numpy as jnp

    body, start, kick, bank = args
    x, yy, z, vx, vy, vz = y
    velocity = y[3:]
    r2 = x * x + yy * yy + z * z
    r, sin2 = jnp.sqrt(r2), z * z / r2
    k = 1.5 * SEMI_MAJOR_M**2 * body[B.OBLATENESS] / r2
    pull = -MU_M3_S2 / (r2 * r)
    w = body[B.ROTATION]
    level = pull * (1.0 + k * (1.0 - 5.0 * sin2)) + w * w
    free = jnp.array([
        level * x + 2.0 * w * vy, level * yy - 2.0 * w * vx, pull * (1.0 + k * (3.0 - 5.0 * sin2)) * z,
    ])  # fmt: skip
    height = _height(r, sin2)
    rho, pressure, sound = _air(height, body[B.DENSITY])
    v = jnp.sqrt(vx * vx + vy * vy + vz * vz)
    half = 0.5 * rho * v
    if mode < FREE:
        burnt, dry, isp, burn, wide = (body[B.FIRST_STAGE + i] for i in range(5))
        flow = burnt / burn
        vacuum = isp * atmosphere.G0 * flow
        mass = burnt + dry + body[B.PAYLOAD] - flow * t
        push = vacuum * (1.0 - body[B.BACK_PRESSURE] * pressure / 101_325.0) / mass
        area = 0.25 * math.pi * wide * wide
        slow = half * area * _on_curve(v / sound, F._DRAG_CURVE) / mass  # noqa: SLF001
        if mode == ALONG:
            slow = slow - push / v
            return jnp.concatenate([velocity, free - slow * velocity])
        tilt = kick * (t - VERTICAL_S) / TILT_S if mode == TILTING else 0.0
        way = jnp.cos(tilt) * start[:3] + jnp.sin(tilt) * start[3:6]
        return jnp.concatenate([velocity, free - slow * velocity + push * way])
    slow = half / body[B.BETA]
    if mode == FREE:
        slow = slow * _on_curve(v / sound, F._CONE_CURVE)  # noqa: SLF001
        slow = jnp.where(r2 > AIRLESS_R2, 0.0, slow)
    out = free - slow * velocity
    if mode == LIFTING:
        flat = ECCENTRICITY2 / (1.0 + height / SEMI_MAJOR_M)
        up = jnp.array([x, yy, z / (1.0 - flat)])
        up = up / jnp.sqrt(up @ up)
        way = velocity / v
        sin_gamma = up @ way
        g = MU_M3_S2 / r2
        cos_bank, ratio = jnp.cos(bank), body[B.LIFT_TO_DRAG]
        flatter = -2.0 * body[B.SCALE_HEIGHT] * g / (ratio * cos_bank * v * v)
        wanted = (g - v * v / r) * jnp.sqrt(1.0 - sin_gamma**2) / cos_bank
        wanted = wanted - body[B.DAMPING] * v * (jnp.arcsin(sin_gamma) - flatter)
        most = ratio * slow * v
        lift = jnp.clip(wanted, LOWEST_LIFT * most, most)
        across = up - sin_gamma * way
        across = across / jnp.sqrt(across @ across)
        out = out + lift * (cos_bank * across + jnp.sin(bank) * jnp.cross(way, across))
    return jnp.concatenate([velocity, out])


def _level(y):  # type: ignore[no-untyped-def]
    """A smooth stand-in for the height near the ground, zero where it is: distance in units of the ellipsoid."""
    import jax.numpy as jnp

    size = jnp.sqrt((y[0] ** 2 + y[1] ** 2) / SEMI_MAJOR_M**2 + y[2] ** 2 / SEMI_MINOR_M**2)
    return (size - 1.0) * SEMI_MAJOR_M


def _leg(mode, t0, t1, y, args, solver, tolerance, out, event=None):  # type: ignore[no-untyped-def]
    """One segment; rows of whole seconds in [t0, its end) go into `out`. Returns end time, state, rows."""
    import diffrax as dx
    import jax
    import jax.numpy as jnp
    import optimistix as optx

    stop = None
    if event is not None:
        stop = dx.Event(
            lambda t, y, args, **_: event(y, args),  # noqa: ARG005
            optx.Newton(1e-10, 1e-6, abs),
        )
    rows, longest = out
    controller = dx.PIDController(
        rtol=0.0, atol=tolerance * jnp.asarray(ATOL), dtmax=LONGEST_STEP_S
    )
    saved = dx.SubSaveAt(t1=True)
    if rows is not None:
        first = jnp.ceil(t0)
        grid = jnp.minimum(first + jnp.arange(longest), t1)
        saved = [saved, dx.SubSaveAt(ts=grid)]
    done = dx.diffeqsolve(
        dx.ODETerm(functools.partial(_slope, mode=mode)), getattr(dx, solver)(), t0, t1, None, y,
        args=args, saveat=dx.SaveAt(subs=saved), stepsize_controller=controller, event=stop,
        max_steps=20_000, throw=False, adjoint=dx.ForwardMode(),
    )  # fmt: skip
    if rows is None:
        return done.ts[0], done.ys[0], rows
    end, last = done.ts[0][0], done.ys[0][0]
    # A later segment writes over what this one did not reach.
    rows = jax.lax.dynamic_update_slice(rows, done.ys[1], (first.astype(int), 0))
    return end, last, rows


def _ballistic(body, start, kick, cutoff, *, solver, tolerance, rows):  # type: ignore[no-untyped-def]
    import jax.numpy as jnp

    table = jnp.full((rows, 6), jnp.nan) if rows else None
    args = (body, start, kick, 0.0)
    y, t = start[6:], jnp.asarray(0.0)
    for mode, end, longest in (
        (VERTICAL, jnp.asarray(VERTICAL_S), 5),
        (TILTING, jnp.asarray(VERTICAL_S + TILT_S), 8),
        (ALONG, cutoff, 110),
    ):
        t, y, table = _leg(mode, t, end, y, args, solver, tolerance, (table, longest))
    longest = rows - 120
    _, y, table = _leg(
        FREE, t, jnp.asarray(float(rows or 3000)), y, args, solver, tolerance, (table, longest),
        lambda y, _: _level(y),
    )  # fmt: skip
    return y, table


def _glide(body, start, kick, _cutoff, *, solver, tolerance, rows):  # type: ignore[no-untyped-def]
    import jax.numpy as jnp

    table = jnp.full((rows, 6), jnp.nan) if rows else None
    y, t, bank = start[6:], jnp.asarray(0.0), 0.0
    stop = jnp.asarray(float(rows or 3000))
    for i in range(3):
        at = B.FIRST_BANK + 2 * i
        longest = (150, 300, 300)[i]
        args = (body, start, kick, bank)
        t, y, table = _leg(LIFTING, t, body[at], y, args, solver, tolerance, (table, longest))
        bank = body[at + 1]
    args = (body, start, kick, bank)
    slow = lambda y, args: jnp.sqrt(y[3:] @ y[3:]) - args[0][B.TERMINAL_SPEED]  # noqa: E731
    t, y, table = _leg(LIFTING, t, stop, y, args, solver, tolerance, (table, rows - 760), slow)
    _, y, table = _leg(
        DROPPING, t, stop, y, args, solver, tolerance, (table, 150), lambda y, _: _level(y)
    )
    return y, table
