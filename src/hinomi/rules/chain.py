"""The chain of a comparison of rules: one truth and one picture a replicate, then every rule.

The study's engine runs it like the study's own chain. Tables: `metrics`, where the part after the
dot names the rule (`never_people.since-2023`, `never_people.prefecture@0.01`), and for the named
rules `alerts` and `warned` with a column `rule`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from hinomi.records.places import AlertUnits
from hinomi.records.rules import WarningRule
from hinomi.rules.ladder import Point, points_of
from hinomi.rules.measures import MEASURES, measure, warned_rows
from hinomi.rules.touched import harmless
from hinomi.scenario.model import Scenario
from hinomi.scenario.places import alert_units
from hinomi.scenario.zones import zone_units
from hinomi.study import chain as study_chain
from hinomi.study import tables
from hinomi.study.chain import Raid
from hinomi.study.outcome import People, bodies_heard, warned_of
from hinomi.study.pictures import heard_by, pictures_of
from hinomi.warn.heard import Heard
from hinomi.warn.issue import issue
from hinomi.warn.neighbours import Adjacency, adjacency
from hinomi.warn.receive import receipts

CHAIN = "hinomi.rules.chain"


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """What every replicate of a comparison shares."""

    study: study_chain.Context
    points: tuple[Point, ...]
    units: Mapping[Any, AlertUnits]  # by WarningRule.area_key
    around: Mapping[Any, Adjacency | None]  # by area key and rings


def prepare(scenario: Scenario) -> Prepared:
    """Load places, make the units of every rule and find their neighbours, once a process."""
    study = study_chain.prepare(scenario)
    points = points_of(scenario)
    units: dict[Any, AlertUnits] = {}
    around: dict[Any, Adjacency | None] = {}
    for rule in (p.rule for p in points):
        if rule.area_key not in units:
            units[rule.area_key] = _units(rule, scenario, study)
        key = rule.area_key, rule.neighbours
        if key not in around:
            found = units[rule.area_key]
            around[key] = adjacency(found, rings=rule.neighbours) if rule.neighbours else None
    return Prepared(study=study, points=points, units=units, around=around)


def _units(rule: WarningRule, scenario: Scenario, study: study_chain.Context) -> AlertUnits:
    """Make the units of a rule; the scenario's own are there already."""
    if rule.unit == "polygon":
        return zone_units(
            study.places, rule.zones, buffer_m=scenario.buffer_m, kernel_m=scenario.kernel_m
        )
    if rule.unit == scenario.unit and dict(rule.blocks) == dict(scenario.blocks):
        return study.units
    return alert_units(
        study.places,
        rule.unit,
        buffer_m=scenario.buffer_m,
        kernel_m=scenario.kernel_m,
        blocks=dict(rule.blocks),
    )


def replicate(
    scenario: Scenario,
    context: Prepared,
    *,
    seed: int,
    number: int,
    architectures: Sequence[str],
    keep: bool,  # noqa: ARG001 - nothing of this chain is too large to keep
) -> dict[str, tables.Columns]:
    """Run one replicate: every rule of every architecture on the same raid; table name -> columns."""
    raid = study_chain.begin(scenario, context.study, seed=seed, number=number)
    spared = harmless(raid.flights, context.study.places, buffer_m=scenario.buffer_m)
    parts: dict[str, list[tables.Columns]] = {"alerts": [], "warned": [], "metrics": []}
    for name in architectures:
        nation, architecture = scenario.policy.alerting_nation, scenario.architectures[name]
        pictures = pictures_of(raid.room, architecture, nation)
        heard = heard_by(
            raid.room, architecture, pictures, nation, on_event=scenario.policy.on_event
        )
        found = _judge(raid, context, heard, spared)
        for table, pieces in found.items():
            parts[table] += [tables.stamp(piece, number, name) for piece in pieces]
    return {table: tables.stack(pieces) for table, pieces in parts.items() if pieces}


def _judge(
    raid: Raid, context: Prepared, heard: Heard, spared: Sequence[int]
) -> dict[str, list[tables.Columns]]:
    """Apply every rule to what one centre hears."""
    scenario, flights, places = raid.scenario, raid.flights, context.study.places
    joined, events = bodies_heard(heard, flights), heard.events()
    people = People(draws=raid.draws, bodies=flights.bodies, joined=joined, policy=scenario.policy)
    forecasts = {
        key: heard.forecasts(study_chain.forecasts_of(raid, heard, units))
        for key, units in context.units.items()
    }
    out: dict[str, list[tables.Columns]] = {"alerts": [], "warned": [], "metrics": []}
    for point in context.points:
        rule, units = point.rule, context.units[point.rule.area_key]
        alerts = issue(
            forecasts[rule.area_key],
            heard.tracks,
            policy=scenario.policy,
            delays=people,
            rule=rule,
            around=context.around[rule.area_key, rule.neighbours],
            events=events,
        )
        received = receipts(alerts, units, places, policy=scenario.policy, draws=raid.draws)
        warned = warned_of(raid.needs, received, places, policy=scenario.policy)
        figures = measure(
            alerts=alerts,
            received=received,
            warned=warned,
            needs=raid.needs,
            flights=flights,
            places=places,
            units=units,
            joined=joined,
            harmless=spared,
            policy=scenario.policy,
        )
        out["metrics"].append(_metric_columns(point.key, figures))
        if not point.line:
            told = study_chain.alert_columns(alerts, heard, joined, flights.bodies)
            out["alerts"].append(_of_rule(point.key, told))
            rows = warned_rows(warned)
            lead = {"lead_s": warned.lead_s[rows], "population": warned.population[rows]}
            codes = tables.names(warned.place[rows], places.code)
            out["warned"].append(_of_rule(point.key, {"place_code": codes, **lead}))
    return out


def _of_rule(key: str, columns: tables.Columns) -> tables.Columns:
    return {"rule": [key] * len(next(iter(columns.values()))), **columns}


def _metric_columns(key: str, figures: Mapping[str, float]) -> tables.Columns:
    return {
        "metric": [f"{name}.{key}" for name in MEASURES],
        "value": np.array([figures[name] for name in MEASURES], np.float64),
        "unit": list(MEASURES.values()),
    }
