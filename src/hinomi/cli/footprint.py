"""`hinomi footprint` and `hinomi raid`: what is defended, and how many at once empty the magazines."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hinomi.cli import options as o
from hinomi.cli.files import files_in, json_writer, text_writer, write_files
from hinomi.cli.printed import print_answer
from hinomi.cli.stopping import at_once

if TYPE_CHECKING:
    from hinomi.footprint.asked import Asked

Architecture = Annotated[
    str | None,
    typer.Option(metavar="NAME", help="Whose tracks and decision; the headline's first otherwise."),
]
Weapon = Annotated[
    list[str] | None,
    typer.Option(metavar="CLASS", help="Only this class of interceptor; may be repeated."),
]
BatteryName = Annotated[
    list[str] | None,
    typer.Option("--battery", metavar="NAME", help="Only this battery; may be repeated."),
]
ClassName = Annotated[
    list[str] | None,
    typer.Option("--class", metavar="NAME", help="Only threats of this class; may be repeated."),
]
Cell = Annotated[float, o.number_option("--cell-km", "KM", "Width of a cell, 10 or more.")]
Launches = Annotated[int, o.whole_option("--launches", "Notional launches that are averaged over.")]
Track = Annotated[
    float | None,
    o.number_option(
        "--track-s", "S", "Track this long after ignition; the scenario's typical time otherwise."
    ),
]
Sizes = Annotated[
    str, o.text_option("--sizes", "A..B", "Sizes of raids: 1..40, 1..40:3 or 1,2,4,8.")
]
Raids = Annotated[int, o.count_option("Raids of each size.")]
Within = Annotated[float, o.number_option("--within-s", "S", "Ignitions are even over this time.")]
Out = Annotated[Path | None, o.out_option("Folder for the files.")]


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    app.command(
        "footprint",
        short_help="Map what batteries defend: kinematic upper bound.",
        epilog="Example: hinomi footprint okinawa-2025 --weapon terminal_low -o footprint",
    )(footprint)
    app.command(
        "raid",
        short_help="Leakers and empty magazines by size of the raid.",
        epilog="Example: hinomi raid okinawa-2025 --sizes 1..10",
    )(raid)


@at_once
def footprint(
    scenario: o.Name,
    architecture: Architecture = None,
    weapon: Weapon = None,
    battery: BatteryName = None,
    class_name: ClassName = None,
    cell_km: Cell = 15.0,
    launches: Launches = 10,
    track_s: Track = None,
    variant: o.Variant = None,
    seed: o.Seed = None,
    out: Out = None,
    as_json: o.Json = False,
) -> None:
    """Map what batteries defend, averaged over notional launches: area, people, polygons, picture."""
    from hinomi.footprint import answer

    asked = _asked(scenario, architecture, weapon, battery, variant)
    files = _files(out, "footprint", ("png", "svg", "geojson", "json"))
    found = answer.map_of(
        asked, cell_m=cell_km * 1e3, launches=launches,
        seed=asked.scenario.study.seed if seed is None else seed, classes=class_name or (),
        track_s=track_s,
    )  # fmt: skip
    told = answer.told(found)

    def draw(path: Path) -> None:
        from hinomi.footprint.picture import write_map

        write_map(found, path)

    def shapes() -> str:
        from hinomi.footprint.shapes import geojson_text

        return geojson_text(found)

    writers = {
        "png": draw, "svg": draw, "geojson": text_writer(shapes), "json": json_writer(told),
    }  # fmt: skip
    write_files(files, writers)
    print_answer(told, answer.lines(told), files, as_json=as_json)


@at_once
def raid(
    scenario: o.Name,
    sizes: Sizes = "1..40",
    architecture: Architecture = None,
    weapon: Weapon = None,
    battery: BatteryName = None,
    class_name: ClassName = None,
    replicates: Raids = 20,
    within_s: Within = 300.0,
    variant: o.Variant = None,
    seed: o.Seed = None,
    out: Out = None,
    as_json: o.Json = False,
) -> None:
    """Fight raids of growing size with perfect common tracks: leakers, rounds, empty magazines."""
    from hinomi.footprint import raid_answer as answer

    wanted = answer.sizes_of(sizes)
    asked = _asked(scenario, architecture, weapon, battery, variant)
    files = _files(out, "raid", ("png", "svg", "csv", "json"))
    found = answer.raids_of(
        asked, sizes=wanted, replicates=replicates, within_s=within_s, classes=class_name or (),
        seed=asked.scenario.study.seed if seed is None else seed,
    )  # fmt: skip
    told = answer.told(found)

    def draw(path: Path) -> None:
        from hinomi.footprint.raid_picture import write_raids

        write_raids(found, path)

    writers = {
        "png": draw, "svg": draw, "json": json_writer(told),
        "csv": text_writer(lambda: answer.csv_text(told)),
    }  # fmt: skip
    write_files(files, writers)
    print_answer(told, answer.lines(told), files, as_json=as_json)


def _asked(
    name: str,
    architecture: str | None,
    weapons: list[str] | None,
    batteries: list[str] | None,
    variant: str | None,
) -> Asked:
    from hinomi.footprint.asked import asked
    from hinomi.scenario.load import load

    return asked(
        load(name, variant=variant), architecture=architecture, batteries=batteries or (),
        weapons=weapons or (),
    )  # fmt: skip


def _files(out: Path | None, stem: str, kinds: tuple[str, ...]) -> dict[str, Path]:
    return files_in(out, {kind: f"{stem}.{kind}" for kind in kinds})
