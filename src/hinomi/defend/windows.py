"""When a battery could meet a body on its predicted path: first and last launch and intercept."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numba import njit

from hinomi.defend.flyout import TABLE_HEIGHTS, TABLE_RANGES, flyout_table
from hinomi.earth.wgs84 import MEAN_RADIUS_M, ecef_from_geodetic, height_above_ellipsoid
from hinomi.kernels import LEAN
from hinomi.records.columns import Floats
from hinomi.records.engagements import Battery, Weapon
from hinomi.units import DEG_RAD

# Nothing that is tracked moves faster: points that no window can hold are skipped by this much.
FASTEST_MPS: Final = 8000.0
RANGE_LOW, RANGE_HIGH, HEIGHT_LOW, HEIGHT_HIGH = range(4)
FIRST_LAUNCH, FIRST_MEETING, LAST_LAUNCH, LAST_MEETING, MISS = range(5)


@dataclass(frozen=True, slots=True)
class FirePosts:
    """(battery, weapon) pairs as arrays: unit vectors, limits and tables, ready for the kernel."""

    up: Floats  # (M, 3) unit vectors from the centre of the Earth
    limits: Floats  # (M, 4) range low, high, height low, high [m]; the keep-out height is in
    tables: Floats  # (M, TABLE_RANGES, TABLE_HEIGHTS) s


def fire_posts(pairs: Sequence[tuple[Battery, Weapon]], *, keep_out_height_m: float) -> FirePosts:
    """Arrays for `meetings`, one row per (battery, weapon) pair.

    `keep_out_height_m` [m] is a floor under which nothing is met, whatever the weapon could do.
    """
    up, limits = np.empty((len(pairs), 3)), np.empty((len(pairs), 4))
    tables = np.empty((len(pairs), TABLE_RANGES, TABLE_HEIGHTS))
    for m, (battery, weapon) in enumerate(pairs):
        site = np.array(
            ecef_from_geodetic(
                battery.lat_deg * DEG_RAD, battery.lon_deg * DEG_RAD, battery.height_m
            )
        )
        up[m] = site / np.linalg.norm(site)
        low = max(weapon.height_low_m, keep_out_height_m)
        limits[m] = (weapon.range_low_m, weapon.range_high_m, low, weapon.height_high_m)
        tables[m] = flyout_table(weapon)
    return FirePosts(up, limits, tables)


@njit(cache=True, nogil=True, error_model="numpy", **LEAN)
def _point(path, k, up, limits, table):  # type: ignore[no-untyped-def]
    """Time to reach path[k] [s] (inf: not reachable) and how far it lies outside the limits [m]."""
    x, y, z = path[k, 0], path[k, 1], path[k, 2]
    height = height_above_ellipsoid(x, y, z)
    r = math.sqrt(x * x + y * y + z * z)
    dx, dy, dz = x / r - up[0], y / r - up[1], z / r - up[2]
    half = min(0.5 * math.sqrt(dx * dx + dy * dy + dz * dz), 1.0)
    ground = 2.0 * MEAN_RADIUS_M * math.asin(half)
    out = max(
        ground - limits[RANGE_HIGH], limits[RANGE_LOW] - ground,
        height - limits[HEIGHT_HIGH], limits[HEIGHT_LOW] - height, 0.0,
    )  # fmt: skip
    if out > 0.0:
        return math.inf, out
    a = ground / limits[RANGE_HIGH] * (table.shape[0] - 1)
    b = height / limits[HEIGHT_HIGH] * (table.shape[1] - 1)
    i, j = min(int(a), table.shape[0] - 2), min(int(b), table.shape[1] - 2)
    a -= i
    b -= j
    low = table[i, j] if b == 0.0 else (1.0 - b) * table[i, j] + b * table[i, j + 1]
    if a == 0.0:
        return low, 0.0
    high = table[i + 1, j] if b == 0.0 else (1.0 - b) * table[i + 1, j] + b * table[i + 1, j + 1]
    return (1.0 - a) * low + a * high, 0.0


@njit(cache=True, nogil=True, error_model="numpy", **LEAN)
def find_meetings(path, count, t0_s, step_s, earliest_s, up, limits, tables, use, out):  # type: ignore[no-untyped-def]
    """Fill out (M, 5): first and last launch and meeting (NaN: none), nearest miss [m].

    Path point k of `count` is at t0_s + k step_s; nothing is launched before earliest_s. Pairs with
    use[m] == 0 are left alone.
    """
    start = max(int((earliest_s - t0_s) // step_s), 0)
    for m in range(up.shape[0]):
        out[m, FIRST_LAUNCH] = out[m, FIRST_MEETING] = math.nan
        out[m, LAST_LAUNCH] = out[m, LAST_MEETING] = math.nan
        out[m, MISS] = math.inf
        if use[m] == 0:
            continue
        first = -1
        k = start
        while k < count:
            needed, miss = _point(path, k, up[m], limits[m], tables[m])
            out[m, MISS] = min(out[m, MISS], miss)
            t = t0_s + k * step_s
            if t - needed >= earliest_s:
                out[m, FIRST_MEETING], out[m, FIRST_LAUNCH] = t, t - needed
                first = k
                break
            k += 1 + int(miss / (FASTEST_MPS * step_s))
        if first < 0:
            continue
        k = count - 1
        while k >= first:
            needed, miss = _point(path, k, up[m], limits[m], tables[m])
            t = t0_s + k * step_s
            if t - needed >= earliest_s:
                out[m, LAST_MEETING], out[m, LAST_LAUNCH] = t, t - needed
                break
            k -= 1 + int(miss / (FASTEST_MPS * step_s))


def reach(posts: FirePosts, pair: int, r_m: tuple[float, float, float]) -> tuple[float, float]:
    """Time [s] that a pair needs to an Earth-fixed point, and how far [m] that lies outside its windows.

    The time is infinite outside, the distance 0 inside.
    """
    path = np.array([r_m], dtype=np.float64)
    needed_s, out_m = _point(path, 0, posts.up[pair], posts.limits[pair], posts.tables[pair])
    return float(needed_s), float(out_m)


def meetings(
    path_m: Floats, posts: FirePosts, *, t0_s: float, step_s: float, earliest_s: float
) -> Floats:
    """First and last feasible launch and intercept of every (battery, weapon) pair along one path.

    A launch at t_L meets the path at t_I where t_I - t_L is at least the time to reach the point,
    the point lies in the weapon's range and height windows above the keep-out height, and t_L is
    not before `earliest_s`. The launch given is the latest that still meets that point.

    Parameters
    ----------
    path_m
        (N, 3) Earth-fixed points [m] every `step_s` from `t0_s` on; the path ends at the first NaN.
    posts
        From `fire_posts`.
    t0_s, step_s, earliest_s
        Time of the first point, spacing, earliest launch [s].

    Returns
    -------
    (M, 5): columns FIRST_LAUNCH, FIRST_MEETING, LAST_LAUNCH, LAST_MEETING [s], NaN where none, and
    MISS [m], how far the nearest point looked at lies outside the windows.
    """
    bad = np.flatnonzero(np.isnan(path_m[:, 0]))
    count = int(bad[0]) if len(bad) else len(path_m)
    out = np.empty((len(posts.up), 5))
    use = np.ones(len(posts.up), dtype=np.int64)
    find_meetings(
        np.ascontiguousarray(path_m, dtype=np.float64), count, float(t0_s), float(step_s),
        float(earliest_s),        posts.up, posts.limits, posts.tables, use, out,
    )  # fmt: skip
    return out
