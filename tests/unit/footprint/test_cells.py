"""Cells: aims are never finer than 0.1 degree, land and people add up, the sea has nobody."""

import math

import numpy as np
import pytest

from hinomi.earth.wgs84 import MEAN_RADIUS_M
from hinomi.errors import ScenarioError
from hinomi.footprint.cells import cells_of
from hinomi.scenario.places import load_places

OKINAWA = (24.0, 122.5, 27.5, 129.0)  # south, west, north, east


@pytest.fixture(scope="module")
def places():
    return load_places()


@pytest.fixture(scope="module")
def found(places):
    groups = {
        "Okinawa": np.flatnonzero([p == "Okinawa" for p in places.prefecture_en]).astype(np.int32)
    }
    return cells_of(OKINAWA, cell_m=15e3, places=places, groups=groups)


def test_aims_are_whole_tenths_of_a_degree_inside_or_beside_their_cell(found):
    for aim in (found.aim_lat_deg, found.aim_lon_deg):
        assert np.allclose(aim * 10.0, np.round(aim * 10.0), atol=1e-9)
    west, south, east, north = np.array([found.edges_deg(c) for c in range(len(found.area_m2))]).T
    assert (np.abs(found.aim_lat_deg - 0.5 * (south + north)) <= 0.05 + 1e-9).all()
    assert (np.abs(found.aim_lon_deg - 0.5 * (west + east)) <= 0.05 + 1e-9).all()


def test_areas_add_up_to_the_box_on_the_sphere(found):
    south, west, north, east = (math.radians(x) for x in OKINAWA)
    whole = MEAN_RADIUS_M**2 * (east - west) * (math.sin(north) - math.sin(south))
    assert found.area_m2.sum() == pytest.approx(whole, rel=1e-12)
    assert np.sqrt(found.area_m2.mean()) == pytest.approx(15e3, rel=0.03)


def test_everybody_of_the_prefecture_lives_in_some_cell(found, places):
    there = [p == "Okinawa" for p in places.prefecture_en]
    out_of_box = [n.startswith(("Minamidaito", "Kitadaito")) for n in places.name_en]
    expected = sum(
        x for x, a, b in zip(places.population, there, out_of_box, strict=True) if a and not b
    )
    assert found.people.sum() == pytest.approx(expected, rel=0.005)
    assert found.land_m2.sum() == pytest.approx(2282e6 - 44e6, rel=0.01)  # survey, less Daito


def test_nobody_lives_at_sea(found):
    assert (found.people[found.land_m2 == 0.0] == 0.0).all()
    assert (found.land_m2.sum(axis=1) <= found.area_m2 * 1.1).all()


@pytest.mark.parametrize("cell_m", [0.0, -1.0, 9_999.0, 200e3, math.nan])
def test_cells_too_fine_or_too_coarse_are_refused_with_the_limits(places, cell_m):
    with pytest.raises(ScenarioError, match="10 to 100 km"):
        cells_of(OKINAWA, cell_m=cell_m, places=places, groups={})


def test_too_many_cells_are_refused(places):
    with pytest.raises(ScenarioError, match="at most 20,000"):
        cells_of((0.0, 100.0, 40.0, 150.0), cell_m=10e3, places=places, groups={})
