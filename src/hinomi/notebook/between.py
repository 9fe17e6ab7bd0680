"""Two runs on the same draws, replicate by replicate: what a change of the scenario does."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from hinomi.errors import ScenarioError
from hinomi.study import store
from hinomi.study.summary import Measured, measured, summarise

if TYPE_CHECKING:
    from hinomi.notebook.study import Study

HERE, THERE = "here", "there"
LEAST: Final = 2  # replicates in common; one alone says nothing of chance


def between(study: Study, other: Study) -> dict[str, Any]:
    """Differences of every headline, this run minus the other, by architecture of both.

    Raises
    ------
    ScenarioError
        The runs have other seeds, versions, or too little in common.
    """
    ours, theirs = study.plan, other.plan
    if ours.seed != theirs.seed:
        raise ScenarioError(
            f"the runs have the seeds {ours.seed} and {theirs.seed}: their draws are not the same. "
            "Run both with one seed, or compare them with: hinomi diff"
        )
    if ours.code != theirs.code or ours.data != theirs.data:
        raise ScenarioError(
            "the runs come from different versions of the program or its data, so their difference "
            "is not the scenario's alone; run one again, or compare them with: hinomi diff"
        )
    names = [name for name in ours.architectures if name in theirs.architectures]
    if not names:
        raise ScenarioError(
            f"no architecture in common: {', '.join(ours.architectures)} and "
            f"{', '.join(theirs.architectures)}"
        )
    here, there = (measured(s.table(store.LAST)) for s in (study, other))
    common = sorted(set(here.replicates) & set(there.replicates))
    if len(common) < LEAST:
        raise ScenarioError(
            f"{len(common)} replicates in common; a difference needs {LEAST} or more: "
            "run both with the same number"
        )
    return {name: _of(study, name, here, there, common) for name in names}


def _of(study: Study, name: str, here: Measured, there: Measured, common: list[int]) -> Any:
    """Differences of one architecture, as if its two runs were two architectures of one."""
    sides = {HERE: here, THERE: there}
    rows = {side: np.searchsorted(found.replicates, common) for side, found in sides.items()}
    both = Measured(
        replicates=tuple(common),
        units={**there.units, **here.units},
        values={
            (side, metric): values[rows[side]]
            for side, found in sides.items()
            for (architecture, metric), values in found.values.items()
            if architecture == name
        },
    )
    plan = replace(study.plan, architectures=(HERE, THERE))
    told = summarise(plan, both, pairs=[(HERE, THERE)])
    return told["differences"][f"{HERE}-{THERE}"]
