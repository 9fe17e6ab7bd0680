"""Rules about areas: polygons, circles, heights; parsed in code, never by a regular expression."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import shapely

from hinomi.cap.finding import ADVICE, ERROR, RULES, WARNING, Finding
from hinomi.cap.gate import NAMESPACES
from hinomi.cap.message import MOST_KEPT, Ring, circle_of, ring_of
from hinomi.cap.schema import path_of

HALF_TURN_DEG = 180.0


def finding(code: str, severity: str, element: Any, message: str) -> Finding:
    """Make a finding of the second level on an element."""
    return Finding(
        code=f"rules-{code}", level=RULES, severity=severity, path=path_of(element), message=message
    )


def check_area(area: Any) -> Iterator[Finding]:
    """Findings on one `area` element."""
    shapes = area.findall("cap:polygon", NAMESPACES)
    circles = area.findall("cap:circle", NAMESPACES)
    for polygon in shapes:
        yield from _polygon(polygon)
    for circle in circles:
        yield from _circle(circle)
    if not shapes and not circles and area.find("cap:geocode", NAMESPACES) is None:
        yield finding(
            "area-words-only", ADVICE, area,
            "the area is words alone: add a polygon, a circle or a geocode that machines can read",
        )  # fmt: skip
    low, high = (area.find(f"cap:{name}", NAMESPACES) for name in ("altitude", "ceiling"))
    if high is not None and low is None:
        yield finding("ceiling", ERROR, high, "ceiling without altitude")
    elif high is not None and float(high.text) < float(low.text):
        yield finding("ceiling-below", ERROR, high, "ceiling is below altitude (both in feet)")


def _polygon(element: Any) -> Iterator[Finding]:
    text = element.text or ""
    found = _faults_of(text) if len(text) > MOST_KEPT else _kept_faults_of(text)
    for code, severity, message in found:
        yield finding(code, severity, element, message)


def _faults_of(text: str) -> tuple[tuple[str, str, str], ...]:
    """Code, severity and words of what is wrong with the text of a polygon."""
    try:
        ring = ring_of(text)
    except ValueError as error:
        return (("polygon-form", ERROR, f"polygon: {error}"),)
    if len(ring) < 4:
        told = f"{len(ring)} points; a polygon has at least 4, the last equal to the first"
        return (("polygon-short", ERROR, told),)
    if ring[0] != ring[-1]:
        told = f"the last point {ring[-1]} is not the first {ring[0]}: repeat it to close the ring"
        return (("polygon-open", ERROR, told),)
    if (far := _out_of_range(ring)) is not None:
        return (("polygon-range", ERROR, far),)
    found = []
    west, east = min(lon for _, lon in ring), max(lon for _, lon in ring)
    if east - west > HALF_TURN_DEG:
        told = (
            f"the polygon spans {east - west:.0f} degrees of longitude: across the date line? "
            "cut it there into two"
        )
        found.append(("polygon-wide", WARNING, told))
    shape = shapely.Polygon([(lon, lat) for lat, lon in ring])
    if shape.area == 0.0:
        found.append(("polygon-flat", ERROR, "the polygon has no area"))
    elif not shape.is_valid:
        told = f"the ring crosses or touches itself ({shapely.is_valid_reason(shape)})"
        found.append(("polygon-crossing", ERROR, told))
    return tuple(found)


# Every language of a message repeats its polygons.
_kept_faults_of = lru_cache(maxsize=256)(_faults_of)


def _out_of_range(ring: Ring) -> str | None:
    for lat, lon in ring:
        if abs(lat) > 90.0 or abs(lon) > HALF_TURN_DEG:
            swapped = abs(lon) <= 90.0 < abs(lat) <= HALF_TURN_DEG
            return f"{lat},{lon} is no latitude,longitude" + (
                ": are they exchanged? latitude comes first" if swapped else ""
            )
    return None


def _circle(element: Any) -> Iterator[Finding]:
    try:
        lat, lon, radius = circle_of(element.text or "")
    except ValueError as error:
        yield finding("circle-form", ERROR, element, f"circle: {error}")
        return
    if (told := _out_of_range(((lat, lon),))) is not None:
        yield finding("circle-range", ERROR, element, told)
    if radius < 0.0:
        yield finding("circle-range", ERROR, element, f"the radius is {radius} km")
