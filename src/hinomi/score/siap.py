"""A picture as its users see it: is every body there, once, under one number, and where.

The attributes of the Single Integrated Air Picture: Votruba et al., Single Integrated Air Picture
(SIAP) Metrics Implementation, SIAP System Engineering Task Force (2001).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from hinomi.records.columns import Floats, Ints
from hinomi.score.gospa import CUTOFF_M

UNASSIGNED: Final = -1  # a track that stands for no body
ABSENT: Final = -2  # the picture does not hold the track then


@dataclass(frozen=True, slots=True, kw_only=True)
class Siap:
    """Attributes over all times; NaN where nothing is there to divide by."""

    completeness: float  # share of bodies, summed over times, with at least one track
    ambiguity: float  # tracks for each body that has one; 1 is best
    spuriousness: float  # share of tracks that stand for no body
    position_accuracy_m: float  # mean distance of assigned tracks from their bodies
    velocity_accuracy_mps: float  # the same of velocities
    changes_per_s: float  # changes of track number over the time tracked
    longest_share: float  # continuity: longest unbroken assignment over the life, summed
    changes: int  # track numbers beyond the first that bodies needed
    body_life_s: Floats  # (J,) from the first to the last time at which a body is there
    body_longest_s: Floats  # (J,) longest time under one track number without a break


def assigned_bodies(
    distance_m: Floats,
    *,
    tracks_there: NDArray[np.bool_],
    bodies_there: NDArray[np.bool_],
    followed: Ints,
    cutoff_m: float = CUTOFF_M,
) -> Ints:
    """Body that each track stands for at each time.

    Parameters
    ----------
    distance_m, tracks_there, bodies_there, cutoff_m
        as in `gospa`.
    followed
        (N,) body that each track followed over its life, -1 for none: it is kept while it is inside
        the cut-off, so that two bodies close together do not swap at every error.

    Returns
    -------
    Ints
        (T, N) body; else the nearest one inside the cut-off, UNASSIGNED where there is none, ABSENT
        where the picture does not hold the track.
    """
    times, tracks, bodies = distance_m.shape
    out = np.full((times, tracks), UNASSIGNED, np.int32)
    if times and tracks and bodies:
        near = np.where(bodies_there[:, None, :], distance_m, np.inf)
        near = np.where(near < cutoff_m, near, np.inf)
        nearest = near.argmin(axis=2)
        least = np.take_along_axis(near, nearest[:, :, None], axis=2)[:, :, 0]
        out = np.where(np.isfinite(least), nearest, UNASSIGNED).astype(np.int32)
        own = np.maximum(followed, 0)
        kept = (followed >= 0) & np.isfinite(near[:, np.arange(tracks), own])
        out = np.where(kept, own, out).astype(np.int32)
    out[~tracks_there] = ABSENT
    return out


def siap(
    assigned: Ints,
    *,
    t_s: Floats,
    bodies_there: NDArray[np.bool_],
    position_error_m: Floats,
    velocity_error_mps: Floats,
) -> Siap:
    """Attributes of a picture over T times.

    Parameters
    ----------
    assigned
        (T, N) body that each track stands for, of `assigned_bodies`.
    t_s
        (T,) times, growing [s].
    bodies_there
        (T, J) whether each body flies.
    position_error_m, velocity_error_mps
        (T, N) distance of each track from the body that it stands for; read only where it has one.

    Returns
    -------
    Siap
        with J the bodies there, JT those with a track, N the tracks, NA those with a body, all
        summed over times: completeness JT / J, ambiguity NA / JT, spuriousness (N - NA) / N.
        A body needs the fewest numbers that cover all times at which it has a track; what goes
        beyond one, summed over bodies, over the summed time tracked is `changes_per_s`.
    """
    there = assigned >= 0
    bodies = bodies_there.shape[1]
    covered = np.zeros(bodies_there.shape, bool)
    when, track = np.nonzero(there)
    covered[when, assigned[when, track]] = True
    covered &= bodies_there
    held = int((assigned != ABSENT).sum())
    count = len(when)
    runs = _runs(assigned)
    longest, life, needed = np.zeros(bodies), np.zeros(bodies), np.zeros(bodies, np.int64)
    if len(t_s):
        np.maximum.at(longest, runs[:, 0], t_s[runs[:, 2]] - t_s[runs[:, 1]])
        flies = bodies_there.any(axis=0)
        first, last = bodies_there.argmax(axis=0), len(t_s) - 1 - bodies_there[::-1].argmax(axis=0)
        life = np.where(flies, t_s[last] - t_s[first], 0.0)
    for body in range(bodies):
        needed[body] = _fewest(runs[runs[:, 0] == body, 1:])
    changes = int(np.maximum(needed - 1, 0).sum())
    return Siap(
        completeness=_over(covered.sum(), bodies_there.sum()),
        ambiguity=_over(count, covered.sum()),
        spuriousness=_over(held - count, held),
        position_accuracy_m=_over(position_error_m[when, track].sum(), count),
        velocity_accuracy_mps=_over(velocity_error_mps[when, track].sum(), count),
        changes_per_s=_over(changes, _tracked_s(assigned, t_s, bodies)),
        longest_share=_over(longest.sum(), life.sum()),
        changes=changes,
        body_life_s=life,
        body_longest_s=longest,
    )


def _over(part: float, whole: float) -> float:
    return float(part) / float(whole) if whole else float("nan")


def _runs(assigned: Ints) -> NDArray[np.int64]:
    """(R, 3) body, first and last time of each unbroken assignment of one track to one body."""
    edge = np.full((1, assigned.shape[1]), ABSENT, assigned.dtype)
    new = np.concatenate([edge, assigned]) != np.concatenate([assigned, edge])
    track, at = np.nonzero(new.T)  # places where a track's assignment changes, track by track
    if len(track) < 2:
        return np.empty((0, 3), np.int64)
    same = track[1:] == track[:-1]
    first, last, of = at[:-1][same], at[1:][same] - 1, track[:-1][same]
    body = assigned[first, of]
    runs = np.column_stack([body, first, last])[body >= 0]
    return np.asarray(runs, np.int64)


def _fewest(runs: NDArray[np.int64]) -> int:
    """Fewest of the spans (R, 2) of times that cover all times that any of them covers."""
    spans = sorted(map(tuple, runs.tolist()))
    count, reach, i = 0, -1, 0
    while i < len(spans):
        begin, far = max(reach + 1, spans[i][0]), reach
        while i < len(spans) and spans[i][0] <= begin:
            far = max(far, spans[i][1])
            i += 1
        if far > reach:
            count, reach = count + 1, far
    return count


def _tracked_s(assigned: Ints, t_s: Floats, bodies: int) -> float:
    """Time during which bodies had a track, summed over bodies."""
    on = (assigned[1:] == assigned[:-1]) & (assigned[1:] >= 0)
    when, track = np.nonzero(on)
    steps = np.zeros((max(len(t_s) - 1, 0), bodies), bool)
    steps[when, assigned[when, track]] = True
    return float((steps.sum(axis=1) * np.diff(t_s)).sum())
