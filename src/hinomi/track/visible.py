"""Could a sensor have shown a body here and now? Geometry only, with generic numbers.

Radar: above its least elevation and mask, within its sector and windows, no farther than where one
look at a body of `NOMINAL_RCS_M2` has a probability of detection of `NOTICED`, with the loss off its
faces. Rays are straight: what only refraction shows is not counted as missed. A radar under a time
budget comes back to what it holds when it can, which only itself knows: of that it misses nothing.
Infrared: within the field and the windows, the line of sight above the limb (and against the sky
where the sensor needs that), the Sun not too near. A satellite flown by two-line elements is not
followed here and misses nothing.
"""

from __future__ import annotations

import math
from typing import Final, NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from hinomi.earth.faces import faces_of, scan_share
from hinomi.earth.sight import clears_limb, ray_clears_limb
from hinomi.earth.sun import blinded, turned_sun
from hinomi.earth.wgs84 import ROTATION_RAD_S, ecef_from_geodetic, local_axes
from hinomi.flight.orbit import circular_position, secular_rates
from hinomi.kernels import LEAN
from hinomi.records.columns import Floats
from hinomi.records.plots import Infrared, Radar, Sensors

NOMINAL_RCS_M2: Final = 0.05  # assumed: round figure for a separated body
# Assumed: least probability of detection of a look that counts as missed; five in a row, which end
# a track, then come by chance once in a hundred (at 0.3 once in six).
NOTICED: Final = 0.6
LIGHT_MPS: Final = 299_792_458.0  # exact
SLOWEST_INFRARED_LOOK_S: Final = 10.0  # misses of infrared count once in this time (assumed)
NO_KIND, RADAR_KIND, INFRARED_KIND = range(3)
# Columns of the numbers of a radar, and of a satellite.
_SITE, _EAST, _NORTH, _UP = 0, 3, 6, 9
_FAR, _HALF, _COS_HALF, _FACES, _SIN_FACE, _COS_FACE, _SIN_LOW, _CELL, _COS_BEAM, _MASKS = range(
    12, 22
)
_RADIUS, _COS_I, _SIN_I, _NODE, _NODE_RATE, _ARGUMENT, _ARGUMENT_RATE, _GRAZE, _COS_FIELD, _COLD = (
    range(10)
)
_SUN, _COS_SUN, _GREENWICH = 10, 13, 14
# Of both: kind; intervals of looks at what the sensor has reported before, and has not [s].
KIND, HELD, SEARCH = range(22, 25)
_WIDTH: Final = 25


class Eyes(NamedTuple):
    """The sensors as the kernels read them; nothing is known of those of NO_KIND."""

    numbers: Floats  # (S, 25)
    masks: Floats  # (S, most sectors) least elevation by azimuth
    windows: Floats  # (S, most windows, 2); from inf to inf: no window


def eyes_of(sensors: Sensors | None, count: int, reporting: NDArray[np.bool_]) -> Eyes:
    """Sensors for the kernels; those that report nothing at all in a picture stay of NO_KIND.

    Parameters
    ----------
    sensors
        in the order that `Plots.sensor` indexes; None: nothing is known of any.
    count
        how many sensors the plots name.
    reporting
        (count,) whether each has reported anything: one that has not may be absent.
    """
    sensors = sensors or Sensors(radars=(), infrared=(), greenwich_rad=0.0)
    known: list[Radar | Infrared] = []
    known.extend(sensors.radars)
    known.extend(sensors.infrared)
    del known[count:]
    most = max([1, *(len(k.mask_el_rad) for k in known if isinstance(k, Radar))])
    windows = np.full((count, max([1, *(len(k.windows_s) for k in known)]), 2), math.inf)
    eyes = Eyes(
        numbers=np.zeros((count, _WIDTH)), masks=np.zeros((count, most)), windows=windows
    )  # fmt: skip
    for q, sensor in enumerate(known):
        if not reporting[q]:
            continue
        if isinstance(sensor, Radar):
            _fill_radar(eyes, q, sensor)
        elif sensor.elements is None:
            _fill_infrared(eyes, q, sensor, sensors)
        spans = sensor.windows_s or ((-math.inf, math.inf),)
        eyes.windows[q, : len(spans)] = spans
    return eyes


def look_intervals(sensors: Sensors | None, count: int) -> Floats:
    """(count,) stated interval [s] at which each sensor looks at what it holds; 0 where not known."""
    out = np.zeros(count)
    if sensors is not None:
        stated = [*(r.revisit_s for r in sensors.radars), *(s.frame_s for s in sensors.infrared)]
        out[: len(stated)] = stated[:count]
    return out


def _fill_radar(eyes: Eyes, q: int, radar: Radar) -> None:
    lat, lon = math.radians(radar.lat_deg), math.radians(radar.lon_deg)
    ratio = 10.0 ** (0.1 * radar.reference_snr_db)
    # Swerling 1: Pd = Pfa^(1 / (1 + SNR)), solved for the ratio; power falls with range to the fourth.
    needed = math.log(radar.false_alarm_probability) / math.log(NOTICED) - 1.0
    row = eyes.numbers[q]
    row[_SITE : _SITE + 3] = ecef_from_geodetic(lat, lon, radar.height_m)
    row[_EAST : _UP + 3] = local_axes(lat, lon)
    row[_FAR] = radar.reference_range_m * (ratio * NOMINAL_RCS_M2 / max(needed, 1e-3)) ** 0.25
    row[_HALF] = min(0.5 * radar.sector_rad, math.pi)
    row[_COS_HALF], row[_FACES] = math.cos(row[_HALF]), faces_of(radar.sector_rad)
    row[_SIN_FACE], row[_COS_FACE] = math.sin(radar.face_az_rad), math.cos(radar.face_az_rad)
    row[_SIN_LOW] = math.sin(max(radar.min_el_rad, 0.0))
    row[_CELL] = LIGHT_MPS / (2.0 * radar.bandwidth_hz)
    row[_COS_BEAM] = math.cos(radar.beamwidth_rad)
    row[_MASKS] = len(radar.mask_el_rad)
    eyes.masks[q, : len(radar.mask_el_rad)] = np.sin(radar.mask_el_rad)
    row[KIND], row[SEARCH] = RADAR_KIND, radar.frame_s
    row[HELD] = radar.revisit_s if math.isinf(radar.track_share) else math.inf


def _fill_infrared(eyes: Eyes, q: int, satellite: Infrared, sensors: Sensors) -> None:
    row, greenwich_rad = eyes.numbers[q], sensors.greenwich_rad
    row[_RADIUS] = satellite.semi_major_axis_m
    row[_COS_I], row[_SIN_I] = 1.0, 0.0
    row[_NODE] = satellite.node_rad
    if not satellite.stationary:
        drift, turn = secular_rates(satellite.semi_major_axis_m, satellite.inclination_rad)
        row[_COS_I], row[_SIN_I] = (
            math.cos(satellite.inclination_rad),
            math.sin(satellite.inclination_rad),
        )
        row[_NODE], row[_NODE_RATE] = satellite.node_rad - greenwich_rad, drift - ROTATION_RAD_S
        row[_ARGUMENT], row[_ARGUMENT_RATE] = satellite.argument_rad, turn
    row[_GRAZE], row[_COS_FIELD] = satellite.graze_m, math.cos(min(satellite.field_rad, math.pi))
    row[_COLD] = 1.0 if satellite.cold_only else 0.0
    row[_SUN : _SUN + 3], row[_GREENWICH] = sensors.sun, greenwich_rad
    row[_COS_SUN] = math.cos(satellite.sun_exclusion_rad)
    row[KIND] = INFRARED_KIND
    row[HELD] = row[SEARCH] = max(float(satellite.frame_s), SLOWEST_INFRARED_LOOK_S)


@njit(cache=True, nogil=True, error_model="numpy", **LEAN)
def sees(eyes, q, t_s, x, y, z):  # type: ignore[no-untyped-def]
    """Whether sensor q could have shown a body at x, y, z (Earth-fixed, m) at time `t_s`."""
    on = False
    for w in range(eyes.windows.shape[1]):
        on = on or eyes.windows[q, w, 0] <= t_s < eyes.windows[q, w, 1]
    if not on:
        return False
    if eyes.numbers[q, KIND] == RADAR_KIND:
        return _radar_sees(eyes.numbers[q], eyes.masks[q], x, y, z)
    if eyes.numbers[q, KIND] == INFRARED_KIND:
        return _infrared_sees(eyes.numbers[q], t_s, x, y, z)
    return False


@njit(cache=True, nogil=True, error_model="numpy", **LEAN)
def _radar_sees(n, masks, x, y, z):  # type: ignore[no-untyped-def]
    dx, dy, dz = x - n[_SITE], y - n[_SITE + 1], z - n[_SITE + 2]
    rng = math.sqrt(dx * dx + dy * dy + dz * dz)
    if rng > n[_FAR] or rng == 0.0:
        return False
    sin_el = (dx * n[_UP] + dy * n[_UP + 1] + dz * n[_UP + 2]) / rng
    if sin_el < n[_SIN_LOW]:
        return False
    east = dx * n[_EAST] + dy * n[_EAST + 1] + dz * n[_EAST + 2]
    north = dx * n[_NORTH] + dy * n[_NORTH + 1] + dz * n[_NORTH + 2]
    size = int(n[_MASKS])
    if size > 0:
        turn = 2.0 * math.pi
        azimuth = math.atan2(east, north) % turn
        if sin_el < masks[min(int(azimuth / turn * size), size - 1)]:
            return False
    ahead = east * n[_SIN_FACE] + north * n[_COS_FACE]
    right = east * n[_COS_FACE] - north * n[_SIN_FACE]
    return rng**4 <= n[_FAR] ** 4 * scan_share(ahead, right, n[_COS_HALF], n[_HALF], n[_FACES])


@njit(cache=True, nogil=True, error_model="numpy", **LEAN)
def _infrared_sees(n, t_s, x, y, z):  # type: ignore[no-untyped-def]
    sx, sy, sz = circular_position(
        n[_RADIUS], n[_COS_I], n[_SIN_I], n[_NODE] + n[_NODE_RATE] * t_s,
        n[_ARGUMENT] + n[_ARGUMENT_RATE] * t_s,
    )  # fmt: skip
    dx, dy, dz = x - sx, y - sy, z - sz
    rng = math.sqrt(dx * dx + dy * dy + dz * dz)
    down = -(dx * sx + dy * sy + dz * sz)
    if down < n[_COS_FIELD] * rng * n[_RADIUS]:
        return False
    lit = turned_sun(n[_SUN : _SUN + 3], n[_GREENWICH], t_s)
    if blinded(n[_COS_SUN], sx, sy, sz, dx, dy, dz, lit[0], lit[1], lit[2]):
        return False
    if n[_COLD] > 0.0 and not ray_clears_limb(sx, sy, sz, dx, dy, dz, n[_GRAZE]):
        return False
    return clears_limb(sx, sy, sz, x, y, z, n[_GRAZE])


@njit(cache=True, nogil=True, error_model="numpy", **LEAN)
def one_cell(eyes, q, site, a, b):  # type: ignore[no-untyped-def]
    """Whether radar q cannot tell the places a and b apart: within c/2B and one beamwidth."""
    n = eyes.numbers[q]
    one, two, dot = 0.0, 0.0, 0.0
    for i in range(3):
        u, v = a[i] - site[i], b[i] - site[i]
        one += u * u
        two += v * v
        dot += u * v
    one, two = math.sqrt(one), math.sqrt(two)
    return abs(one - two) <= n[_CELL] and dot >= n[_COS_BEAM] * one * two
