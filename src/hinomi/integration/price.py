"""The network's price beside what it buys: never a gain without its bill."""

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
    gain.
    """

    extra_musd: Band
    per_unit_musd: Band


def extra(bottom: Band, top: Band) -> Band:
    """Price of `top` minus that of `bottom`, with the widest band that the two allow.

    The same price is the same unknown, so it leaves nothing.
    """
    if bottom == top:
        return 0.0, 0.0, 0.0
    return top[0] - bottom[2], top[1] - bottom[1], top[2] - bottom[0]


def price(bottom: Band, top: Band, gain: Interval) -> Price:
    """Price of each unit of a gain (above zero is better); bands of price and gain at their extremes."""
    more = extra(bottom, top)
    return Price(
        extra_musd=more,
        per_unit_musd=(
            _ratio(max(more[0], 0.0), gain.high),
            _ratio(more[1], gain.value),
            _ratio(more[2], gain.low),
        ),
    )


def _ratio(cost: float, gain: float) -> float:
    return cost / gain if gain > 0.0 else math.inf


def break_even_raids(bottom: Band, top: Band, saved_musd: Interval) -> Band:
    """Raids a year from which rounds saved pay for the network: low, value, high; infinite = never."""
    more = extra(bottom, top)
    return (
        _ratio(max(more[0], 0.0), saved_musd.high),
        _ratio(more[1], saved_musd.value),
        _ratio(more[2], saved_musd.low),
    )
