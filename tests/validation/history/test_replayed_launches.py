"""Public launches with a published flight time, flown by their classes: the time is the test."""

import pytest

from hinomi.history.launches import load_launches
from hinomi.history.reconstruct import published_replays
from hinomi.history.replay_report import over_inside

# Launches whose range, apogee and time are all published, and the published time [s].
TIMES = {
    "2017-05-14": 1800,
    "2017-07-28": 2832,
    "2017-08-29": 840,
    "2022-10-04": 1320,
    "2022-11-18": 4135,
    "2023-02-18": 3960,
    "2023-07-12": 4491,
}


@pytest.fixture(scope="module")
def replays():
    return published_replays()


def test_every_launch_graded_published_that_a_class_can_fly_is_there(replays):
    assert {r.launch.name: r.published_time.value for r in replays} == TIMES


def test_range_and_apogee_are_the_published_ones(replays):
    """They are inputs: within the rounding of the end point to 0.1 degree, and 500 m."""
    for r in replays:
        values = {q: v for own in reversed(r.launch.sets) for q, v in own.values.items()}
        if r.by == r.launch.sets[0].by:
            assert r.range_m / 1e3 == pytest.approx(values["range_km"].value, abs=9.0)
            assert r.apogee_m / 1e3 == pytest.approx(values["apogee_km"].value, abs=0.51)


def test_at_least_six_of_the_seven_flight_times_are_within_120_s(replays):
    inside = [r.launch.name for r in replays if abs(r.time_s - TIMES[r.launch.name]) <= 120.0]
    assert len(inside) >= 6
    assert inside == [r.launch.name for r in replays if r.inside]


def test_the_times_over_japan_are_the_published_minutes(replays):
    """29 August 2017 and 4 October 2022; a minute of tolerance at each end."""
    over = {r.launch.name: r.overflight for r in replays if r.overflight is not None}
    assert set(over) == {"2017-08-29", "2022-10-04"}
    assert all(over_inside(each) for each in over.values())


def test_every_miss_is_flown_minus_published_and_has_a_cause(replays):
    for each in replays:
        assert each.miss_s == pytest.approx(each.time_s - each.published_time.value)
        assert each.cause


def test_classes_are_assumed_and_given_only_to_ballistic_launches():
    for launch in load_launches():
        if launch.threat_class is not None:
            assert launch.kind == "ballistic"
            assert launch.threat_class.grade == "assumed"
