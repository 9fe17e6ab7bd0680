"""Scores and verdicts of a replay: closed forms, and what never came stays infinite."""

import math
from datetime import UTC, datetime
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hinomi.history.scores import (
    HORIZON_S,
    MISS,
    SHOWN,
    UNREPORTED,
    WITHIN,
    alert_score,
    crps,
    median,
    naive_score,
    quantile,
    rows_of,
)
from hinomi.history.simulate import TIMES, Replicate, replicate_of
from hinomi.scenario.model import Fact

TIMES_S = st.lists(st.floats(0.0, 3000.0), min_size=1, max_size=12)


def replicate(number=0, alerted=("A",), **times):
    return Replicate(
        number=number,
        times={name: times.get(name, math.inf) for name in TIMES},
        route="passed",
        alerted=alerted,
        range_m=1e6,
        apogee_m=1e5,
    )


class Scene:
    """As much of a scenario as the rows read."""

    def __init__(self, *facts):
        self.facts = facts


def fact(name, *, role="tested", t_s=None, value=None, tolerance=None):
    return Fact(
        name=name, role=role, at=datetime(2022, 10, 4, tzinfo=UTC), t_s=t_s, value=value, unit="s",
        tolerance=tolerance, source="page", grade="published", note="",
    )  # fmt: skip


@given(st.floats(0.0, 3000.0), st.floats(0.0, 3000.0))
@settings(max_examples=30, derandomize=True)
def test_of_one_member_the_score_is_the_absolute_error(member, observed):
    assert crps([member], observed) == pytest.approx(abs(member - observed), abs=1e-9)


@given(TIMES_S, st.floats(0.0, 3000.0))
@settings(max_examples=40, derandomize=True)
def test_the_score_is_mean_error_minus_half_the_mean_difference_of_pairs(members, observed):
    x = np.array(members)
    direct = np.abs(x - observed).mean() - 0.5 * np.abs(x[:, None] - x[None, :]).mean()
    assert crps(members, observed) == pytest.approx(direct, abs=1e-8)
    assert crps(members, observed) >= -1e-9


@pytest.mark.parametrize("observed", [200.0, 240.0, 330.0])
def test_of_a_normal_forecast_it_is_the_closed_form_of_gneiting_and_raftery(observed):
    """sigma (z (2 Phi(z) - 1) + 2 phi(z) - 1/sqrt(pi))."""
    normal = NormalDist(240.0, 30.0)
    n = 2000
    members = [normal.inv_cdf((i + 0.5) / n) for i in range(n)]
    z = (observed - 240.0) / 30.0
    unit = NormalDist()
    closed = 30.0 * (z * (2.0 * unit.cdf(z) - 1.0) + 2.0 * unit.pdf(z) - 1.0 / math.sqrt(math.pi))
    assert crps(members, observed) == pytest.approx(closed, abs=0.05)


def test_what_never_came_counts_as_an_hour_after_the_launch():
    assert crps([math.inf], 120.0) == HORIZON_S - 120.0 == 3480.0
    assert crps([100.0, math.inf], 100.0) == pytest.approx(1750.0 - 0.25 * 3500.0)
    assert math.isnan(crps([], 120.0))


def test_quantiles_are_order_statistics_and_infinite_where_most_never_came():
    values = [30.0, 10.0, math.inf, 20.0]
    assert quantile(values, 0.05) == 10.0
    assert quantile(values, 0.5) == 20.0
    assert quantile(values, 0.95) == math.inf
    assert median(values) == 25.0
    assert median([10.0, math.inf, math.inf, math.inf]) == math.inf


def test_sixty_seconds_on_a_minute_and_120_on_a_difference_decide():
    runs = [replicate(alert_s=a, clear_s=1000.0, end_s=960.0) for a in (359.0, 360.0, 361.0)]
    rows = {
        row.name: row
        for row in rows_of(
            Scene(
                fact("launch", role="input", t_s=0.0),
                fact("alert", t_s=300.0),
                fact("flight_time_s", value=840.0),
                fact("alert_to_lift_s", value=500.0),
                fact("passed_message", role="shown", t_s=0.0),
            ),
            runs,
        )
    }
    assert "launch" not in rows  # an input proves nothing
    assert (rows["alert"].verdict, rows["alert"].difference_s) == (WITHIN, 60.0)
    assert (rows["flight_time_s"].verdict, rows["flight_time_s"].tolerance_s) == (WITHIN, 120.0)
    assert (rows["alert_to_lift_s"].verdict, rows["alert_to_lift_s"].median_s) == (MISS, 640.0)
    assert rows["passed_message"].verdict == SHOWN
    assert rows["firm_track"].verdict == UNREPORTED
    late = [replicate(alert_s=360.5)]
    assert rows_of(Scene(fact("alert", t_s=300.0)), late)[0].verdict == MISS


def test_an_alert_that_never_came_is_a_miss_and_there_is_nothing_to_lift():
    silent = [replicate(alerted=(), end_s=400.0)] * 3
    rows = rows_of(Scene(fact("alert", t_s=120.0), fact("alert_to_lift_s", value=900.0)), silent)
    assert [row.verdict for row in rows[:2]] == [MISS, MISS]
    assert rows[0].share_never == 1.0
    assert math.isinf(rows[0].difference_s)
    assert alert_score(rows) == 3480.0
    assert naive_score(rows) == 120.0  # four minutes against two


def test_a_replicate_comes_back_from_its_object_as_it_was():
    one = replicate(number=3, alert_s=251.25)
    assert replicate_of(one.as_object()) == one
    with pytest.raises(ValueError, match="no replicate"):
        replicate_of({"number": 3})
