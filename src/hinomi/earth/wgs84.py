"""The WGS-84 ellipsoid: geodetic and Earth-fixed coordinates, local axes.

Constants: NGA.STND.0036 (WGS 84), as listed by EPSG 7030; angles in radians inside.
"""

from __future__ import annotations

import math
from typing import Final

from numba import njit

from hinomi.kernels import LEAN

SEMI_MAJOR_M: Final = 6_378_137.0  # WGS 84 defining parameter
FLATTENING: Final = 1.0 / 298.257223563  # WGS 84 defining parameter
SEMI_MINOR_M: Final = SEMI_MAJOR_M * (1.0 - FLATTENING)
ECCENTRICITY2: Final = FLATTENING * (2.0 - FLATTENING)
SECOND_ECCENTRICITY2: Final = ECCENTRICITY2 / (1.0 - ECCENTRICITY2)
ROTATION_RAD_S: Final = 7.292115e-5  # Earth rotation rate, WGS 84
MEAN_RADIUS_M: Final = 6_371_000.0  # (2 a + b) / 3 rounded by convention; every closed form uses it


@njit(cache=True, nogil=True, error_model="numpy", **LEAN)
def ecef_from_geodetic(lat_rad, lon_rad, height_m):  # type: ignore[no-untyped-def]
    """Earth-fixed x, y, z [m] of a geodetic latitude, longitude [rad] and height [m]."""
    sin_lat, cos_lat = math.sin(lat_rad), math.cos(lat_rad)
    n = SEMI_MAJOR_M / math.sqrt(1.0 - ECCENTRICITY2 * sin_lat * sin_lat)
    return (
        (n + height_m) * cos_lat * math.cos(lon_rad),
        (n + height_m) * cos_lat * math.sin(lon_rad),
        (n * (1.0 - ECCENTRICITY2) + height_m) * sin_lat,
    )


@njit(cache=True, nogil=True, error_model="numpy", **LEAN)
def geodetic_from_ecef(x, y, z):  # type: ignore[no-untyped-def]
    """Geodetic latitude, longitude [rad] and height [m] of an Earth-fixed point [m].

    Bowring's formula (Survey Review 28, 1985) with one repetition: below 1e-9 rad and 1e-5 m from
    the ground to 2,000 km, below 1 m in height at geostationary distance.
    """
    p = math.sqrt(x * x + y * y)
    lon = math.atan2(y, x)
    r = math.sqrt(p * p + z * z)
    # Reduced latitude of Bowring 1985, accurate at height, then one plain repetition.
    tan_u = (
        (SEMI_MINOR_M * z)
        / (SEMI_MAJOR_M * p + 1e-300)
        * (1.0 + SECOND_ECCENTRICITY2 * SEMI_MINOR_M / r)
    )
    lat = 0.0
    for _ in range(2):
        cos_u = 1.0 / math.sqrt(1.0 + tan_u * tan_u)
        sin_u = tan_u * cos_u
        lat = math.atan2(
            z + SECOND_ECCENTRICITY2 * SEMI_MINOR_M * sin_u * sin_u * sin_u,
            p - ECCENTRICITY2 * SEMI_MAJOR_M * cos_u * cos_u * cos_u,
        )
        tan_u = (1.0 - FLATTENING) * math.tan(lat)
    sin_lat, cos_lat = math.sin(lat), math.cos(lat)
    height = (
        p * cos_lat
        + z * sin_lat
        - SEMI_MAJOR_M * math.sqrt(1.0 - ECCENTRICITY2 * sin_lat * sin_lat)
    )
    return lat, lon, height


@njit(cache=True, nogil=True, error_model="numpy", **LEAN)
def height_and_up(x, y, z):  # type: ignore[no-untyped-def]
    """Height [m] above the ellipsoid and the unit vector of its normal (three numbers).

    No trigonometric function, for inner loops. Same reduced latitude as `geodetic_from_ecef` with
    one step: below 1e-3 m under 2,000 km.
    """
    p = math.sqrt(x * x + y * y)
    r = math.sqrt(p * p + z * z)
    tan_u = (
        (SEMI_MINOR_M * z)
        / (SEMI_MAJOR_M * p + 1e-300)
        * (1.0 + SECOND_ECCENTRICITY2 * SEMI_MINOR_M / r)
    )
    cos_u = 1.0 / math.sqrt(1.0 + tan_u * tan_u)
    sin_u = tan_u * cos_u
    top = z + SECOND_ECCENTRICITY2 * SEMI_MINOR_M * sin_u * sin_u * sin_u
    bottom = p - ECCENTRICITY2 * SEMI_MAJOR_M * cos_u * cos_u * cos_u
    size = math.sqrt(top * top + bottom * bottom)
    sin_lat, cos_lat = top / size, bottom / size
    height = (
        p * cos_lat
        + z * sin_lat
        - SEMI_MAJOR_M * math.sqrt(1.0 - ECCENTRICITY2 * sin_lat * sin_lat)
    )
    level = cos_lat / (p + 1e-300)
    return height, level * x, level * y, sin_lat


@njit(cache=True, nogil=True, error_model="numpy", **LEAN)
def height_in_air(r, sin2):  # type: ignore[no-untyped-def]
    """Height [m] over the ellipsoid from the distance to the centre and sine squared of its latitude.

    Geocentric latitude; a series in the flattening without roots or divisions, for air density:
    below 1e-4 m at the ground, 0.04 m at 200 km.
    """
    q = SECOND_ECCENTRICITY2 * sin2
    ground = SEMI_MAJOR_M * (1.0 - q * (0.5 - q * (0.375 - q * (0.3125 - q * 0.2734375))))
    tilt2 = 4.0 * FLATTENING * FLATTENING * sin2 * (1.0 - sin2)
    return (r - ground) * (1.0 - 0.5 * tilt2)


@njit(cache=True, nogil=True, error_model="numpy", **LEAN)
def height_above_ellipsoid(x, y, z):  # type: ignore[no-untyped-def]
    """Height [m] above the ellipsoid without any trigonometric function, for inner loops."""
    return height_and_up(x, y, z)[0]


@njit(cache=True, nogil=True, error_model="numpy", **LEAN)
def local_axes(lat_rad, lon_rad):  # type: ignore[no-untyped-def]
    """East, north and up unit vectors (nine numbers) at a geodetic latitude, longitude [rad]."""
    sin_lat, cos_lat = math.sin(lat_rad), math.cos(lat_rad)
    sin_lon, cos_lon = math.sin(lon_rad), math.cos(lon_rad)
    return (
        -sin_lon, cos_lon, 0.0,
        -sin_lat * cos_lon, -sin_lat * sin_lon, cos_lat,
        cos_lat * cos_lon, cos_lat * sin_lon, sin_lat,
    )  # fmt: skip
