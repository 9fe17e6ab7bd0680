"""What moves in a replay, as series: flights, satellites, tracks, plots, predicted areas."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np

from hinomi.earth.wgs84 import ecef_from_geodetic
from hinomi.exchange.gather import Asked, rows_of
from hinomi.exchange.rings import ellipse
from hinomi.exchange.scene import STAGE_KIND, Area, Ring, Site, Way
from hinomi.records.columns import Floats, Ints
from hinomi.study.tables import geodetic
from hinomi.units import KM_M

DIGITS: Final = 4  # of degrees: about 10 m
RING_DIGITS: Final = 3  # of edges of areas: about 100 m
FLIGHT_EVERY_S: Final = 5.0  # of what coasts or glides high up; between, a line is near enough
LOW_M: Final = 20e3
TRACK_EVERY_S: Final = 2.0
MOST_PLOTS: Final = 4_000
BOOST: Final = "boost"
# Radius that holds a share of a normal distribution in two dimensions, squared, in variances.
RINGS: Final = {
    name: -2.0 * math.log(1.0 - p) for name, p in (("p50", 0.5), ("p90", 0.9), ("p99", 0.99))
}
R90: Final = RINGS["p90"]  # what `ellipse` draws
# Added to both axes: no area shrinks to a point, however sure a track is. Assumed: 1 km.
LEAST_KM2: Final = 1.0

Told = dict[str, Any]


def series(way: Way, rows: Ints) -> Told:
    """Times, places and heights of some rows of a way."""
    return {
        "t_s": np.round(way.t_s[rows], 1),
        "lon_deg": np.round(way.lon_deg[rows], DIGITS),
        "lat_deg": np.round(way.lat_deg[rows], DIGITS),
        "alt_km": np.round(way.height_m[rows] / KM_M, 2),
    }


def finite_rows(way: Way) -> Ints:
    """First to last row that has a place."""
    there = np.flatnonzero(np.isfinite(way.lat_deg) & np.isfinite(way.height_m))
    return there.astype(np.int32)


def flight(way: Way) -> Told:
    """A body's true way, dense where it burns or is low."""
    rows = finite_rows(way)
    phase = np.array(way.phase)[rows] if way.phase else np.full(len(rows), "")
    dense = (phase == BOOST) | (way.height_m[rows] < LOW_M)
    change = np.r_[True, phase[1:] != phase[:-1]] if len(rows) else np.zeros(0, bool)
    keep = dense | change | (np.mod(np.rint(way.t_s[rows]), FLIGHT_EVERY_S) == 0.0)
    keep[-1:] = True
    starts = rows[np.flatnonzero(change)]
    return {
        "id": way.name,
        "name": way.name,
        "kind": way.kind,
        "stage": way.kind == STAGE_KIND,
        **series(way, rows[keep]),
        "phases": [[round(float(way.t_s[i]), 1), way.phase[i]] for i in starts]
        if way.phase
        else [],
    }


def satellite(way: Way) -> Told:
    """A satellite's way."""
    return {
        "id": way.name,
        "name": f"{way.name} (notional)",
        "nation": way.owner,
        "kind": way.kind,
        "stage": False,
        **series(way, finite_rows(way)),
    }


def track(way: Way) -> Told:
    """A track with its stated error and the seconds from which it has each grade."""
    rows = finite_rows(way)
    last = np.r_[True, np.diff(np.floor(way.t_s[rows] / TRACK_EVERY_S)) > 0.0][: len(rows)]
    last[-1:] = True
    number = int(way.name.removeprefix("track "))
    sigma = way.sigma_m if way.sigma_m is not None else np.zeros(len(way.t_s))
    grades: list[list[Any]] = []
    for i in rows.tolist():
        word = way.grade[i].strip("-")  # a dash in tables: none yet
        if not grades or grades[-1][1] != word:
            grades.append([round(float(way.t_s[i]), 1), word])
    return {
        "id": f"{way.owner}/{number}",
        "picture": way.owner,
        "track": number,
        "name": way.name,
        **series(way, rows[last]),
        "sigma_km": np.round(sigma[rows[last]] / KM_M, 3),
        "grade": grades,
    }


def areas(asked: Asked, shown: Sequence[Area]) -> list[Told]:
    """Predicted ends: rings of 50, 90 and 99 % of the same normal distribution."""
    spreads = _spreads(asked)
    out = []
    for area in shown:
        ee, nn, en = spreads[area.picture, area.track, area.from_s]
        found = (ee + LEAST_KM2, nn + LEAST_KM2, en)
        rings = {}
        for name, square in RINGS.items():
            ee, nn, en = (x * square / R90 for x in found)
            ring = ellipse(area.end_lat_deg, area.end_lon_deg, ee_km2=ee, nn_km2=nn, en_km2=en)
            rings[name] = rounded(_coarse(ring))
        out.append(
            {
                "picture": area.picture,
                "track": area.track,
                "t_s": round(area.from_s, 1),
                "until_s": round(area.to_s, 1),
                "end_t_s": round(area.end_t_s, 1),
                "centre": [round(area.end_lon_deg, 1), round(area.end_lat_deg, 1)],
                **rings,
            }
        )
    return out


def _spreads(asked: Asked) -> Mapping[tuple[str, int, float], tuple[float, float, float]]:
    names = (
        "picture", "track", "t_available_s", "end_cov_ee_km2", "end_cov_nn_km2", "end_cov_en_km2",
    )  # fmt: skip
    rows = zip(*(c.tolist() for c in rows_of(asked, "forecasts", *names)), strict=True)
    return {(p, int(n), t): (ee, nn, en) for p, n, t, ee, nn, en in rows}


def rounded(ring: Ring) -> list[list[float]]:
    """A ring clockwise, as maps on a sphere want the outer one."""
    return [[round(lon, RING_DIGITS), round(lat, RING_DIGITS)] for lon, lat in reversed(ring)]


def _coarse(ring: Ring) -> Ring:
    """Every other corner of an ellipse: 24 are enough for a picture."""
    return ring[::2] if ring[::2][-1] == ring[-1] else [*ring[::2], ring[-1]]


def plots(asked: Asked, sites: Sequence[Site]) -> Told:
    """Where radars saw something: their own place, the line of sight, the range."""
    sensor, t, x, y, z, range_m = rows_of(
        asked, "plots", "sensor", "t_s", "los_x", "los_y", "los_z", "range_m"
    )
    names = [s.name for s in sites]
    index = {name: i for i, name in enumerate(names)}
    which = np.array([index.get(str(s), -1) for s in sensor], np.int64)
    rows = np.flatnonzero((which >= 0) & np.isfinite(range_m) & (range_m > 0.0))
    step = max(1, math.ceil(len(rows) / MOST_PLOTS))
    rows = rows[np.argsort(t[rows], kind="stable")][::step]
    home = _homes(sites)
    r = home[which[rows]] + np.column_stack([x, y, z])[rows] * range_m[rows, None]
    lat, lon, height = geodetic(r) if len(rows) else (np.zeros(0),) * 3
    return {
        "t_s": np.round(t[rows], 1),
        "sensor": which[rows],
        "sensors": names,
        "lon_deg": np.round(lon, DIGITS),
        "lat_deg": np.round(lat, DIGITS),
        "alt_km": np.round(np.asarray(height) / KM_M, 1),
        "of": len(t),
    }


def _homes(sites: Sequence[Site]) -> Floats:
    if not sites:
        return np.zeros((0, 3))
    return np.array(
        [
            ecef_from_geodetic(math.radians(s.lat_deg), math.radians(s.lon_deg), s.height_m)
            for s in sites
        ]
    )
