"""What chance makes of the limits of a planned body."""

import math
from dataclasses import replace

import numpy as np
import pytest

from hinomi.scenario.load import load
from hinomi.study.seeds import AddressedDraws
from hinomi.threat.plan import plan_of


@pytest.fixture(scope="module")
def threat():
    return load("okinawa-2025").threats[0]


def bearings_deg(threat, low, high, count=200):
    given = replace(threat, bearing_low_rad=math.radians(low), bearing_high_rad=math.radians(high))
    drawn = [plan_of(given, AddressedDraws(1, k)).bearing_rad for k in range(count)]
    return np.degrees(drawn)


@pytest.mark.parametrize("low", [0.0, 10.0, 75.3])
def test_a_full_circle_of_bearings_is_drawn_all_around(threat, low):
    """A quarter of the draws in each quarter: binomial, five standard errors."""
    drawn = (bearings_deg(threat, low, low + 360.0) - low) % 360.0
    assert np.abs(np.histogram(drawn, [0, 90, 180, 270, 360])[0] - 50).max() < 5 * math.sqrt(37.5)


@pytest.mark.parametrize(("low", "high"), [(300.0, 380.0), (300.0, 20.0), (-60.0, 20.0)])
def test_bearings_across_north_stay_between_their_limits(threat, low, high):
    drawn = (bearings_deg(threat, low, high) + 60.0) % 360.0
    assert drawn.min() < 10.0
    assert 70.0 < drawn.max() <= 80.0


def test_one_bearing_is_that_bearing(threat):
    assert np.allclose(bearings_deg(threat, 45.0, 45.0, 5), 45.0)
