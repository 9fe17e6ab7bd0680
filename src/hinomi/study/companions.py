"""The same study under the few other assumptions that belong beside its headline.

A scenario names them (`study.companions`). Each is a run of its own in `companions/<variant>` of the
study's folder, on the first replicates and so on the same draws, for the architectures compared.
"""

from __future__ import annotations

from typing import Any, Final

from hinomi.scenario.load import load_text
from hinomi.scenario.model import Scenario
from hinomi.study import montecarlo
from hinomi.study.batch import scenario_of
from hinomi.study.montecarlo import Begun
from hinomi.study.results import Results
from hinomi.study.summary import measured, summarise

FOLDER: Final = "companions"
REPLICATES: Final = 10  # setting: enough to see a change, few enough not to double the run


def begin_companions(begun: Begun, *, replicates: int = REPLICATES) -> list[Begun]:
    """Plan the companions of a begun run; none for a variant, without the headline pair, or at many settings."""
    plan = begun.plan
    if plan.many_settings:
        return []
    scenario: Any = scenario_of(plan)
    named = getattr(scenario.study, "companions", ())
    pair = pair_of(scenario, plan.architectures) if named else None
    if plan.variant is not None or pair is None or replicates < 1:
        return []
    return [
        montecarlo.begin(
            load_text(plan.text, plan.scenario, changes=plan.changes, variant=variant),
            replicates=min(replicates, plan.replicates),
            seed=plan.seed,
            out=begun.folder / FOLDER / variant,
            architectures=list(pair),
            pairs=[pair],
            keep_tracks=0,
            engine=begun.engine,
            chain=plan.chain,
        )
        for variant, _ in named
    ]


def pair_of(scenario: Scenario, architectures: Any) -> tuple[str, str] | None:
    """The headline pair, where both were run."""
    pair = scenario.study.headline
    return pair if pair is not None and set(pair) <= set(architectures) else None


def beside(study: Results, scenario: Scenario) -> list[tuple[str, dict[str, Any]]]:
    """Title and summary of the study itself on the companions' replicates, then of each companion; maybe none."""
    pair = pair_of(scenario, study.plan.architectures)
    found = [
        (title, study.folder / FOLDER / variant) for variant, title in scenario.study.companions
    ]
    there = [(title, Results(folder)) for title, folder in found if (folder / "run.json").is_file()]
    if pair is None or not there or study.plan.variant is not None:
        return []
    n = min(companion.plan.replicates for _, companion in there)
    metrics = study.table("metrics")
    first = metrics.filter((metrics["replicate"].to_numpy() < n).tolist())
    base = summarise(study.plan, measured(first), pairs=[pair])
    return [("as it is", base), *((title, companion.summary()) for title, companion in there)]
