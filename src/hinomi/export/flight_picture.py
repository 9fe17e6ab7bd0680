"""One flight as a picture: height over ground distance, speed over time, and the map."""

from __future__ import annotations

import math
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import numpy as np

from hinomi.export.flight_asked import CRUISE
from hinomi.export.flight_events import Event
from hinomi.export.flight_tracks import Track, phase_name
from hinomi.export.one_flight import OneFlight
from hinomi.records.columns import Floats
from hinomi.records.flights import BOOST, COAST, FALL, GLIDE
from hinomi.report.basemap import (
    COAST as SHORE,
)
from hinomi.report.basemap import (
    INK,
    LAND,
    QUIET_INK,
    SEA,
    draw_banner,
    draw_base,
    draw_footer,
    draw_label,
    draw_line,
    draw_points,
)
from hinomi.report.drawing import draw_frame, write_figure
from hinomi.report.mapview import View
from hinomi.scenario.places_outlines import world_land
from hinomi.study.banner import WORLD_VINTAGE, banner
from hinomi.units import DEG_RAD, KM_M

# Okabe-Ito colours; one colour, one phase.
COLOURS: Final = {BOOST: "#D55E00", COAST: "#0072B2", GLIDE: "#E69F00", FALL: "#CC79A7"}
STAGE: Final = "#7f8c96"
UNNAMED: Final = ("ground", "aim", "computation ends")
WIDEST_KM: Final = 5000.0  # half width of a map beyond which the whole world is shown instead
LEAST_KM: Final = 60.0


def write_picture(flight: OneFlight, path: Path) -> None:
    """Draw a flight into a PNG or SVG file, the same bytes every time."""
    from matplotlib.figure import Figure

    def draw() -> Any:
        figure = Figure(figsize=(11.0, 6.6))
        _draw(figure, flight)
        return figure

    write_figure(draw, path)


def _draw(figure: Any, flight: OneFlight) -> None:
    grid = figure.add_gridspec(
        2, 2, width_ratios=(1.25, 1), height_ratios=(1.35, 1), left=0.065, right=0.985,
        bottom=0.115, top=0.835, wspace=0.09, hspace=0.36,
    )  # fmt: skip
    heights = figure.add_subplot(grid[0, 0])
    _heights(heights, flight)
    figure.legend(
        *heights.get_legend_handles_labels(), fontsize=8.5, frameon=False, ncols=6,
        loc="center right", bbox_to_anchor=(0.992, 0.866), handlelength=1.6, columnspacing=1.2,
    )  # fmt: skip
    _speeds(figure.add_subplot(grid[1, 0]), flight)
    _map(figure.add_subplot(grid[:, 1]), flight)
    asked = flight.asked
    name = f"{asked.threat_class.name}: {asked.title}" if asked.of_catalogue else asked.title
    figure.text(0.065, 0.925, name, fontsize=12.0, fontweight="bold", color=INK, va="center")
    figure.text(0.065, 0.889, _told(flight), fontsize=9.0, color=QUIET_INK, va="center")
    generic = "Classes are generic: rounded public estimates." if asked.of_catalogue else ""
    draw_banner(figure, banner("study"))
    draw_footer(figure, [f"{generic} Speeds over the ground. {WORLD_VINTAGE}".strip()])


def _told(flight: OneFlight) -> str:
    end, parts = flight.events[-1], []
    if flight.asked.form == CRUISE:
        parts.append(f"{flight.apogee_m / KM_M:g} km high")
    elif flight.status != "escaping":
        parts.append(f"apogee {flight.apogee_m / KM_M:,.0f} km")
    launched = math.isfinite(flight.kick_rad)
    if flight.burnout is not None:
        speed = f"{flight.burnout.speed_mps / KM_M:.2f} km/s"
        parts.append(f"{'burnout' if launched else 'start'} {speed}")
    if flight.status == "landed":
        parts.append(f"{end.ground_m / KM_M:,.0f} km in {end.t_s:,.0f} s")
    else:
        parts.append(f"{flight.status} after {end.t_s:,.0f} s")
    return ", ".join(parts)


def _runs(track: Track) -> list[tuple[int, slice]]:
    """Stretches of one phase; each goes on to the first row of the next."""
    phases = np.array(track.phase)
    breaks = [0, *(np.flatnonzero(np.diff(phases)) + 1), len(phases)]
    return [(int(phases[a]), slice(a, min(b + 1, len(phases)))) for a, b in pairwise(breaks)]


def _by_phase(axes: Any, flight: OneFlight, x: Floats, y: Floats) -> None:
    seen: set[int] = set()
    for phase, rows in _runs(flight.track):
        label = phase_name(flight.asked, phase) if phase not in seen else None
        seen.add(phase)
        axes.plot(
            x[rows], y[rows], color=COLOURS.get(phase, INK), linewidth=1.8, label=label, zorder=4
        )


def _quiet(axes: Any, title: str, x: str, y: str) -> None:
    draw_frame(axes, title)
    axes.set_xlabel(x, color=QUIET_INK)
    axes.set_ylabel(y, color=QUIET_INK)
    axes.set_axisbelow(True)


def _heights(axes: Any, flight: OneFlight) -> None:
    """Height over distance; over time for what goes round the Earth or leaves it."""
    landed = flight.status == "landed"
    title, label = "Height over distance along the ground", "km from the start"
    if not landed:
        title, label = "Height", "s after the start"
    _quiet(axes, title, label, "km")
    tracks = (flight.track, *flight.stages)
    along = [t.ground_m / KM_M if landed else t.t_s for t in tracks]
    for i, (stage, x) in enumerate(zip(flight.stages, along[1:], strict=True)):
        axes.plot(
            x, stage.height_m / KM_M, color=STAGE, linewidth=1.0, linestyle=(0, (4, 2)), zorder=3,
            label="spent stage" if i == 0 else None,
        )  # fmt: skip
    _by_phase(axes, flight, along[0], flight.track.height_m / KM_M)
    axes.set_ylim(0.0, 1.16 * max(float(flight.track.height_m.max()) / KM_M, 0.1))
    farthest = max(0.1, *(float(x.max()) for x in along))
    axes.set_xlim(-0.02 * farthest, 1.2 * farthest)
    _marks(axes, flight)


def _marks(axes: Any, flight: OneFlight) -> None:
    """Dots at the events, named where there is room."""
    axes.figure.canvas.draw()
    taken: list[tuple[float, float]] = []
    for event in flight.events:
        x = event.ground_m / KM_M if flight.status == "landed" else event.t_s
        y = max(0.0, event.height_m / KM_M)
        axes.plot(x, y, "o", color=INK, markersize=3.6, zorder=6, clip_on=False)
        if event.t_s == 0.0 or event.name.startswith("86") or event.name in UNNAMED:
            continue
        px, py = axes.transData.transform((x, y))
        if any(abs(px - a) < 62.0 and abs(py - b) < 11.0 for a, b in taken):
            continue
        taken.append((px, py))
        side, shift = ("center", (0, 5)) if event.name == "apogee" else ("left", (6, 2))
        axes.annotate(
            _name(event), (x, y), xytext=shift, textcoords="offset points", ha=side,
            fontsize=7.5, color=INK, zorder=7,
        )  # fmt: skip


def _name(event: Event) -> str:
    if event.name == "apogee":
        return f"apogee {event.height_m / KM_M:,.0f} km"
    return f"{event.name} {event.t_s:,.0f} s"


def _speeds(axes: Any, flight: OneFlight) -> None:
    track = flight.track
    _quiet(axes, "Speed over the ground", "s after the start", "km/s")
    _by_phase(axes, flight, track.t_s, track.speed_mps / KM_M)
    axes.set_ylim(0.0, 1.08 * float(track.speed_mps.max()) / KM_M)
    axes.set_xlim(0.0, max(1.0, 1.02 * float(track.t_s[-1])))
    for event in flight.events[1:]:
        axes.plot(event.t_s, event.speed_mps / KM_M, "o", color=INK, markersize=3.2, zorder=6)


def _map(axes: Any, flight: OneFlight) -> None:
    track = flight.track
    lat, lon = track.lat_rad / DEG_RAD, track.lon_rad / DEG_RAD
    middle = int(np.argmin(np.abs(track.ground_m - 0.5 * track.ground_m[-1])))
    trial = View(
        centre_lat_deg=float(lat[middle]), centre_lon_deg=float(lon[middle]),
        half_width_km=1.0, half_height_km=1.0,
    )  # fmt: skip
    x, y = trial.xy(lat, lon)
    half = 1.12 * max(float(np.abs(x).max()), 0.8 * float(np.abs(y).max()), LEAST_KM)
    if half > WIDEST_KM:
        _world(axes, flight)
        return
    view = draw_base(
        axes, centre_lat_deg=float(lat[middle]), centre_lon_deg=float(lon[middle]),
        half_width_km=half, half_height_km=1.25 * half, municipalities=False,
    )  # fmt: skip
    for stage in flight.stages:
        draw_line(
            axes, view, stage.lat_rad / DEG_RAD, stage.lon_rad / DEG_RAD, color=STAGE,
            linewidth=1.0, linestyle=(0, (4, 2)),
        )  # fmt: skip
        draw_points(
            axes, view, stage.lat_rad[-1] / DEG_RAD, stage.lon_rad[-1] / DEG_RAD, marker="x",
            color=STAGE, markersize=5.0,
        )  # fmt: skip
    for phase, rows in _runs(track):
        draw_line(axes, view, lat[rows], lon[rows], color=COLOURS.get(phase, INK), linewidth=1.8)
    draw_points(axes, view, lat[[0, -1]], lon[[0, -1]])
    x, y = view.xy(lat[[0, -1]], lon[[0, -1]])
    apart = math.hypot(x[1] - x[0], y[1] - y[0]) > 0.1 * half
    for i, word in ((0, "start"), (-1, _end_word(flight))):
        side, shift = ("left", 5.0) if view.xy(lat[i], lon[i])[0] < 0.5 * half else ("right", -5.0)
        draw_label(
            axes, view, float(lat[i]), float(lon[i]), word, fontsize=8.0, ha=side,
            xytext=(shift, 4.0 if i == 0 or apart else -13.0),
        )  # fmt: skip


def _end_word(flight: OneFlight) -> str:
    return "end" if flight.status == "landed" else flight.status


def _world(axes: Any, flight: OneFlight) -> None:
    """The whole world in degrees, for flights longer than a view can show truly."""
    import shapely
    from matplotlib.collections import PolyCollection

    from hinomi.scenario.places_outlines import prefecture_outlines

    axes.set_facecolor(SEA)
    axes.set(xlim=(-180.0, 180.0), ylim=(-90.0, 90.0))
    axes.set_aspect("equal")
    axes.set_title("Ground track, degrees", loc="left", fontsize=9.5, color=INK)
    axes.set_xticks(range(-180, 181, 60))
    axes.set_yticks(range(-90, 91, 30))
    axes.tick_params(colors=QUIET_INK, labelsize=8)
    for spine in axes.spines.values():
        spine.set(color=SHORE, linewidth=0.6)
    shapes = np.concatenate([world_land(), prefecture_outlines()[1]])
    parts = shapely.get_parts(shapely.get_parts(shapely.simplify(shapes, 0.2)))
    rings = [
        _unbroken(shapely.get_coordinates(shapely.get_exterior_ring(p)), turn)
        for p in parts
        if p.geom_type == "Polygon"
        for turn in (-360.0, 0.0, 360.0)
    ]
    axes.add_collection(PolyCollection(rings, facecolor=LAND, edgecolor=SHORE, linewidth=0.3))
    for track, colour in (*((s, STAGE) for s in flight.stages), (flight.track, None)):
        lon = track.lon_rad / DEG_RAD
        cut = np.append(np.abs(np.diff(lon)) > 180.0, False)
        lat = np.where(cut, math.nan, track.lat_rad / DEG_RAD)
        for phase, rows in _runs(track):
            axes.plot(lon[rows], lat[rows], color=colour or COLOURS.get(phase, INK), linewidth=1.4)
    for i, word in ((0, "start"), (-1, _end_word(flight))):
        lon_deg = float(flight.track.lon_rad[i]) / DEG_RAD
        lat_deg = float(flight.track.lat_rad[i]) / DEG_RAD
        side, shift = ("left", 5) if lon_deg < 90.0 else ("right", -5)
        axes.plot(lon_deg, lat_deg, "o", color=INK, markersize=4.0, zorder=6)
        axes.annotate(
            word, (lon_deg, lat_deg), xytext=(shift, 4 + 14 * i), textcoords="offset points", fontsize=8,
            color=INK, ha=side, zorder=7,
        )  # fmt: skip


def _unbroken(ring: Floats, turn_deg: float) -> Floats:
    """Ring of degrees without jumps at the date line; one around a pole goes over it. Turned about the axis."""
    lon = np.unwrap(ring[:, 0], period=360.0)
    out = np.column_stack([lon, ring[:, 1]])
    if abs(lon[-1] - lon[0]) > 180.0:
        pole = math.copysign(90.0, float(ring[:, 1].mean()))
        out = np.vstack([out, [lon[-1], pole], [lon[0], pole]])
    turned: Floats = out + np.array([turn_deg, 0.0])
    return turned
