"""Intervals for what a Monte Carlo study measures: means, shares, medians and paired differences.

All intervals are two-sided 95 %. Times that never came are infinite and stay in a median; what is
not defined in a replicate (NaN) is left out and the count says so. Values that are all the same have
no interval: chance may hide what one raid in n would show. They are carried as `SAME`.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from typing import Final

import numpy as np
from scipy import special

from hinomi.records.columns import Floats
from hinomi.study.seeds import auxiliary

CONFIDENCE: Final = 0.95
SAME: Final = "the same in all replicates"  # method: low = high = value, and that is no interval
SKEWED: Final = "t, corrected for skewness"
MOST_BEND: Final = 0.95  # bend times quantile; from 1 on the transformation turns over there
STRAIGHT: Final = 1e-6  # skewness over sqrt(n) below which the correction is none
ROUNDING: Final = 1e-12  # of the largest value: sums of the same terms in another order
FLIPS: Final = 9999  # random sign flips where all of them are too many to count
COUNT_ALL: Final = 13  # up to this many pairs every flip is counted: 2^13 = 8192
LIMIT_FROM: Final = 5000  # from here on their normal limit stands for them, where so many ...
LIMIT_MOVED: Final = (
    1000  # ... differences are not zero; its error is far below that of 9,999 flips
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """A value with its 95 % interval from `n` replicates; bounds are NaN where there are none.

    Where `method` is `SAME` all values are equal and the bounds, equal to the value, say no more.
    """

    value: float
    low: float
    high: float
    n: int
    method: str
    statistic: str


def same_interval(x: Floats, statistic: str) -> Interval | None:
    """Two or more finite values (N,) that are all equal, but for rounding: their value, as `SAME`."""
    if len(x) < 2 or not np.isfinite(x).all() or np.ptp(x) > ROUNDING * np.abs(x).max():
        return None
    one = float(x[0])
    return Interval(value=one, low=one, high=one, n=len(x), method=SAME, statistic=statistic)


def t_interval(values: Floats) -> Interval:
    """Mean and Student's t interval of the defined values (N,); none where all are the same."""
    x = values[~np.isnan(values)]
    n = len(x)
    if n == 0 or not np.isfinite(x).all():
        value = math.nan if n == 0 else float(x.sum())  # a sum with an infinity is infinite, or NaN
        return Interval(
            value=value, low=math.nan, high=math.nan, n=n, method="none", statistic="mean"
        )
    if same := same_interval(x, "mean"):
        return same
    value = float(x.mean())
    if n == 1:
        return Interval(
            value=value, low=math.nan, high=math.nan, n=1, method="none", statistic="mean"
        )
    half = float(special.stdtrit(n - 1, 0.5 + CONFIDENCE / 2) * x.std(ddof=1) / math.sqrt(n))
    return Interval(
        value=value, low=value - half, high=value + half, n=n, method="t", statistic="mean"
    )


def skew_interval(values: Floats) -> Interval:
    """Mean of the defined values (N,) and Student's t interval corrected for their skewness.

    The monotone cubic transformation of Hall (1992, J. R. Statist. Soc. B 54, 221-228). Where a few
    raids in a hundred lie far from the rest, t intervals fall short on the side of those raids; where
    values are symmetric this one is that of t. The correction is held where it would run away:
    very few raids say little about the shape.
    """
    t = t_interval(values)
    if math.isnan(t.low) or t.method == SAME:
        return t
    x = values[~np.isnan(values)]
    from_mean = x - t.value
    skewness = float((from_mean**3).mean() / (from_mean**2).mean() ** 1.5)
    quantile = float(special.stdtrit(t.n - 1, 0.5 + CONFIDENCE / 2))
    most = MOST_BEND / quantile
    bend = min(max(skewness / math.sqrt(t.n), -most), most)
    if abs(bend) < STRAIGHT:
        return t
    error = float(x.std(ddof=1)) / math.sqrt(t.n)
    high, low = (
        t.value - 3.0 * (np.cbrt(1.0 + bend * (z - bend / 6.0)) - 1.0) / bend * error
        for z in (-quantile, quantile)
    )
    return replace(t, low=float(low), high=float(high), method=SKEWED)


def wilson_interval(successes: int, n: int) -> Interval:
    """Share of successes with Wilson's score interval (Wilson 1927); for trials of yes or no only."""
    if n == 0:
        return Interval(
            value=math.nan, low=math.nan, high=math.nan, n=0, method="none", statistic="share"
        )
    z = float(special.ndtri(0.5 + CONFIDENCE / 2))
    p = successes / n
    centre = (p + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    low = 0.0 if successes == 0 else centre - half
    high = 1.0 if successes == n else centre + half
    return Interval(value=p, low=low, high=high, n=n, method="Wilson", statistic="share")


def share_interval(values: Floats) -> Interval:
    """Mean of shares in [0, 1], of people or threats, cut to [0, 1]; none where all are the same.

    Shares near 0 or 1 are skewed, so the interval is that of `skew_interval`.

    A share that happens to be 0 or 1 in every replicate is no trial of yes or no, so it is not
    Wilson's: twenty raids at 1.0 must not have a wider interval than nineteen and one at 0.99.
    """
    found = skew_interval(values)
    if math.isnan(found.low) or found.method == SAME:
        return found
    low, high = max(found.low, 0.0), min(found.high, 1.0)
    return replace(found, low=low, high=high, method=f"{found.method}, cut to 0..1")


def median_interval(values: Floats) -> Interval:
    """Median and its order-statistic interval, free of any distribution; infinities are values.

    The bounds are the d-th smallest and d-th largest value, with the largest d whose binomial
    coverage is at least 95 % (David and Nagaraja, Order Statistics, 2003, section 7.1). Fewer than
    six values have no such interval, nor have values that are all the same.
    """
    x = np.sort(values[~np.isnan(values)])
    n = len(x)
    if n == 0:
        return Interval(
            value=math.nan, low=math.nan, high=math.nan, n=0, method="none", statistic="median"
        )
    if same := same_interval(x, "median"):
        return same
    value = _middle(float(x[(n - 1) // 2]), float(x[n // 2]))
    d = order_of_bound(n)
    if d == 0:
        return Interval(
            value=value, low=math.nan, high=math.nan, n=n, method="none", statistic="median"
        )
    low, high = float(x[d - 1]), float(x[n - d])
    return Interval(
        value=value, low=low, high=high, n=n, method="order statistics", statistic="median"
    )


def _middle(a: float, b: float) -> float:
    return a if a == b else (a + b) / 2


@cache
def order_of_bound(n: int) -> int:
    """Largest d with P(B < d) <= 2.5 % for B binomial (n, 1/2); 0 where there is none."""
    counts = np.arange(n + 1)
    below = special.bdtr(counts, n, 0.5)  # P(B <= k)
    return int(np.searchsorted(below, (1 - CONFIDENCE) / 2, side="right"))


def paired_difference(a: Floats, b: Floats) -> Floats:
    """Take b from a in each replicate: 0 where both never came alike, NaN where undefined."""
    with np.errstate(invalid="ignore"):
        out: Floats = a - b
    out[(a == b) & np.isinf(a)] = 0.0
    return out


def variance_ratio(a: Floats, b: Floats) -> float:
    """Variance of paired differences over that of unpaired ones; below 1 common numbers help."""
    finite = np.isfinite(a) & np.isfinite(b)
    if finite.sum() < 2:
        return math.nan
    unpaired = float(a[finite].var(ddof=1) + b[finite].var(ddof=1))
    return float((a[finite] - b[finite]).var(ddof=1)) / unpaired if unpaired > 0 else math.nan


def sign_flip_p(differences: Floats) -> Floats:
    """Two-sided p of "the sign of each pair is chance", one value a column of (N, K) differences.

    Finite columns are tested on their mean; columns with infinities on their signed ranks. All 2^N
    flips are counted up to N = 13, otherwise 9,999 random ones that are the same every time. From
    N = 5,000 on the sum of flipped signs is taken as normal where 1,000 differences are not zero.
    """
    scores = np.column_stack([_scores(column) for column in differences.T])
    if len(scores) >= LIMIT_FROM:
        return np.array([_many(column[column != 0]) for column in scores.T])
    return _flipped(scores)


def _many(moved: Floats) -> float:
    """P of very many replicates, of which only those that differ matter."""
    if len(moved) == 0:
        return 1.0
    if len(moved) < LIMIT_MOVED:
        return float(_flipped(moved[:, None])[0])
    return math.erfc(abs(float(moved.sum())) / math.sqrt(2 * float((moved**2).sum())))


def _flipped(scores: Floats) -> Floats:
    seen = np.abs(scores.sum(axis=0))
    slack = 1e-9 * np.abs(scores).sum(axis=0)  # sums of the same terms in another order
    hits, total = np.zeros(scores.shape[1]), 0
    for signs in _flips(len(scores)):
        hits += (np.abs(signs @ scores) >= seen - slack).sum(axis=0)
        total += len(signs)
    out: Floats = hits / total if len(scores) <= COUNT_ALL else (hits + 1) / (total + 1)
    return out


def _scores(column: Floats) -> Floats:
    """Score differences by themselves, or by signed ranks where some are infinite; NaN is 0."""
    x = np.where(np.isnan(column), 0.0, column)
    if np.isfinite(x).all():
        return x
    size, rank = np.unique(np.abs(x), return_inverse=True)
    counts = np.bincount(rank, minlength=len(size))
    middle = np.cumsum(counts) - (counts - 1) / 2  # ties share their middle rank
    out: Floats = np.sign(x) * middle[rank]
    return out


def _flips(n: int) -> Iterator[Floats]:
    """Blocks of sign vectors (F, n) of -1 and 1."""
    if n <= COUNT_ALL:
        yield np.array(list(itertools.product((-1.0, 1.0), repeat=n))).reshape(-1, n)
        return
    generator = auxiliary("sign flips")
    block = max(1, min(1000, 4_000_000 // n))
    for begin in range(0, FLIPS, block):
        count = min(block, FLIPS - begin)
        yield np.where(generator.integers(0, 2, size=(count, n), dtype=np.int8) > 0, 1.0, -1.0)
