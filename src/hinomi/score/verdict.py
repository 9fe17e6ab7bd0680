"""Consistency in plain words."""

from __future__ import annotations

import math
from typing import Final

from hinomi.score.consistency import chi_square_bounds

FEWEST: Final = 10  # tracks below which nothing is said (assumed)
# Errors within this factor of what is claimed are called consistent however many tracks could tell
# them apart from it (assumed: the catalogue's sensor errors are not better known than that).
CLOSE: Final = 1.1


def optimism(nees: float, *, size: int) -> float:
    """How many times larger errors are than claimed: root of the squared error over its size.

    Below 1 the claim is larger than the errors. NaN stays NaN.
    """
    return math.sqrt(nees / size)


def verdict(nees: float, *, size: int, runs: int) -> str:
    """Say in plain words whether errors are as large as claimed.

    Parameters
    ----------
    nees
        mean squared normalised error over the runs; `size` is expected.
    size
        numbers of the state, 6 for position and velocity.
    runs
        independent tracks, one for each body and replicate (see `consistency`).

    Returns
    -------
    str
        "consistent", "optimistic by a factor 2.3" (errors are that many times larger than
        claimed), "pessimistic by a factor 1.4" (the claim is that many times larger than the
        errors), or "too few tracks to tell (4)". Consistent means inside the two-sided 95 % bounds
        or within a tenth of the claim.
    """
    if runs < FEWEST or math.isnan(nees):
        return f"too few tracks to tell ({runs})"
    low, high = chi_square_bounds(runs=runs, size=size)
    factor = optimism(nees, size=size)
    if low <= nees <= high or 1.0 / CLOSE <= factor <= CLOSE:
        return "consistent"
    if factor > 1.0:
        return f"optimistic by a factor {_factor(factor)}"
    return f"pessimistic by a factor {_factor(1.0 / factor) if factor > 0.0 else 'without end'}"


def _factor(value: float) -> str:
    return f"{value:.1f}" if value < 10.0 else f"{value:,.0f}"
