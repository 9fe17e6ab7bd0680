"""Footprints as maps: the share of the launch set that all batteries together can meet."""

from __future__ import annotations

from pathlib import Path
from textwrap import wrap
from typing import Any, Final

import numpy as np

from hinomi.footprint.answer import Map
from hinomi.footprint.defended import BOUND, JOINT, SURE
from hinomi.footprint.delays import DELAYED, EARLY, VIEWS
from hinomi.records.columns import Floats
from hinomi.report.basemap import (
    INK,
    QUIET_INK,
    draw_banner,
    draw_base,
    draw_footer,
    draw_labels,
    draw_points,
)
from hinomi.report.drawing import write_figure
from hinomi.report.mapview import View, around
from hinomi.study.banner import WORLD_VINTAGE, banner

HEADINGS: Final = {
    EARLY: "Path known when thrust ends",
    DELAYED: "Track and decision take the stated time",
}
PIXELS: Final = 700
HALF: Final = 0.5 - 1e-9
EDGE_DEG: Final = 0.01  # of the frame, within which a line is the frame's
ALPHA: Final = 0.72
COLOURS: Final = "viridis_r"
SURE_COLOUR: Final = "#D55E00"
STEPS: Final = 10
NOTE: Final = (
    "Mean over the launch set; one body at a time, full magazines, every battery there. Nothing is said of how an"
    " interceptor closes in."
)


def write_map(found: Map, path: Path) -> None:
    """Draw both views side by side: PNG or SVG."""
    from matplotlib.figure import Figure

    def draw() -> Any:
        figure = Figure(figsize=(11.0, 6.9))
        _region(figure, found)
        figure.text(0.02, 0.935, found.title, fontsize=12.0, fontweight="bold", color=INK, va="center")  # fmt: skip
        figure.text(
            0.02, 0.914, "\n".join(wrap(found.words, 165)), fontsize=7.8, color=QUIET_INK, va="top",
            linespacing=1.3,
        )  # fmt: skip
        draw_banner(figure, banner("study"))
        draw_footer(figure, [f"{NOTE} {WORLD_VINTAGE}"])
        return figure

    write_figure(draw, path)


def _region(figure: Any, found: Map) -> None:
    cells = found.found.cells
    box = found.asked.scenario.area
    centre, width, height = around(box.south_deg, box.west_deg, box.north_deg, box.east_deg)
    width, height = width * 1.03, height * 1.03
    for i, view_name in enumerate(VIEWS):
        axes = figure.add_axes((0.02 + 0.455 * i, 0.06, 0.44, 0.77), anchor="W")
        view = draw_base(
            axes, centre_lat_deg=centre[0], centre_lon_deg=centre[1],
            half_width_km=max(width, 0.7 * height), half_height_km=max(height, 0.7 * width),
            municipalities=False,
        )  # fmt: skip
        _cells(axes, view, cells, found.found.share("one_shot", view_name, JOINT))
        _sure(axes, view, cells, found.found.share("kill_90", view_name, JOINT))
        draw_points(
            axes, view, [b.lat_deg for b in found.asked.batteries],
            [b.lon_deg for b in found.asked.batteries], marker="^", color=INK, markersize=5.5,
            markeredgecolor="white", markeredgewidth=0.7,
        )  # fmt: skip
        draw_labels(
            axes, view, [(b.lat_deg, b.lon_deg, b.name) for b in found.asked.batteries], size_pt=7.0
        )
        axes.set_title(f"{HEADINGS[view_name]}: {BOUND}", loc="left", fontsize=9.0, color=INK)
    sure = [found.found.share("kill_90", name, JOINT) >= HALF for name in VIEWS]
    _key(figure, axes, everywhere=all(bool(x.all()) for x in sure))


def _cells(axes: Any, view: View, cells: Any, share: Floats) -> None:
    """Colour each pixel of the map by the cell that it lies in; nothing where nobody reaches."""
    from matplotlib import colormaps
    from matplotlib.colors import BoundaryNorm

    colours = colormaps[COLOURS]
    norm = BoundaryNorm(np.linspace(0.0, 1.0, STEPS + 1), colours.N)
    lat, lon, extent = view.pixels(PIXELS)
    row = np.floor((lat - cells.south_deg) / cells.step_lat_deg).astype(int)
    column = np.floor((lon - cells.west_deg) / cells.step_lon_deg).astype(int)
    inside = (row >= 0) & (row < cells.rows) & (column >= 0) & (column < cells.columns)
    at = np.where(inside, row * cells.columns + column, 0)
    rgba = colours(norm(np.minimum(share[at], 1.0 - 1e-9)))
    rgba[..., 3] = np.where(inside & (share[at] > 0.0), ALPHA, 0.0)
    axes.imshow(
        rgba, extent=extent, origin="lower", interpolation="nearest", zorder=2.15, aspect="auto"
    )
    axes.set_aspect("equal")
    frame = _frame(cells)
    axes.plot(*view.xy(*frame), color=QUIET_INK, linewidth=0.8, linestyle=(0, (4, 3)), zorder=3.0)


def _sure(axes: Any, view: View, cells: Any, share: Floats) -> None:
    """Line around what at least half of the launches would meet with the sure kill probability."""
    import shapely
    from matplotlib.collections import LineCollection

    inside = share >= HALF
    if not inside.any():
        return
    edges = np.array([cells.edges_deg(int(c)) for c in np.flatnonzero(inside)])
    whole = shapely.segmentize(shapely.union_all(shapely.box(*np.round(edges, 6).T)), 0.2)
    # What goes on beyond the area that was looked at has no edge there.
    frame = shapely.linearrings(np.column_stack(_frame(cells)[::-1]))
    parts = shapely.get_parts(shapely.difference(whole.boundary, shapely.buffer(frame, EDGE_DEG)))
    lines = [np.column_stack(view.xy(c[:, 1], c[:, 0])) for c in map(shapely.get_coordinates, parts)]  # fmt: skip
    axes.add_collection(LineCollection(lines, colors=SURE_COLOUR, linewidths=1.4, zorder=3.2))


def _frame(cells: Any) -> tuple[Floats, Floats]:
    """Edge of the area that was looked at."""
    south, west = cells.south_deg, cells.west_deg
    north, east = (
        south + cells.rows * cells.step_lat_deg,
        west + cells.columns * cells.step_lon_deg,
    )
    s, t = np.linspace(0.0, 1.0, 40), np.ones(40)
    lat = np.concatenate([south * t, south + (north - south) * s, north * t, north + (south - north) * s])  # fmt: skip
    lon = np.concatenate([west + (east - west) * s, east * t, east + (west - east) * s, west * t])
    return lat, lon


def _key(figure: Any, axes: Any, *, everywhere: bool) -> None:
    from matplotlib import colormaps
    from matplotlib.cm import ScalarMappable
    from matplotlib.colors import BoundaryNorm
    from matplotlib.lines import Line2D

    axes.apply_aspect()
    at = axes.get_position()
    colours = colormaps[COLOURS]
    norm = BoundaryNorm(np.linspace(0.0, 1.0, STEPS + 1), colours.N)
    bar = figure.colorbar(
        ScalarMappable(norm=norm, cmap=colours),
        cax=figure.add_axes((at.x1 + 0.012, at.y0 + 0.16, 0.013, at.height - 0.24)),
    )
    bar.outline.set_visible(False)
    bar.solids.set(alpha=ALPHA)
    bar.ax.tick_params(labelsize=8, colors=QUIET_INK, length=2)
    figure.text(
        at.x1 + 0.008, at.y1 - 0.002, "Share of launches\nthat can be met\nby a salvo", fontsize=7.6,
        color=INK, va="top", linespacing=1.2,
    )  # fmt: skip
    where = ":\nall of this\narea" if everywhere else ""
    words = f"killed with\n{SURE:g} or more\nin half of\nthem{where}"
    line = Line2D([], [], color=SURE_COLOUR, linewidth=1.6, label=words)
    figure.legend(
        handles=[line], loc="lower left", bbox_to_anchor=(at.x1 + 0.002, at.y0 - 0.01), fontsize=7.6,
        frameon=False, handlelength=1.2,
    )  # fmt: skip
