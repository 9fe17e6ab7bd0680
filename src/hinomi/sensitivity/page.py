"""`sensitivity.html`: one file that opens offline, what the conclusion hangs on first."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from hinomi.report import answer_page
from hinomi.scenario.model import Scenario
from hinomi.sensitivity import figures
from hinomi.sensitivity.answer import effects_of, not_run
from hinomi.sensitivity.words import hang_words, rest_words, span
from hinomi.settings.measures import number, unit_of, words_of
from hinomi.study.figure_words import same_words

PAGE: Final = "sensitivity.html"
Told = Mapping[str, Any]


def write_page(content: Told, scenario: Scenario, folder: Path) -> Path:
    """Write the page into the folder of an answer and return its path."""
    return answer_page.write_page(folder, PAGE, page_content(content, scenario))


def page_content(content: Told, scenario: Scenario) -> dict[str, Any]:
    """What the template shows."""
    return {
        **answer_page.frame(scenario),
        "told": content,
        "hangs": hang_words(content),
        "rest": rest_words(content),
        "band": _band(content),
        "targets": [
            {
                "id": f"t{i}",
                "name": target.replace("_", " "),
                "first": i == 0,
                "figures": [_figure(content, target, name, i, k)
                            for k, name in enumerate(content["figures"])],
            }
            for i, target in enumerate(content["targets"])
        ],
        "keys": content["keys"],
    }  # fmt: skip


def _figure(content: Told, target: str, name: str, i: int, k: int) -> dict[str, Any]:
    rows = effects_of(content, target, name)
    moved = [(key, sides) for key, sides in rows if _moves(sides)]
    words = [f"{key['key']}: {_cell(sides, 'low', name)['value']} at its low, "
             f"{_cell(sides, 'high', name)['value']} at its high."
             for key, sides in moved[: figures.SHOWN]]  # fmt: skip
    return {
        "title": f"{words_of(name)[:1].upper()}{words_of(name)[1:]}, {unit_of(name)}",
        "base": span(content["results"][target][name]["base"], name),
        "picture": _svg(content, target, name, prefix=f"s{i}x{k}", words=words),
        "rows": [_row(content, key, sides, name) for key, sides in moved],
        "still": [key["key"] for key, sides in rows if not _moves(sides)],
        "difference": " minus " in target,
    }


def _moves(sides: Told) -> bool:
    return any(e["change"]["value"] for e in sides.values())


def _row(content: Told, key: Told, sides: Told, name: str) -> dict[str, Any]:
    unit = "" if key["unit"] == "1" else f" {key['unit']}"
    return {
        "key": key["key"],
        "range": f"{key['low']:g} to {key['high']:g}, as it is {key['value']:g}{unit}",
        "grade": key["grade"],
        "low": _cell(sides, "low", name) | {"why": not_run(content, key["key"], "low")},
        "high": _cell(sides, "high", name) | {"why": not_run(content, key["key"], "high")},
    }


def _cell(sides: Told, side: str, name: str) -> dict[str, str]:
    if side not in sides or sides[side]["change"]["value"] is None:
        return {"value": "-", "interval": "", "verdict": ""}
    e = sides[side]
    low, high = (number(e["change"][k], name, signed=True) for k in ("low", "high"))
    left = f", {e['left_out']} left out" if e["left_out"] else ""
    return {
        "value": number(e["change"]["value"], name, signed=True),
        "interval": (
            same_words(e["change"])
            or (f"{low} to {high}" if e["change"]["low"] is not None else "")
        )
        + left,
        "verdict": e["verdict"] if e["verdict"] not in ("holds", "open") else "",
    }


def _band(content: Told) -> dict[str, Any] | None:
    found = content["band"]
    if found is None:
        return None
    rows = []
    for target, by_name in found["results"].items():
        for name, told in by_name.items():
            if told["value"] is None:
                continue
            chance, assumed = told["chance"], told["assumptions"]
            rows.append({
                "target": target.replace("_", " "),
                "name": f"{words_of(name)}, {unit_of(name)}",
                "value": number(told["value"], name),
                "chance": same_words(chance)
                or f"{number(chance['low'], name)} to {number(chance['high'], name)}",
                "assumed": f"{number(assumed['low'], name)} to {number(assumed['high'], name)}",
                "sign": f"{told['same_sign']} of {told['settings']}"
                if " minus " in target else "",
            })  # fmt: skip
    return {**found, "rows": rows}


def _svg(content: Told, target: str, name: str, *, prefix: str, words: list[str]) -> str:
    return answer_page.drawing(
        lambda: figures.tornado(content, target, name),
        prefix=prefix,
        title=f"What moves {words_of(name)}, {target.replace('_', ' ')}",
        words=words,
    )
