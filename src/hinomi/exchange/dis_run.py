"""Tracks of a replicate as entity-state PDUs of Distributed Interactive Simulation, one after another.

IEEE 1278.1-2012 (protocol version 7), 144 bytes each, big-endian. Every PDU has the number of the exercise,
says `constructive` in its status, and `EX` in its marking. Areas have no PDU here.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Iterable
from datetime import datetime
from typing import Final

from hinomi.earth.wgs84 import ecef_from_geodetic
from hinomi.errors import ScenarioError
from hinomi.exchange.handed import EVERY_S, PER_SECOND, Report, reports
from hinomi.exchange.scene import Show

VERSION: Final = 7
ENTITY_STATE, ENTITY_FAMILY = 1, 1
CONSTRUCTIVE: Final = 3 << 1  # LVC indicator, bits 1 and 2 of the status
SITE, APPLICATION = 1, 1
FORCE_OTHER: Final = 0  # nobody's side: a track of an exercise
MUNITION, DOMAIN_OTHER = 2, 0  # kind of entity; no country, no category: a generic body
DEAD_RECKONING: Final = 2  # DRM(F, P, W): constant velocity, world axes
ASCII_MARKING: Final = 1
LENGTH: Final = 144
# Header, entity, force, no variable parameters, type, other type, velocity, place, orientation,
# appearance, dead reckoning, marking, capabilities.
LAYOUT: Final = struct.Struct(">BBBBIHBB HHH BB BBHBBBB BBHBBBB 3f 3d 3f I B15s3f3f B11s I")


def dis_events(
    show: Show, *, exercise: int = 1, every_s: float = EVERY_S, per_second: int = PER_SECOND
) -> tuple[list[tuple[float, bytes]], dict[str, int]]:
    """Scenario time and PDU of every report, in order of time, and how many there are.

    Parameters
    ----------
    exercise
        number of the exercise, 1 to 255.
    every_s, per_second
        spacing of the reports of a track [s], and reports of all tracks in a second at most.
    """
    found, left_out = reports(show, every_s=every_s, per_second=per_second)
    counts = {"entity-state PDUs": len(found)}
    events = list(zip((r.t_s for r in found), pdus(found, exercise=exercise), strict=True))
    return events, counts | ({"left out for the rate": left_out} if left_out else {})


def pdus(found: Iterable[Report], *, exercise: int) -> list[bytes]:
    """One PDU a report.

    Raises
    ------
    ScenarioError
        for a number that no exercise has.
    """
    if not 1 <= exercise <= 255:
        raise ScenarioError(f"the exercise is number {exercise}; it must be 1 to 255")
    return [_pdu(report, exercise) for report in found]


def _pdu(report: Report, exercise: int) -> bytes:
    lat, lon = math.radians(report.lat_deg), math.radians(report.lon_deg)
    x, y, z = ecef_from_geodetic(lat, lon, report.height_m)
    nothing = (0, 0, 0, 0, 0, 0, 0)
    marking = f"EX T{report.number}".encode("ascii")[:11]
    return LAYOUT.pack(
        VERSION, exercise, ENTITY_STATE, ENTITY_FAMILY, timestamp(report.at), LENGTH, CONSTRUCTIVE, 0,
        SITE, APPLICATION, report.number, FORCE_OTHER, 0,
        MUNITION, DOMAIN_OTHER, 0, 0, 0, 0, 0, *nothing,
        *report.v_mps, float(x), float(y), float(z), 0.0, 0.0, 0.0, 0,
        DEAD_RECKONING, b"", 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, ASCII_MARKING, marking, 0,
    )  # fmt: skip


def timestamp(when: datetime) -> int:
    """Time past the hour in units of 3600 / 2^31 s; the last bit says that it is absolute."""
    past_s = 60.0 * when.minute + when.second + when.microsecond / 1e6
    return (int(past_s / 3600.0 * 2.0**31) << 1 | 1) & 0xFFFFFFFF
