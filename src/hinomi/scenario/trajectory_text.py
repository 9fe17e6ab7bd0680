"""Files of trajectories: CSV by column names, or an Orbit Ephemeris Message; every mistake by line."""

from __future__ import annotations

import csv
import math
import re
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Final

import numpy as np

from hinomi.earth.wgs84 import ecef_from_geodetic, height_above_ellipsoid
from hinomi.errors import ScenarioError
from hinomi.records.columns import Floats, Ints
from hinomi.records.flights import BOOST, COAST, FALL, GLIDE
from hinomi.scenario.mistakes import nearest
from hinomi.units import DEG_RAD, KM_M

MOST_ROWS: Final = 20_000
MOST_MISTAKES: Final = 20
MOST_GAP_S: Final = 10.0  # assumed: what a cubic bridges in a boost to some ten metres
MOST_SPEED_MPS: Final = 9_000.0  # assumed: no suborbital flight is faster
LOWEST_M: Final = -150.0  # assumed: the sea lies at most 107 m below the ellipsoid
HIGHEST_M: Final = 8_000e3  # as the highest apogee of a scenario
ASTRAY: Final = 0.25  # of the speed, that stated velocities may differ from the way between rows
ASTRAY_MPS: Final = 200.0
FLOWN: Final = {
    "boost": BOOST, "coast": COAST, "glide": GLIDE, "cruise": GLIDE, "fall": FALL,
}  # fmt: skip
STATES: Final = ("x_m", "y_m", "z_m")
SPEEDS: Final = ("vx_mps", "vy_mps", "vz_mps")
HEIGHTS: Final = {"height_m": 1.0, "h_m": 1.0, "height_km": KM_M}
FORMS: Final = (
    "t_s with lat_deg, lon_deg, height_km (or height_m), or with x_m, y_m, z_m; where known also "
    "vx_mps, vy_mps, vz_mps and phase"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """A trajectory as read: times from 0, Earth-fixed states; phase -1 where it is not told."""

    t_s: Floats  # (N,)
    r_m: Floats  # (N, 3)
    v_mps: Floats  # (N, 3)
    phase: Ints  # (N,)


@dataclass(slots=True)
class _Found:
    """Rows while they are read."""

    lines: list[int]
    t_s: list[float]
    r_m: list[tuple[float, float, float]]
    v_mps: list[tuple[float, float, float]]
    phase: list[int]


def read_trajectory(text: str, where: str, *, body: str = "") -> Rows:
    """Read one body's trajectory.

    Parameters
    ----------
    where
        what messages call the file.
    body
        which body of a CSV with a column `body`.

    Raises
    ------
    ScenarioError
        naming line, value, limit and the way out of each mistake, twenty at most.
    """
    wrong: list[str] = []
    message = text.lstrip("\ufeff \t\r\n").startswith("CCSDS_OEM_VERS")
    if text.lstrip("\ufeff \t\r\n").startswith("<"):
        raise ScenarioError(
            f"{where}: is XML; give an Orbit Ephemeris Message in text form (KVN), or a CSV with {FORMS}"
        )
    found = _message(text, where, wrong) if message else _table(text, where, body, wrong)
    if not wrong:
        wrong = _order(found)
    if not wrong and len(found.v_mps) < len(found.t_s):
        found.v_mps = [tuple(v) for v in _velocities(found).tolist()]  # type: ignore[misc]
    if not wrong:
        wrong = _physics(found)
    if wrong:
        more = [f"and {len(wrong) - MOST_MISTAKES} more"] if len(wrong) > MOST_MISTAKES else []
        raise ScenarioError("\n".join(f"{where}: {w}" for w in (*wrong[:MOST_MISTAKES], *more)))
    t = np.array(found.t_s)
    return Rows(
        t_s=t - t[0],
        r_m=np.array(found.r_m),
        v_mps=np.array(found.v_mps),
        phase=np.array(found.phase or [-1] * len(t), np.int32),
    )


def _table(text: str, where: str, body: str, wrong: list[str]) -> _Found:
    lines = [(n, x) for n, x in enumerate(text.lstrip("\ufeff").splitlines(), start=1) if x.strip()]
    lines = [(n, x) for n, x in lines if not x.lstrip().startswith("#")]
    if not lines:
        raise ScenarioError(f"{where}: is empty; its first line names the columns: {FORMS}")
    head = [w.strip() for w in next(csv.reader([lines[0][1]]))]
    at = {name: i for i, name in enumerate(head)}
    height = next((h for h in HEIGHTS if h in at), "")
    fixed = all(c in at for c in STATES)
    if "t_s" not in at or not (fixed or ("lat_deg" in at and "lon_deg" in at and height)):
        raise ScenarioError(
            f"{where}: line {lines[0][0]}: has the columns {', '.join(head)[:160]}; needs {FORMS}"
        )
    rows = [(n, next(csv.reader([x]))) for n, x in lines[1:]]
    rows = _one(rows, at, "body", body, where, "name one as trajectory_body")
    rows = _one(rows, at, "replicate", "", where, "keep the rows of one")
    found = _Found([], [], [], [], [])
    for number, cells in rows:
        if len(cells) != len(head):
            wrong.append(f"line {number}: has {len(cells)} cells; the first line has {len(head)}")
        else:
            _add_row(found, number, cells, at, "" if fixed else height, wrong)
    return found


def _add_row(
    found: _Found, number: int, cells: list[str], at: dict[str, int], height: str, wrong: list[str]
) -> None:
    """Take in one row, if nothing is wrong with it; `height` names its column, empty: x, y, z."""

    def value(name: str) -> float:
        return _number(cells[at[name]], name, number, wrong)

    before = len(wrong)
    t = value("t_s")
    if not height:
        place = (value("x_m"), value("y_m"), value("z_m"))
    else:
        lat, lon = value("lat_deg"), value("lon_deg")
        if abs(lat) > 90.0 or not -180.0 <= lon <= 360.0:
            wrong.append(
                f"line {number}: latitude {lat:g}, longitude {lon:g} degrees; they must lie "
                "in -90..90 and -180..360"
            )
        up = value(height) * HEIGHTS[height]
        place = ecef_from_geodetic(lat * DEG_RAD, lon * DEG_RAD, up)
    moving = all(c in at for c in SPEEDS)
    speed = (value("vx_mps"), value("vy_mps"), value("vz_mps")) if moving else None
    phase = _phase(cells[at["phase"]], number, wrong) if "phase" in at else None
    if len(wrong) > before:
        return
    found.lines.append(number)
    found.t_s.append(t)
    found.r_m.append(place)
    if speed is not None:
        found.v_mps.append(speed)
    if phase is not None:
        found.phase.append(phase)


def _one(
    rows: list[tuple[int, list[str]]],
    at: dict[str, int],
    name: str,
    wanted: str,
    where: str,
    way: str,
) -> list[tuple[int, list[str]]]:
    """Rows of one body or replicate of a file that may hold several."""
    if name not in at:
        if wanted:
            raise ScenarioError(f"{where}: has no column {name}, so no {wanted!r}; leave it out")
        return rows
    i = at[name]
    names = list(dict.fromkeys(c[i].strip() for _, c in rows if len(c) > i))
    if wanted and wanted not in names:
        near = nearest(wanted, names)
        tail = f"; did you mean {near!r}?" if near else ""
        raise ScenarioError(f"{where}: {name} {wanted!r} is none of {', '.join(names[:20])}{tail}")
    if not wanted and len(names) > 1:
        raise ScenarioError(f"{where}: holds more than one {name} ({', '.join(names[:20])}); {way}")
    return [(n, c) for n, c in rows if not wanted or (len(c) > i and c[i].strip() == wanted)]


def _number(cell: str, column: str, line: int, wrong: list[str]) -> float:
    try:
        value = float(cell)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        wrong.append(f"line {line}: {column} is {cell.strip()[:40]!r}; it must be a number")
        return 0.0
    return value


def _phase(cell: str, line: int, wrong: list[str]) -> int:
    word = cell.strip()
    if word not in FLOWN:
        wrong.append(f"line {line}: phase is {word[:40]!r}; it is one of {', '.join(FLOWN)}")
        return -1
    return FLOWN[word]


def _message(text: str, where: str, wrong: list[str]) -> _Found:
    """Read the states of an Orbit Ephemeris Message, text form, in km and km/s."""
    found = _Found([], [], [], [], [])
    given: dict[str, str] = {}
    segments, skipping = 0, False
    first: datetime | None = None
    for number, line in enumerate(text.lstrip("\ufeff").splitlines(), start=1):
        words = line.strip()
        if not words or words.startswith("COMMENT"):
            continue
        if words.startswith("COVARIANCE"):
            skipping = words == "COVARIANCE_START"
            continue
        if words == "META_START":
            segments += 1
            if segments > 1:
                raise ScenarioError(
                    f"{where}: line {number}: a second segment begins; keep one body's, in one segment"
                )
        if skipping or words in ("META_START", "META_STOP"):
            continue
        if "=" in words:
            key, _, value = words.partition("=")
            given[key.strip()] = value.strip()
            continue
        cells = words.split()
        if not found.t_s:
            _refuse_frame(given, where)
        at = _instant(cells[0])
        if at is None or len(cells) not in (7, 10):
            wrong.append(
                f"line {number}: {words[:60]!r} is no state; it must be a time, three positions in "
                "km and three velocities in km/s"
            )
            continue
        first = first or at
        before = len(wrong)
        numbers = [_number(c, "a state", number, wrong) * KM_M for c in cells[1:7]]
        if len(wrong) == before:
            found.lines.append(number)
            found.t_s.append((at - first).total_seconds())
            found.r_m.append((numbers[0], numbers[1], numbers[2]))
            found.v_mps.append((numbers[3], numbers[4], numbers[5]))
    return found


def _refuse_frame(given: dict[str, str], where: str) -> None:
    frame, centre = given.get("REF_FRAME", "").upper(), given.get("CENTER_NAME", "").upper()
    if centre != "EARTH":
        raise ScenarioError(f"{where}: CENTER_NAME is {centre or 'missing'}; it must be EARTH")
    if not re.fullmatch(r"ITRF.*|WGS-?84|EFG|ECEF|ECF", frame):
        raise ScenarioError(
            f"{where}: REF_FRAME is {frame or 'missing'}; it must turn with the Earth (ITRF): "
            "convert the states first"
        )


def _instant(cell: str) -> datetime | None:
    """Read a time with month and day, or day of the year."""
    text = cell.rstrip("Z")
    day = re.fullmatch(r"(\d{4})-(\d{3})T(.+)", text)
    try:
        if day:
            start = datetime.strptime(f"{day[1]} {day[2]}", "%Y %j")  # noqa: DTZ007 - differences only
            return datetime.fromisoformat(f"{start:%Y-%m-%d}T{_six(day[3])}")
        head, _, clock = text.partition("T")
        return datetime.fromisoformat(f"{head}T{_six(clock)}")
    except ValueError:
        return None


def _six(clock: str) -> str:
    """A time of day with at most six digits behind the point."""
    whole, point, part = clock.partition(".")
    return f"{whole}.{part[:6]:0<6}" if point else whole


def _order(found: _Found) -> list[str]:
    """Say where times run back, stand still or leave a gap."""
    n = len(found.t_s)
    if not 4 <= n <= MOST_ROWS:
        ways = "add some" if n < 4 else "a row a second is enough"
        return [f"has {n} rows of one body; it must be 4 to {MOST_ROWS:,}: {ways}"]
    out = []
    for i, (a, b) in enumerate(pairwise(found.t_s)):
        line = found.lines[i + 1]
        if b <= a:
            out.append(
                f"line {line}: time {b:g} s is not after {a:g} s of line {found.lines[i]}; "
                "put the rows in order and keep one a time"
            )
        elif b - a > MOST_GAP_S + 1e-6:
            out.append(
                f"line {line}: {b - a:g} s after the row before it; at most {MOST_GAP_S:g} s: add "
                "rows in between"
            )
    return out


def _physics(found: _Found) -> list[str]:
    """Say where the way is underground, too high, too fast, or not that of its velocities."""
    out = []
    for i, r in enumerate(found.r_m):
        height = height_above_ellipsoid(*r)
        if not LOWEST_M <= height <= HIGHEST_M:
            out.append(
                f"line {found.lines[i]}: {height / KM_M:.1f} km above the ellipsoid; it must lie in "
                f"{LOWEST_M / KM_M:g}..{HIGHEST_M / KM_M:g}: check the units of the columns"
            )
            continue
        if not i:
            continue
        dt = found.t_s[i] - found.t_s[i - 1]
        chord = (np.array(r) - np.array(found.r_m[i - 1])) / dt
        speed = float(np.linalg.norm(chord))
        told = 0.5 * (np.array(found.v_mps[i]) + np.array(found.v_mps[i - 1]))
        astray = float(np.linalg.norm(told - chord))
        if speed > MOST_SPEED_MPS:
            out.append(
                f"line {found.lines[i]}: {speed / KM_M:.1f} km/s since the row before it; at most "
                f"{MOST_SPEED_MPS / KM_M:g} km/s: a row is missing or wrong"
            )
        elif astray > max(ASTRAY_MPS, ASTRAY * speed):
            out.append(
                f"line {found.lines[i]}: its velocity and the one before it differ by "
                f"{astray:.0f} m/s from the way between them ({speed:.0f} m/s); give velocities "
                "that turn with the Earth, or leave them out"
            )
    return out


def _velocities(found: _Found) -> Floats:
    """(N, 3) velocities of positions alone: of the parabola through three neighbouring rows."""
    out: Floats = np.gradient(np.array(found.r_m), np.array(found.t_s), axis=0, edge_order=2)
    return out
