"""Which report belongs to which track: the assignment of least total cost.

Source: shortest augmenting paths, Jonker & Volgenant, Computing 38 (1987), in the short form with
dual variables on both sides. A list of allowed pairs falls apart into clusters that share no row
and no column; each is solved alone, so a thousand false reports cost little more than none.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numba import njit

from hinomi.kernels import LEAN, MAKES_ARRAYS
from hinomi.track.slots import Scratch

FORBIDDEN: Final = 1e7  # cost of a pair that must not be made, far above any sum of costs
LARGEST_CLUSTER: Final = 250_000  # rows times columns; beyond, cheapest pairs first (assumed)


@njit(cache=True, nogil=True, error_model="numpy", **MAKES_ARRAYS)
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


@njit(cache=True, nogil=True, error_model="numpy", **LEAN)
def label_clusters(row, column, count, rows, label):  # type: ignore[no-untyped-def]
    """Write one label a cluster for each row, then each column; `label` (rows + columns,).

    Two pairs belong together when they share a row or a column, or each does with a third.
    """
    for i in range(len(label)):
        label[i] = i
    for k in range(count):
        a, b = _root(label, row[k]), _root(label, rows + column[k])
        label[max(a, b)] = min(a, b)
    for i in range(len(label)):
        label[i] = _root(label, i)


@njit(cache=True, nogil=True, error_model="numpy", **MAKES_ARRAYS)
def roomier(room, pairs):  # type: ignore[no-untyped-def]
    """The same working space (`slots.Scratch`) with room for so many pairs."""
    return Scratch(
        room.rows, room.columns, room.match, room.free, np.empty(pairs, np.int64),
        np.empty(pairs, np.int64), np.empty(pairs), room.x, room.p,
    )  # fmt: skip


@njit(cache=True, nogil=True, error_model="numpy", **LEAN)
def rank(values, order):  # type: ignore[no-untyped-def]
    """Write the indices of `values` from least to largest, equal ones in their order (Shell's sort).

    Short to compile, which the general sort of the library is not.
    """
    n = len(values)
    for i in range(n):
        order[i] = i
    gap = 1
    while gap < n:
        gap = 3 * gap + 1
    while gap > 0:
        for i in range(gap, n):
            k = order[i]
            j = i
            while j >= gap:
                m = order[j - gap]
                if values[m] < values[k] or (values[m] == values[k] and m < k):
                    break
                order[j] = m
                j -= gap
            order[j] = k
        gap //= 3


@njit(cache=True, nogil=True, error_model="numpy", **LEAN)
def _root(label, i):  # type: ignore[no-untyped-def]
    while label[i] != i:
        label[i] = label[label[i]]
        i = label[i]
    return i


@njit(cache=True, nogil=True, error_model="numpy", **MAKES_ARRAYS)
def assign_pairs(row, column, cost, count, rows, columns, match):  # type: ignore[no-untyped-def]
    """Write into `match` (rows,) the column of each row, -1 for none: `assign` of a list of pairs.

    `row`, `column`, `cost`: the first `count` entries are the allowed pairs, each once. A cluster of
    more than `LARGEST_CLUSTER` cells takes its cheapest pairs first instead.
    """
    for i in range(rows):
        match[i] = -1
    row_pairs, column_pairs = np.zeros(rows, np.int64), np.zeros(columns, np.int64)
    for k in range(count):
        row_pairs[row[k]] += 1
        column_pairs[column[k]] += 1
    rest = 0
    for k in range(count):
        if row_pairs[row[k]] == 1 and column_pairs[column[k]] == 1:
            match[row[k]] = column[k]
        else:
            rest += 1
    if rest == 0:
        return
    label = np.empty(rows + columns, np.int64)
    label_clusters(row, column, count, rows, label)
    of = np.empty(count, np.int64)
    for k in range(count):
        of[k] = label[row[k]]
    order = np.empty(count, np.int64)
    rank(of, order)
    place_r, place_c = np.full(rows, -1, np.int64), np.full(columns, -1, np.int64)
    a = 0
    while a < count:
        b = a
        while b < count and of[order[b]] == of[order[a]]:
            b += 1
        if b - a > 1:
            _solve(row, column, cost, order[a:b], place_r, place_c, match)
        a = b


@njit(cache=True, nogil=True, error_model="numpy", **MAKES_ARRAYS)
def _solve(row, column, cost, pairs, place_r, place_c, match):  # type: ignore[no-untyped-def]
    """Solve one cluster; `place_r`, `place_c` are working space full of -1 where it lies."""
    size = len(pairs)
    of_r, of_c = np.empty(size, np.int64), np.empty(size, np.int64)
    n, m = 0, 0
    for k in pairs:
        if place_r[row[k]] < 0:
            place_r[row[k]] = n
            of_r[n] = row[k]
            n += 1
        if place_c[column[k]] < 0:
            place_c[column[k]] = m
            of_c[m] = column[k]
            m += 1
    if n * m > LARGEST_CLUSTER:
        taken = np.zeros(m, np.bool_)
        values = np.empty(size)
        for q in range(size):
            values[q] = cost[pairs[q]]
        order = np.empty(size, np.int64)
        rank(values, order)
        for c in order:
            i, j = row[pairs[c]], place_c[column[pairs[c]]]
            if match[i] < 0 and not taken[j]:
                match[i] = column[pairs[c]]
                taken[j] = True
        return
    table, found = np.full((n, m), FORBIDDEN), np.empty(n, np.int64)
    for k in pairs:
        table[place_r[row[k]], place_c[column[k]]] = cost[k]
    assign(table, n, m, found)
    for i in range(n):
        if found[i] >= 0:
            match[of_r[i]] = of_c[found[i]]
