"""Fly-out tables of one's own: a CSV of times to reach, checked cell by cell."""

from __future__ import annotations

import csv
import math
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Final

from hinomi.errors import ScenarioError
from hinomi.records.engagements import ReachTable
from hinomi.scenario.text import decoded, path_beside, read_bytes
from hinomi.units import KM_M

if TYPE_CHECKING:
    from hinomi.scenario.catalogue_schema import InterceptorClass
    from hinomi.scenario.schema import ScenarioText

COLUMNS: Final = ("range_km", "height_km", "time_s")
MOST_BYTES: Final = 500_000  # assumed: what a plan can carry along without harm
MOST_EACH_WAY: Final = 200  # finer than the grid that the kernel reads
MOST_MISTAKES: Final = 20
EDGE_KM: Final = 1e-6

Rows = dict[tuple[float, float], tuple[float, int]]  # (range, height) [km] -> time [s], line


def read_tables(scenario: ScenarioText, folder: Path | None) -> dict[str, str]:
    """Tables of the interceptors in use that name a file: changed key -> text of the file.

    Raises
    ------
    ScenarioError
        when there is no folder to look in or the file cannot be read.
    """
    used = {name for battery in scenario.batteries for name in battery.magazines}
    out = {}
    for name, given in scenario.catalogue.interceptor.items():
        if name in used and given.provider == "table" and given.table_file and not given.table:
            where = f"catalogue.interceptor.{name}.table_file"
            out[f"catalogue.interceptor.{name}.table"] = _text_of(given.table_file, folder, where)
    return out


def _text_of(file: str, folder: Path | None, where: str) -> str:
    path = path_beside(
        file, folder, where, otherwise="load it by its path, or give its content as table"
    )
    where = f"{where}: {path}"
    smaller = "a coarser grid will do, what lies between its points is interpolated"
    return decoded(read_bytes(path, where, most=MOST_BYTES, smaller=smaller), where)


def table_of(name: str, given: InterceptorClass) -> ReachTable:
    """The table of an interceptor class, covering its windows.

    Raises
    ------
    ScenarioError
        without a table, or with every mistake of it: line, cell, what is wrong and the way out.
    """
    where = f"catalogue.interceptor.{name}"
    if not given.table:
        raise ScenarioError(
            f'{where}: provider is "table" and there is no table; name a CSV beside the scenario '
            "as table_file"
        )
    words = f"{where}.table ({given.table_file or 'given in the scenario'})"
    table = read_table(given.table, words)
    wanted = (
        ("range", table.ranges_m, given.range_low_km.value, given.range_high_km.value),
        ("height", table.heights_m, given.height_low_km.value, given.height_high_km.value),
    )
    for what, grid, low, high in wanted:
        least, most = grid[0] / KM_M, grid[-1] / KM_M
        if least > low + EDGE_KM or most < high - EDGE_KM:
            raise ScenarioError(
                f"{words}: {what} runs from {least:g} to {most:g} km, and the class is used from "
                f"{what}_low_km = {low:g} to {what}_high_km = {high:g}; add rows, or set these two "
                "to what the table covers"
            )
    return table


@lru_cache(maxsize=16)
def read_table(text: str, where: str) -> ReachTable:
    """Read `range_km,height_km,time_s` rows in any order onto their rectangular grid.

    Every pair of a range and a height that occur stands in the file once. `inf` says that a point
    is out of reach; an empty cell is a hole, and refused. Times never fall with range.

    Raises
    ------
    ScenarioError
        naming line, cell, limit and the way out of each mistake, twenty at most.
    """
    rows, wrong = _rows(text, where)
    if not wrong:
        wrong = _shape(rows)
    if not wrong:
        wrong = _falling(rows)
    if wrong:
        more = [f"and {len(wrong) - MOST_MISTAKES} more"] if len(wrong) > MOST_MISTAKES else []
        raise ScenarioError("\n".join(f"{where}: {w}" for w in (*wrong[:MOST_MISTAKES], *more)))
    ranges, heights = _grid(rows)
    return ReachTable(
        ranges_m=tuple(r * KM_M for r in ranges),
        heights_m=tuple(h * KM_M for h in heights),
        times_s=tuple(tuple(rows[r, h][0] for h in heights) for r in ranges),
    )


def _rows(text: str, where: str) -> tuple[Rows, list[str]]:
    lines = [(n, line) for n, line in enumerate(text.splitlines(), start=1) if line.strip()]
    lines = [(n, line) for n, line in lines if not line.lstrip().startswith("#")]
    if not lines:
        raise ScenarioError(f"{where}: is empty; its first line is {','.join(COLUMNS)}")
    head = [word.strip() for word in next(csv.reader([lines[0][1]]))]
    missing = [c for c in COLUMNS if c not in head]
    if missing or len(set(head)) < len(head):
        raise ScenarioError(
            f"{where}: line {lines[0][0]}: has the columns {', '.join(head)[:120]}; "
            f"needs each once: {', '.join(missing or COLUMNS)}"
        )
    at = [head.index(c) for c in COLUMNS]
    rows: Rows = {}
    wrong: list[str] = []
    for number, line in lines[1:]:
        cells = next(csv.reader([line]))
        if len(cells) != len(head):
            wrong.append(f"line {number}: has {len(cells)} cells; the first line has {len(head)}")
            continue
        numbers = [_number(cells[i], c, number, wrong) for i, c in zip(at, COLUMNS, strict=True)]
        if None in numbers:
            continue
        r, h, t = (float(x) for x in numbers if x is not None)
        if (r, h) in rows:
            wrong.append(
                f"line {number}: range {r:g} km, height {h:g} km is there twice, first in line "
                f"{rows[r, h][1]}; keep one"
            )
        rows.setdefault((r, h), (t, number))
    return rows, wrong


def _number(cell: str, column: str, line: int, wrong: list[str]) -> float | None:
    """A number of 0 or more; `inf` is a time alone."""
    text = cell.strip()
    if not text:
        way = "; write inf where the point is out of reach" if column == "time_s" else ""
        wrong.append(f"line {line}: {column} is empty{way}")
        return None
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if math.isnan(value) or (math.isinf(value) and column != "time_s"):
        wrong.append(f"line {line}: {column} is {text[:40]!r}; it must be a number")
        return None
    if value < 0.0:
        wrong.append(f"line {line}: {column} is {text[:40]}; it must be 0 or more")
        return None
    return value


def _grid(rows: Rows) -> tuple[list[float], list[float]]:
    return sorted({r for r, _ in rows}), sorted({h for _, h in rows})


def _shape(rows: Rows) -> list[str]:
    """Say which points of the rectangle are missing."""
    ranges, heights = _grid(rows)
    for what, values in (("ranges", ranges), ("heights", heights)):
        if not 2 <= len(values) <= MOST_EACH_WAY:
            return [
                f"has {len(values)} {what}; it must be 2 to {MOST_EACH_WAY}: "
                f"{'add some' if len(values) < 2 else 'a coarser grid will do'}"
            ]
    return [
        f"has no row for range {r:g} km, height {h:g} km; every range needs every height "
        "(time_s = inf where out of reach)"
        for r in ranges
        for h in heights
        if (r, h) not in rows
    ]


def _falling(rows: Rows) -> list[str]:
    ranges, heights = _grid(rows)
    out = []
    for h in heights:
        for near, far in pairwise(ranges):
            (before, _), (after, line) = rows[near, h], rows[far, h]
            if after < before:
                why = (
                    "a least range is said by range_low_km, not by inf"
                    if math.isinf(before)
                    else "further away takes no less time"
                )
                out.append(
                    f"line {line}: at height {h:g} km the time falls from {before:g} s at range "
                    f"{near:g} km to {after:g} s at {far:g} km; {why}"
                )
    if not out and not any(math.isfinite(t) for t, _ in rows.values()):
        out.append("reaches no point at all: every time is inf; give times in seconds")
    return out
