"""Which alert units lie beside which, and sets of units widened by rings of neighbours."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hinomi.records.columns import freeze
from hinomi.records.places import AlertUnits

Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Adjacency:
    """For each of U units, itself and the units within some rings: `member[first[u]:first[u + 1]]`."""

    first: NDArray[Any]  # (U + 1,)
    member: NDArray[Any]  # (N,) sorted within a unit

    def __post_init__(self) -> None:
        freeze(self, {"first": (np.int32, (-1,)), "member": (np.int32, (-1,))})


def adjacency(units: AlertUnits, *, rings: int) -> Adjacency:
    """Units within `rings` steps of each unit; two are adjacent when one grid cell touches both.

    A cell touches a unit when it touches the unit widened by its buffer, so units on either side
    of a strait of up to about two buffers and a cell (20 km with the shipped grid) are adjacent.
    """
    count = len(units.names)
    near: list[set[int]] = [{u} for u in range(count)]
    for i, j in np.argwhere(units.over_last - units.over_first > 1):
        together = set(units.over_unit[units.over_first[i, j] : units.over_last[i, j]].tolist())
        for u in together:
            near[u] |= together
    within: list[set[int]] = [{u} for u in range(count)]
    for _ in range(rings):
        within = [set().union(*(near[v] for v in members)) for members in within]
    first = np.concatenate(([0], np.cumsum([len(m) for m in within], dtype=np.int64)))
    member = np.array([v for members in within for v in sorted(members)], dtype=np.int64)
    return Adjacency(first=first, member=member)


def widened(flags: Flags, around: Adjacency | None) -> Flags:
    """(F, U) true where a unit or one of those around it is; the same where `around` is None."""
    if around is None or flags.shape[1] == 0:
        return flags
    out: Flags = np.logical_or.reduceat(flags[:, around.member], around.first[:-1], axis=1)
    return out


def narrowed(flags: Flags, around: Adjacency | None) -> Flags:
    """(F, U) true where a unit and all of those around it are."""
    return flags if around is None else ~widened(~flags, around)
