"""A scenario like a bundled one: `like = "NAME"`, what differs, and `without = [...]`.

Tables are laid over the other's key by key. Sections that have names (radars, infrared, batteries,
architectures, variants) are laid over the section of the same name, or added. Threats and facts are
never mixed: a file that gives any gives all, so what flies always stands in one place.
"""

from __future__ import annotations

import copy
import tomllib
from collections.abc import Mapping
from importlib import resources
from typing import Any, Final

from hinomi.errors import ScenarioError
from hinomi.scenario.catalogue import overlay
from hinomi.scenario.changes import split_key
from hinomi.scenario.mistakes import nearest
from hinomi.scenario.text import KeyPath, line_numbers, parse_text
from hinomi.scenario.toml_text import toml_text

LIKE: Final = "like"
WITHOUT: Final = "without"
NAMED: Final = ("radars", "infrared", "batteries", "architectures", "variants")
WHOLE: Final = ("threats", "facts")
DEEPEST: Final = 4  # a scenario like a scenario like a scenario ...


def whole_text(text: str, name: str) -> str:
    """The text itself, or where it says `like` the whole scenario written out as one TOML text."""
    given = parse_text(text, name)
    if LIKE not in given:
        return text
    document = laid_over(given, name)
    head = f"# Written out from a file that is like {given[LIKE]}: every key that holds, none left out.\n\n"
    return head + toml_text(document)


def laid_over(given: Mapping[str, Any], name: str, depth: int = 0) -> dict[str, Any]:
    """Document of a scenario with `like` and `without` carried out.

    Raises
    ------
    ScenarioError
        when `like` names no bundled scenario, `without` nothing that is there, or it goes too deep.
    """
    own = {k: v for k, v in given.items() if k not in (LIKE, WITHOUT)}
    if LIKE not in given:
        if WITHOUT in given:
            raise ScenarioError(
                f"{name}: without: means nothing alone; it takes sections of the scenario that "
                'like = "NAME" names away'
            )
        return own
    base = _bundled(given[LIKE])
    if base is None:
        raise ScenarioError(
            f"{name}: like: {given[LIKE]!r} is no bundled scenario; `hinomi scenarios` lists them "
            "(a file of one's own cannot be named: copy it)"
        )
    if depth >= DEEPEST:
        raise ScenarioError(
            f"{name}: like: goes deeper than {DEEPEST} scenarios; name the first of them"
        )
    under = laid_over(base, given[LIKE], depth + 1)
    _take_out(under, given.get(WITHOUT, []), name)
    for key, value in own.items():
        if key in NAMED and isinstance(value, list) and isinstance(under.get(key), list):
            under[key] = _merged(under[key], value)
        elif key in WHOLE or key not in under:
            under[key] = copy.deepcopy(value)
        else:
            under[key] = overlay(under[key], value)
    return under


def _bundled(name: object) -> dict[str, Any] | None:
    folder = resources.files("hinomi") / "data" / "scenarios"
    for file in folder.iterdir():
        if file.name == f"{name}.toml":
            return tomllib.loads(file.read_text(encoding="utf-8"))
    return None


def lines_of(
    text: str, given: Mapping[str, Any], document: Mapping[str, Any]
) -> dict[KeyPath, int]:
    """Lines of a text by the path that each key has in the whole document."""
    at: dict[KeyPath, KeyPath] = {
        (section, i): (section, _place(document.get(section), item, i))
        for section in NAMED
        for i, item in enumerate(given[section] if isinstance(given.get(section), list) else [])
    }
    return {(*at.get(path[:2], path[:2]), *path[2:]): n for path, n in line_numbers(text).items()}


def _place(items: Any, item: Any, otherwise: int) -> int:
    name = item.get("name") if isinstance(item, Mapping) else None
    for i, other in enumerate(items if isinstance(items, list) else []):
        if isinstance(other, Mapping) and name is not None and other.get("name") == name:
            return i
    return otherwise


def _merged(under: list[Any], over: list[Any]) -> list[Any]:
    out = list(under)
    first = len(out)  # two of one name in the file itself stay two, and are told as a mistake
    for item in over:
        i = _place(out[:first], item, len(out))
        out[i : i + 1] = [overlay(out[i], item) if i < first else copy.deepcopy(item)]
    return out


def _take_out(document: dict[str, Any], keys: Any, name: str) -> None:
    if not isinstance(keys, list) or not all(isinstance(k, str) for k in keys):
        raise ScenarioError(
            f'{name}: without: is a list of sections, such as ["facts", "radars[Shariki]"]'
        )
    for key in keys:
        section, *rest = split_key(key)
        items = document.get(section)
        names = [str(i.get("name")) for i in items] if isinstance(items, list) else []
        if items is None or len(rest) > 1 or (rest and rest[0][1:-1] not in names):
            near = nearest(key, [*document, *(f"{section}[{n}]" for n in names)])
            tail = f"; did you mean {near!r}?" if near else ""
            raise ScenarioError(
                f"{name}: without: {key} is no section of the other scenario; write a whole "
                f"section or one with its name, such as radars[Shariki]{tail}"
            )
        if rest:
            document[section] = [i for i in items if i.get("name") != rest[0][1:-1]]
        else:
            del document[section]
