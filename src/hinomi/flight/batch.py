"""Thousands of flights in one call, on all cores; a million of them in a stream of chunks."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from numba import get_num_threads, njit, parallel_chunksize, prange, set_num_threads

from hinomi.flight.body import SIZE
from hinomi.flight.pointmass import (
    DEFAULT_TOLERANCE,
    LONGEST_FLIGHT_S,
    RESULT,
    STATE,
    STATUS,
    fly_path,
)
from hinomi.records.columns import Floats, Ints, freeze

CHUNK: Final = 512  # flights held at once: 20 MB at ten minutes each
START: Final = 12
_SHARE: Final = 8  # flights a core takes at a time


@dataclass(frozen=True, slots=True, kw_only=True)
class Paths:
    """Flights b = 0 ... B-1, one after another in `rows`: flight b is rows[first[b]:first[b + 1]].

    Row i of a flight is its Earth-fixed position [m] and velocity [m/s] at i * every_s after its
    start. `result` (B, 17) has the end state, then the places named in `hinomi.flight.pointmass`
    (END_T, APOGEE, ... STATUS); a body that no number describes has the status INVALID and no rows.
    """

    every_s: float
    first: Ints  # (B + 1,)
    rows: Floats  # (N, 6)
    result: Floats  # (B, 17)

    def __post_init__(self) -> None:
        b = len(self.result)
        f = np.float64
        freeze(
            self,
            {
                "first": (np.int32, (b + 1,)),
                "rows": (f, (-1, STATE)),
                "result": (f, (b, RESULT)),
            },
        )

    @property
    def status(self) -> Ints:
        """(B,) how each flight ended, see `hinomi.flight.pointmass.STATUSES`."""
        return self.result[:, STATUS].astype(np.int32)


# One inner kernel, two names: this one runs it on all cores, in a single process.
@njit(cache=True, nogil=True, error_model="numpy", parallel=True)
def _fly_all(  # type: ignore[no-untyped-def]
    bodies, starts, kicks, cutoffs, gliding, every, until, tolerance, rows, count, result
):
    for i in prange(len(bodies)):
        count[i] = fly_path(
            bodies[i], starts[i], kicks[i], cutoffs[i], gliding[i], 0.0, every, until, tolerance,
            rows[i], result[i],
        )  # fmt: skip


@njit(cache=True, nogil=True, error_model="numpy", parallel=True)
def _pack_rows(rows, first, out):  # type: ignore[no-untyped-def]
    for i in prange(len(first) - 1):
        for j in range(first[i + 1] - first[i]):
            for c in range(6):
                out[first[i] + j, c] = rows[i, j, c]


def stream_many(
    bodies: Floats,
    starts: Floats,
    *,
    kicks_rad: Floats | None = None,
    cutoffs_s: Floats | None = None,
    gliding: bool | Ints = False,
    every_s: float | None = 1.0,
    until_s: float = LONGEST_FLIGHT_S,
    tolerance: float = DEFAULT_TOLERANCE,
    workers: int | None = None,
    chunk: int = CHUNK,
) -> Iterator[Paths]:
    """Fly B bodies a chunk at a time; memory is that of one chunk, whatever B is.

    Parameters
    ----------
    bodies
        (B, SIZE) vectors of `hinomi.flight.body.pack`, or one vector for all.
    starts
        (B, 12) vectors of `hinomi.flight.path.launch_vector`; the last six numbers are the state
        of a body that starts in flight.
    kicks_rad, cutoffs_s, gliding
        per body; by default no kick, the whole burn, and no glide at the start.
    every_s
        spacing of the rows; None: no rows, ends and events only.
    until_s
        flight time at which the computation of a body stops; its status then tells why.
    workers
        cores; all by default. The numbers do not depend on it.

    Raises
    ------
    ValueError
        when the lengths do not fit together, or every_s or chunk is not above 0.
    """
    starts = np.ascontiguousarray(starts, dtype=np.float64)
    b = len(starts)
    bodies = np.broadcast_to(np.asarray(bodies, dtype=np.float64), (b, SIZE))
    if starts.shape != (b, START):
        raise ValueError(f"starts has shape {starts.shape}; expected ({b}, {START})")
    if chunk < 1 or (every_s is not None and not every_s > 0.0):
        raise ValueError(f"every_s {every_s} and chunk {chunk} must be above 0")
    every = 1.0 if every_s is None else float(every_s)
    kicks = _column(kicks_rad, b, 0.0)
    cutoffs = _column(cutoffs_s, b, math.inf)
    lifts = np.ascontiguousarray(np.broadcast_to(np.asarray(gliding, dtype=np.bool_), (b,)))
    longest = 0 if every_s is None else math.floor(until_s / every) + 1
    # Virtual until written: a chunk costs the rows it flies, not the longest flight allowed.
    rows = np.empty((min(b, chunk), longest, STATE))
    threads = get_num_threads()
    for at in range(0, b, chunk):
        here = slice(at, min(b, at + chunk))
        n = here.stop - at
        count = np.zeros(n, dtype=np.int64)
        result = np.empty((n, RESULT))
        set_num_threads(min(workers or threads, threads))
        try:
            with parallel_chunksize(_SHARE):
                _fly_all(
                    np.ascontiguousarray(bodies[here]), starts[here], kicks[here], cutoffs[here],
                    lifts[here], every, float(until_s), float(tolerance), rows[:n], count, result,
                )  # fmt: skip
                first = np.concatenate([[0], np.cumsum(count)])
                out = np.empty((int(first[-1]), STATE))
                _pack_rows(rows[:n], first, out)
        finally:
            set_num_threads(threads)
        yield Paths(every_s=every_s or 0.0, first=first.astype(np.int32), rows=out, result=result)


def _column(given: Floats | None, length: int, otherwise: float) -> Floats:
    """One number per body."""
    return np.ascontiguousarray(
        np.broadcast_to(np.asarray(otherwise if given is None else given, float), (length,))
    )
