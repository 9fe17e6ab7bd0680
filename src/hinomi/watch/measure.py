"""Rows of measurements: columns, errors across the sight, order, and cells that merge bodies."""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from numba import njit

from hinomi.kernels import LEAN, MAKES_ARRAYS

# Columns of a row of measurements.
TIME, AVAILABLE, SITE, LOS, RANGE, SIGMA_LOS, SIGMA_RANGE, SNR_DB = 0, 1, 2, 5, 8, 9, 10, 11
WIDTH: Final = 12


@njit(cache=True, nogil=True, error_model="numpy", **LEAN)
def aim(row, sx, sy, sz, x, y, z, ux, uy, uz, right, up):  # type: ignore[no-untyped-def]
    """Write the site, and the line of sight turned by two small angles: to the right, and up."""
    dx, dy, dz = x - sx, y - sy, z - sz
    size = math.sqrt(dx * dx + dy * dy + dz * dz)
    dx, dy, dz = dx / size, dy / size, dz / size
    ax, ay, az = dy * uz - dz * uy, dz * ux - dx * uz, dx * uy - dy * ux  # level, across the sight
    size = math.sqrt(ax * ax + ay * ay + az * az)
    if size < 1e-9:  # straight up or down: any level axis will do
        ax, ay, az = (0.0, uz, -uy) if abs(ux) < 0.9 else (-uz, 0.0, ux)
        size = math.sqrt(ax * ax + ay * ay + az * az)
    ax, ay, az = ax / size, ay / size, az / size
    bx, by, bz = ay * dz - az * dy, az * dx - ax * dz, ax * dy - ay * dx
    lx, ly, lz = dx + right * ax + up * bx, dy + right * ay + up * by, dz + right * az + up * bz
    size = math.sqrt(lx * lx + ly * ly + lz * lz)
    row[SITE], row[SITE + 1], row[SITE + 2] = sx, sy, sz
    row[LOS], row[LOS + 1], row[LOS + 2] = lx / size, ly / size, lz / size


@njit(cache=True, nogil=True, error_model="numpy", **LEAN)
def order(measured, tags, begin, end, column):  # type: ignore[no-untyped-def]
    """Sort rows begin ... end - 1 by a measured column: order then says nothing of the body."""
    for i in range(begin, end - 1):  # by selection: few rows move, and moving them is what costs
        least = i
        for j in range(i + 1, end):
            if measured[j, column] < measured[least, column]:
                least = j
        if least != i:
            for c in range(WIDTH):
                measured[i, c], measured[least, c] = measured[least, c], measured[i, c]
            tags[i, 0], tags[least, 0] = tags[least, 0], tags[i, 0]
            tags[i, 1], tags[least, 1] = tags[least, 1], tags[i, 1]


@njit(cache=True, nogil=True, error_model="numpy", **MAKES_ARRAYS)
def room(measured, tags, need):  # type: ignore[no-untyped-def]
    """Rows as they are, with room for `need` at least."""
    if need <= measured.shape[0]:
        return measured, tags
    n = measured.shape[0]
    more = np.empty((max(2 * n, need), WIDTH))
    more_tags = np.empty((max(2 * n, need), 2), dtype=np.int32)
    for i in range(n):  # copying by slices would take longer to compile than all the rest
        for c in range(WIDTH):
            more[i, c] = measured[i, c]
        more_tags[i, 0], more_tags[i, 1] = tags[i, 0], tags[i, 1]
    return more, more_tags


@njit(cache=True, nogil=True, error_model="numpy", **LEAN)
def _one_cell(radar, r_m, k, a, b):  # type: ignore[no-untyped-def]
    """Whether a radar cannot tell two bodies apart: within c/2B in range and one beam in angle."""
    ax, ay, az = r_m[a, k, 0] - radar["x"], r_m[a, k, 1] - radar["y"], r_m[a, k, 2] - radar["z"]
    bx, by, bz = r_m[b, k, 0] - radar["x"], r_m[b, k, 1] - radar["y"], r_m[b, k, 2] - radar["z"]
    one = math.sqrt(ax * ax + ay * ay + az * az)
    two = math.sqrt(bx * bx + by * by + bz * bz)
    if abs(one - two) > radar["cell"]:
        return False
    return ax * bx + ay * by + az * bz >= radar["cos_beam"] * one * two


@njit(cache=True, nogil=True, error_model="numpy", **MAKES_ARRAYS)
def merge_cells(measured, tags, begin, end, radar, r_m, k):  # type: ignore[no-untyped-def]
    """Make one plot of those of bodies in one resolution cell; the new end of the rows.

    Rows come sorted by measured range, so that the result does not depend on the order of bodies.
    The strongest plot takes in all plots within a cell of its body, then the strongest of the rest,
    and so on: lines and ranges are means weighted by power, powers add, errors are those of the
    sum, the body is the strongest one.
    """
    taken = np.zeros(end - begin, dtype=np.int64)  # 1: kept, 2: taken in by another
    for _ in range(begin, end):
        best = -1
        for i in range(begin, end):
            strong = best < 0 or measured[i, SNR_DB] > measured[best, SNR_DB]
            if taken[i - begin] == 0 and strong:
                best = i
        if best < 0:
            break
        taken[best - begin] = 1
        row = measured[best]
        total = 10.0 ** (0.1 * row[SNR_DB])
        x, y, z = total * row[LOS], total * row[LOS + 1], total * row[LOS + 2]
        rng, others = total * row[RANGE], 0
        for i in range(begin, end):
            if taken[i - begin] != 0 or not _one_cell(radar, r_m, k, tags[best, 1], tags[i, 1]):
                continue
            taken[i - begin] = 2
            others += 1
            weight = 10.0 ** (0.1 * measured[i, SNR_DB])
            x += weight * measured[i, LOS]
            y += weight * measured[i, LOS + 1]
            z += weight * measured[i, LOS + 2]
            rng += weight * measured[i, RANGE]
            total += weight
        if others > 0:
            size = math.sqrt(x * x + y * y + z * z)
            row[LOS], row[LOS + 1], row[LOS + 2] = x / size, y / size, z / size
            row[RANGE], row[SNR_DB] = rng / total, 10.0 * math.log10(total)
            row[SIGMA_LOS], row[SIGMA_RANGE] = radar_sigmas(radar, total)
    n = begin
    for i in range(begin, end):
        if taken[i - begin] == 1:
            for c in range(WIDTH):
                measured[n, c] = measured[i, c]
            tags[n, 0], tags[n, 1] = tags[i, 0], tags[i, 1]
            n += 1
    return n


@njit(cache=True, nogil=True, error_model="numpy", **LEAN)
def radar_sigmas(radar, snr):  # type: ignore[no-untyped-def]
    """Noise of a radar plot across the sight [rad] and in range [m], one sigma, by its ratio.

    Source: Barton, Radar System Analysis and Modeling (2005): beamwidth / (1.6 sqrt(2 SNR)) and
    c / (2 B sqrt(2 SNR)), each with a floor.
    """
    return (
        math.hypot(radar["angle_floor"], radar["angle_noise"] / math.sqrt(snr)),
        math.hypot(radar["range_floor"], radar["range_noise"] / math.sqrt(snr)),
    )
