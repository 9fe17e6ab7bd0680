"""What a receiver does with a message: a pure function of the message and of what is known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from hinomi.cap.message import Info, Message
from hinomi.cap.times import time_of
from hinomi.receiver.judge import Judgement
from hinomi.transport.contract import Envelope
from hinomi.transport.subjects import ALL, key_of, parse_subject

STANDING, PENDING, REPLACED, CANCELLED = "standing", "pending", "replaced", "cancelled"
APPLIED, EXPIRED = "applied", "expired"  # a cancel that took effect; ended before or after it came
STATUS: Final = {"exercise": "Exercise", "test": "Test"}
PENDING_S: Final = 2.0  # an update acts after this long, its first message or not (assumed)
# A cancel wins over an update of the same message, whichever came first.
RANK: Final = {STANDING: 0, PENDING: 0, APPLIED: 0, EXPIRED: 1, REPLACED: 2, CANCELLED: 3}

# What an update or a cancel makes of everything older in its chain, whichever came first.
ENDS: Final = {"Update": REPLACED, "Cancel": CANCELLED}


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the store says of a message and of those that it refers to."""

    digest: str = ""  # of the message of this key that is kept; "" where there is none
    ended: str = ""  # REPLACED or CANCELLED by a message that came before it
    references: Mapping[str, str] | None = None  # key -> state, of those that are kept
    waiting: tuple[str, ...] = ()  # pending messages that refer to this one, or come after it


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What to keep, end, show, sound and answer."""

    stage: str  # of the receipt: stored or refused; shown follows the act
    reason: str = ""
    words: str = ""
    state: str = ""  # "" where nothing new is kept
    ends: tuple[tuple[str, str], ...] = ()  # (key, REPLACED or CANCELLED), known or not
    wakes: tuple[str, ...] = ()  # pending messages that act now
    acts: bool = False  # goes to screen and printer
    sounds: bool = False
    alarm: bool = False  # somebody should look: another content under the same name
    names_us: bool = False


def own_infos(message: Message, places: tuple[str, ...]) -> tuple[Info, ...]:
    """Blocks of a message whose areas hold one of the places."""
    wanted = set(places)
    return tuple(
        info for info in message.infos
        if any(code[:5] in wanted for area in info.areas for code in area.codes)
    )  # fmt: skip


def is_call(message: Message, places: tuple[str, ...]) -> bool:
    """Whether the signed words order shelter in one of the places."""
    return message.kind in ("Alert", "Update") and any(
        "Shelter" in info.responses for info in own_infos(message, places)
    )


def decide(
    envelope: Envelope, judged: Judgement, known: Known, *, run: str, mode: str,
    places: tuple[str, ...], at: datetime,
) -> Decision:  # fmt: skip
    """Decide about one message that arrived.

    Only what is signed makes a receiver sound, and says whom it is for. Of the envelope, which
    nobody signed, `after` may delay an update by a few seconds, and the subject has to be of this
    run and mode; a message that names places is for those alone, whatever its subject.
    """
    fault = _refusal(envelope, judged, run=run, mode=mode)
    if fault is not None:
        return fault
    message = judged.message
    if message is None:  # believed messages have been read
        return _refuse("sig-missing", "the message is not signed")
    if known.digest:
        return _repeated(judged, known)
    references = known.references or {}
    names_us = bool(own_infos(message, places))
    to_all = parse_subject(envelope.subject).code == ALL and not message.codes_of_areas
    follows = any(key_of(triple) in references for triple in message.references)
    if not names_us and not to_all and not follows:
        return _refuse("place-other", "names no place of this receiver")
    ends = _ends(message)
    if known.ended:
        return Decision(
            stage="stored", reason=f"{known.ended}-before", state=known.ended, ends=ends,
            wakes=known.waiting, acts=True, names_us=names_us,
            words="a later message that ends it came first",
        )  # fmt: skip
    if judged.expired(at):
        return Decision(
            stage="refused", reason="time-expired", state=EXPIRED, ends=ends, wakes=known.waiting,
            words="ended before it came: kept as history, not shown as an alert",
            names_us=names_us,
        )  # fmt: skip
    if message.kind != "Alert" and envelope.after and not references:
        return Decision(
            stage="stored", reason="pending", state=PENDING, ends=ends, acts=True,
            wakes=known.waiting, names_us=names_us, words="the message that it follows is not here yet",
        )  # fmt: skip
    return Decision(
        stage="stored", reason="time-future" if judged.early else "", ends=ends,
        state=APPLIED if message.kind == "Cancel" else STANDING, wakes=known.waiting, acts=True,
        sounds=is_call(message, places), names_us=names_us,
        words="sent in the future: one of the clocks is wrong" if judged.early else "",
    )  # fmt: skip


def _refuse(reason: str, words: str, *, alarm: bool = False) -> Decision:
    return Decision(stage="refused", reason=reason, words=words, alarm=alarm)


def _refusal(envelope: Envelope, judged: Judgement, *, run: str, mode: str) -> Decision | None:
    """Why a message is refused whatever is known."""
    if not judged.believed or judged.message is None:
        return _refuse(judged.code, judged.words, alarm=judged.claims_actual)
    message, subject = judged.message, parse_subject(envelope.subject)
    if subject.mode != mode or message.status != STATUS[mode]:
        return _refuse("mode-other", f"status {message.status} in mode {mode}")
    if subject.run != run:
        return _refuse("run-other", f"of exercise {subject.run}, not {run}")
    if key_of(message.triple) != envelope.key:
        return _refuse("key-other", "the envelope names another message than it holds")
    if message.kind not in ("Alert", "Update", "Cancel"):
        return _refuse("kind-other", f"a {message.kind} is for senders, not for receivers")
    return None


def _repeated(judged: Judgement, known: Known) -> Decision:
    if known.digest == judged.digest:
        return Decision(stage="stored", reason="repeat")
    return _refuse(
        "other-content", "another content under the name of a message that is kept", alarm=True
    )


def _ends(message: Message) -> tuple[tuple[str, str], ...]:
    """Messages that this one ends, whether they came already or not."""
    if message.kind not in ENDS:
        return ()
    state = ENDS[message.kind]
    own = time_of(message.sent)
    return tuple(
        (key_of(t), state) for t in message.references
        if t[0] == message.sender and _not_later(t[2], own)  # nobody ends another's message
    )  # fmt: skip


def _not_later(sent: str, own: datetime) -> bool:
    try:
        return time_of(sent) <= own
    except ValueError:
        return False
