"""`hinomi export`: one replicate of a run for globes, maps and other programs."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from hinomi.cli import options as o
from hinomi.cli.stopping import at_once

if TYPE_CHECKING:
    from hinomi.study.results import Results

FORMATS = {
    "czml": ".czml", "kml": ".kml", "geojson": ".geojson", "oem": ".oem", "csv": ".csv",
    "cot": ".cot", "dis": ".dis",
}  # fmt: skip
HANDED = {"cot": ("tracks", "areas"), "dis": ("tracks",)}  # layers of exercise reports
SENDING_SPEED = 60.0  # scenario seconds in a second
Files = dict[Path, bytes]
What = Annotated[
    str | None,
    typer.Option(
        metavar="A,B,...",
        help="Of flights, tracks, sensors, areas, alerts, engagements; all otherwise. "
        "csv: tables of the run; flights otherwise.",
    ),
]
To = Annotated[
    str | None,
    typer.Option(
        metavar="127.0.0.1:PORT", help="cot, dis: send to this machine by UDP instead, paced."
    ),
]


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command(
        "export",
        short_help="Write a run for globes, maps and other programs.",
        epilog="Example: hinomi export results/okinawa --format kml",
    )(export)


@at_once
def export(
    folder: o.Folder,
    kind: Annotated[
        str, typer.Option("--format", metavar="|".join(FORMATS), help="What is written.")
    ] = "",
    architecture: Annotated[
        str | None,
        typer.Option(metavar="A", help="Whose tracks, alerts and shots; the headline's otherwise."),
    ] = None,
    replicate: Annotated[
        int | None,
        typer.Option(metavar="N", parser=o.whole, help="Number of the replicate; 0 otherwise."),
    ] = None,
    what: What = None,
    body: Annotated[
        str | None, typer.Option(metavar="NAME", help="oem: only this body; all otherwise.")
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            "-o", "--out", metavar="FILE", help="study-SCENARIO-N in this folder otherwise."
        ),
    ] = None,
    to: To = None,
    force: Annotated[bool, typer.Option("--force", help="Write over a file of that name.")] = False,
    as_json: o.Json = False,
) -> None:
    """Write one replicate of a run's folder; everything in it is marked as a study."""
    from hinomi.errors import ScenarioError
    from hinomi.scenario.mistakes import nearest
    from hinomi.study.results import Results

    if kind not in FORMATS:
        near = nearest(kind, FORMATS)
        tail = f"; did you mean {near!r}?" if near else ""
        given = f"is {kind!r}" if kind else "is missing"
        raise ScenarioError(f"--format {given}; it is one of {', '.join(FORMATS)}{tail}")
    if body is not None and kind != "oem":
        raise ScenarioError("--body is for --format oem, which writes a file a body; leave it out")
    if to is not None and kind not in HANDED:
        raise ScenarioError("--to is for --format cot and dis; leave it out")
    study = Results(folder)
    if to is not None:
        _send(study, kind, to, replicate, architecture)
        return
    path = out or _default(study, kind, replicate)
    _refuse(path, force=force)
    layers = o.names_of(what, "--what")
    if kind == "csv":
        files, counts = _tables(study, path, layers, replicate, architecture)
    else:
        files, counts = _shown(study, path, kind, layers, replicate, architecture, body)
    _write(files, force=force)
    if as_json:
        told = {"format": kind, "files": [str(p) for p in files], "counts": counts}
        typer.echo(json.dumps(told, ensure_ascii=False, allow_nan=False))
        return
    typer.echo("STUDY 研究 - " + ", ".join(f"{n} {name}" for name, n in counts.items()))
    for name, content in files.items():
        typer.echo(f"{len(content):>10,}  {name}")


def _default(study: Results, kind: str, replicate: int | None) -> Path:
    from hinomi.study.banner import file_name

    number = "" if kind == "csv" and replicate is None else f"-{replicate or 0}"
    status = "exercise" if kind in HANDED else "study"
    return Path(file_name(status, f"{study.plan.scenario}{number}{FORMATS[kind]}"))


def _refuse(path: Path, *, force: bool) -> None:
    """Refuse a file that cannot be, before anything is computed."""
    from hinomi.errors import ScenarioError

    if path.is_dir():
        raise ScenarioError(f"-o {path}: is a folder; name a file in it")
    if not path.parent.is_dir():
        raise ScenarioError(f"-o {path}: there is no folder {path.parent}; make it first")
    if path.exists() and not force:
        raise ScenarioError(f"-o {path}: is there already; name another file, or give --force")


def _beside(path: Path, name: str) -> Path:
    """Name of one file of several: `run.csv` becomes `run-tracks.csv`."""
    plain = "".join(c if c.isalnum() or c in "-_" else "_" for c in name)
    return path.with_name(f"{path.stem}-{plain}{path.suffix}")


def _tables(
    study: Results,
    path: Path,
    names: tuple[str, ...] | None,
    replicate: int | None,
    architecture: str | None,
) -> tuple[Files, dict[str, int]]:
    from hinomi.exchange.csv_run import csv_bytes

    chosen = names or ("flights",)
    files, counts = {}, {}
    for name in chosen:
        content = csv_bytes(study, name, replicate=replicate, architecture=architecture)
        files[path if len(chosen) == 1 else _beside(path, name)] = content
        counts[f"rows of {name}"] = max(0, content.count(b"\n") - 1)
    return files, counts


def _shown(
    study: Results,
    path: Path,
    kind: str,
    layers: tuple[str, ...] | None,
    replicate: int | None,
    architecture: str | None,
    body: str | None,
) -> tuple[Files, dict[str, int]]:
    from hinomi.errors import ScenarioError
    from hinomi.exchange.gather import ask, gather

    if kind == "oem":
        if layers not in (None, ("flights",)):
            raise ScenarioError("--format oem writes flights only; leave --what out")
        layers = ("flights",)
    if kind in HANDED:
        odd = [x for x in layers or () if x not in HANDED[kind]]
        if odd:
            raise ScenarioError(
                f"--format {kind} writes {' and '.join(HANDED[kind])}, not {odd[0]}; leave --what out"
            )
        layers = layers or HANDED[kind]
    show = gather(ask(study, replicate=replicate, architecture=architecture, layers=layers))
    if kind == "oem":
        return _messages(show, path, body)
    if kind in HANDED:
        events, counts = _handed(show, kind)
        return {path: b"".join(text for _, text in events)}, counts
    if kind == "kml":
        from hinomi.exchange.kml_run import kml_bytes

        return {path: kml_bytes(show)}, dict(show.counts())
    from hinomi.exchange.czml_run import czml_text
    from hinomi.exchange.geojson_run import geojson_text

    writers: dict[str, Callable[[Any], str]] = {"czml": czml_text, "geojson": geojson_text}
    return {path: writers[kind](show).encode()}, dict(show.counts())


def _handed(show: Any, kind: str) -> tuple[list[tuple[float, bytes]], dict[str, int]]:
    """Exercise reports for other displays, with their times."""
    from hinomi.exchange.cot_run import cot_events
    from hinomi.exchange.dis_run import dis_events

    return cot_events(show) if kind == "cot" else dis_events(show)


def _send(
    study: Results, kind: str, to: str, replicate: int | None, architecture: str | None
) -> None:
    """Send the reports to a port of this machine instead of writing them."""
    from hinomi.exchange.gather import ask, gather
    from hinomi.exchange.handed import PER_SECOND, loopback_of, send

    address = loopback_of(to, "--to")
    show = gather(ask(study, replicate=replicate, architecture=architecture, layers=HANDED[kind]))
    events, _ = _handed(show, kind)
    count = send(events, address, speed=SENDING_SPEED, per_second=PER_SECOND)
    typer.echo(f"EXERCISE 訓練 - {count} datagrams to {to}, at most {PER_SECOND} a second")


def _messages(show: Any, path: Path, body: str | None) -> tuple[Files, dict[str, int]]:
    """One message a body."""
    from hinomi.errors import ScenarioError
    from hinomi.exchange.oem_run import oem_text
    from hinomi.scenario.mistakes import nearest
    from hinomi.study.provenance import now_utc

    ways = {w.name: w for w in show.flights}
    if body is not None:
        if body not in ways:
            near = nearest(body, ways)
            tail = f"; did you mean {near!r}?" if near else ""
            raise ScenarioError(f"--body is {body!r}; this replicate has {', '.join(ways)}{tail}")
        ways = {body: ways[body]}
    if not ways:
        raise ScenarioError("no body flies in this replicate; there is no message to write")
    created = now_utc()[:19]
    files = {
        path if len(ways) == 1 else _beside(path, name): oem_text(show, w, created=created).encode()
        for name, w in ways.items()
    }
    return files, {"flights": len(ways)}


def _write(files: Files, *, force: bool) -> None:
    """Write each file whole or not at all; nothing is written where one of them must not be."""
    from hinomi.errors import ScenarioError
    from hinomi.study.store import write_atomically

    for path in files:
        _refuse(path, force=force)
    for path, content in files.items():
        try:
            write_atomically(path, partial(_put, content))
        except OSError as error:
            raise ScenarioError(
                f"-o {path}: cannot be written: {error.strerror}; name another file"
            ) from None


def _put(content: bytes, part: Path) -> None:
    part.write_bytes(content)
