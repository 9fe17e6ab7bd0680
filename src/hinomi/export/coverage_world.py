"""The whole Earth in degrees, and what satellites see by latitude."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from hinomi.records.columns import Floats
from hinomi.report.basemap import COAST, INK, LAND, QUIET_INK, SEA
from hinomi.report.drawing import draw_frame
from hinomi.scenario.places_outlines import prefecture_outlines, world_land
from hinomi.units import DEG_RAD
from hinomi.watch.coverage import Coverage

# Okabe-Ito colours; one colour, one number of satellites.
PROFILES: Final = (
    ("share_1", "1 or more", "#0072B2", "-"),
    ("share_2", "2 or more", "#D55E00", "--"),
    ("share_3", "3 or more", "#009E73", ":"),
)


def draw_world(axes: Any) -> None:
    """Coasts over an even grid of degrees; outlines stay visible under pale colours."""
    import shapely
    from matplotlib.collections import LineCollection, PolyCollection

    axes.set_facecolor(SEA)
    axes.set(xlim=(-180.0, 180.0), ylim=(-90.0, 90.0))
    axes.set_aspect("equal")
    axes.set_xticks(range(-180, 181, 60), ["180", "120W", "60W", "0", "60E", "120E", "180"])
    axes.set_yticks(range(-90, 91, 30), ["90S", "60S", "30S", "0", "30N", "60N", "90N"])
    axes.tick_params(colors=QUIET_INK, labelsize=8)
    for spine in axes.spines.values():
        spine.set(color=COAST, linewidth=0.6)
    shapes = np.concatenate([world_land(), prefecture_outlines()[1]])
    parts = shapely.get_parts(shapely.get_parts(shapely.simplify(shapes, 0.3)))
    rings = []
    for part in parts:
        if part.geom_type != "Polygon":
            continue
        ring = shapely.get_coordinates(shapely.get_exterior_ring(part))
        lon = np.unwrap(ring[:, 0], period=360.0)
        rings += [np.column_stack([lon + turn, ring[:, 1]]) for turn in (-360.0, 0.0, 360.0)]
    axes.add_collection(PolyCollection(rings, facecolor=LAND, edgecolor="none", zorder=1.0))
    axes.add_collection(LineCollection(rings, colors=INK, linewidths=0.25, zorder=3.0))


def by_latitude(found: Coverage, measure: str) -> Floats:
    """(R,) mean of a measure over each row."""
    mean: Floats = getattr(found, measure).mean(axis=1)
    return mean


def draw_by_latitude(axes: Any, found: Coverage) -> None:
    """Shares of time and longitude with so many in view, over latitude."""
    lat = np.array(found.grid.lat_rad) / DEG_RAD
    for measure, label, colour, line in PROFILES:
        axes.plot(
            by_latitude(found, measure), lat, color=colour, linestyle=line, linewidth=1.8,
            label=label, clip_on=False, zorder=4,
        )  # fmt: skip
    axes.set(xlim=(0.0, 1.0), ylim=(-90.0, 90.0))
    axes.set_yticks(range(-90, 91, 30), ["90S", "60S", "30S", "0", "30N", "60N", "90N"])
    draw_frame(axes, "Share of time and longitude")
    axes.legend(
        fontsize=8, frameon=False, title="in view", title_fontsize=8, loc="upper center",
        bbox_to_anchor=(0.44, -0.1), ncols=3, handlelength=1.6, columnspacing=0.8,
    )  # fmt: skip
