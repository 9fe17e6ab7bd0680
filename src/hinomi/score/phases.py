"""How large the errors of tracks are in each phase of flight, and how large they claim to be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from hinomi.errors import HinomiError
from hinomi.records.columns import Floats, Ints
from hinomi.records.flights import BOOST, FALL, PHASES, WAITING, Flights
from hinomi.records.tracks import Tracks
from hinomi.score.attribution import nees
from hinomi.score.consistency import inside

ALL: Final = "all"
CHANGE: Final = "change"  # the first seconds after a change of phase; those rows count twice
FLOWN: Final = tuple(PHASES[BOOST : FALL + 1])
STATE_SIZE: Final = 6  # position and velocity
SETTLE_S: Final = 20.0  # assumed: a filter may take this long to find out what a body does now
NEAR_M: Final = 30_000.0  # a row further than this from its body belongs to none


@dataclass(frozen=True, slots=True, kw_only=True)
class RowErrors:
    """Errors of rows of tracks against the bodies that they follow."""

    row: Ints  # (K,) row of the tracks
    body: Ints  # (K,)
    phase: Ints  # (K,) of records.flights.PHASES
    changing: NDArray[np.bool_]  # (K,) within SETTLE_S after a change of phase
    height_m: Floats  # (K,) of the body
    position_m: Floats  # (K,) distance from the body
    velocity_mps: Floats  # (K,)
    claimed_position_m: Floats  # (K,) root of the summed variances
    claimed_velocity_mps: Floats  # (K,)
    nees: Floats  # (K,) of STATE_SIZE numbers
    astray: int  # rows left out because they are further than NEAR_M from their body


@dataclass(frozen=True, slots=True, kw_only=True)
class PhaseErrors:
    """Errors in one phase; means over bodies of means over rows, roots over all rows."""

    phase: str
    bodies: int  # how many independent runs this is: one for each body
    rows: int
    position_rmse_m: float
    velocity_rmse_mps: float
    claimed_position_m: float
    claimed_velocity_mps: float
    nees: float
    inside_share: float  # of errors in the region claimed to hold 95 % of them


def truth_at(flights: Flights, body: Ints, t_s: Floats) -> tuple[Floats, Floats, Ints]:
    """True position and velocity (K, 3) of bodies at times, and the grid's second of each.

    NaN where the body is not flying then.
    """
    last = len(flights.t_s) - 1
    second = np.clip(np.rint(t_s - flights.t_s[0]).astype(np.int64), 0, last)
    v = flights.v_mps[body, second]
    rest = (t_s - flights.t_s[second])[:, None]
    return flights.r_m[body, second] + rest * v, v, second.astype(np.int32)


def settling(flights: Flights, body: Ints, second: Ints) -> NDArray[np.bool_]:
    """(K,) whether bodies were in another phase SETTLE_S before; ignition is no change."""
    step = float(flights.t_s[1] - flights.t_s[0]) if len(flights.t_s) > 1 else 1.0
    before = flights.phase[body, np.maximum(second - round(SETTLE_S / step), 0)]
    return np.asarray((before != flights.phase[body, second]) & (before != WAITING))


def row_errors(tracks: Tracks, flights: Flights, *, rows: Ints, bodies: Ints) -> RowErrors:
    """Errors of some rows of a picture.

    Parameters
    ----------
    tracks, flights
        the picture and the truth.
    rows
        (K,) rows of `tracks` to look at.
    bodies
        (number of tracks,) body that each track followed, by number of the track; -1 for none.

    Returns
    -------
    RowErrors
        of the rows whose track has a body, flying at the time, within NEAR_M.

    Raises
    ------
    HinomiError
        when a track's number lies outside `bodies`.
    """
    if len(rows) and int(tracks.track[rows].max()) >= len(bodies):
        raise HinomiError(
            f"track {int(tracks.track[rows].max())} has no entry in bodies, which has "
            f"{len(bodies)}: pass one body a track number, -1 for none"
        )
    body = bodies[tracks.track[rows]]
    rows, body = rows[body >= 0], body[body >= 0]
    r, v, second = truth_at(flights, body, tracks.t_s[rows])
    gap = np.linalg.norm(tracks.mean[rows, :3] - r, axis=1)
    near = gap <= NEAR_M  # NaN, not flying, compares false
    astray = int((gap > NEAR_M).sum())
    rows, body, second, r, v, gap = (x[near] for x in (rows, body, second, r, v, gap))
    cov = tracks.cov[rows, :STATE_SIZE, :STATE_SIZE]
    spread = np.diagonal(cov, axis1=1, axis2=2)
    return RowErrors(
        row=rows,
        body=body,
        phase=flights.phase[body, second],
        changing=settling(flights, body, second),
        height_m=flights.height_m[body, second],
        position_m=gap,
        velocity_mps=np.linalg.norm(tracks.mean[rows, 3:6] - v, axis=1),
        claimed_position_m=np.sqrt(spread[:, :3].sum(axis=1)),
        claimed_velocity_mps=np.sqrt(spread[:, 3:].sum(axis=1)),
        nees=nees(tracks.mean[rows, :STATE_SIZE], cov, np.concatenate([r, v], axis=1)),
        astray=astray,
    )


def by_phase(errors: RowErrors) -> list[PhaseErrors]:
    """Errors over all rows, in each phase that has any, and after changes of phase."""
    within = inside(errors.nees, size=STATE_SIZE)
    bodies, phases = int(errors.body.max(initial=0)) + 1, len(PHASES)
    place = errors.phase.astype(np.int64) * bodies + errors.body
    square = (
        errors.position_m**2, errors.velocity_mps**2, errors.claimed_position_m**2,
        errors.claimed_velocity_mps**2, errors.nees, within,
    )  # fmt: skip

    def sums(rows: Any) -> Floats:
        """(1 + values, phase, body) counts, then sums of each value."""
        weights = (None, *(v[rows] for v in square))
        found = [np.bincount(place[rows], w, phases * bodies) for w in weights]
        return np.array(found, np.float64).reshape(-1, phases, bodies)

    whole, changing = sums(slice(None)), sums(errors.changing)
    parts = [
        (ALL, whole.sum(axis=1)),
        *((PHASES[k], whole[:, k]) for k in range(BOOST, FALL + 1)),
        (CHANGE, changing.sum(axis=1)),
    ]
    return [_of(phase, table) for phase, table in parts if table[0].any()]


def _of(phase: str, table: Floats) -> PhaseErrors:
    """One phase, from (7, B) counts and sums by body."""
    table = table[:, table[0] > 0]
    rows = table[0].sum()
    roots = np.sqrt(table[1:5].sum(axis=1) / rows)
    means = (table[5:] / table[0]).mean(axis=1)
    return PhaseErrors(
        phase=phase,
        bodies=table.shape[1],
        rows=int(rows),
        position_rmse_m=float(roots[0]),
        velocity_rmse_mps=float(roots[1]),
        claimed_position_m=float(roots[2]),
        claimed_velocity_mps=float(roots[3]),
        nees=float(means[0]),
        inside_share=float(means[1]),
    )
