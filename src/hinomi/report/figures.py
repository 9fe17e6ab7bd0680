"""Charts of the report: lead times, timeline, leakage, paired differences. English or romaji in drawings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np

from hinomi.report.drawing import DIGIT_IN, spread_apart
from hinomi.report.words import group_title
from hinomi.warn.leadtime import share_never, weighted_quantile

# Okabe-Ito colours with a marker each: never colour alone.
STYLES = (
    ("#7f7f7f", "o"),
    ("#56B4E9", "s"),
    ("#E69F00", "^"),
    ("#0072B2", "D"),
    ("#CC79A7", "v"),
    ("#009E73", "P"),
)
NAMED: Final = {"national": 0, "shared_warning": 1, "shared_track": 2, "integrated": 3}
THEME: dict[str, Any] = {
    "svg.fonttype": "none",
    "svg.hashsalt": "hinomi",
    "font.size": 10.5,
    "font.family": ["DejaVu Sans"],
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": "#888888",
    "axes.labelcolor": "#222222",
    "xtick.color": "#444444",
    "ytick.color": "#222222",
    "axes.grid": True,
    "grid.color": "#e4e7eb",
    "grid.linewidth": 0.8,
    "axes.axisbelow": True,
    "figure.facecolor": "white",
}
LEAST_SHARE_TOLD = 0.005  # shares never warned below this are not written
NEVER_INK = "#8a3b00"
STEPS = ("launch", "first detection", "firm track", "launch message", "alert", "arrival")
STEP_NAMES = (
    "ignition",
    "first seen, any nation that tells",
    "firm track there",
    "classified, decision begins",
    "alert issued",
    "arrival",
)
TIMELINE_IN: Final = 7.3  # width of its frame, names of architectures beside
STEP_COLOURS = ("#222222", "#009E73", "#56B4E9", "#CC79A7", "#E69F00", "#D55E00")


def style_of(architectures: Sequence[str]) -> dict[str, tuple[str, str]]:
    """Colour and marker of each architecture: its own wherever it is drawn, the next one for others."""
    own = {name: STYLES[NAMED[name]] for name in architectures if name in NAMED}
    left = [s for s in STYLES if s not in own.values()] or list(STYLES)
    others = [name for name in architectures if name not in own]
    rest = {name: left[i % len(left)] for i, name in enumerate(others)}
    return {name: (own | rest)[name] for name in architectures}


def lead_times(
    leads: Mapping[tuple[str, str], tuple[Any, Any]],
    groups: Sequence[str],
    architectures: Sequence[str],
    labels: Mapping[str, str],
    needed_s: float,
) -> Any:
    """Lead times by island group and architecture: 5-95 % line, 25-75 % bar, median mark, share never warned.

    `leads` (group, architecture) -> (lead_s, people).
    """
    from matplotlib import pyplot as plt

    style = style_of(architectures)
    height = 1.2 + 0.19 * len(groups) * (len(architectures) + 1)
    figure, axes = plt.subplots(figsize=(9.2, height), layout="constrained")
    told = any(
        share_never(*leads[g, a]) >= LEAST_SHARE_TOLD
        for g in groups
        for a in architectures
        if (g, a) in leads
    )
    low, high = _minutes_shown([lead for lead, _ in leads.values()])
    never_x = low - (0.06 if told else 0.0) * (high - low)
    for g, group in enumerate(groups):
        for a, name in enumerate(architectures):
            row = g * (len(architectures) + 1.0) + a
            lead, people = leads.get((group, name), (np.zeros(0), np.zeros(0)))
            _lead_bar(axes, row, lead, people, style[name], low)
            _never(axes, never_x, row, share_never(lead, people))
    middle = 0.5 * (len(architectures) - 1)
    ticks = [g * (len(architectures) + 1.0) + middle for g in range(len(groups))]
    axes.set_yticks(ticks, [group_title(g) for g in groups])
    axes.set_ylim(len(groups) * (len(architectures) + 1.0) - 0.4, -2.0)
    axes.secondary_xaxis("top").tick_params(labelsize=8.5)
    axes.set_xlim(never_x - (0.09 if told else 0.01) * (high - low), high)
    _lead_frame(axes, never_x if told else None, needed_s)
    handles = [
        plt.Line2D(
            [],
            [],
            color=style[n][0],
            marker=style[n][1],
            lw=5,
            alpha=0.8,
            mec="white",
            label=labels[n],
        )
        for n in architectures
    ]
    figure.legend(handles=handles, loc="outside lower center", ncol=4, frameon=False, fontsize=9)
    return figure


def _minutes_shown(leads: Sequence[Any]) -> tuple[float, float]:
    """Whole minutes that hold nearly every finite lead."""
    every = np.concatenate([v[np.isfinite(v)] for v in leads] or [np.zeros(1)])
    if not every.size:
        return 0.0, 1.0
    low, high = np.quantile(every, (0.01, 0.995)) / 60.0
    return min(0.0, float(np.floor(low))), max(1.0, float(np.ceil(high)))


def _lead_bar(
    axes: Any, row: float, lead: Any, people: Any, style: tuple[str, str], low: float
) -> None:
    colour, marker = style
    quantiles = [weighted_quantile(lead, people, q) / 60.0 for q in (0.05, 0.25, 0.5, 0.75, 0.95)]
    shown = [max(v, low) if np.isfinite(v) else low for v in quantiles]
    axes.plot([shown[0], shown[4]], [row, row], color=colour, lw=1.4, solid_capstyle="butt")
    axes.plot(
        [shown[1], shown[3]], [row, row], color=colour, lw=6.5, alpha=0.55, solid_capstyle="butt"
    )
    if np.isfinite(quantiles[2]):
        axes.plot(shown[2], row, marker, color=colour, ms=6.5, mec="white", mew=0.8)


def _never(axes: Any, x: float, row: float, share: float) -> None:
    """Write the share that is never warned, where it is worth telling."""
    if share >= LEAST_SHARE_TOLD:
        axes.text(x, row, f"{share:.0%}", ha="right", va="center", fontsize=8, color=NEVER_INK)


def _lead_frame(axes: Any, never_x: float | None, needed_s: float) -> None:
    axes.axvline(0.0, color="#D55E00", lw=1.0)
    axes.axvline(needed_s / 60.0, color="#D55E00", lw=1.0, ls=(0, (4, 3)))
    axes.text(
        needed_s / 60.0,
        -1.1,
        f" time needed {needed_s:.0f} s",
        color="#a33f00",
        fontsize=8.5,
        va="bottom",
    )
    if never_x is not None:
        axes.annotate(
            "never warned", (never_x, -1.1), ha="right", fontsize=8, color=NEVER_INK, va="bottom"
        )
    axes.set_xlabel("lead time, minutes (arrival minus received alert)")
    axes.grid(axis="y", visible=False)
    axes.tick_params(axis="y", length=0)


def timeline(
    steps: Mapping[tuple[str, str], Any], architectures: Sequence[str], labels: Mapping[str, str]
) -> Any:
    """Launch to arrival, seconds after ignition: median mark and 5-95 % whisker of each step, per architecture.

    `steps` (architecture, event kind) -> seconds after ignition of every body and replicate that had it.
    """
    from matplotlib import pyplot as plt

    figure, axes = plt.subplots(
        figsize=(9.2, 1.2 + 0.64 * len(architectures)), layout="constrained"
    )
    rows = []
    for i, name in enumerate(architectures):
        found = [np.asarray(steps.get((name, step), np.zeros(0))) for step in STEPS]
        spans = {k: tuple(np.quantile(v, (0.05, 0.5, 0.95))) for k, v in enumerate(found) if len(v)}
        rows.append(spans)
        for k, (low, middle, high) in spans.items():
            at, colour = i + _lift(k), STEP_COLOURS[k]
            axes.plot([low, high], [at, at], color=colour, lw=1.2)
            axes.plot(middle, at, "o", color=colour, ms=8, mec="white", mew=1.0, zorder=3)
        medians = [middle for _, middle, _ in spans.values()]
        if medians:
            axes.plot([min(medians), max(medians)], [i, i], color="#d5dae0", lw=5, zorder=0,
                      solid_capstyle="butt")  # fmt: skip
    for i, spans in enumerate(rows):
        for side in (0, 1):
            _step_numbers(axes, i, {k: v[1] for k, v in spans.items() if k % 2 == side})
    axes.set_yticks(range(len(architectures)), [labels[n] for n in architectures])
    axes.set_ylim(len(architectures) - 0.45, -0.6)
    axes.set_xlabel("seconds after ignition: median over bodies and replicates, line 5-95 %")
    axes.grid(axis="y", visible=False)
    axes.tick_params(axis="y", length=0)
    handles = [
        plt.Line2D([], [], color=c, marker="o", lw=1.2, mec="white", ms=8, label=n)
        for c, n in zip(STEP_COLOURS, STEP_NAMES, strict=True)
    ]
    figure.legend(
        handles=handles,
        loc="outside upper center",
        ncol=6,
        frameon=False,
        fontsize=8.4,
        columnspacing=1.2,
        handlelength=1.4,
    )
    return figure


def _lift(step: int) -> float:
    """Marks of every other step stand above their row, the rest below."""
    return (step % 2 - 0.5) * 0.22


def _step_numbers(axes: Any, row: int, medians: Mapping[int, float]) -> None:
    """Write the medians of one side of a row, moved apart, each tied to its mark where it moved."""
    low, high = axes.get_xlim()
    per_inch = (high - low) / TIMELINE_IN
    texts = {k: f"{v:.0f}" for k, v in medians.items()}
    width = [(len(text) + 0.6) * DIGIT_IN * per_inch for text in texts.values()]
    places = spread_apart(list(medians.values()), width)
    for (k, middle), x in zip(medians.items(), places, strict=True):
        out = -0.2 if k % 2 == 0 else 0.24
        mark = row + _lift(k)
        if abs(x - middle) > 0.5 * DIGIT_IN * per_inch:
            axes.plot(
                [middle, x], [mark, mark + 0.6 * out], color=STEP_COLOURS[k], lw=0.7, zorder=1
            )
        axes.text(x, mark + out, texts[k], ha="center", va="center", fontsize=8.5, color="#333333")


def leakage(
    leakers: Mapping[str, Any],
    shots: Mapping[str, Any],
    architectures: Sequence[str],
    labels: Mapping[str, str],
    raid: int,
) -> Any:
    """Leakers and rounds per raid: share of replicates at each count, and the mean."""
    from matplotlib import pyplot as plt

    style = style_of(architectures)
    figure, (left, right) = plt.subplots(
        1, 2, figsize=(9.2, 1.3 + 0.62 * len(architectures)), layout="constrained", sharey=True
    )
    for i, name in enumerate(architectures):
        colour, marker = style[name]
        for axes, values, bins in (
            (left, np.asarray(leakers[name]), np.arange(raid + 2) - 0.5),
            (right, np.asarray(shots[name]), _round_bins(shots)),
        ):
            _counted(axes, i, values, bins, colour, marker)
    left.set_yticks(range(len(architectures)), [labels[n] for n in architectures])
    left.set_ylim(len(architectures) - 0.15, -0.55)
    left.set_xlabel(f"leakers of a raid of {raid}")
    left.set_xlim(-0.6, max([float(np.max(v)) for v in leakers.values() if len(v)] or [1.0]) + 1.6)
    right.set_xlabel("interceptors fired")
    for axes in (left, right):
        axes.grid(axis="y", visible=False)
        axes.tick_params(axis="y", length=0)
    return figure


def _counted(axes: Any, row: int, values: Any, bins: Any, colour: str, marker: str) -> None:
    """Share of replicates at each count, as a strip of bars on its row, and the mean."""
    share, edges = np.histogram(values, bins=bins)
    share = share / max(len(values), 1)
    axes.bar(
        edges[:-1] + np.diff(edges) / 2, -0.58 * share / max(share.max(), 1e-9), bottom=row + 0.38,
        width=np.diff(edges) * 0.92, color=colour, alpha=0.5,
    )  # fmt: skip
    mean = float(values.mean()) if len(values) else 0.0
    axes.plot(
        mean, row + 0.38, marker, color=colour, ms=8, mec="white", mew=1.0, zorder=3, clip_on=False
    )
    axes.text(
        mean, row + 0.5, f"mean {mean:.2f}", ha="center", va="top", fontsize=8.5, color="#333333"
    )


def _round_bins(shots: Mapping[str, Any]) -> Any:
    """Edges that hold every count of rounds in at most about two dozen bars."""
    top = max((float(np.max(v)) for v in shots.values() if len(v)), default=1.0)
    width = max(1.0, float(np.ceil((top + 1) / 24)))
    return np.arange(0, top + 2 * width, width) - 0.5
