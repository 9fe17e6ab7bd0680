"""What a question about integration leaves behind: `integration.json`, tables as CSV and Parquet."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from hinomi.integration.answer import FORMAT
from hinomi.integration.rows import tables
from hinomi.study import parquet, store

JSON: Final = "integration.json"


def write_all(content: Mapping[str, Any], folder: Path) -> None:
    """Write the JSON and every table into the folder."""
    with store.disk(folder):
        store.write_json(folder / JSON, dict(content))
        for name, rows in tables(content).items():
            _write_csv(folder / f"{name}.csv", rows)
            columns = {key: [row[key] for row in rows] for key in rows[0]}
            table = parquet.to_table(columns)
            parquet.write_table(table, folder / f"{name}.parquet", key=FORMAT)


def _write_csv(path: Path, rows: Sequence[Mapping[str, Any]]) -> None:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    store.write_atomically(path, lambda part: part.write_text(text.getvalue(), encoding="utf-8"))
