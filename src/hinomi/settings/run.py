"""The run of a scene: as it is and at every point, on the study's engine."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from hinomi.settings.chain import CHAIN
from hinomi.settings.scene import Scene
from hinomi.study.engine import Engine
from hinomi.study.summary import Measured, measured
from hinomi.study.wanted import Wanted


def wanted(scene: Scene, *, replicates: int, seed: int, architectures: Sequence[str]) -> Wanted:
    """Say what is run; its plan is checked when it is asked for."""
    return Wanted(
        scene=scene,
        replicates=replicates,
        seed=seed,
        architectures=tuple(architectures),
        chain=CHAIN,
    )


def figures(asked: Wanted, folder: Path, *, engine: Engine, quiet: bool) -> Measured:
    """Compute what is missing and read every figure of every setting."""
    return measured(asked.computed(folder, engine=engine, quiet=quiet).table("metrics"))
