"""How far in its burn a class is, and how it goes on."""

import math

import numpy as np
import pytest

from hinomi.warn.burn import (
    AIR_LOSS_MPS,
    BURN_STEPS,
    burn_path,
    elapsed_burn_s,
    ideal_speed_mps,
    thrust_acceleration,
)
from hinomi.warn.prior import prior_of


@pytest.fixture(scope="module")
def stages(world):
    prior = prior_of([world.ballistic])
    return prior.stages[0], int(prior.counts[0])


def test_whole_burn_gives_the_rocket_equation(stages):
    """240 s x 9.80665 x ln(15300 / 2800)."""
    assert ideal_speed_mps(95.0, *stages) == pytest.approx(240 * 9.80665 * math.log(15300 / 2800))


def test_thrust_is_force_over_mass_left(stages):
    force = 240 * 9.80665 * 12500 / 95
    assert thrust_acceleration(0.0, *stages) == pytest.approx(force / 15300)
    assert thrust_acceleration(95.0, *stages) == pytest.approx(force / 2800)
    assert thrust_acceleration(300.0, *stages) == pytest.approx(force / 2800)


def test_elapsed_time_inverts_the_speed(stages):
    """Upright after 60 s: the ideal speed less gravity and air gives 60 s back."""
    speed = ideal_speed_mps(60.0, *stages) - 9.80665 * 60.0 - AIR_LOSS_MPS
    assert elapsed_burn_s(speed, 1.0, *stages) == pytest.approx(60.0, abs=1e-3)


def test_a_speed_the_class_never_has_is_its_whole_burn(stages):
    assert elapsed_burn_s(9000.0, 0.5, *stages) == pytest.approx(95.0, abs=1e-3)


def test_the_burn_gains_the_ideal_speed_less_gravity(world, stages):
    """Horizontal thrust for 20 s: speed grows by the rocket equation."""
    s = world.state(39.0, 125.7, 60e3, 2000.0, 0.0, 90.0)
    out = np.zeros((BURN_STEPS + 1, 7))
    steps, dt = burn_path(*s[:6], 70.0, 20.0, 1.0, *stages, out)
    gained = ideal_speed_mps(90.0, *stages) - ideal_speed_mps(70.0, *stages)
    assert steps * dt == pytest.approx(20.0)
    assert out[steps, 6] == pytest.approx(gained, rel=2e-3)
    speed = np.linalg.norm(out[steps, 3:6])
    assert speed == pytest.approx(2000.0 + gained, rel=0.01)
