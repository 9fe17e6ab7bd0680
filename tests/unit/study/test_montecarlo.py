"""A run is the same bit for bit however it was computed, and keeps what it finished."""

import errno
import json
import os
from dataclasses import dataclass

import pytest

import hinomi.study.montecarlo as montecarlo
from hinomi.errors import FolderError, ScenarioError, StorageError
from hinomi.notebook.compare import compare
from hinomi.notebook.run import run
from hinomi.study import parquet, store, warm
from hinomi.study.engine import Local
from hinomi.study.montecarlo import BatchesFailedError, Shard
from hinomi.study.results import Results
from hinomi.study.resume import resume
from hinomi.study.verify import verify


@pytest.fixture(autouse=True)
def warmed(monkeypatch):
    """These kernels need no warming; one test takes this back."""
    monkeypatch.setattr(warm, "is_warm", lambda chain: True)


def go(out, text="{}", **settings):
    return run(text, out=out, chain="fake_chain", quiet=True, **{"workers": 1, **settings})


def done_keys(folder):
    lines = [json.loads(line) for line in (folder / "events.jsonl").read_text().splitlines()]
    return [line["key"] for line in lines if line["event"] == "batch done"]


@dataclass
class Shuffled:
    """Another order of batches."""

    def run(self, jobs):
        keys = sorted(jobs, key=lambda k: k[::-1])
        assert keys != list(jobs)
        yield from Local(workers=1).run({k: jobs[k] for k in keys})


def test_workers_and_order_change_nothing(tmp_path, hashes, monkeypatch):
    """Empty folders; 1, 2, 3 workers and shuffled batches: the same bytes; all workers worked."""
    text = '{"slow_s": 0.02, "replicates": 24, "batch_size": 2}'
    one = go(tmp_path / "1", text)
    expected = hashes(one.folder)
    assert len(expected) == 12 + 12 + 3 + 1  # alerts, metrics, flights of the first five, summary
    for workers in (2, 3):
        assert hashes(go(tmp_path / str(workers), text, workers=workers).folder) == expected
        lines = (tmp_path / str(workers) / "events.jsonl").read_text().splitlines()
        pids = {json.loads(line)["pid"] for line in lines if "batch done" in line}
        assert os.getpid() not in pids
        assert len(pids) == workers or os.cpu_count() < workers
    monkeypatch.setattr(montecarlo, "engine_for", lambda **_: Shuffled())
    assert hashes(go(tmp_path / "shuffled", text).folder) == expected
    assert done_keys(tmp_path / "shuffled") != done_keys(tmp_path / "1")


def test_the_folder_tells_everything(tmp_path):
    study = go(tmp_path / "run")
    manifest = json.loads((study.folder / "run.json").read_text())
    plan = json.loads((study.folder / "plan.json").read_text())
    assert plan["replicates"] == 12
    assert plan["text"] == "{}"
    assert {"source", "numpy", "numba", "pyarrow"} == set(plan["code"])
    assert "places.csv" in plan["data"]
    assert set(manifest["tables"]) == {"flights", "alerts", "metrics"}
    for table, files in manifest["tables"].items():
        for name, entry in files.items():
            path = study.folder / table / name
            assert store.sha256(path) == entry["sha256"]
            assert parquet.rows(path) == entry["rows"]
    assert manifest["rows"]["metrics"] == 12 * 3 * 12
    assert manifest["failed"] == {}
    assert manifest["versions"]["python"]
    assert manifest["times"]["cpu_s"] >= 0
    assert not list(study.folder.rglob("*.part"))


def test_tables_queries_and_differences(tmp_path):
    study = go(tmp_path / "run")
    metrics = study.table("metrics")
    assert metrics["replicate"].to_pylist() == sorted(metrics["replicate"].to_pylist())
    assert set(study.table("flights")["replicate"].to_pylist()) == set(range(5))
    answer = study.query(
        "select architecture, avg(value) as mean from metrics where metric = 'leakers' "
        "group by 1 order by 1"
    )
    leakers = study.summary()["architectures"]["integrated"]["leakers"]["value"]
    assert answer["mean"].to_pylist()[0] == pytest.approx(leakers)
    found = study.difference("first_detection_s")["integrated-shared_warning"]
    assert found["low"] <= found["value"] <= found["high"] < 0
    assert "<table" in study._repr_html_()
    assert "研究" in study._repr_html_()
    with pytest.raises(ScenarioError, match="no headline"):
        study.difference("leed_s")
    with pytest.raises(ScenarioError, match="no table 'rumours'; it has flights, alerts, metrics"):
        study.table("rumours")


def test_a_stray_file_is_not_read(tmp_path):
    study = go(tmp_path / "run")
    first = next((study.folder / "metrics").glob("*.parquet"))
    (study.folder / "metrics" / "stray.parquet").write_bytes(first.read_bytes())
    assert len(study.table("metrics")) == 12 * 3 * 12


def test_the_same_command_again_computes_nothing(tmp_path):
    study = go(tmp_path / "run")
    before = {
        p: (p.stat().st_ino, p.stat().st_mtime_ns)
        for p in study.folder.rglob("*.*")
        if p.name != ".lock"
    }
    again = go(tmp_path / "run")
    assert {p: (p.stat().st_ino, p.stat().st_mtime_ns) for p in before} == before
    assert again.summary() == study.summary()


def test_a_larger_n_extends_the_run(tmp_path):
    """Finished files keep their inode, and the figures are those of a run this long at once."""
    short = go(tmp_path / "run", replicates=7)
    before = {p: p.stat().st_ino for p in short.folder.glob("*/*.parquet")}
    longer = go(tmp_path / "run", replicates=13)
    assert {p: p.stat().st_ino for p in before} == before
    at_once = go(tmp_path / "at once", replicates=13)
    ours, theirs = longer.table("metrics"), at_once.table("metrics")
    assert ours["value"].to_numpy().tobytes() == theirs["value"].to_numpy().tobytes()
    assert ours.drop_columns("value").equals(theirs.drop_columns("value"))
    assert longer.summary() == at_once.summary()
    assert longer.summary()["replicates"] == 13


def test_another_plan_in_the_folder_is_refused(tmp_path):
    go(tmp_path / "run")
    with pytest.raises(FolderError, match="seed"):
        go(tmp_path / "run", seed=5)
    with pytest.raises(FolderError, match="scenario's content"):
        go(tmp_path / "run", '{"delay_s": 1.0}')


def test_an_interval_of_failures(tmp_path):
    """A failed batch is listed, the others are kept and summarised, and resume tries it again."""
    with pytest.raises(
        BatchesFailedError, match=r"1 batch failed.*\n.*replicate 4 was told to fail"
    ):
        go(tmp_path / "run", '{"fails": [4]}')
    manifest = json.loads((tmp_path / "run" / "run.json").read_text())
    assert len(manifest["failed"]) == 1
    assert manifest["finished_replicates"] == 9
    assert Results(tmp_path / "run").summary()["replicates"] == 9
    with pytest.raises(BatchesFailedError):
        resume(tmp_path / "run", workers=1, quiet=True)


def test_a_run_that_only_fails_stops_early(tmp_path):
    text = json.dumps({"fails": list(range(100)), "replicates": 100})
    with pytest.raises(BatchesFailedError, match="3 batches failed"):
        go(tmp_path / "run", text)


def test_a_full_disk_keeps_what_is_finished(tmp_path, monkeypatch, hashes):
    expected = hashes(go(tmp_path / "whole").folder)
    written = []
    write = parquet.pq.write_table

    def full(table, path, **settings):
        written.append(path)
        if len(written) > 5:
            path.write_bytes(b"PAR1")  # what fitted
            raise OSError(errno.ENOSPC, "No space left on device")
        write(table, path, **settings)

    monkeypatch.setattr(parquet.pq, "write_table", full)
    with pytest.raises(StorageError, match=r"no space left.*hinomi resume"):
        go(tmp_path / "run")
    monkeypatch.undo()
    assert not list((tmp_path / "run").rglob("*.part"))
    kept = {p: p.stat().st_ino for p in (tmp_path / "run").glob("metrics/*.parquet")}
    assert len(kept) == 1
    assert hashes(resume(tmp_path / "run", workers=1, quiet=True).folder) == expected
    assert {p: p.stat().st_ino for p in kept} == kept


def test_shards_fill_one_folder(tmp_path, hashes):
    expected = hashes(go(tmp_path / "whole").folder)
    for index in (1, 0):
        go(tmp_path / "run", shard=Shard(index=index, count=2))
        assert not (tmp_path / "run" / "run.json").exists()
    assert (tmp_path / "run" / "events-0-of-2.jsonl").exists()
    done = hashes_of_tables(tmp_path / "run")
    assert hashes(resume(tmp_path / "run", workers=1, quiet=True).folder) == expected
    assert hashes_of_tables(tmp_path / "run") == done
    with pytest.raises(ScenarioError, match="2/2"):
        Shard(index=2, count=2)


def hashes_of_tables(folder):
    return {p: (p.stat().st_ino, p.stat().st_mtime_ns) for p in folder.glob("*/*.parquet")}


def test_resume_refuses_other_code(tmp_path, monkeypatch):
    go(tmp_path / "run")
    (tmp_path / "run" / "run.json").unlink()
    path = next((tmp_path / "run" / "metrics").iterdir())
    path.unlink()
    other = {"source": "0000", "numpy": "0.1", "numba": "0.1", "pyarrow": "0.1"}
    monkeypatch.setattr("hinomi.study.resume.code_fingerprint", lambda: other)
    with pytest.raises(FolderError, match=r"another version.*source.*begin anew: hinomi run"):
        resume(tmp_path / "run", quiet=True)
    assert not path.exists()


def test_no_run_no_resume(tmp_path):
    with pytest.raises(FolderError, match=r"no plan\.json"):
        resume(tmp_path / "nothing")


def test_cold_kernels_are_compiled_by_one_process(tmp_path, monkeypatch):
    """The first batch runs here, alone; then the pool starts."""
    monkeypatch.setattr(warm, "is_warm", lambda chain: False)
    marked = []
    monkeypatch.setattr(warm, "mark_warm", marked.append)
    study = go(tmp_path / "run", '{"replicates": 6}', workers=2)
    lines = [json.loads(line) for line in (study.folder / "events.jsonl").read_text().splitlines()]
    pids = [line["pid"] for line in lines if line["event"] == "batch done"]
    assert pids[0] == os.getpid()
    assert os.getpid() not in pids[1:]
    assert marked == ["fake_chain"]


def test_compare_is_against_the_first_named(tmp_path):
    study = compare(
        "{}",
        ["national", "integrated"],
        out=tmp_path / "c",
        workers=1,
        chain="fake_chain",
        quiet=True,
    )
    assert list(study.summary()["architectures"]) == ["national", "integrated"]
    assert list(study.difference("lead_s")) == ["integrated-national"]
    with pytest.raises(ScenarioError, match="two architectures"):
        compare("{}", ["national"], chain="fake_chain")


def test_the_subset_of_architectures_changes_no_number(tmp_path):
    """Common random numbers: an architecture's figures do not depend on which others were run."""
    all_of_them = go(tmp_path / "a").summary()["architectures"]["integrated"]
    alone = go(tmp_path / "b", architectures=["integrated"]).summary()["architectures"][
        "integrated"
    ]
    assert alone == all_of_them


def test_variants_and_changes_are_in_the_plan(tmp_path):
    base = go(tmp_path / "a").summary()["architectures"]["national"]["first_detection_s"]["value"]
    study = go(tmp_path / "b", variant="late")
    late = study.summary()["architectures"]["national"]["first_detection_s"]["value"]
    assert late == pytest.approx(base + 30)
    assert study.plan.variant == "late"
    changed = go(tmp_path / "c", changes={"delay_s": 10.0})
    value = changed.summary()["architectures"]["national"]["first_detection_s"]["value"]
    assert value == pytest.approx(base + 10)


def test_verify_finds_a_changed_file_and_a_changed_number(tmp_path, monkeypatch, chains):
    import fake_chain

    study = go(tmp_path / "run")
    verdict = verify(study.folder)
    assert verdict.mistakes == ()
    assert len(verdict.replicates) == 1
    assert verdict.bitwise
    honest = fake_chain.replicate

    def other(*arguments, **settings):
        tables = honest(*arguments, **settings)
        tables["metrics"]["value"][3] = float(tables["metrics"]["value"][3]) + 1e-13
        return tables

    monkeypatch.setattr(fake_chain, "replicate", other)
    assert any("metrics.value differs" in m for m in verify(study.folder, share=1.0).mistakes)
    path = next((study.folder / "alerts").iterdir())
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    assert verify(study.folder).mistakes == (
        f"alerts/{path.name} is not the file that run.json describes",
    )


def test_wrong_numbers_of_workers_are_refused(tmp_path):
    with pytest.raises(ScenarioError, match="workers is 0"):
        go(tmp_path / "run", workers=0)
    with pytest.raises(ScenarioError, match="not both"):
        go(tmp_path / "run", workers=2, scheduler="tcp://127.0.0.1:1")
    assert not (tmp_path / "run").exists()
