"""The launch set: flights of notional arcs, the same ones moved to every aim, none from a site."""

import math

import numpy as np
import pytest

from hinomi.errors import FenceError, ScenarioError
from hinomi.footprint.launches import LONGEST_S, about_end, launch_set, notional
from hinomi.footprint.shots import _lay
from hinomi.scenario.load import load
from hinomi.study.seeds import AddressedDraws
from hinomi.threat.fly import fly


@pytest.fixture(scope="module")
def flights(okinawa):
    return fly([okinawa.threats[4]], okinawa.classes, draws=AddressedDraws(1, 0), t_end_s=LONGEST_S)


def test_a_flight_laid_to_its_own_end_is_itself(flights):
    told = about_end(flights, 0)
    path = np.empty((len(told.about_end), 3))
    lat, lon = flights.end_lat_deg[0], flights.end_lon_deg[0]
    _lay(told.about_end, math.radians(lat), math.radians(lon), path)
    true = flights.r_m[0, flights.first[0] : flights.last[0] + 1]
    assert np.abs(path - true).max() < 1.0  # metres


def test_a_flight_laid_elsewhere_keeps_its_heights_and_ends_there(flights):
    told = about_end(flights, 0)
    path = np.empty((len(told.about_end), 3))
    _lay(told.about_end, math.radians(33.6), math.radians(130.4), path)
    x, y, z = path[-1]
    assert math.degrees(math.atan2(y, x)) == pytest.approx(130.4, abs=0.03)
    assert math.degrees(math.atan2(z, math.hypot(x, y) * (1 - 0.0066943799901))) == pytest.approx(
        33.6, abs=0.03
    )
    assert told.about_end[:, 2].max() == pytest.approx(flights.apogee_m[0], abs=1000.0)


def test_times_count_from_ignition(flights):
    told = about_end(flights, 0)
    assert 0.0 <= told.first_s < 1.0
    assert told.burnout_s == pytest.approx(flights.burnout_t_s[0] - flights.launch_t_s[0])


def test_launches_take_every_threat_in_even_shares(okinawa):
    found = launch_set(okinawa, count=4, seed=1)
    assert [x.threat_class for x in found] == ["glider_regional"] * 2 + ["mrbm_liquid"] * 2
    assert [x.gliding for x in found] == [True, True, False, False]


def test_one_class_can_be_asked_for_and_an_unknown_one_is_told_the_known(okinawa):
    assert {t.threat_class for t in notional(okinawa, ["mrbm_liquid"])} == {"mrbm_liquid"}
    with pytest.raises(ScenarioError, match="there are glider_regional, mrbm_liquid"):
        notional(okinawa, ["srbm"])


def test_flights_of_the_public_record_start_from_sites_and_are_refused():
    with pytest.raises(FenceError, match="notional arcs"):
        notional(load("replay-2017-08-29"))


@pytest.mark.parametrize("count", [0, -1, 201])
def test_counts_out_of_range_are_refused_with_the_limits(okinawa, count):
    with pytest.raises(ScenarioError, match="1 to 200"):
        launch_set(okinawa, count=count, seed=1)
