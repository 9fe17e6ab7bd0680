"""Shards with folders of their own become the run that one machine would have made."""

import json
import shutil

import pytest

from hinomi.errors import FolderError, ScenarioError
from hinomi.notebook.run import run
from hinomi.study import store, warm
from hinomi.study.merge import merge
from hinomi.study.montecarlo import Shard
from hinomi.study.results import Results
from hinomi.study.resume import resume


@pytest.fixture(autouse=True)
def warmed(monkeypatch):
    """These kernels need no warming."""
    monkeypatch.setattr(warm, "is_warm", lambda chain: True)


def go(out, text="{}", **settings):
    return run(text, out=out, chain="fake_chain", quiet=True, workers=1, **settings)


@pytest.fixture
def parts(tmp_path):
    """Three shards, each in a folder of its own."""
    folders = [tmp_path / f"part-{i}" for i in range(3)]
    for i, folder in enumerate(folders):
        go(folder, shard=Shard(index=i, count=3))
        assert not (folder / "run.json").exists()
    return folders


def test_three_folders_make_the_same_bytes_as_one_run(tmp_path, parts, hashes):
    expected = hashes(go(tmp_path / "whole").folder)
    before = [hashes_of(folder) for folder in parts]
    found = merge(parts[::-1], tmp_path / "merged")
    assert (found.missing, found.damaged, found.batches) == (0, (), 4)
    assert hashes(found.folder) == expected
    assert [hashes_of(folder) for folder in parts] == before
    assert {p.name for p in found.folder.glob("events-*")} == {
        f"events-{i}-of-3.jsonl" for i in range(3)
    }
    manifest = json.loads((found.folder / "run.json").read_text())
    assert manifest["finished_replicates"] == 12
    assert Results(found.folder).complete


def hashes_of(folder):
    return {p.name: p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_what_is_missing_is_told_and_resume_computes_it(tmp_path, parts, hashes):
    expected = hashes(go(tmp_path / "whole").folder)
    found = merge(parts[:2], tmp_path / "merged")
    assert (found.batches, found.missing) == (3, 1)
    assert not (found.folder / "run.json").exists()
    kept = {p: p.stat().st_ino for p in found.folder.glob("*/*.parquet")}
    assert hashes(resume(found.folder, workers=1, quiet=True).folder) == expected
    assert {p: p.stat().st_ino for p in kept} == kept


def test_parts_may_overlap_and_may_be_given_twice(tmp_path, parts, hashes):
    expected = hashes(go(tmp_path / "whole").folder)
    found = merge([*parts, tmp_path / "whole", parts[0]], tmp_path / "merged")
    assert hashes(found.folder) == expected
    assert hashes(merge(parts, tmp_path / "merged").folder) == expected


def test_a_damaged_file_is_left_out_and_named(tmp_path, parts):
    path = next((parts[0] / "metrics").glob("*.parquet"))
    path.write_bytes(path.read_bytes()[:100])
    found = merge(parts, tmp_path / "merged")
    assert found.missing == 1
    assert found.damaged == (str(path),)
    with_spare = shutil.copytree(parts[0], tmp_path / "spare")
    (with_spare / "metrics" / path.name).write_bytes(b"PAR1")
    go(tmp_path / "whole")
    assert merge([with_spare, tmp_path / "whole"], tmp_path / "merged").missing == 0


def test_two_parts_that_disagree_are_refused(tmp_path, parts):
    other = shutil.copytree(parts[0], tmp_path / "other")
    path = next((other / "metrics").glob("*.parquet"))
    replacement = next(p for p in (parts[1] / "metrics").glob("*.parquet"))
    path.write_bytes(replacement.read_bytes())
    with pytest.raises(FolderError, match="is not the file that another part has"):
        merge([parts[0], other], tmp_path / "merged")


def test_parts_of_other_runs_are_refused_and_nothing_is_written(tmp_path, parts):
    go(tmp_path / "seed", seed=2)
    go(tmp_path / "more", replicates=20)
    for stranger, words in (("seed", "these differ: seed"), ("more", "the same -n")):
        with pytest.raises(FolderError, match=words):
            merge([*parts, tmp_path / stranger], tmp_path / "merged")
    with pytest.raises(FolderError, match="is one of the parts"):
        merge(parts, parts[0])
    with pytest.raises(FolderError, match=r"no plan\.json"):
        merge([tmp_path / "nothing"], tmp_path / "merged")
    with pytest.raises(ScenarioError, match="name the folders"):
        merge([], tmp_path / "merged")
    assert not (tmp_path / "merged").exists()


def test_the_last_file_of_a_batch_comes_last(tmp_path, parts, monkeypatch):
    """An interruption in the middle of a copy leaves no batch that looks finished."""
    order = []
    write = store.write_atomically

    def noted(path, how):
        order.append(f"{path.parent.name}/{path.stem}")
        write(path, how)

    monkeypatch.setattr(store, "write_atomically", noted)
    merge(parts, tmp_path / "merged")
    last = {}
    for i, name in enumerate(order):
        last[name.split("/")[1]] = (i, name.split("/")[0])
    batches = store.read_plan(tmp_path / "merged").batches()
    assert {last[b.key][1] for b in batches} == {store.LAST}
