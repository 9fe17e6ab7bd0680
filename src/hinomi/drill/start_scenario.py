"""A scenario with what a plan's injects change in it from the start: night, visitors, a second raid."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from typing import Any, Final

from hinomi.scenario.text import parse_text
from hinomi.scenario.toml_text import toml_text

FROM_THE_START: Final = ("night", "visitors", "second-raid")
LONGEST_S: Final = 14_400.0  # limit of `study.t_end_s`


def staged_text(text: str, name: str, injects: Sequence[Mapping[str, Any]]) -> str:
    """Text of the scenario as the exercise plays it; the same text where nothing changes.

    injects
        rows of the plan with `kind` and `at_s`; other kinds are passed over.
    """
    kinds = [i for i in injects if i.get("kind") in FROM_THE_START]
    if not kinds:
        return text
    document = copy.deepcopy(parse_text(text, name))
    for inject in kinds:
        if inject["kind"] == "night":
            _set(document, "night", True)
            document.get("warning", {}).pop("local_time_h", None)
        elif inject["kind"] == "visitors":
            _set(document, "holiday", True)
        else:
            _second_raid(document, float(inject.get("at_s", 0.0)))
    return toml_text(document)


def _set(document: dict[str, Any], key: str, value: object) -> None:
    warning = document.get("warning")
    if isinstance(warning, dict):
        warning[key] = value


def _second_raid(document: dict[str, Any], at_s: float) -> None:
    """The scenario's own groups once more, later; nothing else about them changes."""
    study, threats = document.get("study"), document.get("threats")
    if not isinstance(study, dict) or not isinstance(threats, list):
        return
    again = []
    for group in threats:
        later = copy.deepcopy(group)
        later["name"] = f"{group.get('name', 'group')}-again"
        for key in ("start_low_s", "start_high_s"):
            later[key] = _moved(later.get(key, 0.0), at_s)
        again.append(later)
    document["threats"] = [*threats, *again]
    study["t_end_s"] = _moved(study.get("t_end_s", 1200.0), at_s, most=LONGEST_S)


def _moved(given: Any, by: float, *, most: float = LONGEST_S) -> Any:
    if isinstance(given, dict):
        return {
            k: min(most, v + by) if k in ("value", "low", "high") else v for k, v in given.items()
        }
    return min(most, float(given) + by)
