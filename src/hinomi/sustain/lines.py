"""What production lines deliver, month by month."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Final

import numpy as np

from hinomi.records.columns import Floats
from hinomi.records.ledger import Line
from hinomi.units import MONTHS_A_YEAR

# A refill that takes longer than a century is called never.
LONGEST_MONTHS: Final = 1200


def produced(line: Line, *, month: float) -> float:
    """Count rounds made from the raid to `month`: the integral of the ramp, not rounded.

    A ramp that began before the raid (negative `ramp_from_month`) is counted from the raid on.
    """

    def ramped(t: float) -> float:
        """Integral of the share of the ramp from its start to t."""
        on = max(t - line.ramp_from_month, 0.0)
        if on <= line.ramp_months:
            return on * on / (2.0 * line.ramp_months) if line.ramp_months > 0.0 else 0.0
        return on - 0.5 * line.ramp_months

    more = (line.target_per_year - line.rate_per_year) * (ramped(month) - ramped(0.0))
    return (line.rate_per_year * month + more) / MONTHS_A_YEAR


@lru_cache(maxsize=256)
def produced_by_month(lines: tuple[Line, ...]) -> Floats:
    """(LONGEST_MONTHS + 1,) rounds made by these lines together up to each month's end."""
    months = range(LONGEST_MONTHS + 1)
    total = np.array([sum(produced(line, month=float(m)) for line in lines) for m in months])
    total.flags.writeable = False
    return total


def months_for_orders(lines: tuple[Line, ...], rounds: float) -> float:
    """Whole months until rounds that are ordered at month 0 are there.

    An order takes its line's lead time; after it the line delivers at the rate of that time. What
    the line delivers before came of earlier orders and does not count.
    """
    if rounds <= 0.0:
        return 0.0
    ordered = np.zeros(LONGEST_MONTHS + 1)
    for line in lines:
        before = produced(line, month=line.lead_months)
        ordered += np.maximum(produced_by_month((line,)) - before, 0.0)
    month = int(np.searchsorted(ordered, rounds - 1e-9))
    return float(month) if month <= LONGEST_MONTHS else math.inf


def months_to_make(lines: tuple[Line, ...], rounds: float) -> float:
    """Whole months until these lines have made so many rounds; 0 for none, infinite for never."""
    if rounds <= 0.0:
        return 0.0
    month = int(np.searchsorted(produced_by_month(lines), rounds - 1e-9))
    return float(month) if month <= LONGEST_MONTHS else math.inf
