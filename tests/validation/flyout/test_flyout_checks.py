"""Times to reach against an independent table, and against a round flown over a spherical Earth."""

from __future__ import annotations

import csv
import math
from pathlib import Path

import numpy as np
import pytest
from scipy.integrate import solve_ivp
from scipy.optimize import brentq

from hinomi.defend.flyout import TABLE_HEIGHTS, TABLE_RANGES, flyout_table, reach_time_s, slant_m
from hinomi.errors import ScenarioError
from hinomi.records.engagements import Weapon

TABLE = Path(__file__).parent / "flyout_checks.csv"
ROWS = list(csv.DictReader(TABLE.read_text(encoding="utf-8").splitlines()))
MU, RADIUS = 3.986004418e14, 6371e3


def weapon(speed, burn, decay, **changes):
    values = {
        "name": "w",
        "product": "w",
        "provider": "boost_coast",
        "burnout_speed_mps": speed,
        "burn_s": burn,
        "decay_s": decay,
        "average_speed_mps": 900.0,
        "prepare_s": 0.0,
        "height_low_m": 0.0,
        "height_high_m": 500e3,
        "range_low_m": 0.0,
        "range_high_m": 1500e3,
        "kill_ballistic": 0.7,
        "kill_glide": 0.0,
        "salvo": 1,
    }
    return Weapon(**(values | changes))


def of(row):
    return weapon(float(row["burnout_speed_mps"]), float(row["burn_s"]), float(row["decay_s"]))


@pytest.mark.parametrize(
    "row", ROWS, ids=lambda r: f"{r['class']}-{r['range_km']}-{r['height_km']}"
)
def test_flat_earth_times_agree_with_the_table(row):
    point = {
        "range_m": float(row["range_km"]) * 1e3,
        "height_m": float(row["height_km"]) * 1e3,
        "flat": True,
    }
    for column, ideal in (("time_s", False), ("time_ideal_s", True)):
        expected = float(row[column] or "inf")
        assert reach_time_s(of(row), ideal=ideal, **point) == pytest.approx(expected, abs=0.06)


def test_sphere_and_flat_earth_agree_within_one_second_below_400_km():
    for row in ROWS:
        if row["time_s"] and float(row["range_km"]) <= 400:
            point = {
                "range_m": float(row["range_km"]) * 1e3,
                "height_m": float(row["height_km"]) * 1e3,
            }
            assert reach_time_s(of(row), **point) == pytest.approx(float(row["time_s"]), abs=1.0)


def flown_time(speed, burn, range_m, height_m):
    """Earliest time of a real two-body flight: constant thrust along one direction, then coast."""
    theta = range_m / RADIUS
    goal = (RADIUS + height_m) * np.array([math.sin(theta), math.cos(theta)])

    def miss(aim):
        ideal = speed[0] if isinstance(speed, tuple) else speed
        push = ideal / burn * np.array([math.cos(aim), math.sin(aim)])

        def rate(t, s):
            return np.concatenate(
                [s[2:], -MU / np.hypot(*s[:2]) ** 3 * s[:2] + (push if t < burn else 0)]
            )

        first = solve_ivp(rate, (0, burn * (1 - 1e-12)), [0, RADIUS, 0, 0], rtol=1e-9, atol=1e-3)

        def crosses(t, s):
            return s[0] * goal[1] - s[1] * goal[0]

        crosses.terminal, crosses.direction = True, 1
        last = solve_ivp(rate, (burn, 1500), first.y[:, -1], rtol=1e-9, atol=1e-3, events=crosses)
        if not len(last.t_events[0]):
            return -1e6, math.inf
        return np.hypot(*last.y_events[0][0][:2]) - RADIUS - height_m, float(last.t_events[0][0])

    # Steep aims pass above the point; the direct (fast) arc is the lowest aim that passes it.
    aims = np.radians(np.arange(5.0, 89.0, 4.0))
    heights = [miss(a)[0] for a in aims]
    for low, high, a, b in zip(aims, aims[1:], heights, heights[1:], strict=False):
        if a < 0 < b:
            return miss(brentq(lambda q: miss(q)[0], low, high, xtol=1e-7))[1]
    return math.inf


@pytest.mark.parametrize(
    ("range_km", "height_km"), [(150, 200), (300, 200), (600, 300), (1000, 400), (1300, 250)]
)
def test_times_over_the_sphere_agree_with_flown_arcs_to_two_percent(range_km, height_km):
    """The same ideal speed flown over a sphere with inverse-square gravity, fixed thrust axis."""
    ideal = 5200.0
    mine = reach_time_s(
        weapon(ideal, 70.0, 0.0), range_m=range_km * 1e3, height_m=height_km * 1e3, ideal=True
    )
    assert mine == pytest.approx(flown_time(ideal, 70.0, range_km * 1e3, height_km * 1e3), rel=0.02)


def test_parametric_time_is_preparation_plus_half_burn_plus_slant_over_speed():
    w = weapon(0.0, 20.0, 0.0, provider="parametric", prepare_s=5.0)
    assert reach_time_s(w, range_m=0.0, height_m=18e3) == pytest.approx(5.0 + 10.0 + 20.0)
    assert slant_m(100e3, 0.0) == pytest.approx(2 * RADIUS * math.sin(50e3 / RADIUS), rel=1e-9)


def test_the_table_holds_the_computed_times():
    w = weapon(3000.0, 65.0, 0.0, range_high_m=600e3)
    table = flyout_table(w)
    for i, j in ((0, 40), (60, 40), (120, 80), (17, 63)):
        expected = reach_time_s(
            w, range_m=600e3 * i / (TABLE_RANGES - 1), height_m=500e3 * j / (TABLE_HEIGHTS - 1)
        )
        assert table[i, j] == pytest.approx(expected, abs=1e-6)
    assert flyout_table(w) is table


def test_an_unknown_provider_is_named_with_the_way_out():
    with pytest.raises(ScenarioError, match=r"'rail'.*boost_coast, parametric"):
        reach_time_s(weapon(3000.0, 65.0, 0.0, provider="rail"), range_m=1e5, height_m=1e5)
