"""Worlds: sets of variants, sensors taken away, and the interaction of sharing with them."""

from dataclasses import replace

import numpy as np
import pytest

from hinomi.errors import FenceError, ScenarioError
from hinomi.integration.worlds import contrasts, worlds
from hinomi.scenario.load import load
from hinomi.scenario.model import Variant


@pytest.fixture(scope="module")
def scenario():
    return load("okinawa-2025")


def test_two_variants_make_four_worlds_that_load(scenario):
    found = worlds(scenario, ("leo_off", "glide_phase"))
    assert [w.name for w in found] == ["as_it_is", "leo_off", "glide_phase", "leo_off+glide_phase"]
    both = load("okinawa-2025", changes=found[-1].changes)
    leo = next(s for s in both.sensors.infrared if s.name.startswith("LEO"))
    assert leo.availability == 0.0
    ship = next(b for b in both.batteries if b.name == "ship west")
    assert "glide_phase" in {m.weapon for m in ship.magazines}


def test_threats_are_the_same_in_every_world(scenario):
    for w in worlds(scenario, ("leo_off", "glide_phase")):
        assert load("okinawa-2025", changes=w.changes).threats == scenario.threats


def test_a_variant_that_changes_threats_is_refused(scenario):
    bad = Variant(name="more", title="", changes={"threats[glider].apogee_low_km": 50.0})
    with pytest.raises(FenceError, match="threats stay as they are"):
        worlds(replace(scenario, variants=(bad,)), ("more",))


@pytest.mark.parametrize(
    ("names", "message"),
    [
        (("leo_of",), "did you mean 'leo_off'"),
        (("leo_8", "leo_54"), "both change"),
        (("leo_8", "leo_8"), "twice"),
        (("leo_8", "glide_phase", "drills", "leo_off"), "at most 3"),
    ],
)
def test_wrong_variants_say_what_is_wrong(scenario, names, message):
    with pytest.raises(ScenarioError, match=message):
        worlds(scenario, names)


def test_contrasts_recover_the_terms_of_a_made_up_factorial():
    """Gain = 10 + 3 a - 2 b + 5 a b: with b half the time, a alone adds 3 + 5/2."""
    gains = {
        tuple(n for n, on in (("a", a), ("b", b)) if on): np.array(
            [10.0 + 3 * a - 2 * b + 5 * a * b]
        )
        for a in (0, 1)
        for b in (0, 1)
    }
    found = contrasts(gains, ("a", "b"))
    assert found["a",][0] == pytest.approx(5.5)
    assert found["b",][0] == pytest.approx(0.5)
    assert found["a", "b"][0] == pytest.approx(5.0)
