"""The figures whose change by integration is split, and which way is better."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from hinomi.errors import ScenarioError
from hinomi.scenario.mistakes import nearest


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """One figure: unit, words, the sign of a change for the better, and how it is shown."""

    unit: str
    words: str
    better: int  # -1 where less is better
    factor: float = 1.0  # from the table's unit to the shown one
    shown_unit: str = ""


MEASURES: Final = {
    "leakers": Measure(unit="bodies", words="threats that get through", better=-1),
    "unengaged": Measure(unit="bodies", words="threats nobody shot at", better=-1),
    "double_engaged": Measure(unit="bodies", words="threats shot at by two at once", better=-1),
    "shots": Measure(unit="rounds", words="rounds fired", better=-1),
    "cost_musd": Measure(unit="million USD", words="price of the rounds fired", better=-1),
    "first_alert_s": Measure(unit="s", words="ignition to alert", better=-1),
    "lead_s": Measure(unit="s", words="warning time", better=1),
    "warned_in_time_share": Measure(
        unit="1", words="people warned in time", better=1, factor=100.0, shown_unit="%"
    ),
    "missed_people": Measure(unit="people", words="people not warned before arrival", better=-1),
    "sheltered_people": Measure(unit="people", words="people in shelter", better=1),
}
DEFAULT: Final = (
    "leakers",
    "unengaged",
    "double_engaged",
    "shots",
    "cost_musd",
    "lead_s",
    "warned_in_time_share",
)


def chosen(names: tuple[str, ...]) -> tuple[str, ...]:
    """The figures asked for, or the default ones; ScenarioError with the nearest for another name."""
    for name in names:
        if name not in MEASURES:
            near = nearest(name, MEASURES)
            tail = f"; did you mean {near!r}?" if near else ""
            raise ScenarioError(
                f"--figure: {name!r} is no figure that is split; they are "
                f"{', '.join(MEASURES)}{tail}"
            )
    return tuple(dict.fromkeys(names)) or DEFAULT
