"""Texts of a command line as numbers, places and times; what cannot be read gets a message."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Final

from hinomi.errors import FenceError, ScenarioError

_PLAIN: Final = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?", re.ASCII)
_WITH_UNIT: Final = re.compile(r"[+-]?[\d.,]+\s*[A-Za-z/%°]+[A-Za-z0-9/]*")
_WITH_COMMA: Final = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d*)?")
AIM_GRID_DEG: Final = 0.1  # scope fence: aims are no finer
MOST_BANKS: Final = 8


def number(
    option: str,
    text: str,
    *,
    unit: str,
    low: float | None = None,
    high: float | None = None,
    above: float | None = None,
) -> float:
    """Read a plain number within its limits.

    Raises
    ------
    ScenarioError
        on anything but a finite number within the limits; says which and how to write it.
    """
    words = _limits(low, high, above)
    given = text.strip()
    if not _PLAIN.fullmatch(given):
        way = f"write a plain number{unit and f' of {unit}'} ({words})"
        if _WITH_COMMA.fullmatch(given):
            way = f"write it without commas between the digits, as {given.replace(',', '')}"
        elif _WITH_UNIT.fullmatch(given):
            way = f"write the number alone{unit and f'; it is in {unit}'}"
        raise ScenarioError(f"{option} is {text!r}; {way}")
    value = float(given)
    if (
        abs(value) == float("inf")
        or (low is not None and value < low)
        or (high is not None and value > high)
        or (above is not None and value <= above)
    ):
        raise ScenarioError(f"{option} is {f'{given} {unit}'.strip()}; it must be {words}")
    return value


def _limits(low: float | None, high: float | None, above: float | None) -> str:
    parts = []
    if above is not None:
        parts.append(f"more than {above:g}")
    if low is not None:
        parts.append(f"at least {low:g}")
    if high is not None:
        parts.append(f"at most {high:g}")
    return " and ".join(parts) or "finite"


def place(option: str, text: str) -> tuple[float, float]:
    """Latitude and longitude [deg] of `LAT,LON`."""
    parts = text.split(",")
    if len(parts) != 2:
        raise ScenarioError(
            f"{option} is {text!r}; write LAT,LON in degrees without spaces, north and east "
            "positive, such as 39.0,125.7"
        )
    lat = number(f"the latitude of {option}", parts[0], unit="degrees", low=-90.0, high=90.0)
    lon = number(f"the longitude of {option}", parts[1], unit="degrees", low=-180.0, high=180.0)
    return lat, lon


def aim(option: str, text: str) -> tuple[float, float]:
    """Latitude and longitude [deg] of an aim on the 0.1-degree grid.

    Raises
    ------
    FenceError
        when it is finer than that.
    """
    lat, lon = place(option, text)
    if any(abs(x / AIM_GRID_DEG - round(x / AIM_GRID_DEG)) > 1e-6 for x in (lat, lon)):
        raise FenceError(
            f"{option} is {text!r}, finer than {AIM_GRID_DEG:g} degree: flights are solved to "
            f"nothing finer; round it, to {lat:.1f},{lon:.1f}"
        )
    return round(lat, 1), round(lon, 1)


def banks(option: str, text: str, *, most_deg: float) -> tuple[tuple[float, float], ...]:
    """Read (seconds after the glide began, degrees) of `60:30,150:0`; positive to the right."""
    out: list[tuple[float, float]] = []
    for part in text.split(","):
        seconds, colon, angle = part.partition(":")
        if not colon:
            raise ScenarioError(
                f"{option} is {text!r}; write SECONDS:DEGREES pairs apart by commas, such as "
                "60:30,150:0 (bank 30 degrees to the right from 60 s on, level from 150 s on)"
            )
        since_s = number(f"a time of {option}", seconds, unit="seconds", low=0.0, high=7200.0)
        bank_deg = number(
            f"an angle of {option}", angle, unit="degrees", low=-most_deg, high=most_deg
        )
        if out and since_s <= out[-1][0]:
            raise ScenarioError(
                f"{option} is {text!r}; {since_s:g} s does not come after {out[-1][0]:g} s: "
                "write the times in order"
            )
        out.append((since_s, bank_deg))
    if len(out) > MOST_BANKS:
        raise ScenarioError(f"{option} has {len(out)} pairs; it can have at most {MOST_BANKS}")
    return tuple(out)


def instant(option: str, text: str) -> datetime:
    """Read a date and time with its zone, as UTC."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        raise ScenarioError(
            f"{option} is {text!r}; write a date and time with its zone, "
            "such as 2000-01-01T00:00:00Z"
        )
    try:
        return found.astimezone(UTC)
    except OverflowError:
        raise ScenarioError(f"{option} is {text!r}; the year must be 1 to 9999 in UTC") from None
