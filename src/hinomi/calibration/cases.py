"""The three kinds of truth that forecasts are held against."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from hinomi.records.flights import GLIDE_KIND, Threat, ThreatClass
from hinomi.scenario.model import Scenario

PRIOR, SCENARIO = "prior", "scenario"
STRAIGHT, CONSTANT_BANK, EARLY_END, LIFT_LOW, LIFT_HIGH, LEFT_OUT = WORST = (
    "straight", "constant_bank", "early_end", "lift_low", "lift_high", "class_left_out",
)  # fmt: skip
WORDS: Final[Mapping[str, str]] = {
    PRIOR: "drawn from the prior of the forecast itself",
    SCENARIO: "the scenario's own launches, unknown to the forecast",
    STRAIGHT: "gliders that never bank",
    CONSTANT_BANK: "gliders that bank 45 degrees to one side all the way",
    EARLY_END: "gliders that dive at 2.2 km/s, above the prior's 0.8-1.6 km/s",
    LIFT_LOW: "gliders of lift-to-drag ratio 1.8, below the prior's 2.1-3.0",
    LIFT_HIGH: "gliders of lift-to-drag ratio 3.4, above the prior's 2.1-3.0",
    LEFT_OUT: "every body's own class left out of the forecast's classes",
}
# All assumed: outside what the prior holds possible, by about as much as inside of it.
BANK_RAD: Final = math.radians(45.0)
DIVE_MPS: Final = 2200.0
LOW_LIFT: Final = 1.8
HIGH_LIFT: Final = 3.4


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A scenario that flies one kind of truth, and what the forecast is told."""

    name: str
    scenario: Scenario
    left_out: bool = False

    def told(self, threat_class: str) -> Sequence[ThreatClass]:
        """Classes that a forecast of a body of this class counts with."""
        known = self.scenario.predictor_classes
        if not self.left_out:
            return known
        return tuple(c for c in known if c.name != threat_class) or known


def case_of(name: str, scenario: Scenario) -> Case:
    """The scenario changed into a kind of truth; the forecast's classes stay as they are.

    Raises
    ------
    KeyError
        for a name that is none.
    """
    if name in (PRIOR, SCENARIO):
        return Case(name=name, scenario=scenario)
    if name == LEFT_OUT:
        return Case(name=name, scenario=scenario, left_out=True)
    gliders = tuple(
        t for t in scenario.threats if scenario.classes[t.threat_class].kind == GLIDE_KIND
    )
    if name in (STRAIGHT, CONSTANT_BANK):
        banks = ((0.0, BANK_RAD),) if name == CONSTANT_BANK else ()
        return Case(name=name, scenario=_flown(scenario, _banked(gliders, banks), {}))
    field, value = {
        EARLY_END: ("terminal_speed_mps", DIVE_MPS),
        LIFT_LOW: ("lift_to_drag", LOW_LIFT),
        LIFT_HIGH: ("lift_to_drag", HIGH_LIFT),
    }[name]
    return Case(name=name, scenario=_flown(scenario, gliders, {field: value}))


def _banked(
    threats: Sequence[Threat], banks: tuple[tuple[float, float], ...]
) -> tuple[Threat, ...]:
    """Every other body banks to the other side."""
    return tuple(
        replace(t, bank_schedule=tuple((at, angle if i % 2 else -angle) for at, angle in banks))
        for i, t in enumerate(threats)
    )


def _flown(
    scenario: Scenario, threats: tuple[Threat, ...], changed: Mapping[str, float]
) -> Scenario:
    classes = {
        name: replace(c, **changed) if c.kind == GLIDE_KIND else c  # type: ignore[arg-type]
        for name, c in scenario.classes.items()
    }
    return replace(scenario, threats=threats, classes=classes)
