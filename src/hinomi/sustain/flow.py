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
ROUNDED = 1e-12  # of what is taken: the rest of a buffer or a capacity that rounding leaves

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
def _dry(v_begin, v_to, spare, ready, why):  # type: ignore[no-untyped-def]
    """What keeps each supplier from giving one part more: one upstream, itself, or nothing (-1)."""
    for v in range(spare.size):
        why[v] = -1
        if ready[v] > 0.0:
            continue
        for e in range(v_begin[v], v_begin[v + 1]):
            if why[v] < 0:
                why[v] = why[v_to[e]]
        if why[v] < 0 and spare[v] <= 0.0:
            why[v] = v


@njit(cache=True, nogil=True, error_model="numpy")
def _rise(l_begin, l_to, l_units, v_begin, v_to, v_units, left, spare, ready, demand):  # type: ignore[no-untyped-def]
    """Part of what is left, at most all, that can be made until a buffer or a capacity is used up.

    Until then every part comes from one source, so what is asked for grows in proportion and the
    step is exact. `demand` is filled with the parts that all of what is left would take so.
    """
    step = 1.0
    demand[:] = 0.0
    for k in range(left.size):
        for e in range(l_begin[k], l_begin[k + 1]):
            demand[l_to[e]] += l_units[e] * left[k]
    for v in range(spare.size - 1, -1, -1):
        if demand[v] <= 0.0:
            continue
        if ready[v] > 0.0:
            step = min(step, ready[v] / demand[v])
            continue
        step = min(step, spare[v] / demand[v])
        for e in range(v_begin[v], v_begin[v + 1]):
            demand[v_to[e]] += v_units[e] * demand[v]
    return step


@njit(cache=True, nogil=True, error_model="numpy")
def _stopped(l_begin, l_to, why, left, limit):  # type: ignore[no-untyped-def]
    """Stop lines that have all, or need what has given out; says whether any other waits still."""
    waits = False
    for k in range(left.size):
        for e in range(l_begin[k], l_begin[k + 1]):
            if left[k] > SMALL and why[l_to[e]] >= 0:
                limit[k] = why[l_to[e]]
                left[k] = 0.0
        if left[k] <= SMALL:
            left[k] = 0.0
        waits = waits or left[k] > 0.0
    return waits


@njit(cache=True, nogil=True, error_model="numpy")
def _taken(step, demand, spare, ready, used):  # type: ignore[no-untyped-def]
    """Take what a step needs: ready parts where there are some, else new ones."""
    for v in range(spare.size):
        taken = step * demand[v]
        if demand[v] > 0.0 and ready[v] > 0.0:
            ready[v] = ready[v] - taken if ready[v] > taken + ROUNDED * taken else 0.0
        elif demand[v] > 0.0:
            used[v] += min(taken, spare[v])
            spare[v] = spare[v] - taken if spare[v] > taken + ROUNDED * taken else 0.0


@njit(cache=True, nogil=True, error_model="numpy")
def _fill(v_begin, v_to, v_units, fill, spare, ready, asked, demand, share, parts):  # type: ignore[no-untyped-def]
    """Make parts for the buffers, as far as capacity and the parts upstream go."""
    nodes = spare.size
    demand[:] = 0.0
    for v in range(nodes - 1, -1, -1):
        asked[v] = min(max(demand[v] - ready[v], 0.0) + fill[v], spare[v])
        for e in range(v_begin[v], v_begin[v + 1]):
            demand[v_to[e]] += v_units[e] * asked[v]
    for v in range(nodes):
        least = 1.0
        for e in range(v_begin[v], v_begin[v + 1]):
            least = min(least, share[v_to[e]])
        asked[v] = min(asked[v] * least, spare[v])
        share[v] = min((ready[v] + asked[v]) / demand[v], 1.0) if demand[v] > 0.0 else 1.0
    demand[:] = 0.0
    for v in range(nodes - 1, -1, -1):
        parts[v] = min(max(demand[v] - ready[v], 0.0) + fill[v], asked[v])
        for e in range(v_begin[v], v_begin[v + 1]):
            demand[v_to[e]] += v_units[e] * parts[v]
    for v in range(nodes):
        spare[v] = max(spare[v] - parts[v], 0.0)
        ready[v] = max(ready[v] + parts[v] - demand[v], 0.0)


@njit(cache=True, nogil=True, error_model="numpy")
def _months(l_begin, l_to, l_units, v_begin, v_to, v_units, wanted, capacity, full,  # type: ignore[no-untyped-def]
            made, limit, used, buffer):  # fmt: skip
    """Fill made, limit, used and buffer for every draw and month."""
    rows, draws, months = wanted.shape
    nodes = capacity.shape[0]
    demand, asked, share, parts = np.empty(nodes), np.empty(nodes), np.empty(nodes), np.empty(nodes)
    fill, spare, ready, left = np.empty(nodes), np.empty(nodes), np.empty(nodes), np.empty(rows)
    why = np.empty(nodes, np.int64)
    for n in range(draws):
        ready[:] = full[:, n]
        for m in range(months):
            left[:] = wanted[:, n, m]
            spare[:] = capacity[:, n, m]
            # All who wait rise together until a part gives out; who needs that part stops. Every
            # turn but the last uses up a buffer or a capacity.
            for _ in range(2 * nodes + 1):
                _dry(v_begin, v_to, spare, ready, why)
                if not _stopped(l_begin, l_to, why, left, limit[:, n, m]):
                    break
                step = _rise(l_begin, l_to, l_units, v_begin, v_to, v_units, left, spare, ready,
                             demand)  # fmt: skip
                for k in range(rows):
                    made[k, n, m] += step * left[k]
                    left[k] -= step * left[k]
                _taken(step, demand, spare, ready, used[:, n, m])
            room = 0.0
            for v in range(nodes):
                fill[v] = max(full[v, n] - ready[v], 0.0)
                room += fill[v]
            if room > SMALL:
                _fill(v_begin, v_to, v_units, fill, spare, ready, asked, demand, share, parts)
                for v in range(nodes):
                    used[v, n, m] += parts[v]
            for v in range(nodes):
                buffer[v, n, m] = ready[v]
