"""The embedded carrier as a receiver sees it: server-sent events, WebSocket, Atom to catch up."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
from typing import Any, Final, Literal
from urllib.parse import urlencode

from hinomi.errors import HinomiError, ScenarioError
from hinomi.extras import need_extra
from hinomi.transport.atom import MAX_ATOM, entries_of
from hinomi.transport.contract import Delivered, Envelope, Receipt
from hinomi.transport.http import Answer, NoAnswerError, Server, request, stream
from hinomi.transport.subjects import refuse_mode, refuse_pattern
from hinomi.transport.wire import (
    MAX_WIRE,
    delivered_from,
    from_bytes,
    letter_bytes,
    letters_of,
)

Way = Literal["events", "socket", "atom"]
SILENCE_S: Final = (
    10.0  # without a word the connection is taken for dead; the server speaks each 2 s
)
FIRST_PAUSE_S: Final = 0.2
LONGEST_PAUSE_S: Final = 2.0
POLL_S: Final = 2.0  # between two looks at the Atom feed


class FeedCarrier:
    """Listens to one server and hands receipts back; it cannot publish."""

    def __init__(
        self, server: Server, *, mode: str, way: Way = "events",
        on_clock: Callable[[dict[str, Any]], None] | None = None, poll_s: float = POLL_S,
    ) -> None:  # fmt: skip
        refuse_mode(mode)
        self._server, self._mode, self._way, self._poll_s = server, mode, way, poll_s
        self._on_clock = on_clock
        self._closing = asyncio.Event()
        self.connected = False

    async def publish(self, envelope: Envelope) -> int:
        """Refused: only the server of the exercise publishes."""
        raise ScenarioError(
            f"{envelope.subject}: {self._server.address} is a feed to listen to; only its own "
            "exercise publishes there"
        )

    async def subscribe(self, subjects: Sequence[str], *, after: int) -> AsyncIterator[Delivered]:
        """Everything later than `after`, then whatever comes; resumed by sequence until `close`."""
        for pattern in subjects:
            refuse_pattern(pattern, mode=self._mode)
        read = {"events": self._events, "socket": self._socket, "atom": self._atom}[self._way]
        last, pause = max(after, 0), FIRST_PAUSE_S
        while not self._closing.is_set():
            try:
                async with contextlib.aclosing(read(subjects, last)) as found:
                    async for delivered in found:
                        pause = FIRST_PAUSE_S
                        if delivered.sequence > last:
                            last = delivered.sequence
                            yield delivered
            except (NoAnswerError, TimeoutError):
                pass
            self.connected = False
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._closing.wait(), pause)
            pause = min(2.0 * pause, LONGEST_PAUSE_S)

    async def acknowledge(self, receipt: Receipt) -> None:
        """Post one receipt."""
        await self.acknowledge_all([receipt])

    async def acknowledge_all(self, receipts: Sequence[Receipt]) -> None:
        """Post several receipts at once; NoAnswerError where the server does not take them."""
        for letter in letters_of(receipts):
            answer = await request(
                self._server, "POST", "/feed/receipts", body=letter_bytes(letter),
                headers={"Content-Type": "application/json"},
            )  # fmt: skip
            _refuse_answer(self._server, "/feed/receipts", answer)

    async def receipts(self, *, after: int) -> AsyncIterator[tuple[int, Receipt]]:
        """Nothing: receipts are in the journal of the server."""
        raise ScenarioError("receipts are in the journal of the exercise; a receiver has none")
        yield after, None  # type: ignore[misc]  # makes this an iterator

    async def close(self) -> None:
        """End the iterators; the server keeps what it published."""
        self._closing.set()

    async def get(self, path: str) -> Any:
        """JSON of a route, such as `/feed/clock` and `/feed/trust`."""
        answer = await request(self._server, "GET", path)
        _refuse_answer(self._server, path, answer)
        return from_bytes(answer.body)

    # --- three ways to read ----------------------------------------------------------------------

    async def _events(self, subjects: Sequence[str], last: int) -> AsyncGenerator[Delivered, None]:
        path = f"/feed/events?{_query(subjects, last)}"
        headers = {"Accept": "text/event-stream"}
        async with stream(self._server, path, headers=headers) as (status, pieces):
            if status != 200:
                _refuse_answer(self._server, path, Answer(status=status, headers={}, body=b""))
            self.connected = True
            async for event, data in parse_events(self._until_closed(pieces)):
                if event in ("message", "history"):
                    with contextlib.suppress(HinomiError):
                        yield delivered_from(from_bytes(data))
                elif event == "clock":
                    self._tell_clock(data)

    async def _socket(self, subjects: Sequence[str], last: int) -> AsyncGenerator[Delivered, None]:
        client, closed = _websockets()
        scheme = "wss" if self._server.tls else "ws"
        address = self._server.address.split("://", 1)[1]
        token = self._server.token
        headers = {"Authorization": f"Bearer {token}"} if token else None
        try:
            async with client(
                f"{scheme}://{address}/feed/socket?{_query(subjects, last)}", max_size=MAX_WIRE,
                additional_headers=headers, ping_interval=SILENCE_S / 2.0, proxy=None,
                ping_timeout=SILENCE_S,
            ) as socket:  # fmt: skip
                self.connected = True
                async for frame in self._until_closed(socket):
                    data = frame.encode() if isinstance(frame, str) else frame
                    found = None
                    with contextlib.suppress(HinomiError):
                        found = from_bytes(data)
                    told = found.get("type") if isinstance(found, dict) else None
                    if told in ("message", "history"):
                        with contextlib.suppress(HinomiError):
                            yield delivered_from(found)
                    elif told == "clock":
                        self._tell_clock(data)
        except (OSError, closed) as error:
            raise NoAnswerError(f"{self._server.address}/feed/socket: {error}") from None

    async def _atom(self, subjects: Sequence[str], last: int) -> AsyncGenerator[Delivered, None]:
        """One look at the feed, then a pause: for those who cannot hold a connection."""
        path = f"/feed/atom?{urlencode([('subject', each) for each in subjects])}"
        answer = await request(self._server, "GET", path, most=MAX_ATOM)
        _refuse_answer(self._server, path, answer)
        self.connected = True
        for entry in sorted(entries_of(answer.body), key=lambda each: each.sequence):
            if entry.sequence <= last:
                continue
            content = await request(
                self._server, "GET", f"/feed/messages/{entry.key}", most=MAX_WIRE
            )
            _refuse_answer(self._server, entry.key, content)
            yield entry.delivered(content.body)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._closing.wait(), self._poll_s)

    async def _until_closed(self, pieces: Any) -> AsyncIterator[Any]:
        """Pieces as they come, until `close`; NoAnswerError after too long a silence."""
        source = aiter(pieces)
        closing = asyncio.ensure_future(self._closing.wait())
        coming: asyncio.Future[Any] | None = None
        try:
            while not self._closing.is_set():
                coming = asyncio.ensure_future(anext(source))
                done, _ = await asyncio.wait(
                    (coming, closing), timeout=SILENCE_S, return_when=asyncio.FIRST_COMPLETED
                )
                if not done:
                    raise NoAnswerError(f"{self._server.address}: silent for {SILENCE_S:g} s")
                if coming not in done:
                    return
                try:
                    piece = coming.result()
                except StopAsyncIteration:
                    return
                yield piece
        finally:
            closing.cancel()
            if coming is not None and not coming.done():
                coming.cancel()
                await asyncio.wait((coming,))

    def _tell_clock(self, data: bytes) -> None:
        if self._on_clock is not None:
            with contextlib.suppress(HinomiError):
                found = from_bytes(data)
                if isinstance(found, dict):
                    self._on_clock(found)


async def parse_events(pieces: AsyncIterator[bytes]) -> AsyncIterator[tuple[str, bytes]]:
    """Server-sent events as (event, data); comments are passed over.

    Form: WHATWG HTML, section "Server-sent events"; lines end with LF, CR LF or CR there, and with
    LF or CR LF here.
    """
    waiting = bytearray()
    event, data = "message", bytearray()
    async for piece in pieces:
        waiting += piece
        *lines, rest = waiting.split(b"\n")
        waiting = bytearray(rest)
        if len(waiting) > MAX_WIRE or len(data) > MAX_WIRE:
            raise NoAnswerError("an event that is too long")
        for line in lines:
            text = bytes(line.removesuffix(b"\r"))
            if not text:
                if data:
                    yield event, bytes(data.removesuffix(b"\n"))
                event, data = "message", bytearray()
                continue
            name, _, value = text.partition(b":")
            value = value.removeprefix(b" ")
            if name == b"data":
                data += value + b"\n"
            elif name == b"event":
                event = value.decode(errors="replace")


def _query(subjects: Sequence[str], last: int) -> str:
    return urlencode([("after", str(last)), *(("subject", each) for each in subjects)])


def _refuse_answer(server: Server, path: str, answer: Answer) -> None:
    """Raise for an answer other than a good one: refused for good, or worth another try."""
    if 200 <= answer.status < 300:
        return
    told = answer.body[:200].decode(errors="replace")
    if answer.status in (400, 401, 403, 404):
        raise ScenarioError(f"{server.address}{path} refused with {answer.status}: {told}")
    raise NoAnswerError(f"{server.address}{path}: answered {answer.status}: {told}")


def _websockets() -> tuple[Any, Any]:
    need_extra("live", "websockets", who="a feed over WebSocket")
    from websockets.asyncio.client import connect
    from websockets.exceptions import WebSocketException

    return connect, WebSocketException
