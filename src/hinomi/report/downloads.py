"""Tables of a page as files to download: data URLs inside the page, bounded in size."""

from __future__ import annotations

import base64
import csv
import io
from collections.abc import Mapping, Sequence
from typing import Any, Final

from markupsafe import Markup

from hinomi.report.tongue import ENGLISH, Tongue

MOST_BYTES: Final = 120_000  # of one file, as text; a page with twenty of them stays readable
FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet would compute texts that begin so


def csv_url(head: Sequence[str], rows: Sequence[Sequence[Any]]) -> tuple[str, int]:
    """Data URL of a table as CSV (UTF-8 with a mark, so that spreadsheets read it), and rows left out.

    Rows beyond `MOST_BYTES` are left out from the end.
    """
    lines = [_line(head)]
    size = len(lines[0].encode())
    for row in rows:
        text = _line(row)
        size += len(text.encode())
        if size > MOST_BYTES:
            break
        lines.append(text)
    data = base64.b64encode("".join(lines).encode("utf-8-sig")).decode()
    return f"data:text/csv;charset=utf-8;base64,{data}", len(rows) - (len(lines) - 1)


def csv_link(
    name: str, head: Sequence[str], rows: Sequence[Sequence[Any]], say: Tongue = ENGLISH
) -> Markup:
    """Link that downloads a table as `study-<name>.csv`; what was left out is said beside it."""
    url, left = csv_url(head, rows)
    link = Markup('<a class="file" download="study-{}.csv" href="{}">{}</a>').format(
        name, url, say("Download CSV")
    )
    if not left:
        return link
    return (
        link + " " + say("(without the last {left} rows, which are in the run's folder)", left=left)
    )


def figures_link(
    name: str, told: Mapping[str, Mapping[str, Mapping[str, Any]]], say: Tongue = ENGLISH
) -> Markup:
    """Link to figures with their intervals: owner -> figure -> value, low, high, n, unit, holds."""
    keys = ("value", "low", "high", "n", "unit", "holds", "method", "note")
    rows = [
        (owner, figure, *(entry.get(k) for k in keys))
        for owner, entries in told.items()
        for figure, entry in entries.items()
    ]
    return csv_link(name, ("of", "figure", *keys), rows, say)


def _line(cells: Sequence[Any]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerow([_cell(c) for c in cells])
    return out.getvalue()


def _cell(value: Any) -> Any:
    if not isinstance(value, str) or not value.startswith(FORMULA):
        return value
    try:
        float(value)
    except ValueError:
        return f"'{value}"
    return value
