"""Ballistic entry in an exponential atmosphere against the closed form of Allen and Eggers."""

import math
import runpy
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from hinomi.flight.body import pack
from hinomi.flight.path import release

C = runpy.run_path(str(Path(__file__).parents[2] / "unit" / "flight" / "flight_classes.py"))
F = runpy.run_path(str(Path(__file__).parents[1] / "closed_forms.py"))
H = 7160.0
R = 6371e3
CASES = [(3000.0, 45.0, 16.7), (5700.0, 35.0, 48.8)]


def entry(speed, angle_deg, beta, *, gravity):
    body = pack(
        replace(C["MRBM"], beta_kg_m2=beta),
        cone_drag=False,
        rotation=False,
        oblateness=False,
        gravity=gravity,
        sphere_m=R,
        exponential_m=H,
    )
    a = math.radians(angle_deg)
    # High enough that 1 % of the speed is still to be lost a little later.
    height = H * math.log(1.225 * H / (0.005 * 2 * beta * math.sin(a)))
    v = speed * np.array([-math.sin(a), math.cos(a), 0.0])
    return release(body, r_m=np.array([R + height, 0.0, 0.0]), v_mps=v)


def peak(path):
    """Greatest slowing-down from the rows: a parabola through the three largest differences."""
    speed = np.linalg.norm(path.v_mps, axis=1)
    slowing = 0.5 * (speed[:-2] - speed[2:])
    i = int(np.argmax(slowing))
    a, b, c = slowing[i - 1 : i + 2]
    return b + 0.125 * (a - c) ** 2 / (2 * b - a - c)


@pytest.mark.parametrize("beta", [100.0, 400.0])
@pytest.mark.parametrize(("speed", "angle_deg", "peak_g"), CASES)
def test_peak_deceleration_agrees_for_every_ballistic_coefficient(speed, angle_deg, peak_g, beta):
    """Without gravity, as the closed form has it: 2 % for the round Earth and 1-s rows."""
    path = entry(speed, angle_deg, beta, gravity=False)
    assert peak(path) / 9.80665 == pytest.approx(peak_g, rel=0.02)


@pytest.mark.parametrize("beta", [400.0, 4000.0])
def test_speed_follows_the_closed_form(beta):
    """Within 1.5 % to half the speed: over a round Earth the path steepens half a degree."""
    path = entry(3000.0, 45.0, beta, gravity=False)
    speed = np.linalg.norm(path.v_mps, axis=1)
    seen = 0
    for height, v in zip(path.height_m, speed, strict=True):
        if v > 1500.0:
            closed = F["entry_speed_mps"](
                start_mps=3000.0 * math.exp(0.005),
                density_kg_m3=1.225 * math.exp(-height / H),
                scale_height_m=H,
                beta_kg_m2=beta,
                angle_rad=math.radians(45.0),
            )
            assert v == pytest.approx(closed, rel=0.015)
            seen += 1
    assert seen > 10


def test_gravity_moves_the_peak_by_less_than_a_tenth():
    """What the closed form leaves out: the body gains speed while it falls into the dense air."""
    path = entry(3000.0, 45.0, 400.0, gravity=True)
    assert 1.0 < peak(path) / 9.80665 / 16.7 < 1.10
