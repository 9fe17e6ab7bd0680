"""Real runs that are killed, interrupted or terminated: nothing finished is lost, bytes are the same."""

import hashlib
import json
import os
import signal
import subprocess
import sys
import time

import pytest

from hinomi.errors import stop_behind
from hinomi.study.engine import Local

WORDS = ("replay-2017-08-29", "-n", "40", "--companions", "0", "--workers", "1")
FOUND_S = 60.0


def started(folder, *words):
    """The program as a process of its own, once the first batch of its run is on disk."""
    driver = subprocess.Popen(
        [sys.executable, "-m", "hinomi", "run", *WORDS, *words, "-o", folder],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    end = time.monotonic() + FOUND_S
    while not list(folder.glob("metrics/*.parquet")):
        assert driver.poll() is None, driver.communicate()
        assert time.monotonic() < end
        time.sleep(0.02)
    return driver


def hashes(folder):
    files = [*folder.glob("*/*.parquet"), folder / "summary.json"]
    return {str(p.relative_to(folder)): hashlib.sha256(p.read_bytes()).hexdigest() for p in files}


def events(folder):
    return [json.loads(line) for line in (folder / "events.jsonl").read_text().splitlines()]


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """The same run without interruption."""
    folder = tmp_path_factory.mktemp("whole") / "run"
    words = [sys.executable, "-m", "hinomi", "run", *WORDS, "-o", folder, "--quiet"]
    subprocess.run(words, check=True, stdout=subprocess.DEVNULL)
    return folder


def test_a_killed_run_goes_on_where_it_was_and_ends_with_the_same_bytes(tmp_path, whole, program):
    folder = tmp_path / "run"
    driver = started(folder)
    os.kill(driver.pid, signal.SIGKILL)
    driver.communicate()
    assert driver.returncode == -signal.SIGKILL
    done = {p: p.stat().st_mtime_ns for p in folder.glob("metrics/*.parquet")}
    assert 1 <= len(done) < 4
    assert not (folder / "run.json").exists()
    code, out, err = program("resume", "run", "--companions", "0", "--workers", "1")
    assert code == 0, err
    assert f"40 replicates to compute ({10 * len(done)} are there)" in err
    assert hashes(folder) == hashes(whole)
    assert {p: p.stat().st_mtime_ns for p in done} == done
    computed = [e["key"] for e in events(folder) if e["event"] == "batch done"]
    # A kill may fall between a batch's files and its line in the log, so one line may be missing.
    assert len(computed) == len(set(computed)) >= 3
    written = {p.stem for p in folder.glob("metrics/*.parquet")}
    assert len(written) == 4
    assert set(computed) <= written
    assert written - set(computed) <= {p.stem for p in done}
    assert not list(folder.rglob("*.part"))
    code, out, err = program("run", *WORDS, "-o", "run")
    assert code == 0
    assert "complete already: 40 replicates in run" in err
    assert out.splitlines()[-1] == "report: run/report.html"


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_stopped_run_says_how_to_go_on_and_fails_nothing(tmp_path, number, code):
    folder = tmp_path / "run"
    driver = started(folder)
    driver.send_signal(number)
    out, err = driver.communicate(timeout=FOUND_S)
    assert driver.returncode == code, err
    assert out == ""
    assert f"what was finished is kept. Go on with: hinomi resume {folder}" in err
    assert "Traceback" not in err
    assert not [e for e in events(folder) if e["event"] == "batch failed"]
    assert not (folder / "run.json").exists()


def test_an_interruption_is_found_behind_nested_kernels():
    """One kernel's dispatcher within another's wraps twice."""
    outer, inner, stop = SystemError("outer"), SystemError("inner"), KeyboardInterrupt()
    outer.__cause__, inner.__cause__ = inner, stop
    assert stop_behind(outer) is stop
    assert stop_behind(SystemError("alone")) is None


@pytest.mark.parametrize("stop", [KeyboardInterrupt, SystemExit])
def test_a_signal_inside_a_compiled_kernel_ends_the_run(stop):
    """A kernel's dispatcher wraps what a signal handler raises into a SystemError."""

    def kernel():
        try:
            raise stop
        except stop as inside:
            raise SystemError("returned a result with an exception set") from inside

    ended = Local(workers=1).run({"a": (kernel, ()), "b": (kernel, ())})
    if stop is KeyboardInterrupt:
        with pytest.raises(KeyboardInterrupt):
            list(ended)
    else:
        assert [type(e.error) for e in ended] == [SystemError, SystemError]


def test_a_larger_number_extends_a_run_and_a_smaller_one_shows_it_all(program, copied):
    kept = {p: p.stat().st_mtime_ns for p in copied.glob("*/*.parquet")}
    words = ("replay-2017-08-29", "--companions", "0", "--workers", "1", "-o", "run")
    code, out, err = program("run", *words, "-n", "4")
    assert code == 0
    assert "4 replicates to compute (2 are there)" in err
    assert "4 replicates, seed 1" in out
    assert {p: p.stat().st_mtime_ns for p in kept} == kept
    code, out, err = program("run", *words, "-n", "3")
    assert code == 0
    assert "run has 4 replicates planned; all of them are shown" in err
    assert "4 replicates, seed 1" in out


def test_a_report_is_drawn_again_only_where_something_is_newer(program, copied):
    words = ("run", "replay-2017-08-29", "--companions", "0", "--workers", "1", "-o", "run")
    report = copied / "report.html"
    before = report.stat().st_mtime_ns
    assert program(*words, "-n", "2")[0] == 0
    assert report.stat().st_mtime_ns == before
    os.utime(copied / "run.json")
    assert program(*words, "-n", "2")[0] == 0
    assert report.stat().st_mtime_ns > before
    first = report.stat().st_mtime_ns
    assert program("report", "run")[:2] == (0, "run/report.html\n")
    assert report.stat().st_mtime_ns > first
