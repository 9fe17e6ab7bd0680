"""What is handed to other systems' displays: tracks and areas, coarse, seldom, marked as an exercise."""

from __future__ import annotations

import ipaddress
import socket
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import numpy as np

from hinomi.errors import FenceError, ScenarioError
from hinomi.exchange.scene import Area, Show, Way

MARK: Final = "EXERCISE EXERCISE EXERCISE - simulated, notional, not an observation - 訓練"
TRACK_DEG: Final = 0.01  # tracks are told to about a kilometre: enough to see, too coarse to direct
TRACK_HEIGHT_M: Final = 100.0
AREA_DEG: Final = 0.1  # areas are no finer than aims are
EVERY_S: Final = 5.0  # between two reports of one track (assumed)
PER_SECOND: Final = 10  # reports of all tracks together in any second (assumed)


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One track at one time."""

    name: str
    owner: str
    number: int  # of the track in its picture, from 1
    t_s: float
    at: datetime
    lat_deg: float
    lon_deg: float
    height_m: float
    v_mps: tuple[float, float, float]  # Earth-fixed
    sigma_m: float  # NaN where the error is not told


def reports(
    show: Show, *, every_s: float = EVERY_S, per_second: int = PER_SECOND
) -> tuple[list[Report], int]:
    """Reports of all tracks in order of time, and how many were left out to keep the rate.

    Positions are rounded to `TRACK_DEG` and `TRACK_HEIGHT_M`. In a second with more than `per_second`
    reports those longest untold go first.

    Raises
    ------
    ScenarioError
        for a rate that is none.
    """
    if not (every_s >= 1.0 and 1 <= per_second <= 1000):
        raise ScenarioError(
            f"a report every {every_s:g} s and {per_second} in a second: write at least 1 s, and 1 to 1000"
        )
    last = [-np.inf] * len(show.tracks)
    rows = sorted(
        (float(t), k, i) for k, way in enumerate(show.tracks) for i, t in enumerate(way.t_s)
    )
    found: list[Report] = []
    left_out = 0
    seconds: dict[int, list[tuple[int, int]]] = {}
    for t, k, i in rows:
        seconds.setdefault(int(t), []).append((k, i))
    for second in sorted(seconds):
        due = [(last[k], k, i) for k, i in seconds[second] if second - last[k] >= every_s]
        due = list({k: (at, k, i) for at, k, i in due}.values())  # one a track
        due.sort()
        left_out += max(0, len(due) - per_second)
        for _, k, i in due[:per_second]:
            last[k] = second
            found.append(_report(show, show.tracks[k], k, i))
    return found, left_out


def _report(show: Show, way: Way, number: int, i: int) -> Report:
    t = float(way.t_s[i])
    return Report(
        name=way.name, owner=way.owner, number=number + 1, t_s=t, at=at(show, t),
        lat_deg=_coarse(float(way.lat_deg[i]), TRACK_DEG),
        lon_deg=_coarse(float(way.lon_deg[i]), TRACK_DEG),
        height_m=_coarse(float(way.height_m[i]), TRACK_HEIGHT_M),
        v_mps=(float(way.v_mps[i][0]), float(way.v_mps[i][1]), float(way.v_mps[i][2])),
        sigma_m=float("nan") if way.sigma_m is None else float(way.sigma_m[i]),
    )  # fmt: skip


def at(show: Show, t_s: float) -> datetime:
    """Time of the exercise, UTC."""
    return show.epoch + timedelta(milliseconds=round(1e3 * t_s))


def ring_of(area: Area) -> list[tuple[float, float]]:
    """Corners of an area as (latitude, longitude), no finer than `AREA_DEG`, each once; closed.

    An area smaller than the grid becomes the four cells' corners around it.
    """
    points = [(_coarse(lat, AREA_DEG), _coarse(_turned(lon), AREA_DEG)) for lon, lat in area.edge]
    kept = [p for p, q in zip(points, [None, *points], strict=False) if p != q]
    corners = {*kept}
    if len(corners) < 3 or _flat(kept):
        lat, lon = _coarse(area.end_lat_deg, AREA_DEG), _coarse(area.end_lon_deg, AREA_DEG)
        d = AREA_DEG
        kept = [
            (_coarse(lat + a * d, d), _coarse(lon + b * d, d))
            for a, b in ((-1, -1), (-1, 1), (1, 1), (1, -1))
        ]
    return kept if kept[0] == kept[-1] else [*kept, kept[0]]


def _flat(points: Sequence[tuple[float, float]]) -> bool:
    return len({p[0] for p in points}) < 2 or len({p[1] for p in points}) < 2


def _turned(lon_deg: float) -> float:
    """Longitude between -180 and 180; those of an edge may run on across the 180th meridian."""
    return (lon_deg + 180.0) % 360.0 - 180.0


def _coarse(value: float, step: float) -> float:
    return round(round(value / step) * step, 6)


def paced(times_s: Sequence[float], *, speed: float, per_second: int) -> Iterator[float]:
    """Seconds of the wall to wait before each report: the scenario's pace, never above the rate."""
    gap, begun = 1.0 / per_second, times_s[0] if times_s else 0.0
    now = -gap
    for t in times_s:
        due = max((t - begun) / speed, now + gap)
        yield due - max(now, 0.0)
        now = due


def send(
    events: Sequence[tuple[float, bytes]],
    address: tuple[str, int],
    *,
    speed: float,
    per_second: int,
) -> int:
    """Send each event as a datagram to a port of this machine, at the scenario's pace; how many."""
    family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
    with socket.socket(family, socket.SOCK_DGRAM) as out:
        times = [t for t, _ in events]
        for wait_s, (_, text) in zip(
            paced(times, speed=speed, per_second=per_second), events, strict=True
        ):
            time.sleep(wait_s)
            out.sendto(text, address)
    return len(events)


def loopback_of(text: str, option: str) -> tuple[str, int]:
    """Host and port of an address on this machine.

    Raises
    ------
    FenceError
        for another machine.
    ScenarioError
        for what is no address.
    """
    host, colon, port = text.rpartition(":")
    host = host.strip("[]")
    if not (colon and port.isdecimal() and 0 < int(port) < 65_536):
        raise ScenarioError(f"{option} is {text!r}; write it like 127.0.0.1:3000")
    try:
        here = host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        here = False
    if not here:
        raise FenceError(f"{option} {text}: exercise reports stay on this machine; use 127.0.0.1")
    return ("127.0.0.1" if host == "localhost" else host), int(port)
