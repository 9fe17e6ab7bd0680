"""Settings: one end at a time, and the Latin hypercube of all leading keys."""

import numpy as np
import pytest
from scipy.stats import triang

from hinomi.sensitivity.keys import Key
from hinomi.sensitivity.points import (
    BAND_POINTS,
    latin_hypercube,
    one_at_a_time,
    value_of,
)
from hinomi.settings.points import from_told


def key(name="warning.needed_s", low=0.0, value=0.25, high=1.0, drawn=False):
    return Key(
        name=name, value=value, low=low, high=high, unit="s", grade="assumed", source="a test",
        drawn=drawn, touches="warning",
    )  # fmt: skip


def test_each_end_is_a_point_of_its_own_and_an_end_that_is_the_value_is_none():
    points = one_at_a_time([key(), key(name="b", low=0.25)])
    assert [(p.name, p.changes) for p in points] == [
        ("warning.needed_s=low", {"warning.needed_s": 0.0}),
        ("warning.needed_s=high", {"warning.needed_s": 1.0}),
        ("b=high", {"b": 1.0}),
    ]


def test_points_survive_their_way_through_a_plan():
    points = [*one_at_a_time([key()]), *latin_hypercube([key(drawn=True)], seed=1)]
    assert [from_told(p.told()) for p in points] == points


def test_every_sixteenth_of_each_distribution_is_used_exactly_once():
    """What makes a Latin hypercube one: quantiles by an independent library, one in each part."""
    keys = [key("a"), key("b", low=2.0, value=2.0, high=3.5), key("c", value=1.0)]
    points = latin_hypercube(keys, seed=7)
    assert len(points) == BAND_POINTS
    for k in keys:
        values = np.array([p.changes[k.name] for p in points])
        width = k.high - k.low
        share = triang.cdf(values, (k.value - k.low) / width, loc=k.low, scale=width)
        assert sorted(np.floor(share * BAND_POINTS).astype(int)) == list(range(BAND_POINTS))


def test_the_hypercube_is_the_same_for_the_same_seed_only():
    assert latin_hypercube([key()], seed=1) == latin_hypercube([key()], seed=1)
    assert latin_hypercube([key()], seed=1) != latin_hypercube([key()], seed=2)


def test_whole_numbers_stay_whole():
    points = latin_hypercube([key("tracking.confirm_hits", 2.0, 3.0, 6.0)], seed=1)
    assert {float(v).is_integer() for p in points for v in p.changes.values()} == {True}


def test_a_number_drawn_in_every_raid_goes_on_being_drawn_around_another_mode():
    for point in latin_hypercube([key(drawn=True)], seed=1):
        setting = point.changes["warning.needed_s"]
        assert (setting["low"], setting["high"]) == (0.0, 1.0)
        assert value_of(setting) == pytest.approx(setting["value"])
