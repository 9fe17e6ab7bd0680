"""Intervals of means by resampling whole replicates, the same ones for every figure (paired)."""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping
from typing import Final, TypeVar

import numpy as np

from hinomi.records.columns import Floats
from hinomi.study.seeds import auxiliary
from hinomi.study.statistics import CONFIDENCE, ROUNDING, Interval, same_interval

RESAMPLES: Final = 2000
METHOD: Final = "paired bootstrap"
Key = TypeVar("Key", bound=Hashable)


def weights(n: int) -> Floats:
    """(RESAMPLES, n) shares of the replicates in each resample; the same for the same n."""
    out: Floats = auxiliary("integration bootstrap").multinomial(
        n, np.full(n, 1.0 / n), size=RESAMPLES
    ) / float(n)
    return out


def mean_intervals(columns: Mapping[Key, Floats]) -> dict[Key, Interval]:
    """Mean and 95 % percentile interval of each column (N,) of finite values.

    All columns are resampled together. One replicate has no interval, nor have values that are all
    the same; no replicate has no value.
    """
    if not columns:
        return {}
    table = np.column_stack(list(columns.values()))
    n = len(table)
    if n == 0:
        return {key: _bare(math.nan, 0) for key in columns}
    scale = float(np.abs(table).max(initial=0.0))
    table = np.where(np.abs(table) <= ROUNDING * scale, 0.0, table)
    means = table.mean(axis=0)
    if n == 1:
        return {key: _bare(float(m), 1) for key, m in zip(columns, means, strict=True)}
    tail = (1.0 - CONFIDENCE) / 2.0
    drawn = weights(n) @ table
    low, high = np.quantile(drawn, (tail, 1.0 - tail), axis=0)
    return {
        key: same_interval(table[:, i], "mean")
        or Interval(
            value=float(means[i]),
            low=min(float(low[i]), float(means[i])),
            high=max(float(high[i]), float(means[i])),
            n=n,
            method=METHOD,
            statistic="mean",
        )
        for i, key in enumerate(columns)
    }


def _bare(value: float, n: int) -> Interval:
    return Interval(value=value, low=math.nan, high=math.nan, n=n, method="none", statistic="mean")
