"""`hinomi launches`, `audit`, `replay`: public launches, and whether what was said of them fits."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hinomi.cli.files import refuse_files, write_files
from hinomi.cli.options import Json, Quiet, Replicates, Seed
from hinomi.cli.printed import print_json, print_lines
from hinomi.cli.stopping import at_once
from hinomi.errors import ScenarioError

if TYPE_CHECKING:
    from hinomi.history.audit import Claim, Finding

FILE_ENDINGS = (".csv", ".tsv", ".txt")


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    app.command(
        "launches",
        short_help="List the public launches, or all reports of one.",
        epilog="Example: hinomi launches 2017-08-29",
    )(launches)
    app.command(
        "audit",
        short_help="Hold a published range, apogee and time against physics.",
        epilog="Example: hinomi audit --range-km 2700 --apogee-km 550 --time-min 14",
    )(audit)
    app.command(
        "replay",
        short_help="Public launches, reported and simulated, minute by minute.",
        epilog="Example: hinomi replay 2017-08-29 -n 10 -o replay",
    )(replay)


def launches(
    launch: Annotated[
        str | None, typer.Argument(metavar="ID", help="A launch: its date, such as 2017-08-29.")
    ] = None,
    as_json: Json = False,
) -> None:
    """List the public launches, or one with every reported value, who reported it and where."""
    from hinomi.history.answers import launch_lines, launch_object, launch_row
    from hinomi.history.launches import find_launch, load_launches

    if launch is None:
        found = load_launches()
        if as_json:
            print_json({"launches": [launch_object(each) for each in found]})
        else:
            typer.echo(
                f"{'launch':<10}  {'kind':<15} {'range':>11} {'apogee':>11}  vehicle (told by)"
            )
            typer.echo("\n".join(launch_row(each) for each in found))
        return
    one = find_launch(launch)
    if as_json:
        print_json(launch_object(one))
    else:
        print_lines(launch_lines(one))


@at_once
def audit(
    target: Annotated[
        str | None,
        typer.Argument(metavar="LAUNCH|FILE.csv", help="A public launch, or a file of claims."),
    ] = None,
    range_km: Annotated[
        str | None, typer.Option(metavar="R", help="Range; 2700~50 states a half-width.")
    ] = None,
    apogee_km: Annotated[
        str | None, typer.Option(metavar="H", help="Greatest height; 550~25 states a half-width.")
    ] = None,
    time_s: Annotated[str | None, typer.Option(metavar="T", help="Flight time in seconds.")] = None,
    time_min: Annotated[
        str | None, typer.Option(metavar="T", help="Flight time in minutes.")
    ] = None,
    clock: Annotated[
        str | None, typer.Option(metavar="HH:MM-HH:MM", help="Minutes of launch and impact.")
    ] = None,
    site: Annotated[
        str | None, typer.Option("--from", metavar="LAT,LON", help="Launch site in degrees.")
    ] = None,
    bearing_deg: Annotated[
        str | None, typer.Option(metavar="B", help="Bearing of the end, clockwise from north.")
    ] = None,
    class_name: Annotated[
        str | None, typer.Option("--class", metavar="NAME", help="A class of the catalogue.")
    ] = None,
    kind: Annotated[
        str | None,
        typer.Option(metavar="KIND", help="ballistic, quasi_ballistic, glide, cruise or launcher."),
    ] = None,
    detected: Annotated[
        bool, typer.Option("--detected", help="The launch minute may be that of a detection.")
    ] = False,
    as_json: Json = False,
    picture: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Draw the claim: .png or .svg.")
    ] = None,
    csv_out: Annotated[
        Path | None, typer.Option("--csv", metavar="OUT", help="Findings of a file of claims.")
    ] = None,
) -> None:
    """Hold a published range, apogee and flight time against the unpowered flight and its boost."""
    typed = {
        "--range-km": range_km, "--apogee-km": apogee_km, "--time-s": time_s,
        "--time-min": time_min, "--clock": clock,
    }  # fmt: skip
    about = {
        "site_lat_deg": _latitude(site), "bearing_deg": bearing_deg or "",
        "class": class_name or "", "kind": kind or "",
    }  # fmt: skip
    _check_wishes(target, typed, picture, csv_out)
    if target is None:
        _audit_claim(typed, about, detected, as_json, picture)
    elif _is_file(target):
        _audit_file(Path(target), about, detected, as_json, picture, csv_out)
    else:
        if kind:
            raise ScenarioError("--kind is for a typed claim or a file; a launch has its own kind")
        _audit_launch(target, about, detected, as_json, picture)


def replay(
    launch: Annotated[
        str | None,
        typer.Argument(
            metavar="LAUNCH|FILE.toml", help="A launch: its date; or a launch file of your own."
        ),
    ] = None,
    everything: Annotated[
        bool, typer.Option("--all", help="Every bundled launch, and their scores in one table.")
    ] = False,
    replicates: Replicates = None,
    seed: Seed = None,
    out: Annotated[
        Path | None,
        typer.Option("-o", "--out", metavar="DIR", help="Folder for pages; keeps what is done."),
    ] = None,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Fly a public launch again: reported and simulated, minute by minute, misses printed."""
    from hinomi.cli.replay import replay_all, replay_one

    if everything == (launch is not None):
        raise ScenarioError(
            "name one launch or file, or give --all for every bundled one; `hinomi launches` lists "
            "the public launches"
        )
    if launch is None:
        replay_all(replicates, seed, out, quiet=quiet, as_json=as_json)
    else:
        replay_one(launch, replicates, seed, out, quiet=quiet, as_json=as_json)


def _check_wishes(
    target: str | None,
    typed: Mapping[str, str | None],
    picture: Path | None,
    csv_out: Path | None,
) -> None:
    given = [name for name, value in typed.items() if value is not None]
    if target is not None and given:
        raise ScenarioError(
            f"{given[0]} and {target!r} are both given; audit one of them: a launch, a file, or a "
            "typed claim"
        )
    if csv_out is not None and (target is None or not _is_file(target)):
        raise ScenarioError("--csv writes the findings of a file of claims; give FILE.csv too")
    files = {"--picture": picture, "--csv": csv_out}
    refuse_files({option: path for option, path in files.items() if path is not None})


def _is_file(target: str) -> bool:
    return target.lower().endswith(FILE_ENDINGS) or Path(target).exists()


def _latitude(site: str | None) -> str:
    """Latitude of `LAT,LON`, as text; the longitude changes no flight time."""
    from hinomi.history.claim_table import angle_of

    if site is None:
        return ""
    parts = site.split(",")
    if len(parts) != 2:
        raise ScenarioError(f"--from is {site!r}; write LAT,LON in degrees, such as 39.2,125.67")
    lat, lon = (angle_of(part or "?", f"--from {site!r}") for part in parts)
    if lat is None or lon is None or not abs(lon) <= 2.0 * 3.1416:
        raise ScenarioError(f"--from is {site!r}; a longitude lies between -180 and 360 degrees")
    return parts[0].strip()


def _audit_claim(
    typed: Mapping[str, str | None],
    about: Mapping[str, str],
    detected: bool,
    as_json: bool,
    picture: Path | None,
) -> None:
    from hinomi.history.answers import claim_lines, claim_object, finding_object
    from hinomi.history.audit import Claim
    from hinomi.history.audit import audit as judge
    from hinomi.history.claim_table import angle_of
    from hinomi.history.digits import read_distance, read_time

    times = [name for name in ("--time-s", "--time-min", "--clock") if typed[name] is not None]
    lacks = [name for name in ("--range-km", "--apogee-km") if typed[name] is None]
    if lacks or len(times) != 1:
        raise ScenarioError(
            "a claim needs --range-km, --apogee-km and one of --time-s, --time-min and --clock; "
            + (f"{' and '.join(lacks)} missing" if lacks else f"{len(times)} times are given")
            + "; or name a launch (`hinomi launches` lists them) or a CSV file"
        )
    claim = Claim(
        name="claim",
        range_m=read_distance(typed["--range-km"] or "", name="--range-km"),
        apogee_m=read_distance(typed["--apogee-km"] or "", name="--apogee-km"),
        time_s=read_time(
            typed[times[0]] or "", name=times[0], unit="min" if times[0] == "--time-min" else "s"
        ),
        lat_rad=angle_of(about["site_lat_deg"], "--from"),
        bearing_rad=angle_of(about["bearing_deg"], "--bearing-deg"),
        class_name=about["class"],
        kind=about["kind"] or "ballistic",
        detected=detected,
    )
    found = judge(claim)
    if as_json:
        print_json({"claim": claim_object(claim), **finding_object(found)})
    else:
        print_lines(claim_lines(claim, found))
    _draw(picture, [("claim", claim, found)])


def _audit_launch(
    target: str, about: Mapping[str, str], detected: bool, as_json: bool, picture: Path | None
) -> None:
    from hinomi.history.answers import launch_finding_lines, launch_finding_object
    from hinomi.history.claim_table import angle_of
    from hinomi.history.compare import audit_launch
    from hinomi.history.launches import find_launch

    found = audit_launch(
        find_launch(target),
        class_name=about["class"],
        lat_rad=angle_of(about["site_lat_deg"], "--from"),
        bearing_rad=angle_of(about["bearing_deg"], "--bearing-deg"),
        detected=detected,
    )
    if as_json:
        print_json(launch_finding_object(found))
    else:
        print_lines(launch_finding_lines(found))
    _draw(
        picture,
        [(each.by, each.claim, each.finding) for each in found.sets],
        title=f"launch of {found.launch.name}",
    )


def _audit_file(
    path: Path,
    about: Mapping[str, str],
    detected: bool,
    as_json: bool,
    picture: Path | None,
    csv_out: Path | None,
) -> None:
    from hinomi.history.answers import findings_table, row_line, table_object
    from hinomi.history.claim_table import audit_file

    if picture is not None:
        raise ScenarioError("--picture draws a launch or a typed claim, not a file of claims")
    found = audit_file(path, defaults=about, detected=detected)
    if as_json:
        print_json(table_object(found))
    else:
        for row in found.rows:
            typer.echo(row_line(row))
        for note in found.notes:
            typer.echo(f"note: {note}")
    if csv_out is not None:
        write_files(
            {"--csv": csv_out}, {"--csv": lambda path: _write_rows(findings_table(found), path)}
        )
    if not found.complete:
        bad = sum(row.finding is None for row in found.rows)
        typer.echo(f"hinomi: {bad} of {len(found.rows)} rows could not be judged", err=True)
        raise typer.Exit(1)


def _draw(
    picture: Path | None, claims: list[tuple[str, Claim, Finding]], title: str = "a claim"
) -> None:
    if picture is None:
        return
    from hinomi.history.picture import draw_claims, published_points

    def draw(path: Path) -> None:
        draw_claims(claims, published=published_points(), path=path, title=title)

    write_files({"--picture": picture}, {"--picture": draw})


def _write_rows(rows: Iterable[Sequence[object]], path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(rows)
