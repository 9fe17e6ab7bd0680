"""What a nation refuses to pass on is missing at the other, in the share of raids that is stated."""

from dataclasses import replace

import numpy as np
import pytest

from hinomi.defend.armoury import armoury
from hinomi.records.engagements import Refusal
from hinomi.scenario.load import load
from hinomi.study.chain import begin, prepare
from hinomi.study.pictures import EVERYBODY, Watchroom, pictures_of
from hinomi.study.seeds import AddressedDraws

US, JAPAN = "US", "Japan"


def refusal(sender, receiver, category, probability=1.0):
    return Refusal(sender=sender, receiver=receiver, category=category, probability=probability)


@pytest.fixture(scope="module")
def scenario():
    return load("okinawa-2025", changes={"threats[*].count": 1})


@pytest.fixture(scope="module")
def raid(scenario):
    return begin(scenario, prepare(scenario), seed=1, number=0)


def refusing(scenario, name, *refusals):
    return replace(scenario.architectures[name], refusals=refusals)


def sensors_of(picture, scenario):
    """Owners whose sensors the plots of a picture come from."""
    units = (*scenario.sensors.radars, *scenario.sensors.infrared)
    return {units[i].owner for i in np.unique(picture.plots.sensor)}


def test_without_tracks_of_the_partner_a_nation_keeps_its_own_picture(raid, scenario):
    room = raid.room
    pictures = pictures_of(
        room, refusing(scenario, "shared_track", refusal(US, JAPAN, "track")), JAPAN
    )
    given = pictures_of(room, scenario.architectures["shared_track"], JAPAN)
    assert sensors_of(pictures[JAPAN], scenario) == {JAPAN}
    assert sensors_of(given[JAPAN], scenario) == {JAPAN, US}
    assert sensors_of(pictures[US], scenario) == {JAPAN, US}  # the other direction is open


def test_a_refused_launch_event_points_no_sensor(raid, scenario):
    architecture = refusing(scenario, "shared_warning", refusal(US, JAPAN, "warning"))
    assert raid.room.cued(JAPAN, architecture) is raid.room.own(JAPAN)


@pytest.mark.parametrize("pair", [(US, JAPAN), (JAPAN, US)])
def test_under_one_picture_who_does_not_share_stands_apart(raid, scenario, pair):
    """US keeps its plots, or Japan keeps the picture: US acts on its own; no plot is hidden twice."""
    pictures = pictures_of(
        raid.room, refusing(scenario, "integrated", refusal(*pair, "track")), JAPAN
    )
    assert set(pictures) == {EVERYBODY, US}
    assert sensors_of(pictures[US], scenario) == {US}
    assert sensors_of(pictures[EVERYBODY], scenario) == ({JAPAN} if pair[0] == US else {JAPAN, US})


def test_a_chance_of_zero_changes_nothing(raid, scenario):
    architecture = refusing(scenario, "integrated", refusal(US, JAPAN, "track", 0.0))
    pictures = pictures_of(raid.room, architecture, JAPAN)
    given = pictures_of(raid.room, scenario.architectures["integrated"], JAPAN)
    assert set(pictures) == {EVERYBODY}
    assert np.array_equal(pictures[EVERYBODY].tracks.mean, given[EVERYBODY].tracks.mean)


def test_the_share_of_raids_is_that_stated_and_the_same_raids_in_every_architecture(scenario):
    """1,000 raids at 0.3: within four standard errors, 0.058."""
    given = [
        refusing(scenario, name, refusal(US, JAPAN, "track", 0.3))
        for name in ("shared_track", "integrated")
    ]
    refused = np.zeros((2, 1000), bool)
    for number in range(1000):
        room = Watchroom(
            flights=None, sensors=None, nations=(JAPAN, US), settings=None,
            draws=AddressedDraws(1, number), present=(),
        )  # fmt: skip
        refused[:, number] = [room.senders(JAPAN, "track", a) == () for a in given]
    assert np.array_equal(refused[0], refused[1])
    assert abs(refused[0].mean() - 0.3) < 0.058


def test_batteries_of_a_nation_apart_fire_on_its_own_picture_alone(scenario):
    store = armoury(
        scenario.batteries, scenario.weapons, pictures=[EVERYBODY, US],
        architecture=scenario.architectures["integrated"], settings=scenario.engagement, present=None,
    )  # fmt: skip
    owner = np.array([scenario.batteries[b].owner for b in store.battery])
    assert [who for _, who in store.desks] == [EVERYBODY, US]
    assert np.array_equal(store.allowed[0].astype(bool), owner == JAPAN)
    assert np.array_equal(store.allowed[1].astype(bool), owner == US)
