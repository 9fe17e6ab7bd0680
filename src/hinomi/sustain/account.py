"""The raid's bill: what is left, how long the lines take to make it good, what it cost."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

from hinomi.records.ledger import Industry, Ledger, Line
from hinomi.sustain.cost import price_of, price_year
from hinomi.sustain.lines import (
    LONGEST_MONTHS,
    months_for_orders,
    months_to_make,
    produced_by_month,
)

Pair = tuple[str, str]


def account(spent: Mapping[Pair, int], stock: Mapping[Pair, int], industry: Industry) -> Ledger:
    """Ledger from the raid (month 0) until each stock is full again, or to the horizon.

    Rounds are made good by the owner's own lines. An owner without a line of the product shares
    every line of that product, and waits until those have made what all owners spent:
    line owners come first. Month 0 books what was spent, at catalogue price; later rows what was
    made in that month, production only.

    Parameters
    ----------
    spent, stock
        (owner, product) -> rounds fired in the raid, and rounds held before it.
    industry
        Lines, prices, horizon.

    Returns
    -------
    Ledger; `refill_months` is the greatest over pairs that were spent: whole months, 0 when nothing
    was spent, infinite where no line makes the product. `refill_months_with_lead` is the same for
    rounds that are ordered after the raid: what lines deliver within their lead time came of
    earlier orders.

    Raises
    ------
    ScenarioError
        when a product that was spent has no price, or prices are of several years.
    ValueError
        when more was spent than was there: a broken contract between links.
    """
    owners: list[str] = []
    products: list[str] = []
    columns: list[tuple[float, float, float, float, float, float]] = []
    refill, refill_lead = 0.0, 0.0
    year = price_year(industry)
    for owner, product in sorted(set(stock) | set(spent)):
        opening, used = stock.get((owner, product), 0), spent.get((owner, product), 0)
        if used > opening:
            raise ValueError(f"{owner} spent {used} rounds of {product} out of {opening}")
        rows = [(0.0, float(opening), 0.0, float(used), float(opening - used), 0.0)]
        if used > 0:
            cost = used * price_of(industry, product).unit_musd
            rows[0] = (*rows[0][:5], cost)
            lines, ahead = _lines_for(owner, product, spent, industry.lines)
            months = months_to_make(lines, ahead + used) if lines else math.inf
            refill = max(refill, months)
            refill_lead = max(refill_lead, months_for_orders(lines, ahead + used))
            rows += _months(lines, ahead, used, opening, min(months, industry.horizon_months))
        columns += rows
        owners += [owner] * len(rows)
        products += [product] * len(rows)
    table = np.array(columns).reshape(len(columns), 6)
    return Ledger(
        owner=tuple(owners),
        product=tuple(products),
        month=table[:, 0],
        opening=table[:, 1],
        produced=table[:, 2],
        spent=table[:, 3],
        closing=table[:, 4],
        cost_musd=table[:, 5],
        currency=industry.currency,
        price_year=year,
        refill_months=refill,
        refill_months_with_lead=refill_lead,
    )


def _lines_for(
    owner: str, product: str, spent: Mapping[Pair, int], lines: tuple[Line, ...]
) -> tuple[tuple[Line, ...], int]:
    """Lines that make this owner's rounds good, and how many rounds they make for others first."""
    made = tuple(line for line in lines if line.product == product)
    own = tuple(line for line in made if line.owner == owner)
    if own:
        return own, 0
    return made, sum(n for (who, what), n in spent.items() if what == product and who != owner)


def _months(
    lines: tuple[Line, ...], ahead: int, used: int, opening: int, until: float
) -> list[tuple[float, float, float, float, float, float]]:
    """Rows of months 1, 2 ... up to the refill or the horizon, whichever comes first."""
    rows = []
    closing = float(opening - used)
    made = produced_by_month(lines) if lines else np.zeros(LONGEST_MONTHS + 1)
    done = 0.0
    for month in range(1, int(min(until, LONGEST_MONTHS)) + 1):
        total = min(max(float(made[month]) - ahead, 0.0), float(used))
        rows.append((float(month), closing, total - done, 0.0, closing + total - done, 0.0))
        closing += total - done
        done = total
    return rows
