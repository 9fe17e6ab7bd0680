"""Small supplies by hand: every range a point unless a test says otherwise."""

import pytest

from hinomi.records.supply import Holding, Money, Plant, PriceRange, Ramp, Supplier, Supply


def point(x):
    return (x, x, x) if isinstance(x, int | float) else x


def ramp(rate, target=None, start=0.0, months=0.0):
    return Ramp(
        rate_per_year=point(rate),
        target_per_year=point(rate if target is None else target),
        from_month=point(start),
        months=point(months),
    )


def plant(name, product, owner, capacity, *, needs=(), lead=0.0, **more):
    return Plant(
        name=name, title=name, product=product, owner=owner, ramp=capacity, lead_months=point(lead),
        needs=tuple(needs), **more,
    )  # fmt: skip


def supplier(name, capacity, *, needs=(), **more):
    return Supplier(name=name, title=name, ramp=capacity, needs=tuple(needs), **more)


MONEY = Money(
    currency="USD", price_year=2025, inflation_per_year=point(0.02), per_usd={"JPY": (120.0, 150.0, 160.0)},
    outlay_profile=(0.15, 0.35, 0.30, 0.15, 0.05), obligation_profile=(0.8, 0.2),
)  # fmt: skip


def supply(plants=(), suppliers=(), *, holdings=(), transfers=(), loss=0.0, prices=None, **more):
    products = {p.product for p in plants} | {h[1] for h in holdings}
    if prices is None:
        prices = [
            PriceRange(name=f"{p}_unit", product=p, unit_musd=point(4.0), basis="unit cost",
                       price_year=2025, used=True)
            for p in sorted(products)
        ]  # fmt: skip
    return Supply(
        plants=tuple(plants), suppliers=tuple(suppliers), transfers=tuple(transfers),
        holdings=tuple(
            Holding(owner=o, product=p, held=float(n), required=float(n)) for o, p, n in holdings
        ),
        prices=tuple(prices), network=(), budgets=(), money=more.pop("money", MONEY),
        loss_per_year=point(loss), raid_share=point(0.25), **more,
    )  # fmt: skip


class Build:
    point, ramp, plant = staticmethod(point), staticmethod(ramp), staticmethod(plant)
    supplier, supply, money = staticmethod(supplier), staticmethod(supply), MONEY


@pytest.fixture(scope="session")
def build():
    return Build
