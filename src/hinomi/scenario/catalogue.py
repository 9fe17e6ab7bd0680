"""The catalogues that ship with the package, and how a scenario's text is laid over them."""

from __future__ import annotations

import copy
import functools
import tomllib
from collections.abc import Mapping
from importlib import resources
from typing import Any

from hinomi.scenario.catalogue_schema import SUPPLY_KINDS

KINDS = ("threat", "radar", "infrared", "interceptor", "line", "price", *SUPPLY_KINDS)
SECTIONS = ("tracking", "warning", "engagement", "industry", "supply", "money")


@functools.cache
def _read() -> dict[str, Any]:
    out: dict[str, Any] = {}
    folder = resources.files("hinomi") / "data" / "catalogue"
    for file in sorted(folder.iterdir(), key=lambda f: f.name):
        if file.name.endswith(".toml"):
            for kind, entries in tomllib.loads(file.read_text(encoding="utf-8")).items():
                out.setdefault(kind, {}).update(entries)
    return out


def catalogue() -> dict[str, Any]:
    """Give a fresh copy of every catalogue: kind -> entry -> key -> value."""
    return copy.deepcopy(_read())


def overlay(base: Any, over: Any) -> Any:
    """Lay a table over another key by key; a number with its source is replaced as a whole."""
    if (
        isinstance(base, Mapping)
        and isinstance(over, Mapping)
        and "value" not in base
        and "value" not in over
    ):
        out = dict(base)
        for key, value in over.items():
            out[key] = overlay(base[key], value) if key in base else value
        return out
    return over


def with_catalogue(given: Mapping[str, Any]) -> dict[str, Any]:
    """Fill a scenario's tables with the catalogue's classes and defaults."""
    base = catalogue()
    document = copy.deepcopy(dict(given))
    document["catalogue"] = overlay({k: base[k] for k in KINDS}, document.get("catalogue", {}))
    for section in SECTIONS:
        if isinstance(document.get(section, {}), dict):
            document[section] = overlay(base[section], document.get(section, {}))
    known = base["architecture"]
    own = document.get("architectures", [{"name": name} for name in known])
    if isinstance(own, list):
        own = [*own, *_bundled(known, own, document.get("study"))]
        document["architectures"] = [_architecture(known, a) for a in own]
    return document


def _bundled(known: Mapping[str, Any], own: list[Any], study: Any) -> list[dict[str, str]]:
    """Bundled architectures that the study compares with the file's own."""
    listed = study.get("architectures") if isinstance(study, dict) else None
    there = {a.get("name") for a in own if isinstance(a, dict)}
    wanted = listed if isinstance(listed, list) else []
    return [{"name": n} for n in known if n in wanted and n not in there]


def _architecture(known: Mapping[str, Any], own: Any) -> Any:
    if not isinstance(own, dict):
        return own
    base = known.get(str(own.get("like", own.get("name"))))
    return overlay(base, own) if base is not None else own
