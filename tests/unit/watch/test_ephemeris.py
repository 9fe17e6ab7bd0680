"""Positions of satellites of every kind, one call for all."""

import math
from dataclasses import replace

import numpy as np
import pytest

from hinomi.earth.wgs84 import ROTATION_RAD_S
from hinomi.flight.orbit import GEOSTATIONARY_RADIUS_M, circular_position, secular_rates
from hinomi.units import DAY_S
from hinomi.watch.constellation import geostationary, walker
from hinomi.watch.ephemeris import positions

# A case of the verification set of AIAA 2006-6753: about 400 km high, dated 25 June 2006.
LOW_ORBIT = (
    "1 06251U 62025E   06176.82412014  .00008885  00000-0  12808-3 0  3985",
    "2 06251  58.0579  54.0425 0030035 139.1568 221.1854 15.56387291  6774",
)
DATED_JD = 2453736.5 - 1.0 + 176.82412014  # 1 January 2006 is Julian day 2453736.5


def test_a_geostationary_satellite_stays_over_its_longitude(cases):
    east, west = geostationary(cases.HIGH, longitudes_rad=[2.0, -1.0])
    t = np.array([0.0, 3600.0, 86400.0])
    found = positions([east, west], t, greenwich_rad=0.3)
    assert found.shape == (2, 3, 3)
    for row, longitude in zip(found, (2.0, -1.0), strict=True):
        assert np.arctan2(row[:, 1], row[:, 0]) == pytest.approx([longitude] * 3)
        assert np.linalg.norm(row, axis=1) == pytest.approx([GEOSTATIONARY_RADIUS_M] * 3)
        assert row[:, 2] == pytest.approx([0.0] * 3, abs=1e-6)


def test_circular_orbits_are_those_of_the_kernel(cases):
    group = walker(cases.LOW, total=6, planes=3, phasing=1)
    t = np.array([0.0, 100.0, 5000.0])
    found = positions(group, t, greenwich_rad=0.4)
    for satellite, row in zip(group, found, strict=True):
        a, i = satellite.semi_major_axis_m, satellite.inclination_rad
        node_rate, argument_rate = secular_rates(a, i)
        for k, s in enumerate(t):
            node = satellite.node_rad + node_rate * s - 0.4 - ROTATION_RAD_S * s
            argument = satellite.argument_rad + argument_rate * s
            assert row[k] == pytest.approx(
                circular_position(a, math.cos(i), math.sin(i), node, argument), abs=1e-3
            )


def test_the_planes_of_a_walker_pattern_are_evenly_apart_on_the_sky(cases):
    """54/6/1: ascending nodes 60 degrees apart; nine satellites 40 degrees apart in each plane."""
    group = walker(cases.LOW, total=54, planes=6, phasing=1)
    r = positions(group, np.array([0.0]), greenwich_rad=0.0)[:, 0]
    unit = r / np.linalg.norm(r, axis=1)[:, None]
    planes = unit.reshape(6, 9, 3)
    normals = np.cross(planes[:, 0], planes[:, 1])
    normals /= np.linalg.norm(normals, axis=1)[:, None]
    turn = np.degrees(np.unwrap(np.arctan2(normals[:, 1], normals[:, 0])))
    assert np.diff(turn) == pytest.approx([60.0] * 5)
    apart = np.degrees(np.arccos((planes[:, 0] * planes[:, 1]).sum(axis=1)))
    assert apart == pytest.approx([40.0] * 6)


def test_second_0_is_the_instant_that_the_record_says(cases):
    """An hour later from the elements' date is second 0 of an epoch an hour later."""
    here = replace(cases.LOW, elements=LOW_ORBIT, elements_epoch_jd=DATED_JD)
    later = replace(here, elements_epoch_jd=DATED_JD + 3600.0 / DAY_S)
    t = np.array([0.0, 60.0])
    one = positions([here, later, cases.LOW], t + 3600.0, greenwich_rad=0.0)
    two = positions([here, later, cases.LOW], t, greenwich_rad=0.0)
    assert one[0] == pytest.approx(two[1], abs=5.0)
    assert np.linalg.norm(one[0] - two[0], axis=1).min() > 1e5


def test_elements_carry_their_own_date_and_ignore_the_scenarios_axes(cases):
    dated = replace(cases.LOW, elements=LOW_ORBIT, elements_epoch_jd=DATED_JD)
    t = np.array([0.0, 600.0])
    assert np.array_equal(
        positions([dated], t, greenwich_rad=0.0), positions([dated], t, greenwich_rad=1.0)
    )


def test_a_satellite_that_has_come_down_is_nowhere(cases):
    """The verification set's 28872, thrown up at 100 km perigee, falls within an hour."""
    falling = (
        "1 28872U 05037B   05333.02012661  .25992681  00000-0  24476-3 0  1534",
        "2 28872  96.4736 157.9986 0303955 244.0492 110.6523 16.46015938 10708",
    )
    dated = 2453371.5 - 1.0 + 333.02012661  # 1 January 2005 is Julian day 2453371.5
    satellite = replace(cases.LOW, elements=falling, elements_epoch_jd=dated)
    found = positions([satellite, cases.LOW], np.array([0.0, 7 * DAY_S]), greenwich_rad=0.0)
    assert np.isfinite(found[0, 0]).all()
    assert np.isnan(found[0, 1]).all()
    assert np.isfinite(found[1]).all()


def test_elements_without_an_epoch_are_refused(cases):
    with pytest.raises(ValueError, match="LOW has elements and no elements_epoch_jd"):
        positions([replace(cases.LOW, elements=LOW_ORBIT)], np.array([0.0]), greenwich_rad=0.0)


def test_no_satellites_or_no_times_give_empty_positions(cases):
    assert positions([], np.array([0.0]), greenwich_rad=0.0).shape == (0, 1, 3)
    assert positions([cases.LOW], np.array([]), greenwich_rad=0.0).shape == (1, 0, 3)
