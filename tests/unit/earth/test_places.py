"""Points and municipalities on a small made-up mesh; codes against an independent library."""

import math
from dataclasses import replace

import numpy as np
import pytest

from hinomi.earth.places import (
    COLUMNS_A_DEGREE,
    ROWS_A_DEGREE,
    all_cells,
    place_at,
    places_within,
)
from hinomi.records.places import Mesh

METRES_A_DEGREE = 6_371_000.0 * math.pi / 180.0


@pytest.fixture
def mesh() -> Mesh:
    """Two tiles from 26 2/3 N, 128 E: place 0 a block in the west one, place 1 one far cell."""
    tiles = np.full((3, 160, 160), -1, np.int32)
    tiles[1, 10:20, 30:50] = 0
    tiles[2, 159, 159] = 1
    return Mesh(origin=np.array([40, 128]), top=np.array([[1, 2]]), tiles=tiles)


def centre(row: int, column: int) -> tuple[float, float]:
    return (40 * 160 + row + 0.5) / ROWS_A_DEGREE, (128 * 160 + column + 0.5) / COLUMNS_A_DEGREE


def test_a_point_gets_the_place_of_its_cell_and_its_edges_belong_to_one_cell(mesh):
    lat, lon = centre(10, 30)
    half_lat, half_lon = 0.5 / ROWS_A_DEGREE, 0.5 / COLUMNS_A_DEGREE
    inside = place_at(
        mesh, np.array([lat, lat - 0.99 * half_lat]), np.array([lon, lon + 0.99 * half_lon])
    )
    assert inside.tolist() == [0, 0]
    outside = place_at(
        mesh, np.array([lat - 1.01 * half_lat, lat]), np.array([lon, lon - 1.01 * half_lon])
    )
    assert outside.tolist() == [-1, -1]


def test_points_outside_the_mesh_and_not_a_number_are_nowhere(mesh):
    lat = np.array([0.0, -90.0, 90.0, 26.7, np.nan, np.inf, -np.inf])
    lon = np.array([0.0, -180.0, 180.0, 127.99, 128.2, 128.2, 128.2])
    assert place_at(mesh, lat, lon).tolist() == [-1] * 7


def test_shape_of_the_points_is_kept(mesh):
    assert place_at(mesh, np.zeros((2, 3)), np.zeros((2, 3))).shape == (2, 3)


def test_cells_come_back_to_their_own_place(mesh):
    lat, lon, place = all_cells(mesh)
    assert np.bincount(place).tolist() == [200, 1]
    assert (place_at(mesh, lat, lon) == place).all()


def test_places_within_is_the_distance_to_the_nearest_cell_centre(mesh):
    lat, lon = centre(159, 160 + 159)
    away_m = 5_000.0
    for dlat, dlon in ((1.0, 0.0), (-1.0, 0.0), (0.0, 1.0), (0.0, -1.0)):
        x = lat + dlat * away_m / METRES_A_DEGREE
        y = lon + dlon * away_m / METRES_A_DEGREE / math.cos(math.radians(lat))
        assert places_within(mesh, x, y, away_m + 5.0).tolist() == [1]
        assert places_within(mesh, x, y, away_m - 5.0).tolist() == []


def test_places_within_lists_each_place_once_and_in_order(mesh):
    assert places_within(mesh, *centre(80, 160), 300_000.0).tolist() == [0, 1]
    assert places_within(mesh, math.nan, 128.0, 1e5).tolist() == []


def test_a_tenth_of_a_degree_on_a_border_belongs_to_the_cell_north_and_east_of_it():
    """Rows counted in tenths of a degree, exactly: 24 and 16 cells each."""
    whole = Mesh(
        origin=np.array([30, 120]), top=np.zeros((50, 40), np.int32),
        tiles=np.zeros((1, 160, 160), np.int32),
    )  # fmt: skip
    for tenth in range(220, 460):  # 32.3 and 33.8 among them, just below a whole number of rows
        row = tenth * 24
        only = np.full((1, 160, 160), -1, np.int32)
        only[0, row % 160, :] = 7
        found = place_at(replace(whole, tiles=only), np.array([tenth / 10]), np.array([135.05]))
        assert found[0] == 7, tenth / 10
