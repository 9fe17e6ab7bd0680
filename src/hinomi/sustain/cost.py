"""Prices: catalogue price of what was spent, and the learning curve of what will be bought."""

from __future__ import annotations

import math

import numpy as np

from hinomi.errors import ScenarioError
from hinomi.records.ledger import Industry, Price


def price_of(industry: Industry, product: str) -> Price:
    """Catalogue price of one round of a product.

    Raises
    ------
    ScenarioError
        when the catalogue has no price for it.
    """
    for price in industry.prices:
        if price.product == product:
            return price
    raise ScenarioError(
        f"product {product!r} has no price; add one to the prices of the scenario"
        f" (priced: {', '.join(p.product for p in industry.prices) or 'none'})"
    )


def learning_exponent(slope: float) -> float:
    """Exponent b of Wright's law c(N) = c_1 N^b; `slope` is the cost ratio per doubling."""
    return math.log2(slope)


def unit_cost(number: int, *, first: float, slope: float) -> float:
    """Cost of the unit with this number (from 1), unit theory; same money as `first`."""
    return float(first * number ** learning_exponent(slope))


def average_cost(units: int, *, first: float, slope: float) -> float:
    """Mean cost of the first `units` units: the exact sum, not the integral."""
    return float(first * np.mean(np.arange(1.0, units + 1.0) ** learning_exponent(slope)))


def cost_exchange(
    cost_spent: float, *, threats: int, threat_cost: float, operating: float = 0.0
) -> float:
    """Defender's cost over attacker's cost; leaves out the value of what was defended."""
    return (cost_spent + operating) / (threats * threat_cost)
