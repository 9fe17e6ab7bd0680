"""One setting of a scenario: keys and what they are set to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """Keys set to other values; `anew` where truth, looks and pictures must be made again."""

    name: str
    changes: Mapping[str, Any]  # key -> number, or a table with value, low and high
    anew: bool

    def told(self) -> list[Any]:
        """As plain JSON, for the plan."""
        return [self.name, dict(self.changes), self.anew]


def from_told(told: Sequence[Any]) -> Point:
    """Read what `told` wrote."""
    name, changes, anew = told
    return Point(name=str(name), changes=dict(changes), anew=bool(anew))
