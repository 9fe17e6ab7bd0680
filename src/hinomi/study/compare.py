"""Compare architectures on the same draws: each of the others against the first named."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from hinomi.errors import ScenarioError
from hinomi.study.montecarlo import run
from hinomi.study.plan import Scene, against_first
from hinomi.study.results import Study


def compare(scenario: str | Path | Scene, architectures: Sequence[str], **settings: Any) -> Study:
    """Run only these architectures; differences are each of the others minus the first named.

    `settings` are those of `run`.

    Raises
    ------
    ScenarioError
        Fewer than two architectures were named.
    """
    if len(architectures) < 2:
        raise ScenarioError(
            f"a comparison needs two architectures or more; got {len(architectures)}"
        )
    return run(
        scenario, architectures=architectures, pairs=against_first(architectures), **settings
    )
