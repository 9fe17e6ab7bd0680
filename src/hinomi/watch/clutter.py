"""False plots: detections that no body caused, after a radar's own confirmation."""

from __future__ import annotations

import math
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy.special import pdtrik

from hinomi.records.columns import Floats, Ints
from hinomi.records.draws import Draws
from hinomi.records.plots import FALSE_PLOT, Radar
from hinomi.watch.look import (
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
    -ln(Pfa); it sets their stated errors as for a true plot.
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
    return measured, tags
