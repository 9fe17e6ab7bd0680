"""Effects and verdicts read from tables whose answers are known."""

import numpy as np
import pytest

from hinomi.sensitivity.band import spread
from hinomi.sensitivity.keys import Key
from hinomi.sensitivity.reading import (
    APPEARS,
    HOLDS,
    LOST,
    OPEN,
    TURNS,
    figure,
    leading,
    verdict,
)
from hinomi.settings.points import Point
from hinomi.settings.target import Target
from hinomi.study.statistics import Interval, t_interval
from hinomi.study.summary import Measured

N = 20
CHANCE = np.random.default_rng(5).normal(0.0, 1.0, N)
A, B = Target(top="A"), Target(top="A", bottom="B")


def key(name, low=0.0, high=2.0):
    return Key(
        name=name, value=1.0, low=low, high=high, unit="1", grade="assumed", source="a test",
        drawn=False, touches="warning",
    )  # fmt: skip


def table(**points):
    """A and B as they are, and A at points; values by name."""
    values = {("A", "leakers"): 5.0 + CHANCE, ("B", "leakers"): 7.0 + CHANCE}
    for name, (a, b) in points.items():
        values["A @ " + name, "leakers"] = a
        values["B @ " + name, "leakers"] = b
    return Measured(tuple(range(N)), {"leakers": "bodies"}, values)


def test_a_change_common_to_all_raids_has_no_chance_in_it_although_the_figure_has():
    found = table(**{"k=low": (8.0 + CHANCE, 7.0 + CHANCE), "k=high": (5.0 + CHANCE, 7.0 + CHANCE)})
    told = figure(found, A, "leakers", [key("k")], {})
    low, high = told.by_key()[0][1]["low"], told.by_key()[0][1]["high"]
    assert (low.change.value, high.change.value) == pytest.approx((3.0, 0.0))
    assert low.change.high - low.change.low == pytest.approx(0.0, abs=1e-9)
    assert told.base.high - told.base.low > 0.5
    assert low.sure
    assert not high.sure


def test_a_difference_that_changes_sign_is_told_so_and_the_largest_key_comes_first():
    found = table(**{
        "turn=low": (9.0 + CHANCE, 7.0 + CHANCE), "turn=high": (5.0 + CHANCE, 7.0 + CHANCE),
        "hold=low": (5.5 + CHANCE, 7.0 + CHANCE), "hold=high": (5.0 + CHANCE, 7.0 + CHANCE),
    })  # fmt: skip
    told = figure(found, B, "leakers", [key("hold"), key("turn")], {})
    assert [k.name for k, _ in told.by_key()] == ["turn", "hold"]
    assert {e.verdict for e in told.effects if e.key.name == "turn"} == {TURNS, HOLDS}
    assert {e.verdict for e in told.effects if e.key.name == "hold"} == {HOLDS}


def test_a_raid_that_is_not_finite_is_left_out_and_counted():
    a = 6.0 + CHANCE
    a[3] = -np.inf
    found = table(**{"k=low": (a, 7.0 + CHANCE), "k=high": (5.0 + CHANCE, 7.0 + CHANCE)})
    low = figure(found, A, "leakers", [key("k")], {}).by_key()[0][1]["low"]
    assert low.left_out == 1
    assert low.change.n == N - 1
    assert low.change.value == pytest.approx(1.0)


def test_a_point_that_was_refused_is_not_read():
    found = table(**{"k=low": (5.0 + CHANCE, 7.0 + CHANCE)})
    told = figure(found, A, "leakers", [key("k")], {"k=high": "does not divide"})
    assert [e.side for e in told.effects] == ["low"]


def interval(low, high):
    return Interval(value=(low + high) / 2, low=low, high=high, n=9, method="t", statistic="mean")


@pytest.mark.parametrize(
    ("here", "p", "there", "p_there", "told"),
    [
        (interval(1, 2), 0.01, interval(2, 3), 0.01, HOLDS),
        (interval(1, 2), 0.01, interval(-2, -1), 0.01, TURNS),
        (interval(1, 2), 0.01, interval(-1, 2), 0.3, LOST),
        (interval(1, 2), 0.01, interval(1, 2), 0.2, LOST),  # sign flips must agree
        (interval(-1, 2), 0.3, interval(1, 2), 0.01, APPEARS),
        (interval(-1, 2), 0.3, interval(-1, 3), 0.4, OPEN),
    ],
)
def test_verdicts_follow_interval_and_sign_flips_together(here, p, there, p_there, told):
    assert verdict(here, p, there, p_there) == told


def test_the_leading_keys_are_those_with_the_largest_shares_over_all_figures():
    found = table(**{
        f"{name}={side}": (5.0 + size + CHANCE, 7.0 + CHANCE)
        for name, size in (("small", 0.1), ("none", 0.0), ("large", 2.0))
        for side in ("low", "high")
    })  # fmt: skip
    keys = [key("small"), key("none"), key("large")]
    figures = {("A", "leakers"): figure(found, A, "leakers", keys, {})}
    assert [k.name for k in leading(figures, 10)] == ["large", "small"]
    assert [k.name for k in leading(figures, 1)] == ["large"]


def test_the_band_is_quantiles_of_the_settings_and_holds_no_chance_that_raids_have_in_common():
    shifts = np.linspace(-1.0, 2.0, 16)
    found = table(**{f"band {i}": (5.0 + s + CHANCE, 7.0 + CHANCE) for i, s in enumerate(shifts)})
    points = [Point(name=f"band {i}", changes={}, anew=False) for i in range(16)]
    base = t_interval(found.of("A", "leakers") - found.of("B", "leakers"))
    told = spread(found, points, B, "leakers", base)
    assert (told.low, told.high) == pytest.approx(tuple(-2.0 + np.quantile(shifts, (0.05, 0.95))))
    assert (told.same_sign, told.settings, told.raids) == (15, 16, N)  # at +2 it is gone
