"""`hinomi fly`: one flight from a class or from numbers, as a table, a picture and files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hinomi.cli import options as o
from hinomi.cli.files import Writer, refuse_files, text_writer, write_files
from hinomi.cli.printed import print_answer, print_json
from hinomi.cli.stopping import at_once

if TYPE_CHECKING:
    from datetime import datetime

    from hinomi.export.flight_asked import Asked
    from hinomi.export.one_flight import OneFlight

Text = str | None
EPOCH = "2000-01-01T00:00:00Z"

ClassName = Annotated[
    Text, typer.Argument(metavar="CLASS", help="A class of the catalogue; see --classes.")
]
From = Annotated[Text, o.text_option("--from", "LAT,LON", "Start, degrees.")]
To = Annotated[Text, o.text_option("--to", "LAT,LON", "Aim, degrees, no finer than 0.1.")]
Via = Annotated[
    list[str] | None,
    o.text_option("--via", "LAT,LON", "Waypoint of a cruise class; again for more."),
]
Apogee = Annotated[Text, o.text_option("--apogee-km", "KM", "(First) apogee of a flight to --to.")]
Azimuth = Annotated[Text, o.text_option("--azimuth-deg", "DEG", "Direction, from north clockwise.")]
Kick = Annotated[Text, o.text_option("--kick-deg", "DEG", "Tilt reached 13 s after ignition.")]
Cutoff = Annotated[Text, o.text_option("--cutoff-s", "S", "End of thrust; burns out otherwise.")]
FailsAt = Annotated[Text, o.text_option("--fails-at-s", "S", "Time at which thrust fails.")]
Speed = Annotated[
    Text, o.text_option("--speed-km-s", "KM/S", "Speed at the start, over the ground.")
]
Angle = Annotated[
    Text, o.text_option("--angle-deg", "DEG", "Angle of the start above the horizon.")
]
Height = Annotated[
    Text,
    o.text_option(
        "--height-km", "KM", "Height of the start; 0, or where lift carries a glider, otherwise."
    ),
]
Beta = Annotated[Text, o.text_option("--beta-kg-m2", "KG/M2", "Ballistic coefficient.")]
Lift = Annotated[Text, o.text_option("--lift-to-drag", "RATIO", "Lift over drag: the body glides.")]
Law = Annotated[Text, o.text_option("--law", "equilibrium|skip", "How lift is used.")]
Bank = Annotated[
    Text,
    o.text_option(
        "--bank", "S:DEG,...", "Bank from seconds after the glide began; right is positive."
    ),
]
Range = Annotated[
    Text, o.text_option("--minimum-energy-km", "KM", "Least-speed flight over this ground range.")
]
Earth = Annotated[
    Text,
    o.text_option("--earth", "sphere|rotating-sphere|wgs84", "The Earth below; wgs84 otherwise."),
]
NoAir = Annotated[bool, typer.Option("--no-atmosphere", help="Without air.")]
Density = Annotated[
    Text, o.text_option("--density-factor", "FACTOR", "Air density over the standard above 30 km.")
]
Csv = Annotated[Path | None, o.text_option("--csv", "FILE", "Rows every second.")]
Oem = Annotated[Path | None, o.text_option("--oem", "FILE", "CCSDS OEM 2.0, text.")]
Czml = Annotated[Path | None, o.text_option("--czml", "FILE", "For a virtual globe.")]
Picture = Annotated[Path | None, o.text_option("--picture", "FILE", "PNG or SVG.")]
Epoch = Annotated[Text, o.text_option("--epoch", "TIME", f"UTC of the start; {EPOCH} otherwise.")]
Classes = Annotated[bool, typer.Option("--classes", help="List the classes and stop.")]


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command(
        "fly",
        short_help="Fly one body and show its flight.",
        epilog="Example: hinomi fly mrbm_liquid --from 39.0,125.7 --to 33.1,131.0 --apogee-km 300",
    )(fly)


@at_once
def fly(
    class_name: ClassName = None,
    start: From = None,
    to: To = None,
    via: Via = None,
    apogee: Apogee = None,
    azimuth: Azimuth = None,
    kick: Kick = None,
    cutoff: Cutoff = None,
    fails_at: FailsAt = None,
    speed: Speed = None,
    angle: Angle = None,
    height: Height = None,
    beta: Beta = None,
    lift: Lift = None,
    law: Law = None,
    bank: Bank = None,
    range_km: Range = None,
    earth: Earth = None,
    no_air: NoAir = False,
    density: Density = None,
    as_json: o.Json = False,
    csv: Csv = None,
    oem: Oem = None,
    czml: Czml = None,
    picture: Picture = None,
    epoch: Epoch = None,
    classes: Classes = False,
) -> None:
    """Fly one body: towards a place, as told, or from a speed and an angle."""
    if classes:
        if class_name:
            from hinomi.errors import ScenarioError

            raise ScenarioError(
                f"--classes lists every class and takes no other word: leave {class_name!r} away, "
                "or leave --classes away to fly it"
            )
        _list(as_json)
        return
    from hinomi.export.flight_asked import ask
    from hinomi.export.option_values import instant

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
    _fly(asked, wanted, at, epoch_given=epoch is not None, as_json=as_json)


def _fly(
    asked: Asked, wanted: dict[str, Path], at: datetime, *, epoch_given: bool, as_json: bool
) -> None:
    """Fly, write the files, print."""
    from hinomi.export.flight_answer import answer
    from hinomi.export.flight_table import lines
    from hinomi.export.one_flight import fly as flown

    flight = flown(asked)
    _write(flight, wanted, at, epoch_given=epoch_given)
    print_answer(answer(flight), lines(flight), wanted, as_json=as_json)


def _write(flight: OneFlight, wanted: dict[str, Path], at: datetime, *, epoch_given: bool) -> None:
    from hinomi.export.flight_czml import czml_text
    from hinomi.export.flight_oem import oem_text
    from hinomi.export.flight_rows import csv_text
    from hinomi.study.banner import banner
    from hinomi.study.provenance import now_utc

    def draw(path: Path) -> None:
        from hinomi.export.flight_picture import write_picture

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
    from hinomi.export.body_classes import facts

    rows = facts()
    if as_json:
        print_json({"classes": rows})
        return
    width = max(len(str(row["class"])) for row in rows)
    typer.echo("Classes are generic: rounded public estimates, never a named system's data.")
    for row in rows:
        typer.echo(f"{row['class']:<{width}}  {row['title']}")
        typer.echo(f"{'':<{width}}  {row['words']}")
