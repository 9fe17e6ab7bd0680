"""What commands print: one JSON object, or lines and the files that were written."""

from __future__ import annotations

import json
import re
import shutil
import sys
import textwrap
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import typer

WIDTH = 100  # of sentences where there is no terminal
_ROW = re.compile(r"\S {3,}\S")  # columns: a row of a table is left as it is


def folded(line: str) -> str:
    """A sentence over as many lines as the terminal needs, each as far in as it begins."""
    width = shutil.get_terminal_size((WIDTH, 24)).columns if sys.stdout.isatty() else WIDTH
    if len(line) <= width or _ROW.search(line):
        return line
    further = " " * (len(line) - len(line.lstrip()) + 2)
    return textwrap.fill(
        line,
        max(width, 40),
        subsequent_indent=further,
        break_long_words=False,
        break_on_hyphens=False,
        replace_whitespace=False,
    )


def print_json(told: Mapping[str, Any]) -> None:
    """Print one strict JSON object on stdout."""
    typer.echo(json.dumps(told, ensure_ascii=False, allow_nan=False, indent=1))


def print_lines(lines: Iterable[str], files: Iterable[Path] = ()) -> None:
    """Print lines, long sentences folded, then each file that was written with its size in bytes."""
    for line in lines:
        typer.echo(folded(line))
    for path in files:
        typer.echo(f"{path.stat().st_size:>10,}  {path}")


def print_answer(
    told: Mapping[str, Any], lines: Iterable[str], files: Mapping[str, Path], *, as_json: bool
) -> None:
    """Print what was found, and where it was written: as JSON or in lines."""
    if as_json:
        named = {name.lstrip("-"): str(path) for name, path in files.items()}
        print_json({**told, "files": named})
    else:
        print_lines(lines, files.values())
