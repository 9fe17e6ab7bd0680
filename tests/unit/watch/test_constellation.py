"""Walker deltas, geostationary slots and the motion of satellites."""

import math
from dataclasses import replace

import numpy as np
import pytest

from hinomi.earth.gravity import MU_M3_S2, acceleration
from hinomi.earth.wgs84 import SEMI_MAJOR_M
from hinomi.errors import ScenarioError
from hinomi.flight.orbit import GEOSTATIONARY_RADIUS_M, circular_position, secular_rates
from hinomi.units import DAY_S
from hinomi.watch.constellation import geostationary, walker


def test_walker_pattern_of_the_textbook(cases):
    """24/3/1: planes 120 degrees apart, satellites 45, next plane ahead by 15."""
    group = walker(cases.LOW, total=24, planes=3, phasing=1)
    assert len({s.name for s in group}) == 24
    nodes = sorted({round(math.degrees(s.node_rad), 9) for s in group})
    assert nodes == pytest.approx([0.0, 120.0, 240.0])
    first = [math.degrees(s.argument_rad) for s in group[:8]]
    second = [math.degrees(s.argument_rad) for s in group[8:16]]
    assert first == pytest.approx([45.0 * k for k in range(8)])
    assert second == pytest.approx([45.0 * k + 15.0 for k in range(8)])
    assert all(s.inclination_rad == cases.LOW.inclination_rad and not s.stationary for s in group)


@pytest.mark.parametrize(
    ("total", "planes", "phasing"), [(28, 5, 1), (28, 4, 4), (0, 1, 0), (8, 2, -1)]
)
def test_walker_that_does_not_exist_is_refused(cases, total, planes, phasing):
    with pytest.raises(ScenarioError, match="does not exist"):
        walker(cases.LOW, total=total, planes=planes, phasing=phasing)


@pytest.mark.parametrize("height_m", [100e3, 0.0, -50e3])
def test_orbit_that_does_not_last_is_refused(cases, height_m):
    low = replace(cases.LOW, semi_major_axis_m=SEMI_MAJOR_M + height_m)
    with pytest.raises(ScenarioError, match="must be higher than 100 km"):
        walker(low, total=4, planes=2, phasing=1)


def test_scans_of_geostationary_satellites_are_not_in_step(cases):
    east, west = geostationary(cases.HIGH, longitudes_rad=[2.0, 3.0])
    assert (east.phase_s, west.phase_s) == (0, 5)
    assert (east.node_rad, west.node_rad) == (2.0, 3.0)
    assert east.stationary


def test_node_of_a_sun_synchronous_orbit_follows_the_sun():
    """Landsat 8: 705 km above 6,378 km, 98.2 degrees (USGS); the Sun moves 0.9856 degrees a day."""
    node_rate, _ = secular_rates(7083.0e3, math.radians(98.2))
    assert math.degrees(node_rate) * DAY_S == pytest.approx(0.9856, abs=0.01)


def test_geostationary_radius_turns_with_the_earth():
    """Without flattening a circular orbit at this radius takes one sidereal day."""
    assert 2 * math.pi * math.sqrt(GEOSTATIONARY_RADIUS_M**3 / MU_M3_S2) == pytest.approx(
        86164.1, abs=0.1
    )


def test_satellite_follows_the_numerically_integrated_orbit():
    """Runge-Kutta with mu and J2 in inertial axes; mean elements from the integrated orbit."""
    a0, inclination = 7371e3, math.radians(80.0)
    speed = math.sqrt(MU_M3_S2 / a0)
    state = np.array([a0, 0, 0, 0, speed * math.cos(inclination), speed * math.sin(inclination)])

    def rate(s):
        return np.array([*s[3:], *acceleration(s[0], s[1], s[2])])

    step, out = 10.0, []
    for _ in range(2160):  # six hours
        out.append(state)
        k1 = rate(state)
        k2 = rate(state + 0.5 * step * k1)
        k3 = rate(state + 0.5 * step * k2)
        k4 = rate(state + step * k3)
        state = state + step / 6.0 * (k1 + 2 * k2 + 2 * k3 + k4)
    path = np.array(out)
    r, v = path[:, :3], path[:, 3:]
    # Mean semi-major axis: osculating one averaged over ten whole turns.
    energy = 0.5 * (v**2).sum(1) - MU_M3_S2 / np.linalg.norm(r, axis=1)
    turn = 2 * math.pi * math.sqrt(a0**3 / MU_M3_S2) / step
    a = (-MU_M3_S2 / (2 * energy))[: round(3 * turn)].mean()
    h = np.cross(r, v)
    tilt = np.arccos(h[:, 2] / np.linalg.norm(h, axis=1)).mean()
    node_rate, argument_rate = secular_rates(a, tilt)
    t = step * np.arange(len(path))
    model = np.array(
        [
            circular_position(a, math.cos(tilt), math.sin(tilt), node_rate * s, argument_rate * s)
            for s in t
        ]
    )
    miss = np.linalg.norm(model - r, axis=1)
    assert miss.max() < 20e3  # short-period terms: a few kilometres, eccentricity up to 10 km
    # Only the secular part grows: node and phase stay true over six hours.
    node = np.unwrap(np.arctan2(h[:, 0], -h[:, 1]))
    assert np.polyfit(t, node, 1)[0] == pytest.approx(node_rate, rel=0.01)
    along = np.sum((model - r) * v, axis=1) / np.linalg.norm(v, axis=1)
    drift = np.polyfit(t, along, 1)[0] * t[-1]
    assert abs(drift) < 5e3


def test_pattern_is_not_changed(cases):
    before = replace(cases.LOW)
    walker(cases.LOW, total=4, planes=2, phasing=1)
    assert before == cases.LOW
