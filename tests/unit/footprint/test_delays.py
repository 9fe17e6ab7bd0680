"""Whose track a battery may wait for, and how long that takes."""

from dataclasses import replace

import numpy as np
import pytest

from hinomi.footprint.delays import TrackTime, picture_times, typical_times

OWNERS = ("Japan", "US")


def times(**by_picture):
    return tuple(
        TrackTime(threat_class="x", picture=p, seconds=s, flights=8) for p, s in by_picture.items()
    )


def told(okinawa, name, found, **changes):
    return picture_times(found, replace(okinawa.architectures[name], **changes), OWNERS)


def test_each_nation_waits_for_its_own_track(okinawa):
    found = told(okinawa, "national", times(Japan=100.0, US=250.0))
    assert (found["x", "Japan"], found["x", "US"]) == (100.0, 250.0)


def test_one_picture_serves_everybody(okinawa):
    found = told(okinawa, "integrated", times(all=105.0))
    assert (found["x", "Japan"], found["x", "US"]) == (105.0, 105.0)


def test_who_refuses_stays_with_its_own_picture(okinawa):
    found = told(okinawa, "integrated", times(all=105.0, US=200.0))
    assert (found["x", "Japan"], found["x", "US"]) == (105.0, 200.0)


def test_engaging_on_remote_takes_the_first_track_of_anybody(okinawa):
    found = told(
        okinawa, "national", times(Japan=np.inf, US=250.0), one_assignment=True,
        engage_on_remote=True,
    )  # fmt: skip
    assert (found["x", "Japan"], found["x", "US"]) == (250.0, 250.0)


def test_typical_times_are_after_ignition_and_within_the_flight(okinawa):
    found = typical_times(okinawa, okinawa.architectures["integrated"], seed=1, replicates=1)
    assert {t.threat_class for t in found} == {"glider_regional", "mrbm_liquid"}
    assert {t.picture for t in found} == {"all"}
    for t in found:
        assert t.flights == 4
        assert t.seconds > 0.0
    assert min(t.seconds for t in found) == pytest.approx(105.0, abs=60.0)  # about the end of boost
