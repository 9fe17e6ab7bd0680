"""The region that holds 90 % of a forecast's samples: by density, or as an ellipse.

By density: each sample carries a Gaussian of the samples' own shape, and the region is where the sum
is higher than at 10 % of the samples, each looked at without itself. A point drawn like the samples
then lies inside with a probability of 90 %, whatever their distribution (up to 1 / K). The ellipse has
the samples' mean and covariance, scaled until it holds 90 % of them.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from numba import njit
from numpy.typing import NDArray

from hinomi.earth.wgs84 import MEAN_RADIUS_M
from hinomi.kernels import LEAN
from hinomi.records.columns import Floats, Ints, freeze

HELD: Final = 0.9
WIDTH: Final = 0.5  # of the Gaussians, over the usual K^(-1/6): regions of gliders are bent
LEAST_M: Final = (
    1_000.0  # smallest standard deviation of a Gaussian: no end is told finer than that
)
GRID: Final = 48  # cells along a side where the area is counted
MARGIN: Final = 3.0  # Gaussian widths around the samples that are counted


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """Region of a forecast in a plane around its mean: east and north [m]."""

    lat_deg: float  # of the origin
    lon_deg: float
    east_north_m: Floats  # (K, 2) samples
    whiten: Floats  # (2, 2) [1/m]: distances in units of the Gaussians
    level: float  # density at the edge, K Gaussians of height 1
    kept: Ints  # (K,) 1 where a sample is inside: what is within LEAST_M of it is too
    inverse: Floats  # (2, 2) [1/m2] of the ellipse
    scale: float  # squared distance at the ellipse's edge
    area_m2: float
    ellipse_area_m2: float

    def __post_init__(self) -> None:
        f = np.float64
        freeze(
            self,
            {
                "kept": (np.int32, (-1,)),
                "east_north_m": (f, (-1, 2)),
                "whiten": (f, (2, 2)),
                "inverse": (f, (2, 2)),
            },
        )


def in_plane(lat_deg: Floats, lon_deg: Floats, *, at: tuple[float, float]) -> Floats:
    """(N, 2) east and north [m] of places around one: azimuthal equidistant on the mean sphere."""
    lat0, lat = math.radians(at[0]), np.radians(lat_deg)
    east = np.radians((np.asarray(lon_deg) - at[1] + 180.0) % 360.0 - 180.0)
    x = np.cos(lat) * np.sin(east)
    y = math.cos(lat0) * np.sin(lat) - math.sin(lat0) * np.cos(lat) * np.cos(east)
    z = math.sin(lat0) * np.sin(lat) + math.cos(lat0) * np.cos(lat) * np.cos(east)
    far = np.hypot(x, y)
    ratio = np.where(far > 1e-12, np.arctan2(far, z) / np.maximum(far, 1e-12), 1.0)
    out: Floats = MEAN_RADIUS_M * ratio[:, None] * np.column_stack([x, y])
    return out


def on_globe(east_north_m: Floats, *, at: tuple[float, float]) -> Floats:
    """(N, 2) latitude and longitude [deg] of places in the plane of `in_plane`."""
    lat0 = math.radians(at[0])
    far = np.hypot(east_north_m[:, 0], east_north_m[:, 1])
    angle = far / MEAN_RADIUS_M
    unit = east_north_m / np.maximum(far, 1e-9)[:, None]
    sin_lat = math.sin(lat0) * np.cos(angle) + math.cos(lat0) * np.sin(angle) * unit[:, 1]
    lat = np.arcsin(np.clip(sin_lat, -1.0, 1.0))
    lon = np.arctan2(
        np.sin(angle) * unit[:, 0],
        math.cos(lat0) * np.cos(angle) - math.sin(lat0) * np.sin(angle) * unit[:, 1],
    )
    return np.column_stack([np.degrees(lat), (at[1] + np.degrees(lon) + 180.0) % 360.0 - 180.0])


@njit(cache=True, nogil=True, error_model="numpy", **LEAN)
def _densities(points, samples, leave_out, out):  # type: ignore[no-untyped-def]
    """Sum of Gaussians of unit height and width at each point; optionally without equal samples."""
    for i in range(len(points)):
        total = 0.0
        for j in range(len(samples)):
            d = (points[i, 0] - samples[j, 0]) ** 2 + (points[i, 1] - samples[j, 1]) ** 2
            if d < 50.0 and not (leave_out and d == 0.0):
                total += math.exp(-0.5 * d)
        out[i] = total


@njit(cache=True, nogil=True, error_model="numpy", **LEAN)
def _close(points, samples, kept, reach, out):  # type: ignore[no-untyped-def]
    """Mark points within a reach of any kept sample."""
    for i in range(len(points)):
        for j in range(len(samples)):
            if kept[j]:
                d = (points[i, 0] - samples[j, 0]) ** 2 + (points[i, 1] - samples[j, 1]) ** 2
                if d <= reach * reach:
                    out[i] = True
                    break


def region_of(lat_deg: Floats, lon_deg: Floats) -> Region:
    """Region that holds 90 % of samples (K,) of end points [deg]; NaN rows are left out.

    Raises
    ------
    ValueError
        when no sample is finite.
    """
    good = np.isfinite(lat_deg) & np.isfinite(lon_deg)
    lat, lon = np.asarray(lat_deg)[good], np.asarray(lon_deg)[good]
    if not lat.size:
        raise ValueError("no sample comes down; there is no region")
    rough = (float(np.median(lat)), float(np.median(lon)))
    place = on_globe(in_plane(lat, lon, at=rough).mean(axis=0)[None, :], at=rough)[0]
    at = (float(place[0]), float(place[1]))
    p = in_plane(lat, lon, at=at)
    n = len(np.unique(p, axis=0))
    cov = (p.T @ p) / len(p)
    width = WIDTH * max(n, 2) ** (-1.0 / 6.0)
    # A kernel no narrower than LEAST_M in any direction.
    values, axes = np.linalg.eigh(cov)
    sigma = np.maximum(width * np.sqrt(np.maximum(values, 0.0)), LEAST_M)
    whiten = (axes / sigma).T
    level, kept, area = _level_and_area(p, whiten)
    spread = np.maximum(values, LEAST_M**2)
    inverse = (axes / spread) @ axes.T
    scale = max(1.0, float(np.quantile(np.einsum("ij,jk,ik->i", p, inverse, p), HELD)))
    return Region(
        lat_deg=at[0],
        lon_deg=at[1],
        east_north_m=p,
        whiten=whiten,
        level=level,
        kept=kept,
        inverse=inverse,
        scale=scale,
        area_m2=area,
        ellipse_area_m2=math.pi * scale * math.sqrt(float(np.prod(spread))),
    )


def _level_and_area(p: Floats, whiten: Floats) -> tuple[float, Ints, float]:
    """Density at the edge, samples inside, and area [m2] within it counted on a grid."""
    w = np.ascontiguousarray(p @ whiten.T)
    own = np.empty(len(w))
    _densities(w, w, True, own)
    level = float(np.quantile(own, 1.0 - HELD))
    if not own.any() and (p == p[0]).all():  # all in one place: as far as one width
        level = len(p) * math.exp(-0.5)
    elif level <= 0.0:  # samples far apart from each other: every one is an island
        level = math.exp(-0.5 * MARGIN**2)
    kept = (own >= level).astype(np.int32)
    low, high = w.min(axis=0) - MARGIN, w.max(axis=0) + MARGIN
    cells = [a + (np.arange(GRID) + 0.5) * (b - a) / GRID for a, b in zip(low, high, strict=True)]
    grid = np.stack(np.meshgrid(*cells, indexing="ij"), axis=-1).reshape(-1, 2)
    inside = _inside(grid, w, p, whiten, level, kept)
    cell_m2 = float(np.prod(high - low)) / abs(float(np.linalg.det(whiten))) / GRID**2
    return level, kept, float(inside.sum()) * cell_m2


def _inside(
    points: Floats, w: Floats, p: Floats, whiten: Floats, level: float, kept: Ints
) -> NDArray[np.bool_]:
    """Which points, in units of the Gaussians, are inside."""
    density = np.empty(len(points))
    _densities(np.ascontiguousarray(points), w, False, density)
    inside: NDArray[np.bool_] = density >= level
    metres = points @ np.linalg.inv(whiten).T
    _close(np.ascontiguousarray(metres), p, kept, LEAST_M, inside)
    return inside


def holds(region: Region, lat_deg: float, lon_deg: float) -> bool:
    """Whether a place lies in the region by density."""
    at = (region.lat_deg, region.lon_deg)
    point = in_plane(np.array([lat_deg]), np.array([lon_deg]), at=at) @ region.whiten.T
    p = region.east_north_m
    w = np.ascontiguousarray(p @ region.whiten.T)
    return bool(_inside(point, w, p, region.whiten, region.level, region.kept)[0])


def ellipse_holds(region: Region, lat_deg: float, lon_deg: float) -> bool:
    """Whether a place lies in the ellipse."""
    at = (region.lat_deg, region.lon_deg)
    d = in_plane(np.array([lat_deg]), np.array([lon_deg]), at=at)[0]
    return bool(d @ region.inverse @ d <= region.scale)
