"""The texts of an exercise, kind by kind and language by language, with the room they take."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from hinomi.cap.compose import Order, compose
from hinomi.cap.lengths import CELL_TEXT, places
from hinomi.cap.message import Message, write
from hinomi.drill.plan import Plan
from hinomi.export.cap_places import target_of

# Kinds of message of a chain, in the order in which they would be sent.
CHAIN: Final = ("shelter", "all-clear")
SENDER_NAME: Final = "hinomi"  # as the live exercise writes it


def chain(plan: Plan, codes: tuple[str, ...], *, t_s: float) -> tuple[Message, ...]:
    """Alert, all-clear and the cancel that lies ready, for the same places."""
    done: list[Message] = []
    for step, kind in enumerate((*CHAIN, "cancel")):
        follows = tuple(done[:1]) if step else ()
        done.append(_composed(plan, kind, codes, t_s + step, follows))
    return tuple(done)


def _composed(
    plan: Plan, kind: str, codes: tuple[str, ...], t_s: float, follows: tuple[Message, ...]
) -> Message:
    exercise = plan.text.exercise
    return compose(
        Order(
            kind=kind,
            status=exercise.status,
            sender=exercise.sender,
            sender_name=SENDER_NAME,
            sent=plan.starts + timedelta(seconds=t_s),
            incident="example",
            target=target_of(codes),
            languages=plan.languages,
            follows=follows,
            seed=str(plan.seed),
            exercise=plan.name,
        )
    )


def texts_of(messages: tuple[Message, ...]) -> list[dict[str, Any]]:
    """A row for each message and language: the text for phones, what it takes and the limit."""
    rows = []
    for kind, message in zip((*CHAIN, "cancel"), messages, strict=True):
        for info in message.infos:
            text = dict(info.parameters)[CELL_TEXT]
            taken, limit, alphabet = places(text)
            rows.append({
                "kind": kind,
                "type": message.kind,
                "language": info.language,
                "text": text,
                "headline": info.headline,
                "characters": len(text),
                "taken": taken,
                "limit": limit,
                "alphabet": alphabet,
            })  # fmt: skip
    return rows


def bytes_of(message: Message) -> int:
    """Size of a message before its signature."""
    return len(write(message))
