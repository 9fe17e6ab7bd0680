"""An exercise as it was: its journal, what receivers said, what was done to it, on two clocks."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import numpy as np

from hinomi.cap.gate import gate
from hinomi.cap.message import read as read_message
from hinomi.drill.log import Act, acts
from hinomi.errors import FolderError, HinomiError
from hinomi.live import journal
from hinomi.live.rows import Row, Stored
from hinomi.study.store import read_json
from hinomi.transport.contract import Receipt
from hinomi.transport.subjects import ALL, parse_subject

LIVE: Final = "live"
RECEIVERS: Final = "receivers"
SOUNDED: Final = "sounded.log"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A message that went out: when, for whom, and what its own areas say."""

    key: str
    kind: str  # alert, update, cancel (start and end are kept apart)
    incident: str
    revision: int
    after: str
    t_s: float  # scenario clock of its release
    wall_s: float
    expires_s: float  # scenario clock
    codes: tuple[str, ...]  # of its subjects
    named: tuple[str, ...]  # of its areas
    sheltering: tuple[str, ...]  # of its areas, those that it asks to take shelter
    closing: bool  # a cancel that the end of the exercise sent


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """Everything a review needs."""

    folder: Path
    settings: dict[str, Any]
    rows: tuple[Row, ...]
    sent: tuple[Sent, ...]
    receivers: dict[str, str]  # name -> code
    groups: dict[str, str]  # name -> channel
    receipts: tuple[Receipt, ...]
    sounds: tuple[tuple[str, str], ...]  # (receiver, key), one for each time
    acts: tuple[Act, ...]
    clock: Clock


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """Scenario seconds against seconds of the wall, from the rows of the journal."""

    wall_s: Any = field(repr=False)
    t_s: Any = field(repr=False)

    def scenario_s(self, wall_s: float) -> float:
        """Scenario time at a time of the wall; held at the ends."""
        return float(np.interp(wall_s, self.wall_s, self.t_s))

    @property
    def speed(self) -> float:
        """Mean scenario seconds in a second."""
        lasted = float(self.wall_s[-1] - self.wall_s[0]) if len(self.wall_s) else 0.0
        return float(self.t_s[-1] - self.t_s[0]) / lasted if lasted > 0.0 else 1.0


def seconds_of(text: str) -> float:
    """Seconds since 1970 of an ISO 8601 time with its offset."""
    return datetime.fromisoformat(text).timestamp()


def read_record(folder: Path) -> Record:
    """Read the folder of `hinomi drill run`, or of `hinomi live` alone.

    Raises
    ------
    FolderError
        where there is no exercise, or its files are damaged.
    """
    live = folder / LIVE if (folder / LIVE / journal.SETTINGS).is_file() else folder
    rows = journal.read(live)
    if not rows:
        raise FolderError(f"{live}: the journal is empty; the exercise never began")
    enrolled = _enrolled(live / "receivers.json")
    settings = _json(live / journal.SETTINGS)
    clock = clock_of([(seconds_of(r.at_utc), r.t_s) for r in rows])
    return Record(
        folder=folder,
        settings=settings,
        rows=rows,
        sent=_sent(live, rows),
        receivers={name: code for name, code, _ in enrolled},
        groups={name: group for name, _, group in enrolled},
        receipts=journal.receipts(live),
        sounds=tuple(s for path in _sound_logs(folder) for s in _sounds(path)),
        acts=acts(folder),
        clock=clock,
    )


def _json(path: Path) -> dict[str, Any]:
    return read_json(path) if path.is_file() else {}


def _enrolled(path: Path) -> list[tuple[str, str, str]]:
    """(name, code, channel) of each receiver of an address book; nobody where there is none."""
    try:
        rows = _json(path).get("receivers", ())
        return [(str(r["name"]), str(r["code"]), str(r.get("group", "feed"))) for r in rows]
    except (AttributeError, KeyError, TypeError):
        raise FolderError(
            f"{path}: is damaged (no list of receivers); put it back as it was"
        ) from None


def clock_of(marks: Sequence[tuple[float, float]]) -> Clock:
    """Clock through pairs of wall time and scenario time [s], in any order."""
    wall, t = np.array(marks, dtype=float).T
    order = np.argsort(wall, kind="stable")
    wall, t = wall[order], np.maximum.accumulate(t[order])
    return Clock(wall_s=wall, t_s=t)


def _sent(live: Path, rows: tuple[Row, ...]) -> tuple[Sent, ...]:
    """Messages with deliveries, in order of release."""
    stored = {m.key: m for m in journal.messages(live)}
    subjects: dict[str, list[str]] = {}
    for _, subject, key in journal.deliveries(live):
        subjects.setdefault(key, []).append(subject)
    found = []
    over = next((r.number for r in rows if r.kind in ("stopped", "ended")), len(rows) + 1)
    for row in rows:
        if row.kind not in ("released", "cancelled"):
            continue
        key = str(row.content.get("key", ""))
        if key in stored and key in subjects:
            found.append(_one(row, stored[key], subjects[key], closing=row.number > over))
    return tuple(found)


def _one(row: Row, message: Stored, subjects: list[str], *, closing: bool) -> Sent:
    codes = {parse_subject(s).code for s in subjects} - {ALL}
    named: tuple[str, ...] = ()
    sheltering: tuple[str, ...] = ()
    expires_s = float("inf")
    try:
        read = read_message(gate(message.content))
        named = tuple(c[:5] for c in read.codes_of_areas)
        if read.kind != "Cancel":
            asked = [i for i in read.infos if "Shelter" in i.responses]
            sheltering = tuple(sorted({c[:5] for i in asked for a in i.areas for c in a.codes}))
        sent = seconds_of(read.sent)
        ends = [seconds_of(i.expires) for i in read.infos if i.expires]
        expires_s = row.t_s + max(ends) - sent if ends else expires_s
    except (HinomiError, ValueError):
        pass  # the message stays on the list: its deliveries count
    return Sent(
        key=message.key, kind=message.kind, incident=message.incident, revision=message.revision,
        after=message.after, t_s=row.t_s, wall_s=seconds_of(row.at_utc), expires_s=expires_s,
        codes=tuple(sorted(codes)), named=named, sheltering=sheltering,
        closing=closing,
    )  # fmt: skip


def _sound_logs(folder: Path) -> list[Path]:
    return sorted((folder / RECEIVERS).glob(f"*/{SOUNDED}"))


def _sounds(path: Path) -> list[tuple[str, str]]:
    found = []
    for line in path.read_text(encoding="utf-8").splitlines():
        try:
            told = json.loads(line)
            found.append((str(told["receiver"]), str(told["key"])))
        except (ValueError, KeyError, TypeError):
            continue  # a line cut off by a kill
    return found
