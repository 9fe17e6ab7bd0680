"""Pictures that are there already: shared between rooms, or kept apart."""

import pytest

from hinomi.scenario.load import load
from hinomi.study.chain import begin, prepare

US, JAPAN = "US", "Japan"


@pytest.fixture(scope="module")
def room():
    scenario = load("okinawa-2025", changes={"threats[*].count": 1})
    return begin(scenario, prepare(scenario), seed=1, number=0).room


def test_a_room_apart_has_what_was_formed_and_gives_back_nothing(room):
    there = {}
    first = room.with_made(there)
    own = first.own(JAPAN)
    before = dict(there)
    apart = first.apart()
    assert apart.own(JAPAN) is own
    apart.own(US)
    assert there == before
    assert first.own(US) is not apart.own(US)


def test_a_room_puts_what_it_forms_beside_the_given_pictures(room):
    there = {}
    own = room.with_made(there).own(JAPAN)
    assert list(there.values()) == [own]
    assert room.with_made(there).own(JAPAN) is own
