"""Envelopes and receipts as JSON: the same on every carrier, the content byte for byte."""

from __future__ import annotations

import base64
import binascii
import contextlib
import json
from collections.abc import Sequence
from typing import Any, Final, get_args

from hinomi.errors import ScenarioError
from hinomi.transport.contract import Delivered, Envelope, Receipt, Stage
from hinomi.transport.subjects import MAX_CONTENT

STAGES: Final = get_args(Stage)
MAX_WIRE: Final = 2 * MAX_CONTENT  # bytes of JSON: base64 takes four for three
_TEXTS: Final = ("subject", "key", "incident", "kind", "after", "sent_utc", "expires_utc")
_RECEIPT: Final = ("receiver", "key", "stage", "reason", "at_utc")
MOST_IN_LETTER: Final = 500  # receipts
MOST_TEXT: Final = 2_000  # characters of any text beside the content


def envelope_object(envelope: Envelope) -> dict[str, Any]:
    """Fields for JSON."""
    told: dict[str, Any] = {name: getattr(envelope, name) for name in _TEXTS}
    told["revision"] = envelope.revision
    told["content"] = base64.b64encode(envelope.content).decode()
    return told


def delivered_object(delivered: Delivered) -> dict[str, Any]:
    """Fields for JSON, with the sequence."""
    return {"sequence": delivered.sequence, **envelope_object(delivered.envelope)}


def envelope_from(found: Any) -> Envelope:
    """Envelope from JSON's fields; ScenarioError where they are none."""
    fields = _texts(found, _TEXTS, "envelope")
    revision = found.get("revision")
    if not isinstance(revision, int) or isinstance(revision, bool):
        raise ScenarioError(f"envelope: revision is {revision!r}; it is a whole number")
    content = _bytes(found.get("content"), "envelope")
    return Envelope(revision=revision, content=content, **fields)


def delivered_from(found: Any) -> Delivered:
    """Delivered envelope from JSON's fields."""
    envelope = envelope_from(found)
    sequence = found.get("sequence")
    if not isinstance(sequence, int) or isinstance(sequence, bool) or sequence < 1:
        raise ScenarioError(f"envelope: sequence is {sequence!r}; it counts from 1")
    return Delivered(sequence, envelope)


def receipt_object(receipt: Receipt) -> dict[str, Any]:
    """Fields for JSON."""
    told: dict[str, Any] = {name: getattr(receipt, name) for name in _RECEIPT}
    told["content"] = base64.b64encode(receipt.content).decode()
    return told


def receipt_from(found: Any) -> Receipt:
    """Receipt from JSON's fields."""
    fields = _texts(found, _RECEIPT, "receipt")
    if fields["stage"] not in STAGES:
        raise ScenarioError(f"receipt: stage is {fields['stage']!r}; it is {', '.join(STAGES)}")
    return Receipt(content=_bytes(found.get("content", ""), "receipt"), **fields)


def to_bytes(found: Any) -> bytes:
    """JSON on one line."""
    return json.dumps(found, ensure_ascii=False, separators=(",", ":")).encode()


def from_bytes(text: bytes) -> Any:
    """Fields of JSON; ScenarioError for what is too long or none."""
    if len(text) > MAX_WIRE:
        raise ScenarioError(f"{len(text):,} bytes on the wire; the limit is {MAX_WIRE:,}")
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise ScenarioError("what came over the wire is no JSON") from None


def _texts(found: Any, names: tuple[str, ...], what: str) -> dict[str, Any]:
    if not isinstance(found, dict):
        raise ScenarioError(f"{what}: no object of JSON")
    for name in names:
        text = found.get(name)
        if not isinstance(text, str) or len(text) > MOST_TEXT:
            raise ScenarioError(f"{what}: {name} must be a text of at most {MOST_TEXT} characters")
    return {name: found[name] for name in names}


def _bytes(text: Any, what: str) -> bytes:
    if not isinstance(text, str):
        raise ScenarioError(f"{what}: content must be base64")
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise ScenarioError(f"{what}: content is no base64") from None


def letter_bytes(receipts: Sequence[Receipt]) -> bytes:
    """Several receipts in one letter."""
    return to_bytes([receipt_object(each) for each in receipts])


def letter_from(text: bytes) -> tuple[Receipt, ...]:
    """Receipts of a letter, those that can be read; one that is no letter holds none."""
    out = []
    with contextlib.suppress(ScenarioError):
        found = from_bytes(text)
        for each in found if isinstance(found, list) else [found]:
            with contextlib.suppress(ScenarioError):
                out.append(receipt_from(each))
    return tuple(out[:MOST_IN_LETTER])


def letters_of(receipts: Sequence[Receipt]) -> tuple[Sequence[Receipt], ...]:
    """Receipts in letters that every carrier takes: not too many in one, and not too long."""
    out: list[list[Receipt]] = []
    size = MAX_WIRE
    for each in receipts:
        own = 2 * len(each.content) + MOST_TEXT
        if size + own > MAX_WIRE // 2 or len(out[-1]) == MOST_IN_LETTER:
            out.append([])
            size = 0
        out[-1].append(each)
        size += own
    return tuple(out)
