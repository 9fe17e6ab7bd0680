"""How long until a raid is made good: by each owner's own lines, pooled, and with the lead time."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from hinomi.records.columns import Floats
from hinomi.records.supply import Pair, Production


@dataclass(frozen=True, slots=True, kw_only=True)
class Refill:
    """Months by draw: production alone, and for rounds that are ordered after the raid."""

    months: Floats  # (N,) whole months; infinite where not within the horizon
    with_lead: Floats  # (N,) counting only what a line delivers after its lead time


def months_until(made: Floats, rounds: Floats) -> Floats:
    """(N,) first month by whose end so many rounds are made; infinite beyond the last month.

    `made` (N, M) by month, `rounds` (N,); 0 months for 0 rounds.
    """
    return _first(np.cumsum(made, axis=1), rounds)


def _first(total: Floats, rounds: Floats) -> Floats:
    there = total >= rounds[:, None] - 1e-9
    month = np.where(there.any(axis=1), there.argmax(axis=1) + 1.0, math.inf)
    return np.where(rounds <= 0.0, 0.0, month)


def after_lead(made: Floats, lead_months: Floats) -> Floats:
    """(L, N, M) rounds up to each month's end of orders placed at month 0, by line.

    `made` (L, N, M) by month, `lead_months` (L, N); deliveries are even within a month.
    """
    lines, draws, months = made.shape
    total = np.zeros((lines, draws, months + 1))
    np.cumsum(made, axis=2, out=total[:, :, 1:])
    lead = np.clip(lead_months, 0.0, float(months))
    whole = np.minimum(lead.astype(int), months - 1)
    i, n = np.ogrid[:lines, :draws]
    before = total[i, n, whole] + (lead - whole) * made[i, n, whole]
    out: Floats = np.maximum(total[:, :, 1:] - before[:, :, None], 0.0)
    return out


def refill(production: Production, spent: Mapping[Pair, Floats]) -> dict[Pair, Refill]:
    """(owner, product) -> months until what was spent at month 0 is made good.

    An owner without a line of the product waits behind all owners who spent any, and then takes
    from all lines, as in `sustain.account`.
    """
    out = {}
    n = production.made.shape[1]
    for (owner, product), rounds in spent.items():
        rows = [i for i, p in enumerate(production.products) if p == product]
        own = [i for i in rows if production.owners[i] == owner]
        ahead = np.zeros(n)
        if not own:
            for (who, what), others in spent.items():
                if what == product and who != owner:
                    ahead = ahead + others
        made = production.made[own or rows]
        ordered = after_lead(made, production.lead_months[own or rows]).sum(axis=0)
        out[(owner, product)] = Refill(
            months=np.where(rounds > 0.0, months_until(made.sum(axis=0), rounds + ahead), 0.0),
            with_lead=np.where(rounds > 0.0, _first(ordered, rounds + ahead), 0.0),
        )
    return out


def refill_pooled(production: Production, spent: Mapping[Pair, Floats]) -> dict[str, Floats]:
    """Product -> (N,) months until all lines together have made what all owners spent."""
    out = {}
    for product in dict.fromkeys(what for _, what in spent):
        rows = [i for i, p in enumerate(production.products) if p == product]
        made = production.made[rows].sum(axis=0)
        total = np.zeros(len(made))
        for (_, what), rounds in spent.items():
            if what == product:
                total = total + rounds
        out[product] = months_until(made, total)
    return out
