"""Production by month: ramps, outages and shared suppliers, for every draw at once."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Final, Literal, TypeAlias

import numpy as np

from hinomi.errors import ScenarioError
from hinomi.records.columns import Floats
from hinomi.records.draws import Draws
from hinomi.records.supply import Production, Ramp, Supplier, Supply
from hinomi.sustain.capacity import pairs_needed, ramp_by_month, up_share
from hinomi.sustain.drawn import KIND, numbers
from hinomi.sustain.flow import flow, web_of

Vary: TypeAlias = Literal["nothing", "ranges", "outages"]
# More parts a month than any line asks for: a supplier that is taken away as a limit.
PLENTY: Final = 1e12


def produce(
    supply: Supply,
    *,
    months: int,
    draws: Sequence[Draws] = (),
    vary: Vary = "nothing",
    without: Collection[str] = (),
    scale: Mapping[str, float] | None = None,
) -> Production:
    """Rounds that each line delivers in each month, and what binds it.

    Published rates count deliveries, so a line delivers at once what its parts allow; the lead
    time of an order stands beside it.

    Parameters
    ----------
    months
        how many months from the first raid.
    draws
        one for each draw; used by `vary` only.
    vary
        "nothing": stated values, one draw. "ranges": every ranged input drawn, no outages.
        "outages": stated values, outages drawn. The two are never mixed.
    without
        suppliers or lines taken away as a limit.
    scale
        supplier or line -> factor on its capacity.

    Raises
    ------
    ScenarioError
        for an unknown supplier or a circle among them, or a name that is not there.
    """
    web = web_of(supply.plants, supply.suppliers)
    factors = dict(scale or {})
    _known([*without, *factors], supply)
    ranged = draws if vary == "ranges" else None
    n = len(draws) if vary != "nothing" else 1
    by_name = {s.name: s for s in supply.suppliers}
    nodes = [by_name[name] for name in web.suppliers]

    def capacity(kind: str, name: str, ramp: Ramp) -> Floats:
        if name in without:
            return np.full((n, months), PLENTY)
        ramped = _ramp(ramp, f"{kind}.{name}", months, ranged) * factors.get(name, 1.0)
        return np.broadcast_to(ramped, (n, months))

    parts = np.array([capacity("supplier", s.name, s.ramp) for s in nodes])
    if vary == "outages":
        parts = parts * np.array([_outages(s, months, draws) for s in nodes])
    lines = np.array([capacity("line", p.name, p.ramp) for p in supply.plants])
    full = np.array(
        [np.broadcast_to(numbers(s.buffer, f"supplier.{s.name}.buffer", ranged), n) for s in nodes]
    )
    lead = [numbers(p.lead_months, f"line.{p.name}.lead_months", ranged) for p in supply.plants]
    found = flow(
        web, lines.reshape(-1, n, months), parts.reshape(-1, n, months), full.reshape(-1, n)
    )
    return Production(
        lines=tuple(p.name for p in supply.plants),
        products=tuple(p.product for p in supply.plants),
        owners=tuple(p.owner for p in supply.plants),
        suppliers=web.suppliers,
        made=found.made,
        wanted=lines.reshape(-1, n, months),
        limit=found.limit,
        used=found.used,
        buffer=found.buffer,
        lead_months=np.array([np.broadcast_to(x, n) for x in lead]).reshape(-1, n),
    )


def _ramp(ramp: Ramp, entity: str, months: int, draws: Sequence[Draws] | None) -> Floats:
    drawn = {
        name: numbers(getattr(ramp, name), f"{entity}.{name}", draws)
        for name in ("rate_per_year", "target_per_year", "from_month", "months")
    }
    return ramp_by_month(**drawn, last=months)


def _outages(supplier: Supplier, months: int, draws: Sequence[Draws]) -> Floats:
    per_year, length = supplier.outages_per_year[1], supplier.outage_months[1]
    count = 2 * pairs_needed(per_year, months)
    entity = f"supplier.{supplier.name}.outages"
    return np.array(
        [
            up_share(
                d.uniforms(KIND, entity, count),
                per_year=per_year,
                mean_months=length,
                last=months,
            )
            for d in draws
        ]
    )


def _known(names: Collection[str], supply: Supply) -> None:
    there = [s.name for s in supply.suppliers] + [p.name for p in supply.plants]
    for name in names:
        if name not in there:
            raise ScenarioError(
                f"no supplier or line {name!r}; there are {', '.join(there) or 'none'}"
            )
