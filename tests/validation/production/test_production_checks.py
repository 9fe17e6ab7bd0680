"""Production and prices against hand calculations, published deliveries and quadrature."""

from __future__ import annotations

import csv
import math
from pathlib import Path

import numpy as np
import pytest
from scipy.integrate import quad

from hinomi.records.ledger import Line
from hinomi.sustain.lines import months_to_make, produced
from hinomi.sustain.money import learnt

TABLE = Path(__file__).parent / "thaad_deliveries.csv"


def line(rate, target, *, start=0.0, ramp=30.0):
    return Line(
        product="A",
        owner="us",
        rate_per_year=rate,
        target_per_year=target,
        ramp_from_month=start,
        ramp_months=ramp,
        lead_months=0.0,
    )


def rate_per_year(made, month):
    """Deliveries a year at a time after the raid: linear from rate to target over the ramp."""
    if made.ramp_months <= 0.0:
        share = float(month >= made.ramp_from_month)
    else:
        share = min(max((month - made.ramp_from_month) / made.ramp_months, 0.0), 1.0)
    return made.rate_per_year + (made.target_per_year - made.rate_per_year) * share


def test_a_thousand_rounds_on_500_to_650_a_year_take_22_months():
    """41.667 t + 0.20833 t^2 = 1000 has the root 21.65 months."""
    ramp = line(500.0, 650.0)
    assert months_to_make((ramp,), 1000.0) == 22.0
    assert produced(ramp, month=21.65) == pytest.approx(1000.0, abs=0.5)


@pytest.mark.parametrize(
    ("start", "ramp"), [(0.0, 30.0), (12.0, 24.0), (-10.0, 30.0), (-40.0, 30.0), (6.0, 0.0)]
)
def test_what_is_made_is_the_integral_of_the_rate(start, ramp):
    made = line(30.0, 60.0, start=start, ramp=ramp)
    for month in (1.0, 7.5, 20.0, 60.0):
        kinks = [t for t in (start, start + ramp) if 0.0 < t < month]
        area = quad(lambda t: rate_per_year(made, t) / 12.0, 0.0, month, points=kinks or None)[0]
        assert produced(made, month=month) == pytest.approx(area, rel=1e-6)


def test_published_deliveries_follow_from_the_published_rates():
    """76 a year to April 2019, then 88 a year: within one round a year and rounding to hundreds."""
    rows = [
        (float(r["month"]), float(r["delivered"]))
        for r in csv.DictReader(TABLE.read_text().splitlines())
    ]
    step = line(76.0, 88.0, start=47.0, ramp=0.0)
    for month, delivered in rows:
        assert 100.0 + produced(step, month=month) == pytest.approx(delivered, abs=6.0)


def test_two_lines_make_what_each_makes():
    one, two = line(500.0, 650.0), line(30.0, 60.0, start=12.0)
    months = months_to_make((one, two), 1000.0)
    total = [produced(one, month=m) + produced(two, month=m) for m in (months - 1, months)]
    assert total[0] < 1000.0 <= total[1]
    assert months_to_make((line(0.0, 0.0),), 1.0) == math.inf
    assert months_to_make((one,), 0.0) == 0.0


def cost_of(unit, slope):
    """Cost of units over that of the first."""
    return learnt(np.atleast_1d(np.asarray(unit, float)), slope=np.array([slope]), reference=1.0)


def test_learning_curve_of_wright():
    """Slope .9: unit 1000 costs .350 of the first, the first 500 cost .4576 on average."""
    assert cost_of(1000, 0.9)[0] == pytest.approx(0.350, abs=5e-4)
    assert cost_of(np.arange(1, 501), 0.9).mean() == pytest.approx(0.4576, abs=5e-5)
    for slope, exponent in ((0.80, -0.3219), (0.85, -0.2345), (0.90, -0.1520), (0.95, -0.0740)):
        assert math.log10(cost_of(10, slope)[0]) == pytest.approx(exponent, abs=5e-5)
    twice = [cost_of(2 * n, 0.85)[0] / cost_of(n, 0.85)[0] for n in (1, 7, 300)]
    np.testing.assert_allclose(twice, 0.85)
