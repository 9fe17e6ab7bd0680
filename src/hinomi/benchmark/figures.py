"""Figures of one realisation: how far tracks are from the truth, and what they miss or invent."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from hinomi.benchmark.columns import TrackTable, Truth
from hinomi.records.columns import Floats, Ints
from hinomi.records.tracks import CONFIRMED, MODE_COAST, MODES, NO_GRADE, Tracks
from hinomi.score.attribution import nees
from hinomi.score.consistency import inside
from hinomi.score.gospa import gospa
from hinomi.score.siap import ABSENT, UNASSIGNED, assigned_bodies, siap
from hinomi.score.snapshots import snapshots

HOLD_S: Final = 10.0  # a track is shown for this long after its last row (assumed: frames of 10 s)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What one realisation gives; NaN where there is nothing to divide by.

    Errors and NEES are taken at the rows of tracks that are on a body, the rest each whole second
    from the first to the last plot of each body.
    """

    rmse_position_m: float
    rmse_velocity_mps: float
    completeness: float  # share of seconds of bodies under at least one track
    continuity: float  # longest unbroken stretch under one track over the time seen
    ambiguity: float  # tracks for each body that has one; 1 is best
    spurious: float  # share of seconds of tracks that are on no body
    gospa_m: float  # mean distance of the whole picture
    nees: float  # mean over bodies of their means over rows; 6 is expected
    inside: float  # share of rows inside the region said to hold 95 %
    runs: int  # bodies with a NEES: independent values
    bodies: int
    tracks: int
    rows: int


def figures(truth: Truth, tracks: TrackTable, first_s: Floats, last_s: Floats) -> Figures:
    """Hold the tracks of one realisation against its truth.

    Parameters
    ----------
    first_s, last_s
        (B,) first and last second at which a plot shows each body; inf and -inf where none does.
        Outside of these a body does not count, and neither does a track that is on it.

    Notes
    -----
    A track is carried on from its last row under gravity for up to `HOLD_S`. It is on a body when
    it is within `track.gospa.CUTOFF_M` of it; where there are several, on the one that it was nearest to most
    of the time. Completeness, continuity, ambiguity and spuriousness are those of `track.siap`,
    GOSPA that of `track.gospa`.
    """
    t_s, true = _grid(truth)
    alive = np.isfinite(true[:, :, 0])
    seen = alive & (t_s[:, None] >= first_s) & (t_s[:, None] <= last_s)
    shown = snapshots(_record(tracks), t_s, stale_s=HOLD_S)
    there = shown.row >= 0
    apart = np.linalg.norm(shown.r_m[:, :, None] - true[:, None, :, :3], axis=3)
    apart = np.where(np.isfinite(apart), apart, np.inf)
    on = _on(apart, there, alive)
    beside = (on >= 0) & ~np.take_along_axis(seen, np.maximum(on, 0), axis=1) if seen.size else (
        on > len(truth.bodies)
    )  # fmt: skip
    there, on = there & ~beside, np.where(beside, ABSENT, on)
    body = np.maximum(on, 0)
    when = np.arange(len(t_s))[:, None]
    velocity = (
        np.linalg.norm(shown.v_mps - true[when, body, 3:], axis=2) if seen.size else np.zeros(on.shape)
    )  # fmt: skip
    position = (
        np.take_along_axis(apart, body[:, :, None], axis=2)[:, :, 0] if seen.size else velocity
    )
    picture = siap(
        on, t_s=t_s, bodies_there=seen, position_error_m=position, velocity_error_mps=velocity
    )
    distance = gospa(apart, tracks_there=there, bodies_there=seen)
    counted = there.any(axis=1) | seen.any(axis=1)
    return Figures(
        completeness=picture.completeness,
        continuity=picture.longest_share,
        ambiguity=picture.ambiguity,
        spurious=picture.spuriousness,
        gospa_m=float(distance.distance_m[counted].mean()) if counted.any() else math.nan,
        bodies=int(seen.any(axis=0).sum()),
        tracks=len(shown.track),
        **_at_rows(truth, tracks, shown.row, on),
    )


def _grid(truth: Truth) -> tuple[Floats, Floats]:
    """Whole seconds, and (T, B, 6) states there; NaN where a body is not."""
    bodies = len(truth.bodies)
    if not len(truth.t_s):
        return np.zeros(0), np.zeros((0, bodies, 6))
    first = float(truth.t_s.min())
    t_s = np.arange(first, float(truth.t_s.max()) + 1.0)
    states = np.full((len(t_s), bodies, 6), np.nan)
    states[(truth.t_s - first).astype(np.int64), truth.body] = truth.state
    return t_s, states


def _record(tracks: TrackTable) -> Tracks:
    """Rows as the record of tracks; their specific force is not told, so it is zero."""
    k = len(tracks.t_s)
    mean, cov, mode = np.zeros((k, 9)), np.zeros((k, 9, 9)), np.zeros((k, len(MODES)))
    mean[:, :6] = tracks.state
    mode[:, MODE_COAST] = 1.0
    return Tracks(
        picture="scored", t_s=tracks.t_s, t_available_s=tracks.t_s, track=tracks.track, mean=mean,
        cov=cov, mode=mode, status=np.full(k, CONFIRMED), grade=np.full(k, NO_GRADE),
        plot=np.full(k, -1), plots=0,
    )  # fmt: skip


def _on(apart: Floats, there: NDArray[np.bool_], alive: NDArray[np.bool_]) -> Ints:
    """(T, N) body that each track is on: near it, and its own where several are near."""
    _, count, bodies = apart.shape
    nearest = assigned_bodies(
        apart, tracks_there=there, bodies_there=alive, followed=np.full(count, UNASSIGNED)
    )
    own = np.full(count, UNASSIGNED)
    for track in range(count):
        votes = np.bincount(nearest[nearest[:, track] >= 0, track], minlength=bodies)
        if votes.sum():
            own[track] = int(votes.argmax())
    return assigned_bodies(apart, tracks_there=there, bodies_there=alive, followed=own)


def _at_rows(truth: Truth, tracks: TrackTable, shown: Ints, on: Ints) -> dict[str, Any]:
    """Errors at the rows that are on a body."""
    row, body = _row_bodies(truth, tracks, shown, on)
    true = _states(truth, body, tracks.t_s[row])
    good = np.isfinite(true[:, 0])
    row, body, true = row[good], body[good], true[good]
    square = (tracks.state[row] - true) ** 2
    out: dict[str, Any] = {
        "rmse_position_m": _root_mean(square[:, :3]),
        "rmse_velocity_mps": _root_mean(square[:, 3:]),
        "nees": math.nan, "inside": math.nan, "runs": 0, "rows": len(row),
    }  # fmt: skip
    if tracks.cov is None or not len(row):
        return out
    errors = nees(tracks.state[row], tracks.cov[row], true)
    means = [float(errors[body == b].mean()) for b in np.unique(body)]
    return out | {
        "nees": float(np.mean(means)),
        "inside": float(inside(errors, size=6).mean()),
        "runs": len(means),
    }


def _root_mean(square: Floats) -> float:
    return math.sqrt(float(square.sum(axis=1).mean())) if len(square) else math.nan


def _row_bodies(truth: Truth, tracks: TrackTable, shown: Ints, on: Ints) -> tuple[Ints, Ints]:
    """Rows of tracks that are on a body, and the body; each row once, at its own second."""
    when, track = np.nonzero(on >= 0)
    row = shown[when, track]
    t_s = float(truth.t_s.min(initial=math.inf)) + when
    fresh = t_s - tracks.t_s[row] < 1.0
    return row[fresh], on[when, track][fresh]


def _states(truth: Truth, body: Ints, t_s: Floats) -> Floats:
    """(K, 6) true states; between whole seconds a cubic through both; NaN outside of a life."""
    out = np.full((len(body), 6), np.nan)
    for b in np.unique(body):
        own, rows = truth.body == b, np.flatnonzero(body == b)
        times, states = truth.t_s[own], truth.state[own]
        k = np.searchsorted(times, t_s[rows], side="right") - 1
        exact = (k >= 0) & (times[np.maximum(k, 0)] == t_s[rows])
        out[rows[exact]] = states[k[exact]]
        part = ~exact & (k >= 0) & (k < len(times) - 1)
        i, u = k[part], (t_s[rows[part]] - times[k[part]])[:, None]
        r0, v0, r1, v1 = states[i, :3], states[i, 3:], states[i + 1, :3], states[i + 1, 3:]
        c2, c3 = 3.0 * (r1 - r0) - 2.0 * v0 - v1, 2.0 * (r0 - r1) + v0 + v1
        out[rows[part], :3] = r0 + u * (v0 + u * (c2 + u * c3))
        out[rows[part], 3:] = v0 + u * (2.0 * c2 + 3.0 * u * c3)
    return out
