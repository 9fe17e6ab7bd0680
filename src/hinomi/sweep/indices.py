"""Which key the outcome hangs on, over the whole box: Morris effects, Sobol indices, with intervals.

Outcomes are (P, R): settings and raids. The index is that of the expectation over raids; intervals
come from one bootstrap that draws rows of the design and raids anew together. Sobol's indices are
made of products over distinct raids, so that the chance of a raid does not lift them; Morris's mean
size is a mean of sizes, which chance does lift.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np

from hinomi.records.columns import Floats
from hinomi.study.seeds import auxiliary

DRAWN: Final = 500  # bootstrap samples
QUANTILES: Final = (0.025, 0.975)
MOST_LOST: Final = 0.05  # of the samples without variance: more, and there is no index
LEAST_ROWS: Final = 16  # of Sobol's matrices: a bootstrap of fewer says little
SUMS: Final = 1e-9  # of the largest effect: what is smaller is rounding
ROUNDING: Final = 1e-24  # variance below this share of the mean square is rounding, not an outcome
FIRST, TOTAL = "S1", "ST"
MU, MU_STAR, SIGMA = "mu", "mu_star", "sigma"


@dataclass(frozen=True, slots=True, kw_only=True)
class Index:
    """One index of every key (K,), with its 95 % interval."""

    value: Floats
    low: Floats
    high: Floats


def sobol(y: Floats, size: int, keys: int) -> dict[str, Index]:
    """First-order and total indices; not a number where there is no interval either.

    First order by Saltelli et al. (Computer Physics Communications 181, 2010, table 2 b), total by
    Jansen (Computer Physics Communications 117, 1999). `y` in the order of the design, (P, R).
    """
    blocks = y.reshape(size, keys + 2, -1)

    def measure(rows: Floats, w: Floats) -> Floats:
        """(N, K + 2, R) with weights of raids (R,) -> (2, K)."""
        level = float(np.square(rows @ w).mean())
        rows = rows - (rows @ w).mean()
        a, ab, b = rows[:, :1], rows[:, 1:-1], rows[:, -1:]
        both = np.concatenate((a, b))
        middle = both.mean(axis=(0, 1))
        spread = float(_product(both, both, w).mean() - _product(middle, middle, w))
        if not spread > ROUNDING * level:
            return np.full((2, keys), np.nan)
        first = _product(b, ab - a, w).mean(axis=0)
        total = 0.5 * _product(a - ab, a - ab, w).mean(axis=0)
        found: Floats = np.stack((first, total)) / spread
        return found

    return _both(blocks, measure, (FIRST, TOTAL))


def _product(x: Floats, y: Floats, w: Floats) -> Floats:
    """Product of the means over raids of (..., R), over pairs of distinct raids.

    The product of two means over the same raids holds the chance of a raid: 1/R of its variance.
    """
    plain: Floats = (x @ w) * (y @ w)
    if len(w) == 1:
        return plain  # nothing to tell chance by
    found: Floats = (plain - (x * y) @ (w * w)) / (1.0 - w @ w)
    return found


def morris(y: Floats, shares: Floats, size: int, keys: int) -> dict[str, Index]:
    """Mean, mean size and spread of elementary effects over 0..1 of each key (Campolongo 2007)."""
    steps = np.diff(shares.reshape(size, keys + 1, keys), axis=1)
    moved = np.abs(steps).argmax(axis=2)  # (T, K): the key of each step
    length = np.take_along_axis(steps, moved[..., None], axis=2)
    change = np.diff(y.reshape(size, keys + 1, -1), axis=1) / length
    effects = np.empty_like(change)
    np.put_along_axis(effects, moved[..., None], change, axis=1)

    def measure(rows: Floats, w: Floats) -> Floats:
        """(T, K, R) with weights of raids (R,) -> (3, K)."""
        rows = rows @ w
        return np.stack((rows.mean(axis=0), np.abs(rows).mean(axis=0), rows.std(axis=0, ddof=1)))

    level = float(np.abs(y).max(initial=0.0))
    return _both(effects, measure, (MU, MU_STAR, SIGMA), level=level)


def _both(
    blocks: Floats,
    measure: Callable[[Floats, Floats], Floats],
    names: tuple[str, ...],
    *,
    level: float = 0.0,
) -> dict[str, Index]:
    """Measure with all raids alike, then the same for rows and raids drawn anew.

    What is less than the rounding of the largest, or of outcomes as large as `level`, is zero.
    """
    rows, _, raids = blocks.shape
    value = measure(blocks, np.full(raids, 1.0 / raids))
    generator = auxiliary("sweep bootstrap")
    drawn = np.empty((DRAWN, *value.shape))
    for i in range(DRAWN):
        weight = _weights(generator, raids)
        drawn[i] = measure(blocks[generator.integers(0, rows, rows)], weight)
    lost = float(np.isnan(drawn).any(axis=(1, 2)).mean())
    if np.isnan(value).any() or lost > MOST_LOST:
        found = np.full((3, *value.shape), np.nan)
    else:
        found = np.stack((value, *np.nanquantile(drawn, QUANTILES, axis=0)))
        least = max(SUMS * np.abs(found).max(), math.sqrt(ROUNDING) * level)
        found[np.abs(found) < least] = 0.0
    value, low, high = found
    return {name: Index(value=value[i], low=low[i], high=high[i]) for i, name in enumerate(names)}


def _weights(generator: np.random.Generator, raids: int) -> Floats:
    """(R,) shares of the raids drawn anew, at least two different ones where there are two."""
    while True:
        count = np.bincount(generator.integers(0, raids, raids), minlength=raids)
        if raids == 1 or np.count_nonzero(count) > 1:
            return count / raids
