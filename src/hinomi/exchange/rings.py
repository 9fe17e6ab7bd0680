"""Rings and lines in degrees: ellipses, direction of rotation, cuts at the 180th meridian."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Any, Final

import numpy as np

from hinomi.earth.geodesic import ellipsoid_direct
from hinomi.exchange.scene import Ring
from hinomi.records.columns import Floats
from hinomi.units import KM_M

CORNERS: Final = 48
# Radius that holds 90 % of a normal distribution in two dimensions, in standard deviations.
SIGMAS_90: Final = math.sqrt(-2.0 * math.log(0.1))


def ellipse(lat_deg: float, lon_deg: float, *, ee_km2: float, nn_km2: float, en_km2: float) -> Ring:
    """Edge that holds 90 % of a normal distribution around a point, anticlockwise.

    Longitudes run on across the 180th meridian.
    """
    values, axes = np.linalg.eigh([[ee_km2, en_km2], [en_km2, nn_km2]])
    turn = np.linspace(0.0, 2.0 * math.pi, CORNERS, endpoint=False)
    half_km = SIGMAS_90 * np.sqrt(np.maximum(values, 0.0))
    east, north = axes @ (half_km[:, None] * np.array([np.cos(turn), np.sin(turn)])) * KM_M
    lat, lon = math.radians(lat_deg), math.radians(lon_deg)
    points = [
        ellipsoid_direct(lat, lon, math.atan2(e, n), math.hypot(e, n))[:2]
        for e, n in zip(east, north, strict=True)
    ]
    lons = np.unwrap(np.array([lon, *(p[1] for p in points)]))[1:]
    ring = [
        (math.degrees(float(x)), math.degrees(float(p[0])))
        for x, p in zip(lons, points, strict=True)
    ]
    return wound([*ring, ring[0]])


def wound(ring: Ring) -> Ring:
    """Give a ring anticlockwise, as an outer one must be."""
    twice = sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise(ring))
    return ring if twice >= 0.0 else ring[::-1]


def parts_of(shape: Any) -> tuple[tuple[Ring, ...], ...]:
    """Polygons of a shape within -180 .. 180: outer ring anticlockwise, holes clockwise."""
    import shapely

    west, _, east, _ = shape.bounds
    pieces = [shape]
    if east > 180.0 or west < -180.0:
        pieces = []
        for turn in (-360.0, 0.0, 360.0):
            moved = shapely.transform(shape, lambda xy, turn=turn: xy + np.array([turn, 0.0]))
            pieces.append(shapely.intersection(moved, shapely.box(-180.0, -90.0, 180.0, 90.0)))
    out: list[tuple[Ring, ...]] = []
    for piece in pieces:
        for part in shapely.get_parts(piece):
            if part.geom_type == "Polygon" and not part.is_empty:
                turned = shapely.orient_polygons(part)
                rings = [turned.exterior, *turned.interiors]
                out.append(tuple([(float(x), float(y)) for x, y in r.coords] for r in rings))
    return tuple(out)


def ring_parts(ring: Ring) -> tuple[tuple[Ring, ...], ...]:
    """One ring as polygons within -180 .. 180; nothing where it has no area."""
    import shapely

    if len({*ring}) < 3:
        return ()
    return parts_of(shapely.make_valid(shapely.Polygon(ring)))


def cut_line(
    t_s: Floats, lon_deg: Floats, lat_deg: Floats, height_m: Floats
) -> list[list[tuple[float, float, float, float]]]:
    """Parts of a way that do not cross the 180th meridian: time, longitude, latitude, height."""
    rows = np.column_stack([t_s, lon_deg, lat_deg, height_m])
    parts: list[list[tuple[float, float, float, float]]] = [[]]
    for i, row in enumerate(rows):
        if i and abs(row[1] - rows[i - 1][1]) > 180.0:
            before = rows[i - 1]
            side = math.copysign(180.0, before[1])
            far = row[1] + 2.0 * side  # as if the way went on
            share = (side - before[1]) / (far - before[1])
            at = before + share * (row - before)
            parts[-1].append((float(at[0]), side, float(at[2]), float(at[3])))
            parts.append([(float(at[0]), -side, float(at[2]), float(at[3]))])
        parts[-1].append(tuple(float(x) for x in row))  # type: ignore[arg-type]
    return parts


def spans(intervals: Sequence[tuple[float, float]]) -> tuple[tuple[float, float], ...]:
    """Join intervals that touch or overlap."""
    out: list[tuple[float, float]] = []
    for low, high in sorted(intervals):
        if out and low <= out[-1][1]:
            out[-1] = (out[-1][0], max(out[-1][1], high))
        else:
            out.append((low, high))
    return tuple(out)
