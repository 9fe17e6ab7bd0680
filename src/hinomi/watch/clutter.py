"""False plots: detections that no body caused, after a sensor's own confirmation."""

from __future__ import annotations

import math
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy.special import pdtrik

from hinomi.earth.sight import clears_limb
from hinomi.earth.sun import turned_sun
from hinomi.earth.wgs84 import MEAN_RADIUS_M
from hinomi.records.columns import Floats, Ints
from hinomi.records.draws import Draws
from hinomi.records.plots import FALSE_PLOT, Infrared, Radar, Sensors
from hinomi.watch.infrared_look import in_regard
from hinomi.watch.measure import (
    AVAILABLE,
    LOS,
    RANGE,
    SIGMA_LOS,
    SIGMA_RANGE,
    SITE,
    SNR_DB,
    TIME,
    WIDTH,
)

REACH: Final = 1.2  # false plots lie within this many reference ranges; assumed
PLOT_SLOTS: Final = 4  # time, range, azimuth, elevation; slot 0 ... 3 is the number of plots
START_SLOTS: Final = 8  # of a false start: time, area kept, two of its place, height, three spare
START_LOW_M: Final = 20_000.0  # false starts appear at heights between these two; assumed
START_HIGH_M: Final = 60_000.0
MILLION_KM2: Final = 1e12  # m2
HOUR_S: Final = 3600.0


def poisson(u: float, mean: float) -> int:
    """Quantile of the Poisson distribution of a mean at u in (0, 1)."""
    return 0 if u <= math.exp(-mean) else math.ceil(pdtrik(u, mean))


def false_plots(
    radar: Radar, row: NDArray[Any], sensor: int, t_s: Floats, *, draws: Draws
) -> tuple[Floats, Ints]:
    """Draw the false plots of one radar over the whole grid.

    Returns (F, 12) measurements and (F, 2) sensor and body, in no order.

    Parameters
    ----------
    radar, row, sensor
        The radar, its row of `tables.RADAR_ROW` and its index.
    t_s
        (T,) grid of whole seconds; false plots come at the radar's search frames.
    draws
        Stream "clutter" of the radar: slot 0 the number, then four slots a plot.

    Notes
    -----
    Poisson in number, uniform over frames, range (resolution cells are alike in depth) and solid
    angle of the field of regard. Their ratio is the one at which noise alone crosses the threshold,
    -ln(Pfa); it sets their stated errors as for a true plot. All are drawn before those below the
    mask or outside the windows are taken away, so that neither moves the others.
    """
    frames = t_s[np.round(t_s).astype(np.int64) % radar.frame_s == 0]
    mean = radar.false_plots_per_frame * len(frames)
    count = poisson(float(draws.uniforms("clutter", radar.name, 1)[0]), mean) if mean > 0.0 else 0
    measured, tags = np.empty((count, WIDTH)), np.empty((count, 2), dtype=np.int32)
    if count == 0:
        return measured, tags
    u = draws.uniforms("clutter", radar.name, PLOT_SLOTS * count, slot=PLOT_SLOTS).reshape(
        count, PLOT_SLOTS
    )
    snr = -math.log(radar.false_alarm_probability)
    azimuth = radar.face_az_rad + (u[:, 2] - 0.5) * min(radar.sector_rad, 2.0 * math.pi)
    low = math.sin(radar.min_el_rad)
    sin_el = low + u[:, 3] * (1.0 - low)
    cos_el = np.sqrt(1.0 - sin_el * sin_el)
    parts = np.column_stack([cos_el * np.sin(azimuth), cos_el * np.cos(azimuth), sin_el])
    axes = np.array([[row[f"{axis}_{part}"] for part in "xyz"] for axis in ("east", "north", "up")])
    measured[:, TIME] = frames[(u[:, 0] * len(frames)).astype(np.int64)]
    measured[:, AVAILABLE] = measured[:, TIME] + row["latency"]
    measured[:, SITE : SITE + 3] = row["x"], row["y"], row["z"]
    measured[:, LOS : LOS + 3] = parts @ axes
    measured[:, RANGE] = u[:, 1] * REACH * radar.reference_range_m
    measured[:, SIGMA_LOS] = math.hypot(radar.angle_floor_rad, row["angle_noise"] / math.sqrt(snr))
    measured[:, SIGMA_RANGE] = math.hypot(radar.range_floor_m, row["range_noise"] / math.sqrt(snr))
    measured[:, SNR_DB] = 10.0 * math.log10(snr)
    tags[:, 0], tags[:, 1] = sensor, FALSE_PLOT
    keep = _in_windows(measured[:, TIME], radar.windows_s)
    if radar.mask_el_rad:
        share = np.remainder(azimuth, 2.0 * math.pi) / (2.0 * math.pi) * len(radar.mask_el_rad)
        sector = np.minimum(share.astype(np.int64), len(radar.mask_el_rad) - 1)
        keep &= np.arcsin(sin_el) >= np.array(radar.mask_el_rad)[sector]
    return measured[keep], tags[keep]


def _in_windows(t_s: Floats, windows_s: tuple[tuple[float, float], ...]) -> NDArray[np.bool_]:
    """Which times lie within one of the windows [start, end), all of them without any."""
    if not windows_s:
        return np.ones(len(t_s), dtype=bool)
    within = [(start <= t_s) & (t_s < end) for start, end in windows_s]
    return np.asarray(np.any(within, axis=0), dtype=bool)


def area_in_view_m2(place_m: Floats, satellite: Infrared) -> Floats:
    """(...) area [m2] of the mean sphere that a satellite at (..., 3) can look at.

    The cap up to the limb, or up to the edge of a narrower field about the nadir; none for a sensor
    that sees only against space. Source: spherical geometry.
    """
    far = np.linalg.norm(place_m, axis=-1)
    if satellite.cold_only:
        return np.zeros_like(far)
    return 2.0 * math.pi * MEAN_RADIUS_M**2 * (1.0 - _cos_cap(far, satellite))


def _cos_cap(far_m: Floats, satellite: Infrared) -> Floats:
    """Cosine of the half angle of the cap in view, seen from the Earth's centre."""
    ratio = MEAN_RADIUS_M / far_m
    if satellite.field_rad >= 0.5 * math.pi:
        return ratio
    sin_edge = math.sin(satellite.field_rad) / ratio  # 1 and more: the field reaches past the limb
    edge = np.cos(np.arcsin(np.minimum(sin_edge, 1.0)) - satellite.field_rad)
    return np.where(sin_edge < 1.0, edge, ratio)


def false_starts(
    satellite: Infrared,
    row: NDArray[Any],
    sensor: int,
    place_m: Floats,
    t_s: Floats,
    sensors: Sensors,
    *,
    draws: Draws,
) -> tuple[Floats, Ints]:
    """Draw the false starts that a satellite reports from clutter over the whole grid.

    Returns (F, 12) measurements and (F, 2) sensor and body, in no order; angles only.

    Parameters
    ----------
    satellite, row, sensor
        The satellite, its row of `tables.INFRARED_ROW` and its index.
    place_m, t_s
        (T, 3) where it is at (T,) whole seconds; false starts come at its frames.
    sensors
        All sensors, for the Greenwich angle and the Sun.
    draws
        Stream "clutter" of the satellite: slot 0 the number, then eight slots a start from the
        eighth on.

    Notes
    -----
    Poisson in number: rate times time times area in view; uniform over the frames and the area, at
    20 to 60 km. Where the area changes along an orbit, starts are drawn for the largest and thinned.
    Those behind the grazing height, in the Sun or outside the windows are taken away. The stated
    ratio is the threshold.
    """
    frames = np.flatnonzero(
        (np.round(t_s).astype(np.int64) - satellite.phase_s) % satellite.frame_s == 0
    )
    area = np.nan_to_num(area_in_view_m2(place_m[frames], satellite))  # NaN: it has come down
    most = float(area.max(initial=0.0))
    hours = len(frames) * satellite.frame_s / HOUR_S
    mean = satellite.clutter_per_hour_mkm2 * hours * most / MILLION_KM2
    count = poisson(float(draws.uniforms("clutter", satellite.name, 1)[0]), mean) if mean > 0 else 0
    measured, tags = np.empty((count, WIDTH)), np.empty((count, 2), dtype=np.int32)
    if count == 0:
        return measured, tags
    u = draws.uniforms("clutter", satellite.name, START_SLOTS * count, slot=START_SLOTS).reshape(
        count, START_SLOTS
    )
    chosen = (u[:, 0] * len(frames)).astype(np.int64)
    at, site = frames[chosen], place_m[frames[chosen]]
    start = _points_below(site, satellite, u)
    sight = start - site
    snr = max(satellite.threshold, 1.0)
    measured[:, TIME] = t_s[at]
    measured[:, AVAILABLE] = t_s[at] + row["latency"]
    measured[:, SITE : SITE + 3] = site
    measured[:, LOS : LOS + 3] = sight / np.linalg.norm(sight, axis=1)[:, None]
    measured[:, RANGE] = measured[:, SIGMA_RANGE] = np.nan
    measured[:, SIGMA_LOS] = math.hypot(satellite.angle_floor_rad, row["half_pixel"] / snr)
    measured[:, SNR_DB] = 10.0 * math.log10(snr)
    tags[:, 0], tags[:, 1] = sensor, FALSE_PLOT
    keep = _in_windows(t_s[at], satellite.windows_s) & (u[:, 1] * most < area[chosen])
    sun = np.array(sensors.sun)
    for i in np.flatnonzero(keep):
        lit = turned_sun(sun, sensors.greenwich_rad, t_s[at[i]])
        keep[i] = clears_limb(*site[i], *start[i], satellite.graze_m) and in_regard(
            row, *site[i], *sight[i], *lit
        )
    return measured[keep], tags[keep]


def _points_below(site_m: Floats, satellite: Infrared, u: Floats) -> Floats:
    """(F, 3) points even over the area that the satellite sees from (F, 3), at the heights of starts."""
    far = np.linalg.norm(site_m, axis=1)
    cos_off = 1.0 - u[:, 2] * (1.0 - _cos_cap(far, satellite))
    sin_off = np.sqrt(1.0 - cos_off * cos_off)
    turn = 2.0 * math.pi * u[:, 3]
    nadir = site_m / far[:, None]
    # Any two axes across the nadir: the turn about it is even.
    side = np.cross(
        nadir, np.where(np.abs(nadir[:, 2:]) < 0.9, [[0.0, 0.0, 1.0]], [[1.0, 0.0, 0.0]])
    )
    side /= np.linalg.norm(side, axis=1)[:, None]
    other = np.cross(nadir, side)
    across = np.cos(turn)[:, None] * side + np.sin(turn)[:, None] * other
    radius = MEAN_RADIUS_M + START_LOW_M + u[:, 4] * (START_HIGH_M - START_LOW_M)
    points: Floats = radius[:, None] * (cos_off[:, None] * nadir + sin_off[:, None] * across)
    return points
