"""What a figure is told of: one architecture, or one minus another; its values at a setting."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from hinomi.records.columns import Floats
from hinomi.settings.chain import told_name
from hinomi.study.statistics import Interval
from hinomi.study.summary import HEADLINES, Measured

SIGNED: Final = ("lead_s",)  # an alert may come after the arrival


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What a figure is told of: one architecture, or `top` minus `bottom`."""

    top: str
    bottom: str = ""

    @property
    def name(self) -> str:
        """Name in tables and pages."""
        return f"{self.top} minus {self.bottom}" if self.bottom else self.top

    def of(self, found: Measured, figure: str, point: str = "") -> Floats:
        """(N,) values at a point, or of the scenario as it is."""
        top, bottom = (told_name(a, point) if point else a for a in (self.top, self.bottom))
        values = found.of(top, figure)
        if not self.bottom:
            return values
        with np.errstate(invalid="ignore"):  # never minus never is not defined
            return values - found.of(bottom, figure)


def within_limits(interval: Interval, target: Target, name: str) -> Interval:
    """Cut the interval of a figure of one architecture where none can be: below 0, shares above 1."""
    if target.bottom or name in SIGNED or np.isnan(interval.low):
        return interval
    high = min(interval.high, 1.0) if HEADLINES[name][1] == "1" else interval.high
    return replace(interval, low=max(interval.low, min(0.0, interval.value)), high=high)


def finite(values: Floats) -> Floats:
    """Only raids in which the figure is finite."""
    keep: NDArray[np.bool_] = np.isfinite(values)
    return values[keep]
