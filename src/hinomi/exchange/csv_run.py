"""Any table of a run as CSV, each row marked as what it is."""

from __future__ import annotations

import io
from typing import Any

import numpy as np

from hinomi.errors import ScenarioError
from hinomi.report.data import columns
from hinomi.scenario.mistakes import nearest
from hinomi.study.banner import banner
from hinomi.study.results import Results


def csv_bytes(
    study: Results, table: str, *, replicate: int | None, architecture: str | None
) -> bytes:
    """Write a table, of one replicate and architecture where they are given.

    Raises
    ------
    ScenarioError
        for a table that the run has not, or nothing left of it.
    """
    import pyarrow as pa
    from pyarrow import csv

    if table not in study.tables:
        near = nearest(table, study.tables)
        tail = f"; did you mean {near!r}?" if near else ""
        raise ScenarioError(
            f"--what names {table!r}; tables of this run are {', '.join(study.tables)}{tail}"
        )
    found = study.table(table)
    if replicate is not None:
        numbers = found["replicate"].to_numpy()
        there = sorted({int(x) for x in numbers})
        if replicate not in there and (there or replicate >= study.finished):
            raise ScenarioError(
                f"table {table} has no replicate {replicate}: it has {_told(there)}"
            )
        found = found.filter(numbers == replicate)
    if architecture is not None and "architecture" in found.column_names:
        known = study.plan.architectures
        if architecture not in known:
            near = nearest(architecture, known)
            tail = f"; did you mean {near!r}?" if near else ""
            raise ScenarioError(
                f"--architecture is {architecture!r}; this run has {', '.join(known)}{tail}"
            )
        found = found.filter(columns(found, "architecture")[0] == architecture)
    marked: Any = pa.array(np.full(found.num_rows, f"{banner('study').word} notional", object))
    out = io.BytesIO()
    csv.write_csv(found.add_column(0, "marking", marked.cast(pa.string())), out)
    return out.getvalue()


def _told(numbers: list[int]) -> str:
    if not numbers:
        return "no rows"
    return f"{numbers[0]} to {numbers[-1]}" if len(numbers) > 1 else f"only {numbers[0]}"
