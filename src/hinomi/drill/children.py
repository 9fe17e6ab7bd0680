"""Programs that an exercise starts: the exercise itself, and receivers. `python -m hinomi.drill.children`.

The one argument is a JSON file: `{"part": "live" | "receivers", ...}`. What a program says goes to its
standard output, which the drill keeps as a file.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import math
import os
import signal
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, Final

from hinomi.errors import HinomiError

LOOK_S: Final = 1.0  # between two looks at the limit and at who started this


def main(arguments: list[str]) -> int:
    """Run one part until it ends, or SIGTERM comes; the exit code."""
    told = json.loads(Path(arguments[0]).read_text(encoding="utf-8"))
    parts = {"live": _live, "receivers": _receivers}
    try:
        asyncio.run(_bounded(parts[told["part"]], told))
    except asyncio.CancelledError:
        return 0
    except HinomiError as error:
        _say(f"hinomi: {error}")
        return error.exit_code
    return 0


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


async def _bounded(part: Callable[[dict[str, Any]], Awaitable[None]], told: dict[str, Any]) -> None:
    """Run a part no longer than its limit, and no longer than the program that started it."""
    limit_s = float(told.get("limit_s", math.inf))
    work = asyncio.ensure_future(part(told))
    _cancelled_by_sigterm(work)
    begun, parent = time.monotonic(), told.get("parent")
    while not (await asyncio.wait((work,), timeout=LOOK_S))[0]:
        if time.monotonic() - begun > limit_s:
            _say(f"ended: the limit of {limit_s:.0f} s is reached")
        elif parent is not None and os.getppid() != parent:
            _say("ended: the program that started this one is gone")
        else:
            continue
        work.cancel()
        break
    await work


def _cancelled_by_sigterm(task: asyncio.Future[None]) -> None:
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, task.cancel)


async def _live(told: dict[str, Any]) -> None:
    from hinomi.live.exercise import open_exercise
    from hinomi.live.settings import Settings, read_receivers

    mode = str(told["mode"])
    book = read_receivers(Path(told["book"]), mode=mode)
    exercise = open_exercise(
        Settings(
            scenario=told["scenario"], folder=Path(told["folder"]), seed=told["seed"],
            replicate=told["replicate"], architecture=told["architecture"], speed=told["speed"],
            mode=mode, release=told["release"], until_s=told["until_s"], port=0, receivers=book,
            sender=told["sender"], name=told["name"], languages=tuple(told["languages"]),
        )
    )  # fmt: skip
    if told.get("paused"):
        exercise.clock.set(paused=True)
    try:
        await exercise.run(ready=_say)
    finally:
        exercise.close()


async def _receivers(told: dict[str, Any]) -> None:
    from hinomi.receiver.begin import Wanted, receive
    from hinomi.receiver.folder import held
    from hinomi.transport.http import NoAnswerError

    wanted = Wanted(
        address=told["address"], folder=Path(told["folder"]), outputs=tuple(told["outputs"]),
        posts={name: tuple(codes) for name, codes in told["posts"].items()},
        trust=Path(told["trust"]).read_text(encoding="utf-8"),
        language=told.get("language", "ja"), mode=told["mode"], seconds=told["seconds"],
    )  # fmt: skip
    with held(wanted.folder), contextlib.suppress(NoAnswerError):
        await receive(wanted, tell=_say)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
