"""Probability of detection in one look, and the other way round.

*Reference range* of a radar: the range at which 1 m2 gives the reference ratio (13 dB by default)
in one dwell. With a false-alarm probability of 1e-6 that is about 90 % for a steady target (87 % at
13 dB, 90 % at 13.2 dB), but 52 % per dwell for a fluctuating one (Swerling I), which is what the
sensors of this package look at.
"""

from __future__ import annotations

import math

from numba import njit
from scipy.special import chndtr


@njit(cache=True, nogil=True)
def swerling1_pd(snr, false_alarm_probability):  # type: ignore[no-untyped-def]
    """Probability of detecting a target that fluctuates from look to look: Pfa^(1/(1+SNR)).

    `snr` is the mean power ratio of one dwell, not decibels. Source: Swerling, RAND RM-1217
    (1954), case I.
    At Pfa 1e-6: 10 dB 0.285, 13 dB 0.517, 15 dB 0.655, 20 dB 0.872.
    """
    return math.exp(math.log(false_alarm_probability) / (1.0 + snr))


@njit(cache=True, nogil=True)
def gaussian_pd(snr, threshold):  # type: ignore[no-untyped-def]
    """Probability that a signal of `snr` sigmas plus Gaussian noise passes `threshold` sigmas.

    The false-alarm probability of the same threshold is this at `snr` = 0: 2.9e-7 at 5.
    """
    return 0.5 * math.erfc((threshold - snr) * 0.7071067811865476)


def steady_pd(snr: float, false_alarm_probability: float) -> float:
    """Probability of detecting a steady target in one dwell (Swerling 0, Marcum's Q function).

    Parameters
    ----------
    snr
        Power ratio, not decibels.
    false_alarm_probability
        Per cell, in (0, 1).

    Notes
    -----
    The envelope of a steady signal in noise, squared, is non-central chi-squared with two degrees
    of freedom: Marcum, RAND RM-754 (1947).
    """
    return float(1.0 - chndtr(-2.0 * math.log(false_alarm_probability), 2.0, 2.0 * snr))


def albersheim_snr_db(pd: float, false_alarm_probability: float, dwells: int = 1) -> float:
    """Ratio [dB] that a steady target needs per dwell, by Albersheim's fit.

    Parameters
    ----------
    pd
        Wanted probability of detection, 0.1 to 0.9.
    false_alarm_probability
        1e-7 to 1e-3.
    dwells
        Number of dwells added after the detector, 1 to 8096.

    Raises
    ------
    ValueError
        outside these limits, where the fit was never made.

    Notes
    -----
    Albersheim, Proceedings of the IEEE 69 (1981), 839. Check: 0.9, 1e-6, 1 -> 13.115 dB.
    Against the exact `steady_pd` at one dwell: within 0.1 dB for pd 0.5-0.9, 0.3 dB at 0.3; at 0.1
    it asks for 0.8-4 dB too little.
    """
    if not (0.1 <= pd <= 0.9 and 1e-7 <= false_alarm_probability <= 1e-3 and 1 <= dwells <= 8096):
        raise ValueError(
            f"Albersheim's fit got pd {pd}, false-alarm probability {false_alarm_probability}, "
            f"{dwells} dwells; it holds for 0.1-0.9, 1e-7-1e-3 and 1-8096; use steady_pd outside"
        )
    a = math.log(0.62 / false_alarm_probability)
    b = math.log(pd / (1.0 - pd))
    spread = 6.2 + 4.54 / math.sqrt(dwells + 0.44)
    return -5.0 * math.log10(dwells) + spread * math.log10(a + 0.12 * a * b + 1.7 * b)


def swerling1_snr_db(pd: float, false_alarm_probability: float) -> float:
    """Mean ratio [dB] at which a fluctuating target is seen with probability `pd` in a dwell."""
    return 10.0 * math.log10(math.log(false_alarm_probability) / math.log(pd) - 1.0)


def either_of(pd: float, dwells: int) -> float:
    """Probability of at least one detection in `dwells` looks that fluctuate independently."""
    return -math.expm1(dwells * math.log1p(-pd))
