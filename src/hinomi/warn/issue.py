"""The alert rule: which messages follow from a picture's forecasts, and when.

Per threat track: enough forecasts running with track grade W, classification, the launch message
when it heads for a unit, one decision, the alert, updates that add units (and drop units again
where the rule says so), and the all-clear by one of three routes. Nothing is retracted because a
track was lost.

The set of places that a raid's messages ever cover grows as thresholds fall: a lower threshold
reaches at least the same units in each forecast (`hinomi.warn.rules`), so no message comes from a
later forecast, and every unit reached from the first one on is covered. A unit may be named up to
`update_s` later: by an update to an early alert instead of by a later alert.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Final, Protocol

import numpy as np
from numpy.typing import NDArray

from hinomi.errors import FenceError
from hinomi.records.alerts import (
    ALERT_MESSAGE,
    ALL_CLEAR_MESSAGE,
    EXERCISE,
    LAUNCH_MESSAGE,
    ROUTE_FORECAST,
    ROUTE_LOST,
    ROUTE_NONE,
    ROUTE_PASSED,
    TEST,
    UPDATE_MESSAGE,
    Alerts,
    WarningPolicy,
)
from hinomi.records.columns import Floats
from hinomi.records.rules import WarningRule
from hinomi.records.tracks import DROPPED, Forecasts, Tracks
from hinomi.warn.neighbours import Adjacency, Flags
from hinomi.warn.rules import rule_of, verdicts

UPDATE_S: Final = 5.0  # assumed: adding units to an alert already decided, per update


class DecisionDelays(Protocol):
    """How long people take; addressed by the study so that architectures are paired."""

    def seconds(self, stage: str, track: int) -> float:
        """Delay [s] of "classify", "decide", "lost" or "clear" for a track."""


@dataclass(frozen=True, slots=True)
class _Message:
    """One row of `Alerts`."""

    track: int
    kind: int
    route: int
    t_ready_s: float
    t_issue_s: float
    covers: Flags


@dataclass(frozen=True, slots=True)
class _Chain:
    """The forecasts of one track, in order of availability."""

    track: int
    t_s: Floats  # (F,) availability
    good: Flags  # (F,) track grade W or better
    reached: Flags  # (F, U) the rule says alert
    low: Flags  # (F, U) below the share that allows the all-clear
    dropped: Flags  # (F, U) below the share that lets an update drop the unit
    end_low_s: Floats
    end_high_s: Floats
    last_seen_s: float  # availability of the last row with a plot
    event: bool  # one report of another nation, confirmed there


def _chains(
    forecasts: Forecasts,
    tracks: Tracks,
    rule: WarningRule,
    around: Adjacency | None,
    events: Collection[int],
) -> list[_Chain]:
    said = verdicts(forecasts, rule, around)
    alive = tracks.status != DROPPED
    chains = []
    for track in np.unique(forecasts.track):
        rows = np.flatnonzero(forecasts.track == track)
        rows = rows[np.argsort(forecasts.t_available_s[rows], kind="stable")]
        seen = tracks.t_available_s[(tracks.track == track) & alive]
        last = float(seen.max()) if seen.size else float(forecasts.t_available_s[rows[-1]])
        chains.append(
            _Chain(
                track=int(track),
                t_s=forecasts.t_available_s[rows],
                good=said.good[rows],
                reached=said.reached[rows],
                low=said.low[rows],
                dropped=said.dropped[rows],
                end_low_s=forecasts.end_t_low_s[rows],
                end_high_s=forecasts.end_t_high_s[rows],
                last_seen_s=last,
                event=int(track) in events,
            )
        )
    return chains


def _confirmed_at(good: Flags, needed: int) -> int:
    """Index of the forecast that completes `needed` good ones running, -1 when none does."""
    running = 0
    for i, g in enumerate(good):
        running = running + 1 if g else 0
        if running >= needed:
            return i
    return -1


def _first_reached(chain: _Chain, t_s: float) -> int:
    """Forecast that causes a message from t_s on: the latest then, or the first after; or -1."""
    hits: Flags = np.asarray(chain.reached.any(axis=1))
    now = int(np.searchsorted(chain.t_s, t_s, side="right")) - 1
    # The latest good one: a moment of poor tracking takes nothing back.
    while now >= 0 and not chain.good[now]:
        now -= 1
    if now >= 0 and hits[now]:
        return now
    later = np.flatnonzero(hits & (chain.t_s > t_s))
    return int(later[0]) if later.size else -1


def _follow_up(
    chain: _Chain,
    start: int,
    t_alert_s: float,
    alerted: Flags,
    rule: WarningRule,
    update_s: float,
) -> tuple[list[_Message], Flags]:
    """Return updates and all-clears by forecast, and the units whose alert still stands then."""
    messages: list[_Message] = []
    standing = alerted.copy()
    low_since = np.inf
    said_s = t_alert_s  # issue of the newest message
    dropped_since = np.full(standing.size, np.inf)

    def say(kind: int, route: int, t_ready_s: float, t_issue_s: float) -> None:
        nonlocal said_s
        said_s = max(said_s, t_issue_s)
        messages.append(_Message(chain.track, kind, route, t_ready_s, t_issue_s, standing.copy()))

    for i in range(start + 1, chain.t_s.size):
        t = float(chain.t_s[i])
        new = chain.reached[i] & ~standing
        if new.any():
            standing |= new
            say(UPDATE_MESSAGE, ROUTE_NONE, t, max(t, t_alert_s) + update_s)
        gone = _dropped(chain, i, dropped_since, rule) & standing
        if t < t_alert_s or not standing.any():
            continue
        if gone.any() and not gone[standing].all():
            # Dropping the last units is an all-clear and comes by that rule alone.
            standing &= ~gone
            say(UPDATE_MESSAGE, ROUTE_NONE, t, max(t, t_alert_s) + update_s)
        if not (chain.good[i] and chain.low[i][standing].all()):
            low_since = np.inf
            continue
        low_since = min(low_since, t)
        if t - low_since >= rule.clear_hold_s:
            # An update takes longer than this: none of those under way may come after the end.
            say(ALL_CLEAR_MESSAGE, ROUTE_FORECAST, low_since, max(t, said_s))
            standing[:] = False
            low_since = np.inf
    return messages, standing


def _dropped(chain: _Chain, i: int, since_s: Floats, rule: WarningRule) -> Flags:
    """Units below the share of the drop for the whole hold; `since_s` (U,) is kept up to date."""
    t = chain.t_s[i]
    low = chain.dropped[i] & chain.good[i]
    since_s[:] = np.where(low, np.minimum(since_s, t), np.inf)
    out: Flags = low & (t - since_s >= rule.drop_hold_s)
    return out


def _last_clear(
    chain: _Chain,
    standing: Flags,
    not_before_s: float,
    rule: WarningRule,
    delays: DecisionDelays,
) -> _Message:
    """All-clear by a person: the predicted end has passed, or the track was reported lost.

    A launch event is one report: it cannot be lost, and stands until its predicted end.
    """
    decided = delays.seconds("clear", chain.track)
    usable = np.flatnonzero(chain.good)
    last = int(usable[-1]) if usable.size else chain.t_s.size - 1
    passed = max(float(chain.end_high_s[last]) + rule.clear_margin_s, chain.last_seen_s)
    route, ready = ROUTE_PASSED, passed
    if chain.last_seen_s < chain.end_low_s[last] and not chain.event:
        lost = chain.last_seen_s + delays.seconds("lost", chain.track)
        if lost < passed:
            route, ready = ROUTE_LOST, lost
    ready = max(ready, not_before_s)
    return _Message(chain.track, ALL_CLEAR_MESSAGE, route, ready, ready + decided, standing)


def _messages(
    chain: _Chain, rule: WarningRule, delays: DecisionDelays, update_s: float
) -> list[_Message]:
    """Every message about one threat track."""
    first = _confirmed_at(chain.good, 1 if chain.event else rule.consecutive)
    if first < 0:
        return []
    classified = float(chain.t_s[first]) + delays.seconds("classify", chain.track)
    cause = _first_reached(chain, classified)
    if cause < 0:
        return []
    t_launch = max(classified, float(chain.t_s[cause]))
    nobody = np.zeros(chain.reached.shape[1], dtype=np.bool_)
    messages = [
        _Message(chain.track, LAUNCH_MESSAGE, ROUTE_NONE, float(chain.t_s[cause]), t_launch, nobody)
    ]
    decided = t_launch + delays.seconds("decide", chain.track) + rule.analysis_s
    cause = _first_reached(chain, decided)
    if cause < 0:
        return messages
    t_alert = max(decided, float(chain.t_s[cause]))
    covers = chain.reached[cause].copy()
    messages.append(
        _Message(chain.track, ALERT_MESSAGE, ROUTE_NONE, float(chain.t_s[cause]), t_alert, covers)
    )
    more, standing = _follow_up(chain, cause, t_alert, covers, rule, update_s)
    messages += more
    if standing.any():
        final = max(m.t_issue_s for m in messages)
        messages.append(_last_clear(chain, standing, final, rule, delays))
    return messages


def issue(
    forecasts: Forecasts,
    tracks: Tracks,
    *,
    policy: WarningPolicy,
    delays: DecisionDelays,
    update_s: float = UPDATE_S,
    rule: WarningRule | None = None,
    around: Adjacency | None = None,
    events: Collection[int] = (),
) -> Alerts:
    """Apply the alert rule to a picture, or to all that a centre hears.

    Parameters
    ----------
    forecasts, tracks
        of the same picture; times are those at which its owner has them.
    policy
        the status of the messages, and the rule where none is given.
    delays
        how long people take, per track.
    update_s
        from a forecast that adds or drops units to the update that says so.
    rule
        thresholds, holds and how many forecasts running; the policy's own where not given.
    around
        the neighbours that the rule adds, of the forecasts' units.
    events
        tracks that are launch events of another nation: confirmed there, so one forecast is
        enough. `persistence` of a rule holds for them too, and a single one never persists.

    Returns
    -------
    Alerts
        in order of issue. A launch message covers no unit; an alert covers the units above a
        threshold in the latest usable forecast when it was decided, an update all units now under
        alert, an all-clear those it lifts, never before the last message of its track.

    Raises
    ------
    FenceError
        when the policy's status is neither Exercise nor Test.
    """
    if policy.status not in (EXERCISE, TEST):
        raise FenceError(
            f"alert status {policy.status!r} does not exist here; write {EXERCISE!r} or {TEST!r}"
        )
    chosen = rule_of(policy) if rule is None else rule
    chains = _chains(forecasts, tracks, chosen, around, events)
    messages = [m for chain in chains for m in _messages(chain, chosen, delays, update_s)]
    messages.sort(key=lambda m: (m.t_issue_s, m.track, m.kind))
    covers: NDArray[Any] = np.zeros((len(messages), len(forecasts.units)), dtype=np.int32)
    for row, message in zip(covers, messages, strict=True):
        row[:] = message.covers
    return Alerts(
        status=policy.status,
        units=forecasts.units,
        track=np.array([m.track for m in messages], dtype=np.int32),
        kind=np.array([m.kind for m in messages], dtype=np.int32),
        route=np.array([m.route for m in messages], dtype=np.int32),
        t_ready_s=np.array([m.t_ready_s for m in messages], dtype=np.float64),
        t_issue_s=np.array([m.t_issue_s for m in messages], dtype=np.float64),
        covers=covers,
    )
