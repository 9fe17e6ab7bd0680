"""One look of a radar: whether the body is in the field, and how strong its echo is."""

from __future__ import annotations

import math
from typing import Final

from numba import njit

from hinomi.earth.faces import scan_share
from hinomi.earth.sight import ruled_bending_rad, ruled_horizon_arc_rad
from hinomi.kernels import LEAN
from hinomi.watch.detect import steady_pd, swerling1_pd

LEAST_RADAR_SNR: Final = (
    0.1  # below, Pd is the false-alarm probability: nothing of the body is in it
)
LEAST_RANGE_M: Final = 1.0  # a body at the antenna itself has no direction
TURN_RAD: Final = 2.0 * math.pi


@njit(cache=True, nogil=True, error_model="numpy", **LEAN)
def least_elevation_rad(radar, masks, east, north):  # type: ignore[no-untyped-def]
    """Lowest elevation [rad] in the direction of a horizontal vector: the radar's, or its mask's."""
    size = radar["mask_size"]
    if size == 0:
        return radar["min_el"]
    azimuth = math.atan2(east, north) % TURN_RAD
    sector = min(int(azimuth / TURN_RAD * size), size - 1)
    return max(radar["min_el"], masks[radar["mask_at"] + sector])


@njit(cache=True, nogil=True, error_model="numpy", **LEAN)
def radar_signal(radar, masks, x, y, z, height_m, rcs_m2):  # type: ignore[no-untyped-def]
    """Mean power ratio of one reference dwell, -1 outside the field; range [m]."""
    dx, dy, dz = x - radar["x"], y - radar["y"], z - radar["z"]
    rng = math.sqrt(dx * dx + dy * dy + dz * dz)
    if rng < LEAST_RANGE_M:
        return -1.0, rng
    sin_el = (dx * radar["up_x"] + dy * radar["up_y"] + dz * radar["up_z"]) / rng
    if sin_el < radar["sin_low"]:
        return -1.0, rng
    if sin_el < radar["sin_sure"]:
        cos_arc = x * radar["x"] + y * radar["y"] + z * radar["z"]
        cos_arc /= radar["size"] * math.sqrt(x * x + y * y + z * z)
        arc, height, rule = math.acos(min(1.0, cos_arc)), radar["height"], radar["rule"]
        if arc > ruled_horizon_arc_rad(height, rule) + ruled_horizon_arc_rad(height_m, rule):
            return -1.0, rng
        least = least_elevation_rad(
            radar,
            masks,
            dx * radar["east_x"] + dy * radar["east_y"] + dz * radar["east_z"],
            dx * radar["north_x"] + dy * radar["north_y"] + dz * radar["north_z"],
        )
        if math.asin(sin_el) + ruled_bending_rad(arc, height, height_m, rule) < least:
            return -1.0, rng
    share = 1.0
    if radar["faces"] > 0:
        east = dx * radar["east_x"] + dy * radar["east_y"] + dz * radar["east_z"]
        north = dx * radar["north_x"] + dy * radar["north_y"] + dz * radar["north_z"]
        ahead = east * radar["sin_face"] + north * radar["cos_face"]
        right = east * radar["cos_face"] - north * radar["sin_face"]
        share = scan_share(ahead, right, radar["cos_half"], radar["half_sector"], radar["faces"])
        if share < 0.0:
            return -1.0, rng
    r2 = rng * rng
    return radar["gain"] * rcs_m2 * share / (r2 * r2), rng


@njit(cache=True, nogil=True, error_model="numpy", **LEAN)
def radar_pd(radar, snr):  # type: ignore[no-untyped-def]
    """Probability of detection in one look at a mean power ratio."""
    if radar["fluctuation"] == 0:
        return steady_pd(snr, radar["pfa"])
    return swerling1_pd(snr, radar["pfa"])
