"""Where everything stands: a fold over the rows of the journal, the same live and after a restart."""

# ruff: noqa: ARG002  (every kind of row is applied by the same signature)

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, final

from hinomi.live.incident import Incident, message_after
from hinomi.live.rows import Row


@dataclass(slots=True, kw_only=True)
class Pending:
    """A proposal on its way to a message, or to its end."""

    name: str
    kind: str  # alert, update, all-clear
    track: str  # picture|track
    codes: tuple[str, ...]
    predicted: tuple[str, ...]
    route: str
    t_ready_s: float
    t_issue_s: float
    state: str = "proposed"
    incident: str = ""
    revision: int = -1
    key: str = ""
    cancel_key: str = ""
    composer: str = ""


@dataclass(slots=True, kw_only=True)
class Released:
    """A message that left."""

    key: str
    kind: str
    incident: str
    revision: int
    proposal: str
    codes: tuple[str, ...]  # who it went to
    standing: tuple[str, ...]  # who is under alert after it
    expires_utc: str
    t_s: float
    at_utc: str
    cancel_key: str = ""
    state: str = "released"
    told_expiring: bool = False


@final
@dataclass(slots=True)
class Register:
    """State of an exercise; changed by `apply` alone."""

    proposals: dict[str, Pending] = field(default_factory=dict)
    notices: set[str] = field(default_factory=set)
    incidents: dict[str, Incident] = field(default_factory=dict)
    current: dict[str, str] = field(default_factory=dict)  # track -> incident
    episodes: dict[str, int] = field(default_factory=dict)
    released: dict[str, Released] = field(default_factory=dict)
    held: set[str] = field(default_factory=set)  # tracks whose alert a person cancelled
    unreachable: dict[str, str] = field(default_factory=dict)  # receiver -> key it did not take
    start_key: str = ""
    end_key: str = ""
    stopped: bool = False
    t_s: float = 0.0
    speed: float = 0.0
    paused: bool = False

    def apply(self, row: Row) -> None:
        """Take one row into account."""
        self.t_s = max(self.t_s, row.t_s)
        step = getattr(self, f"_{row.kind}", None)
        if step is not None:
            step(row, row.content)

    def standing(self) -> tuple[Released, ...]:
        """Messages that stand: released, not replaced, cleared, cancelled or expired."""
        return tuple(m for m in self.released.values() if m.state == "released" and m.standing)

    def open_proposals(self) -> tuple[Pending, ...]:
        """Proposals that wait for a person."""
        return tuple(p for p in self.proposals.values() if p.state in ("proposed", "checked"))

    def alerted(self, *, but: str) -> tuple[tuple[str, ...], ...]:
        """Municipalities under alert by each incident but one."""
        return tuple(
            i.codes for i in self.incidents.values() if i.state == "alerted" and i.name != but
        )

    def incident_of(self, track: str) -> Incident | None:
        """The incident of a track that goes on, if there is one."""
        found = self.incidents.get(self.current.get(track, ""))
        return None if found is None or found.ended else found

    # One method a kind of row, called by its name.

    def _announced(self, row: Row, body: dict[str, Any]) -> None:
        self.start_key = body["key"]

    def _notice(self, row: Row, body: dict[str, Any]) -> None:
        self.notices.add(body["proposal"])

    def _proposed(self, row: Row, body: dict[str, Any]) -> None:
        self.proposals[body["proposal"]] = Pending(
            name=body["proposal"], kind=body["kind"], track=body["track"],
            codes=tuple(body["codes"]), predicted=tuple(body["predicted"]), route=body["route"],
            t_ready_s=body["t_ready_s"], t_issue_s=body["t_issue_s"],
        )  # fmt: skip

    def _checked(self, row: Row, body: dict[str, Any]) -> None:
        pending = self.proposals[body["proposal"]]
        pending.state = message_after(pending.state, "check")
        pending.incident, pending.revision = row.incident, row.revision
        pending.key, pending.composer = body["key"], row.who
        pending.cancel_key = (body.get("cancel") or {}).get("key", "")

    def _released(self, row: Row, body: dict[str, Any]) -> None:
        pending = self.proposals[body["proposal"]]
        pending.state = message_after(pending.state, "release")
        track = pending.track
        incident = self.incidents.get(row.incident)
        if incident is None:
            incident = Incident(name=row.incident)
            self.episodes[track] = self.episodes.get(track, 0) + 1
            self.current[track] = row.incident
        for key in incident.keys:
            before = self.released[key]
            if before.state == "released":
                before.state = message_after(before.state, "clear" if body["clears"] else "replace")
        step = "clear" if body["clears"] else "alert" if incident.state == "open" else "update"
        standing = tuple(body["standing"])
        self.incidents[row.incident] = incident.stepped(step, key=body["key"], codes=standing)
        self.released[body["key"]] = Released(
            key=body["key"], kind=body["kind"], incident=row.incident, revision=row.revision,
            proposal=pending.name, codes=tuple(body["codes"]), standing=standing,
            expires_utc=body["expires_utc"], t_s=row.t_s, at_utc=row.at_utc,
            cancel_key=pending.cancel_key, state="cleared" if body["clears"] else "released",
        )  # fmt: skip

    def _rejected(self, row: Row, body: dict[str, Any]) -> None:
        self._end(body, "reject")

    def _lapsed(self, row: Row, body: dict[str, Any]) -> None:
        self._end(body, "lapse")

    def _held(self, row: Row, body: dict[str, Any]) -> None:
        self._end(body, "hold")

    def _end(self, body: dict[str, Any], step: str) -> None:
        pending = self.proposals[body["proposal"]]
        pending.state = message_after(pending.state, step)

    def _cancelled(self, row: Row, body: dict[str, Any]) -> None:
        incident = self.incidents[row.incident]
        for key in incident.keys:
            before = self.released[key]
            if before.state == "released":
                before.state = message_after(before.state, "cancel")
        self.incidents[row.incident] = incident.stepped("cancel", key=body["key"])
        track = next((t for t, name in self.current.items() if name == row.incident), "")
        self.held.add(track)
        self.released[body["key"]] = Released(
            key=body["key"], kind="cancel", incident=row.incident, revision=row.revision,
            proposal="", codes=tuple(body["codes"]), standing=(), expires_utc=body["expires_utc"],
            t_s=row.t_s, at_utc=row.at_utc, state="cancelled",
        )  # fmt: skip

    def _expiring(self, row: Row, body: dict[str, Any]) -> None:
        self.released[body["key"]].told_expiring = True

    def _expired(self, row: Row, body: dict[str, Any]) -> None:
        message = self.released[body["key"]]
        message.state = message_after(message.state, "expire")
        incident = self.incidents[message.incident]
        if not incident.ended:
            self.incidents[message.incident] = incident.stepped("expire")

    def _unreachable(self, row: Row, body: dict[str, Any]) -> None:
        for name in body["receivers"]:
            self.unreachable.setdefault(name, body["key"])

    def _reached(self, row: Row, body: dict[str, Any]) -> None:
        for name in body["receivers"]:
            self.unreachable.pop(name, None)

    def _clock(self, row: Row, body: dict[str, Any]) -> None:
        self.speed, self.paused = body["speed"] or float("inf"), body["paused"]

    def _stopped(self, row: Row, body: dict[str, Any]) -> None:
        self.stopped = True

    def _ended(self, row: Row, body: dict[str, Any]) -> None:
        self.end_key = body["key"]
