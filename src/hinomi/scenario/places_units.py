"""Compute which alert units a point belongs to: areas widened and smoothed on a fine grid."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
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
MARGIN_DEG: Final = 3.0  # sea around places of one's own: more than the widest buffer (assumed)
KERNEL_WIDTHS: Final = 4.0  # the kernel is cut off here
FINE_M: Final = STEP_DEG / FINE * MEAN_RADIUS_M * math.pi / 180.0  # height of a fine cell


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """Where the membership grid begins [deg], and its rows and columns of STEP_DEG."""

    south_deg: float
    west_deg: float
    rows: int
    columns: int

    @property
    def extent(self) -> str:
        """What it spans, for messages."""
        north, east = self.south_deg + self.rows * STEP_DEG, self.west_deg + self.columns * STEP_DEG
        return f"{self.south_deg:g} and {north:g} N, {self.west_deg:g} and {east:g} E"


JAPAN: Final = Grid(south_deg=SOUTH_DEG, west_deg=WEST_DEG, rows=ROWS, columns=COLUMNS)

# Grid row, grid column and value of cells: parallel arrays.
Sparse = tuple[NDArray[np.int64], NDArray[np.int64], Floats]


def compute_units(
    places: Places,
    names: tuple[str, ...],
    unit_of_place: Sequence[int],
    *,
    buffer_m: float,
    kernel_m: float,
    grid: Grid = JAPAN,
) -> AlertUnits:
    """Membership of grid cells in units; see `hinomi.scenario.places.alert_units`."""
    lat, lon, place = all_cells(places.mesh)
    unit = np.asarray(unit_of_place, np.int64)[place]
    row = np.floor((lat - grid.south_deg) / STEP_DEG * FINE).astype(np.int64)
    column = np.floor((lon - grid.west_deg) / STEP_DEG * FINE).astype(np.int64)
    return units_of_cells(
        names, unit_of_place, (row, column, unit), buffer_m=buffer_m, kernel_m=kernel_m, grid=grid
    )


def grid_around(places: Places) -> Grid:
    """Whole degrees around all cells of the places, MARGIN_DEG of sea on every side."""
    lat, lon, _ = all_cells(places.mesh)
    south, north = math.floor(lat.min() - MARGIN_DEG), math.ceil(lat.max() + MARGIN_DEG)
    west, east = math.floor(lon.min() - MARGIN_DEG), math.ceil(lon.max() + MARGIN_DEG)
    a_degree = round(1.0 / STEP_DEG)
    return Grid(
        south_deg=float(south),
        west_deg=float(west),
        rows=(north - south) * a_degree,
        columns=(east - west) * a_degree,
    )


def units_of_cells(
    names: tuple[str, ...],
    unit_of_place: Sequence[int],
    cells: tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]],
    *,
    buffer_m: float,
    kernel_m: float,
    grid: Grid = JAPAN,
) -> AlertUnits:
    """Membership of grid cells in units that are given as fine cells: row, column, unit (-1 = none)."""
    row, column, unit = cells
    order = np.argsort(unit, kind="stable")
    edges = np.searchsorted(unit[order], np.arange(len(names) + 1))
    entries: list[tuple[int, Sparse]] = []
    overs: list[tuple[int, Sparse]] = []
    for u in range(len(names)):
        mine = order[edges[u] : edges[u + 1]]
        found = bands(row[mine], column[mine], buffer_m=buffer_m, kernel_m=kernel_m, grid=grid)
        for weight, over in found:
            entries.append((u, weight))
            overs.append((u, over))
    first, last, entry_unit, entry_weight = _by_cell(entries, grid)
    over_first, over_last, over_unit, _ = _by_cell(overs, grid)
    return AlertUnits(
        names=names,
        unit_of_place=np.asarray(unit_of_place, np.int32),
        south_deg=grid.south_deg,
        west_deg=grid.west_deg,
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
    row: NDArray[np.int64],
    column: NDArray[np.int64],
    *,
    buffer_m: float,
    kernel_m: float,
    grid: Grid = JAPAN,
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
    for start in range(0, grid.rows * FINE, BAND * FINE):
        stop = min(start + BAND * FINE, grid.rows * FINE)
        near = (row >= start - margin) & (row < stop + margin)
        if not near.any():
            continue
        middle_deg = grid.south_deg + (start + stop) / 2.0 * STEP_DEG / FINE
        width_m = FINE_M * math.cos(math.radians(middle_deg))
        aside = math.ceil(reach_m / width_m)
        west = int(column[near].min() - aside) // FINE * FINE
        east = -(-int(column[near].max() + aside + 1) // FINE) * FINE
        area = np.zeros((stop - start + 2 * margin, east - west), np.bool_)
        area[row[near] - start + margin, column[near] - west] = True
        wide, smooth = widen(area, (FINE_M, width_m), buffer_m=buffer_m, kernel_m=kernel_m)
        rows = slice(margin, margin + stop - start)
        yield (
            _sparse(_centres(smooth[rows]), LEAST_WEIGHT, start // FINE, west // FINE, grid),
            _sparse(_touched(wide[rows]), 0.5, start // FINE, west // FINE, grid),
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


def _sparse(values: Floats, least: float, south: int, west: int, grid: Grid) -> Sparse:
    """Values of at least `least` with their cell in the whole grid; none outside it."""
    i, j = np.nonzero(values >= least)
    keep = (j + west >= 0) & (j + west < grid.columns)
    return i[keep] + south, j[keep] + west, values[i[keep], j[keep]]


def _by_cell(parts: list[tuple[int, Sparse]], grid: Grid) -> tuple[Ints, Ints, Ints, Floats]:
    """First and last + 1 entry of every grid cell, and the entries: unit and value."""
    of_cell = [i * grid.columns + j for _, (i, j, _) in parts]
    cell = np.concatenate(of_cell or [np.zeros(0, np.int64)])
    unit = np.concatenate([np.full(len(i), u) for u, (i, _, _) in parts] or [np.zeros(0, np.int64)])
    value: NDArray[Any] = np.concatenate([v for _, (_, _, v) in parts] or [np.zeros(0)])
    order = np.argsort(cell, kind="stable")
    last = np.cumsum(np.bincount(cell, minlength=grid.rows * grid.columns))
    first = np.r_[0, last[:-1]]
    shape = (grid.rows, grid.columns)
    return (
        first.reshape(shape).astype(np.int32),
        last.reshape(shape).astype(np.int32),
        unit[order].astype(np.int32),
        value[order],
    )
