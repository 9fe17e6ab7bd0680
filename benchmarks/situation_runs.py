"""Runs and tables of the situations: resumable runs by what they change, Markdown with intervals."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from hinomi.errors import FolderError
from hinomi.integration.resample import mean_intervals
from hinomi.notebook.run import run
from hinomi.records.columns import Floats
from hinomi.study.figure_words import same_words
from hinomi.study.results import Results
from hinomi.study.statistics import Interval
from hinomi.study.summary import Measured, measured

ROOT = Path(__file__).resolve().parent.parent
MADE = ROOT / "docs" / "situations" / "made"
WORK = ROOT / "results" / "situations"
SHARED, INTEGRATED = "shared_warning", "integrated"


# -- running


def study(
    scenario: str,
    *,
    n: int,
    architectures: Sequence[str],
    changes: Mapping[str, object] | None = None,
    variant: str | None = None,
    keep: int = 0,
) -> Results:
    """One run of the chain, or what is there of it; a folder of another program is made anew."""
    said = json.dumps([changes or {}, list(architectures), keep > 0], sort_keys=True)
    key = f"{variant or 'as-it-is'}-{hashlib.sha256(said.encode()).hexdigest()[:8]}"
    folder = WORK / scenario / key
    given: dict[str, Any] = {
        "replicates": n, "out": folder, "architectures": architectures, "changes": changes or None,
        "variant": variant, "keep_tracks": keep, "quiet": True, "workers": os.cpu_count(),
    }  # fmt: skip
    print(f"  {scenario} {key}, {n}", flush=True)
    try:
        found = run(scenario, **given)
        if found.finished == n:
            return found
    except FolderError:
        pass
    shutil.rmtree(folder)  # of another program, or of more replicates than were asked for
    return run(scenario, **given)


def figures(scenario: str, *, n: int, architectures: Sequence[str], **how: Any) -> Measured:
    """Figures of each replicate of one run."""
    return measured(study(scenario, n=n, architectures=architectures, **how).table("metrics"))


def command(*words: str) -> dict[str, Any]:
    """Answer of a command of the program that prints one JSON object."""
    print("  hinomi", " ".join(words), flush=True)
    found = subprocess.run(
        [sys.executable, "-m", "hinomi", *words, "--json"],
        capture_output=True,
        text=True,
        check=False,
    )
    if found.returncode:
        raise SystemExit(found.stderr)
    answer: dict[str, Any] = json.loads(found.stdout)
    return answer


def integration(scenario: str, *, n: int) -> dict[str, Any]:
    """The split of the headline pair, with equal decision times."""
    folder = WORK / scenario / "integration"
    words = ("integration", scenario, "-n", str(n), "-o", str(folder), "--quiet")
    try:
        return command(*words)
    except SystemExit:
        shutil.rmtree(folder, ignore_errors=True)
        return command(*words)


# -- writing


def interval(x: Interval | Mapping[str, Any], digits: int = 2, factor: float = 1.0) -> str:
    """`1.20 (0.90 to 1.50)`, or words where there is nothing to say."""
    x = x if isinstance(x, Mapping) else asdict(x)
    value, low, high = (x[k] for k in ("value", "low", "high"))
    if value is None or np.isnan(value):
        return "nobody affected"
    if not np.isfinite(value):
        return "never"
    if same := same_words(x):
        return f"{plain(factor * value, digits)} ({same})"
    ends = [
        "no limit" if v is None or not np.isfinite(v) else plain(factor * v, digits)
        for v in (low, high)
    ]
    return f"{plain(factor * value, digits)} ({ends[0]} to {ends[1]})"


def plain(value: float, digits: int) -> str:
    """A number with a real minus sign and separated thousands; no minus zero."""
    return f"{round(value, digits) + 0.0:,.{digits}f}".replace("-", "−")


def mean(values: Floats) -> Interval:
    """Mean with its interval, over the raids in which the figure is defined."""
    known = np.asarray(values, np.float64)
    return mean_intervals({"": known[np.isfinite(known)]})[""]


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table in Markdown."""
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return "\n".join([*lines, *("| " + " | ".join(row) + " |" for row in rows)]) + "\n"


def write(name: str, n: int, text: str, note: str = "") -> None:
    """Write one table with the number of replicates and the seed under it."""
    MADE.mkdir(parents=True, exist_ok=True)
    note = (
        note
        or f"\n{n} replicates, seed 1, the same raids in every row; 95 % intervals, chance only.\n"
    )
    (MADE / f"{name}.inc").write_text(text + note, encoding="utf-8")
