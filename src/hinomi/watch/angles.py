"""Look angles from places to objects: elevation, azimuth, distance, and whether Earth is between."""

from __future__ import annotations

import math

import numpy as np
from numba import njit, prange

from hinomi.earth.sight import clears_limb
from hinomi.earth.wgs84 import ecef_from_geodetic, local_axes
from hinomi.flight.forces import FAST
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


@njit(cache=True, nogil=True, error_model="numpy", fastmath=FAST, parallel=True)
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
                far = math.sqrt(dx * dx + dy * dy + dz * dz)
                azimuth = math.atan2(dx * ex + dy * ey + dz * ez, dx * nx + dy * ny + dz * nz)
                sin_el = (dx * ux + dy * uy + dz * uz) / far
                out[p, 0, s, k] = math.asin(min(1.0, max(-1.0, sin_el)))
                out[p, 1, s, k] = azimuth if azimuth >= 0.0 else azimuth + turn
                out[p, 2, s, k] = far
                # Upwards from the ground nothing is in the way; else ask.
                up = sin_el > 0.0 and places[p, 2] >= 0.0
                out[p, 3, s, k] = 1.0 if up or clears_limb(sx, sy, sz, x, y, z, 0.0) else 0.0
