"""Shapley's fair split of a total over players, replicate by replicate, and the interaction of two.

Shapley (1953) for the value; Grabisch and Roubens, International Journal of Game Theory 28 (1999),
547-565 for the interaction of a pair. Both are linear in the worth of the coalitions, so the split
of a mean is the mean of the splits, and intervals come from resampling replicates.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations
from math import factorial

import numpy as np

from hinomi.integration.flags import Coalition, coalitions
from hinomi.records.columns import Floats

Worth = Mapping[Coalition, Floats]


def shapley(worth: Worth, players: Sequence[str]) -> dict[str, Floats]:
    """Shapley value of each player.

    Parameters
    ----------
    worth
        Each of the 2^k coalitions -> (N,) worth, one a replicate, in any unit.
    players
        The k players.

    Returns
    -------
    Player -> (N,) value in the unit of the worth; they sum to the worth of all minus that of none.
    """
    k = len(players)
    out: dict[str, Floats] = {}
    for player in players:
        others = [p for p in players if p != player]
        total = np.zeros_like(worth[frozenset()])
        for c in coalitions(others):
            weight = factorial(len(c)) * factorial(k - len(c) - 1) / factorial(k)
            total += weight * (worth[c | {player}] - worth[c])
        out[player] = total
    return out


def marginals(worth: Worth, players: Sequence[str]) -> dict[str, tuple[Floats, Floats]]:
    """What each player adds when it comes alone, and when it comes last: player -> two (N,)."""
    everybody = frozenset(players)
    return {
        p: (
            worth[frozenset((p,))] - worth[frozenset()],
            worth[everybody] - worth[everybody - {p}],
        )
        for p in players
    }


def interactions(worth: Worth, players: Sequence[str]) -> dict[tuple[str, str], Floats]:
    """Shapley interaction of each pair, (N,): above 0 they add more together than apart."""
    k = len(players)
    out: dict[tuple[str, str], Floats] = {}
    for a, b in combinations(players, 2):
        others = [p for p in players if p not in (a, b)]
        total = np.zeros_like(worth[frozenset()])
        for c in coalitions(others):
            weight = factorial(len(c)) * factorial(k - len(c) - 2) / factorial(k - 1)
            total += weight * (worth[c | {a, b}] - worth[c | {a}] - worth[c | {b}] + worth[c])
        out[a, b] = total
    return out
