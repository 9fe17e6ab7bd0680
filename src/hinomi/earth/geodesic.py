"""Distances and bearings: mean sphere for pictures and predictions, ellipsoid for places."""

from __future__ import annotations

import math

from numba import njit

from hinomi.earth.wgs84 import FLATTENING, MEAN_RADIUS_M, SEMI_MAJOR_M, SEMI_MINOR_M


@njit(cache=True, nogil=True, error_model="numpy")
def sphere_inverse(lat1, lon1, lat2, lon2):  # type: ignore[no-untyped-def]
    """Great-circle distance [m] on the mean sphere, initial bearing [rad] clockwise from north."""
    dlon = lon2 - lon1
    sin1, cos1, sin2, cos2 = math.sin(lat1), math.cos(lat1), math.sin(lat2), math.cos(lat2)
    y = math.sin(dlon) * cos2
    x = cos1 * sin2 - sin1 * cos2 * math.cos(dlon)
    angle = math.atan2(math.sqrt(x * x + y * y), sin1 * sin2 + cos1 * cos2 * math.cos(dlon))
    return MEAN_RADIUS_M * angle, math.atan2(y, x) % (2.0 * math.pi)


@njit(cache=True, nogil=True, error_model="numpy")
def sphere_direct(lat, lon, bearing, distance_m):  # type: ignore[no-untyped-def]
    """Latitude and longitude [rad] at a distance [m] and bearing [rad] on the mean sphere."""
    angle = distance_m / MEAN_RADIUS_M
    sin_lat = math.sin(lat) * math.cos(angle) + math.cos(lat) * math.sin(angle) * math.cos(bearing)
    lat2 = math.asin(min(1.0, max(-1.0, sin_lat)))
    lon2 = lon + math.atan2(
        math.sin(bearing) * math.sin(angle) * math.cos(lat),
        math.cos(angle) - math.sin(lat) * sin_lat,
    )
    return lat2, (lon2 + math.pi) % (2.0 * math.pi) - math.pi


@njit(cache=True, nogil=True, error_model="numpy")
def _series(cos2_a):  # type: ignore[no-untyped-def]
    """Vincenty's A and B of a geodesic, by the squared cosine of its azimuth at the equator."""
    k2 = cos2_a * (SEMI_MAJOR_M**2 - SEMI_MINOR_M**2) / SEMI_MINOR_M**2
    a = 1.0 + k2 / 16384.0 * (4096.0 + k2 * (-768.0 + k2 * (320.0 - 175.0 * k2)))
    return a, k2 / 1024.0 * (256.0 + k2 * (-128.0 + k2 * (74.0 - 47.0 * k2)))


@njit(cache=True, nogil=True, error_model="numpy")
def _turn(b, sin_s, cos_s, cos_m):  # type: ignore[no-untyped-def]
    """Vincenty's difference between the arc on the auxiliary sphere and the scaled distance [rad]."""
    return b * sin_s * (
        cos_m
        + b / 4.0 * (
            cos_s * (2.0 * cos_m * cos_m - 1.0)
            - b / 6.0 * cos_m * (4.0 * sin_s * sin_s - 3.0) * (4.0 * cos_m * cos_m - 3.0)
        )
    )  # fmt: skip


@njit(cache=True, nogil=True, error_model="numpy")
def ellipsoid_inverse(lat1, lon1, lat2, lon2):  # type: ignore[no-untyped-def]
    """Geodesic distance [m] and initial bearing [rad] on WGS 84: Vincenty, Survey Review 23 (1975).

    Falls back to the mean sphere within 0.8 degree of the antipode, where the series fails: up to
    22 km off there, and the bearing by any angle.
    """
    u1 = math.atan((1.0 - FLATTENING) * math.tan(lat1))
    u2 = math.atan((1.0 - FLATTENING) * math.tan(lat2))
    sin_u1, cos_u1, sin_u2, cos_u2 = math.sin(u1), math.cos(u1), math.sin(u2), math.cos(u2)
    span = (lon2 - lon1 + math.pi) % (2.0 * math.pi) - math.pi
    lam = span
    for _ in range(100):
        sin_l, cos_l = math.sin(lam), math.cos(lam)
        y = cos_u2 * sin_l
        x = cos_u1 * sin_u2 - sin_u1 * cos_u2 * cos_l
        sin_s = math.sqrt(x * x + y * y)
        if sin_s == 0.0:
            return 0.0, 0.0
        cos_s = sin_u1 * sin_u2 + cos_u1 * cos_u2 * cos_l
        sigma = math.atan2(sin_s, cos_s)
        sin_a = cos_u1 * cos_u2 * sin_l / sin_s
        cos2_a = 1.0 - sin_a * sin_a
        cos_m = cos_s - 2.0 * sin_u1 * sin_u2 / cos2_a if cos2_a > 1e-15 else 0.0
        c = FLATTENING / 16.0 * cos2_a * (4.0 + FLATTENING * (4.0 - 3.0 * cos2_a))
        last = lam
        lam = span + (1.0 - c) * FLATTENING * sin_a * (
            sigma + c * sin_s * (cos_m + c * cos_s * (2.0 * cos_m * cos_m - 1.0))
        )
        if abs(lam - last) < 1e-13:
            a, b = _series(cos2_a)
            turn = _turn(b, sin_s, cos_s, cos_m)
            return SEMI_MINOR_M * a * (sigma - turn), math.atan2(y, x) % (2.0 * math.pi)
    return sphere_inverse(lat1, lon1, lat2, lon2)


@njit(cache=True, nogil=True, error_model="numpy")
def ellipsoid_direct(lat, lon, bearing, distance_m):  # type: ignore[no-untyped-def]
    """Latitude, longitude and onward bearing [rad] at the end of a geodesic on WGS 84.

    Vincenty, Survey Review 23 (1975); within 0.1 mm up to 19,000 km.
    """
    tan_u1 = (1.0 - FLATTENING) * math.tan(lat)
    cos_u1 = 1.0 / math.sqrt(1.0 + tan_u1 * tan_u1)
    sin_u1 = tan_u1 * cos_u1
    sin_b, cos_b = math.sin(bearing), math.cos(bearing)
    sigma1 = math.atan2(tan_u1, cos_b)
    sin_a = cos_u1 * sin_b
    cos2_a = 1.0 - sin_a * sin_a
    a, b = _series(cos2_a)
    plain = distance_m / (SEMI_MINOR_M * a)
    sigma = plain
    for _ in range(100):
        cos_m = math.cos(2.0 * sigma1 + sigma)
        sin_s, cos_s = math.sin(sigma), math.cos(sigma)
        turn = _turn(b, sin_s, cos_s, cos_m)
        last = sigma
        sigma = plain + turn
        if abs(sigma - last) < 1e-14:
            break
    sin_s, cos_s = math.sin(sigma), math.cos(sigma)
    cos_m = math.cos(2.0 * sigma1 + sigma)
    x = sin_u1 * sin_s - cos_u1 * cos_s * cos_b
    lat2 = math.atan2(
        sin_u1 * cos_s + cos_u1 * sin_s * cos_b,
        (1.0 - FLATTENING) * math.sqrt(sin_a * sin_a + x * x),
    )
    lam = math.atan2(sin_s * sin_b, cos_u1 * cos_s - sin_u1 * sin_s * cos_b)
    c = FLATTENING / 16.0 * cos2_a * (4.0 + FLATTENING * (4.0 - 3.0 * cos2_a))
    span = lam - (1.0 - c) * FLATTENING * sin_a * (
        sigma + c * sin_s * (cos_m + c * cos_s * (2.0 * cos_m * cos_m - 1.0))
    )
    lon2 = (lon + span + math.pi) % (2.0 * math.pi) - math.pi
    return lat2, lon2, math.atan2(sin_a, -x) % (2.0 * math.pi)
