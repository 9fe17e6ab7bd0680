"""From the table of a run to effects: what each setting changes, and what becomes of the answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from hinomi.records.columns import Floats
from hinomi.sensitivity.keys import Key
from hinomi.sensitivity.points import point_name
from hinomi.settings.target import Target, finite, within_limits
from hinomi.study.statistics import Interval, sign_flip_p, t_interval
from hinomi.study.summary import Measured, mean_interval

MOST_P: Final = 0.05  # few raids that differ give short intervals: the sign flips must agree
HOLDS, TURNS, LOST, APPEARS, OPEN = "holds", "changes sign", "lost in chance", "appears", "open"


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """What one key at one end changes in one figure, raid by raid on the same draws."""

    key: Key
    side: str
    setting: float
    change: Interval
    left_out: int  # raids in which the figure is not finite, here or as it is
    there: Interval  # the figure at this end
    p_sign_flip: float  # of `there` against zero; means something for differences only
    verdict: str  # what becomes of a difference: HOLDS, TURNS, LOST, APPEARS or OPEN

    @property
    def sure(self) -> bool:
        """Whether the change itself is told apart from none."""
        return self.change.low > 0.0 or self.change.high < 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One figure of one target: as it is, and every effect on it, the largest key first."""

    base: Interval
    p_sign_flip: float
    effects: tuple[Effect, ...]

    def by_key(self) -> list[tuple[Key, dict[str, Effect]]]:
        """Keys with their one or two effects, in the order of the effects."""
        out: dict[str, tuple[Key, dict[str, Effect]]] = {}
        for e in self.effects:
            out.setdefault(e.key.name, (e.key, {}))[1][e.side] = e
        return list(out.values())


def figure(
    found: Measured, target: Target, name: str, keys: Sequence[Key], refused: Mapping[str, str]
) -> Figure:
    """Read one figure of one target at every end of every key; `refused` points were not run."""
    base = target.of(found, name)
    ends = [
        (key, side, setting, target.of(found, name, point_name(key.name, side)))
        for key in keys
        for side, setting in key.sides().items()
        if point_name(key.name, side) not in refused
    ]
    p = _p([base, *(there for *_, there in ends)])
    here = within_limits(mean_interval(name, finite(base)), target, name)
    effects = [
        _effect(
            key,
            side,
            setting,
            base,
            there,
            within_limits(mean_interval(name, finite(there)), target, name),
            p[i + 1],
            here,
            p[0],
        )
        for i, (key, side, setting, there) in enumerate(ends)
    ]
    size: dict[str, float] = {}
    for e in effects:
        change = 0.0 if np.isnan(e.change.value) else abs(e.change.value)
        size[e.key.name] = max(size.get(e.key.name, 0.0), change)
    effects.sort(key=lambda e: -size[e.key.name])  # stable: the order of keys where equal
    return Figure(base=here, p_sign_flip=p[0], effects=tuple(effects))


def _effect(
    key: Key,
    side: str,
    setting: float,
    base: Floats,
    there: Floats,
    now: Interval,
    p: float,
    here: Interval,
    p_here: float,
) -> Effect:
    whole = np.isfinite(base) & np.isfinite(there)
    return Effect(
        key=key,
        side=side,
        setting=setting,
        change=t_interval(there[whole] - base[whole]),
        left_out=int(len(base) - whole.sum()),
        there=now,
        p_sign_flip=p,
        verdict=verdict(here, p_here, now, p),
    )


def _p(columns: Sequence[Floats]) -> list[float]:
    """Sign-flip p of each column, all with the same flips; what is not finite counts as no change."""
    table = np.column_stack([np.where(np.isfinite(c), c, 0.0) for c in columns])
    return [float(p) for p in sign_flip_p(table)] if len(table) else [float("nan")] * len(columns)


def clear_sign(interval: Interval, p: float) -> int:
    """Sign of a difference that interval and sign flips tell apart from zero; 0 where they do not."""
    if not p <= MOST_P:
        return 0
    return 1 if interval.low > 0.0 else -1 if interval.high < 0.0 else 0


def verdict(here: Interval, p_here: float, there: Interval, p_there: float) -> str:
    """What becomes of a difference when it goes from `here` to `there`."""
    before, after = clear_sign(here, p_here), clear_sign(there, p_there)
    if before and after:
        return HOLDS if before == after else TURNS
    if before:
        return LOST
    return APPEARS if after else OPEN


def leading(figures: Mapping[tuple[str, str], Figure], count: int) -> list[Key]:
    """Keys with the greatest effects: share of the largest effect on each figure, summed."""
    score: dict[str, float] = {}
    keys: dict[str, Key] = {}
    for found in figures.values():
        sizes = {
            key.name: max(abs(e.change.value) for e in sides.values())
            for key, sides in found.by_key()
        }
        largest = max((s for s in sizes.values() if s == s), default=0.0)
        for key, _ in found.by_key():
            keys[key.name] = key
            if largest > 0.0 and sizes[key.name] == sizes[key.name]:
                score[key.name] = score.get(key.name, 0.0) + sizes[key.name] / largest
    order = sorted((n for n in score if score[n] > 0.0), key=lambda n: (-score[n], n))
    return [keys[n] for n in order[:count]]
