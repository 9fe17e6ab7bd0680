"""The record: one commit or nothing, one sync before it returns, and any change is found."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import textwrap

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hinomi.errors import FolderError, StorageError
from hinomi.live import journal
from hinomi.live.journal import Entry, Journal
from hinomi.transport.contract import Receipt


@pytest.fixture(scope="module")
def once(desk_of, make_proposal, tmp_path_factory):
    """A folder with an exercise in it: start, alert, update, receipts, cancel, end."""
    folder = tmp_path_factory.mktemp("sound")
    (folder / "exercise.json").write_text(json.dumps({"format": "hinomi/live/1"}))
    office = desk_of(folder)
    office.announce(until_s=600.0)
    office.propose(make_proposal(), auto=True)
    office.propose(make_proposal(1, kind="update", codes=("47201", "47382"), t_s=130.0), auto=True)
    key = office.register.standing()[0].key
    office.receive([Receipt("naha", key, "shown", "", "2026-01-01T00:00:00Z", b"x")], t_s=140.0)
    office.stop(who="director-1", why="done", t_s=150.0)
    office.journal.close()
    assert journal.verify(folder).sound
    return folder


@pytest.fixture
def sound(once, tmp_path):
    """A copy of it to spoil."""
    return shutil.copytree(once, tmp_path / "sound")


def altered(folder, sql, *values):
    """Change the file behind the triggers' back."""
    link = sqlite3.connect(folder / journal.FILE)
    for (name,) in link.execute("SELECT name FROM sqlite_master WHERE type='trigger'").fetchall():
        link.execute(f"DROP TRIGGER {name}")
    changed = link.execute(sql, values).rowcount
    link.commit()
    link.close()
    return changed


@pytest.mark.parametrize("table", ["journal", "messages", "deliveries", "receipts"])
def test_tables_refuse_change_and_deletion(sound, table):
    link = sqlite3.connect(sound / journal.FILE)
    column = {"journal": "who", "messages": "kind", "deliveries": "subject", "receipts": "stage"}
    for sql in (f"UPDATE {table} SET {column[table]} = 'x'", f"DELETE FROM {table}"):
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            link.execute(sql)
    link.close()


COLUMNS = ("kind", "t_s", "at_utc", "who", "incident", "revision", "body", "previous", "digest")


@settings(max_examples=25, derandomize=True, deadline=None,
          suppress_health_check=[HealthCheck.function_scoped_fixture])  # fmt: skip
@given(row=st.integers(1, 8), column=st.sampled_from(COLUMNS), data=st.data())
def test_any_changed_value_of_any_row_is_found_with_its_row(sound, row, column, data):
    copy = sound / "copy"
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(sound, copy)
    before = journal.read(copy)[row - 1]
    old = getattr(before, column)
    new = data.draw(
        st.integers(0, 10_000)
        if isinstance(old, int | float)
        else st.text("abcdef0123", max_size=70)
    )
    if new == old or (column == "body" and not new):
        return

    assert altered(copy, f"UPDATE journal SET {column} = ? WHERE number = ?", new, row) == 1

    verdict = journal.verify(copy)
    assert not verdict.sound
    assert verdict.row in (row, row + 1) or column == "body"


@pytest.mark.parametrize(
    ("sql", "row"),
    [
        ("DELETE FROM journal WHERE number = 3", 3),
        ("DELETE FROM journal WHERE number = (SELECT MAX(number) FROM journal)", None),
        ("UPDATE messages SET content = CAST(content || x'20' AS BLOB) WHERE kind = 'alert'", 3),
        ("DELETE FROM messages WHERE kind = 'alert'", 3),
        ("DELETE FROM deliveries WHERE sequence = 2", 4),
        ("UPDATE deliveries SET subject = 'hinomi.r.exercise.47.47214' WHERE subject LIKE '%47382'", None),
        ("UPDATE messages SET content = 'text' WHERE kind = 'alert'", 3),
        ("INSERT INTO deliveries(subject, key) SELECT 'hinomi.r.exercise.13.13101', key FROM messages LIMIT 1", None),
        ("UPDATE receipts SET stage = 'confirmed'", None),
        ("DELETE FROM receipts", None),
    ],
)  # fmt: skip
def test_a_missing_row_other_bytes_or_another_recipient_is_found(sound, sql, row):
    assert altered(sound, sql) >= 1

    verdict = journal.verify(sound)

    assert not verdict.sound
    assert row is None or verdict.row == row, verdict


def test_other_settings_than_those_of_the_first_row_are_found(sound):
    (sound / "exercise.json").write_text(json.dumps({"format": "hinomi/live/1", "mode": "other"}))

    assert journal.verify(sound).row == 1


def test_a_file_that_is_no_database_is_a_verdict_not_a_traceback(sound):
    (sound / journal.FILE).write_bytes(b"no database" * 400)

    assert not journal.verify(sound).sound


def test_a_folder_without_an_exercise_is_told_so(tmp_path):
    with pytest.raises(FolderError, match="no folder of an exercise"):
        journal.read(tmp_path)


def test_a_full_disk_keeps_what_was_there_and_nothing_of_the_new(office, proposal, folder):
    office.propose(proposal(), auto=True)
    before, sequence = office.journal.number, office.journal.last_sequence()
    link = office.journal._link
    pages = link.execute("PRAGMA page_count").fetchone()[0]
    link.execute(f"PRAGMA max_page_count = {pages}")

    with pytest.raises(StorageError, match="full"):  # noqa: PT012  (some fit before one does not)
        for n in range(1, 200):
            office.propose(proposal(track=n, t_s=100.0 + n), auto=True)
            before, sequence = office.journal.number, office.journal.last_sequence()

    assert office.journal.number == before
    assert office.journal.last_sequence() == sequence
    office.journal.close()
    verdict = journal.verify(folder)
    assert verdict.sound
    assert verdict.rows == before
    keys = [m.key for m in journal.messages(folder) if not m.prepared]
    assert {k for _, _, k in journal.deliveries(folder)} == set(keys)


SHIM = """
static int count;
int hinomi_syncs(void) { return count; }
int fsync(int fd) { (void)fd; count++; return 0; }
int fdatasync(int fd) { (void)fd; count++; return 0; }
"""
CHILD = """
    import ctypes, sys
    from pathlib import Path
    from hinomi.live.journal import Entry, Journal
    syncs = ctypes.CDLL(None).hinomi_syncs
    j = Journal(Path(sys.argv[1]))
    j.append([Entry(kind="clock", t_s=0.0, who="c")])
    for _ in range(5):
        before = syncs()
        j.append([Entry(kind="clock", t_s=0.0, who="c"), Entry(kind="notice", t_s=0.0, who="c")])
        print(syncs() - before)
"""


def test_append_returns_only_after_one_sync_of_the_disk(folder):
    """Counted by a library that stands before the system's fsync and fdatasync."""
    compiler = shutil.which("cc")
    if compiler is None:
        pytest.skip("no C compiler to count calls with")
    (folder / "count.c").write_text(SHIM)
    library = folder / "count.so"
    subprocess.run([compiler, "-shared", "-fPIC", "-o", library, folder / "count.c"], check=True)

    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(CHILD), folder], capture_output=True, text=True,
        env={**os.environ, "LD_PRELOAD": str(library)}, timeout=60,
    )  # fmt: skip

    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["1"] * 5


def test_the_journal_asks_for_full_sync_and_a_write_ahead_log(office):
    link = office.journal._link

    assert link.execute("PRAGMA synchronous").fetchone() == (2,)
    assert link.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_rows_are_read_while_somebody_writes(folder):
    writer = Journal(folder)
    writer.append([Entry(kind="clock", t_s=1.0, who="c")])

    assert [r.kind for r in journal.read(folder)] == ["clock"]
    writer.append([Entry(kind="notice", t_s=2.0, who="c")])
    assert [r.kind for r in journal.read(folder)] == ["clock", "notice"]
    writer.close()
