"""What readers of the feed get: server-sent events, frames of a WebSocket, an Atom feed."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from lxml import etree

from hinomi.cap.gate import gate
from hinomi.cap.message import read
from hinomi.errors import HinomiError, ScenarioError
from hinomi.live.feed import expired
from hinomi.transport.atom import ATOM, DELIVERY, MAX_ENTRIES
from hinomi.transport.contract import Delivered, Receipt
from hinomi.transport.subjects import parse_pattern, refuse_pattern
from hinomi.transport.wire import from_bytes, receipt_from

if TYPE_CHECKING:
    from starlette.websockets import WebSocket

    from hinomi.live.exercise import Exercise

BEAT_S: Final = 2.0  # a word at least so often
SLOW_S: Final = 10.0  # a reader that takes nothing for so long loses its connection, not a message
MOST_SUBJECTS: Final = 64


def checked_subjects(exercise: Exercise, subjects: Sequence[str]) -> list[str]:
    """Subjects of this run and mode; others are refused."""
    if len(subjects) > MOST_SUBJECTS:
        raise ScenarioError(f"{len(subjects)} subjects; at most {MOST_SUBJECTS}: use `.>`")
    for subject in subjects:
        refuse_pattern(subject, mode=exercise.settings.mode)
        if parse_pattern(subject)[0] != exercise.run_name:
            raise ScenarioError(
                f"{subject[:120]} is of another run; this one is {exercise.run_name}"
            )
    return list(subjects)


def known_receipt(exercise: Exercise, receipt: Receipt) -> Receipt:
    """The receipt, where it is of a message that was released; refused otherwise."""
    if not exercise.feed.released(receipt.key):
        raise ScenarioError(f"no message {receipt.key[:64]!r} was released; whose receipt is this?")
    return receipt


def told(exercise: Exercise, delivered: Delivered) -> tuple[str, str]:
    """`message` where it stands, `history` where it has expired; and its fields, as JSON."""
    now = exercise.office.desk.time(exercise.clock.t_s)
    kind = "history" if expired(delivered.envelope, now) else "message"
    return kind, exercise.feed.text(delivered)


async def _coming(
    exercise: Exercise, subjects: Sequence[str], after: int
) -> AsyncIterator[Delivered | None]:
    """Deliveries, and None each BEAT_S; ends when the feed is closed and all was read."""
    reader = object()
    name = id(reader)
    try:
        while True:
            exercise.readers[name] = after
            more = exercise.feed.signal()
            batch = exercise.feed.read(subjects, after=after)
            if not batch:
                exercise.readers[name] = exercise.journal.last_sequence()
                if exercise.feed.closed:
                    return
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(more.wait(), BEAT_S)
                    continue
                yield None
            for delivered in batch:
                yield delivered
                after = delivered.sequence
    finally:
        exercise.readers.pop(name, None)


async def events(
    exercise: Exercise, subjects: Sequence[str], *, after: int
) -> AsyncIterator[bytes]:
    """Server-sent events: the clock first, then message or history, each with its sequence as id."""
    yield _event("clock", _json(exercise.clock_told()))
    async for delivered in _coming(exercise, subjects, after):
        if delivered is None:
            yield b": here\n\n" + _event("clock", _json(exercise.clock_told()))
            continue
        kind, text = told(exercise, delivered)
        yield _event(kind, text, delivered.sequence)
    yield _event("clock", _json(exercise.clock_told()))


def _json(fields: dict[str, Any]) -> str:
    return json.dumps(fields, ensure_ascii=False, separators=(",", ":"))


def _event(kind: str, text: str, sequence: int | None = None) -> bytes:
    number = "" if sequence is None else f"id: {sequence}\n"
    return f"{number}event: {kind}\ndata: {text}\n\n".encode()


async def socket(exercise: Exercise, link: WebSocket) -> None:
    """Frames of JSON with a `type`; receipts may come back the same way."""
    from starlette.websockets import WebSocketDisconnect

    query = link.query_params
    after = query.get("after") or "0"
    try:
        subjects = checked_subjects(exercise, query.getlist("subject"))
        if not after.isdecimal() or len(after) > 18:
            raise ScenarioError(f"after is {after[:40]!r}; it is a sequence")
    except HinomiError as error:
        await link.close(1008, str(error)[:100])
        return
    await link.accept()

    async def send() -> None:
        await _put(link, _json({"type": "clock", **exercise.clock_told()}))
        async for delivered in _coming(exercise, subjects, int(after)):
            if delivered is None:
                await _put(link, _json({"type": "clock", **exercise.clock_told()}))
                continue
            kind, text = told(exercise, delivered)
            await _put(link, f'{{"type":"{kind}",{text[1:]}')

    async def take() -> None:
        while True:
            found = from_bytes((await link.receive_text()).encode())
            if isinstance(found, dict) and found.get("type") == "receipt":
                await exercise.take_soon([known_receipt(exercise, receipt_from(found))])

    tasks = [asyncio.create_task(send()), asyncio.create_task(take())]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            with contextlib.suppress(WebSocketDisconnect, TimeoutError, RuntimeError, KeyError):
                try:
                    task.result()
                except HinomiError as error:
                    await link.close(1008, str(error)[:100])
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        with contextlib.suppress(RuntimeError):
            await link.close()


async def _put(link: WebSocket, text: str) -> None:
    async with asyncio.timeout(SLOW_S):
        await link.send_text(text)


def atom(exercise: Exercise, subjects: Sequence[str], *, after: int, base: str) -> bytes:
    """Atom feed of what was released, newest first; entries link to the immutable documents."""
    found = exercise.feed.read(subjects, after=after, most=MAX_ENTRIES)
    root: Any = etree.Element(f"{{{ATOM}}}feed", nsmap={None: ATOM, "h": DELIVERY})
    mark = "EXERCISE" if exercise.settings.mode == "exercise" else "TEST"
    _add(root, "id", f"urn:hinomi:{exercise.run_name}:{exercise.settings.mode}")
    _add(root, "title", f"{mark} - hinomi {exercise.run_name} - {mark}")
    last = max((d.envelope.sent_utc for d in found), default=exercise.clock_told()["scenario_utc"])
    _add(root, "updated", _rfc3339(last))
    author = etree.SubElement(root, f"{{{ATOM}}}author")
    _add(author, "name", exercise.settings.sender)
    link = etree.SubElement(root, f"{{{ATOM}}}link")
    link.set("rel", "self")
    link.set("href", f"{base}feed/atom")
    for delivered in reversed(found):
        _entry(root, delivered, base)
    out: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8")
    return out


def _entry(root: Any, delivered: Delivered, base: str) -> None:
    e = delivered.envelope
    entry = etree.SubElement(root, f"{{{ATOM}}}entry")
    _add(entry, "id", f"urn:hinomi:{e.key}:{e.subject}")
    message = read(gate(e.content))
    _add(entry, "title", next((i.headline for i in message.infos if i.headline), e.kind))
    _add(entry, "updated", _rfc3339(e.sent_utc))
    link = etree.SubElement(entry, f"{{{ATOM}}}link")
    link.set("rel", "alternate")
    link.set("type", "application/cap+xml")
    link.set("href", f"{base}feed/messages/{e.key}")
    told_of = etree.SubElement(entry, f"{{{DELIVERY}}}delivery")
    for name, text in _fields(delivered):
        told_of.set(name, text)


def _fields(delivered: Delivered) -> Iterator[tuple[str, str]]:
    e = delivered.envelope
    yield "sequence", str(delivered.sequence)
    yield from (("subject", e.subject), ("key", e.key), ("incident", e.incident))
    yield from (("revision", str(e.revision)), ("kind", e.kind), ("after", e.after))
    yield from (("sent", e.sent_utc), ("expires", e.expires_utc))


def _add(parent: Any, name: str, text: str) -> None:
    etree.SubElement(parent, f"{{{ATOM}}}{name}").text = text


def _rfc3339(text: str) -> str:
    return datetime.fromisoformat(text).isoformat(timespec="seconds")
