"""Each refraction rule of the sensors against the printed horizons and against geometry."""

import csv
import math
from pathlib import Path

import numpy as np
import pytest

from hinomi.earth.sight import (
    BENDING_LIMIT_RAD,
    FOUR_THIRDS,
    FOUR_THIRDS_RULE,
    MIXED_RULE,
    STRAIGHT_RULE,
    apparent_elevation_rad,
    bending_rad,
    horizon_arc_rad,
    ruled_bending_rad,
    ruled_horizon_arc_rad,
    straight_elevation_rad,
)
from hinomi.earth.wgs84 import MEAN_RADIUS_M
from hinomi.records.plots import REFRACTIONS

HERE = Path(__file__).parent
RULE = {"straight": (STRAIGHT_RULE, 1.0), "four_thirds": (FOUR_THIRDS_RULE, FOUR_THIRDS)}


def chord_m(radius, arc, h1, h2):
    a, b = radius + h1, radius + h2
    return math.sqrt(a * a + b * b - 2 * a * b * math.cos(arc))


def test_rules_are_numbered_as_the_records_name_them():
    assert REFRACTIONS[MIXED_RULE] == "mixed"
    assert REFRACTIONS[FOUR_THIRDS_RULE] == "four-thirds"
    assert REFRACTIONS[STRAIGHT_RULE] == "none"


def test_every_printed_horizon_is_the_one_of_its_rule():
    """The straight line between two points at grazing arc, over the rule's own sphere."""
    with (HERE / "horizon.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        rule, factor = RULE[row["rays"]]
        hs, ht = 1e3 * float(row["sensor_height_km"]), 1e3 * float(row["target_height_km"])
        arc = ruled_horizon_arc_rad(hs, rule) + ruled_horizon_arc_rad(ht, rule)
        slant = chord_m(factor * MEAN_RADIUS_M, arc / factor, hs, ht)
        assert 1e-3 * slant == pytest.approx(float(row["range_km"]), abs=0.0501), row


@pytest.mark.parametrize("height_m", [1e3, 19e3, 50e3, 300e3, 1000e3])
def test_the_mixed_rule_lies_between_the_plain_ones(height_m):
    low, mixed, high = (
        ruled_horizon_arc_rad(height_m, r) for r in (STRAIGHT_RULE, MIXED_RULE, FOUR_THIRDS_RULE)
    )
    assert mixed == horizon_arc_rad(height_m)
    assert low < mixed <= high
    assert (mixed == pytest.approx(high, rel=1e-12)) is (height_m <= 20e3)


@pytest.mark.parametrize("height_m", [5e3, 50e3, 300e3, 1000e3])
@pytest.mark.parametrize("rule", [MIXED_RULE, FOUR_THIRDS_RULE, STRAIGHT_RULE])
def test_no_rule_lowers_a_target_and_the_mixed_one_keeps_its_bound(rule, height_m):
    edge = ruled_horizon_arc_rad(30.0, rule) + ruled_horizon_arc_rad(height_m, rule)
    raised = np.array(
        [ruled_bending_rad(a, 30.0, height_m, rule) for a in np.linspace(1e-3, edge, 500)]
    )
    assert raised.min() >= -1e-12
    if rule == MIXED_RULE:
        assert raised.max() < BENDING_LIMIT_RAD
        assert raised[-1] == bending_rad(edge, 30.0, height_m)
    if rule == STRAIGHT_RULE:
        assert (raised == 0.0).all()
    else:
        assert raised.max() > 1e-3


@pytest.mark.parametrize("height_m", [5e3, 100e3, 1000e3])
def test_a_grazing_target_appears_at_the_dip_of_the_horizon(height_m):
    """Four thirds: at the arc of the horizon the ray arrives below level by acos(r / (r + h))."""
    for sensor_m in (0.0, 30.0, 9e3):
        for rule, factor in RULE.values():
            arc = ruled_horizon_arc_rad(sensor_m, rule) + ruled_horizon_arc_rad(height_m, rule)
            apparent = straight_elevation_rad(arc, sensor_m, height_m) + ruled_bending_rad(
                arc, sensor_m, height_m, rule
            )
            radius = factor * MEAN_RADIUS_M
            assert apparent == pytest.approx(-math.acos(radius / (radius + sensor_m)), abs=1e-9)


def test_below_twenty_kilometres_both_refracting_rules_are_one():
    for arc in (0.01, 0.05, 0.08):
        plain = straight_elevation_rad(arc, 30.0, 15e3) + ruled_bending_rad(
            arc, 30.0, 15e3, FOUR_THIRDS_RULE
        )
        assert plain == pytest.approx(apparent_elevation_rad(arc, 30.0, 15e3), abs=1e-12)
