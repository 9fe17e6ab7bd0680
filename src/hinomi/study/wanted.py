"""A run that a question needs: planned, then computed to its end and read."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import final

from hinomi.study import montecarlo, progress
from hinomi.study.engine import Engine
from hinomi.study.plan import CHAIN, Plan, Scene, make_plan
from hinomi.study.results import Results


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What decides a run's numbers; nothing of it is kept in full."""

    scene: Scene
    architectures: tuple[str, ...]
    replicates: int | None = None
    seed: int | None = None
    pairs: tuple[tuple[str, str], ...] = ()
    chain: str = CHAIN

    @property
    def plan(self) -> Plan:
        """Plan of the run; ScenarioError where a number or a name is wrong."""
        return make_plan(
            self.scene,
            replicates=self.replicates,
            seed=self.seed,
            architectures=self.architectures,
            pairs=self.pairs,
            keep=0,
            chain=self.chain,
        )

    def computed(
        self, folder: Path, *, engine: Engine, quiet: bool, shard: montecarlo.Shard | None = None
    ) -> Results:
        """Compute what is missing; what is finished is kept, and a larger number extends it.

        A shard computes its part of the batches and summarises nothing.

        Raises
        ------
        FolderError, StorageError
            The folder holds another run, cannot be written, or the disk is full.
        """
        begun = montecarlo.begin(
            self.scene,
            replicates=self.replicates,
            seed=self.seed,
            out=folder,
            architectures=self.architectures,
            pairs=self.pairs,
            keep_tracks=0,
            engine=engine,
            chain=self.chain,
        )
        montecarlo.execute(begun, shard=shard, told=progress.choose(quiet=quiet))
        return Results(begun.folder)
