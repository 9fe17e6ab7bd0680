"""The kernel of all looks: who is in view, is it detected, what is measured.

One pass over seconds, sensors and bodies, cheapest question first: is a look due, is the body high
enough and in the sector (or clear of the limb), is there signal, and only then chance and angles.
One look is one Philox block at the second's index: detection, range, two angles across the sight.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from numba import njit

from hinomi.earth.sight import bending_rad, clears_limb, horizon_arc_rad
from hinomi.earth.wgs84 import ROTATION_RAD_S
from hinomi.flight.orbit import circular_position
from hinomi.records.draws import four_uniforms, normal
from hinomi.watch.detect import gaussian_pd, swerling1_pd

MISSES_TO_DROP: Final = 5  # looks running without a detection after which a radar searches again
SCAN_POWER: Final = 3.0  # two-way scan loss cos^3 of a phased array off its face
LEAST_RADAR_SNR: Final = (
    0.1  # below, Pd is the false-alarm probability: nothing of the body is in it
)
LEAST_INFRARED_MARGIN: Final = -4.5  # SNR minus threshold; Pd 3.4e-6 there, counted as none below
CLEAR_M: Final = 30_000.0  # above, no loss of infrared in air; assumed
HAZE_M: Final = 15_000.0  # below, half is lost; linear in between; assumed
HAZE_SHARE: Final = 0.5

# Columns of a row of measurements.
TIME, AVAILABLE, SITE, LOS, RANGE, SIGMA_LOS, SIGMA_RANGE, SNR_DB = 0, 1, 2, 5, 8, 9, 10, 11
WIDTH: Final = 12


@njit(cache=True, nogil=True)
def transmission(height_m):  # type: ignore[no-untyped-def]
    """Share of infrared that leaves the air upwards from a height [m]."""
    share = (height_m - HAZE_M) / (CLEAR_M - HAZE_M)
    return HAZE_SHARE + (1.0 - HAZE_SHARE) * min(1.0, max(0.0, share))


@njit(cache=True, nogil=True)
def _radar_signal(radar, x, y, z, height_m, rcs_m2):  # type: ignore[no-untyped-def]
    """Mean power ratio of one dwell, -1 outside the field; range [m]."""
    dx, dy, dz = x - radar["x"], y - radar["y"], z - radar["z"]
    rng = math.sqrt(dx * dx + dy * dy + dz * dz)
    sin_el = (dx * radar["up_x"] + dy * radar["up_y"] + dz * radar["up_z"]) / rng
    if sin_el < radar["sin_low"]:
        return -1.0, rng
    if sin_el < radar["sin_sure"]:
        cos_arc = x * radar["x"] + y * radar["y"] + z * radar["z"]
        cos_arc /= radar["size"] * math.sqrt(x * x + y * y + z * z)
        arc = math.acos(min(1.0, cos_arc))
        if arc > horizon_arc_rad(radar["height"]) + horizon_arc_rad(height_m):
            return -1.0, rng
        if math.asin(sin_el) + bending_rad(arc, radar["height"], height_m) < radar["min_el"]:
            return -1.0, rng
    loss = 1.0
    if radar["faces"] > 0:
        east = dx * radar["east_x"] + dy * radar["east_y"] + dz * radar["east_z"]
        north = dx * radar["north_x"] + dy * radar["north_y"] + dz * radar["north_z"]
        ahead = east * radar["sin_face"] + north * radar["cos_face"]
        right = east * radar["cos_face"] - north * radar["sin_face"]
        level = math.sqrt(ahead * ahead + right * right)
        if ahead < radar["cos_half"] * level:
            return -1.0, rng
        # Azimuth off the nearest face; the tilt of the faces is not known and left out.
        width = 2.0 * radar["half_sector"] / radar["faces"]
        off = math.atan2(right, ahead) + radar["half_sector"]
        face = min(max(math.floor(off / width), 0.0), radar["faces"] - 1.0)
        loss = max(math.cos(off - (face + 0.5) * width), 0.0) ** SCAN_POWER
    r2 = rng * rng
    return radar["gain"] * rcs_m2 * loss / (r2 * r2), rng


@njit(cache=True, nogil=True)
def _infrared_signal(satellite, sx, sy, sz, x, y, z, height_m, intensity_w_sr):  # type: ignore[no-untyped-def]
    """Ratio of signal to noise, -1 where it is too weak or the Earth is in between; range [m]."""
    dx, dy, dz = x - sx, y - sy, z - sz
    r2 = dx * dx + dy * dy + dz * dz
    snr = satellite["gain"] * intensity_w_sr * transmission(height_m) / r2
    if snr - satellite["threshold"] < LEAST_INFRARED_MARGIN:
        return -1.0, 0.0
    if not clears_limb(sx, sy, sz, x, y, z, satellite["graze"]):
        return -1.0, 0.0
    return snr, math.sqrt(r2)


@njit(cache=True, nogil=True)
def _aim(row, sx, sy, sz, x, y, z, ux, uy, uz, right, up):  # type: ignore[no-untyped-def]
    """Write the site, and the line of sight turned by two small angles: to the right, and up."""
    dx, dy, dz = x - sx, y - sy, z - sz
    size = math.sqrt(dx * dx + dy * dy + dz * dz)
    dx, dy, dz = dx / size, dy / size, dz / size
    ax, ay, az = dy * uz - dz * uy, dz * ux - dx * uz, dx * uy - dy * ux  # level, across the sight
    size = math.sqrt(ax * ax + ay * ay + az * az)
    if size < 1e-9:  # straight up or down: any level axis will do
        ax, ay, az = (0.0, uz, -uy) if abs(ux) < 0.9 else (-uz, 0.0, ux)
        size = math.sqrt(ax * ax + ay * ay + az * az)
    ax, ay, az = ax / size, ay / size, az / size
    bx, by, bz = ay * dz - az * dy, az * dx - ax * dz, ax * dy - ay * dx
    lx, ly, lz = dx + right * ax + up * bx, dy + right * ay + up * by, dz + right * az + up * bz
    size = math.sqrt(lx * lx + ly * ly + lz * lz)
    row[SITE], row[SITE + 1], row[SITE + 2] = sx, sy, sz
    row[LOS], row[LOS + 1], row[LOS + 2] = lx / size, ly / size, lz / size


@njit(cache=True, nogil=True)
def _order(measured, tags, begin, end, column):  # type: ignore[no-untyped-def]
    """Sort rows begin ... end - 1 by a measured column: order then says nothing of the body."""
    for i in range(begin + 1, end):
        j = i
        while j > begin and measured[j, column] < measured[j - 1, column]:
            for c in range(WIDTH):
                measured[j, c], measured[j - 1, c] = measured[j - 1, c], measured[j, c]
            for c in range(2):
                tags[j, c], tags[j - 1, c] = tags[j - 1, c], tags[j, c]
            j -= 1


@njit(cache=True, nogil=True)
def _room(measured, tags, need):  # type: ignore[no-untyped-def]
    """Rows as they are, with room for `need` at least."""
    if need <= measured.shape[0]:
        return measured, tags
    n = measured.shape[0]
    more = np.empty((max(2 * n, need), WIDTH))
    more_tags = np.empty((max(2 * n, need), 2), dtype=np.int32)
    for i in range(n):  # copying by slices would take longer to compile than all the rest
        for c in range(WIDTH):
            more[i, c] = measured[i, c]
        more_tags[i, 0], more_tags[i, 1] = tags[i, 0], tags[i, 1]
    return more, more_tags


@njit(cache=True, nogil=True)
def look_all(  # type: ignore[no-untyped-def]  # noqa: C901  (one loop, so that rows come in order)
    t_s, r_m, height_m, intensity_w_sr, rcs_m2, first, last, cued_from_s,
    radars, satellites, keys, replicate, greenwich_rad,
):  # fmt: skip
    """Every plot of every sensor, by time and sensor: (P, 12) measurements, (P, 2) sensor and body.

    Shapes: `t_s` (T,), `r_m` (B, T, 3), `keys` (sensors, B, 2), `cued_from_s` (B,), inf where no
    cue points at the body. A radar searches at the whole seconds that its frame divides.
    """
    bodies, radar_count = rcs_m2.shape[0], radars.shape[0]
    held = np.zeros((radar_count, bodies), dtype=np.int64)
    due = np.zeros((radar_count, bodies), dtype=np.int64)
    misses = np.zeros((radar_count, bodies), dtype=np.int64)
    measured = np.empty((1024, WIDTH))
    tags = np.empty((1024, 2), dtype=np.int32)
    n = 0
    for k in range(t_s.shape[0]):
        t = t_s[k]
        second = round(t)
        measured, tags = _room(measured, tags, n + bodies * (radar_count + satellites.shape[0]))
        for s in range(radar_count):
            radar = radars[s]
            if radar["on"] == 0:
                continue
            begin = n
            for b in range(bodies):
                if k < first[b] or k > last[b]:
                    continue
                if held[s, b] == 1:
                    if k < due[s, b]:
                        continue
                else:
                    frame = radar["frame"]
                    if t >= cued_from_s[b]:
                        frame = max(1, frame // 2)
                    if second % frame != 0:
                        continue
                x, y, z = r_m[b, k, 0], r_m[b, k, 1], r_m[b, k, 2]
                snr, rng = _radar_signal(radar, x, y, z, height_m[b, k], rcs_m2[b, k])
                if snr < 0.0:
                    held[s, b] = 0
                    continue
                due[s, b] = k + radar["revisit"]
                seen = False
                if snr >= LEAST_RADAR_SNR:
                    u = four_uniforms(keys[s, b, 0], keys[s, b, 1], k, replicate)
                    seen = u[0] < swerling1_pd(snr, radar["pfa"])
                if not seen:
                    misses[s, b] += 1
                    if misses[s, b] >= MISSES_TO_DROP:
                        held[s, b] = 0
                    continue
                held[s, b], misses[s, b] = 1, 0
                sigma_range = math.hypot(
                    radar["range_floor"], radar["range_noise"] / math.sqrt(snr)
                )
                sigma = math.hypot(radar["angle_floor"], radar["angle_noise"] / math.sqrt(snr))
                row = measured[n]
                row[TIME], row[AVAILABLE] = t, t + radar["latency"]
                _aim(
                    row, radar["x"], radar["y"], radar["z"], x, y, z,
                    radar["up_x"], radar["up_y"], radar["up_z"],
                    radar["bias_1"] + sigma * normal(u[2]), radar["bias_2"] + sigma * normal(u[3]),
                )  # fmt: skip
                row[RANGE] = max(rng + radar["bias_range"] + sigma_range * normal(u[1]), 1.0)
                row[SIGMA_LOS], row[SIGMA_RANGE] = sigma, sigma_range
                row[SNR_DB] = 10.0 * math.log10(snr)
                tags[n, 0], tags[n, 1] = s, b
                n += 1
            _order(measured, tags, begin, n, RANGE)
        for i in range(satellites.shape[0]):
            satellite = satellites[i]
            if satellite["on"] == 0 or (second - satellite["phase"]) % satellite["frame"] != 0:
                continue
            turned = 0.0 if satellite["fixed"] == 1 else greenwich_rad + ROTATION_RAD_S * t
            sx, sy, sz = circular_position(
                satellite["radius"], satellite["cos_i"], satellite["sin_i"],
                satellite["node"] + satellite["node_rate"] * t - turned,
                satellite["argument"] + satellite["argument_rate"] * t,
            )  # fmt: skip
            begin = n
            s = radar_count + i
            for b in range(bodies):
                if k < first[b] or k > last[b]:
                    continue
                glow = intensity_w_sr[b, k, satellite["band"]]
                x, y, z = r_m[b, k, 0], r_m[b, k, 1], r_m[b, k, 2]
                snr, rng = _infrared_signal(satellite, sx, sy, sz, x, y, z, height_m[b, k], glow)
                if snr < 0.0:
                    continue
                u = four_uniforms(keys[s, b, 0], keys[s, b, 1], k, replicate)
                if u[0] >= gaussian_pd(snr, satellite["threshold"]):
                    continue
                sigma = math.hypot(satellite["angle_floor"], satellite["half_pixel"] / snr)
                row = measured[n]
                row[TIME], row[AVAILABLE] = t, t + satellite["latency"]
                _aim(
                    row, sx, sy, sz, x, y, z,
                    sx / satellite["radius"], sy / satellite["radius"], sz / satellite["radius"],
                    satellite["bias_1"] + sigma * normal(u[2]),
                    satellite["bias_2"] + sigma * normal(u[3]),
                )  # fmt: skip
                row[RANGE], row[SIGMA_LOS], row[SIGMA_RANGE] = np.nan, sigma, np.nan
                row[SNR_DB] = 10.0 * math.log10(snr)
                tags[n, 0], tags[n, 1] = s, b
                n += 1
            _order(measured, tags, begin, n, LOS)
    return measured[:n], tags[:n]
