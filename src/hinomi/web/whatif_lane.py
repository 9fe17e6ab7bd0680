"""The server's side of what-if questions: keeps the warm process and speaks with it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any, Final, final

import orjson

from hinomi.web.job import Job
from hinomi.web.processes import CommandFailedError, Processes

WORKER: Final = "hinomi.web.whatif_worker"
LONGEST_S: Final = 600.0  # between two lines of an answer: compiling comes before the first


@final
class WhatIf:
    """One process that stays, started with the first question."""

    def __init__(self, processes: Processes) -> None:
        self._processes = processes
        self._process: asyncio.subprocess.Process | None = None

    async def ask(self, job: Job, question: Mapping[str, Any], about: Mapping[str, Any]) -> None:
        """Let the process answer, and keep what it says in the job.

        Raises
        ------
        CommandFailedError
            when the question cannot be answered or the process ended.
        """
        process = await self._ready()
        assert process.stdin is not None and process.stdout is not None  # noqa: S101, PT018
        process.stdin.write(orjson.dumps({"id": job.id, **question}) + b"\n")
        await process.stdin.drain()
        try:
            while True:
                line = await asyncio.wait_for(process.stdout.readline(), LONGEST_S)
                told = orjson.loads(line) if line else {}
                if not line:
                    self._process = None
                    raise CommandFailedError("the what-if process ended; ask again")
                if told["id"] != job.id:
                    continue  # the rest of a question that was cancelled
                if "error" in told:
                    raise CommandFailedError(told["error"])
                if told.get("end"):
                    return
                self._take(job, told, about)
        except (TimeoutError, ValueError):
            self._process = None
            await self._processes.end(process)
            raise CommandFailedError("the what-if process did not answer; ask again") from None
        except asyncio.CancelledError:
            process.stdin.write(orjson.dumps({"cancel": job.id}) + b"\n")
            raise

    async def _ready(self) -> asyncio.subprocess.Process:
        if self._process is None or self._process.returncode is not None:
            self._process = await self._processes.start([WORKER], talks=True)
        return self._process

    def _take(self, job: Job, told: Mapping[str, Any], about: Mapping[str, Any]) -> None:
        job.done = int(told["done"])
        if "result" in told:
            job.result = {"replicates": job.done, **about, **told["result"]}
        job.say(f"{job.done} of {job.of} raids")
        job.note()
