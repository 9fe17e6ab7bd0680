"""What a command line asks of a footprint or a raid: batteries, weapons and architecture by name."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from hinomi.errors import ScenarioError
from hinomi.records.engagements import Architecture, Battery
from hinomi.scenario.load import architecture_of
from hinomi.scenario.model import Scenario


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A scenario with the batteries, weapons and architecture that are asked about."""

    scenario: Scenario
    architecture: Architecture
    batteries: tuple[Battery, ...]  # with the asked weapons alone
    weapons: tuple[str, ...]  # in use


def asked(
    scenario: Scenario,
    *,
    architecture: str | None = None,
    batteries: Sequence[str] = (),
    weapons: Sequence[str] = (),
) -> Asked:
    """Pick by name; nothing named is everything, and the headline's first architecture.

    Raises
    ------
    ScenarioError
        for a name that is not there, or when no battery with a ready round is left.
    """
    if not scenario.batteries:
        raise ScenarioError(
            f"{scenario.name} has no batteries: nothing is defended; add [[batteries]] to it"
        )
    there = [b.name for b in scenario.batteries]
    held = sorted({m.weapon for b in scenario.batteries for m in b.magazines})
    _known(batteries, there, "battery", scenario.name)
    _known(weapons, held, "weapon", f"the batteries of {scenario.name}")
    kept = []
    for battery in scenario.batteries:
        magazines = tuple(
            m for m in battery.magazines if m.ready > 0 and (not weapons or m.weapon in weapons)
        )
        if magazines and (not batteries or battery.name in batteries):
            kept.append(replace(battery, magazines=magazines))
    if not kept:
        raise ScenarioError(
            f"no battery asked for has a ready round of {', '.join(weapons) or 'any weapon'};"
            " ask for others"
        )
    name = architecture or (scenario.study.headline or scenario.study.architectures)[0]
    return Asked(
        scenario=scenario,
        architecture=architecture_of(scenario, name),
        batteries=tuple(kept),
        weapons=tuple(sorted({m.weapon for b in kept for m in b.magazines})),
    )


def _known(names: Iterable[str], there: Iterable[str], what: str, where: str) -> None:
    known = list(there)
    for name in names:
        if name not in known:
            raise ScenarioError(f"no {what} {name!r} in {where}; there are {', '.join(known)}")
