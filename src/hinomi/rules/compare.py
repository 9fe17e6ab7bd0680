"""Run a comparison of rules: one folder, a run of the study's engine in it for each scenario."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from hinomi.errors import ScenarioError
from hinomi.rules.chain import CHAIN
from hinomi.rules.ladder import named_rules, points_of
from hinomi.rules.reading import Comparison, comparison
from hinomi.scenario.build_rules import bundled_rules, read_rules
from hinomi.scenario.load import load
from hinomi.scenario.model import Scenario
from hinomi.scenario.places import unit_names
from hinomi.scenario.places_region import places_of
from hinomi.study.engine import Engine
from hinomi.study.plan import digest
from hinomi.study.results import Results
from hinomi.study.wanted import Wanted

REPLICATES: Final = 50
PREFERRED: Final = "integrated"


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One scenario of a comparison, planned."""

    scenario: Scenario
    wanted: Wanted

    @property
    def architecture(self) -> str:
        """Whose picture decides."""
        return self.wanted.architectures[0]

    @property
    def folder_name(self) -> str:
        """Name of its run within the folder."""
        scenario = self.scenario
        return f"{scenario.name}-{scenario.variant}" if scenario.variant else scenario.name


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """One scenario of a comparison, run."""

    scenario: Scenario
    study: Results
    run: Comparison


def tables_of(names: Sequence[str]) -> list[dict[str, Any]]:
    """Tables of the rules that these names or files mean; all bundled ones where none is named."""
    if not names:
        return list(bundled_rules().values())
    return [table for words in names for table in read_rules(words)]


def plan(
    name: str | Path,
    *,
    rules: Sequence[Mapping[str, Any]],
    architecture: str | None = None,
    variant: str | None = None,
    replicates: int | None = None,
    seed: int | None = None,
) -> Part:
    """Load a scenario with these rules beside its own.

    Raises
    ------
    ScenarioError
        for what is wrong with the scenario, a rule or the architecture; nothing was computed.
    """
    own = load(name, variant=variant).document["warning"].get("rules", [])
    scenario = load(name, variant=variant, changes={"warning.rules": [*own, *rules]})
    for rule in named_rules(scenario):
        if rule.unit != "polygon":
            unit_names(places_of(scenario.places), rule.unit, dict(rule.blocks))
    known = scenario.study.architectures
    chosen = architecture or (PREFERRED if PREFERRED in known else known[0])
    wanted = Wanted(
        scene=scenario,
        architectures=(chosen,),
        replicates=REPLICATES if replicates is None else replicates,
        seed=seed,
        chain=CHAIN,
    )
    _ = wanted.plan  # the numbers and the architecture are checked here
    return Part(scenario=scenario, wanted=wanted)


def default_folder(parts: Sequence[Part]) -> Path:
    """`results/rules-<scenario>-<content key>` below the current folder."""
    key = digest([part.wanted.plan.identity for part in parts])[:8]
    more = f"-and-{len(parts) - 1}-more" if len(parts) > 1 else ""
    return Path("results") / f"rules-{parts[0].scenario.name}{more}-{key}"


def execute(
    parts: Sequence[Part], folder: Path, *, engine: Engine, quiet: bool = True
) -> list[Compared]:
    """Compute what is missing of each scenario's run and read it.

    Raises
    ------
    ScenarioError
        for a scenario that is named twice.
    """
    names = [part.folder_name for part in parts]
    for name in names:
        if names.count(name) > 1:
            raise ScenarioError(f"{name} is named twice; name each scenario once")
    out = []
    for part, name in zip(parts, names, strict=True):
        study = part.wanted.computed(folder / name, engine=engine, quiet=quiet)
        points = points_of(part.scenario)
        run = comparison(study.table("metrics"), points, part.architecture)
        out.append(Compared(scenario=part.scenario, study=study, run=run))
    return out
