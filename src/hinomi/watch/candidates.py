"""Cheap bounds: which bodies a sensor could possibly see during a few seconds.

Bodies and satellites are balls that hold all their positions of a block of seconds. A sensor drops
a body only where no point of the balls could give a look that does anything, so that the plots are
the same to the last bit with and without these bounds.
"""

from __future__ import annotations

import math
from typing import Final

from numba import njit

from hinomi.earth.wgs84 import FLATTENING, SEMI_MAJOR_M
from hinomi.kernels import LEAN
from hinomi.watch.infrared_look import LEAST_INFRARED_MARGIN
from hinomi.watch.radar_look import LEAST_RADAR_SNR

BLOCK: Final = 16  # seconds that one bound holds for
RADIUS: Final = 3  # column of a ball after its centre; below 0: the body does not exist then
GLOW: Final = 4  # columns of its greatest intensity per band
CROSS_SECTION: Final = 6
BALL_WIDTH: Final = 7

_STRETCH: Final = 1.0 / (1.0 - FLATTENING)  # of z, makes the ellipsoid a sphere
_SLACK: Final = 1.0 + 1e-9  # of a bound against rounding


@njit(cache=True, nogil=True, error_model="numpy", **LEAN)
def enclose(points_m, start, stop, ball):  # type: ignore[no-untyped-def]
    """Write centre and radius of a ball around the points start ... stop - 1 of (T, 3)."""
    for c in range(3):
        low = high = points_m[start, c]
        for k in range(start + 1, stop):
            low, high = min(low, points_m[k, c]), max(high, points_m[k, c])
        ball[c] = 0.5 * (low + high)
    most = 0.0
    for k in range(start, stop):
        dx, dy, dz = points_m[k, 0] - ball[0], points_m[k, 1] - ball[1], points_m[k, 2] - ball[2]
        most = max(most, dx * dx + dy * dy + dz * dz)
    ball[RADIUS] = math.sqrt(most) * _SLACK + 1e-3


@njit(cache=True, nogil=True, error_model="numpy", **LEAN)
def enclose_bodies(r_m, intensity_w_sr, rcs_m2, first, last, start, stop, balls):  # type: ignore[no-untyped-def]
    """Write the balls (B, 7) of all bodies in a block, with their greatest signals in it."""
    for b in range(r_m.shape[0]):
        begin, end = max(start, first[b]), min(stop, last[b] + 1)
        ball = balls[b]
        if begin >= end:
            ball[RADIUS] = -1.0
            continue
        enclose(r_m[b], begin, end, ball)
        ball[GLOW], ball[GLOW + 1], ball[CROSS_SECTION] = 0.0, 0.0, 0.0
        for k in range(begin, end):
            ball[GLOW] = max(ball[GLOW], intensity_w_sr[b, k, 0])
            ball[GLOW + 1] = max(ball[GLOW + 1], intensity_w_sr[b, k, 1])
            ball[CROSS_SECTION] = max(ball[CROSS_SECTION], rcs_m2[b, k])


@njit(cache=True, nogil=True, error_model="numpy", **LEAN)
def radar_might_see(radar, ball):  # type: ignore[no-untyped-def]
    """Whether a body in a ball might be above the radar's horizon and strong enough to count."""
    dx, dy, dz = ball[0] - radar["x"], ball[1] - radar["y"], ball[2] - radar["z"]
    rng, r = math.sqrt(dx * dx + dy * dy + dz * dz), ball[RADIUS]
    near = max(rng - r, 0.0)
    up = dx * radar["up_x"] + dy * radar["up_y"] + dz * radar["up_z"] + r
    low = radar["sin_low"]
    if up < low * (rng + r if low < 0.0 else near) - 1e-3:
        return False
    n2 = near * near
    return radar["gain"] * ball[CROSS_SECTION] * _SLACK >= LEAST_RADAR_SNR * n2 * n2


@njit(cache=True, nogil=True, error_model="numpy", **LEAN)
def satellite_might_see(satellite, place, ball):  # type: ignore[no-untyped-def]
    """Whether a body in a ball might be bright enough for and in view of a satellite in a ball.

    With z stretched the Earth and its grazing height are a sphere. The body is hidden where a
    straight line between the centres dips below it by more than either radius and both ends look
    down on it.
    """
    sx, sy, sz = place[0], place[1], place[2] * _STRETCH
    bx, by, bz = ball[0], ball[1], ball[2] * _STRETCH
    rs, rb = place[RADIUS] * _STRETCH, ball[RADIUS] * _STRETCH
    dx, dy, dz = bx - sx, by - sy, bz - sz
    d2 = dx * dx + dy * dy + dz * dz
    near = (math.sqrt(d2) - rs - rb) / _STRETCH
    weakest = satellite["threshold"] + LEAST_INFRARED_MARGIN
    if near > 0.0 and satellite["gain"] * ball[GLOW + satellite["band"]] * _SLACK < (
        weakest * near * near
    ):
        return False
    s_size, b_size = math.sqrt(sx * sx + sy * sy + sz * sz), math.sqrt(bx * bx + by * by + bz * bz)
    nearest = min(s_size - rs, b_size - rb)
    if sx * bx + sy * by + sz * bz + s_size * rb + b_size * rs + rs * rb >= nearest * nearest:
        return True  # one end may look away from the Earth
    # Both ends look down, so the nearest point to the centre lies between them.
    along = -(sx * dx + sy * dy + sz * dz) / d2
    cx, cy, cz = sx + along * dx, sy + along * dy, sz + along * dz
    limit = SEMI_MAJOR_M + satellite["graze"] - max(rs, rb) - 1.0
    return limit <= 0.0 or cx * cx + cy * cy + cz * cz >= limit * limit
