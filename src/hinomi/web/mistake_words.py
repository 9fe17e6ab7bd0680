"""A line of a scenario check in its parts: key, line, value, limit, the nearest name."""

from __future__ import annotations

import re
from typing import Any, Final

_MISTAKE: Final = re.compile(
    r"^(?P<name>[^:\n]*?)(?::(?P<line>\d+))?: (?P<key>[^\s:]+): (?P<what>.*)$"
)
_FACTS: Final = re.compile(r" \((?P<facts>(?:given|limit|unit): .*)\)")
_NEAR: Final = re.compile(r"; did you mean '(?P<near>[^']*)'\?")
_LINE: Final = re.compile(r"(?::|line )(\d+)")
PARTS: Final = {"given": "value", "limit": "limit", "unit": "unit"}


def problem(words: str, severity: str) -> dict[str, Any]:
    """One line as `key`, `line`, `message`, `value`, `limit`, `unit`, `nearest`; `words` is all of it."""
    told: dict[str, Any] = dict.fromkeys(("key", "line", "value", "limit", "unit", "nearest"))
    told |= {"message": words, "severity": severity, "words": words}
    found = _MISTAKE.match(words)
    if found is None:
        line = _LINE.search(words)
        return told | {"line": int(line[1]) if line else None}
    what = found["what"]
    near, facts = _NEAR.search(what), _FACTS.search(what)
    told["nearest"] = near["near"] if near else None
    for fact in facts["facts"].split("; ") if facts else ():
        name, _, value = fact.partition(": ")
        if name in PARTS:
            told[PARTS[name]] = value
    plain = _FACTS.sub("", _NEAR.sub("", what))
    line_number = int(found["line"]) if found["line"] else None
    return told | {"key": found["key"], "line": line_number, "message": plain}
