"""Which settings are run: every combination, a Latin hypercube, Morris trajectories, Sobol's matrices."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from hinomi.errors import ScenarioError
from hinomi.extras import need_extra
from hinomi.records.columns import Floats
from hinomi.settings.keys import LATER, touches
from hinomi.settings.points import Point
from hinomi.study.plan import within
from hinomi.study.seeds import auxiliary
from hinomi.sweep.axis import Axis, Value

GRID, LHS, MORRIS, SOBOL = DESIGNS = ("grid", "lhs", "morris", "sobol")
MOST_POINTS: Final = 10_000  # a limit against slips of the keyboard
LHS_POINTS: Final = 32
TRAJECTORIES: Final = 20  # Morris, with LEVELS levels
LEVELS: Final = 4
BASE: Final = 32  # rows of each of Sobol's two matrices


@dataclass(frozen=True, slots=True, kw_only=True)
class Design:
    """Settings in order; `shares` (P, K) are places 0..1 on the axes, empty for a grid.

    `size` is how many trajectories (Morris) or rows of a matrix (Sobol) there are.
    """

    name: str
    axes: tuple[Axis, ...]
    settings: tuple[tuple[Value, ...], ...]
    shares: Floats
    size: int

    def points(self) -> tuple[Point, ...]:
        """The settings as points of a run."""
        anew = any(touches(a.key) not in LATER for a in self.axes)
        keys = [a.key for a in self.axes]
        return tuple(
            Point(name=f"{self.name} {i + 1}", changes=dict(zip(keys, s, strict=True)), anew=anew)
            for i, s in enumerate(self.settings)
        )


def design_of(name: str, axes: Sequence[Axis], *, points: int | None, seed: int) -> Design:
    """Make a design of about `points` settings; a grid has its own number.

    Raises
    ------
    ScenarioError
        An unknown design, too few or too many settings, or SALib is not installed.
    """
    if name not in DESIGNS:
        raise ScenarioError(f"--design is {name!r}; it is one of {', '.join(DESIGNS)}")
    if points is not None:
        within("--points", points, 2, MOST_POINTS)
    if name == GRID:
        return _grid(tuple(axes), points)
    if name == LHS:
        shares, size = latin(len(axes), points or LHS_POINTS, seed=seed), 0
    elif name == MORRIS:
        _lists_fit(axes)
        size = max(2, (points or TRAJECTORIES * (len(axes) + 1)) // (len(axes) + 1))
        shares = _morris(len(axes), size, seed)
    else:
        rows = (points or BASE * (len(axes) + 2)) / (len(axes) + 2)
        size = 2 ** max(2, int(math.log2(max(rows, 1.0))))
        shares = _sobol(len(axes), size, seed)
    _few_enough(len(shares))
    settings = tuple(
        tuple(a.at(float(u)) for a, u in zip(axes, row, strict=True)) for row in shares
    )
    return Design(name=name, axes=tuple(axes), settings=settings, shares=shares, size=size)


def _lists_fit(axes: Sequence[Axis]) -> None:
    """Raise for a list whose values Morris's levels would not meet equally often."""
    for axis in axes:
        if axis.values and len(axis.values) not in (2, LEVELS):
            raise ScenarioError(
                f"--vary {axis.key}: {len(axis.values)} values; morris has {LEVELS} levels, so a list "
                f"has 2 or {LEVELS} values. Take those, a range LO:HI, or another design"
            )


def _grid(axes: tuple[Axis, ...], points: int | None) -> Design:
    if points is not None:
        raise ScenarioError(
            "--points belongs to lhs, morris and sobol; a grid has all combinations"
        )
    for axis in axes:
        if not axis.values:
            raise ScenarioError(f"--vary {axis.key}: a grid needs STEPS or a list of values")
    _few_enough(math.prod(len(a.values) for a in axes))
    settings = tuple(itertools.product(*(a.values for a in axes)))
    return Design(name=GRID, axes=axes, settings=settings, shares=np.empty((0, len(axes))), size=0)


def _few_enough(count: int) -> None:
    if count > MOST_POINTS:
        raise ScenarioError(
            f"the design has {count} settings; at most {MOST_POINTS} are run. Take fewer steps, or "
            "--design lhs --points N"
        )


def latin(k: int, n: int, *, seed: int) -> Floats:
    """(n, k) places of a Latin hypercube in 0..1 (McKay, Beckman and Conover 1979)."""
    generator = auxiliary(f"sweep latin {seed}")
    return np.column_stack(
        [(generator.permutation(n) + generator.random(n)) / n for _ in range(k)]
    ).reshape(n, k)


def _problem(k: int) -> dict[str, Any]:
    return {"num_vars": k, "names": [str(i) for i in range(k)], "bounds": [[0.0, 1.0]] * k}


def _morris(k: int, size: int, seed: int) -> Floats:
    """(size (k + 1), k): trajectories that move one key a step (Morris, Technometrics 33, 1991)."""
    _salib()
    from SALib.sample.morris import sample

    found: Floats = sample(_problem(k), size, num_levels=LEVELS, seed=seed % 2**32)
    return found


def _sobol(k: int, size: int, seed: int) -> Floats:
    """(size (k + 2), k): rows A, A with one column of B each, B (Saltelli et al. 2010)."""
    _salib()
    from SALib.sample.sobol import sample

    found: Floats = sample(_problem(k), size, calc_second_order=False, seed=seed % 2**32)
    return found


def _salib() -> None:
    need_extra("sensitivity", "SALib", who="a design morris or sobol (grid and lhs do not)")
