"""The Earth that a flight is computed over: ellipsoid or sphere, turning or not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from hinomi.earth.geodesic import ellipsoid_inverse, sphere_inverse
from hinomi.earth.gravity import J2, acceleration_with
from hinomi.earth.wgs84 import MEAN_RADIUS_M, ROTATION_RAD_S, geodetic_from_ecef
from hinomi.records.columns import Floats

EARTHS = SPHERE, ROTATING_SPHERE, WGS84 = "sphere", "rotating-sphere", "wgs84"
RADIUS_M: Final = MEAN_RADIUS_M
WORDS: Final = {
    SPHERE: "sphere of 6,371.0 km, no rotation, no flattening",
    ROTATING_SPHERE: "sphere of 6,371.0 km, rotating, no flattening",
    WGS84: "WGS 84, rotating, with the flattening term of gravity",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """One of `EARTHS`."""

    earth: str

    @property
    def round(self) -> bool:
        """True over a sphere: latitudes are geocentric then."""
        return self.earth != WGS84

    @property
    def rotates(self) -> bool:
        """True where the Earth turns below the flight."""
        return self.earth != SPHERE

    @property
    def sphere_m(self) -> float:
        """Radius of the sphere [m], 0 over the ellipsoid."""
        return RADIUS_M if self.round else 0.0

    def points(self, r_m: Floats) -> tuple[Floats, Floats, Floats]:
        """Latitude, longitude [rad] and height [m] of (N, 3) Earth-fixed positions."""
        if self.round:
            size = np.linalg.norm(r_m, axis=1)
            lat: Floats = np.arcsin(np.clip(r_m[:, 2] / size, -1.0, 1.0))
            return lat, np.arctan2(r_m[:, 1], r_m[:, 0]), size - RADIUS_M
        found = np.array([geodetic_from_ecef(x, y, z) for x, y, z in r_m]).reshape(-1, 3)
        return found[:, 0], found[:, 1], found[:, 2]

    def distances_m(self, lat_rad: float, lon_rad: float, lat: Floats, lon: Floats) -> Floats:
        """Distances [m] along the ground from one point to many."""
        inverse = sphere_inverse if self.round else ellipsoid_inverse
        return np.array([inverse(lat_rad, lon_rad, b, c)[0] for b, c in zip(lat, lon, strict=True)])

    def bearing_rad(self, lat_a: float, lon_a: float, lat_b: float, lon_b: float) -> float:
        """Initial bearing [rad] from one point to another."""
        inverse = sphere_inverse if self.round else ellipsoid_inverse
        return float(inverse(lat_a, lon_a, lat_b, lon_b)[1])

    def up(self, lat: Floats, lon: Floats) -> Floats:
        """(N, 3) local verticals."""
        return np.stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)], axis=1)

    def falling_mps2(self, r_m: Floats, v_mps: Floats) -> Floats:
        """(N, 3) acceleration of a free body in Earth-fixed axes."""
        w = ROTATION_RAD_S if self.rotates else 0.0
        j2 = 0.0 if self.round else J2
        out = np.array([acceleration_with(x, y, z, j2) for x, y, z in r_m]).reshape(-1, 3)
        out[:, 0] += w * w * r_m[:, 0] + 2.0 * w * v_mps[:, 1]
        out[:, 1] += w * w * r_m[:, 1] - 2.0 * w * v_mps[:, 0]
        return out
