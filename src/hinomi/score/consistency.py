"""Does a tracker's covariance tell the truth: normalised errors held against chi-square.

How runs count: N is the number of independent runs looked at, one for each body in each replicate.
Rows of one track follow each other and share their errors, so they are averaged first and never
counted as N. An average over time varies no more than one row does, so the bounds for N rows are
wide enough for N averages: what lies outside is wrong, what lies inside may still be.

Source: Bar-Shalom, Li & Kirubarajan, Estimation with Applications to Tracking and Navigation
(2001), 5.4.
"""

from __future__ import annotations

import numpy as np
from scipy.special import chdtri

from hinomi.errors import HinomiError
from hinomi.records.columns import Floats, Ints
from hinomi.records.tracks import Tracks

CONFIDENCE = 0.95


def chi_square_bounds(
    *, runs: int, size: int, confidence: float = CONFIDENCE
) -> tuple[float, float]:
    """Two-sided bounds of the mean squared normalised error of an honest filter.

    Parameters
    ----------
    runs
        N, how many independent values the mean is of.
    size
        n, how many numbers of the state (or of the report) each value is made of.
    confidence
        probability that the mean of an honest filter lies between the bounds.

    Returns
    -------
    tuple of float
        chi-square of N n degrees of freedom at both tails, over N; the expectation is n.

    Raises
    ------
    HinomiError
        when `runs` or `size` is below 1 or `confidence` is not inside 0..1.
    """
    if runs < 1 or size < 1 or not 0.0 < confidence < 1.0:
        raise HinomiError(
            f"bounds of {runs} runs of {size} numbers at {confidence}: runs and size must be at "
            "least 1 and the confidence between 0 and 1"
        )
    tail = (1.0 - confidence) / 2.0
    degrees = float(runs * size)
    return float(chdtri(degrees, 1.0 - tail)) / runs, float(chdtri(degrees, tail)) / runs


def inside(nees: Floats, *, size: int, confidence: float = CONFIDENCE) -> Floats:
    """1 where an error lies inside the region that is claimed to hold `confidence` of them, else 0.

    NaN stays NaN. Over the rows of an honest filter the mean is `confidence`; unlike the mean of
    the squared errors it is not ruled by a few rows of a lost track.
    """
    limit = float(chdtri(float(size), 1.0 - confidence))
    return np.where(np.isnan(nees), np.nan, (nees <= limit).astype(np.float64))


def innovations(tracks: Tracks, rows: Ints | None = None) -> tuple[float, int]:
    """Mean squared normalised innovation per dimension, and how many dimensions were averaged.

    Parameters
    ----------
    tracks
        of `follow`; rows without an innovation (starts, drops, fused rows) are left out.
    rows
        only these rows of `tracks`; all where not given.

    Returns
    -------
    tuple of float and int
        1 for an honest filter; NaN and 0 where no row has an innovation. Innovations of an honest
        filter are independent in time, so every dimension of every row counts. The gate cuts off
        the largest ones: at a gate of 0.999 an honest mean is 0.99 to 0.995.
    """
    chosen = slice(None) if rows is None else rows
    squared, size = tracks.innovation2[chosen], tracks.innovation_size[chosen]
    there = np.isfinite(squared) & (size > 0)
    total = int(size[there].sum())
    return (float(squared[there].sum()) / total if total else float("nan")), total
