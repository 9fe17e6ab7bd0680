"""Ratio that a steady target needs, by a printed fit: beside the exact sum that is in use."""

import math


def snr_db(pd, false_alarm_probability):
    """Ratio [dB] of one dwell; Albersheim, Proceedings of the IEEE 69 (1981), 839.

    For pd 0.1 to 0.9 and false alarms 1e-7 to 1e-3; 0.9 at 1e-6 is printed as 13.115 dB.
    """
    a = math.log(0.62 / false_alarm_probability)
    b = math.log(pd / (1.0 - pd))
    spread = 6.2 + 4.54 / math.sqrt(1.44)
    return spread * math.log10(a + 0.12 * a * b + 1.7 * b)
