"""What all drawings of one figure share: how they are saved, and a quiet frame for curves."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

from hinomi.report.basemap import COAST, GRATICULE, INK, QUIET_INK, STYLE

DIGIT_IN: Final = 0.08  # width of a digit at 8.5 points


def spread_apart(places: Sequence[float], widths: Sequence[float]) -> list[float]:
    """Centres of labels moved as little as needed so that none covers another.

    `places` where each would stand, `widths` how wide it is, in the same unit. Labels that meet
    stand side by side about the mean of their places, in the order of their places.
    """
    order = sorted(range(len(places)), key=lambda i: places[i])
    blocks: list[tuple[float, float, list[int]]] = []  # centre, width, members
    for i in order:
        centre, width, members = float(places[i]), float(widths[i]), [i]
        while blocks and blocks[-1][0] + 0.5 * blocks[-1][1] > centre - 0.5 * width:
            before, wide, own = blocks.pop()
            count = len(own) + len(members)
            centre = (before * len(own) + centre * len(members)) / count
            width, members = wide + width, own + members
        blocks.append((centre, width, members))
    out = [0.0] * len(places)
    for centre, width, members in blocks:
        left = centre - 0.5 * width
        for i in members:
            out[i] = left + 0.5 * widths[i]
            left += widths[i]
    return out


def write_figure(draw: Callable[[], Any], path: Path) -> None:
    """Save the figure that `draw` makes as PNG or SVG: the same bytes for the same numbers."""
    import matplotlib as mpl

    kind = path.suffix.lower().lstrip(".")
    nothing: dict[str, None] = dict.fromkeys(
        ("Date", "Creator", "Format", "Type") if kind == "svg" else ("Software",)
    )
    with mpl.rc_context({**STYLE, "font.size": 9.0}):
        draw().savefig(path, format=kind, dpi=150, metadata=nothing)


def draw_frame(axes: Any, title: str) -> None:
    """Title, grid, and the two axes that numbers stand at."""
    axes.set_title(title, loc="left", fontsize=9.5, color=INK)
    axes.grid(color=GRATICULE, linewidth=0.6)
    axes.tick_params(colors=QUIET_INK, labelsize=8)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    for side in ("left", "bottom"):
        axes.spines[side].set_color(COAST)
