"""What all drawings of one figure share: how they are saved, and a quiet frame for curves."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from hinomi.report.basemap import COAST, GRATICULE, INK, QUIET_INK, STYLE


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
