"""What a notebook shows of results: small tables that take the page's own colours, dark or light.

All text is escaped; nothing is fetched, nothing runs, and no colour but the page's own is used.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from html import escape
from typing import Any, Final, final

from hinomi.study.figure_words import words
from hinomi.study.summary import HEADLINES

# `currentColor` and `inherit` keep tables readable on any ground.
PLAIN: Final = (
    "border:0;border-bottom:1px solid currentColor;padding:.15em .6em;"
    "color:inherit;background:transparent;"
)
LEFT: Final = f"{PLAIN}text-align:left"
RIGHT: Final = f"{PLAIN}text-align:right;white-space:nowrap"
TABLE: Final = "border-collapse:collapse;font-size:88%;color:inherit;background:transparent"
NOTE: Final = "font-size:85%;margin:.3em 0;opacity:.85"

HOLDS: Final = (
    "[low, high]: 95 %, chance over replicates, not what is assumed; of network_cost_musd the range "
    "that the scenario states"
)


@final
class Shown(dict[str, Any]):
    """A plain dictionary that a notebook draws as a table."""

    def __init__(self, content: Mapping[str, Any], draw: Callable[[Mapping[str, Any]], str]):
        super().__init__(content)
        self._draw = draw

    def _repr_html_(self) -> str:
        return self._draw(self)


def grid(
    caption: str, head: Sequence[str], rows: Iterable[Sequence[str]], *, text: bool = False
) -> str:
    """One table; the first cell of each row names it. `text`: cells hold sentences, not figures."""
    cell = LEFT if text else RIGHT
    top = "".join(
        f'<th style="{LEFT if i == 0 else cell}">{escape(h)}</th>' for i, h in enumerate(head)
    )
    body = "".join(
        f'<tr style="background:transparent"><th style="{LEFT};white-space:nowrap">{escape(first)}</th>'
        + "".join(f'<td style="{cell}">{escape(told)}</td>' for told in cells)
        + "</tr>"
        for first, *cells in rows
    )
    return (
        f'<div style="overflow-x:auto"><table style="{TABLE}">'
        f'<caption style="{NOTE};text-align:left;color:inherit">{escape(caption)}</caption>'
        f"<thead><tr>{top}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def note(text: str) -> str:
    """One small line below a table."""
    return f'<p style="{NOTE}">{escape(text)}</p>'


def summary_html(told: Mapping[str, Any]) -> str:
    """Headline figures of each architecture, then their paired differences."""
    title = f"STUDY 研究 - {told['scenario']}: n = {told['replicates']}, seed {told['seed']}"
    figures = told["architectures"]
    out = [grid(title, ["headline", "unit", *figures], _rows(figures))]
    if told["differences"]:
        out.append(differences_html(told["differences"]))
    out.append(note(HOLDS))
    return "".join(out)


def differences_html(pairs: Mapping[str, Mapping[str, Any]]) -> str:
    """All headlines of each pair."""
    title = "Differences, first minus second, replicate by replicate on the same draws"
    return grid(title, ["headline", "unit", *pairs], _rows(pairs))


def difference_html(pairs: Mapping[str, Any]) -> str:
    """One headline: a row for each pair or architecture."""
    head = ["", "difference", "unit", "p of sign flips", "replicates"]
    rows = []
    for pair, figure in pairs.items():
        p = figure.get("p_sign_flip")
        told = "-" if p is None else f"{p:.2g}"
        rows.append([pair, words(figure), figure["unit"], told, str(figure["n"])])
    return grid("Replicate by replicate on the same draws", head, rows)


def _rows(columns: Mapping[str, Mapping[str, Any]]) -> list[list[str]]:
    found: Mapping[str, Any] = next(iter(columns.values()), {})
    return [
        [name, found[name]["unit"], *(words(column[name]) for column in columns.values())]
        for name in HEADLINES
        if name in found
    ]


def scenarios_html(titles: Mapping[str, Any]) -> str:
    """Names and titles of the bundled scenarios."""
    return grid("Bundled scenarios", ["name", "title"], list(titles.items()), text=True)
