"""Answers that are made once and sent often: kept as bytes, plain and gzipped, with an ETag."""

from __future__ import annotations

import asyncio
import gzip
import hashlib
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any, Final, final

import anyio
import orjson
from fastapi import Request
from fastapi.responses import Response

JSON: Final = "application/json"
ROOM: Final = 256 * 2**20  # bytes of answers that are kept
SMALL: Final = 1024  # bytes below which gzip gains nothing
AT_ONCE: Final = 2  # answers that are made at the same time
OPTIONS: Final = orjson.OPT_SERIALIZE_NUMPY | orjson.OPT_NON_STR_KEYS
Key = tuple[Hashable, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """One answer, ready to send."""

    stamp: Hashable
    plain: bytes
    zipped: bytes
    etag: str
    media: str
    headers: tuple[tuple[str, str], ...] = ()

    @property
    def size(self) -> int:
        """Bytes that it takes."""
        return len(self.plain) + len(self.zipped)


def dumps(content: Any) -> bytes:
    """Strict JSON: what is not a number becomes null."""
    return orjson.dumps(content, option=OPTIONS)


def packed(
    content: Any,
    *,
    stamp: Hashable = None,
    media: str = JSON,
    headers: dict[str, str] | None = None,
) -> Kept:
    """Bytes of an answer; bytes and texts are taken as they are."""
    plain = content.encode() if isinstance(content, str) else content
    plain = plain if isinstance(plain, bytes) else dumps(plain)
    zipped = gzip.compress(plain, compresslevel=6, mtime=0) if len(plain) > SMALL else b""
    etag = f'"{hashlib.sha256(plain).hexdigest()[:20]}"'
    told = tuple((headers or {}).items())
    return Kept(stamp=stamp, plain=plain, zipped=zipped, etag=etag, media=media, headers=told)


def send(kept: Kept, request: Request) -> Response:
    """The answer in the form that the asker takes."""
    headers = {"ETag": kept.etag, "Cache-Control": "no-cache", "Vary": "Accept-Encoding"}
    headers |= dict(kept.headers)
    if kept.etag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    if kept.zipped and "gzip" in request.headers.get("accept-encoding", ""):
        headers["Content-Encoding"] = "gzip"
        return Response(kept.zipped, media_type=kept.media, headers=headers)
    return Response(kept.plain, media_type=kept.media, headers=headers)


@final
class Answers:
    """Keeps answers while what they were made from stays as it is; the longest unused go first."""

    def __init__(self, room: int = ROOM) -> None:
        self._room = room
        self._kept: OrderedDict[Key, Kept] = OrderedDict()
        self._size = 0
        self._making: dict[Key, asyncio.Lock] = {}
        self._turns = anyio.CapacityLimiter(AT_ONCE)

    async def give(
        self,
        request: Request,
        key: Key,
        stamp: Hashable,
        make: Callable[[], Any],
        *,
        media: str = JSON,
        headers: dict[str, str] | None = None,
    ) -> Response:
        """Send what is kept, or make it in a thread: `make` gives an object, a text or bytes."""
        found = self._found(key, stamp)
        if found is None:
            lock = self._making.setdefault(key, asyncio.Lock())
            try:
                async with lock:  # many who ask at once wait for the first
                    found = self._found(key, stamp)
                    if found is None:
                        found = await anyio.to_thread.run_sync(
                            lambda: packed(make(), stamp=stamp, media=media, headers=headers),
                            limiter=self._turns,
                        )
                        self._put(key, found)
            finally:  # also where `make` raises: else every wrong request would keep a lock
                if not lock.locked() and self._making.get(key) is lock:
                    del self._making[key]
        return send(found, request)

    async def once(
        self, request: Request, make: Callable[[], Any], *, media: str = JSON
    ) -> Response:
        """Make an answer that is not worth keeping."""
        made = await anyio.to_thread.run_sync(
            lambda: packed(make(), media=media), limiter=self._turns
        )
        return send(made, request)

    def _found(self, key: Key, stamp: Hashable) -> Kept | None:
        kept = self._kept.get(key)
        if kept is None or kept.stamp != stamp:
            return None
        self._kept.move_to_end(key)
        return kept

    def _put(self, key: Key, kept: Kept) -> None:
        before = self._kept.pop(key, None)
        self._size += kept.size - (before.size if before else 0)
        self._kept[key] = kept
        while self._size > self._room and len(self._kept) > 1:
            _, gone = self._kept.popitem(last=False)
            self._size -= gone.size
