"""One distance between a picture and the truth: how far, how many missed, how many false.

GOSPA with order 2 and alpha 2: Rahmathullah, Garcia-Fernandez & Svensson, Generalized optimal
sub-pattern assignment metric, 20th International Conference on Information Fusion (2017).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from hinomi.records.columns import Floats, Ints

CUTOFF_M: Final = 10_000.0  # assumed: the position error of the lowest track grade
NONE: Final = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class Gospa:
    """Distance and its parts at each of T times: distance^2 = localisation^2 + missed^2 + false^2.

    A body without a track and a track without a body each add half the squared cut-off.
    """

    distance_m: Floats  # (T,)
    localisation_m: Floats  # (T,) root of the summed squared distances of the pairs
    missed_m: Floats  # (T,)
    false_m: Floats  # (T,)
    missed: Ints  # (T,) bodies without a track
    false: Ints  # (T,) tracks without a body
    pair: Ints  # (T, J) track that stands for each body, NONE where it is missed


def gospa(
    distance_m: Floats,
    *,
    tracks_there: NDArray[np.bool_],
    bodies_there: NDArray[np.bool_],
    cutoff_m: float = CUTOFF_M,
) -> Gospa:
    """Distance between tracks and bodies at each of T times.

    Parameters
    ----------
    distance_m
        (T, N, J) of N tracks from J bodies [m]; any value where one of the two is not there.
    tracks_there
        (T, N) whether the picture holds the track.
    bodies_there
        (T, J) whether the body flies.
    cutoff_m
        a track at least this far from a body does not stand for it [m].

    Returns
    -------
    Gospa
        from the pairs, each track and body in at most one, that make the distance smallest.
    """
    there = tracks_there[:, :, None] & bodies_there[:, None, :]
    square = cutoff_m * cutoff_m
    gain = np.where(there & (distance_m < cutoff_m), distance_m * distance_m - square, 0.0)
    pair = _pairs(gain)
    paired = pair >= 0
    taken = np.take_along_axis(gain, np.maximum(pair, 0)[:, None, :], axis=1)[:, 0] if len(
        pair
    ) and gain.shape[1] else np.zeros(pair.shape)  # fmt: skip
    pairs = paired.sum(axis=1)
    missed = bodies_there.sum(axis=1) - pairs
    false = tracks_there.sum(axis=1) - pairs
    near = np.where(paired, taken + square, 0.0).sum(axis=1)
    half = square / 2.0
    return Gospa(
        distance_m=np.sqrt(near + half * (missed + false)),
        localisation_m=np.sqrt(near),
        missed_m=np.sqrt(half * missed),
        false_m=np.sqrt(half * false),
        missed=missed.astype(np.int32),
        false=false.astype(np.int32),
        pair=pair,
    )


def _pairs(gain: Floats) -> Ints:
    """(T, J) track of each body, from what each pair saves (T, N, J); 0 saves nothing.

    Where no two bodies have the same nearest track the nearest ones are the best pairs; only the
    other times need an assignment.
    """
    times, tracks, bodies = gain.shape
    pair = np.full((times, bodies), NONE, np.int32)
    if not (times and tracks and bodies):
        return pair
    best = gain.argmin(axis=1)
    useful = gain.min(axis=1) < 0.0
    chosen = np.sort(np.where(useful, best, -1 - np.arange(bodies)), axis=1)
    twice = (chosen[:, 1:] == chosen[:, :-1]).any(axis=1)
    pair[useful] = best[useful]
    for t in np.flatnonzero(twice):
        row, column = linear_sum_assignment(gain[t])
        saves = gain[t][row, column] < 0.0
        pair[t] = NONE
        pair[t, column[saves]] = row[saves]
    return pair
