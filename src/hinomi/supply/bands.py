"""Three numbers kept apart: the stated value, the band of assumptions, the band of chance."""

from __future__ import annotations

import math
from typing import Any, Final

import numpy as np

from hinomi.records.columns import Floats

LOW, HIGH = 0.05, 0.95
ASSUMPTIONS: Final = (
    "the median, and 5 to 95 %, of draws of every ranged input between its low and high, no outage in"
    " it; where ranges lean to one side what the inputs as stated give may lie outside, so the median"
    " comes first"
)
CHANCE: Final = (
    "5 to 95 % of draws of outages, and of a run's replicates where one is given; inputs as stated"
)


def band(stated: Floats, ranges: Floats, outages: Floats, *, digits: int = 1) -> dict[str, Any]:
    """`value` with both bands; null where it never comes about within the horizon."""
    return {
        "value": number(float(np.ravel(stated)[0]), digits),
        "assumptions": bounds(ranges, digits),
        "assumptions_median": number(
            float(np.quantile(np.ravel(ranges), 0.5, method="inverted_cdf")), digits
        ),
        "chance": bounds(outages, digits),
    }


def bounds(values: Floats, digits: int = 1) -> list[float | None]:
    """Quantiles that are values themselves, so that "never" may be one."""
    found = np.quantile(np.ravel(values), (LOW, HIGH), method="inverted_cdf")
    return [number(float(x), digits) for x in found]


def number(value: float, digits: int = 1) -> float | None:
    """Rounded; None for what is not finite."""
    return round(value, digits) + 0.0 if math.isfinite(value) else None


def short(value: float | None, digits: int = 0) -> str:
    """Write a number with thousands apart; None as "never"."""
    return "never" if value is None else f"{value:,.{digits}f}"


def span(pair: list[float | None], digits: int = 0) -> str:
    """Write a pair as `a to b`, or once where both are the same."""
    return " to ".join(dict.fromkeys(short(x, digits) for x in pair))


def middle(found: dict[str, Any], digits: int = 0) -> str:
    """Write the median of the assumptions and their band: `4,880 (4,230 to 5,810)`."""
    return f"{short(found['assumptions_median'], digits)}{_bracket(found['assumptions'], digits)}"


def as_stated(found: dict[str, Any], digits: int = 0) -> str:
    """Write what the inputs as stated give, with the band of chance about it."""
    return f"{short(found['value'], digits)}{_bracket(found['chance'], digits)}"


def _bracket(pair: list[float | None], digits: int) -> str:
    ends = [short(x, digits) for x in pair]
    return "" if ends[0] == ends[1] else f" ({ends[0]} to {ends[1]})"


def price_words(row: dict[str, Any]) -> str:
    """Basis and year of a price, the year once."""
    basis, year = str(row["basis"]), str(row["price_year"])
    return basis if year in basis else f"{basis} {year}"
