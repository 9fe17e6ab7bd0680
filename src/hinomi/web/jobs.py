"""Jobs of a server: runs wait for each other in one lane, what-if questions in another."""

from __future__ import annotations

import asyncio
import contextlib
from collections import OrderedDict
from typing import Any, Final, final

from hinomi.web.job import CANCELLED, DONE, FAILED, QUEUED, RUNNING, Job
from hinomi.web.problems import CONFLICT, ProblemError, missing
from hinomi.web.processes import Processes

MOST_WAITING: Final = 20
MOST_LISTED: Final = 50
RUN_LANE, WHATIF_LANE = "run", "whatif"


@final
class Jobs:
    """Takes jobs, does them one after another in each lane, and ends what it started."""

    def __init__(self) -> None:
        self._jobs: OrderedDict[str, Job] = OrderedDict()
        self._lanes: dict[str, asyncio.Queue[Job]] = {}
        self._tasks: list[asyncio.Task[None]] = []
        self._doing: dict[str, tuple[Job, asyncio.Task[None]]] = {}
        self._count = 0
        self.processes = Processes()

    def begin(self) -> None:
        """Open the lanes; inside the loop that serves."""
        for lane in (RUN_LANE, WHATIF_LANE):
            self._lanes[lane] = asyncio.Queue()
            self._tasks.append(asyncio.create_task(self._serve(lane)))

    async def close(self) -> None:
        """Cancel what goes on, and end every process that was started here."""
        for job in self._jobs.values():
            job.wanted_off = True
        for _, task in self._doing.values():
            task.cancel()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.processes.close()

    def next_id(self, letter: str) -> str:
        """A name for a job."""
        self._count += 1
        return f"{letter}{self._count}"

    def put(self, job: Job, lane: str) -> None:
        """Let a job wait for its turn.

        Raises
        ------
        ProblemError
            when too many wait.
        """
        if sum(j.status == QUEUED for j in self._jobs.values()) >= MOST_WAITING:
            raise ProblemError(
                CONFLICT,
                f"{MOST_WAITING} jobs wait already",
                value=MOST_WAITING,
                way_out="cancel one with DELETE /api/jobs/{id}, or wait",
            )
        self._jobs[job.id] = job
        over = [name for name, j in self._jobs.items() if j.over]
        for name in over[: max(0, len(self._jobs) - MOST_LISTED)]:
            del self._jobs[name]
        job.note()
        self._lanes[lane].put_nowait(job)

    def get(self, name: str) -> Job:
        """A job by its name."""
        job = self._jobs.get(name)
        if job is None:
            raise missing("job", name, "GET /api/jobs lists those of this server")
        return job

    def listing(self) -> dict[str, Any]:
        """Jobs, the newest first."""
        newest = list(reversed(self._jobs.values()))[:MOST_LISTED]
        return {"jobs": [{**job.told(), "result": None} for job in newest]}

    def busy_with(self, run: str) -> Job | None:
        """The job that waits for or works on a run's folder."""
        return next((j for j in self._jobs.values() if j.run == run and not j.over), None)

    async def cancel(self, name: str) -> Job:
        """Stop a job; what is done stays.

        Raises
        ------
        ProblemError
            when it has ended already.
        """
        job = self.get(name)
        if job.over:
            raise ProblemError(
                CONFLICT, f"job {name} has ended", value=job.status, way_out="start another"
            )
        job.wanted_off = True
        doing = self._doing.get(name)
        if doing is None:
            job.end(CANCELLED)
        else:
            doing[1].cancel()
            await asyncio.wait([doing[1]])
        return job

    async def _serve(self, lane: str) -> None:
        """Do the jobs of a lane, one at a time, as long as the server lives."""
        while True:
            job = await self._lanes[lane].get()
            if job.wanted_off:
                continue
            task = asyncio.create_task(self._do(job))
            self._doing[job.id] = (job, task)
            try:
                await asyncio.wait([task])
            finally:
                self._doing.pop(job.id, None)
                if not task.done():
                    task.cancel()
                    with contextlib.suppress(asyncio.CancelledError):
                        await task

    async def _do(self, job: Job) -> None:
        from hinomi.errors import HinomiError
        from hinomi.study.provenance import now_utc

        job.status, job.began = RUNNING, now_utc()
        job.note()
        try:
            await job.work(job)
        except asyncio.CancelledError:
            job.end(CANCELLED)
        except HinomiError as error:
            job.end(FAILED, error)
        except OSError as error:
            job.end(FAILED, f"the job could not be started: {error.strerror or error}")
        else:
            if not job.over:
                job.end(DONE)
