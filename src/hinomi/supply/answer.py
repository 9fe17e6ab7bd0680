"""A supply answered as one JSON-ready object: refill, stock, bottlenecks, money, what is left out."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import datetime
from itertools import pairwise
from typing import Any, Final

import numpy as np

from hinomi.records.columns import Floats
from hinomi.records.supply import Stocks
from hinomi.study.answer_files import told as interval_told
from hinomi.study.summary import interval_of
from hinomi.supply.asked import MONTHS
from hinomi.supply.bands import ASSUMPTIONS, CHANCE, band, number
from hinomi.supply.costs import costs
from hinomi.supply.solve import Solved, State, best_split
from hinomi.sustain.bottleneck import line_gain, longest, relief_ladder
from hinomi.sustain.cost import price_of
from hinomi.sustain.refill import Refill, refill
from hinomi.sustain.stock import first_short_month, months_to_requirement

SHARES: Final = (0.6, 0.7, 0.8, 0.9, 1.0, 1.5, 2.0, 3.0)  # of a supplier's capacity
LARGER: Final = 2.0  # how many times as large a licensed line is made
BASELINE: Final = "September 2025"  # month 0 of the catalogue's ramps
LEFT_OUT: Final = (
    "radars, satellites, ships, launchers and people of an architecture: only its rounds and what it"
    " shares are priced",
    "orders of other users: a line's whole output is there for the owners here until they lack"
    " nothing, which is too kind",
    "demand for parts outside these lines, second sources that may come, and strikes or halts that"
    " hit several suppliers together",
    "the value of what is defended: no figure here says whether a round was worth its price",
    "jobs: two sourced figures are among the public figures of the page; no multiplier is applied to them",
)


def told(solved: Solved) -> dict[str, Any]:
    """Give everything as one object; what never comes within the horizon is null."""
    asked = solved.asked
    scenario = asked.scenario
    return {
        "title": f"{scenario.name}: production, stock and money",
        "scenario": scenario.name,
        "variant": scenario.variant,
        "architecture": asked.architecture.name,
        "years": asked.months // MONTHS,
        "draws": len(asked.draws),
        "seed": asked.draws[0].seed,
        "month_0": f"the first raid; ramps of the catalogue count from {BASELINE}",
        "bands": {"assumptions": ASSUMPTIONS, "chance": CHANCE},
        "raids": {
            "months": list(asked.raid_months),
            "takes": asked.spent.words,
            "rounds": _rounds(solved),
        },
        "transfers_allowed": asked.transfers,
        "without": list(asked.without),
        "refill": _refill(solved),
        "run": _run(solved),
        "stock": _stock(solved),
        "transfers": _transfers(solved),
        "production": _production(solved),
        "titles": {x.name: x.title for x in asked.supply.plants}
        | {x.name: x.title for x in asked.supply.suppliers},
        "bottlenecks": _bottlenecks(solved),
        "relief": _relief(solved),
        "larger_line": _larger(solved),
        "sharing_rule": _sharing(solved),
        **costs(solved),
        "left_out": list(LEFT_OUT),
    }


def _rounds(solved: Solved) -> list[dict[str, Any]]:
    return [
        {"owner": pair[0], "product": pair[1]}
        | band(solved.stated.first_raid[pair], solved.ranges.first_raid[pair], solved.outages.first_raid[pair])
        for pair in solved.stated.first_raid
    ]  # fmt: skip


def _refill(solved: Solved) -> list[dict[str, Any]]:
    """Each stock's own lines, and all lines of the product together."""

    def of(state: State, pair: tuple[str, str]) -> Refill:
        return state.refill[pair]

    out = []
    for pair in solved.stated.refill:
        found = [of(s, pair) for s in (solved.stated, solved.ranges, solved.outages)]
        row: dict[str, Any] = {
            "owner": pair[0],
            "product": pair[1],
            "months": (months := band(*(x.months for x in found))),
            "full_again": _dates(solved.asked.scenario.epoch, months),
            "months_with_lead": band(*(x.with_lead for x in found)),
            "months_pooled": band(
                *(s.pooled[pair[1]] for s in (solved.stated, solved.ranges, solved.outages))
            )
            if _spends(solved, pair)
            else None,
        }
        if solved.whole is not None:
            row["months_with_everything"] = number(float(of(solved.whole, pair).months[0]))
        out.append(row)
    return out


def _spends(solved: Solved, pair: tuple[str, str]) -> bool:
    """Whether any raid takes rounds of a stock; what others spent says nothing about it otherwise."""
    states = (solved.stated, solved.ranges, solved.outages)
    return any(float(s.first_raid[pair].max()) > 0.0 for s in states)


def _run(solved: Solved) -> dict[str, Any] | None:
    """A run raid by raid as its report counts it: whole rounds, no premium of licensed lines.

    The months are those of the last stock to be full again, inputs as stated.
    """
    asked = solved.asked
    if not (asked.spent.from_run and asked.raid_months):
        return None
    rounds = asked.spent.rounds[asked.architecture.name]
    found = refill(solved.stated.production, rounds)
    months = np.max([x.months for x in found.values()], axis=0)
    industry = asked.scenario.industry
    cost = sum((n * price_of(industry, p[1]).unit_musd for p, n in rounds.items()), np.zeros(1))
    return {
        "months": interval_told(interval_of("refill_months", months)),
        "musd": interval_told(interval_of("cost_musd", cost)),
    }


def _dates(epoch: datetime, months: Mapping[str, Any]) -> dict[str, Any]:
    """Calendar months (YYYY-MM) in which a stock is full again; the first raid is the epoch's month."""

    def of(after: float | None) -> str | None:
        if after is None:
            return None
        years, month = divmod(epoch.month - 1 + math.ceil(after), 12)
        return f"{epoch.year + years:04d}-{month + 1:02d}"

    return {
        "value": of(months["value"]),
        "assumptions_median": of(months["assumptions_median"]),
        "assumptions": [of(x) for x in months["assumptions"]],
        "chance": [of(x) for x in months["chance"]],
    }


def _stock(solved: Solved) -> list[dict[str, Any]]:
    """Lowest stock, first raid that finds too little, months to what is required."""
    states = (solved.stated, solved.ranges, solved.outages)
    held = [s.held for s in states]
    need = [_months_to_requirement(x) for x in held]
    short = [first_short_month(x) for x in held]
    out = []
    for k, (owner, product) in enumerate(held[0].pairs):
        out.append(
            {
                "owner": owner,
                "product": product,
                "held": number(float(held[0].stock[k, 0, 0])),
                "required": number(float(held[0].required[k])),
                "lowest": band(*(_lowest(x, k) for x in held)),
                "months_to_requirement": band(*(x[k] for x in need)),
                "first_short_month": band(*(x[k] for x in short)),
                "rounds_short": band(*(x.short[k].sum(axis=1) for x in held)),
            }
        )
    return out


def _months_to_requirement(found: Stocks) -> Floats:
    """(K, N) months until a stock is at what is required; 0 where no raid takes any and none lacks."""
    months = months_to_requirement(found)
    idle = found.spent.sum(axis=2) <= 0.0
    out: Floats = np.where(idle & (months <= 1.0), 0.0, months)
    return out


def _lowest(found: Stocks, k: int) -> Floats:
    """(N,) least stock of a pair: at a month's end, or just after a raid."""
    after = found.stock[k, :, :-1] - found.spent[k]
    out: Floats = np.minimum(found.stock[k].min(axis=1), after.min(axis=1))
    return out


def _transfers(solved: Solved) -> list[dict[str, Any]]:
    """The same raids without transfers, with them, and with one common stock."""
    asked = solved.asked
    out = []
    for t in asked.supply.transfers:
        row: dict[str, Any] = {
            "name": t.name, "title": t.title, "product": t.product, "giver": t.giver, "taker": t.taker,
        }  # fmt: skip
        for word, allowed in (("off", False), ("on", True)):
            found = [
                s.stocks(asked.architecture.name, transfers=allowed)
                for s in (solved.stated, solved.ranges, solved.outages)
            ]
            need = [_months_to_requirement(x) for x in found]
            for end, owner in (("giver", t.giver), ("taker", t.taker)):
                pair = (owner, t.product)
                if pair not in found[0].pairs:
                    continue
                k = found[0].pairs.index(pair)
                row[f"{end}_months_{word}"] = band(*(x[k] for x in need))
                row[f"{end}_short_{word}"] = band(*(x.short[k].sum(axis=1) for x in found))
            if allowed and (t.giver, t.product) in found[0].pairs:
                k = found[0].pairs.index((t.giver, t.product))
                row["rounds_given"] = band(*(x.sent[k].sum(axis=1) for x in found))
        row["pooled_months"] = band(
            *(
                s.pooled.get(t.product, np.zeros(1))
                for s in (solved.stated, solved.ranges, solved.outages)
            )
        )
        out.append(row)
    return out


def _production(solved: Solved) -> list[dict[str, Any]]:
    """Rounds by line and year; orders under way for a steady line are rate times lead (Little)."""
    states = (solved.stated, solved.ranges, solved.outages)
    out = []
    for k, plant in enumerate(solved.asked.supply.plants):
        yearly = [_by_year(s.production.made[k]) for s in states]
        rate = [s.production.made[k][:, 0] * s.production.lead_months[k] for s in states]
        out.append(
            {
                "line": plant.name,
                "title": plant.title,
                "product": plant.product,
                "owner": plant.owner,
                "rounds": band(*(y.sum(axis=1) for y in yearly)),
                "rounds_by_year": [
                    band(*(y[:, i] for y in yearly)) for i in range(yearly[0].shape[1])
                ],
                "under_way": band(*rate),
            }
        )
    return out


def _by_year(made: Any) -> Any:
    return made.reshape(len(made), -1, MONTHS).sum(axis=2)


def _bottlenecks(solved: Solved) -> list[dict[str, Any]]:
    """Stretches of months with one binding supplier, stated values; empty name: the line itself."""
    found = solved.stated.production
    out = []
    for k, line in enumerate(found.lines):
        codes = found.limit[k, 0]
        turns = [0, *(np.flatnonzero(np.diff(codes)) + 1).tolist(), len(codes)]
        out.append(
            {
                "line": line,
                "binds_longest": longest(found, [k]),
                "stretches": [
                    {
                        "from_month": a + 1,
                        "to_month": b,
                        "supplier": found.suppliers[codes[a]] if codes[a] >= 0 else "",
                    }
                    for a, b in pairwise(turns)
                ],
            }
        )
    return out


def _relief(solved: Solved) -> list[dict[str, Any]]:
    """What taking one bottleneck away buys, and the next one."""
    asked = solved.asked
    out = []
    for product in dict.fromkeys(h.product for h in asked.supply.holdings):
        steps = relief_ladder(
            asked.supply, months=asked.months, product=product, without=asked.without
        )
        out.append(
            {
                "product": product,
                "steps": [
                    {
                        "taken_away": s.taken,
                        "rounds_gained": {w: number(x) for w, x in s.gained.items()},
                        "next": s.following,
                    }
                    for s in steps
                ],
            }
        )
    return out


def _larger(solved: Solved) -> list[dict[str, Any]]:
    """What a smaller line twice as large adds where it shares a supplier with a larger one."""
    asked = solved.asked
    out = []
    for product in dict.fromkeys(h.product for h in asked.supply.holdings):
        lines = [p for p in asked.supply.plants if p.product == product]
        if len(lines) < 2:
            continue
        small = min(lines, key=lambda p: p.ramp.rate_per_year[1])
        common = [
            name for name, _ in small.needs
            if all(name in dict(p.needs) for p in lines)
        ]  # fmt: skip
        if not common:
            continue
        supplier = longest(solved.stated.production, _rows(solved, product)) or common[0]
        if supplier not in common:
            supplier = common[0]
        found = line_gain(
            asked.supply, months=asked.months, line=small.name, factor=LARGER, supplier=supplier,
            shares=SHARES,
        )  # fmt: skip
        out.append(
            {
                "product": product,
                "line": small.name,
                "times": LARGER,
                "supplier": supplier,
                "points": [
                    {"capacity_share": s, "rounds": number(r), "rounds_added": number(g)}
                    for s, r, g in found
                ],
            }
        )
    return out


def _rows(solved: Solved, product: str) -> list[int]:
    return [k for k, p in enumerate(solved.asked.supply.plants) if p.product == product]


def _sharing(solved: Solved) -> dict[str, Any]:
    """Rounds that the rule of equal shares gives away against the best split of parts."""
    return {
        "rule": "a part that is short is shared in proportion to what lines ask for",
        "products": [
            {"product": w, "rounds": number(a), "most_in_all_rounds": number(b)}
            for w, (a, b) in best_split(solved).items()
        ],
    }
