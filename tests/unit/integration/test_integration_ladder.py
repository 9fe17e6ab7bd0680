"""Tipping points, bootstrap intervals and the price: against closed forms."""

import math

import numpy as np
import pytest

from hinomi.integration.ladder import DECISION, FACTORS, LINK, rungs, slower, tipping
from hinomi.integration.price import price
from hinomi.integration.resample import mean_intervals
from hinomi.integration.words import price_words
from hinomi.scenario.load import load
from hinomi.study.statistics import Interval, t_interval


def gain(low, value=None, high=9.0):
    return Interval(
        value=low + 1 if value is None else value, low=low, high=high, n=9, method="", statistic=""
    )


def test_a_bound_that_is_linear_in_the_logarithm_tips_exactly_where_it_crosses():
    """Bound = 2 - log2(factor) is zero at a factor of 4."""
    factors = (1.0, 2.0, 8.0, 16.0)
    found = tipping(factors, [gain(2.0 - math.log2(f)) for f in factors])
    assert found.reached
    assert not found.at_start
    assert found.factor == pytest.approx(4.0)
    assert (found.low, found.high) == (2.0, 8.0)


def test_a_gain_that_stays_is_not_reached_and_one_that_never_was_says_so():
    stays = tipping((1.0, 2.0), [gain(1.0), gain(0.5)])
    assert not stays.reached
    assert stays.low == 2.0
    never = tipping((1.0, 2.0), [gain(0.0), gain(0.5)])
    assert never.at_start
    bare = tipping((1.0, 2.0), [gain(math.nan), gain(math.nan)])
    assert not bare.reached
    assert math.isnan(bare.low)


def test_rungs_slow_one_thing_and_leave_the_rest():
    top = load("okinawa-2025").architectures["integrated"]
    link, decision = slower(top, LINK, 5.0), slower(top, DECISION, 2.0)
    assert link.relay_s == (5.0, 10.0, 25.0)
    assert link.warning_relay_s == (5.0, 10.0, 25.0)
    assert link.decide_s == top.decide_s
    assert decision.decide_s == (20.0, 60.0, 120.0)
    assert decision.relay_s == top.relay_s
    assert len(rungs(top)) == len(FACTORS[LINK]) + len(FACTORS[DECISION])


def test_bootstrap_agrees_with_students_interval_on_many_normal_values():
    x = np.random.Generator(np.random.Philox(key=[7, 7])).normal(3.0, 2.0, 400)
    found, t = mean_intervals({"x": x})["x"], t_interval(x)
    assert found.value == pytest.approx(t.value)
    assert found.low == pytest.approx(t.low, abs=0.03)
    assert found.high == pytest.approx(t.high, abs=0.03)


def test_columns_are_resampled_together_so_parts_sum_in_every_resample():
    x = np.random.Generator(np.random.Philox(key=[1, 2])).normal(0.0, 1.0, 30)
    found = mean_intervals({"x": x, "minus": -x, "none": 0.0 * x})
    assert found["minus"].low == pytest.approx(-found["x"].high)
    assert (found["none"].low, found["none"].high) == (0.0, 0.0)


def test_one_replicate_has_a_value_and_no_interval_and_none_has_neither():
    one = mean_intervals({"x": np.array([4.0])})["x"]
    assert one.value == 4.0
    assert math.isnan(one.low)
    assert math.isnan(mean_intervals({"x": np.array([])})["x"].value)


def test_price_by_hand():
    """20 to 150 million, half a leaker fewer: 260 a leaker. Parts add up, so low goes with low."""
    bill = price((5.0, 20.0, 50.0), (60.0, 150.0, 400.0), gain(0.25, 0.5, 1.0))
    assert bill.extra_musd == (55.0, 130.0, 350.0)
    assert bill.per_unit_musd == (55.0, 260.0, 1400.0)


def test_a_gain_that_may_be_none_has_no_upper_price():
    bill = price((0.0, 0.0, 0.0), (1.0, 2.0, 3.0), gain(-0.1, 0.5, 1.0))
    assert bill.per_unit_musd[2] == math.inf
    lost = price((0.0, 0.0, 0.0), (1.0, 2.0, 3.0), gain(-2.0, -1.0, -0.5))
    assert lost.per_unit_musd == (math.inf, math.inf, math.inf)


def test_a_cheaper_network_asks_nothing_for_each_unit_and_its_band_is_in_order():
    """10 to 30 million taken away and 5 to 9 put there: no price of a gain, never a negative one."""
    bill = price((10.0, 20.0, 30.0), (5.0, 8.0, 9.0), gain(0.5, 1.0, 2.0))
    assert bill.extra_musd == (-21.0, -12.0, -5.0)
    assert bill.per_unit_musd == (0.0, 0.0, 0.0)
    partly = price((10.0, 20.0, 30.0), (5.0, 19.0, 40.0), gain(0.5, 1.0, 2.0))
    assert partly.per_unit_musd == (0.0, 0.0, 20.0)


def test_the_same_network_costs_nothing_more():
    band = (50.0, 150.0, 400.0)
    assert price(band, band, gain(0.1)).extra_musd == (0.0, 0.0, 0.0)


def test_the_extra_price_is_that_of_the_parts_that_are_added():
    """Launch events at 20 (5 to 50) are in both; what is added sums to 130 (45 to 350)."""
    shared = (5.0, 20.0, 50.0)
    added = ((15.0, 40.0, 100.0), (15.0, 50.0, 130.0), (5.0, 20.0, 60.0), (10.0, 20.0, 60.0))
    low, value, high = (sum(part) for part in zip(shared, *added, strict=True))
    assert price(shared, (low, value, high), gain(1.0)).extra_musd == (45.0, 130.0, 350.0)


def test_a_band_that_shrinks_still_holds_its_value():
    """Ends apart by 10 and 20, values by 5: the value is the low end, not outside its band."""
    assert price((0.0, 15.0, 20.0), (10.0, 20.0, 40.0), gain(1.0)).extra_musd == (5.0, 5.0, 20.0)


@pytest.mark.parametrize(
    ("low", "p", "shown"), [(0.2, 0.01, True), (-0.1, 0.3, False), (0.2, 0.06, False)]
)
def test_a_price_of_a_leaker_fewer_is_given_only_where_raids_show_fewer(low, p, shown):
    """Interval and sign flips must both agree; otherwise the yearly price stands alone."""
    gain = {"value": 0.5, "low": low, "high": 0.9, "n": 6, "p_sign_flip": p}
    bill = {"extra_musd_per_year": [45.0, 130.0, 350.0], "leakers_fewer": gain,
            "musd_per_year_per_leaker_fewer": [50.0, 260.0, 1750.0]}  # fmt: skip
    words = price_words({"price": bill})
    assert "130 million USD a year more (45 to 350, assumed)" in words
    assert ("260 million USD of the network's yearly price" in words) == shown
    assert ("6 raids do not show that fewer threats get through" in words) != shown
