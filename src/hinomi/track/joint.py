"""Several tracks that share reports: joint probabilistic data association.

Every feasible joint event of a cluster (each track has one report or none, no report has two
tracks) is counted with its probability; a track is then updated by the mixture of what each of its
reports would make of it. Source: Bar-Shalom & Li, Multitarget-Multisensor Tracking: Principles and
Techniques (1995), 6.2. Per mode of motion the mixture weighs state and probability of the mode
together (Bar-Shalom, Chang & Blom, Automatica 27, 1991, in the form without coupling).
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from numba import njit

from hinomi.kernels import LEAN, MAKES_ARRAYS

MOST_EVENTS: Final = 1e6  # a bound on the events of one cluster; beyond: nearest (assumed)
LEAST_WEIGHT: Final = 1e-12  # an association less likely than this is left out
LEAST_CLUTTER: Final = 1e-30  # stands for no clutter at all [1/m2, 1/m3]


@njit(cache=True, nogil=True, error_model="numpy", **MAKES_ARRAYS)
def event_probabilities(ratio, miss, beta):  # type: ignore[no-untyped-def]
    """Write the probability of each association, by counting every feasible joint event.

    Parameters
    ----------
    ratio
        (T, R) detection probability times likelihood over clutter density; 0 outside the gate.
    miss
        probability that a track gives no report in its gate, 1 - P_D P_G.
    beta
        (T, R + 1) written: report of each track; last column none.
    """
    tracks, reports = ratio.shape
    taken = np.zeros(reports, np.bool_)
    choice = np.full(tracks, -2, np.int64)  # -2 not begun, -1 none, else the report
    weight = np.ones(tracks + 1)
    beta[:] = 0.0
    total = 0.0
    t = 0
    while t >= 0:
        if choice[t] >= 0:
            taken[choice[t]] = False
        c = choice[t] + 1
        while 0 <= c < reports and (taken[c] or ratio[t, c] == 0.0):
            c += 1
        if c >= reports:
            t -= 1
            continue
        choice[t] = c
        if c >= 0:
            taken[c] = True
        weight[t + 1] = weight[t] * (ratio[t, c] if c >= 0 else miss)
        if t < tracks - 1:
            t += 1
            choice[t] = -2
            continue
        total += weight[tracks]
        for u in range(tracks):
            beta[u, choice[u] if choice[u] >= 0 else reports] += weight[tracks]
    if total > 0.0:
        beta /= total
    else:  # every event impossible: nothing was seen
        beta[:, reports] = 1.0


@njit(cache=True, nogil=True, error_model="numpy", **LEAN)
def event_bound(ratio):  # type: ignore[no-untyped-def]
    """How many joint events there are at most."""
    bound = 1.0
    for t in range(ratio.shape[0]):
        gated = 1.0
        for c in range(ratio.shape[1]):
            gated += 1.0 if ratio[t, c] > 0.0 else 0.0
        bound *= gated
    return bound


@njit(cache=True, nogil=True, error_model="numpy", **LEAN)
def likelihood_ratio(cost, dims, detection, clutter):  # type: ignore[no-untyped-def]
    """Detection probability times Gaussian density over clutter density.

    `cost`: squared normalised innovation plus the logarithm of the determinant of its covariance;
    `clutter`: false reports a unit of the same space of `dims` dimensions.
    """
    log_density = -0.5 * (cost + dims * math.log(2.0 * math.pi))
    return detection * math.exp(log_density) / max(clutter, LEAST_CLUTTER)


@njit(cache=True, nogil=True, error_model="numpy", **LEAN)
def blend(xs, ps, mus, beta, x, p, mu):  # type: ignore[no-untyped-def]
    """Write the mixture of H hypotheses with weights `beta` (H,), mode by mode.

    `xs` (H, M, 9), `ps` (H, M, 9, 9), `mus` (H, M): the modes under each hypothesis. A mode's
    moments weigh each hypothesis by its probability together with that of the mode under it.
    """
    hypotheses, modes = mus.shape
    for j in range(modes):
        total = 0.0
        for h in range(hypotheses):
            total += beta[h] * mus[h, j]
        mu[j] = total
        for a in range(9):
            mean = 0.0
            for h in range(hypotheses):
                mean += beta[h] * mus[h, j] * xs[h, j, a]
            x[j, a] = mean / total
        for a in range(9):
            for b in range(a, 9):
                spread = 0.0
                for h in range(hypotheses):
                    off = (xs[h, j, a] - x[j, a]) * (xs[h, j, b] - x[j, b])
                    spread += beta[h] * mus[h, j] * (ps[h, j, a, b] + off)
                p[j, a, b] = spread / total
                p[j, b, a] = p[j, a, b]
