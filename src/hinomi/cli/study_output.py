"""What the study commands print: the headline table, the paired differences, one JSON object."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from typing import Any

WIDTH_WITHOUT_TERMINAL = 1000  # a pipe or file: no table is cut into parts


def as_json(content: Mapping[str, Any]) -> None:
    """Print one strict JSON object on stdout."""
    print(json.dumps(content, ensure_ascii=False, allow_nan=False))


def headline_tables(summary: Mapping[str, Any]) -> None:
    """Print headline figures by architecture, then the paired differences."""
    names = list(summary["architectures"])
    title = f"{summary['scenario']}: {summary['replicates']} replicates, seed {summary['seed']}"
    _table(
        f"STUDY 研究 - {title}, value [95 % interval, chance only]", names, summary["architectures"]
    )
    pairs = list(summary["differences"])
    if pairs:
        shown = [pair.replace("-", " - ") for pair in pairs]
        _table("Differences on the same draws [95 %]", pairs, summary["differences"], shown=shown)
    checks = summary.get("checks")
    if checks:
        from hinomi.study.checks import failed_words

        for line in failed_words(checks):
            print(line)
    from hinomi.study.unlanded import words as cut_short

    if cut_short(summary):
        print(cut_short(summary))


def _table(
    title: str, columns: Sequence[str], figures: Mapping[str, Any], *, shown: Sequence[str] = ()
) -> None:
    """Print one table, or several with fewer columns each where the terminal is narrow."""
    from rich.console import Console

    width = None if sys.stdout.isatty() else WIDTH_WITHOUT_TERMINAL
    console = Console(width=width, highlight=False)
    console.print(title, style="bold", soft_wrap=True)
    heads = dict(zip(columns, shown or columns, strict=True))
    left = list(columns)
    while left:
        count = len(left)
        while count > 1 and _width(left[:count], heads, figures) > console.width:
            count -= 1
        # Where one column is too wide still, the terminal folds its lines: no figure is cut.
        needed = max(console.width, _width(left[:count], heads, figures))
        Console(width=needed, highlight=False).print(_part(left[:count], heads, figures))
        left = left[count:]


def _width(columns: Sequence[str], heads: Mapping[str, str], figures: Mapping[str, Any]) -> int:
    """Characters that a table needs so that nothing in it is folded or cut."""
    from rich.console import Console

    wide = Console(width=10 * WIDTH_WITHOUT_TERMINAL)
    return int(wide.measure(_part(columns, heads, figures)).maximum)


def _part(columns: Sequence[str], heads: Mapping[str, str], figures: Mapping[str, Any]) -> Any:
    from rich.box import SIMPLE
    from rich.table import Table

    from hinomi.study.figure_words import words
    from hinomi.study.summary import HEADLINES

    table = Table(box=SIMPLE)
    table.add_column("headline", no_wrap=True)
    table.add_column("unit", no_wrap=True)
    for name in columns:
        table.add_column(heads[name], justify="right", no_wrap=True)
    for metric in HEADLINES:
        row = [figures[name][metric] for name in columns]
        unit = "" if row[0]["unit"] == "1" else row[0]["unit"].replace(" a year", "/year")  # 80
        table.add_row(metric, unit, *(words(figure) for figure in row))
    return table


def estimate_lines(told: Mapping[str, Any]) -> None:
    """Print what a run would take."""
    print(
        f"{told['scenario']}: {told['replicates']} replicates with {told['workers']} workers would "
        f"take about {told['total_s']:.0f} s ({told['replicate_s']:.2f} s each), "
        f"{told['memory_mb']:.0f} MB of memory and {told['disk_mb']:.1f} MB of disk. "
        "Nothing was written."
    )


def verdict_lines(told: Mapping[str, Any]) -> None:
    """Print what verification found."""
    how = "bit for bit" if told["bitwise"] else "to 1e-9 (another kind of machine)"
    print(f"{told['files']} files against their hashes, {len(told['replicates'])} replicates {how}")
    for mistake in told["mistakes"]:
        print(f"  {mistake}")
    print("differs" if told["mistakes"] else "verified")
