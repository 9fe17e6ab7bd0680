"""What a comparison leaves behind: one JSON object, its tables as CSV and Parquet."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from hinomi.study import parquet, store

Rows = Sequence[Mapping[str, Any]]


def write_answer(
    folder: Path, name: str, content: Mapping[str, Any], tables: Mapping[str, Rows], *, key: str
) -> None:
    """Write `name` and every table, each in one piece; `key` names the format of the tables."""
    with store.disk(folder):
        store.write_json(folder / name, dict(content))
        for table, rows in tables.items():
            _write_csv(folder / f"{table}.csv", rows)
            columns = {column: [row[column] for row in rows] for column in rows[0]} if rows else {}
            if columns:
                made = parquet.to_table(columns)
                parquet.write_table(made, folder / f"{table}.parquet", key=key)


def _write_csv(path: Path, rows: Rows) -> None:
    text = io.StringIO()
    if rows:
        writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    store.write_atomically(path, lambda part: part.write_text(text.getvalue(), encoding="utf-8"))
