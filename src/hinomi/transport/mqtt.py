"""MQTT out: messages to a broker at QoS 1, receipts back over a topic. Never the system of record."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import AsyncIterator, Callable, Sequence
from typing import Any, Final

from hinomi.errors import HinomiError
from hinomi.extras import need_extra
from hinomi.transport.address import parts_of
from hinomi.transport.contract import Delivered, Envelope, Receipt
from hinomi.transport.http import NoAnswerError
from hinomi.transport.subjects import (
    matches,
    publication_key,
    refuse_envelope,
    refuse_pattern,
    subject_of,
)
from hinomi.transport.wire import (
    delivered_from,
    delivered_object,
    from_bytes,
    letter_bytes,
    letter_from,
    letters_of,
    to_bytes,
)

WAIT_S: Final = 5.0
TRIES: Final = 4
MOST_WAITING: Final = 10_000  # messages a subscriber may be behind


class MqttCarrier:
    """One run and mode on an MQTT 3.1.1 broker.

    A broker keeps no history: a subscriber gets what comes while it is connected, so it catches up
    from the feed. Sequences are counted here and travel inside the messages.
    """

    def __init__(self, host: str, port: int, *, run: str, mode: str, login: tuple[str, str] | None):
        self._where, self._login = (host, port), login
        self._run, self._mode = run, mode
        self._published: dict[str, int] = {}
        self._link: _Link | None = None
        self._links: list[_Link] = []
        self._lock = asyncio.Lock()

    @classmethod
    async def connect(
        cls, address: str, *, run: str, mode: str, anywhere: bool = False
    ) -> MqttCarrier:
        """Connect to a broker such as `mqtt://127.0.0.1:1883`.

        Raises
        ------
        ScenarioError
            for what is no address.
        FenceError
            for another mode, or another host unless `anywhere`.
        NoAnswerError
            where nobody answers.
        """
        subject_of(run, mode)
        parts = parts_of(
            address, schemes=("mqtt",), like="mqtt://127.0.0.1:1883", anywhere=anywhere
        )
        login = (parts.username, parts.password or "") if parts.username else None
        carrier = cls(str(parts.hostname), parts.port or 1883, run=run, mode=mode, login=login)
        carrier._link = await carrier._open(None)
        return carrier

    async def publish(self, envelope: Envelope) -> int:
        """Number of the envelope after the broker acknowledged it; tried again a few times."""
        refuse_envelope(envelope, mode=self._mode)
        name = publication_key(envelope)
        async with self._lock:
            if name in self._published:
                return self._published[name]
            number = len(self._published) + 1
            data = to_bytes(delivered_object(Delivered(number, envelope)))
            await self._put(_topic(envelope.subject), data)
            self._published[name] = number
            return number

    async def subscribe(
        self,
        subjects: Sequence[str],
        *,
        after: int,  # noqa: ARG002
    ) -> AsyncIterator[Delivered]:
        """Whatever comes under these subjects from now on, until `close`.

        `after` says nothing here: there is no history to pass over, and a sender that was started
        again counts from 1. Receivers know repeats by the message's name.
        """
        for pattern in subjects:
            refuse_pattern(pattern, mode=self._mode)
        async for data in self._read([_topic(pattern) for pattern in subjects]):
            with contextlib.suppress(HinomiError):
                found = delivered_from(from_bytes(data))
                told = found.envelope.subject
                if any(matches(each, told) for each in subjects):
                    yield found

    async def acknowledge(self, receipt: Receipt) -> None:
        """Publish a receipt on the topic of receipts."""
        await self.acknowledge_all([receipt])

    async def acknowledge_all(self, receipts: Sequence[Receipt]) -> None:
        """Publish several receipts, a letter at a time."""
        for letter in letters_of(receipts):
            await self._put(self._back, letter_bytes(letter))

    async def receipts(self, *, after: int) -> AsyncIterator[tuple[int, Receipt]]:
        """Receipts that come from now on, repeated ones once; numbers count from `after` + 1."""
        known: set[tuple[str, str, str, str]] = set()
        async for data in self._read([self._back]):
            for found in letter_from(data):
                name = (found.receiver, found.key, found.stage, found.reason)
                if name not in known:
                    known.add(name)
                    yield after + len(known), found

    async def close(self) -> None:
        """Give back all connections."""
        links = [each for each in (self._link, *self._links) if each is not None]
        self._link, self._links = None, []
        for link in links:
            await link.close()

    @property
    def _back(self) -> str:
        return f"hinomi-receipts/{self._run}/{self._mode}"

    async def _open(self, on_message: Callable[[bytes | None], None] | None) -> _Link:
        link = _Link(*self._where, self._login, asyncio.get_running_loop(), on_message)
        try:
            await link.open()
        except BaseException:
            await link.close()
            raise
        return link

    async def _put(self, topic: str, data: bytes) -> None:
        if self._link is None:
            raise NoAnswerError("the carrier was closed")
        for n in range(TRIES):
            try:
                await self._link.publish(topic, data)
            except NoAnswerError:
                if n == TRIES - 1:
                    raise
                await asyncio.sleep(0.2 * 2**n)
            else:
                return

    async def _read(self, topics: list[str]) -> AsyncIterator[bytes]:
        queue: asyncio.Queue[bytes | None] = asyncio.Queue(MOST_WAITING)

        def put(data: bytes | None) -> None:
            if not queue.full() or data is None:
                with contextlib.suppress(asyncio.QueueFull):
                    queue.put_nowait(data)

        link = await self._open(put)
        self._links.append(link)
        try:
            await link.subscribe(topics)
            while (data := await queue.get()) is not None:
                yield data
        finally:
            if link in self._links:
                self._links.remove(link)
                await link.close()


class _Link:
    """A connection of the client library, which has a thread of its own, seen from asyncio."""

    def __init__(
        self, host: str, port: int, login: tuple[str, str] | None, loop: asyncio.AbstractEventLoop,
        on_message: Callable[[bytes | None], None] | None,
    ) -> None:  # fmt: skip
        mqtt = _library()
        self._where, self._loop, self._on_message = (host, port), loop, on_message
        self._waiting: dict[tuple[str, int], asyncio.Future[None]] = {}
        self._early: set[tuple[str, int]] = set()
        self._guard = threading.Lock()
        self._topics: list[str] = []
        self._client: Any = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2)
        if login is not None:
            self._client.username_pw_set(*login)
        self._client.reconnect_delay_set(1, 2)
        self._client.on_connect = lambda *_: self._connected()
        self._client.on_publish = lambda _c, _u, number, *_: self._done(("publish", number))
        self._client.on_subscribe = lambda _c, _u, number, *_: self._done(("subscribe", number))
        self._client.on_message = lambda _c, _u, message: self._came(bytes(message.payload))

    async def open(self) -> None:
        """Connect and wait for the broker's answer."""
        self._client.connect_async(*self._where, keepalive=10)
        with self._guard:
            waiter = self._waiting["connect", 0] = self._loop.create_future()
        self._client.loop_start()
        await self._answered(waiter, "no connection")

    async def publish(self, topic: str, data: bytes) -> None:
        """Publish at QoS 1 and wait for the acknowledgement."""
        told = self._client.publish(topic, data, qos=1)
        await self._answered(self._waiter("publish", told.mid), "not acknowledged")

    async def subscribe(self, topics: list[str]) -> None:
        """Subscribe at QoS 1 and wait for the acknowledgement; again after each reconnection."""
        self._topics = topics
        _, number = self._client.subscribe([(topic, 1) for topic in topics])
        await self._answered(self._waiter("subscribe", number), "not subscribed")

    async def close(self) -> None:
        """End the connection and its thread."""
        self._client.on_message = None
        self._client.disconnect()
        await asyncio.to_thread(self._client.loop_stop)
        if self._on_message is not None:
            self._on_message(None)

    def _waiter(self, kind: str, number: int) -> asyncio.Future[None]:
        """Something to wait on; the answer may have been there first."""
        waiter: asyncio.Future[None] = self._loop.create_future()
        with self._guard:
            if (kind, number) in self._early:
                self._early.discard((kind, number))
                waiter.set_result(None)
            else:
                self._waiting[kind, number] = waiter
        return waiter

    async def _answered(self, waiter: asyncio.Future[None], what: str) -> None:
        try:
            # Not wait_for: Python 3.11's takes no notice of a cancel that meets the answer.
            async with asyncio.timeout(WAIT_S):
                await waiter
        except TimeoutError:
            host, port = self._where
            raise NoAnswerError(f"mqtt://{host}:{port}: {what} within {WAIT_S:g} s") from None

    def _connected(self) -> None:
        self._done(("connect", 0))
        if self._topics:
            self._client.subscribe([(topic, 1) for topic in self._topics])

    def _done(self, name: tuple[str, int]) -> None:
        """An answer came, in the library's thread."""
        with self._guard:
            waiter = self._waiting.pop(name, None)
            if waiter is None:
                self._early.add(name)
                return

        def resolve() -> None:
            if not waiter.done():
                waiter.set_result(None)

        with contextlib.suppress(RuntimeError):  # the loop is gone
            self._loop.call_soon_threadsafe(resolve)

    def _came(self, data: bytes) -> None:
        if self._on_message is not None:
            with contextlib.suppress(RuntimeError):
                self._loop.call_soon_threadsafe(self._on_message, data)


def _topic(subject: str) -> str:
    """Topic of a subject or pattern."""
    parts = subject.split(".")
    return "/".join("#" if part == ">" else part for part in parts)


def _library() -> Any:
    need_extra("live", "paho", who="MQTT")
    import paho.mqtt.client as mqtt

    return mqtt
