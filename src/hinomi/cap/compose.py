"""Compose a message: texts, areas, references and names, Exercise or Test and nothing else."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from hinomi.cap.kinds import EVENT_CODE, KINDS, PHASE, PRECISE_TIME
from hinomi.cap.lengths import CELL_TEXT, places
from hinomi.cap.message import JIS, Area, Info, Message, Pairs, Ring
from hinomi.cap.texts import LANGUAGES, texts_of
from hinomi.cap.times import JST, text_of, time_of
from hinomi.cap.words import denial_in, marked
from hinomi.errors import FenceError, ScenarioError
from hinomi.records.alerts import EXERCISE, TEST

EXPIRES_S: Final = 1_800.0  # 30 minutes (assumed; 15 to 30 are usual for missiles)
SCOPES: Final = ("Public", "Restricted")
CATEGORIES: Final = ("Security", "Safety")
NAME_FORM: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9.@_-]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """The places of a message: codes, polygons that contain them, words in each language."""

    codes: tuple[str, ...]
    polygons: tuple[Ring, ...]
    words: tuple[tuple[str, str], ...]  # (language, names of the places)

    def named(self, language: str) -> str:
        """Names of the places in a language; English where it has none."""
        found = dict(self.words)
        return found.get(language) or found.get("en-US") or next(iter(found.values()), "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What is asked of `compose`."""

    kind: str  # one of KINDS
    status: str  # Exercise or Test
    sender: str  # such as exercise@town.example
    sender_name: str
    sent: datetime  # with an offset; fractions go into a parameter
    incident: str  # one for each threat object or raid
    target: Target
    remaining: Target | None = None  # of a partial all-clear: who must stay in shelter
    held: Target | None = None  # of an all-clear: over whom another incident's alert stands
    languages: tuple[str, ...] = ("ja-JP", "en-US")
    follows: tuple[Message, ...] = ()  # the chain so far, oldest first
    seed: str = ""  # makes the identifier of a replay; the same seed, the same identifier
    exercise: str = ""  # name of the exercise, for `note`
    scope: str = "Restricted"
    expires_s: float = EXPIRES_S


def compose(order: Order) -> Message:
    """Compose one message of a chain.

    A first message is an Alert whatever its kind; what follows is an Update or a Cancel that refers
    to every message of the chain that still stands. What tells of an end refers to the newest
    message where all have expired: it begins nothing.

    Raises
    ------
    FenceError
        for a status other than Exercise and Test.
    ScenarioError
        for an unknown kind or language, a chain that is broken, a text too long for phones.
    """
    _refuse(order)
    kind = KINDS[order.kind]
    standing = live(order.follows, order.sent)
    if not standing and kind.urgency == "Past" and kind.message == "Update":
        standing = _newest(order)
    if kind.message == "Cancel" and not standing:
        raise ScenarioError(
            "nothing to cancel: no message of this chain still stands; give the alert to cancel"
        )
    if ("AllClear" in kind.responses or order.kind == "stay") and not order.follows:
        raise ScenarioError(f"{order.kind} begins a chain: give the messages that it ends")
    first = not standing
    infos = [_info(order, order.kind, order.target, tag) for tag in order.languages]
    if order.remaining is not None:
        infos += [_info(order, "shelter", order.remaining, tag) for tag in order.languages]
    if order.held is not None:
        infos += [_info(order, "stay", order.held, tag) for tag in order.languages]
    restricted = order.scope == "Restricted"
    message = Message(
        identifier=identifier(order.sender, order.sent, _key(order)),
        sender=order.sender,
        sent=text_of(order.sent),
        status=order.status,
        kind="Alert" if first else "Update" if kind.message == "Alert" else kind.message,
        source="hinomi",
        scope=order.scope,
        restriction="participants of the exercise alone" if restricted else "",
        codes=("hinomi-jp-1",),
        note=marked(order.exercise or "hinomi", order.status, "en-US"),
        references=tuple(m.triple for m in standing),
        incidents=order.incident,
        infos=tuple(infos),
    )
    _refuse_denials(message)
    return message


def _newest(order: Order) -> tuple[Message, ...]:
    """Message that an end follows where all have expired; refused where a cancel came last."""
    found = tuple(sorted(order.follows, key=lambda m: time_of(m.sent))[-1:])
    if found and found[0].kind == "Cancel":
        raise ScenarioError(
            f"{order.kind} has nothing to end: message {found[0].identifier} withdrew the chain"
        )
    return found


def identifier(organisation: str, sent: datetime, key: str) -> str:
    """`hinomi-ORGANISATION-UUID`: a UUID of version 7 from the time and the hash of a key."""
    digest = int.from_bytes(hashlib.sha256(key.encode()).digest()[:16], "big")
    milliseconds = round(sent.timestamp() * 1000.0) & ((1 << 48) - 1)
    low = digest & ((1 << 62) - 1)
    twelve = (digest >> 62) & 0xFFF
    number = milliseconds << 80 | 7 << 76 | twelve << 64 | 2 << 62 | low
    text = f"{number:032x}"
    parts = (text[:8], text[8:12], text[12:16], text[16:20], text[20:])
    short = re.sub(r"[^A-Za-z0-9.-]+", "-", organisation)
    return f"hinomi-{short}-{'-'.join(parts)}"


def live(chain: Sequence[Message], now: datetime) -> tuple[Message, ...]:
    """Messages of a chain that still stand: not expired, not replaced, not cancelled."""
    gone = {t for m in chain if m.kind in ("Update", "Cancel") for t in m.references}
    return tuple(
        m for m in chain
        if m.triple not in gone and m.kind in ("Alert", "Update") and not _expired(m, now)
    )  # fmt: skip


def dropped(message: Message, chain: Sequence[Message], now: datetime) -> tuple[str, ...]:
    """Codes under a standing message that a new one replaces without a word to them."""
    before = {code for m in live(chain, now) for code in m.codes_of_areas}
    return tuple(sorted(before - set(message.codes_of_areas)))


def _expired(message: Message, now: datetime) -> bool:
    ends = [time_of(info.expires) for info in message.infos if info.expires]
    return bool(ends) and max(ends) <= now


def _key(order: Order) -> str:
    revision = len(order.follows)
    targets = (order.target, order.remaining, order.held)
    codes = ";".join("" if each is None else ",".join(each.codes) for each in targets)
    seed = order.seed or order.sent.isoformat()
    return f"{seed}|{order.sender}|{order.status}|{order.incident}|{order.kind}|{revision}|{codes}"


def _info(order: Order, kind_name: str, target: Target, language: str) -> Info:
    kind = KINDS[kind_name]
    local = order.sent.astimezone(JST)
    texts = texts_of(
        kind_name, language, status=order.status, area=target.named(language),
        time=f"{local:%H:%M}",
    )  # fmt: skip
    taken, limit, alphabet = places(texts.cell)
    if taken > limit:
        raise ScenarioError(
            f"the text for phones in {language} takes {taken} places in {alphabet}; the limit is "
            f"{limit}: name fewer or larger areas"
        )
    precise = order.sent.astimezone(JST).isoformat(timespec="milliseconds")
    parameters: Pairs = ((CELL_TEXT, texts.cell), (PRECISE_TIME, precise))
    if kind.phase:
        parameters = ((PHASE, kind.phase), *parameters)
    return Info(
        language=language, categories=CATEGORIES, event=texts.event, responses=kind.responses,
        urgency=kind.urgency, severity=kind.severity, certainty=kind.certainty,
        event_codes=((EVENT_CODE, kind_name),), effective=text_of(order.sent),
        expires=text_of(order.sent + timedelta(seconds=order.expires_s)),
        sender_name=order.sender_name, headline=texts.headline, description=texts.description,
        instruction=texts.instruction, parameters=parameters,
        areas=(
            Area(
                description=target.named(language), polygons=target.polygons,
                geocodes=tuple((JIS, code) for code in target.codes),
            ),
        ),
    )  # fmt: skip


def _refuse(order: Order) -> None:
    if order.status not in (EXERCISE, TEST):
        raise FenceError(
            f"status {order.status!r} is not composed here; messages are {EXERCISE} or {TEST}"
        )
    if order.kind not in KINDS:
        raise ScenarioError(f"no kind {order.kind!r}; the kinds are {', '.join(KINDS)}")
    odd = [tag for tag in order.languages if tag not in LANGUAGES]
    if odd or not order.languages:
        raise ScenarioError(f"no texts in {odd or 'no language'}; there are {', '.join(LANGUAGES)}")
    if len(set(order.languages)) < len(order.languages):
        raise ScenarioError(f"a language is named twice in {', '.join(order.languages)}")
    for name in ("sender", "incident"):
        if not NAME_FORM.fullmatch(getattr(order, name)):
            raise ScenarioError(
                f"{name} is {getattr(order, name)!r}; write letters, digits and . @ _ - alone, "
                "such as drill@town.example"
            )
    if order.scope not in SCOPES:
        raise ScenarioError(f"scope is {order.scope!r}; it is {' or '.join(SCOPES)}")
    if not order.target.codes or not order.target.polygons:
        raise ScenarioError("no place: name at least one municipality or prefecture")
    if not 60.0 <= order.expires_s <= 86_400.0:
        raise ScenarioError(
            f"expires_s is {order.expires_s:g}; a message stands between 60 and 86400 seconds"
        )
    if order.sent.tzinfo is None:
        raise ScenarioError(f"sent is {order.sent}, without an offset; write one, such as +09:00")
    for earlier in order.follows:
        _refuse_link(order, earlier)


def _refuse_link(order: Order, earlier: Message) -> None:
    """An exercise never touches a message of another status, sender or incident, nor the future."""
    told = f"message {earlier.identifier}"
    if earlier.status != order.status:
        raise FenceError(
            f"{told} is of status {earlier.status}; a message of status {order.status} cannot follow"
        )
    if earlier.sender != order.sender:
        raise ScenarioError(f"{told} is of {earlier.sender}; only its sender can follow it")
    if earlier.incidents != order.incident:
        raise ScenarioError(
            f"{told} is about incident {earlier.incidents!r}, not {order.incident!r}"
        )
    if time_of(earlier.sent) > order.sent:
        raise ScenarioError(
            f"{told} was sent at {earlier.sent}, after this one ({text_of(order.sent)})"
        )


def _refuse_denials(message: Message) -> None:
    texts = [message.note]
    for info in message.infos:
        texts += [info.event, info.sender_name, info.headline, info.description, info.instruction]
        texts += [area.description for area in info.areas]
    for text in texts:
        if phrase := denial_in(text):
            raise FenceError(
                f"{phrase!r} cannot stand in a message of status {message.status}: "
                "nobody could tell which is true"
            )
