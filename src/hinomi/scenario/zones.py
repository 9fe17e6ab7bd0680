"""Alert zones of one's own: polygons of a GeoJSON file, and units made of them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np

from hinomi.earth.places import all_cells
from hinomi.errors import ScenarioError
from hinomi.records.places import AlertUnits, Places
from hinomi.records.rules import Ring
from hinomi.scenario.places import grid_of
from hinomi.scenario.places_units import FINE, STEP_DEG, Grid, units_of_cells
from hinomi.scenario.text import decoded, read_bytes

MOST_BYTES: Final = 4 * 1024 * 1024
HALF: Final = 0.5  # a place belongs to the zone that holds at least this share of its cells


def read_zones(path: Path) -> dict[str, list[list[list[float]]]]:
    """Outer rings by zone name from a GeoJSON FeatureCollection of polygons.

    A zone's name is the property `name`, else the feature's id, else its number.

    Raises
    ------
    ScenarioError
        when the file cannot be read, holds anything but polygons, holes, or a name twice.
    """
    raw = read_bytes(path, str(path), most=MOST_BYTES, smaller="simplify the zones")
    text = decoded(raw, str(path))
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ScenarioError(f"{path}: no GeoJSON: {error}") from None
    features = document.get("features") if isinstance(document, dict) else None
    if not isinstance(features, list) or not features:
        raise ScenarioError(f"{path}: no FeatureCollection with features; save the zones as one")
    zones: dict[str, list[list[list[float]]]] = {}
    for number, feature in enumerate(features, start=1):
        name, rings = _zone(feature, number, path)
        if name in zones:
            raise ScenarioError(f"{path}: two zones are named {name!r}; give each its own name")
        zones[name] = rings
    return zones


def _zone(feature: Any, number: int, path: Path) -> tuple[str, list[list[list[float]]]]:
    kept: dict[str, Any] = feature if isinstance(feature, dict) else {}
    geometry = kept.get("geometry") or {}
    name = str((kept.get("properties") or {}).get("name") or kept.get("id") or f"zone {number}")
    kind = geometry.get("type")
    parts = geometry.get("coordinates")
    if kind not in ("Polygon", "MultiPolygon") or not isinstance(parts, list):
        raise ScenarioError(
            f"{path}: zone {name!r} is {kind or 'nothing'}; a zone is a Polygon or MultiPolygon"
        )
    polygons = [parts] if kind == "Polygon" else parts
    rings = []
    for polygon in polygons:
        if not isinstance(polygon, list) or len(polygon) != 1:
            raise ScenarioError(
                f"{path}: zone {name!r} has a hole or no ring; draw the zone without holes"
            )
        try:
            rings.append([[float(p[0]), float(p[1])] for p in polygon[0]])
        except (TypeError, ValueError, IndexError):
            raise ScenarioError(
                f"{path}: zone {name!r} has a point that is no [longitude, latitude]"
            ) from None
    return name, rings


def zone_units(
    places: Places,
    zones: Sequence[tuple[str, Sequence[Ring]]],
    *,
    buffer_m: float,
    kernel_m: float,
) -> AlertUnits:
    """Membership of points in zones; a place is alerted with the zone that holds half of it or more.

    Raises
    ------
    ScenarioError
        for a ring that crosses itself, or a zone without area inside the grid (20-48 N, 119-157 E
        for Japan).
    """
    import shapely

    grid = grid_of(places)
    lat, lon, place = all_cells(places.mesh)
    share = np.zeros(len(places.code))
    unit_of_place = np.full(len(places.code), -1)
    cells_of_place = np.maximum(np.bincount(place, minlength=len(places.code)), 1)
    parts: list[tuple[Any, Any, Any]] = []
    for u, (name, rings) in enumerate(zones):
        shape = _shape(name, rings)
        west, south, east, north = shape.bounds
        row, column = _fine_cells(shape, grid)
        if not row.size:
            raise ScenarioError(
                f"zone {name!r} holds no cell of 0.01 degree between {grid.extent}; "
                "draw it larger, with longitude before latitude"
            )
        parts.append((row, column, np.full(row.size, u)))
        near = np.flatnonzero((lat >= south) & (lat <= north) & (lon >= west) & (lon <= east))
        inside = near[shapely.contains_xy(shape, lon[near], lat[near])]
        held = np.bincount(place[inside], minlength=len(places.code)) / cells_of_place
        better = (held >= HALF) & (held > share)
        unit_of_place[better], share[better] = u, held[better]
    row, column, unit = (np.concatenate([p[k] for p in parts]) for k in range(3))
    return units_of_cells(
        tuple(name for name, _ in zones),
        unit_of_place.tolist(),
        (row, column, unit),
        buffer_m=buffer_m,
        kernel_m=kernel_m,
        grid=grid,
    )


def _shape(name: str, rings: Sequence[Ring]) -> Any:
    import shapely

    polygons = [shapely.Polygon(ring) for ring in rings]
    if not all(p.is_valid for p in polygons):
        raise ScenarioError(f"zone {name!r} crosses itself; draw its ring anew")
    return shapely.union_all(polygons)


def _fine_cells(shape: Any, grid: Grid) -> tuple[Any, Any]:
    """Rows and columns of the fine cells whose centre lies inside."""
    import shapely

    west, south, east, north = shape.bounds
    fine = STEP_DEG / FINE
    rows = np.arange(
        max(0, int((south - grid.south_deg) / fine)),
        min(grid.rows * FINE, int((north - grid.south_deg) / fine) + 1),
    )
    columns = np.arange(
        max(0, int((west - grid.west_deg) / fine)),
        min(grid.columns * FINE, int((east - grid.west_deg) / fine) + 1),
    )
    i, j = (axis.ravel() for axis in np.meshgrid(rows, columns, indexing="ij"))
    lon, lat = grid.west_deg + (j + 0.5) * fine, grid.south_deg + (i + 0.5) * fine
    inside = shapely.contains_xy(shape, lon, lat)
    return i[inside].astype(np.int64), j[inside].astype(np.int64)
