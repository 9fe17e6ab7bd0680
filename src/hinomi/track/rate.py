"""Use of a measured range rate: one scalar update on the velocity along the line of sight."""

from __future__ import annotations

import math

from numba import njit

from hinomi.kernels import LEAN
from hinomi.track.modes import correct, weigh


@njit(cache=True, nogil=True, error_model="numpy", **LEAN)
def absorb_rate(x, p, mu, site, rate_mps, variance, work):  # type: ignore[no-untyped-def]
    """Update the modes of one track by the growth of its distance from a fixed `site`, in place.

    Extended Kalman update of each mode by h = u . v, u the unit vector from the site to the mode's
    own position, with the full slope: dh/dv = u, dh/dr = (v - h u) / distance. The latter is not
    left out: at 3 km/s across and 500 km it is 6 m/s per kilometre.

    Parameters
    ----------
    x, p, mu
        (M, 9), (M, 9, 9), (M,): states, covariances and probabilities of the modes.
    site
        (3,) Earth-fixed [m].
    rate_mps, variance
        measured growth of the range [m/s] and its variance [m2/s2].

    Notes
    -----
    Bar-Shalom, Li & Kirubarajan, Estimation with Applications to Tracking and Navigation (2001),
    10.3.
    """
    for j in range(len(mu)):
        work.cost[j] = _update(x[j], p[j], site, rate_mps, variance, work.k)
    weigh(mu, work.cost)


@njit(cache=True, nogil=True, error_model="numpy", **LEAN)
def _update(x, p, site, rate_mps, variance, k):  # type: ignore[no-untyped-def]
    """Update one mode; squared normalised innovation plus the logarithm of its variance."""
    dx, dy, dz = x[0] - site[0], x[1] - site[1], x[2] - site[2]
    r = math.sqrt(dx * dx + dy * dy + dz * dz)
    ux, uy, uz = dx / r, dy / r, dz / r
    closing = ux * x[3] + uy * x[4] + uz * x[5]
    hx, hy, hz = (x[3] - closing * ux) / r, (x[4] - closing * uy) / r, (x[5] - closing * uz) / r
    for a in range(9):
        k[a] = p[a, 0] * hx + p[a, 1] * hy + p[a, 2] * hz
        k[a] += p[a, 3] * ux + p[a, 4] * uy + p[a, 5] * uz
    s = variance + hx * k[0] + hy * k[1] + hz * k[2] + ux * k[3] + uy * k[4] + uz * k[5]
    return correct(x, p, k, s, rate_mps - closing) + math.log(s)
