"""Scenario text: read within limits, parsed, and where each key stands."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path, PurePosixPath
from typing import Any, TypeAlias

from hinomi.errors import ScenarioError

KeyPath: TypeAlias = tuple[str | int, ...]

# TOML parsers are quadratic in dotted depth and recursive in nesting: bounded before parsing.
MAX_BYTES = 256 * 1024
MAX_LINE = 1000
MAX_DOTS = 32
MAX_DEPTH = 16
MAX_VALUES = 100_000

_KEY = r"""(?:[A-Za-z0-9_-]+|"[^"\n]*"|'[^'\n]*')"""
_DOTTED = rf"{_KEY}(?:\s*\.\s*{_KEY})*"
_HEADER = re.compile(rf"^\s*(\[\[?)\s*({_DOTTED})\s*\]\]?")
_ASSIGN = re.compile(rf"^\s*({_DOTTED})\s*=")
_PART = re.compile(_KEY)


def path_beside(file: str, folder: Path | None, where: str, *, otherwise: str) -> Path:
    """Path of a file that a scenario names, beside it or below; `otherwise` is the way out.

    Raises
    ------
    ScenarioError
        for an absolute path or one that leaves the folder, and where the scenario has no folder.
    """
    path = PurePosixPath(file.replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts or ":" in file:
        raise ScenarioError(
            f"{where}: {file!r} must stand beside or below the scenario, as a relative path"
        )
    if folder is None:
        raise ScenarioError(
            f"{where}: {file!r} is looked for beside the scenario, which was given as text; "
            f"{otherwise}"
        )
    return folder / path


def read_bytes(path: Path, where: str, *, most: int, smaller: str) -> bytes:
    """Content of a file that a user names, of at most so many bytes; `smaller` is the way out.

    Raises
    ------
    ScenarioError
        when the file is missing, unreadable or too large; it begins with `where`.
    """
    try:
        size = path.stat().st_size
        if size > most:
            raise ScenarioError(f"{where}: {size:,} bytes; at most {most:,}: {smaller}")
        return path.read_bytes()
    except FileNotFoundError:
        raise ScenarioError(f"{where}: no such file") from None
    except IsADirectoryError:
        raise ScenarioError(f"{where}: is a folder; name a file") from None
    except OSError as error:
        raise ScenarioError(f"{where}: cannot be read: {error.strerror}") from None


def decoded(raw: bytes, where: str) -> str:
    """Text of a file's content; a byte order mark at its start is no part of it.

    Raises
    ------
    ScenarioError
        when it is not UTF-8.
    """
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ScenarioError(
            f"{where}: not UTF-8 text (byte {error.start}); save it as UTF-8"
        ) from None


def read_text(path: Path) -> str:
    """Text of a scenario file, within the limits on size.

    Raises
    ------
    ScenarioError
        when the file is missing, unreadable, too large or not UTF-8.
    """
    smaller = "leave out what is not a scenario key"
    return decoded(read_bytes(path, str(path), most=MAX_BYTES, smaller=smaller), str(path))


def parse_text(text: str, name: str, *, begin: str = "") -> dict[str, Any]:
    """Parse TOML within the limits on lines, depth and number of values; something must be there.

    `begin` says how a file of its kind is begun, where it is no scenario.
    """
    if len(text.encode()) > MAX_BYTES:
        raise ScenarioError(f"{name}: more than {MAX_BYTES} bytes; a scenario is smaller")
    for number, line in enumerate(text.splitlines(), start=1):
        if len(line) > MAX_LINE:
            raise ScenarioError(
                f"{name}:{number}: {len(line)} characters; at most {MAX_LINE} a line: break it"
            )
        if line.count(".") > MAX_DOTS:
            raise ScenarioError(
                f"{name}:{number}: {line.count('.')} dots; at most {MAX_DOTS} a line: "
                "break the list over lines"
            )
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        place = re.search(r"at line (\d+), column (\d+)", str(error))
        last = text.count("\n") + (not text.endswith("\n"))
        where = f":{place[1] if place else last}"
        what = re.sub(r"\s*\(at .*\)$", "", str(error))
        what += f", column {place[2]}" if place else ""
        raise ScenarioError(f"{name}{where}: not TOML: {what}") from None
    except (RecursionError, ValueError) as error:
        raise ScenarioError(
            f"{name}: not TOML that can be read: nested too deep or a number too long "
            f"({type(error).__name__})"
        ) from None
    if not data:
        way = begin or f"begin with a bundled scenario: hinomi scenarios okinawa-2025 > {name}"
        raise ScenarioError(f"{name}: is empty; {way}")
    _bound(data, name)
    return data


def example_of(kind: str, page: str) -> str:
    """Way out for an empty file of another kind: its first line, and the page with an example."""
    return f'its first line is format = "{kind}", and docs/{page}.md has an example to begin with'


def _bound(data: object, name: str) -> None:
    waiting: list[tuple[object, int]] = [(data, 0)]
    seen = 0
    while waiting:
        node, depth = waiting.pop()
        seen += 1
        if depth > MAX_DEPTH or seen > MAX_VALUES:
            raise ScenarioError(
                f"{name}: deeper than {MAX_DEPTH} levels or more than {MAX_VALUES} values"
            )
        if isinstance(node, dict):
            waiting += [(v, depth + 1) for v in node.values()]
        elif isinstance(node, list):
            waiting += [(v, depth + 1) for v in node]


def _parts(dotted: str) -> list[str]:
    return [p[1:-1] if p[:1] in "\"'" else p for p in _PART.findall(dotted)]


def line_numbers(text: str) -> dict[KeyPath, int]:
    """Line of each table header and `key =`; a value inside a longer value has its key's line."""
    lines: dict[KeyPath, int] = {}
    counts: dict[KeyPath, int] = {}
    table: KeyPath = ()
    closing = ""
    for number, line in enumerate(text.splitlines(), start=1):
        if closing:
            closing = "" if closing in line else closing
            continue
        if header := _HEADER.match(line):
            names = _parts(header[2])
            path: KeyPath = ()
            for i, name in enumerate(names):
                path = (*path, name)
                if i == len(names) - 1 and header[1] == "[[":
                    counts[path] = counts.get(path, -1) + 1
                if path in counts:
                    path = (*path, counts[path])
            table = path
            lines.setdefault(path, number)
            if path and isinstance(path[-1], int):
                lines.setdefault(path[:-1], number)
        elif assign := _ASSIGN.match(line):
            lines.setdefault((*table, *_parts(assign[1])), number)
            for quotes in ('"""', "'''"):
                if line.count(quotes) % 2:
                    closing = quotes
    return lines


def line_of(lines: dict[KeyPath, int], path: KeyPath) -> int | None:
    """Line of a path, or of the nearest table or key around it."""
    while path:
        if path in lines:
            return lines[path]
        path = path[:-1]
    return None
