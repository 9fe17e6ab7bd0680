"""The command line; the one place that turns an error into a message and an exit code."""

from __future__ import annotations

import contextlib
import io
import os
import sys
from typing import Annotated

import typer

from hinomi.cli import (
    alert,
    benchmark,
    calibrate,
    coverage,
    diff,
    drill,
    evacuate,
    evidence,
    export,
    fly,
    footprint,
    history,
    integration,
    leakage,
    live,
    places,
    receive,
    rules,
    scenario,
    sensitivity,
    serve,
    study,
    sustain,
    sweep,
)
from hinomi.cli.version import version_text
from hinomi.errors import HinomiError

HELP = (
    "Who is warned, what is defended, what it takes: "
    "missile-defence architecture studies from public sources."
)

FIRST = "Begin with: hinomi scenarios, then hinomi run okinawa-2025 -n 20"

# Plain help and no pretty tracebacks: fast, and nothing of a scenario is printed by accident.
app = typer.Typer(
    name="hinomi",
    help=HELP,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    add_completion=True,
)


def _version(asked: bool) -> None:
    if asked:
        typer.echo(version_text())
        raise typer.Exit


@app.callback(help=HELP, epilog=FIRST)
def _program(
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_version, is_eager=True, help="Print what is installed and stop."
        ),
    ] = False,
) -> None:
    """Options of the program itself."""


study.register(app)
fly.register(app)
export.register(app)
diff.register(app)
coverage.register(app)
footprint.register(app)
sustain.register(app)
leakage.register(app)
calibrate.register(app)
rules.register(app)
evacuate.register(app)
evidence.register(app)
scenario.register(app)
history.register(app)
integration.register(app)
sensitivity.register(app)
serve.register(app)
sweep.register(app)
live.register(app)
receive.register(app)
app.add_typer(alert.app, name="alert", short_help="CAP 1.2 messages of exercises and tests.")
app.add_typer(drill.app, name="drill", short_help="Plan, run and review exercises.")
app.add_typer(benchmark.app, name="benchmark", short_help="Trackers on a published set.")
app.add_typer(places.app, name="places", short_help="Municipalities and their boundaries.")


def main() -> None:
    """Run the program; exit 0 done, 1 a check failed, 2 wrong use or bad input, 130 interrupted."""
    _usable_streams()
    try:
        app(prog_name="hinomi")
    except HinomiError as error:
        print(f"hinomi: {error}", file=sys.stderr)
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        print("hinomi: interrupted", file=sys.stderr)
        sys.exit(130)
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        print(f"hinomi: {where}{error.strerror or error}", file=sys.stderr)
        _forget_output()
        sys.exit(1)


def _usable_streams() -> None:
    """Make any output printable: a closed stream leads nowhere, text that no terminal shows is `?`."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, io.StringIO())
        elif isinstance(stream, io.TextIOWrapper) and not _is_utf8(stream.encoding):
            if stream.isatty():
                stream.reconfigure(errors="replace")
            else:
                stream.reconfigure(encoding="utf-8")


def _is_utf8(encoding: str) -> bool:
    return encoding.lower().replace("-", "").replace("_", "") == "utf8"


def _forget_output() -> None:
    """Leave nothing in the buffer of stdout that Python would try to write again at its end."""
    with contextlib.suppress(OSError, AttributeError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
