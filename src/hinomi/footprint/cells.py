"""Aim points on a grid of cells, with the land and the people of each cell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from hinomi.earth.places import all_cells
from hinomi.earth.wgs84 import MEAN_RADIUS_M
from hinomi.errors import ScenarioError
from hinomi.records.columns import Floats, Ints
from hinomi.records.places import Places
from hinomi.units import DEG_RAD, KM_M

LEAST_CELL_M: Final = 10_000.0  # aims are rounded to 0.1 degree: finer cells would say nothing
GREATEST_CELL_M: Final = 100_000.0
MOST_CELLS: Final = 20_000
AIM_DIGITS: Final = 1  # aims are never finer than 0.1 degree


@dataclass(frozen=True, slots=True, kw_only=True)
class Cells:
    """R rows from the south by K columns from the west; arrays over cells count row by row."""

    south_deg: float
    west_deg: float
    step_lat_deg: float
    step_lon_deg: float
    rows: int
    columns: int
    aim_lat_deg: Floats  # (C,) centre rounded to 0.1 degree
    aim_lon_deg: Floats  # (C,)
    area_m2: Floats  # (C,) sea and land
    groups: tuple[str, ...]  # island groups, prefectures where there is none
    land_m2: Floats  # (C, G) land of each group
    people: Floats  # (C, G) who live there; nobody at sea

    def edges_deg(self, cell: int) -> tuple[float, float, float, float]:
        """West, south, east, north of one cell [deg]."""
        row, column = divmod(cell, self.columns)
        west = self.west_deg + column * self.step_lon_deg
        south = self.south_deg + row * self.step_lat_deg
        return west, south, west + self.step_lon_deg, south + self.step_lat_deg


def cells_of(
    box_deg: tuple[float, float, float, float],
    *,
    cell_m: float,
    places: Places,
    groups: Mapping[str, Ints],
) -> Cells:
    """Lay cells about `cell_m` wide over a box.

    Parameters
    ----------
    box_deg
        south, west, north, east.
    cell_m
        10 to 100 km [m].
    places, groups
        Municipalities; their people and area are spread evenly over their land. Group -> places of it.

    Raises
    ------
    ScenarioError
        when cells are too fine, too coarse or too many.
    """
    if not LEAST_CELL_M <= cell_m <= GREATEST_CELL_M:
        raise ScenarioError(
            f"cells are {cell_m / KM_M:g} km wide; they must be {LEAST_CELL_M / KM_M:g} to"
            f" {GREATEST_CELL_M / KM_M:g} km: aims are rounded to 0.1 degree, finer ones would say"
            " nothing"
        )
    south, west, north, east = box_deg
    a_degree_m = MEAN_RADIUS_M * DEG_RAD
    middle = np.cos(0.5 * (south + north) * DEG_RAD)
    rows = max(1, round((north - south) * a_degree_m / cell_m))
    columns = max(1, round((east - west) * a_degree_m * middle / cell_m))
    if rows * columns > MOST_CELLS:
        raise ScenarioError(
            f"{rows * columns:,} cells; at most {MOST_CELLS:,}: take wider cells than"
            f" {cell_m / KM_M:g} km"
        )
    up, along = (north - south) / rows, (east - west) / columns
    lat = south + up * (np.arange(rows) + 0.5)
    lon = west + along * (np.arange(columns) + 0.5)
    lats, lons = (x.ravel() for x in np.meshgrid(lat, lon, indexing="ij"))
    edges = np.sin((south + up * np.arange(rows + 1)) * DEG_RAD)
    strip = MEAN_RADIUS_M**2 * along * DEG_RAD * np.diff(edges)
    names, land, people = _on_land(box_deg, (rows, columns), places, groups)
    return Cells(
        south_deg=south,
        west_deg=west,
        step_lat_deg=up,
        step_lon_deg=along,
        rows=rows,
        columns=columns,
        aim_lat_deg=np.round(lats, AIM_DIGITS),
        aim_lon_deg=np.round(lons, AIM_DIGITS),
        area_m2=np.repeat(strip, columns),
        groups=names,
        land_m2=land,
        people=people,
    )


def _on_land(
    box_deg: tuple[float, float, float, float],
    shape: tuple[int, int],
    places: Places,
    groups: Mapping[str, Ints],
) -> tuple[tuple[str, ...], Floats, Floats]:
    """Names of the groups in the box, their land [m2] and their people, by cell."""
    south, west, north, east = box_deg
    rows, columns = shape
    lat, lon, place = all_cells(places.mesh)
    count = np.bincount(place, minlength=len(places.code))
    inside = (lat >= south) & (lat < north) & (lon >= west) & (lon < east)
    lat, lon, place = lat[inside], lon[inside], place[inside]
    row = np.minimum(((lat - south) / (north - south) * rows).astype(np.int64), rows - 1)
    column = np.minimum(((lon - west) / (east - west) * columns).astype(np.int64), columns - 1)
    group_of = np.full(len(places.code), -1, np.int64)
    names = tuple(groups)
    for g, name in enumerate(names):
        group_of[groups[name]] = g
    known = group_of[place] >= 0
    at = (row * columns + column)[known] * len(names) + group_of[place[known]]
    # Mesh cells on a coast count as land whole: the surveyed area is spread over them instead.
    area = places.area_km2[place[known]] * KM_M * KM_M / count[place[known]]
    heads = places.population[place[known]] / count[place[known]]
    size = rows * columns * len(names)
    land = np.asarray(np.bincount(at, weights=area, minlength=size), np.float64)
    people = np.asarray(np.bincount(at, weights=heads, minlength=size), np.float64)
    land, people = land.reshape(-1, len(names)), people.reshape(-1, len(names))
    there = land.sum(axis=0) > 0.0
    return tuple(np.array(names)[there].tolist()), land[:, there], people[:, there]
