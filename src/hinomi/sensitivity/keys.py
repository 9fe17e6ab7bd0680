"""Which numbers of a run have a range, and which of them may be moved."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from hinomi.errors import FenceError, ScenarioError
from hinomi.scenario.mistakes import nearest
from hinomi.scenario.model import Parameter, Scenario
from hinomi.settings.keys import LATER, touches

_CLOSED: Final = ("threats", "catalogue.threat.", "area.")
# Numbers of how a run is made, not of what is studied.
_NO_ASSUMPTION: Final = (
    "study.", "catalogue.price.*.price_year", "industry.horizon_months", "money.price_year",
)  # fmt: skip
# Of the numbers that need new pictures these are run by default; --keys asks for others.
_CHOSEN: Final = (
    "infrared*.satellites",
    "tracking.confirm_hits",
    "tracking.warning_position_km",
    "tracking.engage_position_km",
    "tracking.reorder_s",
    "catalogue.radar.*.reference_range_km",
    "catalogue.radar.*.min_el_deg",
    "catalogue.radar.*.latency_s",
    "catalogue.infrared.*.intensity_ref_kw_sr",
    "catalogue.infrared.*.latency_s",
    "warning.forecast_first_s",
    "warning.buffer_km",
)
# Left out by default: the all-clear, shapes of spreads, and what holds at another time of day.
_LEFT_OUT: Final = (
    "warning.clear_*",
    "warning.lost_after_s",
    "warning.*_sigma",
    "warning.*_night",
    "warning.*contagion_per_min",
    "warning.visitors*",
)
_TOGETHER: Final = re.compile(r"architectures\[([^\]]*)\]\.(decide_s)$")
_OF_ARCHITECTURE: Final = re.compile(r"architectures\[([^\]]*)\]\.")
FENCE: Final = (
    "what is flown is given and never set to an end of its range here, so that no result ranks "
    "threats; what is not known of a class is drawn anew in every raid anyway"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """One ranged number, in the unit of the file; `touches` is the first link that reads it."""

    name: str
    value: float
    low: float
    high: float
    unit: str
    grade: str
    source: str
    drawn: bool  # low and high are drawn from in every raid; at an end every draw is that end
    touches: str

    @property
    def anew(self) -> bool:
        """Whether truth, looks and pictures are made anew when it changes."""
        return self.touches not in LATER

    def sides(self) -> dict[str, float]:
        """`low` and `high` -> that end, where it is not the value itself."""
        ends = {"low": self.low, "high": self.high}
        return {side: x for side, x in ends.items() if x != self.value}


def is_closed(name: str) -> bool:
    """Whether a key describes threats, or the centre that their arcs are measured from."""
    return name.startswith(_CLOSED)


def ranged(scenario: Scenario, architectures: Sequence[str]) -> list[Key]:
    """Every number with a range that may be moved; those of other architectures are left out.

    Commit decisions that are equal in all these architectures are one key: a difference must not
    come from faster people by accident.
    """
    found: dict[str, Key] = {}
    together = _equal_decisions(scenario, architectures)
    for p in scenario.assumptions:
        if is_closed(p.key) or any(_matches(p.key, x, head=True) for x in _NO_ASSUMPTION):
            continue
        of = _OF_ARCHITECTURE.match(p.key)
        if of and of[1] not in architectures:
            continue
        name = "architectures[*].decide_s" if together and _TOGETHER.match(p.key) else p.key
        key = _key(name, p)
        if key.sides():
            found.setdefault(name, key)
    return list(found.values())


def _key(name: str, p: Parameter) -> Key:
    return Key(
        name=name,
        value=p.value,
        low=p.value if p.low is None else p.low,
        high=p.value if p.high is None else p.high,
        unit=p.unit,
        grade=p.grade,
        source=p.source,
        drawn=p.drawn,
        touches=touches(name),
    )


def _equal_decisions(scenario: Scenario, architectures: Sequence[str]) -> bool:
    times = {scenario.architectures[a].decide_s for a in architectures}
    return len(times) == 1 and len(architectures) > 1


def default_keys(known: Sequence[Key]) -> list[Key]:
    """Most of what only later links read, and the chosen ones that need new pictures."""
    return [
        k
        for k in known
        if (not k.anew or any(_matches(k.name, x) for x in _CHOSEN))
        and not any(_matches(k.name, x) for x in _LEFT_OUT)
    ]


def chosen_keys(
    scenario: Scenario, architectures: Sequence[str], patterns: Sequence[str]
) -> list[Key]:
    """Keys that match any of these patterns (`*` and `?`); the default ones where none is given.

    Raises
    ------
    FenceError
        for a pattern that means numbers of threats only.
    ScenarioError
        for a pattern that means nothing with a range, with the nearest key.
    """
    known = ranged(scenario, architectures)
    if not patterns:
        return default_keys(known)
    wanted: dict[str, Key] = {}
    for pattern in patterns:
        found = [k for k in known if k.name == pattern or _matches(k.name, pattern)]
        if not found:
            _refuse(scenario, known, pattern)
        wanted |= {k.name: k for k in found}
    return [k for k in known if k.name in wanted]


def _refuse(scenario: Scenario, known: Sequence[Key], pattern: str) -> None:
    there = [p.key for p in scenario.assumptions if p.key == pattern or _matches(p.key, pattern)]
    if pattern.startswith(_CLOSED) or (there and all(is_closed(key) for key in there)):
        raise FenceError(f"--keys: {pattern}: {FENCE}")
    if there:
        raise ScenarioError(
            f"--keys: {there[0]} has no range in this scenario, is the same in both "
            "architectures, or belongs to neither: give it a low and a high, or leave it out"
        )
    near = nearest(pattern, [k.name for k in known])
    tail = f"; did you mean {near!r}?" if near else ""
    raise ScenarioError(
        f"--keys: {pattern!r} matches no number of {scenario.name} that has a range{tail} "
        "(hinomi sensitivity SCENARIO --dry-run --keys '*' lists them)"
    )


def _matches(name: str, pattern: str, *, head: bool = False) -> bool:
    """Only `*` and `?` are special: brackets belong to keys."""
    text = re.escape(pattern).replace(r"\*", ".*").replace(r"\?", ".")
    return bool((re.match if head else re.fullmatch)(text, name))
