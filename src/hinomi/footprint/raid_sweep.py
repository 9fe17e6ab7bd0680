"""Leakers, rounds and empty magazines by size of the raid; a closed form beside the Monte Carlo."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from hinomi.defend.leakage import no_leak_common
from hinomi.errors import ScenarioError
from hinomi.footprint.raids import Outcome, Setting, fight, raid_order
from hinomi.footprint.shots import posts_of, shoot
from hinomi.records.columns import Floats
from hinomi.records.draws import Draws
from hinomi.study.statistics import Interval, t_interval, wilson_interval
from hinomi.units import DEG_RAD

LARGEST: Final = 100
MOST_REPLICATES: Final = 1000
HALF: Final = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """Results of one size."""

    size: int
    leakers: Interval
    closed_leakers: float
    no_leak: Interval
    closed_no_leak: float
    rounds: Interval
    closed_rounds: float
    any_empty: Interval  # share of raids in which some battery fires its last ready round
    all_empty: Interval
    unengaged: Floats  # (REASONS,) mean number of bodies without a salvo


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed:
    """What the closed form is made of."""

    kill: float  # mean probability that one body alone is killed
    rounds: float  # mean rounds expected at one body alone
    stock: int  # ready rounds of batteries that can meet any of the bodies


@dataclass(frozen=True, slots=True, kw_only=True)
class Sweep:
    """All sizes, where stock gives out, and how long that takes."""

    points: tuple[Point, ...]
    closed: Closed
    replicates: int
    ready: int  # ready rounds of all batteries
    first_empty_size: int | None  # least size at which, in half of the raids, a battery is empty
    depletion_size: int | None  # ... all batteries that can meet anything are
    battery_sizes: dict[str, int | None]
    battery_empty_s: dict[str, float]  # median over raids of the largest size that emptied it
    empty_s: Interval  # all are empty: of raids of the largest size in which they are


def sweep(
    setting: Setting,
    sizes: Sequence[int],
    *,
    replicates: int,
    draws_of: Callable[[int], Draws],
    within_s: float,
) -> Sweep:
    """Fight raids of every size; a replicate's larger raid holds its smaller one.

    Parameters
    ----------
    sizes
        Numbers of bodies, no more than `setting.bodies`.
    draws_of
        Replicate -> its draws.
    within_s
        Ignitions are even over this time [s].

    Raises
    ------
    ScenarioError
        when nothing is asked or too much.
    """
    refuse_raids(sizes, replicates, within_s)
    able, closed = closed_form(setting)
    results: dict[int, list[Outcome]] = {size: [] for size in sizes}
    for number in range(replicates):
        draws = draws_of(number)
        order, starts = raid_order(setting.bodies, draws, within_s=within_s)
        for size in sizes:
            results[size].append(fight(setting, order[:size], starts, draws))
    names = [b.name for b in setting.batteries]
    empty = {
        size: np.array([x.empty_s for x in rows]).reshape(replicates, -1)
        for size, rows in results.items()
    }
    last = empty[max(sizes)]
    return Sweep(
        points=tuple(_point(size, results[size], empty[size][:, able], closed) for size in sizes),
        closed=closed,
        replicates=replicates,
        ready=sum(m.ready for b in setting.batteries for m in b.magazines),
        first_empty_size=_first(
            sizes, [np.isfinite(empty[s][:, able]).any(axis=1).mean() for s in sizes]
        ),
        depletion_size=_first(
            sizes, [_all_empty(empty[s][:, able]).mean() for s in sizes] if able.any() else []
        ),
        battery_sizes={
            name: _first(sizes, [np.isfinite(empty[s][:, b]).mean() for s in sizes])
            for b, name in enumerate(names)
        },
        battery_empty_s={name: _median(last[:, b]) for b, name in enumerate(names)},
        empty_s=t_interval(last[:, able].max(axis=1)[_all_empty(last[:, able])])
        if able.any()
        else t_interval(np.empty(0)),
    )


def refuse_raids(sizes: Sequence[int], replicates: int, within_s: float) -> None:
    """Raise ScenarioError when nothing is asked or too much."""
    if not sizes or min(sizes) < 1 or max(sizes) > LARGEST:
        raise ScenarioError(f"sizes must be 1 to {LARGEST}, one or more; such as 1..40")
    if not 2 <= replicates <= MOST_REPLICATES:
        raise ScenarioError(
            f"the number of replicates is {replicates}; it must be 2 to {MOST_REPLICATES}"
        )
    if not 0.0 <= within_s <= 3600.0:
        raise ScenarioError(f"--within-s is {within_s:g} s; it must be 0 to 3600")


def _all_empty(empty_s: Floats) -> np.ndarray:
    """(N,) whether every battery of each raid is empty; none at all is not."""
    return np.asarray(np.isfinite(empty_s).all(axis=1) & (empty_s.shape[1] > 0))


def _first(sizes: Sequence[int], shares: Sequence[float]) -> int | None:
    """Give the smallest size with a share of a half or more."""
    return min((s for s, x in zip(sizes, shares, strict=False) if x >= HALF), default=None)


def _median(times_s: Floats) -> float:
    finite = times_s[np.isfinite(times_s)]
    return float(np.median(finite)) if len(finite) else float("nan")


def closed_form(setting: Setting) -> tuple[np.ndarray, Closed]:
    """Take each body alone: who can meet it, with what kill probability and how many rounds.

    Also says which batteries (B,) can meet any body. The raid's closed form pools their ready
    rounds, which no geometry allows: leakers = W - K min(W, I / n), a lower bound in the mean.
    """
    posts = posts_of(setting.batteries, setting.weapons, settings=setting.settings)
    again_s = setting.settings.assess_s + setting.settings.weapon_delay_s
    count = len(posts.batteries)
    kills, rounds, met = [], [], np.zeros(count, dtype=bool)
    for body in setting.bodies:
        flight = body.launch
        shots = np.zeros((1, 1, count + 1), np.int32)
        kill, spent = np.zeros(shots.shape), np.zeros(shots.shape)
        start = flight.burnout_s + setting.decide_s + setting.settings.weapon_delay_s
        shoot(
            flight.about_end, flight.first_s, np.full((1, len(posts.battery)), start), again_s,
            np.array([body.aim_deg]) * DEG_RAD, posts.battery, posts.salvos, posts.doctrine,
            posts.kill_glide if flight.gliding else posts.kill_ballistic, posts.fire.up,
            posts.fire.limits, posts.fire.tables, shots, kill, spent,
        )  # fmt: skip
        kills.append(kill[0, 0, count])
        rounds.append(spent[0, 0, count])
        met |= shots[0, 0, :count] > 0
    able = np.array([b.name in posts.batteries for b in setting.batteries])
    able[able] = met
    stock = sum(
        m.ready for b, x in zip(setting.batteries, able, strict=True) if x for m in b.magazines
    )
    return able, Closed(kill=float(np.mean(kills)), rounds=float(np.mean(rounds)), stock=stock)


def _point(size: int, rows: Sequence[Outcome], empty_s: Floats, closed: Closed) -> Point:
    leakers = np.array([float(x.leakers) for x in rows])
    able = empty_s.shape[1] > 0
    served = min(float(size), closed.stock / closed.rounds) if closed.rounds > 0.0 else 0.0
    return Point(
        size=size,
        leakers=t_interval(leakers),
        closed_leakers=size - closed.kill * served,
        no_leak=wilson_interval(int((leakers == 0.0).sum()), len(rows)),
        closed_no_leak=no_leak_common(closed.kill, size, works=1.0) if served >= size else 0.0,
        rounds=t_interval(np.array([float(x.rounds) for x in rows])),
        closed_rounds=closed.rounds * served,
        any_empty=wilson_interval(int(np.isfinite(empty_s).any(axis=1).sum()), len(rows)),
        all_empty=wilson_interval(int(_all_empty(empty_s).sum()) if able else 0, len(rows)),
        unengaged=np.mean([x.unengaged for x in rows], axis=0),
    )
