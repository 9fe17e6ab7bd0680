"""Which rules a comparison runs: the scenario's own, those named, and ladders of thresholds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from hinomi.records.rules import WarningRule
from hinomi.scenario.build_rules import OWN, bundled_rules, rules_of
from hinomi.scenario.model import Scenario
from hinomi.warn.rules import at_threshold, rule_of

# Hit thresholds of a curve, settings of the comparison; the threshold for overflight follows them.
LADDER: Final = (0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5)
LINES: Final = {
    "municipality": "single municipalities",
    "island_group": "island groups",
    "prefecture": "prefectures",
    "prefecture+1": "prefectures and their neighbours",
    "block": "regions",
    "polygon": "zones of a file",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One rule that is run: under its own name, or as a step of a line's ladder."""

    key: str  # name in tables
    line: str  # "" for a named rule
    rule: WarningRule


def named_rules(scenario: Scenario) -> tuple[WarningRule, ...]:
    """Give the scenario's own rule and those that it, or the command line, states.

    Raises
    ------
    ScenarioError
        for a name that is there twice.
    """
    own = rule_of(scenario.policy, name=OWN)
    if own.unit == "block":
        own = replace(own, blocks=tuple((n, tuple(p)) for n, p in scenario.blocks.items()))
    given: list[dict[str, Any]] = scenario.document["warning"].get("rules", [])
    return own, *rules_of(given, scenario.policy)


def points_of(scenario: Scenario) -> tuple[Point, ...]:
    """Every rule of a comparison."""
    named = named_rules(scenario)
    points = [Point(key=r.name, line="", rule=r) for r in named]
    for line, rule in _lines(named, scenario):
        points += [
            Point(key=f"{line}@{step:g}", line=line, rule=at_threshold(rule, step))
            for step in LADDER
        ]
    return tuple(points)


def _lines(named: Sequence[WarningRule], scenario: Scenario) -> list[tuple[str, WarningRule]]:
    """One plain rule for each way of drawing areas, with the scenario's other settings."""
    own = replace(named[0], blocks=(), unit="prefecture")
    (regions,) = rules_of([bundled_rules()["regions"]], scenario.policy)
    lines = [
        ("municipality", replace(own, unit="municipality")),
        ("island_group", replace(own, unit="island_group")),
        ("prefecture", own),
        ("prefecture+1", replace(own, neighbours=1)),
    ]
    if scenario.places is None:  # the bundled blocks are of Japanese prefectures
        lines.append(("block", replace(own, unit="block", blocks=regions.blocks)))
    zones = [r for r in named if r.unit == "polygon"]
    if zones:
        lines.append(("polygon", replace(own, unit="polygon", zones=zones[0].zones)))
    return lines
