"""How long, how much memory and how much disk a run would take, from a few replicates."""

from __future__ import annotations

import tempfile
import time
from importlib import import_module
from pathlib import Path
from typing import Any, Final

from hinomi.study import parquet
from hinomi.study.batch import peak_memory_mb
from hinomi.study.cluster import Dask
from hinomi.study.engine import Engine
from hinomi.study.plan import Plan, Scene

PROBES: Final = 5  # setting: raids of one scenario differ in what they cost
PROBE_S: Final = 5.0  # setting: no further probe after so long
SHARED: Final = 10.0  # seconds to start a worker: imports and what all replicates share, measured


def workers_of(engine: Engine) -> int:
    """Count the processes that an engine computes with; a scheduler is asked."""
    if isinstance(engine, Dask):
        return max(1, engine.cores())
    return int(getattr(engine, "workers", 1))


def estimate(scenario: Scene, plan: Plan, *, workers: int, beside: int = 0) -> dict[str, Any]:
    """Run a few replicates here; the first compiles and is kept in full, nothing stays on disk.

    `beside` is the number of replicates of the scenario's companions, which have two architectures.
    """
    chain: Any = import_module(plan.chain)
    began = time.perf_counter()
    context = chain.prepare(scenario)
    start_s = time.perf_counter() - began

    def one(number: int, *, keep: bool) -> tuple[float, int]:
        began = time.perf_counter()
        columns = chain.replicate(
            scenario,
            context,
            seed=plan.seed,
            number=number,
            architectures=plan.architectures,
            keep=keep,
        )
        return time.perf_counter() - began, _bytes(columns)

    first_s, whole_bytes = one(0, keep=plan.keep > 0)
    probes = [one(1, keep=False)]
    while len(probes) < PROBES and sum(s for s, _ in probes) < PROBE_S:
        probes.append(one(1 + len(probes), keep=False))
    seconds = [s for s, _ in probes]
    each_s = sum(seconds) / len(seconds)
    whole = min(plan.keep, plan.replicates)
    each_bytes = sum(b for _, b in probes) / len(probes)
    more = beside * len(getattr(scenario.study, "companions", ())) if plan.variant is None else 0
    replicates = plan.replicates + more * min(1.0, 2 / len(plan.architectures))
    start_s += first_s + (SHARED if workers > 1 else 0.0)
    memory_mb = peak_memory_mb() or 0
    return {
        "scenario": plan.scenario,
        "replicates": plan.replicates,
        "workers": workers,
        "probes": len(probes),
        "replicate_s": each_s,
        "start_s": start_s,
        "total_s": start_s + replicates * each_s / workers,
        "total_low_s": start_s + replicates * min(seconds) / workers,
        "total_high_s": start_s + replicates * max(seconds) / workers,
        "memory_mb": memory_mb * (workers + 1 if workers > 1 else 1),
        "disk_mb": (whole * whole_bytes + (plan.replicates - whole) * each_bytes) / 1e6,
    }


def _bytes(columns: Any) -> int:
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        parquet.write_batch(
            folder, "estimate", {n: parquet.to_table(c) for n, c in columns.items()}
        )
        return sum(path.stat().st_size for path in folder.glob("*/*.parquet"))
