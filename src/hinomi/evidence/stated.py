"""A statement as an interval: what its digits and its words ("about", "up to") leave open.

- digits: half of the last written one each way, so `60` is 59.5 to 60.5 and `55.1` 55.05 to 55.15;
- `about`: that, or 10 % of the value (assumed) where that is more;
- `nearly`: from 10 % below the value up to it;
- `more than`, `at least`, `up to`, `at most`, `less than`: open on one side;
- `58.5 to 59`: from the one to the other, each with its last digit;
- dates: the days that the text covers; `by 2027` and `from 2030` are open on one side.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Final

from hinomi.errors import ScenarioError
from hinomi.evidence.period import read_period

ABOUT: Final = 0.10  # share of the value; assumed: what a newspaper's "about" may hold
AROUND: Final = ("about", "around", "roughly")
BELOW: Final = ("nearly", "almost")
LOWEST: Final = ("more than", "over", "at least", "from", "after")
HIGHEST: Final = ("up to", "at most", "less than", "under", "by")
SCALES: Final = {"thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12}
PLAIN: Final = {"%": (0.01, "1"), "min": (60.0, "s"), "h": (3600.0, "s"), "years": (12.0, "months")}
_NUMBER = r"[+-]?\d[\d,]*(?:\.\d+)?(?:[eE][+-]?\d+)?"
_WORDS = "|".join((*AROUND, *BELOW, *LOWEST, *HIGHEST))
_STATED = re.compile(rf"(?:({_WORDS})\s+)?({_NUMBER})(?:\s+to\s+({_NUMBER}))?")
_DATED = re.compile(r"(?:(by|from|after|about)\s+)?(\S+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """A statement in its own unit: the printed value, its interval, and the word before it."""

    value: float
    low: float
    high: float
    word: str

    def scaled(self, factor: float) -> Stated:
        """The same in another unit."""
        low, high = sorted((self.low * factor, self.high * factor))
        return Stated(value=self.value * factor, low=low, high=high, word=self.word)


def read_stated(given: object, *, name: str) -> Stated:
    """Read a number as it was printed: `60.1`, `about 600`, `up to 150`, `58.5 to 59`, `"9,800"`.

    Raises
    ------
    ScenarioError
        when it is none.
    """
    if isinstance(given, bool) or not isinstance(given, int | float | str):
        raise ScenarioError(f'{name} is {given!r}; write a number, or a text such as "about 600"')
    text = given.strip() if isinstance(given, str) else _digits(given)
    found = _STATED.fullmatch(text)
    if found is None:
        raise ScenarioError(
            f'{name} is {given!r}, which is no number; write it as printed, such as "60.1", '
            '"about 600", "up to 150" or "58.5 to 59"'
        )
    word, first, last = found[1] or "", found[2], found[3]
    value = _float(first, name)
    half = half_digit(first)
    if last:
        end = _float(last, name)
        if end < value:
            raise ScenarioError(f"{name} is {given!r}: from the larger to the smaller")
        return Stated(
            value=0.5 * (value + end), low=value - half, high=end + half_digit(last), word=word
        )
    low, high = value - half, value + half
    if word in AROUND:
        wide = max(half, ABOUT * abs(value))
        low, high = value - wide, value + wide
    elif word in BELOW:
        low, high = value - max(half, ABOUT * abs(value)), value
    elif word in LOWEST:
        low, high = value, math.inf
    elif word in HIGHEST:
        low, high = -math.inf, value
    return Stated(value=value, low=low, high=high, word=word)


def read_dated(given: object, *, name: str) -> Stated:
    """Read a date as the days it covers, as ordinal numbers."""
    found = _DATED.fullmatch(str(given).strip())
    if found is None:
        read_period(given, name=name)  # says what a date looks like
        raise ScenarioError(f"{name} is {given!r}, which is no date")
    word, period = found[1] or "", read_period(found[2], name=name)
    low, high = float(period.first.toordinal()), float(period.last.toordinal())
    value = 0.5 * (low + high)
    if word == "by":
        return Stated(value=high, low=-math.inf, high=high, word=word)
    if word in LOWEST:
        return Stated(value=low, low=low, high=math.inf, word=word)
    return Stated(value=value, low=low, high=high, word=word)


def half_digit(digits: str) -> float:
    """Half of the last written digit of a number."""
    mantissa, _, exponent = digits.lower().replace(",", "").partition("e")
    decimals = len(mantissa.partition(".")[2])
    return float(0.5 * 10.0 ** (int(exponent or 0) - decimals))


def unit_parts(unit: str) -> tuple[float, str]:
    """Scale and plain unit of `billion USD`, `%`, `min`, `missiles/yr`."""
    if unit.strip() in PLAIN:
        return PLAIN[unit.strip()]
    first, _, rest = unit.strip().partition(" ")
    if rest and first in SCALES:
        return SCALES[first], rest.strip()
    return 1.0, unit.strip()


def _digits(given: float) -> str:
    text = repr(given)
    return text.removesuffix(".0") if text.endswith(".0") else text


def _float(text: str, name: str) -> float:
    value = float(text.replace(",", ""))
    if not math.isfinite(value):
        raise ScenarioError(f"{name} is {text!r}; write a finite number")
    return value
