"""The next message of an incident and the row that tells of it: written here, committed elsewhere.

Reads the journal and the register and changes neither. Recipients are read from the areas of the
signed bytes each time, and kept nowhere else.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, final

from hinomi.cap.ending import split
from hinomi.cap.message import Message
from hinomi.errors import HinomiError
from hinomi.live import drafts
from hinomi.live.drafts import Desk, Draft, message_of
from hinomi.live.incident import NotNowError
from hinomi.live.journal import Entry, Journal, Outgoing
from hinomi.live.register import Pending, Register, Released
from hinomi.transport.killpoint import kill_point
from hinomi.transport.subjects import subject_of


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


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Writer:
    """Writes the messages of one exercise, each after those of its incident on record."""

    journal: Journal
    register: Register
    desk: Desk
    run: str
    mode: str
    replicate: int
    architecture: str
    known: frozenset[str]  # codes of municipalities

    def recipients(self, message: Message) -> tuple[str, ...]:
        """Municipalities of the areas of a message."""
        return tuple(c for c in message.codes_of_areas if c in self.known)

    def subjects(self, codes: Iterable[str]) -> list[str]:
        """Subjects that a message to these municipalities goes out under."""
        return [subject_of(self.run, self.mode, code) for code in codes]

    def following(self, track: str) -> tuple[str, int]:
        """Incident and revision of the next message about a track."""
        found = self.register.incident_of(track)
        if found is not None:
            return found.name, found.revision
        name = drafts.incident_name(
            replicate=self.replicate, architecture=self.architecture, track=track,
            episode=self.register.episodes.get(track, 0) + 1,
        )  # fmt: skip
        return name, 0

    def compose(self, kind: str, track: str, codes: Sequence[str], t_s: float) -> Checked:
        """Message that a decision becomes now, and its cancel, both checked and signed."""
        kill_point("before-compose")
        incident, revision = self.following(track)
        so_far = self.register.incident_of(track)
        chain = self._messages(so_far.keys) if so_far else ()
        before = so_far.codes if so_far else ()
        others, clears = self.register.alerted(but=incident), kind == "all-clear"
        ended, standing = ({*before, *codes}, ()) if clears else (before, codes)
        words = split(standing, before=ended, others=others)
        draft = drafts.told_draft(self.desk, words, incident=incident, t_s=t_s, chain=chain)
        cancel = None
        if not clears:
            cancel = drafts.cancel_draft(
                self.desk, incident=incident, t_s=t_s, codes=codes, chain=(*chain, draft.message)
            )
        return Checked(
            draft=draft, cancel=cancel, incident=incident, revision=revision,
            codes=self.recipients(draft.message), standing=tuple(sorted(standing)), clears=clears,
        )  # fmt: skip

    def refuse_same_second(self, checked: Checked) -> None:
        """A message is known by its second: two of one revision in one second would be one."""
        keys = [d.key for d in (checked.draft, checked.cancel) if d is not None]
        if any(self.journal.message(key) is not None for key in keys):
            raise NotNowError(
                "another message of this incident was composed in this very second; let the clock "
                "go on, then approve again"
            )

    # --- rows, and messages to store with them ---------------------------------------------------

    def checked_entry(self, name: str, checked: Checked, *, who: str, t_s: float) -> Entry:
        """Row of a proposal that was composed, checked and signed."""
        draft, cancel = checked.draft, checked.cancel
        body: dict[str, Any] = {
            "proposal": name, "key": draft.key, "sha256": draft.sha256,
            "unsigned_sha256": draft.unsigned_sha256, "findings": list(draft.findings),
            "recipients": len(checked.codes),
        }  # fmt: skip
        if cancel is not None:
            body["cancel"] = {"key": cancel.key, "sha256": cancel.sha256}
        return Entry(kind="checked", t_s=t_s, who=who, incident=checked.incident,
                     revision=checked.revision, body=body)  # fmt: skip

    def stored(self, entry: int, checked: Checked) -> list[Outgoing]:
        """Message and prepared cancel, to store with the entry at this place of a commit."""
        told = "alert" if checked.revision == 0 else "update"
        incident, revision = checked.incident, checked.revision
        after = self._last_key(incident)
        out = [outgoing(entry, checked.draft, incident, revision, told, after)]
        if checked.cancel is not None:
            out.append(
                outgoing(entry, checked.cancel, incident, revision + 1, "cancel", checked.draft.key)
            )
        return out

    def released_entry(
        self, pending: Pending, *, key: str, sha256: str, who: str, t_s: float,
        codes: tuple[str, ...], standing: tuple[str, ...], clears: bool, expires_utc: str,
        automatic: bool,
    ) -> Entry:  # fmt: skip
        """Row of a release: who gets the message, who stands under alert after it."""
        predicted = set(pending.predicted)
        body = {
            "proposal": pending.name, "key": key, "sha256": sha256,
            "kind": "alert" if pending.revision == 0 else "update", "clears": clears,
            "after": self._last_key(pending.incident), "composer": pending.composer,
            "releaser": who, "automatic": automatic, "codes": list(codes),
            "standing": list(standing), "expires_utc": expires_utc,
            "beyond_predicted": sorted(set(standing) - predicted),
            "predicted_only": sorted(predicted - set(standing)) if not clears else [],
            "subjects": self.subjects(codes),
        }  # fmt: skip
        return Entry(kind="released", t_s=t_s, who=who, incident=pending.incident,
                     revision=pending.revision, body=body)  # fmt: skip

    def cancelled_entry(
        self, message: Released, *, who: str, why: str, t_s: float, at: int
    ) -> tuple[Entry, list[Outgoing]]:
        """Row and message of a cancel: written now, or the prepared one where that is refused."""
        incident = self.register.incidents[message.incident]
        if incident.ended or message.state not in ("released", "replaced"):
            raise NotNowError(
                f"message {message.key[:16]} is {message.state} and its incident {incident.state}: "
                "there is nothing to cancel"
            )
        latest = self.register.released[incident.keys[-1]]
        body: dict[str, Any] = {"why": why[:300], "after": latest.key}
        written: list[Outgoing] = []
        try:
            draft = drafts.cancel_draft(
                self.desk, incident=incident.name, t_s=t_s, codes=incident.codes,
                chain=self._messages(incident.keys),
            )  # fmt: skip
        except HinomiError:
            draft = None
        if draft is None or self.journal.message(draft.key) is not None:
            body |= self._prepared(latest)
        else:
            body |= {"key": draft.key, "sha256": draft.sha256, "prepared": False,
                     "expires_utc": draft.expires_utc, "codes": list(self.recipients(draft.message))}  # fmt: skip
            written = [outgoing(at, draft, incident.name, incident.revision, "cancel", latest.key)]
        body["subjects"] = self.subjects(body["codes"])
        entry = Entry(kind="cancelled", t_s=t_s, who=who, incident=incident.name,
                      revision=incident.revision, body=body)  # fmt: skip
        return entry, written

    def _prepared(self, latest: Released) -> dict[str, Any]:
        """What a cancel that was signed together with its message says of itself."""
        stored = self.journal.message(latest.cancel_key)
        if stored is None:
            raise NotNowError(f"no cancel of message {latest.key[:16]} is on record")
        return {
            "key": stored.key, "prepared": True, "expires_utc": stored.expires_utc,
            "codes": list(self.recipients(message_of(stored.content))),
        }  # fmt: skip

    def _messages(self, keys: Sequence[str]) -> tuple[Message, ...]:
        """Messages on record under these keys."""
        contents = [self.journal.message(key) for key in keys]
        return tuple(message_of(m.content) for m in contents if m is not None)

    def _last_key(self, incident: str) -> str:
        found = self.register.incidents.get(incident)
        return found.keys[-1] if found and found.keys else ""


def standing_after(pending: Pending, codes: tuple[str, ...]) -> tuple[tuple[str, ...], bool]:
    """Who stands under alert after a message to these municipalities, and whether it clears."""
    if pending.kind == "all-clear":
        return (), True
    return tuple(sorted(set(pending.codes) & set(codes))), False


def outgoing(
    entry: int, draft: Draft, incident: str, revision: int, kind: str, after: str
) -> Outgoing:
    """Message to store with the entry at this place of a commit."""
    return Outgoing(
        entry=entry, key=draft.key, incident=incident, revision=revision, kind=kind, after=after,
        sent_utc=draft.sent_utc, expires_utc=draft.expires_utc, content=draft.content,
    )  # fmt: skip
