"""The ledger: it balances, and its clock and its prices follow the lines and the catalogue."""

from __future__ import annotations

import math

import numpy as np
import pytest

from hinomi.errors import ScenarioError
from hinomi.records.ledger import Industry, Line, Price
from hinomi.sustain.account import account


def line(product="A", owner="us", rate=120.0, target=None, start=0.0, ramp=12.0, lead=30.0):
    return Line(
        product=product,
        owner=owner,
        rate_per_year=rate,
        target_per_year=rate if target is None else target,
        ramp_from_month=start,
        ramp_months=ramp,
        lead_months=lead,
    )


def industry(*lines, price=4.0, horizon=120):
    prices = tuple(
        Price(product=p, unit_musd=price, basis="unit", price_year=2024) for p in ("A", "B")
    )
    return Industry(lines=lines, prices=prices, horizon_months=horizon, currency="USD")


SPENT, STOCK = {("us", "A"): 25}, {("us", "A"): 40, ("jp", "A"): 10}


def test_every_row_balances_and_rows_join_up():
    """Opening + produced - spent = closing; openings are closings before; full at the end."""
    ledger = account(
        {("us", "A"): 25, ("jp", "A"): 7}, STOCK, industry(line(), line(owner="jp", rate=10.0))
    )
    np.testing.assert_allclose(
        ledger.opening + ledger.produced - ledger.spent, ledger.closing, atol=1e-9
    )
    for owner, full in (("us", 40.0), ("jp", 10.0)):
        rows = [i for i, who in enumerate(ledger.owner) if who == owner]
        np.testing.assert_allclose(ledger.opening[rows[1:]], ledger.closing[rows[:-1]])
        assert ledger.closing[rows[-1]] == pytest.approx(full)
        assert ledger.month[rows].tolist() == list(range(len(rows)))


def test_months_are_those_of_the_slowest_pair():
    """25 rounds at 10 a month: 3 months; 7 rounds at 10 a year: 9 months; lead time on top."""
    fast = account(SPENT, STOCK, industry(line()))
    assert (fast.refill_months, fast.refill_months_with_lead) == (3.0, 33.0)
    both = account(
        SPENT | {("jp", "A"): 7}, STOCK, industry(line(), line(owner="jp", rate=10.0, lead=12.0))
    )
    assert (both.refill_months, both.refill_months_with_lead) == (9.0, 33.0)


def test_rounds_ordered_after_the_raid_come_at_the_rate_after_the_lead_time():
    """12 to 48 a year over 36 months: 8 rounds in 6.3 months (t + t^2/24 = 8); ordered, at 4 a month, in 2."""
    growing = line(rate=12.0, target=48.0, ramp=36.0, lead=36.0)
    found = account({("us", "A"): 8}, STOCK, industry(growing))
    assert (found.refill_months, found.refill_months_with_lead) == (7.0, 38.0)
    shrinking = line(rate=48.0, target=12.0, ramp=36.0, lead=36.0)
    found = account({("us", "A"): 8}, STOCK, industry(shrinking))
    assert (found.refill_months, found.refill_months_with_lead) == (3.0, 44.0)


def test_of_two_lines_the_faster_one_delivers_alone_until_the_other_may():
    """10 a month after 6 months, 10 more after 9: 30 are there in month 9, 45 in 10."""
    both = industry(line(lead=6.0), line(lead=9.0))
    assert account({("us", "A"): 45}, {("us", "A"): 45}, both).refill_months_with_lead == 10.0


def test_prices_of_two_years_are_not_added_up():
    prices = tuple(
        Price(product=p, unit_musd=1.0, basis="unit", price_year=y)
        for p, y in (("A", 2024), ("B", 2025))
    )
    mixed = Industry(lines=(line(),), prices=prices, horizon_months=12, currency="USD")
    with pytest.raises(ScenarioError, match="prices are of 2024, 2025"):
        account(SPENT, STOCK, mixed)


def test_an_owner_without_a_line_waits_behind_the_line_owner():
    """25 for the line's owner and 7 more for the other at 10 a month: 4 months; alone: 1 month."""
    both = account(SPENT | {("jp", "A"): 7}, STOCK, industry(line()))
    assert both.refill_months == 4.0
    assert account({("jp", "A"): 7}, STOCK, industry(line())).refill_months == 1.0


def test_nothing_spent_takes_no_time_and_costs_nothing():
    ledger = account({}, STOCK, industry(line()))
    assert (ledger.refill_months, ledger.refill_months_with_lead) == (0.0, 0.0)
    assert ledger.cost_musd.sum() == 0.0
    assert (ledger.closing == ledger.opening).all()


def test_a_product_that_no_line_makes_is_never_refilled():
    ledger = account(SPENT, STOCK, industry(line(product="B")))
    assert ledger.refill_months == math.inf
    assert ledger.refill_months_with_lead == math.inf
    assert ledger.closing[-1] == 15.0


def test_rows_stop_at_the_horizon_while_the_months_count_on():
    ledger = account(SPENT, STOCK, industry(line(rate=12.0), horizon=6))
    assert ledger.refill_months == 25.0
    assert ledger.month.max() == 6.0


def test_cost_is_rounds_at_catalogue_price_and_doubles_with_it():
    once, twice = (
        account(SPENT, STOCK, industry(line(), price=p)).cost_musd.sum() for p in (4.0, 8.0)
    )
    assert once == pytest.approx(25 * 4.0)
    assert twice == pytest.approx(2 * once)


def test_mistakes_are_named():
    with pytest.raises(ScenarioError, match="'C' has no price"):
        account({("us", "C"): 1}, {("us", "C"): 2}, industry(line()))
    with pytest.raises(ValueError, match="us spent 41 rounds of A out of 40"):
        account({("us", "A"): 41}, STOCK, industry(line()))
