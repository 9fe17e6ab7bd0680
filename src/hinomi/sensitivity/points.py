"""Settings of assumptions to run: one key at an end of its range, or many at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np

from hinomi.records.draws import triangular
from hinomi.sensitivity.keys import Key
from hinomi.settings.points import Point
from hinomi.study.seeds import auxiliary

BAND_POINTS: Final = 16


def point_name(key: str, side: str) -> str:
    """Name of a key at an end of its range."""
    return f"{key}={side}"


def one_at_a_time(keys: Sequence[Key]) -> list[Point]:
    """Each key at its low, then at its high."""
    return [
        Point(name=point_name(key.name, side), changes={key.name: value}, anew=key.anew)
        for key in keys
        for side, value in key.sides().items()
    ]


def latin_hypercube(keys: Sequence[Key], *, seed: int, count: int = BAND_POINTS) -> list[Point]:
    """`count` settings of all keys at once (McKay, Beckman and Conover, Technometrics 21, 1979).

    Each key is cut into `count` parts of equal probability of its triangular distribution (low,
    value, high: assumed), each part is used once, in random order, at a random place in it. Whole
    numbers are rounded. A number that is drawn in every raid goes on being drawn: its most likely
    value moves, so that the settings hold as much chance as the scenario does.
    """
    generator = auxiliary(f"band of assumptions {seed}")
    table = np.empty((count, len(keys)))
    for j, key in enumerate(keys):
        u = (generator.permutation(count) + generator.random(count)) / count
        values = [float(triangular(x, key.low, key.value, key.high)) for x in u]
        table[:, j] = np.rint(values) if is_whole(key) else values
    anew = any(key.anew for key in keys)
    return [
        Point(
            name=f"band {i + 1}",
            changes={key.name: _moved(key, float(x)) for key, x in zip(keys, row, strict=True)},
            anew=anew,
        )
        for i, row in enumerate(table)
    ]


def _moved(key: Key, x: float) -> float | dict[str, Any]:
    if not key.drawn:
        return x
    source = "moved within its range by the band of assumptions"
    return {"value": x, "low": key.low, "high": key.high, "grade": "assumed", "source": source}


def value_of(setting: float | Mapping[str, Any]) -> float:
    """The number itself of a key at a point."""
    return float(setting["value"] if isinstance(setting, Mapping) else setting)


def is_whole(key: Key) -> bool:
    """Counts and whole seconds: all three numbers are whole, and the range is more than a share."""
    return all(float(x).is_integer() for x in (key.low, key.value, key.high)) and key.high > 1.0
