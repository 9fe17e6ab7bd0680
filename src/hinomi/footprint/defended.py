"""Defended footprints: which cells a set of batteries reaches, averaged over a launch set.

Kinematic upper bound: true paths, one body at a time, full magazines, nothing said of how an
interceptor closes in.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final

import numpy as np

from hinomi.footprint.cells import Cells
from hinomi.footprint.delays import VIEWS, known_times
from hinomi.footprint.launches import Launch
from hinomi.footprint.shots import Posts, shoot
from hinomi.records.columns import Floats, Ints
from hinomi.records.engagements import EngageSettings
from hinomi.units import DEG_RAD

BOUND: Final = "kinematic upper bound"
JOINT: Final = "all batteries"
SURE: Final = 0.9  # kill probability that counts as K
MEASURES: Final = {
    "one_shot": "one shot opportunity or more (S >= 1)",
    "kill_90": "kill probability 0.9 or more (K >= 0.9)",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Footprint:
    """Shots and kill probabilities of every launch at every cell, by view and battery.

    The last battery is JOINT.
    """

    cells: Cells
    batteries: tuple[str, ...]
    shots: Ints  # (L, C, V, B)
    kill: Floats  # (L, C, V, B)
    rounds: Floats  # (L, C, V, B) expected at one body, shooting until a kill

    def defended(self, measure: str, view: str, battery: str) -> np.ndarray:
        """(L, C) whether each launch could be met at each cell."""
        v, b = VIEWS.index(view), self.batteries.index(battery)
        if measure == "one_shot":
            return np.asarray(self.shots[:, :, v, b] >= 1)
        return np.asarray(self.kill[:, :, v, b] >= SURE)

    def share(self, measure: str, view: str, battery: str) -> Floats:
        """(C,) share of the launch set that could be met."""
        mean: Floats = self.defended(measure, view, battery).mean(axis=0)
        return mean


def footprint(
    cells: Cells,
    launches: Sequence[Launch],
    posts: Posts,
    *,
    settings: EngageSettings,
    wait_s: Mapping[tuple[str, str], float],
    decide_s: float,
    threads: int = 2,
) -> Footprint:
    """Shoot at every launch at every aim, early and delayed.

    Parameters
    ----------
    wait_s
        (class, owner of a battery) -> seconds from ignition to its track; inf: never.
    decide_s
        decision after that track [s].
    threads
        launches are shared between them; results do not depend on it.
    """
    aims = np.column_stack([cells.aim_lat_deg, cells.aim_lon_deg]) * DEG_RAD
    shape = (len(aims), len(VIEWS), len(posts.batteries) + 1)
    again_s = settings.assess_s + settings.weapon_delay_s

    def one(launch: Launch) -> tuple[Ints, Floats, Floats]:
        shots, kill, rounds = np.zeros(shape, np.int32), np.zeros(shape), np.zeros(shape)
        known = known_times(launch, posts, settings, wait_s=wait_s, decide_s=decide_s)
        shoot(
            launch.about_end, launch.first_s, known, again_s, aims, posts.battery, posts.salvos,
            posts.doctrine, posts.kill_glide if launch.gliding else posts.kill_ballistic, posts.fire.up,
            posts.fire.limits, posts.fire.tables, shots, kill, rounds,
        )  # fmt: skip
        return shots, kill, rounds

    with ThreadPoolExecutor(max_workers=threads) as pool:
        done = list(pool.map(one, launches))
    return Footprint(
        cells=cells,
        batteries=(*posts.batteries, JOINT),
        shots=np.stack([s for s, _, _ in done]),
        kill=np.stack([k for _, k, _ in done]),
        rounds=np.stack([r for _, _, r in done]),
    )
