"""What production draws on, and what comes of it: suppliers, lines, transfers, stock, prices, money.

A `Range` is (low, value, high): what is assumed, or published with a spread. Months count from
the first raid; month m is the time from m - 1 to m.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from hinomi.records.columns import Floats, freeze

Range: TypeAlias = tuple[float, float, float]
Needs: TypeAlias = tuple[tuple[str, float], ...]  # (supplier, units of it for one unit)
Pair: TypeAlias = tuple[str, str]  # (owner, product)

ITSELF: Final = -1  # a line that its own capacity limits
NOTHING: Final[Range] = (0.0, 0.0, 0.0)
ONE: Final[Range] = (1.0, 1.0, 1.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ramp:
    """A yearly capacity that grows linearly from `rate` to `target`."""

    rate_per_year: Range
    target_per_year: Range
    from_month: Range
    months: Range


@dataclass(frozen=True, slots=True, kw_only=True)
class Supplier:
    """A node of the supplier graph: makes one kind of part from the parts it needs."""

    name: str
    title: str
    ramp: Ramp
    needs: Needs = ()
    buffer: Range = NOTHING  # finished parts it keeps ready; full at month 0
    outages_per_year: Range = NOTHING
    outage_months: Range = NOTHING  # mean length of one


@dataclass(frozen=True, slots=True, kw_only=True)
class Plant:
    """A production line of one product for one owner."""

    name: str
    title: str
    product: str
    owner: str
    ramp: Ramp
    lead_months: Range
    needs: Needs = ()
    learning_slope: Range = ONE  # cost ratio per doubling; 1: no learning
    units_before: float = 1.0  # units made when the price was stated
    premium: Range = ONE  # price over that of the catalogue


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfer:
    """Rounds that one owner gives to another, down to a floor of its own stock."""

    name: str
    title: str
    product: str
    giver: str
    taker: str
    per_year: Range
    delay_months: Range
    floor_share: Range  # of what the giver requires


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """Rounds of one product that one owner holds before the first raid, and wants to hold."""

    owner: str
    product: str
    held: float
    required: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceRange:
    """Price of one round on one stated basis, in the money of its own year."""

    name: str
    product: str
    unit_musd: Range
    basis: str
    price_year: int
    used: bool  # the basis that the scenario counts with


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkItem:
    """Yearly price of one thing that an architecture shares; `flag` empty: stands beside the flags."""

    name: str
    title: str
    flag: str
    musd_per_year: Range


@dataclass(frozen=True, slots=True, kw_only=True)
class BudgetLine:
    """A public budget figure, shown beside the model and never inside it."""

    name: str
    title: str
    owner: str
    amount_million: Range
    currency: str
    period: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Money:
    """Price basis and how other money becomes it."""

    currency: str
    price_year: int
    inflation_per_year: Range | None  # None: prices of another year cannot be used
    per_usd: Mapping[str, Range]  # units of a currency for one US dollar
    outlay_profile: tuple[float, ...]  # share of an obligation paid in its year and the years after
    obligation_profile: tuple[float, ...]  # share of an appropriation obligated likewise


@dataclass(frozen=True, slots=True, kw_only=True)
class Supply:
    """Everything that refilling a magazine draws on."""

    plants: tuple[Plant, ...]
    suppliers: tuple[Supplier, ...]
    transfers: tuple[Transfer, ...]
    holdings: tuple[Holding, ...]
    prices: tuple[PriceRange, ...]
    network: tuple[NetworkItem, ...]
    budgets: tuple[BudgetLine, ...]
    money: Money
    loss_per_year: Range  # share of a stock that shelf life and training take
    raid_share: Range  # share of each stock that a raid takes where no run says it
    threat_musd: Mapping[str, Range] = field(default_factory=dict)  # class -> price of one body


@dataclass(frozen=True, slots=True, kw_only=True)
class Production:
    """Rounds by draw, line and month, and what held each line back."""

    lines: tuple[str, ...]
    products: tuple[str, ...]  # of each line
    owners: tuple[str, ...]
    suppliers: tuple[str, ...]
    made: Floats  # (L, N, M) rounds delivered in a month by a line whose pipeline is full
    wanted: Floats  # (L, N, M) what the line's own capacity would allow
    limit: NDArray[np.int16]  # (L, N, M) supplier that binds, ITSELF where the line does
    used: Floats  # (V, N, M) parts made
    buffer: Floats  # (V, N, M) parts left ready at the month's end
    lead_months: Floats  # (L, N)

    def __post_init__(self) -> None:
        n, months = self.made.shape[1:]
        rows, nodes = len(self.lines), len(self.suppliers)
        shapes = dict.fromkeys(("made", "wanted"), (np.float64, (rows, n, months)))
        shapes |= dict.fromkeys(("used", "buffer"), (np.float64, (nodes, n, months)))
        freeze(
            self,
            {
                **shapes,
                "limit": (np.int16, (rows, n, months)),
                "lead_months": (np.float64, (rows, n)),
            },
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Stocks:
    """Stock by draw, pair and month; column 0 of `stock` is before the first raid.

    Every month balances: stock before + delivered + received - sent - spent - lost = stock after.
    """

    pairs: tuple[Pair, ...]
    required: Floats  # (K,)
    stock: Floats  # (K, N, M + 1); column 1 is after the first raid and month 1
    delivered: Floats  # (K, N, M)
    received: Floats  # (K, N, M)
    sent: Floats  # (K, N, M)
    spent: Floats  # (K, N, M); the first raid is counted in month 1
    short: Floats  # (K, N, M) rounds that a raid asked for and were not there
    lost: Floats  # (K, N, M)

    def __post_init__(self) -> None:
        k, n, months = self.delivered.shape
        names = ("delivered", "received", "sent", "spent", "short", "lost")
        freeze(
            self,
            dict.fromkeys(names, (np.float64, (k, n, months)))
            | {
                "stock": (np.float64, (k, n, months + 1)),
                "required": (np.float64, (k,)),
            },
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Books:
    """Public money by owner and year: what is appropriated is obligated, and that is paid.

    Columns are years from the first raid (0 = the twelve months after it). Every row of each of
    the three sums to the same; million of the currency in prices of one year.
    """

    owners: tuple[str, ...]
    appropriated_musd: Floats  # (O, N, Y)
    obligated_musd: Floats
    outlaid_musd: Floats
    price_year: int

    def __post_init__(self) -> None:
        shape = (len(self.owners), *self.appropriated_musd.shape[1:])
        names = ("appropriated_musd", "obligated_musd", "outlaid_musd")
        freeze(self, dict.fromkeys(names, (np.float64, shape)))
