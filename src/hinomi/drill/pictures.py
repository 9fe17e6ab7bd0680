"""Drawings of an exercise: a map of area against recipients, a timeline. English or romaji inside."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

import numpy as np
import shapely

from hinomi.report.basemap import draw_area, draw_base, draw_labels, svg
from hinomi.report.figures import THEME
from hinomi.scenario.places import load_places
from hinomi.scenario.places_outlines import municipality_outlines
from hinomi.study.banner import banner, description

# Colour, hatch and words of what a municipality is; never colour alone.
AREAS: Final = {
    "gets_it": ("#56B4E9", "", "alerted, takes part"),
    "not_enrolled": ("#F0E442", "....", "alerted, no receiver"),
    "not_alerted": ("#d9dde1", "", "takes part, never alerted"),
    "reached": ("#009E73", "", "shown"),
    "late": ("#E69F00", "////", "shown late"),
    "unreached": ("#D55E00", "xxxx", "not reached"),
}
STAGE_STYLE: Final = {
    "released": ("#222222", "|"),
    "received": ("#56B4E9", "o"),
    "shown": ("#009E73", "s"),
    "confirmed": ("#0072B2", "D"),
    "arrival": ("#D55E00", "X"),
}
LABELS: Final = 14  # names on a map; the rest is in the table
ROWS: Final = 45  # of a timeline


def area_map(groups: Mapping[str, Collection[str]], *, title: str, lines: Sequence[str]) -> str:
    """Municipalities by what they are in the exercise (keys of `AREAS`), as SVG."""
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib.figure import Figure
    from matplotlib.patches import Patch

    codes, shapes = municipality_outlines()
    shape_of = dict(zip(codes, shapes, strict=True))
    told = {k: [shape_of[c] for c in sorted(v) if c in shape_of] for k, v in groups.items() if v}
    everything = [s for each in told.values() for s in each]
    with mpl.rc_context(THEME):
        figure = Figure(figsize=(9.0, 6.0), layout="constrained")
        axes = figure.add_subplot()
        axes.grid(visible=False)
        view = draw_base(axes, **_frame(everything))
        for name, found in told.items():
            colour, hatch, _ = AREAS[name]
            draw_area(
                axes,
                view,
                np.array(found, object),
                facecolor=colour,
                alpha=0.75,
                hatch=hatch or None,
            )
        draw_labels(axes, view, _labels(groups), size_pt=8.0)
        axes.legend(
            handles=[
                Patch(facecolor=AREAS[n][0], hatch=AREAS[n][1] or None, edgecolor="#2b3640",
                      label=f"{AREAS[n][2]}: {len(groups[n])}")
                for n in told
            ],
            loc="upper left", fontsize=9, framealpha=0.9,
        )  # fmt: skip
        return str(svg(figure, "drillmap", title=title, desc=description("exercise", lines)))


def _frame(shapes: Sequence[Any]) -> dict[str, Any]:
    west, south, east, north = shapely.total_bounds(np.array(shapes, object))
    wide = 111.2 * (east - west) * np.cos(np.radians((south + north) / 2.0)) / 2.0
    high = 111.2 * (north - south) / 2.0
    half = max(wide, 1.5 * high, 40.0) * 1.1
    return {
        "centre_lat_deg": float(south + north) / 2.0,
        "centre_lon_deg": float(west + east) / 2.0,
        "half_width_km": float(half),
        "half_height_km": float(half / 1.5),
    }


def _labels(groups: Mapping[str, Collection[str]]) -> list[tuple[float, float, str]]:
    places = load_places()
    wanted = {c for codes in groups.values() for c in codes}
    rows = [i for i, c in enumerate(places.code) if c in wanted]
    rows.sort(key=lambda i: -places.population[i])
    return [
        (float(places.lat_deg[i]), float(places.lon_deg[i]), places.name_en[i].partition("-")[0])
        for i in rows[:LABELS]
    ]


def timeline(
    rows: Sequence[Mapping[str, Any]], marks: Sequence[tuple[float, str]], end_s: float
) -> str:
    """A line for each municipality: when it was alerted, had it, showed it, and the arrival.

    rows
        `name_en`, and scenario times [s] (or None) by the names of `STAGE_STYLE`.
    marks
        scenario time and name of each inject.
    """
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib.figure import Figure

    shown = list(rows)[:ROWS]
    with mpl.rc_context(THEME):
        figure = Figure(figsize=(9.0, 1.6 + 0.21 * max(len(shown), 4)), layout="constrained")
        axes = figure.add_subplot()
        for k, row in enumerate(shown):
            times = [row[s] for s in ("released", "shown", "arrival") if row.get(s) is not None]
            if len(times) > 1:
                axes.plot([min(times), max(times)], [k, k], color="#c9d1d9", linewidth=2, zorder=1)
        for stage, (colour, marker) in STAGE_STYLE.items():
            at = [(row[stage], k) for k, row in enumerate(shown) if row.get(stage) is not None]
            if at:
                axes.plot(*zip(*at, strict=True), linestyle="none", marker=marker, color=colour,
                          markersize=6, label=stage, zorder=3)  # fmt: skip
        for t, _ in marks:
            axes.axvline(t, color="#CC79A7", linewidth=0.9, linestyle=":", zorder=0)
        if marks:
            axes.plot([], [], color="#CC79A7", linestyle=":", label="inject")
        axes.set_yticks(
            range(len(shown)), [str(r["name_en"]).partition("-")[0] for r in shown], fontsize=8
        )
        axes.set(xlim=(0.0, end_s), xlabel="scenario clock [s]")
        axes.invert_yaxis()
        figure.legend(loc="outside upper center", ncols=7, fontsize=9, frameon=False)
        words = ["When each municipality was alerted, received and showed the alert."]
        drawn = svg(
            figure,
            "drilltime",
            title="Timeline by municipality",
            desc=description("exercise", words),
        )
        return str(drawn)


def banner_of(status: str) -> dict[str, str]:
    """Banner of a page: both languages, colour of the ground."""
    found = banner(status)
    return {"text": found.text, "colour": found.ground}
