"""What may be done to messages, and by whom; every act is one commit of the journal.

Nothing here waits and nothing here knows the network: it is the state machine of `register` with
hands. Recipients are read from the areas of the signed bytes each time, and kept nowhere else.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Final, final

from hinomi.cap.ending import overtaken, split
from hinomi.cap.message import Message
from hinomi.errors import FenceError, HinomiError, ScenarioError
from hinomi.live import drafts
from hinomi.live.decide import Proposal
from hinomi.live.drafts import Desk, Draft, message_of
from hinomi.live.incident import NotNowError
from hinomi.live.journal import Entry, Journal, Outgoing
from hinomi.live.killpoint import reached
from hinomi.live.packed import Checked, outgoing
from hinomi.live.register import Pending, Register, Released
from hinomi.live.rows import Row, sha256
from hinomi.transport.contract import Receipt
from hinomi.transport.subjects import subject_of

RULE_COMPOSER, RULE_RELEASER, SYSTEM = "rule (composer)", "rule (releaser)", "clock"
NOTICE_S: Final = 300.0  # before a standing message expires somebody is told (assumed)


@final
class Office:
    """Acts on one exercise."""

    def __init__(
        self, journal: Journal, desk: Desk, *, run: str, mode: str, replicate: int,
        architecture: str, known: frozenset[str],
    ) -> None:  # fmt: skip
        self.journal, self.desk, self.run, self.mode = journal, desk, run, mode
        self._replicate, self._architecture, self._known = replicate, architecture, known
        self.register = Register()
        self.changed: Callable[[], None] = lambda: None
        for row in journal.rows():
            self.register.apply(row)

    # --- acts ------------------------------------------------------------------------------------

    def note(self, kind: str, t_s: float, body: dict[str, Any], *, who: str = SYSTEM) -> Row:
        """Put something on record that changes no message."""
        return self._commit([Entry(kind=kind, t_s=t_s, who=who, body=body)])[0]

    def announce(self, *, until_s: float) -> None:
        """Say that the exercise begins, once."""
        self._warm(until_s)
        if self.register.start_key:
            return
        draft = drafts.ceremony(self.desk, "start", t_s=0.0, until_s=until_s, before=None)
        subject = subject_of(self.run, self.mode)
        entry = Entry(
            kind="announced", t_s=0.0, who=SYSTEM, incident="exercise", revision=0,
            body={"key": draft.key, "sha256": draft.sha256, "subjects": [subject],
                  "unsigned_sha256": draft.unsigned_sha256},
        )  # fmt: skip
        start = outgoing(0, draft, "exercise", 0, "start", "")
        self._commit([entry], [start], [(subject, draft.key)])

    def _warm(self, t_s: float) -> None:
        """Compose a message for nobody: the first alert must not wait for what is loaded once."""
        with contextlib.suppress(HinomiError, KeyError):
            some = sorted(self._known)[:1]
            drafts.warm(self.desk, t_s=t_s, codes=some)

    def propose(self, proposal: Proposal, *, auto: bool) -> None:
        """Take up what the rule asks for; what was taken up before is left alone."""
        register, track = self.register, f"{proposal.picture}|{proposal.track}"
        if proposal.name in register.proposals or proposal.name in register.notices:
            return
        at = proposal.t_issue_s
        if not proposal.codes:
            self.note("notice", at, {"proposal": proposal.name, "kind": proposal.kind,
                                     "track": track, "t_ready_s": proposal.t_ready_s}, who=RULE_COMPOSER)  # fmt: skip
            return
        entries = [
            Entry(kind="lapsed", t_s=at, who=SYSTEM, body={"proposal": p.name, "why": "a newer one"})
            for p in register.open_proposals() if p.track == track
        ]  # fmt: skip
        body = {
            "proposal": proposal.name, "kind": proposal.kind, "track": track,
            "route": proposal.route, "t_ready_s": proposal.t_ready_s, "t_issue_s": at,
            "codes": list(proposal.codes), "predicted": list(proposal.predicted),
        }  # fmt: skip
        entries.append(Entry(kind="proposed", t_s=at, who=RULE_COMPOSER, body=body))
        why = self._not_now(proposal.kind, track)
        if why:
            kind = "held" if track in register.held else "lapsed"
            body = {"proposal": proposal.name, "why": why}
            entries.append(Entry(kind=kind, t_s=at, who=SYSTEM, body=body))
            self._commit(entries)
        elif auto:
            self._all_at_once(proposal, track, entries)
        else:
            self._commit(entries)

    def approve(self, name: str, *, who: str, t_s: float) -> Draft:
        """Compose, check and sign a proposal, and prepare its cancel."""
        pending = self._pending(name, "proposed")
        self._refuse_stale(pending, t_s)
        checked = self._compose(pending.kind, pending.track, pending.codes, t_s)
        self._refuse_same_second(checked)
        entry = self._checked_entry(name, checked, who=who, t_s=t_s)
        self._commit([entry], self._stored(0, checked))
        return checked.draft

    def release(self, name: str, *, who: str, areas: int, t_s: float) -> str:
        """Release what another person composed; `areas` is the number of recipients, typed."""
        pending = self._pending(name, "checked")
        if pending.composer == who:
            raise FenceError(
                f"{who} composed this message: another person has to release it; a stop or a cancel "
                "needs one person alone"
            )
        self._refuse_stale(pending, t_s)
        stored = self.journal.message(pending.key)
        if stored is None:
            raise NotNowError(f"the bytes of {name} are not on record; approve it again")
        message = message_of(stored.content)
        if why := overtaken(message, self.register.alerted(but=pending.incident)):
            self._lapse(name, why, t_s)
            raise NotNowError(f"{name}: {why}; it is not sent: cancel the alert, or let it expire")
        codes = self.recipients(message)
        if areas != len(codes):
            raise ScenarioError(
                f"{areas} was typed, but the message goes to {len(codes)} municipalities: look at the "
                "list again"
            )
        if datetime.fromisoformat(stored.expires_utc) <= self.desk.time(t_s):
            self._lapse(name, "expired", t_s)
            raise NotNowError(f"{name} expired before it was released; it is not sent")
        standing, clears = self._after(pending, codes)
        entry = self._released_entry(
            pending, key=stored.key, sha256=self._digest(pending), who=who, t_s=t_s, codes=codes,
            standing=standing, clears=clears, expires_utc=stored.expires_utc, automatic=False,
        )  # fmt: skip
        self._commit([entry], (), [(s, stored.key) for s in entry.body["subjects"]])
        return stored.key

    def reject(self, name: str, *, who: str, why: str, t_s: float) -> None:
        """End a proposal without a message."""
        self._pending(name, "proposed", "checked")
        body = {"proposal": name, "why": why[:300]}
        self._commit([Entry(kind="rejected", t_s=t_s, who=who, body=body)])

    def cancel(self, key: str, *, who: str, why: str, t_s: float) -> str:
        """Withdraw a message that stands: one person, at once."""
        message = self.register.released.get(key)
        if message is None:
            raise NotNowError(f"no message {key[:16]} was released; nothing to cancel")
        entry, written = self._cancel_entry(message, who=who, why=why, t_s=t_s, at=0)
        self._commit([entry], written, [(s, entry.body["key"]) for s in entry.body["subjects"]])
        return str(entry.body["key"])

    def stop(self, *, who: str, why: str, t_s: float) -> None:
        """End of the exercise at once: cancels of all that stands, then the end message."""
        if self.register.end_key:
            return
        entries = [Entry(kind="stopped", t_s=t_s, who=who, body={"why": why[:300]})]
        entries += [
            Entry(kind="lapsed", t_s=t_s, who=SYSTEM, body={"proposal": p.name, "why": "stopped"})
            for p in self.register.open_proposals()
        ]
        messages: list[Outgoing] = []
        deliveries: list[tuple[str, str]] = []
        for standing in self.register.standing():
            at = len(entries)
            entry, written = self._cancel_entry(standing, who=who, why=why, t_s=t_s, at=at)
            entries.append(entry)
            messages += written
            deliveries += [(s, entry.body["key"]) for s in entry.body["subjects"]]
        self._end(entries, messages, deliveries, t_s=t_s, why=why, who=who)

    def end(self, *, t_s: float) -> None:
        """End of the scenario: what stands is withdrawn, for nobody would clear it any more."""
        if self.register.end_key:
            return
        if self.register.standing() or self.register.open_proposals():
            self.stop(who=SYSTEM, why="the scenario ended", t_s=t_s)
        else:
            self._end([], [], [], t_s=t_s, why="the scenario ended", who=SYSTEM)

    def expire(self, t_s: float) -> None:
        """Say which standing messages expire soon, and which have."""
        now = self.desk.time(t_s)
        entries = []
        for m in self.register.standing():
            left = (datetime.fromisoformat(m.expires_utc) - now).total_seconds()
            if left <= 0.0:
                kind = "expired"
            elif left <= NOTICE_S and not m.told_expiring:
                kind = "expiring"
            else:
                continue
            entries.append(
                Entry(kind=kind, t_s=t_s, who=SYSTEM, incident=m.incident, revision=m.revision,
                      body={"key": m.key, "codes": list(m.standing)})
            )  # fmt: skip
        if entries:
            self._commit(entries)

    def receive(self, receipts: Sequence[Receipt], *, t_s: float) -> int:
        """Put receipts on record, each once; how many were new."""
        new: dict[tuple[str, str, str, str], Receipt] = {}
        for r in receipts:
            if not self.journal.has_receipt(r):
                new.setdefault((r.receiver, r.key, r.stage, r.reason), r)
        if new:
            told = [
                [r.receiver, r.key, r.stage, r.reason, r.at_utc, sha256(r.content) if r.content else ""]
                for r in new.values()
            ]  # fmt: skip
            entry = Entry(kind="received", t_s=t_s, who=SYSTEM, body={"receipts": told})
            self._commit([entry], (), (), list(new.values()))
            reached("receipt")
        return len(new)

    # --- what is asked ---------------------------------------------------------------------------

    def recipients(self, message: Message) -> tuple[str, ...]:
        """Municipalities of the areas of a message."""
        return tuple(c for c in message.codes_of_areas if c in self._known)

    def preview(self, name: str, t_s: float) -> tuple[Pending, Checked]:
        """A proposal and the message that it would become now, or has become; nothing is kept."""
        pending = self.register.proposals.get(name)
        if pending is None:
            raise NotNowError(f"no proposal {name!r}")
        stored = self.journal.message(pending.key) if pending.key else None
        if stored is None:
            return pending, self._compose(pending.kind, pending.track, pending.codes, t_s)
        message = message_of(stored.content)
        codes = self.recipients(message)
        standing, clears = self._after(pending, codes)
        draft = Draft(
            key=stored.key, message=message, content=stored.content, unsigned_sha256="", findings=()
        )
        return pending, Checked(
            draft=draft, cancel=None, incident=stored.incident, revision=stored.revision,
            codes=codes, standing=standing, clears=clears,
        )  # fmt: skip

    # --- inside ----------------------------------------------------------------------------------

    def _commit(
        self, entries: Sequence[Entry], messages: Sequence[Outgoing] = (),
        deliveries: Sequence[tuple[str, str]] = (), receipts: Sequence[Receipt] = (),
    ) -> tuple[Row, ...]:  # fmt: skip
        if deliveries:
            reached("before-commit")
        rows = self.journal.append(
            entries, messages=messages, deliveries=deliveries, receipts=receipts
        )
        if deliveries:
            reached("after-commit")
        for row in rows:
            self.register.apply(row)
        self.changed()
        return rows

    def _not_now(self, kind: str, track: str) -> str:
        """Why a proposal cannot become a message; empty where it can."""
        if track in self.register.held:
            return "a person cancelled the alert about this track"
        if self.register.end_key or self.register.stopped:
            return "the exercise is over"
        if kind == "all-clear" and self.register.incident_of(track) is None:
            return "nothing stands that it could clear"
        return ""

    def _pending(self, name: str, *states: str) -> Pending:
        pending = self.register.proposals.get(name)
        if pending is None:
            raise NotNowError(f"no proposal {name!r}; look at the list again")
        if pending.state not in states:
            raise NotNowError(f"{name} is {pending.state}; this needs it {' or '.join(states)}")
        if self.register.end_key:
            raise NotNowError("the exercise is over; nothing more is released")
        return pending

    def _stale(self, pending: Pending) -> str:
        """Why a proposal became impossible since it was taken up or composed; empty where it did not."""
        why = self._not_now(pending.kind, pending.track)
        if not why and pending.key and (pending.incident, pending.revision) != self._next(pending.track):  # fmt: skip
            why = "its incident has changed since it was composed"
        return why

    def _refuse_stale(self, pending: Pending, t_s: float) -> None:
        """Let a proposal lapse that no longer fits what stands: it must not leave, whoever signs."""
        if why := self._stale(pending):
            self._lapse(pending.name, why, t_s)
            raise NotNowError(f"{pending.name}: {why}; it is not sent")

    def _lapse(self, name: str, why: str, t_s: float) -> None:
        body = {"proposal": name, "why": why}
        self._commit([Entry(kind="lapsed", t_s=t_s, who=SYSTEM, body=body)])

    def _refuse_same_second(self, checked: Checked) -> None:
        """A message is known by its second: two of one revision in one second would be one."""
        keys = [d.key for d in (checked.draft, checked.cancel) if d is not None]
        if any(self.journal.message(key) is not None for key in keys):
            raise NotNowError(
                "another message of this incident was composed in this very second; let the clock "
                "go on, then approve again"
            )

    def _all_at_once(self, proposal: Proposal, track: str, entries: list[Entry]) -> None:
        """Compose, check, sign and release by rule: one commit, both roles named automatic."""
        at = proposal.t_issue_s
        try:
            checked = self._compose(proposal.kind, track, proposal.codes, at)
            self._refuse_same_second(checked)
        except HinomiError as error:
            body = {"proposal": proposal.name, "why": str(error)[:500]}
            self._commit([*entries, Entry(kind="lapsed", t_s=at, who=SYSTEM, body=body)])
            return
        place = len(entries)
        entries.append(self._checked_entry(proposal.name, checked, who=RULE_COMPOSER, t_s=at))
        pending = Pending(
            name=proposal.name, kind=proposal.kind, track=track, codes=proposal.codes,
            predicted=proposal.predicted, route=proposal.route, t_ready_s=proposal.t_ready_s,
            t_issue_s=at, incident=checked.incident, revision=checked.revision,
            composer=RULE_COMPOSER, cancel_key=checked.cancel.key if checked.cancel else "",
        )  # fmt: skip
        draft = checked.draft
        entry = self._released_entry(
            pending, key=draft.key, sha256=draft.sha256, who=RULE_RELEASER, t_s=at,
            codes=checked.codes, standing=checked.standing, clears=checked.clears,
            expires_utc=draft.expires_utc, automatic=True,
        )  # fmt: skip
        entries.append(entry)
        deliveries = [(s, draft.key) for s in entry.body["subjects"]]
        self._commit(entries, self._stored(place, checked), deliveries)

    def _next(self, track: str) -> tuple[str, int]:
        """Incident and revision of the next message about a track."""
        found = self.register.incident_of(track)
        if found is not None:
            return found.name, found.revision
        name = drafts.incident_name(
            replicate=self._replicate, architecture=self._architecture, track=track,
            episode=self.register.episodes.get(track, 0) + 1,
        )  # fmt: skip
        return name, 0

    def _chain(self, track: str) -> tuple[str, int, tuple[Message, ...], tuple[str, ...]]:
        """Incident of a track, next revision, messages so far, municipalities under alert."""
        name, revision = self._next(track)
        found = self.register.incident_of(track)
        if found is None:
            return name, revision, (), ()
        contents = [self.journal.message(key) for key in found.keys]
        chain = tuple(message_of(m.content) for m in contents if m is not None)
        return name, revision, chain, found.codes

    def _compose(self, kind: str, track: str, codes: Sequence[str], t_s: float) -> Checked:
        reached("before-compose")
        incident, revision, chain, before = self._chain(track)
        others, clears = self.register.alerted(but=incident), kind == "all-clear"
        ended, standing = ({*before, *codes}, ()) if clears else (before, codes)
        words = split(standing, before=ended, others=others)
        draft = drafts.told_draft(self.desk, words, incident=incident, t_s=t_s, chain=chain)
        if clears:
            return Checked(draft=draft, cancel=None, incident=incident, revision=revision,
                           codes=self.recipients(draft.message), standing=(), clears=True)  # fmt: skip
        cancel = drafts.cancel_draft(
            self.desk, incident=incident, t_s=t_s, codes=codes, chain=(*chain, draft.message)
        )
        return Checked(
            draft=draft, cancel=cancel, incident=incident, revision=revision,
            codes=self.recipients(draft.message), standing=tuple(sorted(codes)), clears=False,
        )  # fmt: skip

    def _after(self, pending: Pending, codes: tuple[str, ...]) -> tuple[tuple[str, ...], bool]:
        if pending.kind == "all-clear":
            return (), True
        return tuple(sorted(set(pending.codes) & set(codes))), False

    def _checked_entry(self, name: str, checked: Checked, *, who: str, t_s: float) -> Entry:
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

    def _stored(self, entry: int, checked: Checked) -> list[Outgoing]:
        told = "alert" if checked.revision == 0 else "update"
        incident, revision = checked.incident, checked.revision
        after = self._last_key(incident)
        out = [outgoing(entry, checked.draft, incident, revision, told, after)]
        if checked.cancel is not None:
            out.append(
                outgoing(entry, checked.cancel, incident, revision + 1, "cancel", checked.draft.key)
            )
        return out

    def _last_key(self, incident: str) -> str:
        found = self.register.incidents.get(incident)
        return found.keys[-1] if found and found.keys else ""

    def _digest(self, pending: Pending) -> str:
        for row in reversed(self.journal.rows()):
            if row.kind == "checked" and row.content["key"] == pending.key:
                return str(row.content["sha256"])
        raise NotNowError(f"{pending.name} was never checked")

    def _released_entry(
        self, pending: Pending, *, key: str, sha256: str, who: str, t_s: float,
        codes: tuple[str, ...], standing: tuple[str, ...], clears: bool, expires_utc: str,
        automatic: bool,
    ) -> Entry:  # fmt: skip
        predicted = set(pending.predicted)
        body = {
            "proposal": pending.name, "key": key, "sha256": sha256,
            "kind": "alert" if pending.revision == 0 else "update", "clears": clears,
            "after": self._last_key(pending.incident), "composer": pending.composer,
            "releaser": who, "automatic": automatic, "codes": list(codes),
            "standing": list(standing), "expires_utc": expires_utc,
            "beyond_predicted": sorted(set(standing) - predicted),
            "predicted_only": sorted(predicted - set(standing)) if not clears else [],
            "subjects": [subject_of(self.run, self.mode, code) for code in codes],
        }  # fmt: skip
        return Entry(kind="released", t_s=t_s, who=who, incident=pending.incident,
                     revision=pending.revision, body=body)  # fmt: skip

    def _cancel_entry(
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
        contents = [self.journal.message(key) for key in incident.keys]
        chain = tuple(message_of(m.content) for m in contents if m is not None)
        body: dict[str, Any] = {"why": why[:300], "after": latest.key}
        written: list[Outgoing] = []
        try:
            draft = drafts.cancel_draft(
                self.desk, incident=incident.name, t_s=t_s, codes=incident.codes, chain=chain
            )
            body |= {"key": draft.key, "sha256": draft.sha256, "prepared": False,
                     "expires_utc": draft.expires_utc, "codes": list(self.recipients(draft.message))}  # fmt: skip
            if self.journal.message(draft.key) is None:
                written = [
                    outgoing(at, draft, incident.name, incident.revision, "cancel", latest.key)
                ]
            else:
                body = self._prepared(body, latest)
        except HinomiError:
            body = self._prepared(body, latest)
        body["subjects"] = [subject_of(self.run, self.mode, code) for code in body["codes"]]
        entry = Entry(kind="cancelled", t_s=t_s, who=who, incident=incident.name,
                      revision=incident.revision, body=body)  # fmt: skip
        return entry, written

    def _prepared(self, body: dict[str, Any], latest: Released) -> dict[str, Any]:
        stored = self.journal.message(latest.cancel_key)
        if stored is None:
            raise NotNowError(f"no cancel of message {latest.key[:16]} is on record")
        return {k: v for k, v in body.items() if k != "sha256"} | {
            "key": stored.key, "prepared": True, "expires_utc": stored.expires_utc,
            "codes": list(self.recipients(message_of(stored.content))),
        }  # fmt: skip

    def _end(
        self, entries: list[Entry], messages: list[Outgoing], deliveries: list[tuple[str, str]],
        *, t_s: float, why: str, who: str,
    ) -> None:  # fmt: skip
        start = self.journal.message(self.register.start_key)
        before = message_of(start.content) if start is not None else None
        draft = drafts.ceremony(self.desk, "end", t_s=t_s, until_s=t_s, before=before)
        subject = subject_of(self.run, self.mode)
        body = {"key": draft.key, "sha256": draft.sha256, "subjects": [subject], "why": why[:300],
                "head": self.journal.head, "unsigned_sha256": draft.unsigned_sha256}  # fmt: skip
        messages.append(
            outgoing(len(entries), draft, "exercise", 1, "end", self.register.start_key)
        )
        entries.append(
            Entry(kind="ended", t_s=t_s, who=who, incident="exercise", revision=1, body=body)
        )
        self._commit(entries, messages, [*deliveries, (subject, draft.key)])
