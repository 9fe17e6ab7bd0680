"""`hinomi live`: a scenario against a clock, with persons or the rule, for receivers; check its record."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hinomi.cli.alert_make import languages_of, read_text
from hinomi.cli.files import refuse_folder
from hinomi.cli.options import whole
from hinomi.cli.stopping import answered, say, until_stopped
from hinomi.errors import FolderError, ScenarioError

if TYPE_CHECKING:
    from collections.abc import Callable

    from hinomi.live.exercise import Exercise
    from hinomi.live.settings import Settings

VERIFY = "verify"

Name = Annotated[
    str, typer.Argument(metavar="SCENARIO", help="A bundled name or a path; or verify DIR.")
]
Record = Annotated[
    Path | None, typer.Argument(metavar="DIR", help="With verify: the folder of an exercise.")
]
Folder = Annotated[
    Path | None,
    typer.Option(
        "--folder",
        "-o",
        "--out",
        metavar="DIR",
        help="Where everything is kept; goes on if it exists.",
    ),
]
Speed = Annotated[
    str, typer.Option(metavar="X", help="Scenario seconds in a second, or max.", show_default=True)
]
Port = Annotated[int, typer.Option(metavar="PORT", parser=whole, help="0 is any that is free.")]
Host = Annotated[str, typer.Option(metavar="ADDRESS", help="Elsewhere than here needs a token.")]
Token = Annotated[
    Path | None, typer.Option("--token-file", metavar="FILE", help="Token that receivers need.")
]
Release = Annotated[
    str, typer.Option(metavar="auto|console", help="By the rule alone, or by two persons.")
]
Receivers = Annotated[
    Path | None, typer.Option("--receivers-file", metavar="FILE", help="Address book of this mode.")
]
Carriers = Annotated[
    list[str] | None,
    typer.Option(
        "--carrier",
        metavar="ADDRESS",
        help="Hand messages over to nats://, mqtt:// or a webhook's http:// too; again for more.",
    ),
]
Secret = Annotated[
    Path | None,
    typer.Option("--secret-file", metavar="FILE", help="Secret that a webhook checks."),
]
Until = Annotated[str, typer.Option(metavar="end|S", help="Scenario seconds after the epoch.")]
Mode = Annotated[str, typer.Option(metavar="exercise|test", help="Keys and books of their own.")]
Seed = Annotated[
    int | None, typer.Option(metavar="N", parser=whole, help="The scenario's otherwise.")
]
Replicate = Annotated[int, typer.Option(metavar="N", parser=whole, help="Which raid of the seed.")]
Architecture = Annotated[
    str | None, typer.Option(metavar="A", help="Whose picture decides; the last of the scenario.")
]
Sender = Annotated[str, typer.Option(metavar="NAME", help="Sender of the messages.")]
Title = Annotated[str, typer.Option("--name", metavar="TEXT", help="Name of the exercise.")]
Languages = Annotated[
    str, typer.Option("--languages", "--language", metavar="TAG,...", help="Of the messages.")
]


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command(
        "live",
        short_help="Run a scenario as a live exercise; verify its record.",
        epilog="Example: hinomi live okinawa-2025 --folder exercise --speed 10",
    )(live)


def live(
    scenario: Name,
    record: Record = None,
    folder: Folder = None,
    speed: Speed = "1",
    host: Host = "127.0.0.1",
    port: Port = 0,
    token_file: Token = None,
    release: Release = "console",
    receivers_file: Receivers = None,
    carrier: Carriers = None,
    secret_file: Secret = None,
    until: Until = "end",
    mode: Mode = "exercise",
    seed: Seed = None,
    replicate: Replicate = 0,
    architecture: Architecture = None,
    sender: Sender = "exercise@hinomi.example",
    name: Title = "",
    languages: Languages = "ja,en",
) -> None:
    """Run the chain against a clock: alerts are composed, checked, signed, released and delivered.

    Exercise and test alone; no actual alert can be released. `hinomi live verify DIR` looks through
    the record of an exercise and exits with 1 where something was altered.
    """
    with answered():
        if scenario == VERIFY:
            _verify(record or folder)
            return
        if record is not None:
            raise ScenarioError(f"{record}: one scenario alone; the folder is --folder {record}")
        if folder is None:
            raise FolderError(
                "name a folder for the exercise: --folder DIR; the same goes on later"
            )
        refuse_folder("--folder", folder)
        from hinomi.live.server import need_server
        from hinomi.live.settings import Settings, read_receivers, refuse_mode
        from hinomi.transport.connect import need_carrier

        need_server()
        for address in carrier or ():
            need_carrier(address)
        refuse_mode(mode)
        settings = Settings(
            scenario=scenario, folder=folder, seed=seed, replicate=replicate,
            architecture=architecture, speed=_speed(speed), mode=mode, release=release,
            until_s=_until(until), host=host, port=port, token=secret_of(token_file, "--token-file"),
            receivers=() if receivers_file is None else read_receivers(receivers_file, mode=mode),
            sender=sender, name=name,
            languages=languages_of(languages, "--languages"),
        )  # fmt: skip
        _run(
            settings, tuple(carrier or ()), secret=secret_of(secret_file, "--secret-file").encode()
        )


def _speed(text: str) -> float:
    if text in ("max", "inf"):
        return math.inf
    try:
        return float(text)
    except ValueError:
        raise ScenarioError(
            f"--speed is {text!r}; write a number above 0 (60 is a minute in a second), or max"
        ) from None


def _until(text: str) -> float | None:
    if text == "end":
        return None
    try:
        return float(text)
    except ValueError:
        raise ScenarioError(f"--until is {text!r}; write end, or scenario seconds") from None


def secret_of(path: Path | None, option: str) -> str:
    """Text of a file that holds a token or a secret; nothing without a file."""
    if path is None:
        return ""
    text = read_text(path, option).strip()
    if not text:
        raise ScenarioError(f"{option} {path}: is empty; write the words into it on one line")
    return text


def _verify(folder: Path | None) -> None:
    from hinomi.live.journal import verify

    if folder is None:
        raise FolderError("name the folder of an exercise: hinomi live verify DIR")
    verdict = verify(folder)
    if not verdict.sound:
        typer.echo(f"row {verdict.row}: {verdict.what}")
        raise typer.Exit(1)
    typer.echo(f"sound: {verdict.rows} rows; the last has digest {verdict.head}")


def _run(settings: Settings, carriers: tuple[str, ...], *, secret: bytes) -> None:
    import asyncio

    from hinomi.live.exercise import open_exercise

    async def work() -> int:
        exercise = open_exercise(settings)
        try:
            await _carry(exercise, carriers, secret=secret)
            stopped = await until_stopped(exercise.run(ready=_tell_address(exercise)))
            if not stopped:
                _tell_end(exercise)
        finally:
            for carrier in exercise.carriers.values():
                await carrier.close()
            exercise.close()
        return stopped

    stopped = asyncio.run(work())
    if stopped:
        say(f"interrupted; the same command with --folder {settings.folder} goes on where it was")
        raise typer.Exit(128 + stopped)


async def _carry(exercise: Exercise, addresses: tuple[str, ...], *, secret: bytes) -> None:
    """Connect to every carrier before the first message; one that is not there stops the start."""
    from hinomi.transport.connect import connect

    for address in addresses:
        exercise.carriers[address] = await connect(
            address, run=exercise.run_name, mode=exercise.settings.mode, secret=secret
        )


def _tell_address(exercise: Exercise) -> Callable[[str], None]:

    def tell(address: str) -> None:
        typer.echo(f"{address}/")
        mode = exercise.settings.mode.upper()
        typer.echo(f"{mode}: run {exercise.run_name}, folder {exercise.home.path}")
        if exercise.clock.paused:
            typer.echo("paused, as it was left: its director lets it go on at the console")
        if exercise.settings.release == "console":
            for person in exercise.home.persons:
                typer.echo(f"{person.role:<9} {address}/#token={person.token}")
        else:
            typer.echo(
                f"released by the rule; roles and tokens are in {exercise.home.path}/roles.json"
            )
        typer.get_text_stream("stdout").flush()

    return tell


def _tell_end(exercise: Exercise) -> None:
    from hinomi.study.figure_words import counted

    register = exercise.office.register
    kinds = [m.kind for m in register.released.values()]
    typer.echo(
        f"ended: {counted(kinds.count('alert'), 'alert')}, {counted(kinds.count('update'), 'update')}, "
        f"{counted(kinds.count('cancel'), 'cancel')}; {counted(len(register.incidents), 'incident')}, "
        f"{counted(len(register.unreachable), 'receiver')} without an answer"
    )
    for name in sorted(register.unreachable):
        typer.echo(f"no answer: {name}")
    typer.echo(
        f"record: {exercise.journal.number} rows, digest of the last {exercise.journal.head}"
    )
