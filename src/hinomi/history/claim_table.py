"""A file of claims: one row each, in whatever form a spreadsheet left it; bad rows say why."""

from __future__ import annotations

import codecs
import csv
import io
import math
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from hinomi.errors import ScenarioError
from hinomi.history.audit import Claim, Finding, audit
from hinomi.history.digits import read_distance, read_time
from hinomi.history.launches import launch_name
from hinomi.units import DEG_RAD

COLUMNS: Final = (
    "id", "range_km", "apogee_km", "time_s", "time_min", "clock", "site_lat_deg", "site_lon_deg",
    "bearing_deg", "class", "kind",
)  # fmt: skip
NEEDED: Final = ("range_km", "apogee_km")
TIMES: Final = ("time_s", "time_min", "clock")
MOST_BYTES: Final = 50_000_000
_SEPARATORS: Final = ("\t", ";", ",")
_THOUSANDS = re.compile(r"([+-]?\d{1,3})((?:,\d{3})+)(\.\d+)?(.*)")
_DECIMAL_COMMA = re.compile(r"([+-]?\d+),(\d+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class RowFinding:
    """What became of one row: a finding, or the reason why there is none."""

    line: int  # of the file, the header being 1
    name: str
    claim: Claim | None
    finding: Finding | None
    problem: str  # "" where there is a finding
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TableFinding:
    """What became of a file of claims."""

    rows: tuple[RowFinding, ...]
    notes: tuple[str, ...]  # on the file: encoding, separator, unknown columns

    @property
    def complete(self) -> bool:
        """Whether every row could be judged."""
        return all(row.finding is not None for row in self.rows)


def audit_file(path: Path, *, defaults: Mapping[str, str], detected: bool = False) -> TableFinding:
    """Judge every row of a CSV file.

    Parameters
    ----------
    defaults
        cells of rows that leave them empty, by column: class, kind, bearing_deg, site_lat_deg.

    Raises
    ------
    ScenarioError
        when the file cannot be read as a table with the columns that a claim needs.
    """
    if path.is_dir():
        raise ScenarioError(f"{path} is a folder; give a CSV file of claims")
    try:
        size = path.stat().st_size
        if size > MOST_BYTES:
            raise ScenarioError(f"{path} has {size:,} bytes; at most {MOST_BYTES:,} are read")
        data = path.read_bytes()
    except OSError as error:
        raise ScenarioError(
            f"{path} cannot be read: {error.strerror or error}; give a CSV file of claims"
        ) from None
    return audit_text(
        *decode(data, str(path)), name=str(path), defaults=defaults, detected=detected
    )


def decode(data: bytes, name: str) -> tuple[str, str]:
    """Text of a file, and its encoding: UTF-8 or UTF-16 by its mark, UTF-8, else Shift-JIS.

    Raises
    ------
    ScenarioError
        when it is none of them, or no text at all.
    """
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        order: tuple[str, ...] = ("utf-16",)
    elif data.startswith(codecs.BOM_UTF8):
        order = ("utf-8-sig",)
    else:
        order = ("utf-8", "cp932")
    for encoding in order:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text, encoding
    raise ScenarioError(
        f"{name} is no text in UTF-8, UTF-16 or Shift-JIS (a workbook?); save it as CSV in UTF-8"
    )


def audit_text(
    text: str,
    encoding: str,
    *,
    name: str,
    defaults: Mapping[str, str],
    detected: bool = False,
) -> TableFinding:
    """Judge every row of the text of a CSV file; see `audit_file`."""
    header_line = next((line for line in text.splitlines() if line.strip()), "")
    if not header_line:
        raise ScenarioError(f"{name} is empty; its first line names the columns: {_wanted()}")
    separator = max(_SEPARATORS, key=header_line.count)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
    except csv.Error as error:
        raise ScenarioError(f"{name} is no CSV table: {error}; save it again as CSV") from None
    first = next(i for i, row in enumerate(rows) if any(cell.strip() for cell in row))
    columns = [_column(cell) for cell in rows[first]]
    _check_columns(columns, name)
    notes = _file_notes(columns, encoding, separator)
    below = [
        (first + 2 + i, row)
        for i, row in enumerate(rows[first + 1 :])
        if any(cell.strip() for cell in row)
    ]
    if not below:
        raise ScenarioError(f"{name} has a header and no row below it; give one claim a row")
    # Blank cells at the end of every row are a spreadsheet's; of one row, they are a shift.
    widths = {len(row) for _, row in below}
    blank_ends = len(below) > 1 and len(widths) == 1
    found = tuple(
        _row(
            line,
            columns,
            row[: len(columns)] if blank_ends and _ends(row, columns) else row,
            separator,
            defaults,
            detected,
        )
        for line, row in below
    )
    return TableFinding(rows=found, notes=notes)


def _ends(row: Sequence[str], columns: Sequence[str]) -> bool:
    """Whether nothing stands beyond the columns."""
    return not any(cell.strip() for cell in row[len(columns) :])


def _wanted() -> str:
    return "id, range_km, apogee_km, time_s or time_min (or clock, such as 05:58-06:12)"


def _column(cell: str) -> str:
    return re.sub(r"[\s-]+", "_", unicodedata.normalize("NFKC", cell).strip().lower())


def _check_columns(columns: Sequence[str], name: str) -> None:
    lacks = [column for column in NEEDED if column not in columns]
    if not any(column in columns for column in TIMES):
        lacks.append("time_s or time_min")
    if lacks:
        raise ScenarioError(
            f"{name} has no column {' and no column '.join(lacks)}; its columns are "
            f"{', '.join(column for column in columns if column)[:200]}; needed are {_wanted()}"
        )
    twice = sorted({c for c in columns if c in COLUMNS and columns.count(c) > 1})
    if twice:
        raise ScenarioError(f"{name} has the column {twice[0]} twice; keep one of them")


def _file_notes(columns: Sequence[str], encoding: str, separator: str) -> tuple[str, ...]:
    notes = []
    if encoding not in ("utf-8", "utf-8-sig"):
        notes.append(f"read as {'Shift-JIS' if encoding == 'cp932' else encoding.upper()}")
    if separator != ",":
        words = "tabs" if separator == "\t" else "semicolons"
        notes.append(f"columns apart by {words}; a comma inside a number is a decimal comma")
    unknown = [column for column in columns if column and column not in COLUMNS]
    if unknown:
        notes.append(f"columns not used: {', '.join(unknown)}")
    return tuple(notes)


def _row(
    line: int,
    columns: Sequence[str],
    row: Sequence[str],
    separator: str,
    defaults: Mapping[str, str],
    detected: bool,
) -> RowFinding:
    cells = {c: cell.strip() for c, cell in zip(columns, row, strict=False) if c in COLUMNS}
    given = cells.get("id", "")
    name = launch_name(given) or f"line {line}"
    notes = [f"id {given} read as the date {name}"] if given and name != given else []
    try:
        if len(row) > len(columns):
            raise ScenarioError(
                f"{len(row)} cells under {len(columns)} columns: a comma inside a number needs "
                'quotes ("2,700") or semicolons between the columns'
            )
        for column, value in defaults.items():
            cells[column] = cells.get(column) or value
        claim = _claim(name, cells, decimal_comma=separator != ",")
        claim = replace(claim, detected=detected)
        finding = audit(claim)
    except ScenarioError as error:
        return RowFinding(
            line=line, name=name, claim=None, finding=None, problem=str(error), notes=tuple(notes)
        )
    notes.append(f"time read as {claim.time_s.value:g} s ({claim.time_s.how})")
    return RowFinding(
        line=line, name=name, claim=claim, finding=finding, problem="", notes=tuple(notes)
    )


def _claim(name: str, cells: Mapping[str, str], *, decimal_comma: bool) -> Claim:
    def number(column: str) -> str:
        return _plain(cells.get(column, ""), column, decimal_comma)

    def angle(column: str) -> float | None:
        return angle_of(number(column), column)

    times = [column for column in TIMES if cells.get(column)]
    if len(times) != 1:
        raise ScenarioError(
            f"{', '.join(times)} are all given; keep one"
            if times
            else "no flight time; write time_s (840), time_min (14) or clock (05:58-06:12)"
        )
    column = times[0]
    lat, lon = angle("site_lat_deg"), angle("site_lon_deg")
    if lon is not None and not abs(lon) <= 2.0 * math.pi:
        raise ScenarioError(
            f"site_lon_deg is {math.degrees(lon):g}; it lies between -180 and 360 degrees"
        )
    return Claim(
        name=name,
        range_m=read_distance(number("range_km"), name="range_km"),
        apogee_m=read_distance(number("apogee_km"), name="apogee_km"),
        time_s=read_time(number(column), name=column, unit="min" if column == "time_min" else "s"),
        lat_rad=lat,
        bearing_rad=angle("bearing_deg"),
        class_name=cells.get("class", ""),
        kind=(cells.get("kind") or "ballistic").lower().replace("-", "_").replace(" ", "_"),
    )


def angle_of(text: str, name: str) -> float | None:
    """An angle typed in degrees, in radians; None where there is no text.

    Raises
    ------
    ScenarioError
        when the text is no number.
    """
    if not text.strip():
        return None
    try:
        value = float(unicodedata.normalize("NFKC", text))
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise ScenarioError(f"{name} is {text!r}, which is no number; write it in degrees")
    return value * DEG_RAD


def _plain(text: str, column: str, decimal_comma: bool) -> str:
    """A number without a thousands separator and with a decimal point."""
    clean = unicodedata.normalize("NFKC", text).strip()
    if found := _THOUSANDS.fullmatch(clean):
        if decimal_comma and found[3] is None and found[2].count(",") == 1:
            raise ScenarioError(
                f"{column} is {text!r}, which may be {clean.replace(',', '')} or "
                f"{clean.replace(',', '.')}; write it without the comma"
            )
        return found[1] + found[2].replace(",", "") + (found[3] or "") + found[4]
    return _DECIMAL_COMMA.sub(r"\1.\2", clean)
