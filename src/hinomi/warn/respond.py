"""Who had heard and who had taken shelter by the time of arrival."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import numpy as np

from hinomi.records.alerts import WarningPolicy
from hinomi.records.columns import Floats
from hinomi.warn.diffusion import folded, heard, lognormal_acted

LONGEST_S: Final = 1800.0  # lead times beyond count as this: by then nearly all who will act have
STEP_S: Final = 1.0


@lru_cache(maxsize=32)
def response_table(policy: WarningPolicy) -> tuple[Floats, Floats, Floats]:
    """Lead times [s], share who know and share in shelter, read-only, for one policy."""
    t = np.arange(0.0, LONGEST_S + STEP_S, STEP_S)
    middle = t[:-1] + 0.5 * STEP_S
    know = heard(
        t, channels=policy.channels, night=policy.night, correlation=policy.channel_correlation
    )
    indoor = lognormal_acted(middle, median_s=policy.indoor_median_s, sigma=policy.indoor_sigma)
    outdoor = lognormal_acted(middle, median_s=policy.outdoor_median_s, sigma=policy.outdoor_sigma)
    acted = policy.indoor_share * indoor + (1.0 - policy.indoor_share) * outdoor
    shelter = policy.compliance * folded(know, acted)
    for column in (t, know, shelter):
        column.flags.writeable = False
    return t, know, shelter


def respond(lead_s: Floats, population: Floats, *, policy: WarningPolicy) -> tuple[Floats, Floats]:
    """People who knew and people in shelter at arrival.

    Parameters
    ----------
    lead_s
        (W,) from receipt to arrival; below 0, infinite or NaN: nobody.
    population
        (W,) people of each place.
    policy
        channels, compliance and delays.

    Returns
    -------
    knew, sheltered
        (W,) expected people.
    """
    t, know, shelter = response_table(policy)
    lead = np.where(np.isfinite(lead_s), lead_s, -1.0)
    knew: Floats = population * np.interp(lead, t, know, left=0.0)
    sheltered: Floats = population * np.interp(lead, t, shelter, left=0.0)
    return knew, sheltered
