"""Radar horizon against the closed form and against a ray trace."""

import csv
import math
from pathlib import Path

import numpy as np
import pytest

from hinomi.earth.sight import (
    FOUR_THIRDS_RULE,
    STRAIGHT_RULE,
    horizon_arc_rad,
    ruled_horizon_arc_rad,
)
from hinomi.earth.wgs84 import MEAN_RADIUS_M

HERE = Path(__file__).parent
R = MEAN_RADIUS_M


def table(name):
    with (HERE / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def slant_m(arc, h1, h2):
    a, b = R + h1, R + h2
    return math.sqrt(a * a + b * b - 2 * a * b * math.cos(arc))


def tangents_m(sensor_height_m, target_height_m, rule):
    """Range of two heights that just see each other: tangents of the sphere that the rule draws."""
    k = {FOUR_THIRDS_RULE: 4.0 / 3.0, STRAIGHT_RULE: 1.0}[rule]
    arcs = (ruled_horizon_arc_rad(h, rule) for h in (sensor_height_m, target_height_m))
    return sum(k * R * math.tan(arc / k) for arc in arcs)


def traced_arc(height_m, surface=313e-6, scale_m=6950.0):
    """Arc of the ray that grazes the ground, up to a height: Bouguer's rule, exponential air."""
    x = (np.arange(40_000) + 0.5) / 40_000 * math.sqrt(height_m)  # height = x^2 takes the pole away
    r, n = R + x * x, 1.0 + surface * np.exp(-(x * x) / scale_m)
    c = R * (1.0 + surface)
    return float(
        np.sum(c / (r * np.sqrt((n * r) ** 2 - c * c)) * 2.0 * x) * math.sqrt(height_m) / 40_000
    )


def test_every_printed_horizon_agrees_to_its_last_digit():
    rules = {"straight": STRAIGHT_RULE, "four_thirds": FOUR_THIRDS_RULE}
    rows = table("horizon.csv")
    assert len(rows) == 110
    for row in rows:
        km = 1e-3 * tangents_m(
            1e3 * float(row["sensor_height_km"]),
            1e3 * float(row["target_height_km"]),
            rules[row["rays"]],
        )
        assert km == pytest.approx(float(row["range_km"]), abs=0.0501), row


@pytest.mark.parametrize("row", table("traced.csv"), ids=lambda r: r["target_height_km"])
def test_mixed_rule_is_beyond_the_traced_ray_by_no_more_than_stated(row):
    height, traced = 1e3 * float(row["target_height_km"]), 1e3 * float(row["slant_km"])
    own = slant_m(traced_arc(height) + traced_arc(30.0), 30.0, height)
    assert own == pytest.approx(traced, abs=2e3)  # two independent traces
    mixed = slant_m(horizon_arc_rad(height) + horizon_arc_rad(30.0), 30.0, height)
    stated = {50: 0.037, 100: 0.033, 300: 0.023, 500: 0.019, 1000: 0.014}[
        int(row["target_height_km"])
    ]
    assert mixed / traced - 1.0 == pytest.approx(stated, abs=0.001)
    plain = tangents_m(30.0, height, FOUR_THIRDS_RULE)
    assert plain / traced - 1.0 > stated + 0.015
