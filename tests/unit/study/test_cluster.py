"""A Dask cluster of several processes on this machine gives the bytes of a plain run."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from hinomi.errors import FolderError, ScenarioError
from hinomi.notebook.run import run
from hinomi.study import cluster, warm
from hinomi.study.cluster import ClusterError, Dask
from hinomi.study.engine import WorkerDiedError
from hinomi.study.estimate import workers_of
from hinomi.study.montecarlo import engine_for
from hinomi.study.provenance import code_fingerprint
from hinomi.study.until import parse

distributed = pytest.importorskip("distributed")
# Dask's own loops and sockets end after the test that used them.
pytestmark = [
    pytest.mark.filterwarnings("ignore"),
    pytest.mark.timeout(240),
]
SLOW = '{"slow_s": 0.05, "replicates": 36, "batch_size": 2}'


@pytest.fixture(scope="module")
def local():
    """Two workers of one thread, each a process with a nurse that starts it again."""
    chains = str(Path(__file__).parent / "chains")
    sys.path.insert(0, chains)  # spawned workers take over this path
    try:
        import dask

        with (
            dask.config.set({"distributed.scheduler.allowed-failures": 1}),
            distributed.LocalCluster(
                n_workers=2,
                threads_per_worker=1,
                processes=True,
                host="127.0.0.1",
                dashboard_address=None,
                memory_limit=0,
            ) as found,
        ):
            yield found
    finally:
        sys.path.remove(chains)


@pytest.fixture(autouse=True)
def warmed(monkeypatch):
    """These kernels need no warming."""
    monkeypatch.setattr(warm, "is_warm", lambda chain: True)


def go(out, text=SLOW, **settings):
    return run(text, out=out, chain="fake_chain", quiet=True, **settings)


def pids_in(folder):
    lines = [json.loads(line) for line in (folder / "events.jsonl").read_text().splitlines()]
    return [line["pid"] for line in lines if line["event"] == "batch done"]


def test_the_same_bytes_with_one_worker_killed_in_the_middle(tmp_path, hashes, local):
    """kill -9 of a worker while it works: every batch is there once, each file the same."""
    expected = hashes(go(tmp_path / "here", workers=1).folder)
    folder = tmp_path / "cluster"
    killed = []

    def kill_one():
        end = time.monotonic() + 60
        while time.monotonic() < end:
            if len(list(folder.glob("metrics/*.parquet"))) >= 3:
                killed.append(pids_in(folder)[-1])
                os.kill(killed[0], signal.SIGKILL)
                return
            time.sleep(0.01)

    killer = threading.Thread(target=kill_one)
    killer.start()
    study = go(folder, scheduler=local.scheduler_address)
    killer.join()
    assert killed
    assert hashes(study.folder) == expected
    told = pids_in(folder)
    assert len(told) == 18
    assert os.getpid() not in told
    assert len(set(told)) >= 2


def test_a_rule_stops_in_the_same_place(tmp_path, hashes, local):
    until = parse("integrated:lead_s=12", most=200)
    here = go(tmp_path / "here", '{"batch_size": 5}', workers=1, until=until)
    there = go(
        tmp_path / "there", '{"batch_size": 5}', scheduler=local.scheduler_address, until=until
    )
    assert hashes(there.folder) == hashes(here.folder)
    names = {p.name for p in there.folder.glob("*/*.parquet")}
    assert names == {f"{b.key}.parquet" for b in there.plan.batches()}


def test_jobs_in_flight_are_bounded(local, monkeypatch):
    """With two cores the scheduler holds four batches at most, however many there are."""
    import fake_jobs

    held = []
    outcome = Dask._outcome

    def noted(self, flying, key):
        held.append(len(flying))
        return outcome(self, flying, key)

    monkeypatch.setattr(Dask, "_outcome", noted)
    jobs = {f"j{i}": (fake_jobs.answer, (i,)) for i in range(40)}
    ended = list(Dask(address=local.scheduler_address).run(jobs))
    assert sorted(e.answer for e in ended) == list(range(40))
    assert max(held) <= 4


def test_failures_are_answers(local):
    """A job that raises and one that ends its worker each time are told; the others are done."""
    import fake_jobs

    jobs = {
        "fails": (fake_jobs.fail, ("words",)),
        "kills": (fake_jobs.die_later, (2.0,)),
        **{f"job {i}": (fake_jobs.answer, (i,)) for i in range(4)},
    }
    found = {e.key: e for e in Dask(address=local.scheduler_address).run(jobs)}
    assert set(found) == set(jobs)
    assert str(found["fails"].error) == "words"
    assert isinstance(found["kills"].error, WorkerDiedError)
    assert [found[f"job {i}"].answer for i in range(4)] == list(range(4))


def test_a_worker_of_another_version_computes_nothing():
    code = code_fingerprint()
    assert cluster.on_worker(int, ("7",), code) == 7
    with pytest.raises(FolderError, match=r"another version.*source.*there 0000"):
        cluster.on_worker(int, ("7",), code | {"source": "0000"})


def test_a_worker_that_does_not_see_the_folder_says_so(tmp_path):
    def gone():
        raise FolderError("/far/run is not the folder of a run")

    with pytest.raises(FolderError, match="every worker must see the folder at the same path"):
        cluster.on_worker(gone, (), code_fingerprint())


def test_another_version_of_the_scheduler_is_refused(local, monkeypatch):
    monkeypatch.setattr(distributed, "__version__", "1999.1")
    with pytest.raises(ClusterError, match=r"runs distributed 20.*here it is 1999\.1"):
        list(Dask(address=local.scheduler_address).run({}))


def test_no_scheduler_no_extra_no_worker(monkeypatch, tmp_path):
    monkeypatch.setattr(cluster, "ANSWER_S", 1.0)
    with pytest.raises(ClusterError, match=r"no scheduler answers at tcp://127\.0\.0\.1:9"):
        list(Dask(address="tcp://127.0.0.1:9").run({"a": (int, ())}))
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(ScenarioError, match=r"hinomi\[distributed\]"):
        Dask(address="tcp://127.0.0.1:9")


@pytest.mark.parametrize(
    "address",
    [
        *(
            "tcp://x",
            "x",
            "",
            "tcp://",
            "tcp://:8786",
            "nonsense://x:1",
            "tcp://x:port",
            "tcp:/x:1",
        ),
        *("tcp://x:0", "tcp://x:99999", "tcp://a b:8786", "tcp://x:8786/there", "tcp://[x:1"),
    ],
)
def test_what_is_no_address_is_refused_before_anything_connects(address, monkeypatch):
    monkeypatch.setattr(distributed, "Client", None)  # would fail in another way
    with pytest.raises(ScenarioError, match=r"KIND://HOST:PORT.*tcp://10\.0\.0\.5:8786"):
        engine_for(workers=None, scheduler=address)


@pytest.mark.parametrize(
    "address",
    ["tcp://x:8786", "10.0.0.5:8786", "tls://[::1]:8786", "ws://x:1/ws", "inproc://a/1/2"],
)
def test_addresses_as_dask_prints_them_are_taken(address):
    assert engine_for(workers=None, scheduler=address) == Dask(address=address)


def test_a_scheduler_without_workers_or_that_goes_is_told():
    """The wait for a worker ends; a scheduler that ends in the middle is no silence."""
    import fake_jobs

    command = [sys.executable, "-m", "distributed.cli.dask_scheduler"]
    process = subprocess.Popen(
        [*command, "--host", "127.0.0.1", "--port", "0", "--no-dashboard"],
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        address = next(line.split()[-1] for line in process.stderr if "Scheduler at:" in line)
        drain = threading.Thread(target=process.stderr.read, daemon=True)
        drain.start()
        with pytest.raises(ClusterError, match=r"had no worker for 1 s.*dask worker tcp:"):
            list(Dask(address=address, workers_s=1.0).run({"a": (fake_jobs.answer, (1,))}))
        killer = threading.Timer(1.0, process.kill)
        killer.start()
        with pytest.raises(ClusterError, match="is gone; what was finished is kept"):
            list(Dask(address=address, workers_s=60.0).run({"a": (fake_jobs.answer, (1,))}))
    finally:
        process.kill()
        process.wait()


def test_workers_or_a_scheduler_not_both(local):
    with pytest.raises(ScenarioError, match="not both"):
        engine_for(workers=2, scheduler="tcp://127.0.0.1:8786")
    with distributed.Client(local, set_as_default=False) as client:
        client.wait_for_workers(2, timeout=60)  # those that other tests killed come back
    assert workers_of(engine_for(workers=None, scheduler=local.scheduler_address)) == 2
