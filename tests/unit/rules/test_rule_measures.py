"""Measures of a rule on one raid, worked out by hand."""

import math

import numpy as np
import pytest

from hinomi.records.alerts import (
    ALERT_MESSAGE,
    ALL_CLEAR_MESSAGE,
    EXERCISE,
    ROUTE_FORECAST,
    ROUTE_LOST,
    ROUTE_NONE,
    UPDATE_MESSAGE,
    Alerts,
)
from hinomi.rules.measures import _flips, _leads


class _Leads:
    """What the measures read of `Warned`."""

    def __init__(self, place, arrive, lead, people):
        self.place, self.t_arrive_s = np.array(place), np.array(arrive)
        self.lead_s, self.population = np.array(lead, float), np.array(people, float)
        self.sheltered = np.zeros(len(place))


def _alerts(rows):
    kinds = {"alert": ALERT_MESSAGE, "update": UPDATE_MESSAGE, "clear": ALL_CLEAR_MESSAGE}
    n = len(rows)
    return Alerts(
        status=EXERCISE,
        units=("a", "b"),
        track=np.array([r[0] for r in rows]),
        kind=np.array([kinds[r[1]] for r in rows]),
        route=np.full(n, ROUTE_NONE),
        t_ready_s=np.arange(n, dtype=float),
        t_issue_s=np.arange(n, dtype=float),
        covers=np.array([r[2] for r in rows]),
    )


def test_people_by_what_their_warning_was_worth():
    """Never, too late, at the very arrival, 30 of 60 s, in time; each place once, at its first body."""
    warned = _Leads(
        place=[0, 1, 2, 3, 4, 4],
        arrive=[100.0, 100.0, 100.0, 100.0, 200.0, 100.0],
        lead=[-math.inf, -5.0, 0.0, 30.0, 300.0, 200.0],
        people=[1, 10, 100, 1000, 10_000, 10_000],
    )
    m = _leads(warned, 60.0)
    names = ("never_people", "late_people", "short_people", "in_time_people", "need_people")
    assert [m[n] for n in names] == [1.0, 110.0, 1000.0, 10_000.0, 11_111.0]
    assert m["lead_s"] == 200.0


def test_a_unit_alerted_again_after_it_was_lifted_is_one_flip():
    """a: alert, clear, alert again (one flip). b: dropped by an update, never again (none)."""
    count, which = _flips(
        _alerts([(1, "alert", [1, 1]), (1, "update", [1, 0]), (1, "clear", [1, 0]),
                 (1, "update", [1, 0])])
    )  # fmt: skip
    assert count == 1
    assert which.tolist() == [True, False]


def test_a_unit_that_stays_alerted_by_another_track_does_not_flip():
    count, _ = _flips(
        _alerts([(1, "alert", [1, 0]), (2, "alert", [1, 0]), (1, "clear", [1, 0]),
                 (1, "update", [1, 0]), (2, "clear", [1, 0])])
    )  # fmt: skip
    assert count == 0


@pytest.mark.parametrize("route", [ROUTE_FORECAST, ROUTE_LOST])
def test_flips_do_not_depend_on_the_route(route):
    a = _alerts([(1, "alert", [1, 0]), (1, "clear", [1, 0]), (3, "alert", [1, 1])])
    fields = {n: getattr(a, n) for n in a.__slots__} | {"route": np.full(3, route)}
    count, which = _flips(Alerts(**fields))
    assert count == 1
    assert which.tolist() == [True, False]
