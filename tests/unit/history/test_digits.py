"""A typed number says its interval by its digits, or is refused with the reason."""

import pytest

from hinomi.errors import ScenarioError
from hinomi.history.digits import clock_difference, half_unit, read_distance, read_time


@pytest.mark.parametrize(
    ("text", "half"),
    [("2700", 50), ("550", 25), ("520", 5), ("787", 0.5), ("2111.5", 0.05), ("1000.0", 0.05),
     ("1e3", 50), ("0", 0.5), ("6040.90", 0.005)],
)  # fmt: skip
def test_trailing_zeros_say_the_rounding(text, half):
    assert half_unit(text) == pytest.approx(half)
    found = read_distance(text, name="range")
    assert found.high - found.value == pytest.approx(1e3 * half)
    assert found.value - found.low == pytest.approx(1e3 * half)


@pytest.mark.parametrize("text", ["2700~20", "2700 ~ 20", "2700±20 km", "2700+-20", "２７００~20"])
def test_a_stated_half_width_wins(text):
    found = read_distance(text, name="range")
    assert (found.value, found.low, found.high) == (2.7e6, 2.68e6, 2.72e6)


def test_metres_are_read_as_metres():
    assert read_distance("2700000 m", name="range").value == 2.7e6


@pytest.mark.parametrize(
    ("text", "unit", "low", "value", "high"),
    [
        ("840", "s", 839.5, 840.0, 840.5),
        ("4052.4", "s", 4052.35, 4052.4, 4052.45),
        ("14", "min", 810.0, 840.0, 870.0),
        ("20", "min", 1170.0, 1200.0, 1230.0),
        ("13.5", "min", 807.0, 810.0, 813.0),
        ("14 min", "s", 810.0, 840.0, 870.0),
        ("840 s", "min", 839.5, 840.0, 840.5),
        ("840~120", "s", 720.0, 840.0, 960.0),
        ("05:58-06:12", "s", 720.0, 840.0, 960.0),
        ("23:58-00:12", "min", 720.0, 840.0, 960.0),
        ("14:00", "s", 810.0, 840.0, 870.0),
        ("0:14:00", "min", 810.0, 840.0, 870.0),
        ("47:12", "s", 2831.5, 2832.0, 2832.5),
        ("1:07:00", "s", 3990.0, 4020.0, 4050.0),
    ],
)
def test_times_are_read_with_what_their_form_says(text, unit, low, value, high):
    found = read_time(text, name="time", unit=unit)
    assert (found.low, found.value, found.high) == pytest.approx((low, value, high))


def test_two_clock_minutes_are_120_s_wide_each_way():
    found = clock_difference("07:22", "07:44", name="time")
    assert (found.low, found.value, found.high) == (1200.0, 1320.0, 1440.0)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "missing"), ("far", "no number"), ("nan", "no number"), ("inf", "no number"),
        ("1e999", "finite"), ("2017/8/29", "a date"), ("14-Mar", "a date"), ("27 mi", "no unit"),
        ("2700~-5", "negative"), ("2700~", "no number"), ("2 700", "no number"),
    ],
)  # fmt: skip
def test_what_is_no_distance_says_so(text, says):
    with pytest.raises(ScenarioError, match=says):
        read_distance(text, name="range_km")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("1:07", "hours and minutes"), ("14:75", "no watch"), ("25:00-26:00", "no clock"),
        ("14 days", "no unit"), ("soon", "no number"),
    ],
)  # fmt: skip
def test_what_is_no_time_says_so(text, says):
    with pytest.raises(ScenarioError, match=says):
        read_time(text, name="time_s", unit="s")


def test_measurement_error_never_narrows_an_interval():
    wide = read_distance("100~50", name="apogee").wider(0.03)
    assert (wide.low, wide.high) == (50e3, 150e3)
    exact = read_distance("1000.0", name="apogee").wider(0.03)
    assert (exact.low, exact.high) == pytest.approx((970e3, 1030e3))
