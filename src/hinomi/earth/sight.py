"""Lines of sight: refracted horizon of a radar, limb of the Earth for a satellite.

Three rules for radio rays, all over a smooth sphere of the mean radius:

* *mixed*: straight over a sphere 4/3 as large up to 20 km, straight above (what radars use unless
  told otherwise);
* *four thirds*: straight rays over a sphere 4/3 as large, at every height;
* *none*: straight rays, no air.

Against a ray trace through an exponential atmosphere (N0 = 313) the plain rule reaches 6, 8 and
11 % too far at 50, 100 and 500 km, the mixed rule 3.7, 3.3 and 1.9 % (antenna 30 m high, grazing
the ground). Nothing here knows about terrain.
"""

from __future__ import annotations

import math
from typing import Final

from numba import njit

from hinomi.earth.wgs84 import FLATTENING, MEAN_RADIUS_M, SEMI_MAJOR_M

FOUR_THIRDS: Final = 4.0 / 3.0
REFRACTION_TOP_M: Final = 20_000.0  # rays bend below, run straight above: the mixed rule
BENDING_LIMIT_RAD: Final = 0.045  # no ray of the mixed rule turns by more
HIGH_SENSOR_M: Final = 15_000.0  # rays of sensors above are taken as straight: little air is left
STEEP_RAD: Final = 0.35  # above this elevation the bending is below 0.2 mrad and left out

# Rules, numbered as `records.plots.REFRACTIONS` lists them.
MIXED_RULE, FOUR_THIRDS_RULE, STRAIGHT_RULE = range(3)

_BENT_M: Final = FOUR_THIRDS * MEAN_RADIUS_M


@njit(cache=True, nogil=True, error_model="numpy")
def horizon_arc_rad(height_m):  # type: ignore[no-untyped-def]
    """Arc [rad] from the point where a ray grazes the ground up to a height [m], mixed rule.

    The arc is that of the true Earth. Two points see each other when the arc between them is at
    most the sum of their two.
    """
    h = max(height_m, 0.0)
    top = min(h, REFRACTION_TOP_M)
    rise = math.acos(_BENT_M / (_BENT_M + top))  # also the local elevation of the ray up there
    arc = FOUR_THIRDS * rise
    if h > REFRACTION_TOP_M:
        share = (MEAN_RADIUS_M + top) / (MEAN_RADIUS_M + h)
        arc += math.acos(share * math.cos(rise)) - rise
    return arc


@njit(cache=True, nogil=True, error_model="numpy")
def straight_elevation_rad(arc_rad, sensor_height_m, target_height_m):  # type: ignore[no-untyped-def]
    """Elevation [rad] without air of a target an arc [rad] of the mean sphere away; heights [m]."""
    rt = MEAN_RADIUS_M + target_height_m
    return math.atan2(
        rt * math.cos(arc_rad) - (MEAN_RADIUS_M + sensor_height_m), rt * math.sin(arc_rad)
    )


@njit(cache=True, nogil=True, error_model="numpy")
def apparent_elevation_rad(arc_rad, sensor_height_m, target_height_m):  # type: ignore[no-untyped-def]
    """Elevation [rad] at which the ray from a target arrives at a sensor, mixed rule.

    `arc_rad` is the arc of the true Earth between the two; heights in metres. A target no higher
    than 20 km is straight ahead on the enlarged sphere. For a higher one the ray that leaves at the
    answer is followed to 20 km and straight on, and the answer is found by Newton's rule (the arc
    falls steadily with the elevation). Says nothing about the ground in between: see
    `horizon_arc_rad`.
    """
    true = straight_elevation_rad(arc_rad, sensor_height_m, target_height_m)
    if true > STEEP_RAD or true < -0.5 or sensor_height_m > HIGH_SENSOR_M:
        return true
    rs = _BENT_M + sensor_height_m
    if target_height_m <= REFRACTION_TOP_M:
        rt, arc = _BENT_M + target_height_m, arc_rad / FOUR_THIRDS
        return math.atan2(rt * math.cos(arc) - rs, rt * math.sin(arc))
    low = rs / (_BENT_M + REFRACTION_TOP_M)
    high = (MEAN_RADIUS_M + REFRACTION_TOP_M) / (MEAN_RADIUS_M + target_height_m)
    el = true
    for _ in range(6):
        rise = math.acos(low * math.cos(el))  # local elevation where the ray leaves the layer
        last = math.acos(high * math.cos(rise))  # and where it meets the target
        rise_el = low * math.sin(el) / math.sin(rise)
        last_el = high * math.sin(rise) * rise_el / math.sin(last)
        miss = FOUR_THIRDS * (rise - el) + last - rise - arc_rad
        step = miss / (FOUR_THIRDS * (rise_el - 1.0) + last_el - rise_el)
        el -= step
        if abs(step) < 1e-9:
            break
    return el


@njit(cache=True, nogil=True, error_model="numpy")
def bending_rad(arc_rad, sensor_height_m, target_height_m):  # type: ignore[no-untyped-def]
    """Angle [rad] by which a target appears raised: apparent minus true elevation, mixed rule."""
    true = straight_elevation_rad(arc_rad, sensor_height_m, target_height_m)
    return apparent_elevation_rad(arc_rad, sensor_height_m, target_height_m) - true


@njit(cache=True, nogil=True, error_model="numpy")
def ruled_horizon_arc_rad(height_m, rule):  # type: ignore[no-untyped-def]
    """Arc [rad] of the true Earth from where a ray grazes the ground to a height [m], by a rule."""
    if rule == MIXED_RULE:
        return horizon_arc_rad(height_m)
    h = max(height_m, 0.0)
    if rule == FOUR_THIRDS_RULE:
        return FOUR_THIRDS * math.acos(_BENT_M / (_BENT_M + h))
    return math.acos(MEAN_RADIUS_M / (MEAN_RADIUS_M + h))


@njit(cache=True, nogil=True, error_model="numpy")
def ruled_bending_rad(arc_rad, sensor_height_m, target_height_m, rule):  # type: ignore[no-untyped-def]
    """Angle [rad] by which a target appears raised under a rule; 0 without air."""
    if rule == MIXED_RULE:
        return bending_rad(arc_rad, sensor_height_m, target_height_m)
    if rule == STRAIGHT_RULE:
        return 0.0
    rs, rt, arc = _BENT_M + sensor_height_m, _BENT_M + target_height_m, arc_rad / FOUR_THIRDS
    apparent = math.atan2(rt * math.cos(arc) - rs, rt * math.sin(arc))
    return apparent - straight_elevation_rad(arc_rad, sensor_height_m, target_height_m)


@njit(cache=True, nogil=True, error_model="numpy")
def clears_sphere(sx, sy, sz, tx, ty, tz, limit_m):  # type: ignore[no-untyped-def]
    """Whether the segment from sensor to target stays outside a sphere of radius `limit_m`.

    A target inside the sphere (below the grazing height) is visible only where the segment comes
    down on it all the way: the sensor then stands above the target's own horizon.
    """
    dx, dy, dz = tx - sx, ty - sy, tz - sz
    d2 = dx * dx + dy * dy + dz * dz
    down = -(sx * dx + sy * dy + sz * dz)
    if down <= 0.0 or down >= d2:
        return True  # nearest to the centre at one of the ends (or the two are one point)
    along = down / d2
    cx, cy, cz = sx + along * dx, sy + along * dy, sz + along * dz
    return cx * cx + cy * cy + cz * cz >= limit_m * limit_m


@njit(cache=True, nogil=True, error_model="numpy")
def clears_limb(sx, sy, sz, tx, ty, tz, graze_m):  # type: ignore[no-untyped-def]
    """Whether the segment from sensor to target stays `graze_m` above the ellipsoid.

    Stretching z by the axis ratio turns the ellipsoid into a sphere and keeps straight lines
    straight; only the grazing height itself is stretched with it, by 0.3 % at most.
    """
    k = 1.0 / (1.0 - FLATTENING)
    return clears_sphere(sx, sy, sz * k, tx, ty, tz * k, SEMI_MAJOR_M + graze_m)


@njit(cache=True, nogil=True, error_model="numpy")
def ray_clears_limb(sx, sy, sz, dx, dy, dz, graze_m):  # type: ignore[no-untyped-def]
    """Whether the ray from a sensor along d, of any length, ends in space.

    True where it stays `graze_m` above the ellipsoid all the way: what lies on it is seen against
    the sky. A sensor below that height sees only the sky of the outward half of its rays.
    """
    k = 1.0 / (1.0 - FLATTENING)
    sz, dz = sz * k, dz * k
    limit = SEMI_MAJOR_M + graze_m
    down = -(sx * dx + sy * dy + sz * dz)
    if down <= 0.0:
        return True
    along = down / (dx * dx + dy * dy + dz * dz)
    cx, cy, cz = sx + along * dx, sy + along * dy, sz + along * dz
    return cx * cx + cy * cy + cz * cz >= limit * limit
