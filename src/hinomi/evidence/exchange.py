"""Exchange rates as ranges: what a yen amount may have been in dollars when somebody converted it."""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import resources
from typing import Final

from hinomi.errors import ScenarioError
from hinomi.evidence.period import Period, read_period

CURRENCIES: Final = ("JPY", "USD")
_MONTH_DAYS: Final = 31


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """Yen for one dollar in a period: lowest and highest of its days."""

    period: Period
    low: float
    high: float
    source: str
    grade: str


@functools.cache
def rates() -> tuple[Rate, ...]:
    """Every bundled range, months and years."""
    file = resources.files("hinomi") / "data" / "evidence" / "exchange.toml"
    given = tomllib.loads(file.read_text(encoding="utf-8"))
    source = given["sources"]
    return tuple(
        Rate(
            period=read_period(r["period"], name="exchange rate"),
            low=float(r["low"]),
            high=float(r["high"]),
            source=source[r["source"]]["where"],
            grade=source[r["source"]]["grade"],
        )
        for r in given["rates"]
    )


def rate_of(period: Period) -> Rate:
    """The range of rates of a date: its month's where there is one, else its year's.

    Raises
    ------
    ScenarioError
        when the table has none; the claim may then give its own `fx_jpy_per_usd`.
    """
    for fits in (_is_month, _is_year):
        found = [r for r in rates() if fits(r) and r.period.meets(period)]
        if _covers(found, period):
            return Rate(
                period=period, low=min(r.low for r in found), high=max(r.high for r in found),
                source=found[0].source, grade=found[0].grade,
            )  # fmt: skip
    years = ", ".join(str(r.period.first.year) for r in rates() if _is_year(r))
    raise ScenarioError(
        f"no exchange rate of yen and dollar is known for {period.first} to {period.last} (there are "
        f"{years}); give the claim the rate that was used, such as fx_jpy_per_usd = 150"
    )


def _covers(found: Sequence[Rate], period: Period) -> bool:
    """Whether every day of a period lies in one of them."""
    inside = sum(
        (min(r.period.last, period.last) - max(r.period.first, period.first)).days + 1
        for r in found
    )
    return inside == (period.last - period.first).days + 1


def _is_month(rate: Rate) -> bool:
    return (rate.period.last - rate.period.first).days < _MONTH_DAYS


def _is_year(rate: Rate) -> bool:
    return not _is_month(rate)
