"""A relay between receivers and the exercise, on the loopback: it cuts, repeats, holds and puts in.

Sequences of a stream are told a thousand times as large, so that what is put in after message n has
room before n + 1, and a receiver that comes back asks for the right one.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode, urlsplit

from hinomi.errors import HinomiError
from hinomi.transport.feed import parse_events
from hinomi.transport.http import MAX_HEAD, NoAnswerError, Server, request, stream
from hinomi.transport.subjects import ALL
from hinomi.transport.wire import from_bytes, to_bytes

ROOM: Final = 1_000  # numbers between two messages of the exercise
HOST: Final = "127.0.0.1"
HOLD_S: Final = 20.0  # wall seconds after which a held message goes on whatever comes
MOST_BODY: Final = 4 << 20
_PASSED_ON: Final = ("content-type", "authorization", "accept")


@dataclass(slots=True)
class Trouble:
    """What is done to the streams of a municipality (or of everybody, under `ALL`)."""

    cut: bool = False
    repeat: int = 0  # how many further copies the next message gets
    hold: bool = False  # keep the next alert back until a later message of its incident came
    put_in: list[dict[str, Any]] = field(default_factory=list)  # delivered objects without sequence


@dataclass(slots=True)
class _Stream:
    """One open stream of events."""

    codes: frozenset[str]
    last: int  # sequence as the receiver knows it
    done: set[int] = field(default_factory=set)  # ids of what was put in


class Relay:
    """Serve on a free port of the loopback and hand everything on to the server of the moment."""

    def __init__(
        self, upstream: Callable[[], Server], *, pages: Mapping[str, Callable[[], tuple[str, bytes]]] | None = None
    ) -> None:  # fmt: skip
        self._upstream = upstream
        self._pages = pages or {}
        self.trouble: dict[str, Trouble] = {}
        self.strange: set[str] = set()  # keys of what exercise control made up
        self.answers: list[dict[str, Any]] = []  # receipts about these, kept from the exercise
        self._held: dict[frozenset[str], list[tuple[float, dict[str, Any]]]] = {}
        self._server: asyncio.Server | None = None
        self._writers: dict[asyncio.StreamWriter, frozenset[str]] = {}
        self._tasks: set[asyncio.Task[Any]] = set()
        self.hold_s = HOLD_S

    async def start(self) -> str:
        """Listen; the address."""
        self._server = await asyncio.start_server(self._serve, HOST, 0, limit=MAX_HEAD)
        port = self._server.sockets[0].getsockname()[1]
        return f"http://{HOST}:{port}"

    async def close(self) -> None:
        """Stop listening and end every connection."""
        if self._server is not None:
            self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def of(self, code: str) -> Trouble:
        """Trouble of a municipality, made when first asked for."""
        return self.trouble.setdefault(code, Trouble())

    def cut(self, code: str) -> None:
        """Cut the lines of a municipality (or all) until `mend`."""
        self.of(code).cut = True
        for writer, codes in list(self._writers.items()):
            if code == ALL or code in codes:
                writer.close()

    def mend(self, code: str) -> None:
        """Mend the lines of a municipality."""
        self.of(code).cut = False

    def held_of(self, code: str) -> list[dict[str, Any]]:
        """Messages that are held back from a municipality now."""
        return [
            told for codes, waiting in self._held.items() if code in codes for _, told in waiting
        ]

    def _is_cut(self, codes: frozenset[str]) -> bool:
        everybody = self.trouble.get(ALL)
        if everybody is not None and everybody.cut:
            return True
        return any(self.trouble[c].cut for c in codes if c in self.trouble)

    # --- one connection --------------------------------------------------------------------------

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers[writer] = frozenset()
        task = asyncio.current_task()
        if task is not None:
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        try:
            with contextlib.suppress(
                OSError,
                asyncio.IncompleteReadError,
                asyncio.LimitOverrunError,
                TimeoutError,
                ValueError,
            ):
                await self._answer(reader, writer)
        except asyncio.CancelledError:
            pass  # `close` ends connections; nobody waits for them
        finally:
            self._writers.pop(writer, None)
            writer.close()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        async with asyncio.timeout(10.0):
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            first, *rest = head.split("\r\n")
            method, path, _ = first.split(" ", 2)
            headers = {
                k.strip().lower(): v.strip() for k, _, v in (x.partition(":") for x in rest) if v
            }
            length = int(headers.get("content-length", "0"))
            if not 0 <= length <= MOST_BODY:
                return
            body = await reader.readexactly(length)
        route = urlsplit(path).path
        host, origin = headers.get("host", "").rpartition(":")[0], headers.get("origin", "")
        if host not in ("127.0.0.1", "localhost") or (
            origin and origin.partition("://")[2] != headers["host"]
        ):  # a page of elsewhere in somebody's browser
            await _reply(writer, 403, "text/plain; charset=utf-8", b"this machine alone")
        elif route in self._pages:
            kind, content = self._pages[route]()
            await _reply(writer, 200, kind, content)
        elif route == "/feed/events":
            await self._events(writer, path, headers)
        elif self._is_cut(frozenset()):
            return
        elif (
            route == "/feed/receipts"
            and self.strange
            and (rest_of := self._kept_back(body)) is not None
        ):
            if rest_of:
                await self._pass_on(writer, method, path, headers, to_bytes(rest_of))
            else:
                await _reply(writer, 204, "text/plain", b"")
        else:
            await self._pass_on(writer, method, path, headers, body)

    def _kept_back(self, body: bytes) -> list[Any] | None:
        """Receipts to pass on; those about made-up messages stay here. None where there is none."""
        try:
            told = from_bytes(body)
        except HinomiError:
            return None
        rows = told if isinstance(told, list) else [told]
        mine = [r for r in rows if isinstance(r, dict) and r.get("key") in self.strange]
        self.answers += mine
        return [r for r in rows if r not in mine] if mine else None

    async def _pass_on(
        self,
        writer: asyncio.StreamWriter,
        method: str,
        path: str,
        headers: dict[str, str],
        body: bytes,
    ) -> None:
        kept = {k.title(): v for k, v in headers.items() if k in _PASSED_ON}
        try:
            answer = await request(self._upstream(), method, path, body=body, headers=kept)
        except (NoAnswerError, HinomiError, LookupError) as error:
            await _reply(writer, 502, "text/plain; charset=utf-8", str(error).encode())
            return
        content = answer.body
        if urlsplit(path).path == "/feed/clock" and answer.status == 200:
            content = _wider(content)
        kind = answer.headers.get("content-type", "application/octet-stream")
        await _reply(writer, answer.status, kind, content)

    # --- events ----------------------------------------------------------------------------------

    async def _events(
        self, writer: asyncio.StreamWriter, path: str, headers: dict[str, str]
    ) -> None:
        query = parse_qsl(urlsplit(path).query)
        asked = int(dict(query).get("after", "0") or "0")
        codes = frozenset(s.rpartition(".")[2] for k, s in query if k == "subject") - {ALL}
        if self._is_cut(codes):
            return
        self._writers[writer] = codes
        again = [(k, str(asked // ROOM) if k == "after" else v) for k, v in query]
        kept = {k.title(): v for k, v in headers.items() if k in _PASSED_ON}
        line = _Stream(codes=codes, last=asked)
        try:
            async with stream(
                self._upstream(), f"/feed/events?{urlencode(again)}", headers=kept
            ) as (status, pieces):
                if status != 200:
                    await _reply(writer, status, "text/plain", b"")
                    return
                writer.write(
                    b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n"
                )
                async with contextlib.aclosing(parse_events(pieces)) as events:  # type: ignore[type-var]
                    async for event, data in events:
                        for told_event, told in self._shaped(line, event, data):
                            writer.write(_block(told_event, told))
                        await writer.drain()
        except (NoAnswerError, LookupError):
            return

    def _shaped(self, line: _Stream, event: str, data: bytes) -> list[tuple[str, Any]]:
        """What a receiver gets for one event of the exercise."""
        told = from_bytes(data)
        if event == "clock":
            told = told | {"last_sequence": _wide(told.get("last_sequence"))}
            return [*self._put_in(line), *self._let_go(line), (event, told)]
        if event not in ("message", "history"):
            return [(event, told)]
        mine = self._mine(line)
        for trouble in mine:
            if trouble.hold and told.get("kind") in ("alert", "update") and event == "message":
                trouble.hold = False
                self._held.setdefault(line.codes, []).append((time.monotonic(), told))
                return self._put_in(line)
        line.last = max(line.last, int(told["sequence"]) * ROOM)
        out = [(event, told | {"sequence": line.last})]
        for trouble in mine:
            if trouble.repeat and event == "message":
                out += [
                    (event, told | {"sequence": self._next(line)}) for _ in range(trouble.repeat)
                ]
                trouble.repeat = 0
        return [*out, *self._let_go(line, told.get("incident")), *self._put_in(line)]

    def _mine(self, line: _Stream) -> list[Trouble]:
        return [t for c, t in self.trouble.items() if c in line.codes or c == ALL]

    def _next(self, line: _Stream) -> int:
        line.last += 1
        return line.last

    def _put_in(self, line: _Stream) -> list[tuple[str, Any]]:
        """Strangers' and misrouted messages that wait for this line, each once a line."""
        out = []
        for trouble in self._mine(line):
            for told in trouble.put_in:
                if id(told) not in line.done:
                    line.done.add(id(told))
                    out.append(("message", told | {"sequence": self._next(line)}))
        return out

    def _let_go(self, line: _Stream, incident: object = None) -> list[tuple[str, Any]]:
        """Held messages whose later one came, or that were held long enough."""
        waiting = self._held.get(line.codes, [])
        go = [
            w
            for w in waiting
            if w[1].get("incident") == incident or time.monotonic() - w[0] > self.hold_s
        ]
        if go:
            self._held[line.codes] = [w for w in waiting if w not in go]
        return [("message", told | {"sequence": self._next(line)}) for _, told in go]


def _wide(sequence: object) -> int:
    return (int(sequence) if isinstance(sequence, int) else 0) * ROOM + ROOM - 1


def _wider(content: bytes) -> bytes:
    with contextlib.suppress(HinomiError):
        told = from_bytes(content)
        if isinstance(told, dict) and "last_sequence" in told:
            return to_bytes(told | {"last_sequence": _wide(told["last_sequence"])})
    return content


def _block(event: str, told: Any) -> bytes:
    number = told.get("sequence") if isinstance(told, dict) else None
    head = b"" if number is None else f"id: {number}\n".encode()
    return head + f"event: {event}\n".encode() + b"data: " + to_bytes(told) + b"\n\n"


async def _reply(writer: asyncio.StreamWriter, status: int, kind: str, content: bytes) -> None:
    head = (
        f"HTTP/1.1 {status} -\r\nContent-Type: {kind}\r\nContent-Length: {len(content)}\r\n"
        "Cache-Control: no-store\r\nConnection: close\r\n\r\n"
    )
    writer.write(head.encode() + content)
    await writer.drain()
