"""Measure the study engine: its overhead, two workers beside one, and a table of 10^7 rows.

    python benchmarks/engine.py                       # overhead and table, about a minute
    python benchmarks/engine.py --scenario okinawa-2025 -n 400   # two workers beside one, minutes

Overhead is what the main process and the workers spend beside the batches' own time: finding out
what is missing, hand-over, the manifest with its hashes, the summary. Start of the pool (imports) is
given apart, because it does not grow with the run. Times are wall times of this machine: `load` says
how busy it was.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from datetime import datetime
from pathlib import Path

ROWS = 10_000_000
BATCHES = 100


def main() -> None:
    asked = arguments()
    print(f"cores {len(os.sched_getaffinity(0))}, load {os.getloadavg()[0]:.1f}")
    with tempfile.TemporaryDirectory(dir=asked.folder) as temporary:
        root = Path(temporary)
        if asked.scenario:
            studies(root, asked.scenario, asked.replicates)
            return
        per_batch(root)
        big_table(root, asked.rows)
    print(f"load at the end {os.getloadavg()[0]:.1f}")


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--scenario", default="")
    parser.add_argument("-n", "--replicates", type=int, default=400)
    parser.add_argument("--rows", type=int, default=ROWS)
    parser.add_argument("--folder", default=None)
    return parser.parse_args()


def studies(root: Path, scenario: str, replicates: int) -> None:
    """The same study with one worker and with two."""
    from hinomi.notebook.run import run

    run(scenario, replicates=2, out=root / "warm", workers=1, quiet=True)
    walls = {}
    for workers in (1, 2):
        folder = root / str(workers)
        began = time.perf_counter()
        run(scenario, replicates=replicates, out=folder, workers=workers, quiet=True)
        walls[workers] = time.perf_counter() - began
        tell(folder, workers, walls[workers])
    print(f"two workers are {walls[1] / walls[2]:.2f} times as fast as one (aim 1.8)")


def tell(folder: Path, workers: int, wall_s: float) -> None:
    """Share of the time that no batch was at work, from the log of events."""
    lines = [json.loads(line) for line in (folder / "events.jsonl").read_text().splitlines()]
    done = [line for line in lines if line["event"] == "batch done"]
    busy_s = sum(line["wall_s"] for line in done)
    # The first batch of a worker holds its preparation; the clock of the log has whole seconds.
    span = datetime.fromisoformat(done[-1]["t"]) - datetime.fromisoformat(lines[0]["t"])
    beside = 1 - busy_s / (workers * wall_s)
    print(
        f"{workers} workers: wall {wall_s:.1f} s, batches {busy_s:.1f} s in {len(done)}, until the "
        f"last batch {span.total_seconds():.0f} s, beside batches {100 * beside:.1f} % (aim 5, start "
        "of the pool included)"
    )


def per_batch(root: Path, batches: int = 400) -> None:
    """What a batch costs when its replicates cost nothing: the engine and the files alone."""
    chains = Path(__file__).parents[1] / "tests" / "unit" / "study" / "chains"
    sys.path.insert(0, str(chains))
    from hinomi.notebook.run import run
    from hinomi.study import warm

    warm.is_warm = lambda _: True
    for workers in (1, 2):
        text = json.dumps({"replicates": batches, "batch_size": 1, "keep_full": 0})
        began = time.perf_counter()
        study = run(
            text, out=root / f"empty-{workers}", workers=workers, chain="fake_chain", quiet=True
        )
        wall_s = time.perf_counter() - began
        lines = (study.folder / "events.jsonl").read_text().splitlines()
        told = [json.loads(line) for line in lines if "batch done" in line]
        inside = sum(line["wall_s"] for line in told)
        print(
            f"{workers} workers, {batches} batches of nothing: {wall_s:.2f} s in all; a batch "
            f"{1e3 * inside / batches:.1f} ms in its worker (two files, written, synchronised, renamed) and "
            f"{1e3 * (wall_s - inside / workers) / batches:.1f} ms beside (start of the pool included)"
        )
    sys.path.remove(str(chains))


def big_table(root: Path, rows: int) -> None:
    """A metrics table of so many rows: written batch by batch, summarised as a run is."""
    import numpy as np
    import pyarrow as pa

    from hinomi.study import montecarlo, parquet, store
    from hinomi.study.batch import peak_memory_mb
    from hinomi.study.plan import make_plan
    from hinomi.study.summary import HEADLINES

    sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "unit" / "study" / "chains"))
    import fake_chain

    names = [*HEADLINES, *(f"lead_s.part{i}" for i in range(84))]  # 100 figures an architecture
    architectures = fake_chain.ARCHITECTURES
    replicates = rows // (len(names) * len(architectures))
    text = json.dumps({"replicates": replicates, "batch_size": -(-replicates // BATCHES)})
    plan = make_plan(fake_chain.load(text), chain="fake_chain")
    folder = root / "big"
    plan = store.begin(folder, plan)
    before_mb, began = peak_memory_mb(), time.perf_counter()
    figures = len(names) * len(architectures)
    generator = np.random.Generator(np.random.Philox(5))
    for batch in plan.batches():
        n = batch.stop - batch.first
        table = pa.table(
            {
                "replicate": np.repeat(np.arange(batch.first, batch.stop), figures),
                "architecture": pa.array(np.tile(np.repeat(architectures, len(names)), n)),
                "metric": pa.array(np.tile(names, n * len(architectures))),
                "value": generator.standard_normal(n * figures),
                "unit": pa.array(["s"] * (n * figures)),
            }
        )
        parquet.write_batch(folder, batch.key, {"metrics": table})
    wrote_s = time.perf_counter() - began
    size = sum(path.stat().st_size for path in folder.glob("metrics/*.parquet"))
    began = time.perf_counter()
    montecarlo.finish(folder, plan, montecarlo.Tally(), {})
    summarised_s = time.perf_counter() - began
    total = replicates * figures
    print(
        f"{total:.3g} rows in {len(plan.batches())} files, {size / 1e6:.0f} MB "
        f"({size / total:.2f} bytes a row): made and written {wrote_s:.1f} s, hashed and summarised "
        f"{summarised_s:.1f} s (aim 20 together), peak {peak_memory_mb()} MB, {before_mb} before "
        "(aim 2000)"
    )


if __name__ == "__main__":
    main()
