"""Run the chain many times: plan, batches on an engine, summary, manifest.

A replicate is a pure function of scenario, seed and its number, a batch of its range of replicates:
the result is the same bit for bit for any workers, order of batches, interruption or shard.
"""

from __future__ import annotations

import contextlib
import os
import time
import traceback
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, final

from hinomi.errors import FolderError, HinomiError, ScenarioError, StorageError
from hinomi.study import batch as work
from hinomi.study import progress, provenance, store
from hinomi.study import until as rules
from hinomi.study.cluster import Dask
from hinomi.study.engine import Ended, Engine, Job, Local, default_workers
from hinomi.study.plan import CHAIN, Batch, Plan, Scene, make_plan, within
from hinomi.study.summary import Measured
from hinomi.study.until import Until

RUN_FORMAT: Final = "hinomi/run/1"
HOPELESS: Final = 3  # so many failures before the first success end a run
FILES_AT_ONCE: Final = 20  # of the metrics, when a run is summarised
MAX_WORKERS: Final = 1024  # a limit against slips of the keyboard


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Shard:
    """Part `index` of `count` of the batches of a run: batch i belongs to shard i mod count."""

    index: int
    count: int

    def __post_init__(self) -> None:
        if not 0 <= self.index < self.count:
            raise ScenarioError(
                f"the shard is {self.index}/{self.count}; I of I/N must lie in 0..N-1"
            )


@dataclass(slots=True)
class Tally:
    """What happened in one call of `execute`."""

    done: int = 0  # replicates
    failed: dict[str, str] = field(default_factory=dict)  # batch key -> reason
    cpu_s: float = 0.0


class BatchesFailedError(HinomiError):
    """Some batches failed; what was finished is kept."""

    exit_code = 1


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """A run whose plan is on disk."""

    folder: Path
    plan: Plan
    engine: Engine


def begin(
    scenario: Scene,
    *,
    replicates: int | None = None,
    seed: int | None = None,
    out: str | Path | None = None,
    architectures: Sequence[str] | None = None,
    pairs: Sequence[tuple[str, str]] | None = None,
    keep_tracks: int | None = None,
    engine: Engine,
    until: Until | None = None,
    chain: str = CHAIN,
) -> Begun:
    """Plan a run and write the plan, before anything is computed."""
    if until is not None:
        replicates = _first_of(scenario, until, replicates)
    plan = make_plan(
        scenario,
        replicates=replicates,
        seed=seed,
        architectures=architectures,
        pairs=pairs,
        keep=keep_tracks,
        chain=chain,
    )
    if until is not None:
        rules.check_names(until, plan.architectures)
    folder = default_folder(plan) if out is None else Path(out)
    return Begun(folder=folder, plan=store.begin(folder, plan), engine=engine)


def _first_of(scenario: Scene, until: Until, replicates: int | None) -> int:
    """Replicates of the first look of a rule, which goes on from there by itself."""
    if replicates is not None:
        raise ScenarioError("give either a number of replicates or --until-ci with --max, not both")
    return rules.first_look(until, int(scenario.study.batch_size))


def loaded(
    scenario: str | Path | Scene,
    *,
    changes: Mapping[str, object] | None = None,
    variant: str | None = None,
    chain: str = CHAIN,
) -> Scene:
    """Give the scenario itself, loaded where only its name or path was given."""
    if isinstance(scenario, (str, Path)):
        load = work.own_or_bundled(chain, "load")
        found: Scene = load(scenario, changes=changes, variant=variant)
        return found
    if changes or variant:
        raise ScenarioError(
            "changes and variant belong to load(...) when the scenario is loaded already"
        )
    return scenario


def default_folder(plan: Plan) -> Path:
    """`results/<scenario>-<content key>` below the current folder."""
    name = f"{plan.scenario}-{plan.variant}" if plan.variant else plan.scenario
    return Path("results") / f"{name}-{plan.identity[:8]}"


def engine_for(*, workers: int | None, scheduler: str | None = None) -> Engine:
    """Make the engine that was asked for.

    Raises
    ------
    ScenarioError
        The number of workers lies outside its limits, or both ways were asked for.
    """
    if workers is not None:
        cores = f" ({default_workers()} cores are here)"
        within("the number of workers", workers, 1, MAX_WORKERS, note=cores)
    if scheduler is None:
        return Local(workers=default_workers() if workers is None else workers)
    if workers is not None:
        raise ScenarioError("give either a number of workers or a scheduler, not both")
    return Dask(address=scheduler)


def execute(
    begun: Begun,
    *,
    shard: Shard | None = None,
    told: progress.Progress | None = None,
    also: Sequence[Begun] = (),
    until: Until | None = None,
) -> bool:
    """Compute what is missing of a run, then summarise it; says whether there was anything to do.

    A shard computes its part and stops there. Batches of `also` are computed on the same engine
    after the run's own, to save its start; those runs are then executed (and told of) by themselves.
    With `until` the run goes on until intervals are narrow enough; then `also` waits.
    """
    if until is not None:
        if shard is not None:
            raise ScenarioError(
                "--until-ci looks at all batches in order and a shard has a part of them; "
                "give one of the two"
            )
        from hinomi.study.sequential import execute_until

        return execute_until(begun, until, told=told)
    folder, plan = begun.folder, begun.plan
    began, began_s = provenance.now_utc(), time.perf_counter()
    with store.at_work(folder, shared=shard is not None):
        if rules.pending(folder) is not None:  # a plain number of replicates takes its place
            (folder / rules.FILE).unlink(missing_ok=True)
        if is_complete(folder, plan):
            return False
        batches = [
            b for b in plan.batches() if shard is None or b.index % shard.count == shard.index
        ]
        events = store.Events(folder / _events_name(shard))
        tally = compute(begun, batches, events=events, told=told or progress.Silent(), also=also)
        if shard is None:
            finish(
                folder,
                plan,
                tally,
                {
                    "began": began,
                    "ended": provenance.now_utc(),
                    "wall_s": round(time.perf_counter() - began_s, 3),
                    "cpu_s": round(tally.cpu_s, 3),
                },
            )
    refuse_failures(folder, tally)
    return True


def refuse_failures(folder: Path, tally: Tally) -> None:
    """Raise where batches failed, and say which."""
    if tally.failed:
        raise BatchesFailedError(_failure(folder, tally))


def is_complete(folder: Path, plan: Plan) -> bool:
    """Whether the manifest is there and speaks of this plan, without failures."""
    path = folder / store.MANIFEST
    there = path.is_file() and (folder / store.SUMMARY).is_file()
    if not there or store.missing(folder, plan):
        return False
    manifest = store.read_json(path)
    return manifest.get("replicates") == plan.replicates and not manifest.get("failed")


def _events_name(shard: Shard | None) -> str:
    return "events.jsonl" if shard is None else f"events-{shard.index}-of-{shard.count}.jsonl"


def compute(
    begun: Begun,
    batches: Sequence[Batch],
    *,
    events: store.Events,
    told: progress.Progress,
    also: Sequence[Begun] = (),
    after: Callable[[str], bool] = lambda key: False,  # noqa: ARG005
) -> Tally:
    """Run the missing batches and keep count; an error of the disk ends the run at once.

    `after` is called with the key of each batch that ended, and ends the work by saying True.
    """
    waiting = [b for b in batches if not store.is_done(begun.folder, b)]
    sizes = {b.key: b.stop - b.first for b in batches}
    total = sum(sizes.values())
    tally = Tally(done=total - sum(sizes[b.key] for b in waiting))
    events.write(
        t=provenance.now_utc(), event="begun", pid=os.getpid(), replicates=total, done=tally.done
    )
    if not waiting:
        return tally
    work.prepare(
        begun.folder, begun.plan
    )  # a mistake in the scenario shows before any worker starts
    told.begin(total=total, done=tally.done)
    succeeded = 0
    jobs = _jobs(begun.folder, begun.plan, waiting)
    for other in also:
        missing = [b for b in other.plan.batches() if not store.is_done(other.folder, b)]
        jobs |= _jobs(other.folder, other.plan, missing)
    try:
        with contextlib.closing(_in_turns(begun.engine, jobs, begun.plan.chain)) as ended_ones:
            for ended in ended_ones:
                if ended.key not in sizes:
                    continue  # of `also`: what failed there is tried again, and told, in its own run
                succeeded += ended.error is None
                _note(ended, sizes[ended.key], tally, events)
                told.update(done=tally.done, failed=len(tally.failed))
                if after(ended.key) or (len(tally.failed) >= HOPELESS and not succeeded):
                    break
    finally:
        told.end()
    return tally


def _jobs(folder: Path, plan: Plan, waiting: Iterable[Batch]) -> dict[str, Job]:
    where, identity = str(folder.resolve()), plan.identity
    return {b.key: (work.run_batch, (where, identity, b)) for b in waiting}


def _in_turns(engine: Engine, jobs: dict[str, Job], chain: str) -> Generator[Ended, None, None]:
    """All jobs on the engine; where kernels are not compiled yet, the first one runs here, alone.

    Several processes that compile the same kernels at once lose more time than they gain.
    """
    from hinomi.study import warm

    if isinstance(engine, Local) and jobs and not warm.is_warm(chain):
        first = next(iter(jobs))
        for ended in Local(workers=1).run({first: jobs[first]}):
            if ended.error is None:
                warm.mark_warm(chain)
            yield ended
        jobs = {key: job for key, job in jobs.items() if key != first}
    yield from engine.run(jobs)


def _note(ended: Ended, size: int, tally: Tally, events: store.Events) -> None:
    error = ended.error
    if isinstance(error, (StorageError, FolderError)):
        raise error
    if error is None:
        tally.done += size
        tally.cpu_s += ended.answer["cpu_s"]
        events.write(t=provenance.now_utc(), event="batch done", key=ended.key, **ended.answer)
        return
    tally.failed[ended.key] = f"{type(error).__name__}: {error}"
    trace = "".join(traceback.format_exception(error))
    events.write(t=provenance.now_utc(), event="batch failed", key=ended.key, error=trace)


def finish(
    folder: Path,
    plan: Plan,
    tally: Tally,
    times: Mapping[str, object],
) -> None:
    """Write `summary.json`, then `run.json`, from what is there."""
    from hinomi.study import parquet
    from hinomi.study.summary import summarise
    from hinomi.study.tracking_summary import SCORES, summarise_tracking

    batches = [b for b in plan.batches() if store.is_done(folder, b)]
    if not batches:
        return
    tables = {}
    for name in store.tables(folder):
        files = store.table_files(folder, name, batches)
        tables[name] = {
            path.name: {
                "sha256": store.sha256(path),
                "rows": parquet.rows(path),
                "bytes": path.stat().st_size,
            }
            for path in files
        }
    metrics = _measured(store.table_files(folder, store.LAST, batches))
    scores = store.table_files(folder, SCORES, batches)
    tracking = summarise_tracking(parquet.read_files(scores)) if scores else None
    with store.disk(folder):
        summary = summarise(plan, metrics, tracking=tracking)
        asked = rules.read_asked(folder)
        if asked and asked[1] and asked[1]["replicates"] == plan.replicates:
            summary["stopped"] = asked[1]
        store.write_json(folder / store.SUMMARY, summary)
        manifest = {
            "format": RUN_FORMAT,
            "scenario": plan.scenario,
            "identity": plan.identity,
            "content_hash": plan.content_hash,
            "seed": plan.seed,
            "replicates": plan.replicates,
            "finished_replicates": sum(b.stop - b.first for b in batches),
            "architectures": list(plan.architectures),
            "code": plan.code,
            "versions": provenance.versions(),
            "machine": provenance.machine(),
            "data": plan.data,
            "summary_sha256": store.sha256(folder / store.SUMMARY),
            "tables": tables,
            "rows": {
                name: sum(int(str(f["rows"])) for f in files.values())
                for name, files in tables.items()
            },
            "failed": tally.failed,
            "times": dict(times),
        }
        store.write_json(folder / store.MANIFEST, manifest)


def _measured(files: Sequence[Path]) -> Measured:
    """Read the metrics of a run some files at a time, so that only their values fill memory."""
    from hinomi.study import parquet
    from hinomi.study.summary import joined, measured

    texts = ("architecture", "metric", "unit")
    groups = [files[i : i + FILES_AT_ONCE] for i in range(0, len(files), FILES_AT_ONCE)]
    return joined([measured(parquet.read_files(group, coded=texts)) for group in groups])


def _failure(folder: Path, tally: Tally) -> str:
    shown = [f"  {key}: {reason}" for key, reason in list(tally.failed.items())[:HOPELESS]]
    more = len(tally.failed) - len(shown)
    tail = [f"  and {more} more"] if more > 0 else []
    head = (
        f"{len(tally.failed)} batch{'' if len(tally.failed) == 1 else 'es'} failed; the others are kept. "
        f"See {folder / 'events.jsonl'}, then: hinomi resume {folder}"
    )
    return "\n".join([head, *shown, *tail])
