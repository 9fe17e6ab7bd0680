"""The steps between the two nations on a line of time: who gives to whom, as each source says it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any, Final

from hinomi.evidence.claim import GIVES, Claim, Evidence, Instrument
from hinomi.evidence.conflict import CONFLICT, Group
from hinomi.report.basemap import INK, QUIET_INK, STYLE, svg
from hinomi.study.banner import description

NATIONS: Final = ("Japan", "United States")
AGREED: Final = "#0072B2"
DISPUTED: Final = "#D55E00"
WIDTH: Final = 12.2  # inches
ROW: Final = 0.7  # inches


def instrument_of(quantity: str) -> str:
    """The instrument that a quantity belongs to, or nothing."""
    head, _, rest = quantity.partition(".")
    return rest.partition(".")[0] if head == "instrument" else ""


def directions(group: Group) -> list[tuple[str, list[Claim], bool]]:
    """(who gives to whom, claims that say so, whether another source says otherwise)."""
    disputed = {c.id for p in group.conflicts for c in (p.first, p.second)}
    out: dict[str, list[Claim]] = {}
    for claim in group.claims:
        out.setdefault(claim.printed, []).append(claim)
    return [(way, said, any(c.id in disputed for c in said)) for way, said in out.items()]


def timeline(evidence: Evidence, found: Sequence[Group]) -> Any:
    """Draw one row an instrument: date, title, arrows between two lanes, number of contradictions."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    steps = sorted(evidence.instruments, key=lambda i: (i.date, i.title))
    with mpl.rc_context({**STYLE, "font.size": 9.0}):
        figure = Figure(figsize=(WIDTH, 1.5 + ROW * len(steps)))
        axes = figure.add_axes((0.0, 0.0, 1.0, 1.0))
        height = 1.5 + ROW * len(steps)
        axes.set_xlim(0.0, WIDTH)
        axes.set_ylim(0.0, height)
        axes.axis("off")
        _heads(axes, height)
        for i, step in enumerate(steps):
            mine = [g for g in found if instrument_of(g.quantity) == step.id]
            _row(axes, height - 1.15 - ROW * i, step, mine, striped=i % 2 == 0)
        _key(axes)
    return figure


LEFT, RIGHT, SAID = 5.15, 6.95, 7.75  # lanes of the nations, who says so
_AXIS = (0.35, 1.85)


def _heads(axes: Any, height: float) -> None:
    y = height - 0.42
    for x, words, side in (
        (2.05, "Step", "left"), (LEFT, NATIONS[0], "center"),
        (RIGHT, NATIONS[1], "center"), (SAID, "Who says so, and what", "left"),
    ):  # fmt: skip
        axes.text(x, y, words, ha=side, va="center", fontsize=9.5, fontweight="bold", color=INK)
    for year in range(2022, 2026):
        x = 0.5 * (_at(dt.date(year, 1, 1)) + _at(dt.date(year + 1, 1, 1)))
        axes.text(x, y, f"'{year - 2000}", ha="center", va="center", fontsize=8.5, color=QUIET_INK)
    axes.plot([0.25, WIDTH - 0.15], [height - 0.75] * 2, color=QUIET_INK, lw=0.8)


def _row(axes: Any, y: float, step: Instrument, mine: list[Group], *, striped: bool) -> None:
    from matplotlib.patches import Rectangle

    if striped:
        axes.add_patch(
            Rectangle((0.25, y - 0.5 * ROW), WIDTH - 0.4, ROW, color="#f3f6f9", lw=0, zorder=0)
        )
    axes.plot(_AXIS, [y, y], color="#c5ced6", lw=1.2, zorder=1)
    for year in range(2022, 2027):
        x = _at(dt.date(year, 1, 1))
        axes.plot([x, x], [y - 0.06, y + 0.06], color="#c5ced6", lw=1.0, zorder=1)
    axes.plot(_at(step.date.first), y, "o", ms=7, color=INK, zorder=3)
    odds = [g.title.rpartition(": ")[2] for g in mine if g.worst == CONFLICT]
    lift = 0.1 if odds else 0.0
    style: dict[str, Any] = {"ha": "left", "va": "center"}
    axes.text(2.05, y + 0.1 + lift, step.title, fontsize=9.2, color=INK, **style)
    axes.text(
        2.05,
        y - 0.1 + lift,
        f"{step.date_text}, {step.kind}",
        fontsize=7.6,
        color=QUIET_INK,
        **style,
    )
    if odds:
        axes.text(
            2.05,
            y - 0.21,
            _short(f"at odds: {', '.join(odds)}", 58),
            fontsize=7.2,
            color=DISPUTED,
            **style,
        )
    gives = [g for g in mine if g.quantity.endswith(f".{GIVES}")]
    ways = [way for g in gives for way in directions(g)]
    for k, (way, said, disputed) in enumerate(ways):
        up = 0.0 if len(ways) == 1 else (0.15 if k % 2 == 0 else -0.15)
        _arrow(axes, y + up, way, disputed)
        colour = DISPUTED if disputed else QUIET_INK
        axes.text(
            SAID,
            y + up,
            _short("; ".join(map(_said, said)), 78),
            fontsize=7.2,
            color=colour,
            **style,
        )
    if not ways:
        said = [c for g in mine if not g.quantity.endswith(".date") for c in _telling(g)]
        words = [f"{c.who}: {c.printed}" for c in said]
        for k, line in enumerate(words[:2]):
            up = 0.0 if len(words) == 1 else (0.15 if k == 0 else -0.15)
            colour = DISPUTED if odds else QUIET_INK
            axes.text(SAID, y + up, _short(line, 78), fontsize=7.2, color=colour, **style)


def _telling(group: Group) -> list[Claim]:
    """Two claims of a group: those of its first contradiction where there is one."""
    if group.conflicts:
        return [group.conflicts[0].first, group.conflicts[0].second]
    return list(group.claims[:2])


def _said(claim: Claim) -> str:
    """Who, and what is given: the basis where it names it, else the note."""
    what = claim.note if claim.basis == "direction" else claim.basis
    return f"{claim.who}: {what}" if what else claim.who


def _arrow(axes: Any, y: float, way: str, disputed: bool) -> None:
    colour = DISPUTED if disputed else AGREED
    giver, _, taker = way.partition(" to ")
    style: dict[str, Any] = {
        "arrowstyle": "-|>", "color": colour, "lw": 1.8, "shrinkA": 0, "shrinkB": 0, "mutation_scale": 13,
        "linestyle": (0, (4, 2)) if disputed else "solid",
    }  # fmt: skip
    ends = {NATIONS[0]: LEFT + 0.1, NATIONS[1]: RIGHT - 0.1}
    if giver in ends and taker in ends:
        axes.annotate("", xy=(ends[taker], y), xytext=(ends[giver], y), arrowprops=style)
        return
    middle = 0.5 * (LEFT + RIGHT)
    for x, tip in ((LEFT + 0.1, middle - 0.06), (RIGHT - 0.1, middle + 0.06)):
        axes.annotate("", xy=(tip, y), xytext=(x, y), arrowprops=style)
    axes.plot(middle, y, "o", ms=5, color=colour)


def _key(axes: Any) -> None:
    words = (
        "Blue: no source says otherwise.  Dashed orange: sources contradict each other.  Two arrows to a dot: both"
        " give to a joint project.  No arrow: nothing changes hands."
    )
    axes.text(0.3, 0.2, words, ha="left", va="center", fontsize=7.8, color=QUIET_INK)


def _at(day: dt.date) -> float:
    first, last = dt.date(2022, 1, 1).toordinal(), dt.date(2026, 1, 1).toordinal()
    share = (day.toordinal() - first) / (last - first)
    return _AXIS[0] + (_AXIS[1] - _AXIS[0]) * min(max(share, 0.0), 1.0)


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def timeline_svg(evidence: Evidence, found: Sequence[Group]) -> str:
    """The drawing as inline SVG with its words for screen readers."""
    words = [
        f"{i.title}, {i.date_text}: " + "; ".join(
            f"{c.printed} ({c.who})" for g in found if instrument_of(g.quantity) == i.id
            and g.quantity.endswith(f".{GIVES}") for c in g.claims
        )
        for i in evidence.instruments
    ]  # fmt: skip
    return svg(
        timeline(evidence, found), "steps", title="Steps between Japan and the United States",
        desc=description("study", words),
    )  # fmt: skip
