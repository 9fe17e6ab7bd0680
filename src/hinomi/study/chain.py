"""The chain once: truth, plots, pictures, forecasts, alerts, shots, stock, for every architecture.

All architectures of a replicate share one truth, one set of looks and one set of human delays, so a
difference between them is the architecture's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from hinomi.defend.engage import engage
from hinomi.records.alerts import ALL_CLEAR_MESSAGE, Alerts
from hinomi.records.columns import Floats, Ints
from hinomi.records.engagements import ENGAGED, Architecture, Engagements
from hinomi.records.flights import Flights
from hinomi.records.ledger import Ledger
from hinomi.records.places import AlertUnits, Places
from hinomi.records.plots import Infrared, Radar
from hinomi.scenario.model import Scenario
from hinomi.scenario.places import alert_units
from hinomi.scenario.places_region import places_of
from hinomi.scenario.trackers import DEFAULT, tracker
from hinomi.study import tables
from hinomi.study.metrics import (
    UNITS,
    Firsts,
    defence_metrics,
    firsts_of,
    network_metrics,
    warning_metrics,
)
from hinomi.study.outcome import (
    Commanders,
    Needs,
    People,
    World,
    bodies_of,
    clock_of,
    needs_of,
    warned_of,
)
from hinomi.study.pictures import Picture, Watchroom, deciding, pictures_of
from hinomi.study.seeds import AddressedDraws
from hinomi.study.store import TABLES
from hinomi.study.tracking import score_columns, track_scores
from hinomi.sustain.account import account
from hinomi.threat.fly import fly
from hinomi.track.follow import follow
from hinomi.warn.issue import issue
from hinomi.warn.predict import predict
from hinomi.warn.receive import receipts

KEPT_TABLES = ("flights", "plots", "tracks", "forecasts")  # of the first replicates only


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What every replicate of a scenario shares: places, alert units and the groups reported apart."""

    places: Places
    units: AlertUnits
    groups: Mapping[str, Ints]


@dataclass(frozen=True, slots=True, kw_only=True)
class Raid:
    """The part of a replicate that no architecture changes."""

    scenario: Scenario
    context: Context
    draws: AddressedDraws
    flights: Flights
    needs: Needs
    room: Watchroom
    batteries: Sequence[bool]  # present


def prepare(scenario: Scenario) -> Context:
    """Load what every replicate needs, once a process."""
    places = places_of(scenario.places)
    units = alert_units(
        places,
        scenario.unit,
        buffer_m=scenario.buffer_m,
        kernel_m=scenario.kernel_m,
        blocks=scenario.blocks,
    )
    return Context(places=places, units=units, groups=_groups(places))


def _groups(places: Places) -> dict[str, Ints]:
    """Island groups, and prefectures for the places in none."""
    label = [g or p for g, p in zip(places.island_group, places.prefecture_en, strict=True)]
    return {
        name: np.flatnonzero([text == name for text in label]).astype(np.int32)
        for name in sorted(set(label))
    }


def replicate(
    scenario: Scenario,
    context: Context,
    *,
    seed: int,
    number: int,
    architectures: Sequence[str],
    keep: bool,
) -> dict[str, tables.Columns]:
    """Run one replicate of the named architectures; table name -> columns.

    `keep` adds flights, plots, tracks and forecasts.
    """
    raid = begin(scenario, context, seed=seed, number=number)
    parts: dict[str, list[tables.Columns]] = {name: [] for name in TABLES}
    if keep:
        parts["flights"].append(tables.stamp(tables.flight_columns(raid.flights), number))
    for name in architectures:
        outcome = judge(raid, scenario.architectures[name])
        for table, columns in outcome.items():
            if keep or table not in KEPT_TABLES:
                parts[table].append(tables.stamp(columns(), number, name))
    return {table: tables.stack(pieces) for table, pieces in parts.items() if pieces}


def begin(scenario: Scenario, context: Context, *, seed: int, number: int) -> Raid:
    """Draw the truth of a replicate: the bodies, what they touch, and which units are there."""
    draws = AddressedDraws(seed, number)
    flights = fly(scenario.threats, scenario.classes, draws=draws, t_end_s=scenario.t_end_s)
    sensors: tuple[Radar | Infrared, ...] = (*scenario.sensors.radars, *scenario.sensors.infrared)
    return Raid(
        scenario=scenario,
        context=context,
        draws=draws,
        flights=flights,
        needs=needs_of(flights, context.places, buffer_m=scenario.buffer_m),
        room=Watchroom(
            flights=flights,
            sensors=scenario.sensors,
            nations=scenario.nations,
            settings=scenario.tracking,
            tracker=follow if scenario.tracker == DEFAULT else tracker(scenario.tracker),
            draws=draws,
            present=[
                _there(draws, scenario.carried_by.get(s.name, s.name), s.availability)
                for s in sensors
            ],  # a radar is there when the unit that carries it is
        ),
        batteries=[_there(draws, b.name, b.availability) for b in scenario.batteries],
    )


def _there(draws: AddressedDraws, name: str, availability: float) -> bool:
    return availability >= 1.0 or bool(draws.uniforms("availability", name, 1)[0] < availability)


def judge(raid: Raid, architecture: Architecture) -> dict[str, tables.LazyColumns]:
    """One architecture's answer to a raid, as tables made when asked for."""
    scenario, context, flights = raid.scenario, raid.context, raid.flights
    policy = scenario.policy
    nation = policy.alerting_nation
    pictures = pictures_of(raid.room, architecture, nation)
    joined = {name: bodies_of(picture.tracks, flights) for name, picture in pictures.items()}
    centre = deciding(pictures, nation)
    centre_joined = joined[next(n for n, p in pictures.items() if p is centre)]

    forecasts = predict(
        centre.tracks, units=context.units, policy=policy, classes=scenario.predictor_classes
    )
    people = People(draws=raid.draws, bodies=flights.bodies, joined=centre_joined, policy=policy)
    alerts = issue(forecasts, centre.tracks, policy=policy, delays=people)
    received = receipts(alerts, context.units, context.places, policy=policy, draws=raid.draws)
    warned = warned_of(raid.needs, received, context.places, policy=policy)

    engagements, killed = _defend(raid, architecture, pictures, joined)
    ledger = _sustain(scenario, engagements)

    firsts = firsts_of(flights, centre.plots, centre.tracks, alerts, centre_joined)
    metrics = warning_metrics(
        flights=flights,
        firsts=firsts,
        alerts=alerts,
        warned=warned,
        needs=raid.needs,
        received_s=received,
        places=context.places,
        units=context.units,
        policy=policy,
        groups=context.groups,
    )
    metrics |= defence_metrics(
        flights=flights, engagements=engagements, joined=joined, killed=list(killed), ledger=ledger
    )
    metrics |= network_metrics(architecture)
    return {
        "plots": lambda: tables.plot_columns(centre.plots, flights.bodies),
        "tracks": lambda: tables.track_columns(centre.tracks),
        "forecasts": lambda: tables.forecast_columns(forecasts),
        "alerts": lambda: tables.alert_columns(alerts, centre_joined, flights.bodies),
        "warned": lambda: tables.warned_columns(warned, context.places, flights.bodies),
        "clock": lambda: tables.clock_columns(
            *clock_of(firsts.by_stage(), warned, received, policy=policy), flights
        ),
        "engagements": lambda: tables.engagement_columns(engagements, joined, flights.bodies),
        "ledger": lambda: tables.ledger_columns(ledger),
        "events": lambda: event_columns(flights, firsts, alerts, engagements, joined, killed),
        "track_scores": lambda: score_columns(
            centre.tracks,
            track_scores(
                centre.tracks, flights, joined=centre_joined, detected_s=firsts.detected_s
            ),
        ),
        "metrics": lambda: metric_columns(metrics),
    }


def _defend(
    raid: Raid,
    architecture: Architecture,
    pictures: Mapping[str, Picture],
    joined: Mapping[str, Mapping[int, int]],
) -> tuple[Engagements, Mapping[int, float]]:
    """Engage, and let the world answer; also when each body was killed."""
    scenario = raid.scenario
    world = World(
        draws=raid.draws,
        flights=raid.flights,
        batteries=scenario.batteries,
        joined=joined,
        reach_m=scenario.engagement.same_object_m,
    )
    engagements = engage(
        {name: picture.tracks for name, picture in pictures.items()},
        scenario.batteries,
        scenario.weapons,
        architecture=architecture,
        settings=scenario.engagement,
        delays=Commanders(
            draws=raid.draws, bodies=raid.flights.bodies, joined=joined, architecture=architecture
        ),
        fate=world,
        present=raid.batteries,
    )
    return engagements, world.killed_at_s


def _sustain(scenario: Scenario, engagements: Engagements) -> Ledger:
    """Rounds by owner and product against stock, production and price."""
    spent: dict[tuple[str, str], int] = {}
    for row in np.flatnonzero(engagements.reason == ENGAGED):
        weapon = scenario.weapons[engagements.weapons[engagements.weapon[row]]]
        key = (engagements.owners[engagements.battery[row]], weapon.product)
        spent[key] = spent.get(key, 0) + int(engagements.rounds[row])
    stock: dict[tuple[str, str], int] = {}
    for battery in scenario.batteries:
        for magazine in battery.magazines:
            key = (battery.owner, scenario.weapons[magazine.weapon].product)
            stock[key] = stock.get(key, 0) + magazine.ready + magazine.reserve
    return account(spent, stock, scenario.industry)


def metric_columns(metrics: Mapping[str, float]) -> tables.Columns:
    """Long form: one row per figure; a name with a dot is a figure of a group of places.

    Groups where nobody needed a warning are left out.
    """
    kept = {
        name: value
        for name, value in metrics.items()
        if "." not in name or metrics[f"people_in_need.{name.split('.', 1)[1]}"] > 0
    }
    return {
        "metric": list(kept),
        "value": np.array(list(kept.values()), np.float64),
        "unit": [UNITS[name.split(".", 1)[0]] for name in kept],
    }


def event_columns(
    flights: Flights,
    firsts: Firsts,
    alerts: Alerts,
    engagements: Engagements,
    joined: Mapping[str, Mapping[int, int]],
    killed: Mapping[int, float],
) -> tables.Columns:
    """What happened to each body and when, in scenario time."""
    rows: list[tuple[float, str, str]] = []
    bodies = flights.bodies

    def add(kind: str, times: Floats) -> None:
        rows.extend((float(t), kind, bodies[b]) for b, t in enumerate(times) if np.isfinite(t))

    add("launch", flights.launch_t_s)
    add("burnout", flights.burnout_t_s)
    add("first detection", firsts.detected_s)
    add("firm track", firsts.firm_s)
    add("launch message", firsts.told_s)
    add("forecast used", firsts.ready_s)
    add("alert", firsts.alerted_s)
    add("arrival", flights.end_t_s)
    rows.extend((t, "killed", bodies[b]) for b, t in killed.items())
    for row in np.flatnonzero(engagements.reason == ENGAGED):
        body = joined[engagements.pictures[engagements.picture[row]]].get(
            int(engagements.track[row]), -1
        )
        subject = bodies[body] if body >= 0 else "false"
        rows.append((float(engagements.t_launch_s[row]), "shot", subject))
        rows.append((float(engagements.t_intercept_s[row]), "intercept", subject))
    cleared = alerts.kind == ALL_CLEAR_MESSAGE
    rows.extend((float(t), "all-clear", "") for t in alerts.t_issue_s[cleared])
    rows.sort()
    return {
        "t_s": np.array([r[0] for r in rows], np.float64),
        "kind": [r[1] for r in rows],
        "subject": [r[2] for r in rows],
    }
