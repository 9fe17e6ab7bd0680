"""Confirm by POST: a door on this host alone, behind a token that lies in the receiver's folder."""

from __future__ import annotations

import asyncio
import contextlib
import hmac
import json
import secrets
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any, Final

from hinomi.errors import HinomiError, StorageError
from hinomi.transport.secret_files import write_secret

DOOR_FILE: Final = "token"
MAX_HEAD: Final = 8_192
MAX_BODY: Final = 4_096
LONGEST_LENGTH: Final = 9  # digits
WAIT_S: Final = 5.0
Confirm = Callable[[str, str, str], tuple[str, ...]]  # receiver, key, person -> keys


def load_token(folder: Path) -> str:
    """Token of a folder; made where there is none, readable by its owner alone."""
    path = folder / DOOR_FILE
    kept = path.read_bytes().decode("ascii", "replace").strip() if path.exists() else ""
    if kept:
        return kept
    made = secrets.token_urlsafe(24)
    write_secret(path, made.encode())
    return made


@contextlib.asynccontextmanager
async def confirm_door(confirm: Confirm, *, port: int, token: str) -> AsyncIterator[int]:
    """Serve `POST /confirm` with `{"receiver", "key", "person"}` on loopback; gives the port."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            async with asyncio.timeout(WAIT_S):
                status, told = await _answer(reader, confirm, token)
                body = json.dumps(told).encode()
                head = (
                    f"HTTP/1.1 {status}\r\nContent-Type: application/json\r\nConnection: close\r\n"
                )
                writer.write(head.encode() + f"Content-Length: {len(body)}\r\n\r\n".encode() + body)
                await writer.drain()
        except (OSError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", port, limit=MAX_HEAD)
    try:
        yield int(server.sockets[0].getsockname()[1])
    finally:
        server.close()
        await server.wait_closed()


async def _answer(
    reader: asyncio.StreamReader, confirm: Confirm, token: str
) -> tuple[str, dict[str, Any]]:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    told = {k.strip().lower(): v.strip() for k, _, v in (each.partition(":") for each in head[1:])}
    if not head[0].startswith("POST /confirm "):
        return "404 Not Found", {"error": "POST /confirm is all there is"}
    # Text with other letters than ASCII is compared as bytes, or the comparison raises.
    if not hmac.compare_digest(told.get("authorization", "").encode(), f"Bearer {token}".encode()):
        return "401 Unauthorized", {"error": "the token lies in the receiver's folder"}
    length = told.get("content-length", "")
    digits = length.isascii() and length.isdecimal() and len(length) <= LONGEST_LENGTH
    if not digits or int(length) > MAX_BODY:
        return "400 Bad Request", {"error": f"a body of at most {MAX_BODY} bytes"}
    try:
        found = json.loads(await reader.readexactly(int(length)))
        names = [str(found.get(name, ""))[:200] for name in ("receiver", "key", "person")]
    except (ValueError, AttributeError, RecursionError):
        return "400 Bad Request", {"error": 'write {"receiver": "", "key": "", "person": ""}'}
    try:
        return "200 OK", {"confirmed": list(confirm(*names))}
    except HinomiError as error:
        status = "507 Insufficient Storage" if isinstance(error, StorageError) else "404 Not Found"
        return status, {"error": str(error)}
