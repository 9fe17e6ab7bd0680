"""Server-sent events of a job: states with rising ids, resumed where a browser left off."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Final, final

from hinomi.web.answers import dumps
from hinomi.web.job import Job
from hinomi.web.problems import CONFLICT, ProblemError

QUIET_S: Final = 15.0  # between comment lines that keep a connection open
LONGEST_S: Final = 3600.0  # then the browser comes back by itself
MOST: Final = 64  # streams at the same time
EVERY_S: Final = 0.2  # between two states
HEADERS: Final = {"Cache-Control": "no-cache", "X-Accel-Buffering": "no"}


@final
class Streams:
    """Counts open streams, so that they stay bounded."""

    def __init__(self) -> None:
        self.open = 0

    def take(self) -> None:
        """One more.

        Raises
        ------
        ProblemError
            when too many are open.
        """
        if self.open >= MOST:
            raise ProblemError(
                CONFLICT,
                f"{MOST} streams are open",
                value=MOST,
                way_out="close one, or poll the job",
            )
        self.open += 1


def first_of(text: str | None) -> int | None:
    """The id after which to go on; None for a new connection."""
    if text is None or not text.strip().isdecimal() or len(text) > 12:
        return None
    return int(text)


async def events(job: Job, after: int | None, streams: Streams) -> AsyncIterator[bytes]:
    """States of a job after an id, then as they come; a new connection begins with the latest."""
    loop = asyncio.get_running_loop()
    until = loop.time() + LONGEST_S
    sent = job.states[-1][0] - 1 if after is None and job.states else (after or 0)
    try:
        while loop.time() < until:
            changed = job.changed
            fresh = [(n, state) for n, state in job.states if n > sent]
            over = job.over
            for number, state in fresh:
                sent = number
                last = over and number == job.states[-1][0]
                yield _event(number, "end" if last else "state", state)
            if over:
                if not fresh:
                    yield _event(sent, "end", job.told())
                return
            try:
                await asyncio.wait_for(changed.wait(), QUIET_S)
                await asyncio.sleep(EVERY_S)
            except TimeoutError:
                yield b": still here\n\n"
    finally:
        streams.open -= 1


def _event(number: int, name: str, state: object) -> bytes:
    return b"id: %d\nevent: %s\ndata: %s\n\n" % (number, name.encode(), dumps(state))
