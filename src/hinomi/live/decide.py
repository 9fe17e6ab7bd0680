"""What the alert rule asks for at a time of the scenario clock: one proposal after the other.

The rule is the study's own (`warn.issue`), asked again at each step with what is there by then. It
looks back only, so what it asked for once it asks for again, at the same second.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from typing import Any, Final, final

import numpy as np

from hinomi.live.pictures import Shown, blank, joined, shown
from hinomi.live.source import STRIDE, Source
from hinomi.records.alerts import MESSAGES, ROUTES, WarningPolicy
from hinomi.records.columns import Floats
from hinomi.records.flights import ThreatClass
from hinomi.records.places import AlertUnits, Places
from hinomi.records.tracks import DROPPED, Forecasts, Tracks
from hinomi.warn.epochs import forecast_epochs
from hinomi.warn.issue import issue
from hinomi.warn.predict import forecast_rows

_COLUMNS: Final = (
    "track", "t_s", "t_available_s", "grade", "p_hit", "p_over", "end_lat_deg", "end_lon_deg",
    "end_cov_km2", "end_t_s", "end_t_low_s", "end_t_high_s", "spread_km",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """One message that the rule asks for."""

    name: str  # picture|track|index: the same for a seed at any speed
    picture: str
    track: int  # in the picture's own numbers
    kind: str  # of records.alerts.MESSAGES
    route: str
    t_ready_s: float
    t_issue_s: float
    codes: tuple[str, ...]  # municipalities under alert, or cleared; none for a launch message
    predicted: tuple[str, ...]  # in the area forecast last, as the rule reads it


@final
class Decider:
    """The forecasts made so far, and the rule; `due` may be asked for any later time."""

    def __init__(
        self, source: Source, *, policy: WarningPolicy, units: AlertUnits, places: Places,
        classes: Sequence[ThreatClass], threads: Executor | None = None,
    ) -> None:  # fmt: skip
        self._source, self._policy, self._units = source, policy, units
        self._classes, self._threads = tuple(classes), threads
        self._made: set[tuple[int, int, float, float]] = set()
        self._parts: list[Forecasts] = []
        self._codes = np.array(places.code)

    def due(self, t_s: float) -> tuple[Proposal, ...]:
        """Everything that the rule has asked for by a time, oldest first."""
        parts = shown(self._source, t_s, threads=self._threads)
        if not any(len(p.tracks.t_s) for p in parts):
            return ()
        self._forecast(parts, t_s)
        tracks = joined(parts)
        if not self._parts:
            return ()
        forecasts = self._all()
        events = {
            i * STRIDE + int(t)
            for i, p in enumerate(parts) if p.event for t in np.unique(p.tracks.track)
        }  # fmt: skip
        alerts = issue(
            forecasts, tracks, policy=self._policy, delays=self._source.staff, events=events
        )
        found: list[Proposal] = []
        count: dict[int, int] = {}
        for k in range(len(alerts.t_issue_s)):
            if alerts.t_issue_s[k] > t_s:
                continue
            number = int(alerts.track[k])
            index = count[number] = count.get(number, -1) + 1
            source, track = divmod(number, STRIDE)
            found.append(
                Proposal(
                    name=f"{parts[source].name}|{track}|{index}", picture=parts[source].name,
                    track=track, kind=MESSAGES[alerts.kind[k]], route=ROUTES[alerts.route[k]],
                    t_ready_s=float(alerts.t_ready_s[k]), t_issue_s=float(alerts.t_issue_s[k]),
                    codes=self._places(alerts.covers[k] > 0),
                    predicted=self._predicted(forecasts, number, float(alerts.t_issue_s[k])),
                )
            )  # fmt: skip
        return tuple(found)

    def _places(self, units: np.ndarray[Any, Any]) -> tuple[str, ...]:
        """Codes of the municipalities of some units."""
        of = self._units.unit_of_place
        return tuple(self._codes[(of >= 0) & units[of]].tolist()) if units.any() else ()

    def _predicted(self, forecasts: Forecasts, number: int, t_s: float) -> tuple[str, ...]:
        """Municipalities of the units over a threshold in the last forecast by a time."""
        rows = np.flatnonzero((forecasts.track == number) & (forecasts.t_available_s <= t_s))
        if not rows.size:
            return ()
        row = rows[-1]
        over = forecasts.p_hit[row] >= self._policy.hit_threshold
        over |= forecasts.p_over[row] >= self._policy.over_threshold
        return self._places(over)

    def _forecast(self, parts: Sequence[Shown], t_s: float) -> None:
        """Make the forecasts whose time has come since the last step."""
        policy = self._policy
        for i, part in enumerate(parts):
            if not len(part.tracks.t_s):
                continue
            rows, times = forecast_epochs(
                _going_on(part.tracks, t_s), first_s=policy.forecast_first_s,
                later_s=policy.forecast_later_s,
            )  # fmt: skip
            known = [
                (i, int(part.tracks.track[row]), float(part.tracks.t_s[row]), float(time))
                for row, time in zip(rows, times, strict=True)
            ]
            new = [k for k, each in enumerate(known) if each not in self._made]
            if not new:
                continue
            self._made.update(known)
            made, _ = forecast_rows(
                part.tracks, rows=rows[new], times=times[new], units=self._units,
                classes=self._classes,
            )  # fmt: skip
            if len(made.t_s):
                self._parts.append(replace(made, track=made.track + i * STRIDE))

    def _all(self) -> Forecasts:
        """Every forecast so far, by availability, then track."""
        if len(self._parts) > 1:
            columns: dict[str, Any] = {
                n: np.concatenate([getattr(p, n) for p in self._parts]) for n in _COLUMNS
            }
            order = np.lexsort((columns["track"], columns["t_available_s"]))
            whole = replace(self._parts[0], **{n: c[order] for n, c in columns.items()})
            self._parts = [whole]
        return self._parts[0]


def _going_on(tracks: Tracks, t_s: float) -> Tracks:
    """The picture with a last row at `t_s` for each track that has not ended: time goes on for it.

    Without it a forecast would wait for the row after it. The row counts as no sighting.
    """
    last = {track: k for k, track in enumerate(tracks.track.tolist())}
    open_rows = [k for k in last.values() if tracks.status[k] != DROPPED]
    if not open_rows:
        return tracks
    take = np.concatenate((np.arange(len(tracks.t_s)), np.array(open_rows)))
    names = ("track", "grade", "status", "plot", "innovation2", "innovation_size")
    columns: dict[str, Any] = {name: getattr(tracks, name)[take] for name in names}
    n = len(tracks.t_s)
    later: Floats = np.full(len(open_rows), t_s)
    columns["t_s"] = np.concatenate((tracks.t_s, later + 1.0))
    columns["t_available_s"] = np.concatenate((tracks.t_available_s, later))
    columns["status"][n:] = DROPPED
    return replace(tracks, fate=np.empty(0, np.int32), **columns, **blank(len(take)))
