"""A carrier inside one process: for tests, and for exercises without a network."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence

from hinomi.transport.contract import Delivered, Envelope, Receipt
from hinomi.transport.subjects import (
    matches,
    publication_key,
    refuse_envelope,
    refuse_mode,
    refuse_pattern,
)


class MemoryCarrier:
    """Keeps everything in lists; what was published lasts as long as the object."""

    def __init__(self, *, mode: str) -> None:
        refuse_mode(mode)
        self._mode = mode
        self._log: list[Envelope] = []
        self._sequence: dict[str, int] = {}
        self._receipts: list[Receipt] = []
        self._known: set[tuple[str, str, str, str]] = set()
        self._more = asyncio.Condition()
        self._closings = 0

    async def publish(self, envelope: Envelope) -> int:
        """Sequence of the envelope; that of the first one where it was published before."""
        refuse_envelope(envelope, mode=self._mode)
        name = publication_key(envelope)
        if name in self._sequence:
            return self._sequence[name]
        async with self._more:
            self._log.append(envelope)
            self._sequence[name] = len(self._log)
            self._more.notify_all()
        return self._sequence[name]

    async def subscribe(self, subjects: Sequence[str], *, after: int) -> AsyncIterator[Delivered]:
        """Everything later than `after` under these subjects, then whatever comes until `close`."""
        for pattern in subjects:
            refuse_pattern(pattern, mode=self._mode)
        async for number in self._numbers(self._log, after):
            envelope = self._log[number - 1]
            if any(matches(pattern, envelope.subject) for pattern in subjects):
                yield Delivered(number, envelope)

    async def acknowledge(self, receipt: Receipt) -> None:
        """Keep a receipt; one of the same receiver, message, stage and reason is kept once."""
        name = (receipt.receiver, receipt.key, receipt.stage, receipt.reason)
        async with self._more:
            if name not in self._known:
                self._known.add(name)
                self._receipts.append(receipt)
                self._more.notify_all()

    async def receipts(self, *, after: int) -> AsyncIterator[tuple[int, Receipt]]:
        """Receipts in the order in which they came, from number `after` + 1, until `close`."""
        async for number in self._numbers(self._receipts, after):
            yield number, self._receipts[number - 1]

    async def close(self) -> None:
        """End the iterators that are open."""
        async with self._more:
            self._closings += 1
            self._more.notify_all()

    async def _numbers(self, log: Sequence[object], after: int) -> AsyncIterator[int]:
        """Numbers of the entries of a list, as they appear."""
        opened, number = self._closings, max(after, 0)
        while True:
            async with self._more:
                while len(log) <= number and self._closings == opened:
                    await self._more.wait()
            if self._closings > opened:
                return
            number += 1
            yield number
