"""What a decision centre listens to: its pictures, and the launch events that others pass on.

Each source keeps its tracks; in what the centre hears they are numbered on from the source before,
so forecasts and the alert rule read one set of tracks. Two sources may follow the same body: nobody
at the centre is taken to know that, each leads to its own messages, and people are warned by the
first that covers them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any, Final

import numpy as np

from hinomi.records.columns import Floats, Ints
from hinomi.records.plots import Plots
from hinomi.records.tracks import CONFIRMED, MODE_BOOST, WARNING_GRADE, Forecasts, Tracks

PER_ROW: Final = (
    "t_s", "t_available_s", "track", "mean", "cov", "mode", "status", "grade", "plot",
    "innovation2", "innovation_size",
)  # fmt: skip
NO_PLOT: Final = -1  # a row of another picture points at no plot of this one


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One picture that reaches the centre, or the launch events of one."""

    tracks: Tracks  # as the centre has them
    whole: Tracks  # the picture that the rows were taken from
    delay_s: float = 0.0  # on the way to the centre, within `tracks.t_available_s`
    event: bool = False  # one report a track, confirmed by the sender


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """All sources of a centre; the picture on which it decides and acts comes first."""

    sources: tuple[Source, ...]
    plots: tuple[Plots, ...]  # what they were made from, as their owners have it
    first: tuple[int, ...] = field(init=False)  # number of each source's track 0
    tracks: Tracks = field(init=False)

    def __post_init__(self) -> None:
        sizes = [int(s.tracks.track.max(initial=-1)) + 1 for s in self.sources]
        first = np.concatenate(([0], np.cumsum(sizes)))[:-1]
        object.__setattr__(self, "first", tuple(int(n) for n in first))
        parts = [s.tracks for s in self.sources]
        object.__setattr__(self, "tracks", _joined(parts, self.first))

    def source_of(self, track: Ints) -> Ints:
        """Index of the source of each track number."""
        return (np.searchsorted(self.first, track, side="right") - 1).astype(np.int32)

    def events(self) -> frozenset[int]:
        """Track numbers that are launch events passed on by others."""
        return frozenset(
            first + int(t)
            for first, source in zip(self.first, self.sources, strict=True)
            if source.event
            for t in np.unique(source.tracks.track)
        )

    def sent_s(self) -> Floats:
        """(K,) when the owner of each row of `tracks` had it."""
        delay = np.array([s.delay_s for s in self.sources])
        sent: Floats = self.tracks.t_available_s - delay[self.source_of(self.tracks.track)]
        return sent

    def forecasts(self, parts: Sequence[Forecasts]) -> Forecasts:
        """One record of the forecasts of every source, sorted by availability, then track."""
        if len(parts) == 1:
            return parts[0]
        track = np.concatenate([p.track + n for p, n in zip(parts, self.first, strict=True)])
        names = [
            f.name for f in fields(Forecasts) if isinstance(getattr(parts[0], f.name), np.ndarray)
        ]
        columns: dict[str, Any] = {n: np.concatenate([getattr(p, n) for p in parts]) for n in names}
        columns["track"] = track
        order = np.lexsort((track, columns["t_available_s"]))
        return replace(parts[0], **{n: c[order] for n, c in columns.items()})


def _joined(parts: Sequence[Tracks], first: Sequence[int]) -> Tracks:
    """One record of several pictures' tracks, sorted by time, then number."""
    if len(parts) == 1:
        return parts[0]
    columns: dict[str, Any] = {n: np.concatenate([getattr(p, n) for p in parts]) for n in PER_ROW}
    columns["track"] = np.concatenate([p.track + n for p, n in zip(parts, first, strict=True)])
    columns["plot"] = np.concatenate(
        [parts[0].plot, *(np.full(len(p.plot), NO_PLOT, np.int32) for p in parts[1:])]
    )
    order = np.lexsort((columns["track"], columns["t_s"]))
    return replace(parts[0], **{n: c[order] for n, c in columns.items()})


def launch_events(tracks: Tracks, *, relay_s: float, picture: str) -> Tracks:
    """The launch events of a picture as another nation has them, `relay_s` [s] later.

    One row a track: its first that is confirmed and of track grade W, which holds the point, the
    azimuth and the time; none where the motor burns no longer by then, for a body found, or found
    again, later in its flight is no launch. What the sender learns later is not passed on.
    """
    good = np.flatnonzero((tracks.status == CONFIRMED) & (tracks.grade >= WARNING_GRADE))
    good = good[np.argsort(tracks.t_available_s[good], kind="stable")]
    _, at = np.unique(tracks.track[good], return_index=True)
    rows = np.sort(good[at])
    rows = rows[tracks.mode[rows].argmax(axis=1) == MODE_BOOST]
    columns: dict[str, Any] = {name: getattr(tracks, name)[rows] for name in PER_ROW}
    columns["t_available_s"] = columns["t_available_s"] + relay_s
    columns["plot"] = np.full(len(rows), NO_PLOT, np.int32)
    empty = np.empty(0, np.int32)
    return replace(tracks, picture=picture, plots=0, fate=empty, **columns)
