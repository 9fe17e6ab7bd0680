"""Whom a message of a chain frees, whom it calls, and whom it tells to stay: one place, one order.

Incidents end one by one, and people are under several. An all-clear frees only those over whom no
other alert stands; the others are told that one of their alerts ended and to stay inside. Leaving
them out would be silence: whoever keeps their messages by incident would go on showing this alert.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from hinomi.cap.message import Message


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """Kind of a message, and municipality codes in order, each told one thing."""

    kind: str  # of `cap.kinds.KINDS`
    codes: tuple[str, ...]  # of that kind
    called: tuple[str, ...] = ()  # beside an end: who must go on taking shelter
    held: tuple[str, ...] = ()  # beside an all-clear: who must stay, for another alert's sake


def split(
    codes: Collection[str], *, before: Collection[str], others: Iterable[Collection[str]]
) -> Told:
    """Split the next message of a chain.

    Parameters
    ----------
    codes
        under alert from now on; none for an all-clear.
    before
        under alert by this chain until now.
    others
        under alert by each other chain of the same sender.
    """
    now, gone = tuple(sorted(set(codes))), set(before) - set(codes)
    if not gone:
        return Told(kind="shelter", codes=now)
    held = gone.intersection(set().union(*others))
    free = tuple(sorted(gone - held))
    if not free:
        return Told(kind="stay", codes=tuple(sorted(held)), called=now)
    return Told(kind="all-clear", codes=free, called=now, held=tuple(sorted(held)))


def overtaken(message: Message, others: Iterable[Collection[str]]) -> str:
    """Why an end composed earlier would say the wrong thing by now; empty where it would not."""
    under: set[str] = set().union(*others)
    freed = codes_asked(message, "AllClear") & under
    if freed:
        return f"another alert stands by now over {len(freed)} of those it frees"
    held = codes_asked(message, "Monitor") - under
    if held:
        return f"the other alert over {len(held)} of those it holds back has ended"
    return ""


def codes_asked(message: Message, response: str) -> frozenset[str]:
    """Codes of the areas that a message asks for one response, such as Shelter."""
    return frozenset(
        code
        for info in message.infos
        if response in info.responses
        for area in info.areas
        for code in area.codes
    )
