"""The band of assumptions: where a figure lies when the leading assumptions all move at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from hinomi.records.columns import Floats
from hinomi.settings.points import Point
from hinomi.settings.target import Target
from hinomi.study.statistics import Interval
from hinomi.study.summary import Measured

QUANTILES: Final = (0.05, 0.95)


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """5 and 95 % quantiles of a figure over the settings; chance is not in it."""

    low: float
    high: float
    same_sign: int  # settings in which the figure has the sign that it has as it is
    settings: int
    raids: int  # behind the change at each setting


def spread(
    found: Measured, points: Sequence[Point], target: Target, name: str, base: Interval
) -> Spread:
    """Quantiles over the settings of `base` plus what each setting changes, raid by raid.

    The paired change leaves out what raids have in common, so that the band holds little chance.
    """
    here = target.of(found, name)
    shifts, raids = [], len(here)
    for point in points:
        there = target.of(found, name, point.name)
        whole = np.isfinite(here) & np.isfinite(there)
        if whole.any():
            shifts.append(float((there[whole] - here[whole]).mean()))
            raids = min(raids, int(whole.sum()))
    values: Floats = base.value + np.array(shifts, np.float64)
    if not len(values) or np.isnan(base.value):
        return Spread(low=np.nan, high=np.nan, same_sign=0, settings=0, raids=0)
    low, high = np.quantile(values, QUANTILES)
    return Spread(
        low=float(low),
        high=float(high),
        same_sign=int((np.sign(values) == np.sign(base.value)).sum()),
        settings=len(values),
        raids=raids,
    )
