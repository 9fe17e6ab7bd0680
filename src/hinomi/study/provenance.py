"""What a result was made with: code, versions, shipped data, machine and times."""

from __future__ import annotations

import hashlib
import platform
import sys
from datetime import UTC, datetime
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final

import hinomi
from hinomi.kernels import source_fingerprint

DECIDES_BYTES: Final = ("numpy", "numba", "pyarrow")  # another version may give other bytes
WORTH_KNOWING: Final = ("scipy", "duckdb", "pydantic", "shapely", "matplotlib")


def installed(name: str) -> str:
    """Version of an installed package, or `absent`."""
    try:
        return version(name)
    except PackageNotFoundError:
        return "absent"


@cache
def code_fingerprint() -> dict[str, str]:
    """Tell what decides the numbers: a hash of the package's sources, and three versions."""
    return {"source": source_fingerprint(), **{name: installed(name) for name in DECIDES_BYTES}}


@cache
def data_hashes() -> dict[str, str]:
    """SHA-256 of every data file that the package ships, by its path below `data/`."""
    root = Path(hinomi.__file__).parent / "data"
    return {
        path.relative_to(root).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(root.rglob("*"))
        if path.is_file() and path.suffix != ".py" and "__pycache__" not in path.parts
    }


def versions() -> dict[str, str]:
    """Versions for `run.json`."""
    names = (*DECIDES_BYTES, *WORTH_KNOWING)
    python = ".".join(map(str, sys.version_info[:3]))
    return {
        "hinomi": hinomi.__version__,
        "python": python,
        **{name: installed(name) for name in names},
    }


def machine() -> dict[str, str]:
    """Kind of machine: values are equal bit for bit on one kind, to 1e-9 across kinds."""
    return {
        "system": platform.system(),
        "processor": platform.machine(),
        "python": platform.python_implementation(),
    }


def now_utc() -> str:
    """Read the time of day, for run times only; no result depends on it."""
    return datetime.now(tz=UTC).isoformat(timespec="seconds")
