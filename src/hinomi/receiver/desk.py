"""The desk of a host's receivers: take messages, keep, then show and sound, then answer."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from hinomi.cap.gate import gate
from hinomi.cap.message import Message, read
from hinomi.cap.times import time_of
from hinomi.errors import ScenarioError
from hinomi.export.cap_show import clean
from hinomi.receiver.clock import text_utc, wall
from hinomi.receiver.decide import (
    APPLIED,
    ENDS,
    EXPIRED,
    PENDING,
    PENDING_S,
    STANDING,
    Decision,
    decide,
    is_call,
)
from hinomi.receiver.gates import PRINT, SCREEN, SOUND, Gates
from hinomi.receiver.judge import Judge, Judgement, is_end
from hinomi.receiver.outputs import Outputs
from hinomi.receiver.store import Kept, Store
from hinomi.receiver.words import lines_of, say
from hinomi.transport.contract import Delivered, Receipt, Stage
from hinomi.transport.killpoint import kill_point
from hinomi.transport.subjects import key_of

MOST_REFUSED: Final = 64  # refused messages that an Error may still answer
WAITING: Final = "screen:pending"  # mark of a pending message that was shown as such


@dataclass(frozen=True, slots=True, kw_only=True)
class Setup:
    """What a host's receivers are for."""

    run: str
    mode: str
    source: str  # whose sequence the cursor counts
    posts: Mapping[str, tuple[str, ...]]  # receiver -> municipality codes
    gates: Gates = field(default_factory=Gates)
    language: str = "ja"
    pending_s: float = PENDING_S

    def source_of(self, name: str) -> str:
        """What the cursor of a receiver counts: with other places it reads from the first again."""
        return f"{self.source}#{','.join(sorted(self.posts[name]))}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one delivery."""

    receiver: str
    key: str
    stage: str
    reason: str
    state: str
    over: bool = False  # what is signed, and was believed, says that the exercise is over


class Desk:
    """Takes deliveries for many receivers; one commit for as many as are there."""

    def __init__(
        self, setup: Setup, *, store: Store, judge: Judge, outputs: Outputs,
        clock: Callable[[], datetime] = wall, now: Callable[[], datetime] = wall,
    ) -> None:  # fmt: skip
        self.setup, self.store = setup, store
        self._judge, self._outputs, self._clock, self._now = judge, outputs, clock, now
        self._sounded: set[tuple[str, str]] = set()  # by this process, whatever the disk says
        self._refused: OrderedDict[str, bytes] = OrderedDict()  # what Errors are about

    def take(self, batch: Sequence[tuple[str, Delivered]]) -> tuple[Outcome, ...]:
        """Store what arrived, then act on it; acting never comes before the disk has it."""
        at, at_utc = self._clock(), text_utc(self._now())
        kill_point("before-store")
        with self.store.commit():
            done = tuple(self._store(name, each, at, at_utc) for name, each in batch)
        kill_point("after-store")
        self._act()
        return done

    def tick(self) -> None:
        """Let messages end, and pending updates act that have waited long enough."""
        at, at_utc = self._clock(), text_utc(self._now())
        due = self.store.due(text_utc(at), at_utc)
        if not due:
            return
        with self.store.commit():
            for kept in due:
                self._wake(kept, at, at_utc)  # which ends what has ended
        self._act()

    def recover(self) -> None:
        """After a start: finish what was decided; nothing sounds that may have sounded before."""
        at_utc = text_utc(self._now())
        open_marks = [mark for mark in self.store.undone() if mark[2] == SOUND]
        with self.store.commit():
            for receiver, key, output in open_marks:
                self.store.done(receiver, key, output, f"unknown {at_utc}")
        for receiver, key, _ in open_marks:
            self._outputs.notice(receiver, f"{key[:12]}  {say('unknown', self.setup.language)}")
        self._act()

    def confirm(self, receiver: str, key: str, person: str) -> tuple[str, ...]:
        """Say that a person confirmed a message; keys that were confirmed now."""
        return confirm(self.store, receiver, key, person, at_utc=text_utc(self._now()))

    def notice(self, receiver: str, line: str) -> None:
        """Words of the program to its operator."""
        self._outputs.notice(receiver, clean(line))

    def refused_content(self, key: str) -> bytes:
        """Bytes that were lately refused under a key; nothing of them is kept on the disk."""
        return self._refused.get(key, b"")

    # --- in a commit -----------------------------------------------------------------------------

    def _store(self, name: str, delivered: Delivered, at: datetime, at_utc: str) -> Outcome:
        e, setup = delivered.envelope, self.setup
        places = setup.posts[name]
        judged = self._judge.judge(e.content, at=at)
        named = [key_of(t) for t in judged.message.references] if judged.message else []
        named += [e.after] if e.after else []
        known = self.store.known(name, e.key, named, chain_of(judged.message))
        decision = decide(e, judged, known, run=setup.run, mode=setup.mode, places=places, at=at)
        if decision.state and judged.message is not None:
            self._keep(name, delivered, decision, judged, at_utc)
            self._mark(name, e.key, decision, at_utc)
            for key in decision.wakes:
                woken = self.store.message(name, key)
                if woken is not None and woken.state == PENDING:
                    self._wake(woken, at, at_utc)
        self._receipts(name, delivered, decision, judged, at_utc)
        source = setup.source_of(name)
        self.store.move(name, source, delivered.sequence)
        taken = bool(decision.state) or decision.reason == "repeat"
        over = taken and judged.message is not None and is_end(judged.message)
        if over:
            self.store.finish(name, source)
        return Outcome(
            receiver=name, key=e.key, stage=decision.stage, reason=decision.reason,
            state=decision.state, over=over,
        )  # fmt: skip

    def _keep(
        self, name: str, delivered: Delivered, decision: Decision, judged: Judgement, at_utc: str
    ) -> None:
        message, e = judged.message, delivered.envelope
        if message is None:
            return
        due = ""
        if decision.state == PENDING and message.kind == "Update":
            due = text_utc(self._now() + timedelta(seconds=self.setup.pending_s))
        self.store.keep(
            name, delivered, digest=judged.digest, state=decision.state, chain=chain_of(message),
            names_us=decision.names_us, triple=message.triple, kind=message.kind, due=due,
            expires=text_utc(judged.expires) if judged.expires else "", at_utc=at_utc,
        )  # fmt: skip
        if e.after and message.kind != "Alert":
            self.store.link(name, e.after, e.key, "")
        for earlier, state in decision.ends:
            self.store.link(name, earlier, e.key, state)
        if message.kind in ENDS:
            self.store.end_older(name, e.key, chain_of(message), ENDS[message.kind])

    def _mark(self, name: str, key: str, decision: Decision, at_utc: str) -> None:
        is_open = self.setup.gates.is_open
        if decision.acts and is_open(SCREEN, self.setup.run):
            waiting = decision.state == PENDING
            self.store.mark(name, key, WAITING if waiting else SCREEN, at_utc)
        if decision.acts and decision.state != PENDING and is_open(PRINT, self.setup.run):
            self.store.mark(name, key, PRINT, at_utc)
        if decision.sounds and is_open(SOUND, self.setup.run):
            self.store.mark(name, key, SOUND, at_utc)

    def _wake(self, kept: Kept, at: datetime, at_utc: str) -> None:
        """A pending message acts now: its first one came, or it waited long enough."""
        judged = self._judge.judge(kept.content, at=at)
        if judged.message is None or judged.expired(at):
            self.store.set_state(kept.receiver, kept.key, EXPIRED)
            return
        message = judged.message
        state = APPLIED if message.kind == "Cancel" else STANDING
        self.store.set_state(kept.receiver, kept.key, state)
        calls = is_call(message, self.setup.posts.get(kept.receiver, ()))
        woken = Decision(stage="stored", state=state, acts=True, sounds=calls)
        self._mark(kept.receiver, kept.key, woken, at_utc)
        self._put(kept.receiver, kept.key, "stored", "", at_utc)

    def _receipts(
        self, name: str, delivered: Delivered, decision: Decision, judged: Judgement, at_utc: str
    ) -> None:
        key, content = delivered.envelope.key, delivered.envelope.content
        if decision.reason == "repeat":
            self.store.send_again(name, key)
            return
        reason = decision.reason
        if decision.stage == "refused" and not decision.state:
            self._refused[key] = content
            if len(self._refused) > MOST_REFUSED:
                self._refused.popitem(last=False)
            new = self.store.refuse(name, key, judged.digest, reason, decision.words, at_utc)
            if decision.alarm and new:
                told = "actual" if judged.claims_actual else "other-content"
                self._outputs.notice(name, f"{key[:12]}  {say(told, self.setup.language)}")
        elif not reason and not self.setup.gates.is_open(SCREEN, self.setup.run):
            reason = "gate-closed"
        stage: Stage = "refused" if decision.stage == "refused" else "stored"
        self._put(name, key, stage, reason, at_utc)

    def _put(self, name: str, key: str, stage: Stage, reason: str, at_utc: str) -> None:
        self.store.put_receipt(
            Receipt(receiver=name, key=key, stage=stage, reason=reason, at_utc=at_utc)
        )

    # --- after it --------------------------------------------------------------------------------

    def _act(self) -> None:
        """Carry out what was decided and is on the disk; the siren first."""
        marks = self.store.undone()
        if not marks:
            return
        acted = []
        for receiver, key, output in sorted(marks, key=lambda mark: mark[2] != SOUND):
            kept = self.store.message(receiver, key)
            told = self._carry_out(kept, output) if kept is not None else "gone"
            acted.append((receiver, key, output, told))
        at_utc = text_utc(self._now())
        with self.store.commit():
            for receiver, key, output, told in acted:
                self.store.done(receiver, key, output, f"{told} {at_utc}".strip())
                if output == SCREEN:
                    self._put(receiver, key, "shown", "", at_utc)

    def _carry_out(self, kept: Kept, output: str) -> str:
        """One output for one message; a word where it did not act after all."""
        language = self.setup.language
        if output == SOUND:
            if kept.state != STANDING:  # ended between the decision and the act
                self._outputs.notice(
                    kept.receiver, f"{kept.key[:12]}  {say('withdrawn', language)}"
                )
                return "withdrawn"
            if (kept.receiver, kept.key) in self._sounded:
                return "repeated"
            self._sounded.add((kept.receiver, kept.key))
            kill_point("before-sound")
            self._outputs.sound(kept.receiver, kept.key, text_utc(self._now()))
            kill_point("after-sound")
            self._outputs.notice(kept.receiver, f"{kept.key[:12]}  {say('sounded', language)}")
            return ""
        message = read_kept(kept)
        places = self.setup.posts.get(kept.receiver, ())
        lines = lines_of(message, state=kept.state, places=places, language=language)
        if output == PRINT:
            self._outputs.print_out(kept.receiver, kept.key, lines)
        else:
            self._outputs.screen(kept.receiver, lines)
        return ""


def chain_of(message: Message | None) -> tuple[str, str, str]:
    """(sender, incident, instant in UTC) of a message, from what is signed."""
    if message is None:
        return "", "", ""
    return message.sender, message.incidents, text_utc(time_of(message.sent))


def read_kept(kept: Kept) -> Message:
    """Message of bytes that were believed when they came."""
    return read(gate(kept.content))


def confirm(store: Store, receiver: str, key: str, person: str, *, at_utc: str) -> tuple[str, ...]:
    """Keep a person's confirmation of one message (by the beginning of its key), or of all open ones.

    Raises
    ------
    ScenarioError
        where no such message is there, or several begin so.
    """
    here = store.messages(receiver or None)
    if receiver and not here:
        raise ScenarioError(
            f"no message came for a receiver {receiver[:64]!r}; `hinomi receive show` lists those "
            "that have one"
        )
    wanted: Iterable[Kept] = [kept for kept in here if kept.state == STANDING]
    if key:
        wanted = [kept for kept in here if kept.key.startswith(key)]
        found = len({kept.key for kept in wanted})
        if not found:
            raise ScenarioError(
                f"no message {key[:16]!r} is kept; `hinomi receive show` lists them"
            )
        if found > 1:  # a person confirms what was read, not what happens to begin alike
            raise ScenarioError(f"{found} messages begin with {key[:16]!r}; write more of the key")
    done = []
    with store.commit():
        for kept in wanted:
            told = f"by {person}" if person else ""
            store.put_receipt(
                Receipt(
                    receiver=kept.receiver, key=kept.key, stage="confirmed", reason=told,
                    at_utc=at_utc,
                )
            )  # fmt: skip
            done.append(kept.key)
    return tuple(done)
