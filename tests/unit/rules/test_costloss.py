"""Which rule is cheapest at which price: by hand, and against trying every price."""

import math

import numpy as np
import pytest

from hinomi.rules.costloss import by_price, cheapest

KEYS = ("never", "narrow", "wide", "poor", "everybody")
NEEDLESS = np.array([0.0, 100.0, 1000.0, 600.0, 50_000.0])
UNSERVED = np.array([50.0, 20.0, 10.0, 19.0, 9.0])


def test_corners_by_hand():
    """50 - 20 people for 100 alerts: 0.3; 10 for 900: 1/90; 1 for 49,000; 'poor' is never best."""
    best = by_price(KEYS, NEEDLESS, UNSERVED)
    assert [b.key for b in best] == ["never", "narrow", "wide", "everybody"]
    assert best[0].price_high == math.inf
    assert best[0].price_low == best[1].price_high == pytest.approx(0.3)
    assert best[1].price_low == pytest.approx(1 / 90)
    assert best[2].price_low == pytest.approx(1 / 49_000)
    assert best[3].price_low == 0.0


@pytest.mark.parametrize("seed", range(5))
def test_the_corners_agree_with_trying_prices(seed):
    """For any price the hull's choice has the least expense of all."""
    rng = np.random.Generator(np.random.Philox(seed))
    keys = [f"rule {i}" for i in range(30)]
    x, y = rng.uniform(0, 1e6, 30), rng.uniform(0, 1e4, 30)
    best = by_price(keys, x, y)
    for price in np.geomspace(1e-6, 10.0, 60):
        (chosen,) = [b.key for b in best if b.price_low < price <= b.price_high]
        expense = price * x + y
        assert expense[keys.index(chosen)] == pytest.approx(expense.min(), rel=1e-9)
        assert cheapest(keys, x, y, price) == chosen


def test_on_a_tie_the_narrower_rule_is_named():
    assert cheapest(("wide", "narrow"), np.array([9.0, 5.0]), np.array([1.0, 1.0]), 0.0) == "narrow"
    equal = by_price(("a", "b"), np.array([5.0, 5.0]), np.array([3.0, 2.0]))
    assert [b.key for b in equal] == ["b"]
