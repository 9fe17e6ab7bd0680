"""Which body a track followed, and whether its covariance tells the truth: reads the truth.

Only this module and `study` may look at `Plots.body`; of the true flights only it, `phases`,
`lifting` and `study` know.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit

from hinomi.errors import HinomiError
from hinomi.kernels import LEAN
from hinomi.records.columns import Floats, Ints
from hinomi.records.plots import FALSE_PLOT, Plots
from hinomi.records.tracks import Tracks


def attribute(tracks: Tracks, plots: Plots) -> Ints:
    """Body that caused most of the plots a track used.

    Parameters
    ----------
    tracks
        of `follow`, from exactly these plots.
    plots
        with `body`.

    Returns
    -------
    Ints
        (number of tracks,) body, or FALSE_PLOT where false plots are most or no plot is known;
        indexed by `Tracks.track`. On a tie the lower body.

    Raises
    ------
    HinomiError
        when the tracks were made from another number of plots.
    """
    if tracks.plots != len(plots.t_s):
        raise HinomiError(
            f"the tracks were made from {tracks.plots} plots, these are {len(plots.t_s)}: "
            "pass the plots that went into follow()"
        )
    size = int(tracks.track.max()) + 1 if len(tracks.track) else 0
    used = tracks.plot >= 0
    bodies = plots.body[tracks.plot[used]].astype(np.int64)
    width = int(bodies.max(initial=FALSE_PLOT)) + 2
    votes = np.zeros((size, width), np.int64)
    np.add.at(votes, (tracks.track[used], bodies + 1), 1)
    return np.asarray(votes.argmax(axis=1) - 1, np.int32)


def nees(mean: Floats, cov: Floats, truth: Floats) -> Floats:
    """Normalised estimation error squared of rows of states.

    Parameters
    ----------
    mean, truth
        (K, n) in any units; the leading n columns of a state.
    cov
        (K, n, n).

    Returns
    -------
    Floats
        (K,); expectation n for an honest covariance (Bar-Shalom, Li & Kirubarajan 2001, 5.4); NaN
        where a covariance is not positive definite.
    """
    error = np.ascontiguousarray(mean - truth, dtype=np.float64)
    out = np.empty(len(error))
    _squared(error, np.array(cov, dtype=np.float64, order="C"), out)
    return out


@njit(cache=True, nogil=True, error_model="numpy", **LEAN)
def _squared(error, cov, out):  # type: ignore[no-untyped-def]
    """Write e' C^-1 e of each row by a Cholesky factor made in place of C."""
    size = error.shape[1]
    for k in range(len(error)):
        c, e, total = cov[k], error[k], 0.0
        for i in range(size):
            for j in range(i + 1):
                left = c[i, j]
                for m in range(j):
                    left -= c[i, m] * c[j, m]
                c[i, j] = left / c[j, j] if i > j else (math.sqrt(left) if left > 0.0 else math.nan)
            left = e[i]
            for m in range(i):
                left -= c[i, m] * e[m]
            e[i] = left / c[i, i]
            total += e[i] * e[i]
        out[k] = total
