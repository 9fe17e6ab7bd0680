"""Money of one year and one currency: deflator, exchange rate, learning, prices of networks."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import numpy as np

from hinomi.errors import ScenarioError
from hinomi.records.columns import Floats
from hinomi.records.draws import Draws
from hinomi.records.engagements import Architecture
from hinomi.records.supply import Money, NetworkItem, Plant, PriceRange, Range
from hinomi.sustain.cost import years_between
from hinomi.sustain.drawn import numbers

# Curves of US end items flatten; beyond this unit nothing more is learnt (Hogan et al., Forecasting
# 2, 2020, on the Boone curve; the unit itself is assumed).
LAST_UNIT_LEARNT: Final = 5000.0
DOLLAR: Final = "USD"


def to_base_year(
    amount: Floats, *, from_year: int, money: Money, draws: Sequence[Draws] | None = None
) -> Floats:
    """Amount in prices of the base year: compounded yearly.

    Raises
    ------
    ScenarioError
        when the years differ and no inflation is stated.
    """
    years = years_between(
        from_year=from_year,
        to_year=money.price_year,
        inflation_known=money.inflation_per_year is not None,
    )
    if years == 0 or money.inflation_per_year is None:
        return amount
    rate = numbers(money.inflation_per_year, "money.inflation_per_year", draws)
    return amount * (1.0 + rate) ** years


def to_dollars(amount: Range, *, currency: str, money: Money) -> Range:
    """Amount in US dollars, with the spread of amount and exchange rate together.

    Raises
    ------
    ScenarioError
        when no exchange rate is stated for the currency.
    """
    if currency == DOLLAR:
        return amount
    if currency not in money.per_usd:
        raise ScenarioError(
            f"no exchange rate for {currency}; state money.per_usd.{currency} (units of it for one"
            f" US dollar; there are {', '.join(money.per_usd) or 'none'})"
        )
    low, value, high = money.per_usd[currency]
    return amount[0] / high, amount[1] / value, amount[2] / low


def learnt(number: Floats, *, slope: Floats, reference: float) -> Floats:
    """Cost of unit `number` over that of unit `reference`: Wright's law, flat beyond unit 5,000.

    `slope` is the cost ratio per doubling; numbers count from 1 (Wright, J. Aeronaut. Sci. 3, 1936).
    """
    last = np.minimum(np.maximum(number, 1.0), LAST_UNIT_LEARNT)
    first = min(max(reference, 1.0), LAST_UNIT_LEARNT)
    out: Floats = (last / first) ** np.log2(slope)
    return out


def unit_musd(
    plant: Plant,
    price: PriceRange,
    made: Floats,
    *,
    money: Money,
    draws: Sequence[Draws] | None = None,
) -> Floats:
    """(N, M) price of a round by month, million of the base year.

    The catalogue's price is that of unit `units_before`; `made` (N, M) rounds a month follow it.
    """
    base = to_base_year(
        numbers(price.unit_musd, f"price.{price.name}.unit_musd", draws),
        from_year=price.price_year,
        money=money,
        draws=draws,
    )
    premium = numbers(plant.premium, f"line.{plant.name}.premium", draws)
    slope = numbers(plant.learning_slope, f"line.{plant.name}.learning_slope", draws)
    number = plant.units_before + np.cumsum(made, axis=1) - 0.5 * made
    factor = learnt(number, slope=slope[:, None], reference=plant.units_before)
    out: Floats = (base * premium)[:, None] * factor
    return out


def network_price(
    items: Iterable[NetworkItem], architecture: Architecture, draws: Sequence[Draws] | None = None
) -> Floats:
    """(N,) yearly price of the flags that an architecture has, million; never 0 where one is set."""
    total = np.zeros(1 if draws is None else len(draws))
    for item in items:
        if item.flag and getattr(architecture, item.flag):
            total = total + numbers(item.musd_per_year, f"network.{item.name}", draws)
    return total


def network_span(items: Iterable[NetworkItem], architecture: Architecture) -> Range:
    """All low, as stated, all high together: wider than a draw, and what the architecture states."""
    spans = [i.musd_per_year for i in items if i.flag and getattr(architecture, i.flag)]
    return (
        math.fsum(s[0] for s in spans),
        math.fsum(s[1] for s in spans),
        math.fsum(s[2] for s in spans),
    )


def price_used(prices: Iterable[PriceRange], product: str) -> PriceRange:
    """Give the basis that the scenario counts a product with.

    Raises
    ------
    ScenarioError
        for none, or for more than one: bases are never mixed.
    """
    found = [p for p in prices if p.product == product and p.used]
    if len(found) != 1:
        there = ", ".join(p.name for p in found) or "none"
        raise ScenarioError(
            f"{len(found)} prices are used for {product} ({there}); name exactly one in"
            " industry.prices: prices on different bases are never mixed"
        )
    return found[0]


def exchange_band(
    cost: Range, *, threats: Mapping[str, float], threat_musd: Mapping[str, Range]
) -> Range:
    """Defender's cost over attacker's, from the least to the greatest that the ranges allow.

    `threats` counts bodies by class. A class without a price is refused.
    """
    missing = [name for name in threats if name not in threat_musd]
    if missing:
        raise ScenarioError(
            f"no price of a threat of class {', '.join(missing)}; add catalogue.threat_cost entries"
        )
    low, value, high = (
        math.fsum(n * threat_musd[c][i] for c, n in threats.items()) for i in range(3)
    )
    if low <= 0.0:
        raise ScenarioError("the threats of this scenario cost nothing: no exchange can be told")
    return cost[0] / high, cost[1] / value, cost[2] / low
