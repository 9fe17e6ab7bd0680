"""What the study commands print: the headline table, the paired differences, one JSON object."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from typing import Any

WIDTH_WITHOUT_TERMINAL = 1000  # a pipe or file: no table is cut into parts
LEAST_NAME, LEAST_UNIT = 25, 11  # characters; both are folded where they are longer
EDGES, BETWEEN = 4, 3  # characters that the box of a table takes


def as_json(content: Mapping[str, Any]) -> None:
    """Print one strict JSON object on stdout."""
    print(json.dumps(content, ensure_ascii=False, allow_nan=False))


def headline_tables(summary: Mapping[str, Any]) -> None:
    """Print headline figures by architecture, then the paired differences."""
    from hinomi.cli.printed import print_lines
    from hinomi.study.figure_words import counted

    names = list(summary["architectures"])
    title = f"{summary['scenario']}: {counted(summary['replicates'], 'replicate')}, seed {summary['seed']}"
    _table(
        f"STUDY 研究 - {title}, value [95 % interval, chance only]", names, summary["architectures"]
    )
    pairs = list(summary["differences"])
    if pairs:
        shown = [pair.replace("-", " - ") for pair in pairs]
        _table("Differences on the same draws [95 %]", pairs, summary["differences"], shown=shown)
        print_lines(difference_words(summary["differences"]))
    checks = summary.get("checks")
    if checks:
        from hinomi.study.checks import failed_words

        for line in failed_words(checks):
            print(line)
    from hinomi.study.unlanded import words as cut_short

    if cut_short(summary):
        print(cut_short(summary))


def difference_words(differences: Mapping[str, Any]) -> list[str]:
    """What the table of differences means: medians, and what the same draws saved."""
    lines = ["Times: the median raid-by-raid difference, not the difference of two medians."]
    for pair, figures in differences.items():
        ratios = [f.get("variance_ratio") for f in figures.values() if isinstance(f, Mapping)]
        saved = [100.0 * (1.0 - ratio) for ratio in ratios if ratio is not None]
        if saved:
            lines.append(
                f"Replicates saved by the same draws, {pair.replace('-', ' - ')}: "
                f"{min(saved):.0f} to {max(saved):.0f} %"
            )
    return lines


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
        while count > 1 and _least(left[:count], heads, figures) > console.width:
            count -= 1
        # Where one column is too wide still, the terminal folds its lines: no figure is cut.
        needed = max(console.width, _least(left[:count], heads, figures))
        part = _part(left[:count], heads, figures, width=needed)
        Console(width=needed, highlight=False).print(part)
        left = left[count:]


def _widest(name: str, heads: Mapping[str, str], figures: Mapping[str, Any]) -> int:
    """Characters of the widest cell of a column of figures."""
    from hinomi.study.figure_words import words

    return max(len(heads[name]), *(len(words(figure)) for figure in figures[name].values()))


def _least(columns: Sequence[str], heads: Mapping[str, str], figures: Mapping[str, Any]) -> int:
    """Characters that a table needs so that no figure is folded or cut; names and units may be."""
    between = EDGES + BETWEEN * (len(columns) + 1)
    return LEAST_NAME + LEAST_UNIT + between + sum(_widest(n, heads, figures) for n in columns)


def _part(
    columns: Sequence[str], heads: Mapping[str, str], figures: Mapping[str, Any], *, width: int
) -> Any:
    from rich.box import SIMPLE
    from rich.table import Table

    from hinomi.report.words import HEADLINE_NAMES
    from hinomi.study.figure_words import words
    from hinomi.study.summary import HEADLINES

    room = width - _least(columns, heads, figures)
    name_width = min(LEAST_NAME + room, max(map(len, HEADLINE_NAMES.values())))
    table = Table(box=SIMPLE)
    table.add_column("headline", width=name_width)
    table.add_column("unit", width=LEAST_UNIT)
    for name in columns:
        table.add_column(
            heads[name], justify="right", no_wrap=True, width=_widest(name, heads, figures)
        )
    for metric in HEADLINES:
        row = [figures[name][metric] for name in columns]
        unit = "" if row[0]["unit"] == "1" else row[0]["unit"]
        table.add_row(HEADLINE_NAMES[metric], unit, *(words(figure) for figure in row))
    return table


def estimate_lines(told: Mapping[str, Any]) -> None:
    """Print what a run would take."""
    from hinomi.study.figure_words import counted

    print(
        f"{told['scenario']}: {counted(told['replicates'], 'replicate')} with "
        f"{counted(told['workers'], 'worker')} would take about {told['total_s']:.0f} s ({told['replicate_s']:.2f} s each), "
        f"{told['memory_mb']:.0f} MB of memory and {told['disk_mb']:.1f} MB of disk. "
        "Nothing was written."
    )


def verdict_lines(told: Mapping[str, Any]) -> None:
    """Print what verification found."""
    from hinomi.study.figure_words import counted

    how = "bit for bit" if told["bitwise"] else "to 1e-9 (another kind of machine)"
    again = counted(len(told["replicates"]), "replicate")
    print(f"{counted(told['files'], 'file')} against their hashes, {again} {how}")
    for mistake in told["mistakes"]:
        print(f"  {mistake}")
    print("differs" if told["mistakes"] else "verified")
