"""Which inputs, code and data differ between two sides."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from hinomi.exchange.sides import LONGEST, Input, Side

TOLD_ONLY: Final = ("name", "title", "summary", "format")  # words that move no number
SETTINGS: Final = ("study.", "variants[", "facts[")  # of the study, not of what is simulated
OF_WORLD: Final = ("study.t_end_s",)
CHANGED, ONLY_A, ONLY_B, RANGE, GRADE = "changed", "only in A", "only in B", "range", "source"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One input that differs."""

    key: str
    kind: str  # one of CHANGED, ONLY_A, ONLY_B, RANGE, GRADE
    a: Input | None
    b: Input | None

    def told(self) -> dict[str, Any]:
        """As a JSON-ready object."""
        sides = (("a", self.a), ("b", self.b))
        out: dict[str, Any] = {"key": self.key, "kind": self.kind}
        for name, given in sides:
            out[name] = None if given is None else shown(given.value)
            if given is not None and given.grade:
                out[f"{name}_grade"] = given.grade
                if given.low is not None or given.high is not None:
                    out[f"{name}_low"], out[f"{name}_high"] = given.low, given.high
        return out


def shown(value: object) -> Any:
    """A value as it is shown: long texts by their length."""
    if isinstance(value, str) and len(value) > LONGEST:
        return f"{value[: LONGEST - 20]}... ({len(value)} characters)"
    return value


def changes(a: Side, b: Side) -> list[Change]:
    """Inputs that differ, in the order of the format; values first, then ranges, then sources."""
    keys = [*a.inputs, *(k for k in b.inputs if k not in a.inputs)]
    out = []
    for key in keys:
        x, y = a.inputs.get(key), b.inputs.get(key)
        if x == y or not _counts(key):
            continue
        out.append(Change(key=key, kind=_kind(x, y), a=x, b=y))
    order = (CHANGED, ONLY_A, ONLY_B, RANGE, GRADE)
    return sorted(out, key=lambda c: order.index(c.kind))


def _counts(key: str) -> bool:
    """Whether a key can move a number."""
    if key in TOLD_ONLY or key.rsplit(".", 1)[-1] in ("title", "label", "note"):
        return False
    return key in OF_WORLD or not key.startswith(SETTINGS)


def _kind(a: Input | None, b: Input | None) -> str:
    if a is None or b is None:
        return ONLY_B if a is None else ONLY_A
    if a.value != b.value:
        return CHANGED
    return RANGE if (a.low, a.high) != (b.low, b.high) else GRADE


def provenance(a: Side, b: Side) -> dict[str, Any]:
    """Code, versions and shipped data that differ; seed, replicates and architectures of both."""
    return {
        "seed": [a.seed, b.seed],
        "replicates": [a.replicates, b.replicates],
        "architectures": [list(a.architectures), list(b.architectures)],
        "variant": [a.variant, b.variant],
        "code": _apart(a.code, b.code),
        "versions": _apart(a.versions, b.versions),
        "data": sorted(_apart(a.data, b.data)) if a.data and b.data else [],
        "unknown": [
            name for name in ("code", "data") if not getattr(a, name) or not getattr(b, name)
        ],
    }


def _apart(a: Mapping[str, str], b: Mapping[str, str]) -> dict[str, list[str | None]]:
    if not a or not b:
        return {}
    return {k: [a.get(k), b.get(k)] for k in sorted({*a, *b}) if a.get(k) != b.get(k)}
