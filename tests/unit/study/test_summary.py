"""Headline figures: the right statistic, what never came, strict JSON."""

import json
import math

import numpy as np
import pyarrow as pa
import pytest

from hinomi.study.figure_words import count_words, words
from hinomi.study.plan import make_plan
from hinomi.study.statistics import SKEWED
from hinomi.study.summary import HEADLINES, joined, measured, statistic_of, summarise


@pytest.fixture
def plan(chains):
    import fake_chain

    return make_plan(fake_chain.load("{}"), chain="fake_chain")


def table(rows):
    names = ("replicate", "architecture", "metric", "value", "unit")
    return pa.table({n: [row[i] for row in rows] for i, n in enumerate(names)})


def figures(plan, values, metric, unit="s"):
    rows = [
        (r, a, metric, float(v), unit) for a, column in values.items() for r, v in enumerate(column)
    ]
    return summarise(plan, measured(table(rows)))


def test_every_headline_is_there_and_strict(plan):
    out = figures(plan, {"national": [1, 2, math.nan]}, "leakers", "bodies")
    assert json.loads(json.dumps(out, allow_nan=False)) == out
    for a in plan.architectures:
        assert list(out["architectures"][a]) == list(HEADLINES)
        for figure in out["architectures"][a].values():
            assert {"value", "low", "high", "n", "unit", "method", "holds"} <= set(figure)
    assert set(out["differences"]) == {"integrated-shared_warning", "integrated-national"}
    assert out["architectures"]["national"]["leakers"]["n"] == 2
    assert "2 of 3" in out["architectures"]["national"]["leakers"]["note"]
    nothing = out["architectures"]["integrated"]["leakers"]
    assert (nothing["value"], nothing["n"]) == (None, 0)


def test_a_time_that_never_came_is_late_not_missing(plan):
    """NaN and infinity both mean never for a first time: the median moves, its share is told."""
    column = [10, 20, 30, math.nan, math.inf, math.inf, math.inf]
    found = figures(plan, {"national": column}, "first_alert_s")["architectures"]["national"][
        "first_alert_s"
    ]
    assert found["value"] is None
    assert found["n"] == 7
    assert found["never_share"] == pytest.approx(4 / 7)
    assert "infinity" in found["note"]
    assert found["low"] == 10


def test_share_of_threats_is_taken_where_it_was_measured(plan):
    rows = [(r, "national", "first_detection_s", 10.0 + r, "s") for r in range(6)]
    rows += [(r, "national", "undetected_share", 0.25, "1") for r in range(6)]
    out = summarise(plan, measured(table(rows)))
    found = out["architectures"]["national"]["first_detection_s"]
    assert (found["never_share"], found["never_of"]) == (0.25, "threats")
    assert out["more"]["national"]["undetected_share"]["value"] == 0.25


def test_nobody_to_warn_is_left_out_of_the_lead(plan):
    column = [100, math.nan, -math.inf, 200, math.nan, 300, 400, 500]
    found = figures(plan, {"national": column}, "lead_s")["architectures"]["national"]["lead_s"]
    assert found["n"] == 6
    assert found["value"] == 250
    assert found["never_share"] == pytest.approx(1 / 6)
    assert found["low"] is None
    assert "minus infinity" in found["note"]


def test_differences_are_paired(plan):
    """A large common part cancels: the interval is that of the small differences."""
    common = [100.0, 900.0, 400.0, 50.0, 700.0, 800.0, 20.0, 330.0]
    gain = [1.0, 1.2, 0.9, 1.1, 1.0, 0.8, 1.3, 0.7]
    values = {
        "shared_warning": common,
        "integrated": [c + g for c, g in zip(common, gain, strict=True)],
    }
    found = figures(plan, values, "over_warned_people", "people")
    d = found["differences"]["integrated-shared_warning"]["over_warned_people"]
    assert d["value"] == pytest.approx(1.0)
    assert d["high"] - d["low"] < 0.4
    assert d["variance_ratio"] < 1e-5
    assert d["p_sign_flip"] == pytest.approx(2 / 2**8)
    assert found["differences"]["integrated-national"]["over_warned_people"]["n"] == 0


def test_difference_of_medians_takes_what_never_came_alike_as_nothing(plan):
    never = math.inf
    values = {"shared_warning": [never] * 4 + [50.0] * 5, "integrated": [never] * 3 + [40.0] * 6}
    d = figures(plan, values, "first_alert_s")["differences"]["integrated-shared_warning"][
        "first_alert_s"
    ]
    assert d["value"] == -10
    assert d["low"] == -10
    assert d["high"] == 0


def test_a_median_that_never_came_is_not_compared_with_one_that_did(plan):
    """25 months against never: the median of the pairs, 0, would say that they are alike."""
    never = math.inf
    values = {
        "integrated": [25.0, 25.0, 25.0, never, never],
        "shared_warning": [25.0, 25.0, never, never, never],
    }
    found = figures(plan, values, "refill_months", "months")
    assert found["architectures"]["integrated"]["refill_months"]["value"] == 25.0
    d = found["differences"]["integrated-shared_warning"]["refill_months"]
    assert (d["value"], d["low"], d["high"]) == (None, None, None)
    assert "not comparable" in d["note"]


def test_network_cost_has_the_range_of_the_scenario(plan):
    rows = []
    for r in range(3):
        for a, value in (("national", 0.0), ("shared_warning", 10.0), ("integrated", 40.0)):
            rows += [
                (r, a, f"network_cost_musd{end}", value * factor, "million USD")
                for end, factor in (("", 1), ("_low", 0.5), ("_high", 2))
            ]
    out = summarise(plan, measured(table(rows)))
    found = out["architectures"]["integrated"]["network_cost_musd"]
    assert (found["value"], found["low"], found["high"]) == (40, 20, 80)
    assert found["holds"] != "chance only"
    assert found["unit"] == "million USD a year"  # also where the table was written without it
    assert words(found) == "40 (assumed 20 to 80)"
    assert count_words(found) == "–"
    d = out["differences"]["integrated-shared_warning"]["network_cost_musd"]
    assert (d["value"], d["low"], d["high"]) == (30, 15, 60)  # low with low, high with high


def test_counts_are_never_negative(plan):
    """Only one of many replicates missed people: the interval of the mean begins at zero."""
    found = figures(plan, {"national": [0, 0, 0, 5e5]}, "missed_people", "people")
    figure = found["architectures"]["national"]["missed_people"]
    assert (figure["low"], figure["value"], figure["method"]) == (
        0.0,
        1.25e5,
        f"{SKEWED}, cut at 0",
    )


def test_parts_of_the_area_have_the_statistic_of_the_whole():
    assert statistic_of("lead_s.Miyako") == statistic_of("lead_s") == "median"
    assert statistic_of("warned_in_time_share.Miyako") == "share"
    assert statistic_of("double_engaged") == "mean"


def test_stretches_of_replicates_join_to_the_whole():
    """Two tables read apart give what one table gives, also where one lacks a figure."""
    rows = [
        (r, a, m, float(r + len(m)), "s") for r in range(6) for a in ("x", "y") for m in ("p", "qq")
    ]
    rows = [row for row in rows if not (row[0] < 3 and row[2] == "qq")]
    whole = measured(table(rows))
    parts = [measured(table([r for r in rows if (r[0] < 3) == low])) for low in (True, False)]
    found = joined(parts)
    assert (found.replicates, found.units) == (whole.replicates, whole.units)
    assert set(found.values) == set(whole.values)
    for name, values in whole.values.items():
        assert np.array_equal(found.values[name], values, equal_nan=True)


@pytest.mark.parametrize(
    ("column", "few"),
    [([0] * 7 + [5], 1), ([0] * 6 + [1, 2], 2), ([0] * 5 + [1, 2, 3], None), ([3] * 7 + [0], None), ([0] * 8, None)],
)  # fmt: skip
def test_a_mean_that_few_raids_carry_names_their_number(plan, column, few):
    """Few: a quarter of the raids or less; where most have some, or all agree, nobody is named."""
    out = figures(plan, {"national": column, "integrated": [0] * 8}, "leakers", "bodies")
    assert out["architectures"]["national"]["leakers"].get("carried_by") == few
    assert out["differences"]["integrated-national"]["leakers"].get("carried_by") == few


def test_few_raids_that_are_not_all_warned_in_time_are_named(plan):
    out = figures(plan, {"national": [1.0] * 7 + [0.9]}, "warned_in_time_share", "1")
    assert out["architectures"]["national"]["warned_in_time_share"]["carried_by"] == 1
    late = figures(plan, {"national": [90.0] * 7 + [0.0]}, "lead_s")
    assert "carried_by" not in late["architectures"]["national"]["lead_s"]


def test_a_median_whose_interval_has_no_width_says_who_agrees():
    """Brackets around one number look like an interval and are none."""
    figure = {"value": 0.0, "low": 0.0, "high": 0.0, "n": 20, "method": "order statistics"}
    assert words(figure) == "0 (the same in all raids around the median)"
    assert words({**figure, "high": 2.0}) == "0 [0, 2]"
