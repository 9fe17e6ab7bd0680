"""The folder of a run: whole files or none, no foreign folder touched, errors with a way out."""

import errno
import os

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from hinomi.errors import FolderError, StorageError
from hinomi.study import parquet, store
from hinomi.study.plan import make_plan


@pytest.fixture
def plan(chains):
    import fake_chain

    return make_plan(fake_chain.load("{}"), chain="fake_chain")


def listing(folder):
    return sorted((str(p), p.stat().st_mtime_ns, p.stat().st_ino) for p in folder.rglob("*"))


def test_a_file_is_whole_or_not_there(tmp_path):
    def breaks(part):
        part.write_text("half")
        raise RuntimeError

    with pytest.raises(RuntimeError):
        store.write_atomically(tmp_path / "x", breaks)
    assert list(tmp_path.iterdir()) == []
    store.write_atomically(tmp_path / "x", lambda part: part.write_text("whole"))
    assert [p.name for p in tmp_path.iterdir()] == ["x"]


def test_foreign_files_are_not_touched(tmp_path, plan):
    (tmp_path / "holiday.jpg").write_text("picture")
    before = listing(tmp_path)
    with pytest.raises(FolderError, match=r"holiday\.jpg.*nothing was touched"):
        store.begin(tmp_path, plan)
    assert listing(tmp_path) == before


def test_another_plan_is_not_touched(tmp_path, plan, chains):
    import fake_chain

    store.begin(tmp_path, plan)
    before = listing(tmp_path)
    other = make_plan(fake_chain.load("{}"), seed=9, chain="fake_chain")
    with pytest.raises(FolderError, match="these differ: seed"):
        store.begin(tmp_path, other)
    assert listing(tmp_path) == before


def test_the_plan_is_written_once_and_extended_beside(tmp_path, plan, chains):
    import fake_chain

    store.begin(tmp_path, plan)
    first = (tmp_path / "plan.json").read_bytes()
    longer = make_plan(fake_chain.load("{}"), replicates=20, chain="fake_chain")
    assert store.begin(tmp_path, longer).ends == (12, 20)
    assert store.begin(tmp_path, plan).ends == (12, 20)  # fewer: the run stays as long as it is
    assert (tmp_path / "plan.json").read_bytes() == first
    assert sorted(p.name for p in tmp_path.iterdir()) == ["plan-0000020.json", "plan.json"]


def test_a_folder_that_cannot_be_written_is_refused_at_once(tmp_path, plan):
    (tmp_path / "file").write_text("")
    with pytest.raises(FolderError, match="choose another folder"):
        store.begin(tmp_path / "file" / "run", plan)
    with pytest.raises(FolderError, match="choose another folder"):
        store.begin(tmp_path / "file", plan)


@pytest.mark.parametrize(
    ("number", "kind", "words"),
    [
        (errno.ENOSPC, StorageError, r"no space left on device.*hinomi resume"),
        (errno.EDQUOT, StorageError, "hinomi resume"),
        (errno.EACCES, FolderError, "permission denied.*-o"),
        (errno.EROFS, FolderError, "read-only"),
    ],
)
def test_what_a_disk_refuses_is_told(tmp_path, number, kind, words):
    with pytest.raises(kind, match=words), store.disk(tmp_path):
        raise OSError(number, os.strerror(number))


def test_a_folder_is_held_by_one_run_or_many_shards(tmp_path):
    with store.at_work(tmp_path, shared=False):
        for shared in (False, True):
            with (
                pytest.raises(FolderError, match="another process"),
                store.at_work(tmp_path, shared=shared),
            ):
                pass
    with (
        store.at_work(tmp_path, shared=True),
        store.at_work(tmp_path, shared=True),
        pytest.raises(FolderError, match="another process"),
        store.at_work(tmp_path, shared=False),
    ):
        pass


def test_leftovers_of_processes_that_are_gone_are_removed(tmp_path):
    (tmp_path / "metrics").mkdir()
    gone = 2**22 - 3  # larger than any process number that a system gives by default
    for name in (f".a.parquet.{gone}.part", f".b.parquet.{os.getppid()}.part"):
        (tmp_path / "metrics" / name).touch()
    with store.at_work(tmp_path, shared=False):
        left = [p.name for p in (tmp_path / "metrics").iterdir()]
    assert left == [f".b.parquet.{os.getppid()}.part"]


def test_columns_keep_their_values_and_their_encoding(tmp_path):
    """Floats in byte streams, text in a dictionary, integers as differences, zstd throughout."""
    columns = {
        "replicate": np.arange(3, dtype=np.int32),
        "kind": ["a", "b", "a"],
        "lead_s": np.array([1.5, -np.inf, np.nan]),
        "cov": np.arange(6.0).reshape(3, 2),
        "there": np.array([True, False, True]),
    }
    table = parquet.to_table(columns)
    parquet.write_table(table, tmp_path / "t.parquet", key="k")
    back = pq.read_table(tmp_path / "t.parquet")
    assert back["lead_s"].to_numpy().tobytes() == columns["lead_s"].tobytes()
    assert back["cov"].to_pylist() == columns["cov"].tolist()
    assert back["kind"].to_pylist() == columns["kind"]
    group = pq.read_metadata(tmp_path / "t.parquet").row_group(0)
    encodings = {
        group.column(i).path_in_schema: group.column(i).encodings for i in range(group.num_columns)
    }
    assert {group.column(i).compression for i in range(group.num_columns)} == {"ZSTD"}
    assert "BYTE_STREAM_SPLIT" in encodings["lead_s"]
    assert "DELTA_BINARY_PACKED" in encodings["replicate"]
    assert "RLE_DICTIONARY" in encodings["kind"]
    assert "RLE_DICTIONARY" not in encodings["lead_s"]


def test_a_column_that_was_empty_takes_its_type_from_the_others():
    parts = [parquet.to_table({"kind": []}), parquet.to_table({"kind": ["x"]})]
    assert parquet.join(parts).schema.field("kind").type == pa.string()


def test_a_batch_without_metrics_or_with_an_unknown_table_is_refused(tmp_path):
    table = parquet.to_table({"replicate": [1]})
    for found in ({"alerts": table}, {"metrics": table, "rumours": table}):
        with pytest.raises(ValueError, match="a batch needs metrics"):
            parquet.write_batch(tmp_path, "k", found)
    assert list(tmp_path.iterdir()) == []


def test_metrics_come_last(tmp_path, monkeypatch):
    """The file of the metrics says that a batch is done, so it must be the last one written."""
    order = []
    write = parquet.write_table
    monkeypatch.setattr(
        parquet,
        "write_table",
        lambda t, path, key: (order.append(path.parent.name), write(t, path, key=key)),
    )
    table = parquet.to_table({"replicate": [1]})
    parquet.write_batch(tmp_path, "k", dict.fromkeys(("metrics", "alerts", "flights"), table))
    assert order == ["flights", "alerts", "metrics"]
