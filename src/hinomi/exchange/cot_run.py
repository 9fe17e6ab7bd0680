"""Tracks and predicted areas of a replicate as Cursor-on-Target events, version 2.0, one a line.

Fields as in MITRE's public schema of the event (2003, approved for public release): `opex` begins with
`e-` for an exercise, `how` is `m-s` (machine, simulated), the affiliation is `j` (joker: a track that
plays a part in an exercise). A remark says the same in words.
"""

from __future__ import annotations

import math
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from hinomi.exchange.handed import EVERY_S, MARK, PER_SECOND, Report, at, reports, ring_of
from hinomi.exchange.scene import Area, Show

if TYPE_CHECKING:
    from lxml.etree import _Element as Element
else:
    Element = Any

TRACK_TYPE: Final = "a-j-A"  # atom, joker, air
AREA_TYPE: Final = "u-d-f"  # a drawing, free form
HOW: Final = "m-s"
UNKNOWN_M: Final = 9_999_999.0  # the format's word for an error that is not known
STALE_S: Final = 20.0  # of a track: four reports missed (assumed)
AREA_STALE_S: Final = 30.0


def cot_events(
    show: Show, *, every_s: float = EVERY_S, per_second: int = PER_SECOND
) -> tuple[list[tuple[float, bytes]], dict[str, int]]:
    """Scenario time and text of every event, in order of time, and how many of each there are.

    Parameters
    ----------
    every_s, per_second
        spacing of the reports of a track [s], and reports of all tracks in a second at most.
    """
    found, left_out = reports(show, every_s=every_s, per_second=per_second)
    events = [(r.t_s, track_event(show, r)) for r in found]
    events += [(a.from_s, area_event(show, a)) for a in show.areas]
    events.sort(key=lambda e: e[0])
    counts = {"track events": len(found), "area events": len(show.areas)}
    return events, counts | ({"left out for the rate": left_out} if left_out else {})


def track_event(show: Show, report: Report) -> bytes:
    """One track at one time."""
    from lxml import etree

    uid = f"hinomi-{show.scenario}-{show.replicate}-{report.owner}-{report.number}".replace(
        " ", "-"
    )
    event = _event(show, uid, TRACK_TYPE, report.at, STALE_S)
    error = UNKNOWN_M if math.isnan(report.sigma_m) else max(round(report.sigma_m), 1000)
    _point(event, report.lat_deg, report.lon_deg, report.height_m, error)
    detail = etree.SubElement(event, "detail")
    _sub(detail, "contact", callsign=f"EX {report.name}"[:32])
    course, speed = _course(report)
    _sub(detail, "track", course=f"{course:.0f}", speed=f"{speed:.0f}")
    _remarks(detail, f"{MARK} - {report.owner}, {report.name}; {show.words}", report.at)
    return _line(event)


def area_event(show: Show, area: Area) -> bytes:
    """One predicted area, while it holds."""
    from lxml import etree

    uid = f"hinomi-{show.scenario}-{show.replicate}-area-{area.picture}-{area.track}".replace(
        " ", "-"
    )
    begin = at(show, area.from_s)
    lasts = max(1.0, min(area.to_s - area.from_s, AREA_STALE_S))
    event = _event(show, uid, AREA_TYPE, begin, lasts)
    ring = ring_of(area)
    lat = sum(p[0] for p in ring[:-1]) / (len(ring) - 1)
    lon = sum(p[1] for p in ring[:-1]) / (len(ring) - 1)
    _point(event, round(lat, 1), round(lon, 1), 0.0, UNKNOWN_M)
    detail = etree.SubElement(event, "detail")
    _sub(detail, "contact", callsign=f"EX area {area.track}")
    line = etree.SubElement(etree.SubElement(detail, "shape"), "polyline", closed="true")
    for a, b in ring[:-1]:
        _sub(line, "vertex", lat=f"{a:.1f}", lon=f"{b:.1f}", hae="0")
    for a, b in ring:  # how drawing programs of today read the same corners
        _sub(detail, "link", point=f"{a:.1f},{b:.1f}")
    _remarks(detail, f"{MARK} - predicted end, 90 %; {show.words}", begin)
    return _line(event)


def _event(show: Show, uid: str, kind: str, when: datetime, stale_s: float) -> Element:
    from lxml import etree

    return etree.Element(
        "event", version="2.0", uid=uid, type=kind, how=HOW, time=_stamp(when), start=_stamp(when),
        stale=_stamp(when + timedelta(seconds=stale_s)), opex=f"e-hinomi-{show.scenario}"[:60],
        access="Undefined",
    )  # fmt: skip


def _point(event: Element, lat: float, lon: float, height_m: float, error_m: float) -> None:
    _sub(event, "point", lat=f"{lat:.2f}", lon=f"{lon:.2f}", hae=f"{height_m:.0f}", ce=f"{error_m:.0f}",
         le=f"{error_m:.0f}")  # fmt: skip


def _course(report: Report) -> tuple[float, float]:
    """Course over ground [deg from north] and speed [m/s], Earth-fixed."""
    lat, lon = math.radians(report.lat_deg), math.radians(report.lon_deg)
    x, y, z = report.v_mps
    east = -math.sin(lon) * x + math.cos(lon) * y
    north = -math.sin(lat) * (math.cos(lon) * x + math.sin(lon) * y) + math.cos(lat) * z
    return math.degrees(math.atan2(east, north)) % 360.0, math.hypot(east, north)


def _remarks(detail: Element, words: str, when: datetime) -> None:
    from lxml import etree

    remark = etree.SubElement(detail, "remarks", source="hinomi", time=_stamp(when))
    remark.text = words


def _sub(parent: Element, name: str, **fields: str) -> None:
    from lxml import etree

    etree.SubElement(parent, name, **fields)


def _stamp(when: datetime) -> str:
    return when.replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"


def _line(event: Element) -> bytes:
    from lxml import etree

    written: bytes = etree.tostring(event, encoding="UTF-8", xml_declaration=False)
    return written.replace(b"\n", b" ") + b"\n"
