"""Coverage as maps: over a grid, for a constellation or for the sensors of a scenario."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np

from hinomi.export.coverage_answer import cells, sky_of
from hinomi.export.coverage_asked import Constellation, Target, bounded
from hinomi.export.coverage_target import Seen, ratio_of, reach_of
from hinomi.records.columns import Floats
from hinomi.records.plots import Infrared, Radar, Sensors
from hinomi.units import KM_M
from hinomi.watch.coverage import Coverage, Fixed, cover, looking, sky, through_time
from hinomi.watch.coverage_grid import Grid
from hinomi.watch.coverage_radar import ratio_over

MEASURES: Final = {
    "mean_views": "mean number of sensors that see it",
    "share_1": "share of the time with one or more",
    "share_2": "share of the time with two or more",
    "share_3": "share of the time with three or more",
    "share_fix": "share of the time with a radar or two satellites",
    "longest_gap_s": "longest time that nobody sees it [s]",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Maps:
    """What is drawn and written: one coverage, or one minus another."""

    title: str
    subtitle: str
    facts: dict[str, Any]
    found: Coverage
    minus: Coverage | None
    sites: tuple[tuple[str, float, float], ...]  # radars: name, latitude, longitude [deg]
    whole_earth: bool

    def values(self, measure: str) -> Floats:
        """(R, columns) of one of `MEASURES`, or the difference."""
        first: Floats = getattr(self.found, measure)
        return first if self.minus is None else first - getattr(self.minus, measure)


def of_constellation(
    asked: Constellation,
    target: Target,
    t_s: Floats,
    grid: Grid,
    *,
    whole_earth: bool,
    by_time: bool = False,
) -> Maps:
    """Cover a grid by the satellites of a command line; the limb and a range limit alone."""
    bounded(len(asked.satellites), cells(grid), len(t_s))
    hours = len(t_s) * float(t_s[1] - t_s[0]) / 3600.0
    graze_km = asked.satellites[0].graze_m / KM_M
    above = sky_of(asked, target, t_s)
    found = cover(grid, above)
    limit = "" if np.isinf(target.max_range_m) else f", within {target.max_range_m / KM_M:,g} km"
    return Maps(
        title=f"Coverage by {asked.words}",
        subtitle=f"Target {target.height_m / KM_M:g} km high, seen past a limb of {graze_km:g} km"
        f"{limit}; {hours:g} h.",
        facts={},
        found=replace(found, by_time=through_time(grid, above)) if by_time else found,
        minus=None,
        sites=(),
        whole_earth=whole_earth,
    )


def fixed_of(radars: Sequence[Radar], grid: Grid, t_s: Floats, target: Target, seen: Seen) -> Fixed:
    """Evaluate radars over a grid, each once: they do not move."""
    ratios, needed = [], []
    for radar in radars:
        ratio = ratio_over(grid, radar, rcs_m2=seen.rcs_m2)
        if np.isfinite(target.max_range_m):
            ratio = np.where(_far(radar, grid) > target.max_range_m, -1.0, ratio)
        ratios.append(ratio)
        needed.append(ratio_of(radar, target))
    shape = (len(radars), len(grid.lat_rad), grid.columns)
    values = np.array(ratios, dtype=np.float64).reshape(shape)
    least = np.array(needed, dtype=np.float64).reshape(-1, 1, 1)
    margins = values / least if target.pd > 0.0 else np.zeros(shape)
    return Fixed(
        names=tuple(r.name for r in radars),
        masks=values >= least,
        margins=np.ascontiguousarray(margins),
        on=looking([r.windows_s for r in radars], t_s),
    )


def _far(radar: Radar, grid: Grid) -> Floats:
    """(R, columns) straight distance [m] from a radar to each target; without sector and horizon."""
    open_to_all = replace(
        radar, sector_rad=2.0 * np.pi, min_el_rad=-np.pi, mask_el_rad=(), reference_snr_db=0.0,
        reference_range_m=1.0,
    )  # fmt: skip
    ratio = ratio_over(grid, open_to_all, rcs_m2=1.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(ratio > 0.0, ratio**-0.25, np.inf)


def of_sensors(
    sensors: Sensors,
    names: Sequence[str],
    *,
    grid: Grid,
    t_s: Floats,
    target: Target,
    seen: Seen,
    graze_m: float | None,
    by_time: bool = False,
) -> Coverage:
    """Cover a grid by the named sensors of a scenario, all of them there."""
    radars = [r for r in sensors.radars if r.name in names]
    satellites = [s for s in sensors.infrared if s.name in names]
    if graze_m is not None:
        satellites = [replace(s, graze_m=graze_m) for s in satellites]
    bounded(len(satellites) + len(radars), cells(grid), len(t_s))
    above = _above(sensors, satellites, t_s, target, seen)
    stand = fixed_of(radars, grid, t_s, target, seen)
    found = cover(grid, above, stand)
    return replace(found, by_time=through_time(grid, above, stand)) if by_time else found


def _above(
    sensors: Sensors, satellites: Sequence[Infrared], t_s: Floats, target: Target, seen: Seen
) -> Any:
    return sky(
        satellites,
        t_s,
        greenwich_rad=sensors.greenwich_rad,
        reach_m=[reach_of(s, target, seen) for s in satellites],
        sun=sensors.sun,
        signal=target.pd > 0.0,
    )
