"""Direction of the Sun."""

from __future__ import annotations

import math

from hinomi.earth.timescale import J2000_DAY, julian_day
from hinomi.units import DEG_RAD


def sun_direction(epoch_unix_s: float) -> tuple[float, float, float]:
    """Unit vector from the Earth to the Sun, axes of the equator and equinox of date.

    Parameters
    ----------
    epoch_unix_s
        Seconds since 1970-01-01T00:00Z; the minute between UTC and dynamical time moves the Sun by
        0.0008 degree and is left out.

    Notes
    -----
    Low-precision formula of the Astronomical Almanac (section C): mean longitude, mean anomaly, two
    terms of the equation of the centre. Good to 0.01 degree from 1950 to 2050. Turned back by the
    mean sidereal angle of Greenwich (`hinomi.earth.timescale`) it is Earth-fixed.
    """
    days = julian_day(epoch_unix_s) - J2000_DAY
    anomaly = (357.528 + 0.9856003 * days) % 360.0 * DEG_RAD
    centre = 1.915 * math.sin(anomaly) + 0.020 * math.sin(2.0 * anomaly)
    longitude = (280.460 + 0.9856474 * days + centre) % 360.0 * DEG_RAD
    obliquity = (23.439 - 0.0000004 * days) * DEG_RAD
    across = math.sin(longitude)
    return math.cos(longitude), math.cos(obliquity) * across, math.sin(obliquity) * across
