"""Which report belongs to which track: the assignment of least total cost.

Source: shortest augmenting paths, Jonker & Volgenant, Computing 38 (1987), in the short form with
dual variables on both sides.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numba import njit

FORBIDDEN: Final = 1e7  # cost of a pair that must not be made, far above any sum of costs


@njit(cache=True, nogil=True)
def assign(cost, n, m, match):  # type: ignore[no-untyped-def]
    """Write into `match` (n,) the column of each row, -1 for none, at least total cost.

    `cost` has at least n rows and m columns; entries of FORBIDDEN are never matched. As many
    allowed pairs as possible are made.
    """
    for i in range(n):
        match[i] = -1
    if n == 0 or m == 0:
        return
    turned = n > m
    rows, columns = (m, n) if turned else (n, m)
    u, v = np.zeros(rows + 1), np.zeros(columns + 1)
    owner, way = np.zeros(columns + 1, np.int64), np.zeros(columns + 1, np.int64)
    least, done = np.empty(columns + 1), np.empty(columns + 1, np.bool_)
    for i in range(1, rows + 1):
        owner[0] = i
        j0 = 0
        least[:] = np.inf
        done[:] = False
        while owner[j0] != 0:
            done[j0] = True
            i0 = owner[j0]
            delta = np.inf
            j1 = 0
            for j in range(1, columns + 1):
                if done[j]:
                    continue
                c = (cost[j - 1, i0 - 1] if turned else cost[i0 - 1, j - 1]) - u[i0] - v[j]
                if c < least[j]:
                    least[j] = c
                    way[j] = j0
                if least[j] < delta:
                    delta = least[j]
                    j1 = j
            for j in range(columns + 1):
                if done[j]:
                    u[owner[j]] += delta
                    v[j] -= delta
                else:
                    least[j] -= delta
            j0 = j1
        while j0 != 0:
            j1 = way[j0]
            owner[j0] = owner[j1]
            j0 = j1
    for j in range(1, columns + 1):
        i = owner[j]
        if i == 0:
            continue
        row, column = (j - 1, i - 1) if turned else (i - 1, j - 1)
        if cost[row, column] < FORBIDDEN:
            match[row] = column
