"""A draft with what goes on record beside it, and its place in a commit."""

from __future__ import annotations

from dataclasses import dataclass

from hinomi.live.drafts import Draft
from hinomi.live.journal import Outgoing


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """A draft with what goes on record beside it."""

    draft: Draft
    cancel: Draft | None
    incident: str
    revision: int
    codes: tuple[str, ...]  # who it goes to
    standing: tuple[str, ...]  # who is under alert after it
    clears: bool


def outgoing(
    entry: int, draft: Draft, incident: str, revision: int, kind: str, after: str
) -> Outgoing:
    """Message to store with the entry at this place of a commit."""
    return Outgoing(
        entry=entry, key=draft.key, incident=incident, revision=revision, kind=kind, after=after,
        sent_utc=draft.sent_utc, expires_utc=draft.expires_utc, content=draft.content,
    )  # fmt: skip
