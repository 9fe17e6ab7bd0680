"""One job: what it is, how far it is, and what it told, for who follows it."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, Final

from hinomi.errors import HinomiError
from hinomi.study.provenance import now_utc
from hinomi.web.problems import from_error

QUEUED, RUNNING, DONE, FAILED, CANCELLED = "queued", "running", "done", "failed", "cancelled"
OVER: Final = frozenset((DONE, FAILED, CANCELLED))
KEPT_STATES: Final = 50  # for who comes back with Last-Event-ID
LONGEST_LINE: Final = 300


@dataclass(slots=True, kw_only=True)
class Job:
    """State of a job; `work` is what it does, in a lane of jobs that wait for each other."""

    id: str
    kind: str
    scenario: str
    unit: str
    work: Callable[[Job], Awaitable[None]]
    run: str | None = None
    command: str | None = None
    status: str = QUEUED
    made: str = field(default_factory=now_utc)
    began: str | None = None
    ended: str | None = None
    done: int = 0
    of: int = 0
    line: str | None = None
    error: str | None = None
    way_out: str | None = None
    result: dict[str, Any] | None = None
    wanted_off: bool = False
    states: deque[tuple[int, dict[str, Any]]] = field(
        default_factory=lambda: deque(maxlen=KEPT_STATES)
    )
    changed: asyncio.Event = field(default_factory=asyncio.Event)
    _count: int = 0

    @property
    def over(self) -> bool:
        """Whether it has ended, in whatever way."""
        return self.status in OVER

    def told(self) -> dict[str, Any]:
        """The job as pages see it."""
        names = (
            "id", "kind", "status", "scenario", "run", "command", "made", "began", "ended", "done",
            "of", "unit", "line", "error", "way_out", "result",
        )  # fmt: skip
        return {name: getattr(self, name) for name in names}

    def note(self) -> None:
        """Keep the state as it is now, and wake who follows."""
        self._count += 1
        self.states.append((self._count, self.told()))
        before, self.changed = self.changed, asyncio.Event()
        before.set()

    def say(self, line: str) -> None:
        """Keep a line that its process printed."""
        self.line = line.strip()[:LONGEST_LINE] or self.line

    def end(self, status: str, error: HinomiError | str | None = None) -> None:
        """Note how it ended."""
        if isinstance(error, HinomiError):
            told = from_error(error).content
            self.error, self.way_out = told["error"], told["way_out"]
        elif error:
            what, _, way_out = error.removeprefix("hinomi: ").partition("; ")
            self.error, self.way_out = what[:LONGEST_LINE], way_out[:LONGEST_LINE] or None
        self.status, self.ended = status, now_utc()
        self.note()
