"""Figures of a comparison over replicates, with intervals by resampling whole replicates."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pyarrow as pa

from hinomi.records.columns import Floats
from hinomi.rules.costloss import by_price, cheapest
from hinomi.rules.ladder import Point
from hinomi.rules.measures import MEASURES
from hinomi.study.seeds import auxiliary
from hinomi.study.statistics import (
    CONFIDENCE,
    Interval,
    median_interval,
    same_interval,
    wilson_interval,
)
from hinomi.study.summary import Measured, measured

RESAMPLES: Final = 1000
NEVER: Final = "no alert at all"
PRICES: Final = (0.1, 0.03, 0.01, 0.003, 0.001, 0.0003, 0.0001)  # shown in the table
UNSERVED: Final = ("never_people", "late_people", "short_people")
MEDIANS: Final = ("lead_s", "lead_low_s", "alert_s", "clear_s")
COMPARED: Final = ("alert_s", "lead_s", "clear_s", "unserved_people", "idle_people", "flips")
HUNDRED: Final = 100.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """All replicates of one architecture of one scenario: `of(key, measure)` is (N,)."""

    architecture: str
    points: tuple[Point, ...]
    found: Measured

    def of(self, key: str, measure: str) -> Floats:
        """(N,) values of a measure of a rule."""
        if measure == "unserved_people":
            return np.sum([self.of(key, name) for name in UNSERVED], axis=0)  # type: ignore[no-any-return]
        return self.found.of(self.architecture, f"{measure}.{key}")

    @property
    def replicates(self) -> int:
        """How many replicates there are."""
        return len(self.found.replicates)

    @property
    def named(self) -> tuple[Point, ...]:
        """Rules under their own names."""
        return tuple(p for p in self.points if not p.line)


def comparison(metrics: pa.Table, points: Sequence[Point], architecture: str) -> Comparison:
    """Read the metrics table of a run."""
    return Comparison(architecture=architecture, points=tuple(points), found=measured(metrics))


def figures(run: Comparison, key: str) -> dict[str, Interval]:
    """Every measure of a rule with its interval.

    Times are medians with order-statistic intervals; people and counts are means, shares are
    ratios of sums over raids, both with percentile intervals of resampled replicates.
    """
    out = {}
    for name in (*MEASURES, "unserved_people"):
        values = run.of(key, name)
        out[name] = median_interval(values) if name in MEDIANS else _mean(values)
    need = run.of(key, "need_people")
    out["unserved_share"] = _ratio(run.of(key, "unserved_people"), need)
    out["never_share"] = _ratio(run.of(key, "never_people"), need)
    out["idle_share"] = _ratio(run.of(key, "idle_people"), run.of(key, "told_people"))
    spared, false = (run.of(key, n).sum() for n in ("harmless_launches", "false_launches"))
    share = wilson_interval(int(false), int(spared))
    out["false_per_100"] = Interval(
        value=HUNDRED * share.value,
        low=HUNDRED * share.low,
        high=HUNDRED * share.high,
        n=share.n,
        method=share.method,
        statistic="share",
    )
    return out


def differences(run: Comparison, a: str, b: str) -> dict[str, Interval]:
    """First minus second rule, replicate by replicate: times as medians, people as means.

    A median holds what never came as an infinite time.
    """
    out = {}
    for name in COMPARED:
        x, y = run.of(a, name), run.of(b, name)
        # What never came in both is no difference; in one of them, an infinite one.
        same = np.isinf(x) & (x == y)
        apart = np.where(same, 0.0, np.where(same, 0.0, x) - np.where(same, 0.0, y))
        out[name] = median_interval(apart) if name in MEDIANS else _mean(apart)
    return out


def drawn(n: int) -> Any:
    """(RESAMPLES, N) numbers of replicates drawn with replacement, the same for every rule."""
    return auxiliary("bootstrap of warning rules").integers(0, n, size=(RESAMPLES, n))


def _bounds(samples: Floats) -> tuple[float, float]:
    tail = 50.0 * (1.0 - CONFIDENCE)
    low, high = np.nanpercentile(samples, [tail, 100.0 - tail])
    return float(low), float(high)


def _mean(values: Floats) -> Interval:
    kept = values[np.isfinite(values)]
    n = kept.size
    if same := same_interval(kept, "mean"):
        return same
    value = float(kept.mean()) if n else math.nan
    low, high = _bounds(kept[drawn(n)].mean(axis=1)) if n > 1 else (math.nan, math.nan)
    return Interval(value=value, low=low, high=high, n=n, method="bootstrap", statistic="mean")


def _ratio(part: Floats, whole: Floats) -> Interval:
    """Sum over sum, undefined where nobody was concerned in any raid."""
    n, total = part.size, float(whole.sum())
    concerned = whole > 0.0
    shares = part[concerned] / whole[concerned]
    if (same := same_interval(shares, "ratio")) and not part[~concerned].any():
        return same
    value = float(part.sum()) / total if total > 0.0 else math.nan
    low, high = math.nan, math.nan
    if n > 1 and total > 0.0:
        rows = drawn(n)
        sums = whole[rows].sum(axis=1)
        kept = sums > 0.0
        low, high = _bounds(part[rows].sum(axis=1)[kept] / sums[kept])
    return Interval(value=value, low=low, high=high, n=n, method="bootstrap", statistic="ratio")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """Which rule costs least at which price of a needless alert."""

    best: tuple[Mapping[str, Any], ...]  # key, price_low, price_high; the dearest first
    table: tuple[
        Mapping[str, Any], ...
    ]  # price, key, named (of the named rules), share of resamples


def cost_loss(run: Comparison) -> Reading:
    """Read a comparison by cost and loss, all points and no alert at all among the choices."""
    keys = [NEVER, *(p.key for p in run.points)]
    needless = np.array([np.zeros(run.replicates), *(run.of(k, "idle_people") for k in keys[1:])])
    need = run.of(keys[1], "need_people")
    unserved = np.array([need, *(run.of(k, "unserved_people") for k in keys[1:])])
    x, y = needless.mean(axis=1), unserved.mean(axis=1)
    few = [0, *(1 + i for i, p in enumerate(run.points) if not p.line)]
    rows = drawn(run.replicates)
    again = [(needless[:, row].mean(axis=1), unserved[:, row].mean(axis=1)) for row in rows]
    table = []
    for price in PRICES:
        key = cheapest(keys, x, y, price)
        same = np.mean([cheapest(keys, a, b, price) == key for a, b in again])
        named = cheapest([keys[i] for i in few], x[few], y[few], price)
        table.append({"price": price, "key": key, "named": named, "resamples_share": float(same)})
    best = tuple(
        {"key": b.key, "price_low": b.price_low, "price_high": b.price_high}
        for b in by_price(keys, x, y)
    )
    return Reading(best=best, table=tuple(table))


def pooled_false(runs: Sequence[Comparison], key: str) -> Interval:
    """False alerts per 100 harmless launches of several scenarios together."""
    spared = sum(int(r.of(key, "harmless_launches").sum()) for r in runs)
    false = sum(int(r.of(key, "false_launches").sum()) for r in runs)
    share = wilson_interval(false, spared)
    return Interval(
        value=HUNDRED * share.value,
        low=HUNDRED * share.low,
        high=HUNDRED * share.high,
        n=spared,
        method=share.method,
        statistic="share",
    )
