"""Raids of growing size against ready stock, on perfect common tracks and under one assignment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np

from hinomi.defend.engage import engage
from hinomi.footprint.raid_bodies import Body, perfect_picture
from hinomi.records.columns import Floats, Ints
from hinomi.records.draws import Draws
from hinomi.records.engagements import (
    ENGAGED,
    REASONS,
    Architecture,
    Battery,
    Engagements,
    EngageSettings,
    Weapon,
)

EVERYBODY: Final = "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What every raid of a sweep shares."""

    bodies: tuple[Body, ...]
    batteries: tuple[Battery, ...]
    weapons: Mapping[str, Weapon]
    architecture: Architecture
    settings: EngageSettings
    decide_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What one raid left: counts, and when magazines were empty after the first ignition (inf)."""

    leakers: int
    rounds: int
    unengaged: Ints  # (len(REASONS),) bodies that got no salvo, by reason
    empty_s: Floats  # (B,) last ready round of each battery fired


@dataclass(frozen=True, slots=True)
class _Same:
    """Everybody decides in the same time."""

    wait_s: float

    def seconds(self, picture: str, track: int) -> float:  # noqa: ARG002 - shape of the protocol
        """Seconds from the first row of a track to the decision."""
        return self.wait_s


@dataclass(slots=True)
class _Luck:
    """The world's answer: one addressed draw for each body, battery and salvo."""

    draws: Draws
    bodies: Sequence[Body]
    batteries: Sequence[Battery]
    dead: set[int] = field(default_factory=set)

    def killed(
        self,
        picture: str,  # noqa: ARG002 - shape of the protocol
        track: int,
        battery: int,
        salvo: int,
        rounds: int,  # noqa: ARG002 - the kill probability counts them
        kill_probability: float,
        t_intercept_s: float,  # noqa: ARG002
        r_m: tuple[float, float, float],  # noqa: ARG002 - tracks are perfect: it is there
    ) -> bool:
        """True when the body is gone after this salvo."""
        entity = f"{self.bodies[track].name}|{self.batteries[battery].name}"
        if self.draws.uniforms("shot", entity, 1, slot=salvo)[0] < kill_probability:
            self.dead.add(track)
        return track in self.dead


def perfect(architecture: Architecture) -> Architecture:
    """One picture, one assignment, everybody on any track."""
    return replace(
        architecture, one_picture=True, one_assignment=True, engage_on_remote=True, refusals=()
    )


def raid_order(bodies: Sequence[Body], draws: Draws, *, within_s: float) -> tuple[Ints, Floats]:
    """Order in which bodies join as a raid grows, and when each is lit: one draw for each.

    A larger raid of the same replicate holds the smaller one.
    """
    u = np.array([draws.uniforms("truth", f"raid {b.name}", 2) for b in bodies])
    order = np.argsort(u[:, 0], kind="stable").astype(np.int32)
    return order, u[:, 1] * within_s


def fight(setting: Setting, picked: Ints, starts_s: Floats, draws: Draws) -> Outcome:
    """Engage one raid: the bodies at the places `picked`, lit at `starts_s` of all bodies."""
    bodies = [setting.bodies[i] for i in picked]
    starts = starts_s[picked]
    luck = _Luck(draws, bodies, setting.batteries)
    found = engage(
        {EVERYBODY: perfect_picture(bodies, starts, picture=EVERYBODY)},
        setting.batteries,
        setting.weapons,
        architecture=perfect(setting.architecture),
        settings=setting.settings,
        delays=_Same(setting.decide_s),
        fate=luck,
    )
    return Outcome(
        leakers=len(bodies) - len(luck.dead),
        rounds=int(found.rounds.sum()),
        unengaged=np.bincount(found.reason[found.reason != ENGAGED], minlength=len(REASONS)).astype(
            np.int32
        ),
        empty_s=_empty(setting.batteries, found) - float(starts.min()),
    )


def _empty(batteries: Sequence[Battery], found: Engagements) -> Floats:
    """(B,) when the last ready round of each battery is launched; inf while one is left."""
    out = np.full(len(batteries), np.inf)
    for b, battery in enumerate(batteries):
        mine = found.battery == b
        if found.rounds[mine].sum() >= sum(m.ready for m in battery.magazines):
            out[b] = found.t_launch_s[mine].max()
    return out
