"""Stock, production and money after the raid."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hinomi.records.columns import Floats, freeze


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A production line of one product for one owner; deliveries a year, ramping linearly."""

    product: str
    owner: str
    rate_per_year: float
    target_per_year: float
    ramp_from_month: float
    ramp_months: float
    lead_months: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """Catalogue price of one round, on one stated basis."""

    product: str
    unit_musd: float
    basis: str
    price_year: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Industry:
    """What refilling a magazine draws on."""

    lines: tuple[Line, ...]
    prices: tuple[Price, ...]
    horizon_months: int
    currency: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """One row per (owner, product, month): opening, produced, spent, closing; money in million USD."""

    owner: tuple[str, ...]
    product: tuple[str, ...]
    month: Floats  # (L,) months after the raid
    opening: Floats
    produced: Floats
    spent: Floats
    closing: Floats
    cost_musd: Floats
    currency: str
    price_year: int
    refill_months: float  # production only; infinite where no line makes the product
    refill_months_with_lead: float

    def __post_init__(self) -> None:
        n = len(self.owner)
        names = ("month", "opening", "produced", "spent", "closing", "cost_musd")
        freeze(self, dict.fromkeys(names, (np.float64, (n,))))
