"""The interval and the figure beside a bar of a picture of settings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hinomi.settings.colours import INK
from hinomi.settings.measures import factor_of, number


def whisker(
    ax: Any, change: Mapping[str, Any], name: str, *, place: float, colour: str = INK
) -> None:
    """Draw the interval of a change of this figure, and its value where the bar or interval ends."""
    factor = factor_of(name)
    value = change["value"] * factor
    ends = [value]
    if change["low"] is not None and change["high"] > change["low"]:
        ends = [change["low"] * factor, change["high"] * factor]
        ax.plot(ends, [place, place], color=INK, lw=0.9, zorder=3)
    right = value >= 0.0
    ax.annotate(
        number(change["value"], name, signed=True), (max(ends) if right else min(ends), place),
        xytext=(4 if right else -4, 0), textcoords="offset points", zorder=4,
        ha="left" if right else "right", va="center", fontsize=7.5, color=colour,
    )  # fmt: skip
