"""`rules.html`: one file that opens offline, with the comparison in words, curves and tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from hinomi.report import answer_page
from hinomi.rules import figures
from hinomi.rules.compare import Compared
from hinomi.rules.ladder import LINES
from hinomi.rules.words import ROWS, alert_words, false_words, figure_words, price_words, sentences
from hinomi.rules.write import leads_of

PAGE: Final = "rules.html"


def write_page(parts: Sequence[Compared], content: Mapping[str, Any], folder: Path) -> Path:
    """Write the page into the folder of a comparison and return its path."""
    return answer_page.write_page(folder, PAGE, _content(parts, content))


def _content(parts: Sequence[Compared], content: Mapping[str, Any]) -> dict[str, Any]:
    first = parts[0].scenario
    return answer_page.frame(*(p.scenario for p in parts)) | {
        "title": first.title if len(parts) == 1 else f"{len(parts)} scenarios",
        "parts": [
            _part(i, part, told)
            for i, (part, told) in enumerate(zip(parts, content["scenarios"], strict=True))
        ],
        "pooled": false_words(content),
        "pooled_rows": [
            {"key": key, "words": figure_words(x, "false_per_100"), "n": x["n"]}
            for key, x in content["false_per_100_pooled"].items()
        ],
        "several": len(parts) > 1,
    }


def _part(number: int, part: Compared, told: Mapping[str, Any]) -> dict[str, Any]:
    named = list(told["rules"].values())
    return {
        "id": f"s{number}",
        "scenario": part.scenario,
        "told": told,
        "sentences": sentences(told),
        "named": named,
        "figures": _figures(f"s{number}", part, told),
        "rows": [
            {"name": words, "cells": [figure_words(p["figures"][key], key) for p in named]}
            for key, words in ROWS
        ],
        "differences": [
            {"name": name, "cells": [figure_words(x, key) for key, x in pair.items()]}
            for name, pair in told["differences"].items()
        ],
        "prices": [price_words(row) for row in told["cost_loss"]["table"]],
        "best": alert_words(told),
        "ladder": [
            {
                "line": LINES[line],
                "points": [
                    {
                        "hit": f"{p['hit_threshold']:g}",
                        "over": f"{p['over_threshold']:g}",
                        "cells": [
                            figure_words(p["figures"][key], key)
                            for key in ("unserved_share", "idle_people", "alert_s", "flips")
                        ],
                    }
                    for p in points
                ],
            }
            for line, points in told["curves"].items()
        ],
        "assumptions": [a for a in part.scenario.assumptions if a.key.startswith("warning.")],
    }


def _figures(prefix: str, part: Compared, told: Mapping[str, Any]) -> dict[str, str]:
    """Draw what can be drawn; nothing where nobody needed a warning."""
    leads = {p.key: leads_of(part, p.key) for p in part.run.named}
    if not any(people.sum() > 0.0 for _, people in leads.values()):
        return {}
    drawn: dict[str, tuple[Callable[[], Any], str]] = {
        "trade": (lambda: figures.trade_curve(told, LINES), "Trade curve of warning rules"),
        "lead": (
            lambda: figures.lead_curves(leads, told["needed_s"]),
            "Lead times of people in need by warning rule",
        ),
    }
    return {
        name: answer_page.drawing(draw, prefix=f"{prefix}-{name}", title=title, words=[title])
        for name, (draw, title) in drawn.items()
    }
