"""Mistakes in words: file, line, key path, what is wrong, value, limit, unit, nearest name."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ValidationError

from hinomi.scenario.quantity import unit_of
from hinomi.scenario.text import KeyPath, line_of

_WORDS = {
    "missing": "is missing",
    "extra_forbidden": "unknown key",
    "string_type": "is not text",
    "bool_type": "is neither true nor false",
    "list_type": "is not a list",
    "dict_type": "is not a table",
    "model_type": "is not a table",
    "model_attributes_type": "is not a table",
    "float_type": "is not a number",
    "int_type": "is not a whole number",
    "finite_number": "is not a finite number",
    "datetime_type": "is not a date and time such as 2025-09-15T10:30:00Z",
    "timezone_aware": "has no time zone; write for example 2025-09-15T10:30:00Z",
    "union_tag_not_found": "is missing",
}


@dataclass(frozen=True)
class Mistake:
    """One thing to correct."""

    path: KeyPath
    what: str
    given: object = None
    has_value: bool = False
    limit: str = ""
    near: str = ""
    fence: bool = False

    def text(self, name: str, lines: Mapping[KeyPath, int], document: object) -> str:
        """`file:line: key.path: what (given: x; limit; unit); did you mean ...`."""
        line = line_of(dict(lines), self.path)
        where = f"{name}:{line}" if line else name
        named = [s for s in self.path if s not in ("value", "low", "high")][
            -1:
        ]  # parts of a number
        unit = unit_of(named[0]) if named and isinstance(named[0], str) else "1"
        facts = [f"given: {_short(self.given)}"] if self.has_value else []
        facts += [f"limit: {self.limit}"] if self.limit else []
        facts += [f"unit: {unit}"] if unit != "1" and (self.has_value or self.limit) else []
        tail = f" ({'; '.join(facts)})" if facts else ""
        near = f"; did you mean {self.near!r}?" if self.near else ""
        return f"{where}: {path_words(self.path, document)}: {self.what}{tail}{near}"


def _short(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.10g}"
    text = repr(value) if isinstance(value, str | float | int | bool) else type(value).__name__
    return {"dict": "a table", "list": "a list", "NoneType": "nothing"}.get(text, text)[:80]


def nearest(word: str, names: Iterable[str]) -> str:
    """Find the most similar name, or the only one that begins so, or nothing."""
    known = list(names)
    found = difflib.get_close_matches(word, known, n=1, cutoff=0.55)
    begun = [name for name in known if len(word) > 1 and name.startswith(word)]
    return found[0] if found else begun[0] if len(begun) == 1 else ""


def path_words(path: KeyPath, document: object) -> str:
    """`radars[Shariki].lat_deg`: list items by their name where they have one."""
    words = ""
    node: Any = document
    for step in path:
        node = _step(node, step)
        if isinstance(step, int):
            name = node.get("name") if isinstance(node, dict) else None
            words += f"[{name if isinstance(name, str) else step}]"
        else:
            words += f".{step}" if words else str(step)
    return words or "the scenario"


def _step(node: Any, step: str | int) -> Any:
    try:
        return node[step]
    except (KeyError, IndexError, TypeError):
        return None


def _real_path(loc: tuple[Any, ...], document: object, missing: bool) -> KeyPath:
    """Drop the steps that pydantic inserts: union tags, and `value` of a plain number."""
    path: list[str | int] = []
    node: Any = document
    for i, step in enumerate(loc):
        last = i == len(loc) - 1
        inside = (isinstance(node, dict) and step in node) or (
            isinstance(node, list) and isinstance(step, int) and step < len(node)
        )
        if inside:
            path.append(step)
            node = node[step]
        elif last and missing:
            path.append(step)
    return tuple(path)


def _fields_at(model: type[BaseModel], path: KeyPath) -> list[str]:
    """Names that are valid keys of the table at a path."""
    models = [model]
    for step in path:
        found: list[type[BaseModel]] = []
        for m in models:
            if isinstance(step, int):
                found.append(m)
                continue
            for name, field in m.model_fields.items():
                if step in (name, field.alias):
                    found += _models_in(field.annotation)
        models = found or models
    return [f.alias or n for m in models for n, f in m.model_fields.items()]


def _models_in(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    inner = getattr(annotation, "__args__", ())
    return [m for a in inner for m in _models_in(a)]


def from_validation(
    error: ValidationError, document: object, model: type[BaseModel]
) -> list[Mistake]:
    """Every mistake that the schema found, in our own words."""
    out = []
    for e in error.errors(include_url=False):
        kind, context = e["type"], e.get("ctx", {})
        path = _real_path(e["loc"], document, kind in ("missing", "union_tag_not_found"))
        given, has_value = e["input"], True
        what, near, limit = _WORDS.get(kind, ""), "", str(context.get("limit", ""))
        if kind == "extra_forbidden":
            near = nearest(str(path[-1]) if path else "", _fields_at(model, path[:-1]))
            if not near and isinstance(given, dict | list):
                has_value = False
        elif kind in ("missing", "union_tag_not_found"):
            has_value = False
            if kind == "union_tag_not_found":
                path = (*path, "orbit")
        elif kind in ("literal_error", "union_tag_invalid"):
            allowed = str(context.get("expected") or context.get("expected_tags"))
            given = context.get("tag", given)
            what, limit = "is none of the names allowed here", allowed.replace("'", "")
            near = nearest(
                str(given), [w.strip(" '") for w in allowed.replace(" or ", ",").split(",")]
            )
        elif kind in ("limit", "fence", "number"):
            given = context.get("given", given)
            given = given.get("value") if isinstance(given, dict) else given
            what = e["msg"]
        elif not what:
            what = e["msg"][:1].lower() + e["msg"][1:]
            has_value = not isinstance(given, dict | list | BaseModel)
            limit = ", ".join(f"{k} {v}" for k, v in context.items() if isinstance(v, int | float))
        out.append(Mistake(path, what, given, has_value, limit, near, fence=kind == "fence"))
    return out
