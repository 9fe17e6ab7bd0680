"""A claim as a picture: unpowered time over range and apogee, and the stated time against its band."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from hinomi.earth.wgs84 import MEAN_RADIUS_M
from hinomi.history.audit import SLACK_S, Claim, Finding
from hinomi.history.launches import load_launches
from hinomi.history.reference_time import angle_time_s
from hinomi.records.columns import Floats
from hinomi.units import MINUTE_S

if TYPE_CHECKING:
    from matplotlib.axes import Axes

BANNER: Final = "STUDY - computed from published figures, not a warning"
BANNER_INK, BANNER_PAPER = "#000000", "#56B4E9"
INK, QUIET, CLAIM = "#222222", "#6b7785", "#D55E00"
BAND, EXCESS = "#4a5560", "#b9c4cf"
MINUTES: Final = (3, 5, 7, 10, 15, 20, 30, 40, 50, 60, 75, 90, 120, 180, 240)
WRAP: Final = 18  # letters of a line of a claim's name
SPREAD: Final = 1.18  # nearest labels of published launches stay this factor apart
POINTS: Final = 160
THEME: Final = {
    "svg.fonttype": "none",
    "svg.hashsalt": "hinomi",
    "font.size": 10.0,
    "font.family": ["DejaVu Sans"],
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": "#888888",
    "axes.labelcolor": INK,
    "figure.facecolor": "white",
}
MARKERS: Final = ("D", "o", "s", "^", "v", "P")


def published_points() -> tuple[tuple[str, float, float], ...]:
    """Date, range and apogee [km] of the ballistic public launches, as first reported."""
    out = []
    for launch in load_launches():
        values = {
            quantity: own.values[quantity]
            for own in reversed(launch.sets)
            for quantity in ("range_km", "apogee_km")
            if quantity in own.values
        }
        if launch.kind == "ballistic" and len(values) == 2:
            found = (float(values["range_km"].value), float(values["apogee_km"].value))
            out.append((launch.name, *found))
    return tuple(out)


def draw_claims(
    claims: Sequence[tuple[str, Claim, Finding]],
    *,
    published: Sequence[tuple[str, float, float]],
    path: Path,
    title: str = "a claim",
) -> None:
    """Draw claims into a PNG or SVG file: a chart over range and apogee, and a strip of times.

    Parameters
    ----------
    published
        date, range and apogee [km] of launches shown for comparison.
    """
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    with rc_context(THEME):
        strip = 1.0 + 0.6 * len(claims)
        figure = Figure(figsize=(9.0, 6.4 + strip), layout="constrained")
        chart, times = figure.subplots(2, 1, height_ratios=(6.0, strip))
        _chart(chart, claims, published)
        _strip(times, claims)
        figure.suptitle(
            f"{BANNER}: {title}",
            fontsize=10.5,
            fontweight="bold",
            color=BANNER_INK,
            bbox={"facecolor": BANNER_PAPER, "edgecolor": "none", "pad": 5.0},
        )
        # No date inside: the same claim gives the same bytes.
        metadata: dict[str, Any] = {"Title": f"hinomi audit; {BANNER}"}
        if path.suffix.lower() == ".svg":
            metadata["Date"] = None
        figure.savefig(path, dpi=150, metadata=metadata)


def _limits(values: Sequence[float]) -> tuple[float, float]:
    """Limits of a logarithmic axis with room around the values."""
    return min(values) / 1.6, max(values) * 1.6


def _chart(
    axes: Axes,
    claims: Sequence[tuple[str, Claim, Finding]],
    published: Sequence[tuple[str, float, float]],
) -> None:
    ranges = [c.range_m.value / 1e3 for _, c, _ in claims] + [r for _, r, _ in published]
    tops = [c.apogee_m.value / 1e3 for _, c, _ in claims] + [h for _, _, h in published]
    xlim, ylim = _limits(ranges), _limits(tops)
    xlim = (xlim[0], min(xlim[1], 19_900.0))
    x, y = np.geomspace(*xlim, POINTS), np.geomspace(*ylim, POINTS)
    minutes = angle_time_s(x[None, :] * 1e3 / MEAN_RADIUS_M, y[:, None] * 1e3) / MINUTE_S
    axes.set(xscale="log", yscale="log", xlim=xlim, ylim=ylim)
    lines = axes.contour(x, y, minutes, levels=MINUTES, colors=QUIET, linewidths=0.9)
    axes.clabel(
        lines,
        fmt=lambda m: f"{m:g} min",
        fontsize=8.5,
        inline_spacing=4,
        manual=_label_places(minutes, x, y),
    )
    judged = {(c.range_m.value / 1e3, c.apogee_m.value / 1e3) for _, c, _ in claims}
    others = [p for p in published if (p[1], p[2]) not in judged]
    _published(axes, others)
    for (_, claim, _), marker in zip(claims, _markers(len(claims)), strict=True):
        _claim(axes, claim, marker)
    axes.set(
        xlabel="range, km",
        ylabel="apogee, km",
    )
    axes.set_title(
        "Lines: time of an unpowered flight without rotation. Filled: what was judged, with its "
        "interval. Open: published launches.",
        fontsize=9,
        loc="left",
    )
    for axis, (low, high) in ((axes.xaxis, xlim), (axes.yaxis, ylim)):
        ticks = [t for t in (20, 50, 100, 200, 500, 1000, 2000, 5000, 10000) if low <= t <= high]
        axis.set_ticks(ticks, [f"{t:,}" for t in ticks])
        axis.set_ticks([], minor=True)


def _label_places(minutes: Floats, x: Floats, y: Floats) -> list[tuple[float, float]]:
    """Where the lines are named: in the left margin, where no public launch stands."""
    column = len(x) // 14
    return [
        (float(x[column]), float(np.interp(level, minutes[:, column], y)))
        for level in MINUTES
        if minutes[0, column] * 1.03 < level < minutes[-1, column] * 0.97
    ]


def _markers(count: int) -> list[str]:
    return [MARKERS[i % len(MARKERS)] for i in range(count)]


def _published(axes: Axes, points: Sequence[tuple[str, float, float]]) -> None:
    """Open marks with their dates; dates keep apart from each other."""
    heights: list[tuple[float, float]] = []
    for date, range_km, apogee_km in sorted(points, key=lambda p: p[2]):
        axes.plot(range_km, apogee_km, "o", mfc="white", mec=INK, ms=6.0, mew=1.2, zorder=3)
        height = apogee_km
        while any(
            abs(np.log(height / h)) < np.log(SPREAD) and r == _side(range_km) for r, h in heights
        ):
            height *= 1.02
        heights.append((_side(range_km), height))
        axes.annotate(
            date,
            (range_km, apogee_km),
            xytext=(range_km * 1.13, height),
            va="center",
            fontsize=8.5,
            color=INK,
            zorder=4,
            arrowprops={"arrowstyle": "-", "color": QUIET, "lw": 0.6, "shrinkA": 0, "shrinkB": 3},
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.8, "alpha": 0.85},
        )


def _side(range_km: float) -> float:
    """Column in which a label stands: launches of about the same range share one."""
    return float(round(np.log(range_km) / 0.7))


def _claim(axes: Axes, claim: Claim, marker: str) -> None:
    from matplotlib.patches import Rectangle

    low = (max(claim.range_m.low, 1.0) / 1e3, max(claim.apogee_m.low, 1.0) / 1e3)
    axes.add_patch(
        Rectangle(
            low,
            claim.range_m.high / 1e3 - low[0],
            claim.apogee_m.high / 1e3 - low[1],
            facecolor=CLAIM,
            alpha=0.3,
            edgecolor=CLAIM,
            lw=1.2,
            zorder=2,
        )
    )
    axes.plot(
        claim.range_m.value / 1e3,
        claim.apogee_m.value / 1e3,
        marker,
        color=CLAIM,
        mec=INK,
        mew=1.0,
        ms=8.0,
        ls="none",
        zorder=5,
    )


def _strip(axes: Axes, claims: Sequence[tuple[str, Claim, Finding]]) -> None:
    """Stated times against the unpowered time and the excess of the boost."""
    for row, ((_, claim, f), marker) in enumerate(zip(claims, _markers(len(claims)), strict=True)):
        y = -float(row)
        axes.barh(
            y, max(f.bound_high_s - f.bound_low_s, 2.0), left=f.bound_low_s, height=0.5,
            color=BAND, label="unpowered flight" if row == 0 else None,
        )  # fmt: skip
        if f.excess is not None:
            first, last = f.bound_low_s + f.excess.low_s, f.bound_high_s + f.excess.high_s
            axes.barh(
                y, last - first, left=first, height=0.5, color=EXCESS, alpha=0.75, hatch="///",
                edgecolor="white", label="with boost and air" if row == 0 else None,
            )  # fmt: skip
            axes.plot(
                [last + SLACK_S] * 2, [y - 0.3, y + 0.3], color=BAND, lw=1.2, ls=":",
                label="too long beyond" if row == 0 else None,
            )  # fmt: skip
        axes.plot([claim.time_s.low, claim.time_s.high], [y, y], color=CLAIM, lw=2.6, zorder=4)
        axes.plot(
            claim.time_s.value, y, marker, color=CLAIM, mec=INK, ms=8.0, ls="none", zorder=5,
            label="stated time, with its interval" if row == 0 else None,
        )  # fmt: skip
        axes.text(
            1.01, y, f.verdict.replace("_", " "), transform=axes.get_yaxis_transform(),
            va="center", fontsize=9.5, fontweight="bold", color=INK,
        )  # fmt: skip
    names = [
        f"{textwrap.fill(name, WRAP)}\n{claim.time_s.value / MINUTE_S:.4g} min"
        for name, claim, _ in claims
    ]
    axes.set_yticks([-float(i) for i in range(len(claims))], names)
    axes.use_sticky_edges = False
    axes.margins(x=0.04)
    axes.set_ylim(-len(claims) + 0.4, 0.6)
    axes.set_xlabel("flight time, s (left of the dark bar: shorter than any unpowered flight)")
    axes.grid(visible=True, axis="x", color="#e4e7eb", lw=0.8)
    axes.set_axisbelow(True)
    axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=4, frameon=False, fontsize=8.5)
