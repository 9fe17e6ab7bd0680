"""The real chain gives the same bytes whatever the number of workers."""

import hashlib

import hinomi


def digests(folder):
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*.parquet"))
    }


def test_one_worker_and_two_write_the_same_bytes(tmp_path):
    """Batches of one replicate, so that two workers share them; empty folders, no cache."""
    scenario = hinomi.load("replay-2017-08-29", changes={"study.batch_size": 1})
    found = []
    for workers in (1, 2):
        folder = tmp_path / str(workers)
        hinomi.run(scenario, replicates=3, out=folder, workers=workers, quiet=True)
        found.append(digests(folder))
    assert len(found[0]) >= 3 * 10  # ten tables a replicate
    assert found[0] == found[1]
