"""Raids of growing size against ready stock, on perfect common tracks and under one assignment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np

from hinomi.defend.armoury import armoury, restock, take
from hinomi.defend.chance import Chance, kill_as_met
from hinomi.defend.engage import engage
from hinomi.defend.raid import Met
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
    """The world's answer: one addressed draw for each body, battery and salvo, as it is judged."""

    draws: Draws
    bodies: Sequence[Body]
    starts_s: Floats
    batteries: Sequence[Battery]
    weapons: Mapping[str, Weapon]
    chance: Chance
    dead: set[int] = field(default_factory=set)

    def killed(self, met: Met) -> bool:
        """True when the body is judged to be gone after this salvo; tracks are perfect: it is there."""
        body = self.bodies[met.track]
        entity = f"{body.name}|{self.batteries[met.battery].name}"
        kind = self.weapons[met.weapon]
        flown_s = met.t_intercept_s - self.starts_s[met.track]
        row = int(np.searchsorted(body.t_s, flown_s, side="right")) - 1
        one = kind.kill_glide if body.gliding[max(row, 0)] else kind.kill_ballistic
        chance = self.chance.of_salvo(
            body.name,
            met.battery,
            met.weapon,
            rounds=met.rounds,
            kill_one=one,
            planned=kill_as_met(
                met.kill_probability, rounds=met.rounds, kill_one=met.kill_one, kill_met=one
            ),
        )
        if self.draws.uniforms("shot", entity, 1, slot=met.salvo)[0] < chance:
            self.dead.add(met.track)
        return self.chance.judged(entity, met.salvo, killed=met.track in self.dead)


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
    chance = Chance(
        draws=draws,
        settings=setting.settings,
        owners=[b.owner for b in setting.batteries],
        products={n: w.product for n, w in setting.weapons.items()},
    )
    luck = _Luck(draws, bodies, starts, setting.batteries, setting.weapons, chance)
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
        empty_s=_empty(setting, found) - float(starts.min()),
    )


def _empty(setting: Setting, found: Engagements) -> Floats:
    """(B,) when each battery first has no round ready; inf while one always is.

    The shots are taken again in the order of their launches, from the same store that they came of.
    """
    out = np.full(len(setting.batteries), np.inf)
    store = armoury(
        setting.batteries, setting.weapons, pictures=(EVERYBODY,),
        architecture=perfect(setting.architecture), settings=setting.settings, present=None,
    )  # fmt: skip
    pairs: list[dict[str, int]] = [{} for _ in setting.batteries]
    held = [(b, m.weapon) for b, battery in enumerate(setting.batteries) for m in battery.magazines]
    for pair, (b, weapon) in enumerate(held):
        pairs[b][weapon] = pair
    for row in np.argsort(found.t_launch_s, kind="stable"):
        b, now_s = int(found.battery[row]), float(found.t_launch_s[row])
        for pair in pairs[b].values():
            restock(store, pair, now_s)
        fired = pairs[b][found.weapons[found.weapon[row]]]
        take(store, fired, int(found.rounds[row]), launch_s=now_s, until_s=now_s)
        if not any(store.ready[pair] for pair in pairs[b].values()):
            out[b] = min(out[b], now_s)
    return out
