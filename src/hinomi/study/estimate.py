"""How long, how much memory and how much disk a run would take, from two replicates."""

from __future__ import annotations

import tempfile
import time
from importlib import import_module
from pathlib import Path
from typing import Any

from hinomi.study import parquet
from hinomi.study.batch import peak_memory_mb
from hinomi.study.plan import Plan, Scene


def estimate(scenario: Scene, plan: Plan, *, workers: int) -> dict[str, Any]:
    """Run two replicates here; the first compiles and is kept in full, nothing stays on disk."""
    chain = import_module(plan.chain)
    began = time.perf_counter()
    context = chain.prepare(scenario)
    seconds, sizes = [time.perf_counter() - began], []
    for number in (0, 1):
        began = time.perf_counter()
        kept = number < min(1, plan.keep)
        columns = chain.replicate(
            scenario,
            context,
            seed=plan.seed,
            number=number,
            architectures=plan.architectures,
            keep=kept,
        )
        seconds.append(time.perf_counter() - began)
        sizes.append(_bytes(columns))
    whole = min(plan.keep, plan.replicates)
    disk = whole * sizes[0] + (plan.replicates - whole) * sizes[1]
    start_s = seconds[0] + seconds[1]
    return {
        "scenario": plan.scenario,
        "replicates": plan.replicates,
        "workers": workers,
        "replicate_s": seconds[2],
        "start_s": start_s,
        "total_s": start_s + plan.replicates * seconds[2] / workers,
        "memory_mb": (peak_memory_mb() or 0) * (workers + 1 if workers > 1 else 1),
        "disk_mb": disk / 1e6,
    }


def _bytes(columns: Any) -> int:
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        parquet.write_batch(
            folder, "estimate", {n: parquet.to_table(c) for n, c in columns.items()}
        )
        return sum(path.stat().st_size for path in folder.glob("*/*.parquet"))
