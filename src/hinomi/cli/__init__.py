"""The command line; the one place that turns an error into a message and an exit code."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from hinomi import __version__
from hinomi.cli import places, scenario, study
from hinomi.errors import HinomiError

HELP = (
    "Who is warned, what is defended, what it takes: "
    "missile-defence architecture studies from public sources."
)

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
        typer.echo(f"hinomi {__version__}")
        raise typer.Exit


@app.callback(help=HELP)
def _program(
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_version, is_eager=True, help="Print the version and stop."
        ),
    ] = False,
) -> None:
    """Options of the program itself."""


study.register(app)
scenario.register(app)
app.add_typer(places.app, name="places")


def main() -> None:
    """Run the program; exit 0 done, 1 a check failed, 2 wrong use or bad input, 130 interrupted."""
    try:
        app(prog_name="hinomi")
    except HinomiError as error:
        print(f"hinomi: {error}", file=sys.stderr)
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        print("hinomi: interrupted", file=sys.stderr)
        sys.exit(130)
