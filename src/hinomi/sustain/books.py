"""Appropriation, obligation and outlay: the same money three times, later each time."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from hinomi.errors import ScenarioError
from hinomi.records.columns import Floats
from hinomi.records.supply import Books, Money
from hinomi.units import MONTHS_A_YEAR


def order_months(cost: Floats, lead_months: Floats, raid_months: Sequence[int] = ()) -> Floats:
    """(N, M) cost moved from the month of delivery to that of the order.

    An order is placed a lead time before its delivery, but never before the raid that made it
    necessary, the last one before the delivery: rounds that arrive sooner come out of contracts
    that run, and are ordered again at once.
    """
    n, months = cost.shape
    out = np.zeros_like(cost)
    lead = np.rint(np.broadcast_to(lead_months, n)).astype(int)
    for m in range(months):
        earliest = max((r for r in raid_months if r <= m), default=0)
        np.add.at(out, (np.arange(n), np.maximum(m - lead, earliest)), cost[:, m])
    return out


def spread(amount: Floats, profile: Sequence[float]) -> Floats:
    """(..., Y) amounts by year, spread over the year and those after it; nothing falls off the end.

    The result has `len(profile) - 1` years more.
    """
    years = amount.shape[-1]
    out = np.zeros((*amount.shape[:-1], years + len(profile) - 1))
    for after, share in enumerate(profile):
        out[..., after : after + years] += share * amount
    return out


def books(orders: dict[str, Floats], *, money: Money) -> Books:
    """Ledger of orders by owner: (N, M) million in the base year's prices, by month of order.

    Appropriated in full in the year of the order, obligated and paid by the stated profiles.

    Raises
    ------
    ScenarioError
        for a profile that does not add up to one.
    """
    for name in ("outlay_profile", "obligation_profile"):
        profile = getattr(money, name)
        if abs(sum(profile) - 1.0) > 1e-9 or min(profile, default=-1.0) < 0.0:
            raise ScenarioError(
                f"money.{name} adds up to {sum(profile):g}; it must be shares that add up to 1"
            )
    yearly = np.array([_by_year(x) for x in orders.values()])
    obligated = spread(yearly, money.obligation_profile)
    outlaid = spread(obligated, money.outlay_profile)
    years = outlaid.shape[2]
    return Books(
        owners=tuple(orders),
        appropriated_musd=_longer(yearly, years),
        obligated_musd=_longer(obligated, years),
        outlaid_musd=outlaid,
        price_year=money.price_year,
    )


def balances(found: Books) -> tuple[Floats, Floats]:
    """(O, N, Y) unobligated and unpaid at each year's end; both end at zero."""
    return (
        np.cumsum(found.appropriated_musd - found.obligated_musd, axis=2),
        np.cumsum(found.obligated_musd - found.outlaid_musd, axis=2),
    )


def _by_year(by_month: Floats) -> Floats:
    months = by_month.shape[1]
    year = int(MONTHS_A_YEAR)
    wide = np.zeros((len(by_month), -(-months // year) * year))
    wide[:, :months] = by_month
    out: Floats = wide.reshape(len(by_month), -1, year).sum(axis=2)
    return out


def _longer(amount: Floats, years: int) -> Floats:
    out = np.zeros((*amount.shape[:2], years))
    out[:, :, : amount.shape[2]] = amount
    return out
