"""Dates as sources give them: a day, a month, a year, a fiscal year, or from one to another."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from dataclasses import dataclass
from typing import Final

from hinomi.errors import ScenarioError

FORMS: Final = (
    '"2024-05-15", "2024-05", "2024", "JFY2025" (Japan, from April), "USFY2024" (from October) '
    'or two of them with "/" between'
)
_ISO = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")
_FISCAL = re.compile(r"(JFY|USFY)(\d{4})")


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """First and last day, both included."""

    first: dt.date
    last: dt.date

    def meets(self, other: Period) -> bool:
        """Whether the two have a day in common."""
        return self.first <= other.last and other.first <= self.last


def read_period(text: object, *, name: str) -> Period:
    """Read a date or a span of time.

    Raises
    ------
    ScenarioError
        when it is none, with the forms that are.
    """
    if isinstance(text, dt.datetime):
        text = text.date()
    if isinstance(text, dt.date):
        return Period(text, text)
    words = str(text).strip()
    first, slash, last = words.partition("/")
    try:
        begin = _part(first)
        end = _part(last) if slash else begin
        if begin.first <= end.last:
            return Period(begin.first, end.last)
    except ValueError:
        pass
    raise ScenarioError(f"{name} is {words!r}, which is no date; write it like {FORMS}")


def _part(text: str) -> Period:
    clean = text.strip()
    if fiscal := _FISCAL.fullmatch(clean):
        year = int(fiscal[2])
        if fiscal[1] == "JFY":
            return Period(dt.date(year, 4, 1), dt.date(year + 1, 3, 31))
        return Period(dt.date(year - 1, 10, 1), dt.date(year, 9, 30))
    found = _ISO.fullmatch(clean)
    if found is None:
        raise ValueError(clean)
    year = int(found[1])
    if found[3]:
        day = dt.date(year, int(found[2]), int(found[3]))
        return Period(day, day)
    if found[2]:
        month = int(found[2])
        if not 1 <= month <= 12:
            raise ValueError(clean)
        return Period(
            dt.date(year, month, 1), dt.date(year, month, calendar.monthrange(year, month)[1])
        )
    return Period(dt.date(year, 1, 1), dt.date(year, 12, 31))
