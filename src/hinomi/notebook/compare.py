"""Compare architectures on the same draws: each of the others against the first named."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from hinomi.errors import ScenarioError
from hinomi.notebook.run import run
from hinomi.notebook.study import Study
from hinomi.study import montecarlo
from hinomi.study.plan import CHAIN, Scene, against_first


def compare(scenario: str | Path | Scene, architectures: Sequence[str], **settings: Any) -> Study:
    """Run only these architectures; differences are each of the others minus the first named.

    A pair that the scenario itself compares keeps the scenario's direction, whichever is named
    first. `settings` are those of `run`.

    Raises
    ------
    ScenarioError
        Fewer than two architectures were named, or one text was given instead of a list.
    """
    if isinstance(architectures, str):
        names = [name.strip() for name in architectures.split(",")]
        raise ScenarioError(f"architectures is the text {architectures!r}; give a list: {names}")
    taken = sorted({"architectures", "pairs"} & set(settings))
    if taken:
        raise ScenarioError(
            f"{' and '.join(taken)}: compare names the pairs itself; use run to choose others"
        )
    if len(architectures) < 2:
        raise ScenarioError(
            f"a comparison needs two architectures or more; got {len(architectures)}"
        )
    scene = montecarlo.loaded(
        scenario,
        changes=settings.pop("changes", None),
        variant=settings.pop("variant", None),
        chain=settings.get("chain", CHAIN),
    )
    return run(
        scene, architectures=architectures, pairs=against_first(scene, architectures), **settings
    )
