"""Times to reach from a table of one's own: on its points, between them, beside what is out of reach."""

from __future__ import annotations

import math

import numpy as np
import pytest

from hinomi.defend.engage import engage
from hinomi.defend.flyout import TABLE_HEIGHTS, TABLE_RANGES, flyout_table, reach_time_s
from hinomi.errors import ScenarioError
from hinomi.records.engagements import ReachTable


def table_of(weapon, ranges_m, heights_m):
    """Times of a provider at the points of a grid."""
    return ReachTable(
        ranges_m=tuple(ranges_m),
        heights_m=tuple(heights_m),
        times_s=tuple(
            tuple(reach_time_s(weapon, range_m=r, height_m=h) for h in heights_m) for r in ranges_m
        ),
    )


def of_user(make, table, **changes):
    return make.weapon("midcourse", provider="table", burnout_speed_mps=0.0, table=table, **changes)


def test_points_of_the_table_are_met_and_between_them_it_is_linear(make):
    table = ReachTable(
        ranges_m=(0.0, 100e3, 300e3),
        heights_m=(0.0, 200e3),
        times_s=((10.0, 50.0), (30.0, 60.0), (90.0, math.inf)),
    )
    w = of_user(make, table, prepare_s=3.0)
    expected = {
        (0.0, 0.0): 10.0, (100e3, 200e3): 60.0, (300e3, 0.0): 90.0, (50e3, 0.0): 20.0,
        (200e3, 0.0): 60.0, (0.0, 100e3): 30.0, (50e3, 100e3): 37.5, (300e3, 200e3): math.inf,
        (200e3, 100e3): math.inf, (200e3, 200e3): math.inf, (100e3, 150e3): 52.5,
    }  # fmt: skip
    for (r, h), t in expected.items():
        assert reach_time_s(w, range_m=r, height_m=h) == pytest.approx(3.0 + t), (r, h)


def test_the_grid_that_is_searched_holds_the_users_times(make):
    """A table of straight lines is the same on the finer grid: t = 5 + r / 2 km/s + h / 4 km/s."""
    ranges, heights = (0.0, 400e3, 1500e3), (0.0, 500e3, 900e3)
    table = ReachTable(
        ranges_m=ranges,
        heights_m=heights,
        times_s=tuple(tuple(5.0 + r / 2e3 + h / 4e3 for h in heights) for r in ranges),
    )
    found = flyout_table(of_user(make, table))
    r = np.linspace(0.0, 1500e3, TABLE_RANGES)[:, None]
    h = np.linspace(0.0, 900e3, TABLE_HEIGHTS)[None, :]
    np.testing.assert_allclose(found, 5.0 + r / 2e3 + h / 4e3, rtol=1e-12)


def test_a_table_taken_from_a_provider_shoots_as_that_provider_does(make):
    own = make.weapon(provider="parametric", average_speed_mps=3500.0)
    table = table_of(own, np.linspace(0.0, 1500e3, 76), np.linspace(0.0, 900e3, 46))
    start = make.state(38.0, 127.0, 150e3, east=800.0, north=-2000.0, up=1500.0)
    tracks = make.tracks([make.flight(start, t0=100.0)])
    found = [
        engage(
            {"Japan": tracks},
            [make.battery()],
            {"midcourse": w},
            architecture=make.architecture(),
            settings=make.settings(),
            delays=make.Delay(10.0),
            fate=make.Dice(1),
        )
        for w in (own, of_user(make, table))
    ]
    assert len(found[0].t_launch_s) >= 1
    np.testing.assert_allclose(found[1].t_launch_s, found[0].t_launch_s, atol=0.5)
    np.testing.assert_array_equal(found[1].t_intercept_s, found[0].t_intercept_s)


def test_a_provider_table_without_a_table_is_told(make):
    with pytest.raises(ScenarioError, match="no table; give table_file"):
        flyout_table(of_user(make, None))
