"""One look of an infrared satellite: whether the body is in view, and how bright it is."""

from __future__ import annotations

import math
from typing import Final

from numba import njit

from hinomi.earth.sight import clears_limb, ray_clears_limb
from hinomi.earth.sun import blinded
from hinomi.earth.wgs84 import ROTATION_RAD_S
from hinomi.flight.orbit import circular_position
from hinomi.kernels import LEAN

LEAST_INFRARED_MARGIN: Final = -4.5  # SNR minus threshold; Pd 3.4e-6 there, counted as none below
CLEAR_M: Final = 30_000.0  # above, no loss of infrared in air; assumed
HAZE_M: Final = 15_000.0  # below, half is lost; linear in between; assumed
HAZE_SHARE: Final = 0.5


@njit(cache=True, nogil=True, error_model="numpy", **LEAN)
def transmission(height_m):  # type: ignore[no-untyped-def]
    """Share of infrared that leaves the air upwards from a height [m]."""
    share = (height_m - HAZE_M) / (CLEAR_M - HAZE_M)
    return HAZE_SHARE + (1.0 - HAZE_SHARE) * min(1.0, max(0.0, share))


@njit(cache=True, nogil=True, error_model="numpy", **LEAN)
def in_regard(satellite, sx, sy, sz, dx, dy, dz, sun_x, sun_y, sun_z):  # type: ignore[no-untyped-def]
    """Whether the direction d from a satellite lies in its field and is neither warm nor dazzled.

    The field is a cone about the line to the Earth's centre. With `cold_only` the line must end in
    space, `graze` above the Earth all the way. The Sun blinds its surroundings where the Earth does
    not hide it from the satellite.
    """
    if satellite["cold"] == 1 and not ray_clears_limb(sx, sy, sz, dx, dy, dz, satellite["graze"]):
        return False
    if satellite["cos_field"] > -1.0:
        size = math.sqrt(dx * dx + dy * dy + dz * dz)
        far = math.sqrt(sx * sx + sy * sy + sz * sz)
        if -(sx * dx + sy * dy + sz * dz) < satellite["cos_field"] * size * far:
            return False
    return not blinded(satellite["cos_sun"], sx, sy, sz, dx, dy, dz, sun_x, sun_y, sun_z)


@njit(cache=True, nogil=True, error_model="numpy", **LEAN)
def infrared_signal(satellite, sx, sy, sz, x, y, z, height_m, intensity_w_sr):  # type: ignore[no-untyped-def]
    """Ratio of signal to noise, -1 where it is too weak or the Earth is in between."""
    dx, dy, dz = x - sx, y - sy, z - sz
    r2 = dx * dx + dy * dy + dz * dz
    if r2 < 1.0:  # a body at the satellite itself has no direction
        return -1.0
    snr = satellite["gain"] * intensity_w_sr * transmission(height_m) / r2
    if snr - satellite["threshold"] < LEAST_INFRARED_MARGIN:
        return -1.0
    if not clears_limb(sx, sy, sz, x, y, z, satellite["graze"]):
        return -1.0
    return snr


@njit(cache=True, nogil=True, error_model="numpy", **LEAN)
def fill_orbits(satellites, t_s, greenwich_rad, places_m):  # type: ignore[no-untyped-def]
    """Write Earth-fixed positions (S, T, 3) of the satellites on circular orbits.

    Satellites that do not look and those with a table of their own are left as they are.
    """
    for i in range(satellites.shape[0]):
        satellite = satellites[i]
        if satellite["on"] == 0 or satellite["tabled"] == 1:
            continue
        for k in range(t_s.shape[0]):
            t = t_s[k]
            turned = 0.0 if satellite["fixed"] == 1 else greenwich_rad + ROTATION_RAD_S * t
            x, y, z = circular_position(
                satellite["radius"], satellite["cos_i"], satellite["sin_i"],
                satellite["node"] + satellite["node_rate"] * t - turned,
                satellite["argument"] + satellite["argument_rate"] * t,
            )  # fmt: skip
            places_m[i, k, 0], places_m[i, k, 1], places_m[i, k, 2] = x, y, z
