"""A scenario's document as TOML that reads back as the same document, within the limits on lines."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from typing import Any


def toml_text(document: Mapping[str, Any]) -> str:
    """TOML of a document: plain keys first, then tables and arrays of tables in their order."""
    return "\n".join(_table("", document)) + "\n"


def _table(path: str, table: Mapping[str, Any]) -> list[str]:
    plain = {k: v for k, v in table.items() if not _nested(v)}
    lines = [f"{_key(k)} = {_value(v)}" for k, v in plain.items()]
    for key, value in table.items():
        if key in plain:
            continue
        below = f"{path}.{_key(key)}" if path else _key(key)
        if isinstance(value, Mapping):
            lines += ["", f"[{below}]", *_table(below, value)]
        else:
            for each in value:
                lines += ["", f"[[{below}]]", *_table(below, each)]
    return lines


def _nested(value: object) -> bool:
    """Tables and arrays of tables get headers of their own; a number with its source does not."""
    if isinstance(value, Mapping):
        return "value" not in value
    return isinstance(value, list) and bool(value) and all(isinstance(v, Mapping) for v in value)


def _key(word: str) -> str:
    bare = word.isascii() and word.replace("_", "").replace("-", "").isalnum()
    return word if bare else _quoted(word)


def _value(value: Any) -> str:
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{_key(k)} = {_value(v)}" for k, v in value.items()) + " }"
    if isinstance(value, list):
        inner = [_value(v) for v in value]
        # One a line: a long list would pass the limit on characters and dots of a line.
        return "[" + "".join(f"\n  {v}," for v in inner) + ("\n]" if inner else "]")
    if isinstance(value, dt.datetime | dt.date | dt.time):
        return value.isoformat()
    if isinstance(value, str):
        return _quoted(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    return repr(value)  # whole numbers and floats, inf and nan included


def _quoted(word: str) -> str:
    """A basic string: JSON's escapes are TOML's, but for the one character JSON leaves alone."""
    return json.dumps(word, ensure_ascii=False).replace("\x7f", "\\u007f")
