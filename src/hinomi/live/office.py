"""What may be done to messages, and by whom; every act is one commit of the journal.

Nothing here waits and nothing here knows the network: it is the state machine of `register` with
hands. What a message says, and to whom, is `writer`'s.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Final, final

from hinomi.cap.ending import overtaken
from hinomi.errors import FenceError, HinomiError, ScenarioError
from hinomi.live import drafts
from hinomi.live.decide import Proposal
from hinomi.live.drafts import Desk, Draft, message_of
from hinomi.live.incident import NotNowError
from hinomi.live.journal import Entry, Journal, Outgoing
from hinomi.live.register import Pending, Register
from hinomi.live.rows import Row, sha256
from hinomi.live.writer import Checked, Writer, outgoing, standing_after
from hinomi.transport.contract import Receipt
from hinomi.transport.killpoint import kill_point
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
        self.journal, self.run, self.mode = journal, run, mode
        self.register = Register()
        self.writer = Writer(
            journal=journal, register=self.register, desk=desk, run=run, mode=mode,
            replicate=replicate, architecture=architecture, known=known,
        )  # fmt: skip
        self.changed: Callable[[], None] = lambda: None
        for row in journal.rows():
            self.register.apply(row)

    @property
    def desk(self) -> Desk:
        """What its messages share."""
        return self.writer.desk

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
            some = sorted(self.writer.known)[:1]
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
        checked = self.writer.compose(pending.kind, pending.track, pending.codes, t_s)
        self.writer.refuse_same_second(checked)
        entry = self.writer.checked_entry(name, checked, who=who, t_s=t_s)
        self._commit([entry], self.writer.stored(0, checked))
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
        codes = self.writer.recipients(message)
        if areas != len(codes):
            raise ScenarioError(
                f"{areas} was typed, but the message goes to {len(codes)} municipalities: look at the "
                "list again"
            )
        if datetime.fromisoformat(stored.expires_utc) <= self.desk.time(t_s):
            self._lapse(name, "expired", t_s)
            raise NotNowError(f"{name} expired before it was released; it is not sent")
        standing, clears = standing_after(pending, codes)
        entry = self.writer.released_entry(
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
        entry, written = self.writer.cancelled_entry(message, who=who, why=why, t_s=t_s, at=0)
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
            entry, written = self.writer.cancelled_entry(standing, who=who, why=why, t_s=t_s, at=at)
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
            kill_point("receipt")
        return len(new)

    # --- what is asked ---------------------------------------------------------------------------

    def preview(self, name: str, t_s: float) -> tuple[Pending, Checked]:
        """A proposal and the message that it would become now, or has become; nothing is kept."""
        pending = self.register.proposals.get(name)
        if pending is None:
            raise NotNowError(f"no proposal {name!r}")
        stored = self.journal.message(pending.key) if pending.key else None
        if stored is None:
            return pending, self.writer.compose(pending.kind, pending.track, pending.codes, t_s)
        message = message_of(stored.content)
        codes = self.writer.recipients(message)
        standing, clears = standing_after(pending, codes)
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
            kill_point("before-commit")
        rows = self.journal.append(
            entries, messages=messages, deliveries=deliveries, receipts=receipts
        )
        if deliveries:
            kill_point("after-commit")
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
        if not why and pending.key and (pending.incident, pending.revision) != self.writer.following(pending.track):  # fmt: skip
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

    def _all_at_once(self, proposal: Proposal, track: str, entries: list[Entry]) -> None:
        """Compose, check, sign and release by rule: one commit, both roles named automatic."""
        at = proposal.t_issue_s
        try:
            checked = self.writer.compose(proposal.kind, track, proposal.codes, at)
            self.writer.refuse_same_second(checked)
        except HinomiError as error:
            body = {"proposal": proposal.name, "why": str(error)[:500]}
            self._commit([*entries, Entry(kind="lapsed", t_s=at, who=SYSTEM, body=body)])
            return
        place = len(entries)
        entries.append(self.writer.checked_entry(proposal.name, checked, who=RULE_COMPOSER, t_s=at))
        pending = Pending(
            name=proposal.name, kind=proposal.kind, track=track, codes=proposal.codes,
            predicted=proposal.predicted, route=proposal.route, t_ready_s=proposal.t_ready_s,
            t_issue_s=at, incident=checked.incident, revision=checked.revision,
            composer=RULE_COMPOSER, cancel_key=checked.cancel.key if checked.cancel else "",
        )  # fmt: skip
        draft = checked.draft
        entry = self.writer.released_entry(
            pending, key=draft.key, sha256=draft.sha256, who=RULE_RELEASER, t_s=at,
            codes=checked.codes, standing=checked.standing, clears=checked.clears,
            expires_utc=draft.expires_utc, automatic=True,
        )  # fmt: skip
        entries.append(entry)
        deliveries = [(s, draft.key) for s in entry.body["subjects"]]
        self._commit(entries, self.writer.stored(place, checked), deliveries)

    def _digest(self, pending: Pending) -> str:
        for row in reversed(self.journal.rows()):
            if row.kind == "checked" and row.content["key"] == pending.key:
                return str(row.content["sha256"])
        raise NotNowError(f"{pending.name} was never checked")

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
