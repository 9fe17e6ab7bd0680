"""An evacuation as a picture: people still there by day, and what doubling each exit would save."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import numpy as np

from hinomi.export.evacuation_answer import Evacuated
from hinomi.report.basemap import INK, QUIET_INK, draw_banner, draw_footer, svg
from hinomi.report.figures import THEME
from hinomi.study.banner import banner

BLUE, ORANGE = "#0072B2", "#E69F00"
SIZE: Final = (10.0, 5.0)
BARS: Final = 8


def draw(found: Evacuated, told: dict[str, Any], *, bare: bool = False) -> Any:
    """Draw the figure; `bare` leaves out title and footer, for a page that says them around it."""
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot as plt

    with mpl.rc_context(THEME):
        figure, (left, right) = plt.subplots(1, 2, figsize=SIZE, width_ratios=(3, 2))
        _remaining(left, told)
        _saved(right, told)
        draw_banner(figure, banner("study"))
        if not bare:
            words = f"{told['title']}: {told['people']:,} people, {told['season']} season"
            figure.text(0.012, 0.893, words, fontsize=12.5, fontweight="bold", color=INK)
            draw_footer(figure, [_footer(found, told)])
        figure.subplots_adjust(
            left=0.08,
            right=0.985,
            top=0.9 if bare else 0.85,
            bottom=0.14 if bare else 0.18,
            wspace=0.55,
        )
    return figure


def _footer(found: Evacuated, told: dict[str, Any]) -> str:
    grades = sorted({k.grade for k in found.loaded.numbers})
    return (
        f"Capacities in people a day, daily steps; {told['replicates']:,} replicates, seed "
        f"{told['seed']}. Numbers: {', '.join(grades)}; `hinomi evacuate {told['plan']} --sources` "
        "prints each with its source."
    )


def _remaining(axes: Any, told: dict[str, Any]) -> None:
    rows = told["remaining"]
    day = np.array([r["day"] for r in rows])
    low, middle, high, plan = (
        np.array([r[k] for r in rows]) / 1000.0 for k in ("low", "value", "high", "planned")
    )
    axes.fill_between(day, low, high, color=BLUE, alpha=0.2, lw=0, label="90 % of replicates")
    axes.plot(day, middle, color=BLUE, lw=2, label="median")
    axes.plot(day, plan, color=INK, lw=1.4, ls=(0, (4, 2)), label="as planned, calm weather")
    axes.set_xlim(0, day[-1])
    axes.set_ylim(0, 1.05 * max(plan[0], 1e-9))
    axes.set_xlabel("days after transport begins")
    axes.set_ylabel("people still there, thousands")
    axes.legend(frameon=False, fontsize=9.5, loc="upper right")


def _saved(axes: Any, told: dict[str, Any]) -> None:
    rows = told["doubled"][:BARS][::-1]
    saved = [max(0.0, r["days_saved"]) for r in rows]
    colours = [ORANGE if i == len(rows) - 1 else "#b8c4ce" for i in range(len(rows))]
    axes.barh(range(len(rows)), saved, color=colours, height=0.65)
    axes.set_yticks(range(len(rows)), [r["exit"] for r in rows])
    top = max([*saved, 0.1])
    for y, value in enumerate(saved):
        axes.text(value + 0.02 * top, y, f"{value:.2f}", va="center", fontsize=9.5, color=QUIET_INK)
    axes.set_xlim(0, 1.18 * top)
    axes.set_xlabel("days saved by doubling its capacity")
    axes.grid(axis="y", visible=False)
    axes.tick_params(axis="y", length=0)


def write_picture(found: Evacuated, told: dict[str, Any], path: Path) -> None:
    """Write the figure as PNG or SVG, by the name's ending."""
    figure = draw(found, told)
    if path.suffix.lower() == ".svg":
        path.write_text(svg_text(figure, told), encoding="utf-8")
        return
    from matplotlib import pyplot as plt

    figure.savefig(path, dpi=150, metadata={"Software": None})
    plt.close(figure)


def svg_text(figure: Any, told: dict[str, Any]) -> str:
    """Inline SVG of the figure; closes it."""
    days = told["days"]
    shown = banner("study").english
    return svg(
        figure,
        "evacuation",
        title=f"People still there by day: {told['title']}",
        desc=f"{shown}. Median {days['value']} days, 90 % of replicates {days['low']} to {days['high']}.",
    )
