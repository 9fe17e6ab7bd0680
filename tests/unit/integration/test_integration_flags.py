"""Flags, what they presuppose, and the architectures that coalitions become."""

from dataclasses import replace

import pytest

from hinomi.errors import ScenarioError
from hinomi.integration.flags import (
    AUTHORITY,
    FLAGS,
    SINGLE_AUTHORITY_S,
    architecture_of,
    coalitions,
    effective,
    flags_of,
    name_of,
    players_of,
    terms_of,
    wanted,
)
from hinomi.records.engagements import Refusal
from hinomi.scenario.load import load


@pytest.fixture(scope="module")
def named():
    return load("okinawa-2025").architectures


def test_a_flag_without_what_it_presupposes_has_no_effect():
    assert effective({"one_picture"}) == frozenset()
    assert effective({"share_track", "engage_on_remote"}) == frozenset()
    assert effective({"share_warning", "one_picture"}) == {"share_warning"}
    assert effective(FLAGS) == set(FLAGS)
    assert effective({AUTHORITY}) == {AUTHORITY}


def test_effective_is_a_closure_for_every_set_of_flags():
    for c in coalitions(FLAGS):
        real = effective(c)
        assert real <= c
        assert effective(real) == real


def test_there_are_two_to_the_k_coalitions_and_each_name_is_its_own():
    found = coalitions(FLAGS)
    assert len(found) == len(set(found)) == 64
    assert len({name_of(c) for c in found}) == 64


def test_all_sharing_flags_give_the_integrated_architecture_itself(named):
    top, bottom = named["integrated"], named["shared_warning"]
    full = architecture_of(flags_of(top), bottom=bottom, top=top)
    assert replace(full, name=top.name, label=top.label) == top


def test_decision_times_are_equal_unless_single_authority_says_otherwise(named):
    top, bottom = named["integrated"], named["shared_warning"]
    for a in wanted(bottom, top).values():
        faster = AUTHORITY in a.name
        assert a.decide_s == (SINGLE_AUTHORITY_S if faster else bottom.decide_s)
    quick = replace(top, decide_s=(1.0, 2.0, 3.0))
    assert architecture_of(flags_of(top), bottom=bottom, top=quick).decide_s == bottom.decide_s
    with_it = architecture_of(flags_of(top) | {AUTHORITY}, bottom=bottom, top=quick)
    assert with_it.decide_s == quick.decide_s


def test_equal_architectures_are_wanted_once(named):
    top = named["integrated"]
    assert len(wanted(named["national"], top)) == 20  # (1 + 1 + 2^3) sets of flags, twice
    assert set(wanted(named["shared_warning"], top)) < set(wanted(named["national"], top))


def test_players_are_what_the_fuller_architecture_adds(named):
    assert players_of(named["national"], named["shared_warning"]) == ("share_warning",)
    assert len(players_of(named["shared_warning"], named["integrated"])) == 4


def test_pairs_that_cannot_be_split_say_why(named):
    with pytest.raises(ScenarioError, match="share less than the second"):
        players_of(named["integrated"], named["national"])
    with pytest.raises(ScenarioError, match="nothing to split"):
        players_of(named["national"], named["national"])
    odd = replace(named["integrated"], share_track=False)
    with pytest.raises(ScenarioError, match="presupposes"):
        players_of(named["national"], odd)


def test_a_refusal_alone_can_be_compared(named):
    top = named["integrated"]
    refusal = Refusal(sender="US", receiver="Japan", category="track", probability=0.3)
    reluctant = replace(top, name="reluctant", refusals=(refusal,))
    assert players_of(reluctant, top) == ()
    assert terms_of(reluctant, top) == "other refusals"
    assert terms_of(top, top) == ""
    for a in wanted(reluctant, top).values():
        assert a.refusals == ()
