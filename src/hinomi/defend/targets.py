"""Tracks as those who decide on shots see them: what was known of each, and when."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final, final

import numpy as np

from hinomi.earth.gravity import MU_M3_S2
from hinomi.records.columns import Floats
from hinomi.records.tracks import (
    CONFIRMED,
    DROPPED,
    ENGAGEMENT_GRADE,
    MODE_BOOST,
    MODE_GLIDE,
    MODE_MANOEUVRE,
    Tracks,
)

# A row older than this says nothing about now any more (assumed; three frames of a slow scanner).
OLDEST_ROW_S: Final = 30.0
# A grade-E row this near in time supports a moment of a fly-out (assumed).
SUPPORT_NEAR_S: Final = 3.0


@final
@dataclass(slots=True, eq=False)
class Target:
    """One confirmed track of one picture, and how far its engagement by one desk has come."""

    desk: int
    picture: int
    track: int
    t_s: list[float]  # time of validity, ascending
    available_s: list[float]  # never falls
    mean: Floats  # (n, 9)
    graded: list[bool]  # grade E and confirmed
    graded_available_s: list[float]
    graded_t_s: list[float]
    boosting: list[bool]
    gliding: list[bool]
    dropped: list[bool]
    salvos: int = 0
    taken: dict[str, int] = field(default_factory=dict)  # salvos by interceptor class
    busy: bool = False
    dead: bool = False
    kills_checked: int = 0
    reason: int = 0


def targets(tracks: Tracks, *, picture: int, desk: int) -> list[Target]:
    """Every track that was ever confirmed, in order of its number, for the desk that decides."""
    return [Target(desk=desk, picture=picture, **known) for known in _known(tracks)]


@lru_cache(maxsize=16)
def _known(tracks: Tracks) -> tuple[dict[str, Any], ...]:
    """What is known of each such track and when; kept, because many settings meet one picture."""
    found = []
    order = np.argsort(tracks.track, kind="stable")
    numbers = tracks.track[order]
    for rows in np.split(order, np.flatnonzero(np.diff(numbers)) + 1):
        if not len(rows) or not (tracks.status[rows] == CONFIRMED).any():
            continue
        mode = tracks.mode[rows]
        available = np.maximum.accumulate(tracks.t_available_s[rows])
        graded = (tracks.grade[rows] == ENGAGEMENT_GRADE) & (tracks.status[rows] == CONFIRMED)
        known = {
            "track": int(tracks.track[rows[0]]),
            "t_s": tracks.t_s[rows].tolist(),
            "available_s": available.tolist(),
            "mean": tracks.mean[rows],
            "graded": graded.tolist(),
            "graded_available_s": available[graded].tolist(),
            "graded_t_s": tracks.t_s[rows][graded].tolist(),
            "boosting": (mode[:, MODE_BOOST] >= 0.5).tolist(),
            "gliding": (mode[:, MODE_GLIDE] + mode[:, MODE_MANOEUVRE] > 0.5).tolist(),
            "dropped": (tracks.status[rows] == DROPPED).tolist(),
        }
        found.append(known)
    return tuple(found)


def row_known(target: Target, now_s: float) -> int:
    """Newest row that is there at `now_s`, -1 where none is."""
    return bisect_right(target.available_s, now_s) - 1


def next_graded_s(target: Target, now_s: float) -> float:
    """When the next row of grade E comes after `now_s`; inf when none does."""
    i = bisect_right(target.graded_available_s, now_s)
    return target.graded_available_s[i] if i < len(target.graded_available_s) else float("inf")


def place_near(target: Target, t_s: float, known_s: float) -> Floats | None:
    """Position [m] at t_s from the nearest row known by known_s; None where that row is too old."""
    last = row_known(target, known_s)
    if last < 0:
        return None
    i = min(bisect_left(target.t_s, t_s), last)
    if i > 0 and t_s - target.t_s[i - 1] < abs(target.t_s[i] - t_s):
        i -= 1
    dt = t_s - target.t_s[i]
    if abs(dt) > OLDEST_ROW_S:
        return None
    mean = target.mean[i]
    place: Floats = mean[:3] + mean[3:6] * dt
    if not target.gliding[i]:
        r = mean[:3]
        place = place - 0.5 * dt * dt * MU_M3_S2 / float(r @ r) ** 1.5 * r
    return place


def support_share(target: Target, from_s: float, to_s: float) -> float:
    """Share of the whole seconds from launch to intercept with a grade-E row within 3 s."""
    seconds = np.arange(np.ceil(from_s), np.floor(to_s) + 1.0)
    graded = target.graded_t_s
    if not graded or not len(seconds):
        return 0.0
    times = np.asarray(graded)
    i = np.searchsorted(times, seconds)
    before = np.abs(seconds - times[np.maximum(i - 1, 0)])
    after = np.abs(times[np.minimum(i, len(times) - 1)] - seconds)
    return float(np.mean(np.minimum(before, after) <= SUPPORT_NEAR_S))
