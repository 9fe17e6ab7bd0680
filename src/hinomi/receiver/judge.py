"""Whether the bytes of a message are to be believed: gate, signature, authority, check, time."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from hinomi.cap.check import check
from hinomi.cap.finding import ERROR, PROFILE, Finding, RefusedError
from hinomi.cap.gate import gate
from hinomi.cap.message import Message, read
from hinomi.cap.profile import HINOMI_JP
from hinomi.cap.schema import Schema
from hinomi.cap.sign import verify
from hinomi.cap.times import time_of
from hinomi.cap.trust import TrustEntry
from hinomi.records.alerts import EXERCISE, TEST
from hinomi.records.places import Places

MOST_KEPT: Final = 256  # judgements, so that a thousand receivers on a host verify a message once
# Of the profile for alerts, what holds for the start and the end of an exercise too.
ALWAYS: Final = ("jp-status", "jp-wording", "jp-denial", "jp-encoding", "jp-language")


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What one message is: believed or refused, and why."""

    digest: str  # SHA-256 of the bytes
    code: str = ""  # why it is refused; "" where it is believed
    words: str = ""
    message: Message | None = None  # read from the signed bytes where it is believed
    claimed: Message | None = None  # what it claims to be, where it is refused and can be read
    expires: datetime | None = None
    early: bool = False  # sent more than a minute in the future: one of the clocks is wrong

    @property
    def believed(self) -> bool:
        """Whether it may be acted on."""
        return not self.code

    @property
    def claims_actual(self) -> bool:
        """Whether it claims another status than Exercise and Test."""
        told = self.claimed.status if self.claimed else EXERCISE
        return told not in (EXERCISE, TEST)

    def expired(self, at: datetime) -> bool:
        """Whether it has ended."""
        return self.expires is not None and self.expires <= at


class Judge:
    """Judges messages with one trust store; the same bytes in the same second once."""

    def __init__(
        self, trust: tuple[TrustEntry, ...], *, schema: Schema, places: Places | None = None
    ) -> None:
        self._trust, self._schema, self._places = trust, schema, places
        self._kept: OrderedDict[tuple[str, datetime], Judgement] = OrderedDict()

    def judge(self, content: bytes, *, at: datetime) -> Judgement:
        """Judge the exact bytes of a message at a time; never raises for what they hold."""
        second = at.replace(microsecond=0)
        name = (hashlib.sha256(content).hexdigest(), second)
        found = self._kept.get(name)
        if found is None:
            found = self._kept[name] = self._judge(content, name[0], second)
            if len(self._kept) > MOST_KEPT:
                self._kept.popitem(last=False)
        return found

    def _judge(self, content: bytes, digest: str, at: datetime) -> Judgement:
        done = verify(content, trust=self._trust, at=at, places=self._places)
        fault = _first_error(done.findings)
        if fault is None and done.message is not None:
            report = check(content, schema=self._schema, profile=HINOMI_JP)
            asked = report.findings
            if is_ceremony(done.message):
                asked = tuple(f for f in asked if f.level != PROFILE or f.code in ALWAYS)
            fault = _first_error(asked)
        if fault is not None or done.message is None:
            claimed = _claimed(content)
            judged = Judgement(
                digest=digest, code=fault.code if fault else "sig-missing",
                words=fault.message if fault else "the message is not signed", claimed=claimed,
            )  # fmt: skip
            if judged.claims_actual:
                return Judgement(
                    digest=digest, code="trust-status", claimed=claimed,
                    words=f"claims {claimed.status if claimed else '?'}, not trusted",
                )  # fmt: skip
            return judged
        ends = [time_of(info.expires) for info in done.message.infos if info.expires]
        return Judgement(
            digest=digest, message=done.message, expires=max(ends) if ends else None,
            early=any(f.code == "time-future" for f in done.findings),
        )  # fmt: skip


def is_ceremony(message: Message) -> bool:
    """Whether a message names no municipality and asks for nothing: the start and end of an exercise."""
    asked = {response for info in message.infos for response in info.responses}
    return not message.codes_of_areas and asked <= {"Monitor", "AllClear", "None"}


def is_end(message: Message) -> bool:
    """Whether a message says that the exercise is over: an all-clear that names no municipality."""
    asked = {response for info in message.infos for response in info.responses}
    return is_ceremony(message) and "AllClear" in asked


def _first_error(findings: tuple[Finding, ...]) -> Finding | None:
    return next((f for f in findings if f.severity == ERROR), None)


def _claimed(content: bytes) -> Message | None:
    """What refused bytes say of themselves, where they pass the gate."""
    try:
        return read(gate(content))
    except RefusedError:
        return None
