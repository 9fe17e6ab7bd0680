"""A figure in words, as people read it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from hinomi.study.statistics import SAME

ASSUMED_RANGE: Final = "assumed range of the price"  # what the ends of a price hold: no chance
AGREED: Final = (
    "the same in all raids around the median"  # an interval of no width, though others differ
)


def words(figure: Mapping[str, Any]) -> str:
    """Write a figure as people read it: value [low, high]; what is not finite is told.

    A range that is assumed is said to be so: it must not stand in brackets that mean chance.
    """
    if figure["value"] is None:
        note = str(figure.get("note", ""))
        if "value is plus infinity" in note or "value is minus infinity" in note:
            return "never"
        return "-"
    if same := same_words(figure):
        return f"{short(figure['value'])} ({same})"
    bounds = [figure["low"], figure["high"]]
    if bounds == [None, None]:
        return short(figure["value"])
    low, high = ("never" if b is None else short(b) for b in bounds)
    if assumed(figure):
        span = "" if low == high else f" (assumed {low} to {high})"
        return f"{short(figure['value'])}{span}"
    if None not in bounds and bounds[0] == bounds[1]:
        return f"{short(figure['value'])} ({AGREED})"
    return f"{short(figure['value'])} [{low}, {high}]"


def assumed(figure: Mapping[str, Any]) -> bool:
    """Whether the ends are a range that the scenario assumes: no replicate adds to it."""
    return figure.get("holds") == ASSUMED_RANGE


def count_words(figure: Mapping[str, Any]) -> str:
    """How many raids carry a figure and its interval; a dash where no raid does."""
    return "–" if assumed(figure) else str(figure["n"])


def same_words(figure: Mapping[str, Any]) -> str:
    """Words in place of an interval where every raid gives the same value; nothing elsewhere."""
    return f"the same in all {figure['n']} raids" if figure.get("method") == SAME else ""


def few_words(figure: Mapping[str, Any]) -> str:
    """Words where most raids agree and a few carry the figure; nothing elsewhere."""
    few = figure.get("carried_by")
    return f"{few} of {figure['n']} raids carry this figure" if few else ""


def counted(count: int, noun: str) -> str:
    """A number of things, in the singular where it is one."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def short(value: float) -> str:
    """Four figures."""
    if value == 0:
        return "0"
    return f"{float(f'{value:.4g}'):,.0f}" if abs(value) >= 1000 else f"{value:.4g}"
