"""Lines of sight: refracted horizon of a radar, limb of the Earth for a satellite."""

from __future__ import annotations

import math
from typing import Final

from numba import njit

from hinomi.earth.wgs84 import MEAN_RADIUS_M

FOUR_THIRDS: Final = 4.0 / 3.0
REFRACTION_TOP_M: Final = 20_000.0  # rays bend below, run straight above: the mixed rule


@njit(cache=True, nogil=True)
def horizon_range_m(sensor_height_m, target_height_m, refraction):  # type: ignore[no-untyped-def]
    """Greatest range [m] over a smooth sphere of `refraction` times the mean radius, both tangents added."""
    r = refraction * MEAN_RADIUS_M
    hs, ht = max(sensor_height_m, 0.0), max(target_height_m, 0.0)
    return math.sqrt(2.0 * r * hs + hs * hs) + math.sqrt(2.0 * r * ht + ht * ht)


@njit(cache=True, nogil=True)
def bending_rad(elevation_rad, target_height_m):  # type: ignore[no-untyped-def]
    """Angle [rad] by which a ray to a target appears raised: 4/3 Earth up to 20 km, straight above.

    The apparent elevation of a target is its true elevation plus this. The ray that leaves a 4/3 Earth
    at the apparent elevation is followed to 20 km (or the target) and its turn is taken over whole.
    """
    top = min(max(target_height_m, 0.0), REFRACTION_TOP_M)
    if top <= 0.0 or elevation_rad > 0.35:
        return 0.0
    r = FOUR_THIRDS * MEAN_RADIUS_M
    el = max(elevation_rad, 0.0)
    # Ground angle to the top of the bending layer on the enlarged sphere.
    cos_top = r * math.cos(el) / (r + top)
    phi = math.acos(min(1.0, cos_top)) - el
    # Curvature of the ray is 1/R - 1/(4/3 R): the turn over an arc phi * r.
    turn = phi * r * (1.0 / MEAN_RADIUS_M - 1.0 / r)
    if target_height_m <= REFRACTION_TOP_M:
        return 0.5 * turn
    # Above the layer the whole turn acts over the rest of the path, half of it within the layer.
    far = math.acos(min(1.0, MEAN_RADIUS_M * math.cos(el) / (MEAN_RADIUS_M + target_height_m))) - el
    return turn * (1.0 - 0.5 * min(1.0, phi * r / (max(far, 1e-9) * MEAN_RADIUS_M)))


@njit(cache=True, nogil=True)
def clears_limb(sx, sy, sz, tx, ty, tz, graze_m):  # type: ignore[no-untyped-def]
    """True when the straight segment from sensor to target stays above the mean sphere plus `graze_m`.

    A target below the grazing height is visible only where the segment nowhere dips below the target's
    own side: the closest approach to the centre is then at the target end itself.
    """
    dx, dy, dz = tx - sx, ty - sy, tz - sz
    d2 = dx * dx + dy * dy + dz * dz
    along = -(sx * dx + sy * dy + sz * dz) / d2
    if along >= 1.0:
        return True  # still descending at the target: nothing in between
    if along <= 0.0:
        return True
    cx, cy, cz = sx + along * dx, sy + along * dy, sz + along * dz
    limit = MEAN_RADIUS_M + graze_m
    return cx * cx + cy * cy + cz * cz >= limit * limit
