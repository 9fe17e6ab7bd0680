"""Lead time weighted by people; who was never warned counts as minus infinity."""

from __future__ import annotations

import numpy as np

from hinomi.records.columns import Floats


def weighted_quantile(lead_s: Floats, weight: Floats, share: float) -> float:
    """Smallest lead [s] that at least this share of the weight does not exceed; NaN without weight.

    An order statistic, never between two values, so minus infinity stays what it is.

    Raises
    ------
    ValueError
        when share is not within 0..1 or a lead is NaN.
    """
    if not 0.0 <= share <= 1.0:
        raise ValueError(f"share is {share}; a quantile needs 0 <= share <= 1")
    if np.isnan(lead_s).any():
        raise ValueError("a lead time is NaN; write minus infinity for those never warned")
    used = weight > 0.0
    lead, people = lead_s[used], weight[used]
    if lead.size == 0:
        return float("nan")
    order = np.argsort(lead, kind="stable")
    reached = np.cumsum(people[order])
    # The factor keeps a rounded sum from moving on to the next value.
    at = int(np.searchsorted(reached, share * reached[-1] * (1.0 - 1e-12), side="left"))
    return float(lead[order][min(at, lead.size - 1)])


def weighted_median(lead_s: Floats, weight: Floats) -> float:
    """People-weighted median lead [s]; minus infinity when half or more were never warned."""
    return weighted_quantile(lead_s, weight, 0.5)


def share_with(lead_s: Floats, weight: Floats, needed_s: float) -> float:
    """Share of the people whose lead is at least `needed_s`; NaN without people."""
    total = float(weight.sum())
    return float(weight[lead_s >= needed_s].sum()) / total if total > 0.0 else float("nan")


def share_never(lead_s: Floats, weight: Floats) -> float:
    """Share of the people who were never warned; NaN without people."""
    total = float(weight.sum())
    return float(weight[np.isneginf(lead_s)].sum()) / total if total > 0.0 else float("nan")
