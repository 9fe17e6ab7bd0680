"""Compile every kernel once, in one process: `python -m hinomi.study.warm`.

A marker beside the compiled kernels remembers it for this state of the sources.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import sys
import time
from pathlib import Path
from typing import Final

from hinomi.study.plan import CHAIN, make_plan, today
from hinomi.study.provenance import code_fingerprint

SHORT: Final = 1  # replicates of each bundled scenario


def _marker(chain: str) -> Path | None:
    folder = os.environ.get("NUMBA_CACHE_DIR")
    if not folder:
        return None
    told = json.dumps([code_fingerprint(), chain], sort_keys=True)
    return Path(folder) / f"warm-{hashlib.sha256(told.encode()).hexdigest()[:16]}"


def is_warm(chain: str = CHAIN) -> bool:
    """Whether the kernels of this state of the sources were compiled into the cache before."""
    if os.environ.get("NUMBA_DISABLE_JIT", "0") not in ("", "0"):
        return True  # nothing will be compiled
    marker = _marker(chain)
    return marker is not None and marker.is_file()


def mark_warm(chain: str = CHAIN) -> None:
    """Remember that the kernels are compiled; a cache that cannot be written is not remembered."""
    marker = _marker(chain)
    if marker is not None:
        with contextlib.suppress(OSError):
            marker.parent.mkdir(parents=True, exist_ok=True)
            marker.touch()


def warm(*, chain: str = CHAIN) -> list[str]:
    """Run one replicate of each bundled scenario; returns their names."""
    from importlib import import_module

    from hinomi.scenario.load import load, scenario_names

    links = import_module(today(chain))
    names = list(scenario_names())
    for name in names:
        scenario = load(name)
        plan = make_plan(scenario, replicates=SHORT, chain=chain)
        links.replicate(
            scenario,
            links.prepare(scenario),
            seed=plan.seed,
            number=0,
            architectures=plan.architectures,
            keep=False,
        )
    mark_warm(chain)
    return names


def main() -> None:
    """Warm up unless it was done before, and say how long it took."""
    if is_warm():
        sys.stderr.write("kernels are compiled\n")
        return
    began = time.perf_counter()
    names = warm()
    sys.stderr.write(
        f"kernels compiled in {time.perf_counter() - began:.0f} s ({', '.join(names)})\n"
    )


if __name__ == "__main__":
    main()
