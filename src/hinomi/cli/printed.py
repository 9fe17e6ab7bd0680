"""What commands print: one JSON object, or lines and the files that were written."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import typer


def print_json(told: Mapping[str, Any]) -> None:
    """Print one strict JSON object on stdout."""
    typer.echo(json.dumps(told, ensure_ascii=False, allow_nan=False, indent=1))


def print_lines(lines: Iterable[str], files: Iterable[Path] = ()) -> None:
    """Print lines, then each file that was written with its size in bytes."""
    for line in (*lines, *(f"{path.stat().st_size:>10,}  {path}" for path in files)):
        typer.echo(line)


def print_answer(
    told: Mapping[str, Any], lines: Iterable[str], files: Mapping[str, Path], *, as_json: bool
) -> None:
    """Print what was found, and where it was written: as JSON or in lines."""
    if as_json:
        named = {name.lstrip("-"): str(path) for name, path in files.items()}
        print_json({**told, "files": named})
    else:
        print_lines(lines, files.values())
