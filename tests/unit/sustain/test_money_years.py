"""Money: three accounts of one sum, learning by Wright, years and currencies only as stated."""

import math
from dataclasses import replace

import numpy as np
import pytest

from hinomi.errors import ScenarioError
from hinomi.records.supply import PriceRange
from hinomi.sustain.books import balances, books, order_months, spread
from hinomi.sustain.money import (
    LAST_UNIT_LEARNT,
    exchange_band,
    learnt,
    price_used,
    to_base_year,
    to_dollars,
    unit_musd,
)


def test_every_dollar_appropriated_is_obligated_and_paid(build):
    orders = {"us": np.array([[10.0] * 30, [3.0] * 30]), "jp": np.zeros((2, 30))}
    found = books(orders, money=build.money)
    for name in ("appropriated_musd", "obligated_musd", "outlaid_musd"):
        np.testing.assert_allclose(getattr(found, name).sum(axis=2)[0], [300.0, 90.0])
    unobligated, unpaid = balances(found)
    assert unobligated.min() >= -1e-9
    assert unpaid.min() >= -1e-9
    np.testing.assert_allclose(unobligated[:, :, -1], 0.0, atol=1e-9)
    np.testing.assert_allclose(unpaid[:, :, -1], 0.0, atol=1e-9)


def test_one_order_is_paid_by_the_profile(build):
    """100 in year 0: obligated 80, 20; paid .15 .35 .30 .15 .05 of each."""
    order = np.zeros((1, 12))
    order[0, 3] = 100.0
    found = books({"us": order}, money=build.money)
    np.testing.assert_allclose(found.appropriated_musd[0, 0], [100, 0, 0, 0, 0, 0])
    np.testing.assert_allclose(found.obligated_musd[0, 0], [80, 20, 0, 0, 0, 0])
    np.testing.assert_allclose(found.outlaid_musd[0, 0], [12, 31, 31, 18, 7, 1])
    np.testing.assert_allclose(spread(np.array([2.0, 4.0]), (0.5, 0.5)), [1.0, 3.0, 2.0])


def test_a_profile_that_does_not_add_up_is_refused(build):
    money = replace(build.money, outlay_profile=(0.5, 0.4))
    with pytest.raises(ScenarioError, match=r"money.outlay_profile adds up to 0.9"):
        books({"us": np.zeros((1, 12))}, money=money)


def test_orders_stand_a_lead_time_before_but_not_before_the_raid():
    cost = np.zeros((1, 40))
    cost[0, [2, 30, 36]] = 1.0, 2.0, 4.0
    found = order_months(cost, np.array([10.0]), (0, 24))
    assert {m: x for m, x in enumerate(found[0]) if x} == {0: 1.0, 24: 2.0, 26: 4.0}
    assert found.sum() == cost.sum()


def test_learning_is_wrights_law_relative_to_a_stated_unit_and_then_flat():
    """Unit 1000 over unit 1 at slope .9: .350; beyond unit 5000 nothing more."""
    one = learnt(np.array([1000.0]), slope=np.array([0.9]), reference=1.0)[0]
    assert one == pytest.approx(0.350, abs=5e-4)
    assert one == pytest.approx(1000.0 ** math.log2(0.9))
    doubled = learnt(np.array([800.0]), slope=np.array([0.92]), reference=400.0)
    assert doubled[0] == pytest.approx(0.92)
    far = learnt(np.array([LAST_UNIT_LEARNT, 1e6]), slope=np.array([0.9]), reference=1.0)
    assert far[0] == far[1]
    assert learnt(np.array([9e3]), slope=np.array([0.9]), reference=6e3)[0] == 1.0


def price(**more):
    given = {
        "name": "p", "product": "A", "unit_musd": (4.0, 4.0, 4.0), "basis": "unit", "price_year": 2025,
        "used": True,
    }  # fmt: skip
    return PriceRange(**(given | more))


def test_a_licensed_round_costs_its_premium_and_falls_as_units_are_made(build):
    plant = build.plant(
        "j", "A", "jp", build.ramp(0), learning_slope=build.point(0.9), units_before=100.0,
        premium=build.point(1.3),
    )  # fmt: skip
    made = np.full((1, 2), 200.0)  # middle of month 2: unit 400, two doublings
    found = unit_musd(plant, price(), made, money=build.money)
    assert found[0, 1] == pytest.approx(4.0 * 1.3 * 0.9**2)
    old = unit_musd(plant, price(price_year=2020), made, money=build.money)
    np.testing.assert_allclose(old, found * 1.02**5)


def test_prices_of_two_years_need_an_inflation(build):
    money = replace(build.money, inflation_per_year=None)
    assert to_base_year(np.array([3.0]), from_year=2025, money=money)[0] == 3.0
    with pytest.raises(ScenarioError, match=r"2019 and of 2025 are mixed; state money.inflation"):
        to_base_year(np.array([3.0]), from_year=2019, money=money)


def test_a_currency_needs_a_rate_and_its_range_widens_the_amount(build):
    assert to_dollars((300.0, 300.0, 300.0), currency="JPY", money=build.money) == (
        300 / 160, 2.0, 2.5,
    )  # fmt: skip
    assert to_dollars((1.0, 2.0, 3.0), currency="USD", money=build.money) == (1.0, 2.0, 3.0)
    with pytest.raises(ScenarioError, match=r"no exchange rate for EUR; state money.per_usd.EUR"):
        to_dollars((1.0, 1.0, 1.0), currency="EUR", money=build.money)


def test_one_basis_a_product():
    prices = [price(), price(name="q", basis="contract", used=False)]
    assert price_used(prices, "A").name == "p"
    with pytest.raises(ScenarioError, match="2 prices are used for A"):
        price_used([price(), price(name="q")], "A")
    with pytest.raises(ScenarioError, match="0 prices are used for B"):
        price_used(prices, "B")


def test_cost_exchange_is_a_band_over_both_prices():
    """Rounds 80 (60-100) over 8 bodies of 5 (2-10): 60 / 80 = 0.75 to 100 / 16 = 6.25."""
    low, value, high = exchange_band(
        (60.0, 80.0, 100.0), threats={"x": 8.0}, threat_musd={"x": (2.0, 5.0, 10.0)}
    )
    assert (low, value, high) == pytest.approx((0.75, 2.0, 6.25))
    with pytest.raises(ScenarioError, match="no price of a threat of class y"):
        exchange_band((1.0, 1.0, 1.0), threats={"y": 1.0}, threat_musd={})
