"""Public launches replayed through the whole chain, kept on the way so that a stop costs little."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from hinomi.errors import ScenarioError
from hinomi.history.causes import cause_of
from hinomi.history.scores import FROZEN_ON, MISS, Row, rows_of
from hinomi.history.simulate import Replicate, replicate_of, simulate
from hinomi.scenario.load import load, scenario_names
from hinomi.scenario.model import Scenario
from hinomi.study.chain import prepare
from hinomi.study.provenance import code_fingerprint
from hinomi.study.store import write_atomically

PREFIX: Final = "replay-"
EVERY: Final = 10  # replicates between two writes of what is kept
MOST: Final = 100_000

Progress = Callable[[str, int, int], None]  # what, done, of


@dataclass(frozen=True, slots=True, kw_only=True)
class Replayed:
    """One launch through one variant of its scenario."""

    scenario: Scenario
    variant: str  # "": as frozen
    title: str
    seed: int
    replicates: tuple[Replicate, ...]
    rows: tuple[Row, ...]

    @property
    def alerted_share(self) -> float:
        """Share of the replicates in which an alert was issued."""
        return sum(bool(r.alerted) for r in self.replicates) / len(self.replicates)

    def row(self, name: str) -> Row | None:
        """The row of a published time, None where it was not published."""
        return next((row for row in self.rows if row.name == name), None)

    def cause(self, row: Row) -> str:
        """Likely cause of a miss, in words; empty where there is none."""
        return cause_of(row, self.scenario, alerted_share=self.alerted_share)

    @property
    def misses(self) -> tuple[Row, ...]:
        """Tested times outside their tolerance."""
        return tuple(row for row in self.rows if row.verdict == MISS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A launch with the frozen latencies, and its other variants printed beside."""

    main: Replayed
    beside: tuple[Replayed, ...]

    @property
    def name(self) -> str:
        """The date of the launch, or what the user's file calls it."""
        return self.main.scenario.name.removeprefix(PREFIX)

    @property
    def frozen_here(self) -> bool:
        """Whether the latencies were settled on this very event, so its alert proves nothing."""
        return self.name == FROZEN_ON


def replay_names() -> tuple[str, ...]:
    """Bundled scenarios that replay a public launch, by date."""
    return tuple(name for name in scenario_names() if name.startswith(PREFIX))


def replay_event(
    scenario: Scenario,
    *,
    again: Callable[[str], Scenario],
    count: int,
    seed: int,
    folder: Path | None = None,
    progress: Progress | None = None,
) -> Event:
    """Replay a launch as frozen, then once for each of its variants.

    Parameters
    ----------
    again
        the same scenario in a variant, by its name.
    count, seed
        replicates 0 ... count - 1 of that seed; a larger count extends what a folder keeps.
    folder
        where finished replicates are kept; a second call goes on there.

    Raises
    ------
    ScenarioError
        when the count is outside 1 ... 100,000, or the scenario has no launch or no facts.
    """
    if not 1 <= count <= MOST:
        raise ScenarioError(f"{count} replicates are asked for; 1 to {MOST:,} can be run")
    check_replayable(scenario)
    runs = []
    for variant, title in (("", "as frozen"), *((v.name, v.title) for v in scenario.variants)):
        chosen = again(variant) if variant else scenario
        found = _run(chosen, variant, count, seed, folder, progress)
        runs.append(
            Replayed(
                scenario=chosen,
                variant=variant,
                title=title,
                seed=seed,
                replicates=found,
                rows=rows_of(chosen, found),
            )
        )
    return Event(main=runs[0], beside=tuple(runs[1:]))


def bundled(name: str, variant: str = "") -> Scenario:
    """A bundled replay, in one of its variants."""
    return load(name, variant=variant or None)


def check_replayable(scenario: Scenario) -> None:
    """Refuse a scenario that replays nothing.

    Raises
    ------
    ScenarioError
        when it has no threat, or no fact `launch` at its epoch, or no source behind a fact.
    """
    if not scenario.threats:
        raise ScenarioError(f"{scenario.name}: there is no body to replay; give one in [[threats]]")
    launch = next((f for f in scenario.facts if f.name == "launch"), None)
    if launch is None or launch.t_s is None:
        raise ScenarioError(
            f"{scenario.name}: no fact 'launch' with its minute, so there is nothing to hold the "
            'simulation against; add [[facts]] name = "launch" with at, source and grade'
        )
    if launch.t_s != 0.0:
        raise ScenarioError(
            f"{scenario.name}: the fact 'launch' lies {launch.t_s:+g} s from the epoch; a replay "
            "starts at the published launch minute: make the two the same"
        )


def _run(
    scenario: Scenario,
    variant: str,
    count: int,
    seed: int,
    folder: Path | None,
    progress: Progress | None,
) -> tuple[Replicate, ...]:
    """Replicates 0 ... count - 1, those kept in the folder read instead of run."""
    words = scenario.name + (f" {variant}" if variant else "")
    path = None if folder is None else folder / "kept" / f"{words.replace(' ', '-')}.json"
    key = {"software": code_fingerprint(), "scenario": scenario.content_hash, "seed": seed}
    found = [] if path is None else _kept(path, key)[:count]
    if len(found) < count:
        context = prepare(scenario)
        try:
            for one in simulate(scenario, context, seed=seed, numbers=range(len(found), count)):
                found.append(one)
                if path is not None and len(found) % EVERY == 0:
                    _keep(path, key, found)
                if progress is not None:
                    progress(words, len(found), count)
        finally:
            if path is not None:
                _keep(path, key, found)
    return tuple(found)


def _kept(path: Path, key: dict[str, Any]) -> list[Replicate]:
    """Replicates of the same software, scenario and seed; none when the file is another's or torn."""
    try:
        given = json.loads(path.read_text(encoding="utf-8"))
        if given["key"] != key:
            return []
        found = [replicate_of(each) for each in given["replicates"]]
    except (OSError, ValueError, KeyError, TypeError):
        return []
    return found if [r.number for r in found] == list(range(len(found))) else []


def _keep(path: Path, key: dict[str, Any], found: Sequence[Replicate]) -> None:
    """Keep what is there so far; a stop leaves the old file or the new one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    told = {"key": key, "replicates": [r.as_object() for r in found]}
    text = json.dumps(told, allow_nan=False)
    write_atomically(path, lambda part: part.write_text(text, encoding="utf-8"))
