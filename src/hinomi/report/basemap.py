"""Maps for reports: azimuthal-equidistant view, quiet base, lines, points and areas, inline SVG."""

from __future__ import annotations

import io
import math
import re
from collections.abc import Sequence
from html import escape
from textwrap import wrap
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from hinomi.report.mapview import RADIUS_KM, View
from hinomi.scenario.places_outlines import (
    municipality_outlines,
    prefecture_outlines,
    world_borders,
    world_land,
)
from hinomi.study.banner import Banner

# Light print theme: greys and grey-blues; saturated colour is left to what asks for attention.
SEA: Final = "#edf2f6"
LAND: Final = "#d9dde1"
HOME: Final = "#f8f8f5"  # Japan
COAST: Final = "#8494a3"
BORDER: Final = "#a9b5c0"
GRATICULE: Final = "#d3dde6"
INK: Final = "#2b3640"
QUIET_INK: Final = "#66757f"
# Okabe-Ito colours; one colour, one meaning.
BALLISTIC: Final = "#D55E00"
GLIDE: Final = "#E69F00"
RADAR: Final = "#009E73"
WARNING_AREA: Final = "#F0E442"

STYLE: Final = {
    "svg.fonttype": "none",  # text stays text
    "svg.hashsalt": "hinomi",  # the same ids every time
    "font.size": 11.0,
    "font.family": ["DejaVu Sans"],
    "axes.unicode_minus": False,
}
MUNICIPAL_BELOW_KM: Final = 400.0  # half widths at which municipal borders can still be told apart
DETAIL: Final = 1.0 / 600.0  # outlines are simplified to this share of the half width
LEAST_PART: Final = 1.0 / 450.0  # islets narrower than this share are left out ...
LEAST_PART_KM2: Final = (
    4.0  # ... but never one larger than this: every inhabited island group stays
)
BANNER_PT: Final = 18.0  # height of the banner
FOOTER_PT: Final = 6.5
MERIDIAN_NAME_PT: Final = 44.0  # room that the name of a meridian takes, with a gap
LETTER_WIDTH: Final = 0.56  # mean width of a letter of DejaVu Sans, in font sizes
# Where a label may stand, best first: offset in points from its point, and how it is aligned.
LABEL_SPOTS: Final = (
    (5.0, 4.0, "left"),
    (5.0, -11.0, "left"),
    (-5.0, 4.0, "right"),
    (-5.0, -11.0, "right"),
    (0.0, 8.0, "center"),
    (0.0, -16.0, "center"),
)


def draw_base(
    axes: Any,
    *,
    centre_lat_deg: float,
    centre_lon_deg: float,
    half_width_km: float,
    half_height_km: float | None = None,
    municipalities: bool | None = None,
) -> View:
    """Paint sea, land, borders, graticule and scale bar; return the view that the helpers take.

    Parameters
    ----------
    half_width_km, half_height_km
        half the extent of the map; square where no height is given.
    municipalities
        draw municipal borders; by default only on maps less than 800 km wide.
    """
    height = half_width_km if half_height_km is None else half_height_km
    view = View(
        centre_lat_deg=centre_lat_deg,
        centre_lon_deg=centre_lon_deg,
        half_width_km=half_width_km,
        half_height_km=height,
    )
    axes.set(xlim=(-half_width_km, half_width_km), ylim=(-height, height), xticks=[], yticks=[])
    axes.set_aspect("equal")
    axes.set_facecolor(SEA)
    for spine in axes.spines.values():
        spine.set(color=COAST, linewidth=0.6)
    _graticule(axes, view)
    _world(axes, view)
    if municipalities or (municipalities is None and half_width_km < MUNICIPAL_BELOW_KM):
        _japan(axes, view, municipality_outlines()[1], fill=True, width=0.25, colour=BORDER)
        _japan(axes, view, prefecture_outlines()[1], fill=False, width=0.6, colour=COAST)
    else:
        _japan(axes, view, prefecture_outlines()[1], fill=True, width=0.4, colour=BORDER)
    _scale_bar(axes, view)
    return view


def draw_line(axes: Any, view: View, lat_deg: Any, lon_deg: Any, **style: Any) -> Any:
    """Draw a line through points in degrees; `style` goes to matplotlib's `plot`."""
    x, y = view.xy(lat_deg, lon_deg)
    return axes.plot(
        x, y, **({"zorder": 5.0, "linewidth": 1.4, "solid_capstyle": "round"} | style)
    )[0]


def draw_points(axes: Any, view: View, lat_deg: Any, lon_deg: Any, **style: Any) -> Any:
    """Draw marks at points in degrees; `style` goes to matplotlib's `plot`."""
    x, y = view.xy(np.atleast_1d(lat_deg), np.atleast_1d(lon_deg))
    base = {"zorder": 6.0, "linestyle": "none", "marker": "o", "markersize": 4.0, "color": INK}
    return axes.plot(x, y, **(base | style))[0]


def draw_label(
    axes: Any, view: View, lat_deg: float, lon_deg: float, text: str, **style: Any
) -> Any:
    """Write English or romaji beside a point, on a pale ground that keeps it readable."""
    x, y = view.xy(lat_deg, lon_deg)
    base: dict[str, Any] = {
        "xytext": (5.0, 4.0),
        "textcoords": "offset points",
        "fontsize": 9.0,
        "color": INK,
        "zorder": 8.0,
        "bbox": {"facecolor": "white", "alpha": 0.65, "edgecolor": "none", "pad": 0.8},
        "annotation_clip": True,
        "clip_on": True,
    }
    return axes.annotate(text, (float(x), float(y)), **(base | style))


def draw_area(axes: Any, view: View, shape: Any, **style: Any) -> Any:
    """Fill shapely polygons in degrees (one, or an array of them); `style` goes to the patch."""
    base = {
        "facecolor": WARNING_AREA,
        "edgecolor": INK,
        "linewidth": 0.5,
        "alpha": 0.6,
        "zorder": 3.0,
    }
    return _patch(axes, _on_map(view, np.atleast_1d(np.asarray(shape, object))), base | style)


def draw_labels(
    axes: Any,
    view: View,
    labels: Sequence[tuple[float, float, str]],
    *,
    size_pt: float = 9.0,
) -> int:
    """Write texts so that none covers another or a point; return how many found no room.

    Parameters
    ----------
    labels
        latitude, longitude [deg] and text, the most important first.
    """
    axes.apply_aspect()
    lat, lon = np.array([n[0] for n in labels]), np.array([n[1] for n in labels])
    to_pt = 72.0 / axes.figure.dpi
    spots = axes.transData.transform(np.column_stack(view.xy(lat, lon))) * to_pt
    frame = axes.bbox.extents * to_pt
    taken = [(x - 3.0, y - 3.0, x + 3.0, y + 3.0) for x, y in spots]
    hidden = 0
    for own, ((x, y), (lat_deg, lon_deg, text)) in enumerate(zip(spots, labels, strict=True)):
        width = LETTER_WIDTH * size_pt * len(text)
        for dx, dy, side in LABEL_SPOTS:
            west = x + dx - width * {"left": 0.0, "center": 0.5, "right": 1.0}[side]
            box = (west - 1.0, y + dy - 2.0, west + width + 1.0, y + dy + size_pt)
            others = taken[:own] + taken[own + 1 :]
            if _inside(box, frame) and not any(_overlap(box, other) for other in others):
                draw_label(
                    axes, view, lat_deg, lon_deg, text, xytext=(dx, dy), ha=side, fontsize=size_pt
                )
                taken.append(box)
                break
        else:
            hidden += 1
    return hidden


def draw_banner(figure: Any, shown: Banner) -> None:
    """Put the banner inside the drawing, along its top edge; English, so that no font is missed."""
    from matplotlib.patches import Rectangle

    height = BANNER_PT / (72.0 * figure.get_figheight())
    bar = Rectangle((0.0, 1.0 - height), 1.0, height, transform=figure.transFigure, zorder=10.0)
    bar.set(facecolor=shown.ground, edgecolor="none")
    figure.add_artist(bar)
    figure.text(
        0.5, 1.0 - height / 2.0, shown.english, ha="center", va="center_baseline", fontsize=10.0,
        fontweight="bold", color=shown.ink, zorder=11.0,
    )  # fmt: skip


def draw_footer(figure: Any, lines: Sequence[str]) -> None:
    """Write the vintage lines under the map; what is Japanese stays for the page around it."""
    room = int(72.0 * figure.get_figwidth() * 0.98 / (LETTER_WIDTH * FOOTER_PT))
    plain = [re.sub(r"\s*[^\x00-\x7f]+", "", line) for line in lines]
    text = "\n".join(part for line in plain for part in wrap(line, room))
    figure.text(0.01, 0.006, text, ha="left", va="bottom", fontsize=FOOTER_PT, color=QUIET_INK)


def svg(figure: Any, prefix: str, *, title: str, desc: str) -> str:
    """Inline SVG of a figure, the same bytes every time; closes the figure.

    Parameters
    ----------
    prefix
        put before every id, because two inline figures share dozens of them otherwise.
    title, desc
        for screen readers; `desc` should begin with the banner (see `banner.description`).
    """
    import matplotlib as mpl
    from matplotlib import pyplot as plt

    buffer = io.StringIO()
    nothing = dict.fromkeys(("Date", "Creator", "Format", "Type"))
    with mpl.rc_context(STYLE):
        figure.savefig(buffer, format="svg", metadata=nothing)
    plt.close(figure)
    text = buffer.getvalue()
    text = text[text.index("<svg") :]
    text = re.sub(r'\bid="', f'id="{prefix}-', text)
    text = re.sub(r"url\(#", f"url(#{prefix}-", text)
    text = re.sub(r'(xlink:href|href)="#', rf'\1="#{prefix}-', text)
    # A hundredth of a point is finer than any printer; the rest of the digits is half the file.
    text = re.sub(r'\bd="[^"]*"', lambda m: re.sub(r"(\.\d\d)\d+", r"\1", m.group()), text)
    names = f'role="img" aria-labelledby="{prefix}-title {prefix}-desc"'
    head, body = text.split(">", 1)
    return (
        f'{head} {names}>\n<title id="{prefix}-title">{escape(title)}</title>\n'
        f'<desc id="{prefix}-desc">{escape(desc)}</desc>{body}'
    )


def _overlap(a: Sequence[float], b: Sequence[float]) -> bool:
    return a[0] < b[2] and a[2] > b[0] and a[1] < b[3] and a[3] > b[1]


def _inside(a: Sequence[float], frame: Sequence[float]) -> bool:
    return a[0] > frame[0] and a[1] > frame[1] and a[2] < frame[2] and a[3] < frame[3]


def _on_map(view: View, shapes: NDArray[np.object_]) -> NDArray[np.object_]:
    """Shapes in degrees clipped to the view, in kilometres on the map; empty ones are dropped."""
    import shapely

    south, north, west, east = view.bounds()
    parts = []
    for turn in (-360.0, 0.0, 360.0):  # a view across the date line sees both sides
        box = (west + turn, south, east + turn, north)
        seen = shapely.clip_by_rect(shapes[shapely.intersects(shapes, shapely.box(*box))], *box)
        parts.append(seen[~shapely.is_empty(seen)])
    near = shapely.segmentize(np.concatenate(parts), 1.0)  # long edges must bend with the map

    def to_map(c: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.column_stack(view.xy(c[:, 1], c[:, 0]))

    on_map: NDArray[np.object_] = shapely.transform(near, to_map)
    return on_map


def _framed(view: View, shapes: NDArray[np.object_]) -> NDArray[np.object_]:
    import shapely

    w, h = 1.02 * view.half_width_km, 1.02 * view.half_height_km
    seen: NDArray[np.object_] = shapely.clip_by_rect(shapes, -w, -h, w, h)
    kept: NDArray[np.object_] = seen[~shapely.is_empty(seen)]
    return kept


def _world(axes: Any, view: View) -> None:
    import shapely

    fine = view.half_width_km * DETAIL
    land = _polygons(shapely.make_valid(_on_map(view, world_land())))
    land = shapely.coverage_simplify(land, fine) if len(land) else land
    whole = _framed(view, _polygons(np.atleast_1d(shapely.union_all(shapely.make_valid(land)))))
    _patch(axes, whole, {"facecolor": LAND, "edgecolor": COAST, "linewidth": 0.4, "zorder": 1.0})
    lines = _framed(view, shapely.simplify(_on_map(view, world_borders()), fine))
    _strokes(axes, lines, {"color": BORDER, "linewidth": 0.5, "zorder": 1.1})


def _japan(
    axes: Any, view: View, degrees: NDArray[np.object_], *, fill: bool, width: float, colour: str
) -> None:
    """Areas of Japan, simplified together so that borders meet; every line drawn once."""
    import shapely

    shapes = _on_map(view, degrees)
    if not len(shapes):
        return
    shapes = shapely.coverage_simplify(shapes, view.half_width_km * DETAIL)
    parts = shapely.get_parts(shapes)
    least_km2 = min((view.half_width_km * LEAST_PART) ** 2, LEAST_PART_KM2)
    parts = _framed(view, parts[shapely.area(parts) > least_km2])
    whole = shapely.union_all(parts)
    inner = shapely.difference(shapely.union_all(shapely.boundary(parts)), shapely.boundary(whole))
    inner = shapely.get_parts(shapely.line_merge(inner))
    if fill:
        coast = {"facecolor": HOME, "edgecolor": COAST, "linewidth": 0.4, "zorder": 2.0}
        _patch(axes, np.atleast_1d(whole), coast)
    style = {"color": colour, "linewidth": width, "zorder": 2.2 if fill else 2.4}
    _strokes(axes, inner, style)


def _polygons(shapes: NDArray[np.object_]) -> NDArray[np.object_]:
    """Polygons among the parts of mixed shapes: repairs can leave stray lines."""
    import shapely

    parts: NDArray[np.object_] = shapely.get_parts(shapely.get_parts(shapes))
    kept: NDArray[np.object_] = parts[shapely.get_type_id(parts) == 3]
    return kept


def _patch(axes: Any, shapes: NDArray[np.object_], style: dict[str, Any]) -> Any:
    """All polygons as one path: the smallest drawing."""
    import shapely
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path

    rings = [shapely.get_coordinates(r) for r in shapely.get_rings(_polygons(shapes))]
    if not rings:
        return None
    path = Path.make_compound_path(*(Path(r, closed=True) for r in rings))
    return axes.add_patch(PathPatch(path, clip_on=True, **style))


def _strokes(axes: Any, lines: NDArray[np.object_], style: dict[str, Any]) -> None:
    import shapely
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path

    parts = [shapely.get_coordinates(p) for p in shapely.get_parts(lines)]
    paths = [Path(c) for c in parts if len(c) > 1]
    if paths:
        path = Path.make_compound_path(*paths)
        axes.add_patch(
            PathPatch(
                path, fill=False, edgecolor=style["color"], linewidth=style["linewidth"],
                zorder=style["zorder"], joinstyle="round",
            )
        )  # fmt: skip


def _graticule(axes: Any, view: View) -> None:
    """Meridians and parallels a round number of degrees apart, named where they leave the frame."""
    south, north, west, east = view.bounds()
    step = next((s for s in (0.5, 1.0, 2.0, 5.0, 10.0) if (north - south) / s <= 8.0), 20.0)
    lat = np.arange(math.ceil(south / step), math.floor(north / step) + 1) * step
    lon = np.arange(math.ceil(west / step), math.floor(east / step) + 1) * step
    style = {"color": GRATICULE, "linewidth": 0.5, "zorder": 0.5}
    name = {"fontsize": 7.0, "color": QUIET_INK, "zorder": 2.8, "clip_on": True}
    along = np.linspace(0.0, 1.0, 200)
    for value in lat:
        x, y = view.xy(np.full(200, value), west + along * (east - west))
        axes.plot(x, y, **style)
        at = int(np.argmin(np.abs(x + view.half_width_km)))
        if abs(y[at]) < 0.94 * view.half_height_km:
            text = f"{abs(value):g}{'N' if value >= 0 else 'S'}"
            axes.text(-0.99 * view.half_width_km, y[at], text, va="center", ha="left", **name)
    axes.apply_aspect()
    points = 72.0 / axes.figure.dpi * axes.bbox.width  # width of the frame
    apart_pt = points * step * _km_per_degree(view) / (2.0 * view.half_width_km)
    every = max(1, math.ceil(MERIDIAN_NAME_PT / max(apart_pt, 1e-6)))
    for value in lon:
        x, y = view.xy(south + along * (north - south), np.full(200, value))
        axes.plot(x, y, **style)
        at = int(np.argmin(np.abs(y - view.half_height_km)))
        if abs(x[at]) < 0.9 * view.half_width_km and round(value / step) % every == 0:
            turned = (value + 180.0) % 360.0 - 180.0
            text = f"{abs(turned):g}{'E' if turned >= 0 else 'W'}"
            axes.text(x[at], 0.985 * view.half_height_km, text, va="top", ha="center", **name)


def _km_per_degree(view: View) -> float:
    """Kilometres along one degree of longitude at the upper edge of the map."""
    edge_deg = min(88.0, abs(view.centre_lat_deg) + math.degrees(view.half_height_km / RADIUS_KM))
    return math.radians(1.0) * RADIUS_KM * math.cos(math.radians(edge_deg))


def _scale_bar(axes: Any, view: View) -> None:
    longest = view.half_width_km / 2.0
    size = 10.0 ** math.floor(math.log10(longest))
    length = max(k * size for k in (1.0, 2.0, 5.0) if k * size <= longest)
    x, y = 0.95 * view.half_width_km, -view.half_height_km + 0.05 * view.half_width_km
    axes.plot([x - length, x], [y, y], color=INK, linewidth=2.0, solid_capstyle="butt", zorder=7.0)
    axes.text(
        x, y + 0.015 * view.half_width_km, f"{length:g} km", fontsize=8.0, color=INK, zorder=7.0,
        ha="right", va="bottom",
    )  # fmt: skip
