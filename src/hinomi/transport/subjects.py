"""Subjects and keys: what a carrier calls a recipient and a message, and which modes exist."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import Final

from hinomi.errors import FenceError, ScenarioError
from hinomi.transport.contract import MODES, Envelope

ALL: Final = "all"
ANY: Final = ">"  # last part of a pattern: everything below
_RUN = re.compile(r"[A-Za-z0-9_-]{1,64}")
_CODE = re.compile(r"[0-9]{5}")
KINDS: Final = ("start", "alert", "update", "cancel", "end")
MAX_CONTENT: Final = 1 << 19  # bytes of one message, as the gate of a receiver lets pass


@dataclass(frozen=True, slots=True)
class Subject:
    """A subject taken apart; `code` is a municipality, or `all`."""

    run: str
    mode: str
    code: str

    def __str__(self) -> str:
        if self.code == ALL:
            return f"hinomi.{self.run}.{self.mode}.{ALL}"
        return f"hinomi.{self.run}.{self.mode}.{self.code[:2]}.{self.code}"


def subject_of(run: str, mode: str, code: str = ALL) -> str:
    """Subject of one municipality, or of everybody in a run.

    Raises
    ------
    FenceError
        for a mode other than exercise and test.
    ScenarioError
        for a name of a run, or a code, that no subject can hold.
    """
    refuse_mode(mode)
    if not _RUN.fullmatch(run):
        raise ScenarioError(f"the run is called {run!r}; write at most 64 letters, digits, - and _")
    if code != ALL and not _CODE.fullmatch(code):
        raise ScenarioError(f"{code!r} is no municipality code; write five digits, or all")
    return str(Subject(run, mode, code))


def parse_subject(text: str) -> Subject:
    """Take a subject apart; ScenarioError where it is none, FenceError for another mode."""
    parts = text.split(".")
    if len(parts) < 4 or parts[0] != "hinomi":
        raise ScenarioError(
            f"{text[:120]!r} is no subject; they are hinomi.RUN.MODE.PREFECTURE.MUNICIPALITY"
        )
    refuse_mode(parts[2])
    found = Subject(parts[1], parts[2], parts[-1])
    if text != subject_of(found.run, found.mode, found.code):
        raise ScenarioError(
            f"{text[:120]!r} is no subject; they are hinomi.RUN.MODE.PREFECTURE.MUNICIPALITY"
        )
    return found


def refuse_mode(mode: str) -> None:
    """Raise FenceError for a mode other than exercise and test."""
    if mode not in MODES:
        raise FenceError(
            f"no carrier has a subject of mode {mode[:40]!r}; there are {' and '.join(MODES)} alone"
        )


def parse_pattern(text: str) -> tuple[str, str]:
    """(run, mode) of a subject, or of one that ends in `.>` and means everything below."""
    if not text.endswith(f".{ANY}"):
        found = parse_subject(text)
        return found.run, found.mode
    parts = text.split(".")
    if len(parts) not in (4, 5) or parts[0] != "hinomi" or not _RUN.fullmatch(parts[1]):
        raise ScenarioError(
            f"{text[:120]!r} is no pattern; write hinomi.RUN.MODE.> or hinomi.RUN.MODE.PREFECTURE.>"
        )
    refuse_mode(parts[2])
    return parts[1], parts[2]


def refuse_pattern(text: str, *, mode: str) -> None:
    """Raise FenceError for a pattern of another mode than the carrier's."""
    found = parse_pattern(text)[1]
    if found != mode:
        raise FenceError(
            f"this carrier is for mode {mode}; nobody listens to mode {found} on it: {text[:120]}"
        )


def matches(pattern: str, subject: str) -> bool:
    """Whether a subject is the pattern, or lies below one that ends in `.>`."""
    return subject.startswith(pattern[:-1]) if pattern.endswith(f".{ANY}") else subject == pattern


def subjects_for(run: str, mode: str, codes: tuple[str, ...]) -> tuple[str, ...]:
    """What a receiver for these municipalities subscribes to: its own and everybody's."""
    return (*(subject_of(run, mode, code) for code in codes), subject_of(run, mode))


def key_of(triple: tuple[str, str, str]) -> str:
    """Key of a message: SHA-256 (hex) of `sender,identifier,sent`, as references write it."""
    return hashlib.sha256(",".join(triple).encode()).hexdigest()


def publication_key(envelope: Envelope) -> str:
    """What may be published once: one message to one subject."""
    return f"{envelope.key}@{envelope.subject}"


def refuse_envelope(envelope: Envelope, *, mode: str | None = None) -> Subject:
    """Look an envelope over before it leaves.

    Raises
    ------
    FenceError
        for a subject of no mode, or of another mode than the carrier's.
    ScenarioError
        for a key, kind or revision that is none, or a content that receivers refuse.
    """
    found = parse_subject(envelope.subject)
    if mode is not None and found.mode != mode:
        raise FenceError(
            f"this carrier is for mode {mode}; a message of mode {found.mode} never travels on it"
        )
    for name in ("key", "after"):
        text = getattr(envelope, name)
        if not (re.fullmatch(r"[0-9a-f]{64}", text) or (name == "after" and not text)):
            raise ScenarioError(f"{name} is {text[:80]!r}; it is a SHA-256 in hexadecimal digits")
    if envelope.kind not in KINDS:
        raise ScenarioError(f"kind is {envelope.kind!r}; it is one of {', '.join(KINDS)}")
    if envelope.revision < 0:
        raise ScenarioError(f"revision is {envelope.revision}; it counts from 0")
    if not 0 < len(envelope.content) <= MAX_CONTENT:
        raise ScenarioError(
            f"the content has {len(envelope.content):,} bytes; a message has at most "
            f"{MAX_CONTENT:,}, and at least one"
        )
    return found
