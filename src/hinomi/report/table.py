"""Tables of a page: a caption, heads that say what they head, and a box that scrolls by keyboard."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final

from markupsafe import Markup, escape

Row = Sequence[object]
Group = tuple[object, Sequence[Row]]
_BOX: Final = Markup(
    '<div class="scroll" role="region" tabindex="0" aria-label="{}"><table{}>{}<thead><tr>{}</tr></thead>'
    "<tbody>{}</tbody></table></div>"
)


def cell(value: object, small: object = "") -> Markup:
    """A figure with its interval or another remark under it."""
    if not small:
        return escape(value)
    return Markup('{}<span class="interval">{}</span>').format(value, small)


def table(
    head: Sequence[object],
    rows: Sequence[Row],
    *,
    label: str,
    caption: object = "",
    text: Collection[int] = (),
    wide: str = "",
) -> Markup:
    """Write a table whose first column names the row.

    Parameters
    ----------
    label
        plain text for screen readers: what scrolls here.
    text
        columns that hold words and stand at the left, besides the first.
    wide
        `wide` or `wider`: scrolls on a phone rather than being squeezed.
    """
    return _frame(head, _rows(rows, text), label=label, caption=caption, text=text, wide=wide)


def grouped(
    head: Sequence[object],
    groups: Sequence[Group],
    *,
    label: str,
    caption: object = "",
    text: Collection[int] = (),
    wide: str = "",
) -> Markup:
    """Write a table whose first column names several rows together; columns count from there."""
    body = Markup("")
    for name, rows in groups:
        for i, row in enumerate(rows):
            first = Markup("")
            if i == 0:
                span = Markup(' rowspan="{}"').format(len(rows))
                first = Markup('<th scope="rowgroup" class="text"{}>{}</th>').format(span, name)
            cells = _cells(row, text, 1)
            body += Markup("<tr>{}{}</tr>\n").format(first, cells)
    return _frame(head, body, label=label, caption=caption, text=text, wide=wide)


def _rows(rows: Sequence[Row], text: Collection[int]) -> Markup:
    return Markup("").join(
        Markup('<tr><th scope="row" class="text">{}</th>{}</tr>\n').format(
            row[0], _cells(row[1:], text, 1)
        )
        for row in rows
    )


def _cells(values: Row, text: Collection[int], first: int) -> Markup:
    plain, words = Markup("<td>{}</td>"), Markup('<td class="text">{}</td>')
    return Markup("").join(
        (words if i in text else plain).format(value) for i, value in enumerate(values, first)
    )


def _frame(
    head: Sequence[object],
    body: Markup,
    *,
    label: str,
    caption: object,
    text: Collection[int],
    wide: str,
) -> Markup:
    heads = Markup("").join(
        Markup('<th scope="col"{}>{}</th>').format(
            Markup(' class="text"') if i == 0 or i in text else "", name
        )
        for i, name in enumerate(head)
    )
    named = Markup("<caption>{}</caption>").format(caption) if caption else ""
    kind = Markup(' class="{}"').format(wide) if wide else ""
    return _BOX.format(label, kind, named, heads, body)
