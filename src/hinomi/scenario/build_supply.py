"""From a checked scenario to what production draws on: suppliers, lines, stock, prices, money."""

from __future__ import annotations

from collections.abc import Mapping

from hinomi.errors import ScenarioError
from hinomi.records.supply import (
    NOTHING,
    ONE,
    BudgetLine,
    Holding,
    Money,
    NetworkItem,
    Plant,
    PriceRange,
    Ramp,
    Supplier,
    Supply,
    Transfer,
)
from hinomi.scenario.catalogue_schema import LineClass, SupplierClass
from hinomi.scenario.quantity import Quantity
from hinomi.scenario.schema import ScenarioText
from hinomi.scenario.supply_schema import MoneySection, SupplySection


def supply(full: ScenarioText) -> Supply:
    """Everything that refilling draws on; `full` is the scenario with its whole catalogue.

    Raises
    ------
    ScenarioError
        when a section is missing, or an owner is no nation of the scenario.
    """
    given, money, catalogue = full.supply, full.money, full.catalogue
    if given is None or money is None:
        raise ScenarioError(f"{full.name}: sections supply and money are missing; add them")
    lines = {n: catalogue.line[n] for n in given.lines}
    reached = _reached(lines, catalogue.supplier)
    return Supply(
        plants=tuple(_plant(n, x) for n, x in lines.items()),
        suppliers=tuple(_supplier(n, x) for n, x in catalogue.supplier.items() if n in reached),
        transfers=tuple(_transfers(full, given)),
        holdings=_holdings(full, given),
        prices=tuple(_prices(full)),
        network=tuple(
            NetworkItem(
                name=n, title=x.title, flag=x.flag, musd_per_year=x.price_musd_per_year.triangle
            )
            for n, x in catalogue.network.items()
        ),
        budgets=tuple(_budgets(full, given)),
        money=_money(money),
        loss_per_year=given.loss_per_year.triangle,
        raid_share=given.raid_share.triangle,
        threat_musd={n: x.unit_musd.triangle for n, x in catalogue.threat_cost.items()},
    )


def _ramp(given: LineClass | SupplierClass) -> Ramp:
    return Ramp(
        rate_per_year=given.rate_per_year.triangle,
        target_per_year=given.target_per_year.triangle,
        from_month=given.ramp_from_month.triangle,
        months=given.ramp_months.triangle,
    )


def _needs(given: Mapping[str, Quantity] | None) -> tuple[tuple[str, float], ...]:
    return tuple((name, units.value) for name, units in (given or {}).items())


def _plant(name: str, given: LineClass) -> Plant:
    return Plant(
        name=name,
        title=given.title,
        product=given.product,
        owner=given.owner,
        ramp=_ramp(given),
        lead_months=given.lead_months.triangle,
        needs=_needs(given.needs),
        learning_slope=given.learning_slope.triangle if given.learning_slope else ONE,
        units_before=given.units_before.value if given.units_before else 1.0,
        premium=given.premium.triangle if given.premium else ONE,
    )


def _supplier(name: str, given: SupplierClass) -> Supplier:
    return Supplier(
        name=name,
        title=given.title,
        ramp=_ramp(given),
        needs=_needs(given.needs),
        buffer=given.buffer.triangle if given.buffer else NOTHING,
        outages_per_year=given.outages_per_year.triangle,
        outage_months=given.outage_months.triangle,
    )


def _reached(lines: Mapping[str, LineClass], suppliers: Mapping[str, SupplierClass]) -> set[str]:
    """Suppliers that some line needs, directly or not."""
    waiting = [name for line in lines.values() for name in line.needs or {}]
    found: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += suppliers[name].needs
    return found


def _holdings(full: ScenarioText, given: SupplySection) -> tuple[Holding, ...]:
    """Stocks as stated; otherwise what the batteries carry, which is then required too."""
    held: dict[tuple[str, str], float] = {}
    for battery in full.batteries:
        for weapon, rounds in battery.magazines.items():
            key = (battery.owner, full.catalogue.interceptor[weapon].product)
            held[key] = held.get(key, 0.0) + rounds.ready.value + rounds.reserve.value
    out = {k: (n, n) for k, n in held.items()}
    for i, stock in enumerate(given.stocks):
        if stock.owner not in full.nations:
            raise ScenarioError(
                f"supply.stocks[{i}].owner is {stock.owner!r}; it must be a nation of this"
                f" scenario: {', '.join(full.nations)}"
            )
        out[(stock.owner, stock.product)] = (stock.held.value, stock.required.value)
    return tuple(
        Holding(owner=owner, product=product, held=now, required=wanted)
        for (owner, product), (now, wanted) in sorted(out.items())
        if now > 0.0 or wanted > 0.0
    )


def _transfers(full: ScenarioText, given: SupplySection) -> list[Transfer]:
    """Transfers between nations of this scenario."""
    out = []
    for name in given.transfers:
        x = full.catalogue.transfer[name]
        if x.giver in full.nations and x.taker in full.nations:
            out.append(
                Transfer(
                    name=name,
                    title=x.title,
                    product=x.product,
                    giver=x.giver,
                    taker=x.taker,
                    per_year=x.per_year.triangle,
                    delay_months=x.delay_months.triangle,
                    floor_share=x.floor_share.triangle,
                )
            )
    return out


def _prices(full: ScenarioText) -> list[PriceRange]:
    return [
        PriceRange(
            name=name,
            product=x.product,
            unit_musd=x.unit_musd.triangle,
            basis=x.basis,
            price_year=int(x.price_year.value),
            used=name in full.industry.prices,
        )
        for name, x in full.catalogue.price.items()
    ]


def _budgets(full: ScenarioText, given: SupplySection) -> list[BudgetLine]:
    return [
        BudgetLine(
            name=name,
            title=x.title,
            owner=x.owner,
            amount_million=x.amount_million.triangle,
            currency=x.currency,
            period=x.period,
            note=x.note,
        )
        for name, x in ((n, full.catalogue.budget[n]) for n in given.budgets)
    ]


def _money(given: MoneySection) -> Money:
    inflation = given.inflation_per_year
    return Money(
        currency=given.currency,
        price_year=int(given.price_year.value),
        inflation_per_year=inflation.triangle if inflation else None,
        per_usd={name: x.triangle for name, x in given.per_usd.items()},
        outlay_profile=tuple(x.value for x in given.outlay_profile or ()),
        obligation_profile=tuple(x.value for x in given.obligation_profile or ()),
    )
