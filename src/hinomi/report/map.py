"""The report's map: area with flights, sensors and alerted prefectures; whole flights; height over time."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from hinomi.records.flights import (
    BALLISTIC_KIND,
    CRUISE_KIND,
    GLIDE_KIND,
    LAUNCHER_KIND,
    QUASI_BALLISTIC_KIND,
)
from hinomi.records.places import Places
from hinomi.report import data as report_data
from hinomi.report.basemap import (
    BALLISTIC,
    COAST,
    GLIDE,
    HOME,
    INK,
    RADAR,
    WARNING_AREA,
    draw_area,
    draw_banner,
    draw_base,
    draw_labels,
    draw_line,
    draw_points,
)
from hinomi.report.mapview import View
from hinomi.scenario.model import Scenario
from hinomi.scenario.places import load_places, unit_names
from hinomi.scenario.places_outlines import prefecture_outlines
from hinomi.scenario.places_region import read_region
from hinomi.study.banner import banner
from hinomi.study.results import Results
from hinomi.units import KM_M, MINUTE_S

Path = dict[str, Any]
TWO_SIGMA_90 = 2.146  # radius, in sigmas, that holds 90 % of a two-dimensional normal distribution
SOLID: Final = "-"
KINDS: Final[dict[str, tuple[str, Any, str]]] = {  # colour, dash and name of each kind of body
    BALLISTIC_KIND: (BALLISTIC, SOLID, "ballistic"),
    GLIDE_KIND: (GLIDE, (0, (5, 2)), "glider"),
    QUASI_BALLISTIC_KIND: ("#CC79A7", (0, (7, 1.5, 1.5, 1.5)), "quasi-ballistic"),
    CRUISE_KIND: ("#5d3a9b", (0, (1.5, 1.2)), "cruise"),
    LAUNCHER_KIND: (BALLISTIC, (0, (9, 2.5)), "launcher"),
}
MOST_IN_A_ROW: Final = 7  # entries of the legend
WIDEST: Final = 0.75  # of the map's width: areas that are longer hide the map and are only counted


def shown_architecture(scenario: Scenario, architectures: Any) -> str:
    """The architecture whose alerts the map shows: the first of the headline pair, or the last run."""
    pair = scenario.study.headline
    return pair[0] if pair and pair[0] in architectures else list(architectures)[-1]


def area_map(study: Results, scenario: Scenario) -> Any:
    """Figure with the area on the left, whole flights and heights on the right."""
    from matplotlib import pyplot as plt

    paths = flight_paths(study, scenario)
    name = shown_architecture(scenario, study.plan.architectures)
    figure = plt.figure(figsize=(11.0, 6.9))
    grid = figure.add_gridspec(2, 2, width_ratios=(1.3, 1), height_ratios=(1.55, 1), left=0.008, right=0.985,
                               bottom=0.125, top=0.93, wspace=0.06, hspace=0.13)  # fmt: skip
    main = figure.add_subplot(grid[:, 0])
    area = scenario.area
    width = area.half_width_m / KM_M
    main.set_anchor("W")
    view = draw_base(main, centre_lat_deg=0.5 * (area.south_deg + area.north_deg),
                     centre_lon_deg=0.5 * (area.west_deg + area.east_deg), half_width_km=width, half_height_km=width,
                     municipalities=None if scenario.places is None else False)  # fmt: skip
    _own_places(main, view, scenario)
    for path in paths:
        _path(main, view, path)
    if scenario.places is None:
        _alerted(main, view, study, name)
    else:
        _alerted_own(main, view, study, scenario, name)
    predicted = _predicted(main, view, study, name)
    _sites(main, view, scenario)
    main.set_title(
        f"alerts shown: {name.replace('_', ' ')}, share of replicates",
        fontsize=10,
        loc="left",
        pad=4,
    )
    whole = figure.add_subplot(grid[0, 1])
    _overview(whole, scenario, paths)
    heights = figure.add_subplot(grid[1, 1])
    _heights(heights, paths)
    draw_banner(figure, banner("study", reconstruction=bool(scenario.facts)))
    _legend(figure, paths, scenario, predicted=predicted)
    return figure


def flight_paths(study: Results, scenario: Scenario) -> list[Path]:
    """True paths of the first replicate: body, kind, degrees, metres and seconds after ignition."""
    table = study.table("flights")
    replicate, body, t_s, lat, lon, height = report_data.columns(
        table, "replicate", "body", "t_s", "lat_deg", "lon_deg", "h_m"
    )
    kinds = {t.body: scenario.classes[t.threat_class].kind for t in scenario.threats}
    paths = []
    for name in dict.fromkeys(t.body for t in scenario.threats):
        rows = (
            (replicate == replicate.min()) & (body == name) if len(replicate) else np.zeros(0, bool)
        )
        if rows.any():
            paths.append({"body": name, "kind": kinds[name], "lat": lat[rows], "lon": lon[rows],
                          "height": height[rows], "t": t_s[rows] - t_s[rows][0]})  # fmt: skip
    return paths


def overflights(study: Results, places: Places | None = None) -> list[tuple[float, float]]:
    """First and last second over the places (Japan), after ignition, for each kept replicate that passes over it."""
    from hinomi.earth.places import place_at

    table = study.table("flights")
    replicate, t_s, lat, lon = report_data.columns(table, "replicate", "t_s", "lat_deg", "lon_deg")
    over = place_at((places or load_places()).mesh, lat, lon) >= 0
    out = []
    for number in np.unique(replicate):
        rows = replicate == number
        seconds = t_s[rows][over[rows]]
        if len(seconds):
            start = float(t_s[rows].min())
            out.append((float(seconds.min()) - start, float(seconds.max()) - start))
    return out


def _style(kind: str) -> dict[str, Any]:
    colour, dash, _ = KINDS[kind]
    return {"color": colour, "linestyle": dash, "dash_capstyle": "butt"}


def _path(axes: Any, view: View, path: Path) -> None:
    step = max(1, len(path["t"]) // 160)
    draw_line(
        axes, view, path["lat"][::step], path["lon"][::step], linewidth=1.3, **_style(path["kind"])
    )


def _alerted(axes: Any, view: View, study: Results, architecture: str) -> None:
    share = report_data.alerted_share(study.table("alerts"), architecture, study.plan.replicates)
    names, shapes = prefecture_outlines()
    english = dict(_prefecture_names(names))
    blocks = {unit: value for unit, value in share.items() if unit not in english.values()}
    for name, shape in zip(names, shapes, strict=True):
        value = share.get(
            english.get(name, name),
            max(blocks.values(), default=0.0) if _in_block(name, study) else 0,
        )
        if value >= 0.01:
            draw_area(axes, view, shape, alpha=0.15 + 0.55 * value, linewidth=0.0, zorder=2.6)


def _own_places(axes: Any, view: View, scenario: Scenario) -> None:
    """Draw the outlines of the user's own places, quietly."""
    if scenario.places is not None:
        shapes = read_region(scenario.places).shapes
        style = {"facecolor": HOME, "edgecolor": COAST, "linewidth": 0.4}
        draw_area(axes, view, shapes, alpha=1.0, zorder=2.0, **style)


def _alerted_own(
    axes: Any, view: View, study: Results, scenario: Scenario, architecture: str
) -> None:
    """Fill the user's own places by the share of replicates in which their unit was alerted."""
    if scenario.places is None:
        return
    share = report_data.alerted_share(study.table("alerts"), architecture, study.plan.replicates)
    region = read_region(scenario.places)
    names, unit_of_place = unit_names(region.places, scenario.unit, scenario.blocks)
    for shape, unit in zip(region.shapes, unit_of_place, strict=True):
        value = share.get(names[unit], 0.0) if unit >= 0 else 0.0
        if value >= 0.01:
            draw_area(axes, view, shape, alpha=0.15 + 0.55 * value, linewidth=0.0, zorder=2.6)


def _prefecture_names(names: Any) -> list[tuple[str, str]]:
    places = load_places()
    by_code = {c[:2]: e for c, e in zip(places.code, places.prefecture_en, strict=True)}
    return [(n, by_code.get(str(n)[:2], str(n))) for n in names]


def _in_block(name: Any, study: Results) -> bool:
    blocks = study.plan.document.get("warning", {}).get("blocks") or {}
    english = dict(_prefecture_names([name]))[name]
    return any(english in members for members in blocks.values())


def _predicted(axes: Any, view: View, study: Results, architecture: str) -> bool:
    """Ellipses of 90 % of the predicted end points when each alert of the first replicate was decided.

    Ellipses nearly as long as the map would hide it: a line of words counts them. Says whether
    any is drawn.
    """
    forecasts, alerts = study.table("forecasts"), study.table("alerts")
    replicate, arch, track, ready, lat, lon, ee, nn, en = report_data.columns(
        forecasts, "replicate", "architecture", "track", "t_available_s", "end_lat_deg", "end_lon_deg",
        "end_cov_ee_km2", "end_cov_nn_km2", "end_cov_en_km2",
    )  # fmt: skip
    a_rep, a_arch, a_track, a_kind, a_ready = report_data.columns(
        alerts, "replicate", "architecture", "track", "kind", "t_ready_s"
    )
    turn = np.linspace(0.0, 2.0 * np.pi, 73)
    circle = TWO_SIGMA_90 * np.array([np.cos(turn), np.sin(turn)])
    hidden, drawn = 0, 0
    for row in np.flatnonzero((a_rep == 0) & (a_arch == architecture) & (a_kind == "alert")):
        used = (replicate == 0) & (arch == architecture) & (track == a_track[row])
        used &= ready <= a_ready[row] + 1e-6
        if used.any():
            k = np.flatnonzero(used)[np.argmax(ready[used])]
            values, axes_of = np.linalg.eigh([[ee[k], en[k]], [en[k], nn[k]]])
            radii = np.sqrt(np.maximum(values, 0.0))
            if TWO_SIGMA_90 * radii.max() > WIDEST * view.half_width_km:
                hidden += 1
                continue
            ring = axes_of @ (radii[:, None] * circle)
            x, y = view.xy(lat[k], lon[k])
            axes.plot(
                x + ring[0], y + ring[1], color=INK, lw=0.8, ls=(0, (2, 2)), alpha=0.6, zorder=4.0
            )
            drawn += 1
    if hidden:
        axes.text(
            0.01, 0.012, f"not drawn, as long as the map: {hidden} predicted area{'s' * (hidden > 1)}",
            transform=axes.transAxes, fontsize=7, color=INK, zorder=7.0,
            bbox={"facecolor": "white", "alpha": 0.65, "edgecolor": "none", "pad": 1.0},
        )  # fmt: skip
    return drawn > 0


def _sites(axes: Any, view: View, scenario: Scenario) -> None:
    carried = set(scenario.carried_by)
    radars = [r for r in scenario.sensors.radars if r.name not in carried]
    if radars:
        draw_points(axes, view, [r.lat_deg for r in radars], [r.lon_deg for r in radars], marker="^",
                    markersize=7.5, color=RADAR, mec="white", mew=0.7)  # fmt: skip
    if scenario.batteries:
        draw_points(axes, view, [b.lat_deg for b in scenario.batteries], [b.lon_deg for b in scenario.batteries],
                    marker="s", markersize=6.0, color="#0072B2", mec="white", mew=0.7)  # fmt: skip
    named = [(r.lat_deg, r.lon_deg, _notional(r.name)) for r in radars]
    named += [(b.lat_deg, b.lon_deg, _notional(b.name)) for b in scenario.batteries]
    inside = []
    for lat, lon, text in named:
        x, y = view.xy(lat, lon)
        if abs(float(x)) < view.half_width_km and abs(float(y)) < view.half_height_km:
            inside.append((lat, lon, text))
    if inside:
        hidden = draw_labels(axes, view, inside, size_pt=7.2)
        if hidden:
            axes.text(0.99, 0.012, f"{hidden} label{'s' if hidden > 1 else ''} left out for want of room",
                      transform=axes.transAxes, ha="right", fontsize=7, color=INK)  # fmt: skip


def _notional(name: str) -> str:
    return name if "notional" in name else f"{name} (notional)"


def _overview(axes: Any, scenario: Scenario, paths: list[Path]) -> None:
    area = scenario.area
    lats = np.concatenate([p["lat"] for p in paths]) if paths else np.array([area.centre_lat_deg])
    lons = np.concatenate([p["lon"] for p in paths]) if paths else np.array([area.centre_lon_deg])
    lat0, lon0 = float(lats.min() + lats.max()) / 2, float(lons.min() + lons.max()) / 2
    probe = View(centre_lat_deg=lat0, centre_lon_deg=lon0, half_width_km=1.0, half_height_km=1.0)
    x, y = probe.xy(lats, lons)
    half = 1.12 * float(max(np.abs(x).max(), np.abs(y).max(), area.half_width_m / KM_M * 0.6))
    view = draw_base(
        axes,
        centre_lat_deg=lat0,
        centre_lon_deg=lon0,
        half_width_km=1.4 * half,
        half_height_km=half,
        municipalities=None if scenario.places is None else False,
    )
    _own_places(axes, view, scenario)
    for path in paths:
        _path(axes, view, path)
        draw_points(
            axes, view, path["lat"][:1], path["lon"][:1], marker="o", markersize=3.2, color=INK
        )
    axes.set_title("whole flights, first replicate", fontsize=9, loc="left", pad=3)


def _heights(axes: Any, paths: list[Path]) -> None:
    for path in paths:
        axes.plot(path["t"] / MINUTE_S, path["height"] / KM_M, lw=1.3, **_style(path["kind"]))
    axes.set_xlabel("minutes after ignition", fontsize=9)
    axes.set_title("height, km", fontsize=9, loc="left", pad=3)
    axes.set_ylim(bottom=0.0)
    axes.set_xlim(left=0.0)
    axes.tick_params(labelsize=8.5)


def _legend(figure: Any, paths: list[Path], scenario: Scenario, *, predicted: bool) -> None:
    """Name what is drawn, and nothing else."""
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    there = {path["kind"] for path in paths}
    handles: list[Any] = [
        Line2D([], [], lw=1.8, label=KINDS[kind][2], **_style(kind))
        for kind in KINDS
        if kind in there
    ]
    if scenario.sensors.radars:
        handles.append(Line2D([], [], color=RADAR, marker="^", lw=0, label="radar"))
    if scenario.batteries:
        handles.append(Line2D([], [], color="#0072B2", marker="s", lw=0, label="ship or battery"))
    handles += [
        Patch(facecolor=WARNING_AREA, alpha=0.15 + 0.55 * share, label=f"alerted in {share:.0%}")
        for share in (0.1, 1.0)
    ]
    if predicted:
        handles.append(
            Line2D([], [], color=INK, lw=0.8, ls=(0, (2, 2)), label="90 % of predicted ends")
        )
    rows = 1 if len(handles) <= MOST_IN_A_ROW else 2
    figure.legend(
        handles=handles, loc="lower center", ncol=-(-len(handles) // rows), frameon=False,
        fontsize=8.6, columnspacing=1.4, handlelength=2.8,
    )  # fmt: skip
