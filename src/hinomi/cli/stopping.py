"""How a study command ends when something stops it: an error, Ctrl-C, SIGTERM."""

from __future__ import annotations

import contextlib
import functools
import signal
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn, ParamSpec

import typer

from hinomi.errors import HinomiError, stop_behind

NOTHING_KEPT = "nothing is kept: this command writes its files at its end; it begins anew"
Given = ParamSpec("Given")


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


def kept(folder: Path, *, again: str = "") -> str:
    """Words for `stoppable`: `again` is what goes on, where that is not `hinomi resume`."""
    return f"what was finished is kept. Go on with: {again or f'hinomi resume {folder}'}"


@contextlib.contextmanager
def stoppable(words: str) -> Iterator[None]:
    """Answer Ctrl-C (130) and SIGTERM (143), also inside a compiled function, with these words."""

    def terminate(number: int, frame: FrameType | None) -> NoReturn:  # noqa: ARG001
        raise Terminated

    before = signal.signal(signal.SIGTERM, terminate)
    try:
        yield
    except (KeyboardInterrupt, SystemError) as error:
        stop = stop_behind(error)
        if stop is None:
            raise
        say(f"\ninterrupted; {words}")
        raise typer.Exit(_code(stop)) from None
    finally:
        signal.signal(signal.SIGTERM, before)


def at_once(command: Callable[Given, None]) -> Callable[Given, None]:
    """Let a command that keeps nothing on its way say so when it is stopped."""

    @functools.wraps(command)
    def stopped(*args: Given.args, **options: Given.kwargs) -> None:
        with stoppable(NOTHING_KEPT):
            command(*args, **options)

    return stopped


async def until_stopped(work: Coroutine[Any, Any, object]) -> int:
    """Do it; SIGINT or SIGTERM cancels it, and it ends in order. The number of the signal, or 0."""
    import asyncio

    stopped: list[int] = []
    task = asyncio.ensure_future(work)

    def stop(number: int) -> None:
        if not stopped:  # once: ending in order must not be cancelled too
            task.cancel()
        stopped.append(number)

    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop, number)
    try:
        await task
    except asyncio.CancelledError:
        if not stopped:
            raise
    return stopped[0] if stopped else 0


def _code(error: KeyboardInterrupt) -> int:
    return 143 if isinstance(error, Terminated) else 130
