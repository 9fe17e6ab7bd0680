"""How the modes of motion follow one another, mix, are updated and combined: the IMM estimator.

Source: Blom & Bar-Shalom, IEEE T-AC 33 (1988). The drives of two modes mean different things
(`motion`), so a mode that is entered brings its own: mean and size of its prior, uncorrelated with
place and velocity (unbiased mixing of states of unequal meaning, after Granstrom, Willett &
Bar-Shalom 2015). Between modes of the same meaning it is done alike: a change of mode redraws the
force.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from hinomi.kernels import LEAN
from hinomi.records.columns import Floats
from hinomi.records.tracks import (
    MODE_BOOST,
    MODE_COAST,
    MODE_CRUISE,
    MODE_GLIDE,
    MODE_MANOEUVRE,
    MODE_PULL,
    MODES,
)
from hinomi.track.motion import BOOST_LATERAL_MPS2, air, force

# Mean stay in a mode [s] and where it goes next: assumed.
STAY_S: Final = (100.0, 600.0, 300.0, 60.0, 60.0, 600.0)
BOOST_TO_GLIDE: Final = 0.3
BOOST_TO_MANOEUVRE: Final = 0.1
# Stay in coast where the air can carry a glider [s]: it pulls up or falls.
COAST_IN_AIR_S: Final = 20.0
COAST_TO_GLIDE: Final = 0.6
COAST_TO_MANOEUVRE: Final = 0.4
COAST_TO_BOOST: Final = 1e-5  # staging
GLIDE_TO_MANOEUVRE: Final = 0.7
MANOEUVRE_TO_GLIDE: Final = 0.7
COAST_TO_PULL: Final = 0.3  # of the stay in air, taken from the other two
PULL_TO_GLIDE: Final = 0.7
BOOST_TO_CRUISE: Final = 0.05
LEAST_PROBABILITY: Final = 1e-9
TERMS: Final = 6  # of the exponential: exact to 1e-9 for the steps used


class Model(NamedTuple):
    """Modes of a tracker and how they change into one another."""

    kinds: NDArray[np.int64]  # (M,) index into MODES
    rates: Floats  # (3, M, M) rate from row to column [1/s]: constant, times the air factor, its square


def make_model(modes: Sequence[str]) -> Model:
    """Return the model of the named modes, in the order of `MODES`.

    Rates to modes that are left out are dropped: the body stays longer where it is.
    """
    b, c, g, m, p, r = MODE_BOOST, MODE_COAST, MODE_GLIDE, MODE_MANOEUVRE, MODE_PULL, MODE_CRUISE
    leave = [1.0 / s for s in STAY_S]
    q = np.zeros((3, len(MODES), len(MODES)))
    q[1, b, g], q[1, b, m] = BOOST_TO_GLIDE * leave[b], BOOST_TO_MANOEUVRE * leave[b]
    q[0, b, c] = leave[b]
    q[1, b, c] = -q[1, b, g] - q[1, b, m]
    q[1, c, g] = COAST_TO_GLIDE / COAST_IN_AIR_S
    q[1, c, m] = COAST_TO_MANOEUVRE / COAST_IN_AIR_S
    q[0, c, b] = COAST_TO_BOOST * leave[c]
    q[0, g, c], q[1, g, m] = leave[g], GLIDE_TO_MANOEUVRE * leave[g]
    q[1, g, c] = -q[1, g, m]
    q[0, m, c], q[1, m, g] = leave[m], MANOEUVRE_TO_GLIDE * leave[m]
    q[1, m, c] = -q[1, m, g]
    if MODES[p] in modes:
        q[1, c, p] = COAST_TO_PULL / COAST_IN_AIR_S
        q[1, c, g] *= 1.0 - COAST_TO_PULL
        q[1, c, m] *= 1.0 - COAST_TO_PULL
        q[0, p, c], q[1, p, g] = leave[p], PULL_TO_GLIDE * leave[p]
        q[1, p, c] = -q[1, p, g]
    if MODES[r] in modes:
        q[1, b, r] = BOOST_TO_CRUISE * leave[b]
        q[1, b, c] -= q[1, b, r]
        q[0, r, c] = leave[r]
    kinds = np.array([i for i, name in enumerate(MODES) if name in modes], np.int64)
    return Model(kinds=kinds, rates=np.ascontiguousarray(q[:, kinds][:, :, kinds]))


@njit(cache=True, nogil=True, error_model="numpy", **LEAN)
def transition(model, share, dt, out, work):  # type: ignore[no-untyped-def]
    """Write the (M, M) probabilities of going from row to column in `dt` [s].

    `share` is the air factor: without air the gliding modes cannot be entered. The exponential of
    the rates (Taylor series, halving long steps), so that two steps compose to one. `work`
    (2, M, M) is working space.
    """
    n = len(model.kinds)
    rate = work[0]
    halvings = 0
    step = dt
    while step > 2.0:
        step *= 0.5
        halvings += 1
    for i in range(n):
        total = 0.0
        for j in range(n):
            a = model.rates[0, i, j] + share * (model.rates[1, i, j] + share * model.rates[2, i, j])
            rate[i, j] = a * step
            total += a * step
            out[i, j] = 1.0 if i == j else 0.0
        rate[i, i] -= total
    for order in range(TERMS, 0, -1):  # Horner: I + A/1 (I + A/2 (I + ...))
        _product(rate, out, work[1], n)
        for i in range(n):
            for j in range(n):
                out[i, j] = work[1, i, j] / order + (1.0 if i == j else 0.0)
    for _ in range(halvings):
        _product(out, out, work[1], n)
        for i in range(n):
            for j in range(n):
                out[i, j] = work[1, i, j]


@njit(cache=True, nogil=True, error_model="numpy", **LEAN)
def _product(a, b, out, n):  # type: ignore[no-untyped-def]
    for i in range(n):
        for j in range(n):
            total = 0.0
            for k in range(n):
                total += a[i, k] * b[k, j]
            out[i, j] = total


@njit(cache=True, nogil=True, error_model="numpy", **LEAN)
def mix(xs, ps, mu, change, means, sigmas, wx, wp, wm):  # type: ignore[no-untyped-def]  # noqa: C901
    """Start a step: mix states (M, 9), covariances (M, 9, 9) and probabilities (M,), in place.

    `change` (M, M) from `transition`; `means`, `sigmas` (M, 3) of the drives; `wx`, `wp`, `wm` are
    working space.
    """
    n = len(mu)
    for i in range(n):
        wm[i] = mu[i]
        for a in range(9):
            wx[i, a] = xs[i, a]
            for b in range(a, 9):
                wp[i, a, b] = ps[i, a, b]
    for j in range(n):
        total = 0.0
        for i in range(n):
            total += wm[i] * change[i, j]
        mu[j] = total
        own = wm[j] * change[j, j] / total  # share that was in this mode already
        for a in range(6):
            mean = 0.0
            for i in range(n):
                mean += wm[i] * change[i, j] * wx[i, a]
            xs[j, a] = mean / total
        for a in range(3):
            d = wx[j, 6 + a] - means[j, a]
            xs[j, 6 + a] = means[j, a] + own * d
            gap = own * (1.0 - own) * d
            for b in range(a, 3):
                size = gap * (wx[j, 6 + b] - means[j, b])
                if a == b:
                    size += (1.0 - own) * sigmas[j, a] * sigmas[j, a]
                ps[j, 6 + a, 6 + b] = own * wp[j, 6 + a, 6 + b] + size
            for b in range(6):
                ps[j, b, 6 + a] = own * (wp[j, b, 6 + a] + (wx[j, b] - xs[j, b]) * d)
        for a in range(6):
            for b in range(a, 6):
                ps[j, a, b] = 0.0
        for i in range(n):
            w = wm[i] * change[i, j] / total
            if w < 1e-12:
                continue
            for a in range(6):
                da = wx[i, a] - xs[j, a]
                for b in range(a, 6):
                    ps[j, a, b] += w * (wp[i, a, b] + da * (wx[i, b] - xs[j, b]))
        for a in range(9):
            for b in range(a):
                ps[j, a, b] = ps[j, b, a]


@njit(cache=True, nogil=True, error_model="numpy", **LEAN)
def correct(x, p, k, s, nu):  # type: ignore[no-untyped-def]
    """Kalman update by one innovation `nu` of variance `s`, `k` (9,) its covariance with the state.

    In place; returns the squared normalised innovation.
    """
    gain = 1.0 / s
    for a in range(9):
        ka = k[a] * gain
        x[a] += ka * nu
        for b in range(a, 9):
            p[a, b] -= ka * k[b]
            p[b, a] = p[a, b]
    return nu * nu * gain


@njit(cache=True, nogil=True, error_model="numpy", **LEAN)
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
    return correct(x, p, k, s, nu), math.log(s)


@njit(cache=True, nogil=True, error_model="numpy", **LEAN)
def weigh(mu, cost):  # type: ignore[no-untyped-def]
    """Update the probabilities of the modes (M,) by exp(-cost / 2), with a floor."""
    n = len(mu)
    least = cost[0]
    for j in range(1, n):
        least = min(least, cost[j])
    total = 0.0
    for j in range(n):
        mu[j] *= math.exp(-0.5 * (cost[j] - least))
        total += mu[j]
    again = 0.0
    for j in range(n):
        mu[j] = max(mu[j] / total, LEAST_PROBABILITY)
        again += mu[j]
    for j in range(n):
        mu[j] /= again


@njit(cache=True, nogil=True, error_model="numpy", **LEAN)
def combine(kinds, xs, ps, mu, x, p):  # type: ignore[no-untyped-def]
    """Write mean (9,) and covariance (9, 9) of the mixture of modes, drives turned into forces."""
    n = len(mu)
    for a in range(6):
        total = 0.0
        for j in range(n):
            total += mu[j] * xs[j, a]
        x[a] = total
    _, drag, _ = air(x[0], x[1], x[2], x[3], x[4], x[5])
    x[6], x[7], x[8] = 0.0, 0.0, 0.0
    for j in range(n):
        f = force(kinds[j], xs[j, 6], xs[j, 7], xs[j, 8], drag)
        x[6] += mu[j] * f[0]
        x[7] += mu[j] * f[1]
        x[8] += mu[j] * f[2]
    for a in range(9):
        for b in range(a, 9):
            p[a, b] = 0.0
    for j in range(n):
        m = mu[j]
        f = force(kinds[j], xs[j, 6], xs[j, 7], xs[j, 8], drag)
        for a in range(6):
            da = xs[j, a] - x[a]
            for b in range(a, 6):
                p[a, b] += m * (ps[j, a, b] + da * (xs[j, b] - x[b]))
            for b in range(3):
                p[a, 6 + b] += m * (ps[j, a, 6 + b] * f[3 + b] + da * (f[b] - x[6 + b]))
        for a in range(3):
            da = f[a] - x[6 + a]
            for b in range(a, 3):
                own = ps[j, 6 + a, 6 + b] * f[3 + a] * f[3 + b]
                p[6 + a, 6 + b] += m * (own + da * (f[b] - x[6 + b]))
        if kinds[j] == MODE_BOOST:
            side = m * BOOST_LATERAL_MPS2 * BOOST_LATERAL_MPS2
            p[7, 7] += side
            p[8, 8] += side
    for a in range(9):
        for b in range(a):
            p[a, b] = p[b, a]
