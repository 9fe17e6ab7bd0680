"""Predicted end areas from the true state: what a perfect track could know, and no more."""

from dataclasses import replace

import numpy as np
import pytest

from hinomi.earth.places import places_within
from hinomi.records.flights import BALLISTIC_KIND
from hinomi.scenario.load import load
from hinomi.study import chain
from hinomi.study.foreseen import foreseen, foreseen_metrics, marked


@pytest.fixture(scope="module")
def raid():
    scenario = load("okinawa-2025")
    return chain.begin(scenario, chain.prepare(scenario), seed=1, number=1)


def seen_from(raid, threshold=0.1, classes=None, draws=None):
    return foreseen(
        raid.flights,
        raid.context.places,
        classes=classes or raid.scenario.predictor_classes,
        draws=draws or raid.draws,
        threshold=threshold,
        buffer_m=raid.scenario.buffer_m,
    )


def test_a_ballistic_body_is_foreseen_where_it_ends(raid):
    """State and class known: every sample flies the flight itself, so k / K is 1 within 5 km, else 0."""
    flights = raid.flights
    ballistic = [b for b, kind in enumerate(flights.kinds) if kind == BALLISTIC_KIND]
    own = [b for b in ballistic if np.asarray(flights.parent)[b] < 0]
    classes = [raid.scenario.classes[flights.classes[own[0]]]]
    found = seen_from(raid, 0.5, classes)
    assert len(own) == 4
    for body in own:
        end = float(flights.end_lat_deg[body]), float(flights.end_lon_deg[body])
        # Half a kilometre: the true flight has its own mass and air, the sample the class's.
        sure = places_within(raid.context.places.mesh, *end, raid.scenario.buffer_m - 2000.0)
        near = places_within(raid.context.places.mesh, *end, raid.scenario.buffer_m + 2000.0)
        mine = set(found.place[found.body == body].tolist())
        assert set(sure.tolist()) <= mine <= set(near.tolist())


def test_a_threshold_of_one_is_never_reached(raid):
    assert not len(seen_from(raid, 1.0).place)


def test_draws_belong_to_a_body_by_name(raid):
    """Without the first body the others are foreseen as before."""
    flights = raid.flights
    parent = np.asarray(flights.parent).copy()
    parent[0] = 1  # no longer a threat of its own
    fewer = foreseen(
        replace(flights, parent=parent), raid.context.places,
        classes=raid.scenario.predictor_classes, draws=raid.draws, threshold=0.05,
        buffer_m=raid.scenario.buffer_m,
    )  # fmt: skip
    every = seen_from(raid, 0.05)
    kept = every.body != 0
    assert fewer.place.tolist() == every.place[kept].tolist()
    assert fewer.end_s.tolist() == flights.end_t_s[every.body[kept]].tolist()


def test_rows_of_need_are_marked_and_nobody_is_added_to_them(raid):
    found = seen_from(raid)
    needs = marked(raid.needs, found)
    assert np.array_equal(needs.place, raid.needs.place)
    both = set(zip(found.body.tolist(), found.place.tolist(), strict=True))
    pairs = zip(needs.body.tolist(), needs.place.tolist(), strict=True)
    assert needs.predicted.tolist() == [float(p in both) for p in pairs]
    assert needs.predicted.sum() > 0


def test_people_that_only_the_prediction_names_are_counted_apart(world):
    """Places 0, 1 need a warning; 1, 2 and 3 are foreseen, 2 told in time and 3 after the end."""

    class Rows:
        place = np.array([0, 1])

    class Found:
        place = np.array([1, 2, 3, 3])
        end_s = np.array([500.0, 500.0, 600.0, 450.0])

    class Received:
        first_s = np.array([100.0, 100.0, 499.0, 500.0])

    people = np.array([1.0, 10.0, 100.0, 1000.0])
    places = replace(world.places(4), population=people)
    assert foreseen_metrics(None, Rows(), Received(), places, world.policy) == {}
    assert foreseen_metrics(Found(), Rows(), Received(), places, world.policy) == {
        "predicted_people": 1110.0,
        "predicted_only_people": 1100.0,
        "predicted_only_told_people": 100.0,
    }
