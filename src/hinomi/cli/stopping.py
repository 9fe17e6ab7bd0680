"""How a study command ends when something stops it: an error, Ctrl-C, SIGTERM."""

from __future__ import annotations

import contextlib
import signal
from collections.abc import Iterator
from pathlib import Path
from types import FrameType
from typing import NoReturn

import typer

from hinomi.errors import HinomiError


class Terminated(KeyboardInterrupt):
    """SIGTERM came."""


def say(line: str) -> None:
    """Print a line on stderr."""
    typer.echo(line, err=True)


@contextlib.contextmanager
def answered() -> Iterator[None]:
    """Answer an error that is meant for the user with its message and exit code."""
    try:
        yield
    except HinomiError as error:
        say(f"hinomi: {error}")
        raise typer.Exit(error.exit_code) from None
    except KeyboardInterrupt as error:
        say("interrupted before anything was begun")
        raise typer.Exit(_code(error)) from None


@contextlib.contextmanager
def stoppable(folder: Path, *, again: str = "") -> Iterator[None]:
    """Answer Ctrl-C (130) and SIGTERM (143) with what is kept and how to go on.

    `again` is what goes on, where that is not `hinomi resume`.
    """

    def terminate(number: int, frame: FrameType | None) -> NoReturn:  # noqa: ARG001
        raise Terminated

    before = signal.signal(signal.SIGTERM, terminate)
    try:
        yield
    except (KeyboardInterrupt, SystemError) as error:
        from hinomi.study.engine import stop_behind

        stop = stop_behind(error)
        if stop is None:
            raise
        on = again or f"hinomi resume {folder}"
        say(f"\ninterrupted; what was finished is kept. Go on with: {on}")
        raise typer.Exit(_code(stop)) from None
    finally:
        signal.signal(signal.SIGTERM, before)


def _code(error: KeyboardInterrupt) -> int:
    return 143 if isinstance(error, Terminated) else 130
