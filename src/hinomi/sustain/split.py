"""The best possible split of shared parts in one month: a linear programme, solved by HiGHS.

It answers how many rounds the sharing rule of `sustain.flow` gives away; the rule itself is not
replaced by it, because the programme leaves open who gets them.
"""

from __future__ import annotations

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import block_diag, lil_matrix

from hinomi.records.columns import Floats
from hinomi.sustain.flow import Web


def most_rounds(web: Web, wanted: Floats, capacity: Floats, ready: Floats) -> Floats:
    """(L, N) units of each line that are most in sum; every argument has N columns.

    For each column: maximise the sum of x subject to 0 <= x <= wanted, 0 <= y <= capacity, and for
    every part: what lines and suppliers take of it <= y + ready. Columns that are alike are solved
    once, all the others together.
    """
    columns, back = np.unique(np.vstack([wanted, capacity, ready]), axis=1, return_inverse=True)
    rows, nodes, n = wanted.shape[0], capacity.shape[0], columns.shape[1]
    want, most, have = np.split(columns, [rows, rows + nodes])
    balance = lil_matrix((nodes, rows + nodes))
    for k, parts in enumerate(web.of_line):
        for v, units in parts:
            balance[v, k] += units
    for w, parts in enumerate(web.of_supplier):
        balance[w, rows + w] -= 1.0
        for v, units in parts:
            balance[v, rows + w] += units
    found = linprog(
        -np.tile(np.r_[np.ones(rows), np.zeros(nodes)], n),
        A_ub=block_diag([balance.tocsr()] * n) if nodes else None,
        b_ub=have.T.ravel() if nodes else None,
        bounds=np.column_stack([np.zeros(n * (rows + nodes)), np.vstack([want, most]).T.ravel()]),
        method="highs",
    )
    if not found.success:
        raise ValueError(f"no split of parts was found: {found.message}")
    best: Floats = found.x.reshape(n, rows + nodes)[:, :rows].T
    return best[:, back.ravel()]
