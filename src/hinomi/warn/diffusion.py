"""How a warning spreads among people, and how those who know come to act.

Hearing: the logistic of Rogers and Sorensen (Diffusion of emergency warning, 1988), a broadcast
rate plus contagion between people. Acting: a delay after hearing, folded with when people hear.
"""

from __future__ import annotations

import math

import numpy as np

from hinomi.records.columns import Floats


def heard_by_channel(
    t_s: Floats, *, broadcast_per_s: float, contagion_per_s: float, ceiling: float
) -> Floats:
    """Share of people (0..ceiling) who have heard by t [s] after receipt through one channel.

    k (1 - e^-(a1 + a2) t) / (1 + a2/a1 e^-(a1 + a2) t), of dn/dt = (a1 + a2 n)(1 - n). A channel
    without broadcast reaches nobody: contagion alone has no beginning.
    """
    if broadcast_per_s <= 0.0:
        return np.zeros_like(t_s)
    fading = np.exp(-(broadcast_per_s + contagion_per_s) * np.maximum(t_s, 0.0))
    share: Floats = ceiling * (1.0 - fading) / (1.0 + contagion_per_s / broadcast_per_s * fading)
    return share


def lognormal_acted(t_s: Floats, *, median_s: float, sigma: float) -> Floats:
    """Share of people who have acted by t [s] after hearing; sigma 0 is a fixed delay."""
    if sigma <= 0.0:
        return np.where(t_s >= median_s, 1.0, 0.0)
    z = [math.log(t / median_s) / (sigma * math.sqrt(2.0)) if t > 0.0 else -math.inf for t in t_s]
    return np.array([0.5 * (1.0 + math.erf(v)) for v in z])


def folded(heard_share: Floats, acted_at_middle: Floats) -> Floats:
    """Share of people who have heard and acted, on the same uniform grid of times that starts at 0.

    `heard_share` (N,) at the grid points, `acted_at_middle` (N - 1,) the share acted after hearing
    at the middles of its steps: those who hear within a step hear at its middle.
    """
    hearing = np.diff(heard_share)
    return np.concatenate(([0.0], np.convolve(hearing, acted_at_middle)[: hearing.size]))
