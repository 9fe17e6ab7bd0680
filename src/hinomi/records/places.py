"""Municipalities, the cells that say which of them a point is in, and the units that are alerted."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hinomi.records.columns import Floats, Ints, freeze


@dataclass(frozen=True, slots=True, kw_only=True)
class Mesh:
    """Half-mesh cells (15 by 22.5 seconds of arc): tiles of 160 x 160, each cell an index or -1.

    The index counts municipalities in the order of `Places.code`.
    """

    origin: Ints  # (2,) first tile row and column
    top: Ints  # (rows, columns) index of the tile, 0 = no land
    tiles: Ints  # (N, 160, 160)

    def __post_init__(self) -> None:
        i = np.int32
        freeze(self, {"origin": (i, (2,)), "top": (i, (-1, -1)), "tiles": (i, (-1, 160, 160))})


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """Municipalities with their people, and their cells."""

    code: tuple[str, ...]  # JIS X 0402, five digits
    name_en: tuple[str, ...]
    name_ja: tuple[str, ...]
    prefecture_en: tuple[str, ...]
    prefecture_ja: tuple[str, ...]
    island_group: tuple[str, ...]  # "" where none
    population: Floats  # (P,) 0 where the census has no figure
    area_km2: Floats  # (P,)
    lat_deg: Floats  # (P,) municipal office, or a point inside
    lon_deg: Floats  # (P,)
    mesh: Mesh
    vintage: str  # one line for footers: sources and dates

    def __post_init__(self) -> None:
        p = len(self.code)
        f = np.float64
        freeze(self, dict.fromkeys(("population", "area_km2", "lat_deg", "lon_deg"), (f, (p,))))


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertUnits:
    """What is alerted as one: a prefecture, an island group or a block of prefectures.

    The membership grid gives, for a point, how much of a Gaussian kernel around it falls on each
    unit widened by the buffer: `cell_first[i, j]` .. `cell_last[i, j]` index `entry_unit` and
    `entry_weight`. Grid cell (i, j) covers south + i * step .. , west + j * step .. (degrees).
    """

    names: tuple[str, ...]  # U units
    unit_of_place: Ints  # (P,) -1 where a place belongs to no unit
    south_deg: float
    west_deg: float
    step_deg: float
    cell_first: Ints  # (I, J)
    cell_last: Ints  # (I, J)
    entry_unit: Ints  # (N,)
    entry_weight: Floats  # (N,) for end points: kernel-smoothed share, 0..1
    over_first: Ints  # (I, J) the same for ground tracks: inside the unit or its buffer, unsmoothed
    over_last: Ints  # (I, J)
    over_unit: Ints  # (M,)
    buffer_m: float
    kernel_m: float

    def __post_init__(self) -> None:
        f, i = np.float64, np.int32
        freeze(
            self,
            {
                "unit_of_place": (i, (-1,)),
                "cell_first": (i, (-1, -1)),
                "cell_last": (i, (-1, -1)),
                "over_first": (i, (-1, -1)),
                "over_last": (i, (-1, -1)),
                "entry_unit": (i, (-1,)),
                "over_unit": (i, (-1,)),
                "entry_weight": (f, (-1,)),
            },
        )
