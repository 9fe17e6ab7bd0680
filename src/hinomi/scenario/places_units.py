"""Compute which alert units a point belongs to: areas widened and smoothed on a fine grid."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from hinomi.earth.places import all_cells
from hinomi.earth.wgs84 import MEAN_RADIUS_M
from hinomi.records.columns import Floats, Ints
from hinomi.records.places import AlertUnits, Places

SOUTH_DEG: Final = 20.0  # the grid: Japan with Minamitori and 300 km of sea around
WEST_DEG: Final = 119.0
ROWS: Final = 280  # to 48 N
COLUMNS: Final = 380  # to 157 E
STEP_DEG: Final = 0.1
FINE: Final = 10  # fine cells along a grid cell: 0.01 degree, about 1 km
BAND: Final = (
    15  # grid rows that share one length of a degree of longitude: error of it below 1.5 %
)
LEAST_WEIGHT: Final = 1e-4  # less is dropped
KERNEL_WIDTHS: Final = 4.0  # the kernel is cut off here
FINE_M: Final = STEP_DEG / FINE * MEAN_RADIUS_M * math.pi / 180.0  # height of a fine cell

# Grid row, grid column and value of cells: parallel arrays.
Sparse = tuple[NDArray[np.int64], NDArray[np.int64], Floats]


def compute_units(
    places: Places,
    names: tuple[str, ...],
    unit_of_place: Sequence[int],
    *,
    buffer_m: float,
    kernel_m: float,
) -> AlertUnits:
    """Membership of grid cells in units; see `hinomi.scenario.places.alert_units`."""
    lat, lon, place = all_cells(places.mesh)
    unit = np.asarray(unit_of_place, np.int64)[place]
    row = np.floor((lat - SOUTH_DEG) / STEP_DEG * FINE).astype(np.int64)
    column = np.floor((lon - WEST_DEG) / STEP_DEG * FINE).astype(np.int64)
    return units_of_cells(
        names, unit_of_place, (row, column, unit), buffer_m=buffer_m, kernel_m=kernel_m
    )


def units_of_cells(
    names: tuple[str, ...],
    unit_of_place: Sequence[int],
    cells: tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]],
    *,
    buffer_m: float,
    kernel_m: float,
) -> AlertUnits:
    """Membership of grid cells in units that are given as fine cells: row, column, unit (-1 = none)."""
    row, column, unit = cells
    order = np.argsort(unit, kind="stable")
    edges = np.searchsorted(unit[order], np.arange(len(names) + 1))
    entries: list[tuple[int, Sparse]] = []
    overs: list[tuple[int, Sparse]] = []
    for u in range(len(names)):
        mine = order[edges[u] : edges[u + 1]]
        for weight, over in bands(row[mine], column[mine], buffer_m=buffer_m, kernel_m=kernel_m):
            entries.append((u, weight))
            overs.append((u, over))
    first, last, entry_unit, entry_weight = _by_cell(entries)
    over_first, over_last, over_unit, _ = _by_cell(overs)
    return AlertUnits(
        names=names,
        unit_of_place=np.asarray(unit_of_place, np.int32),
        south_deg=SOUTH_DEG,
        west_deg=WEST_DEG,
        step_deg=STEP_DEG,
        cell_first=first,
        cell_last=last,
        entry_unit=entry_unit,
        entry_weight=entry_weight,
        over_first=over_first,
        over_last=over_last,
        over_unit=over_unit,
        buffer_m=buffer_m,
        kernel_m=kernel_m,
    )


def bands(
    row: NDArray[np.int64], column: NDArray[np.int64], *, buffer_m: float, kernel_m: float
) -> Iterator[tuple[Sparse, Sparse]]:
    """Smoothed share and touch of one unit, band by band.

    Parameters
    ----------
    row, column
        fine cells of the unit; repeats do no harm.

    Yields
    ------
    The kernel's share on the widened unit at the grid centres, and 1 for each grid cell that the
    widened unit touches.
    """
    reach_m = buffer_m + KERNEL_WIDTHS * kernel_m + 2.0 * FINE_M
    margin = math.ceil(reach_m / FINE_M)
    for start in range(0, ROWS * FINE, BAND * FINE):
        stop = min(start + BAND * FINE, ROWS * FINE)
        near = (row >= start - margin) & (row < stop + margin)
        if not near.any():
            continue
        middle_deg = SOUTH_DEG + (start + stop) / 2.0 * STEP_DEG / FINE
        width_m = FINE_M * math.cos(math.radians(middle_deg))
        aside = math.ceil(reach_m / width_m)
        west = int(column[near].min() - aside) // FINE * FINE
        east = -(-int(column[near].max() + aside + 1) // FINE) * FINE
        area = np.zeros((stop - start + 2 * margin, east - west), np.bool_)
        area[row[near] - start + margin, column[near] - west] = True
        wide, smooth = widen(area, (FINE_M, width_m), buffer_m=buffer_m, kernel_m=kernel_m)
        rows = slice(margin, margin + stop - start)
        yield (
            _sparse(_centres(smooth[rows]), LEAST_WEIGHT, start // FINE, west // FINE),
            _sparse(_touched(wide[rows]), 0.5, start // FINE, west // FINE),
        )


def widen(
    area: NDArray[np.bool_], cell_m: tuple[float, float], *, buffer_m: float, kernel_m: float
) -> tuple[NDArray[np.bool_], NDArray[np.float32]]:
    """Widen an area by the buffer, and smooth the result by a Gaussian.

    A marked cell reaches half a cell beyond its centre, so that much is added to the buffer.
    """
    from scipy import ndimage

    distance = ndimage.distance_transform_edt(~area, sampling=cell_m)
    wide: NDArray[np.bool_] = distance <= buffer_m + 0.5 * cell_m[0]
    sigma = (kernel_m / cell_m[0], kernel_m / cell_m[1])
    smooth = ndimage.gaussian_filter(
        wide.astype(np.float32), sigma, mode="constant", truncate=KERNEL_WIDTHS
    )
    return wide, np.minimum(smooth, 1.0)


def _centres(fine: NDArray[np.float32]) -> Floats:
    """Value at the centre of each grid cell: it lies where four fine cells meet."""
    half = FINE // 2
    block = fine.reshape(fine.shape[0] // FINE, FINE, fine.shape[1] // FINE, FINE)
    mean: Floats = block[:, half - 1 : half + 1, :, half - 1 : half + 1].mean(
        axis=(1, 3), dtype=np.float64
    )
    return mean


def _touched(fine: NDArray[np.bool_]) -> Floats:
    block = fine.reshape(fine.shape[0] // FINE, FINE, fine.shape[1] // FINE, FINE)
    touched: Floats = np.any(block, axis=(1, 3)).astype(np.float64)
    return touched


def _sparse(values: Floats, least: float, south: int, west: int) -> Sparse:
    """Values of at least `least` with their cell in the whole grid; none outside it."""
    i, j = np.nonzero(values >= least)
    keep = (j + west >= 0) & (j + west < COLUMNS)
    return i[keep] + south, j[keep] + west, values[i[keep], j[keep]]


def _by_cell(parts: list[tuple[int, Sparse]]) -> tuple[Ints, Ints, Ints, Floats]:
    """First and last + 1 entry of every grid cell, and the entries: unit and value."""
    cell = np.concatenate([i * COLUMNS + j for _, (i, j, _) in parts] or [np.zeros(0, np.int64)])
    unit = np.concatenate([np.full(len(i), u) for u, (i, _, _) in parts] or [np.zeros(0, np.int64)])
    value: NDArray[Any] = np.concatenate([v for _, (_, _, v) in parts] or [np.zeros(0)])
    order = np.argsort(cell, kind="stable")
    last = np.cumsum(np.bincount(cell, minlength=ROWS * COLUMNS))
    first = np.r_[0, last[:-1]]
    shape = (ROWS, COLUMNS)
    return (
        first.reshape(shape).astype(np.int32),
        last.reshape(shape).astype(np.int32),
        unit[order].astype(np.int32),
        value[order],
    )
