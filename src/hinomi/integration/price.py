"""The network's price beside what it buys: never a gain without its bill.

A price a year and a price of a raid are never set off against each other: that would take a number
of raids a year.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from hinomi.study.statistics import Interval

Band = tuple[float, float, float]  # low, value, high


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """Extra price of the network a year, and what it comes to for each unit of a gain.

    `per_unit_musd` is (low, value, high) million USD a year for one unit of the gain in each raid;
    high is infinite where the interval of the gain reaches zero or below, all are where there is no
    gain. A network that is no dearer has nothing to be paid for each unit: zero, never less.
    """

    extra_musd: Band
    per_unit_musd: Band


def extra(bottom: Band, top: Band) -> Band:
    """Price of `top` minus that of `bottom`, low with low and high with high.

    Prices of the parts add up, so what both architectures share is the same unknown in both and
    leaves nothing; what is left is the band of the parts that only one of them has.
    """
    low, value, high = (t - b for t, b in zip(top, bottom, strict=True))
    return min(low, value, high), value, max(low, value, high)


def price(bottom: Band, top: Band, gain: Interval) -> Price:
    """Price of each unit of a gain (above zero is better); bands of price and gain at their extremes."""
    more = extra(bottom, top)
    return Price(
        extra_musd=more,
        per_unit_musd=(
            _ratio(max(more[0], 0.0), gain.high),
            _ratio(max(more[1], 0.0), gain.value),
            _ratio(max(more[2], 0.0), gain.low),
        ),
    )


def _ratio(cost: float, gain: float) -> float:
    return cost / gain if gain > 0.0 else math.inf
