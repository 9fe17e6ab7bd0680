"""How far a run is, on stderr: a bar on a terminal, one plain line every ten seconds elsewhere."""

from __future__ import annotations

import sys
import time
from typing import Any, Final, Protocol, final

PLAIN_EVERY_S: Final = 10.0
SETTLED_S: Final = 5.0  # after the first batch, before an estimate is worth telling
FIRST: Final = "a first run compiles its kernels for a minute or two"


class Progress(Protocol):
    """What a run tells while it goes; counts are replicates, failures are batches."""

    def begin(self, *, total: int, done: int) -> None:
        """Start; `done` replicates are there from before."""

    def update(self, *, done: int, failed: int) -> None:
        """Take note that a batch ended."""

    def end(self) -> None:
        """Stop: the run ended, in whatever way."""


@final
class Silent:
    """Says nothing."""

    def begin(self, *, total: int, done: int) -> None:
        """Nothing."""

    def update(self, *, done: int, failed: int) -> None:
        """Nothing."""

    def end(self) -> None:
        """Nothing."""


@final
class Pace:
    """Rate and time left, from what came after the first batch.

    The first batch holds the start of the workers and, on a new machine, the compiling of kernels;
    an estimate with it in is many times too long.
    """

    def __init__(self, *, total: int) -> None:
        self._total = total
        self._first: tuple[float, int] | None = None  # time [s] and count at the end of a batch

    def rate(self, now_s: float, done: int) -> float | None:
        """Replicates in a second at an update; None while there is too little to go by."""
        if self._first is None:
            self._first = (now_s, done)
        lasted_s, more = now_s - self._first[0], done - self._first[1]
        return more / lasted_s if more > 0 and lasted_s >= SETTLED_S else None

    def left(self, rate: float | None, done: int) -> str:
        """Time left in words, never below zero."""
        if rate is None:
            return ""
        left_s = round(max(0, self._total - done) / rate)
        minutes, seconds = divmod(left_s, 60)
        hours, minutes = divmod(minutes, 60)
        return (f"{hours}:{minutes:02d}" if hours else f"{minutes}") + f":{seconds:02d} left"


@final
class Lines:
    """One line at the start, then at most one every ten seconds."""

    def __init__(self) -> None:
        self._total = 0
        self._last = 0.0
        self._pace = Pace(total=0)

    def begin(self, *, total: int, done: int) -> None:
        """Say what there is to do."""
        from hinomi.study.figure_words import counted  # with the libraries that a run needs

        self._total, self._pace = total, Pace(total=total)
        self._last = time.monotonic()
        kept = f" ({done} are there)" if done else ""
        _say(f"{counted(total, 'replicate')} to compute{kept}; starting, {FIRST}")

    def update(self, *, done: int, failed: int) -> None:
        """Say how far it is, if ten seconds have passed."""
        now = time.monotonic()
        rate = self._pace.rate(now, done)
        if now - self._last < PLAIN_EVERY_S:
            return
        self._last = now
        told = [
            f"{done} of {self._total} replicates",
            _failures(failed),
            self._pace.left(rate, done),
        ]
        _say(", ".join(t for t in told if t))

    def end(self) -> None:
        """Nothing more to say."""


@final
class Bar:
    """A bar with count, rate and time left."""

    def __init__(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, TextColumn
        from rich.progress import Progress as Rich

        self._rich: Any = Rich(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[told]}"),
            console=Console(stderr=True),
        )
        self._task: Any = None
        self._pace = Pace(total=0)

    def begin(self, *, total: int, done: int) -> None:
        """Draw the bar."""
        self._pace = Pace(total=total)
        self._rich.start()
        told = f"starting, {FIRST}"
        self._task = self._rich.add_task("replicates", total=total, completed=done, told=told)

    def update(self, *, done: int, failed: int) -> None:
        """Move the bar."""
        rate = self._pace.rate(time.monotonic(), done)
        words = ", ".join(t for t in ("replicates", _failures(failed)) if t)
        told = "" if rate is None else f"{rate:.1f}/s  {self._pace.left(rate, done)}"
        self._rich.update(self._task, completed=done, description=words, told=told)

    def end(self) -> None:
        """Leave the bar as it is."""
        self._rich.stop()


def _failures(count: int) -> str:
    return f"{count} batch{'' if count == 1 else 'es'} failed" if count else ""


def choose(*, quiet: bool) -> Progress:
    """Choose the way to tell that fits stderr."""
    if quiet:
        return Silent()
    return Bar() if sys.stderr.isatty() else Lines()


def _say(line: str) -> None:
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()
