"""What every carrier of messages promises: at least once, in order within an incident, resumable by sequence."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

MODES = ("exercise", "test")  # no carrier has a subject for actual messages

Kind = Literal["start", "alert", "update", "cancel", "end"]
Stage = Literal["stored", "shown", "confirmed", "refused"]


@dataclass(frozen=True, slots=True)
class Envelope:
    """One signed message on its way; the content is forwarded byte for byte.

    subject: `hinomi.<run>.<mode>.<prefecture>.<municipality>` of one recipient, or `...<mode>.all`;
    key: SHA-256 (hex) of the message's (sender, identifier, sent); incident and revision give the
    order; after: key of the message that has to be delivered first (a cancel names its alert), or "";
    sent_utc, expires_utc: ISO 8601.
    """

    subject: str
    key: str
    incident: str
    revision: int
    kind: Kind
    after: str
    sent_utc: str
    expires_utc: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Delivered:
    """An envelope and its place in the carrier's order, from 1 upwards."""

    sequence: int
    envelope: Envelope


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a receiver says of a message: stored, shown, confirmed by a person, or refused with a reason."""

    receiver: str
    key: str
    stage: Stage
    reason: str
    at_utc: str
    content: bytes = b""  # a CAP Ack or Error, signed


class Transport(Protocol):
    """A carrier. Publishing the same key twice gives the first sequence again."""

    async def publish(self, envelope: Envelope) -> int:
        """Sequence of the envelope once it is as durable as this carrier makes it."""
        ...

    def subscribe(self, subjects: Sequence[str], *, after: int) -> AsyncIterator[Delivered]:
        """Everything later than `after` under these subjects, then whatever comes; never ends by itself."""
        ...

    async def acknowledge(self, receipt: Receipt) -> None:
        """Hand a receipt back to the sender's side; safe to repeat."""
        ...

    def receipts(self, *, after: int) -> AsyncIterator[tuple[int, Receipt]]:
        """Receipts in the order in which they came, with their numbers."""
        ...

    async def close(self) -> None:
        """Give back connections; what was published stays."""
        ...
