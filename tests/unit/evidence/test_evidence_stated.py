"""A printed number as an interval, a printed date as days, a rate of exchange as a range."""

import datetime as dt
import math

import pytest

from hinomi.errors import ScenarioError
from hinomi.evidence.exchange import rate_of, rates
from hinomi.evidence.period import Period, read_period
from hinomi.evidence.stated import read_dated, read_stated, unit_parts


@pytest.mark.parametrize(
    ("printed", "low", "high"),
    [
        ("60", 59.5, 60.5),
        (60, 59.5, 60.5),
        (60.0, 59.5, 60.5),
        ("60.1", 60.05, 60.15),
        ("8.70", 8.695, 8.705),
        ("9,800", 9799.5, 9800.5),
        ("1e9", 0.5e9, 1.5e9),
        ("about 600", 540.0, 660.0),
        ("about 3", 2.5, 3.5),  # half of the digit is more than 10 %
        ("nearly 2000", 1800.0, 2000.0),
        ("more than 500", 500.0, math.inf),
        ("at least 1", 1.0, math.inf),
        ("up to 150", -math.inf, 150.0),
        ("58.5 to 59", 58.45, 59.5),
        ("-3", -3.5, -2.5),
    ],
)
def test_digits_and_words_say_what_is_left_open(printed, low, high):
    found = read_stated(printed, name="value")
    assert (found.low, found.high) == (pytest.approx(low), pytest.approx(high))


@pytest.mark.parametrize(
    "printed", ["", "many", "6O", "1..2", "59 to 58.5", True, None, "about", "1e999"]
)
def test_what_is_no_number_is_told_with_an_example(printed):
    with pytest.raises(ScenarioError, match="value"):
        read_stated(printed, name="value")


def test_units_have_a_scale_and_a_plain_unit():
    assert unit_parts("billion USD") == (1e9, "USD")
    assert unit_parts("%") == (0.01, "1")
    assert unit_parts("missiles/yr") == (1.0, "missiles/yr")
    assert unit_parts("years") == (12.0, "months")


def test_dates_cover_their_days():
    assert read_period("2024-02", name="x") == Period(dt.date(2024, 2, 1), dt.date(2024, 2, 29))
    assert read_period("JFY2025", name="x") == Period(dt.date(2025, 4, 1), dt.date(2026, 3, 31))
    assert read_period("USFY2024", name="x") == Period(dt.date(2023, 10, 1), dt.date(2024, 9, 30))
    assert read_period("2019/2026-01", name="x") == Period(
        dt.date(2019, 1, 1), dt.date(2026, 1, 31)
    )
    assert read_period(dt.date(2024, 5, 15), name="x").first == dt.date(2024, 5, 15)
    assert read_dated("by 2030", name="x").high == dt.date(2030, 12, 31).toordinal()
    assert read_dated("from 2030", name="x").low == dt.date(2030, 1, 1).toordinal()


@pytest.mark.parametrize(
    "text", ["", "May 2024", "2024-13", "2024-02-30", "2024/2023", "FY2024", "24"]
)
def test_what_is_no_date_is_told_with_the_forms(text):
    with pytest.raises(ScenarioError, match=r"no date.*JFY2025"):
        read_period(text, name="as_of")


def test_a_month_has_its_own_range_of_rates_and_a_year_holds_its_months():
    month, year = (rate_of(read_period(t, name="x")) for t in ("2024-12-27", "2024"))
    assert year.low <= month.low < month.high <= year.high
    for rate in rates():
        assert 80.0 < rate.low < rate.high < 170.0
        assert rate.source
        assert rate.grade in ("literature", "published")


def test_published_pairs_of_amounts_imply_rates_inside_the_table():
    """8.7005 trillion yen as 55.13 and 55.4 billion dollars, 254 billion as 1.7, 8.5389 as 58.5 to 59."""
    for yen, dollars, month in (
        (8.7005e12, 55.13e9, "2024-12"),
        (8.7005e12, 55.4e9, "2024-12"),
        (254e9, 1.70e9, "2024-01"),
        (8.5389e12, 58.75e9, "2024-08"),
        (8.8454e12, 59.8e9, "2025-08"),
    ):
        rate = rate_of(read_period(month, name="x"))
        assert rate.low <= yen / dollars <= rate.high * 1.005, (yen, dollars)


def test_a_date_without_a_rate_is_refused_with_the_way_out():
    with pytest.raises(ScenarioError, match=r"no exchange rate.*2030.*fx_jpy_per_usd"):
        rate_of(read_period("2030", name="x"))
