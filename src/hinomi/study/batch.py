"""One batch: a pure function of the plan and a range of replicates, run by any worker anywhere."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol, cast

from hinomi.errors import FolderError
from hinomi.study import store
from hinomi.study.plan import Batch, Plan, Scene, today

Tables = Mapping[str, Mapping[str, Any]]


class Chain(Protocol):
    """The module that composes the links; a plan names it, so that another can take its place.

    A chain whose scenarios are not those of `hinomi.scenario` has a `load_text` of its own as well.
    """

    def prepare(self, scenario: Scene) -> Any:
        """Make what all replicates share."""

    def replicate(
        self,
        scenario: Scene,
        context: Any,
        *,
        seed: int,
        number: int,
        architectures: Sequence[str],
        keep: bool,
    ) -> Tables:
        """One replicate of every architecture: table name -> columns."""


def chain_of(plan: Plan) -> Chain:
    """Import the chain that the plan names."""
    return cast(Chain, import_module(today(plan.chain)))


def own_or_bundled(chain: str, name: str) -> Callable[..., Any]:
    """Give a chain's own way to load scenarios, or else the usual one."""
    own = getattr(import_module(today(chain)), name, None)
    found = getattr(import_module("hinomi.scenario.load"), name) if own is None else own
    return cast(Callable[..., Any], found)


def scenario_of(plan: Plan) -> Scene:
    """Rebuild the scenario from the plan's own text; its content must be what the plan says.

    Raises
    ------
    FolderError
        The text does not give that scenario: change one with `load(..., changes=...)`, not in code.
    """
    load_text = own_or_bundled(plan.chain, "load_text")
    scenario = load_text(
        plan.text, plan.scenario, changes=plan.changes_today or None, variant=plan.variant
    )
    if scenario.content_hash != plan.content_hash:
        raise FolderError(
            f"the text of {plan.scenario} does not give the scenario that was planned (content "
            f"{scenario.content_hash[:12]}, planned {plan.content_hash[:12]}); change one with "
            "load(..., changes=...), and begin a new run where the catalogues are others now"
        )
    return cast(Scene, scenario)


@lru_cache(maxsize=2)
def _ready(folder: str, identity: str) -> tuple[Plan, Scene, Any]:
    """Plan, scenario and context, made once in each worker."""
    plan = store.read_plan(Path(folder))
    if plan.identity != identity:
        raise FolderError(f"{folder} no longer holds the plan of this run")
    scenario = scenario_of(plan)
    return plan, scenario, chain_of(plan).prepare(scenario)


def prepare(folder: Path, plan: Plan) -> None:
    """Make what all replicates share now, so that a mistake in it shows before any work."""
    _ready(str(folder), plan.identity)


def one_replicate(folder: Path, plan: Plan, number: int) -> Tables:
    """Tables of one replicate, as a batch would hold them."""
    _, scenario, context = _ready(str(folder), plan.identity)
    return chain_of(plan).replicate(
        scenario,
        context,
        seed=plan.seed,
        number=number,
        architectures=plan.architectures,
        keep=number < plan.keep,
    )


def run_batch(folder: str, identity: str, batch: Batch) -> dict[str, Any]:
    """Compute one batch and put it on disk, unless it is there; returns what it took."""
    from hinomi.study import parquet

    where, began, cpu = Path(folder), time.perf_counter(), time.process_time()
    told: dict[str, Any] = {"pid": os.getpid(), "rows": {}}
    if not store.is_done(where, batch):
        plan, _, _ = _ready(folder, identity)
        parts: dict[str, list[Any]] = {}
        for number in range(batch.first, batch.stop):
            for name, columns in one_replicate(where, plan, number).items():
                parts.setdefault(name, []).append(parquet.to_table(columns))
        joined = {name: parquet.join(tables) for name, tables in parts.items()}
        told["rows"] = parquet.write_batch(where, batch.key, joined)
    return {
        **told,
        "wall_s": round(time.perf_counter() - began, 3),
        "cpu_s": round(time.process_time() - cpu, 3),
        "peak_memory_mb": peak_memory_mb(),
    }


def peak_memory_mb() -> int | None:
    """Largest memory that this process held so far, in 10^6 bytes, where the system tells."""
    try:
        import resource
    except ImportError:
        return None
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return round(peak / 1e6) if sys.platform == "darwin" else round(peak * 1024 / 1e6)
