"""Headlines whose sensitivity is told: names, units, which way is better, how they are shown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from hinomi.errors import ScenarioError
from hinomi.report.words import DIRECTION, HEADLINE_NAMES
from hinomi.scenario.mistakes import nearest
from hinomi.study.summary import HEADLINES, MEDIAN

DEFAULT: Final = (
    "leakers",
    "lead_s",
    "cost_musd",
    "first_alert_s",
    "warned_in_time_share",
    "sheltered_people",
    "shots",
)


def chosen(names: Sequence[str]) -> tuple[str, ...]:
    """The figures asked for, or the default ones; ScenarioError with the nearest for another name."""
    for name in names:
        if name not in HEADLINES:
            near = nearest(name, HEADLINES)
            tail = f"; did you mean {near!r}?" if near else ""
            raise ScenarioError(
                f"--figure: {name!r} is no headline figure; they are {', '.join(HEADLINES)}{tail}"
            )
    return tuple(dict.fromkeys(names)) or DEFAULT


def words_of(name: str) -> str:
    """The figure in words: settings are compared by means, also where a run tells a median."""
    mean = ", mean over raids" if HEADLINES[name][0] == MEDIAN else ""
    return f"{HEADLINE_NAMES[name]}{mean}"


def unit_of(name: str) -> str:
    """Unit as shown: shares in per cent, bodies without a word."""
    unit = HEADLINES[name][1]
    return "%" if unit == "1" else unit


def factor_of(name: str) -> float:
    """From the table's unit to the shown one."""
    return 100.0 if HEADLINES[name][1] == "1" else 1.0


def better_of(name: str) -> int:
    """Whether more is better (1) or worse (-1); 0 for neither."""
    return DIRECTION.get(name, 0)


def number(value: float | None, name: str, *, signed: bool = False) -> str:
    """Three figures in the shown unit, no more decimals than mean anything."""
    if value is None:
        return "-"
    shown = value * factor_of(name)
    size = abs(shown)
    if size >= 1000.0:
        text = f"{float(f'{shown:.3g}'):,.0f}"
    else:
        text = f"{shown:.{0 if size >= 100.0 else 1 if size >= 10.0 else 2}f}"
        text = text.rstrip("0").rstrip(".") if "." in text else text
    if text in ("-0", ""):
        text = "0"
    text = text.replace("-", "−")
    return f"+{text}" if signed and shown > 0.0 and text != "0" else text
