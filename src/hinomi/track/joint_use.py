"""Joint association at work in the batch: clusters, their probabilities, and the tracks' updates."""

from __future__ import annotations

import math

import numpy as np
from numba import njit

from hinomi.kernels import MAKES_ARRAYS
from hinomi.track.assign import label_clusters, rank
from hinomi.track.joint import (
    LEAST_WEIGHT,
    MOST_EVENTS,
    blend,
    event_bound,
    event_probabilities,
    likelihood_ratio,
)
from hinomi.track.modes import combine
from hinomi.track.slots import (
    R_RANGE_M,
    R_SENSOR,
    R_SIGMA_LOS,
    R_SIGMA_RANGE,
    R_USED,
    TAKEN,
)
from hinomi.track.use import SERVED, feed, mark, note_sensor, tell_misfit, variances


@njit(
    cache=True,
    nogil=True,
    error_model="numpy",
    no_cpython_wrapper=True,
    no_cfunc_wrapper=True,
    **MAKES_ARRAYS,
)
def share(s, pairs, match, r, rules, work, now):  # type: ignore[no-untyped-def]
    """Serve every cluster that is not too large jointly; its rows of `match` become SERVED."""
    row, column, count = pairs.row, pairs.column, len(pairs.row)
    label = np.empty(len(match) + len(pairs.reports), np.int64)
    label_clusters(row, column, count, len(match), label)
    of = np.empty(count, np.int64)
    for k in range(count):
        of[k] = label[row[k]]
    order = np.empty(count, np.int64)
    rank(of, order)
    a = 0
    while a < count:
        b = a
        while b < count and of[order[b]] == of[order[a]]:
            b += 1
        own = order[a:b]
        a = b
        members, reports = np.unique(row[own]), np.unique(column[own])
        if len(members) > rules.joint_limit:
            continue
        ratio = np.zeros((len(members), len(reports)))
        for k in own:
            i = pairs.reports[column[k]]
            dims, clutter = 3, rules.clutter_m3
            if math.isnan(r.f[i, R_RANGE_M]):
                wide, _ = variances(s.cx[pairs.slots[row[k]]], r.place[i, 0], 1.0, math.nan)
                dims, clutter = 2, rules.clutter_sr / wide  # one radian is as long as the range
            place = np.searchsorted(members, row[k]), np.searchsorted(reports, column[k])
            ratio[place[0], place[1]] = likelihood_ratio(
                pairs.cost[k], dims, rules.detection, clutter
            )
        if event_bound(ratio) > MOST_EVENTS:
            continue
        beta = np.empty((len(members), len(reports) + 1))
        event_probabilities(ratio, 1.0 - rules.detection * rules.gate, beta)
        for t in range(len(members)):
            match[members[t]] = SERVED
            _use_all(s, pairs.slots[members[t]], pairs.reports[reports], beta[t], r, work, now)


@njit(
    cache=True,
    nogil=True,
    error_model="numpy",
    no_cpython_wrapper=True,
    no_cfunc_wrapper=True,
    **MAKES_ARRAYS,
)
def _use_all(s, k, reports, beta, r, work, now):  # type: ignore[no-untyped-def]
    """Update track k by the mixture over `reports` (R,) with weights `beta` (R + 1,), last none."""
    size = len(reports)
    modes = s.mu.shape[1]
    xs, ps = np.empty((size + 1, modes, 9)), np.empty((size + 1, modes, 9, 9))
    mus, weights = np.empty((size + 1, modes)), np.empty(size + 1)
    n, best, total = 0, -1, 0.0
    for c in range(size + 1):
        if beta[c] < LEAST_WEIGHT:
            continue
        xs[n], ps[n], mus[n], weights[n] = s.x[k], s.p[k], s.mu[k], beta[c]
        total += beta[c]
        if c < size:
            i = reports[c]
            variance = variances(s.cx[k], r.place[i, 0], r.f[i, R_SIGMA_LOS], r.f[i, R_SIGMA_RANGE])
            feed(xs[n], ps[n], mus[n], i, variance, r, work)
            if best < 0 or beta[c] > beta[best]:
                best = c
        n += 1
    if best < 0:
        return
    if beta[size] <= 0.5:  # more likely seen than not
        i = reports[best]
        variance = variances(s.cx[k], r.place[i, 0], r.f[i, R_SIGMA_LOS], r.f[i, R_SIGMA_RANGE])
        tell_misfit(s, k, i, variance, r)
        note_sensor(s, k, r.n[i, R_SENSOR])
        r.n[i, R_USED] = TAKEN
        mark(s, k, i, r, now)
    blend(xs[:n], ps[:n], mus[:n], weights[:n] / total, s.x[k], s.p[k], s.mu[k])
    combine(work.model.kinds, s.x[k], s.p[k], s.mu[k], s.cx[k], s.cp[k])
