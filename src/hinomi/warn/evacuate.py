"""Clearing islands in daily steps: queues, capacities of ports and airports, weather.

remaining(t + 1) = remaining(t) - sum over exits of min(capacity x open(t), queue): people leave
through what is open; those who reach another island of the plan go on from there the next day.
A study-level flow of numbers of people: no seats, no routes, no priorities.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from hinomi.errors import ScenarioError
from hinomi.records.columns import Floats
from hinomi.records.draws import Draws, triangular
from hinomi.records.evacuation import Chances, Cleared, EvacuationPlan, Exit, Season
from hinomi.records.plots import Triangle

NOBODY: Final = 1e-6  # people; a rest that rounding left


def draw_chances(plan: EvacuationPlan, draws: Sequence[Draws]) -> Chances:
    """What each replicate meets, one entry of `draws` a replicate.

    Capacities: stream kind "supply", one an exit and one for what of it is achieved. Storms: kind
    "availability", one stream a weather, slot = day; open or not: one stream an exit. So a plan
    with one capacity changed meets the same weather.
    """
    days = plan.most_days
    exits = plan.exits
    capacity = np.empty((len(draws), len(exits)))
    is_open = np.empty((len(draws), days, len(exits)))
    weather_of = {island.name: island.weather for island in plan.islands}
    for r, luck in enumerate(draws):
        achieved = _triangle(luck, "evacuation achieved", plan.achieved_share)
        storms = {w: _calm(luck, w, plan.season, days) for w in sorted(set(weather_of.values()))}
        for e, exit_ in enumerate(exits):
            capacity[r, e] = achieved * _triangle(
                luck, f"evacuation {exit_.name}", exit_.people_per_day
            )
            works = luck.uniforms("availability", f"evacuation {exit_.name}", days)
            calm = storms[weather_of[exit_.island]]
            if exit_.to:
                calm = calm * storms[weather_of[exit_.to]]
            is_open[r, :, e] = calm * (works < exit_.open_share)
    return Chances(capacity=capacity, open=is_open * _running(exits, days))


def planned(plan: EvacuationPlan) -> Chances:
    """One replicate that is the plan itself: stated capacities, all of them achieved, no storm."""
    capacity = np.array([[e.people_per_day[1] for e in plan.exits]])
    return Chances(
        capacity=capacity,
        open=np.ones((1, plan.most_days, 1)) * _running(plan.exits, plan.most_days),
    )


def _running(exits: Sequence[Exit], days: int) -> Floats:
    """(1, D, E) 1 from each exit's first day on; a part of a day is that part of its capacity."""
    day = np.arange(days, dtype=np.float64)[None, :, None]
    first = np.array([e.from_day for e in exits])[None, None, :]
    running: Floats = np.clip(day + 1.0 - first, 0.0, 1.0)
    return running


def _triangle(draws: Draws, entity: str, triangle: Triangle) -> float:
    low, mode, high = (float(x) for x in triangle)
    if low == high:
        return mode
    return float(triangular(float(draws.uniforms("supply", entity, 1)[0]), low, mode, high))


def _calm(draws: Draws, weather: str, season: Season, days: int) -> Floats:
    """(D,) 1 on days without a storm; storms may overlap."""
    if season.storm_per_day <= 0.0:
        return np.ones(days)
    begins = draws.uniforms("availability", f"storm {weather}", days) < season.storm_per_day
    lasts = draws.uniforms("availability", f"storm days {weather}", days)
    calm = np.ones(days)
    low, mode, high = (float(x) for x in season.storm_days)
    for day in np.flatnonzero(begins):
        length = max(1, round(float(triangular(float(lasts[day]), low, mode, high))))
        calm[day : day + length] = 0.0
    return calm


def clear(plan: EvacuationPlan, chances: Chances) -> Cleared:
    """Run every replicate day by day.

    Days to clear are whole days plus the part of the last one that its fullest exit needs, so one
    port of capacity c clears N people in exactly N / c days.

    Raises
    ------
    ScenarioError
        when an exit names an island that the plan does not have.
    """
    index = {island.name: i for i, island in enumerate(plan.islands)}
    for e in plan.exits:
        for name in (e.island, *filter(None, (e.to,))):
            if name not in index:
                raise ScenarioError(
                    f"exit {e.name!r} names the island {name!r}; the plan has {', '.join(index)}"
                )
    replicates, days = chances.open.shape[:2]
    remaining = np.zeros((replicates, days + 1, len(plan.islands)))
    remaining[:, 0] = [i.residents + i.visitors for i in plan.islands]
    moved = np.zeros((replicates, days, len(plan.exits)))
    done = np.full(replicates, np.inf)
    done[remaining[:, 0].sum(axis=1) <= NOBODY] = 0.0
    for day in range(days):
        room = chances.capacity * chances.open[:, day]
        moved[:, day] = _moved(plan, index, remaining[:, day], room)
        remaining[:, day + 1] = _after(plan, index, remaining[:, day], moved[:, day])
        finished = (remaining[:, day + 1].sum(axis=1) <= NOBODY) & np.isinf(done)
        if finished.any():
            part = _part_of_day(moved[finished, day], room[finished], plan.reception_per_day)
            done[finished] = day + part
        if np.isfinite(done).all():
            break
    return Cleared(days=done, remaining=remaining, moved=moved)


def _moved(plan: EvacuationPlan, index: dict[str, int], queue: Floats, room: Floats) -> Floats:
    """(R, E) people through each exit in one day: an island's exits share its queue by capacity."""
    out = np.zeros_like(room)
    for name, i in index.items():
        mine = [k for k, e in enumerate(plan.exits) if e.island == name]
        if not mine:
            continue
        total = room[:, mine].sum(axis=1)
        wanted = np.minimum(total, queue[:, i])
        share = np.divide(wanted, total, out=np.zeros_like(total), where=total > 0.0)
        out[:, mine] = room[:, mine] * share[:, None]
    away = [k for k, e in enumerate(plan.exits) if not e.to]
    if np.isfinite(plan.reception_per_day) and away:
        waiting = queue[:, [index[plan.exits[k].island] for k in away]]
        out[:, away] = _taken_in(out[:, away], waiting, plan.reception_per_day)
    return out


def _taken_in(leaving: Floats, waiting: Floats, reception: float) -> Floats:
    """What hosts take of those leaving (R, A): first in proportion to who waits, then the rest."""
    claim = waiting * (leaving > 0.0)
    total = claim.sum(axis=1, keepdims=True)
    first = np.minimum(leaving, reception * claim / np.maximum(total, NOBODY))
    unmet = leaving - first
    room = np.maximum(reception - first.sum(axis=1, keepdims=True), 0.0)
    more = np.minimum(1.0, room / np.maximum(unmet.sum(axis=1, keepdims=True), NOBODY))
    taken: Floats = first + unmet * more
    return taken


def _after(plan: EvacuationPlan, index: dict[str, int], queue: Floats, moved: Floats) -> Floats:
    left = queue.copy()
    for k, e in enumerate(plan.exits):
        left[:, index[e.island]] -= moved[:, k]
    left[left < NOBODY] = 0.0
    for k, e in enumerate(plan.exits):
        if e.to:
            left[:, index[e.to]] += moved[:, k]
    return left


def _part_of_day(moved: Floats, room: Floats, reception: float) -> Floats:
    """Part of the last day (R,) that the fullest exit, or the hosts, needed."""
    used = np.divide(moved, room, out=np.zeros_like(room), where=room > 0.0).max(axis=1)
    part: Floats = np.maximum(used, moved.sum(axis=1) / reception)
    return np.minimum(part, 1.0)


def with_capacity(plan: EvacuationPlan, exit_name: str, factor: float) -> EvacuationPlan:
    """Return the same plan with one exit's capacity changed by a factor."""
    exits = tuple(
        replace(e, people_per_day=_scaled(e.people_per_day, factor)) if e.name == exit_name else e
        for e in plan.exits
    )
    return replace(plan, exits=exits)


def _scaled(triangle: Triangle, factor: float) -> Triangle:
    low, mode, high = triangle
    return (low * factor, mode * factor, high * factor)
