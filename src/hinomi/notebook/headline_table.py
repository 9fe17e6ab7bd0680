"""The headline figures of a summary as one Arrow table, a row a figure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import pyarrow as pa

SCHEMA: Final = pa.schema(
    [
        ("of", pa.string()),
        ("difference", pa.bool_()),
        ("headline", pa.string()),
        ("value", pa.float64()),
        ("low", pa.float64()),
        ("high", pa.float64()),
        ("n", pa.int64()),
        ("unit", pa.string()),
        ("statistic", pa.string()),
        ("method", pa.string()),
        ("note", pa.string()),
    ]
)


def headline_table(told: Mapping[str, Any]) -> pa.Table:
    """Turn a summary into rows: architectures first, then the pairs compared."""
    rows = [
        {"of": name, "difference": pair, "headline": headline, "note": "", **figure}
        for pair, columns in ((False, told["architectures"]), (True, told["differences"]))
        for name, figures in columns.items()
        for headline, figure in figures.items()
    ]
    return pa.Table.from_pylist(rows, schema=SCHEMA)
