"""Everything an answer is made of, three times: stated values, ranges drawn, outages drawn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np

from hinomi.records.columns import Floats
from hinomi.records.draws import Draws
from hinomi.records.engagements import Architecture
from hinomi.records.supply import Books, Pair, Production, Stocks
from hinomi.supply.asked import MONTHS, Asked
from hinomi.sustain.books import books, order_months
from hinomi.sustain.capacity import ramp_by_month
from hinomi.sustain.drawn import numbers
from hinomi.sustain.flow import web_of
from hinomi.sustain.money import network_price, price_used, to_base_year, unit_musd
from hinomi.sustain.produce import PLENTY, Vary, produce
from hinomi.sustain.refill import Refill, refill, refill_pooled
from hinomi.sustain.split import most_rounds
from hinomi.sustain.stock import stocks

HELD, REFILL, NETWORK = "rounds held", "rounds made good", "network"
PARTS: Final = (HELD, REFILL, NETWORK)


@dataclass(frozen=True, kw_only=True)
class State:
    """One set of draws: what is made, held, paid."""

    asked: Asked
    vary: Vary
    production: Production

    @property
    def ranged(self) -> Sequence[Draws] | None:
        """Draws of ranged inputs; None where stated values hold."""
        return self.asked.draws if self.vary == "ranges" else None

    def spent(self, architecture: str) -> dict[Pair, Floats]:
        """(N,) rounds of each pair that one raid asks for."""
        if self.vary == "nothing":
            return self.asked.spent.mean(architecture)
        return self.asked.spent.drawn(
            architecture, self.asked.supply, self.asked.draws, ranges=self.vary == "ranges"
        )

    @cached_property
    def first_raid(self) -> dict[Pair, Floats]:
        """(N,) rounds of each pair that the first raid takes: no more than are there."""
        if not self.asked.raid_months:
            return {(h.owner, h.product): np.zeros(1) for h in self.asked.supply.holdings}
        held = {(h.owner, h.product): h.held for h in self.asked.supply.holdings}
        found = self.spent(self.asked.architecture.name)
        return {pair: np.minimum(rounds, held[pair]) for pair, rounds in found.items()}

    @cached_property
    def refill(self) -> dict[Pair, Refill]:
        """Months until the first raid is made good."""
        return refill(self.production, self.first_raid)

    @cached_property
    def pooled(self) -> dict[str, Floats]:
        """Months until all lines of a product have made what all owners spent."""
        return refill_pooled(self.production, self.first_raid)

    def stocks(self, architecture: str, *, transfers: bool) -> Stocks:
        """Stock of every pair under an architecture's use of rounds."""
        return stocks(
            self.asked.supply, self.production, spent=self.spent(architecture),
            raid_months=self.asked.raid_months, transfers=transfers, draws=self.ranged,
        )  # fmt: skip

    @cached_property
    def held(self) -> Stocks:
        """Stocks as asked."""
        return self.stocks(self.asked.architecture.name, transfers=self.asked.transfers)

    @cached_property
    def unit(self) -> dict[Pair, Floats]:
        """(N, M) price of one round of each pair by month, million of the base year."""
        return {(h.owner, h.product): self._unit(h.owner, h.product) for h in self.asked.supply.holdings}  # fmt: skip

    def _unit(self, owner: str, product: str) -> Floats:
        supply, made = self.asked.supply, self.production.made
        rows = [k for k, p in enumerate(supply.plants) if p.product == product]
        rows = [k for k in rows if supply.plants[k].owner == owner] or rows
        price = price_used(supply.prices, product)
        if not rows:
            return self._catalogue_price(price.unit_musd, price.price_year, price.name)
        costs = np.array(
            [
                unit_musd(supply.plants[k], price, made[k], money=supply.money, draws=self.ranged)
                for k in rows
            ]
        )
        costs = np.broadcast_to(costs, (len(rows), *made.shape[1:]))
        total = made[rows].sum(axis=0)
        weighted = (costs * made[rows]).sum(axis=0)
        out: Floats = np.divide(weighted, total, out=costs.mean(axis=0), where=total > 0.0)
        return out

    def _catalogue_price(self, span: tuple[float, float, float], year: int, name: str) -> Floats:
        found = to_base_year(
            numbers(span, f"price.{name}.unit_musd", self.ranged), from_year=year,
            money=self.asked.supply.money, draws=self.ranged,
        )  # fmt: skip
        n, months = self.production.made.shape[1:]
        out: Floats = np.broadcast_to(found[:, None], (n, months)).copy()
        return out

    def cost(self, found: Stocks) -> Floats:
        """(K, N, M) million paid for what each pair takes."""
        return np.array([found.delivered[k] * self.unit[p] for k, p in enumerate(found.pairs)])

    @cached_property
    def books(self) -> Books:
        """Ledger by owner of the stocks as asked."""
        cost = self.cost(self.held)
        orders: dict[str, Floats] = {}
        for k, (owner, product) in enumerate(self.held.pairs):
            ordered = order_months(cost[k], self._lead(owner, product), self.asked.raid_months)
            orders[owner] = orders.get(owner, 0.0) + ordered
        return books(orders, money=self.asked.supply.money)

    def _lead(self, owner: str, product: str) -> Floats:
        plants = self.asked.supply.plants
        rows = [k for k, p in enumerate(plants) if p.product == product]
        rows = [k for k in rows if plants[k].owner == owner] or rows
        if not rows:
            return np.zeros(1)
        out: Floats = self.production.lead_months[rows].max(axis=0)
        return out

    def life_cycle(self, architecture: Architecture) -> dict[str, Floats]:
        """Part -> (N,) million over the years asked: rounds held, rounds made good, network."""
        found = self.held
        if architecture.name != self.asked.architecture.name and self.asked.spent.from_run:
            found = self.stocks(architecture.name, transfers=self.asked.transfers)
        n = found.stock.shape[1]
        held = np.zeros(n)
        for k, pair in enumerate(found.pairs):
            held = held + found.stock[k, :, 0] * self.unit[pair][:, 0]
        network = network_price(self.asked.supply.network, architecture, self.ranged)
        years = self.asked.months / MONTHS
        return {
            HELD: held,
            REFILL: self.cost(found).sum(axis=(0, 2)),
            NETWORK: np.broadcast_to(network * years, n),
        }


@dataclass(frozen=True, kw_only=True)
class Solved:
    """The three states, and the same without anything taken away where something was."""

    asked: Asked
    stated: State
    ranges: State
    outages: State
    whole: State | None  # stated values with every supplier; None where nothing was taken away


def solve(asked: Asked) -> Solved:
    """Run production for stated values, drawn ranges and drawn outages."""

    def state(vary: Vary, without: Sequence[str]) -> State:
        production = produce(
            asked.supply, months=asked.months, draws=asked.draws, vary=vary, without=without
        )
        return State(asked=asked, vary=vary, production=production)

    return Solved(
        asked=asked,
        stated=state("nothing", asked.without),
        ranges=state("ranges", asked.without),
        outages=state("outages", asked.without),
        whole=state("nothing", ()) if asked.without else None,
    )


def best_split(solved: Solved) -> Mapping[str, tuple[float, float]]:
    """Product -> rounds over the horizon as shared, and under the split that makes most in all.

    Stated values; buffers are left out of both, so that one month does not hang on another.
    """
    asked = solved.asked
    web = web_of(asked.supply.plants, asked.supply.suppliers)
    bare = produce(asked.supply, months=asked.months, without=asked.without)
    wanted = bare.wanted[:, 0, :]
    capacity = _capacity(solved)
    best = most_rounds(web, wanted, capacity, np.zeros_like(capacity))
    out = {}
    for product in dict.fromkeys(bare.products):
        rows = [k for k, p in enumerate(bare.products) if p == product]
        out[product] = (float(bare.made[rows, 0].sum()), float(best[rows].sum()))
    return out


def _capacity(solved: Solved) -> Floats:
    """(V, M) parts that each supplier can make, stated values."""
    asked = solved.asked
    by_name = {s.name: s for s in asked.supply.suppliers}
    out = []
    for name in solved.stated.production.suppliers:
        ramp = by_name[name].ramp
        if name in asked.without:
            out.append(np.full(asked.months, PLENTY))
            continue
        found = ramp_by_month(
            rate_per_year=np.array([ramp.rate_per_year[1]]),
            target_per_year=np.array([ramp.target_per_year[1]]),
            from_month=np.array([ramp.from_month[1]]),
            months=np.array([ramp.months[1]]),
            last=asked.months,
        )
        out.append(found[0])
    return np.array(out).reshape(-1, asked.months)
