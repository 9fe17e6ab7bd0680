"""The chain of a sensitivity study: one truth a replicate, then every setting of the assumptions.

The study's engine runs it like the study's own chain. What leaves truth, looks and pictures as they
are is judged on the pictures that were formed already, with the forecasts made on them; the rest
begins anew on the same draws. One table, `metrics`: architectures by name for the scenario as it
is, `NAME @ POINT` for each point.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np

from hinomi.errors import HinomiError
from hinomi.records.engagements import Architecture
from hinomi.scenario.model import Scenario
from hinomi.sensitivity.keys import ENGAGEMENT, INDUSTRY, touches
from hinomi.sensitivity.points import Point
from hinomi.sensitivity.scene import Scene, load_text, scenario_at
from hinomi.study import chain as study_chain
from hinomi.study import tables
from hinomi.study.chain import Context, Raid
from hinomi.study.outcome import bodies_of
from hinomi.study.pictures import pictures_of
from hinomi.study.summary import HEADLINES

__all__ = ["CHAIN", "Prepared", "load_text", "prepare", "replicate"]

CHAIN: Final = "hinomi.sensitivity.chain"
_AREAS: Final = ("warning.buffer_km", "warning.kernel_km", "warning.visitors")


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """What every replicate shares: the study's context, and each point with scenario and context."""

    base: Context
    points: tuple[tuple[Point, Scenario, Context], ...]


def prepare(scene: Scene) -> Prepared:
    """Load the scenario at every point, once a process; points that it refuses are left out."""
    base = study_chain.prepare(scene.scenario)
    found = []
    for point in scene.points:
        try:
            scenario = scenario_at(scene.scenario, point)
        except HinomiError:
            continue  # whoever reads the table finds no row of it, and tells why
        areas = any(key.startswith(_AREAS) for key in point.changes)
        found.append((point, scenario, study_chain.prepare(scenario) if areas else base))
    return Prepared(base=base, points=tuple(found))


def replicate(
    scenario: Scene,
    context: Prepared,
    *,
    seed: int,
    number: int,
    architectures: Sequence[str],
    keep: bool,  # noqa: ARG001 - nothing of this chain is too large to keep
) -> dict[str, tables.Columns]:
    """Run one replicate as it is and at every point; table name -> columns."""
    parts = [
        tables.stamp(columns, number, told_name(name, point) if point else name)
        for point, by_name in each(
            scenario, context, seed=seed, number=number, architectures=architectures
        )
        for name, columns in by_name.items()
    ]
    return {"metrics": tables.stack(parts)}


def each(
    scene: Scene, context: Prepared, *, seed: int, number: int, architectures: Sequence[str]
) -> Iterator[tuple[str, dict[str, tables.Columns]]]:
    """Point and figures by architecture, one after another; "" is the scenario as it is."""
    own = scene.scenario
    raid = study_chain.begin(own, context.base, seed=seed, number=number)
    base = {name: figures_of(raid, own.architectures[name]) for name in architectures}
    yield "", base
    for point, changed, its_context in context.points:
        here = at_point(raid, point, changed, its_context)
        found = {}
        for name in architectures:
            architecture = changed.architectures[name]
            if _only(point, "architectures") and own.architectures[name] == architecture:
                found[name] = base[name]
            elif defence_alone(point):
                found[name] = with_defence(base[name], here, architecture)
            else:
                found[name] = figures_of(here, architecture)
        yield point.name, found


def told_name(architecture: str, point: str) -> str:
    """Name of an architecture at a point, in tables."""
    return f"{architecture} @ {point}"


def _only(point: Point, start: str) -> bool:
    return all(key.startswith(start) for key in point.changes)


def defence_alone(point: Point) -> bool:
    """Whether no key of a point is read before the engagement: warning is as it was."""
    return all(touches(key) in (ENGAGEMENT, INDUSTRY) for key in point.changes)


def at_point(raid: Raid, point: Point, scenario: Scenario, context: Context) -> Raid:
    """The raid at a point: the pictures that are there already, or all anew on the same draws."""
    if point.anew:
        draws = raid.draws
        return study_chain.begin(scenario, context, seed=draws.seed, number=draws.replicate)
    return replace(raid, scenario=scenario, context=context)


def figures_of(raid: Raid, architecture: Architecture) -> tables.Columns:
    """Headline figures of one architecture, in long form."""
    columns: dict[str, Any] = study_chain.judge(raid, architecture)["metrics"]()
    rows = [i for i, name in enumerate(columns["metric"]) if name in HEADLINES]
    return {
        "metric": [columns["metric"][i] for i in rows],
        "value": columns["value"][rows],
        "unit": [columns["unit"][i] for i in rows],
    }


def with_defence(base: tables.Columns, raid: Raid, architecture: Architecture) -> tables.Columns:
    """The same figures with those of defence and stock computed anew, by the study's own steps."""
    pictures = pictures_of(raid.room, architecture, raid.scenario.policy.alerting_nation)
    joined = {name: bodies_of(picture.tracks, raid.flights) for name, picture in pictures.items()}
    engagements, world = study_chain.defended(raid, architecture, pictures, joined)
    ledger = study_chain.refilled(raid.scenario, engagements)
    found = study_chain.defence_figures(raid, joined, engagements, world, ledger)
    values = [found.get(n, v) for n, v in zip(base["metric"], base["value"], strict=True)]
    return {**base, "value": np.array(values, np.float64)}
