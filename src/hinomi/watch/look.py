"""The kernel of all looks: who is in view, is it detected, what is measured.

One pass over seconds, sensors and bodies, cheapest question first: could the sensor see the body at
all during these seconds, is a look due, is the body high enough and in the sector (or clear of the
limb), is there signal, and only then chance and angles. One look is one Philox block at the
second's index: detection, range, two angles across the sight.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from numba import njit

from hinomi.earth.sun import turned_sun
from hinomi.kernels import LEAN, MAKES_ARRAYS
from hinomi.records.draws import four_uniforms, normal
from hinomi.watch.budget import dwelled, load_factor, stretched
from hinomi.watch.candidates import (
    BALL_WIDTH,
    BLOCK,
    RADIUS,
    enclose,
    enclose_bodies,
    radar_might_see,
    satellite_might_see,
)
from hinomi.watch.detect import gaussian_pd
from hinomi.watch.infrared_look import in_regard, infrared_signal
from hinomi.watch.measure import (
    AVAILABLE,
    LOS,
    RANGE,
    SIGMA_LOS,
    SIGMA_RANGE,
    SNR_DB,
    TIME,
    WIDTH,
    aim,
    merge_cells,
    order,
    radar_sigmas,
    room,
)
from hinomi.watch.radar_look import LEAST_RADAR_SNR, radar_pd, radar_signal

MISSES_TO_DROP: Final = 5  # looks running without a detection after which a radar searches again


@njit(cache=True, nogil=True, error_model="numpy", **LEAN)
def works(sensor, windows_s, t_s):  # type: ignore[no-untyped-def]
    """Whether a sensor looks at a time: within one of its windows [start, end), or without any."""
    if sensor["window_size"] == 0:
        return True
    for w in range(sensor["window_at"], sensor["window_at"] + sensor["window_size"]):
        if windows_s[w, 0] <= t_s < windows_s[w, 1]:
            return True
    return False


@njit(cache=True, nogil=True, error_model="numpy", **MAKES_ARRAYS)
def look_all(  # type: ignore[no-untyped-def]  # noqa: C901  (one loop, so that rows come in order)
    t_s, r_m, height_m, intensity_w_sr, rcs_m2, first, last, cued_from_s,
    radars, satellites, places_m, masks, windows_s, sun, keys, replicate, greenwich_rad,
):  # fmt: skip
    """Every plot of every sensor, by time and sensor: (P, 12) measurements, (P, 2) sensor and body.

    Shapes: `t_s` (T,), `r_m` (B, T, 3), `keys` (sensors, B, 2), `cued_from_s` (B,), inf where no
    cue points at the body; `places_m` (satellites, T, 3); `masks` and `windows_s` (n, 2) are shared
    lists that the rows of the sensors point into; `sun` (3,). A radar searches at the whole seconds
    that its frame divides; one that was switched off searches again.
    """
    bodies, radar_count = rcs_m2.shape[0], radars.shape[0]
    sensor_count = radar_count + satellites.shape[0]
    held = np.zeros((radar_count, bodies), dtype=np.int64)
    due = np.zeros((radar_count, bodies), dtype=np.int64)
    misses = np.zeros((radar_count, bodies), dtype=np.int64)
    balls, place = np.empty((bodies, BALL_WIDTH)), np.empty(BALL_WIDTH)
    chosen = np.empty((sensor_count, bodies), dtype=np.int64)  # bodies that a sensor might see
    count = np.zeros(sensor_count, dtype=np.int64)
    measured = np.empty((1024, WIDTH))
    tags = np.empty((1024, 2), dtype=np.int32)
    n = 0
    for k in range(t_s.shape[0]):
        t = t_s[k]
        second = round(t)
        if k % BLOCK == 0:
            stop = min(k + BLOCK, t_s.shape[0])
            enclose_bodies(r_m, intensity_w_sr, rcs_m2, first, last, k, stop, balls)
            for s in range(sensor_count):
                count[s] = 0
                on = radars[s]["on"] if s < radar_count else satellites[s - radar_count]["on"]
                if on == 0:
                    continue
                if s >= radar_count:
                    enclose(places_m[s - radar_count], k, stop, place)
                for b in range(bodies):
                    if balls[b, RADIUS] < 0.0:
                        continue
                    if s < radar_count:
                        if held[s, b] == 0 and not radar_might_see(radars[s], balls[b]):
                            continue
                    elif not satellite_might_see(satellites[s - radar_count], place, balls[b]):
                        continue
                    chosen[s, count[s]] = b
                    count[s] += 1
        for s in range(radar_count):
            radar = radars[s]
            if count[s] == 0:
                continue
            if not works(radar, windows_s, t):
                for b in range(bodies):
                    held[s, b] = 0
                continue
            factor = math.inf  # without a budget
            if radar["share"] < math.inf:
                factor = load_factor(
                    radar, masks, held[s], k, r_m, height_m, rcs_m2, first, last
                )  # of the bodies held before this second, so that their order does not matter
            revisit = radar["revisit"]
            if factor < math.inf:
                revisit = stretched(revisit, factor)
            measured, tags = room(measured, tags, n + count[s])
            begin = n
            for c in range(count[s]):
                b = chosen[s, c]
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
                snr, rng = radar_signal(radar, masks, x, y, z, height_m[b, k], rcs_m2[b, k])
                if snr < 0.0:
                    held[s, b] = 0
                    continue
                if held[s, b] == 1 and factor < math.inf:
                    snr = dwelled(radar, snr, factor)
                due[s, b] = k + revisit
                seen = False
                if snr >= LEAST_RADAR_SNR:
                    u = four_uniforms(keys[s, b, 0], keys[s, b, 1], k, replicate)
                    seen = u[0] < radar_pd(radar, snr)
                if not seen:
                    misses[s, b] += 1
                    if misses[s, b] >= MISSES_TO_DROP:
                        held[s, b] = 0
                    continue
                held[s, b], misses[s, b] = 1, 0
                sigma, sigma_range = radar_sigmas(radar, snr)
                row = measured[n]
                row[TIME], row[AVAILABLE] = t, t + radar["latency"]
                aim(
                    row, radar["x"], radar["y"], radar["z"], x, y, z,
                    radar["up_x"], radar["up_y"], radar["up_z"],
                    radar["bias_1"] + sigma * normal(u[2]), radar["bias_2"] + sigma * normal(u[3]),
                )  # fmt: skip
                row[RANGE] = max(rng + radar["bias_range"] + sigma_range * normal(u[1]), 1.0)
                row[SIGMA_LOS], row[SIGMA_RANGE] = sigma, sigma_range
                row[SNR_DB] = 10.0 * math.log10(snr)
                tags[n, 0], tags[n, 1] = s, b
                n += 1
            order(measured, tags, begin, n, RANGE)
            if radar["resolves"] == 1 and n > begin + 1:
                n = merge_cells(measured, tags, begin, n, radar, r_m, k)
                order(measured, tags, begin, n, RANGE)
        sun_x, sun_y, sun_z = turned_sun(sun, greenwich_rad, t)
        for i in range(satellites.shape[0]):
            satellite = satellites[i]
            s = radar_count + i
            if count[s] == 0 or (second - satellite["phase"]) % satellite["frame"] != 0:
                continue
            if not works(satellite, windows_s, t):
                continue
            sx, sy, sz = places_m[i, k, 0], places_m[i, k, 1], places_m[i, k, 2]
            far = satellite["radius"]
            if satellite["tabled"] == 1:
                far = math.sqrt(sx * sx + sy * sy + sz * sz)
            measured, tags = room(measured, tags, n + count[s])
            begin = n
            for c in range(count[s]):
                b = chosen[s, c]
                if k < first[b] or k > last[b]:
                    continue
                glow = intensity_w_sr[b, k, satellite["band"]]
                x, y, z = r_m[b, k, 0], r_m[b, k, 1], r_m[b, k, 2]
                snr = infrared_signal(satellite, sx, sy, sz, x, y, z, height_m[b, k], glow)
                if snr < 0.0:
                    continue
                if not in_regard(
                    satellite, sx, sy, sz, x - sx, y - sy, z - sz, sun_x, sun_y, sun_z
                ):
                    continue
                u = four_uniforms(keys[s, b, 0], keys[s, b, 1], k, replicate)
                if u[0] >= gaussian_pd(snr, satellite["threshold"]):
                    continue
                sigma = math.hypot(satellite["angle_floor"], satellite["half_pixel"] / snr)
                row = measured[n]
                row[TIME], row[AVAILABLE] = t, t + satellite["latency"]
                aim(
                    row, sx, sy, sz, x, y, z, sx / far, sy / far, sz / far,
                    satellite["bias_1"] + sigma * normal(u[2]),
                    satellite["bias_2"] + sigma * normal(u[3]),
                )  # fmt: skip
                row[RANGE], row[SIGMA_LOS], row[SIGMA_RANGE] = np.nan, sigma, np.nan
                row[SNR_DB] = 10.0 * math.log10(snr)
                tags[n, 0], tags[n, 1] = s, b
                n += 1
            order(measured, tags, begin, n, LOS)
    return measured[:n], tags[:n]
