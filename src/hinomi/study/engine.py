"""Engines run batches somewhere and report each as it ends.

A batch is a pure function of its arguments that leaves its result on disk under its key, so running
one twice is harmless, and exactly-once results need nothing from the engine. This module imports
nothing heavy: a worker reads it first and only then sets the number of threads of its libraries.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import sys
import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Generator, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from multiprocessing import connection
from typing import Any, Final, Protocol, final

from hinomi.errors import HinomiError, stop_behind

Job = tuple[Callable[..., Any], tuple[Any, ...]]
ONE_THREAD: Final = dict.fromkeys(
    ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS"), "1"
)
WATCH_S: Final = 1.0  # how often a worker looks whether its driver still lives


@dataclass(frozen=True, slots=True)
class Ended:
    """One batch that ended: its answer, or the error that ended it."""

    key: str
    answer: Any = None
    error: BaseException | None = None


class Engine(Protocol):
    """Anything that can run jobs; order of completion is free."""

    def run(self, jobs: Mapping[str, Job]) -> Iterator[Ended]:
        """Run every job and yield each as it ends."""


class NoScriptError(HinomiError):
    """Workers begin by importing the script, and there is none to import."""

    exit_code = 2


class WorkerDiedError(HinomiError):
    """A batch ended its worker again and again."""

    exit_code = 1


def default_workers() -> int:
    """Cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return max(1, len(os.sched_getaffinity(0)))
    return max(1, os.cpu_count() or 1)


def start_worker(parent: int) -> None:
    """First thing in a worker: one thread a library, and an end when the driver is gone."""
    os.environ.update(ONE_THREAD)

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(WATCH_S)
        os._exit(1)

    # A thread, not a parent-death signal: that one follows the thread that started the worker.
    threading.Thread(target=watch, daemon=True).start()


@contextlib.contextmanager
def interrupts_blocked() -> Iterator[None]:
    """Keep Ctrl-C from processes that start in here: it is the driver's to answer."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@final
@dataclass(frozen=True, slots=True)
class Local:
    """Processes of this machine; one worker means this very process.

    A pool that lost a worker is replaced. What was in flight then is suspect and is tried again
    alone; a batch that ends its worker `tries` times when alone is given up with a reason.
    """

    workers: int = 1
    tries: int = 3

    def run(self, jobs: Mapping[str, Job]) -> Iterator[Ended]:
        """Run every job and yield each as it ends."""
        if self.workers == 1:
            yield from _here(jobs)
            return
        _refuse_standard_input()
        waiting, suspects, deaths = deque(jobs), deque[str](), Counter[str]()
        while waiting or suspects:
            alone = not waiting
            queue, width = (suspects, 1) if alone else (waiting, self.workers)
            for key in (
                yield from _one_pool(jobs, queue, width=width, ahead=1 if alone else 2 * width)
            ):
                deaths[key] += alone  # blamed only when it was alone
                if deaths[key] < self.tries:
                    suspects.append(key)
                    continue
                yield Ended(
                    key, error=WorkerDiedError(f"its worker died {self.tries} times on this batch")
                )


def _refuse_standard_input() -> None:
    """A script read from standard input has no file that a worker could begin with."""
    main = sys.modules.get("__main__")
    file = getattr(main, "__file__", None)
    if getattr(main, "__spec__", None) is None and file and not os.path.exists(file):  # noqa: PTH110
        raise NoScriptError(
            f"the script is {file}, which workers cannot import; save it as a file with a main "
            "guard, or give workers=1"
        )


def _here(jobs: Mapping[str, Job]) -> Iterator[Ended]:
    for key, (function, arguments) in jobs.items():
        try:
            answer = function(*arguments)
        except Exception as error:  # noqa: BLE001  a failed batch is data, whatever failed
            stop = stop_behind(error)
            if stop is not None:
                raise stop from None
            yield Ended(key, error=error)
        else:
            yield Ended(key, answer)


def _one_pool(
    jobs: Mapping[str, Job], queue: deque[str], *, width: int, ahead: int
) -> Generator[Ended, None, list[str]]:
    """Work until the queue is empty or a worker dies; returns what was in flight then."""
    flying: dict[Future[Any], str] = {}
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(width, context, start_worker, (os.getpid(),))
    try:
        while queue or flying:
            with interrupts_blocked():  # workers start inside submit
                while queue and len(flying) < ahead:
                    function, arguments = jobs[queue[0]]
                    flying[pool.submit(function, *arguments)] = queue[0]
                    queue.popleft()
            for future in wait(flying, return_when=FIRST_COMPLETED).done:
                error = future.exception()
                if isinstance(error, BrokenProcessPool):
                    raise error
                yield Ended(flying.pop(future), None if error else future.result(), error)
    except BrokenProcessPool:
        return list(flying.values())
    finally:  # also after Ctrl-C, and when the caller stops early
        close(pool)
    return []


def close(pool: ProcessPoolExecutor) -> None:
    """End a pool: what runs ends, what waits is not begun; returns when its workers are gone.

    A worker that waits for work holds the lock of the queue. One that is killed while the pool ends
    takes the lock with it, and `shutdown` alone would wait for the others for ever: they are ended.
    """
    workers = list((pool._processes or {}).values())  # noqa: SLF001  no other way to find them
    pool.shutdown(wait=False, cancel_futures=True)
    while running := [worker for worker in workers if worker.is_alive()]:
        connection.wait([worker.sentinel for worker in running], timeout=WATCH_S)
        if any(worker.exitcode not in (None, 0) for worker in workers):
            for worker in running:
                worker.terminate()
    pool.shutdown()
