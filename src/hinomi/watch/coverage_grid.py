"""The places that coverage is asked for: rows of latitude, one height, even steps of longitude."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from hinomi.earth.wgs84 import FLATTENING, SEMI_MAJOR_M, ecef_from_geodetic
from hinomi.records.columns import Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """Cells at `lat_rad` (R,) and `west_rad` + j `step_rad`, all `height_m` over the ground."""

    lat_rad: tuple[float, ...]
    west_rad: float
    step_rad: float
    columns: int
    height_m: float
    sphere_m: float = 0.0  # radius of a spherical Earth (latitudes are geocentric); 0: WGS 84

    @property
    def lon_rad(self) -> Floats:
        """(columns,) longitudes."""
        steps: Floats = np.arange(self.columns, dtype=np.float64)
        lon: Floats = np.float64(self.west_rad) + np.float64(self.step_rad) * steps
        return lon

    @property
    def rows_m(self) -> Floats:
        """(R, 2) distance from the axis and over the equator of each row [m]."""
        if self.sphere_m:
            r = self.sphere_m + self.height_m
            return np.array([(r * math.cos(x), r * math.sin(x)) for x in self.lat_rad])
        return np.array([ecef_from_geodetic(x, 0.0, self.height_m)[::2] for x in self.lat_rad])

    @property
    def weights(self) -> Floats:
        """(R, 1) share of the sphere that a cell of each row stands for, not normed."""
        share: Floats = np.cos(np.array(self.lat_rad, dtype=np.float64)).reshape(-1, 1)
        return share

    @property
    def ground(self) -> tuple[float, float]:
        """Factor on z that makes the Earth a sphere, and the radius of that [m]."""
        if self.sphere_m:
            return 1.0, self.sphere_m
        return 1.0 / (1.0 - FLATTENING), SEMI_MAJOR_M


def band(lat_rad: float, *, columns: int, height_m: float, sphere_m: float = 0.0) -> Grid:
    """Give one parallel all around."""
    return Grid(
        lat_rad=(lat_rad,), west_rad=-math.pi, step_rad=2.0 * math.pi / columns, columns=columns,
        height_m=height_m, sphere_m=sphere_m,
    )  # fmt: skip


def world(step_rad: float, *, height_m: float, sphere_m: float = 0.0) -> Grid:
    """Centres of cells of one size in degrees over the whole Earth; 180 degrees / step whole."""
    count = round(math.pi / step_rad)
    return Grid(
        lat_rad=tuple(-0.5 * math.pi + (i + 0.5) * math.pi / count for i in range(count)),
        west_rad=-math.pi + 0.5 * math.pi / count,
        step_rad=math.pi / count,
        columns=2 * count,
        height_m=height_m,
        sphere_m=sphere_m,
    )
