"""What coordination is worth: the best joint plan, national plans side by side, what was reached.

All three meet the same windows: those along the tracks of one picture as they turned out, from the
commit decision on. So a plan here knows the whole raid at once, which nobody does in time; the
joint one is what no assignment of these rounds can beat, not what a better rule would reach.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from hinomi.defend.assign import Assignment, best_assignment
from hinomi.defend.raid import AHEAD_S
from hinomi.defend.targets import Target, place_near, targets
from hinomi.defend.windows import (
    FIRST_LAUNCH,
    FIRST_MEETING,
    LAST_LAUNCH,
    FirePosts,
    fire_posts,
    meetings,
)
from hinomi.records.columns import Floats, Ints
from hinomi.records.engagements import Architecture, Battery, Weapon
from hinomi.study.chain import Raid
from hinomi.study.outcome import Commanders, bodies_of
from hinomi.study.pictures import deciding, pictures_of
from hinomi.study.tables import Columns

READY: Final = "ready"  # rounds that may be planned with: all ready ones; else an architecture's
FIGURES: Final = ("threats", "reachable", "joint", "bound", "national", "violated")
GAP: Final = 1e-4  # of the threats: how far a plan may stay below what is proven to be the best


@dataclass(frozen=True, slots=True, kw_only=True)
class Windows:
    """Which magazine can meet which threat, and how likely one round kills there."""

    kill: Floats  # (threats, magazines) per round; 0 where there is no window
    owner: tuple[str, ...]  # of each magazine
    magazine: tuple[tuple[str, str], ...]  # (battery, weapon)
    stock: (
        Ints  # (magazines,) ready rounds, no more than the channels can guide in the time there is
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Plans:
    """Expected kills of the plans for one raid."""

    joint: float
    bound: float  # proven: no joint plan is worth more
    national: float  # of the national plans side by side: what both shoot at counts once
    reachable: int  # threats with a window
    threats: int

    @property
    def violated(self) -> bool:
        """Whether the joint plan is worth less than the national ones, beyond what is proven."""
        return self.national > min(self.joint + GAP * self.threats, self.bound + 1e-9)


def plans(windows: Windows, stock: Ints) -> Plans:
    """The optimal joint plan, and each owner's optimal plan by itself, with these rounds.

    A national plan is made as if the other nation had no weapons; valued together, a threat that
    both plans shoot at is killed once.
    """
    kill = windows.kill
    joint = _best(kill, stock)
    survive = np.ones(len(kill))
    for owner in sorted(set(windows.owner)):
        own = np.array([o == owner for o in windows.owner])
        alone = _best(kill[:, own], stock[own])
        survive *= np.prod((1.0 - _merged(kill[:, own], stock[own])[0]) ** alone.rounds, axis=1)
    return Plans(
        joint=joint.value,
        bound=joint.bound,
        national=float(np.sum(1.0 - survive)),
        reachable=int((kill > 0.0).any(axis=1).sum()) if kill.size else 0,
        threats=len(kill),
    )


def _best(kill: Floats, stock: Ints) -> Assignment:
    """The optimal plan, its rounds by merged magazines."""
    merged, rounds = _merged(kill, stock)
    if not (merged > 0.0).any():
        return Assignment(rounds=np.zeros(merged.shape, np.int32), value=0.0, bound=0.0)
    return best_assignment(merged, np.ones(len(kill)), rounds, gap=GAP)


def _merged(kill: Floats, stock: Ints) -> tuple[Floats, Ints]:
    """Magazines that can do the same, taken as one: the same plans, far fewer to search."""
    columns, which = np.unique(kill, axis=1, return_inverse=True)
    rounds = np.bincount(which.ravel(), weights=stock, minlength=columns.shape[1])
    return np.ascontiguousarray(columns), rounds.astype(np.int32)


def windows_of(raid: Raid, architecture: Architecture) -> Windows:
    """Windows of every magazine along the tracks of the picture on which the alert is decided."""
    scenario = raid.scenario
    pictures = pictures_of(raid.room, architecture, scenario.policy.alerting_nation)
    centre = deciding(pictures, scenario.policy.alerting_nation)
    name = next(n for n, p in pictures.items() if p is centre)
    joined = bodies_of(centre.tracks, raid.flights)
    delays = Commanders(
        draws=raid.draws,
        bodies=raid.flights.bodies,
        joined={name: joined},
        architecture=architecture,
    )
    pairs = _magazines(raid)
    posts = fire_posts(
        [(b, w) for b, w, _ in pairs], keep_out_height_m=scenario.engagement.keep_out_height_m
    )
    threats = [b for b, parent in enumerate(np.asarray(raid.flights.parent)) if parent < 0]
    kill = np.zeros((len(threats), len(pairs)))
    spans: list[Floats] = []
    for target in targets(centre.tracks, picture=0, desk=0) if pairs else []:
        body = joined.get(target.track, -1)
        if body not in threats or not target.graded_available_s:
            continue
        wait = delays.seconds(name, target.track) + scenario.engagement.weapon_delay_s
        found = _along(target, posts, earliest_s=target.graded_available_s[0] + wait)
        spans.append(found)
        row = threats.index(body)
        kill[row] = np.maximum(kill[row], _kills(target, found, [w for _, w, _ in pairs]))
    return Windows(
        kill=kill,
        owner=tuple(b.owner for b, _, _ in pairs),
        magazine=tuple((b.name, w.name) for b, w, _ in pairs),
        stock=_stock(pairs, spans, assess_s=scenario.engagement.assess_s),
    )


def _magazines(raid: Raid) -> list[tuple[Battery, Weapon, int]]:
    """Battery, weapon and ready rounds of every magazine that is there in this raid."""
    return [
        (battery, raid.scenario.weapons[magazine.weapon], magazine.ready)
        for battery, present in zip(raid.scenario.batteries, raid.batteries, strict=True)
        if present
        for magazine in battery.magazines
    ]


def _along(target: Target, posts: FirePosts, *, earliest_s: float) -> Floats:
    """(M, 5) first and last launch and meeting of every magazine along a track as it turned out."""
    start = float(np.floor(target.t_s[0]))
    seconds = min(int(target.t_s[-1] - start) + 1, 4 * AHEAD_S)
    path = np.full((seconds, 3), np.nan)
    for k in range(seconds):
        place = place_near(target, start + k, np.inf)
        if place is None:
            break
        path[k] = place
    return meetings(path, posts, t0_s=start, step_s=1.0, earliest_s=earliest_s)


def _kills(target: Target, found: Floats, weapons: Sequence[Weapon]) -> Floats:
    """(M,) kill probability of one round, by what the track looked like at the first launch."""
    out = np.zeros(len(weapons))
    for m in np.flatnonzero(np.isfinite(found[:, FIRST_LAUNCH])).tolist():
        row = max(bisect_right(target.t_s, float(found[m, FIRST_LAUNCH])) - 1, 0)
        weapon = weapons[m]
        out[m] = weapon.kill_glide if target.gliding[row] else weapon.kill_ballistic
    return out


def _stock(
    pairs: Sequence[tuple[Battery, Weapon, int]], spans: Sequence[Floats], *, assess_s: float
) -> Ints:
    """Ready rounds, no more than channels x salvo x engagements one after another in the raid."""
    out = np.zeros(len(pairs), np.int32)
    table = np.array(spans).reshape(-1, len(pairs), 5)
    for m, (battery, weapon, ready) in enumerate(pairs):
        mine = table[np.isfinite(table[:, m, FIRST_LAUNCH]), m]
        if len(mine):
            held_s = float(np.mean(mine[:, FIRST_MEETING] - mine[:, FIRST_LAUNCH])) + assess_s
            launches = mine[
                :, [FIRST_LAUNCH, LAST_LAUNCH]
            ]  # the last meeting may need the earlier one
            span_s = float(launches.max() - launches.min())
            turns = 1 + int(span_s // max(held_s, 1.0))
            out[m] = min(ready, battery.channels * weapon.salvo * turns)
    return out


def fired_of(windows: Windows, shots: Mapping[str, Any]) -> Ints:
    """(magazines,) rounds that each fired in the simulation, from the table of engagements."""
    fired: dict[tuple[str, str], int] = {}
    for battery, weapon, rounds in zip(
        shots["battery"], shots["weapon"], shots["rounds"], strict=True
    ):
        fired[battery, weapon] = fired.get((battery, weapon), 0) + int(rounds)
    return np.array([fired.get(m, 0) for m in windows.magazine], np.int32)


def told_name(stock: str) -> str:
    """Name in tables of the plans with these rounds."""
    return f"plan with the rounds of {stock}"


def figures_of(
    raid: Raid, architecture: Architecture, shots: Mapping[str, Mapping[str, Any]]
) -> dict[str, Columns]:
    """Plans of one raid in long form: with all ready rounds, then with those that were fired.

    `shots` is the table of engagements of each architecture.
    """
    windows = windows_of(raid, architecture)
    stocks = {READY: windows.stock} | {a: fired_of(windows, told) for a, told in shots.items()}
    out: dict[str, Columns] = {}
    for name, stock in stocks.items():
        found = plans(windows, stock)
        values = {"rounds": int(stock.sum()), **{n: getattr(found, n) for n in FIGURES}}
        out[name] = {
            "metric": list(values),
            "value": np.array(list(values.values()), np.float64),
            "unit": ["rounds", *["bodies"] * len(FIGURES)],
        }
    return out
