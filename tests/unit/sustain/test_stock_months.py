"""Stock by owner: it balances, transfers obey their limits, refill months are those on paper."""

import math
from dataclasses import replace

import numpy as np
import pytest

from hinomi.records.ledger import Industry, Line, Price
from hinomi.records.supply import Transfer
from hinomi.sustain.account import account
from hinomi.sustain.produce import produce
from hinomi.sustain.refill import after_lead, months_until, refill, refill_pooled
from hinomi.sustain.stock import first_short_month, months_to_requirement, stocks


def held(supply, *, months=24, spent, raids=(0,), transfers=False):
    made = produce(supply, months=months)
    rounds = {pair: np.array([float(n)]) for pair, n in spent.items()}
    return stocks(supply, made, spent=rounds, raid_months=raids, transfers=transfers)


def balanced(found):
    before, after = found.stock[:, :, :-1], found.stock[:, :, 1:]
    moved = found.delivered + found.received - found.sent - found.spent - found.lost
    np.testing.assert_allclose(before + moved, after, atol=1e-9)
    assert after.min() >= -1e-9


def two(build, **more):
    return build.supply(
        [build.plant("u", "A", "us", build.ramp(120)), build.plant("j", "A", "jp", build.ramp(24))],
        holdings=[("us", "A", 40), ("jp", "A", 60)],
        **more,
    )


def gift(build, *, per_year=36.0, delay=6.0, floor=0.5):
    return Transfer(
        name="t", title="t", product="A", giver="jp", taker="us", per_year=build.point(per_year),
        delay_months=build.point(delay), floor_share=build.point(floor),
    )  # fmt: skip


def test_a_stock_falls_by_the_raid_and_climbs_at_the_rate_of_its_own_line(build):
    found = held(two(build), spent={("us", "A"): 25, ("jp", "A"): 10})
    balanced(found)
    us = found.pairs.index(("us", "A"))
    np.testing.assert_allclose(found.stock[us, 0, :5], [40, 25, 35, 40, 40])
    jp = found.pairs.index(("jp", "A"))
    np.testing.assert_allclose(found.stock[jp, 0, :7], [60, 52, 54, 56, 58, 60, 60])
    assert months_to_requirement(found)[:, 0].tolist() == [3.0, 5.0]


def test_an_empty_stock_cannot_fire_and_the_month_is_told(build):
    """Four raids of 25, three months apart, against 40 and 10 a month less 2 needed."""
    supply = build.supply([build.plant("u", "A", "us", build.ramp(24))], holdings=[("us", "A", 40)])
    found = held(supply, spent={("us", "A"): 25}, raids=(0, 3, 6))
    balanced(found)
    np.testing.assert_allclose(found.spent[0, 0, [0, 3, 6]], [25, 21, 6])
    np.testing.assert_allclose(found.short[0, 0, [0, 3, 6]], [0, 4, 19])
    assert first_short_month(found)[0, 0] == 3.0


def test_an_owner_without_a_line_takes_what_line_owners_leave(build):
    supply = build.supply(
        [build.plant("u", "A", "us", build.ramp(120))],
        holdings=[("us", "A", 40), ("jp", "A", 20)],
    )
    found = held(supply, spent={("us", "A"): 25, ("jp", "A"): 15})
    us, jp = (found.pairs.index((o, "A")) for o in ("us", "jp"))
    np.testing.assert_allclose(found.stock[us, 0, 1:5], [25, 35, 40, 40])
    np.testing.assert_allclose(found.stock[jp, 0, 1:5], [5, 5, 10, 20])


def test_shelf_life_takes_its_share_in_a_year_and_the_line_makes_it_good(build):
    bare = build.supply([], holdings=[("us", "A", 100)], loss=0.02)
    found = held(bare, spent={}, raids=(), months=24)
    balanced(found)
    np.testing.assert_allclose(found.stock[0, 0, [12, 24]], [98.0, 96.04])


def test_a_transfer_moves_no_more_than_rate_floor_and_lack_allow(build):
    """jp may go down to 30: it gives 3 a month while us lacks; what is sent arrives 6 months later."""
    supply = two(build, transfers=[gift(build)])
    slow = build.supply(
        [build.plant("j", "A", "jp", build.ramp(0))], holdings=[("us", "A", 40), ("jp", "A", 60)],
        transfers=[gift(build)],
    )  # fmt: skip
    found = held(slow, spent={("us", "A"): 40}, transfers=True)
    balanced(found)
    us, jp = (found.pairs.index((o, "A")) for o in ("us", "jp"))
    assert found.sent[jp].sum() == pytest.approx(30.0)
    np.testing.assert_allclose(found.sent[jp, 0, :10], 3.0)
    np.testing.assert_allclose(found.received[us, 0, 6:16], 3.0)
    assert found.received[us, 0, :6].sum() == 0.0
    assert found.stock[jp].min() == pytest.approx(30.0)
    off = held(slow, spent={("us", "A"): 40})
    assert off.sent.sum() == 0.0
    none = held(supply, spent={}, raids=(), transfers=True)
    assert none.sent.sum() == 0.0


def test_what_is_under_way_is_not_sent_twice(build):
    """us lacks 9 and its line is at rest: exactly 9 are sent, however long the way."""
    supply = build.supply(
        [build.plant("j", "A", "jp", build.ramp(0))], holdings=[("us", "A", 40), ("jp", "A", 60)],
        transfers=[gift(build, per_year=120.0, delay=9.0)],
    )  # fmt: skip
    found = held(supply, spent={("us", "A"): 9}, transfers=True)
    assert found.sent.sum() == pytest.approx(9.0)
    assert found.received.sum() == pytest.approx(9.0)


def test_refill_months_are_those_of_the_ledger_of_a_run(build):
    """The same lines, the same raid: `account` and the monthly model agree on every month."""
    supply = build.supply(
        [
            build.plant("u", "A", "us", build.ramp(100, 160, 5, 20), lead=27),
            build.plant("j", "A", "jp", build.ramp(30, 60, 16, 24), lead=30),
            build.plant("k", "B", "us", build.ramp(20, 25, 0, 12), lead=12),
        ]
    )
    spent = {("us", "A"): 200, ("jp", "A"): 75, ("us", "B"): 31, ("kr", "A"): 40}
    made = produce(supply, months=120)
    found = refill(made, {pair: np.array([float(n)]) for pair, n in spent.items()})
    lines = tuple(
        Line(
            product=p.product, owner=p.owner, rate_per_year=p.ramp.rate_per_year[1],
            target_per_year=p.ramp.target_per_year[1], ramp_from_month=p.ramp.from_month[1],
            ramp_months=p.ramp.months[1], lead_months=p.lead_months[1],
        )
        for p in supply.plants
    )  # fmt: skip
    prices = tuple(Price(product=p, unit_musd=1.0, basis="", price_year=2025) for p in "AB")
    industry = Industry(lines=lines, prices=prices, horizon_months=120, currency="USD")
    ledger = account(spent, spent, industry)
    assert max(x.months[0] for x in found.values()) == ledger.refill_months
    assert max(x.with_lead[0] for x in found.values()) == ledger.refill_months_with_lead
    for pair, rounds in spent.items():
        if pair[0] != "kr":
            alone = account({pair: rounds}, {pair: rounds}, industry).refill_months
            assert found[pair].months[0] == alone


@pytest.mark.parametrize("lead", [0.0, 0.5, 7.25, 30.0, 119.5])
def test_what_is_ordered_at_a_steady_rate_comes_after_lead_time_and_rounds_over_rate(lead):
    """3 a month: 20 rounds ordered in month 0 are there in month lead + 6.67, or never."""
    made = np.full((1, 2, 120), 3.0)
    found = after_lead(made, np.array([[lead, lead]]))[0, 0]
    months = np.arange(1, 121)
    np.testing.assert_allclose(found, 3.0 * np.maximum(months - lead, 0.0), atol=1e-9)


def test_one_common_stock_is_full_no_later_than_the_slowest(build):
    made = produce(two(build), months=60)
    spent = {("us", "A"): np.array([25.0]), ("jp", "A"): np.array([30.0])}
    assert {k: x.months[0] for k, x in refill(made, spent).items()} == {
        ("us", "A"): 3.0,
        ("jp", "A"): 15.0,
    }
    assert refill_pooled(made, spent)["A"][0] == 5.0  # 55 at 12 a month


def test_what_never_comes_is_infinite_and_nothing_takes_no_time():
    made = np.full((1, 12), 2.0)
    assert months_until(made, np.array([25.0]))[0] == math.inf
    assert months_until(made, np.array([24.0]))[0] == 12.0
    assert months_until(made, np.array([0.0]))[0] == 0.0


def test_two_gifts_to_one_owner_do_not_fill_the_same_gap_twice(build):
    """us lacks 10 and makes none; jp and kr may each give 10: together they send 10, not 20."""
    gifts = [
        replace(gift(build, per_year=120.0, delay=3.0, floor=0.0), name=f"of {giver}", giver=giver)
        for giver in ("jp", "kr")
    ]
    supply = build.supply(
        [build.plant("u", "B", "us", build.ramp(0.0))],
        holdings=[("us", "A", 10), ("jp", "A", 60), ("kr", "A", 60)],
        transfers=gifts,
    )
    found = held(supply, spent={("us", "A"): 10}, transfers=True)
    balanced(found)
    us = found.pairs.index(("us", "A"))
    np.testing.assert_allclose(found.sent.sum(axis=(0, 2)), [10.0])
    np.testing.assert_allclose(found.stock[us, 0, -1], 10.0)


def test_lines_do_not_wait_for_a_gift_on_its_way(build):
    """A gift of half a year's voyage must not make an owner later than without it."""
    spent = {("us", "A"): 40}
    alone = held(two(build), spent=spent)
    helped = held(two(build, transfers=[gift(build, per_year=120.0)]), spent=spent, transfers=True)
    us = alone.pairs.index(("us", "A"))
    assert helped.sent.sum() > 0
    assert months_to_requirement(helped)[us, 0] <= months_to_requirement(alone)[us, 0] == 4.0
