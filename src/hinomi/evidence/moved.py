"""Which headline figures another value moves: the same raids before and after, pair by pair."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from hinomi.errors import ScenarioError
from hinomi.scenario.load import load
from hinomi.scenario.model import Scenario
from hinomi.study.estimate import estimate
from hinomi.study.figure_words import counted, short
from hinomi.study.montecarlo import engine_for
from hinomi.study.plan import make_plan
from hinomi.study.results import Results
from hinomi.study.summary import HEADLINES, Measured, measured, summarise
from hinomi.study.wanted import Wanted

REPLICATES: Final = 10
AFTER, BEFORE = "after", "before"


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """One headline of one architecture, before and after."""

    headline: str
    architecture: str
    before: float | None
    after: float | None
    change: float | None
    low: float | None
    high: float | None
    unit: str
    differing: int  # replicates in which it is not the same

    @property
    def moves(self) -> bool:
        """Whether it differs in any replicate."""
        return self.differing > 0


def before_and_after(
    name: str | Path,
    changes: Mapping[str, object],
    *,
    variant: str | None,
    replicates: int,
    workers: int | None,
    folder: Path,
    say: Callable[[str], None],
) -> tuple[Moved, ...]:
    """Run a scenario as it is and with changes, on the same draws, and compare replicate by replicate.

    Raises
    ------
    ScenarioError
        fewer than two replicates, or a change that the scenario does not accept.
    """
    if replicates < 2:
        raise ScenarioError(f"-n is {replicates}; an interval needs two replicates or more")
    plain = load(name, variant=variant)
    changed = load(name, variant=variant, changes=changes)
    names = plain.study.headline or plain.study.architectures
    say(_time(plain, names, replicates, workers))
    engine = engine_for(workers=workers)
    before, after = (
        Wanted(scene=scene, replicates=replicates, architectures=names).computed(
            folder / part, engine=engine, quiet=True
        )
        for part, scene in ((BEFORE, plain), (AFTER, changed))
    )
    return tuple(row for name in names for row in _rows(before, after, name))


def _time(scenario: Scenario, names: tuple[str, ...], replicates: int, workers: int | None) -> str:
    plan = make_plan(scenario, replicates=replicates, architectures=names, pairs=(), keep=0)
    count = getattr(engine_for(workers=workers), "workers", 1)
    found = estimate(scenario, plan, workers=count)
    seconds = 2.0 * replicates * found["replicate_s"] / count
    return (
        f"two runs of {counted(replicates, 'replicate')} with {' and '.join(names)}: about "
        f"{max(seconds, 1.0):.2g} s, and their start"
    )


def _rows(before: Results, after: Results, architecture: str) -> list[Moved]:
    """Both runs as if they were two architectures of one: the study's own comparison does the rest."""
    sides = {BEFORE: measured(before.table("metrics")), AFTER: measured(after.table("metrics"))}
    joined = Measured(
        replicates=sides[BEFORE].replicates,
        units=sides[BEFORE].units,
        values={
            (side, metric): values
            for side, found in sides.items()
            for (name, metric), values in found.values.items()
            if name == architecture
        },
    )
    plan = replace(before.plan, architectures=(BEFORE, AFTER), pairs=((AFTER, BEFORE),))
    told: dict[str, Any] = summarise(plan, joined)
    differences = told["differences"][f"{AFTER}-{BEFORE}"]
    out = []
    for headline in HEADLINES:
        x, y = joined.of(BEFORE, headline), joined.of(AFTER, headline)
        same = (x == y) | ((x != x) & (y != y))  # NaN: in neither
        change = differences[headline]
        out.append(
            Moved(
                headline=headline,
                architecture=architecture,
                before=told["architectures"][BEFORE][headline]["value"],
                after=told["architectures"][AFTER][headline]["value"],
                change=change["value"],
                low=change["low"],
                high=change["high"],
                unit=change["unit"],
                differing=int((~same).sum()),
            )
        )
    return out


def moved_lines(rows: tuple[Moved, ...], *, replicates: int) -> list[str]:
    """What moved and by how much; what did not is named too."""
    out = []
    for name in dict.fromkeys(r.architecture for r in rows):
        mine = [r for r in rows if r.architecture == name]
        out.append(f"{name}:")
        for r in mine:
            if not r.moves:
                continue
            interval = (
                f" ({short(r.low)} to {short(r.high)})"
                if r.low is not None and r.high is not None
                else ""
            )
            out.append(
                f"  {r.headline:<26}{_number(r.before):>12} -> {_number(r.after):<12}"
                f"{_number(r.change, sign=True)}{interval} {'' if r.unit == '1' else r.unit}".rstrip()
                + f", differs in {r.differing} of {replicates}"
            )
        still = [r.headline for r in mine if not r.moves]
        if len(still) == len(mine):
            out.append("  nothing moves")
        elif still:
            out.append(f"  unmoved: {', '.join(still)}")
    out.append(
        f"intervals: 95 %, over {counted(replicates, 'replicate')} on the same draws; chance only"
    )
    return out


def _number(value: float | None, *, sign: bool = False) -> str:
    if value is None:
        return "-"
    return f"+{short(value)}" if sign and value > 0 else short(value)
