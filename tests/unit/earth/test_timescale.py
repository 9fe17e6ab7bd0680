"""Sidereal angle against printed worked examples."""

import datetime as dt
import math

import pytest

from hinomi.earth.timescale import greenwich_rad

UTC = dt.UTC


@pytest.mark.parametrize(
    ("instant", "degrees"),
    [
        # Meeus, Astronomical Algorithms (1998), examples 12.a and 12.b: mean sidereal time.
        (dt.datetime(1987, 4, 10, tzinfo=UTC), 15.0 * (13 + 10 / 60 + 46.3668 / 3600)),
        (dt.datetime(1987, 4, 10, 19, 21, tzinfo=UTC), 128.7378734),
        # Vallado, Fundamentals of Astrodynamics and Applications, example 3-5.
        (dt.datetime(1992, 8, 20, 12, 14, tzinfo=UTC), 152.578787810),
    ],
)
def test_sidereal_angle_agrees_with_printed_examples(instant, degrees):
    assert math.degrees(greenwich_rad(instant.timestamp())) == pytest.approx(degrees, abs=1e-3)


def test_sidereal_angle_comes_back_after_a_sidereal_day():
    day = 86164.0905  # mean sidereal day in seconds of mean solar time
    start = dt.datetime(2025, 9, 15, 10, 30, tzinfo=UTC).timestamp()
    for days in (1, 2, 30):
        difference = greenwich_rad(start + days * day) - greenwich_rad(start)
        assert math.remainder(difference, 2 * math.pi) == pytest.approx(0.0, abs=1e-6)
