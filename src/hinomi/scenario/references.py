"""Names in a scenario that must mean something: classes, owners, architectures, no name twice."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from hinomi.scenario.mistakes import Mistake, nearest
from hinomi.scenario.supply_names import supply_mistakes
from hinomi.scenario.text import KeyPath


def find_mistakes(document: Mapping[str, Any]) -> list[Mistake]:
    """Names that point nowhere or are used twice; tolerant of tables of a wrong type."""
    classes = {
        k: _keys(_table(document, "catalogue").get(k)) for k in _table(document, "catalogue")
    }
    nations = [n for n in _list(document, "nations") if isinstance(n, str)]
    out = [*_doubles(document)]
    for section, kind in (("threats", "threat"), ("radars", "radar"), ("infrared", "infrared")):
        for i, unit in _tables(document, section):
            out += _known(
                (section, i, "class"), unit.get("class"), classes.get(kind, []), f"{kind} class"
            )
    for section in ("radars", "infrared", "batteries"):
        for i, unit in _tables(document, section):
            out += _known(
                (section, i, "owner"), unit.get("owner"), nations, "nation of this scenario"
            )
    for i, battery in _tables(document, "batteries"):
        out += _known(
            ("batteries", i, "radar"), battery.get("radar"), classes.get("radar", []), "radar class"
        )
        for weapon in _keys(battery.get("magazines")):
            path = ("batteries", i, "magazines", weapon)
            out += _known(path, weapon, classes.get("interceptor", []), "interceptor class")
    out += _study(document)
    industry, warning = _table(document, "industry"), _table(document, "warning")
    for key, kind in (("lines", "line"), ("prices", "price")):
        for name in industry.get(key, []) if isinstance(industry.get(key), list) else []:
            out += _known(
                ("industry", key), name, classes.get(kind, []), f"{kind} of the catalogue"
            )
    out += supply_mistakes(document)
    out += _known(
        ("warning", "alerting_nation"),
        warning.get("alerting_nation"),
        nations,
        "nation of this scenario",
    )
    for i, architecture in _tables(document, "architectures"):
        given = architecture.get("refusals")
        for j, refusal in enumerate(given if isinstance(given, list) else []):
            if isinstance(refusal, dict):
                out += _refusal(("architectures", i, "refusals", j), refusal, nations)
    if warning.get("unit") == "block" and not warning.get("blocks"):
        out.append(
            Mistake(
                ("warning", "blocks"),
                'is missing; unit = "block" needs the prefectures of each block',
            )
        )
    return out


def _refusal(
    path: KeyPath, refusal: Mapping[str, Any], nations: Iterable[str]
) -> Iterator[Mistake]:
    for key in ("sender", "receiver"):
        yield from _known((*path, key), refusal.get(key), nations, "nation of this scenario")
    if refusal.get("sender") is not None and refusal.get("sender") == refusal.get("receiver"):
        yield Mistake(
            (*path, "receiver"),
            "is the sender too; a nation keeps nothing from itself",
            refusal.get("receiver"),
            True,
        )


def _study(document: Mapping[str, Any]) -> Iterator[Mistake]:
    study = _table(document, "study")
    names = [a.get("name") for _, a in _tables(document, "architectures")]
    known = [n for n in names if isinstance(n, str)]
    for key in ("architectures", "headline", "beside"):
        for name in study.get(key) or [] if isinstance(study.get(key) or [], list) else []:
            yield from _known(("study", key), name, known, "architecture of this scenario")
    variants = [
        v["name"] for _, v in _tables(document, "variants") if isinstance(v.get("name"), str)
    ]
    companions = study.get("companions")
    for i, companion in enumerate(companions if isinstance(companions, list) else []):
        if isinstance(companion, dict):
            yield from _known(
                ("study", "companions", i, "variant"),
                companion.get("variant"),
                variants,
                "variant of this scenario",
            )


def _doubles(document: Mapping[str, Any]) -> Iterator[Mistake]:
    """Find names used twice among units, threats, architectures or variants."""
    for sections in (
        ("threats",),
        ("radars", "infrared", "batteries"),
        ("architectures",),
        ("variants",),
    ):
        seen: dict[str, str] = {}
        for section in sections:
            for i, unit in _tables(document, section):
                name = unit.get("name")
                if isinstance(name, str):
                    if name in seen:
                        yield Mistake(
                            (section, i, "name"),
                            f"is used twice, first in {seen[name]}",
                            name,
                            True,
                        )
                    seen.setdefault(name, section)


def _known(path: KeyPath, name: object, names: Iterable[str], what: str) -> Iterator[Mistake]:
    names = list(names)
    # Where there is nothing to point at, that itself is the mistake, told elsewhere.
    if isinstance(name, str) and names and name not in names:
        yield Mistake(
            path, f"is no {what}", name, True, f"one of {', '.join(names)}", nearest(name, names)
        )


def _table(document: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    found = document.get(key)
    return found if isinstance(found, Mapping) else {}


def _list(document: Mapping[str, Any], key: str) -> list[Any]:
    found = document.get(key)
    return found if isinstance(found, list) else []


def _keys(table: object) -> list[str]:
    return [str(k) for k in table] if isinstance(table, Mapping) else []


def _tables(document: Mapping[str, Any], key: str) -> Iterator[tuple[int, Mapping[str, Any]]]:
    for i, item in enumerate(_list(document, key)):
        if isinstance(item, Mapping):
            yield i, item
