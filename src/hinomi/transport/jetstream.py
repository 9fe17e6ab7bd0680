"""NATS JetStream as the carrier: ordered consumers, the cursor kept by the receiver."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
from collections.abc import AsyncIterator, Sequence
from typing import Any, Final

from hinomi.errors import HinomiError, ScenarioError
from hinomi.extras import need_extra
from hinomi.transport.address import parts_of, shown
from hinomi.transport.contract import Delivered, Envelope, Receipt
from hinomi.transport.http import NoAnswerError
from hinomi.transport.nats_server import DUPLICATES_S, refuse_version
from hinomi.transport.subjects import (
    publication_key,
    refuse_envelope,
    refuse_pattern,
    subject_of,
)
from hinomi.transport.wire import (
    MAX_WIRE,
    MOST_IN_LETTER,
    envelope_from,
    envelope_object,
    from_bytes,
    letter_bytes,
    letter_from,
    letters_of,
    to_bytes,
)

TRIES: Final = 8  # of one publication; together shorter than the window of repeated ids
WAIT_S: Final = 5.0
WRITE_S: Final = 2.0  # for one write; then again with the same id
LOOK_S: Final = 1.0  # between two looks whether the connection is a new one
HEARTBEAT_S: Final = 5.0


class JetStreamCarrier:
    """One run and mode on a NATS server; a stream of messages, and one of receipts."""

    def __init__(self, connection: Any, *, run: str, mode: str) -> None:
        self._connection = connection
        self._stream = connection.jetstream(timeout=WAIT_S)
        self._run, self._mode = run, mode
        self._name = f"hinomi-{run}-{mode}"
        self._reconnections = 0
        self._closing = asyncio.Event()

    @classmethod
    async def connect(
        cls, address: str, *, run: str, mode: str, anywhere: bool = False
    ) -> JetStreamCarrier:
        """Connect to a server, refuse an old one, and make both streams where they are not there.

        Raises
        ------
        ScenarioError
            for an address that is none, a server before 2.10.23 or without JetStream.
        FenceError
            for another mode, or another host unless `anywhere`.
        NoAnswerError
            where nobody answers.
        """
        subject_of(run, mode)
        parts = parts_of(
            address, schemes=("nats", "tls"), like="nats://127.0.0.1:4222", anywhere=anywhere
        )
        nats, errors = _library()

        async def quiet(_: Exception) -> None:
            """The client tells of every broken connection; the carrier goes on by itself."""

        made: list[JetStreamCarrier] = []

        async def again() -> None:
            for carrier in made:
                carrier._reconnections += 1  # noqa: SLF001

        try:
            # The client itself would try for ever.
            await _somebody_there(str(parts.hostname), parts.port or 4222)
            async with asyncio.timeout(WAIT_S):
                connection = await nats.connect(
                    address, error_cb=quiet, reconnected_cb=again, max_reconnect_attempts=-1,
                    reconnect_time_wait=0.2, connect_timeout=WAIT_S,
                )  # fmt: skip
        except (OSError, errors.Error) as error:
            told = str(error) or type(error).__name__
            raise NoAnswerError(f"{shown(address)}: {told}") from None
        carrier = cls(connection, run=run, mode=mode)
        made.append(carrier)
        try:
            refuse_version(str(connection.connected_server_version))
            await carrier._make_streams()
        except BaseException:
            await connection.close()
            raise
        return carrier

    async def publish(self, envelope: Envelope) -> int:
        """Sequence of the envelope after the server wrote it; tried again with the same id."""
        refuse_envelope(envelope, mode=self._mode)
        if envelope.subject.split(".")[1] != self._run:
            raise ScenarioError(f"{envelope.subject} is not of run {self._run}")
        # With the content: another exercise of this run, with a key of its own, is no repeat.
        name = hashlib.sha256(publication_key(envelope).encode() + envelope.content).hexdigest()
        return await self._put(envelope.subject, to_bytes(envelope_object(envelope)), name)

    async def subscribe(self, subjects: Sequence[str], *, after: int) -> AsyncIterator[Delivered]:
        """Everything later than `after` under these subjects, then whatever comes until `close`."""
        for pattern in subjects:
            refuse_pattern(pattern, mode=self._mode)
        async for number, data in self._read(self._name, list(subjects), after):
            with contextlib.suppress(HinomiError):  # nothing of ours: passed over
                yield Delivered(number, envelope_from(from_bytes(data)))

    async def acknowledge(self, receipt: Receipt) -> None:
        """Put a receipt into its stream; a repeated one is there once within the window."""
        await self.acknowledge_all([receipt])

    async def acknowledge_all(self, receipts: Sequence[Receipt]) -> None:
        """Put several receipts into their stream, a letter at a time: one write for all of them."""
        for letter in letters_of(receipts):
            told = [f"{r.receiver}|{r.key}|{r.stage}|{r.reason}" for r in letter]
            name = hashlib.sha256("\n".join(told).encode()).hexdigest()
            await self._put(self._back, letter_bytes(letter), name)

    async def receipts(self, *, after: int) -> AsyncIterator[tuple[int, Receipt]]:
        """Receipts in the order in which they came, until `close`; numbers have gaps."""
        # The letter of `after` is read again, for those in it that come later.
        first = max(after // MOST_IN_LETTER - 1, 0)
        async for number, data in self._read(f"{self._name}-receipts", [self._back], first):
            for place, receipt in enumerate(letter_from(data)):
                if (told := number * MOST_IN_LETTER + place) > after:
                    yield told, receipt

    @property
    def _back(self) -> str:
        return f"hinomi-receipts.{self._run}.{self._mode}"

    async def close(self) -> None:
        """Give back the connection; the streams stay."""
        self._closing.set()
        await self._connection.close()

    async def _make_streams(self) -> None:
        from nats.js import api
        from nats.js import errors as js_errors

        wanted = (
            (self._name, f"hinomi.{self._run}.{self._mode}.>"),
            (f"{self._name}-receipts", f"hinomi-receipts.{self._run}.{self._mode}"),
        )
        for name, subject in wanted:
            settings = api.StreamConfig(
                name=name, subjects=[subject], storage=api.StorageType.FILE,
                duplicate_window=DUPLICATES_S, max_msg_size=MAX_WIRE, num_replicas=1,
                discard=api.DiscardPolicy.NEW, deny_delete=True,
            )  # fmt: skip
            try:
                await self._stream.add_stream(settings)
            except js_errors.ServiceUnavailableError:
                raise ScenarioError(
                    "the server has no JetStream: start it with -js, or let hinomi start one"
                ) from None
            except js_errors.BadRequestError as error:
                raise ScenarioError(
                    f"stream {name} is there with other settings ({error.description}); give the "
                    "exercise another name"
                ) from None

    async def _put(self, subject: str, data: bytes, name: str) -> int:
        """Publish with an id of its own until the server says that it is written."""
        from nats import errors
        from nats.js import errors as js_errors

        told = ""
        for n in range(TRIES):
            try:
                done = await self._stream.publish(
                    subject, data, timeout=WRITE_S, headers={"Nats-Msg-Id": name}
                )
                return int(done.seq)
            except (errors.Error, js_errors.Error, OSError) as error:
                if self._closing.is_set():
                    raise NoAnswerError("the carrier was closed") from None
                told = str(error) or type(error).__name__
            await asyncio.sleep(min(0.1 * 2**n, 2.0))
        raise NoAnswerError(f"{subject}: not written after {TRIES} tries: {told}")

    async def _read(
        self, stream: str, subjects: list[str], after: int
    ) -> AsyncIterator[tuple[int, bytes]]:
        """Sequence and bytes; begun anew from the last one whenever the connection is a new one."""
        from nats import errors
        from nats.js import errors as js_errors

        last = max(after, 0)
        while not self._closing.is_set():
            seen = self._reconnections
            try:
                found = await self._ordered(stream, subjects, last + 1)
            except (errors.Error, js_errors.Error, OSError):
                await asyncio.sleep(LOOK_S / 2.0)
                continue
            try:
                while not self._closing.is_set() and self._reconnections == seen:
                    try:
                        message = await found.next_msg(timeout=LOOK_S)
                    except errors.TimeoutError:
                        continue
                    number = int(message.metadata.sequence.stream)
                    if number > last:
                        last = number
                        yield number, message.data
            except errors.Error:
                await asyncio.sleep(LOOK_S / 2.0)
            finally:
                with contextlib.suppress(errors.Error, js_errors.Error, OSError):
                    await found.unsubscribe()

    async def _ordered(self, stream: str, subjects: list[str], first: int) -> Any:
        from nats.js import api

        settings = api.ConsumerConfig(
            deliver_policy=api.DeliverPolicy.BY_START_SEQUENCE, opt_start_seq=first,
            filter_subjects=subjects if len(subjects) > 1 else None,
        )  # fmt: skip
        return await self._stream.subscribe(
            subjects[0], stream=stream, config=settings, ordered_consumer=True,
            idle_heartbeat=HEARTBEAT_S,
        )  # fmt: skip


def _library() -> tuple[Any, Any]:
    need_extra("live", "nats", who="NATS")
    import nats
    from nats import errors

    return nats, errors


async def _somebody_there(host: str, port: int) -> None:
    """Raise an OSError where nothing listens."""
    async with asyncio.timeout(WAIT_S):
        _, writer = await asyncio.open_connection(host, port)
    writer.close()
    await writer.wait_closed()
