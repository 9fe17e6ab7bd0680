"""Direction of the Sun."""

from __future__ import annotations

import math

from numba import njit

from hinomi.earth.sight import ray_clears_limb
from hinomi.earth.timescale import J2000_DAY, julian_day
from hinomi.earth.wgs84 import ROTATION_RAD_S
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


@njit(cache=True, nogil=True, error_model="numpy")
def turned_sun(sun, greenwich_rad, t_s):  # type: ignore[no-untyped-def]
    """Earth-fixed direction of the Sun; `sun` (3,) is in axes that do not turn, (0, 0, 0) for none.

    The Sun's own motion, a degree a day, is left out.
    """
    angle = greenwich_rad + ROTATION_RAD_S * t_s
    c, s = math.cos(angle), math.sin(angle)
    return c * sun[0] + s * sun[1], c * sun[1] - s * sun[0], sun[2]


@njit(cache=True, nogil=True, error_model="numpy")
def blinded(cos_sun, sx, sy, sz, dx, dy, dz, sun_x, sun_y, sun_z):  # type: ignore[no-untyped-def]
    """Whether the Sun blinds a satellite at s in the direction d, all Earth-fixed.

    Within the angle whose cosine is `cos_sun` of the Sun's direction, where the Earth does not hide
    the Sun from the satellite; 1 is no such angle, and a direction of zeros no Sun.
    """
    if cos_sun >= 1.0 or (sun_x == 0.0 and sun_y == 0.0 and sun_z == 0.0):
        return False
    size = math.sqrt(dx * dx + dy * dy + dz * dz)
    if dx * sun_x + dy * sun_y + dz * sun_z <= cos_sun * size:
        return False
    return ray_clears_limb(sx, sy, sz, sun_x, sun_y, sun_z, 0.0)
