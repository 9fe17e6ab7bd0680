"""Which supplier binds when, what taking it away buys, and which one binds next."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np

from hinomi.records.columns import Floats
from hinomi.records.supply import ITSELF, Production, Supply
from hinomi.sustain.produce import produce


@dataclass(frozen=True, slots=True, kw_only=True)
class Relief:
    """One bottleneck taken away after another, stated values."""

    taken: str  # supplier
    gained: Mapping[str, float]  # product -> rounds more over the horizon, this step alone
    following: str  # what then binds the same line longest; empty: the line itself


def binding(production: Production, line: int) -> dict[str, Floats]:
    """Supplier -> (M,) share of draws in which it holds this line back; "" is the line itself."""
    limit = production.limit[line]
    out = {"": (limit == ITSELF).mean(axis=0)}
    for v, name in enumerate(production.suppliers):
        share = (limit == v).mean(axis=0)
        if share.any():
            out[name] = share
    return out


def longest(production: Production, lines: Collection[int]) -> str:
    """Name the supplier that takes most rounds from these lines; empty where none takes any."""
    lost = np.zeros(len(production.suppliers))
    for k in lines:
        missing = production.wanted[k] - production.made[k]
        for v in range(len(lost)):
            lost[v] += missing[production.limit[k] == v].sum()
    return production.suppliers[int(lost.argmax())] if lost.size and lost.max() > 1e-6 else ""


def relief_ladder(
    supply: Supply,
    *,
    months: int,
    product: str,
    steps: int = 3,
    without: Collection[str] = (),
    scale: Mapping[str, float] | None = None,
) -> tuple[Relief, ...]:
    """Take away what binds a product's lines, again and again, until the lines bind themselves."""
    taken = list(without)
    now = produce(supply, months=months, without=taken, scale=scale)
    rows = [k for k, what in enumerate(now.products) if what == product]
    out = []
    for _ in range(steps):
        name = longest(now, rows)
        if not name:
            break
        taken.append(name)
        after = produce(supply, months=months, without=taken, scale=scale)
        gained = {
            what: float(
                sum(
                    (after.made[k] - now.made[k]).sum()
                    for k, w in enumerate(now.products)
                    if w == what
                )
            )
            for what in dict.fromkeys(now.products)
        }
        out.append(
            Relief(
                taken=name,
                gained={w: x for w, x in gained.items() if abs(x) > 1e-6},
                following=longest(after, rows),
            )
        )
        now = after
    return tuple(out)


def line_gain(
    supply: Supply,
    *,
    months: int,
    line: str,
    factor: float,
    supplier: str,
    shares: Collection[float],
) -> tuple[tuple[float, float, float], ...]:
    """Rounds that a larger line adds by the capacity of one supplier, all who need it together.

    For each share of that supplier's capacity: (share, rounds with the line as it is, rounds more
    with the line `factor` times as large), summed over every line that draws on the supplier. With
    one bottleneck and no substitute the second is 0: that is what fixed bills of material say.
    """
    users = [k for k, p in enumerate(supply.plants) if supplier in dict(p.needs)]
    out = []
    for share in shares:
        found = [
            produce(supply, months=months, scale={supplier: share, line: size})
            for size in (1.0, factor)
        ]
        rounds = [float(x.made[users].sum()) for x in found]
        out.append((share, rounds[0], rounds[1] - rounds[0]))
    return tuple(out)
