"""`hinomi receive`: municipal receivers of an exercise; show what came, confirm it."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hinomi.cli.live import secret_of
from hinomi.cli.options import Json, number_option, whole
from hinomi.cli.printed import print_json
from hinomi.cli.stopping import answered, say, until_stopped
from hinomi.errors import FolderError, ScenarioError
from hinomi.extras import need_extra

if TYPE_CHECKING:
    from hinomi.receiver.begin import Wanted
    from hinomi.transport.feed import Way

app = typer.Typer(
    help="Receive the messages of an exercise: verify, show, sound (simulated), answer, confirm.",
    invoke_without_command=True,
)
WAYS: tuple[Way, ...] = ("events", "socket", "atom")

From = Annotated[
    str | None,
    typer.Option("--from", metavar="ADDRESS", help="http://127.0.0.1:PORT, nats:// or mqtt://."),
]
Places = Annotated[
    str | None, typer.Option("--places", metavar="CODE,...", help="Municipalities, by code.")
]
Folder = Annotated[
    Path | None,
    typer.Option("--folder", "-o", "--out", metavar="DIR", help="Where everything is kept."),
]
Name = Annotated[
    str | None,
    typer.Option(metavar="NAME", help="What this receiver is called; as its folder otherwise."),
]
Many = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="Address book: many receivers instead of --places."),
]
Gate = Annotated[
    list[str] | None,
    typer.Option(metavar="OUTPUT", help="Open screen, print or sound; again for more. None is."),
]
Trust = Annotated[
    Path | None, typer.Option(metavar="FILE", help="Trust store; pinned on first use otherwise.")
]
Language = Annotated[str, typer.Option(metavar="ja|en", help="Of the screen.")]
By = Annotated[str, typer.Option("--by", metavar="WAY", help="events, socket or atom.")]
Seconds = Annotated[float | None, number_option("--seconds", "S", "Stop after so long.")]
Stay = Annotated[bool, typer.Option("--stay", help="Go on after the end of the exercise.")]
TokenFile = Annotated[
    Path | None, typer.Option(metavar="FILE", help="Token of a server that wants one.")
]
Anywhere = Annotated[bool, typer.Option("--anywhere", help="Allow an address on another host.")]
Run = Annotated[
    str, typer.Option("--exercise", metavar="RUN", help="Run, with nats:// and mqtt://.")
]
Mode = Annotated[
    str, typer.Option(metavar="MODE", help="exercise or test, with nats:// and mqtt://.")
]
Clock = Annotated[
    str, typer.Option(metavar="ADDRESS", help="With nats:// and mqtt://: whose clock counts.")
]
ConfirmPort = Annotated[
    int | None,
    typer.Option(metavar="PORT", parser=whole, help="Take confirmations by POST; 0 is any port."),
]
ShownFolder = Annotated[Path, typer.Argument(metavar="DIR", help="Folder of a receiver.")]


def register(program: typer.Typer) -> None:
    """Add the command to the program."""
    program.add_typer(app, name="receive", short_help="Receivers of a live exercise.")


@app.callback()
def receive(
    context: typer.Context,
    address: From = None,
    places: Places = None,
    folder: Folder = None,
    name: Name = None,
    many: Many = None,
    gate: Gate = None,
    trust: Trust = None,
    language: Language = "ja",
    by: By = "events",
    seconds: Seconds = None,
    stay: Stay = False,
    token_file: TokenFile = None,
    anywhere: Anywhere = False,
    exercise: Run = "",
    mode: Mode = "exercise",
    clock: Clock = "",
    confirm_port: ConfirmPort = None,
) -> None:
    """Receive until the exercise ends: every output is simulated, and closed unless opened."""
    if context.invoked_subcommand is not None:
        return
    with answered():
        if address is None or folder is None:
            raise ScenarioError(
                "name both the exercise and a folder, such as --from http://127.0.0.1:8700 "
                "--places 47201 --folder receiver"
            )
        from hinomi.receiver.begin import Wanted

        way = next((each for each in WAYS if each == by), None)
        if way is None:
            raise ScenarioError(f"--by is {by!r}; it is one of {', '.join(WAYS)}")
        if language not in ("ja", "en"):
            raise ScenarioError(f"--language is {language!r}; it is ja or en")
        if seconds is not None and not (math.isfinite(seconds) and seconds > 0.0):
            raise ScenarioError(f"--seconds is {seconds:g}; it is more than 0")
        if confirm_port is not None and not 0 <= confirm_port <= 65535:
            raise ScenarioError(
                f"--confirm-port is {confirm_port}; it must lie in 0..65535 (0 takes a free one)"
            )
        from hinomi.transport.connect import need_carrier

        need_carrier(address)
        if way == "socket":
            need_extra("live", "websockets", who="a feed over WebSocket")
        wanted = Wanted(
            address=address, folder=folder, outputs=_outputs(gate),
            posts=_posts(places, name or _called(folder), many, address),
            trust=_text(trust, "--trust"), language=language, way=way,
            token=secret_of(token_file, "--token-file"), anywhere=anywhere,
            run=exercise, mode=mode, clock_address=clock, seconds=seconds, stay=stay,
            confirm_port=confirm_port,
        )  # fmt: skip
        _receive(wanted)


def _receive(wanted: Wanted) -> None:
    import asyncio

    from hinomi.receiver.begin import receive as work
    from hinomi.receiver.folder import held
    from hinomi.transport.http import NoAnswerError

    with held(wanted.folder):
        try:
            stopped = asyncio.run(until_stopped(work(wanted, tell=_tell)))
        except NoAnswerError as error:
            raise FolderError(
                f"{error}; is the exercise running? `hinomi live` prints its address"
            ) from None
    if stopped:
        say("ended; the same command goes on where it stopped")
        raise typer.Exit(128 + stopped)


def _tell(line: str) -> None:
    typer.echo(line)


def _outputs(given: list[str] | None) -> tuple[str, ...]:
    from hinomi.receiver.gates import Gates

    named = [each.strip() for text in given or [] for each in text.split(",") if each.strip()]
    return Gates("", tuple(dict.fromkeys(named))).outputs


def _called(folder: Path) -> str:
    """Name of the folder, without what no name of a receiver may hold."""
    import re

    plain = re.sub(r"[^A-Za-z0-9._-]", "-", folder.resolve().name).lstrip("._-")
    return plain[:64] or "receiver"


def _posts(
    places: str | None, name: str, many: Path | None, address: str
) -> dict[str, tuple[str, ...]]:
    from hinomi.receiver.many import parse_many, parse_places, refuse_name
    from hinomi.scenario.places import load_places

    known = load_places().code
    if many is not None:
        if places is not None:
            raise ScenarioError("--places or --many, not both: the file says who is where")
        group = "feed" if address.startswith("http") else None
        return parse_many(_text(many, "--many") or "", known, group=group)
    refuse_name(name)
    return {name: parse_places(places or "", known)}


def _text(path: Path | None, option: str) -> str | None:
    from hinomi.cli.alert_make import read_text

    return None if path is None else read_text(path, option)


@app.command(
    "show",
    short_help="List what a receiver's folder keeps.",
    epilog="Example: hinomi receive show receiver",
)
def show(
    folder: ShownFolder,
    as_json: Json = False,
) -> None:
    """List each message of each receiver: its state, and whether it was shown, sounded, confirmed."""
    with answered():
        from hinomi.receiver.folder import summary

        rows = summary(folder)
        if as_json:
            print_json({"messages": rows})
            return
        for row in rows:
            told = [name for name in ("shown", "sounded", "confirmed") if row[name]]
            typer.echo(
                f"{row['receiver']:<16} {row['key'][:12]}  {row['kind']:<7} {row['state']:<10} "
                f"{row['received_utc']}  {', '.join(told)}"
            )
        typer.echo(f"{len(rows)} messages")


@app.command(
    "confirm",
    short_help="Say that a person has seen a message.",
    epilog="Example: hinomi receive confirm receiver",
)
def confirm_command(
    folder: ShownFolder,
    key: Annotated[
        str, typer.Argument(metavar="KEY", help="Beginning of its key; all in force otherwise.")
    ] = "",
    receiver: Annotated[str, typer.Option(metavar="NAME", help="One of many.")] = "",
    person: Annotated[str, typer.Option(metavar="NAME", help="Who; the user otherwise.")] = "",
) -> None:
    """Confirm; the receiver hands it back to the sender, now or when it runs again."""
    with answered():
        import contextlib
        import getpass

        from hinomi.receiver.clock import text_utc, wall
        from hinomi.receiver.desk import confirm
        from hinomi.receiver.folder import summary
        from hinomi.receiver.store import Store

        summary(folder)  # refuses what is no folder of a receiver
        with contextlib.closing(Store(folder)) as store:
            done = confirm(
                store, receiver, key, person or getpass.getuser(), at_utc=text_utc(wall())
            )
        typer.echo(f"{len(done)} confirmed")
