"""The chain once: truth, plots, pictures, forecasts, alerts, shots, stock, for every architecture.

All architectures of a replicate share one truth, one set of looks and one set of human delays, so a
difference between them is the architecture's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from hinomi.defend.chance import Chance
from hinomi.defend.engage import engage
from hinomi.records.alerts import ALL_CLEAR_MESSAGE, Alerts
from hinomi.records.columns import Floats, Ints
from hinomi.records.engagements import ENGAGED, Architecture, Engagements
from hinomi.records.flights import Flights
from hinomi.records.ledger import Ledger
from hinomi.records.places import AlertUnits, Places
from hinomi.records.plots import Infrared, Radar
from hinomi.records.tracks import Forecasts
from hinomi.scenario.model import Scenario
from hinomi.scenario.places import alert_units
from hinomi.scenario.places_region import places_of
from hinomi.scenario.trackers import DEFAULT, tracker
from hinomi.study import tables
from hinomi.study.checks import kill_metrics
from hinomi.study.foreseen import Foreseen, foreseen, foreseen_metrics, marked
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
    bodies_heard,
    bodies_of,
    clock_of,
    needs_of,
    warned_of,
)
from hinomi.study.pictures import Picture, Watchroom, deciding, heard_by, pictures_of
from hinomi.study.seeds import AddressedDraws
from hinomi.study.store import TABLES
from hinomi.study.tracking import score_columns, track_scores
from hinomi.sustain.account import account
from hinomi.threat.fly import fly
from hinomi.track.follow import follow
from hinomi.warn.heard import Heard
from hinomi.warn.issue import issue
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
    foreseen: Foreseen | None = None  # predicted end areas, where they were asked for


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
    first = number < scenario.study.keep_full  # predicted end areas take half as long as the rest
    raid = begin(scenario, context, seed=seed, number=number, foresee=first)
    parts: dict[str, list[tables.Columns]] = {name: [] for name in TABLES}
    if keep:
        parts["flights"].append(tables.stamp(tables.flight_columns(raid.flights), number))
    for name in architectures:
        outcome = judge(raid, scenario.architectures[name])
        for table, columns in outcome.items():
            if keep or table not in KEPT_TABLES:
                parts[table].append(tables.stamp(columns(), number, name))
    return {table: tables.stack(pieces) for table, pieces in parts.items() if pieces}


def begin(
    scenario: Scenario, context: Context, *, seed: int, number: int, foresee: bool = False
) -> Raid:
    """Draw the truth of a replicate: the bodies, what they touch, and which units are there.

    `foresee` adds the places in predicted end areas, which takes about half as long as the rest.
    """
    draws = AddressedDraws(seed, number)
    flights = fly(scenario.threats, scenario.classes, draws=draws, t_end_s=scenario.t_end_s)
    needs = needs_of(flights, context.places, buffer_m=scenario.buffer_m)
    found = None
    if foresee and scenario.policy.predicted_threshold < 1.0:
        found = foreseen(
            flights,
            context.places,
            classes=scenario.predictor_classes,
            draws=draws,
            threshold=scenario.policy.predicted_threshold,
            buffer_m=scenario.buffer_m,
        )
        needs = marked(needs, found)
    sensors: tuple[Radar | Infrared, ...] = (*scenario.sensors.radars, *scenario.sensors.infrared)
    return Raid(
        scenario=scenario,
        context=context,
        draws=draws,
        flights=flights,
        needs=needs,
        foreseen=found,
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

    heard = heard_by(raid.room, architecture, pictures, nation, on_event=policy.on_event)
    subjects = bodies_heard(heard, flights)
    parts = forecasts_of(raid, heard, context.units)
    people = People(draws=raid.draws, bodies=flights.bodies, joined=subjects, policy=policy)
    alerts = issue(
        heard.forecasts(parts), heard.tracks, policy=policy, delays=people, events=heard.events()
    )
    received = receipts(alerts, context.units, context.places, policy=policy, draws=raid.draws)
    warned = warned_of(raid.needs, received, context.places, policy=policy)

    engagements, world = defended(raid, architecture, pictures, joined)
    killed = world.killed_at_s
    ledger = refilled(scenario, engagements)

    firsts = firsts_of(flights, centre, heard, alerts, subjects)
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
    metrics |= foreseen_metrics(raid.foreseen, raid.needs, received, context.places, policy)
    metrics |= defence_figures(raid, joined, engagements, world, ledger)
    metrics |= network_metrics(architecture)
    return {
        "plots": lambda: tables.plot_columns(centre.plots, flights.bodies),
        "tracks": lambda: tables.track_columns(centre.tracks),
        "forecasts": lambda: tables.stack([tables.forecast_columns(f) for f in parts]),
        "alerts": lambda: alert_columns(alerts, heard, subjects, flights.bodies),
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


def defended(
    raid: Raid,
    architecture: Architecture,
    pictures: Mapping[str, Picture],
    joined: Mapping[str, Mapping[int, int]],
) -> tuple[Engagements, World]:
    """Engage, and let the world answer; also the world, with what it was asked and granted."""
    scenario = raid.scenario
    world = World(
        draws=raid.draws,
        flights=raid.flights,
        batteries=scenario.batteries,
        weapons=scenario.weapons,
        joined=joined,
        reach_m=scenario.engagement.same_object_m,
        chance=Chance(
            draws=raid.draws,
            settings=scenario.engagement,
            owners=[b.owner for b in scenario.batteries],
            products={n: w.product for n, w in scenario.weapons.items()},
        ),
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
    return engagements, world


def refilled(scenario: Scenario, engagements: Engagements) -> Ledger:
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


def defence_figures(
    raid: Raid,
    joined: Mapping[str, Mapping[int, int]],
    engagements: Engagements,
    world: World,
    ledger: Ledger,
) -> dict[str, float]:
    """Figures of shots, kills and stock, and those that the closed forms are held against."""
    found = defence_metrics(
        flights=raid.flights,
        engagements=engagements,
        joined=joined,
        killed=world.killed_by,
        ledger=ledger,
    )
    threats = int((np.asarray(raid.flights.parent) < 0).sum())
    return found | kill_metrics(world.asked, threats=threats)


def forecasts_of(raid: Raid, heard: Heard, units: AlertUnits) -> list[Forecasts]:
    """Forecasts of every source of a centre, each in its picture's own track numbers."""
    scenario = raid.scenario
    return [
        raid.room.forecasts(
            source.tracks, units=units, policy=scenario.policy, classes=scenario.predictor_classes
        )
        for source in heard.sources
    ]


def alert_columns(
    alerts: Alerts, heard: Heard, subjects: Mapping[int, int], bodies: Sequence[str]
) -> tables.Columns:
    """One row per message, with the picture it rests on and the track's number there."""
    columns = tables.alert_columns(alerts, subjects, bodies)
    source = heard.source_of(alerts.track)
    columns["track"] = alerts.track - np.array(heard.first, np.int32)[source]
    columns["picture"] = tables.names(source, [s.tracks.picture for s in heard.sources])
    return columns


def metric_columns(metrics: Mapping[str, float]) -> tables.Columns:
    """Long form: one row per figure; a name with a dot is a figure of a group of places or a layer.

    Groups where nobody needed a warning are left out.
    """
    kept = {
        name: value
        for name, value in metrics.items()
        if "." not in name or metrics.get(f"people_in_need.{name.split('.', 1)[1]}", 1.0) > 0
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
    add("first detection", firsts.seen_s)
    add("firm track", firsts.found_s)
    add("relayed", firsts.relayed_s)
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
