"""`sweep.html`: one file that opens offline, the answer in sentences first."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from hinomi.report import answer_page
from hinomi.scenario.model import Scenario
from hinomi.settings.measures import unit_of, words_of
from hinomi.sweep import figures
from hinomi.sweep.words import LIFTED, failed_words, moves, pretty, sentences, shown, span

PAGE: Final = "sweep.html"
MOST_ROWS: Final = 200  # of the table of settings; all are in points.csv
Told = Mapping[str, Any]
_WORDS: Final = {
    "grid": "every combination of the settings",
    "lhs": "a Latin hypercube: each key takes every part of its range equally often",
    "morris": "Morris trajectories: one key moves at a step",
    "sobol": "Sobol's matrices: shares of the variance over the whole box",
}


def write_page(content: Told, scenario: Scenario, folder: Path) -> Path:
    """Write the page into the folder of an answer and return its path."""
    return answer_page.write_page(folder, PAGE, page_content(content, scenario))


def page_content(content: Told, scenario: Scenario) -> dict[str, Any]:
    """What the template shows."""
    failed = failed_words(content)
    return {
        **answer_page.frame(scenario),
        "told": content,
        "design": _WORDS[content["design"]["name"]],
        "sentences": [s for s in sentences(content) if s not in failed],
        "failed": failed,
        "threats": [k["key"] for k in content["keys"] if k["threat"]],
        "targets": [
            {
                "id": f"t{i}",
                "name": pretty(target),
                "figures": [_figure(content, target, name, f"w{i}x{j}")
                            for j, name in enumerate(content["figures"])],
            }
            for i, target in enumerate(content["targets"])
        ],
        "table": _table(content),
        "keys": [{**k, "settings": _settings(k)} for k in content["keys"]],
    }  # fmt: skip


def _settings(key: Told) -> str:
    if key["values"]:
        return ", ".join(shown(v) for v in key["values"])
    return f"{key['low']:g} to {key['high']:g}"


def _figure(content: Told, target: str, name: str, prefix: str) -> dict[str, Any]:
    found = content["results"][target][name]
    words = [
        f"{key}: " + "; ".join(f"at {shown(s['setting'])} {span(s, name)}" for s in steps)
        for key, steps in found["curves"].items()
    ]
    about = f"{words_of(name)}, {pretty(target)}"
    drawn: list[tuple[str, Callable[[], Any], str, str]] = [
        ("c", lambda: figures.curves(content, target, name), f"Curves of {about}",
         "Line and band: mean over all other settings, with its 95 % interval of chance; grey dots: "
         "single settings; dotted line: the scenario as it is; diamond: where the key is now.")
    ]  # fmt: skip
    for i, pair in enumerate(figures.heat_pairs(content)):
        drawn.append((f"h{i}", lambda pair=pair: figures.heat(content, target, name, pair),  # type: ignore[misc]
                      f"Map of {about}", "Mean over the other keys at each pair of settings, in the "
                      "order of the settings."))  # fmt: skip
    if found["indices"] and _defined(found["indices"]["keys"]):
        told = found["indices"]
        more = " Drawn kills are replaced by their probabilities." if told["smoothed"] else ""
        if content["design"]["name"] == "morris":
            more += f" Mean size of effects: {LIFTED}."
        drawn.append(("i", lambda: figures.index_bars(content, target, name), f"Indices of {about}",
                      f"{told['rows']} rows of the design, {told['raids']} raids; intervals 95 %, by a "
                      f"bootstrap over rows and raids.{more}"))  # fmt: skip
    if len(found["order"]) > 1 and not found["indices"]:
        drawn.append(("t", lambda: figures.tornado(content, target, name), f"Tornado of {about}",
                      "From the mean over the whole design to the mean at the first (blue) and the "
                      "last (orange) setting of a key; whiskers: paired 95 % interval."))  # fmt: skip
    if not moves(content, target, name):
        drawn = []
    return {
        "title": f"{words_of(name)[:1].upper()}{words_of(name)[1:]}, {unit_of(name)}",
        "base": span(found["base"], name),
        "pictures": [
            {
                "svg": answer_page.drawing(
                    draw, prefix=f"{prefix}{letter}", title=title, words=words
                ),
                "caption": caption,
            }
            for letter, draw, title, caption in drawn
        ],
    }


def _defined(keys: Told) -> bool:
    return any(i["value"] is not None for by_index in keys.values() for i in by_index.values())


def _table(content: Told) -> dict[str, Any]:
    target = content["targets"][0]
    names = list(content["figures"])
    return {
        "target": pretty(target),
        "head": [k["key"] for k in content["keys"]],
        "figures": [f"{words_of(n)}, {unit_of(n)}" for n in names],
        "rows": [
            {
                "settings": [shown(v) for v in p["settings"].values()],
                "cells": [span(p["results"][target][n], n, unit=False) for n in names],
                "failed": bool(p["failed"]),
            }
            for p in content["points"][:MOST_ROWS]
        ],
        "left": max(0, len(content["points"]) - MOST_ROWS),
    }
