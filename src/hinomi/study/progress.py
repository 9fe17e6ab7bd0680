"""How far a run is, on stderr: a bar on a terminal, one plain line every ten seconds elsewhere."""

from __future__ import annotations

import sys
import time
from typing import Any, Final, Protocol, final

PLAIN_EVERY_S: Final = 10.0


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
class Lines:
    """One line at the start, then at most one every ten seconds."""

    def __init__(self) -> None:
        self._total = self._before = 0
        self._began = self._last = 0.0

    def begin(self, *, total: int, done: int) -> None:
        """Say what there is to do."""
        self._total, self._before = total, done
        self._began = self._last = time.monotonic()
        kept = f" ({done} are there)" if done else ""
        _say(f"{total} replicates to compute{kept}")

    def update(self, *, done: int, failed: int) -> None:
        """Say how far it is, if ten seconds have passed."""
        now = time.monotonic()
        if now - self._last < PLAIN_EVERY_S:
            return
        self._last = now
        left_s = (self._total - done) * (now - self._began) / max(1, done - self._before)
        _say(f"{done} of {self._total} replicates, {failed} batches failed, {left_s:.0f} s left")

    def end(self) -> None:
        """Nothing more to say."""


@final
class Bar:
    """A bar with count, rate and time left."""

    def __init__(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
        from rich.progress import Progress as Rich

        self._rich: Any = Rich(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[rate]}"),
            TimeRemainingColumn(),
            console=Console(stderr=True),
        )
        self._task: Any = None
        self._before = 0
        self._began = 0.0

    def begin(self, *, total: int, done: int) -> None:
        """Draw the bar."""
        self._before, self._began = done, time.monotonic()
        self._rich.start()
        self._task = self._rich.add_task("replicates", total=total, completed=done, rate="")

    def update(self, *, done: int, failed: int) -> None:
        """Move the bar."""
        rate = (done - self._before) / max(1e-9, time.monotonic() - self._began)
        words = f"replicates, {failed} batches failed" if failed else "replicates"
        self._rich.update(self._task, completed=done, description=words, rate=f"{rate:.1f}/s")

    def end(self) -> None:
        """Leave the bar as it is."""
        self._rich.stop()


def choose(*, quiet: bool) -> Progress:
    """Choose the way to tell that fits stderr."""
    if quiet:
        return Silent()
    return Bar() if sys.stderr.isatty() else Lines()


def _say(line: str) -> None:
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()
