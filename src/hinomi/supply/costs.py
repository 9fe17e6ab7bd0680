"""Money in an answer: prices by basis, yearly ledger, life cycle, network, exchange, budget lines."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import numpy as np

from hinomi.errors import ScenarioError
from hinomi.records.engagements import Weapon
from hinomi.records.flights import GLIDE_KIND
from hinomi.records.supply import ONE, Pair, PriceRange, Range
from hinomi.supply.asked import MONTHS
from hinomi.supply.bands import band, number
from hinomi.supply.solve import PARTS, Solved
from hinomi.supply.spent import counted
from hinomi.sustain.books import balances
from hinomi.sustain.money import (
    exchange_band,
    network_span,
    price_used,
    to_base_year,
    to_dollars,
)

CAVEAT: Final = (
    "Prices of threats are assumed, a factor of five wide: only the band means anything. A salvo is price"
    " over price, whether it stops the body or not. It leaves out the value of what is defended, which is"
    " what a defence is bought for."
)


def costs(solved: Solved) -> dict[str, Any]:
    """All parts of the answer that are money, in one currency and one price year."""
    money = solved.asked.supply.money
    inflation = money.inflation_per_year
    return {
        "money": {
            "currency": money.currency,
            "price_year": money.price_year,
            "inflation_per_year": list(inflation) if inflation else None,
            "per_usd": {name: list(x) for name, x in money.per_usd.items()},
            "outlay_profile": list(money.outlay_profile),
            "obligation_profile": list(money.obligation_profile),
        },
        "raid_cost": _raid_cost(solved),
        "yearly": _yearly(solved),
        "life_cycle": _life_cycle(solved),
        "network": _network(solved),
        "exchange": _exchange(solved),
        "budget_lines": _budgets(solved),
    }


def _raid_cost(solved: Solved) -> list[dict[str, Any]]:
    """Price of one raid's rounds on every basis: each its own row, never mixed.

    The basis that counts by owner, because a licensed round costs more; the others as they are
    stated, for all owners together.
    """
    out = []
    for n, price, owner in _raid_rows(solved):
        premium = _premium(solved, (owner, price.product)) if owner else ONE
        low, value, high = _times(_base(solved, price.unit_musd, price.price_year), premium)
        out.append(
            {
                "owner": owner,
                "product": price.product,
                "price": price.name,
                "basis": price.basis,
                "price_year": price.price_year,
                "used": price.used,
                "rounds": number(n),
                "premium": [number(x, 2) for x in premium],
                "unit_musd": [number(x, 2) for x in (low, value, high)],
                "musd": [number(n * x) for x in (low, value, high)],
            }
        )
    return out


def _raid_rows(solved: Solved) -> Iterator[tuple[float, PriceRange, str]]:
    """Rounds, price, owner; no owner: of all."""
    spent = {pair: float(x[0]) for pair, x in solved.stated.first_raid.items()}
    for price in solved.asked.supply.prices:
        mine = {owner: n for (owner, what), n in spent.items() if what == price.product}
        if price.used:
            yield from ((n, price, owner) for owner, n in mine.items())
        elif mine:
            yield sum(mine.values()), price, ""


def _premium(solved: Solved, pair: Pair) -> Range:
    """What the lines that make a pair's rounds cost over the price, weighted by their first month."""
    plants = solved.asked.supply.plants
    rows = [k for k, p in enumerate(plants) if p.product == pair[1]]
    rows = [k for k in rows if plants[k].owner == pair[0]] or rows
    if not rows:
        return ONE
    made = solved.stated.production.made[rows, 0, 0]
    weights = made if made.sum() > 0.0 else None
    found = np.average([plants[k].premium for k in rows], axis=0, weights=weights)
    return float(found[0]), float(found[1]), float(found[2])


def _times(a: Range, b: Range) -> Range:
    return a[0] * b[0], a[1] * b[1], a[2] * b[2]


def _base(solved: Solved, span: Range, year: int) -> Range:
    """Range in the base year's prices, inflation as stated."""
    found = to_base_year(np.array(span), from_year=year, money=solved.asked.supply.money)
    return float(found[0]), float(found[1]), float(found[2])


def _yearly(solved: Solved) -> list[dict[str, Any]]:
    """Ledger by owner and year from the first raid; `then_year` in the money of that year."""
    states = [s.books for s in (solved.stated, solved.ranges, solved.outages)]
    money = solved.asked.supply.money
    rise = money.inflation_per_year[1] if money.inflation_per_year else 0.0
    first = solved.asked.scenario.epoch.year - money.price_year
    unobligated, unpaid = balances(states[0])
    out = []
    for k, owner in enumerate(states[0].owners):
        for year in range(states[0].outlaid_musd.shape[2]):
            outlaid = band(*(s.outlaid_musd[k, :, year] for s in states))
            factor = (1.0 + rise) ** (first + year)
            out.append(
                {
                    "owner": owner,
                    "year": year,
                    "appropriated_musd": band(*(s.appropriated_musd[k, :, year] for s in states)),
                    "obligated_musd": band(*(s.obligated_musd[k, :, year] for s in states)),
                    "outlaid_musd": outlaid,
                    "outlaid_then_year_musd": number(
                        float(states[0].outlaid_musd[k, 0, year]) * factor
                    ),
                    "unobligated_musd": number(float(unobligated[k, 0, year])),
                    "unpaid_musd": number(float(unpaid[k, 0, year])),
                }
            )
    return out


def _life_cycle(solved: Solved) -> list[dict[str, Any]]:
    """Cost of each architecture over the years asked, by part and in all."""
    out = []
    for architecture in solved.asked.architectures:
        found = [s.life_cycle(architecture) for s in (solved.stated, solved.ranges, solved.outages)]
        whole = [sum(x.values(), np.zeros(1)) for x in found]
        out.append(
            {
                "architecture": architecture.name,
                "label": architecture.label,
                "total_musd": band(*whole),
                "parts_musd": {part: band(*(x[part] for x in found)) for part in PARTS},
            }
        )
    return out


def _network(solved: Solved) -> dict[str, Any]:
    """Yearly price of each shared thing, and of each architecture's flags together."""
    supply = solved.asked.supply
    years = solved.asked.months / MONTHS
    return {
        "items": [
            {
                "name": x.name,
                "title": x.title,
                "flag": x.flag,
                "musd_per_year": [number(v) for v in x.musd_per_year],
            }
            for x in supply.network
        ],
        "architectures": [
            {
                "architecture": a.name,
                "musd_per_year": [number(v) for v in network_span(supply.network, a)],
                "musd": [number(v * years) for v in network_span(supply.network, a)],
                "as_stated_musd_per_year": [number(v) for v in a.network_cost_musd],
            }
            for a in solved.asked.architectures
        ],
    }


def _exchange(solved: Solved) -> dict[str, Any]:
    """Cost exchange as a band, the basis named, the caveat with it."""
    asked = solved.asked
    classes = dict(asked.spent.threats or counted(asked.scenario.threats))
    out: dict[str, Any] = {"caveat": CAVEAT, "threats": classes, "band": None, "marginal": []}
    missing = [c for c in classes if c not in asked.supply.threat_musd]
    if missing or not classes:
        out["reason"] = (
            f"no price of a threat of class {', '.join(missing)}" if missing else "no threats"
        )
        return out
    cost, bases = _rounds_cost(solved)
    out["bases"] = bases
    if asked.spent.from_run and sum(cost) > 0.0:
        out["band"] = [
            number(x, 2)
            for x in exchange_band(cost, threats=classes, threat_musd=asked.supply.threat_musd)
        ]
        stopped = sum(classes.values()) - asked.spent.leakers[asked.architecture.name]
        out["rounds_musd"] = [number(x) for x in cost]
        if stopped > 0.0:
            out["musd_per_leaker_avoided"] = [number(x / stopped) for x in cost]
    else:
        out["reason"] = "the band over a raid needs the rounds of a run: give --from-run DIR"
    out["marginal"] = _marginal(solved, classes)
    return out


def _rounds_cost(solved: Solved) -> tuple[Range, list[str]]:
    """Price of the first raid's rounds, licensed ones with their premium: all low, as stated, all high."""
    total, bases = [0.0, 0.0, 0.0], []
    for pair, x in solved.stated.first_raid.items():
        price = price_used(solved.asked.supply.prices, pair[1])
        premium = _premium(solved, pair)
        dearer = f", {pair[0]}'s times {premium[1]:g}" if premium[1] != 1.0 else ""
        bases.append(f"{pair[1]}: {price.basis}, {price.price_year}{dearer}")
        span = _times(_base(solved, price.unit_musd, price.price_year), premium)
        total = [t + float(x[0]) * s for t, s in zip(total, span, strict=True)]
    return (total[0], total[1], total[2]), list(dict.fromkeys(bases))


def _marginal(solved: Solved, classes: dict[str, float]) -> list[dict[str, Any]]:
    """One salvo fired at one body that it could stop: price over price, without premium."""
    asked = solved.asked
    out = []
    products = {h.product for h in asked.supply.holdings}
    for weapon in asked.scenario.weapons.values():
        if weapon.product not in products:
            continue
        price = price_used(asked.supply.prices, weapon.product)
        unit = _base(solved, price.unit_musd, price.price_year)
        salvo = float(weapon.salvo)
        cost = (salvo * unit[0], salvo * unit[1], salvo * unit[2])
        for name in classes:
            if not _could_stop(solved, weapon, name):
                continue
            found = exchange_band(cost, threats={name: 1.0}, threat_musd=asked.supply.threat_musd)
            row = {
                "product": weapon.product,
                "weapon": weapon.name,
                "salvo": salvo,
                "class": name,
                "basis": f"{price.basis}, {price.price_year}",
                "ratio": [number(x, 2) for x in found],
            }
            out.append(row)
    return out


def _could_stop(solved: Solved, weapon: Weapon, name: str) -> bool:
    """Whether the catalogue gives the weapon any chance against a class."""
    glides = solved.asked.scenario.classes[name].kind == GLIDE_KIND
    return (weapon.kill_glide if glides else weapon.kill_ballistic) > 0.0


def _budgets(solved: Solved) -> list[dict[str, Any]]:
    """Public budget figures, beside the model, in their currency and in dollars."""
    money = solved.asked.supply.money
    out = []
    for line in solved.asked.supply.budgets:
        dollars = to_dollars(line.amount_million, currency=line.currency, money=money)
        if not all(np.isfinite(dollars)):
            raise ScenarioError(f"{line.name}: its amount is no number")
        out.append(
            {
                "name": line.name,
                "title": line.title,
                "owner": line.owner,
                "period": line.period,
                "million": list(line.amount_million),
                "currency": line.currency,
                "musd": [number(x) for x in dollars],
                "note": line.note,
            }
        )
    return out
