"""Messages that exercise control makes up: a stranger's alert, a genuine one on the wrong line."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from hinomi.cap.keys import make_pair
from hinomi.cap.message import write
from hinomi.cap.sign import load_signer, sign
from hinomi.drill.plan import Plan
from hinomi.drill.texts import chain
from hinomi.live.rows import Stored
from hinomi.transport.contract import Envelope
from hinomi.transport.subjects import key_of, subject_of
from hinomi.transport.wire import envelope_object


def forged(
    plan: Plan, codes: tuple[str, ...], *, run: str, at_s: float
) -> tuple[str, dict[str, Any]]:
    """Key and envelope of an exercise alert in the sender's name, signed with a key of nobody."""
    message = chain(plan, codes, t_s=at_s)[0]
    at = plan.starts + timedelta(seconds=at_s)
    key, certificate = make_pair(
        plan.text.exercise.sender,
        not_before=at - timedelta(days=1),
        not_after=at + timedelta(days=1),
    )
    content = sign(write(message), signer=load_signer(key, certificate), at=at)
    name = key_of(message.triple)
    envelope = Envelope(
        subject=subject_of(run, plan.text.exercise.status.lower(), codes[0]), key=name,
        incident=f"forged-{hashlib.sha256(name.encode()).hexdigest()[:8]}", revision=0, kind="alert",
        after="", sent_utc=_utc(message.sent), expires_utc=_utc(message.infos[0].expires),
        content=content,
    )  # fmt: skip
    return name, envelope_object(envelope)


def misrouted(
    stored: Sequence[Stored], naming: dict[str, tuple[str, ...]], code: str, *, run: str, mode: str
) -> tuple[str, dict[str, Any]] | None:
    """Key and envelope of the newest message that does not name a place, on that place's line."""
    for message in reversed(stored):
        codes = naming.get(message.key, ())
        if message.kind not in ("alert", "update") or not codes or code in codes:
            continue
        envelope = Envelope(
            subject=subject_of(run, mode, code), key=message.key, incident=message.incident,
            revision=message.revision, kind=message.kind, after="",  # type: ignore[arg-type]
            sent_utc=message.sent_utc, expires_utc=message.expires_utc, content=message.content,
        )  # fmt: skip
        return message.key, envelope_object(envelope)
    return None


def _utc(text: str) -> str:
    from datetime import UTC

    return datetime.fromisoformat(text).astimezone(UTC).isoformat()
