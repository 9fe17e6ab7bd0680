"""Coverage: how many sensors see a place, for which share of the time, and who sees it first."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from hinomi.earth.wgs84 import ROTATION_RAD_S
from hinomi.records.columns import Floats, Ints
from hinomi.records.plots import Infrared
from hinomi.watch import coverage_kernel as K  # noqa: N812
from hinomi.watch.coverage_grid import Grid
from hinomi.watch.ephemeris import positions


@dataclass(frozen=True, slots=True, kw_only=True)
class Sky:
    """Where satellites stand at even times, and what keeps each from seeing."""

    names: tuple[str, ...]
    t_s: Floats  # (T,)
    place: Floats  # (T, S, 4) Earth-fixed x, y, z [m] and longitude [rad]
    traits: Floats  # (S, 6) numbers of `coverage_kernel`
    on: NDArray[np.bool_]  # (T, S) looks at all
    sun: Floats  # (T, 3) Earth-fixed unit vector; 0 where the Sun is left out


@dataclass(frozen=True, slots=True, kw_only=True)
class Fixed:
    """What sensors that stand still see of a grid: any number of them, possibly none."""

    names: tuple[str, ...]
    masks: NDArray[np.bool_]  # (K, R, columns)
    margins: Floats  # (K, R, columns) ratio over what detection needs; 0: not asked
    on: NDArray[np.bool_]  # (T, K)


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """Answers for every cell of a grid, each (R, columns).

    A fix is a radar, or two satellites. Times are as fine as the steps.
    """

    grid: Grid
    names: tuple[str, ...]  # fixed sensors, then satellites: what `first_by` and `best_by` count
    mean_views: Floats
    share_1: Floats  # of the time with at least one sensor, two, three
    share_2: Floats
    share_3: Floats
    share_fix: Floats
    longest_gap_s: Floats  # without any
    first_s: Floats  # NaN: never
    first_by: Ints  # -1: nobody
    best_by: Ints  # greatest margin at any time; -1: nobody, or margins were not asked for
    best_margin_db: Floats  # of that sensor, as a ratio of powers; NaN: nobody
    # (T, 6) time since the epoch, then means over the area at that time: sensors that see a place,
    # share with one or more, two, three, and a fix; None: not asked for.
    by_time: Floats | None = None


def looking(windows: Sequence[Sequence[tuple[float, float]]], t_s: Floats) -> NDArray[np.bool_]:
    """(T, N) whether each of N sensors looks at a time, in [start, end); no windows: always."""
    out = np.ones((len(t_s), len(windows)), dtype=np.bool_)
    for i, spans in enumerate(windows):
        if spans:
            out[:, i] = False
            for begin, end in spans:
                out[:, i] |= (t_s >= begin) & (t_s < end)
    return out


def sky(
    satellites: Sequence[Infrared],
    t_s: Floats,
    *,
    greenwich_rad: float,
    reach_m: Sequence[float],
    sun: tuple[float, float, float] = (0.0, 0.0, 0.0),
    signal: bool = False,
) -> Sky:
    """Place satellites at times.

    Parameters
    ----------
    t_s
        (T,) even steps since the epoch.
    greenwich_rad
        Greenwich angle at the epoch.
    reach_m
        greatest range of each: from its signal, from a limit, or inf.
    sun
        unit vector to the Sun at the epoch in axes that do not turn; zeros leave it out.
    signal
        reaches come from signals: margins are (reach / range)^4, a ratio of powers.
    """
    t = np.asarray(t_s, dtype=np.float64)
    r = np.swapaxes(positions(satellites, t, greenwich_rad=greenwich_rad), 0, 1)
    up: NDArray[np.bool_] = np.isfinite(
        r.sum(axis=2)
    )  # a satellite that has come down sees nothing
    r = np.where(up[..., None], r, 0.0)
    place = np.concatenate([r, np.arctan2(r[..., 1], r[..., 0])[..., None]], axis=2)
    has_sun = any(sun)
    traits = np.array(
        [
            (
                reach,
                s.graze_m,
                math.cos(s.field_rad) if s.field_rad < math.pi else -1.0,
                float(s.cold_only),
                math.cos(s.sun_exclusion_rad) if has_sun and s.sun_exclusion_rad > 0.0 else 2.0,
                reach**4 if signal else 0.0,
            )
            for s, reach in zip(satellites, reach_m, strict=True)
        ]
    ).reshape(-1, K.TRAITS)
    angle = greenwich_rad + ROTATION_RAD_S * t
    sx, sy, sz = sun
    turned = [
        sx * np.cos(angle) + sy * np.sin(angle),
        sy * np.cos(angle) - sx * np.sin(angle),
        np.full_like(t, sz),
    ]
    return Sky(
        names=tuple(s.name for s in satellites),
        t_s=t,
        place=np.ascontiguousarray(place),
        traits=traits,
        on=looking([s.windows_s for s in satellites], t) & up,
        sun=np.ascontiguousarray(np.stack(turned, axis=1)),
    )


def no_fixed(grid: Grid, steps: int) -> Fixed:
    """Give no fixed sensors at all."""
    shape = (0, len(grid.lat_rad), grid.columns)
    return Fixed(
        names=(),
        masks=np.zeros(shape, dtype=np.bool_),
        margins=np.zeros(shape),
        on=np.zeros((steps, 0), dtype=np.bool_),
    )


def cover(grid: Grid, above: Sky, fixed: Fixed | None = None) -> Coverage:
    """Count who sees each cell of a grid at each time, and sum over the times.

    Parameters
    ----------
    grid
        cells; on a sphere only without fixed sensors.
    above
        satellites and times.
    fixed
        sensors that stand still; None: none.

    Notes
    -----
    Exact but for steps: limb of the ellipsoid (or sphere) raised by each sensor's grazing height,
    range, field about the nadir, cold background, Sun. One thread; the result does not depend on
    how rows are shared out.
    """
    stand = no_fixed(grid, len(above.t_s)) if fixed is None else fixed
    stretch, ground = grid.ground
    counts, best = K.cover(
        grid.rows_m, grid.west_rad, grid.step_rad, grid.columns, stretch, ground,
        above.place, above.traits, above.on, above.sun, stand.masks, stand.margins, stand.on,
    )  # fmt: skip
    steps = len(above.t_s)
    step_s = float(above.t_s[1] - above.t_s[0]) if steps > 1 else 0.0
    share = {
        name: counts[..., column] / steps
        for name, column in (
            ("mean_views", K.SUM),
            ("share_1", K.ONE),
            ("share_2", K.TWO),
            ("share_3", K.THREE),
            ("share_fix", K.FIX),
        )
    }
    first = counts[..., K.FIRST]
    with np.errstate(divide="ignore"):
        margin = np.where(best > 0.0, 10.0 * np.log10(best), np.nan)
    return Coverage(
        grid=grid,
        names=(*stand.names, *above.names),
        longest_gap_s=counts[..., K.LONGEST] * step_s,
        first_s=np.where(first < 0, np.nan, above.t_s[first]),
        first_by=counts[..., K.FIRST_BY],
        best_by=counts[..., K.BEST_BY],
        best_margin_db=margin,
        **share,
    )


def crossings(grid: Grid, above: Sky) -> tuple[Floats, Floats]:
    """Angle between the best two lines of sight and dilution of all, over times and cells of a row.

    Returns
    -------
    tuple
        (T, columns) angle [rad] of the pair nearest to 90 degrees, NaN with fewer than two in view,
        and (T, columns) dilution [m per microradian], inf there; satellites only, first row only.
    """
    stretch, ground = grid.ground
    rho, z = grid.rows_m[0]
    cosines, dilutions = K.stereo_row(
        rho, z, grid.west_rad, grid.step_rad, grid.columns, stretch, ground,
        above.place, above.traits, above.on, above.sun,
    )  # fmt: skip
    angles = np.where(cosines > 1.5, np.nan, np.arccos(np.clip(cosines, -1.0, 1.0)))
    return angles, dilutions


def through_time(grid: Grid, above: Sky, fixed: Fixed | None = None) -> Floats:
    """(T, 6) of `Coverage.by_time`: the same count as `cover`, one step at a time, over the area."""
    stand = no_fixed(grid, len(above.t_s)) if fixed is None else fixed
    out = np.empty((len(above.t_s), 6))
    for k in range(len(above.t_s)):
        now = slice(k, k + 1)
        moment = replace(
            above, t_s=above.t_s[now], place=above.place[now], on=above.on[now], sun=above.sun[now]
        )
        found = cover(grid, moment, replace(stand, on=stand.on[now]))
        weights = np.broadcast_to(grid.weights, found.share_1.shape)
        weights = weights if weights.sum() > 1e-9 else np.ones_like(weights)  # a pole alone
        values = (found.mean_views, found.share_1, found.share_2, found.share_3, found.share_fix)
        out[k] = above.t_s[k], *(np.average(v, weights=weights) for v in values)
    return out
