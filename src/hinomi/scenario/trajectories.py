"""Groups that fly a given way: the file read, ended on a tenth of a degree, carried in the plan."""

from __future__ import annotations

import hashlib
import math
import tomllib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import numpy as np

from hinomi.earth.wgs84 import ecef_from_geodetic, geodetic_from_ecef, height_and_up
from hinomi.errors import FenceError, ScenarioError
from hinomi.records.flights import CRUISE_KIND, GivenPath
from hinomi.scenario.schema import ScenarioText, ThreatGroup
from hinomi.scenario.text import decoded, path_beside, read_bytes
from hinomi.scenario.trajectory_text import FLOWN, LOWEST_M, SPEEDS, STATES, Rows, read_trajectory
from hinomi.units import KM_M

MOST_BYTES: Final = 8_000_000
ENDS_WITHIN_S: Final = 2.0  # of straight flight, from the last row to the ground
DIGITS: Final = 1  # of a degree: the fence of the project on end points
ON_GRID_M: Final = 1.0
COLUMNS: Final = ("t_s", *STATES, *SPEEDS)
_KEY: Final = ".trajectory_rows"
Carried = dict[str, dict[str, Any]]


def given_before(changes: dict[str, Any], text: str) -> Carried:
    """Take the ways that an earlier load noted out of the changes of a plan.

    Only for groups that name a file in the scenario's own text: everything else is a change of what
    is flown, and left for the fence to refuse.
    """
    found = {
        k: v
        for k, v in changes.items()
        if k.startswith("threats[") and k.endswith("]" + _KEY) and isinstance(v, dict)
    }
    if not found:
        return {}
    groups = tomllib.loads(text).get("threats", [])
    named = {g.get("name"): g.get("trajectory") for g in groups if isinstance(g, Mapping)}
    out = {}
    for key, noted in found.items():
        name = key[len("threats[") : -len("]" + _KEY)]
        rows = noted.get("rows")
        if named.get(name) and noted.get("file") == named[name] and isinstance(rows, str):
            out[name] = dict(noted)
            del changes[key]
    return out


def read_files(
    scenario: ScenarioText, folder: Path | None, before: Mapping[str, Mapping[str, Any]]
) -> tuple[ScenarioText, Carried, list[str]]:
    """Fill in the ways of groups that name a file; what a plan notes of them, and what to know.

    Raises
    ------
    ScenarioError
        when the file cannot be read, or with every mistake in it.
    """
    noted: Carried = {}
    told: list[str] = []
    groups = []
    for group in scenario.threats:
        if group.trajectory and not group.trajectory_rows:
            way = dict(before.get(group.name) or _fresh(group, scenario, folder))
            noted[f"threats[{group.name}]{_KEY}"] = way
            told.append(_words(group, way))
            group = group.model_copy(update={"trajectory_rows": way["rows"]})  # noqa: PLW2901
        groups.append(group)
    if not noted:
        return scenario, {}, []
    return scenario.model_copy(update={"threats": groups}), noted, told


def _words(group: ThreatGroup, way: Mapping[str, Any]) -> str:
    return (
        f"threats[{group.name}].trajectory: {way['file']}: turned as a whole about the Earth's "
        f"centre, no row by more than {way['moved_km']:.2f} km, so that it ends at {way['end_lat_deg']:g}, "
        f"{way['end_lon_deg']:g}: no end point here is finer than 0.1 degree"
    )


def _fresh(group: ThreatGroup, scenario: ScenarioText, folder: Path | None) -> dict[str, Any]:
    where = f"threats[{group.name}].trajectory"
    raw = _bytes_of(group.trajectory, folder, where)
    words = f"{where}: {group.trajectory}"
    text = decoded(raw, words)
    rows = read_trajectory(text, words, body=group.trajectory_body)
    entry = scenario.catalogue.threat.get(group.threat_class)
    airborne = entry is not None and entry.kind == CRUISE_KIND
    rows = _landed(rows, words, airborne=airborne)
    lat, lon, _ = geodetic_from_ecef(*rows.r_m[-1])
    end = round(math.degrees(lat), DIGITS) + 0.0, round(math.degrees(lon), DIGITS) + 0.0
    turned = _turned(rows, *end)
    moved = float(np.linalg.norm(turned.r_m - rows.r_m, axis=1).max())
    return {
        "file": group.trajectory,
        "sha256": hashlib.sha256(raw).hexdigest(),
        "moved_km": round(moved / KM_M, 4),
        "end_lat_deg": end[0],
        "end_lon_deg": end[1],
        "rows": _written(turned),
    }


def _bytes_of(file: str, folder: Path | None, where: str) -> bytes:
    path = path_beside(file, folder, where, otherwise="load it by its path")
    smaller = "keep one body, a row a second"
    return read_bytes(path, f"{where}: {path}", most=MOST_BYTES, smaller=smaller)


def _landed(rows: Rows, where: str, *, airborne: bool) -> Rows:
    """End a way on the ground: straight on from its last row where that is near enough.

    Raises
    ------
    ScenarioError
        when it ends in the air, and its class does not.
    """
    if airborne:
        return rows
    r, v = rows.r_m[-1], rows.v_mps[-1]
    height, *up = height_and_up(*r)
    if abs(height) <= -LOWEST_M:
        return rows
    sink = -float(np.dot(up, v))
    if sink <= 0.0 or height > ENDS_WITHIN_S * sink:
        raise ScenarioError(
            f"{where}: ends {height / KM_M:.1f} km above the ground; give rows until at most "
            f"{ENDS_WITHIN_S:g} s before it"
        )
    last_s = height / sink
    return Rows(
        t_s=np.append(rows.t_s, rows.t_s[-1] + last_s),
        r_m=np.vstack([rows.r_m, r + last_s * v]),
        v_mps=np.vstack([rows.v_mps, v]),
        phase=np.append(rows.phase, rows.phase[-1]),
    )


def _turned(rows: Rows, lat_deg: float, lon_deg: float) -> Rows:
    """Turn a way about the Earth's centre so that it ends at a place, its shape unchanged.

    Heights change by up to 19 m: half a tenth of a degree changes the ellipsoid's radius so much.
    """
    end = rows.r_m[-1]
    aim = np.array(ecef_from_geodetic(math.radians(lat_deg), math.radians(lon_deg), 0.0))
    a, b = end / np.linalg.norm(end), aim / np.linalg.norm(aim)
    axis = np.cross(a, b)
    sine, cosine = float(np.linalg.norm(axis)), float(np.dot(a, b))
    if sine < 1e-12:
        return rows
    # Rodrigues' formula.
    x, y, z = axis / sine
    k = np.array([[0.0, -z, y], [z, 0.0, -x], [-y, x, 0.0]])
    turn = np.eye(3) + sine * k + (1.0 - cosine) * (k @ k)
    return Rows(t_s=rows.t_s, r_m=rows.r_m @ turn.T, v_mps=rows.v_mps @ turn.T, phase=rows.phase)


def _written(rows: Rows) -> str:
    """Rows as a plan carries them: a CSV to a millimetre."""
    told = bool((rows.phase >= 0).all())
    words = {v: k for k, v in reversed(FLOWN.items())}
    lines = [",".join((*COLUMNS, "phase")) if told else ",".join(COLUMNS)]
    for t, r, v, phase in zip(rows.t_s, rows.r_m, rows.v_mps, rows.phase, strict=True):
        cells = [f"{t:.6f}", *(f"{x:.3f}" for x in r), *(f"{x:.5f}" for x in v)]
        lines.append(",".join([*cells, words[int(phase)]] if told else cells))
    return "\n".join(lines) + "\n"


def path_of(group: ThreatGroup) -> tuple[GivenPath, tuple[float, float]]:
    """The way of a group, and the place where it ends [deg].

    Raises
    ------
    ScenarioError
        for rows that are no trajectory.
    FenceError
        for rows whose end is finer than 0.1 degree.
    """
    rows = _rows(group.trajectory_rows, f"threats[{group.name}].trajectory_rows")
    lat, lon, height = geodetic_from_ecef(*rows.r_m[-1])
    end = round(math.degrees(lat), DIGITS) + 0.0, round(math.degrees(lon), DIGITS) + 0.0
    grid = np.array(ecef_from_geodetic(math.radians(end[0]), math.radians(end[1]), height))
    off = float(np.linalg.norm(grid - rows.r_m[-1]))
    if off > ON_GRID_M + 0.01 * abs(height) / KM_M:
        raise FenceError(
            f"threats[{group.name}].trajectory_rows: ends {off / KM_M:.2f} km off a tenth of a "
            "degree, and no end point here is finer; name the file as trajectory instead"
        )
    burnout = math.nan if group.burnout_s is None else group.burnout_s.value
    way = GivenPath(
        t_s=rows.t_s, r_m=rows.r_m, v_mps=rows.v_mps, phase=rows.phase, burnout_s=burnout
    )
    return way, end


@lru_cache(maxsize=16)
def _rows(text: str, where: str) -> Rows:
    return read_trajectory(text, where)
