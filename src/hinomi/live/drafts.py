"""Messages as bytes: composed, checked at three levels, signed, read back; and their cancel."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from hinomi.cap.check import check
from hinomi.cap.compose import Order, compose, identifier
from hinomi.cap.ending import Told
from hinomi.cap.finding import ACCEPTED
from hinomi.cap.gate import gate
from hinomi.cap.message import Area, Info, Message, read, write
from hinomi.cap.sign import Signer, sign
from hinomi.cap.times import JST, text_of, time_of
from hinomi.cap.words import marked
from hinomi.errors import ScenarioError
from hinomi.export.cap_places import load_schema, target_of
from hinomi.live.rows import sha256
from hinomi.transport.killpoint import kill_point
from hinomi.transport.subjects import key_of

PROFILE, PLAIN = "hinomi-jp", "cap"
END_EXPIRES = timedelta(minutes=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What every message of an exercise shares."""

    sender: str
    sender_name: str
    status: str
    name: str
    languages: tuple[str, ...]
    seed: str
    epoch: datetime
    signer: Signer

    def time(self, t_s: float) -> datetime:
        """Time of a scenario second, in Japan's offset."""
        return (self.epoch + timedelta(seconds=t_s)).astimezone(JST)


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A message that was composed, checked and signed; nothing of it changes any more."""

    key: str
    message: Message  # read from the signed bytes
    content: bytes
    unsigned_sha256: str  # of the bytes before the signature: the same at any speed
    findings: tuple[str, ...]

    @property
    def sha256(self) -> str:
        """Digest of the bytes."""
        return sha256(self.content)

    @property
    def sent_utc(self) -> str:
        """When it says that it was sent."""
        return time_of(self.message.sent).astimezone(UTC).isoformat()

    @property
    def expires_utc(self) -> str:
        """When the last of it expires."""
        ends = [time_of(i.expires) for i in self.message.infos if i.expires]
        return max(ends).astimezone(UTC).isoformat()


@lru_cache(maxsize=512)
def message_of(content: bytes) -> Message:
    """Read a message from its bytes."""
    return read(gate(content))


def incident_name(*, replicate: int, architecture: str, track: str, episode: int) -> str:
    """Name of an incident: one threat track of a picture, and which time it is."""
    digest = hashlib.sha256(f"{architecture}|{track}".encode()).hexdigest()[:8]
    return f"run-{replicate}-{digest}-{episode}"


def told_draft(
    desk: Desk, told: Told, *, incident: str, t_s: float, chain: Sequence[Message]
) -> Draft:
    """Alert, update or all-clear of a chain, as `cap.ending` splits it."""
    return _draft(
        desk, told.kind, incident, t_s, told.codes, chain, remaining=told.called, held=told.held
    )


def cancel_draft(
    desk: Desk, *, incident: str, t_s: float, codes: Sequence[str], chain: Sequence[Message]
) -> Draft:
    """Cancel of all that stands in a chain."""
    return _draft(desk, "cancel", incident, t_s, tuple(sorted(codes)), chain)


def _draft(
    desk: Desk, kind: str, incident: str, t_s: float, codes: tuple[str, ...],
    chain: Sequence[Message], *, remaining: tuple[str, ...] = (), held: tuple[str, ...] = (),
) -> Draft:  # fmt: skip
    order = _order(desk, kind, incident, t_s, codes, chain, remaining, held)
    return finished(desk, compose(order), at=order.sent, profile=PROFILE)


def warm(desk: Desk, *, t_s: float, codes: Sequence[str]) -> None:
    """Compose and check an alert that nobody signs: what is loaded once is there from then on."""
    message = compose(_order(desk, "shelter", "none", t_s, tuple(codes), ()))
    check(write(message), schema=load_schema(), profile=PROFILE)


def _order(
    desk: Desk, kind: str, incident: str, t_s: float, codes: tuple[str, ...],
    chain: Sequence[Message], remaining: tuple[str, ...] = (), held: tuple[str, ...] = (),
) -> Order:  # fmt: skip
    return Order(
        kind=kind, status=desk.status, sender=desk.sender, sender_name=desk.sender_name,
        sent=desk.time(t_s), incident=incident, target=target_of(codes),
        remaining=target_of(remaining) if remaining else None,
        held=target_of(held) if held else None, languages=desk.languages, follows=tuple(chain),
        seed=desk.seed, exercise=desk.name,
    )  # fmt: skip


def finished(desk: Desk, message: Message, *, at: datetime, profile: str) -> Draft:
    """Check and sign what was composed.

    Raises
    ------
    ScenarioError
        where the check refuses it: then it is never signed.
    """
    content = write(message)
    report = check(content, schema=load_schema(), profile=profile)
    if report.verdict != ACCEPTED:
        first = report.errors[0]
        raise ScenarioError(
            f"the message is refused by the check and not signed: {first.message} [{first.code}]"
        )
    signed = sign(content, signer=desk.signer, at=at)
    kill_point("after-sign")
    told = message_of(signed)
    return Draft(
        key=key_of(told.triple), message=told, content=signed, unsigned_sha256=sha256(content),
        findings=tuple(f"{f.severity}: {f.code}" for f in report.findings),
    )  # fmt: skip


# --- the beginning and the end of an exercise ----------------------------------------------------

_WORDS = {
    "start": {
        "ja-JP": ("開始", "これから流れる知らせはすべて訓練です。", "実際の避難は必要ありません。"),
        "en-US": ("begins", "All that follows under this sender is practice.", "No real action is needed."),
    },
    "end": {
        "ja-JP": ("終了", "これで終わりです。出ている知らせはすべて解除されました。", "通常の業務に戻ってください。"),
        "en-US": ("is over", "It has ended. Everything that was still standing is lifted.", "Return to normal work."),
    },
}  # fmt: skip
_PARTICIPANTS = {"ja-JP": "訓練の参加者", "en-US": "participants of the exercise"}


def ceremony(desk: Desk, kind: str, *, t_s: float, until_s: float, before: Message | None) -> Draft:
    """Message that begins (`start`) or ends (`end`) an exercise, to all participants.

    Plain CAP 1.2, outside the profile for alerts: it names no municipality and asks for no shelter.
    """
    sent = desk.time(t_s)
    expires = desk.time(max(until_s, t_s)) + END_EXPIRES
    message = Message(
        identifier=identifier(desk.sender, sent, f"{desk.seed}|{desk.sender}|{desk.status}|{kind}"),
        sender=desk.sender, sent=text_of(sent), status=desk.status,
        kind="Update" if before is not None else "Alert", source="hinomi", scope="Restricted",
        restriction="participants of the exercise alone",
        note=marked(desk.name or "hinomi", desk.status, "en-US"),
        references=() if before is None else (before.triple,), incidents="exercise",
        infos=tuple(_ceremony_info(desk, kind, tag, sent, expires) for tag in ("ja-JP", "en-US")),
    )  # fmt: skip
    return finished(desk, message, at=sent, profile=PLAIN)


def _ceremony_info(desk: Desk, kind: str, language: str, sent: datetime, expires: datetime) -> Info:
    event, told, asked = _WORDS[kind][language]
    japanese = language == "ja-JP"
    what = {"ja-JP": "訓練" if desk.status == "Exercise" else "試験", "en-US": desk.status}[
        language
    ]
    event = f"{what}{event}" if japanese else f"{what} {event}"

    def put(text: str) -> str:
        return marked(text, desk.status, language)

    return Info(
        language=language, categories=("Safety",), event=put(event),
        responses=("Monitor",) if kind == "start" else ("AllClear",), urgency="Expected",
        severity="Minor", certainty="Observed", effective=text_of(sent), expires=text_of(expires),
        sender_name=desk.sender_name, headline=put(f"{event} {sent:%H:%M}"), description=put(told),
        instruction=put(asked), areas=(Area(description=_PARTICIPANTS[language]),),
    )  # fmt: skip
