"""From order to delivery: an Erlang delay of three stages, and the work that waits inside it."""

from __future__ import annotations

from typing import Final

import numpy as np

from hinomi.records.columns import Floats

STAGES: Final = 3  # parts, assembly, acceptance; assumed


def arrived_share(months: Floats, *, mean_months: float) -> Floats:
    """Share of orders of time 0 that are there after so many months: Erlang-3 with this mean."""
    if mean_months <= 0.0:
        return (months >= 0.0).astype(float)
    x = STAGES * np.maximum(months, 0.0) / mean_months
    return 1.0 - np.exp(-x) * (1.0 + x + 0.5 * x * x)


def delayed(started: Floats, lead_months: Floats) -> Floats:
    """(N, M) units that arrive in each month of those started in each; `lead_months` (N,) means.

    Work is started in the middle of a month; without a delay it arrives in the same month.
    """
    months = started.shape[1]
    out = np.zeros_like(started)
    edges = np.arange(months + 1.0) - 0.5
    for row, lead in enumerate(lead_months):
        share = arrived_share(edges, mean_months=float(lead))
        share[0] = 0.0
        out[row] = np.convolve(started[row], np.diff(share))[:months]
    return out


def under_way(started: Floats, lead_months: Floats) -> Floats:
    """(N, M) units started and not yet there; for a steady line rate times lead (Little 1961)."""
    return np.cumsum(started - delayed(started, lead_months), axis=1)
