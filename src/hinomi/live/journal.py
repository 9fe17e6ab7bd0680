"""The system of record: append-only, hash-chained rows, and the outbox in the same commit.

SQLite in WAL mode with `synchronous=FULL`: when `append` returns, its rows survive a kill of the
process, a crash of the system and a loss of power, as far as the disk keeps what it said it wrote.
"""

from __future__ import annotations

import contextlib
import json
import sqlite3
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, final

from hinomi.errors import FolderError
from hinomi.live.rows import Row, Stored, Verdict, body_text, digest_of, sha256
from hinomi.transport import sqlite_errors
from hinomi.transport.contract import Receipt

FILE: Final = "journal.db"
HEAD: Final = "head.json"
SETTINGS: Final = "exercise.json"
_TABLES: Final = """
CREATE TABLE IF NOT EXISTS journal(number INTEGER PRIMARY KEY, kind TEXT NOT NULL, t_s REAL NOT NULL,
  at_utc TEXT NOT NULL, who TEXT NOT NULL, incident TEXT NOT NULL, revision INTEGER NOT NULL,
  body TEXT NOT NULL, previous TEXT NOT NULL, digest TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS messages(key TEXT PRIMARY KEY, number INTEGER NOT NULL, incident TEXT NOT NULL,
  revision INTEGER NOT NULL, kind TEXT NOT NULL, after TEXT NOT NULL, sent_utc TEXT NOT NULL,
  expires_utc TEXT NOT NULL, content BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS deliveries(sequence INTEGER PRIMARY KEY AUTOINCREMENT, subject TEXT NOT NULL,
  key TEXT NOT NULL REFERENCES messages(key), UNIQUE(subject, key));
CREATE TABLE IF NOT EXISTS receipts(number INTEGER PRIMARY KEY AUTOINCREMENT, receiver TEXT NOT NULL,
  key TEXT NOT NULL, stage TEXT NOT NULL, reason TEXT NOT NULL, at_utc TEXT NOT NULL,
  content BLOB NOT NULL, UNIQUE(receiver, key, stage, reason));
CREATE INDEX IF NOT EXISTS receipts_of_key ON receipts(key, receiver);
CREATE INDEX IF NOT EXISTS deliveries_of_key ON deliveries(key);
CREATE TABLE IF NOT EXISTS carried(carrier TEXT PRIMARY KEY, sequence INTEGER NOT NULL);
"""
_FROZEN: Final = "".join(
    f"CREATE TRIGGER IF NOT EXISTS {table}_{verb.lower()} BEFORE {verb} ON {table} "
    f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END;\n"
    for table in ("journal", "messages", "deliveries", "receipts")
    for verb in ("UPDATE", "DELETE")
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A row before it has a number."""

    kind: str
    t_s: float
    who: str
    body: dict[str, Any] = field(default_factory=dict)
    incident: str = ""
    revision: int = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """A signed message to store; `number` is filled in from the entry at `entry`."""

    entry: int  # index into the entries of the same commit
    key: str
    incident: str
    revision: int
    kind: str
    after: str
    sent_utc: str
    expires_utc: str
    content: bytes


def wall_utc() -> str:
    """Wall time now, UTC, in milliseconds."""
    return datetime.fromtimestamp(time.time(), UTC).isoformat(timespec="milliseconds")


@final
class Journal:
    """The journal of one exercise, open for writing; one at a time (the folder's lock)."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        with _told(folder):
            self._link = sqlite3.connect(
                folder / FILE, isolation_level=None, check_same_thread=False
            )
            self._link.execute("PRAGMA journal_mode=WAL")
            self._link.execute("PRAGMA synchronous=FULL")
            self._link.executescript(_TABLES + _FROZEN)
            last = self._link.execute(
                "SELECT number, digest FROM journal ORDER BY number DESC LIMIT 1"
            ).fetchone()
            self._last_sequence = self._read_last()
        self.number: int = last[0] if last else 0
        self.head: str = last[1] if last else anchor_of(folder)

    def append(
        self, entries: Sequence[Entry], *, messages: Iterable[Outgoing] = (),
        deliveries: Iterable[tuple[str, str]] = (), receipts: Iterable[Receipt] = (),
    ) -> tuple[Row, ...]:  # fmt: skip
        """Write rows, messages, deliveries (subject, key) and receipts in one commit, or nothing.

        Raises
        ------
        StorageError
            when the disk is full or refuses; then nothing of it is on record.
        """
        rows = self._chained(entries)
        link = self._link
        with _told(self.folder):
            try:
                link.execute("BEGIN IMMEDIATE")
                link.executemany(
                    "INSERT INTO journal VALUES(?,?,?,?,?,?,?,?,?,?)",
                    [
                        (r.number, r.kind, r.t_s, r.at_utc, r.who, r.incident, r.revision, r.body, r.previous, r.digest)
                        for r in rows
                    ],
                )  # fmt: skip
                for m in messages:
                    link.execute(
                        "INSERT INTO messages VALUES(?,?,?,?,?,?,?,?,?)",
                        (m.key, rows[m.entry].number, m.incident, m.revision, m.kind, m.after,
                         m.sent_utc, m.expires_utc, m.content),
                    )  # fmt: skip
                sent = list(deliveries)
                link.executemany("INSERT INTO deliveries(subject, key) VALUES(?,?)", sent)
                link.executemany(
                    "INSERT OR IGNORE INTO receipts(receiver, key, stage, reason, at_utc, content) "
                    "VALUES(?,?,?,?,?,?)",
                    [(r.receiver, r.key, r.stage, r.reason, r.at_utc, r.content) for r in receipts],
                )
                link.execute("COMMIT")
            except BaseException:
                if link.in_transaction:
                    link.execute("ROLLBACK")
                raise
        if sent:
            self._last_sequence = self._read_last()
        if rows:
            self.number, self.head = rows[-1].number, rows[-1].digest
            _write_head(self.folder, self.number, self.head)
        return rows

    def _chained(self, entries: Sequence[Entry]) -> tuple[Row, ...]:
        number, previous, at = self.number, self.head, wall_utc()
        rows = []
        for e in entries:
            number += 1
            told = (
                number,
                e.kind,
                float(e.t_s),
                at,
                e.who,
                e.incident,
                e.revision,
                body_text(e.body),
            )
            digest = digest_of((*told, previous))
            rows.append(
                Row(
                    number=number, kind=e.kind, t_s=float(e.t_s), at_utc=at, who=e.who,
                    incident=e.incident, revision=e.revision, body=told[-1], previous=previous,
                    digest=digest,
                )
            )  # fmt: skip
            previous = digest
        return tuple(rows)

    def rows(self, *, after: int = 0) -> tuple[Row, ...]:
        """Rows with a number above `after`."""
        return _rows(self._link, after)

    def message(self, key: str) -> Stored | None:
        """A message by its key."""
        found = _messages(self._link, "WHERE m.key = ?", (key,))
        return found[0] if found else None

    def messages(self) -> tuple[Stored, ...]:
        """Every message on record, prepared ones too, in order of storing."""
        return _messages(self._link)

    def deliveries(
        self, *, after: int, subjects: Sequence[str] = (), most: int = 100
    ) -> tuple[tuple[int, str, str], ...]:
        """(sequence, subject, key) above a sequence, at most so many; no subject: all.

        A subject that ends in `.>` means everything below it.
        """
        where, values = "sequence > ?", [after]
        told: list[str] = []
        more: list[object] = []
        for subject in subjects:
            below = subject.endswith(".>")
            told.append("substr(subject, 1, ?) = ?" if below else "subject = ?")
            more += [len(subject) - 1, subject[:-1]] if below else [subject]
        if told:
            where += f" AND ({' OR '.join(told)})"
        found = self._link.execute(
            f"SELECT sequence, subject, key FROM deliveries WHERE {where} ORDER BY sequence LIMIT ?",  # noqa: S608
            (*values, *more, most),
        )
        return tuple(found.fetchall())

    def delivered(self, subject: str, key: str) -> bool:
        """Whether a message went out under a subject."""
        found = self._link.execute(
            "SELECT 1 FROM deliveries WHERE subject = ? AND key = ?", (subject, key)
        )
        return found.fetchone() is not None

    def released(self, key: str) -> bool:
        """Whether a message went out."""
        found = self._link.execute("SELECT 1 FROM deliveries WHERE key = ? LIMIT 1", (key,))
        return found.fetchone() is not None

    def last_sequence(self) -> int:
        """Sequence of the newest delivery; 0 where there is none."""
        return self._last_sequence

    def _read_last(self) -> int:
        found = self._link.execute("SELECT COALESCE(MAX(sequence), 0) FROM deliveries").fetchone()
        return int(found[0])

    def receipts(self, *, after: int = 0, most: int = 1000) -> tuple[tuple[int, Receipt], ...]:
        """Receipts with a number above `after`, with their numbers."""
        found = self._link.execute(
            "SELECT number, receiver, key, stage, reason, at_utc, content FROM receipts "
            "WHERE number > ? ORDER BY number LIMIT ?", (after, most),
        )  # fmt: skip
        return tuple((n, Receipt(*rest)) for n, *rest in found.fetchall())

    def heard(self, key: str) -> set[str]:
        """Receivers that have said anything about a message."""
        found = self._link.execute("SELECT DISTINCT receiver FROM receipts WHERE key = ?", (key,))
        return {name for (name,) in found.fetchall()}

    def has_receipt(self, receipt: Receipt) -> bool:
        """Whether this receipt is on record."""
        found = self._link.execute(
            "SELECT 1 FROM receipts WHERE receiver = ? AND key = ? AND stage = ? AND reason = ?",
            (receipt.receiver, receipt.key, receipt.stage, receipt.reason),
        )
        return found.fetchone() is not None

    def carried(self, carrier: str) -> int:
        """How far a carrier got."""
        found = self._link.execute("SELECT sequence FROM carried WHERE carrier = ?", (carrier,))
        return int((found.fetchone() or (0,))[0])

    def set_carried(self, carrier: str, sequence: int) -> None:
        """Remember how far a carrier got; publishing again is harmless, so no row of the journal."""
        with _told(self.folder):
            self._link.execute("INSERT OR REPLACE INTO carried VALUES(?,?)", (carrier, sequence))

    def close(self) -> None:
        """Close the file."""
        self._link.close()


def _told(folder: Path) -> contextlib.AbstractContextManager[None]:
    return sqlite_errors.told(folder / FILE, kept="what was released before is kept")


def anchor_of(folder: Path) -> str:
    """What the first row is bound to: the digest of the settings of the exercise."""
    try:
        return sha256((folder / SETTINGS).read_bytes())
    except OSError as error:
        raise FolderError(
            f"{folder}: no folder of an exercise ({SETTINGS}: {error.strerror}); "
            "`hinomi live SCENARIO --folder DIR` makes one"
        ) from None


def _write_head(folder: Path, number: int, digest: str) -> None:
    text = json.dumps({"number": number, "digest": digest})
    path = folder / f".{HEAD}"
    try:
        path.write_text(text, encoding="utf-8")
        path.replace(folder / HEAD)
    except OSError:  # it may lag; the journal has the truth
        return


def _rows(link: sqlite3.Connection, after: int = 0) -> tuple[Row, ...]:
    found = link.execute("SELECT * FROM journal WHERE number > ? ORDER BY number", (after,))
    names = [c[0] for c in found.description]
    return tuple(Row(**dict(zip(names, each, strict=True))) for each in found.fetchall())


def _messages(
    link: sqlite3.Connection, where: str = "", values: tuple[object, ...] = ()
) -> tuple[Stored, ...]:
    found = link.execute(
        "SELECT m.key, m.number, m.incident, m.revision, m.kind, m.after, m.sent_utc, m.expires_utc, "  # noqa: S608
        "NOT EXISTS(SELECT 1 FROM deliveries d WHERE d.key = m.key), m.content FROM messages m "
        f"{where} ORDER BY m.rowid", values,
    )  # fmt: skip
    return tuple(
        Stored(
            key=k, number=n, incident=i, revision=r, kind=kind, after=a, sent_utc=s, expires_utc=e,
            prepared=bool(p), content=c if isinstance(c, bytes) else str(c).encode(),
        )
        for k, n, i, r, kind, a, s, e, p, c in found.fetchall()
    )  # fmt: skip


@contextlib.contextmanager
def _reading(folder: str | Path) -> Iterator[sqlite3.Connection]:
    """A journal that is read alone; works while the exercise runs."""
    path = Path(folder) / FILE
    anchor_of(path.parent)
    if not path.exists():
        raise FolderError(f"{folder}: no {FILE}; the exercise never began")
    with (
        _told(path.parent),
        contextlib.closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as link,
    ):
        yield link


def read(folder: str | Path) -> tuple[Row, ...]:
    """Every row of an exercise's journal; works while it runs, and writes nothing."""
    with _reading(folder) as link:
        return _rows(link)


def messages(folder: str | Path) -> tuple[Stored, ...]:
    """Every message of an exercise, released or prepared, exact bytes."""
    with _reading(folder) as link:
        return _messages(link)


def deliveries(folder: str | Path) -> tuple[tuple[int, str, str], ...]:
    """(sequence, subject, key) of every delivery."""
    with _reading(folder) as link:
        found = link.execute("SELECT sequence, subject, key FROM deliveries ORDER BY sequence")
        return tuple(found.fetchall())


def receipts(folder: str | Path) -> tuple[Receipt, ...]:
    """Every receipt on record, in order of coming."""
    with _reading(folder) as link:
        found = link.execute(
            "SELECT receiver, key, stage, reason, at_utc, content FROM receipts ORDER BY number"
        )
        return tuple(Receipt(*each) for each in found.fetchall())


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """What a journal holds beyond a row and a receipt, as of one moment."""

    rows: tuple[Row, ...]
    receipts: tuple[tuple[int, str, str, str, str], ...]  # number, receiver, key, stage, at_utc


def news(folder: str | Path, *, row: int = 0, receipt: int = 0) -> News:
    """Rows and receipts with higher numbers than these; works while the exercise runs."""
    with _reading(folder) as link:
        link.execute("BEGIN")  # one moment: no receipt without the row of its message
        rows = _rows(link, row)
        found = link.execute(
            "SELECT number, receiver, key, stage, at_utc FROM receipts WHERE number > ? "
            "ORDER BY number",
            (receipt,),
        )
        return News(rows=rows, receipts=tuple(found.fetchall()))


def verify(folder: str | Path) -> Verdict:
    """Look through a journal and all that it binds; never raises for what was altered."""
    from hinomi.live.audit import audit

    return audit(Path(folder))
