"""Child processes of a server: the ordinary command in a group of its own, ended by its own id."""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import signal
import sys
from collections.abc import Sequence
from typing import Final, final

from hinomi.errors import HinomiError
from hinomi.web.job import Job

GRACE_S: Final = 10.0  # from asking a process to end to ending it
LINE_LIMIT: Final = 2**20
TOLD: Final = re.compile(r"(\d+) of (\d+) replicates|(\d+) replicates to compute(?: \((\d+) are)?")
SAID_LAST: Final = 20  # lines of stderr that are kept for the message of a failure


class CommandFailedError(HinomiError):
    """The command of a job ended with an error."""

    exit_code = 1


@final
class Processes:
    """Keeps every process that was started, so that none is left behind."""

    def __init__(self) -> None:
        self._live: dict[int, asyncio.subprocess.Process] = {}

    async def start(
        self, words: Sequence[str], *, talks: bool = False
    ) -> asyncio.subprocess.Process:
        """Start `python -m ...` in a session of its own; `talks`: its stdin and stdout are used."""
        pipe, none = asyncio.subprocess.PIPE, asyncio.subprocess.DEVNULL
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            *words,
            stdin=pipe if talks else none,
            stdout=pipe if talks else none,
            stderr=none if talks else pipe,
            start_new_session=True,
            limit=LINE_LIMIT,
            env={**os.environ, "PYTHONUNBUFFERED": "1", "OMP_NUM_THREADS": "1"},
        )
        self._live[process.pid] = process
        return process

    async def end(self, process: asyncio.subprocess.Process) -> None:
        """Ask a process to end, and end its group when it does not."""
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.terminate()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(process.wait(), GRACE_S)
        # Its workers are in its group: the leader's id stays theirs until the last of them ends.
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(process.wait(), GRACE_S)
        self._live.pop(process.pid, None)

    async def close(self) -> None:
        """End all of them."""
        await asyncio.gather(*(self.end(p) for p in list(self._live.values())))

    async def command(self, job: Job, words: Sequence[str]) -> None:
        """Run a `hinomi` command for a job and follow what it says.

        Raises
        ------
        CommandFailedError
            with its own words, where it ends with an error.
        """
        process = await self.start(["hinomi", *words])
        lines: list[str] = []
        try:
            assert process.stderr is not None  # noqa: S101 - a pipe was asked for
            while line := await _line(process.stderr):
                lines = [*lines[1 - SAID_LAST :], line]
                _follow(job, line)
                job.note()
            code = await process.wait()
        finally:
            await asyncio.shield(self.end(process))
        if code != 0:
            own = [x for x in lines if x.startswith("hinomi: ")]
            words_said = (own or lines or [f"it ended with code {code}"])[-1]
            raise CommandFailedError(words_said.removeprefix("hinomi: ").strip())
        job.done = max(job.done, job.of)


async def _line(stream: asyncio.StreamReader) -> str:
    """The next line; one that is too long is cut."""
    try:
        return (await stream.readline()).decode(errors="replace")
    except ValueError:
        return "...\n"


def _follow(job: Job, line: str) -> None:
    found = TOLD.search(line)
    if found:
        first, of, to_do, there = found.groups()
        job.done = int(first or there or 0)
        job.of = int(of or to_do)
    job.say(line)
