"""Rounds, channels and who may fire at whose tracks, during one raid."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias, final

import numpy as np
from numpy.typing import NDArray

from hinomi.defend.windows import FirePosts, fire_posts
from hinomi.errors import ScenarioError
from hinomi.records.columns import Floats
from hinomi.records.engagements import (
    ONE_SALVO,
    SALVO_THEN_SINGLES,
    Architecture,
    Battery,
    EngageSettings,
    Magazine,
    Weapon,
)

EVERYBODY: Final = "all"
Whole: TypeAlias = NDArray[np.int64]


@final
@dataclass(slots=True)
class Armoury:
    """Every (battery, weapon) pair: what is left, and when its battery's channels are busy."""

    batteries: tuple[Battery, ...]
    battery: list[int]  # per pair
    weapon: list[Weapon]  # per pair
    posts: FirePosts
    desks: list[tuple[int, str]]  # who decides: picture, and owner of the batteries or EVERYBODY
    circle: list[int]  # per desk: desks of one number tell each other of kills
    allowed: Whole  # (desks, pairs)
    able: dict[
        tuple[int, bool], tuple[Whole, bool]
    ]  # by desk and gliding: who may and can, and whether anybody
    salvo: list[int]  # per pair, rounds of a first salvo
    ready: list[int]  # per pair
    reserve: list[int]  # per pair, not yet on its way to a launcher
    coming: list[list[tuple[float, int]]]  # per pair: when reserve rounds are ready, how many
    busy: list[list[float]] = field(
        default_factory=list
    )  # per battery: ends of running engagements
    kill: dict[bool, Floats] = field(default_factory=dict)


def armoury(
    batteries: Sequence[Battery],
    weapons: Mapping[str, Weapon],
    *,
    pictures: Sequence[str],
    architecture: Architecture,
    settings: EngageSettings,
    present: Sequence[bool] | None,
) -> Armoury:
    """List the pairs at the start of a raid.

    A battery fires on the picture of its owner, or on the one that serves everybody; under one
    assignment with engagement on remote it fires on any. A picture that serves everybody has one
    desk under one assignment, else a desk for each owner, who do not know of each other's shots. An
    owner with a picture of its own beside that one does not share: it fires on its own alone.

    What a desk judges to be killed is known to itself, and to the others where tracks are shared, a
    picture is, or the assignment is one: the result of a shot goes where the track goes.

    Raises
    ------
    ScenarioError
        when a magazine names a weapon that is not in the catalogue.
    """
    held = _held(batteries, weapons, present)
    pairs = [(batteries[b], weapons[magazine.weapon]) for b, magazine in held]
    apart = set(pictures) if EVERYBODY in pictures else set()
    desks = _desks(pictures, {b.owner for b in batteries}, apart, architecture)
    allowed = np.array(
        [
            [
                who == battery.owner or (who == EVERYBODY and battery.owner not in apart)
                for battery, _ in pairs
            ]
            for _, who in desks
        ],
        dtype=np.int64,
    ).reshape(len(desks), len(pairs))
    kill = {
        True: np.array([w.kill_glide for _, w in pairs]),
        False: np.array([w.kill_ballistic for _, w in pairs]),
    }
    return Armoury(
        batteries=tuple(batteries),
        battery=[b for b, _ in held],
        weapon=[w for _, w in pairs],
        posts=fire_posts(pairs, keep_out_height_m=settings.keep_out_height_m),
        desks=desks,
        circle=_circles(desks, pictures, apart, architecture),
        allowed=allowed,
        able={
            (desk, gliding): (may := allowed[desk] * (chance > 0.0), bool(may.any()))
            for desk in range(len(desks))
            for gliding, chance in kill.items()
        },
        salvo=[salvo_rounds(w, 0) for _, w in pairs],
        ready=[m.ready for _, m in held],
        reserve=[m.reserve for _, m in held],
        coming=[[] for _ in pairs],
        busy=[[] for _ in batteries],
        kill=kill,
    )


def _held(
    batteries: Sequence[Battery], weapons: Mapping[str, Weapon], present: Sequence[bool] | None
) -> list[tuple[int, Magazine]]:
    """Magazines of the batteries that are there, each with the index of its battery."""
    held = [
        (b, magazine)
        for b, battery in enumerate(batteries)
        if present is None or present[b]
        for magazine in battery.magazines
    ]
    for b, magazine in held:
        if magazine.weapon not in weapons:
            raise ScenarioError(
                f"battery {batteries[b].name!r} holds weapon {magazine.weapon!r}, which is not in"
                f" the catalogue; use one of {', '.join(sorted(weapons))}"
            )
    return held


def _desks(
    pictures: Sequence[str], owners: set[str], apart: set[str], architecture: Architecture
) -> list[tuple[int, str]]:
    """Who decides on each picture, and for whose batteries."""
    anybody = architecture.one_assignment and architecture.engage_on_remote
    desks: list[tuple[int, str]] = []
    for p, picture in enumerate(pictures):
        if picture == EVERYBODY and not architecture.one_assignment:
            desks += [(p, owner) for owner in sorted(owners - apart)]
        elif picture == EVERYBODY or (anybody and not apart):
            desks.append((p, EVERYBODY))
        else:
            desks.append((p, picture))
    return desks


def _circles(
    desks: Sequence[tuple[int, str]],
    pictures: Sequence[str],
    apart: set[str],
    architecture: Architecture,
) -> list[int]:
    """Number of the circle of each desk: one for all who share, one for each picture of the others."""
    told = architecture.share_track or architecture.one_picture or architecture.one_assignment
    return [-1 if told and pictures[p] not in apart - {EVERYBODY} else p for p, _ in desks]


def channel_free(store: Armoury, pair: int, t_launch_s: float) -> bool:
    """Whether the pair's battery can control one more engagement from `t_launch_s` on."""
    # Nothing is forgotten here: this may be asked for a later launch first, then for an earlier one.
    b = store.battery[pair]
    return sum(end > t_launch_s for end in store.busy[b]) < store.batteries[b].channels


def salvo_rounds(weapon: Weapon, taken: int) -> int:
    """Rounds that the doctrine sends at a track after `taken` salvos of this class; 0: no more."""
    if taken >= (1 if weapon.doctrine == ONE_SALVO else weapon.looks):
        return 0
    return 1 if weapon.doctrine == SALVO_THEN_SINGLES and taken else weapon.salvo


def restock(store: Armoury, pair: int, now_s: float) -> int:
    """Take in the reserve rounds that are ready by `now_s`; returns what can be fired then."""
    coming = store.coming[pair]
    while coming and coming[0][0] <= now_s:
        store.ready[pair] += coming.pop(0)[1]
    return store.ready[pair]


def take(store: Armoury, pair: int, wanted: int, *, launch_s: float, until_s: float) -> int:
    """Spend the rounds wanted, or those left, and occupy a channel; returns the rounds.

    A reserve round takes the place of each, ready again a reload time after the launch.
    """
    rounds = min(wanted, store.ready[pair])
    store.ready[pair] -= rounds
    store.busy[store.battery[pair]].append(until_s)
    back, reload_s = min(rounds, store.reserve[pair]), store.weapon[pair].reload_s
    if back and reload_s < math.inf:
        store.reserve[pair] -= back
        store.coming[pair].append((launch_s + reload_s, back))
        store.coming[pair].sort()
    return rounds
