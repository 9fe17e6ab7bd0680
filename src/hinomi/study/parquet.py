"""Columns to Parquet: one file a table and batch, the same bytes for the same values.

No time and no name of a machine enters a file. The writer's version does, so equal bytes are
promised for equal versions of pyarrow only, and equal values otherwise.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from hinomi.errors import FolderError
from hinomi.study.store import LAST, TABLES, disk, write_atomically

SCHEMA_VERSION: Final = "1"


def to_table(columns: Mapping[str, Any]) -> pa.Table:
    """One replicate's columns (lists or arrays, all of one length) as a table."""
    return pa.table({name: _column(values) for name, values in columns.items()})


def _column(values: Any) -> pa.Array:
    if isinstance(values, np.ndarray) and values.ndim == 2:
        flat = pa.array(np.ascontiguousarray(values).ravel())
        return pa.FixedSizeListArray.from_arrays(flat, values.shape[1])
    return pa.array(values)


def join(parts: Sequence[pa.Table]) -> pa.Table:
    """Rows of several replicates; a column that was empty in one takes its type from the others."""
    return pa.concat_tables(parts, promote_options="permissive").combine_chunks()


def write_table(table: pa.Table, path: Path, *, key: str) -> None:
    """Write one table: zstd 3, text by dictionary, floats as byte streams, ints as differences."""
    text = [f.name for f in table.schema if pa.types.is_string(f.type)]
    encodings = {f.name: "BYTE_STREAM_SPLIT" for f in table.schema if pa.types.is_floating(f.type)}
    encodings |= {
        f.name: "DELTA_BINARY_PACKED" for f in table.schema if pa.types.is_integer(f.type)
    }
    marked = table.replace_schema_metadata({"hinomi.key": key, "hinomi.schema": SCHEMA_VERSION})
    write_atomically(
        path,
        lambda part: pq.write_table(
            marked,
            part,
            compression="zstd",
            compression_level=3,
            use_dictionary=text,
            column_encoding=encodings,
        ),
    )


def write_batch(folder: Path, key: str, found: Mapping[str, pa.Table]) -> dict[str, int]:
    """Write the tables of one batch in their fixed order, metrics last; returns rows by table."""
    unknown = set(found) - set(TABLES)
    if unknown or LAST not in found:
        raise ValueError(
            f"a batch needs {LAST} and no table beside {', '.join(TABLES)}; got {sorted(found)}"
        )
    with disk(folder):
        for name in TABLES:
            if name in found:
                (folder / name).mkdir(exist_ok=True)
                write_table(found[name], folder / name / f"{key}.parquet", key=key)
    return {name: found[name].num_rows for name in TABLES if name in found}


def read_files(paths: Sequence[Path], *, coded: Sequence[str] = ()) -> pa.Table:
    """One table from its files, rows in the order of the files; FolderError where one is damaged.

    Texts of the columns `coded` stay numbers into a list of them, a fifth of the memory.
    """

    def read(path: Path) -> pa.Table:
        return pq.read_table(path, partitioning=None, read_dictionary=list(coded))

    return join([_read(path, read) for path in paths])


def rows(path: Path) -> int:
    """Read the number of rows of a file; FolderError where it is damaged."""
    return int(_read(path, pq.read_metadata).num_rows)


def schema(path: Path) -> pa.Schema:
    """Columns and types of a file; FolderError where it is damaged."""
    return _read(path, pq.read_schema).remove_metadata()


def _read(path: Path, reader: Callable[[Path], Any]) -> Any:
    try:
        return reader(path)
    except (pa.ArrowException, OSError) as error:
        folder = path.parents[1]
        raise FolderError(
            f"{path} is damaged and cannot be read; what is damaged is listed by: hinomi verify "
            f"{folder}, and computed again by: hinomi resume {folder}"
        ) from error
