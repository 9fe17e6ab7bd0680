"""Which numbers may be moved, and what is refused."""

import pytest

from hinomi.errors import FenceError, ScenarioError
from hinomi.scenario.load import load
from hinomi.sensitivity.keys import chosen_keys, default_keys, is_closed, ranged

PAIR = ("integrated", "shared_warning")


@pytest.fixture(scope="module")
def scenario():
    return load("okinawa-2025")


@pytest.fixture(scope="module")
def known(scenario):
    return ranged(scenario, PAIR)


def test_no_number_of_a_threat_can_be_moved(scenario, known):
    closed = [p.key for p in scenario.assumptions if is_closed(p.key)]
    assert len(closed) > 50
    assert not {k.name for k in known} & set(closed)
    assert not any(is_closed(k.name) for k in chosen_keys(scenario, PAIR, ["*"]))


@pytest.mark.parametrize(
    "pattern",
    ["threats*", "catalogue.threat.*", "catalogue.threat.glider_regional.lift_to_drag", "area.*"],
)
def test_a_pattern_that_means_threats_is_refused_with_the_reason(scenario, pattern):
    with pytest.raises(FenceError, match="never set to an end of its range"):
        chosen_keys(scenario, PAIR, [pattern])


def test_a_key_that_is_not_there_is_answered_with_the_nearest(scenario):
    with pytest.raises(ScenarioError, match=r"did you mean 'engagement\.assess_s'"):
        chosen_keys(scenario, PAIR, ["engagement.asses_s"])


def test_a_number_without_a_range_is_refused_with_the_way_out(scenario):
    with pytest.raises(ScenarioError, match="give it a low and a high"):
        chosen_keys(scenario, PAIR, ["catalogue.radar.xband_forward.reference_snr_db"])


def test_architectures_that_are_not_compared_are_left_out_and_equal_decisions_are_one_key(known):
    names = [k.name for k in known if k.name.startswith("architectures")]
    assert "architectures[*].decide_s" in names
    assert not [n for n in names if "national" in n or "shared_track" in n]
    assert not [n for n in names if n.endswith("].decide_s") and "[*]" not in n]


def test_every_key_has_an_end_that_differs_and_holds_its_value(known):
    for key in known:
        assert key.sides()
        assert key.low <= key.value <= key.high


def test_brackets_in_patterns_are_meant_as_they_are_written(scenario):
    found = chosen_keys(scenario, PAIR, ["architectures[integrated].*"])
    assert {k.name for k in found} == {
        "architectures[integrated].relay_s",
        "architectures[integrated].warning_relay_s",
        "architectures[integrated].network_cost_musd_per_year",
    }


def test_the_default_runs_most_of_what_is_cheap_and_a_chosen_part_of_the_rest(known):
    found = default_keys(known)
    cheap = [k for k in found if not k.anew]
    assert 80 < len(cheap) < len(known)
    assert 15 < len(found) - len(cheap) < 30
