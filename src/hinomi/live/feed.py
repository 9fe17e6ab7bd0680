"""The embedded carrier: the outbox of the journal read in order, as `transport.contract` says."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Sequence
from datetime import datetime
from functools import lru_cache, partial
from typing import Final, cast, final

from hinomi.errors import ScenarioError
from hinomi.live.journal import Journal
from hinomi.live.rows import Stored
from hinomi.transport.contract import Delivered, Envelope, Kind, Receipt
from hinomi.transport.subjects import refuse_pattern
from hinomi.transport.wire import delivered_object

BATCH: Final = (
    64  # deliveries read at once: the journal is the queue, so a slow reader costs nothing
)


@final
class Feed:
    """Reads one exercise's outbox; what is published is published by a release and nothing else."""

    def __init__(
        self, journal: Journal, *, mode: str, take: Callable[[Sequence[Receipt]], None]
    ) -> None:
        self._journal, self._take = journal, take
        self._more, self._said = asyncio.Event(), asyncio.Event()
        self._last = journal.last_sequence()
        self.closed = False
        # Many readers want the same: each thing is read, made and written out once.
        self._allowed = lru_cache(maxsize=4096)(partial(refuse_pattern, mode=mode))
        self._message = lru_cache(maxsize=256)(journal.message)
        self.envelope = lru_cache(maxsize=4096)(self._envelope)
        self.text = lru_cache(maxsize=1024)(_text)
        self._released: set[str] = set()

    def changed(self) -> None:
        """Wake who waits for receipts; and readers, where there is something for them."""
        self._said.set()
        self._said = asyncio.Event()
        last = self._journal.last_sequence()
        if last != self._last or self.closed:
            self._last = last
            self._more.set()
            self._more = asyncio.Event()

    def released(self, key: str) -> bool:
        """Whether a message went out; that never changes back."""
        if key not in self._released and self._journal.released(key):
            self._released.add(key)
        return key in self._released

    async def publish(self, envelope: Envelope) -> int:
        """Sequence of what a release put into the outbox; anything else is refused."""
        for sequence, subject, key in self._journal.deliveries(after=0, subjects=[envelope.subject], most=1_000_000):  # fmt: skip
            if (subject, key) == (envelope.subject, envelope.key):
                return sequence
        raise ScenarioError(
            f"{envelope.subject}: only a release puts messages on this carrier; use the console"
        )

    async def subscribe(self, subjects: Sequence[str], *, after: int) -> AsyncIterator[Delivered]:
        """Everything later than `after` under these subjects, then whatever comes until `close`."""
        while True:
            more = self._more
            batch = self.read(subjects, after=after)
            for delivered in batch:
                after = delivered.sequence
                yield delivered
            if batch:
                continue
            if self.closed:
                return
            await more.wait()

    def read(self, subjects: Sequence[str], *, after: int, most: int = BATCH) -> list[Delivered]:
        """The next deliveries under some subjects."""
        for pattern in subjects:
            self._allowed(pattern)
        found = self._journal.deliveries(after=max(after, 0), subjects=subjects, most=most)
        return [Delivered(n, self.envelope(subject, key)) for n, subject, key in found]

    def _envelope(self, subject: str, key: str) -> Envelope:
        """Envelope of a delivery, with the bytes as they were signed."""
        stored = self._message(key)
        assert stored is not None  # noqa: S101  (a delivery references its message)
        # A place that an update names first has nothing to wait for.
        known = stored.after and self._journal.delivered(subject, stored.after)
        return envelope_of(stored, subject, after=stored.after if known else "")

    def signal(self) -> asyncio.Event:
        """What the next delivery sets; take it before reading, so that no change is missed."""
        return self._more

    async def acknowledge(self, receipt: Receipt) -> None:
        """Put a receipt on record."""
        self._take([receipt])

    async def receipts(self, *, after: int) -> AsyncIterator[tuple[int, Receipt]]:
        """Receipts in the order in which they came, until `close`."""
        while True:
            more = self._said
            found = self._journal.receipts(after=after)
            for number, receipt in found:
                after = number
                yield number, receipt
            if found:
                continue
            if self.closed:
                return
            await more.wait()

    async def close(self) -> None:
        """End the iterators; what was published stays."""
        self.closed = True
        self.changed()


def _text(delivered: Delivered) -> str:
    """JSON of a delivery, for every reader of it."""
    return json.dumps(delivered_object(delivered), ensure_ascii=False, separators=(",", ":"))


def envelope_of(stored: Stored, subject: str, *, after: str) -> Envelope:
    """Envelope of a message for one subject, and what has to be there before it."""
    return Envelope(
        subject=subject, key=stored.key, incident=stored.incident, revision=stored.revision,
        kind=cast(Kind, stored.kind), after=after, sent_utc=stored.sent_utc,
        expires_utc=stored.expires_utc, content=stored.content,
    )  # fmt: skip


def expired(envelope: Envelope, now: datetime) -> bool:
    """Whether a message is history at a time of the scenario clock."""
    return datetime.fromisoformat(envelope.expires_utc) <= now
