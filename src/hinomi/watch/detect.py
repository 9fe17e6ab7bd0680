"""Probability of detection in one look.

*Reference range* of a radar: the range at which 1 m2 gives the reference ratio (13 dB by default)
in one dwell, straight ahead of a face. What that ratio is worth depends on the target: with a
false-alarm probability of 1e-6 it is 90 % for a steady target (Swerling 0: exactly 87 % at 13 dB,
90 % at 13.2 dB), but 52 % per dwell for one that changes from look to look (Swerling 1, which
radars look at unless told otherwise).
"""

from __future__ import annotations

import math
from typing import Final

from numba import njit

SURE_ROOTS: Final = 6.0  # roots of ratio and threshold further apart: Pd is 1 to 15 digits


@njit(cache=True, nogil=True, error_model="numpy")
def swerling1_pd(snr, false_alarm_probability):  # type: ignore[no-untyped-def]
    """Probability of detecting a target that fluctuates from look to look: Pfa^(1/(1+SNR)).

    `snr` is the mean power ratio of one dwell, not decibels. Source: Swerling, RAND RM-1217
    (1954), case I.
    At Pfa 1e-6: 10 dB 0.285, 13 dB 0.517, 15 dB 0.655, 20 dB 0.872.
    """
    return math.exp(math.log(false_alarm_probability) / (1.0 + snr))


@njit(cache=True, nogil=True, error_model="numpy")
def gaussian_pd(snr, threshold):  # type: ignore[no-untyped-def]
    """Probability that a signal of `snr` sigmas plus Gaussian noise passes `threshold` sigmas.

    The false-alarm probability of the same threshold is this at `snr` = 0: 2.9e-7 at 5.
    """
    return 0.5 * math.erfc((threshold - snr) * 0.7071067811865476)


@njit(cache=True, nogil=True, error_model="numpy")
def steady_pd(snr, false_alarm_probability):  # type: ignore[no-untyped-def]
    """Probability of detecting a steady target in one dwell (Swerling 0, Marcum's Q function).

    `snr` is a power ratio, not decibels. The envelope of a steady signal in noise, squared, is
    non-central chi-squared with two degrees of freedom (Marcum, RAND RM-754, 1947): a Poisson
    mixture, sum over j of P(N(snr) = j) P(N(y) <= j), y = -ln Pfa. Absolute error below 1e-12.
    """
    y = -math.log(false_alarm_probability)
    if math.sqrt(snr) - math.sqrt(y) > SURE_ROOTS:
        return 1.0
    weight, term = math.exp(-snr), math.exp(-y)
    below, pd, weights = term, weight * term, weight
    j = 0
    while weights < 1.0 - 1e-14 and j < 1000:
        j += 1
        weight *= snr / j
        term *= y / j
        below += term
        pd += weight * below
        weights += weight
        if j > snr and weight < 1e-16:
            break
    return min(pd, 1.0)
