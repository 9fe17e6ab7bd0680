"""What happens to a run that is ended from outside, in processes of their own."""

import hashlib
import json
import os
import signal
import subprocess
import sys
import time

import pytest

from hinomi.notebook.run import run
from hinomi.study import store, warm
from hinomi.study.provenance import code_fingerprint
from hinomi.study.resume import resume

SLOW = '{"slow_s": 0.25, "replicates": 24, "batch_size": 2}'


def drive(chains, *arguments, **surroundings):
    command = [sys.executable, str(chains / "drive_study.py"), *map(str, arguments)]
    settings = {**os.environ, "SOURCES": code_fingerprint()["source"], **surroundings}
    pipe = subprocess.PIPE
    return subprocess.Popen(command, stdout=pipe, stderr=pipe, text=True, env=settings)


def wait_for(folder, count, process):
    """Until so many batches are done; the time limit is generous because machines are slow."""
    end = time.monotonic() + 60
    while len(list(folder.glob("metrics/*.parquet"))) < count:
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < end
        time.sleep(0.02)


def test_a_run_ended_without_notice_is_finished_by_resume(tmp_path, chains, hashes, monkeypatch):
    """kill -9 of the driver: finished files keep their inode, only what was missing is computed."""
    monkeypatch.setattr(warm, "is_warm", lambda chain: True)
    expected = hashes(
        run(SLOW, out=tmp_path / "whole", workers=1, chain="fake_chain", quiet=True).folder
    )
    folder = tmp_path / "run"
    process = drive(chains, "run", SLOW, "-o", folder, "--workers", 2, "--quiet")
    wait_for(folder, 3, process)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    kept = wait_until_still(folder)
    assert 3 <= len(kept) < 12
    assert not (folder / "run.json").exists()
    missing = {b.key for b in store.missing(folder, store.read_plan(folder))}
    lines = len((folder / "events.jsonl").read_text().splitlines())
    resume(folder, workers=1, quiet=True)
    assert hashes(folder) == expected
    assert {p: p.stat().st_ino for p in kept} == kept
    events = [
        json.loads(line) for line in (folder / "events.jsonl").read_text().splitlines()[lines:]
    ]
    assert {e["key"] for e in events if e["event"] == "batch done"} == missing
    assert not list(folder.rglob("*.part"))


def wait_until_still(folder):
    """Workers end within a second or two of their driver; what they finish until then counts."""
    time.sleep(2.5)
    return {p: p.stat().st_ino for p in folder.glob("metrics/*.parquet")}


@pytest.mark.parametrize(
    ("number", "code", "workers"), [(signal.SIGINT, 130, 2), (signal.SIGTERM, 143, 1)]
)
def test_an_interrupted_run_says_how_to_go_on(tmp_path, chains, number, code, workers):
    folder = tmp_path / "run"
    process = drive(chains, "run", SLOW, "-o", folder, "--workers", workers, "--quiet", "--json")
    wait_for(folder, 1, process)
    process.send_signal(number)
    out, errors = process.communicate(timeout=60)
    assert process.returncode == code
    assert f"hinomi resume {folder}" in errors
    assert "Traceback" not in errors
    assert out == ""
    assert 1 <= len(list(folder.glob("metrics/*.parquet"))) < 12
    assert not list(folder.rglob("*.part"))


def test_a_worker_that_is_killed_costs_nothing(tmp_path, chains, hashes, monkeypatch):
    monkeypatch.setattr(warm, "is_warm", lambda chain: True)
    once = tmp_path / "once"
    text = json.dumps({"kills": [5], "once": str(once), "replicates": 12})
    study = run(text, out=tmp_path / "run", workers=2, chain="fake_chain", quiet=True)
    assert once.exists()
    assert study.complete
    alone = run(text, out=tmp_path / "alone", workers=1, chain="fake_chain", quiet=True)
    assert hashes(study.folder) == hashes(alone.folder)


@pytest.mark.parametrize(
    ("number", "when"), [(1, "before"), (3, "before"), (3, "after"), (7, "after"), (8, "before")]
)
def test_kill_at_every_kind_of_file_is_mended(tmp_path, chains, hashes, monkeypatch, number, when):
    """Two batches of three files, the summary, the manifest: ended just before or after each.

    Each file that is there then is the right one, and resume gives the bytes of a run in one go.
    """
    monkeypatch.setattr(warm, "is_warm", lambda chain: True)
    text = json.dumps({"replicates": 6, "batch_size": 3})
    whole = run(text, out=tmp_path / "whole", workers=1, chain="fake_chain", quiet=True)
    expected = hashes(whole.folder)
    assert len(expected) == 7
    folder = tmp_path / "run"
    at = f"{number} {when}"
    process = drive(chains, "run", text, "-o", folder, "--workers", 1, "--quiet", KILL_AT=at)
    process.communicate()
    assert process.returncode == -signal.SIGKILL
    there = hashes_there(folder)
    assert len(there) == min(7, number - (when == "before"))
    assert there.items() <= expected.items()
    resume(folder, workers=1, quiet=True)
    assert hashes(folder) == expected
    assert not list(folder.rglob("*.part"))


def hashes_there(folder):
    files = [p for p in folder.glob("*/*.parquet") if not p.name.startswith(".")]
    files += [p for p in (folder / "summary.json",) if p.exists()]
    return {str(p.relative_to(folder)): hashlib.sha256(p.read_bytes()).hexdigest() for p in files}


def test_a_file_that_may_not_grow_ends_the_run(tmp_path, chains, hashes, monkeypatch):
    """The system itself refuses (a limit on the size of files stands for a full disk): exit 1."""
    monkeypatch.setattr(warm, "is_warm", lambda chain: True)
    text = json.dumps({"replicates": 6, "batch_size": 3})
    whole = run(text, out=tmp_path / "whole", workers=1, chain="fake_chain", quiet=True).folder
    most = str((whole / "summary.json").stat().st_size - 1)  # the largest file of so small a run
    folder = tmp_path / "run"
    process = drive(chains, "run", text, "-o", folder, "--workers", 1, "--quiet", LARGEST=most)
    words = process.communicate()[1]
    assert process.returncode == 1, words
    assert "cannot write" in words
    assert f"hinomi resume {folder}" in words
    assert "Traceback" not in words
    assert not list(folder.rglob("*.part"))
    resume(folder, workers=1, quiet=True)
    assert hashes(folder) == hashes(whole)
