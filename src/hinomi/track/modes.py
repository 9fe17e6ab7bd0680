"""How the modes of motion follow one another, mix, are updated and combined: the IMM estimator.

Source: Blom & Bar-Shalom, IEEE T-AC 33 (1988). A change of mode redraws the specific force from the
new mode: a state that enters a mode carries that mode's mean and size of force, not its old one
(unbiased mixing, after Granstrom, Willett & Bar-Shalom 2015).
"""

from __future__ import annotations

import math
from typing import Final

from numba import njit

from hinomi.records.tracks import MODE_BOOST, MODE_COAST, MODE_GLIDE, MODE_MANOEUVRE

# Mean stay in a mode [s] and where it goes next: assumed.
STAY_S: Final = (100.0, 600.0, 300.0, 60.0)
BOOST_TO_GLIDE: Final = 0.3
BOOST_TO_MANOEUVRE: Final = 0.1
# Stay in coast where the air can carry a glider [s]: it pulls up or falls.
COAST_IN_AIR_S: Final = 60.0
COAST_TO_GLIDE: Final = 0.6
COAST_TO_MANOEUVRE: Final = 0.4
COAST_TO_BOOST: Final = 1e-4  # staging
GLIDE_TO_MANOEUVRE: Final = 0.7
MANOEUVRE_TO_GLIDE: Final = 0.7
LEAST_PROBABILITY: Final = 1e-4


@njit(cache=True, nogil=True)
def transition(share, dt, out, work):  # type: ignore[no-untyped-def]
    """Write the (4, 4) probabilities of going from row to column in `dt` [s].

    `share` is the air factor: without air the gliding modes cannot be entered. The exponential of
    the rates (Taylor series, halving long steps), so that two steps compose to one. `work`
    (2, 4, 4) is working space.
    """
    rate = work[0]
    for i in range(4):
        for j in range(4):
            rate[i, j] = 0.0
    b, c, g, m = MODE_BOOST, MODE_COAST, MODE_GLIDE, MODE_MANOEUVRE
    rate[b, g] = share * BOOST_TO_GLIDE / STAY_S[b]
    rate[b, m] = share * BOOST_TO_MANOEUVRE / STAY_S[b]
    rate[b, c] = 1.0 / STAY_S[b] - rate[b, g] - rate[b, m]
    leave = share / STAY_S[c] + share * share / COAST_IN_AIR_S
    rate[c, g] = leave * COAST_TO_GLIDE
    rate[c, m] = leave * COAST_TO_MANOEUVRE
    rate[c, b] = COAST_TO_BOOST / STAY_S[c]
    rate[g, m] = share * GLIDE_TO_MANOEUVRE / STAY_S[g]
    rate[g, c] = 1.0 / STAY_S[g] - rate[g, m]
    rate[m, g] = share * MANOEUVRE_TO_GLIDE / STAY_S[m]
    rate[m, c] = 1.0 / STAY_S[m] - rate[m, g]
    halvings = 0
    step = dt
    while step > 4.0:
        step *= 0.5
        halvings += 1
    for i in range(4):
        total = 0.0
        for j in range(4):
            total += rate[i, j]
        rate[i, i] = -total
    for i in range(4):
        for j in range(4):
            rate[i, j] *= step
            out[i, j] = 1.0 if i == j else 0.0
    for order in range(7, 0, -1):  # Horner: I + A/1 (I + A/2 (I + ...))
        _product(rate, out, work[1])
        for i in range(4):
            for j in range(4):
                out[i, j] = work[1, i, j] / order + (1.0 if i == j else 0.0)
    for _ in range(halvings):
        _product(out, out, work[1])
        for i in range(4):
            for j in range(4):
                out[i, j] = work[1, i, j]


@njit(cache=True, nogil=True)
def _product(a, b, out):  # type: ignore[no-untyped-def]
    for i in range(4):
        for j in range(4):
            total = 0.0
            for k in range(4):
                total += a[i, k] * b[k, j]
            out[i, j] = total


@njit(cache=True, nogil=True)
def mix(xs, ps, mu, change, means, sigmas, wx, wp):  # type: ignore[no-untyped-def]  # noqa: C901
    """Start a step: mix states (4, 9), covariances (4, 9, 9) and probabilities (4,), in place.

    `change` (4, 4) from `transition`; `means`, `sigmas` (4, 3) of the force; `wx`, `wp` are
    working space.
    """
    m0, m1, m2, m3 = mu[0], mu[1], mu[2], mu[3]
    for i in range(4):
        for a in range(9):
            wx[i, a] = xs[i, a]
            for b in range(a, 9):
                wp[i, a, b] = ps[i, a, b]
    for j in range(4):
        mu[j] = m0 * change[0, j] + m1 * change[1, j] + m2 * change[2, j] + m3 * change[3, j]
        w = (
            m0 * change[0, j] / mu[j], m1 * change[1, j] / mu[j],
            m2 * change[2, j] / mu[j], m3 * change[3, j] / mu[j],
        )  # fmt: skip
        for a in range(6):
            xs[j, a] = w[0] * wx[0, a] + w[1] * wx[1, a] + w[2] * wx[2, a] + w[3] * wx[3, a]
        for a in range(3):
            xs[j, 6 + a] = w[j] * wx[j, 6 + a] + (1.0 - w[j]) * means[j, a]
        for a in range(9):
            for b in range(a, 9):
                ps[j, a, b] = 0.0
        for i in range(4):
            if w[i] < 1e-12:
                continue
            for a in range(6):
                da = wx[i, a] - xs[j, a]
                for b in range(a, 6):
                    ps[j, a, b] += w[i] * (wp[i, a, b] + da * (wx[i, b] - xs[j, b]))
                for b in range(6, 9):
                    if i == j:
                        ps[j, a, b] += w[i] * (wp[i, a, b] + da * (wx[i, b] - xs[j, b]))
                    else:
                        ps[j, a, b] += w[i] * da * (means[j, b - 6] - xs[j, b])
            for a in range(6, 9):
                da = (wx[i, a] if i == j else means[j, a - 6]) - xs[j, a]
                for b in range(a, 9):
                    db = (wx[i, b] if i == j else means[j, b - 6]) - xs[j, b]
                    own = wp[i, a, b] if i == j else (sigmas[j, a - 6] ** 2 if a == b else 0.0)
                    ps[j, a, b] += w[i] * (own + da * db)
        for a in range(9):
            for b in range(a):
                ps[j, a, b] = ps[j, b, a]


@njit(cache=True, nogil=True)
def update_axis(x, p, hx, hy, hz, zx, zy, zz, variance, k):  # type: ignore[no-untyped-def]
    """Use one measured coordinate, h . position = h . z with `variance` [m2], in place.

    Returns the squared normalised innovation and the logarithm of its variance. `k` (9,) is working
    space. Several uncorrelated coordinates one after the other equal one joint update.
    """
    s = variance
    for a in range(9):
        k[a] = p[a, 0] * hx + p[a, 1] * hy + p[a, 2] * hz
    s += hx * k[0] + hy * k[1] + hz * k[2]
    nu = hx * (zx - x[0]) + hy * (zy - x[1]) + hz * (zz - x[2])
    gain = 1.0 / s
    for a in range(9):
        ka = k[a] * gain
        x[a] += ka * nu
        for b in range(a, 9):
            p[a, b] -= ka * k[b]
            p[b, a] = p[a, b]
    return nu * nu * gain, math.log(s)


@njit(cache=True, nogil=True)
def weigh(mu, cost):  # type: ignore[no-untyped-def]
    """Update the probabilities of the modes (4,) by exp(-cost / 2), with a floor."""
    least = min(cost[0], cost[1], cost[2], cost[3])
    total = 0.0
    for j in range(4):
        mu[j] *= math.exp(-0.5 * (cost[j] - least))
        total += mu[j]
    again = 0.0
    for j in range(4):
        mu[j] = max(mu[j] / total, LEAST_PROBABILITY)
        again += mu[j]
    for j in range(4):
        mu[j] /= again


@njit(cache=True, nogil=True)
def combine(xs, ps, mu, x, p):  # type: ignore[no-untyped-def]
    """Write mean (9,) and covariance (9, 9) of the mixture of modes."""
    for a in range(9):
        x[a] = mu[0] * xs[0, a] + mu[1] * xs[1, a] + mu[2] * xs[2, a] + mu[3] * xs[3, a]
    d0, d1, d2, d3 = 0.0, 0.0, 0.0, 0.0
    for a in range(9):
        d0, d1 = mu[0] * (xs[0, a] - x[a]), mu[1] * (xs[1, a] - x[a])
        d2, d3 = mu[2] * (xs[2, a] - x[a]), mu[3] * (xs[3, a] - x[a])
        for b in range(a, 9):
            total = d0 * (xs[0, b] - x[b]) + d1 * (xs[1, b] - x[b])
            total += d2 * (xs[2, b] - x[b]) + d3 * (xs[3, b] - x[b])
            total += (
                mu[0] * ps[0, a, b]
                + mu[1] * ps[1, a, b]
                + mu[2] * ps[2, a, b]
                + mu[3] * ps[3, a, b]
            )
            p[a, b] = total
            p[b, a] = total
