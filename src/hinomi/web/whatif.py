"""A what-if question, raid by raid: the scenario as it is and changed, on the same draws."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

import numpy as np

from hinomi.records.engagements import Architecture
from hinomi.report.words import reads
from hinomi.scenario.load import load_text
from hinomi.scenario.model import Scenario
from hinomi.study import chain
from hinomi.study.plan import make_plan
from hinomi.study.summary import HEADLINES, Measured, summarise
from hinomi.web.headlines import told
from hinomi.web.sliders import is_late

MOST_RAIDS: Final = 20  # pictures of so many raids are kept; figures of all
CHANGED: Final = " changed"
Values = dict[str, float]
_TOLD: Final = ("value", "low", "high", "n", "method", "statistic", "holds", "note")


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked; equal `room` means the same raids."""

    text: str
    name: str
    architectures: tuple[str, ...]
    changes: Mapping[str, Any]
    seed: int
    replicates: int

    @property
    def room(self) -> tuple[Any, ...]:
        """All that decides the raids as they are."""
        return (self.text, self.name, self.architectures, self.seed)


@dataclass(slots=True)
class Room:
    """Raids of one scenario and seed, kept between questions."""

    scenario: Scenario
    context: chain.Context
    seed: int
    architectures: tuple[str, ...]
    base: dict[int, dict[str, Values]] = field(default_factory=dict)
    raids: OrderedDict[int, chain.Raid] = field(default_factory=OrderedDict)

    def raid(self, number: int) -> chain.Raid:
        """One raid with the pictures that were formed already."""
        if number not in self.raids:
            self.raids[number] = chain.begin(
                self.scenario, self.context, seed=self.seed, number=number
            )
            if len(self.raids) > MOST_RAIDS:
                self.raids.popitem()  # the newest: the first raids are asked for every time
        return self.raids.get(number) or chain.begin(
            self.scenario, self.context, seed=self.seed, number=number
        )


def open_room(question: Question) -> Room:
    """Load what all questions about a scenario and seed share."""
    scenario = load_text(question.text, question.name)
    return Room(
        scenario=scenario,
        context=chain.prepare(scenario),
        seed=question.seed,
        architectures=question.architectures,
    )


def answers(room: Room, question: Question) -> Iterator[dict[str, Values]]:
    """Of each raid: architecture -> figures, and the same with ` changed` behind its name.

    What leaves sensors and pictures as they are is judged on the pictures that are there already.
    """
    changed = load_text(question.text, question.name, changes=dict(question.changes))
    late = all(is_late(key) for key in question.changes)
    for number in range(question.replicates):
        raid = room.raid(number)
        if number not in room.base:
            room.base[number] = {
                a: figures_of(raid, room.scenario.architectures[a]) for a in room.architectures
            }
        here = (
            replace(raid, scenario=changed, room=raid.room.apart())
            if late
            else chain.begin(changed, room.context, seed=question.seed, number=number)
        )
        there = {
            a + CHANGED: figures_of(here, changed.architectures[a]) for a in room.architectures
        }
        yield {**room.base[number], **there}


def figures_of(raid: chain.Raid, architecture: Architecture) -> Values:
    """Headline figures, and those that headlines are told with."""
    columns: Mapping[str, Any] = chain.judge(raid, architecture)["metrics"]()
    return {
        str(name): float(value)
        for name, value in zip(columns["metric"], columns["value"], strict=True)
        if "." not in str(name)
    }


def figures(
    room: Room, question: Question, raids: Sequence[Mapping[str, Values]]
) -> list[dict[str, Any]]:
    """Intervals of every headline as it is and changed, and of the paired difference."""
    names = [*question.architectures, *(a + CHANGED for a in question.architectures)]
    metrics = dict.fromkeys(m for raid in raids for values in raid.values() for m in values)
    found = Measured(
        tuple(range(len(raids))),
        {name: HEADLINES[name][1] for name in HEADLINES},
        {
            (a, m): np.array([raid[a].get(m, np.nan) for raid in raids], np.float64)
            for a in names
            for m in metrics
        },
    )
    plan = replace(make_plan(room.scenario, replicates=len(raids)), architectures=tuple(names))
    pairs = [(a + CHANGED, a) for a in question.architectures]
    summary = summarise(plan, found, pairs=pairs)
    out = []
    for a in question.architectures:
        difference = summary["differences"][f"{a}{CHANGED}-{a}"]
        for name in HEADLINES:
            entry = difference[name]
            out.append(
                {
                    **told(name),
                    "architecture": a,
                    "base": _short(summary["architectures"][a][name]),
                    "changed": _short(summary["architectures"][a + CHANGED][name]),
                    "difference": {**_short(entry), "p": entry.get("p_sign_flip")},
                    "reads": reads(name, entry),
                }
            )
    return out


def _short(entry: Mapping[str, Any]) -> dict[str, Any]:
    return {k: entry.get(k) for k in _TOLD}
