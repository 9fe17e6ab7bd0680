"""Look angles from places to objects: elevation, azimuth, distance, and whether Earth is between."""

from __future__ import annotations

import math

import numpy as np
from numba import njit, prange

from hinomi.earth.sight import clears_limb
from hinomi.earth.wgs84 import ecef_from_geodetic, local_axes
from hinomi.flight.forces import FAST
from hinomi.kernels import LEAN
from hinomi.records.columns import Floats


def look_angles(*, lat_rad: Floats, lon_rad: Floats, height_m: Floats, r_m: Floats) -> Floats:
    """Elevation [rad], azimuth [rad], distance [m] and 1 for in sight, of every pair.

    Parameters
    ----------
    lat_rad, lon_rad, height_m
        (P,) geodetic places.
    r_m
        (S, T, 3) Earth-fixed positions of objects [m].

    Returns
    -------
    Floats
        (P, 4, S, T). Elevation is geometric, above the plane across the geodetic vertical; azimuth
        is clockwise from north, 0 to 2 pi; in sight means that the ellipsoid does not lie between.

    Notes
    -----
    Straight lines, no refraction. Source: vector geometry on WGS 84.
    """
    places = np.column_stack([lat_rad, lon_rad, height_m]).astype(np.float64)
    positions = np.ascontiguousarray(r_m, dtype=np.float64)
    out = np.empty((len(places), 4, *positions.shape[:2]))
    _angles(places, positions, out)
    return out


@njit(cache=True, nogil=True, error_model="numpy", fastmath=FAST, **LEAN)
def _arc_tangent(y, x):  # type: ignore[no-untyped-def]
    """Angle of a point [rad], -pi to pi, to 1e-10; no call and no branch, for whole registers.

    Series of the arc tangent after one reduction to below tan(pi/8).
    """
    a, b = abs(x), abs(y)
    low, high = min(a, b), max(a, b) + 1e-300
    steep = low > 0.41421356237309503 * high
    t = (low - high) / (low + high) if steep else low / high
    q = t * t
    angle = t * (
        1.0 - q * (1 / 3 - q * (1 / 5 - q * (1 / 7 - q * (1 / 9 - q * (1 / 11 - q * (1 / 13 - q * (
            1 / 15 - q * (1 / 17 - q * (1 / 19 - q * (1 / 21 - q * (1 / 23)))))))))))
    )  # fmt: skip
    angle = angle + 0.25 * math.pi if steep else angle
    angle = 0.5 * math.pi - angle if b > a else angle
    angle = math.pi - angle if x < 0.0 else angle
    return -angle if y < 0.0 else angle


@njit(cache=True, nogil=True, error_model="numpy", fastmath=FAST, parallel=True, **LEAN)
def _angles(places, r_m, out):  # type: ignore[no-untyped-def]
    """Fill the angles of all pairs, places side by side on all cores."""
    turn = 2.0 * math.pi
    for p in prange(places.shape[0]):
        x, y, z = ecef_from_geodetic(places[p, 0], places[p, 1], places[p, 2])
        ex, ey, ez, nx, ny, nz, ux, uy, uz = local_axes(places[p, 0], places[p, 1])
        for s in range(r_m.shape[0]):
            for k in range(r_m.shape[1]):
                sx, sy, sz = r_m[s, k, 0], r_m[s, k, 1], r_m[s, k, 2]
                dx, dy, dz = sx - x, sy - y, sz - z
                east = dx * ex + dy * ey + dz * ez
                north = dx * nx + dy * ny + dz * nz
                up = dx * ux + dy * uy + dz * uz
                level2 = east * east + north * north
                azimuth = _arc_tangent(east, north)
                out[p, 0, s, k] = _arc_tangent(up, math.sqrt(level2))
                out[p, 1, s, k] = azimuth if azimuth >= 0.0 else azimuth + turn
                out[p, 2, s, k] = math.sqrt(level2 + up * up)
                # Upwards from the ground nothing is in the way; else ask.
                rises = up > 0.0 and places[p, 2] >= 0.0
                out[p, 3, s, k] = 1.0 if rises or clears_limb(sx, sy, sz, x, y, z, 0.0) else 0.0
