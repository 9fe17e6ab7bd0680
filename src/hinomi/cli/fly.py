"""`hinomi fly`: one flight from a class or from numbers, as a table, a picture and files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hinomi.cli.files import Writer, refuse_files, text_writer, write_files

if TYPE_CHECKING:
    from datetime import datetime

    from hinomi.export.one_flight import OneFlight

Text = str | None
EPOCH = "2000-01-01T00:00:00Z"


def _option(name: str, metavar: str, words: str) -> typer.models.OptionInfo:
    return typer.Option(name, metavar=metavar, help=words)  # type: ignore[no-any-return]


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command("fly", short_help="Fly one body and show its flight.")(fly)


def fly(
    class_name: Annotated[
        Text, typer.Argument(metavar="CLASS", help="A class of the catalogue; see --classes.")
    ] = None,
    start: Annotated[Text, _option("--from", "LAT,LON", "Start, degrees.")] = None,
    to: Annotated[Text, _option("--to", "LAT,LON", "Aim, degrees, no finer than 0.1.")] = None,
    via: Annotated[
        list[str] | None, _option("--via", "LAT,LON", "Waypoint of a cruise class; repeatable.")
    ] = None,
    apogee: Annotated[
        Text, _option("--apogee-km", "KM", "(First) apogee of a flight to --to.")
    ] = None,
    azimuth: Annotated[
        Text, _option("--azimuth-deg", "DEG", "Direction, from north clockwise.")
    ] = None,
    kick: Annotated[Text, _option("--kick-deg", "DEG", "Tilt reached 13 s after ignition.")] = None,
    cutoff: Annotated[
        Text, _option("--cutoff-s", "S", "End of thrust; burns out otherwise.")
    ] = None,
    fails_at: Annotated[Text, _option("--fails-at-s", "S", "Time at which thrust fails.")] = None,
    speed: Annotated[
        Text, _option("--speed-km-s", "KM/S", "Speed at the start, over the ground.")
    ] = None,
    angle: Annotated[
        Text, _option("--angle-deg", "DEG", "Angle of the start above the horizon.")
    ] = None,
    height: Annotated[
        Text,
        _option(
            "--height-km",
            "KM",
            "Height of the start; 0, or where lift carries a glider, otherwise.",
        ),
    ] = None,
    beta: Annotated[Text, _option("--beta-kg-m2", "KG/M2", "Ballistic coefficient.")] = None,
    lift: Annotated[
        Text, _option("--lift-to-drag", "RATIO", "Lift over drag: the body glides.")
    ] = None,
    law: Annotated[Text, _option("--law", "equilibrium|skip", "How lift is used.")] = None,
    bank: Annotated[
        Text,
        _option(
            "--bank", "S:DEG,...", "Bank from seconds after the glide began; right is positive."
        ),
    ] = None,
    range_km: Annotated[
        Text, _option("--minimum-energy-km", "KM", "Least-speed flight over this ground range.")
    ] = None,
    earth: Annotated[
        Text,
        _option("--earth", "sphere|rotating-sphere|wgs84", "The Earth below; wgs84 otherwise."),
    ] = None,
    no_air: Annotated[bool, typer.Option("--no-atmosphere", help="Without air.")] = False,
    density: Annotated[
        Text, _option("--density-factor", "FACTOR", "Air density over the standard above 30 km.")
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="One JSON object on stdout and nothing else.")
    ] = False,
    csv: Annotated[Path | None, _option("--csv", "FILE", "Rows every second.")] = None,
    oem: Annotated[Path | None, _option("--oem", "FILE", "CCSDS OEM 2.0, text.")] = None,
    czml: Annotated[Path | None, _option("--czml", "FILE", "For a virtual globe.")] = None,
    picture: Annotated[Path | None, _option("--picture", "FILE", "PNG or SVG.")] = None,
    epoch: Annotated[
        Text, _option("--epoch", "TIME", f"UTC of the start; {EPOCH} otherwise.")
    ] = None,
    classes: Annotated[bool, typer.Option("--classes", help="List the classes and stop.")] = False,
) -> None:
    """Fly one body: towards a place, as told, or from a speed and an angle."""
    if classes:
        _list(as_json)
        return
    from hinomi.export.asked import ask
    from hinomi.export.numbers import instant

    given = {
        "--from": start, "--to": to, "--apogee-km": apogee, "--azimuth-deg": azimuth,
        "--kick-deg": kick, "--cutoff-s": cutoff, "--fails-at-s": fails_at, "--speed-km-s": speed,
        "--angle-deg": angle, "--height-km": height, "--beta-kg-m2": beta, "--lift-to-drag": lift,
        "--law": law, "--bank": bank, "--minimum-energy-km": range_km, "--earth": earth,
        "--density-factor": density,
    }  # fmt: skip
    asked = ask(class_name, given, via=tuple(via or ()), no_air=no_air)
    at = instant("--epoch", epoch or EPOCH)
    files = {"--csv": csv, "--oem": oem, "--czml": czml, "--picture": picture}
    wanted = {option: path for option, path in files.items() if path is not None}
    refuse_files(wanted)

    from hinomi.export.answer import answer
    from hinomi.export.one_flight import fly as flown
    from hinomi.export.table import lines

    flight = flown(asked)
    _write(flight, wanted, at, epoch_given=epoch is not None)
    if as_json:
        told = answer(flight) | {"files": {k.lstrip("-"): str(p) for k, p in wanted.items()}}
        typer.echo(json.dumps(told, ensure_ascii=False, allow_nan=False, indent=1))
        return
    for line in lines(flight):
        typer.echo(line)
    for path in wanted.values():
        typer.echo(f"{path.stat().st_size:>10,}  {path}")


def _write(flight: OneFlight, wanted: dict[str, Path], at: datetime, *, epoch_given: bool) -> None:
    from hinomi.export.czml import czml_text
    from hinomi.export.oem import oem_text
    from hinomi.export.rows import csv_text
    from hinomi.study.banner import banner
    from hinomi.study.provenance import now_utc

    def draw(path: Path) -> None:
        from hinomi.export.picture import write_picture

        write_picture(flight, path)

    created = now_utc()[:19]
    writers: dict[str, Writer] = {
        "--csv": text_writer(lambda: csv_text(flight)),
        "--oem": text_writer(
            lambda: oem_text(flight, epoch=at, epoch_given=epoch_given, created=created)
        ),
        "--czml": text_writer(lambda: czml_text(flight, epoch=at, status=banner("study").word)),
        "--picture": draw,
    }
    write_files(wanted, writers)


def _list(as_json: bool) -> None:
    """Every class, with what a flight can be asked of it."""
    from hinomi.export.classes import facts

    rows = facts()
    if as_json:
        typer.echo(json.dumps({"classes": rows}, ensure_ascii=False, indent=1))
        return
    width = max(len(str(row["class"])) for row in rows)
    typer.echo("Classes are generic: rounded public estimates, never a named system's data.")
    for row in rows:
        typer.echo(f"{row['class']:<{width}}  {row['title']}")
        typer.echo(f"{'':<{width}}  {row['words']}")
