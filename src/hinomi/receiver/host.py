"""Receivers of a host at work: read, store and act, hand receipts back, until the exercise ends."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterable, Sequence
from typing import Final, Protocol, runtime_checkable

from hinomi.errors import ScenarioError
from hinomi.receiver.answers import Answers
from hinomi.receiver.clock import ExerciseClock
from hinomi.receiver.desk import Desk
from hinomi.transport.contract import Delivered, Receipt, Transport
from hinomi.transport.http import NoAnswerError
from hinomi.transport.killpoint import kill_point
from hinomi.transport.subjects import subjects_for

MOST_AT_ONCE: Final = 500  # deliveries in one commit, receipts in one letter
MOST_ANSWERS: Final = 25  # signed answers in one letter: signing takes time
MOST_WAITING: Final = 20_000  # deliveries that wait; then the carrier waits
TICK_S: Final = 0.5
PAUSE_S: Final = 0.5  # before receipts are tried again
GRACE_S: Final = 3.0  # for receipts after the end
LAST_S: Final = 15.0  # for the others of a host, after one has read the end (assumed)


@runtime_checkable
class ManyReceipts(Protocol):
    """A carrier that takes several receipts at once."""

    async def acknowledge_all(self, receipts: Sequence[Receipt]) -> None:
        """Hand receipts back."""
        ...


class Host:
    """One process with its receivers, one store and one carrier."""

    def __init__(
        self, desk: Desk, carrier: Transport, *, answers: Answers | None, clock: ExerciseClock
    ) -> None:
        self._desk, self._carrier, self._answers, self._clock = desk, carrier, answers, clock
        self._queue: asyncio.Queue[tuple[str, Delivered]] = asyncio.Queue(MOST_WAITING)
        self._wanted = asyncio.Event()  # there are receipts to hand back
        setup = desk.setup
        self._open = {
            name for name in setup.posts
            if not desk.store.is_finished(name, setup.source_of(name))
        }  # fmt: skip
        self._first_end = asyncio.Event()  # one receiver read that the exercise is over
        self.ended = asyncio.Event()  # all of them did
        self._note_ends(())
        self._over_before = self.ended.is_set()

    async def run(self, *, seconds: float | None = None, stay: bool = False) -> None:
        """Work until the exercise ends, `seconds` have passed, or the task is cancelled.

        Raises
        ------
        HinomiError
            where the carrier refuses this receiver, or the disk refuses to write.
        """
        self._desk.recover()
        self._wanted.set()
        tasks = [
            asyncio.ensure_future(each)
            for each in (
                self._write(), self._tick(), self._answer(),
                *(self._read(name) for name in self._desk.setup.posts),
            )
        ]  # fmt: skip
        over = asyncio.ensure_future(self._over(stay))
        try:
            done, _ = await asyncio.wait(
                (*tasks, over), timeout=seconds, return_when=asyncio.FIRST_COMPLETED
            )
            for each in done:
                each.result()
            await self._hand_back()
        finally:
            for each in (*tasks, over):
                each.cancel()
            await asyncio.gather(*tasks, over, return_exceptions=True)

    async def _over(self, stay: bool) -> None:
        await self._first_end.wait()
        if stay:
            await asyncio.Event().wait()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(LAST_S):
                await self.ended.wait()
        self.ended.set()
        if self._over_before:  # a kill may have cut off what came with the end: read that first
            await asyncio.sleep(GRACE_S)
        while not self._queue.empty():
            await asyncio.sleep(0.05)

    async def _read(self, name: str) -> None:
        setup = self._desk.setup
        subjects = subjects_for(setup.run, setup.mode, setup.posts[name])
        after = self._desk.store.cursor(name, setup.source_of(name))
        async for delivered in self._carrier.subscribe(subjects, after=after):
            await self._queue.put((name, delivered))

    async def _write(self) -> None:
        while True:
            batch = [await self._queue.get()]
            while len(batch) < MOST_AT_ONCE and not self._queue.empty():
                batch.append(self._queue.get_nowait())
            done = self._desk.take(batch)
            self._wanted.set()
            self._note_ends(outcome.receiver for outcome in done if outcome.over)
            await asyncio.sleep(0)

    def _note_ends(self, names: Iterable[str]) -> None:
        """Receivers for whom the exercise is over; the host ends with the last of them."""
        self._open.difference_update(names)
        if len(self._open) < len(self._desk.setup.posts):
            self._first_end.set()
        if not self._open:
            self.ended.set()

    async def _tick(self) -> None:
        while True:
            await asyncio.sleep(TICK_S)
            self._desk.tick()
            self._wanted.set()  # a person may have confirmed in another process

    async def _answer(self) -> None:
        while True:
            await self._wanted.wait()
            self._wanted.clear()
            try:
                while await self._letter():
                    pass
            except NoAnswerError:
                await asyncio.sleep(PAUSE_S)
                self._wanted.set()

    async def _hand_back(self) -> None:
        """What is left to hand back after the end, for a few seconds."""
        with contextlib.suppress(NoAnswerError, TimeoutError):
            async with asyncio.timeout(GRACE_S):
                while await self._letter():
                    pass

    async def _letter(self) -> bool:
        """Hand back some receipts: first those that need no signature; whether there were any."""
        found = self._desk.store.unsent(MOST_AT_ONCE)
        plain = [pair for pair in found if pair[1].stage == "stored"]
        chosen = plain or list(found[:MOST_ANSWERS])
        if not chosen:
            return False
        letter = [self._signed(receipt) for _, receipt in chosen]
        kill_point("before-receipt")
        try:
            await self._hand(letter)
        except ScenarioError:
            await self._hand_singly(letter)
        kill_point("after-receipt")
        with self._desk.store.commit():
            self._desk.store.sent([number for number, _ in chosen])
        return True

    async def _hand(self, letter: Sequence[Receipt]) -> None:
        if isinstance(self._carrier, ManyReceipts):
            await self._carrier.acknowledge_all(letter)
            return
        for receipt in letter:
            await self._carrier.acknowledge(receipt)

    async def _hand_singly(self, letter: Sequence[Receipt]) -> None:
        """The sender refused a letter: one receipt of it is of a message that it never sent."""
        for receipt in letter:
            try:
                await self._carrier.acknowledge(receipt)
            except ScenarioError as error:
                self._desk.notice(receipt.receiver, f"{receipt.key[:12]}  {error}")

    def _signed(self, receipt: Receipt) -> Receipt:
        """A receipt with its CAP Ack or Error, where it has one."""
        if self._answers is None or receipt.stage not in ("shown", "refused"):
            return receipt
        kept = self._desk.store.message(receipt.receiver, receipt.key)
        content = kept.content if kept else self._desk.refused_content(receipt.key)
        if not content:
            return receipt
        told = self._answers.of(receipt, content, at=self._clock())
        return Receipt(
            receipt.receiver, receipt.key, receipt.stage, receipt.reason, receipt.at_utc, told
        )
