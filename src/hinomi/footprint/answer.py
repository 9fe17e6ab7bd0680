"""A footprint as one JSON-ready object and as lines of text, intervals over the launch set."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from hinomi.errors import ScenarioError
from hinomi.footprint.asked import Asked
from hinomi.footprint.cells import Cells, cells_of
from hinomi.footprint.defended import BOUND, JOINT, MEASURES, Footprint, footprint
from hinomi.footprint.delays import VIEWS, TrackTime, picture_times, typical_times
from hinomi.footprint.launches import launch_set
from hinomi.footprint.shots import posts_of
from hinomi.records.columns import Floats
from hinomi.study.chain import prepare
from hinomi.study.statistics import SAME, t_interval
from hinomi.units import KM_M

KM2_M2: Final = KM_M * KM_M
LONGEST_TRACK_S: Final = 3600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Map:
    """A footprint with what was asked and the times that its delayed view rests on."""

    asked: Asked
    found: Footprint
    classes: dict[str, int]  # launches of each class
    times: tuple[TrackTime, ...]
    track_s: float | None  # as asked; None: the scenario's typical times
    cell_m: float

    @property
    def title(self) -> str:
        """What every picture and file of it is called."""
        return f"{self.asked.scenario.name}: defended footprint, {BOUND}"

    @property
    def words(self) -> str:
        """One line on what was computed."""
        launches = ", ".join(f"{n} {name}" for name, n in self.classes.items())
        return (
            f"Averaged over {sum(self.classes.values())} notional launches ({launches}); cells of"
            f" {self.cell_m / KM_M:g} km, aims rounded to 0.1 degree; weapons"
            f" {', '.join(self.asked.weapons)}. On the right: {self.delay_words}."
        )

    @property
    def delay_words(self) -> str:
        """What the delayed view waits for."""
        decide = f"then {self.asked.architecture.decide_s[1]:g} s to decide"
        if self.track_s is not None:
            return f"track {self.track_s:g} s after ignition, {decide}"
        told = sorted({t.seconds for t in self.times})
        some = [f"{t:.0f}" if math.isfinite(t) else "never" for t in told]
        span = some[0] if len(some) == 1 else f"{some[0]}-{some[-1]}"
        return (
            f"engagement-grade track as in {self.asked.architecture.name}"
            f" ({span} s after ignition), {decide}"
        )


def map_of(
    asked: Asked,
    *,
    cell_m: float,
    launches: int,
    seed: int,
    classes: Sequence[str] = (),
    track_s: float | None = None,
) -> Map:
    """Compute the footprint of what was asked; `track_s` replaces the scenario's typical times.

    Raises
    ------
    ScenarioError
        for a cell, count, class or time out of range.
    FenceError
        when a threat starts from a site.
    """
    scenario = asked.scenario
    if track_s is not None and not 0.0 <= track_s <= LONGEST_TRACK_S:
        raise ScenarioError(
            f"a track {track_s:g} s after ignition; it must be 0 to {LONGEST_TRACK_S:g} s"
        )
    posts = posts_of(asked.batteries, scenario.weapons, settings=scenario.engagement)
    area, context = scenario.area, prepare(scenario)
    cells = cells_of(
        (area.south_deg, area.west_deg, area.north_deg, area.east_deg), cell_m=cell_m,
        places=context.places, groups=context.groups,
    )  # fmt: skip
    flights = launch_set(scenario, count=launches, seed=seed, classes=classes)
    if track_s is None:
        times = typical_times(scenario, asked.architecture, seed=seed)
        waits = picture_times(times, asked.architecture, scenario.nations)
    else:
        times = ()
        names = {x.threat_class for x in flights}
        waits = {(c, n): track_s for c in names for n in scenario.nations}
    found = footprint(
        cells, flights, posts, settings=scenario.engagement, wait_s=waits,
        decide_s=asked.architecture.decide_s[1],
    )  # fmt: skip
    flown = [x.threat_class for x in flights]
    return Map(
        asked=asked, found=found, classes={c: flown.count(c) for c in dict.fromkeys(flown)},
        times=tuple(t for t in times if t.threat_class in flown), track_s=track_s, cell_m=cell_m,
    )  # fmt: skip


def told(found: Map) -> dict[str, Any]:
    """Give everything as one object; times that never come are null."""
    cells, architecture = found.found.cells, found.asked.architecture
    return {
        "title": found.title,
        "bound": BOUND,
        "scenario": found.asked.scenario.name,
        "variant": found.asked.scenario.variant,
        "architecture": architecture.name,
        "weapons": list(found.asked.weapons),
        "cell_km": found.cell_m / KM_M,
        "cells": len(cells.area_m2),
        "launches": sum(found.classes.values()),
        "classes": found.classes,
        "track_s": found.track_s,
        "decide_s": architecture.decide_s[1],
        "typical_track_s": [
            {"class": t.threat_class, "picture": t.picture, "seconds": _number(t.seconds, 1), "flights": t.flights}
            for t in found.times
        ],
        "looked_at": {
            "area_km2": round(float(cells.area_m2.sum()) / KM2_M2),
            "land_km2": round(float(cells.land_m2.sum()) / KM2_M2),
            "people": round(float(cells.people.sum())),
        },
        "interval": "95 %, over the launch set; chance of the launches alone, no assumed parameter",
        "defended": [
            _battery(found.found, view, name) for view in VIEWS for name in _order(found.found)
        ],
    }  # fmt: skip


def _order(found: Footprint) -> list[str]:
    return [JOINT, *(b for b in found.batteries if b != JOINT)]


def _battery(found: Footprint, view: str, battery: str) -> dict[str, Any]:
    out: dict[str, Any] = {"battery": battery, "track": view}
    for measure in MEASURES:
        inside = found.defended(measure, view, battery).astype(float)
        out[measure] = _sums(found.cells, inside) | {"by_group": _groups(found.cells, inside)}
    return out


def _sums(cells: Cells, inside: Floats) -> dict[str, Any]:
    """Areas and people against the mean launch, and against every launch of the set."""
    always = inside.min(axis=0)
    land, people = cells.land_m2.sum(axis=1), cells.people.sum(axis=1)
    return {
        "area_km2": _interval(cells.area_m2 / KM2_M2, inside),
        "land_km2": _interval(land / KM2_M2, inside),
        "people": _interval(people, inside),
        "area_all_launches_km2": round(float(always @ cells.area_m2) / KM2_M2),
        "people_all_launches": round(float(always @ people)),
    }


def _groups(cells: Cells, inside: Floats) -> list[dict[str, Any]]:
    """People of each island group or prefecture, by name; those out of the area are not counted."""
    out = []
    for g, name in enumerate(cells.groups):
        out.append(
            {
                "group": name,
                "people": _interval(cells.people[:, g], inside),
                "of_people": round(float(cells.people[:, g].sum())),
            }
        )
    return out


def _interval(of_cell: Floats, inside: Floats) -> dict[str, Any]:
    """Sum over the cells inside, its mean over launches; no end below none or above all cells."""
    found = t_interval(inside @ of_cell)
    low, high = max(found.low, 0.0), min(found.high, float(of_cell.sum()))
    return {
        "value": _number(found.value, 1),
        "low": _number(low, 1),
        "high": _number(high, 1),
        "n": found.n,
        "method": found.method,
    }


def _number(value: float, digits: int) -> float | None:
    return round(value, digits) if math.isfinite(value) else None


def lines(answer: dict[str, Any]) -> list[str]:
    """Text for people: each battery alone and all together, early and delayed."""
    looked = answer["looked_at"]
    out = [
        answer["title"],
        f"{answer['launches']} notional launches, {answer['cells']:,} cells of {answer['cell_km']:g} km:"
        f" {looked['area_km2']:,} km2, {looked['people']:,} people; architecture {answer['architecture']}",
        *_time_lines(answer),
        "",
        f"{'':<26}{'met: km2':>14}{'95 %':>22}{'people':>13}{'95 %':>24}{'sure: km2':>14}{'people':>13}",
    ]  # fmt: skip
    for view in VIEWS:
        out.append(f"track {view}")
        for row in (r for r in answer["defended"] if r["track"] == view):
            one, sure = row["one_shot"], row["kill_90"]
            out.append(
                f"  {row['battery']:<24}{_value(one['area_km2']):>14}{_bounds(one['area_km2']):>22}"
                f"{_value(one['people']):>13}{_bounds(one['people']):>24}{_value(sure['area_km2']):>14}{_value(sure['people']):>13}"
            )  # fmt: skip
    assumes = "true paths, one body at a time, full magazines"
    words = (
        "Met: at least one salvo can get there in time (S >= 1). Sure: the salvos that can kill with 0.9"
        " or more (K >= 0.9), at the catalogue's kill probabilities."
    )
    return [*out, "", words, f"Mean over the launch set. {BOUND.capitalize()}: {assumes}."]


def _time_lines(answer: dict[str, Any]) -> list[str]:
    decide = f"decision {answer['decide_s']:g} s"
    if answer["track_s"] is not None:
        return [f"delayed: track {answer['track_s']:g} s after ignition, {decide}"]
    return [
        f"delayed: {t['class']} in picture {t['picture']}: engagement-grade track "
        + (f"{t['seconds']:.0f} s after ignition" if t["seconds"] is not None else "mostly never")
        + f", {decide}"
        for t in answer["typical_track_s"]
    ]


def _value(interval: dict[str, Any]) -> str:
    return f"{interval['value']:,.0f}"


def _bounds(interval: dict[str, Any]) -> str:
    if interval["low"] is None or interval["high"] is None:
        return "-"
    if interval["method"] == SAME:
        return "all alike"
    return f"{interval['low']:,.0f}..{interval['high']:,.0f}"
