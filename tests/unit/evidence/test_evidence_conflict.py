"""When two claims agree, and why not: digits, words, exchange rate, basis, time."""

import pytest

from hinomi.errors import ScenarioError
from hinomi.evidence.bundled import load_evidence
from hinomi.evidence.conflict import (
    AGREE,
    BASIS,
    CONFLICT,
    EXCHANGE,
    ROUNDING,
    TIME,
    compare,
    counts,
    groups,
)
from hinomi.evidence.read import FORMAT, read_claims
from hinomi.evidence.rule import picked


def claim(value="60", *, name="a", **more):
    given = {
        "id": name, "quantity": "q", "value": value, "unit": "billion USD", "who": "x", "where": "y",
        "as_of": "2024-12", "grade": "published", "basis": "b",
    }  # fmt: skip
    if more.get("kind") in ("name", "reading"):
        del given["value"], given["unit"]
        given["text"] = value
    if more.get("kind") == "date":
        del given["unit"]
    (found,) = read_claims({"format": FORMAT, "claims": [given | more]}, "t").claims
    return found


def verdict(a, b, native=""):
    one, two = compare(a, b, native=native).verdict, compare(b, a, native=native).verdict
    assert one == two  # never depends on the order
    return one


@pytest.mark.parametrize(
    ("a", "b", "wanted"),
    [
        ("60", "60", AGREE),
        ("60", "60.1", ROUNDING),
        ("60", "61", ROUNDING),  # 60.5 lies in both
        ("60", "61.1", CONFLICT),
        ("60.0", "60.2", CONFLICT),
        ("about 60", "65", ROUNDING),
        ("about 60", "70", CONFLICT),
        ("more than 60", "75", AGREE),
        ("more than 60", "55", CONFLICT),
        ("up to 60", "12", AGREE),
        ("up to 60", "more than 70", CONFLICT),
    ],
)
def test_digits_and_words_decide_in_one_currency(a, b, wanted):
    assert verdict(claim(a), claim(b)) == wanted


def test_scales_are_the_same_amount():
    assert verdict(claim("60"), claim("60000", unit="million USD")) == AGREE
    assert verdict(claim("60", unit="%"), claim("0.60", unit="1")) == AGREE


def test_a_yen_amount_and_its_conversion_agree_within_the_rates_of_that_date():
    yen = claim("8.7005", unit="trillion JPY")
    for dollars, when in (
        ("55.13", "2024-12"),
        ("55.4", "2024-12"),
        ("60", "2025"),
        ("60.1", "2025"),
    ):
        assert verdict(yen, claim(dollars, as_of=when), native="JPY") == EXCHANGE
    assert verdict(yen, claim("60.1", as_of="2024-12"), native="JPY") == CONFLICT


def test_two_conversions_of_one_yen_amount_agree_only_within_the_exchange_rate():
    a, b = claim("55.13", as_of="2024-12"), claim("60.1", as_of="2025")
    assert verdict(a, b, native="JPY") == EXCHANGE
    assert verdict(a, b, native="USD") == CONFLICT  # decided in dollars: no rate excuses it
    assert verdict(a, b) == CONFLICT


def test_a_rate_that_the_source_names_is_used_alone():
    yen = claim("8.7005", unit="trillion JPY")
    assert verdict(yen, claim("60.1", fx_jpy_per_usd=144.8), native="JPY") == EXCHANGE
    assert verdict(yen, claim("55.13", fx_jpy_per_usd=144.8), native="JPY") == CONFLICT


def test_another_basis_is_no_conflict_and_is_shown():
    assert verdict(claim("2.35", basis="ceiling"), claim("1.7", basis="contract")) == BASIS


def test_another_time_is_no_conflict():
    assert verdict(claim("100", period="2015-05"), claim("400", period="2019-04")) == TIME
    assert verdict(claim("100", period="2015"), claim("400", period="2015-04")) == CONFLICT


def test_names_and_readings_are_compared_as_words():
    a = claim("Glide Phase Interceptor", kind="name")
    assert verdict(a, claim("glide-phase  interceptor", kind="name")) == AGREE
    assert verdict(a, claim("Glide Sphere Interceptor", kind="name")) == CONFLICT


def test_dates_agree_when_they_share_a_day():
    day = claim("2024-05-15", kind="date")
    assert verdict(day, claim("2024-05", kind="date")) == ROUNDING
    assert verdict(day, claim("2024-05-16", kind="date")) == CONFLICT
    assert verdict(day, claim("by 2025", kind="date")) == AGREE


def test_what_cannot_be_compared_is_an_error():
    with pytest.raises(ScenarioError, match=r"claims a and b .*prices of 2024 and 2019.*deflator"):
        compare(claim(price_year=2024), claim(name="b", price_year=2019))
    with pytest.raises(ScenarioError, match=r"units differ \(missiles, missiles/yr\)"):
        compare(claim(unit="missiles"), claim(unit="missiles/yr"))
    with pytest.raises(ScenarioError, match=r"claim b: no exchange rate"):
        compare(claim("9", unit="trillion JPY"), claim(name="b", as_of="2031"))


def test_the_rule_prefers_grade_then_speaker_then_date_and_never_averages():
    old = claim("1", name="old", as_of="2020")
    new = claim("2", name="new", as_of="2024")
    primary = claim("3", name="primary", as_of="2019", primary=True)
    unread = claim("4", name="unread", as_of="2026", primary=True, grade="literature")
    yen = claim("5", name="yen", unit="trillion JPY", grade="assumed")
    assert picked([old, new]) is new
    assert picked([old, new, primary, unread]) is primary
    assert picked([unread, old]) is old
    assert picked([primary, yen], native="JPY") is yen
    every = [old, new, primary, unread]
    assert picked(every[::-1]) is picked(every)


def verdicts_of(quantity):
    (group,) = (g for g in groups(load_evidence()) if g.quantity == quantity)
    return {frozenset((p.first.id, p.second.id)): p.verdict for p in group.pairs}


def test_the_known_contradictions_of_the_record_are_found():
    budget = verdicts_of("japan_defence_budget.jfy2025.draft")
    assert budget[frozenset(("jp-2025-60-1", "jp-2025-draft-usni"))] == EXCHANGE
    assert budget[frozenset(("jp-2025-60", "jp-2025-draft-ap"))] == EXCHANGE
    assert budget[frozenset(("jp-2025-60", "jp-2025-60-1"))] == ROUNDING
    sale = verdicts_of("sale.tomahawk_japan.total")
    assert sale[frozenset(("tomahawk-ceiling", "tomahawk-contract"))] == BASIS
    assert sale[frozenset(("tomahawk-contract", "tomahawk-contract-usd"))] == EXCHANGE
    assert sale[frozenset(("tomahawk-contract", "tomahawk-contract-as-ceiling"))] == CONFLICT
    shield = verdicts_of("instrument.sale-hvgp-2025.about")
    assert shield[frozenset(("step-2025-03-hvgp-inside", "step-2025-03-hvgp-ssb"))] == CONFLICT
    gives = verdicts_of("instrument.production-2024.gives")
    assert set(gives.values()) == {CONFLICT}
    assert set(verdicts_of("launch.2017-07-04.flight_time").values()) == {CONFLICT}  # 37 and 39 min
    assert set(verdicts_of("price.sm6.each").values()) == {BASIS}


def test_single_claims_are_not_counted_as_agreement():
    found = groups(load_evidence())
    assert sum(counts(found).values()) == sum(len(g.claims) > 1 for g in found)


def test_a_total_and_a_yearly_rate_are_of_other_bases_in_one_unit_too():
    """100 in all and 100 a year say nothing about each other, in yen or in rounds."""
    for unit in ("JPY", "billion USD", "rounds"):
        total, rate = claim("100", unit=unit), claim("100", unit=unit, kind="rate")
        assert verdict(total, rate) == BASIS
        assert verdict(claim("7", unit=unit), rate) == BASIS


def test_a_number_and_a_text_cannot_be_compared_in_either_order():
    number, text = claim("5"), claim("five", kind="reading", basis="b")
    for a, b in ((number, text), (text, number)):
        with pytest.raises(ScenarioError, match="their kinds differ"):
            compare(a, b)
