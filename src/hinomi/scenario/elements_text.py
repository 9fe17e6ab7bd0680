"""Orbital elements as catalogues hand them out: two-line elements, and OMM as KVN, XML, CSV or JSON.

Everything ends as checked two-line elements. What is wrong is told by line number and left out.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from hinomi.earth.timescale import julian_day
from hinomi.errors import ScenarioError
from hinomi.units import DAY_S

LENGTH: Final = 69  # characters of an element line
FIRST_CENTURY: Final = 57  # two-digit years from here on belong to the 1900s
TYPE_AT: Final = 62  # where line 1 says the theory
SGP4_TYPES: Final = (" ", "0", "2")
LAST_NUMBER: Final = 339_999  # highest catalogue number that five characters can say
_ONE = re.compile(
    r"1 [0-9A-HJ-NP-Z ][0-9 ]{4}[A-Z ] .{8} [0-9 ]\d[0-9 ]{2}\d\.\d{8} [ +-]\.\d{8}"
    r" [ +-][0-9 ]{5}[+-]\d [ +-][0-9 ]{5}[+-]\d [0-9 ] [0-9 ]{4}\d"
)
_TWO = re.compile(
    r"2 [0-9A-HJ-NP-Z ][0-9 ]{4} [0-9 ]{2}\d\.\d{4} [0-9 ]{2}\d\.\d{4} \d{7} [0-9 ]{2}\d\.\d{4}"
    r" [0-9 ]{2}\d\.\d{4} [0-9 ]\d\.\d{8}[0-9 ]{5}\d"
)
_NEEDED: Final = (
    *("NORAD_CAT_ID", "EPOCH", "MEAN_MOTION", "ECCENTRICITY", "INCLINATION"),
    *("RA_OF_ASC_NODE", "ARG_OF_PERICENTER", "MEAN_ANOMALY", "BSTAR"),
)
_ASSUMED: Final = {
    "CLASSIFICATION_TYPE": "U",
    "OBJECT_ID": "",
    "EPHEMERIS_TYPE": "0",
    "ELEMENT_SET_NO": "0",
    "REV_AT_EPOCH": "0",
    "MEAN_MOTION_DOT": "0",
    "MEAN_MOTION_DDOT": "0",
}
_ONLY: Final = {
    "MEAN_ELEMENT_THEORY": ("SGP4", "SGP/SGP4"),
    "REF_FRAME": ("TEME",),
    "CENTER_NAME": ("EARTH",),
    "TIME_SYSTEM": ("UTC",),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ElementSet:
    """Two-line elements of one satellite, and where they stood."""

    name: str
    lines: tuple[str, str]
    place: str  # such as "line 3"

    @property
    def number(self) -> str:
        """Catalogue number, as written."""
        return self.lines[0][2:7].strip()

    @property
    def epoch(self) -> datetime:
        """Date of the elements."""
        year, days = int(self.lines[0][18:20]), float(self.lines[0][20:32])
        year += 1900 if year >= FIRST_CENTURY else 2000
        return datetime(year, 1, 1, tzinfo=UTC) + timedelta(days=days - 1.0)

    @property
    def epoch_jd(self) -> float:
        """The same as a Julian day."""
        return julian_day(self.epoch.timestamp())


def read_elements(text: str) -> tuple[list[ElementSet], list[str]]:
    """Every usable set of elements, and one sentence for each line or entry that was left out.

    Raises
    ------
    ScenarioError
        when the whole cannot be read in the format that it looks like.
    """
    start = text.lstrip("\ufeff \t\r\n")
    first = start.split("\n", 1)[0]
    if start.startswith("<"):
        return _from_messages(_xml(text))
    if start.startswith(("[", "{")):
        return _from_messages(_json(text))
    if re.search(r"^\s*(CCSDS_OMM_VERS|OBJECT_NAME|MEAN_MOTION)\s*=", text, re.MULTILINE):
        return _from_messages(_kvn(text))
    if "," in first and "MEAN_MOTION" in first:
        return _from_messages(_csv(text))
    return _two_lines(text)


def checksum(line: str) -> int:
    """Sum of the digits of the first 68 characters, a minus counting 1, modulo 10."""
    return sum(int(c) if c.isdigit() else c == "-" for c in line[: LENGTH - 1]) % 10


def _fault(line: str, pattern: re.Pattern[str]) -> str:
    """What is wrong with an element line; nothing where it is whole."""
    if len(line) != LENGTH:
        short = "; it is cut off" if len(line) < LENGTH else ""
        return f"{len(line)} characters, an element line has {LENGTH}{short}"
    if not line.isascii() or not line[-1].isdigit():
        return "no element line: its last character is no checksum"
    if checksum(line) != int(line[-1]):
        return f"its checksum is {checksum(line)}, the line says {line[-1]}"
    if not pattern.fullmatch(line):
        return "its columns are not those of an element line"
    if line[0] == "1" and line[TYPE_AT] not in SGP4_TYPES:
        return f"its ephemeris type is {line[TYPE_AT]}; only SGP4 (0) is read"
    return ""


def _two_lines(text: str) -> tuple[list[ElementSet], list[str]]:
    found: list[ElementSet] = []
    told: list[str] = []
    lines = [line.rstrip() for line in text.lstrip("\ufeff").splitlines()]
    name, name_at, i = "", 0, 0

    def forget() -> None:
        if name:
            told.append(f"line {name_at}: no elements follow this line; left out")

    while i < len(lines):
        line, at = lines[i], i + 1
        i += 1
        if not line.strip() or line.startswith("#"):
            continue
        if line[:2] not in ("1 ", "2 "):
            forget()
            name, name_at = line.removeprefix("0 ").strip(), at
            continue
        second = lines[i] if i < len(lines) else ""
        if line.startswith("2 ") or not second.startswith("2 "):
            alone = "no line 1 goes before it" if line.startswith("2 ") else "no line 2 follows it"
            told.append(f"line {at}: {alone}; left out")
            name = ""
            continue
        i += 1
        faults = [(at, _fault(line, _ONE)), (at + 1, _fault(second, _TWO))]
        if not any(f for _, f in faults) and line[2:7] != second[2:7]:
            faults.append((at + 1, f"belongs to {second[2:7]}, the line before to {line[2:7]}"))
        if wrong := [(n, f) for n, f in faults if f]:
            told += [f"line {n}: {fault}; left out" for n, fault in wrong]
        else:
            pair = line, second
            found.append(ElementSet(name=name or line[2:7].strip(), lines=pair, place=f"line {at}"))
        name = ""
    forget()
    return found, told


Message = tuple[str, Mapping[str, Any] | str]  # where it stands; its fields, or what is wrong


def _from_messages(messages: Iterator[Message]) -> tuple[list[ElementSet], list[str]]:
    found: list[ElementSet] = []
    told: list[str] = []
    for place, fields in messages:
        if isinstance(fields, str):
            told.append(f"{place}: {fields}; left out")
            continue
        try:
            found.append(_of_message(fields, place))
        except (ValueError, TypeError, KeyError, OverflowError) as error:
            told.append(f"{place}: {error}; left out")
    return found, told


def _of_message(given: Mapping[str, Any], place: str) -> ElementSet:
    """Two-line elements of an OMM; angles are rounded to their 0.0001 degree, 13 m in a low orbit."""
    from sgp4 import omm
    from sgp4.api import Satrec
    from sgp4.exporter import export_tle

    fields = {str(k).strip().upper(): str(v).strip() for k, v in given.items() if v is not None}
    if missing := [key for key in _NEEDED if not fields.get(key)]:
        raise ValueError(f"has no {', '.join(missing)}")
    for key, known in _ONLY.items():
        if fields.get(key, known[0]).upper() not in known:
            raise ValueError(f"{key} is {fields[key]!r}; only {' or '.join(known)} is read")
    fields = _ASSUMED | {k: v for k, v in fields.items() if v}
    for key in ("NORAD_CAT_ID", "EPHEMERIS_TYPE", "ELEMENT_SET_NO", "REV_AT_EPOCH"):
        fields[key] = str(int(float(fields[key])))  # JSON may have 0.0
    if fields["EPHEMERIS_TYPE"] not in SGP4_TYPES:
        raise ValueError(f"EPHEMERIS_TYPE is {fields['EPHEMERIS_TYPE']}; only SGP4 (0) is read")
    epoch = datetime.fromisoformat(fields["EPOCH"])
    epoch = epoch if epoch.tzinfo is None else epoch.astimezone(UTC)
    if not 1900 + FIRST_CENTURY <= epoch.year < 2000 + FIRST_CENTURY:
        raise ValueError(f"EPOCH is in {epoch.year}; two digits of a year say 1957 to 2056")
    fields["EPOCH"] = epoch.strftime("%Y-%m-%dT%H:%M:%S.%f")
    for key in ("RA_OF_ASC_NODE", "ARG_OF_PERICENTER", "MEAN_ANOMALY"):
        fields[key] = repr(float(fields[key]) % 360.0)
    number = int(fields["NORAD_CAT_ID"])
    fields["NORAD_CAT_ID"] = str(number if 0 <= number <= LAST_NUMBER else 0)
    fields["ELEMENT_SET_NO"] = str(int(fields["ELEMENT_SET_NO"]) % 10_000)
    fields["REV_AT_EPOCH"] = str(int(fields["REV_AT_EPOCH"]) % 100_000)
    if not re.fullmatch(r"\d{4}-\d{3}[A-Z]{1,3}", fields["OBJECT_ID"]):
        fields["OBJECT_ID"] = ""
    satellite = Satrec()
    omm.initialize(satellite, fields)
    one, two = export_tle(satellite)
    for line, pattern in ((one, _ONE), (two, _TWO)):
        if fault := _fault(line, pattern):
            raise ValueError(f"does not fit two-line elements ({fault})")
    return ElementSet(name=fields.get("OBJECT_NAME") or str(number), lines=(one, two), place=place)


def _csv(text: str) -> Iterator[Message]:
    rows = csv.DictReader(io.StringIO(text.lstrip("\ufeff")), strict=True)
    try:
        for row in rows:
            whole = None not in row and None not in row.values()
            yield f"line {rows.line_num}", row if whole else "not as many values as the first line"
    except csv.Error as error:
        yield f"line {rows.line_num}", f"not CSV from here on: {error}"


def _json(text: str) -> Iterator[Message]:
    try:
        data = json.loads(text.lstrip("\ufeff"))
    except (ValueError, RecursionError) as error:
        raise ScenarioError(f"looks like JSON and is not: {error}") from None
    for i, item in enumerate(data if isinstance(data, list) else [data], start=1):
        yield f"entry {i}", item if isinstance(item, dict) else "not an object with keys"


def _kvn(text: str) -> Iterator[Message]:
    fields: dict[str, str] = {}
    start = 1
    for at, line in enumerate(text.lstrip("\ufeff").splitlines(), start=1):
        words = line.strip()
        if not words or words.startswith("COMMENT"):
            continue
        key, equals, value = (part.strip() for part in words.partition("="))
        if not equals:
            yield f"line {at}", "not KEY = VALUE"
            continue
        if key == "CCSDS_OMM_VERS" or key in fields:
            if "EPOCH" in fields:
                yield f"line {start}", fields
            fields, start = {}, at
        fields[key] = re.sub(r"\s*\[[^\]]*\]$", "", value)
    if len(fields) > 1:
        yield f"line {start}", fields


def _xml(text: str) -> Iterator[Message]:
    """Messages of an XML file, each read alone: a broken one does not take the others along."""
    from sgp4 import omm

    if re.search(r"<!(DOCTYPE|ENTITY)", text, re.IGNORECASE):
        raise ScenarioError("declares a document type or entities, which no OMM needs; remove them")
    blocks = list(re.finditer(r"<omm\b[^>]*>(.*?)</omm\s*>", text, re.DOTALL))
    if not blocks:
        raise ScenarioError("looks like XML and has no <omm> ... </omm>")
    for block in blocks:
        place = f"line {text.count(chr(10), 0, block.start()) + 1}"
        try:
            found = list(omm.parse_xml(io.StringIO(f"<omm>{block[1]}</omm>")))
        except (SyntaxError, AttributeError, TypeError) as error:
            yield place, f"not an OMM in XML: {error}"
            continue
        yield place, found[0] if found else "has no <segment>"


def age_days(given: ElementSet, epoch: datetime) -> float:
    """Days between the date of elements and an instant, without sign."""
    return abs((epoch - given.epoch).total_seconds()) / DAY_S
