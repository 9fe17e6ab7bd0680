"""Run everything that a question about integration needs: one folder, a run of the engine a world."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from hinomi.errors import ScenarioError
from hinomi.integration import chain, ladder
from hinomi.integration.flags import players_of
from hinomi.integration.reading import Pair
from hinomi.integration.worlds import AS_IT_IS, World, worlds
from hinomi.scenario.load import architecture_of, load, refuse_half_pair
from hinomi.scenario.model import Scenario
from hinomi.study.engine import Engine
from hinomi.study.plan import digest
from hinomi.study.results import Results
from hinomi.study.wanted import Wanted

REPLICATES: Final = 30
BATCH: Final = (
    5  # replicates; a replicate takes seconds here, and what is lost at Ctrl-C is a batch
)
LADDER_FOLDER: Final = "ladder"


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One run of the engine."""

    folder: str
    scenario: Scenario
    chain: str
    architectures: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What was asked: pairs of architectures, worlds, maybe the ladder."""

    name: str
    scenario: Scenario
    pairs: tuple[Pair, ...]  # the headline pair first
    worlds: tuple[World, ...]
    parts: tuple[Part, ...]
    replicates: int
    seed: int | None

    @property
    def identity(self) -> str:
        """Hash of all that decides the numbers, except how many replicates there are."""
        return digest([self.run_of(part).plan.identity for part in self.parts])

    def run_of(self, part: Part) -> Wanted:
        """The run of one part: the fullest architecture against each other one."""
        top, *others = part.architectures
        return Wanted(
            scene=part.scenario,
            replicates=self.replicates,
            seed=self.seed,
            architectures=part.architectures,
            pairs=tuple((top, other) for other in others),
            chain=part.chain,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """A question whose runs are done: world or ladder -> study."""

    question: Question
    studies: Mapping[str, Results]


def question(
    name: str | Path,
    *,
    bottom: str | None = None,
    top: str | None = None,
    variants: Sequence[str] = (),
    with_ladder: bool = False,
    replicates: int | None = None,
    seed: int | None = None,
) -> Question:
    """Load the scenario and plan every run; nothing is computed.

    Raises
    ------
    ScenarioError, FenceError
        for what is wrong with the scenario, an architecture, a variant or a number.
    """
    scenario = load(name)
    pairs = pairs_of(scenario, bottom=bottom, top=top)
    for pair in pairs:
        players_of(pair.bottom, pair.top)
    found = worlds(scenario, variants)
    names = (pairs[0].top.name, *(pair.bottom.name for pair in pairs))
    loaded = [(w, load(name, changes=w.changes) if w.changes else scenario) for w in found]
    parts = [
        Part(folder=w.name, scenario=_small_batches(s), chain=chain.CHAIN, architectures=names)
        for w, s in loaded
    ]
    if with_ladder:
        parts.append(
            Part(
                folder=LADDER_FOLDER,
                scenario=_small_batches(scenario),
                chain=ladder.CHAIN,
                architectures=names[:2],
            )
        )
    asked = Question(
        name=str(name),
        scenario=scenario,
        pairs=pairs,
        worlds=tuple(found),
        parts=tuple(parts),
        replicates=REPLICATES if replicates is None else replicates,
        seed=seed,
    )
    _ = asked.identity  # numbers are checked here
    return asked


def _small_batches(scenario: Scenario) -> Scenario:
    size = min(BATCH, scenario.study.batch_size)
    return replace(scenario, study=replace(scenario.study, batch_size=size))


def pairs_of(scenario: Scenario, *, bottom: str | None, top: str | None) -> tuple[Pair, ...]:
    """The pair that was named, or the scenario's headline pair and the one it puts beside it."""
    refuse_half_pair(bottom=bottom, top=top)
    if bottom is not None and top is not None:
        low, high = (architecture_of(scenario, name) for name in (bottom, top))
        return (Pair(bottom=low, top=high),)
    named = [pair for pair in (scenario.study.headline, scenario.study.beside) if pair]
    if not named:
        raise ScenarioError(
            f"{scenario.name} names no headline pair of architectures: name two of "
            f"{', '.join(scenario.architectures)} with --from and --to"
        )
    highest = named[0][0]
    return tuple(
        Pair(bottom=scenario.architectures[low], top=scenario.architectures[high])
        for high, low in named
        if high == highest
    )


def default_folder(asked: Question) -> Path:
    """`results/integration-<scenario>-<content key>` below the current folder."""
    return Path("results") / f"integration-{asked.scenario.name}-{asked.identity[:8]}"


def execute(
    asked: Question,
    folder: Path,
    *,
    engine: Engine,
    quiet: bool = True,
    say: Callable[[str], None] = lambda line: None,  # noqa: ARG005
) -> Answered:
    """Compute what is missing of each run; what is finished is kept, and a larger n extends it."""
    studies = {}
    for i, part in enumerate(asked.parts):
        if len(asked.parts) > 1 and not quiet:
            words = part.folder.replace(AS_IT_IS, "the scenario as it is")
            say(f"{i + 1} of {len(asked.parts)}: {words}")
        run = asked.run_of(part)
        studies[part.folder] = run.computed(folder / part.folder, engine=engine, quiet=quiet)
    return Answered(question=asked, studies=studies)
