"""The question of a sweep: scenario, axes, design, architectures; and running it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import numpy as np

from hinomi.errors import FenceError, HinomiError, ScenarioError
from hinomi.scenario.load import architecture_of, load
from hinomi.scenario.model import Scenario
from hinomi.settings import cache, chain
from hinomi.settings.chain import told_name
from hinomi.settings.measures import chosen
from hinomi.settings.points import Point
from hinomi.settings.run import figures as run_figures
from hinomi.settings.run import wanted
from hinomi.settings.scene import Scene, refusal, scenario_at
from hinomi.settings.target import Target
from hinomi.study.checks import KILLS
from hinomi.study.engine import Engine
from hinomi.study.montecarlo import Shard
from hinomi.study.plan import SEEDS, Plan, within
from hinomi.study.summary import Measured
from hinomi.study.wanted import Wanted
from hinomi.sweep.axis import Axis, axes_of
from hinomi.sweep.design import Design, design_of

REPLICATES: Final = 30
DEFAULT_FIGURES: Final = ("leakers", "lead_s", "cost_musd")
RUNS: Final = "points"  # folder of the run inside the folder of an answer
NOTES: Final = "cache.jsonl"
INSIDE: Final = (0.37, 0.61, 0.83)  # places of a range at which a sampled design is tried


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What was asked."""

    scenario: Scenario
    design: Design
    architectures: tuple[str, ...]
    figures: tuple[str, ...]
    replicates: int
    seed: int

    @property
    def targets(self) -> tuple[Target, ...]:
        """The first architecture minus each other one, then each alone."""
        first, *others = self.architectures
        pairs = tuple(Target(top=first, bottom=other) for other in others)
        return (*pairs, *(Target(top=a) for a in self.architectures))

    @property
    def scene(self) -> Scene:
        """The scenario with every setting."""
        return Scene(scenario=self.scenario, points=self.design.points())

    @property
    def plan(self) -> Plan:
        """Plan of the run."""
        return self.run.plan

    @property
    def run(self) -> Wanted:
        """The run of every setting."""
        return wanted(
            self.scene,
            replicates=self.replicates,
            seed=self.seed,
            architectures=self.architectures,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """A question whose run is done."""

    question: Question
    found: Measured
    failed: Mapping[str, tuple[int, str]]  # point -> in how many raids it failed, and why
    stages: Mapping[str, int]  # entries of the cache read, made, and damaged ones made anew


def question(
    name: str | Path,
    vary: Mapping[str, Any],
    *,
    design: str = "grid",
    points: int | None = None,
    figures: Sequence[str] = (),
    architectures: Sequence[str] | None = None,
    variant: str | None = None,
    replicates: int | None = None,
    seed: int | None = None,
) -> Question:
    """Load the scenario, read axes, make the design; nothing is computed.

    Raises
    ------
    ScenarioError, FenceError
        for what is wrong with the scenario, a key, the design, an architecture or a number.
    """
    scenario = load(name, variant=variant)
    asked_seed = scenario.study.seed if seed is None else seed
    within("the seed", asked_seed, *SEEDS)  # the design needs it before the plan checks it
    axes = tuple(_allowed(scenario, a) for a in axes_of(scenario, vary, design=design))
    asked = Question(
        scenario=scenario,
        design=design_of(design, axes, points=points, seed=asked_seed),
        architectures=_architectures(scenario, architectures),
        figures=chosen(figures or DEFAULT_FIGURES),
        replicates=REPLICATES if replicates is None else replicates,
        seed=asked_seed,
    )
    _ = asked.plan  # numbers are checked here
    return asked


def _architectures(scenario: Scenario, asked: Sequence[str] | None) -> tuple[str, ...]:
    """Those named, or the headline's pair, the fuller one first."""
    names = tuple(asked or scenario.study.headline or scenario.study.architectures[:1])
    for name in names:
        architecture_of(scenario, name)
    if len(set(names)) < len(names):
        raise ScenarioError(f"an architecture is named twice: {', '.join(names)}")
    return names


def _allowed(scenario: Scenario, axis: Axis) -> Axis:
    """Give the axis, with whole numbers only where the scenario takes no others.

    Raises what the scenario says to a key at its first and last value where it refuses both, or
    between them where it refuses all that a sampled design would draw.
    """
    first, last = (axis.values[0], axis.values[-1]) if axis.values else (axis.low, axis.high)
    if (why := _refused(scenario, axis.key, first)) and _refused(scenario, axis.key, last):
        raise ScenarioError(f"--vary: {why}")
    if axis.values or axis.whole:
        return axis
    between = [_refused(scenario, axis.key, axis.at(share)) for share in INSIDE]
    if not all(between):
        return axis
    rounded = replace(axis, rounded=True)
    ends = axis.low.is_integer() and axis.high.is_integer()
    if ends and any(not _refused(scenario, axis.key, rounded.at(share)) for share in INSIDE):
        return rounded
    raise ScenarioError(
        f"--vary {axis.key}: refused between its ends: {between[0]}. Write single values: "
        f"{axis.key}=A,B,C"
    )


def _refused(scenario: Scenario, key: str, value: Any) -> str:
    """What the scenario says against a value of a key, or nothing."""
    try:
        scenario_at(scenario, Point(name="", changes={key: value}, anew=False))
    except FenceError:
        raise
    except HinomiError as error:
        return str(error).removeprefix("changes: ").rstrip(".")
    return ""


def default_folder(asked: Question) -> Path:
    """`results/sweep-<scenario>-<content key>` below the current folder."""
    return Path("results") / f"sweep-{asked.scenario.name}-{asked.plan.identity[:8]}"


def execute(
    asked: Question,
    folder: Path,
    *,
    engine: Engine,
    use_cache: bool = True,
    quiet: bool = True,
    say: Callable[[str], None] = lambda line: None,  # noqa: ARG005
) -> Answered:
    """Compute what is missing; what is finished is kept, and a larger number of raids extends it."""
    notes = folder / NOTES
    before = cache.counted(notes)
    with cache.switched("on" if use_cache else "off", notes):
        found = run_figures(asked.run, folder / RUNS, engine=engine, quiet=quiet)
        failed = _failures(asked, found)
    after = cache.counted(notes)
    stages = {name: after[name] - before[name] for name in after}
    if not quiet and any(stages.values()):
        say(
            f"pictures of raids: {stages[cache.READ]} from the cache, {stages[cache.MADE]} made"
            + (
                f", {stages[cache.DAMAGED]} damaged in the cache and made anew"
                if stages[cache.DAMAGED]
                else ""
            )
        )
    return Answered(question=asked, found=found, failed=failed, stages=stages)


def execute_part(
    asked: Question,
    folder: Path,
    *,
    engine: Engine,
    shard: Shard,
    use_cache: bool = True,
    quiet: bool = True,
) -> None:
    """Compute the raids of one shard; when all are there, `execute` reads them."""
    with cache.switched("on" if use_cache else "off"):
        asked.run.computed(folder / RUNS, engine=engine, quiet=quiet, shard=shard)


def _failures(asked: Question, found: Measured) -> dict[str, tuple[int, str]]:
    """Points that miss raids, how many, and the reason in the first of them."""
    out = {}
    for point in asked.scene.points:
        gone = np.isnan(found.of(told_name(asked.architectures[0], point.name), KILLS))
        if gone.any():
            out[point.name] = (int(gone.sum()), _reason(asked, point, found, int(gone.argmax())))
    return out


def _reason(asked: Question, point: Point, found: Measured, row: int) -> str:
    """What the scenario says to a point, or what stops its raid."""
    if why := refusal(asked.scenario, point):
        return why
    scene = Scene(scenario=asked.scenario, points=(point,))
    failed: dict[str, str] = {}
    for _ in chain.each(
        scene,
        chain.prepare(scene),
        seed=asked.seed,
        number=found.replicates[row],
        architectures=asked.architectures,
        failed=failed,
    ):
        pass
    return failed.get(point.name, "was not computed")
