"""Which municipality a point is in: half-mesh cells of about 0.5 km, in plain arrays."""

from __future__ import annotations

import math
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from hinomi.earth.wgs84 import MEAN_RADIUS_M
from hinomi.records.columns import Floats, Ints
from hinomi.records.places import Mesh

# JIS X 0410 half mesh: 15 seconds of arc north-south, 22.5 east-west.
ROWS_A_DEGREE: Final = 240
COLUMNS_A_DEGREE: Final = 160
TILE_CELLS: Final = 160  # one first-level mesh: 40 minutes by 1 degree
BORDER_CELLS: Final = 1e-6  # 0.5 mm: 32.3 x 240 is not quite 7752, and a border is its own cell's


def place_at(mesh: Mesh, lat_deg: Floats, lon_deg: Floats) -> Ints:
    """Index of the municipality under each point, -1 where there is none.

    Parameters
    ----------
    lat_deg, lon_deg
        degrees, any common shape; NaN and points outside the mesh give -1.

    Returns
    -------
    Indices into `Places.code`, of the points' shape.
    """
    return at_cell(mesh, _cell(lat_deg, ROWS_A_DEGREE), _cell(lon_deg, COLUMNS_A_DEGREE))


def at_cell(mesh: Mesh, row: Ints, column: Ints) -> Ints:
    """Index of the municipality of each half-mesh cell, -1 where there is none."""
    a = row // TILE_CELLS - mesh.origin[0]
    b = column // TILE_CELLS - mesh.origin[1]
    inside = (a >= 0) & (a < mesh.top.shape[0]) & (b >= 0) & (b < mesh.top.shape[1])
    tile = np.where(inside, mesh.top[np.where(inside, a, 0), np.where(inside, b, 0)], 0)
    found: Ints = mesh.tiles[tile, row % TILE_CELLS, column % TILE_CELLS]
    return found


def places_within(mesh: Mesh, lat_deg: float, lon_deg: float, radius_m: float) -> Ints:
    """Sorted indices of the municipalities with a cell centre within a distance of a point.

    Parameters
    ----------
    lat_deg, lon_deg
        the point [deg].
    radius_m
        great-circle distance on the mean sphere [m]; up to some hundred km.
    """
    if not (math.isfinite(lat_deg) and math.isfinite(lon_deg)):
        return np.zeros(0, np.int32)
    reach_deg = math.degrees(radius_m / MEAN_RADIUS_M)
    # The widest parallel of the circle lies towards the pole.
    narrow = math.cos(math.radians(min(abs(lat_deg) + reach_deg, 89.0)))
    rows = np.arange(
        math.floor((lat_deg - reach_deg) * ROWS_A_DEGREE),
        math.floor((lat_deg + reach_deg) * ROWS_A_DEGREE) + 1,
        dtype=np.int32,
    )
    columns = np.arange(
        math.floor((lon_deg - reach_deg / narrow) * COLUMNS_A_DEGREE),
        math.floor((lon_deg + reach_deg / narrow) * COLUMNS_A_DEGREE) + 1,
        dtype=np.int32,
    )
    place = at_cell(mesh, rows[:, None], columns[None, :])
    lat = np.radians((rows + 0.5) / ROWS_A_DEGREE)[:, None]
    dlon = np.radians((columns + 0.5) / COLUMNS_A_DEGREE - lon_deg)[None, :]
    lat0 = math.radians(lat_deg)
    half = np.sin((lat - lat0) / 2.0) ** 2 + math.cos(lat0) * np.cos(lat) * np.sin(dlon / 2.0) ** 2
    near = half <= math.sin(min(radius_m / MEAN_RADIUS_M / 2.0, math.pi / 2.0)) ** 2
    return np.unique(place[near & (place >= 0)]).astype(np.int32)


def all_cells(mesh: Mesh) -> tuple[Floats, Floats, Ints]:
    """Latitude, longitude [deg] of the centre and the municipality of every cell on land."""
    a, b = np.nonzero(mesh.top)
    tiles = mesh.tiles[mesh.top[a, b]]
    n, row, column = np.nonzero(tiles >= 0)
    lat, lon = _centres(mesh, np.column_stack([a, b])[n], row, column)
    return lat, lon, tiles[n, row, column]


def _cell(angle_deg: Floats, cells_a_degree: int) -> Ints:
    """Row or column of each angle; NaN and what no angle can be fall off the mesh."""
    cell = np.floor(np.asarray(angle_deg) * cells_a_degree + BORDER_CELLS)
    off = -(10.0**6)
    return np.nan_to_num(cell, nan=off, posinf=off, neginf=off).astype(np.int32)


def _centres(
    mesh: Mesh, block: NDArray[Any], row: NDArray[Any], column: NDArray[Any]
) -> tuple[Floats, Floats]:
    lat = ((mesh.origin[0] + block[:, 0]) * TILE_CELLS + row + 0.5) / ROWS_A_DEGREE
    lon = ((mesh.origin[1] + block[:, 1]) * TILE_CELLS + column + 0.5) / COLUMNS_A_DEGREE
    return lat, lon
