"""What holds for any supply: nothing from nothing, ledgers to zero, order of months and owners."""

from itertools import pairwise

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from hinomi.records.supply import Holding, Money, Plant, Ramp, Supplier, Supply, Transfer
from hinomi.sustain.books import balances, books
from hinomi.sustain.graph import cycle_in, upstream_first
from hinomi.sustain.produce import produce
from hinomi.sustain.refill import refill, refill_pooled
from hinomi.sustain.stock import stocks

MONTHS = 24


def point(x):
    return (x, x, x)


def money(outlay=(1.0,), obligation=(1.0,)):
    return Money(
        currency="USD", price_year=2025, inflation_per_year=None, per_usd={}, outlay_profile=outlay,
        obligation_profile=obligation,
    )  # fmt: skip


rates = st.floats(0.0, 600.0)
ramps = st.builds(
    lambda a, b, c, d: Ramp(
        rate_per_year=point(a), target_per_year=point(b), from_month=point(c), months=point(d)
    ),
    rates, rates, st.floats(0.0, 20.0), st.floats(0.0, 20.0),
)  # fmt: skip


@st.composite
def supplies(draw):
    """Draw up to four suppliers below one another, three lines, two owners, one transfer."""
    suppliers = tuple(
        Supplier(
            name=f"s{i}", title="", ramp=draw(ramps), buffer=point(draw(st.floats(0.0, 30.0))),
            needs=tuple((f"s{j}", draw(st.sampled_from((0.5, 1.0, 2.0)))) for j in range(i) if draw(st.booleans())),
        )
        for i in range(draw(st.integers(0, 4)))
    )  # fmt: skip
    plants = tuple(
        Plant(
            name=f"l{k}", title="", product="A", owner=owner, ramp=draw(ramps), lead_months=point(6.0),
            needs=tuple((s.name, 1.0) for s in suppliers if draw(st.booleans())),
        )
        for k, owner in enumerate(("us", "jp", "us"))
    )  # fmt: skip
    held = st.integers(0, 200)
    return Supply(
        plants=plants,
        suppliers=suppliers,
        transfers=(
            Transfer(
                name="t", title="", product="A", giver="jp", taker="us", per_year=point(draw(rates)),
                delay_months=point(draw(st.floats(0.0, 12.0))), floor_share=point(draw(st.floats(0.0, 1.0))),
            ),
        ),
        holdings=tuple(
            Holding(owner=o, product="A", held=float(draw(held)), required=float(draw(held)))
            for o in ("us", "jp")
        ),
        prices=(), network=(), budgets=(), money=money(), loss_per_year=point(draw(st.floats(0.0, 0.2))),
        raid_share=point(0.25),
    )  # fmt: skip


@settings(max_examples=40, deadline=None, derandomize=True)
@given(supplies())
def test_parts_balance_and_nobody_makes_more_than_its_capacity(supply):
    found = produce(supply, months=MONTHS)
    assert (found.made <= found.wanted + 1e-9).all()
    assert found.made.min(initial=0.0) >= 0.0
    assert found.used.min(initial=0.0) >= 0.0
    at = {name: i for i, name in enumerate(found.suppliers)}
    taken = np.zeros(found.used.shape)
    for k, plant in enumerate(supply.plants):
        for name, units in plant.needs:
            taken[at[name]] += units * found.made[k]
    for supplier in supply.suppliers:
        for name, units in supplier.needs:
            taken[at[name]] += units * found.used[at[supplier.name]]
    for supplier in supply.suppliers:
        v = at[supplier.name]
        left = supplier.buffer[1] + np.cumsum(found.used[v, 0] - taken[v, 0])
        np.testing.assert_allclose(left, found.buffer[v, 0], atol=1e-6)
        assert left.max() <= supplier.buffer[1] + 1e-6


@settings(max_examples=40, deadline=None, derandomize=True)
@given(supplies(), st.integers(0, 150), st.booleans())
def test_every_stock_balances_and_is_never_negative(supply, asked, allowed):
    found = stocks(
        supply,
        produce(supply, months=MONTHS),
        spent={("us", "A"): np.array([float(asked)]), ("jp", "A"): np.array([asked / 2.0])},
        raid_months=(0, 5, 11),
        transfers=allowed,
    )
    moved = found.delivered + found.received - found.sent - found.spent - found.lost
    np.testing.assert_allclose(found.stock[:, :, :-1] + moved, found.stock[:, :, 1:], atol=1e-7)
    assert found.stock.min() >= -1e-7
    assert (found.spent + found.short).sum() == np.float64(3 * 1.5 * asked)
    assert (found.received.sum() - found.sent.sum()) <= 1e-7  # what is on its way is not there
    assert np.cumsum(found.sent.sum(axis=0) - found.received.sum(axis=0)).min() >= -1e-7


@settings(max_examples=40, deadline=None, derandomize=True)
@given(supplies(), st.integers(1, 150))
def test_one_common_stock_never_waits_longer_than_the_slowest_owner(supply, asked):
    made = produce(supply, months=MONTHS)
    spent = {("us", "A"): np.array([float(asked)]), ("jp", "A"): np.array([asked / 3.0])}
    slowest = max(x.months[0] for x in refill(made, spent).values())
    assert refill_pooled(made, spent)["A"][0] <= slowest


profiles = st.lists(st.floats(0.01, 1.0), min_size=1, max_size=6).map(
    lambda x: tuple(np.array(x) / sum(x))
)


@settings(max_examples=40, deadline=None, derandomize=True)
@given(st.lists(st.floats(0.0, 1e4), min_size=1, max_size=50), profiles, profiles)
def test_the_ledger_ends_at_zero(orders, outlay, obligation):
    found = books({"us": np.array([orders])}, money=money(outlay, obligation))
    unobligated, unpaid = balances(found)
    scale = 1e-9 * (1.0 + sum(orders))
    assert abs(unobligated[0, 0, -1]) <= scale
    assert abs(unpaid[0, 0, -1]) <= scale
    assert min(unobligated.min(), unpaid.min()) >= -scale
    assert abs(found.appropriated_musd.sum() - sum(orders)) <= scale


names = st.sampled_from("abcdef")


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.dictionaries(names, st.lists(names, max_size=3), max_size=6))
def test_either_there_is_an_order_or_a_circle_and_the_circle_is_one(needs):
    needs = {name: [o for o in others if o in needs] for name, others in needs.items()}
    circle = cycle_in(needs)
    if not circle:
        order = upstream_first(needs)
        assert all(order.index(o) < order.index(n) for n, others in needs.items() for o in others)
        return
    assert circle[0] == circle[-1]
    assert all(b in needs[a] for a, b in pairwise(circle))
