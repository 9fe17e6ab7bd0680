"""Leakers and rounds by size of the raid: Monte Carlo with its interval, closed form beside it."""

from __future__ import annotations

from pathlib import Path
from textwrap import wrap
from typing import Any, Final

from hinomi.footprint.raid_answer import ASSUMES, Raids
from hinomi.report.basemap import (
    INK,
    QUIET_INK,
    draw_banner,
    draw_footer,
)
from hinomi.report.drawing import draw_frame, write_figure
from hinomi.study.banner import banner

LEAKERS: Final = "#D55E00"
ROUNDS: Final = "#0072B2"
CLOSED: Final = "#66757f"


def write_raids(raids: Raids, path: Path) -> None:
    """Draw leakers on the left and rounds on the right: PNG or SVG."""
    from matplotlib.figure import Figure

    def draw() -> Any:
        figure = Figure(figsize=(11.0, 5.6))
        _leakers(figure.add_axes((0.055, 0.145, 0.42, 0.665)), raids)
        _rounds(figure.add_axes((0.55, 0.145, 0.42, 0.665)), raids)
        figure.text(0.02, 0.92, raids.title, fontsize=12.0, fontweight="bold", color=INK, va="center")  # fmt: skip
        figure.text(
            0.02, 0.892, "\n".join(wrap(raids.words, 160)), fontsize=8.3, color=QUIET_INK, va="top"
        )
        draw_banner(figure, banner("study"))
        draw_footer(figure, [ASSUMES])
        return figure

    write_figure(draw, path)


def _frame(axes: Any, title: str) -> None:
    draw_frame(axes, title)
    axes.set_xlabel("bodies in the raid", color=QUIET_INK)
    axes.set_ylim(bottom=0.0)
    axes.set_xlim(left=0.0)


def _leakers(axes: Any, raids: Raids) -> None:
    points = raids.found.points
    sizes = [p.size for p in points]
    axes.fill_between(
        sizes, [max(p.leakers.low, 0.0) for p in points], [p.leakers.high for p in points],
        color=LEAKERS, alpha=0.18, linewidth=0.0, label="95 % of the mean",
    )  # fmt: skip
    axes.plot(
        sizes, [p.leakers.value for p in points], color=LEAKERS, linewidth=1.8, marker="o",
        markersize=3.0, label="Monte Carlo",
    )  # fmt: skip
    axes.plot(
        sizes, [p.closed_leakers for p in points], color=CLOSED, linewidth=1.5,
        linestyle="--", label="closed form, pooled stock",
    )  # fmt: skip
    _frame(axes, "Leakers")
    axes.legend(fontsize=8, frameon=False, loc="upper left")


def _rounds(axes: Any, raids: Raids) -> None:
    found = raids.found
    sizes = [p.size for p in found.points]
    axes.plot(
        sizes, [p.rounds.value for p in found.points], color=ROUNDS, linewidth=1.8, marker="o",
        markersize=3.0, label="rounds fired",
    )  # fmt: skip
    axes.plot(
        sizes, [p.closed_rounds for p in found.points], color=CLOSED, linewidth=1.5, linestyle="--",
        label="closed form",
    )  # fmt: skip
    axes.axhline(found.ready, color=INK, linewidth=1.0, linestyle=":")
    axes.text(0.1, found.ready, f"all {found.ready} ready rounds", fontsize=8, color=INK, va="bottom")  # fmt: skip
    marks = (
        (found.first_empty_size, "a battery empty\nin half of the raids"),
        (found.depletion_size, "all empty\nin half of the raids"),
    )
    _frame(axes, "Rounds fired, and where magazines give out")
    axes.set_ylim(0.0, 1.12 * found.ready)
    for k, (size, words) in enumerate(marks):
        if size is not None:
            axes.axvline(size, color=LEAKERS, linewidth=1.0, linestyle=(0, (3, 2)))
            axes.annotate(
                words, (size, (0.08 + 0.16 * k) * found.ready), xytext=(-4.0, 0.0), ha="right",
                textcoords="offset points", fontsize=8, color=LEAKERS,
            )  # fmt: skip
    axes.legend(fontsize=8, frameon=False, loc="upper left", bbox_to_anchor=(0.0, 0.86))
