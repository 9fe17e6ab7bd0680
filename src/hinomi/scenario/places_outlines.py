"""Read the shipped outlines: prefectures and municipalities of Japan, countries of the world."""

from __future__ import annotations

import gzip
import json
import math
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from hinomi.scenario.places import data_file

JAPAN_ID: Final = "392"  # ISO 3166-1 numeric
Geometries = NDArray[np.object_]  # shapely geometries, longitude and latitude in degrees


def read_gzip(name: str) -> Any:
    """Content of a gzipped JSON file of the package."""
    return json.loads(gzip.decompress(data_file(name).read_bytes()))


@cache
def prefecture_outlines() -> tuple[tuple[str, ...], Geometries]:
    """Two-digit codes and polygons (degrees) of the 47 prefectures, to about 0.5 km."""
    return _features("outlines_prefecture.json.gz")


@cache
def municipality_outlines() -> tuple[tuple[str, ...], Geometries]:
    """Five-digit codes and polygons (degrees) of the 1,741 municipalities, to about 0.5 km."""
    return _features("outlines_municipality.json.gz")


@cache
def world_land() -> Geometries:
    """Polygons (degrees) of all countries but Japan, whose islands come from our own outlines."""
    import shapely

    world = _world()
    arcs = _arcs(world)
    rings = [
        [_ring(arcs, ids) for ids in polygon]
        for country in world["objects"]["countries"]["geometries"]
        if country.get("id") != JAPAN_ID
        for polygon in _polygons(country)
    ]
    land: Geometries = shapely.make_valid(np.array([shapely.Polygon(r[0], r[1:]) for r in rings]))
    return land


@cache
def world_borders() -> Geometries:
    """Lines (degrees) between countries: the arcs that two of them share."""
    import shapely

    world = _world()
    arcs = _arcs(world)
    users: Counter[int] = Counter()
    for country in world["objects"]["countries"]["geometries"]:
        # A ring stored backwards names arc i as ~i.
        users.update({i if i >= 0 else ~i for p in _polygons(country) for ring in p for i in ring})
    return np.array([shapely.LineString(arcs[i]) for i, n in sorted(users.items()) if n > 1])


def _features(name: str) -> tuple[tuple[str, ...], Geometries]:
    import shapely

    features = read_gzip(name)["features"]
    texts = [json.dumps(f["geometry"]) for f in features]
    return tuple(f["properties"]["code"] for f in features), shapely.from_geojson(texts)


@cache
def _world() -> Any:
    return read_gzip("world_50m.json.gz")


def _arcs(topology: Mapping[str, Any]) -> list[NDArray[np.float64]]:
    """Decode the arcs: running sums of quantised steps, scaled and shifted to degrees."""
    scale = np.array(topology["transform"]["scale"])
    shift = np.array(topology["transform"]["translate"])
    return [np.cumsum(np.array(a), axis=0) * scale + shift for a in topology["arcs"]]


def _polygons(geometry: Mapping[str, Any]) -> Iterator[list[list[int]]]:
    """Polygons of one object as lists of rings of arc numbers."""
    if geometry["type"] == "Polygon":
        yield geometry["arcs"]
    elif geometry["type"] == "MultiPolygon":
        yield from geometry["arcs"]


def _ring(arcs: list[NDArray[np.float64]], ids: list[int]) -> NDArray[np.float64]:
    parts = [arcs[i] if i >= 0 else arcs[~i][::-1] for i in ids]
    ring = np.vstack([parts[0], *(p[1:] for p in parts[1:])])
    # Across the date line without a jump; a ring around a pole goes over the pole to close.
    lon = np.unwrap(ring[:, 0], period=360.0)
    out = np.column_stack([lon, ring[:, 1]])
    if abs(lon[-1] - lon[0]) > 180.0:
        pole = math.copysign(90.0, float(ring[:, 1].mean()))
        out = np.vstack([out, [lon[-1], pole], [lon[0], pole], out[0]])
    return out
