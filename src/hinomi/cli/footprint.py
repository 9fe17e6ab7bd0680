"""`hinomi footprint` and `hinomi raid`: what is defended, and how many at once empty the magazines."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from hinomi.cli.files import Writer, text_writer, write_files
from hinomi.cli.options import whole

if TYPE_CHECKING:
    from hinomi.footprint.asked import Asked


def number(text: str) -> float:
    """Read a number; the value is told where it is none."""
    try:
        return float(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is no number; write it in digits") from None


Scenario = Annotated[str, typer.Argument(metavar="SCENARIO", help="A bundled name or a path.")]
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
Cell = Annotated[
    float,
    typer.Option("--cell-km", metavar="KM", parser=number, help="Width of a cell, 10 or more."),
]
Launches = Annotated[
    int,
    typer.Option(metavar="N", parser=whole, help="Notional launches that are averaged over."),
]
Track = Annotated[
    float | None,
    typer.Option(
        "--track-s",
        metavar="S",
        parser=number,
        help="Track this long after ignition; the scenario's typical time otherwise.",
    ),
]
Variant = Annotated[
    str | None, typer.Option(metavar="NAME", help="One of the scenario's variants.")
]
Seed = Annotated[
    int | None, typer.Option(metavar="N", parser=whole, help="The random seed; the scenario's.")
]
Sizes = Annotated[
    str, typer.Option(metavar="A..B", help="Sizes of raids: 1..40, 1..40:3 or 1,2,4,8.")
]
Replicates = Annotated[
    int,
    typer.Option("-n", "--replicates", metavar="N", parser=whole, help="Raids of each size."),
]
Within = Annotated[
    float,
    typer.Option(
        "--within-s", metavar="S", parser=number, help="Ignitions are even over this time."
    ),
]
Out = Annotated[
    Path | None, typer.Option("-o", "--out", metavar="DIR", help="Folder for the files.")
]
Json = Annotated[bool, typer.Option("--json", help="One JSON object on stdout and nothing else.")]


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    app.command("footprint", short_help="Map what batteries defend: kinematic upper bound.")(
        footprint
    )
    app.command("raid", short_help="Leakers and empty magazines by size of the raid.")(raid)


def footprint(
    scenario: Scenario,
    architecture: Architecture = None,
    weapon: Weapon = None,
    battery: BatteryName = None,
    class_name: ClassName = None,
    cell_km: Cell = 15.0,
    launches: Launches = 10,
    track_s: Track = None,
    variant: Variant = None,
    seed: Seed = None,
    out: Out = None,
    as_json: Json = False,
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

    _finish(
        told, answer.lines(told), files, as_json=as_json,
        writers={"png": draw, "svg": draw, "geojson": text_writer(shapes), "json": _json_writer(told)},
    )  # fmt: skip


def raid(
    scenario: Scenario,
    sizes: Sizes = "1..40",
    architecture: Architecture = None,
    weapon: Weapon = None,
    battery: BatteryName = None,
    class_name: ClassName = None,
    replicates: Replicates = 20,
    within_s: Within = 300.0,
    variant: Variant = None,
    seed: Seed = None,
    out: Out = None,
    as_json: Json = False,
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

    _finish(
        told, answer.lines(told), files, as_json=as_json,
        writers={
            "png": draw, "svg": draw, "json": _json_writer(told),
            "csv": text_writer(lambda: answer.csv_text(told)),
        },
    )  # fmt: skip


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
    """Name the files of a folder, made where it is not there yet; names begin with what they are."""
    from hinomi.errors import ScenarioError
    from hinomi.study.banner import file_name

    if out is None:
        return {}
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ScenarioError(
            f"--out {out}: cannot be a folder: {error.strerror}; name another"
        ) from None
    return {kind: out / file_name("study", f"{stem}.{kind}") for kind in kinds}


def _json_writer(told: dict[str, Any]) -> Writer:
    return text_writer(
        lambda: json.dumps(told, ensure_ascii=False, allow_nan=False, indent=1) + "\n"
    )


def _finish(
    told: dict[str, Any],
    lines: list[str],
    files: dict[str, Path],
    *,
    writers: dict[str, Writer],
    as_json: bool,
) -> None:
    """Write the files, then say what was found."""
    write_files(files, writers)
    if as_json:
        shown = told | {"files": {kind: str(path) for kind, path in files.items()}}
        typer.echo(json.dumps(shown, ensure_ascii=False, allow_nan=False, indent=1))
        return
    for line in (*lines, *(f"{p.stat().st_size:>10,}  {p}" for p in files.values())):
        typer.echo(line)
