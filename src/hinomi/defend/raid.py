"""One raid while it goes on: targets, salvos, kills, events; and the table it leaves behind."""

from __future__ import annotations

import heapq
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Protocol, final

import numpy as np

from hinomi.defend.armoury import Armoury
from hinomi.defend.targets import Target
from hinomi.earth.wgs84 import geodetic_from_ecef
from hinomi.records.columns import Floats
from hinomi.records.engagements import ENGAGED, Engagements, EngageSettings, Weapon
from hinomi.units import DEG_RAD

AHEAD_S: Final = 900  # a path is carried no further
MEET, ASSESS, LOOK = range(3)  # kinds of event, in order at equal times


class CommitDelays(Protocol):
    """How long the decision to engage takes, relay included."""

    def seconds(self, picture: str, track: int) -> float:
        """Seconds from the first grade-E row of a track to the decision."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Met:
    """One salvo at its intercept, as those know it who fired it."""

    picture: str
    track: int
    battery: int  # index of the batteries given
    salvo: int  # number of the salvo at this track
    rounds: int
    kill_probability: float  # of the salvo as it was met
    kill_one: float  # of one round as given
    weapon: str  # interceptor class
    t_intercept_s: float
    r_m: tuple[float, float, float]


class Fate(Protocol):
    """The world's answer to a salvo: what an assessment says of it, truth or not."""

    def killed(self, met: Met) -> bool:
        """Whether the salvo is judged to have killed; asked once per salvo, in order of intercept."""


@final
@dataclass(slots=True)
class Salvo:
    """One salvo from commitment to assessment."""

    target: Target
    pair: int
    rounds: int
    t_commit_s: float
    t_launch_s: float
    t_intercept_s: float
    r_m: tuple[float, float, float]  # intercept as predicted at commitment
    met_m: tuple[
        float, float, float
    ]  # where the track was at the intercept, as known at assessment
    kill_probability: float
    kill_one: float  # of one round
    number: int
    index: int  # of the target
    killed: bool = False  # as judged


@final
@dataclass(slots=True)
class Raid:
    """Everything that changes while the raid goes on."""

    pictures: tuple[str, ...]
    targets: list[Target]
    store: Armoury
    settings: EngageSettings
    fate: Fate
    joint: bool  # one assignment over several pictures
    events: list[tuple[float, int, int, int, int]] = field(default_factory=list)
    salvos: list[Salvo] = field(default_factory=list)
    # By circle of desks: intercept, place.
    kills: dict[int, list[tuple[float, Floats]]] = field(default_factory=dict)
    path: Floats = field(default_factory=lambda: np.empty((AHEAD_S + 1, 3)))
    found: Floats = field(default_factory=lambda: np.empty((0, 5)))

    def push(self, t_s: float, kind: int, index: int) -> None:
        """Queue an event; equal times: intercepts, assessments, looks, then picture and track."""
        target = self.salvos[index].target if kind != LOOK else self.targets[index]
        heapq.heappush(self.events, (t_s, kind, target.picture, target.track, index))


def record(raid: Raid, weapons: Mapping[str, Weapon]) -> Engagements:
    """Columns: salvos in order of commitment, then tracks without one."""
    names = tuple(sorted(weapons))
    store = raid.store
    # A track is idle when no desk shot at it; the first desk's reason is given.
    told = {(t.picture, t.track) for t in raid.targets if t.salvos > 0}
    idle: list[Target] = []
    for target in raid.targets:
        if (target.picture, target.track) not in told:
            told.add((target.picture, target.track))
            idle.append(target)
    s, nan = raid.salvos, [math.nan] * len(idle)
    none, zero = [-1] * len(idle), [0] * len(idle)
    points = [geodetic_from_ecef(*salvo.r_m) for salvo in s]
    return Engagements(
        batteries=tuple(b.name for b in store.batteries),
        owners=tuple(b.owner for b in store.batteries),
        weapons=names,
        pictures=raid.pictures,
        picture=np.array([x.target.picture for x in s] + [t.picture for t in idle], dtype=np.int32),
        track=np.array([x.target.track for x in s] + [t.track for t in idle], dtype=np.int32),
        battery=np.array([store.battery[x.pair] for x in s] + none, dtype=np.int32),
        weapon=np.array([names.index(store.weapon[x.pair].name) for x in s] + none, dtype=np.int32),
        rounds=np.array([x.rounds for x in s] + zero, dtype=np.int32),
        t_commit_s=np.array([x.t_commit_s for x in s] + nan),
        t_launch_s=np.array([x.t_launch_s for x in s] + nan),
        t_intercept_s=np.array([x.t_intercept_s for x in s] + nan),
        lat_deg=np.array([lat / DEG_RAD for lat, _, _ in points] + nan),
        lon_deg=np.array([lon / DEG_RAD for _, lon, _ in points] + nan),
        height_m=np.array([h for _, _, h in points] + nan),
        kill_probability=np.array([x.kill_probability for x in s] + nan),
        killed=np.array([int(x.killed) for x in s] + zero, dtype=np.int32),
        reason=np.array([ENGAGED] * len(s) + [t.reason for t in idle], dtype=np.int32),
    )
