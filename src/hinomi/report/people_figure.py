"""A picture of the clock: from ignition to the person in shelter, stage on stage."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np

from hinomi.report.drawing import DIGIT_IN

# Colour of the step that ends with each stage; Okabe-Ito and two greys, light to dark within a group.
COLOURS: Final = {
    "seen": "#009E73",
    "firm track": "#7fcdb4",
    "relayed": "#8a94a0",
    "launch message": "#CC79A7",
    "issued": "#E69F00",
    "received": "#F0E442",
    "heard": "#56B4E9",
    "acted": "#0072B2",
    "in shelter": "#2b3640",
}
NAMES: Final = {
    "seen": "first seen, any nation that tells",
    "firm track": "firm track there",
    "relayed": "relayed",
    "launch message": "classified",
    "issued": "decided, issued",
    "received": "received",
    "heard": "heard",
    "acted": "acted",
    "in shelter": "in shelter",
}
FRAME_IN: Final = 7.3  # width of the frame, names of architectures beside


def clock_figure(
    times: Mapping[tuple[str, str], Any], architectures: Sequence[str], labels: Mapping[str, str]
) -> Any:
    """Stacked bars: each piece ends at the median time of its stage; diamond: arrival, 5-95 %.

    `times` (architecture, stage) -> seconds after ignition over bodies and replicates; infinite
    where the stage never came.
    """
    from matplotlib import pyplot as plt

    figure, axes = plt.subplots(
        figsize=(9.2, 1.5 + 0.62 * len(architectures)), layout="constrained"
    )
    ends = {name: _pieces(times, name) for name in architectures}
    longest = max((arrival[2] for _, arrival in ends.values() if arrival), default=0.0)
    longest = max([longest, *(p[2] for pieces, _ in ends.values() for p in pieces)])
    for i, (pieces, arrival) in enumerate(ends.values()):
        for stage, start, end in pieces:
            axes.barh(i, end - start, left=start, color=COLOURS[stage], height=0.5, lw=0)
            text = f"{end - start:.0f}"
            if end - start >= (len(text) + 0.6) * DIGIT_IN * longest / FRAME_IN:
                ink = "white" if stage in ("acted", "in shelter", "seen") else "#1c2733"
                axes.text(
                    0.5 * (start + end), i, text, ha="center", va="center", fontsize=8.5, color=ink
                )
        if arrival:
            low, middle, high = arrival
            axes.plot([low, high], [i + 0.38, i + 0.38], color="#D55E00", lw=1.4)
            axes.plot(middle, i + 0.38, "D", color="#D55E00", ms=6, mec="white", mew=0.8)
    axes.set_yticks(range(len(architectures)), [labels[n] for n in architectures])
    axes.set_ylim(len(architectures) - 0.4, -0.5)
    axes.set_xlim(left=0.0)
    axes.set_xlabel("seconds after ignition")
    axes.grid(axis="y", visible=False)
    axes.tick_params(axis="y", length=0)
    handles = [plt.Rectangle((0, 0), 1, 1, color=c, label=NAMES[s]) for s, c in COLOURS.items()]
    handles.append(
        plt.Line2D([], [], color="#D55E00", marker="D", lw=1.4, ms=6, mec="white", label="arrival")
    )
    figure.legend(handles=handles, loc="outside lower center", ncol=5, frameon=False, fontsize=9)
    return figure


def _pieces(
    times: Mapping[tuple[str, str], Any], name: str
) -> tuple[list[tuple[str, float, float]], tuple[float, float, float] | None]:
    """Stage, beginning and end of each piece of a bar; 5 %, median and 95 % of the arrivals."""
    pieces, start = [], 0.0
    for stage in COLOURS:
        end = middle_of(times.get((name, stage)))
        if end is None or end < start:  # a body whose stage never came shifts a median
            continue
        pieces.append((stage, start, end))
        start = end
    arrive = np.asarray(times.get((name, "arrival"), np.zeros(0)), float)
    arrive = arrive[np.isfinite(arrive)]
    if not len(arrive):
        return pieces, None
    low, middle, high = np.quantile(arrive, (0.05, 0.5, 0.95))
    return pieces, (float(low), float(middle), float(high))


def middle_of(values: Any) -> float | None:
    """Median, None where it never came or nobody asked."""
    if values is None or not len(values):
        return None
    ordered = np.sort(np.asarray(values, float))
    middle = float(ordered[(len(ordered) - 1) // 2])
    return middle if np.isfinite(middle) else None
