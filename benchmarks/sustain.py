"""Time of the monthly model: 10 years, 12 products, 40 suppliers, 1,000 draws; target 10 s on two cores.

Elapsed and processor time, compilation apart.

    python benchmarks/sustain.py --draws 200     fewer draws
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from hinomi.records.supply import Holding, Money, Plant, Ramp, Supplier, Supply
from hinomi.study.seeds import AddressedDraws
from hinomi.sustain.produce import produce
from hinomi.sustain.stock import stocks

MONTHS, PRODUCTS, SUPPLIERS = 120, 12, 40
TARGET_S = 10.0


def supply() -> Supply:
    """A graph with shared parts in two tiers; every input with a range."""
    rng = np.random.default_rng(1)
    tier = SUPPLIERS // 4

    def ramp(low: float, value: float, high: float) -> Ramp:
        return Ramp(
            rate_per_year=(low, value, high), target_per_year=(1.2 * low, 1.5 * value, 2.0 * high),
            from_month=(0.0, 10.0, 20.0), months=(10.0, 20.0, 30.0),
        )  # fmt: skip

    suppliers = [
        Supplier(
            name=f"s{i}", title="", ramp=ramp(300.0, 500.0, 900.0), buffer=(0.0, 20.0, 40.0),
            outages_per_year=(0.0, 0.25, 1.0), outage_months=(1.0, 2.0, 6.0),
            needs=tuple((f"s{j}", 1.0) for j in rng.choice(tier, 2, replace=False)) if i >= tier else (),
        )
        for i in range(SUPPLIERS)
    ]  # fmt: skip
    plants = [
        Plant(
            name=f"l{k}", title="", product=f"p{k}", owner="A", ramp=ramp(60.0, 100.0, 150.0),
            lead_months=(20.0, 24.0, 36.0),
            needs=tuple((f"s{j}", 1.0) for j in tier + rng.choice(SUPPLIERS - tier, 4, replace=False)),
        )
        for k in range(PRODUCTS)
    ]  # fmt: skip
    return Supply(
        plants=tuple(plants), suppliers=tuple(suppliers), transfers=(), prices=(), network=(), budgets=(),
        holdings=tuple(
            Holding(owner="A", product=f"p{k}", held=200.0, required=300.0) for k in range(PRODUCTS)
        ),
        money=Money(
            currency="USD", price_year=2025, inflation_per_year=None, per_usd={},
            outlay_profile=(1.0,), obligation_profile=(1.0,),
        ),
        loss_per_year=(0.01, 0.02, 0.04), raid_share=(0.25, 0.25, 0.25),
    )  # fmt: skip


def timed(what: str, run: Callable[[], Any]) -> Any:
    begin_s, cpu_s = time.perf_counter(), time.process_time()
    out = run()
    spent, cpu = time.perf_counter() - begin_s, time.process_time() - cpu_s
    print(f"{what:<60}{spent:>8.2f} s  processor {cpu:.2f} s")
    return out


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--draws", type=int, default=1000)
    given = parser.parse_args()
    model = supply()
    draws = [AddressedDraws(1, n) for n in range(given.draws)]
    timed(
        "first month, with compilation where the cache is empty",
        lambda: [produce(model, months=1, draws=draws[:2], vary=v) for v in ("ranges", "outages")],
    )
    size = f"{MONTHS} months, {PRODUCTS} products, {SUPPLIERS} suppliers, {given.draws} draws"
    for vary in ("ranges", "outages"):
        made = timed(
            f"{size}: {vary}",
            lambda vary=vary: produce(model, months=MONTHS, draws=draws, vary=vary),
        )
    spent = {(h.owner, h.product): np.array([50.0]) for h in model.holdings}
    timed(
        "stocks through ten yearly raids",
        lambda: stocks(
            model, made, spent=spent, raid_months=range(0, MONTHS, 12), transfers=False
        ),
    )  # fmt: skip
    print(f"target for each kind of draw: {TARGET_S:g} s")


if __name__ == "__main__":
    main()
