"""A small HTTP/1.1 client on asyncio: bounded answers, streams, loopback unless allowed."""

from __future__ import annotations

import asyncio
import contextlib
import re
import ssl
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Final

from hinomi.errors import FenceError, ScenarioError
from hinomi.transport.address import is_loopback, parts_of, shown
from hinomi.transport.wire import MAX_WIRE

MAX_HEAD: Final = 1 << 16
MAX_BODY: Final = 4 << 20  # of an answer that is read as a whole: a feed of a whole exercise
WAIT_S: Final = 10.0  # for a connection, a head or a whole answer
_STATUS: Final = re.compile("[1-9][0-9]{2}")  # of ASCII: other letters may be digits too
_LENGTH: Final = re.compile("[0-9]{1,15}")


class NoAnswerError(ConnectionError):
    """The other side did not answer, or not as HTTP; trying again may help."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """Where a server listens; `token` goes along as a bearer."""

    host: str
    port: int
    tls: bool = False
    prefix: str = ""
    token: str = ""

    @property
    def address(self) -> str:
        """The address as it was written, without the token."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{'https' if self.tls else 'http'}://{host}:{self.port}{self.prefix}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a server answered."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def parse_server(text: str, *, token: str = "", anywhere: bool = False) -> Server:
    """Server of an address such as `http://127.0.0.1:8700`.

    Raises
    ------
    ScenarioError
        for what is no address.
    FenceError
        for another host than this one, unless `anywhere`; then only with TLS.
    """
    like = "http://127.0.0.1:8700"
    parts = parts_of(text, schemes=("http", "https"), like=like, anywhere=anywhere)
    host, tls = str(parts.hostname), parts.scheme == "https"
    if parts.query or parts.username:
        raise ScenarioError(f"{shown(text)!r} is no address; write it like {like}")
    if not tls and not is_loopback(host):
        raise FenceError(f"{host} is another host: only https:// goes there")
    return Server(
        host=host, port=parts.port or (443 if tls else 80), tls=tls,
        prefix=parts.path.rstrip("/"), token=token,
    )  # fmt: skip


async def request(
    server: Server, method: str, path: str, *, body: bytes = b"",
    headers: Mapping[str, str] | None = None, wait_s: float = WAIT_S, most: int = MAX_BODY,
) -> Answer:  # fmt: skip
    """Send a request and read its whole answer; NoAnswerError where none comes in time."""
    try:
        async with asyncio.timeout(wait_s):
            async with _open(server, method, path, body, headers) as (status, told, reader):
                found = bytearray()
                async for piece in _pieces(reader, told):
                    found += piece
                    if len(found) > most:
                        raise NoAnswerError(f"{server.address}{path}: more than {most:,} bytes")
                return Answer(status=status, headers=told, body=bytes(found))
    except TimeoutError:
        raise NoAnswerError(f"{server.address}{path}: no answer in {wait_s:g} s") from None


@contextlib.asynccontextmanager
async def stream(
    server: Server, path: str, *, headers: Mapping[str, str] | None = None, wait_s: float = WAIT_S
) -> AsyncIterator[tuple[int, AsyncIterator[bytes]]]:
    """Status and the pieces of an answer that goes on; the head has to come in time."""
    async with contextlib.AsyncExitStack() as stack:
        try:
            async with asyncio.timeout(wait_s):
                status, told, reader = await stack.enter_async_context(
                    _open(server, "GET", path, b"", headers)
                )
        except TimeoutError:
            raise NoAnswerError(f"{server.address}{path}: no answer in {wait_s:g} s") from None
        yield status, _pieces(reader, told)


@contextlib.asynccontextmanager
async def _open(
    server: Server, method: str, path: str, body: bytes, headers: Mapping[str, str] | None
) -> AsyncIterator[tuple[int, dict[str, str], asyncio.StreamReader]]:
    context = ssl.create_default_context() if server.tls else None
    writer = None
    try:
        reader, writer = await asyncio.open_connection(
            server.host, server.port, ssl=context, limit=MAX_WIRE
        )
        writer.write(_head(server, method, path, len(body), headers or {}) + body)
        await writer.drain()
        status, told = await _read_head(reader, server)
        yield status, told, reader
    except (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, EOFError) as error:
        if isinstance(error, (NoAnswerError, TimeoutError)):
            raise
        told_error = str(error) or type(error).__name__
        raise NoAnswerError(f"{server.address}{path}: {told_error}") from None
    finally:
        if writer is not None:
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()


def _head(server: Server, method: str, path: str, length: int, headers: Mapping[str, str]) -> bytes:
    host = f"[{server.host}]" if ":" in server.host else server.host
    told = {"Host": f"{host}:{server.port}", "Connection": "close", **headers}
    if server.token:
        told["Authorization"] = f"Bearer {server.token}"
    if method == "POST":
        told["Content-Length"] = str(length)
    lines = [f"{method} {server.prefix}{path} HTTP/1.1", *(f"{k}: {v}" for k, v in told.items())]
    if any("\r" in line or "\n" in line for line in lines):
        raise ScenarioError("a header holds a line break")
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


async def _read_head(reader: asyncio.StreamReader, server: Server) -> tuple[int, dict[str, str]]:
    head = await reader.readuntil(b"\r\n\r\n")
    if len(head) > MAX_HEAD:
        raise NoAnswerError(f"{server.address}: a head of {len(head):,} bytes")
    first, *rest = head.decode("latin-1").split("\r\n")
    parts = first.split(" ", 2)
    if len(parts) < 2 or not parts[0].startswith("HTTP/1.") or not _STATUS.fullmatch(parts[1]):
        raise NoAnswerError(f"{server.address}: does not speak HTTP")
    pairs = (line.partition(":") for line in rest if ":" in line)
    return int(parts[1]), {name.strip().lower(): value.strip() for name, _, value in pairs}


async def _pieces(reader: asyncio.StreamReader, told: Mapping[str, str]) -> AsyncIterator[bytes]:
    """Body as it comes: chunked, of a given length, or until the connection ends."""
    if told.get("transfer-encoding", "").lower() == "chunked":
        while True:
            size = await reader.readuntil(b"\r\n")
            try:
                length = int(size.split(b";")[0], 16)
            except ValueError:
                raise NoAnswerError("a chunk without a length") from None
            if not 0 <= length <= MAX_WIRE:
                raise NoAnswerError(f"a chunk of {length:,} bytes")
            piece = await reader.readexactly(length)
            await reader.readexactly(2)
            if not length:
                return
            yield piece
    whole = told.get("content-length", "")
    left = int(whole) if _LENGTH.fullmatch(whole) else -1
    while left != 0:
        piece = await reader.read(1 << 16 if left < 0 else min(left, 1 << 16))
        if not piece:
            if left > 0:
                raise NoAnswerError("the answer ended too soon")
            return
        left = left - len(piece) if left > 0 else left
        yield piece
