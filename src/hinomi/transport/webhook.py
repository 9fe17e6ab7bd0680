"""Webhook out: each message as a signed POST, with bounded retries; on this host unless allowed."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from typing import Final

from hinomi.errors import HinomiError, ScenarioError
from hinomi.transport.contract import Delivered, Envelope, Receipt
from hinomi.transport.http import NoAnswerError, Server, request
from hinomi.transport.memory import MemoryCarrier
from hinomi.transport.subjects import publication_key, refuse_envelope, refuse_mode
from hinomi.transport.wire import delivered_object, from_bytes, receipt_from, to_bytes

TRIES: Final = 5
FIRST_PAUSE_S: Final = 0.2
WAIT_S: Final = 5.0  # for one answer
OLD_S: Final = 300.0  # a signature older than this is refused by a receiver
LONGEST_TIME: Final = 12  # digits of seconds since 1970
SHORTEST_SECRET: Final = 16
MAX_ANSWER: Final = 1 << 18


def signature_of(secret: bytes, time_s: str, body: bytes) -> str:
    """`sha256=` and the HMAC of `time.body`; the time binds the signature to its moment."""
    return "sha256=" + hmac.new(secret, time_s.encode() + b"." + body, hashlib.sha256).hexdigest()


def is_genuine(secret: bytes, headers: Mapping[str, str], body: bytes, *, now_s: float) -> bool:
    """Whether a POST was signed with the secret and not longer than five minutes ago.

    Parameters
    ----------
    headers
        names in lower case: `x-hinomi-time`, `x-hinomi-signature`.
    now_s
        seconds since 1970.
    """
    time_s, told = headers.get("x-hinomi-time", ""), headers.get("x-hinomi-signature", "")
    digits = time_s.isascii() and time_s.isdecimal() and len(time_s) <= LONGEST_TIME
    if not digits or abs(now_s - int(time_s)) > OLD_S:
        return False
    # Text with other letters than ASCII is compared as bytes, or the comparison raises.
    own = signature_of(secret, time_s, body)
    return hmac.compare_digest(own.encode(), told.encode(errors="replace"))


class WebhookCarrier:
    """Posts to one address; the answer may carry a receipt."""

    def __init__(
        self, server: Server, *, mode: str, secret: bytes, clock_s: Callable[[], float],
        pause_s: float = FIRST_PAUSE_S,
    ) -> None:  # fmt: skip
        refuse_mode(mode)
        if len(secret) < SHORTEST_SECRET:
            raise ScenarioError(
                f"the secret of a webhook has {len(secret)} bytes; it has at least {SHORTEST_SECRET}"
            )
        self._server, self._mode, self._secret, self._clock_s = server, mode, secret, clock_s
        self._pause_s = pause_s
        self._published: dict[str, int] = {}
        self._lock = asyncio.Lock()
        self._back = MemoryCarrier(mode=mode)

    async def publish(self, envelope: Envelope) -> int:
        """Number of the envelope after the other side answered 2xx.

        Raises
        ------
        NoAnswerError
            after five tries without an answer, or with 408, 429 or 5xx.
        ScenarioError
            where the other side refused with another 4xx, or sent elsewhere: nothing is followed.
        """
        refuse_envelope(envelope, mode=self._mode)
        name = publication_key(envelope)
        async with self._lock:
            if name in self._published:
                return self._published[name]
            number = len(self._published) + 1
            answer = await self._post(to_bytes(delivered_object(Delivered(number, envelope))), name)
            self._published[name] = number
        await self._receipt_in(answer)
        return number

    async def subscribe(self, subjects: Sequence[str], *, after: int) -> AsyncIterator[Delivered]:
        """Refused: a webhook only goes out."""
        raise ScenarioError("a webhook only goes out; listen to the feed instead")
        yield after, subjects  # type: ignore[misc]  # makes this an iterator

    async def acknowledge(self, receipt: Receipt) -> None:
        """Take a receipt that came back another way."""
        await self._back.acknowledge(receipt)

    async def receipts(self, *, after: int) -> AsyncIterator[tuple[int, Receipt]]:
        """Receipts that answers carried."""
        async for number, receipt in self._back.receipts(after=after):
            yield number, receipt

    async def close(self) -> None:
        """End the iterators."""
        await self._back.close()

    async def _post(self, body: bytes, name: str) -> bytes:
        told = ""
        for n in range(TRIES):
            if n:
                await asyncio.sleep(self._pause_s * 2 ** (n - 1))
            time_s = str(int(self._clock_s()))
            headers = {
                "Content-Type": "application/json", "X-Hinomi-Time": time_s,
                "X-Hinomi-Signature": signature_of(self._secret, time_s, body),
                "X-Hinomi-Id": hashlib.sha256(name.encode()).hexdigest(),
            }  # fmt: skip
            try:
                answer = await request(
                    self._server, "POST", "" if self._server.prefix else "/", body=body, headers=headers, wait_s=WAIT_S,
                    most=MAX_ANSWER,
                )  # fmt: skip
            except NoAnswerError as error:
                told = str(error)
                continue
            if 200 <= answer.status < 300:
                return answer.body
            told = f"answered {answer.status}"
            if answer.status < 500 and answer.status not in (408, 429):
                raise ScenarioError(f"{self._server.address} {told}: the message was not taken")
        raise NoAnswerError(f"{self._server.address}: not taken after {TRIES} tries: {told}")

    async def _receipt_in(self, body: bytes) -> None:
        """A receipt in the answer; anything else there is nobody's business."""
        if not body.strip():
            return
        try:
            receipt = receipt_from(from_bytes(body))
        except HinomiError:
            return
        await self._back.acknowledge(receipt)
