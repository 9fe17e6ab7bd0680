"""Groups of satellites from one pattern: Walker deltas and geostationary slots."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from hinomi.earth.wgs84 import SEMI_MAJOR_M
from hinomi.errors import ScenarioError
from hinomi.flight.orbit import GEOSTATIONARY_RADIUS_M
from hinomi.records.plots import Infrared
from hinomi.units import KM_M

LOWEST_M: Final = 100.0 * KM_M  # assumed: no orbit lasts a turn at or below this height


def walker(pattern: Infrared, *, total: int, planes: int, phasing: int) -> tuple[Infrared, ...]:
    """Walker delta i:T/P/F of circular orbits.

    Parameters
    ----------
    pattern
        Sensor, semi-major axis and inclination of every satellite; its node and argument of
        latitude at epoch are those of the first. Satellite k of plane p is ``NAME-p-k``, from 1.
    total, planes, phasing
        T satellites in P planes with nodes 2 pi / P apart; from a plane to the next the argument of
        latitude grows by F 2 pi / T.

    Raises
    ------
    ScenarioError
        when T is not a multiple of P, F is not one of 0 ... P - 1, or the orbit is no higher than
        100 km.

    Notes
    -----
    Walker, Journal of the British Interplanetary Society 37 (1984), 559.
    """
    if total < 1 or planes < 1 or total % planes or not 0 <= phasing < planes:
        raise ScenarioError(
            f"{pattern.name}: Walker {total}/{planes}/{phasing} does not exist; the number of "
            "satellites must be a multiple of the number of planes and the phasing between 0 and "
            f"{planes - 1}"
        )
    height_m = pattern.semi_major_axis_m - SEMI_MAJOR_M
    if height_m <= LOWEST_M:
        raise ScenarioError(
            f"{pattern.name}: an orbit {height_m / KM_M:.0f} km high does not last; it must be "
            f"higher than {LOWEST_M / KM_M:.0f} km"
        )
    each = total // planes
    turn = 2.0 * math.pi
    return tuple(
        replace(
            pattern,
            name=f"{pattern.name}-{p + 1}-{k + 1}",
            stationary=False,
            node_rad=(pattern.node_rad + turn * p / planes) % turn,
            argument_rad=(pattern.argument_rad + turn * (k / each + phasing * p / total)) % turn,
        )
        for p in range(planes)
        for k in range(each)
    )


def geostationary(pattern: Infrared, *, longitudes_rad: Sequence[float]) -> tuple[Infrared, ...]:
    """Satellites held over longitudes [rad, east], called ``NAME-1``, ``NAME-2`` ...

    Their scans are not in step: phases are spread evenly over the frame, whole seconds, from the
    phase of the pattern on (assumed).
    """
    n = len(longitudes_rad)
    return tuple(
        replace(
            pattern,
            name=f"{pattern.name}-{i + 1}",
            stationary=True,
            semi_major_axis_m=GEOSTATIONARY_RADIUS_M,
            inclination_rad=0.0,
            node_rad=longitude,
            argument_rad=0.0,
            phase_s=(pattern.phase_s + i * pattern.frame_s // n) % pattern.frame_s,
        )
        for i, longitude in enumerate(longitudes_rad)
    )
