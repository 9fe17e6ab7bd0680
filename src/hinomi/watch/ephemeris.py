"""Where satellites are: circular orbits, geostationary slots, and two-line elements by SGP4."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from sgp4.api import Satrec, SatrecArray

from hinomi.earth.timescale import UNIX_EPOCH_DAY
from hinomi.earth.timescale import greenwich_rad as sidereal_rad
from hinomi.earth.wgs84 import ROTATION_RAD_S
from hinomi.flight.orbit import secular_rates
from hinomi.records.columns import Floats
from hinomi.records.plots import Infrared
from hinomi.units import DAY_S, KM_M


def positions(satellites: Sequence[Infrared], t_s: Floats, *, greenwich_rad: float) -> Floats:
    """Earth-fixed positions of satellites.

    Parameters
    ----------
    satellites
        With `elements` the orbit is theirs, by SGP4, and `elements_epoch_jd` is the instant at
        which `t_s` is 0; without, it is circular or stationary.
    t_s
        (T,) seconds since the epoch of the scenario.
    greenwich_rad
        Angle of Greenwich at the epoch in the axes in which the nodes of circular orbits are
        counted; elements carry their own date and take the mean sidereal angle of that.

    Returns
    -------
    Floats
        (S, T, 3) [m]. NaN where SGP4 gives up, which means that the satellite has come down.

    Raises
    ------
    ValueError
        when a satellite has elements and no epoch.

    Notes
    -----
    Circular: two bodies and the secular part of J2, at the radius of the semi-major axis. Along and
    across the track no further than 5 km from an integrated orbit after 6 h; flattening gives an
    orbit of that period a mean radius 1-9 km higher or lower, which is left out.

    SGP4: Vallado, Crawford, Hujsak and Kelso, AIAA 2006-6753, constants of WGS 72, as implemented
    by the `sgp4` library. Its axes (true equator, mean equinox) are turned by the
    one-term mean sidereal angle, without the motion of the pole (below 20 m) and with UTC for UT1
    (below 0.9 s: 0.5 km in a low orbit, 2.8 km in a geostationary one, all satellites alike); the
    elements themselves are good to about a kilometre on their date and to 1-3 km more each day.
    """
    t = np.asarray(t_s, dtype=np.float64)
    out = np.empty((len(satellites), len(t), 3))
    dated: dict[float, list[int]] = {}
    for i, satellite in enumerate(satellites):
        if satellite.elements is None:
            out[i] = _circular(satellite, t, greenwich_rad)
        elif math.isnan(satellite.elements_epoch_jd):
            raise ValueError(f"{satellite.name} has elements and no elements_epoch_jd")
        else:
            dated.setdefault(satellite.elements_epoch_jd, []).append(i)
    for epoch_jd, rows in dated.items():
        lines = [satellites[i].elements or ("", "") for i in rows]
        out[rows] = _from_elements(lines, t, epoch_jd)
    return out


def _circular(satellite: Infrared, t: Floats, greenwich_rad: float) -> Floats:
    """(T, 3) positions on a circular orbit, or over one point of the equator."""
    a, i = satellite.semi_major_axis_m, satellite.inclination_rad
    node, argument = np.full(len(t), satellite.node_rad), np.zeros(len(t))
    if satellite.stationary:
        i = 0.0
    else:
        node_rate, argument_rate = secular_rates(a, i)
        node += node_rate * t - greenwich_rad - ROTATION_RAD_S * t
        argument += satellite.argument_rad + argument_rate * t
    along = np.stack([np.cos(node), np.sin(node), np.zeros(len(t))], axis=1)
    across = np.stack(
        [-np.sin(node) * np.cos(i), np.cos(node) * np.cos(i), np.full(len(t), np.sin(i))], axis=1
    )
    circle: Floats = a * (np.cos(argument)[:, None] * along + np.sin(argument)[:, None] * across)
    return circle


def _from_elements(lines: Sequence[tuple[str, str]], t: Floats, epoch_jd: float) -> Floats:
    """(S, T, 3) positions by SGP4 of satellites whose second 0 is one instant."""
    whole = math.floor(epoch_jd)
    group = SatrecArray([Satrec.twoline2rv(*pair) for pair in lines])
    failed, r_km, _ = group.sgp4(np.full(len(t), float(whole)), epoch_jd - whole + t / DAY_S)
    angle = sidereal_rad((epoch_jd - UNIX_EPOCH_DAY) * DAY_S) + ROTATION_RAD_S * t
    c, s = np.cos(angle), np.sin(angle)
    x, y = r_km[..., 0], r_km[..., 1]
    fixed: Floats = KM_M * np.stack([c * x + s * y, c * y - s * x, r_km[..., 2]], axis=-1)
    fixed[failed != 0] = np.nan
    return fixed
