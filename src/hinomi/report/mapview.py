"""The view of a map: azimuthal-equidistant coordinates around a centre."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from hinomi.earth.wgs84 import MEAN_RADIUS_M
from hinomi.records.columns import Floats
from hinomi.units import KM_M

RADIUS_KM: Final = MEAN_RADIUS_M / KM_M


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """A square or rectangle of an azimuthal-equidistant map: distances from the centre are true."""

    centre_lat_deg: float
    centre_lon_deg: float
    half_width_km: float
    half_height_km: float

    def xy(self, lat_deg: Any, lon_deg: Any) -> tuple[Floats, Floats]:
        """Kilometres east and north of the centre, on the mean sphere (Snyder 1987, chapter 25)."""
        lat, lon = (
            np.radians(np.asarray(lat_deg)),
            np.radians(np.asarray(lon_deg) - self.centre_lon_deg),
        )
        lat0 = math.radians(self.centre_lat_deg)
        cos_c = math.sin(lat0) * np.sin(lat) + math.cos(lat0) * np.cos(lat) * np.cos(lon)
        c = np.arccos(np.clip(cos_c, -1.0, 1.0))
        stretch = RADIUS_KM / np.sinc(c / math.pi)  # c / sin c, without a gap at 0
        x: Floats = stretch * np.cos(lat) * np.sin(lon)
        y: Floats = stretch * (
            math.cos(lat0) * np.sin(lat) - math.sin(lat0) * np.cos(lat) * np.cos(lon)
        )
        return x, y

    def lat_lon(self, x_km: Any, y_km: Any) -> tuple[Floats, Floats]:
        """Latitude and longitude [deg] of map points; the way back from `xy`."""
        x, y = np.asarray(x_km) / RADIUS_KM, np.asarray(y_km) / RADIUS_KM
        lat0 = math.radians(self.centre_lat_deg)
        c = np.hypot(x, y)
        sine = np.sinc(c / math.pi)  # sin c / c
        lat: Floats = np.arcsin(
            np.clip(np.cos(c) * math.sin(lat0) + y * sine * math.cos(lat0), -1.0, 1.0)
        )
        lon = np.arctan2(x * sine, math.cos(lat0) * np.cos(c) - y * math.sin(lat0) * sine)
        return np.degrees(lat), np.degrees(lon) + self.centre_lon_deg

    def bounds(self) -> tuple[float, float, float, float]:
        """South, north, west, east [deg] of a box that holds the view."""
        w, h = self.half_width_km, self.half_height_km
        x, y = np.meshgrid(np.linspace(-w, w, 61), np.linspace(-h, h, 61))
        lat, lon = self.lat_lon(x, y)
        margin = 0.5
        south, north = float(lat.min()) - margin, float(lat.max()) + margin
        west, east = float(lon.min()) - margin, float(lon.max()) + margin
        pole_km = (90.0 - abs(self.centre_lat_deg)) * math.pi / 180.0 * RADIUS_KM
        if pole_km < math.hypot(w, h):  # a pole may be in sight: every longitude is
            west, east = self.centre_lon_deg - 180.0, self.centre_lon_deg + 180.0
            south, north = (south, 90.0) if self.centre_lat_deg > 0.0 else (-90.0, north)
        return max(south, -90.0), min(north, 90.0), west, east

    def pixels(self, across: int) -> tuple[Floats, Floats, tuple[float, float, float, float]]:
        """Latitude and longitude [deg] of the middles of square pixels, and the extent of them all."""
        w, h = self.half_width_km, self.half_height_km
        down = max(2, round(across * h / w))
        x, y = np.meshgrid(
            w * (2.0 * np.arange(across) + 1.0 - across) / across,
            h * (2.0 * np.arange(down) + 1.0 - down) / down,
        )
        lat, lon = self.lat_lon(x, y)
        return lat, lon, (-w, w, -h, h)


def around(
    south_deg: float, west_deg: float, north_deg: float, east_deg: float
) -> tuple[tuple[float, float], float, float]:
    """Centre of a box in degrees, and how far [km] it reaches from there on a map, across and up."""
    centre = 0.5 * (south_deg + north_deg), 0.5 * (west_deg + east_deg)
    trial = View(
        centre_lat_deg=centre[0], centre_lon_deg=centre[1], half_width_km=1.0, half_height_km=1.0
    )
    x, y = trial.xy(
        *np.meshgrid(np.linspace(south_deg, north_deg, 41), np.linspace(west_deg, east_deg, 41))
    )
    return centre, float(np.abs(x).max()), float(np.abs(y).max())
