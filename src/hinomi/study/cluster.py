"""Batches on a Dask cluster: any scheduler whose workers see the run's folder at the same path.

Only keys and counts travel; tables go from the worker to the folder. A batch that is computed twice
writes the same bytes, so what Dask does when a worker dies needs no help from here.
"""

from __future__ import annotations

import os
import queue
import sys
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, final
from urllib.parse import urlsplit

from hinomi.errors import FolderError, HinomiError, ScenarioError
from hinomi.extras import need_extra
from hinomi.study.engine import ONE_THREAD, Ended, Job, WorkerDiedError

ANSWER_S: Final = 20.0  # how long a scheduler has to answer
WORKERS_S: Final = 60.0  # how long to wait for the first worker
LOST_S: Final = 300.0  # how long to wait for a worker after the last was lost: nodes come back
LOOK_S: Final = 5.0  # how often to look whether scheduler and workers are still there
SCHEMES: Final = ("tcp", "tls", "ws", "wss", "ucx", "ucxx")  # those with a host and a port
RETRIES: Final = 2  # of a batch that raised: a file system that hiccups is tried again


class ClusterError(HinomiError):
    """The scheduler or its workers cannot be used, or are gone; what was finished is kept."""


@final
@dataclass(frozen=True, slots=True)
class Dask:
    """Any Dask scheduler that sees the same file system; needs the extra `distributed`.

    At most two batches a core are with the scheduler at any time, so neither its memory nor ours
    grows with the run. Dask gives up a batch whose workers die, and with it those that waited beside
    it; each of them is tried again alone before it counts as failed.
    """

    address: str
    workers_s: float = WORKERS_S

    def __post_init__(self) -> None:
        check_address(self.address)
        need_extra("distributed", "distributed", who="a scheduler")

    def run(self, jobs: Mapping[str, Job]) -> Iterator[Ended]:
        """Run every job and yield each as it ends."""
        from hinomi.study.provenance import code_fingerprint

        client = self._client()
        code = code_fingerprint()
        flying: dict[str, Any] = {}
        waiting, suspects = deque(jobs), set[str]()
        ended = queue.SimpleQueue[str]()
        try:
            self._wait_for_workers(client, self.workers_s)
            asked_s, cores = -LOOK_S, 1
            while waiting or flying:
                if (
                    time.monotonic() - asked_s > LOOK_S
                ):  # workers come and go, but asking takes time
                    asked_s, cores = time.monotonic(), max(1, self._cores(client))
                ahead = 2 * cores
                while waiting and len(flying) < ahead:
                    if waiting[0] in suspects:
                        if flying:
                            break
                        ahead = 1  # alone, so that nobody else is blamed or harmed
                    key = waiting.popleft()
                    function, arguments = jobs[key]
                    name = f"hinomi-{key}{'-alone' if key in suspects else ''}"
                    flying[key] = client.submit(
                        on_worker, function, arguments, code, key=name, retries=RETRIES
                    )
                    flying[key].add_done_callback(lambda _, key=key: ended.put(key))
                outcome = self._outcome(flying, self._next(client, ended))
                if isinstance(outcome.error, WorkerDiedError) and outcome.key not in suspects:
                    suspects.add(outcome.key)
                    waiting.append(outcome.key)
                    continue
                yield outcome
        except GeneratorExit:
            # The caller has enough. What runs is let end, so that nothing is written afterwards.
            self._let_end(client, flying, ended)
        finally:
            for future in flying.values():
                future.cancel()
            client.close(timeout=ANSWER_S)

    def cores(self) -> int:
        """Count the threads of all workers now."""
        client = self._client()
        try:
            return self._cores(client)
        finally:
            client.close(timeout=ANSWER_S)

    def _client(self) -> Any:
        from distributed import Client

        try:
            client = Client(self.address, timeout=ANSWER_S, set_as_default=False)
        except (OSError, ValueError, TypeError) as error:
            raise ClusterError(
                f"no scheduler answers at {self.address} within {ANSWER_S:.0f} s ({error}); the "
                "address is printed where it was started, such as tcp://10.0.0.5:8786"
            ) from error
        self._same_versions(client)
        return client

    def _same_versions(self, client: Any) -> None:
        """Refuse a scheduler of another version before its protocol fails in some other way."""
        import distributed

        told = client.get_versions(packages=["distributed"])
        there = told["scheduler"]["packages"].get("distributed")
        if there != distributed.__version__:
            client.close(timeout=ANSWER_S)
            raise ClusterError(
                f"the scheduler at {self.address} runs distributed {there}, here it is "
                f"{distributed.__version__}; install the same version on both sides"
            )

    def _cores(self, client: Any) -> int:
        try:
            return sum(client.ncores().values())
        except (OSError, RuntimeError) as error:  # its connection is closed
            raise self._lost() from error

    def _wait_for_workers(self, client: Any, wait_s: float) -> None:
        end = time.monotonic() + wait_s
        while not self._cores(client):
            if time.monotonic() > end:
                raise ClusterError(
                    f"the scheduler at {self.address} had no worker for {wait_s:.0f} s; "
                    f"start some with: dask worker {self.address} --nthreads 1"
                )
            time.sleep(0.2)

    def _next(self, client: Any, ended: queue.SimpleQueue[str]) -> str:
        """Key of the next batch that ended; ClusterError where nobody is left to end one."""
        while True:
            try:
                return ended.get(timeout=LOOK_S)
            except queue.Empty:
                if client.status != "running":
                    raise self._lost() from None
                if not self._cores(client):
                    self._wait_for_workers(client, LOST_S)

    def _lost(self) -> ClusterError:
        return ClusterError(
            f"the scheduler at {self.address} is gone; what was finished is kept, and hinomi resume "
            "goes on, with another --scheduler or without"
        )

    def _outcome(self, flying: dict[str, Any], key: str) -> Ended:
        from distributed.scheduler import KilledWorker

        future = flying.pop(key)
        try:
            if future.status in ("cancelled", "lost"):
                raise self._lost()
            error = future.exception(timeout=ANSWER_S) if future.status == "error" else None
            answer = None if error else future.result(timeout=ANSWER_S)
        except TimeoutError:
            return Ended(key, error=WorkerDiedError("its answer was lost with its worker"))
        finally:
            future.release()
        if isinstance(error, KilledWorker):
            error = WorkerDiedError(f"its workers died on this batch ({error})")
        return Ended(key, answer, error)

    def _let_end(self, client: Any, flying: dict[str, Any], ended: queue.SimpleQueue[str]) -> None:
        running = {key for keys in client.processing().values() for key in keys}
        for key in [k for k in flying if not running & {f"hinomi-{k}", f"hinomi-{k}-alone"}]:
            flying.pop(key).cancel()
        while flying:
            try:
                flying.pop(self._next(client, ended), None)
            except ClusterError:
                return


def check_address(address: str) -> None:
    """Refuse what is no address before anything tries to connect, which would take a while.

    Raises
    ------
    ScenarioError
        There is no host, no port, or a way of connecting that is not known.
    """
    whole = address if "://" in address else f"tcp://{address}"
    if whole.startswith("inproc://"):  # a scheduler in this very process has no port
        return
    try:
        parts = urlsplit(whole)
        good = parts.scheme in SCHEMES and bool(parts.hostname) and bool(parts.port)
        good = good and (not parts.path or parts.scheme in ("ws", "wss"))
    except ValueError:  # a port that is no number, or beyond 65535
        good = False
    if not good or any(c.isspace() for c in address):
        raise ScenarioError(
            f"the scheduler is {address!r}; it must be KIND://HOST:PORT with one of "
            f"{', '.join(SCHEMES)}, as it was printed where it was started: tcp://10.0.0.5:8786"
        )


def on_worker(
    function: Callable[..., Any], arguments: tuple[Any, ...], code: Mapping[str, str]
) -> Any:
    """Run one job on a worker: on one thread a library, and by the program that planned it."""
    if "numba" not in sys.modules:
        os.environ.update(ONE_THREAD)
    from hinomi.study.provenance import code_fingerprint

    here = code_fingerprint()
    apart = [
        f"{n} {here.get(n, 'absent')}, there {code[n]}" for n in code if here.get(n) != code[n]
    ]
    if apart:
        raise FolderError(
            f"a worker ({_name()}) has another version of the program than the one that began this "
            f"run ({'; '.join(apart)}); install the same on every worker and start them anew"
        )
    try:
        return function(*arguments)
    except FolderError as error:
        raise FolderError(
            f"{error} (told by the worker {_name()}; every worker must see the folder at the same "
            "path)"
        ) from error


def _name() -> str:
    from distributed import get_worker

    try:
        return str(get_worker().address)
    except ValueError:  # not inside a task
        return f"process {os.getpid()}"
