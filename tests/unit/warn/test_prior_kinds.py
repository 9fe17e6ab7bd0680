"""What the forecast makes of kinds that it does not know in full."""

from dataclasses import replace

import numpy as np
import pytest

from hinomi.warn.prior import BETA, FALLING_BETA_KG_M2, GLIDES, prior_of


@pytest.fixture
def cruise(world):
    return replace(world.ballistic, name="low", kind="cruise", stages=(), beta_kg_m2=0.0)


def test_quasi_ballistic_bodies_glide_and_launchers_do_not(world):
    quasi = replace(world.glider, name="quasi", kind="quasi_ballistic")
    launcher = replace(world.ballistic, name="slv", kind="launcher")
    columns = prior_of([quasi, launcher, world.glider, world.ballistic]).columns
    assert columns[:, GLIDES].tolist() == [1.0, 0.0, 1.0, 0.0]


def test_cruise_bodies_are_left_out_beside_others(world, cruise):
    assert prior_of([cruise, world.ballistic]).columns.shape[0] == 1
    assert np.array_equal(
        prior_of([cruise, world.ballistic]).columns, prior_of([world.ballistic]).columns
    )


def test_a_cruise_body_alone_is_taken_to_fall(cruise):
    prior = prior_of([cruise])
    assert prior.counts.tolist() == [0]
    assert prior.columns[0, BETA] == FALLING_BETA_KG_M2
    assert np.all(np.isfinite(prior.columns))
