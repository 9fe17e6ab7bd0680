"""Pictures of the first screen: key figures with their intervals; chance and assumptions as two bands."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, Final

from hinomi.report.figures import style_of
from hinomi.report.words import HEADLINE_NAMES

SHOWN: Final = ("first_alert_s", "lead_s", "warned_in_time_share", "leakers", "shots", "cost_musd")
ABOUT_DEFENCE: Final = 3  # figures from here on matter only where there are batteries
CHANCE: Final = "#0072B2"
ASSUMED: Final = "#E69F00"
ZERO: Final = "#D55E00"
COLUMNS: Final = 3
UNIT_WORDS: Final = {"s": "seconds", "1": "%", "points": "percentage points"}


def key_panels(
    told: Mapping[str, Mapping[str, Any]],
    architectures: Sequence[str],
    labels: Mapping[str, str],
    *,
    defended: bool,
) -> Any:
    """One panel a figure, one row an architecture: the value and its 95 % interval.

    `told` architecture -> figure -> value, low, high, unit, as in the summary. None where no figure
    has a value.
    """
    from matplotlib import pyplot as plt

    chosen = SHOWN if defended else SHOWN[:ABOUT_DEFENCE]
    names = [n for n in chosen if any(_shown(told[a].get(n)) for a in architectures)]
    if not names:
        return None
    columns = min(COLUMNS, len(names))
    rows = math.ceil(len(names) / columns)
    style = style_of(architectures)
    figure, panels = plt.subplots(
        rows, columns, figsize=(9.2, rows * (0.75 + 0.25 * len(architectures))),
        layout="constrained", squeeze=False, sharey=True,
    )  # fmt: skip
    for axes, name in zip(panels.flat, names, strict=False):
        for i, a in enumerate(architectures):
            _interval(axes, i, told[a].get(name), style[a])
        unit = next(told[a][name]["unit"] for a in architectures)
        axes.set_title(HEADLINE_NAMES[name], fontsize=9.5, loc="left")
        axes.set_xlabel(UNIT_WORDS.get(unit, unit), fontsize=9)
        axes.tick_params(axis="x", labelsize=8.5)
        axes.tick_params(axis="y", length=0)
        axes.grid(axis="y", visible=False)
        axes.margins(x=0.08)
    for axes in panels.flat[len(names) :]:
        axes.set_visible(False)
    for line in panels:
        line[0].set_yticks(range(len(architectures)), [labels[a] for a in architectures])
        line[0].set_ylim(len(architectures) - 0.4, -0.6)
    return figure


def _shown(entry: Mapping[str, Any] | None) -> bool:
    return entry is not None and entry.get("value") is not None


def _interval(
    axes: Any, row: float, entry: Mapping[str, Any] | None, style: tuple[str, str]
) -> None:
    """Mark and line; an open end runs a little beyond the other."""
    if entry is None or entry.get("value") is None:
        return
    scale = 100.0 if entry["unit"] == "1" else 1.0
    value = scale * entry["value"]
    low, high = (value if entry.get(k) is None else scale * entry[k] for k in ("low", "high"))
    colour, marker = style
    axes.plot([low, high], [row, row], color=colour, lw=2.4, solid_capstyle="butt")
    axes.plot(value, row, marker, color=colour, ms=7.5, mec="white", mew=0.9, zorder=3)


def band_panels(rows: Sequence[Mapping[str, Any]]) -> Any:
    """One panel a figure: the interval of chance above, the band of assumptions below, zero marked.

    `rows` as from `beside.bands`.
    """
    from matplotlib import pyplot as plt

    columns = min(2, len(rows))
    lines = math.ceil(len(rows) / columns)
    figure, panels = plt.subplots(
        lines, columns, figsize=(9.2, 0.5 + 1.12 * lines), layout="constrained", squeeze=False
    )
    for axes, row in zip(panels.flat, rows, strict=False):
        for at, ends, colour, width, marker in (
            (0.0, row["chance"], CHANCE, 2.2, "o"),
            (1.0, row["assumed"], ASSUMED, 8.0, ""),
        ):
            if None not in ends:
                shown = list(ends)
                axes.plot(shown, [at, at], color=colour, lw=width, solid_capstyle="butt")
            if marker:
                axes.plot(row["value"], at, marker, color=colour, ms=7.5, mec="white")
        axes.axvline(0.0, color=ZERO, lw=1.0, ls=(0, (4, 3)), zorder=1)
        unit = UNIT_WORDS.get(row["unit"], row["unit"])
        axes.set_title(f"{HEADLINE_NAMES[row['name']]}, {unit}", fontsize=9.5, loc="left")
        axes.set_yticks([0.0, 1.0], ["chance", "assumptions"], fontsize=8.5)
        axes.set_ylim(1.7, -0.7)
        axes.tick_params(axis="x", labelsize=8.5)
        axes.tick_params(axis="y", length=0)
        axes.grid(axis="y", visible=False)
    for axes in panels.flat[len(rows) :]:
        axes.set_visible(False)
    return figure
