"""Atom entries of the embedded carrier: what was delivered, each with a link to its document."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final
from xml.parsers import expat

from hinomi.errors import ScenarioError
from hinomi.transport.contract import Delivered, Envelope

ATOM: Final = "http://www.w3.org/2005/Atom"
DELIVERY: Final = "urn:hinomi:feed:1"
MAX_ATOM: Final = 4 << 20
MAX_ENTRIES: Final = 10_000
_TEXTS: Final = ("subject", "key", "incident", "kind", "after", "sent", "expires")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One delivery as the feed tells it."""

    sequence: int
    subject: str
    key: str
    incident: str
    revision: int
    kind: Any
    after: str
    sent: str
    expires: str

    def delivered(self, content: bytes) -> Delivered:
        """The delivery with its document."""
        envelope = Envelope(
            subject=self.subject, key=self.key, incident=self.incident, revision=self.revision,
            kind=self.kind, after=self.after, sent_utc=self.sent, expires_utc=self.expires,
            content=content,
        )  # fmt: skip
        return Delivered(self.sequence, envelope)


def entries_of(feed: bytes) -> tuple[Entry, ...]:
    """Deliveries of a feed.

    Raises
    ------
    ScenarioError
        for what is too long, no XML, holds a document type declaration, or is no feed.
    """
    if len(feed) > MAX_ATOM:
        raise ScenarioError(f"the feed has {len(feed):,} bytes; the limit is {MAX_ATOM:,}")
    found: list[Entry] = []
    depth = 0

    def doctype(*_: object) -> None:
        raise ScenarioError("a document type declaration is not allowed in a feed")

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth == 1 and name != f"{ATOM} feed":
            raise ScenarioError(f"<{name[:80]}> is no Atom feed")
        if name == f"{DELIVERY} delivery":
            found.append(_entry(attributes))
        if depth > 16 or len(found) > MAX_ENTRIES:
            raise ScenarioError(f"the feed has more than {MAX_ENTRIES:,} entries or 16 levels")

    def end(_: str) -> None:
        nonlocal depth
        depth -= 1

    reader = expat.ParserCreate(namespace_separator=" ")
    reader.StartDoctypeDeclHandler = doctype
    reader.StartElementHandler, reader.EndElementHandler = start, end
    try:
        reader.Parse(feed, True)
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise ScenarioError(f"the feed is not well-formed XML: {error}") from None
    return tuple(found)


def _entry(told: dict[str, str]) -> Entry:
    try:
        sequence, revision = int(told["sequence"]), int(told["revision"])
        texts = {name: told[name] for name in _TEXTS}
    except (KeyError, ValueError) as error:
        raise ScenarioError(f"an entry of the feed lacks or garbles {error}") from None
    return Entry(sequence=sequence, revision=revision, **texts)
