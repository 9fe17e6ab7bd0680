"""People who knew and people in shelter."""

import numpy as np
import pytest

from hinomi.warn.diffusion import heard_by_channel, lognormal_acted
from hinomi.warn.respond import curves_of, respond_by_channel


def respond(lead_s, population, *, policy):
    """People who knew and people in shelter where every channel comes in at once."""
    lead = np.asarray(lead_s, dtype=float)
    received = np.zeros((len(policy.channels), len(lead)))
    found = respond_by_channel(lead, received, population, np.zeros(len(lead)), policy=policy)
    return found.knew, found.sheltered


def test_no_time_no_people(world):
    lead = np.array([-np.inf, -10.0, 0.0, np.nan, np.inf])
    knew, sheltered = respond(lead, np.full(5, 1e5), policy=world.policy)
    assert knew.tolist() == [0.0] * 5
    assert sheltered.tolist() == [0.0] * 5


def test_people_are_conserved_and_more_time_never_hurts(world):
    lead = np.linspace(0.0, 4000.0, 500)
    knew, sheltered = respond(lead, np.full(500, 1e5), policy=world.policy)
    ceiling = 0.7 * (1 - 0.15 * 0.25) + 0.3 * 0.85  # of the two channels by day, correlation 0.3
    assert knew.max() <= 1e5 * ceiling + 1e-6
    assert knew[-1] == pytest.approx(1e5 * ceiling, rel=1e-6)
    assert np.all(sheltered <= world.policy.compliance * knew + 1e-9)
    assert np.all(np.diff(knew) >= 0.0)
    assert np.all(np.diff(sheltered) >= -1e-6)  # rounding, of 5,000 people
    assert sheltered[200] > 0.0


def test_night_reaches_fewer(world):
    lead, people = np.array([120.0]), np.array([1.0])
    day, _ = respond(lead, people, policy=world.policy)
    night, _ = respond(lead, people, policy=world.changed(night=True))
    assert 0.0 < night[0] < day[0]


def test_drills_multiply_shelter_by_compliance(world):
    lead, people = np.array([300.0]), np.array([1.0])
    _, base = respond(lead, people, policy=world.policy)
    _, drilled = respond(lead, people, policy=world.changed(compliance=0.3))
    assert drilled[0] / base[0] == pytest.approx(0.3 / 0.055)


def test_half_of_those_indoors_have_acted_at_the_median():
    t = np.array([0.0, 60.0, 60.0 * np.exp(0.8)])
    acted = lognormal_acted(t, median_s=60.0, sigma=0.8)
    # One sigma above the median: 0.841345 of a normal.
    assert acted == pytest.approx([0.0, 0.5, 0.841345], abs=1e-6)


def test_a_fixed_delay_shifts_hearing(world):
    """Sigma 0: everybody acts 60.5 s after hearing."""
    policy = world.changed(indoor_share=1.0, indoor_median_s=60.5, indoor_sigma=0.0, compliance=1.0)
    know, shelter = respond(np.arange(200.0), np.ones(200), policy=policy)
    assert (shelter[:60] == 0.0).all()
    # Folded in steps of at most 2 s: whoever sits at a step's end moves by one at most.
    assert (shelter[62:] >= know[: 200 - 62] - 1e-12).all()
    assert (shelter[62:] <= know[3 : 203 - 62] + 1e-12).all()


def test_contagion_without_broadcast_never_begins():
    n = heard_by_channel(np.array([600.0]), broadcast_per_s=0.0, contagion_per_s=0.1, ceiling=1.0)
    assert n[0] == 0.0


def test_fully_correlated_channels_are_as_good_as_the_best(world):
    policy = world.changed(channel_correlation=1.0)
    each = curves_of(policy).heard
    knew, _ = respond(np.array([60.0, 600.0]), np.ones(2), policy=policy)
    assert len(each) > 1
    assert knew == pytest.approx(each.max(axis=0)[[60, 600]])
