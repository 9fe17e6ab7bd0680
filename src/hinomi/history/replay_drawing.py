"""Reported and simulated minutes of one launch on one time axis, as SVG; English only."""

from __future__ import annotations

import html
import math
from collections.abc import Sequence
from typing import Final

from hinomi.history.replay_words import clock, label
from hinomi.history.replayed import Replayed
from hinomi.history.scores import MISS, UNREPORTED, WITHIN, Row
from hinomi.study.banner import banner

WIDTH: Final = 960
TOP: Final = 92
FINE_PX: Final = 38.0  # a minute, until the flight is over
COARSE_PX: Final = 11.0  # a minute after it
AXIS_X: Final = 470.0
LEFT_X, RIGHT_X = 392.0, 560.0  # where labels end and begin
STEP_PX: Final = 18.0  # between labels
COLOURS: Final = {WITHIN: "#00785a", MISS: "#c44500"}  # readable on white, apart for all eyes
GREY: Final = "#55606e"
INK: Final = "#1b2430"
TICK_X: Final = 410.0  # left end of the tick of a reported minute
LANE_X, LANE_PX = 508.0, 7.0
LANES: Final = 6  # intervals side by side, so that those of long tails do not hide others
OPEN_ENDED: Final = 3600.0  # an interval without upper end is drawn to here at most


def minutes_drawing(one: Replayed) -> str:
    """SVG of one replay: left what was reported, right what was simulated, with 90 % intervals."""
    rows = [row for row in one.rows if not row.is_difference]
    drawn = [r for r in rows if math.isfinite(r.reported_s) or math.isfinite(r.median_s)]
    times = [t for r in drawn for t in (r.reported_s, r.median_s, _high(r)) if math.isfinite(t)]
    end = min(OPEN_ENDED, max([*times, 300.0])) + 60.0
    fine = min(end, _fine_until(drawn))
    axis = _Axis(fine, end)
    never = [r for r in rows if math.isinf(r.median_s)]
    height = axis.y(end) + 30.0 + STEP_PX * (len(never) + 1)
    left = [(0.0, f"{clock(one.scenario, 0.0, seconds=False)} launch (input)", GREY, TICK_X)]
    left += [
        (
            r.reported_s,
            f"{clock(one.scenario, r.reported_s, seconds=False)} {label(r.name)}",
            COLOURS.get(r.verdict, GREY),
            TICK_X,
        )
        for r in drawn
        if math.isfinite(r.reported_s)
    ]
    right = [
        (r.median_s, _simulated(r, one), COLOURS.get(r.verdict, GREY), _lane(i))
        for i, r in enumerate(drawn)
        if math.isfinite(r.median_s)
    ]
    lines, clocks = _grid(one, axis)
    parts = [
        *lines,
        *(_marks(r, axis, _lane(i)) for i, r in enumerate(drawn)),
        *clocks,
        *_labels(left, axis, left=True),
        *_labels(right, axis, left=False),
    ]
    for i, r in enumerate(never):
        words = f"{label(r.name)}: never in {100 * r.share_never:.0f} % of the replicates"
        colour = COLOURS.get(r.verdict, GREY)
        y = axis.y(end) + 26.0 + STEP_PX * i
        parts.append(_text(WIDTH - 40, y, words + _verdict(r), "end", colour))
    title = f"Reported and simulated minutes, {one.scenario.title}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height:.0f}" role="img" '
        f'aria-label="{html.escape(title)}" font-family="Noto Sans, sans-serif" font-size="14">'
        f"<title>{html.escape(title)}</title>" + "".join(parts) + "</svg>"
    )


class _Axis:
    """Seconds to height: wide minutes during the flight, narrow ones after it."""

    def __init__(self, fine_s: float, end_s: float) -> None:
        self.fine_s, self.end_s = fine_s, end_s

    def y(self, t_s: float) -> float:
        """Height of a second since the launch, within the drawing."""
        t = min(max(t_s, 0.0), self.end_s)
        return TOP + (min(t, self.fine_s) * FINE_PX + max(0.0, t - self.fine_s) * COARSE_PX) / 60.0


def _fine_until(rows: Sequence[Row]) -> float:
    """Whole minute after the last time that belongs to the flight rather than to the lift."""
    flight = [
        t
        for r in rows
        if r.name not in ("alert_lifted", "passed_message")
        for t in (r.reported_s, r.median_s)
        if math.isfinite(t)
    ]
    return 60.0 * math.ceil(max([*flight, 300.0]) / 60.0)


def _grid(one: Replayed, axis: _Axis) -> tuple[list[str], list[str]]:
    """Lines of the minutes with the heads of the columns, and the clock that stands above lines."""
    told = banner("study", reconstruction=True)
    lines = [
        f'<rect x="0" y="0" width="{WIDTH}" height="28" fill="{told.ground}"/>',
        _text(0.5 * WIDTH, 19, told.english, "middle", told.ink, bold=True),
        _text(LEFT_X, 52, "reported", "end", INK, bold=True),
        _text(LEFT_X, 70, "to the minute; box: tolerance", "end", GREY, size=12),
        _text(RIGHT_X, 52, "simulated", "start", INK, bold=True),
        _text(RIGHT_X, 70, "median; bar: 90 % of the replicates", "start", GREY, size=12),
        _text(AXIS_X, 52, "JST", "middle", GREY, size=12),
    ]
    clocks = []
    for minute in range(int(axis.end_s // 60.0) + 1):
        t, y = 60.0 * minute, axis.y(60.0 * minute)
        below = y - axis.y(axis.fine_s)
        if t > axis.fine_s and not (minute % 5 == 0 and below > 2 * STEP_PX):
            continue
        words = clock(one.scenario, t, seconds=False)
        lines.append(_line(y, "#e6e9ee"))
        clocks.append(
            f'<rect x="{AXIS_X - 21}" y="{y - 8:.1f}" width="42" height="16" fill="#fff"/>'
        )
        clocks.append(_text(AXIS_X, y + 4.5, words, "middle", GREY, size=12))
    if axis.end_s > axis.fine_s:
        y = axis.y(axis.fine_s) + 0.5 * COARSE_PX + 4
        lines.append(_line(y, GREY, dash="2 4"))
        lines.append(_text(44, y + 15, "below: narrower minutes", "start", GREY, size=12))
    return lines, clocks


def _line(y: float, colour: str, dash: str = "") -> str:
    """A line across the drawing."""
    dashed = f' stroke-dasharray="{dash}"' if dash else ""
    return f'<line x1="40" x2="{WIDTH - 40}" y1="{y:.1f}" y2="{y:.1f}" stroke="{colour}"{dashed}/>'


def _high(row: Row) -> float:
    """Upper end of the interval; where it is never, the latest replicate in which it came."""
    if math.isfinite(row.high_s):
        return row.high_s
    return max((t for t in row.members_s if math.isfinite(t)), default=math.inf)


def _lane(index: int) -> float:
    """Where the interval of a row stands."""
    return LANE_X + LANE_PX * (index % LANES)


def _marks(row: Row, axis: _Axis, x: float) -> str:
    """Tolerance box, interval bar, and the line between reported and median."""
    colour = COLOURS.get(row.verdict, GREY)
    out = []
    if math.isfinite(row.reported_s):
        low, high = (
            axis.y(row.reported_s - row.tolerance_s),
            axis.y(row.reported_s + row.tolerance_s),
        )
        out.append(
            f'<rect x="414" y="{low:.1f}" width="12" height="{high - low:.1f}" fill="{colour}" '
            'fill-opacity=".16"/>'
        )
        y = axis.y(row.reported_s)
        out.append(
            f'<line x1="410" x2="430" y1="{y:.1f}" y2="{y:.1f}" stroke="{colour}" '
            'stroke-width="2.5"/>'
        )
    if math.isfinite(row.low_s):
        low, high = axis.y(row.low_s), axis.y(_high(row))
        out.append(
            f'<rect x="{x - 2.5}" y="{low:.1f}" width="5" height="{max(1.0, high - low):.1f}" '
            f'fill="{colour}" fill-opacity=".35"/>'
        )
    if math.isfinite(row.median_s):
        y = axis.y(row.median_s)
        out.append(f'<circle cx="{x}" cy="{y:.1f}" r="4.5" fill="{colour}"/>')
        if math.isfinite(row.reported_s):
            dash = ' stroke-dasharray="5 4"' if row.verdict == MISS else ""
            out.append(
                f'<line x1="430" y1="{axis.y(row.reported_s):.1f}" x2="{x}" y2="{y:.1f}" '
                f'stroke="{colour}" stroke-width="1.4"{dash}/>'
            )
    return "".join(out)


def _simulated(row: Row, one: Replayed) -> str:
    never = f", never in {100 * row.share_never:.0f} %" if row.share_never > 0 else ""
    return f"{clock(one.scenario, row.median_s)} {label(row.name)}{never}{_verdict(row)}"


def _verdict(row: Row) -> str:
    if row.verdict == UNREPORTED:
        return ""
    off = "" if math.isinf(row.difference_s) else f" {row.difference_s:+.0f} s"
    return f",{off} {row.verdict}"


def _labels(
    items: Sequence[tuple[float, str, str, float]], axis: _Axis, *, left: bool
) -> list[str]:
    """Labels beside their marks, pushed down where they would touch, with a leader to the mark."""
    out, before = [], -math.inf
    x, anchor = (LEFT_X, "end") if left else (RIGHT_X, "start")
    inner = LEFT_X + 3 if left else RIGHT_X - 3
    for t_s, words, colour, mark in sorted(items):
        at = axis.y(t_s)
        y = max(at, before + STEP_PX)
        before = y
        out.append(
            f'<line x1="{mark}" y1="{at:.1f}" x2="{inner}" y2="{y:.1f}" stroke="{colour}" '
            'stroke-width=".8"/>'
        )
        out.append(_text(x, y + 4.5, words, anchor, colour))
    return out


def _text(
    x: float, y: float, words: str, anchor: str, colour: str, *, size: int = 14, bold: bool = False
) -> str:
    weight = ' font-weight="600"' if bold else ""
    return (
        f'<text x="{x:.0f}" y="{y:.1f}" text-anchor="{anchor}" fill="{colour}" '
        f'font-size="{size}"{weight}>{html.escape(words)}</text>'
    )
