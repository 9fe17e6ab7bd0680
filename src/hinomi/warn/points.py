"""Fixed points that every forecast uses: an even cover of what is uncertain, without any chance.

A rank-1 lattice with half-point shift: coordinate d of point k is frac(k z_d / K) + 1/(2K), K
prime, so every single coordinate is perfectly even. The generators z were chosen once, one
coordinate after the other, for the greatest distance between points in all planes of two
coordinates; coordinates that matter most come first. Source of the construction: Sloan and Joe,
Lattice Methods for Multiple Integration (1994). The normal coordinates are then made exactly
uncorrelated with unit variance, so that a linear forecast has exactly the covariance of its state.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import numpy as np

from hinomi.records.columns import Floats
from hinomi.records.draws import normal

POINTS: Final = 251  # samples of one forecast: error of a probability near 0.01 below 0.003
TRACK_EVERY: Final = 4  # the ground track of every fourth sample is laid
TRACKED: Final = (POINTS + TRACK_EVERY - 1) // TRACK_EVERY
_Z: Final = (
    1,
    78,
    90,
    227,
    185,
    118,
    230,
    158,
    77,
    98,
    224,
    182,
    210,
    75,
    137,
    162,
    129,
    159,
    144,
    34,
)

# What the coordinates stand for, after the six of the state; the first NORMALS are standard normal.
THRUST, BURN_SPREAD = 6, 7
NORMALS: Final = 8
PLAIN: Final = 20  # first of six normals of their own for every fourth point, used by itself
MODE, CLASS, BURN, LIFT, SWITCHES, BANK_0, BANK_1, EARLY, SWITCH_0, TERMINAL, BANK_2, SWITCH_1 = (
    range(8, 20)
)


@lru_cache(maxsize=1)
def points() -> Floats:
    """(POINTS, 26) read-only: NORMALS standard normals, uniforms in (0, 1), normals from PLAIN on."""
    k = np.arange(POINTS)
    u = np.empty((POINTS, len(_Z)))
    for d, z in enumerate(_Z):
        u[:, d] = ((k * z) % POINTS + 0.5) / POINTS
    x = np.empty((POINTS, NORMALS))
    for d in range(NORMALS):
        x[:, d] = [normal(v) for v in u[:, d]]
    x -= x.mean(axis=0)
    u[:, :NORMALS] = _white(x)
    few = x[::TRACK_EVERY, :6] - x[::TRACK_EVERY, :6].mean(axis=0)
    plain = np.zeros((POINTS, 6))
    plain[::TRACK_EVERY] = _white(few)
    u = np.hstack([u, plain])
    u.flags.writeable = False
    return u


def _white(x: Floats) -> Floats:
    """The same normals (N, D), of mean 0, made exactly uncorrelated with unit variance."""
    white: Floats = np.linalg.solve(np.linalg.cholesky(x.T @ x / len(x)), x.T).T
    return white
