"""Tables of a run in pages: rows of a table as JSON or CSV, filtered and bounded."""

from __future__ import annotations

import csv
import io
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from hinomi.study.results import Results
from hinomi.web.problems import missing

MOST_JSON: Final = 5_000
MOST_CSV: Final = 100_000


def tables_object(study: Results) -> dict[str, Any]:
    """Names, lengths and columns."""
    out = []
    for name in study.tables:
        table = study.table(name)
        out.append({"name": name, "rows": table.num_rows, "columns": _columns(table)})
    return {"tables": out}


def page(
    study: Results,
    name: str,
    *,
    offset: int,
    limit: int,
    architecture: str | None,
    replicate: int | None,
) -> dict[str, Any]:
    """Some rows of a table; `total` counts those that fit the filter."""
    table = _filtered(study, name, architecture, replicate)
    part = table.slice(offset, limit)
    rows = [list(row.values()) for row in part.to_pylist()]
    return {
        "table": name,
        "total": table.num_rows,
        "offset": offset,
        "limit": limit,
        "columns": _columns(table),
        "rows": rows,
    }


def csv_text(
    study: Results,
    name: str,
    *,
    words: str,
    offset: int,
    limit: int,
    architecture: str | None,
    replicate: int | None,
) -> str:
    """The same as CSV; its first line says what it is."""
    table = _filtered(study, name, architecture, replicate).slice(offset, limit)
    out = io.StringIO()
    out.write(f"# {words}\n")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(table.column_names)
    writer.writerows(row.values() for row in table.to_pylist())
    return out.getvalue()


def _filtered(
    study: Results, name: str, architecture: str | None, replicate: int | None
) -> pa.Table:
    if name not in study.tables:
        raise missing("table", name, f"this run has {', '.join(study.tables)}")
    table = study.table(name)
    for column, wanted in (("architecture", architecture), ("replicate", replicate)):
        if wanted is not None and column in table.column_names:
            table = table.filter(pc.equal(table[column], wanted))
    return table


def _columns(table: pa.Table) -> list[dict[str, str]]:
    return [{"name": f.name, "type": str(f.type)} for f in table.schema]
