"""`hinomi coverage`: who sees what, where and for how long; maps, tables and fans of radars."""

# ruff: noqa: ARG001  (options are read from the context, each under its own name)

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from hinomi.cli import options as o
from hinomi.cli.files import Writer, refuse_files, text_writer, write_files
from hinomi.cli.printed import print_answer
from hinomi.cli.stopping import at_once

if TYPE_CHECKING:
    from hinomi.export.coverage_maps import Maps

Given = dict[str, str | None]
FILES = ("--csv", "--geojson", "--picture", "--over-time")
# Options of scenarios alone, and of constellations on the command line alone.
OF_SCENARIO = (
    "--sensors", "--owner", "--architecture", "--minus", "--class", "--phase", "--speed-km-s",
    "--rcs-m2", "--intensity-kw-sr", "--pd", "--fan-km", "--variant",
)  # fmt: skip
OF_CONSTELLATION = ("--walker", "--inclination-deg", "--altitude-km", "--geo", "--tle")


Scenario = Annotated[
    str | None, typer.Argument(metavar="SCENARIO", help="A bundled name or a path.")
]
Walker = Annotated[str | None, o.text_option("--walker", "T/P/F", "Satellites, planes, phasing.")]
Inclination = Annotated[
    str | None, o.text_option("--inclination-deg", "DEG", "Of the Walker pattern.")
]
Altitude = Annotated[str | None, o.text_option("--altitude-km", "KM", "Of the Walker pattern.")]
Geo = Annotated[
    str | None, o.text_option("--geo", "LON,...", "Geostationary satellites, degrees east.")
]
Tle = Annotated[
    str | None, o.text_option("--tle", "FILE", "Satellites of a file of two-line elements.")
]
Latitude = Annotated[
    str | None, o.text_option("--latitude-deg", "LAT,...", "Parallels to average over.")
]
Height = Annotated[
    str | None, o.text_option("--target-altitude-km", "KM", "Height of the target; 50.")
]
Graze = Annotated[
    str | None, o.text_option("--graze-km", "KM", "Least height of satellites' lines of sight; 10.")
]
Range = Annotated[
    str | None, o.text_option("--max-range-km", "KM", "Greatest range of any sensor.")
]
Hours = Annotated[str | None, o.text_option("--hours", "H", "How long; 24.")]
Step = Annotated[str | None, o.text_option("--step-s", "S", "Time between samples; 60.")]
Earth = Annotated[
    str | None, o.text_option("--earth", "sphere|wgs84", "Of a constellation; sphere.")
]
Box = Annotated[
    str | None, o.text_option("--box", "S,W,N,E", "Area in degrees; the scenario's otherwise.")
]
GridStep = Annotated[
    str | None, o.text_option("--grid-deg", "DEG", "Spacing of the grid; 0.5, Earth 2.")
]
Sensors = Annotated[
    str | None, o.text_option("--sensors", "KIND|NAME,...", "all, radar, infrared, names.")
]
Owner = Annotated[str | None, o.text_option("--owner", "NATION", "Its sensors; whose picture.")]
Architecture = Annotated[
    str | None,
    o.text_option("--architecture", "A", "Only sensors that this architecture's picture holds."),
]
Minus = Annotated[str | None, o.text_option("--minus", "B", "Difference to another architecture.")]
Class = Annotated[
    str | None, o.text_option("--class", "NAME", "Class of the target; the first threat's.")
]
Phase = Annotated[str | None, o.text_option("--phase", "boost|body", "What of it is seen; body.")]
Speed = Annotated[str | None, o.text_option("--speed-km-s", "KM/S", "Speed that heats a glider.")]
Rcs = Annotated[str | None, o.text_option("--rcs-m2", "M2", "Radar cross-section; the class's.")]
Intensity = Annotated[
    str | None,
    o.text_option("--intensity-kw-sr", "KW/SR", "Radiant intensity, every band; the class's."),
]
Pd = Annotated[
    str | None, o.text_option("--pd", "P", "Probability in one look that counts as seen; 0.5.")
]
GeometryOnly = Annotated[
    bool, typer.Option("--geometry-only", help="Horizon, limb and field of view, no signal.")
]
FanHeights = Annotated[
    str | None, o.text_option("--fan-km", "KM,...", "Ranges of radars at these heights, no maps.")
]
Csv = Annotated[
    str | None, o.text_option("--csv", "FILE", "A row for each cell, or azimuth of a fan.")
]
OverTime = Annotated[
    str | None, o.text_option("--over-time", "FILE", "A row for each step: the area's means.")
]
GeoJson = Annotated[
    str | None, o.text_option("--geojson", "FILE", "A polygon for each cell or fan.")
]
Picture = Annotated[str | None, o.text_option("--picture", "FILE", "PNG or SVG.")]


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command(
        "coverage",
        short_help="Show who sees what, where and for how long.",
        epilog="Example: hinomi coverage okinawa-2025 --hours 1 --picture coverage.png",
    )(coverage)


@at_once
def coverage(
    context: typer.Context,
    scenario: Scenario = None,
    walker: Walker = None,
    inclination_deg: Inclination = None,
    altitude_km: Altitude = None,
    geo: Geo = None,
    tle: Tle = None,
    latitude_deg: Latitude = None,
    target_altitude_km: Height = None,
    graze_km: Graze = None,
    max_range_km: Range = None,
    hours: Hours = None,
    step_s: Step = None,
    earth: Earth = None,
    box: Box = None,
    grid_deg: GridStep = None,
    sensors: Sensors = None,
    owner: Owner = None,
    architecture: Architecture = None,
    minus: Minus = None,
    class_name: Class = None,
    phase: Phase = None,
    speed_km_s: Speed = None,
    rcs_m2: Rcs = None,
    intensity_kw_sr: Intensity = None,
    pd: Pd = None,
    geometry_only: GeometryOnly = False,
    fan_km: FanHeights = None,
    variant: o.Variant = None,
    as_json: o.Json = False,
    csv: Csv = None,
    geojson: GeoJson = None,
    over_time: OverTime = None,
    picture: Picture = None,
) -> None:
    """Show who sees a target at a height: by latitude, as maps of an area, or as fans of radars."""
    given: Given = {
        next(name for name in p.opts if name.startswith("--")): context.params[p.name or ""]
        for p in context.command.params
        if p.param_type_name == "option" and isinstance(context.params.get(p.name or ""), str)
    }
    files = _files(given)
    if scenario is None:
        told, lines, writers = _of_constellation(given, bool(files))
    elif fan_km is not None:
        told, lines, writers = _of_fans(scenario, given, geometry_only)
    else:
        told, lines, writers = _of_scenario(scenario, given, geometry_only)
    write_files(files, writers)
    print_answer(told, lines, files, as_json=as_json)


Answer = tuple[dict[str, Any], list[str], dict[str, Writer]]


def _files(given: Given) -> dict[str, Path]:
    """Refuse, before anything is computed, files that cannot be."""
    files = {name: Path(given[name] or "") for name in FILES if given.get(name) is not None}
    refuse_files(files)
    return files


def _refuse(given: Given, options: tuple[str, ...], words: str) -> None:
    from hinomi.errors import ScenarioError

    extra = [name for name in options if given.get(name) is not None]
    if extra:
        raise ScenarioError(f"{' and '.join(extra)} {words}")


def _of_constellation(given: Given, files: bool) -> Answer:
    from hinomi.errors import ScenarioError
    from hinomi.export import coverage_answer as answer
    from hinomi.export import coverage_asked as asked
    from hinomi.export.coverage_maps import of_constellation
    from hinomi.export.coverage_table import summary

    if not any(given.get(way) is not None for way in ("--walker", "--geo", "--tle")):
        raise ScenarioError(asked.WAYS)
    _refuse(given, OF_SCENARIO, "is for a scenario: name one, or leave it out")
    target = asked.target_of(given, default_pd=0.0)
    group, t_s = asked.constellation(given, target), asked.times(given)
    head = answer.told(group, target, t_s)
    latitudes = asked.values(given, "--latitude-deg", "degrees", low=-90.0, high=90.0)
    if latitudes is not None:
        _refuse(given, ("--box", "--grid-deg"), "and --latitude-deg exclude one another: drop one")
        if files:
            raise ScenarioError(
                "--latitude-deg gives numbers, no map: leave it out for files of the whole Earth, "
                "or give --box"
            )
        rows = answer.of_latitudes(group, target, t_s, latitudes)
        told = head | (rows[0] if len(rows) == 1 else {"latitudes": rows})
        return told, answer.lines(head, rows), {}
    grid = asked.box_grid(given, target, box=None, step_deg=2.0, sphere_m=group.sphere_m)
    maps = of_constellation(
        group, target, t_s, grid, whole_earth=given.get("--box") is None,
        by_time=given.get("--over-time") is not None,
    )  # fmt: skip
    told = head | summary(maps)
    return told, answer.lines(head, [told]), _map_writers(maps)


def _of_scenario(scenario: str, given: Given, geometry_only: bool) -> Answer:
    from hinomi.export import coverage_scenario as of
    from hinomi.export.coverage_table import lines, summary

    _refuse(given, OF_CONSTELLATION, "and a scenario exclude one another: drop one")
    maps = of.maps(of.question(scenario, given, geometry_only=geometry_only))
    told = summary(maps)
    return told, lines(maps, told), _map_writers(maps)


def _of_fans(scenario: str, given: Given, geometry_only: bool) -> Answer:
    from hinomi.export import coverage_asked as asked
    from hinomi.export import coverage_fan as fan
    from hinomi.export import coverage_scenario as of
    from hinomi.export import coverage_table as table
    from hinomi.export.coverage_geojson import fan_geojson_text

    _refuse(given, OF_CONSTELLATION, "and a scenario exclude one another: drop one")
    words = "is for maps; --fan-km asks for the ranges of radars: drop one"
    _refuse(
        given, ("--architecture", "--minus", "--box", "--grid-deg", "--hours", "--over-time"), words
    )
    _refuse(given, ("--target-altitude-km",), "says one height and --fan-km several: drop one")
    heights = asked.values(given, "--fan-km", "km", low=0.0, high=2000.0) or ()
    one = of.question(
        scenario, given | {"--target-altitude-km": f"{heights[0]:g}"}, geometry_only=geometry_only
    )
    found = fan.fans(of.radars_of(one), [h * 1e3 for h in heights], one.target, one.seen)
    title = f"{one.scenario.name}: how far radars see, by height of the target"
    told = of.fan_words(one)
    rows = fan.facts(found)
    out = [title, told, "", *fan.lines(rows)]

    def draw(path: Path) -> None:
        from hinomi.export.coverage_picture import write_fans

        write_fans(found, path, title=title, words=told)

    facts = of.facts(one, sorted({f.radar for f in found}))
    for moving in ("target_altitude_km", "hours", "step_s", "intensity_kw_sr"):
        facts.pop(moving)
    writers = {
        "--csv": text_writer(lambda: table.fan_csv_text(found)),
        "--geojson": text_writer(lambda: fan_geojson_text(title, told, found)),
        "--picture": draw,
    }
    return facts | {"fans": rows}, out, writers


def _map_writers(maps: Maps) -> dict[str, Writer]:
    def draw(path: Path) -> None:
        from hinomi.export.coverage_picture import write_maps

        write_maps(maps, path)

    def table() -> str:
        from hinomi.export.coverage_table import csv_text

        return csv_text(maps)

    def shapes() -> str:
        from hinomi.export.coverage_geojson import geojson_text

        return geojson_text(maps)

    def steps() -> str:
        from hinomi.export.coverage_table import over_time_csv_text

        return over_time_csv_text(maps)

    return {
        "--csv": text_writer(table), "--geojson": text_writer(shapes), "--picture": draw, "--over-time": text_writer(steps),
    }  # fmt: skip
