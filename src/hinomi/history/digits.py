"""A published number as an interval: what its digits say, and what a typed text means.

A number that was rounded says so by its digits, so its interval is half of the last one each way:

- a distance that is a multiple of 100, 50 or 10 km was rounded to 100, 50 or 10 km, another whole
  number to 1 km, decimals to the last one; `2700~50` states another half-width;
- seconds: half a second; minutes: half a minute (decimals: half of the last one);
- two minutes of a clock: 60 s each, because neither says where in its minute it lies and different
  bodies name minutes that differ by one.
"""

from __future__ import annotations

import math
import re
import unicodedata
from dataclasses import dataclass
from typing import Final

from hinomi.errors import ScenarioError
from hinomi.units import DAY_S, KM_M, MINUTE_S

CLOCK_HALF_WIDTH_S: Final = 60.0  # one published minute
ROUNDINGS: Final = (100, 50, 10)  # units [km, or any] to which whole numbers are taken as rounded
LONGEST_HOURS: Final = 3  # "A:BB" with A up to this may mean hours as well as minutes

_NUMBER = r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?"
_PLAIN = re.compile(rf"({_NUMBER})(?:\s*(?:~|±|\+-|\+/-)\s*({_NUMBER}))?\s*([A-Za-z]*)\.?")
_CLOCK = re.compile(r"(\d{1,2}):(\d{2})\s*(?:-|–|to)\s*(\d{1,2}):(\d{2})")
_WATCH = re.compile(r"(?:(\d{1,2}):)?(\d{1,3}):(\d{2})")
_DATE = re.compile(
    r"\d{4}[/.-]\d{1,2}[/.-]\d{1,2}|\d{1,2}[/-](?:\d{1,2}|[A-Za-z]{3})(?:[/-]\d{2,4})?"
)
_SECONDS = {"s": 1.0, "sec": 1.0, "secs": 1.0, "second": 1.0, "seconds": 1.0}
_MINUTES = {"min": MINUTE_S, "mins": MINUTE_S, "minute": MINUTE_S, "minutes": MINUTE_S}
_HOURS = {"h": 60.0 * MINUTE_S, "hr": 60.0 * MINUTE_S, "hour": 60.0 * MINUTE_S}
TIME_UNITS: Final = _SECONDS | _MINUTES | _HOURS
LENGTH_UNITS: Final = {"km": KM_M, "m": 1.0}


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """A published number in SI units, the limits that its digits state, and how they were read."""

    value: float
    low: float
    high: float
    how: str

    @property
    def exact(self) -> Interval:
        """The number at its printed value, without its interval."""
        return Interval(value=self.value, low=self.value, high=self.value, how="as printed")

    def wider(self, share: float) -> Interval:
        """The interval, and that of a measurement error of this share of the value."""
        return Interval(
            value=self.value,
            low=min(self.low, self.value * (1.0 - share)),
            high=max(self.high, self.value * (1.0 + share)),
            how=f"{self.how}; measured to {100.0 * share:g} %",
        )


def half_unit(digits: str) -> float:
    """Half of the unit to which a number in these digits was rounded."""
    mantissa, _, exponent = digits.lower().lstrip("+-").partition("e")
    scale = 10.0 ** int(exponent or 0)
    _, point, decimals = mantissa.partition(".")
    if point and decimals:
        return float(0.5 * 10.0 ** -len(decimals) * scale)
    value = round(float(mantissa) * scale)
    return 0.5 * next((unit for unit in ROUNDINGS if value and value % unit == 0), 1)


def read_distance(text: str, *, name: str) -> Interval:
    """A distance typed in kilometres, such as `2700`, `998.5`, `2700~50` or `2700 km`, in metres.

    Raises
    ------
    ScenarioError
        when the text is no distance; the message says what it looks like.
    """
    digits, width, unit = _parts(text, name, "2700 or 2700~50, in km")
    factor = LENGTH_UNITS.get(unit or "km")
    if factor is None:
        raise ScenarioError(f"{name} is {text!r}: {unit!r} is no unit of it; write it in km")
    value = _finite(digits, text, name)
    half = _width(width, text, name) if width else half_unit(digits)
    how = f"+-{half:g} {unit or 'km'}, " + ("stated" if width else "half of the last digit")
    return Interval(
        value=value * factor, low=(value - half) * factor, high=(value + half) * factor, how=how
    )


def read_time(text: str, *, name: str, unit: str) -> Interval:
    """A flight time as typed, in seconds; `unit` (`s` or `min`) is that of a plain number.

    Accepts `840`, `14`, `14 min`, `840 s`, `840~60`, a watch (`14:00`, `0:14:00`) and two minutes of
    a clock (`05:58-06:12`).

    Raises
    ------
    ScenarioError
        when the text is no time, or can be read in two ways.
    """
    clean = _clean(text)
    if clock := _CLOCK.fullmatch(clean):
        return _clock(clock, text, name)
    if watch := _WATCH.fullmatch(clean):
        return _watch(watch, text, name)
    digits, width, said = _parts(text, name, "14 min, 840 s or 05:58-06:12")
    factor = TIME_UNITS.get((said or unit).lower())
    if factor is None:
        raise ScenarioError(f"{name} is {text!r}: {said!r} is no unit of time; write s or min")
    value = _finite(digits, text, name)
    if width:
        half, how = _width(width, text, name), "stated"
    elif factor == 1.0:
        half, how = min(0.5, half_unit(digits)), "a typed second"
    else:
        # A whole number of minutes was rounded to the minute, however round it looks.
        half = half_unit(digits) if "." in digits else 0.5
        how = "half of the last digit of the minutes"
    return Interval(
        value=value * factor,
        low=(value - half) * factor,
        high=(value + half) * factor,
        how=f"+-{half * factor:g} s, {how}",
    )


def clock_difference(first: str, last: str, *, name: str) -> Interval:
    """Time between two published minutes such as `05:58` and `06:12`, in seconds."""
    return read_time(f"{first}-{last}", name=name, unit="s")


def clock_minute_s(text: str) -> float:
    """Seconds since midnight of a published minute."""
    hours, minutes = text.split(":")
    return 60.0 * MINUTE_S * int(hours) + MINUTE_S * int(minutes)


def _clean(text: str) -> str:
    """Text without odd spaces; full-width digits and signs become the usual ones."""
    return unicodedata.normalize("NFKC", str(text)).replace("−", "-").strip()


def _parts(text: str, name: str, example: str) -> tuple[str, str | None, str]:
    clean = _clean(text)
    if not clean:
        raise ScenarioError(f"{name} is missing; write it like {example}")
    if _DATE.fullmatch(clean):
        raise ScenarioError(
            f"{name} is {text!r}, a date: a spreadsheet may have made it of a number; "
            f"write it like {example}"
        )
    found = _PLAIN.fullmatch(clean)
    if found is None:
        raise ScenarioError(f"{name} is {text!r}, which is no number; write it like {example}")
    return found[1], found[2], found[3]


def _finite(digits: str, text: str, name: str) -> float:
    value = float(digits)
    if not math.isfinite(value):
        raise ScenarioError(f"{name} is {text!r}; write a finite number")
    return value


def _width(digits: str, text: str, name: str) -> float:
    half = _finite(digits, text, name)
    if half < 0.0:
        raise ScenarioError(f"{name} is {text!r}: its half-width is negative; write 0 or more")
    return half


def _clock(found: re.Match[str], text: str, name: str) -> Interval:
    hours = (int(found[1]), int(found[3]))
    minutes = (int(found[2]), int(found[4]))
    if max(hours) > 23 or max(minutes) > 59:
        raise ScenarioError(f"{name} is {text!r}, which no clock shows; write it like 05:58-06:12")
    value = MINUTE_S * (60 * (hours[1] - hours[0]) + minutes[1] - minutes[0])
    value %= DAY_S  # over midnight
    half = 2.0 * CLOCK_HALF_WIDTH_S
    return Interval(
        value=value,
        low=max(0.0, value - half),
        high=value + half,
        how=f"+-{half:g} s, a difference of two clock minutes, {CLOCK_HALF_WIDTH_S:g} s each",
    )


def _watch(found: re.Match[str], text: str, name: str) -> Interval:
    if int(found[3]) > 59 or (found[1] and int(found[2]) > 59):
        raise ScenarioError(f"{name} is {text!r}, which no watch shows; write it like 14 min")
    if found[1] is None and int(found[2]) <= LONGEST_HOURS:
        raise ScenarioError(
            f"{name} is {text!r}, which may mean hours and minutes or minutes and seconds; "
            "write it like 67 min or 67 s"
        )
    seconds = int(found[3])
    value = MINUTE_S * (60 * int(found[1] or 0) + int(found[2])) + seconds
    half, digit = (0.5, "second") if seconds else (0.5 * MINUTE_S, "minute")
    return Interval(
        value=value,
        low=value - half,
        high=value + half,
        how=f"+-{half:g} s, read as minutes and seconds, rounded to the {digit}",
    )
