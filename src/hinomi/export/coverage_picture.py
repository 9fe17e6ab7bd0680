"""Coverage as pictures: maps of a region or of the Earth, differences, and fans of radars."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from textwrap import wrap
from typing import Any, Final

import numpy as np

from hinomi.export.coverage_fan import Fan
from hinomi.export.coverage_maps import MEASURES, Maps
from hinomi.export.coverage_world import draw_by_latitude, draw_world
from hinomi.records.columns import Floats
from hinomi.report.basemap import (
    INK,
    QUIET_INK,
    draw_banner,
    draw_base,
    draw_footer,
    draw_labels,
    draw_line,
    draw_points,
)
from hinomi.report.drawing import write_figure
from hinomi.report.mapview import View, around
from hinomi.study.banner import WORLD_VINTAGE, banner
from hinomi.units import DEG_RAD, KM_M

SHOWN: Final = ("mean_views", "share_fix")
NOBODY: Final = (1.0, 1.0, 1.0)
NOTHING: Final = 1e-12
ALPHA: Final = 0.75
PIXELS: Final = 700  # across a map
SEQUENTIAL, DIVERGING = "viridis_r", "PuOr_r"  # readable without red and green
# Okabe-Ito colours by height, the lowest first.
HEIGHT_COLOURS: Final = ("#D55E00", "#E69F00", "#009E73", "#0072B2", "#CC79A7", "#56B4E9")
MOST_LEVELS: Final = 10
LABELS_MOST: Final = 14
MOST_ROWS: Final = 18  # of the table beside fans


def write_maps(maps: Maps, path: Path) -> None:
    """Draw two measures over a region, or the Earth with a profile by latitude: PNG or SVG."""

    def draw(figure: Any) -> None:
        if maps.whole_earth:
            _earth(figure, maps)
        else:
            _region(figure, maps)
        _words(figure, maps.title, maps.subtitle, _note(maps))

    _save(path, draw)


def write_fans(found: Sequence[Fan], path: Path, *, title: str, words: str) -> None:
    """Draw how far radars see at each height, one colour a height: PNG or SVG."""

    def draw(figure: Any) -> None:
        axes = figure.add_axes((0.02, 0.065, 0.50, 0.805), anchor="W")
        _fans(figure, axes, found)
        _words(figure, title, words, "Distances along the ground; smooth Earth, no terrain.")

    _save(path, draw)


def _save(path: Path, draw: Any) -> None:
    from matplotlib.figure import Figure

    def drawn() -> Any:
        figure = Figure(figsize=(11.0, 6.6))
        draw(figure)
        return figure

    write_figure(drawn, path)


def _words(figure: Any, title: str, subtitle: str, note: str) -> None:
    figure.text(0.02, 0.93, title, fontsize=12.0, fontweight="bold", color=INK, va="center")
    text = "\n".join(wrap(subtitle, 150))
    figure.text(0.02, 0.908, text, fontsize=8.5, color=QUIET_INK, va="top", linespacing=1.3)
    draw_banner(figure, banner("study"))
    draw_footer(figure, [f"{note} {WORLD_VINTAGE}".strip()])


def _note(maps: Maps) -> str:
    if not maps.facts:
        return "Geometry alone: every satellite works and looks everywhere."
    return "Every sensor is there and works; one look each; no clouds, no terrain."


def _region(figure: Any, maps: Maps) -> None:
    grid = maps.found.grid
    lats, lons = np.array(grid.lat_rad) / DEG_RAD, grid.lon_rad / DEG_RAD
    half = 0.5 * grid.step_rad / DEG_RAD
    box = (lats[0] - half, lons[0] - half, lats[-1] + half, lons[-1] + half)
    centre, width, height = around(*box)
    width, height = max(width, 0.62 * height) * 1.04, max(height, 0.62 * width) * 1.04
    for i, measure in enumerate(SHOWN):
        axes = figure.add_axes((0.02 + 0.495 * i, 0.065, 0.415, 0.775), anchor="W")
        view = draw_base(
            axes, centre_lat_deg=centre[0], centre_lon_deg=centre[1], half_width_km=width,
            half_height_km=height, municipalities=False,
        )  # fmt: skip
        _cells(axes, view, maps, measure)
        axes.apply_aspect()
        at = axes.get_position()
        _bar(figure, axes, (at.x1 + 0.012, at.y0 + 0.06, 0.013, at.height - 0.12), maps, measure)
        _sites(axes, view, maps.sites)
        axes.set_title(_heading(maps, measure), loc="left", fontsize=9.5, color=INK)


def _cells(axes: Any, view: View, maps: Maps, measure: str) -> None:
    """Colour each pixel of the map by the cell that it lies in."""
    lat, lon, extent = view.pixels(PIXELS)
    grid = maps.found.grid
    step = grid.step_rad / DEG_RAD
    row = np.round((lat - grid.lat_rad[0] / DEG_RAD) / step).astype(int)
    west = grid.west_rad / DEG_RAD
    column = np.floor((lon - west + 0.5 * step) % 360.0 / step).astype(int)
    inside = (row >= 0) & (row < len(grid.lat_rad)) & (column < grid.columns)
    values = maps.values(measure)[np.where(inside, row, 0), np.where(inside, column, 0)]
    colours = scale(maps, measure)
    rgba = colours["cmap"](colours["norm"](values))
    same = np.abs(values) < NOTHING
    rgba[same] = (*NOBODY, 1.0)
    rgba[..., 3] = np.where(inside & ~(same & (maps.minus is not None)), ALPHA, 0.0)
    axes.imshow(
        rgba, extent=extent, origin="lower", interpolation="nearest", zorder=2.1, aspect="auto"
    )
    axes.set_aspect("equal")


def _sites(axes: Any, view: View, sites: Sequence[tuple[str, float, float]]) -> None:
    inside = []
    for name, lat, lon in sites:
        x, y = view.xy(lat, lon)
        if abs(x) < 0.98 * view.half_width_km and abs(y) < 0.98 * view.half_height_km:
            inside.append((lat, lon, name))
    if inside:
        draw_points(
            axes, view, [s[0] for s in inside], [s[1] for s in inside], marker="^", color=INK,
            markersize=5.0, markeredgecolor="white", markeredgewidth=0.7,
        )  # fmt: skip
        draw_labels(axes, view, inside[:LABELS_MOST], size_pt=7.0)


def _earth(figure: Any, maps: Maps) -> None:
    axes = figure.add_axes((0.045, 0.25, 0.61, 0.61 * 11.0 / 6.6 / 2.0))
    draw_world(axes)
    grid = maps.found.grid
    half = 0.5 * grid.step_rad / DEG_RAD
    lat, lon = np.array(grid.lat_rad) / DEG_RAD, grid.lon_rad / DEG_RAD
    values = maps.values(SHOWN[0])
    colours = scale(maps, SHOWN[0])
    rgba = colours["cmap"](colours["norm"](values))
    rgba[np.abs(values) < NOTHING] = (*NOBODY, 1.0)
    rgba[..., 3] = ALPHA
    axes.imshow(
        rgba, extent=(lon[0] - half, lon[-1] + half, lat[0] - half, lat[-1] + half),
        origin="lower", interpolation="nearest", zorder=2.0, aspect="auto",
    )  # fmt: skip
    axes.set(xlim=(-180.0, 180.0), ylim=(-90.0, 90.0))
    at = axes.get_position()
    _bar(figure, axes, (at.x1 + 0.012, at.y0, 0.012, at.height), maps, SHOWN[0])
    axes.set_title(_heading(maps, SHOWN[0]), loc="left", fontsize=9.5, color=INK)
    draw_by_latitude(figure.add_axes((0.765, at.y0, 0.215, at.height)), maps.found)


def _heading(maps: Maps, measure: str) -> str:
    text = MEASURES[measure]
    if maps.minus is not None:
        return f"Difference: {text}"
    return text[0].upper() + text[1:]


def scale(maps: Maps, measure: str) -> dict[str, Any]:
    """Colours of a measure: even steps from 0, or to both sides of 0 for a difference."""
    from matplotlib import colormaps
    from matplotlib.colors import BoundaryNorm

    values = maps.values(measure)
    if maps.minus is not None:
        step = 0.2 if measure != "mean_views" else nice(float(np.abs(values).max()) / 5.0)
        most = 5 if measure != "mean_views" else max(1, math.ceil(np.abs(values).max() / step))
        levels = step * np.arange(-most, most + 1)
        colours = colormaps[DIVERGING]
    else:
        step = 0.1 if measure != "mean_views" else nice(float(values.max()) / MOST_LEVELS)
        most = 10 if measure != "mean_views" else max(1, math.ceil(values.max() / step - 1e-9))
        levels = step * np.arange(most + 1)
        colours = colormaps[SEQUENTIAL]
    return {"cmap": colours, "norm": BoundaryNorm(levels, colours.N)}


def nice(least: float) -> float:
    """Give a round step that is no smaller."""
    if least <= 0.0:
        return 1.0
    size = 10.0 ** math.floor(math.log10(least))
    return next(k * size for k in (1.0, 2.0, 5.0, 10.0) if k * size >= least * (1.0 - 1e-9))


def _bar(
    figure: Any, axes: Any, place: tuple[float, float, float, float], maps: Maps, measure: str
) -> None:
    from matplotlib.cm import ScalarMappable
    from matplotlib.patches import Patch

    bar = figure.colorbar(ScalarMappable(**scale(maps, measure)), cax=figure.add_axes(place))
    bar.outline.set_visible(False)
    bar.solids.set(alpha=ALPHA)
    bar.ax.tick_params(labelsize=8, colors=QUIET_INK, length=2)
    if (np.abs(maps.values(measure)) < NOTHING).any() and maps.minus is None:
        axes.legend(
            handles=[Patch(facecolor=NOBODY, edgecolor=QUIET_INK, label="nobody")], fontsize=7.5,
            loc="lower left", framealpha=0.85, edgecolor="none", borderpad=0.4,
        ).set_zorder(9.0)  # fmt: skip


def _fans(figure: Any, axes: Any, found: Sequence[Fan]) -> None:
    lat = np.concatenate([f.outline[0] for f in found])
    lon = np.concatenate([f.outline[1] for f in found])
    trial = View(
        centre_lat_deg=0.5 * float(lat.min() + lat.max()),
        centre_lon_deg=0.5 * float(lon.min() + lon.max()),
        half_width_km=1.0, half_height_km=1.0,
    )  # fmt: skip
    x, y = trial.xy(lat, lon)
    middle = trial.lat_lon(0.5 * (x.min() + x.max()), 0.5 * (y.min() + y.max()))
    width, height = 0.53 * float(np.ptp(x)) + 20.0, 0.53 * float(np.ptp(y)) + 20.0
    view = draw_base(
        axes, centre_lat_deg=float(middle[0]), centre_lon_deg=float(middle[1]),
        half_width_km=max(width, 0.8 * height), half_height_km=max(height, 0.6 * width),
        municipalities=False,
    )  # fmt: skip
    heights = sorted({f.height_m for f in found})
    for fan in sorted(found, key=lambda f: -f.height_m):
        colour = HEIGHT_COLOURS[heights.index(fan.height_m) % len(HEIGHT_COLOURS)]
        px, py = view.xy(*_dense(*fan.outline))
        axes.fill(px, py, facecolor=colour, alpha=0.07, edgecolor="none", zorder=3.0)
        draw_line(axes, view, *_dense(*fan.outline), color=colour, linewidth=1.3)
    sites = {f.radar: f.site_deg for f in found}
    _sites(axes, view, [(name, *at) for name, at in sites.items()])
    from matplotlib.lines import Line2D

    axes.apply_aspect()

    lines = [
        Line2D([], [], color=HEIGHT_COLOURS[i % len(HEIGHT_COLOURS)], linewidth=2.0,
               label=f"{h / KM_M:g} km")
        for i, h in enumerate(heights)
    ]  # fmt: skip
    figure.legend(
        handles=lines, title="height of the target", fontsize=9.0, title_fontsize=9.0,
        loc="upper left", bbox_to_anchor=(axes.get_position().x1 + 0.015, 0.875), frameon=False,
        ncols=len(lines), columnspacing=1.2, handlelength=1.6, alignment="left",
    )  # fmt: skip
    _ranges(figure, axes.get_position().x1 + 0.02, found, heights)


def _ranges(figure: Any, left: float, found: Sequence[Fan], heights: Sequence[float]) -> None:
    """Table of greatest ranges beside the map."""
    at = {(f.radar, f.height_m): float(f.range_m.max()) / KM_M for f in found}
    radars = list(dict.fromkeys(f.radar for f in found))
    figure.text(left, 0.775, "greatest distance, km", fontsize=9.0, color=INK, va="center")
    step = min(0.11, (0.985 - left - 0.155) / len(heights))
    for j, height in enumerate(heights):
        figure.text(
            left + 0.16 + step * (j + 0.5), 0.74, f"{height / KM_M:g} km", fontsize=8.5,
            color=QUIET_INK, ha="center", va="center",
        )  # fmt: skip
    for i, radar in enumerate(radars[:MOST_ROWS]):
        y = 0.705 - 0.032 * i
        figure.text(left, y, radar, fontsize=8.5, color=INK, va="center")
        for j, height in enumerate(heights):
            figure.text(
                left + 0.16 + step * (j + 0.5), y, f"{at[radar, height]:,.0f}", fontsize=8.5,
                color=INK, ha="center", va="center",
            )  # fmt: skip
    if len(radars) > MOST_ROWS:
        y = 0.705 - 0.032 * MOST_ROWS
        words = f"and {len(radars) - MOST_ROWS} more"
        figure.text(left, y, words, fontsize=8.5, color=QUIET_INK, va="center")


def _dense(lat: Floats, lon: Floats) -> tuple[Floats, Floats]:
    """Points along straight stretches of an outline, so that they bend with the map."""
    at = np.linspace(0.0, len(lat) - 1.0, 6 * (len(lat) - 1) + 1)
    whole = np.arange(len(lat))
    return np.interp(at, whole, lat), np.interp(at, whole, lon)
