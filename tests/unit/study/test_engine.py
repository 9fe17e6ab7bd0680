"""Engines report every job once, whatever happens to workers."""

import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import pytest

from hinomi.study.engine import Local, WorkerDiedError, close


def told(name):
    return Path(name).read_text() if Path(name).exists() else ""


def alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_one_worker_is_this_process(chains):
    import fake_jobs

    jobs = {"a": (os.getpid, ()), "b": (fake_jobs.fail, ("no",)), "c": (fake_jobs.answer, (3,))}
    ended = list(Local(workers=1).run(jobs))
    assert [e.key for e in ended] == ["a", "b", "c"]
    assert ended[0].answer == os.getpid()
    assert isinstance(ended[1].error, ValueError)
    assert ended[2].answer == 3


def test_a_pool_survives_its_workers(chains, tmp_path):
    """A worker that dies once costs nothing; a job that always kills is given up."""
    import fake_jobs

    jobs = {
        "first": (fake_jobs.surroundings, ()),
        "dies once": (fake_jobs.die, (str(tmp_path / "once"),)),
        "fails": (fake_jobs.fail, ("words",)),
        "kills": (fake_jobs.die, ()),
        **{f"job {i}": (fake_jobs.answer, (i,)) for i in range(6)},
    }
    ended = list(Local(workers=2, tries=2).run(jobs))
    assert sorted(e.key for e in ended) == sorted(jobs)
    found = {e.key: e for e in ended}
    assert found["dies once"].answer == "lived"
    assert str(found["fails"].error) == "words"
    assert isinstance(found["kills"].error, WorkerDiedError)
    assert [found[f"job {i}"].answer for i in range(6)] == list(range(6))
    assert found["first"].answer == {"threads": "1", "numpy": False, "sigint_blocked": True}


@pytest.mark.parametrize("victim", [0, 1])
def test_a_worker_killed_while_its_pool_ends_does_not_keep_the_run(chains, victim):
    """An idle worker holds the lock of the queue; whichever is killed, the end comes."""
    import fake_jobs

    pool = ProcessPoolExecutor(2, multiprocessing.get_context("spawn"))
    both = [pool.submit(fake_jobs.slow_answer, i, 0.5) for i in range(2)]
    assert [f.result() for f in both] == [0, 1]
    workers = list(pool._processes.values())
    assert len(workers) == 2
    for worker in workers:  # they cannot end before one of them is killed
        os.kill(worker.pid, signal.SIGSTOP)
    ending = threading.Thread(target=close, args=(pool,), daemon=True)
    ending.start()
    time.sleep(0.5)
    workers[victim].kill()
    os.kill(workers[1 - victim].pid, signal.SIGCONT)
    ending.join(30.0)
    stuck = ending.is_alive()
    for worker in workers:
        worker.kill()
    assert not stuck


def test_no_worker_outlives_its_driver(chains, tmp_path):
    """A driver that is ended without notice takes its workers along within a few seconds."""
    names = [str(tmp_path / "a"), str(tmp_path / "b")]
    driver = subprocess.Popen([sys.executable, str(chains / "drive_engine.py"), *names])
    try:
        wait_until(lambda: all(told(n) for n in names), 30)
    finally:
        driver.send_signal(signal.SIGKILL)
        driver.wait()
    workers = [int(told(n)) for n in names]
    wait_until(lambda: not any(alive(pid) for pid in workers), 15)


def wait_until(true, seconds):
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.05)


def test_a_script_from_standard_input_is_refused_before_any_worker_starts(monkeypatch):
    """Workers import the script; without a file each of them would end at once."""
    from types import SimpleNamespace

    from hinomi.study.engine import Local, NoScriptError

    monkeypatch.setitem(sys.modules, "__main__", SimpleNamespace(__file__="<stdin>", __spec__=None))
    with pytest.raises(NoScriptError, match=r"<stdin>.*workers=1"):
        list(Local(workers=2).run({"a": (len, ("x",))}))
    assert [ended.answer for ended in Local(workers=1).run({"a": (len, ("x",))})] == [1]
