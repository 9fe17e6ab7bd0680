"""Polygons of a message: few, with few vertices, and the whole area inside."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray

from hinomi.cap.message import Ring
from hinomi.errors import ScenarioError

MAX_VERTICES: Final = 100
MAX_POLYGONS: Final = 12
MAX_POINTS: Final = 250  # of all together, as the United Kingdom's service takes them unchanged
MARGIN_M: Final = 1_000.0  # outlines are good to about 0.5 km (assumed)
WIDEST_M: Final = 200_000.0
DEGREE_M: Final = 111_195.0  # of latitude, on a sphere of 6371 km: for widths of margins alone


def polygons_around(
    rings: Sequence[NDArray[np.float64]],
    *,
    max_vertices: int = MAX_VERTICES,
    max_polygons: int = MAX_POLYGONS,
    max_points: int = MAX_POINTS,
    margin_m: float = MARGIN_M,
) -> tuple[Ring, ...]:
    """Closed rings around an area, each of few vertices; every ring given lies inside one of them.

    Parts closer than two margins become one; when there are more than `max_polygons`, the nearest
    are joined by narrow bridges. The margin grows until the vertices suffice.

    Parameters
    ----------
    rings
        outer rings of the area, (n, 2) longitude and latitude in degrees.
    max_points
        of all rings together, last points included.
    margin_m
        first margin around the area [m].

    Returns
    -------
    rings of (latitude, longitude) in degrees to 4 decimals, first point = last, holes left out.

    Raises
    ------
    ScenarioError
        for no ring, an area on both sides of the date line, or one that does not fit the limits.
    """
    if not rings:
        raise ScenarioError("no outline: an area needs at least one place")
    west, east = min(float(r[:, 0].min()) for r in rings), max(float(r[:, 0].max()) for r in rings)
    if east - west > 180.0:
        raise ScenarioError(
            f"the area spans {east - west:.0f} degrees of longitude, across the date line; "
            "write one message for each side"
        )
    middle = float(np.radians(np.mean([r[:, 1].mean() for r in rings])))
    scale = np.array([DEGREE_M * max(np.cos(middle), 0.1), DEGREE_M])
    parts = shapely.make_valid(np.array([shapely.Polygon(r * scale) for r in rings]))
    area = shapely.union_all(parts)
    wide = margin_m
    while wide <= WIDEST_M:
        shapes = _shapes(area, wide, max_polygons)
        cut = [_few(shape, wide, max_vertices) for shape in shapes]
        kept = [c for c in cut if c is not None]
        points = sum(len(c.exterior.coords) for c in kept)
        if len(kept) == len(shapes) <= max_polygons and points <= max_points:
            found = tuple(_ring(c, scale) for c in kept)
            if contains(found, rings):
                return found
        wide *= 1.4
    raise ScenarioError(
        f"no {max_polygons} polygons of {max_vertices} vertices hold this area; split the message"
    )


def contains(polygons: Sequence[Ring], rings: Sequence[NDArray[np.float64]]) -> bool:
    """Whether every ring (longitude, latitude) lies inside one of the polygons, as written."""
    shapes = np.array([shapely.Polygon([(lon, lat) for lat, lon in p]) for p in polygons])
    if not shapely.is_valid(shapes).all():
        return False
    tree = shapely.STRtree(shapes)
    lines = np.array([shapely.LinearRing(r) for r in rings])
    inside = tree.query(lines, predicate="within")[0]
    return np.unique(inside).size == len(rings)


def _shapes(area: Any, wide_m: float, max_polygons: int) -> NDArray[np.object_]:
    """Connected parts widened by a margin, holes filled, bridged to at most `max_polygons`."""
    coarse = shapely.simplify(area, 0.2 * wide_m)  # fewer corners to round; containment is checked
    pieces = _filled(shapely.buffer(coarse, wide_m, quad_segs=2))
    if len(pieces) > max_polygons:
        strips = _bridges(pieces, max_polygons, wide_m)
        pieces = _filled(shapely.union_all(np.append(pieces, strips)))
    return pieces


def _filled(area: Any) -> NDArray[np.object_]:
    """Parts of an area without their holes, and without parts that lay in a hole."""
    outer = np.array([shapely.Polygon(p.exterior) for p in shapely.get_parts(area)])
    found: NDArray[np.object_] = shapely.get_parts(shapely.union_all(outer))
    return found


def _bridges(pieces: NDArray[np.object_], wanted: int, wide_m: float) -> NDArray[np.object_]:
    """Narrow strips along the shortest ways that join the nearest pieces, until `wanted` are left."""
    first, second = np.triu_indices(len(pieces), k=1)
    far = shapely.distance(pieces[first], pieces[second])
    group = np.arange(len(pieces))
    strips: list[Any] = []
    for k in np.argsort(far, kind="stable"):
        a, b = group[first[k]], group[second[k]]
        if a == b:
            continue
        if np.unique(group).size <= wanted:
            break
        group[group == b] = a
        line = shapely.shortest_line(pieces[first[k]], pieces[second[k]])
        strips.append(shapely.buffer(line, 0.5 * wide_m, quad_segs=1))
    return np.array(strips, dtype=object)


def _few(shape: Any, wide_m: float, most: int) -> Any | None:
    """Cut the corners of a shape by less than its margin; None where too many are left."""
    for share in (0.3, 0.6, 0.9):
        line = shapely.simplify(shape, share * wide_m)
        if line.geom_type == "Polygon" and line.is_valid:
            outer = shapely.Polygon(line.exterior)
            if len(outer.exterior.coords) - 1 <= most:
                return outer
    return None


def _ring(shape: Any, scale: NDArray[np.float64]) -> Ring:
    lon_lat = np.round(shapely.get_coordinates(shape.exterior) / scale, 4)
    return tuple((float(lat), float(lon)) for lon, lat in lon_lat)
