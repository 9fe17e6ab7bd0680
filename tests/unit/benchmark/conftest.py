"""A small set on disk, and tracks made from its truth."""

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from hinomi.benchmark.columns import COVARIANCE, PAIRS, STATE
from hinomi.benchmark.folder import open_set
from hinomi.benchmark.write import write_set

SMALL = ("ballistic-radar", "quasi-ballistic")


@pytest.fixture(scope="session")
def small_folder(tmp_path_factory):
    """Folder of a set of two cases with two realisations each; not to be changed."""
    folder = tmp_path_factory.mktemp("benchmark") / "set"
    write_set(folder, cases=SMALL, seeds=2)
    return folder


@pytest.fixture(scope="session")
def small_set(small_folder):
    return open_set(small_folder)


@pytest.fixture(scope="session")
def true_tracks(small_set):
    """Function: columns of tracks that are the truth wherever it was seen; a track a body."""

    def make(case="ballistic-radar", seeds=(0, 1)):
        out = {"case": [], "seed": [], "t_s": [], "track": [], "state": []}
        truths, plots = small_set.truth(case), small_set.plots(case)
        for seed in seeds:
            truth = truths[seed]
            real = truth.plot_body >= 0
            for b in range(len(truth.bodies)):
                times = plots[seed].t_s[real & (truth.plot_body == b)]
                own = (truth.body == b) & (truth.t_s >= times.min()) & (truth.t_s <= times.max())
                k = int(own.sum())
                out["case"] += [case] * k
                out["seed"] += [seed] * k
                out["t_s"] += truth.t_s[own].tolist()
                out["track"] += [b] * k
                out["state"] += truth.state[own].tolist()
        columns = {n: np.array(v) for n, v in out.items() if n != "case"} | {"case": out["case"]}
        state = columns.pop("state")
        return columns | {name: state[:, i].copy() for i, name in enumerate(STATE)}

    return make


@pytest.fixture(scope="session")
def write_tracks():
    """Function: columns (and a covariance for every row) to a Parquet file; gives its path."""

    def put(columns, path, cov=None):
        if cov is not None:
            k = len(columns["t_s"])
            columns = columns | {
                name: np.full(k, cov[i, j]) for name, (i, j) in zip(COVARIANCE, PAIRS, strict=True)
            }
        pq.write_table(pa.table(columns), path)
        return path

    return put
