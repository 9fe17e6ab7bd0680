"""The supplier graph month by month: what each line can make, and what holds it back.

Leontief: a unit needs its parts in fixed numbers. Lines rise together, in proportion to what each
could make, until a part gives out; those that need it stop and the others go on. So a part that is
short is shared as it is asked for, and what one line cannot use goes to another (progressive
filling: Bertsekas and Gallager, Data Networks, 1992, section 6.5). Buffers of finished parts are
used first and filled again with what capacity is left.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

from hinomi.records.columns import Floats, Ints
from hinomi.records.supply import ITSELF, Plant, Supplier
from hinomi.sustain.graph import upstream_first

SMALL = 1e-9  # units a month: nothing is left to make
NONE_LEFT = 1e-9  # of what is asked: a part has given out

Edges = tuple[tuple[tuple[int, float], ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Web:
    """The graph by number; suppliers upstream first."""

    suppliers: tuple[str, ...]
    of_line: Edges  # line -> (supplier, units)
    of_supplier: Edges


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """What the months give."""

    made: Floats  # (L, N, M)
    limit: NDArray[np.int16]  # (L, N, M)
    used: Floats  # (V, N, M) parts made
    buffer: Floats  # (V, N, M) parts left


def web_of(plants: Sequence[Plant], suppliers: Sequence[Supplier]) -> Web:
    """Number the graph.

    Raises
    ------
    ScenarioError
        for an unknown supplier or a circle.
    """
    needs = {s.name: dict(s.needs) for s in suppliers}
    lines = {f"line {p.name}": dict(p.needs) for p in plants}
    order = upstream_first({**needs, **lines})
    names = tuple(name for name in order if name in needs)
    at = {name: i for i, name in enumerate(names)}

    def numbered(found: dict[str, float]) -> tuple[tuple[int, float], ...]:
        return tuple((at[name], units) for name, units in found.items() if units > 0.0)

    return Web(
        suppliers=names,
        of_line=tuple(numbered(lines[f"line {p.name}"]) for p in plants),
        of_supplier=tuple(numbered(needs[name]) for name in names),
    )


def flow(web: Web, wanted: Floats, capacity: Floats, full: Floats) -> Flow:
    """Share every month's parts among the lines.

    Parameters
    ----------
    wanted
        (L, N, M) units that each line itself could make.
    capacity
        (V, N, M) parts a supplier can make.
    full
        (V, N) parts a supplier keeps ready; all there before the first month.
    """
    made, used, buffer = np.zeros(wanted.shape), np.zeros(capacity.shape), np.zeros(capacity.shape)
    limit = np.full(wanted.shape, ITSELF, np.int16)
    _months(
        *_flat(web.of_line), *_flat(web.of_supplier), np.ascontiguousarray(wanted),
        np.ascontiguousarray(capacity), np.ascontiguousarray(full), made, limit, used, buffer,
    )  # fmt: skip
    return Flow(made=made, limit=limit, used=used, buffer=buffer)


def _flat(edges: Edges) -> tuple[Ints, Ints, Floats]:
    """Edges as columns: where each list begins, suppliers, units."""
    begin = np.cumsum([0, *(len(parts) for parts in edges)]).astype(np.int32)
    to = np.array([v for parts in edges for v, _ in parts], np.int32)
    return begin, to, np.array([units for parts in edges for _, units in parts], np.float64)


@njit(cache=True, nogil=True, error_model="numpy")
def _least(begin, to, i, share, why, own):  # type: ignore[no-untyped-def]
    """Smallest share among the parts that i needs, and what binds there; `own` if all are there."""
    part, binds = 1.0, own
    for e in range(begin[i], begin[i + 1]):
        v = to[e]
        if share[v] < part - 1e-12:
            part, binds = share[v], why[v]
    return part, binds


@njit(cache=True, nogil=True, error_model="numpy")
def _shares(l_begin, l_to, l_units, v_begin, v_to, v_units, want, fill, spare, ready, capped,  # type: ignore[no-untyped-def]
            demand, asked, share, why, part):  # fmt: skip
    """Share of what is asked that each supplier can give, and what binds it where that is not all."""
    rows, nodes = want.size, spare.size
    demand[:] = 0.0
    for k in range(rows):
        for e in range(l_begin[k], l_begin[k + 1]):
            demand[l_to[e]] += l_units[e] * want[k]
    for v in range(nodes - 1, -1, -1):
        asked[v] = max(demand[v] - ready[v], 0.0) + fill[v]
        if capped:
            asked[v] = min(asked[v], spare[v])
        for e in range(v_begin[v], v_begin[v + 1]):
            demand[v_to[e]] += v_units[e] * asked[v]
    for v in range(nodes):
        least, why[v] = _least(v_begin, v_to, v, share, why, v)
        part[v] = asked[v] * least
        if part[v] > spare[v]:
            part[v], why[v] = spare[v], v
        share[v] = min((ready[v] + part[v]) / demand[v], 1.0) if demand[v] > 0.0 else 1.0


@njit(cache=True, nogil=True, error_model="numpy")
def _take(l_begin, l_to, l_units, v_begin, v_to, v_units, got, fill, spare, ready, part,  # type: ignore[no-untyped-def]
          taken, parts):  # fmt: skip
    """Make what these units of lines, and these fillings, need: ready parts first."""
    taken[:] = 0.0
    for k in range(got.size):
        for e in range(l_begin[k], l_begin[k + 1]):
            taken[l_to[e]] += l_units[e] * got[k]
    for v in range(spare.size - 1, -1, -1):
        parts[v] = min(max(taken[v] - ready[v], 0.0) + fill[v], part[v])
        for e in range(v_begin[v], v_begin[v + 1]):
            taken[v_to[e]] += v_units[e] * parts[v]
    for v in range(spare.size):
        spare[v] = max(spare[v] - parts[v], 0.0)
        ready[v] = max(ready[v] + parts[v] - taken[v], 0.0)


@njit(cache=True, nogil=True, error_model="numpy")
def _months(l_begin, l_to, l_units, v_begin, v_to, v_units, wanted, capacity, full,  # type: ignore[no-untyped-def]
            made, limit, used, buffer):  # fmt: skip
    """Fill made, limit, used and buffer for every draw and month."""
    rows, draws, months = wanted.shape
    nodes = capacity.shape[0]
    demand, asked, share, part = np.empty(nodes), np.empty(nodes), np.empty(nodes), np.empty(nodes)
    taken, parts, why = np.empty(nodes), np.empty(nodes), np.empty(nodes, np.int64)
    got, left, least = np.empty(rows), np.empty(rows), np.empty(rows)
    fill, spare, ready = np.empty(nodes), np.empty(nodes), np.empty(nodes)
    binds = np.empty(rows, np.int64)
    for n in range(draws):
        ready[:] = full[:, n]
        for m in range(months):
            left[:] = wanted[:, n, m]
            spare[:] = capacity[:, n, m]
            fill[:] = 0.0
            turn = 0
            while turn < 4 * (rows + nodes):
                turn += 1
                _shares(l_begin, l_to, l_units, v_begin, v_to, v_units, left, fill, spare, ready,
                        False, demand, asked, share, why, part)  # fmt: skip
                smallest = 2.0
                for k in range(rows):
                    if left[k] > SMALL:
                        least[k], binds[k] = _least(l_begin, l_to, k, share, why, -1)
                        smallest = min(smallest, least[k])
                if smallest > 1.5:
                    break  # nobody waits for anything
                # All who wait rise together until a part gives out; who needs that part stops.
                for k in range(rows):
                    waits = left[k] > SMALL
                    got[k] = smallest * left[k] if waits else 0.0
                    made[k, n, m] += got[k]
                    if waits and smallest < 1.0 and least[k] < NONE_LEFT:
                        limit[k, n, m] = binds[k]
                        left[k] = 0.0
                    else:
                        left[k] -= got[k]
                if smallest > 0.0:
                    _take(l_begin, l_to, l_units, v_begin, v_to, v_units, got, fill, spare, ready,
                          part, taken, parts)  # fmt: skip
                    for v in range(nodes):
                        used[v, n, m] += parts[v]
            room = 0.0
            for v in range(nodes):
                fill[v] = max(full[v, n] - ready[v], 0.0)
                room += fill[v]
            if room > SMALL:
                left[:] = 0.0
                got[:] = 0.0
                _shares(l_begin, l_to, l_units, v_begin, v_to, v_units, left, fill, spare, ready,
                        True, demand, asked, share, why, part)  # fmt: skip
                _take(l_begin, l_to, l_units, v_begin, v_to, v_units, got, fill, spare, ready, part,
                      taken, parts)  # fmt: skip
                for v in range(nodes):
                    used[v, n, m] += parts[v]
            for v in range(nodes):
                buffer[v, n, m] = ready[v]
