"""A tracker of Stone Soup as a tracker of hinomi.

Needs the extra `stonesoup`. Source of the interface: Stone Soup 1.9 (Open Source Tracking and
Estimation Working Group).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, final

import numpy as np

from hinomi.benchmark.stonesoup_detections import EPOCH, POSITION, VELOCITY, Detector, detections
from hinomi.records.columns import Floats
from hinomi.records.plots import Plots
from hinomi.records.tracks import (
    CONFIRMED,
    DROPPED,
    MODE_COAST,
    MODES,
    NO_GRADE,
    Tracks,
    TrackSettings,
)
from hinomi.track.grade import grade_limits, grade_of
from hinomi.track.tracker import Tracker

# Build a tracker on a detector: called once for each set of plots; what it gives is iterated over
# and yields (time, set of tracks), as every tracker of Stone Soup does.
Build = Callable[[Detector, TrackSettings], Iterable[tuple[datetime, Any]]]


def as_tracker(
    build: Build,
    *,
    position: Sequence[int] = POSITION,
    velocity: Sequence[int] = VELOCITY,
    size: int = 6,
) -> Tracker:
    """Make a tracker of hinomi from one of Stone Soup.

    Parameters
    ----------
    build
        function of a detector and the settings that returns the tracker, made anew for each call.
    position, velocity, size
        where x, y, z and their rates stand in its state, and how many numbers that has.

    Returns
    -------
    Tracker
        whose tracks are confirmed from their first row on: every track that Stone Soup shows, one
        row for each look that fed it and a last row when it is deleted. Specific force and its
        covariance are 0, the mode is coast.
    """

    def follow(plots: Plots, *, settings: TrackSettings, picture: str) -> Tracks:
        detector = detections(plots, position=position, size=size)
        rows = _Rows(plots, tuple(position), tuple(velocity), {}, [], {})
        for _, tracks in build(detector, settings):
            rows.take(tracks)
        return rows.tracks(settings, picture)

    return follow


@final
@dataclass(frozen=True, slots=True)
class _Rows:
    """Rows collected while a tracker of Stone Soup runs."""

    plots: Plots
    position: tuple[int, ...]
    velocity: tuple[int, ...]
    live: dict[str, Any]  # identity of a track -> its last state
    rows: list[tuple[float, float, int, int, int, Floats, Floats]]
    known: dict[str, tuple[int, float]]  # identity -> number, availability so far

    def take(self, tracks: Iterable[Any]) -> None:
        """Note each track that this look updated, and each that is gone."""
        here = {track.id: track for track in tracks}
        for gone in [name for name in self.live if name not in here]:
            self._add(gone, self.live.pop(gone), DROPPED)
        for name, track in sorted(here.items(), key=lambda item: _age(item[1])):
            state = track[-1]
            old = self.live.get(name)
            self.live[name] = state
            if state is not old and _used(state) is not None:
                self._add(name, state, CONFIRMED)

    def _add(self, name: str, state: Any, status: int) -> None:
        t_s = (state.timestamp - EPOCH).total_seconds()
        plot = _used(state) if status == CONFIRMED else -1
        number, ready_s = self.known.get(name, (len(self.known), -math.inf))
        if plot is None or plot < 0:
            plot, ready_s = -1, max(ready_s, t_s)
        else:
            ready_s = max(ready_s, float(self.plots.t_available_s[plot]))
        self.known[name] = number, ready_s
        order = [*self.position, *self.velocity]
        mean = np.asarray(state.state_vector, np.float64).ravel()[order]
        cov = np.asarray(state.covar, np.float64)[np.ix_(order, order)]
        self.rows.append((t_s, ready_s, number, status, plot, mean, cov))

    def tracks(self, settings: TrackSettings, picture: str) -> Tracks:
        """Make the record."""
        rows = sorted(self.rows, key=lambda row: (row[0], row[2]))
        rows = [r for i, r in enumerate(rows) if not _again(r, *rows[i + 1 : i + 2])]
        k = len(rows)
        mean, cov, mode = np.zeros((k, 9)), np.zeros((k, 9, 9)), np.zeros((k, len(MODES)))
        mode[:, MODE_COAST] = 1.0
        grade = np.full(k, NO_GRADE)
        limits, kinds = grade_limits(settings), np.arange(len(MODES))
        for i, row in enumerate(rows):
            mean[i, :6], cov[i, :6, :6] = row[5], (row[6] + row[6].T) / 2.0
            if row[3] == CONFIRMED:
                grade[i] = grade_of(kinds, mean[i], cov[i], mode[i], limits)
        return Tracks(
            picture=picture,
            t_s=np.array([r[0] for r in rows], np.float64),
            t_available_s=np.array([r[1] for r in rows], np.float64),
            track=np.array([r[2] for r in rows], np.int32),
            mean=mean, cov=cov, mode=mode,
            status=np.array([r[3] for r in rows], np.int32), grade=grade,
            plot=np.array([r[4] for r in rows], np.int32), plots=len(self.plots.t_s),
        )  # fmt: skip


def _age(track: Any) -> tuple[datetime, int]:
    """When a track began, then which plot it began with: an order that is the same in every run."""
    first = _used(track[0])
    return track[0].timestamp, -1 if first is None else first


def _used(state: Any) -> int | None:
    """Index of the plot that made a state; None for a mere prediction."""
    measurement = getattr(getattr(state, "hypothesis", None), "measurement", None)
    found = getattr(measurement, "metadata", {}).get("plot")
    return None if found is None else int(found)


def _again(row: Any, after: Any = None) -> bool:
    """True when the next row is of the same track at the same time: the later look stands."""
    return after is not None and row[0] == after[0] and row[2] == after[2] and after[3] != DROPPED
