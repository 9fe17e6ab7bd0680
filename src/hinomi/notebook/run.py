"""Begin a run, or go on with one, from Python."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from hinomi.notebook.study import Study
from hinomi.study import montecarlo, progress
from hinomi.study.plan import CHAIN, Scene
from hinomi.study.until import Until


def run(
    scenario: str | Path | Scene,
    *,
    replicates: int | None = None,
    seed: int | None = None,
    out: str | Path | None = None,
    workers: int | None = None,
    architectures: Sequence[str] | None = None,
    pairs: Sequence[tuple[str, str]] | None = None,
    changes: Mapping[str, object] | None = None,
    variant: str | None = None,
    keep_tracks: int | None = None,
    shard: montecarlo.Shard | None = None,
    scheduler: str | None = None,
    until: Until | None = None,
    chain: str = CHAIN,
    quiet: bool = False,
) -> Study:
    """Run a scenario and return its results; what is finished already is not computed again.

    Parameters
    ----------
    scenario
        a bundled name, a path, or a loaded scenario.
    replicates, seed, architectures
        those of the scenario where not given. A larger number extends a run.
    out
        folder of the run; `results/<scenario>-<content key>` where not given.
    workers
        processes; 1 computes in this one. A script that asks for more needs a main guard.
    keep_tracks
        number of first replicates whose flights, plots, tracks and forecasts are kept in full.
    until
        instead of a number of replicates: go on until intervals are narrow enough (`until.parse`).

    Raises
    ------
    ScenarioError, FolderError
        Wrong input, or a folder that cannot be used; nothing was computed.
    StorageError
        The disk is full; what was finished is kept.
    BatchesFailedError
        Some batches failed; the others are kept and summarised.
    """
    begun = montecarlo.begin(
        montecarlo.loaded(scenario, changes=changes, variant=variant, chain=chain),
        replicates=replicates,
        seed=seed,
        out=out,
        architectures=architectures,
        pairs=pairs,
        keep_tracks=keep_tracks,
        engine=montecarlo.engine_for(workers=workers, scheduler=scheduler),
        until=until,
        chain=chain,
    )
    montecarlo.execute(begun, shard=shard, told=progress.choose(quiet=quiet), until=until)
    return Study(begun.folder)
