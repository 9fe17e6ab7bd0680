"""Time an interceptor takes to reach a point: an envelope of kinematics, nothing of the how.

Three providers. `parametric`: preparation + half the burn + slant range over an average speed.
`boost_coast`: constant ideal acceleration, then a coast, with gravity taken off the path; the ideal
speed is the achieved burnout speed plus what gravity costs during the burn, g t_b sin(elevation).
Upper bounds both: no drag above 30 km, no divert, no closing geometry.
`table`: preparation + times that a user gives on a rectangular grid, bilinear in between.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Final

import numpy as np
from numba import njit

from hinomi.earth.gravity import G0_MPS2
from hinomi.earth.wgs84 import MEAN_RADIUS_M
from hinomi.errors import ScenarioError
from hinomi.records.columns import Floats
from hinomi.records.engagements import Weapon

PROVIDERS: Final = ("boost_coast", "parametric", "table")
TABLE_RANGES: Final = 121
TABLE_HEIGHTS: Final = 81
LONGEST_S: Final = 1500.0  # nothing of interest flies longer
SEARCH_STEP_S: Final = 2.0


@njit(cache=True, nogil=True, error_model="numpy")
def _excess(t, x, z, theta, height_m, speed_mps, lost_mps, burn_s, decay_s):  # type: ignore[no-untyped-def]
    """Path length flown by t minus the length needed [m]; the smallest root is the time to reach.

    Gravity pulls the round back by g t2 / 2 along the mean direction of gravity over the path: a
    third of the ground angle, because early pull acts longest. Over a flat Earth theta is 0.
    """
    pull = 0.5 * G0_MPS2 * t * t
    if theta > 0.0:
        # Height at a third of the time, the mean weighted alike: end height / 3 + 2/9 of the drop.
        pull *= (MEAN_RADIUS_M / (MEAN_RADIUS_M + max(height_m / 3.0 + 2.0 / 9.0 * pull, 0.0))) ** 2
    dx, dz = x + pull * math.sin(theta / 3.0), z + pull * math.cos(theta / 3.0)
    needed = math.sqrt(dx * dx + dz * dz)
    ideal = speed_mps + lost_mps * dz / max(needed, 1.0)
    if t < burn_s:
        return ideal * t * t / (2.0 * burn_s) - needed
    coast = t - burn_s
    if decay_s > 0.0:
        coast = decay_s * math.log(1.0 + coast / decay_s)
    return ideal * (0.5 * burn_s + coast) - needed


@njit(cache=True, nogil=True, error_model="numpy")
def time_to_reach(range_m, height_m, speed_mps, lost_mps, burn_s, decay_s, flat):  # type: ignore[no-untyped-def]
    """Smallest boost-coast time [s] to a ground range and height [m]; inf where never."""
    theta, x, z = 0.0, range_m, height_m
    if not flat:
        theta = range_m / MEAN_RADIUS_M
        x = (MEAN_RADIUS_M + height_m) * math.sin(theta)
        z = (MEAN_RADIUS_M + height_m) * math.cos(theta) - MEAN_RADIUS_M
    low = 0.0
    high = math.sqrt(x * x + z * z) / (speed_mps + lost_mps)  # no round is there earlier
    while _excess(high, x, z, theta, height_m, speed_mps, lost_mps, burn_s, decay_s) < 0.0:
        low = high
        high += SEARCH_STEP_S
        if high > LONGEST_S:
            return math.inf
    for _ in range(40):
        mid = 0.5 * (low + high)
        if _excess(mid, x, z, theta, height_m, speed_mps, lost_mps, burn_s, decay_s) < 0.0:
            low = mid
        else:
            high = mid
    return high


@njit(cache=True, nogil=True, error_model="numpy")
def _fill_table(out, range_step_m, height_step_m, speed_mps, lost_mps, burn_s, decay_s):  # type: ignore[no-untyped-def]
    """Compute times to reach on a grid of ground range and height that starts at (0, 0)."""
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            out[i, j] = time_to_reach(
                i * range_step_m, j * height_step_m, speed_mps, lost_mps, burn_s, decay_s, False
            )


def reach_time_s(
    weapon: Weapon, *, range_m: float, height_m: float, ideal: bool = False, flat: bool = False
) -> float:
    """Time from launch order to a point, without the table and without the weapon's windows.

    Parameters
    ----------
    weapon
        The interceptor; `decay_s` 0 means that it keeps its speed.
    range_m, height_m
        Ground range and height [m] of the point, seen from the battery.
    ideal
        Take `burnout_speed_mps` as the gravity-free speed, without adding what gravity costs.
    flat
        Flat Earth with constant gravity: good to 400 km; otherwise the sphere is used.

    Returns
    -------
    Seconds, infinite where the point is out of reach.

    Raises
    ------
    ScenarioError
        for an unknown provider.
    """
    if weapon.provider == "parametric":
        return float(_parametric_s(weapon, range_m, height_m))
    if weapon.provider == "table":
        at = np.array([float(range_m)]), np.array([float(height_m)])
        return weapon.prepare_s + float(_from_table(weapon, *at)[0, 0])
    if weapon.provider != "boost_coast":
        raise _unknown_provider(weapon)
    lost = 0.0 if ideal else G0_MPS2 * weapon.burn_s
    return weapon.prepare_s + float(
        time_to_reach(
            float(range_m), float(height_m), float(weapon.burnout_speed_mps), lost,
            float(weapon.burn_s), float(weapon.decay_s), flat,
        )
    )  # fmt: skip


def slant_m(range_m: Floats | float, height_m: Floats | float) -> Floats:
    """Straight distance [m] from a site on the mean sphere to a ground range and height."""
    half = np.sin(0.5 * np.asarray(range_m) / MEAN_RADIUS_M)
    h = np.asarray(height_m)
    distance: Floats = np.sqrt(h * h + 4.0 * MEAN_RADIUS_M * (MEAN_RADIUS_M + h) * half * half)
    return distance


def _parametric_s(weapon: Weapon, range_m: Floats | float, height_m: Floats | float) -> Floats:
    """Add preparation, half the burn and slant range over the average speed [s]."""
    slant = slant_m(range_m, height_m)
    return weapon.prepare_s + 0.5 * weapon.burn_s + slant / weapon.average_speed_mps


def _from_table(weapon: Weapon, ranges_m: Floats, heights_m: Floats) -> Floats:
    """(R, H) times [s] between the points of a user's table; inf beside a point out of reach.

    Points outside the grid take its edge: the weapon's windows, which the grid covers, keep them out.
    """
    if weapon.table is None:
        raise ScenarioError(
            f'weapon {weapon.name!r} has provider "table" and no table; give table_file'
        )
    times = np.array(weapon.table.times_s)
    i, a = _between(np.array(weapon.table.ranges_m), ranges_m)
    j, b = _between(np.array(weapon.table.heights_m), heights_m)
    out = np.zeros((len(ranges_m), len(heights_m)))
    for di, wi in ((0, 1.0 - a), (1, a)):
        for dj, wj in ((0, 1.0 - b), (1, b)):
            share = wi[:, None] * wj[None, :]
            corner = times[np.ix_(i + di, j + dj)]
            out += np.where(share > 0.0, corner, 0.0) * np.where(share > 0.0, share, 1.0)
    return out


def _between(grid: Floats, at: Floats) -> tuple[np.ndarray, Floats]:
    """Cell below each value, and how far into the cell it lies, 0 to 1."""
    inside = np.clip(at, grid[0], grid[-1])
    cell = np.clip(np.searchsorted(grid, inside, side="right") - 1, 0, len(grid) - 2)
    share: Floats = (inside - grid[cell]) / (grid[cell + 1] - grid[cell])
    return cell, share


def _unknown_provider(weapon: Weapon) -> ScenarioError:
    """Say that a provider does not exist, and which do."""
    return ScenarioError(
        f"weapon {weapon.name!r} has provider {weapon.provider!r};"
        f" use one of {', '.join(PROVIDERS)}"
    )


@lru_cache(maxsize=256)
def flyout_table(weapon: Weapon) -> Floats:
    """(TABLE_RANGES, TABLE_HEIGHTS) times to reach over 0 .. range_high_m and 0 .. height_high_m.

    Infinite where out of reach; a cell with an infinite corner counts as out of reach, which leans
    to the smaller envelope. Computed once per weapon and process.
    """
    ranges = np.linspace(0.0, weapon.range_high_m, TABLE_RANGES)
    heights = np.linspace(0.0, weapon.height_high_m, TABLE_HEIGHTS)
    table = np.empty((TABLE_RANGES, TABLE_HEIGHTS))
    if weapon.provider == "boost_coast":
        _fill_table(
            table, float(ranges[1]), float(heights[1]), float(weapon.burnout_speed_mps),
            G0_MPS2 * weapon.burn_s, float(weapon.burn_s), float(weapon.decay_s),
        )  # fmt: skip
        table += weapon.prepare_s
    elif weapon.provider == "parametric":
        table[:] = _parametric_s(weapon, ranges[:, None], heights[None, :])
    elif weapon.provider == "table":
        table[:] = weapon.prepare_s + _from_table(weapon, ranges, heights)
    else:
        raise _unknown_provider(weapon)
    table.flags.writeable = False
    return table
