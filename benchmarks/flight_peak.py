"""What a core can do, and what a flight asks of it.

Peak: a compiled loop of twelve independent chains of fused multiply-adds on scalars (two operations
each). Work: the equations are run once more as plain Python on numbers that count, at the states of
a real flight: + - * / sqrt abs and comparisons of two numbers count 1 (comparisons 0), exp, sin,
cos and asin 20 each. Linear algebra of a step and of its rows is counted by hand.
"""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
import time

# One attempted step: five stages, the new state, the error and its norm (12 per weighted slope).
STEP = 12 * (1 + 2 + 3 + 4 + 5 + 5 + 6) + 6 * 6 + 15
PREPARE = 6 * 19  # coefficients of the dense output, per step with rows
ROW = 6 * 8  # one row of the dense output
DEAR = 20  # exp, sin, cos, asin


def peak_gflops() -> float:
    """Scalar fused multiply-adds of one core, best of five, 10^9 operations a second."""
    from numba import njit

    @njit(fastmath={"contract"}, error_model="numpy")
    def loop(n, x, y):  # type: ignore[no-untyped-def]
        a = b = c = d = e = f = g = h = i = j = k = m = 0.1
        for _ in range(n):
            a = a * x + y
            b = b * x + y
            c = c * x + y
            d = d * x + y
            e = e * x + y
            f = f * x + y
            g = g * x + y
            h = h * x + y
            i = i * x + y
            j = j * x + y
            k = k * x + y
            m = m * x + y
        return a, b, c, d, e, f, g, h, i, j, k, m

    loop(10, 0.999, 1e-3)
    n, best = 20_000_000, math.inf
    for _ in range(5):
        begun = time.perf_counter()
        loop(n, 0.999, 1e-3)
        best = min(best, time.perf_counter() - begun)
    return 24.0 * n / best / 1e9


class Counting:
    """A number that counts what is done with it."""

    __array_ufunc__ = None
    __slots__ = ("value",)
    done = 0

    def __init__(self, value):
        self.value = float(value)

    def __float__(self):
        return self.value

    def __int__(self):
        return int(self.value)

    def __neg__(self):
        return Counting(-self.value)

    def __abs__(self):
        return Counting(abs(self.value))


def _arithmetic(name):
    def method(self, other):
        Counting.done += 1
        return Counting(getattr(self.value, name)(float(other)))

    return method


def _comparison(name):
    def method(self, other):
        return getattr(self.value, name)(float(other))

    return method


for _name in ("add", "sub", "mul", "truediv", "pow"):
    for _side in ("", "r"):
        setattr(Counting, f"__{_side}{_name}__", _arithmetic(f"__{_side}{_name}__"))
for _name in ("lt", "le", "gt", "ge", "eq", "ne"):
    setattr(Counting, f"__{_name}__", _comparison(f"__{_name}__"))


class CountingMath:
    """`math` for counting numbers."""

    pi, inf = math.pi, math.inf
    isfinite = staticmethod(math.isfinite)

    def __getattr__(self, name):
        def call(*given):
            Counting.done += 1 if name == "sqrt" else DEAR
            return Counting(getattr(math, name)(*map(float, given)))

        return call


def count_here() -> dict[str, float]:
    """Operations of one call of the equations by mode, mean over the rows of one flight each.

    Runs with the compiler switched off (NUMBA_DISABLE_JIT), in a process of its own.
    """
    import numpy as np
    from flight_problems import problem

    from hinomi.earth import atmosphere, wgs84
    from hinomi.flight import forces as F  # noqa: N812
    from hinomi.flight.boost import light
    from hinomi.flight.pointmass import END_T, RESULT, fly_path

    found: dict[str, list[int]] = {}
    flights = {}
    for name in ("ballistic", "glide"):
        p = problem(name, 1)
        result, rows = np.empty(RESULT), np.full((1300, 6), np.nan)
        fly_path(
            p.bodies[0], p.starts[0], float(p.kick_rad[0]), float(p.cutoff_s[0]), p.gliding, 0.0,
            20.0, 7200.0, 1e-6, rows, result,
        )  # fmt: skip
        flights[name] = p, rows[: int(result[END_T] / 20.0)]
    for module in (F, atmosphere, wgs84):
        module.math = CountingMath()  # type: ignore[attr-defined]
    for name, (p, rows) in flights.items():
        for i, row in enumerate(rows):
            engine, t = np.zeros(F.ENGINE), 20.0 * i
            engine[F.BANK_COS] = 1.0
            mode = F.LIFTING
            if name == "ballistic":
                mode = F.FREE if t >= p.cutoff_s[0] else F.ALONG
                if i == 0:
                    continue
                light(min(t, p.cutoff_s[0] - 1.0), p.bodies[0], engine)
            numbers = tuple(Counting(v) for v in F.segment_numbers(p.bodies[0], engine))
            Counting.done = 0
            F.slope(Counting(t), tuple(Counting(v) for v in row), mode, numbers)
            found.setdefault(name, []).append(Counting.done)
    return {name: sum(counts) / len(counts) for name, counts in found.items()}


def counts() -> dict[str, float]:
    """The same, asked of a process of its own."""
    env = dict(os.environ, NUMBA_DISABLE_JIT="1")
    done = subprocess.run(
        [sys.executable, __file__], env=env, capture_output=True, text=True, check=True
    )
    return dict(json.loads(done.stdout))


def operations(per_call: float, steps: float, rows: float) -> float:
    """Operations of one flight with a row every second."""
    return steps * (6.0 * per_call + STEP + PREPARE) + rows * ROW


if __name__ == "__main__":
    print(json.dumps(count_here()))
