"""Read the shipped municipalities, and the units in which people are alerted."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from hinomi.errors import ScenarioError
from hinomi.records.columns import Ints
from hinomi.records.places import AlertUnits, Mesh, Places

if TYPE_CHECKING:
    from hinomi.scenario.places_units import Grid

VINTAGE: Final = (
    "Municipalities: derived from Japan Meteorological Agency forecast areas, edited, approximate "
    "to 0.5 km. Population: 2020 census (1 October 2020), Statistics Bureau of Japan, edited. "
    "Codes: Ministry of Internal Affairs and Communications, 1 January 2024, edited."
)
SHIPPED_BUFFER_M: Final = 5_000.0  # a place counts as hit within this of its area (assumed)
SHIPPED_KERNEL_M: Final = 10_000.0  # smoothing of end points (assumed)
SHIPPED_UNITS: Final = ("prefecture", "island_group", "municipality")
WEIGHT_STEPS: Final = 65_535.0  # weights are shipped as 16-bit fractions: 1.5e-5 apart
UNITS: Final = ("prefecture", "island_group", "block", "municipality")


def data_file(name: str) -> Traversable:
    """Return a file of the package's data folder."""
    return resources.files("hinomi") / "data" / name


def read_table() -> list[dict[str, str]]:
    """Every row and column of places.csv as text, in the order of the codes."""
    text = data_file("places.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(io.StringIO(text)))


@cache
def load_places() -> Places:
    """All 1,741 municipalities of Japan with people, office point and cells; read once.

    Wards of designated cities are one city each. The six villages of the Northern Territories are
    absent: the census does not cover them and the mesh has no cells there.

    Raises
    ------
    ScenarioError
        when the table and the mesh do not list the same municipalities.
    """
    with data_file("places_mesh.npz").open("rb") as stream, np.load(stream) as packed:
        return assemble(read_table(), packed)


def assemble(rows: Sequence[Mapping[str, str]], packed: Mapping[str, NDArray[Any]]) -> Places:
    """Make the record of municipalities from the rows of the table and the arrays of the mesh."""
    codes = tuple(f"{c:05d}" for c in packed["codes"])
    columns = {name: tuple(row[name] for row in rows) for name in rows[0]}
    if columns["code"] != codes:
        odd = sorted(set(columns["code"]) ^ set(codes))
        raise ScenarioError(
            f"places.csv and places_mesh.npz differ in {len(odd)} municipalities, first {odd[:3]}; "
            "rebuild both with `hinomi places build`"
        )
    number = {
        name: np.array([float(text or 0) for text in columns[name]])
        for name in ("population", "area_km2", "lat_deg", "lon_deg")
    }
    return Places(
        code=codes,
        name_en=columns["name_en"],
        name_ja=columns["name_ja"],
        prefecture_en=columns["prefecture_en"],
        prefecture_ja=columns["prefecture_ja"],
        island_group=columns["island_group"],
        mesh=Mesh(origin=packed["origin"], top=packed["top"], tiles=packed["tiles"]),
        vintage=VINTAGE,
        **number,
    )


def unit_names(
    places: Places, unit: str, blocks: Mapping[str, Sequence[str]] | None = None
) -> tuple[tuple[str, ...], list[int]]:
    """Names of the units, north to south as the codes run, and the unit of each place (-1 = none).

    Parameters
    ----------
    unit
        `prefecture`; `island_group` (the group's key where a place has one, else its prefecture);
        `block` (named lists of prefectures); `municipality` (by code).
    blocks
        for `block`: name -> English prefecture names.

    Raises
    ------
    ScenarioError
        on an unknown unit, an unknown prefecture, or a prefecture in two blocks.
    """
    if unit == "prefecture":
        label = list(places.prefecture_en)
    elif unit == "island_group":
        label = [g or p for g, p in zip(places.island_group, places.prefecture_en, strict=True)]
    elif unit == "municipality":
        label = list(places.code)
    elif unit == "block":
        block_of = _block_of(places, blocks or {})
        label = [block_of.get(p, "") for p in places.prefecture_en]
    else:
        raise ScenarioError(f"no alert unit {unit!r}; the units are {', '.join(UNITS)}")
    names = tuple(blocks or {}) if unit == "block" else tuple(dict.fromkeys(label))
    index = {name: n for n, name in enumerate(names)}
    return names, [index.get(name, -1) for name in label]


def alert_units(
    places: Places,
    unit: str,
    *,
    buffer_m: float,
    kernel_m: float,
    blocks: Mapping[str, Sequence[str]] | None = None,
) -> AlertUnits:
    """Membership of every point in the units that are alerted as one.

    Prefectures, island groups and the shipped municipalities themselves at a buffer of 5 km and a
    kernel of 10 km are read from the package in milliseconds; anything else is computed in seconds.

    Parameters
    ----------
    unit, blocks
        as for `unit_names`.
    buffer_m
        how far outside its area an end point still counts for a unit [m].
    kernel_m
        standard deviation of the smoothing of end points [m]; 0 = none.

    Returns
    -------
    Ranges `first:last` (half open) into the entries for each grid cell.

    Raises
    ------
    ScenarioError
        as for `unit_names`, or when the buffer or the kernel is out of 0-100 km.
    """
    for name, value in (("buffer_m", buffer_m), ("kernel_m", kernel_m)):
        if not 0.0 <= value <= 100_000.0:
            raise ScenarioError(f"{name} is {value}; it must lie between 0 and 100000 (100 km)")
    names, unit_of_place = unit_names(places, unit, blocks)
    shipped = (buffer_m, kernel_m) == (SHIPPED_BUFFER_M, SHIPPED_KERNEL_M)
    if shipped and unit in SHIPPED_UNITS and places is load_places():
        return read_units(unit)
    from hinomi.scenario.places_units import compute_units

    return compute_units(
        places,
        names,
        unit_of_place,
        buffer_m=buffer_m,
        kernel_m=kernel_m,
        grid=grid_of(places),
    )


def grid_of(places: Places) -> Grid:
    """Membership grid of places: Japan's own, or one around the places of a user's file."""
    from hinomi.scenario.places_units import JAPAN, grid_around

    return JAPAN if places.mesh is load_places().mesh else grid_around(places)


@cache
def read_units(unit: str) -> AlertUnits:
    """Read the shipped membership of one of SHIPPED_UNITS: buffer 5 km, kernel 10 km."""
    names, unit_of_place = unit_names(load_places(), unit)
    with data_file(f"units_{unit}.npz").open("rb") as stream, np.load(stream) as packed:
        south, west, step = (float(v) for v in packed["grid"])
        shape = (int(packed["shape"][0]), int(packed["shape"][1]))
        first, last = _ranges(packed["entry_count"], shape)
        over_first, over_last = _ranges(packed["over_count"], shape)
        return AlertUnits(
            names=names,
            unit_of_place=np.array(unit_of_place),
            south_deg=south,
            west_deg=west,
            step_deg=step,
            cell_first=first,
            cell_last=last,
            entry_unit=packed["entry_unit"],
            entry_weight=packed["entry_weight"] / WEIGHT_STEPS,
            over_first=over_first,
            over_last=over_last,
            over_unit=packed["over_unit"],
            buffer_m=SHIPPED_BUFFER_M,
            kernel_m=SHIPPED_KERNEL_M,
        )


def pack_units(units: AlertUnits) -> dict[str, NDArray[Any]]:
    """Arrays of a membership as they are shipped; `read_units` is the way back."""
    number = np.uint8 if len(units.names) < 256 else np.uint16
    return {
        "grid": np.array([units.south_deg, units.west_deg, units.step_deg]),
        "shape": np.array(units.cell_first.shape, np.int32),
        "entry_count": (units.cell_last - units.cell_first).astype(np.uint8),
        "entry_unit": units.entry_unit.astype(number),
        "entry_weight": np.round(units.entry_weight * WEIGHT_STEPS).astype(np.uint16),
        "over_count": (units.over_last - units.over_first).astype(np.uint8),
        "over_unit": units.over_unit.astype(number),
    }


def _ranges(count: NDArray[Any], shape: tuple[int, int]) -> tuple[Ints, Ints]:
    last: Ints = np.cumsum(count.ravel(), dtype=np.int32)
    return (last - count.ravel()).reshape(shape), last.reshape(shape)


def _block_of(places: Places, blocks: Mapping[str, Sequence[str]]) -> dict[str, str]:
    known = set(places.prefecture_en)
    block_of: dict[str, str] = {}
    for name, prefectures in blocks.items():
        for prefecture in prefectures:
            if prefecture not in known:
                way_out = (
                    "write them in English as in `hinomi places show`, for example 'Hokkaido' or "
                    "'Okinawa'"
                    if "Okinawa" in known
                    else f"the region has {', '.join(sorted(known)[:20])}"
                )
                raise ScenarioError(
                    f"block {name!r} names {prefecture!r}, which is no prefecture; {way_out}"
                )
            if prefecture in block_of:
                raise ScenarioError(
                    f"{prefecture} is in the blocks {block_of[prefecture]!r} and {name!r}; "
                    "it may be in one"
                )
            block_of[prefecture] = name
    return block_of
