"""What exercise control did and when: one line of JSON each, beside the folder of the exercise."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

from hinomi.errors import FolderError

FILE: Final = "injects.jsonl"


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """One step of an inject.

    step
        `begun`, `ended`, `done`, `failed`, or `found` (a false alarm is known to be one).
    codes, keys
        municipalities and messages that it was done to.
    """

    name: str
    kind: str
    step: str
    t_s: float  # scenario clock
    at_utc: str
    codes: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    told: str = ""
    more: dict[str, Any] = field(default_factory=dict)


def note(folder: Path, act: Act) -> None:
    """Write one step, on the disk before this returns."""
    line = json.dumps(asdict(act), ensure_ascii=False) + "\n"
    handle = os.open(folder / FILE, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
    try:
        os.write(handle, line.encode())
        os.fsync(handle)
    finally:
        os.close(handle)


def acts(folder: Path) -> tuple[Act, ...]:
    """Every step on record; nothing where there was no inject.

    Raises
    ------
    FolderError
        naming the line that is damaged; a last line that was cut off is passed over.
    """
    path = folder / FILE
    if not path.exists():
        return ()
    # What follows the last end of a line was cut off, perhaps within a letter. Lines end there
    # alone: the words of a card may hold other signs at which Python would break a line.
    lines = path.read_bytes().split(b"\n")[:-1]
    found = []
    for number, line in enumerate(lines, start=1):
        try:
            told = dict(json.loads(line))
            told |= {k: tuple(told.get(k, ())) for k in ("codes", "keys")}
            found.append(Act(**told))
        except (ValueError, TypeError) as error:
            raise FolderError(f"{path}:{number}: no step of an inject: {error}") from None
    return tuple(found)
