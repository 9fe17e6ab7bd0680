"""Drawings of a comparison: the trade curve and the lead times. English or romaji in drawings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np

from hinomi.records.columns import Floats
from hinomi.report.figures import STYLES

MILLION: Final = 1e6
MINUTE_S: Final = 60.0
PERCENT: Final = 100.0
WIDE: Final = 20.0  # ratio of most to fewest people above which the axis is logarithmic
DASHES: Final = ("-", "--", "-.", ":", (0, (6, 1, 1, 1, 1, 1)), (0, (8, 2)), (0, (1, 2)))
INK: Final = "#1b2430"


def trade_curve(scenario: Mapping[str, Any], names: Mapping[str, str]) -> Any:
    """People unserved against people alerted for nothing, a line for each way of drawing areas.

    `scenario` is one of `rules.json`; `names` line -> words. Whiskers are 95 % intervals.
    """
    from matplotlib import pyplot as plt

    figure, axes = plt.subplots(figsize=(9.4, 5.6), layout="constrained")
    every = [p["figures"]["idle_people"]["value"] for c in scenario["curves"].values() for p in c]
    positive = [v for v in every if v]
    if positive and min(positive) > 0 and max(positive) / min(positive) > WIDE:
        axes.set_xscale("symlog", linthresh=min(positive) / MILLION)
    for i, (line, points) in enumerate(scenario["curves"].items()):
        colour, marker = STYLES[(i + 1) % len(STYLES)]
        x, x_low, x_high = _columns(points, "idle_people", 1.0 / MILLION)
        y, y_low, y_high = _columns(points, "unserved_share", PERCENT)
        axes.errorbar(
            x, y, xerr=_whiskers(x, x_low, x_high), yerr=_whiskers(y, y_low, y_high),
            fmt="none", ecolor=colour, elinewidth=0.8, alpha=0.3, zorder=1,
        )  # fmt: skip
        axes.plot(
            x, y, color=colour, marker=marker, ms=5, lw=1.8, mec="white", mew=0.6, zorder=2,
            label=names[line],
        )  # fmt: skip
    _named(axes, list(scenario["rules"].values()))
    axes.set_xlabel("people alerted for nothing, million a raid (fewer is better: left)")
    axes.set_ylabel(
        f"people in need without {scenario['needed_s']:g} s of\nwarning, % (lower is better)"
    )
    axes.set_ylim(bottom=0.0)
    axes.set_xlim(left=0.0)
    figure.legend(loc="outside lower center", ncol=3, frameon=False, fontsize=9)
    return figure


def _columns(
    points: Sequence[Mapping[str, Any]], name: str, factor: float
) -> tuple[Floats, Floats, Floats]:
    def column(key: str) -> Floats:
        values = [p["figures"][name][key] for p in points]
        return np.array([np.nan if v is None else v * factor for v in values], np.float64)

    return column("value"), column("low"), column("high")


def _whiskers(value: Floats, low: Floats, high: Floats) -> Any:
    return np.nan_to_num(np.maximum(np.array([value - low, high - value]), 0.0))


def _named(axes: Any, points: Sequence[Mapping[str, Any]]) -> None:
    """Mark the rules that have names with numbers, and say below which is which."""
    x, _, _ = _columns(points, "idle_people", 1.0 / MILLION)
    y, _, _ = _columns(points, "unserved_share", PERCENT)
    for at, members in _together(x, y):
        axes.plot(*at, "o", ms=15, mfc="white", mec=INK, mew=1.4, zorder=4)
        text = ",".join(str(m + 1) for m in members)
        axes.annotate(
            text, at, ha="center", va="center", fontsize=9 if len(members) == 1 else 7.5, zorder=5,
            weight="bold", color=INK,
        )  # fmt: skip
    for i, point in enumerate(points):
        axes.plot([], [], " ", label=f"({i + 1}) rule: {point['key']}")


def _together(x: Floats, y: Floats) -> list[tuple[tuple[float, float], list[int]]]:
    """Rules that lie on one spot share a mark."""
    out: list[tuple[tuple[float, float], list[int]]] = []
    spans = [max(float(np.nanmax(v)) if v.size else 0.0, 1e-9) for v in (x, y)]
    for i, (a, b) in enumerate(zip(x, y, strict=True)):
        if not (np.isfinite(a) and np.isfinite(b)):
            continue
        for (c, d), members in out:
            if abs(a - c) < 0.012 * spans[0] and abs(b - d) < 0.02 * spans[1]:
                members.append(i)
                break
        else:
            out.append(((float(a), float(b)), [i]))
    return out


def lead_curves(leads: Mapping[str, tuple[Floats, Floats]], needed_s: float) -> Any:
    """Share of the people in need who had at least this much warning, a line for each named rule.

    `leads` rule -> (lead_s, people).
    """
    from matplotlib import pyplot as plt

    figure, axes = plt.subplots(figsize=(9.4, 4.4), layout="constrained")
    longest = max((float(v[np.isfinite(v)].max(initial=0.0)) for v, _ in leads.values()), default=0)
    grid = np.arange(-120.0, max(longest, 300.0) + 30.0, 5.0)
    for i, (name, (lead, people)) in enumerate(leads.items()):
        order = np.argsort(lead, kind="stable")
        below = np.concatenate(([0.0], np.cumsum(people[order])))
        share = 1.0 - below[np.searchsorted(lead[order], grid, side="left")] / below[-1]
        axes.plot(
            grid / MINUTE_S, PERCENT * share, color=(INK, *(s[0] for s in STYLES[1:]))[i % 6],
            ls=DASHES[i % len(DASHES)], lw=2.0, label=name,
        )  # fmt: skip
    axes.axvline(needed_s / MINUTE_S, color="#8a3b00", lw=1.0, ls=":")
    axes.text(
        needed_s / MINUTE_S,
        2.0,
        f" needed: {needed_s:g} s",
        fontsize=8.5,
        color="#8a3b00",
        ha="left",
    )
    axes.axvline(0.0, color="#888888", lw=1.0)
    axes.set_xlabel("lead time at the first arrival, minutes (below 0: the alert came after it)")
    axes.set_ylabel("people with at least that, %")
    axes.set_ylim(0.0, 101.0)
    figure.legend(loc="outside lower center", ncol=4, frameon=False, fontsize=9)
    return figure
