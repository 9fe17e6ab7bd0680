"""Which key the outcome hangs on, over the whole box: Morris effects, Sobol indices, with intervals.

Outcomes are (P, R): settings and raids. The index is that of the mean over raids; intervals come
from one bootstrap that draws rows of the design and raids anew together.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np

from hinomi.records.columns import Floats
from hinomi.study.seeds import auxiliary

DRAWN: Final = 500  # bootstrap samples
QUANTILES: Final = (0.025, 0.975)
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
    """First-order and total indices.

    First order by Saltelli et al. (Computer Physics Communications 181, 2010, table 2 b), total by
    Jansen (Computer Physics Communications 117, 1999). `y` in the order of the design, (P, R).
    """
    blocks = y.reshape(size, keys + 2, -1)

    def measure(rows: Floats) -> Floats:
        """(N, K + 2) -> (2, K)."""
        size = float(np.square(rows).mean())
        rows = rows - rows.mean()
        a, ab, b = rows[:, :1], rows[:, 1:-1], rows[:, -1:]
        spread = np.concatenate((a, b)).var()
        if spread <= ROUNDING * size:
            return np.full((2, keys), np.nan)
        first = (b * (ab - a)).mean(axis=0)
        total = 0.5 * ((a - ab) ** 2).mean(axis=0)
        found: Floats = np.stack((first, total)) / spread
        return found

    return _both(blocks, measure, (FIRST, TOTAL))


def morris(y: Floats, shares: Floats, size: int, keys: int) -> dict[str, Index]:
    """Mean, mean size and spread of elementary effects over 0..1 of each key (Campolongo 2007)."""
    steps = np.diff(shares.reshape(size, keys + 1, keys), axis=1)
    moved = np.abs(steps).argmax(axis=2)  # (T, K): the key of each step
    length = np.take_along_axis(steps, moved[..., None], axis=2)
    change = np.diff(y.reshape(size, keys + 1, -1), axis=1) / length
    effects = np.empty_like(change)
    np.put_along_axis(effects, moved[..., None], change, axis=1)

    def measure(rows: Floats) -> Floats:
        """(T, K) -> (3, K)."""
        return np.stack((rows.mean(axis=0), np.abs(rows).mean(axis=0), rows.std(axis=0, ddof=1)))

    return _both(effects, measure, (MU, MU_STAR, SIGMA))


def _both(
    blocks: Floats, measure: Callable[[Floats], Floats], names: tuple[str, ...]
) -> dict[str, Index]:
    """Measure the mean over raids, then the same for rows and raids drawn anew."""
    rows, _, raids = blocks.shape
    value = measure(blocks.mean(axis=2))
    generator = auxiliary("sweep bootstrap")
    drawn = np.empty((DRAWN, *value.shape))
    for i in range(DRAWN):
        weight = np.bincount(generator.integers(0, raids, raids), minlength=raids) / raids
        drawn[i] = measure(blocks[generator.integers(0, rows, rows)] @ weight)
    if np.isnan(value).all():
        low = high = np.full_like(value, np.nan)
    else:
        low, high = np.nanquantile(drawn, QUANTILES, axis=0)
    return {name: Index(value=value[i], low=low[i], high=high[i]) for i, name in enumerate(names)}
