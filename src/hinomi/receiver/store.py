"""What a receiver keeps: messages, tombstones, marks of what was sounded, receipts, its cursor."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from hinomi.errors import FolderError
from hinomi.receiver.decide import CANCELLED, PENDING, RANK, REPLACED, STANDING, Known
from hinomi.transport import sqlite_errors
from hinomi.transport.contract import Delivered, Receipt

DATABASE: Final = "receiver.db"
MOST_REFUSALS: Final = 1_000  # and their receipts, for a receiver; older ones make room
_TABLES: Final = """
CREATE TABLE IF NOT EXISTS messages(
  receiver TEXT, key TEXT, digest TEXT, sender TEXT, identifier TEXT, sent TEXT, kind TEXT,
  incident TEXT, instant TEXT, after TEXT, sequence INTEGER, state TEXT, names_us INTEGER,
  expires TEXT, due TEXT, received_utc TEXT, PRIMARY KEY(receiver, key));
CREATE TABLE IF NOT EXISTS contents(digest TEXT PRIMARY KEY, content BLOB);
CREATE TABLE IF NOT EXISTS links(
  receiver TEXT, earlier TEXT, later TEXT, state TEXT, PRIMARY KEY(receiver, earlier, later));
CREATE TABLE IF NOT EXISTS marks(
  receiver TEXT, key TEXT, output TEXT, decided_utc TEXT, done_utc TEXT,
  PRIMARY KEY(receiver, key, output));
CREATE TABLE IF NOT EXISTS refusals(
  number INTEGER PRIMARY KEY, receiver TEXT, key TEXT, digest TEXT, code TEXT, words TEXT,
  at_utc TEXT, UNIQUE(receiver, key, digest, code));
CREATE TABLE IF NOT EXISTS receipts(
  number INTEGER PRIMARY KEY, receiver TEXT, key TEXT, stage TEXT, reason TEXT, at_utc TEXT,
  content BLOB, sent INTEGER DEFAULT 0, UNIQUE(receiver, key, stage, reason));
CREATE TABLE IF NOT EXISTS cursors(
  receiver TEXT, source TEXT, sequence INTEGER, PRIMARY KEY(receiver, source));
CREATE TABLE IF NOT EXISTS finished(receiver TEXT, source TEXT, PRIMARY KEY(receiver, source));
CREATE TABLE IF NOT EXISTS enrolments(run TEXT, output TEXT, PRIMARY KEY(run, output));
CREATE INDEX IF NOT EXISTS unsent ON receipts(sent, number);
CREATE INDEX IF NOT EXISTS states ON messages(state, expires, due);
CREATE INDEX IF NOT EXISTS undone ON marks(done_utc) WHERE done_utc='';
CREATE INDEX IF NOT EXISTS later ON links(receiver, later);
CREATE INDEX IF NOT EXISTS chains ON messages(receiver, sender, incident);
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A message as it is kept."""

    receiver: str
    key: str
    state: str
    kind: str
    after: str
    expires: str
    due: str  # when a pending update acts at the latest; "" otherwise
    incident: str
    sequence: int
    received_utc: str
    content: bytes


_KEPT: Final = (
    f"SELECT {', '.join(Kept.__dataclass_fields__)} FROM messages m "  # noqa: S608
    "LEFT JOIN contents USING (digest)"
)


class Store:
    """One SQLite file for all receivers of a host; each commit reaches the disk."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        try:
            # Another process, which confirms, may write for a moment: wait for it.
            self._db = sqlite3.connect(folder / DATABASE, timeout=5.0, isolation_level=None)
            self._db.execute("PRAGMA journal_mode=WAL")
            self._db.execute("PRAGMA synchronous=FULL")
            self._db.executescript(_TABLES)
        except sqlite3.Error as error:
            raise FolderError(
                f"{folder / DATABASE}: cannot be used: {error}; name another folder"
            ) from None

    def close(self) -> None:
        """Give the file back."""
        self._db.close()

    @contextlib.contextmanager
    def commit(self) -> Iterator[None]:
        """Everything in the block, or nothing; on the disk when the block ends."""
        with self._told():
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._db.execute("COMMIT")
            except BaseException:
                with contextlib.suppress(sqlite3.Error):
                    self._db.execute("ROLLBACK")
                raise

    # --- messages --------------------------------------------------------------------------------

    def known(
        self, receiver: str, key: str, named: Sequence[str], chain: tuple[str, str, str]
    ) -> Known:
        """What is known of a message, of those that it refers to or comes after, and of its chain.

        `named` are keys; `chain` is (sender, incident, instant), the instant in UTC.
        """
        digest = self._one("SELECT digest FROM messages WHERE receiver=? AND key=?", receiver, key)
        ended, waiting = self._ended_by_chain(receiver, key, chain), []
        rows = self._rows(
            "SELECT l.state, l.later, m.state FROM links l LEFT JOIN messages m "
            "ON m.receiver=l.receiver AND m.key=l.later WHERE l.receiver=? AND l.earlier=?",
            (receiver, key),
        )
        for state, later, kept in rows:
            if state and RANK[state] > RANK.get(ended, 0):
                ended = state
            if kept == PENDING:
                waiting.append(later)
        places = ",".join("?" * len(named))
        references = dict(
            self._rows(
                f"SELECT key, state FROM messages WHERE receiver=? AND key IN ({places})",  # noqa: S608
                (receiver, *named),
            )
        )
        return Known(
            digest=digest or "", ended=ended, references=references, waiting=tuple(sorted(waiting))
        )

    def _ended_by_chain(self, receiver: str, key: str, chain: tuple[str, str, str]) -> str:
        """Whether a later message of the same sender and incident is here already."""
        if not chain[1]:
            return ""
        rows = self._rows(
            "SELECT DISTINCT kind FROM messages WHERE receiver=? AND sender=? AND incident=? "
            "AND instant>? AND key<>? AND kind IN ('Update','Cancel')",
            (receiver, *chain, key),
        )
        kinds = {kind for (kind,) in rows}
        return CANCELLED if "Cancel" in kinds else REPLACED if kinds else ""

    def end_older(self, receiver: str, key: str, chain: tuple[str, str, str], state: str) -> None:
        """An update or a cancel ends everything older of its sender and incident."""
        if not chain[1]:
            return
        rows = self._rows(
            "SELECT key, state FROM messages WHERE receiver=? AND sender=? AND incident=? "
            "AND instant<? AND key<>?",
            (receiver, *chain, key),
        )
        for older, before in rows:
            if RANK[before] < RANK[state]:
                self.set_state(receiver, older, state)

    def keep(
        self, receiver: str, delivered: Delivered, *, digest: str, state: str, names_us: bool,
        triple: tuple[str, str, str], kind: str, chain: tuple[str, str, str], expires: str,
        due: str, at_utc: str,
    ) -> None:  # fmt: skip
        """Keep a message."""
        e = delivered.envelope
        # The receivers of a host share the bytes: a thousand of them write a message once.
        self._db.execute("INSERT OR IGNORE INTO contents VALUES (?,?)", (digest, e.content))
        self._db.execute(
            "INSERT INTO messages VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
            (
                receiver, e.key, digest, *triple, kind, *chain[1:], e.after,
                delivered.sequence, state, int(names_us), expires, due, at_utc,
            ),
        )  # fmt: skip

    def link(self, receiver: str, earlier: str, later: str, state: str) -> None:
        """A message ends an earlier one (a tombstone where that is not here), or waits for it."""
        self._db.execute(
            "INSERT INTO links VALUES (?,?,?,?) ON CONFLICT DO UPDATE SET state=excluded.state "
            "WHERE links.state=''",
            (receiver, earlier, later, state),
        )
        if state:
            found = self.message(receiver, earlier)
            if found is not None and RANK[found.state] < RANK[state]:
                self.set_state(receiver, earlier, state)

    def set_state(self, receiver: str, key: str, state: str) -> None:
        """Change the state of a message."""
        self._db.execute(
            "UPDATE messages SET state=?, due='' WHERE receiver=? AND key=?", (state, receiver, key)
        )

    def message(self, receiver: str, key: str) -> Kept | None:
        """A message by its key."""
        found = self._kept("receiver=? AND key=?", receiver, key)
        return found[0] if found else None

    def messages(self, receiver: str | None = None) -> tuple[Kept, ...]:
        """Messages in the order in which they came."""
        if receiver is None:
            return self._kept("1 ORDER BY receiver, m.rowid")
        return self._kept("receiver=? ORDER BY m.rowid", receiver)

    def due(self, at: str, wall: str) -> tuple[Kept, ...]:
        """Messages that have ended by a time of the exercise, and pending ones that waited enough."""
        return self._kept(
            "state IN (?,?) AND ((expires<>'' AND expires<=?) OR (state=? AND due<>'' AND due<=?))",
            STANDING, PENDING, at, PENDING, wall,
        )  # fmt: skip

    def refuse(self, receiver: str, key: str, digest: str, code: str, words: str, at: str) -> bool:
        """Keep why bytes were refused; whether that is new. The oldest make room."""
        done = self._db.execute(
            "INSERT OR IGNORE INTO refusals(receiver,key,digest,code,words,at_utc) "
            "VALUES (?,?,?,?,?,?)",
            (receiver, key, digest, code, words[:500], at),
        ).rowcount
        if done:
            self._db.execute(
                "DELETE FROM refusals WHERE receiver=? AND number <= (SELECT number FROM refusals "
                "WHERE receiver=? ORDER BY number DESC LIMIT 1 OFFSET ?)",
                (receiver, receiver, MOST_REFUSALS),
            )
        return bool(done)

    def refusals(self, receiver: str) -> tuple[tuple[str, str], ...]:
        """(code, words) of what was refused, oldest first."""
        rows = self._rows(
            "SELECT code, words FROM refusals WHERE receiver=? ORDER BY number", (receiver,)
        )
        return tuple((code, words) for code, words in rows)

    # --- marks -----------------------------------------------------------------------------------

    def mark(self, receiver: str, key: str, output: str, at_utc: str) -> bool:
        """Decide that an output acts, before it does; False where that was decided before."""
        return bool(
            self._db.execute(
                "INSERT OR IGNORE INTO marks VALUES (?,?,?,?,'')", (receiver, key, output, at_utc)
            ).rowcount
        )

    def done(self, receiver: str, key: str, output: str, at_utc: str) -> None:
        """Say that an output acted."""
        self._db.execute(
            "UPDATE marks SET done_utc=? WHERE receiver=? AND key=? AND output=?",
            (at_utc, receiver, key, output),
        )

    def undone(self) -> tuple[tuple[str, str, str], ...]:
        """(receiver, key, output) that were decided, and nobody knows whether they acted."""
        rows = self._rows(
            "SELECT receiver, key, output FROM marks WHERE done_utc='' ORDER BY rowid"
        )
        return tuple((a, b, c) for a, b, c in rows)

    # --- receipts, cursors, enrolments -----------------------------------------------------------

    def put_receipt(self, receipt: Receipt) -> None:
        """Keep a receipt until the sender has it; the same one is kept once.

        Of messages that are not kept, which anybody may make up, the oldest receipts make room.
        """
        done = self._db.execute(
            "INSERT OR IGNORE INTO receipts(receiver,key,stage,reason,at_utc,content) "
            "VALUES (?,?,?,?,?,?)",
            (receipt.receiver, receipt.key, receipt.stage, receipt.reason, receipt.at_utc,
             receipt.content),
        ).rowcount  # fmt: skip
        if done and receipt.stage == "refused":
            self._db.execute(
                "DELETE FROM receipts WHERE number IN (SELECT number FROM receipts r "
                "WHERE receiver=? AND stage='refused' AND NOT EXISTS (SELECT 1 FROM messages m "
                "WHERE m.receiver=r.receiver AND m.key=r.key) "
                "ORDER BY number DESC LIMIT -1 OFFSET ?)",
                (receipt.receiver, MOST_REFUSALS),
            )

    def send_again(self, receiver: str, key: str) -> None:
        """Let the receipts of a message go out once more."""
        self._db.execute("UPDATE receipts SET sent=0 WHERE receiver=? AND key=?", (receiver, key))

    def unsent(self, most: int = 500) -> tuple[tuple[int, Receipt], ...]:
        """Receipts that the sender may not have, oldest first."""
        rows = self._rows(
            "SELECT number, receiver, key, stage, reason, at_utc, content FROM receipts "
            "WHERE sent=0 ORDER BY number LIMIT ?",
            (most,),
        )
        return tuple((number, Receipt(*rest)) for number, *rest in rows)

    def receipts(self, receiver: str) -> tuple[Receipt, ...]:
        """All receipts of a receiver."""
        rows = self._rows(
            "SELECT receiver, key, stage, reason, at_utc, content FROM receipts WHERE receiver=? "
            "ORDER BY number",
            (receiver,),
        )
        return tuple(Receipt(*row) for row in rows)

    def sent(self, numbers: Sequence[int]) -> None:
        """The sender has these receipts."""
        self._db.executemany("UPDATE receipts SET sent=1 WHERE number=?", [(n,) for n in numbers])

    def cursor(self, receiver: str, source: str) -> int:
        """Sequence up to which everything of a source was stored."""
        found = self._one(
            "SELECT sequence FROM cursors WHERE receiver=? AND source=?", receiver, source
        )
        return int(found or 0)

    def move(self, receiver: str, source: str, sequence: int) -> None:
        """Move the cursor on; never back."""
        self._db.execute(
            "INSERT INTO cursors VALUES (?,?,?) ON CONFLICT DO UPDATE SET "
            "sequence=max(sequence, excluded.sequence)",
            (receiver, source, sequence),
        )

    def rewind(self, receiver: str, source: str) -> None:
        """Read a source from its first message again; what is kept makes repeats harmless."""
        with self.commit():
            for table in ("cursors", "finished"):
                self._db.execute(
                    f"DELETE FROM {table} WHERE receiver=? AND source=?",  # noqa: S608
                    (receiver, source),
                )

    def sources(self) -> tuple[str, ...]:
        """Sources of which anything came, in order of their names."""
        rows = self._rows("SELECT DISTINCT source FROM cursors ORDER BY source")
        return tuple(source for (source,) in rows)

    def finish(self, receiver: str, source: str) -> None:
        """Keep that the exercise of a source is over for a receiver."""
        self._db.execute("INSERT OR IGNORE INTO finished VALUES (?,?)", (receiver, source))

    def is_finished(self, receiver: str, source: str) -> bool:
        """Whether the exercise of a source said that it is over."""
        found = self._one("SELECT 1 FROM finished WHERE receiver=? AND source=?", receiver, source)
        return found is not None

    def enrol(self, run: str, outputs: Sequence[str]) -> None:
        """Enrol outputs in an exercise, and no others."""
        with self.commit():
            self._db.execute("DELETE FROM enrolments")
            self._db.executemany(
                "INSERT OR IGNORE INTO enrolments VALUES (?,?)", [(run, each) for each in outputs]
            )

    def _kept(self, where: str, *values: Any) -> tuple[Kept, ...]:
        rows = self._rows(f"{_KEPT} WHERE {where}", values)
        return tuple(Kept(**dict(zip(Kept.__dataclass_fields__, row, strict=True))) for row in rows)

    def _one(self, query: str, *values: Any) -> Any:
        found = self._rows(query, values)
        return found[0][0] if found else None

    def _rows(self, query: str, values: Sequence[Any] = ()) -> list[Any]:
        with self._told():
            return self._db.execute(query, values).fetchall()

    def _told(self) -> contextlib.AbstractContextManager[None]:
        return sqlite_errors.told(self.folder / DATABASE, kept="what was stored before is kept")
