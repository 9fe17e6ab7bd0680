"""The cost-loss reading of a trade curve: which rule costs least, for what an alert may cost.

A rule leaves y people unserved and alerts x people for nothing, on average over raids. With r the
price of alerting one person needlessly, in units of what a timely warning of one person saves, its
expense is r x + y (Murphy, Monthly Weather Review 105, 1977, in the form of odds). Which rule is
cheapest changes only at the corners of the lower convex hull of the points.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from hinomi.records.columns import Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Best:
    """A choice, and the prices between which no other is cheaper."""

    key: str
    price_low: float  # 0 = however little a needless alert costs
    price_high: float  # infinity = however much


def cheapest(keys: Sequence[str], needless: Floats, unserved: Floats, price: float) -> str:
    """Name the choice of least expense at one price; on a tie the one that alerts fewest for nothing."""
    expense = price * needless + unserved
    least = np.flatnonzero(expense <= expense.min() * (1.0 + 1e-12))
    return keys[int(least[np.argmin(needless[least])])]


def by_price(keys: Sequence[str], needless: Floats, unserved: Floats) -> tuple[Best, ...]:
    """Every choice that is cheapest at some price, from the dearest alert to the cheapest one.

    `needless` and `unserved` (K,) are people per raid. Points on a straight piece are left out.
    """
    hull: list[int] = []
    for i in np.lexsort((unserved, needless)):
        if hull and unserved[i] >= unserved[hull[-1]]:
            continue  # alerts more people for nothing and leaves as many unserved
        while hull and needless[i] == needless[hull[-1]]:
            hull.pop()
        while len(hull) > 1 and _gain(hull[-2], hull[-1], needless, unserved) <= _gain(
            hull[-1], int(i), needless, unserved
        ):
            hull.pop()
        hull.append(int(i))
    prices = [_gain(a, b, needless, unserved) for a, b in pairwise(hull)]
    highs, lows = [math.inf, *prices], [*prices, 0.0]
    return tuple(
        Best(key=keys[i], price_low=low, price_high=high)
        for i, low, high in zip(hull, lows, highs, strict=True)
    )


def _gain(a: int, b: int, needless: Floats, unserved: Floats) -> float:
    """People served more for each person more who is alerted for nothing."""
    return float((unserved[a] - unserved[b]) / (needless[b] - needless[a]))
