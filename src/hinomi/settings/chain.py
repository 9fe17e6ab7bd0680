"""The chain of a study of settings: one truth a replicate, then every setting, stage by stage.

The study's engine runs it like the study's own chain. A stage whose inputs are the same at two
points (`stages`) is computed once: pictures, forecasts on them, warning, defence. Pictures and
forecasts of a raid may also lie in the cache of stages. One table, `metrics`: architectures by name
for the scenario as it is, `NAME @ POINT` for each point.
"""

from __future__ import annotations

from collections.abc import Iterator, MutableMapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np

from hinomi.errors import HinomiError
from hinomi.records.engagements import Architecture
from hinomi.scenario.model import Scenario
from hinomi.settings import cache as disk
from hinomi.settings.keys import ENGAGEMENT, INDUSTRY, touches
from hinomi.settings.made import Made
from hinomi.settings.points import Point
from hinomi.settings.scene import Scene, load_text, scenario_at
from hinomi.settings.stages import Stages, architecture_hash, stages_of
from hinomi.study import chain as study_chain
from hinomi.study import tables
from hinomi.study.chain import Context, Raid
from hinomi.study.checks import EXPECTED, KILLS
from hinomi.study.outcome import bodies_of
from hinomi.study.pictures import pictures_of
from hinomi.study.summary import HEADLINES

__all__ = ["CHAIN", "Prepared", "load_text", "prepare", "replicate"]

CHAIN: Final = "hinomi.settings.chain"
MOST_KEPT: Final = (
    8  # settings of sensors or trackers whose pictures are kept on disk; else the first
)
# What a setting may do to a raid: a mistake in numbers is that point's, not the whole run's.
_OF_A_POINT: Final = (HinomiError, ValueError, ArithmeticError, LookupError)
_SHOWN: Final = (*HEADLINES, KILLS, EXPECTED)  # the last two smooth the leakers


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One point, loaded: "" is the scenario as it is."""

    point: str
    scenario: Scenario
    context: Context
    stages: Stages


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """What every replicate shares: all settings, those with the same pictures beside each other."""

    settings: tuple[Setting, ...]


def prepare(scene: Scene) -> Prepared:
    """Load the scenario at every point, once a process; points that it refuses are left out."""
    contexts: dict[str, Context] = {}
    found: dict[str, dict[str, list[Setting]]] = {}  # pictures -> forecasts -> settings
    for point in (None, *scene.points):
        try:
            scenario = scene.scenario if point is None else scenario_at(scene.scenario, point)
        except HinomiError:
            continue  # whoever reads the table finds no row of it, and tells why
        stages = stages_of(scenario)
        if stages.areas not in contexts:
            contexts[stages.areas] = study_chain.prepare(scenario)
        setting = Setting(
            point="" if point is None else point.name,
            scenario=scenario,
            context=contexts[stages.areas],
            stages=stages,
        )
        found.setdefault(stages.pictures, {}).setdefault(stages.forecasts, []).append(setting)
    ordered = (s for by_forecasts in found.values() for part in by_forecasts.values() for s in part)
    return Prepared(settings=tuple(ordered))


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
    scene: Scene,  # noqa: ARG001 - a chain has it; the settings hold it loaded
    context: Prepared,
    *,
    seed: int,
    number: int,
    architectures: Sequence[str],
    failed: MutableMapping[str, str] | None = None,
) -> Iterator[tuple[str, dict[str, tables.Columns]]]:
    """Point and figures by architecture, one after another; "" is the scenario as it is.

    A point that cannot be computed is left out, with its reason in `failed`.
    """
    kinds = {s.stages.pictures for s in context.settings}
    store = disk.current()
    made: Made | None = None
    raid: Raid | None = None
    known: dict[tuple[str, str], dict[str, tables.Columns]] = {}
    before: Stages | None = None
    for setting in context.settings:
        stages = setting.stages
        if made is None or before is None or stages.pictures != before.pictures:
            if made is not None:
                made.keep()
            known = {}
            kept = store if made is None or len(kinds) <= MOST_KEPT else None
            made = Made(stages, kept, seed=seed, replicate=number)
            raid = None
        if before is not None and stages.forecasts != before.forecasts:
            raid = None
        before = stages
        try:
            if raid is None:
                raid = study_chain.begin(
                    setting.scenario, setting.context, seed=seed, number=number
                )
                room = raid.room.with_made(made.begin(stages, setting.context.units))
                raid = replace(raid, room=room)
            found = _figures(raid, setting, architectures, known)
        except _OF_A_POINT as error:
            if not setting.point:
                raise
            if failed is not None:
                failed[setting.point] = f"{error}" or type(error).__name__
            continue
        yield setting.point, found
    if made is not None:
        made.keep()
    if store is not None:
        disk.note(store, number)


def _figures(
    raid: Raid,
    setting: Setting,
    architectures: Sequence[str],
    known: dict[tuple[str, str], dict[str, tables.Columns]],
) -> dict[str, tables.Columns]:
    """Figures at a setting; `known`: (warning, architecture) -> defence -> figures of this raid."""
    here = replace(raid, scenario=setting.scenario, context=setting.context)
    found = {}
    for name in architectures:
        architecture = setting.scenario.architectures[name]
        key = setting.stages.warning, architecture_hash(architecture)
        told = known.setdefault(key, {})
        if setting.stages.defence not in told:
            told[setting.stages.defence] = (
                with_defence(next(iter(told.values())), here, architecture)
                if told
                else figures_of(here, architecture)
            )
        found[name] = told[setting.stages.defence]
    return found


def told_name(architecture: str, point: str) -> str:
    """Name of an architecture at a point, in tables."""
    return f"{architecture} @ {point}"


def defence_alone(point: Point) -> bool:
    """Whether no key of a point is read before the engagement: warning is as it was."""
    return all(touches(key) in (ENGAGEMENT, INDUSTRY) for key in point.changes)


def figures_of(raid: Raid, architecture: Architecture) -> tables.Columns:
    """Headline figures of one architecture, in long form."""
    columns: dict[str, Any] = study_chain.judge(raid, architecture)["metrics"]()
    rows = [i for i, name in enumerate(columns["metric"]) if name in _SHOWN]
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
