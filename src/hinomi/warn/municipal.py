"""Which municipalities samples of a forecast hit or fly over, on the half-mesh cells themselves."""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from numba import njit

from hinomi.earth.places import COLUMNS_A_DEGREE, ROWS_A_DEGREE, TILE_CELLS
from hinomi.earth.wgs84 import MEAN_RADIUS_M
from hinomi.kernels import LEAN, MAKES_ARRAYS
from hinomi.records.columns import Floats

TRACK_SPACING_M: Final = 4_000.0  # of the points of a ground track that are looked at
LEVEL: Final = 0.9  # of the interval of a share


@njit(cache=True, nogil=True, error_model="numpy", **LEAN)
def mark_near(  # type: ignore[no-untyped-def]
    lat, lon, radius, every, origin, top, tiles, unit_of_place, stamps, mark, counts, unit_counts
):
    """Count each municipality with a cell centre within a radius [m] of a place [rad], and its unit.

    Once for each mark: `stamps` (P + U,) remembers. Every `every`-th row and column is looked at,
    the own cell always.
    """
    deg = 180.0 / math.pi
    reach = radius / MEAN_RADIUS_M * deg
    narrow = math.cos(lat)
    i0, j0 = math.floor(lat * deg * ROWS_A_DEGREE), math.floor(lon * deg * COLUMNS_A_DEGREE)
    rows = math.ceil(reach * ROWS_A_DEGREE)
    columns = math.ceil(reach / narrow * COLUMNS_A_DEGREE)
    for di in range(-(rows // every) * every, rows + 1, every):
        i = i0 + di
        a = i // TILE_CELLS - origin[0]
        if a < 0 or a >= top.shape[0]:
            continue
        north = (i + 0.5) / ROWS_A_DEGREE - lat * deg
        for dj in range(-(columns // every) * every, columns + 1, every):
            j = j0 + dj
            b = j // TILE_CELLS - origin[1]
            if b < 0 or b >= top.shape[1] or top[a, b] == 0:
                continue
            east = ((j + 0.5) / COLUMNS_A_DEGREE - lon * deg) * narrow
            if (di != 0 or dj != 0) and north * north + east * east > reach * reach:
                continue
            place = tiles[top[a, b], i % TILE_CELLS, j % TILE_CELLS]
            if place < 0 or stamps[place] == mark:
                continue
            stamps[place] = mark
            counts[place] += 1.0
            unit = unit_of_place[place]
            if unit >= 0 and stamps[counts.size + unit] != mark:
                stamps[counts.size + unit] = mark
                unit_counts[unit] += 1.0


@njit(cache=True, nogil=True, error_model="numpy", **MAKES_ARRAYS)
def count_hits(ends, radius, origin, top, tiles, unit_of_place, counts, unit_counts):  # type: ignore[no-untyped-def]
    """Samples (K, 3) [rad, rad, s] that end within a radius [m] of each municipality and unit."""
    stamps = np.full(counts.size + unit_counts.size, -1, np.int64)
    for k in range(len(ends)):
        if not math.isnan(ends[k, 0]):
            mark_near(
                ends[k, 0], ends[k, 1], radius, 1, origin, top, tiles, unit_of_place, stamps, k,
                counts, unit_counts,
            )  # fmt: skip


@njit(cache=True, nogil=True, error_model="numpy", **MAKES_ARRAYS)
def count_overs(  # type: ignore[no-untyped-def]
    paths, nodes, radius, near, grid, origin, top, tiles, unit_of_place, counts, unit_counts
):
    """Samples whose ground track passes within a radius [m] of each municipality and unit.

    `paths` (K, N, 2) [rad] with `nodes` (K,) of them; `near` (I, J) is above 0 where any unit or its
    buffer lies, so that the sea costs little; `grid` south, west, step [deg].
    """
    stamps = np.full(counts.size + unit_counts.size, -1, np.int64)
    deg = 180.0 / math.pi
    for k in range(len(nodes)):
        for n in range(nodes[k] - 1):
            lat, lon = paths[k, n, 0], paths[k, n, 1]
            c1, c2 = math.cos(lat), math.cos(paths[k, n + 1, 0])
            ax, ay, az = c1 * math.cos(lon), c1 * math.sin(lon), math.sin(lat)
            bx = c2 * math.cos(paths[k, n + 1, 1])
            by, bz = c2 * math.sin(paths[k, n + 1, 1]), math.sin(paths[k, n + 1, 0])
            chord = math.sqrt((ax - bx) ** 2 + (ay - by) ** 2 + (az - bz) ** 2)
            steps = max(1, math.ceil(chord * MEAN_RADIUS_M / TRACK_SPACING_M))
            for q in range(steps + 1):
                f = q / steps
                x, y, z = ax + f * (bx - ax), ay + f * (by - ay), az + f * (bz - az)
                la, lo = math.atan2(z, math.sqrt(x * x + y * y)), math.atan2(y, x)
                i = math.floor((la * deg - grid[0]) / grid[2])
                j = math.floor(((lo * deg - grid[1]) % 360.0) / grid[2])
                if 0 <= i < near.shape[0] and 0 <= j < near.shape[1] and near[i, j] > 0:
                    mark_near(
                        la, lo, radius, 2, origin, top, tiles, unit_of_place, stamps, k, counts,
                        unit_counts,
                    )  # fmt: skip


def share_interval(counts: Floats, samples: int) -> tuple[Floats, Floats]:
    """Low and high of the 90 % interval of the shares behind counts out of `samples`.

    Beta(1/2 + k, 1/2 + K - k), the posterior of Jeffreys' prior (Brown, Cai and DasGupta,
    Statistical Science 16, 2001); 0 where nothing was counted, 1 where all were. A decision takes
    k / K: the posterior mean of no count at all is above small thresholds.
    """
    from scipy.special import betaincinv

    half = 0.5 * (1.0 - LEVEL)
    a, b = 0.5 + counts, 0.5 + samples - counts
    low: Floats = np.where(counts <= 0.0, 0.0, betaincinv(a, b, half))
    high: Floats = np.where(counts >= samples, 1.0, betaincinv(a, b, 1.0 - half))
    return low, high
