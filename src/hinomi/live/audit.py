"""Whether a journal is as it was written: the chain, the messages, the deliveries, the receipts."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from hinomi.errors import StorageError
from hinomi.live import journal
from hinomi.live.rows import KINDS, Row, Stored, Verdict, digest_of, sha256

Fault = tuple[int, str]  # number of the row, what is wrong with it


def audit(folder: Path) -> Verdict:
    """Verdict on the journal of a folder.

    A change by somebody who computes the whole chain anew is found only against what left the
    machine: `head.json` kept elsewhere, or the bytes that receivers have.
    """
    journal.anchor_of(folder)
    try:
        rows = journal.read(folder)
        faults = sorted(_faults(folder, rows))
    except (StorageError, sqlite3.Error, TypeError, ValueError) as error:
        return Verdict(sound=False, rows=0, row=1, what=f"the file cannot be read: {error}")
    head = rows[-1].digest if rows else ""
    if faults:
        row, what = faults[0]
        return Verdict(sound=False, rows=len(rows), row=row, what=what, head=head)
    return Verdict(sound=True, rows=len(rows), head=head)


def _faults(folder: Path, rows: tuple[Row, ...]) -> Iterator[Fault]:
    yield from _chain(rows, journal.anchor_of(folder))
    yield from _head(folder, rows)
    stored = journal.messages(folder)
    yield from _messages(rows, stored)
    yield from _deliveries(rows, journal.deliveries(folder))
    yield from _receipts(rows, folder)


def _chain(rows: tuple[Row, ...], anchor: str) -> Iterator[Fault]:
    previous = anchor
    for expected, r in enumerate(rows, start=1):
        if r.number != expected:
            yield expected, f"row {expected} is missing"
            return
        told = (
            r.number,
            r.kind,
            r.t_s,
            r.at_utc,
            r.who,
            r.incident,
            r.revision,
            r.body,
            r.previous,
        )
        if r.previous != previous:
            yield r.number, f"row {r.number} does not follow the row before it"
        if digest_of(told) != r.digest:
            yield r.number, f"row {r.number} is not what was written"
        if r.kind not in KINDS:
            yield r.number, f"row {r.number}: no kind {r.kind!r}"
        previous = r.digest


def _head(folder: Path, rows: tuple[Row, ...]) -> Iterator[Fault]:
    try:
        told = json.loads((folder / journal.HEAD).read_text(encoding="utf-8"))
        number, digest = int(told["number"]), str(told["digest"])
    except (OSError, ValueError, KeyError, TypeError):
        if rows:
            yield len(rows), f"{journal.HEAD} is missing or no head; the end cannot be checked"
        return
    if number > len(rows):
        yield len(rows) + 1, f"rows {len(rows) + 1} to {number} are missing at the end"
    elif number >= 1 and rows[number - 1].digest != digest:
        yield number, f"row {number} is not the one that was written last"


def _bound(rows: tuple[Row, ...]) -> dict[str, tuple[int, str]]:
    """Key of each message on record -> row that stored it, digest of its bytes."""
    found: dict[str, tuple[int, str]] = {}
    for row in rows:
        if row.kind not in ("checked", "announced", "cancelled", "ended"):
            continue
        body = row.content
        for each in (body, body.get("cancel") or {}):
            if each.get("key") and each.get("sha256"):
                found[each["key"]] = (row.number, each["sha256"])
    return found


def _messages(rows: tuple[Row, ...], stored: tuple[Stored, ...]) -> Iterator[Fault]:
    bound = _bound(rows)
    for message in stored:
        number, digest = bound.pop(message.key, (message.number, ""))
        if sha256(message.content) != digest:
            yield number, f"the bytes of message {message.key[:16]} are not those of row {number}"
    for key, (number, _) in bound.items():
        yield number, f"message {key[:16]} of row {number} is missing"


def _deliveries(rows: tuple[Row, ...], found: tuple[tuple[int, str, str], ...]) -> Iterator[Fault]:
    told: list[tuple[int, str, str]] = []
    for row in rows:
        body: dict[str, Any] = row.content if "subjects" in row.body else {}
        told += [(row.number, subject, body["key"]) for subject in body.get("subjects", ())]
    held = [(subject, key) for _, subject, key in found]
    for (number, subject, key), other in zip(told, held, strict=False):
        if (subject, key) != other:
            yield number, f"the outbox differs from row {number} at {subject}"
            return
    if len(told) != len(held):
        last = told[min(len(held), len(told) - 1)][0] if told else len(rows)
        yield last, f"the outbox holds {len(held)} deliveries, the journal tells of {len(told)}"


def _receipts(rows: tuple[Row, ...], folder: Path) -> Iterator[Fault]:
    told: dict[tuple[str, ...], int] = {}
    for row in rows:
        if row.kind == "received":
            for each in row.content["receipts"]:
                told.setdefault(tuple(each), row.number)
    for r in journal.receipts(folder):
        name = (
            r.receiver,
            r.key,
            r.stage,
            r.reason,
            r.at_utc,
            sha256(r.content) if r.content else "",
        )
        if told.pop(name, 0) == 0:
            yield len(rows), f"a receipt of {r.receiver} is in no row"
    for each, number in told.items():
        yield number, f"the receipt of {each[0]} in row {number} is missing"
