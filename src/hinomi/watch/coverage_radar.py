"""What radars see: the ratio of one dwell over a grid, and how far each looks at a given height."""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from numba import njit

from hinomi.earth.faces import faces_of, scan_share
from hinomi.earth.geodesic import ellipsoid_direct
from hinomi.earth.sight import ruled_bending_rad, ruled_horizon_arc_rad
from hinomi.earth.wgs84 import MEAN_RADIUS_M, ecef_from_geodetic, local_axes
from hinomi.records.columns import Floats
from hinomi.records.plots import REFRACTIONS, Radar
from hinomi.units import DEG_RAD
from hinomi.watch.coverage_grid import Grid

FARTHEST_RAD: Final = 1.2  # arc beyond which no radar is followed
SCAN_STEPS: Final = 240  # first search of a fan's edge
# Places in the numbers of a radar.
X, Y, Z, HEIGHT, GAIN, FACE, SECTOR, FACES, RAYS, LEAST = range(10)
AXES: Final = 10  # east, north, up


def radar_numbers(radar: Radar) -> Floats:
    """(19,) numbers of a radar for the kernels of this module."""
    lat, lon = radar.lat_deg * DEG_RAD, radar.lon_deg * DEG_RAD
    return np.array(
        [
            *ecef_from_geodetic(lat, lon, radar.height_m),
            radar.height_m,
            10.0 ** (0.1 * radar.reference_snr_db) * radar.reference_range_m**4,
            radar.face_az_rad,
            min(radar.sector_rad, 2.0 * math.pi),
            faces_of(radar.sector_rad),
            REFRACTIONS.index(radar.refraction),
            radar.min_el_rad,
            *local_axes(lat, lon),
        ]
    )


def radar_mask(radar: Radar) -> Floats:
    """Least elevation [rad] by azimuth in equal sectors from north clockwise."""
    least = radar.mask_el_rad or (radar.min_el_rad,)
    return np.array([max(radar.min_el_rad, el) for el in least], dtype=np.float64)


@njit(cache=True, nogil=True, error_model="numpy")
def radar_ratio(radar, mask, x, y, z, height_m, rcs_m2):  # type: ignore[no-untyped-def]
    """Mean power ratio of one dwell on a target at an Earth-fixed place [m]; -1 outside the field."""
    dx, dy, dz = x - radar[X], y - radar[Y], z - radar[Z]
    rng = math.sqrt(dx * dx + dy * dy + dz * dz)
    e, n, u = AXES, AXES + 3, AXES + 6
    east = (dx * radar[e] + dy * radar[e + 1] + dz * radar[e + 2]) / rng
    north = (dx * radar[n] + dy * radar[n + 1] + dz * radar[n + 2]) / rng
    up = (dx * radar[u] + dy * radar[u + 1] + dz * radar[u + 2]) / rng
    azimuth = math.atan2(east, north)
    here = math.sqrt(radar[X] ** 2 + radar[Y] ** 2 + radar[Z] ** 2)
    there = math.sqrt(x * x + y * y + z * z)
    cos_arc = (x * radar[X] + y * radar[Y] + z * radar[Z]) / (here * there)
    arc = math.acos(min(1.0, max(-1.0, cos_arc)))
    rule = int(radar[RAYS])
    hs = radar[HEIGHT]
    if arc > ruled_horizon_arc_rad(hs, rule) + ruled_horizon_arc_rad(height_m, rule):
        return -1.0
    # The bending is that of the sphere, put on the elevation over the ellipsoid.
    bent = math.asin(min(1.0, up)) + ruled_bending_rad(arc, hs, height_m, rule)
    share = (azimuth / (2.0 * math.pi)) % 1.0
    if bent < mask[min(int(share * mask.size), mask.size - 1)]:
        return -1.0
    off, half = azimuth - radar[FACE], 0.5 * radar[SECTOR]
    loss = scan_share(math.cos(off), math.sin(off), math.cos(half), half, radar[FACES])
    if loss < 0.0:
        return -1.0
    return radar[GAIN] * rcs_m2 * loss / rng**4


@njit(cache=True, nogil=True, error_model="numpy")
def _over_grid(radar, mask, lat_rad, west_rad, step_rad, columns, height_m, rcs_m2):  # type: ignore[no-untyped-def]
    out = np.empty((lat_rad.size, columns))
    for i in range(lat_rad.size):
        for j in range(columns):
            x, y, z = ecef_from_geodetic(lat_rad[i], west_rad + j * step_rad, height_m)
            out[i, j] = radar_ratio(radar, mask, x, y, z, height_m, rcs_m2)
    return out


def ratio_over(grid: Grid, radar: Radar, *, rcs_m2: float) -> Floats:
    """(R, columns) mean power ratio of one dwell on each cell's target; -1 where out of the field.

    Field: sector, least elevation of the azimuth, horizon by the radar's own refraction rule.
    """
    found: Floats = _over_grid(
        radar_numbers(radar), radar_mask(radar), np.asarray(grid.lat_rad), grid.west_rad,
        grid.step_rad, grid.columns, grid.height_m, rcs_m2,
    )  # fmt: skip
    return found


@njit(cache=True, nogil=True, error_model="numpy")
def _ratio_along(radar, mask, lat, lon, azimuth, distance_m, height_m, rcs_m2):  # type: ignore[no-untyped-def]
    at = ellipsoid_direct(lat, lon, azimuth, distance_m)
    x, y, z = ecef_from_geodetic(at[0], at[1], height_m)
    return radar_ratio(radar, mask, x, y, z, height_m, rcs_m2)


@njit(cache=True, nogil=True, error_model="numpy")
def _edges(radar, mask, lat, lon, azimuths, height_m, rcs_m2, needed):  # type: ignore[no-untyped-def]
    out = np.zeros(azimuths.size)
    most = FARTHEST_RAD * MEAN_RADIUS_M
    for i in range(azimuths.size):
        low, high = 0.0, 0.0
        for k in range(1, SCAN_STEPS + 1):
            d = most * (k / SCAN_STEPS) ** 2  # finer near the radar
            if _ratio_along(radar, mask, lat, lon, azimuths[i], d, height_m, rcs_m2) >= needed:
                low = d
            elif low > high:
                high = d
        if low == 0.0:
            continue
        for _ in range(24):
            middle = 0.5 * (low + high)
            ratio = _ratio_along(radar, mask, lat, lon, azimuths[i], middle, height_m, rcs_m2)
            low, high = (middle, high) if ratio >= needed else (low, middle)
        out[i] = low
    return out


def fan(
    radar: Radar, *, height_m: float, azimuths_rad: Floats, rcs_m2: float, needed_ratio: float
) -> Floats:
    """(A,) ground distance [m] to which a radar sees a target at a height, by azimuth; 0: not at all.

    `needed_ratio`: mean power ratio of one dwell that counts as seen; 0 leaves horizon, sector and
    least elevation alone. Good to some metres.
    """
    found: Floats = _edges(
        radar_numbers(radar), radar_mask(radar), radar.lat_deg * DEG_RAD, radar.lon_deg * DEG_RAD,
        np.asarray(azimuths_rad, dtype=np.float64), height_m, rcs_m2, needed_ratio,
    )  # fmt: skip
    return found
