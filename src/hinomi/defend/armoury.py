"""Rounds, channels and who may fire at whose tracks, during one raid."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, final

import numpy as np

from hinomi.defend.windows import FirePosts, fire_posts
from hinomi.errors import ScenarioError
from hinomi.records.columns import Floats
from hinomi.records.engagements import Architecture, Battery, EngageSettings, Weapon

EVERYBODY: Final = "all"


@final
@dataclass(slots=True)
class Armoury:
    """Every (battery, weapon) pair: what is left, and when its battery's channels are busy."""

    batteries: tuple[Battery, ...]
    battery: list[int]  # per pair
    weapon: list[Weapon]  # per pair
    posts: FirePosts
    desks: list[tuple[int, str]]  # who decides: picture, and owner of the batteries or EVERYBODY
    allowed: np.ndarray[tuple[int, int], np.dtype[np.int64]]  # (desks, pairs)
    ready: list[int]  # per pair
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
    """List the pairs at the start of a raid; reserve rounds stay put (a reload takes half an hour).

    A battery fires on the picture of its owner, or on the one that serves everybody; under one
    assignment with engagement on remote it fires on any. A picture that serves everybody has one
    desk under one assignment, else a desk for each owner, who do not know of each other's shots. An
    owner with a picture of its own beside that one does not share: it fires on its own alone.

    Raises
    ------
    ScenarioError
        when a magazine names a weapon that is not in the catalogue.
    """
    pairs: list[tuple[Battery, Weapon]] = []
    at: list[int] = []
    ready: list[int] = []
    for b, battery in enumerate(batteries):
        if present is not None and not present[b]:
            continue
        for magazine in battery.magazines:
            if magazine.weapon not in weapons:
                raise ScenarioError(
                    f"battery {battery.name!r} holds weapon {magazine.weapon!r}, which is not in"
                    f" the catalogue; use one of {', '.join(sorted(weapons))}"
                )
            pairs.append((battery, weapons[magazine.weapon]))
            at.append(b)
            ready.append(magazine.ready)
    apart = set(pictures) if EVERYBODY in pictures else set()
    anybody = architecture.one_assignment and architecture.engage_on_remote
    desks: list[tuple[int, str]] = []
    for p, picture in enumerate(pictures):
        if picture == EVERYBODY and not architecture.one_assignment:
            desks += [(p, owner) for owner in sorted({b.owner for b in batteries} - apart)]
        elif picture == EVERYBODY or (anybody and not apart):
            desks.append((p, EVERYBODY))
        else:
            desks.append((p, picture))
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
        battery=at,
        weapon=[w for _, w in pairs],
        posts=fire_posts(pairs, keep_out_height_m=settings.keep_out_height_m),
        desks=desks,
        allowed=allowed,
        ready=ready,
        busy=[[] for _ in batteries],
        kill=kill,
    )


def channel_free(store: Armoury, pair: int, t_launch_s: float) -> bool:
    """Whether the pair's battery can control one more engagement from `t_launch_s` on."""
    b = store.battery[pair]
    store.busy[b] = [end for end in store.busy[b] if end > t_launch_s]
    return len(store.busy[b]) < store.batteries[b].channels


def take(store: Armoury, pair: int, until_s: float) -> int:
    """Spend a salvo, or what is left of one, and occupy a channel; returns the rounds."""
    rounds = min(store.weapon[pair].salvo, store.ready[pair])
    store.ready[pair] -= rounds
    store.busy[store.battery[pair]].append(until_s)
    return rounds
