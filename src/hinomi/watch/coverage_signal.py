"""From a probability of detection to the ratio and range at which a sensor reaches it."""

from __future__ import annotations

import math
from statistics import NormalDist
from typing import Final

from hinomi.records.plots import Infrared, Radar
from hinomi.watch.detect import steady_pd

IR_REFERENCE_SNR: Final = 6.0  # by definition of `Infrared.intensity_ref_w_sr`
MOST_RATIO_DB: Final = 60.0  # beyond, no probability below 1 asks for more


def needed_radar_ratio(radar: Radar, *, pd: float) -> float:
    """Mean power ratio of one dwell at which a radar detects with probability `pd`.

    Swerling I in closed form (see `detect.swerling1_pd`), a steady target by bisection.
    """
    if radar.fluctuation == 1:
        return math.log(radar.false_alarm_probability) / math.log(pd) - 1.0
    low, high = -30.0, MOST_RATIO_DB
    for _ in range(60):
        middle = 0.5 * (low + high)
        enough = steady_pd(10.0 ** (0.1 * middle), radar.false_alarm_probability) >= pd
        low, high = (low, middle) if enough else (middle, high)
    return float(10.0 ** (0.1 * high))


def infrared_reach_m(
    satellite: Infrared, *, intensity_w_sr: float, transmission: float, pd: float
) -> float:
    """Range [m] to which a satellite detects a source with probability `pd` in one frame.

    SNR 6 (I tau / I_ref) (R_ref / R)^2 against a threshold in Gaussian noise.
    """
    needed = satellite.threshold + NormalDist().inv_cdf(pd)
    if needed <= 0.0:
        return math.inf
    ratio = IR_REFERENCE_SNR * intensity_w_sr * transmission / satellite.intensity_ref_w_sr
    return satellite.reference_range_m * math.sqrt(ratio / needed)
