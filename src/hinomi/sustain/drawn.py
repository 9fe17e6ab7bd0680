"""Ranged inputs as numbers: the stated value, or a triangular draw between low and high."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numba import njit

from hinomi.records.columns import Floats
from hinomi.records.draws import Draws, four_uniforms
from hinomi.records.supply import Range

KIND = "supply"


def triangular(u: Floats, span: Range) -> Floats:
    """Inverse of the triangular distribution function with mode `value`; monotone in u."""
    low, mode, high = span
    if high <= low:
        return np.full_like(u, mode)
    turn = (mode - low) / (high - low)
    rise = low + np.sqrt(u * (high - low) * (mode - low))
    fall = high - np.sqrt((1.0 - u) * (high - low) * (high - mode))
    return np.where(u < turn, rise, fall)


def numbers(span: Range, entity: str, draws: Sequence[Draws] | None) -> Floats:
    """(N,) values of one input, one a draw; (1,) the stated value where there are no draws.

    An input is addressed by its own name, so that adding another changes no draw of it. All draws
    are of one seed.
    """
    if draws is None:
        return np.array([span[1]])
    if span[2] <= span[0]:
        return np.full(len(draws), span[1])
    key = draws[0].keys(KIND, [entity])[0]
    u = np.empty(len(draws))
    _first(key[0], key[1], np.array([d.replicate for d in draws], np.uint64), u)
    return triangular(u, span)


@njit(cache=True, nogil=True, error_model="numpy")
def _first(key0, key1, replicates, out):  # type: ignore[no-untyped-def]
    """First uniform of one stream in every replicate."""
    for n in range(out.size):
        out[n] = four_uniforms(key0, key1, 0, replicates[n])[0]
