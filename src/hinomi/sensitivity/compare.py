"""Run everything that a question about assumptions needs: one folder, two runs of the engine."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from hinomi.errors import ScenarioError
from hinomi.scenario.load import architecture_of, load, refuse_half_pair
from hinomi.scenario.model import Scenario
from hinomi.sensitivity.keys import Key, chosen_keys
from hinomi.sensitivity.points import is_whole, latin_hypercube, one_at_a_time, value_of
from hinomi.sensitivity.reading import Figure, figure, leading
from hinomi.settings.chain import told_name
from hinomi.settings.points import Point
from hinomi.settings.run import figures as run_figures
from hinomi.settings.run import wanted
from hinomi.settings.scene import Scene, refusal
from hinomi.settings.target import Target
from hinomi.study.engine import Engine
from hinomi.study.montecarlo import Shard
from hinomi.study.plan import Plan
from hinomi.study.summary import Measured
from hinomi.study.wanted import Wanted

REPLICATES: Final = 30
BAND_KEYS: Final = 10
BAND_REPLICATES: Final = 10  # inner raids of each point of the band, at most
ONE, BAND = "one_at_a_time", "band"  # folders of the two runs


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What was asked: a scenario, its keys, one architecture or a pair, the band or not."""

    scenario: Scenario
    keys: tuple[Key, ...]
    architectures: tuple[str, ...]  # the fuller one first
    figures: tuple[str, ...]
    replicates: int
    seed: int
    band: bool
    patterns: tuple[str, ...]

    @property
    def targets(self) -> tuple[Target, ...]:
        """The difference first, then each architecture."""
        alone = tuple(Target(top=a) for a in self.architectures)
        if len(self.architectures) < 2:
            return alone
        top, bottom = self.architectures
        return (Target(top=top, bottom=bottom), *alone)

    @property
    def scene(self) -> Scene:
        """The scenario with each key at each end."""
        return Scene(scenario=self.scenario, points=tuple(one_at_a_time(self.keys)))

    @property
    def plan(self) -> Plan:
        """Plan of the first run."""
        return self.run_of(self.scene, self.replicates).plan

    def run_of(self, scene: Scene, replicates: int) -> Wanted:
        """One run of this question."""
        return wanted(
            scene, replicates=replicates, seed=self.seed, architectures=self.architectures
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """The second run: all leading keys moved at once."""

    keys: tuple[Key, ...]
    points: tuple[Point, ...]  # those that the scenario allows
    refused: Mapping[str, str]
    found: Measured


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """A question whose runs are done."""

    question: Question
    found: Measured
    refused: Mapping[str, str]  # points that the scenario does not allow, and why
    figures: Mapping[tuple[str, str], Figure]  # (target, figure)
    band: Band | None


def question(
    name: str | Path,
    *,
    keys: Sequence[str] = (),
    figures: Sequence[str],
    architecture: str | None = None,
    bottom: str | None = None,
    top: str | None = None,
    variant: str | None = None,
    replicates: int | None = None,
    seed: int | None = None,
    band: bool = True,
) -> Question:
    """Load the scenario and choose keys and architectures; nothing is computed.

    Raises
    ------
    ScenarioError, FenceError
        for what is wrong with the scenario, an architecture, a key or a number.
    """
    scenario = load(name, variant=variant)
    names = _architectures(scenario, architecture=architecture, bottom=bottom, top=top)
    asked = Question(
        scenario=scenario,
        keys=tuple(chosen_keys(scenario, names, keys)),
        architectures=names,
        figures=tuple(figures),
        replicates=REPLICATES if replicates is None else replicates,
        seed=scenario.study.seed if seed is None else seed,
        band=band,
        patterns=tuple(keys),
    )
    _ = asked.plan  # numbers are checked here
    return asked


def _architectures(
    scenario: Scenario, *, architecture: str | None, bottom: str | None, top: str | None
) -> tuple[str, ...]:
    """One architecture, the named pair, or the headline's pair, the fuller one first."""
    refuse_half_pair(bottom=bottom, top=top)
    if architecture is not None and top is not None:
        raise ScenarioError("give either --architecture, or --from and --to, not both")
    headline = scenario.study.headline
    if architecture is not None:
        names: tuple[str, ...] = (architecture,)
    elif bottom is not None and top is not None:
        names = (top, bottom)
    else:
        names = headline or scenario.study.architectures[:1]
    for name in names:
        architecture_of(scenario, name)
    if len(set(names)) < len(names):
        raise ScenarioError(f"--from and --to are both {names[0]!r}: there is no difference")
    return names


def default_folder(asked: Question) -> Path:
    """`results/sensitivity-<scenario>-<content key>` below the current folder."""
    return Path("results") / f"sensitivity-{asked.scenario.name}-{asked.plan.identity[:8]}"


def execute(
    asked: Question,
    folder: Path,
    *,
    engine: Engine,
    quiet: bool = True,
    say: Callable[[str], None] = lambda line: None,  # noqa: ARG005
) -> Answered:
    """Compute what is missing of each run; what is finished is kept, and a larger n extends it."""
    first = asked.run_of(asked.scene, asked.replicates)
    found = run_figures(first, folder / ONE, engine=engine, quiet=quiet)
    refused = refusals(asked, asked.scene.points, found)
    figures = {
        (t.name, name): figure(found, t, name, asked.keys, refused)
        for t in asked.targets
        for name in asked.figures
    }
    band = None
    keys = movable(asked, leading(figures, len(asked.keys)))[:BAND_KEYS] if asked.band else []
    if keys:
        points = latin_hypercube(keys, seed=asked.seed)
        if not quiet:
            say(f"the band of assumptions: {len(points)} settings of {len(keys)} numbers at once")
        n = min(asked.replicates, BAND_REPLICATES)
        scene = Scene(scenario=asked.scenario, points=tuple(points))
        shape = (
            f"{BAND}-{scene.content_hash[:8]}"  # a larger n may bring other numbers to the front
        )
        inner = run_figures(asked.run_of(scene, n), folder / shape, engine=engine, quiet=quiet)
        out = refusals(asked, points, inner)
        band = Band(
            keys=tuple(keys),
            points=tuple(p for p in points if p.name not in out),
            refused=out,
            found=inner,
        )
    return Answered(question=asked, found=found, refused=refused, figures=figures, band=band)


def execute_part(
    asked: Question, folder: Path, *, engine: Engine, shard: Shard, quiet: bool = True
) -> None:
    """Compute one shard of the first run, the large one; `execute` does the rest and reads all."""
    asked.run_of(asked.scene, asked.replicates).computed(
        folder / ONE, engine=engine, quiet=quiet, shard=shard
    )


def movable(asked: Question, keys: Sequence[Key]) -> list[Key]:
    """The first keys that may take any value of their range: few counts of satellites fill planes.

    Only whole numbers are tried, the others are free between their ends. Stops when there are enough.
    """
    out: list[Key] = []
    for key in keys:
        if len(out) == BAND_KEYS:
            break
        points = latin_hypercube([key], seed=asked.seed) if is_whole(key) else []
        values = {value_of(p.changes[key.name]): p for p in points}
        if not any(refusal(asked.scenario, point) for point in values.values()):
            out.append(key)
    return out


def refusals(asked: Question, points: Sequence[Point], found: Measured) -> dict[str, str]:
    """Points without a row in the table, and what the scenario says to them."""
    there = {architecture for architecture, _ in found.values}
    out = {}
    for point in points:
        if told_name(asked.architectures[0], point.name) not in there:
            out[point.name] = refusal(asked.scenario, point) or "was not computed"
    return out
