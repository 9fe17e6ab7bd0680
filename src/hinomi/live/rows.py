"""Rows of the journal and the chain that binds them; no files here."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import Any, Final

KINDS: Final = (
    "opened", "resumed", "announced", "notice", "proposed", "checked", "released", "rejected",
    "lapsed", "held", "cancelled", "received", "unreachable", "reached", "expiring", "expired",
    "injected", "clock", "stopped", "ended",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row: who did what and when, on both clocks, and the digest that binds it to the one before."""

    number: int  # from 1
    kind: str
    t_s: float  # scenario clock
    at_utc: str  # wall clock, ISO 8601
    who: str
    incident: str
    revision: int
    body: str  # JSON, sorted keys
    previous: str
    digest: str

    @property
    def content(self) -> dict[str, Any]:
        """Body as an object."""
        found: dict[str, Any] = json.loads(self.body)
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """A signed message on record: released, or prepared and not yet sent."""

    key: str
    number: int  # row that stored it
    incident: str
    revision: int
    kind: str
    after: str
    sent_utc: str
    expires_utc: str
    prepared: bool
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What looking through a journal found; `row` is the first wrong one, 0 where none is."""

    sound: bool
    rows: int
    row: int = 0
    what: str = ""
    head: str = ""


def body_text(body: dict[str, Any]) -> str:
    """JSON of a body, the same for the same content."""
    return json.dumps(
        body, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
    )


def digest_of(row: tuple[Any, ...]) -> str:
    """Digest of (number, kind, t_s, at_utc, who, incident, revision, body, previous)."""
    text = json.dumps(list(row), ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()


def sha256(content: bytes) -> str:
    """SHA-256 in hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()
