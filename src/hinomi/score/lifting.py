"""Does the picture know what a body is: the probability that it gives to gliding and falling.

The probabilities of the modes say how a body moves now, not what it is. Before it is in the air a
glider falls like any other body, so nothing is scored there: a lifting body counts from SETTLE_S
after it began to glide until it stops, a ballistic one below AIR_TOP_M on its way down. Launchers,
cruise bodies and spent stages have no place in this question and are left out.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from hinomi.records.columns import Floats, Ints
from hinomi.records.flights import BALLISTIC_KIND, FALL, GLIDE, LIFTING_KINDS, Flights
from hinomi.records.tracks import MODES, Tracks
from hinomi.score.phases import RowErrors

LIFTING_MODES: Final = ("glide", "manoeuvre", "pull")
AIR_TOP_M: Final = 60_000.0  # where gliders of the catalogue begin to lift
LEAST: Final = 1e-4  # the filters' floor of a mode; keeps the score finite


def p_lifting(mode: Floats) -> Floats:
    """(K,) probability of the modes that lift, from the probabilities of all modes (K, M)."""
    columns = [i for i, name in enumerate(MODES) if name in LIFTING_MODES]
    return np.asarray(mode[:, columns].sum(axis=1))


def log_score(p_true: Floats) -> Floats:
    """-ln of the probability given to what is true: 0 is best, ln 2 knows nothing."""
    return -np.log(np.maximum(p_true, LEAST))


def class_scores(tracks: Tracks, flights: Flights, errors: RowErrors) -> tuple[Ints, Floats]:
    """Log score of each body that can be told apart: mean over its rows in the air.

    Parameters
    ----------
    tracks, flights
        the picture and the truth.
    errors
        of `row_errors`: rows, their bodies and phases.

    Returns
    -------
    tuple
        (J,) bodies and (J,) log scores of -ln P(what the body is), natural logarithm (Good, Journal
        of the Royal Statistical Society B 14, 1952). The mean over rows in the air, not the last
        row alone: the question is whether the picture knew while it mattered.
    """
    kinds = np.array(flights.kinds, dtype=object)
    lifts = np.isin(kinds, LIFTING_KINDS)[errors.body]
    falls = (kinds == BALLISTIC_KIND)[errors.body]
    own = np.asarray(flights.parent, np.int32)[errors.body] < 0
    gliding = lifts & (errors.phase == GLIDE) & ~errors.changing
    falling = falls & (errors.phase == FALL) & (errors.height_m < AIR_TOP_M)
    rows = own & (gliding | falling)
    p = p_lifting(tracks.mode[errors.row[rows]])
    score = log_score(np.where(lifts[rows], p, 1.0 - p))
    body = errors.body[rows]
    known = np.unique(body)
    count = np.bincount(body, minlength=1)
    total = np.bincount(body, weights=score, minlength=1)
    return known.astype(np.int32), total[known] / count[known]
