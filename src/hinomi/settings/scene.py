"""A scenario with the settings that are to be run beside it, in the shape that a plan wants."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from hinomi.errors import HinomiError
from hinomi.scenario.load import load_text as load_scenario_text
from hinomi.scenario.model import Scenario, StudySettings, Variant
from hinomi.settings.points import Point, from_told
from hinomi.study.plan import POINTS, digest


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """A loaded scenario and the points that every raid of it is run at."""

    scenario: Scenario
    points: tuple[Point, ...]

    @property
    def name(self) -> str:
        """Name of the scenario."""
        return self.scenario.name

    @property
    def title(self) -> str:
        """Title of the scenario."""
        return self.scenario.title

    @property
    def text(self) -> str:
        """The scenario's file as written."""
        return self.scenario.text

    @property
    def document(self) -> Mapping[str, Any]:
        """Everything resolved."""
        return self.scenario.document

    @property
    def content_hash(self) -> str:
        """Hash of the scenario and of every point."""
        return digest([self.scenario.content_hash, [p.told() for p in self.points]])

    @property
    def variant(self) -> str | None:
        """Variant of the scenario."""
        return self.scenario.variant

    @property
    def changes(self) -> Mapping[str, Any]:
        """The scenario's changes, and the points beside them."""
        return {**self.scenario.changes, POINTS: [p.told() for p in self.points]}

    @property
    def variants(self) -> Sequence[Variant]:
        """Variants that the scenario has."""
        return self.scenario.variants

    @property
    def study(self) -> StudySettings:
        """Study settings with batches of one raid: a raid at every point takes a while."""
        return replace(self.scenario.study, batch_size=1)

    @property
    def architectures(self) -> Mapping[str, Any]:
        """Architectures of the scenario."""
        return self.scenario.architectures


def load_text(
    text: str,
    name: str,
    *,
    changes: Mapping[str, object] | None = None,
    variant: str | None = None,
    folder: Path | None = None,
) -> Scene:
    """Rebuild the scene from what its plan holds."""
    given: dict[str, Any] = dict(changes or {})
    points = tuple(from_told(told) for told in given.pop(POINTS, ()))
    scenario = load_scenario_text(text, name, changes=given or None, variant=variant, folder=folder)
    return Scene(scenario=scenario, points=points)


def scenario_at(scenario: Scenario, point: Point) -> Scenario:
    """Load the scenario with a point's keys set, without what only people read of it."""
    found = load_scenario_text(
        scenario.text,
        scenario.name,
        changes={**scenario.changes, **point.changes},
        variant=scenario.variant,
    )
    return replace(found, text="", document={}, assumptions=(), facts=(), variants=())


def refusal(scenario: Scenario, point: Point) -> str:
    """What the scenario says to a point, or nothing."""
    try:
        scenario_at(scenario, point)
    except HinomiError as error:
        return str(error).removeprefix("changes: ")
    return ""
