"""One key that is varied: a range, steps of a range, or a list of values; and what may not vary."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from hinomi.errors import FenceError, ScenarioError
from hinomi.scenario.changes import refuse_threat_keys, split_key
from hinomi.scenario.model import Parameter, Scenario
from hinomi.settings.keys import touches

MOST_STEPS: Final = 1000
Value: TypeAlias = float | bool | str
_ALIKE: Final = (
    "raid size, start times and the widths of what is drawn vary for all threats alike, so that no "
    "result compares threats"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Axis:
    """A key and what it is set to, in the unit of the file: `values`, or anything of `low..high`."""

    key: str
    values: tuple[Value, ...] = ()
    low: float = math.nan
    high: float = math.nan
    as_it_is: Value | None = None
    unit: str = ""
    grade: str = ""
    source: str = ""
    rounded: bool = False  # the scenario takes whole numbers only

    @property
    def threat(self) -> bool:
        """Whether the key describes threats: told, and never put in order by an outcome."""
        return is_threat(self.key)

    @property
    def numbers(self) -> bool:
        """Whether the settings are numbers."""
        return not self.values or not any(isinstance(v, (bool, str)) for v in self.values)

    @property
    def whole(self) -> bool:
        """Whether a range holds whole numbers only, as far as its ends and its value say.

        From 0 to 1 they say nothing: that is a share.
        """
        if self.rounded:
            return True
        told = (self.low, self.high, self.as_it_is)
        return self.high > 1.0 and all(
            isinstance(x, (int, float)) and not isinstance(x, bool) and float(x).is_integer()
            for x in told
        )

    @property
    def touches(self) -> str:
        """First link that reads the key."""
        return "threats" if self.threat else touches(self.key)

    def at(self, share: float) -> Value:
        """Setting at a share 0..1 of the range, or that part of the list."""
        if self.values:
            return self.values[min(int(share * len(self.values)), len(self.values) - 1)]
        if self.whole:  # each number equally often
            count = self.high - self.low + 1.0
            return self.low + min(float(int(share * count)), count - 1.0)
        return self.low + share * (self.high - self.low)


def is_threat(key: str) -> bool:
    """Whether a key describes threats."""
    return split_key(key)[0] == "threats"


def refuse_outside(key: str, *, ranks: bool) -> None:
    """Keep the scope fence for a key that is to be varied.

    Raises
    ------
    FenceError
        What is flown, a number of one threat apart from the others, or any number of threats in a
        design that says which key matters most.
    """
    steps = [step.strip("[]") for step in split_key(key)]
    if steps[0] == "area":
        raise FenceError(f"{key}: the arcs of threats are measured from the area; it is given")
    if steps[0] == "catalogue" and (len(steps) < 2 or steps[1] in ("threat", "*")):
        raise FenceError(
            f"{key}: numbers of a class of threats are given; what is not known of a class is drawn "
            "anew in every raid (threats[*].mass_spread and its like say how widely)"
        )
    refuse_threat_keys(key)  # last: it names open keys, of which a sweep refuses some
    if steps[0] != "threats":
        return
    if len(steps) < 2 or steps[1] != "*":
        raise FenceError(f"{key}: {_ALIKE}; write threats[*].{steps[-1]}")
    if ranks:
        raise FenceError(
            f"{key}: morris and sobol say which key matters most, and nothing here ranks what is "
            "flown; vary it with the designs grid or lhs, which show its curve alone"
        )


def read_axes(texts: Sequence[str]) -> dict[str, str]:
    """`KEY=...` texts as key -> what is asked; `KEY` alone means the range that it has."""
    out: dict[str, str] = {}
    for text in texts:
        key, _, asked = text.partition("=")
        key = key.strip()
        if not key:
            raise ScenarioError(f"--vary {text!r}: write it as KEY=LO:HI:STEPS or KEY=A,B,C")
        if key in out:
            raise ScenarioError(f"--vary: {key} is there twice; one list or range a key")
        out[key] = asked.strip()
    return out


def axes_of(scenario: Scenario, vary: Mapping[str, Any], *, design: str) -> tuple[Axis, ...]:
    """Axes of what is to be varied: texts as on the command line, lists, or (low, high).

    Raises
    ------
    FenceError, ScenarioError
        A key that may not vary, or settings that cannot be read.
    """
    if not vary:
        raise ScenarioError("nothing to vary: give --vary KEY=LO:HI:STEPS or KEY=A,B,C")
    found = []
    for key, asked in vary.items():
        refuse_outside(key, ranks=design in ("morris", "sobol"))
        if split_key(key)[0] == "study":
            raise ScenarioError(
                f"{key}: a number of how the run is made; -n and --seed are its options"
            )
        found.append(_axis(scenario, key, asked, grid=design == "grid"))
    return tuple(found)


def _axis(scenario: Scenario, key: str, asked: Any, *, grid: bool) -> Axis:
    known = _parameter(scenario, key)
    told = {
        "as_it_is": None if known is None else known.value,
        "unit": "" if known is None else known.unit,
        "grade": "" if known is None else known.grade,
        "source": "" if known is None else known.source,
    }
    if isinstance(asked, str):
        if not asked:
            return _own_range(key, known, told, grid=grid)
        if ":" in asked:
            return _range(key, asked, told, grid=grid)
        return _listed(key, [_value(part.strip()) for part in asked.split(",")], told)
    if isinstance(asked, tuple) and len(asked) in (2, 3) and not isinstance(asked[0], (bool, str)):
        return _range(key, ":".join(f"{x!r}" for x in asked), told, grid=grid)
    if isinstance(asked, Sequence):
        return _listed(key, [x if isinstance(x, (bool, str)) else float(x) for x in asked], told)
    raise ScenarioError(f"{key}: {asked!r}: give a text, a list, or (low, high[, steps])")


def _parameter(scenario: Scenario, key: str) -> Parameter | None:
    """The number behind a key; of several the first, if all are equal."""
    pattern = re.compile(re.escape(key).replace(r"\[\*\]", r"\[[^\]]*\]"))
    there = [p for p in scenario.assumptions if pattern.fullmatch(p.key)]
    return there[0] if len({p.value for p in there}) == 1 else None


def _own_range(key: str, known: Parameter | None, told: dict[str, Any], *, grid: bool) -> Axis:
    if known is None or known.low is None or known.high is None or known.low == known.high:
        raise ScenarioError(f"--vary {key}: it has no range of its own; write {key}=LO:HI:STEPS")
    if grid:
        return _listed(key, sorted({known.low, known.value, known.high}), told)
    return Axis(key=key, low=known.low, high=known.high, **told)


def _range(key: str, asked: str, told: dict[str, Any], *, grid: bool) -> Axis:
    parts = asked.split(":")
    try:
        numbers = [float(part) for part in parts]
    except ValueError:
        numbers = []
    if len(numbers) not in (2, 3) or not all(math.isfinite(x) for x in numbers):
        raise ScenarioError(f"--vary {key}={asked}: write LO:HI:STEPS, three numbers")
    low, high = numbers[:2]
    if not low < high:
        raise ScenarioError(f"--vary {key}={asked}: LO must be below HI")
    if len(numbers) == 2:
        if grid:
            raise ScenarioError(f"--vary {key}={asked}: a grid needs STEPS; {key}={asked}:5")
        return Axis(key=key, low=low, high=high, **told)
    steps = numbers[2]
    if not (steps.is_integer() and 2 <= steps <= MOST_STEPS):
        raise ScenarioError(f"--vary {key}={asked}: STEPS is {parts[2]}; it is 2..{MOST_STEPS}")
    n = int(steps)
    return _listed(key, [low + (high - low) * i / (n - 1) for i in range(n - 1)] + [high], told)


def _listed(key: str, values: Sequence[Value], told: dict[str, Any]) -> Axis:
    if not values or any(isinstance(v, str) and not v for v in values):
        raise ScenarioError(f"--vary {key}: an empty value; write {key}=A,B,C")
    if len(set(values)) < len(values):
        raise ScenarioError(f"--vary {key}: a value is there twice")
    if any(isinstance(v, float) and not math.isfinite(v) for v in values):
        raise ScenarioError(f"--vary {key}: values must be finite numbers")
    if len(values) > MOST_STEPS:
        raise ScenarioError(f"--vary {key}: {len(values)} values; at most {MOST_STEPS}")
    return Axis(key=key, values=tuple(values), **told)


def _value(text: str) -> Value:
    if text in ("true", "false"):
        return text == "true"
    try:
        return float(text)
    except ValueError:
        return text
