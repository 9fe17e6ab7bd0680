"""The steps between the two nations by date: who gives to whom, as each source says it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import wrap
from typing import Any, Final

from hinomi.evidence.claim import GIVES, Claim, Evidence, Instrument
from hinomi.evidence.conflict import CONFLICT, Group
from hinomi.report.basemap import INK, QUIET_INK, STYLE, svg
from hinomi.study.banner import description

NATIONS: Final = ("Japan", "United States")
AGREED: Final = "#0072B2"
DISPUTED: Final = "#D55E00"
DISPUTED_INK: Final = "#a33f00"  # dark enough for words
# Inches; a page shows an inch as about a hundred pixels, so 9 points are 12.5 of them.
WIDTH: Final = 10.5
LINE: Final = 0.2
PAD: Final = 0.24
HEAD: Final = 0.62
FOOT: Final = 0.62
STEP, LEFT, RIGHT, SAID = 0.2, 3.85, 5.0, 5.75  # columns: step, lanes of the nations, who says so
STEP_LETTERS, SAID_LETTERS = 44, 68
WORDS_PT: Final = 9.0


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
    """Draw one row an instrument, by date: title, arrows between two lanes, who says so."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    rows = [
        _Row.of(step, [g for g in found if instrument_of(g.quantity) == step.id])
        for step in sorted(evidence.instruments, key=lambda i: (i.date, i.title))
    ]
    height = HEAD + sum(r.height for r in rows) + FOOT
    with mpl.rc_context({**STYLE, "font.size": WORDS_PT}):
        figure = Figure(figsize=(WIDTH, height))
        axes = figure.add_axes((0.0, 0.0, 1.0, 1.0))
        axes.set_xlim(0.0, WIDTH)
        axes.set_ylim(0.0, height)
        axes.axis("off")
        _heads(axes, height)
        top = height - HEAD
        for i, row in enumerate(rows):
            _draw(axes, top, row, striped=i % 2 == 0)
            top -= row.height
        _key(axes)
    return figure


@dataclass(frozen=True, slots=True)
class _Row:
    """A step in lines of words: what it is, and blocks of who says so, each with its way."""

    title: str
    words: tuple[str, ...]
    odds: tuple[str, ...]
    blocks: tuple[tuple[str, bool, tuple[str, ...]], ...]  # way or nothing, disputed, lines

    @classmethod
    def of(cls, step: Instrument, mine: Sequence[Group]) -> _Row:
        """Words of a step from its groups of claims."""
        odds = [g.title.rpartition(": ")[2] for g in mine if g.worst == CONFLICT]
        gives = [g for g in mine if g.quantity.endswith(f".{GIVES}")]
        told = [
            (way, disputed, "; ".join(map(_said, said)))
            for g in gives
            for way, said, disputed in directions(g)
        ]
        if not told:
            said = [c for g in mine if not g.quantity.endswith(".date") for c in _telling(g)][:2]
            told = [("", bool(odds), f"{c.who}: {c.printed}") for c in said]
        return cls(
            title=step.title,
            words=(f"{step.date_text}, {step.kind}",),
            odds=tuple(wrap(f"at odds: {', '.join(odds)}", STEP_LETTERS)) if odds else (),
            blocks=tuple((way, bad, tuple(wrap(text, SAID_LETTERS))) for way, bad, text in told),
        )

    @property
    def height(self) -> float:
        """Inches that all its lines take."""
        left = 1 + len(self.words) + len(self.odds)
        return PAD + LINE * max(left, sum(len(lines) for *_, lines in self.blocks))


def _heads(axes: Any, height: float) -> None:
    y = height - 0.36
    for x, words, side in (
        (STEP, "Step", "left"), (LEFT, NATIONS[0], "center"),
        (RIGHT, NATIONS[1], "center"), (SAID, "Who says so, and what", "left"),
    ):  # fmt: skip
        axes.text(x, y, words, ha=side, va="center", fontsize=10.0, fontweight="bold", color=INK)
    axes.plot([0.1, WIDTH - 0.1], [height - HEAD] * 2, color=QUIET_INK, lw=0.8)


def _draw(axes: Any, top: float, row: _Row, *, striped: bool) -> None:
    from matplotlib.patches import Rectangle

    if striped:
        axes.add_patch(
            Rectangle(
                (0.1, top - row.height), WIDTH - 0.2, row.height, color="#f3f6f9", lw=0, zorder=0
            )
        )
    middle = top - 0.5 * row.height
    left = [(row.title, INK), *((w, QUIET_INK) for w in row.words)]
    left += [(w, DISPUTED_INK) for w in row.odds]
    y = middle + 0.5 * LINE * (len(left) - 1)
    for k, (words, colour) in enumerate(left):
        size = 10.0 if k == 0 else WORDS_PT
        axes.text(STEP, y - k * LINE, words, ha="left", va="center", fontsize=size, color=colour)
    count = sum(len(lines) for *_, lines in row.blocks)
    y = middle + 0.5 * LINE * (count - 1)
    for way, disputed, lines in row.blocks:
        if way:
            _arrow(axes, y - 0.5 * LINE * (len(lines) - 1), way, disputed)
        for words in lines:
            colour = DISPUTED_INK if disputed else QUIET_INK
            axes.text(SAID, y, words, ha="left", va="center", fontsize=WORDS_PT, color=colour)
            y -= LINE


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
    for k, words in enumerate(
        (
            "Blue: no source says otherwise.  Dashed orange: sources contradict each other.  Two arrows to a dot: both"
            " give to a joint project.",
            "No arrow: nothing changes hands.",
        )
    ):
        axes.text(
            STEP, 0.36 - k * LINE, words, ha="left", va="center", fontsize=WORDS_PT, color=QUIET_INK
        )


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
