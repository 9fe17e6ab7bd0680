"""`sweep` and `sensitivity` on a Dask cluster of two processes, and in shards: the same bytes."""

import hashlib
import json

import pytest
from typer.testing import CliRunner

from hinomi.cli import app
from hinomi.study import warm

distributed = pytest.importorskip("distributed")
# Dask's own loops and sockets end after the test that used them.
pytestmark = [pytest.mark.filterwarnings("ignore"), pytest.mark.timeout(240)]
SWEEP = ("sweep", "okinawa-2025", "-n", "3", "--vary", "engagement.assess_s=4,8",
         "--figure", "leakers", "--architectures", "national", "--no-cache", "--quiet")  # fmt: skip
SENSITIVITY = ("sensitivity", "okinawa-2025", "-n", "2", "--keys", "catalogue.price.sm3_iia_unit.*",
               "--figure", "cost_musd", "--architecture", "national", "--quiet")  # fmt: skip


@pytest.fixture(scope="module")
def scheduler():
    """Address of two workers of one thread, each a process."""
    with distributed.LocalCluster(
        n_workers=2,
        threads_per_worker=1,
        processes=True,
        host="127.0.0.1",
        dashboard_address=None,
        memory_limit=0,
    ) as found:
        yield found.scheduler_address


@pytest.fixture(autouse=True)
def warmed(monkeypatch):
    """Kernels are compiled by other tests; no first batch alone."""
    monkeypatch.setattr(warm, "is_warm", lambda chain: True)


def go(folder, *words):
    found = CliRunner().invoke(app, [*map(str, words), "-o", str(folder)])
    assert found.exit_code == 0, found.output
    return found.output


def hashes(folder):
    """Of every table and every answer, by path inside the folder."""
    names = ("*.parquet", "*.csv", "summary.json", "sweep.json", "sensitivity.json")
    files = [path for name in names for path in folder.rglob(name)]
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in files
    }


def pids(events):
    told = [json.loads(line) for line in events.read_text().splitlines()]
    return {line["pid"] for line in told if line["event"] == "batch done"}


@pytest.mark.parametrize(
    ("command", "run"), [(SWEEP, "points"), (SENSITIVITY, "one_at_a_time")], ids=["sweep", "sens"]
)
def test_the_same_command_on_a_scheduler_and_in_shards_gives_the_same_bytes(
    tmp_path, scheduler, command, run
):
    go(tmp_path / "here", *command, "--workers", 1)
    expected = hashes(tmp_path / "here")
    assert len(expected) > 5
    go(tmp_path / "there", *command, "--scheduler", scheduler)
    assert hashes(tmp_path / "there") == expected
    here = pids(tmp_path / "here" / run / "events.jsonl")
    assert not here & pids(tmp_path / "there" / run / "events.jsonl")
    parts = tmp_path / "parts"
    for shard in ("0/2", "1/2"):
        told = go(parts, *command, "--workers", 1, "--shard", shard)
        assert f"shard {shard} is done; when all are: the same command" in told
        assert not list(parts.glob("*.json"))
    made = {p: p.stat().st_ino for p in parts.glob(f"{run}/metrics/*.parquet")}
    assert len(made) == int(command[3])
    go(parts, *command, "--workers", 1)
    assert hashes(parts) == expected
    assert {p: p.stat().st_ino for p in made} == made


@pytest.mark.parametrize("command", [SWEEP, SENSITIVITY], ids=["sweep", "sens"])
@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--scheduler", "tcp://x"), "KIND://HOST:PORT"),
        (("--scheduler", "tcp://x:1", "--workers", "2"), "not both"),
        (("--shard", "2/2"), "0..N-1"),
        (("--shard", "all"), "write it as I/N"),
    ],
)
def test_what_is_no_address_or_part_is_refused(tmp_path, program, command, words, told):
    code, out, err = program(*command, *words, "-o", tmp_path / "none")
    assert (code, out) == (2, "")
    assert told in err
    assert not (tmp_path / "none").exists()
