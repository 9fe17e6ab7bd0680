"""Angle between Earth-fixed and inertial axes at an instant."""

from __future__ import annotations

import math
from typing import Final

from hinomi.units import DAY_S, DEG_RAD

UNIX_EPOCH_DAY: Final = 2_440_587.5  # Julian day of 1970-01-01T00:00Z
J2000_DAY: Final = 2_451_545.0  # Julian day of 2000-01-01T12:00
GMST_AT_J2000_DEG: Final = (
    280.46061837  # constant term, Meeus, Astronomical Algorithms (1998), eq. 12.4
)
GMST_DEG_PER_DAY: Final = 360.98564736629  # linear term of the same


def greenwich_rad(epoch_unix_s: float) -> float:
    """Mean sidereal angle of Greenwich at an instant, in [0, 2 pi).

    Parameters
    ----------
    epoch_unix_s
        Seconds since 1970-01-01T00:00Z, taken as UT1: the difference is below 0.9 s, 0.4 km at the
        equator of the Earth, and moves all satellites together.

    Notes
    -----
    Linear term only (Meeus, eq. 12.4): what is left out stays below 0.001 degree in 1950-2050.
    """
    days = epoch_unix_s / DAY_S + (UNIX_EPOCH_DAY - J2000_DAY)
    turns = math.fmod(GMST_DEG_PER_DAY * days, 360.0)
    return (GMST_AT_J2000_DEG + turns) % 360.0 * DEG_RAD


def julian_day(epoch_unix_s: float) -> float:
    """Julian day of an instant given in seconds since 1970-01-01T00:00Z; good to 0.05 ms."""
    return UNIX_EPOCH_DAY + epoch_unix_s / DAY_S
