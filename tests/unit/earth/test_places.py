"""Points and municipalities on a small made-up mesh; codes against an independent library."""

import math

import numpy as np
import pytest

from hinomi.earth.places import (
    COLUMNS_A_DEGREE,
    ROWS_A_DEGREE,
    all_cells,
    cells_of,
    mesh_code,
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
    for place, count in ((0, 200), (1, 1)):
        lat, lon = cells_of(mesh, place)
        assert len(lat) == count
        assert (place_at(mesh, lat, lon) == place).all()
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


def test_mesh_codes_equal_those_of_the_independent_library():
    utils = pytest.importorskip("jismesh.utils")
    points = np.random.default_rng(1).uniform((20.5, 122.5), (45.5, 153.5), (2_000, 2))
    theirs = utils.to_meshcode(points[:, 0], points[:, 1], 4)
    assert (mesh_code(points[:, 0], points[:, 1]) == theirs.astype(np.int64)).all()


def test_mesh_code_of_a_published_example():
    """JIS X 0410 grid squares (Statistics Bureau): Tokyo station lies in 5339-46-11."""
    code = mesh_code(np.array([35.6812]), np.array([139.7671]))[0]
    assert code // 10 == 53394611
