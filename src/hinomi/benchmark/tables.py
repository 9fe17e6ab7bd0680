"""Tables of tracks that anybody wrote: read, and checked before anything is scored."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from hinomi.benchmark.columns import COVARIANCE, STATE, TRACK_COLUMNS
from hinomi.errors import FolderError
from hinomi.scenario.mistakes import nearest

WRITE_THEM = "columns of tracks are listed in README.md of the set"


def read_tracks(path: Path) -> pa.Table:
    """Rows of one Parquet file, or of every Parquet file in a folder.

    Raises
    ------
    FolderError
        when there is none, one is damaged, or columns or values are not those of tracks.
    """
    if not path.exists():
        raise FolderError(f"{path}: there is no such file or folder of tracks")
    files = sorted(path.rglob("*.parquet")) if path.is_dir() else [path]
    if not files:
        raise FolderError(f"{path} holds no Parquet file of tracks (*.parquet)")
    parts = []
    for file in files:
        try:
            table = pq.read_table(file, partitioning=None)
        except (pa.ArrowException, OSError) as error:
            raise FolderError(f"{file} cannot be read as Parquet: {error}") from None
        parts.append(_checked(table, file))
    has = {COVARIANCE[0] in part.column_names for part in parts}
    if len(has) > 1:
        raise FolderError(f"{path}: some files have covariances and some have none; {WRITE_THEM}")
    found = pa.concat_tables(parts)
    if not found.num_rows:
        raise FolderError(f"{path}: there is no row of tracks in it; nothing can be scored")
    return found


def _checked(table: pa.Table, file: Path) -> pa.Table:
    """The columns that are used, in one type each."""
    there = set(table.column_names)
    missing = [name for name in TRACK_COLUMNS if name not in there]
    if missing:
        near = nearest(missing[0], there)
        tail = f" (there is {near!r})" if near else ""
        raise FolderError(f"{file}: column {', '.join(missing)} is missing{tail}; {WRITE_THEM}")
    given = [name for name in COVARIANCE if name in there]
    if given and len(given) < len(COVARIANCE):
        lacking = [name for name in COVARIANCE if name not in there]
        raise FolderError(
            f"{file}: {len(given)} of {len(COVARIANCE)} columns of the covariance are there, "
            f"{lacking[0]} is not; give all or none; {WRITE_THEM}"
        )
    types = {"case": pa.string(), "seed": pa.int64(), "track": pa.int64()}
    columns = {}
    for name in (*TRACK_COLUMNS, *given):
        wanted = types.get(name, pa.float64())
        try:
            columns[name] = table[name].cast(wanted)
        except (pa.ArrowException, NotImplementedError):
            raise FolderError(
                f"{file}: column {name} is of type {table[name].type}; it must hold "
                f"{'text' if name == 'case' else 'numbers'}; {WRITE_THEM}"
            ) from None
        if columns[name].null_count:
            raise FolderError(f"{file}: column {name} has {columns[name].null_count} empty rows")
    for name in ("t_s", *STATE, *given):
        bad = ~np.isfinite(columns[name].to_numpy())
        if bad.any():
            row = int(np.flatnonzero(bad)[0])
            raise FolderError(
                f"{file}: {name} is not finite in {int(bad.sum())} rows, first in row {row}; "
                "leave out rows without an estimate"
            )
    return pa.table(columns)


def check_against(table: pa.Table, cases: Mapping[str, Any], seeds: int, where: Path) -> None:
    """Refuse cases and seeds that the set does not have.

    Raises
    ------
    FolderError
        naming what is known.
    """
    for name in sorted(set(table["case"].to_pylist()) - set(cases)):
        near = nearest(name, cases)
        tail = f"; did you mean {near!r}?" if near else ""
        raise FolderError(
            f"{where}: the set has no case {name!r}: there are {', '.join(cases)}{tail}"
        )
    wrong = {int(s) for s in np.unique(table["seed"].to_numpy())} - set(range(seeds))
    if wrong:
        raise FolderError(
            f"{where}: the set has no seed {min(wrong)}; its seeds are 0 to {seeds - 1}"
        )
