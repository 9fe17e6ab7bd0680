"""A picture of tracking: the error made beside the error stated, by phase and architecture."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from hinomi.report.figures import style_of
from hinomi.report.section_words import PHASE_NAMES

SHOWN: Final = ("boost", "coast", "glide", "fall", "change")
PANELS: Final = (
    ("position_rmse_m", "claimed_position_m", "position error, m"),
    ("velocity_rmse_mps", "claimed_velocity_mps", "velocity error, m/s"),
)


def errors_by_phase(
    found: Mapping[str, Any], architectures: Sequence[str], labels: Mapping[str, str]
) -> Any:
    """Full mark: root mean square error; hollow mark: what the tracks state; log scale.

    `found` architecture -> phases -> measure -> figure, as in the summary.
    """
    from matplotlib import pyplot as plt
    from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

    style = style_of(architectures)
    known = [a for a in architectures if a in found]
    phases = [p for p in SHOWN if any("nees" in found[a]["phases"].get(p, {}) for a in known)]
    block = len(known) + 1.0
    figure, panels = plt.subplots(
        1, 2, sharey=True, figsize=(9.2, 1.3 + 0.2 * block * max(len(phases), 1)),
        layout="constrained",
    )  # fmt: skip
    for axes, (made, stated, name) in zip(panels, PANELS, strict=True):
        values = [
            _mark(
                axes, p * block + a, found[who]["phases"].get(phase, {}), made, stated, style[who]
            )
            for p, phase in enumerate(phases)
            for a, who in enumerate(known)
        ]
        axes.set_xscale("log")
        shown = [v for pair in values for v in pair]
        if shown:
            axes.set_xlim(0.7 * min(shown), 1.4 * max(shown))
        axes.xaxis.set_major_locator(LogLocator(subs=(1.0, 2.0, 5.0)))
        axes.xaxis.set_major_formatter(
            FuncFormatter(lambda v, _: f"{v:,.0f}" if v >= 1 else f"{v:g}")
        )
        axes.xaxis.set_minor_formatter(NullFormatter())
        axes.set_xlabel(name)
        axes.grid(axis="y", visible=False)
        axes.tick_params(axis="y", length=0)
    middle = 0.5 * (len(known) - 1)
    panels[0].set_yticks(
        [p * block + middle for p in range(len(phases))], [PHASE_NAMES[p] for p in phases]
    )
    panels[0].set_ylim(len(phases) * block - 0.6, -1.0)
    handles = [
        plt.Line2D([], [], color=style[a][0], marker=style[a][1], lw=1.4, ms=7, label=labels[a])
        for a in known
    ]
    handles += [
        plt.Line2D([], [], color="#555555", marker="o", lw=0, ms=7, label="made"),
        plt.Line2D([], [], color="#555555", marker="o", mfc="white", lw=0, ms=7, label="stated"),
    ]
    figure.legend(handles=handles, loc="outside lower center", ncol=6, frameon=False, fontsize=9)
    return figure


def _mark(
    axes: Any,
    row: float,
    figures: Mapping[str, Any],
    made: str,
    stated: str,
    style: tuple[str, str],
) -> list[float]:
    """One pair of marks; the values that it shows."""
    values = [figures.get(m, {}).get("value") for m in (made, stated)]
    if None in values or min(values) <= 0.0:
        return []
    colour, marker = style
    axes.plot(values, [row, row], color=colour, lw=1.4)
    axes.plot(values[1], row, marker, color=colour, mfc="white", ms=7, mew=1.4)
    axes.plot(values[0], row, marker, color=colour, ms=7, mec="white", mew=0.8)
    return [float(v) for v in values]
