"""Coverage as GeoJSON (RFC 7946): a polygon a cell, or the edge of each fan."""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import pairwise
from typing import Any, Final

from hinomi.errors import ScenarioError
from hinomi.export.coverage_fan import Fan
from hinomi.export.coverage_maps import Maps
from hinomi.export.coverage_table import rows
from hinomi.study.banner import banner
from hinomi.units import DEG_RAD, KM_M

MOST_CELLS: Final = 70_000  # a polygon each: some 30 MB


def geojson_text(maps: Maps) -> str:
    """Write every cell of a map with its numbers.

    Raises
    ------
    ScenarioError
        when there are too many cells for a file that others can read.
    """
    grid = maps.found.grid
    count = len(grid.lat_rad) * grid.columns
    if count > MOST_CELLS:
        raise ScenarioError(
            f"--geojson: {count:,} cells; at most {MOST_CELLS:,}: take a coarser --grid-deg, or "
            "--csv"
        )
    half = 0.5 * grid.step_rad / DEG_RAD
    features = []
    for row in rows(maps):
        lat, lon = row.pop("lat_deg"), row.pop("lon_deg")
        south, north = max(lat - half, -90.0), min(lat + half, 90.0)
        features.append(_feature(_cell(south, north, lon - half, lon + half), row))
    return _text(maps.title, maps.subtitle, features)


def fan_geojson_text(title: str, words: str, found: Sequence[Fan]) -> str:
    """Write the edge of every fan as a polygon."""
    features = []
    for fan in found:
        lat, lon = fan.outline
        ring = [[round(float(x), 5), round(float(y), 5)] for y, x in zip(lat, lon, strict=True)]
        facts = {
            "radar": fan.radar, "owner": fan.owner, "height_km": fan.height_m / KM_M,
            "greatest_range_km": round(float(fan.range_m.max()) / KM_M, 1),
        }  # fmt: skip
        features.append(_feature({"type": "Polygon", "coordinates": [_wound(ring)]}, facts))
    return _text(title, words, features)


def _wound(ring: list[list[float]]) -> list[list[float]]:
    """Give an outer ring anticlockwise, as the format asks."""
    twice = sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise(ring))
    return ring if twice > 0.0 else ring[::-1]


def _cell(south: float, north: float, west: float, east: float) -> dict[str, Any]:
    """One cell; in two parts across the date line."""
    if east > 180.0 + 1e-9 or west < -180.0 - 1e-9:
        turn = -360.0 if east > 180.0 else 360.0
        cut = 180.0 if east > 180.0 else -180.0
        outside = (cut, east) if east > 180.0 else (west, cut)
        inside = (west, cut) if east > 180.0 else (cut, east)
        parts = [_ring(south, north, *inside), _ring(south, north, *(x + turn for x in outside))]
        return {"type": "MultiPolygon", "coordinates": [[p] for p in parts]}
    return {"type": "Polygon", "coordinates": [_ring(south, north, west, east)]}


def _ring(south: float, north: float, west: float, east: float) -> list[list[float]]:
    s, n, w, e = (round(x, 6) for x in (south, north, west, east))
    return [[w, s], [e, s], [e, n], [w, n], [w, s]]


def _feature(geometry: dict[str, Any], properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "Feature", "geometry": geometry, "properties": properties}


def _text(title: str, words: str, features: list[dict[str, Any]]) -> str:
    shown = banner("study")
    whole = {
        "type": "FeatureCollection", "status": shown.word, "notice": shown.text, "title": title,
        "description": words, "features": features,
    }  # fmt: skip
    return json.dumps(whole, ensure_ascii=False, allow_nan=False, separators=(",", ":")) + "\n"
