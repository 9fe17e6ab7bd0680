"""Which units samples of one forecast hit or fly over, and the forecast's own figures."""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from numba import njit

from hinomi.earth.wgs84 import MEAN_RADIUS_M
from hinomi.flight.forces import FAST
from hinomi.kernels import LEAN, MAKES_ARRAYS
from hinomi.units import KM_M

LEG_M: Final = 250_000.0  # longest piece taken as straight in latitude and longitude; 0.9 km off
SHORT_LEG_M: Final = 0.95 * LEG_M  # by the flat measure, which is up to a twentieth too small
TRACK_STEP_M: Final = (
    10_000.0  # spacing of points of a ground track; narrower than unit and two buffers
)
SPREAD_SHARE: Final = 0.9
TIME_SHARE: Final = 0.05


@njit(cache=True, nogil=True, error_model="numpy", fastmath=FAST, **LEAN)
def _within(angle, low, turn):  # type: ignore[no-untyped-def]
    """An angle brought to low..low + turn; most are there already, and a remainder costs much."""
    if low <= angle < low + turn:
        return angle
    return (angle - low) % turn + low


@njit(cache=True, nogil=True, error_model="numpy", fastmath=FAST, **LEAN)
def _mark_piece(lat1, lon1, lat2, lon2, length, grid, first, last, unit, stamp, mark, out):  # type: ignore[no-untyped-def]
    """Count each unit under a straight piece once per mark; angles in degrees."""
    south, west, step = grid[0], grid[1], grid[2]
    rows, cols = first.shape
    a, whole = (lat1 - south) / step, (lat2 - lat1) / step
    if max(a, a + whole) < 0.0 or min(a, a + whole) >= rows:
        return
    span, offset = _within(lon2 - lon1, -180.0, 360.0), _within(lon1 - west, 0.0, 360.0)
    n = max(1, (math.ceil(length / TRACK_STEP_M)))
    da = whole / n
    b, db = offset / step, span / (step * n)
    for q in range(n + 1):
        i = math.floor(a + q * da)
        if 0 <= i < rows:
            j = math.floor(b + q * db)
            if 0 <= j < cols:
                for e in range(first[i, j], last[i, j]):
                    s = unit[e]
                    if stamp[s] != mark:
                        stamp[s] = mark
                        out[s] += 1.0


@njit(cache=True, nogil=True, error_model="numpy", fastmath=FAST, **LEAN)
def over(paths, nodes, grid, first, last, unit, stamp, out):  # type: ignore[no-untyped-def]
    """Share of the ground tracks that touch each unit, into `out` (U,).

    `paths` (T, N, 2) latitude, longitude [rad], `nodes` (T,) how many count; great circles between.
    `stamp` (U,) whole numbers, overwritten.
    """
    for u in range(out.size):
        stamp[u] = -1
    deg = 180.0 / math.pi
    tracks = len(nodes)
    for s in range(tracks):
        for i in range(nodes[s] - 1):
            lat1, lon1 = paths[s, i, 0], paths[s, i, 1]
            lat2, lon2 = paths[s, i + 1, 0], paths[s, i + 1, 1]
            east = _within(lon2 - lon1, -math.pi, 2.0 * math.pi)
            flat = MEAN_RADIUS_M * math.hypot(lat2 - lat1, east * math.cos(lat1))
            if flat <= SHORT_LEG_M:  # pieces of a glide need no great circle
                _mark_piece(
                    lat1 * deg, lon1 * deg, lat2 * deg, lon2 * deg, flat, grid, first, last, unit,
                    stamp, s, out,
                )  # fmt: skip
                continue
            c1, c2 = math.cos(lat1), math.cos(lat2)
            ax, ay, az = c1 * math.cos(lon1), c1 * math.sin(lon1), math.sin(lat1)
            bx, by, bz = c2 * math.cos(lon2), c2 * math.sin(lon2), math.sin(lat2)
            chord = math.sqrt((ax - bx) ** 2 + (ay - by) ** 2 + (az - bz) ** 2)
            angle = 2.0 * math.asin(min(1.0, 0.5 * chord))
            legs = max(1, (math.ceil(angle * MEAN_RADIUS_M / LEG_M)))
            length = angle * MEAN_RADIUS_M / legs
            sin_angle = math.sin(angle)
            lat, lon = lat1, lon1
            for leg in range(1, legs + 1):
                if leg == legs:
                    to_lat, to_lon = lat2, lon2
                else:
                    p = math.sin(angle * (1.0 - leg / legs)) / sin_angle
                    q = math.sin(angle * leg / legs) / sin_angle
                    x, y, z = p * ax + q * bx, p * ay + q * by, p * az + q * bz
                    to_lat, to_lon = math.asin(max(-1.0, min(1.0, z))), math.atan2(y, x)
                _mark_piece(
                    lat * deg, lon * deg, to_lat * deg, to_lon * deg, length, grid, first, last,
                    unit, stamp, s, out,
                )  # fmt: skip
                lat, lon = to_lat, to_lon
    for u in range(out.size):
        out[u] /= tracks


@njit(cache=True, nogil=True, error_model="numpy", fastmath=FAST, **LEAN)
def hit(ends, grid, first, last, unit, weight, out):  # type: ignore[no-untyped-def]
    """Mean membership of end points (K, 3) [rad, rad, s] in each unit, into `out` (U,)."""
    deg = 180.0 / math.pi
    rows, cols = first.shape
    for k in range(len(ends)):
        if math.isnan(ends[k, 0]):
            continue
        i = math.floor((ends[k, 0] * deg - grid[0]) / grid[2])
        j = math.floor(_within(ends[k, 1] * deg - grid[1], 0.0, 360.0) / grid[2])
        if 0 <= i < rows and 0 <= j < cols:
            for e in range(first[i, j], last[i, j]):
                out[unit[e]] += weight[e]
    for u in range(out.size):
        out[u] = min(1.0, out[u] / len(ends))


@njit(cache=True, nogil=True, error_model="numpy", fastmath=FAST, **LEAN)
def _select(values, n, k):  # type: ignore[no-untyped-def]
    """Bring the k-th smallest of the first n values to place k, none larger before it, none smaller after.

    Source: Hoare, Communications of the ACM 4 (1961), algorithm 65.
    """
    left, right = 0, n - 1
    while left < right:
        pivot = values[k]
        i, j = left, right
        while i <= j:
            while values[i] < pivot:
                i += 1
            while pivot < values[j]:
                j -= 1
            if i <= j:
                values[i], values[j] = values[j], values[i]
                i += 1
                j -= 1
        if j < k:
            left = i
        if k < i:
            right = j


@njit(cache=True, nogil=True, error_model="numpy", fastmath=FAST, **LEAN)
def _quantile(values, n, share):  # type: ignore[no-untyped-def]
    """Quantile of the first n values, linear between order statistics; the values are reordered."""
    q = share * (n - 1)
    i = min(n - 1, int(q))
    _select(values, n, i)
    above = values[i]
    if i + 1 < n:
        above = values[i + 1]
        for j in range(i + 2, n):
            above = min(above, values[j])
    return values[i] + (q - i) * (above - values[i])


@njit(cache=True, nogil=True, error_model="numpy", fastmath=FAST, **MAKES_ARRAYS)
def figures(ends, out):  # type: ignore[no-untyped-def]
    """As `figures_of`, in room of its own."""
    figures_of(ends, np.empty(len(ends)), np.empty(len(ends)), out)


@njit(cache=True, nogil=True, error_model="numpy", fastmath=FAST, **LEAN)
def figures_of(ends, times, distances, out):  # type: ignore[no-untyped-def]
    """Mean, covariance, times and spread of the end points (K, 3), into `out` (9,).

    latitude, longitude [deg], east-east, north-north, east-north [km2], mean, 5 % and 95 % time
    [s], radius [km] that holds 90 %. All NaN when no sample comes down. `times`, `distances` (K,)
    are overwritten.
    """
    k = len(ends)
    n = 0
    base = 0.0
    lat, lon, seconds = 0.0, 0.0, 0.0
    for i in range(k):
        if math.isnan(ends[i, 0]):
            continue
        if n == 0:
            base = ends[i, 1]
        times[n] = ends[i, 2]
        lat += ends[i, 0]
        # Longitudes as differences from the first, so that the date line does no harm.
        lon += _within(ends[i, 1] - base, -math.pi, 2.0 * math.pi)
        seconds += ends[i, 2]
        n += 1
    if n == 0:
        for i in range(len(out)):
            out[i] = np.nan
        return
    lat, lon, seconds = lat / n, base + lon / n, seconds / n
    ee, nn, en = 0.0, 0.0, 0.0
    scale = MEAN_RADIUS_M / KM_M
    cos_lat = math.cos(lat)
    m = 0
    for i in range(k):
        if math.isnan(ends[i, 0]):
            continue
        north = scale * (ends[i, 0] - lat)
        east = scale * cos_lat * _within(ends[i, 1] - lon, -math.pi, 2.0 * math.pi)
        ee += east * east
        nn += north * north
        en += east * north
        distances[m] = math.sqrt(east * east + north * north)
        m += 1
    deg = 180.0 / math.pi
    out[0], out[1] = lat * deg, _within(lon, -math.pi, 2.0 * math.pi) * deg
    out[2], out[3], out[4] = ee / n, nn / n, en / n
    out[5] = seconds
    out[6], out[7] = _quantile(times, n, TIME_SHARE), _quantile(times, n, 1.0 - TIME_SHARE)
    out[8] = _quantile(distances, n, SPREAD_SHARE)
