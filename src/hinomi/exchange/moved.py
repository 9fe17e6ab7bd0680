"""Headline by headline: what both sides give, how they differ, and whether chance explains it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from scipy import special

from hinomi.exchange.sides import Side
from hinomi.records.columns import Floats
from hinomi.study.answer_files import finite, told
from hinomi.study.statistics import (
    CONFIDENCE,
    Interval,
    paired_difference,
    sign_flip_p,
)
from hinomi.study.summary import (
    EXACT,
    HEADLINES,
    NEVER,
    difference_interval,
    interval_of,
    statistic_of,
)

SAME, MOVED, CHANCE, UNKNOWN = "same", "moved", "within chance", "cannot be told"
PAIRED: Final = "paired by replicate"
WELCH: Final = "Welch, means"
FIGURES: Final = "figures only"


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """One headline of one architecture; the change is B minus A."""

    architecture: str
    headline: str
    unit: str
    a: Interval
    b: Interval
    change: Interval
    how: str  # PAIRED, WELCH or FIGURES
    p: float  # of sign flips, where paired
    verdict: str  # one of SAME, MOVED, CHANCE, UNKNOWN

    def told(self) -> dict[str, Any]:
        """As a JSON-ready object; what is infinite or not defined is null."""
        return {
            "architecture": self.architecture,
            "headline": self.headline,
            "unit": self.unit,
            "a": told(self.a),
            "b": told(self.b),
            "change": told(self.change),
            "method": self.how,
            "p_sign_flip": finite(self.p),
            "verdict": self.verdict,
        }


def headlines(a: Side, b: Side, *, architectures: Sequence[str] | None = None) -> list[Moved]:
    """Compare every headline of the architectures that both sides have."""
    both = [x for x in a.architectures if x in b.architectures]
    names = [x for x in both if architectures is None or x in architectures]
    return [_moved(a, b, name, headline) for name in names for headline in HEADLINES]


def _moved(a: Side, b: Side, architecture: str, headline: str) -> Moved:
    unit = HEADLINES[headline][1]
    if a.measured is None or b.measured is None:
        x, y = (_figure(s, architecture, headline) for s in (a, b))
        change = Interval(
            value=y.value - x.value, low=math.nan, high=math.nan, n=min(x.n, y.n), method="none",
            statistic="difference of figures",
        )  # fmt: skip
        verdict = SAME if x.value == y.value else UNKNOWN
        return Moved(
            architecture=architecture, headline=headline, unit=unit, a=x, b=y, change=change,
            how=FIGURES, p=math.nan, verdict=verdict,
        )  # fmt: skip
    own_a, own_b = (_values(s, architecture, headline) for s in (a, b))
    statistic = statistic_of(headline)
    common = [r for r in a.measured.replicates if r in set(b.measured.replicates)]
    if a.seed is not None and a.seed == b.seed and common:
        at_a = np.searchsorted(a.measured.replicates, common)
        at_b = np.searchsorted(b.measured.replicates, common)
        column = paired_difference(own_b[at_b], own_a[at_a])
        exact = statistic == EXACT
        change = difference_interval(headline, column)
        p = math.nan if exact or not len(column) else float(sign_flip_p(column[:, None])[0])
        how = PAIRED
        undefined = np.isnan(own_a[at_a]) != np.isnan(own_b[at_b])
        verdict = UNKNOWN if undefined.any() else _verdict_paired(column, change, exact=exact)
    else:
        change, p, how = welch(own_a, own_b), math.nan, WELCH
        nothing = np.isnan(own_a).all() and np.isnan(own_b).all()
        verdict = SAME if nothing else _verdict(change)
    return Moved(
        architecture=architecture, headline=headline, unit=unit,
        a=interval_of(headline, own_a), b=interval_of(headline, own_b), change=change, how=how,
        p=p, verdict=verdict,
    )  # fmt: skip


def _values(side: Side, architecture: str, headline: str) -> Floats:
    if side.measured is None:
        return np.empty(0)
    values = side.measured.of(architecture, headline)
    if headline in NEVER and (architecture, headline) in side.measured.values:
        values = np.where(np.isnan(values), NEVER[headline], values)
    return values


def _figure(side: Side, architecture: str, headline: str) -> Interval:
    """A figure as the summary gives it, or of the replicates where they are there."""
    if side.measured is not None:
        return interval_of(headline, _values(side, architecture, headline))
    given = (side.told.get(architecture) or {}).get(headline) or {}
    value, low, high = (
        math.nan if given.get(k) is None else float(given[k]) for k in ("value", "low", "high")
    )
    return Interval(
        value=value, low=low, high=high, n=int(given.get("n") or 0), method="summary",
        statistic=str(given.get("statistic", "")),
    )  # fmt: skip


def welch(a: Floats, b: Floats) -> Interval:
    """Difference of means, b minus a, of independent samples (Welch 1947); NaN where it has none."""
    x, y = a[~np.isnan(a)], b[~np.isnan(b)]
    n = min(len(x), len(y))
    statistic = "difference of means"
    if n == 0 or not (np.isfinite(x).all() and np.isfinite(y).all()):
        return Interval(
            value=math.nan, low=math.nan, high=math.nan, n=n, method="none", statistic=statistic
        )
    value = float(y.mean() - x.mean())
    if n < 2:
        return Interval(
            value=value, low=math.nan, high=math.nan, n=n, method="none", statistic=statistic
        )
    u, w = float(x.var(ddof=1)) / len(x), float(y.var(ddof=1)) / len(y)
    if u + w == 0.0:
        return Interval(
            value=value, low=value, high=value, n=n, method="Welch", statistic=statistic
        )
    freedom = (u + w) ** 2 / (u * u / (len(x) - 1) + w * w / (len(y) - 1))
    half = float(special.stdtrit(freedom, 0.5 + CONFIDENCE / 2)) * math.sqrt(u + w)
    return Interval(
        value=value, low=value - half, high=value + half, n=n, method="Welch", statistic=statistic
    )


def _verdict_paired(column: Floats, change: Interval, *, exact: bool) -> str:
    known = column[~np.isnan(column)]
    if not known.any():
        return SAME
    if exact and len(known):
        return MOVED
    return _verdict(change)


def _verdict(change: Interval) -> str:
    if math.isnan(change.value) or math.isnan(change.low) or math.isnan(change.high):
        return UNKNOWN
    if change.low == change.high == 0.0:
        return SAME
    return MOVED if change.low > 0.0 or change.high < 0.0 else CHANCE
