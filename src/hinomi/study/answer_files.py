"""What a comparison leaves behind: one JSON object, its tables as CSV and Parquet."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from hinomi.study import parquet, store
from hinomi.study.statistics import Interval

Rows = Sequence[Mapping[str, Any]]


def told(interval: Interval) -> dict[str, Any]:
    """One interval as strict JSON: null where a bound is infinite or not defined.

    `method` tells an interval from low and high that repeat the value because all raids agree.
    """
    return {
        "value": finite(interval.value),
        "low": finite(interval.low),
        "high": finite(interval.high),
        "n": interval.n,
        "method": interval.method,
    }


def finite(value: float) -> float | None:
    """Give the value, or None where it is infinite or not defined."""
    return float(value) if math.isfinite(value) else None


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
