"""What a user asks of coverage, read from the texts of a command line and checked."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from hinomi.earth.gravity import MU_M3_S2
from hinomi.earth.wgs84 import MEAN_RADIUS_M, SEMI_MAJOR_M
from hinomi.errors import ScenarioError
from hinomi.export import option_values
from hinomi.export.flight_ground import SPHERE, WGS84
from hinomi.flight.orbit import GEOSTATIONARY_RADIUS_M
from hinomi.records.columns import Floats
from hinomi.records.plots import Infrared
from hinomi.units import DAY_S, DEG_RAD, KM_M
from hinomi.watch.constellation import geostationary, walker
from hinomi.watch.coverage_grid import Grid, world

Given = Mapping[str, str | None]
WAYS: Final = """say what to cover:
  hinomi coverage SCENARIO [--sensors ...] [--box S,W,N,E] [--picture FILE] ...
  hinomi coverage --walker T/P/F --inclination-deg I --altitude-km H [--latitude-deg LAT,...] ...
  hinomi coverage --geo LON,... or --tle FILE, alone or with --walker"""
HOURS, STEP_S = 24.0, 60.0
TARGET_KM: Final = 50.0  # a regional glider, or a ballistic body late in its boost
GRAZE_KM: Final = 10.0  # as the catalogue's satellites
LOWEST_KM, HIGHEST_KM = 120.0, 50_000.0  # of satellites; no orbit lasts below (assumed)
COLUMNS: Final = 360  # longitudes that a parallel is averaged over
MOST_TESTS: Final = 2e11  # satellites x cells x steps: minutes
MOST_PLACES: Final = 2e7  # satellites x steps kept in memory
MOST_CELLS: Final = 500_000
DAYS_GOOD_H: Final = 240.0  # beyond, circular orbits with mean rates say little
_WALKER: Final = re.compile(r"(\d{1,6})/(\d{1,6})/(\d{1,6})", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What is looked for: how high, and how it must be seen."""

    height_m: float
    max_range_m: float
    pd: float  # 0: geometry alone


@dataclass(frozen=True, slots=True, kw_only=True)
class Constellation:
    """Satellites of the command line."""

    words: str
    satellites: tuple[Infrared, ...]
    sphere_m: float  # 0: WGS 84


def _n(given: Given, option: str, unit: str, default: float, **limits: float | None) -> float:
    text = given.get(option)
    return default if text is None else option_values.number(option, text, unit=unit, **limits)


def values(
    given: Given, option: str, unit: str, *, low: float, high: float
) -> tuple[float, ...] | None:
    """Numbers apart by commas, within limits; None where the option is not given."""
    text = given.get(option)
    if text is None:
        return None
    return tuple(
        option_values.number(option, part, unit=unit, low=low, high=high)
        for part in text.split(",")
    )


def times(given: Given) -> Floats:
    """Even times [s] over `--hours`, `--step-s` apart; the last step ends with the hours."""
    hours = _n(given, "--hours", "hours", HOURS, above=0.0, high=DAYS_GOOD_H)
    step = _n(given, "--step-s", "seconds", STEP_S, above=0.0)
    count = math.floor(hours * 3600.0 / step + 1e-9)
    if count < 2:
        raise ScenarioError(
            f"--step-s is {step:g} and --hours {hours:g}: fewer than two steps; take smaller steps"
        )
    return np.arange(count, dtype=np.float64) * np.float64(step)


def target_of(given: Given, *, default_pd: float) -> Target:
    """Height, range limit and probability of the target."""
    height = _n(given, "--target-altitude-km", "km", TARGET_KM, low=0.0, high=HIGHEST_KM)
    return Target(
        height_m=height * KM_M,
        max_range_m=_n(given, "--max-range-km", "km", math.inf, above=0.0) * KM_M,
        pd=_n(given, "--pd", "", default_pd, above=0.0, high=0.999) if default_pd else 0.0,
    )


def graze_m(given: Given) -> float | None:
    """Least height of a line of sight [m], where it is told."""
    if given.get("--graze-km") is None:
        return None
    return _n(given, "--graze-km", "km", GRAZE_KM, low=-100.0, high=200.0) * KM_M


def sphere_of(given: Given) -> float:
    """Radius [m] of the Earth asked for, 0 for WGS 84: the sphere unless elements are flown."""
    earth = given.get("--earth") or (SPHERE if given.get("--tle") is None else WGS84)
    if earth not in (SPHERE, WGS84):
        raise ScenarioError(f"--earth is {earth!r}; it is one of {SPHERE}, {WGS84}")
    if earth == SPHERE and given.get("--tle") is not None:
        raise ScenarioError("--tle needs --earth wgs84: elements place satellites over that Earth")
    return MEAN_RADIUS_M if earth == SPHERE else 0.0


def constellation(given: Given, target: Target) -> Constellation:
    """Satellites of `--walker`, `--geo` and `--tle`.

    Raises
    ------
    ScenarioError
        when a pattern does not divide, an orbit is below the ground or the target, or a file
        cannot be read.
    """
    sphere_m = sphere_of(given)
    graze = graze_m(given)
    pattern = _pattern(GRAZE_KM * KM_M if graze is None else graze)
    words: list[str] = []
    out: list[Infrared] = []
    if given.get("--walker") is not None:
        text, found = _walker(given, pattern, sphere_m or SEMI_MAJOR_M, target)
        words.append(text)
        out += found
    else:
        extra = [o for o in ("--inclination-deg", "--altitude-km") if given.get(o) is not None]
        if extra:
            raise ScenarioError(f"{' and '.join(extra)} needs --walker T/P/F, such as 40/5/1")
    longitudes = values(given, "--geo", "degrees", low=-180.0, high=360.0)
    if longitudes:
        if target.height_m >= GEOSTATIONARY_RADIUS_M - SEMI_MAJOR_M:
            raise ScenarioError(_too_high(target.height_m, 35_786.0))
        words.append("geostationary " + ", ".join(f"{x:g}" for x in longitudes) + " deg E")
        out += geostationary(pattern, longitudes_rad=[x * DEG_RAD for x in longitudes])
    if given.get("--tle") is not None:
        found = elements(Path(given["--tle"] or ""), pattern)
        low_m = min(_mean_radius_m(s) for s in found) - SEMI_MAJOR_M
        if target.height_m >= low_m:
            raise ScenarioError(_too_high(target.height_m, low_m / KM_M))
        words.append(f"two-line elements of {Path(given['--tle'] or '').name}")
        out += found
    return Constellation(words="; ".join(words), satellites=tuple(out), sphere_m=sphere_m)


def _pattern(graze: float) -> Infrared:
    return Infrared(
        name="SAT", owner="", semi_major_axis_m=GEOSTATIONARY_RADIUS_M, inclination_rad=0.0,
        node_rad=0.0, argument_rad=0.0, stationary=False, frame_s=1, phase_s=0, band=0,
        intensity_ref_w_sr=1.0, reference_range_m=1.0, threshold=5.0, angle_floor_rad=0.0,
        pixel_rad=0.0, bias_rad=0.0, graze_m=graze, latency_s=(0.0, 0.0, 0.0),
    )  # fmt: skip


def _too_high(height_m: float, satellites_km: float) -> str:
    return (
        f"--target-altitude-km is {height_m / KM_M:g} and satellites are {satellites_km:,.0f} km "
        "high; the target must be below them"
    )


def _walker(
    given: Given, pattern: Infrared, ground_m: float, target: Target
) -> tuple[str, tuple[Infrared, ...]]:
    text = given["--walker"] or ""
    match = _WALKER.fullmatch(text.strip())
    if not match:
        raise ScenarioError(
            f"--walker is {text!r}; write T/P/F, whole numbers of satellites, planes and phasing, "
            "such as 40/5/1"
        )
    total, planes, phasing = (int(x) for x in match.groups())
    missing = [o for o in ("--inclination-deg", "--altitude-km") if given.get(o) is None]
    if missing:
        raise ScenarioError(f"--walker needs {' and '.join(missing)}")
    if total > 5000:
        raise ScenarioError(f"--walker has {total} satellites; at most 5000")
    if total < 1 or planes < 1 or total % planes or phasing >= planes:
        fits = ", ".join(str(p) for p in range(1, total + 1) if total % p == 0) or "none"
        raise ScenarioError(
            f"--walker {text} does not divide: {total} satellites fit {fits} planes, and the "
            f"phasing is 0 to {max(planes - 1, 0)}"
        )
    inclination = _n(given, "--inclination-deg", "degrees", 0.0, low=0.0, high=180.0)
    height = _n(given, "--altitude-km", "km", 0.0, low=LOWEST_KM, high=HIGHEST_KM)
    if target.height_m >= height * KM_M:
        raise ScenarioError(_too_high(target.height_m, height))
    if pattern.graze_m >= height * KM_M:
        raise ScenarioError(
            f"--graze-km is {pattern.graze_m / KM_M:g}; it must be below the satellites, "
            f"{height:g} km high"
        )
    from dataclasses import replace

    pattern = replace(
        pattern, semi_major_axis_m=ground_m + height * KM_M, inclination_rad=inclination * DEG_RAD
    )
    words = f"Walker {total}/{planes}/{phasing}, {inclination:g} deg, {height:g} km"
    return words, walker(pattern, total=total, planes=planes, phasing=phasing)


def _mean_radius_m(satellite: Infrared) -> float:
    """Semi-major axis [m] of two-line elements, from their mean motion."""
    _, second = satellite.elements or ("", "")
    motion = float(second[52:63]) * 2.0 * math.pi / DAY_S
    return float((MU_M3_S2 / (motion * motion)) ** (1.0 / 3.0))


def elements(path: Path, pattern: Infrared) -> tuple[Infrared, ...]:
    """Satellites of a file of two-line elements; the day begins at the newest of their epochs."""
    from dataclasses import replace

    from hinomi.scenario import elements as reader

    found = reader.read_elements(path)
    newest = max(e.epoch_jd for e in found)
    return tuple(
        replace(pattern, name=e.name, elements=e.lines, elements_epoch_jd=newest) for e in found
    )


def box_grid(
    given: Given,
    target: Target,
    *,
    box: Sequence[float] | None,
    step_deg: float,
    sphere_m: float,
) -> Grid:
    """Grid over `--box`, or over `box` (south, west, north, east [deg]), or over the whole Earth."""
    step = _n(given, "--grid-deg", "degrees", step_deg, above=0.0, high=30.0)
    text = given.get("--box")
    if text is not None:
        parts = values(given, "--box", "degrees", low=-360.0, high=720.0) or ()
        if len(parts) != 4 or not -90.0 <= parts[0] < parts[2] <= 90.0 or parts[1] >= parts[3]:
            raise ScenarioError(
                f"--box is {text!r}; write SOUTH,WEST,NORTH,EAST in degrees, south below north "
                "within -90 to 90, west below east (add 360 to east across 180), "
                "such as 23.5,122,34.5,132.5"
            )
        if parts[3] - parts[1] > 360.0:
            raise ScenarioError(f"--box is {text!r}; it is wider than 360 degrees: leave it out")
        box = parts
    if box is None:
        if 180.0 / step > 1e4:
            raise ScenarioError(f"--grid-deg is {step:g}; too fine: take a coarser one")
        if abs(180.0 / step - round(180.0 / step)) > 1e-6:
            raise ScenarioError(
                f"--grid-deg is {step:g}; over the whole Earth it must divide 180, such as 1, 2, 5"
            )
        grid = world(step * DEG_RAD, height_m=target.height_m, sphere_m=sphere_m)
        return _sized(grid, step)
    south, west, north, east = box
    if (north - south) / step > 1e4 or (east - west) / step > 1e4:
        raise ScenarioError(f"--grid-deg is {step:g}; too fine for this box: take a coarser one")
    rows = max(1, math.floor((north - south) / step + 1e-9) + 1)
    columns = max(1, math.floor((east - west) / step + 1e-9) + 1)
    columns = min(columns, max(1, math.ceil(360.0 / step - 1e-9)))
    grid = Grid(
        lat_rad=tuple((south + i * step) * DEG_RAD for i in range(rows)),
        west_rad=west * DEG_RAD, step_rad=step * DEG_RAD, columns=columns,
        height_m=target.height_m, sphere_m=sphere_m,
    )  # fmt: skip
    return _sized(grid, step)


def _sized(grid: Grid, step: float) -> Grid:
    cells = len(grid.lat_rad) * grid.columns
    if cells > MOST_CELLS:
        raise ScenarioError(
            f"--grid-deg {step:g} makes {cells:,} cells; at most {MOST_CELLS:,}: take a coarser one"
        )
    return grid


def bounded(satellites: int, cells: int, steps: int) -> None:
    """Refuse what would run for long or fill the memory."""
    if satellites * cells * steps > MOST_TESTS or satellites * steps > MOST_PLACES:
        raise ScenarioError(
            f"{satellites:,} satellites, {cells:,} cells and {steps:,} steps are too many at once; "
            "take longer --step-s, fewer --hours or a coarser --grid-deg"
        )
