"""How good a track is: warning (W), cue (Q) or engagement support (E), on the predicted track.

A straight look ahead with the present mixture of modes; a change of mode or of air on the way is
left out, so a track about to enter the air is graded kindly.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from numba import njit

from hinomi.kernels import LEAN
from hinomi.records.columns import Floats
from hinomi.records.tracks import (
    CUE_GRADE,
    ENGAGEMENT_GRADE,
    NO_GRADE,
    WARNING_GRADE,
    TrackSettings,
)
from hinomi.track.motion import TAU_S, air, force_sigmas, velocity_frame

CUE_AHEAD_S: Final = 30.0  # assumed: time to turn a narrow sensor
ENGAGE_AHEAD_S: Final = 10.0  # assumed: last uplink before the end game


def grade_limits(settings: TrackSettings) -> Floats:
    """Limits and horizons of the grades as one row of numbers for the kernels."""
    s = settings
    return np.array(
        [s.warning_position_m, s.warning_speed_mps, s.cue_position_m, s.engage_position_m]
    )


@njit(cache=True, nogil=True, error_model="numpy", **LEAN)
def ahead_rms(kinds, x, p, mu, share, drag, ahead_s):  # type: ignore[no-untyped-def]
    """Rms of the position over three axes [m], `ahead_s` from now, without further reports.

    Exact for a Gauss-Markov force in a fixed velocity frame: Singer, IEEE T-AES 6 (1970).
    """
    t = ahead_s
    frame = velocity_frame(x[0], x[1], x[2], x[3], x[4], x[5])
    reach, noise = 0.0, 0.0
    for j in range(len(kinds)):
        tau = TAU_S[kinds[j]]
        sigmas = force_sigmas(kinds[j], share, drag)
        y = t / tau
        e = math.exp(-y)
        reach += mu[j] * tau * tau * (e - 1.0 + y)
        grown = 1.0 - e * e + 2.0 * y + 2.0 * y**3 / 3.0 - 2.0 * y * y - 4.0 * y * e
        power = sigmas[0] ** 2 + sigmas[1] ** 2 + sigmas[2] ** 2
        noise += mu[j] * power * tau**4 * grown
    total = noise
    for a in range(3):
        total += p[a, a] + 2.0 * t * p[a, 3 + a] + t * t * p[3 + a, 3 + a]
        total += reach * reach * p[6 + a, 6 + a]
        for b in range(3):
            total += 2.0 * reach * frame[3 * b + a] * (p[a, 6 + b] + t * p[3 + a, 6 + b])
    return math.sqrt(max(total, 0.0))


@njit(cache=True, nogil=True, error_model="numpy", **LEAN)
def grade_of(kinds, x, p, mu, limits):  # type: ignore[no-untyped-def]
    """Grade of a confirmed track with mean (9,), covariance (9, 9) and mode probabilities (M,).

    `kinds` (M,): which modes; `limits` from `grade_limits`.
    """
    position = math.sqrt(p[0, 0] + p[1, 1] + p[2, 2])
    speed = math.sqrt(p[3, 3] + p[4, 4] + p[5, 5])
    if not (position < limits[0] and speed < limits[1]):
        return NO_GRADE
    share, drag, _ = air(x[0], x[1], x[2], x[3], x[4], x[5])
    if ahead_rms(kinds, x, p, mu, share, drag, CUE_AHEAD_S) >= limits[2]:
        return WARNING_GRADE
    if ahead_rms(kinds, x, p, mu, share, drag, ENGAGE_AHEAD_S) >= limits[3]:
        return CUE_GRADE
    return ENGAGEMENT_GRADE
