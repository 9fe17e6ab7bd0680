"""The alert rule: which messages follow from a picture's forecasts, and when.

Per threat track: enough forecasts running with track grade W, classification, the launch message
when it heads for a unit, one decision, the alert, updates that only add units, and the all-clear
by one of three routes. Nothing is retracted because a track was lost.
"""

from __future__ import annotations

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
from hinomi.records.tracks import DROPPED, WARNING_GRADE, Forecasts, Tracks

UPDATE_S: Final = 5.0  # assumed: adding units to an alert already decided, per update

Flags = NDArray[np.bool_]


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
    reached: Flags  # (F, U) a threshold is reached, by a good forecast
    low: Flags  # (F, U) below the share that allows the all-clear
    end_low_s: Floats
    end_high_s: Floats
    last_seen_s: float  # availability of the last row with a plot


def _chains(forecasts: Forecasts, tracks: Tracks, policy: WarningPolicy) -> list[_Chain]:
    good: Flags = np.asarray(forecasts.grade >= WARNING_GRADE)
    hit, over = policy.hit_threshold, policy.over_threshold
    # A share of samples never proves certainty, so a threshold of 1 is never reached.
    reached: Flags = ((forecasts.p_hit >= hit) & (hit < 1.0)) | (
        (forecasts.p_over >= over) & (over < 1.0)
    )
    share = policy.clear_share
    low: Flags = (forecasts.p_hit < share * hit) & (forecasts.p_over < share * over)
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
                good=good[rows],
                reached=reached[rows] & good[rows, None],
                low=low[rows],
                end_low_s=forecasts.end_t_low_s[rows],
                end_high_s=forecasts.end_t_high_s[rows],
                last_seen_s=last,
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
    policy: WarningPolicy,
    update_s: float,
) -> tuple[list[_Message], bool]:
    """Return updates and all-clears by forecast, and whether an alert still stands then."""
    messages: list[_Message] = []
    standing = alerted.copy()
    low_since = np.inf
    for i in range(start + 1, chain.t_s.size):
        t = float(chain.t_s[i])
        new = chain.reached[i] & ~standing
        if new.any():
            standing |= new
            issue_s = max(t, t_alert_s) + update_s
            messages.append(
                _Message(chain.track, UPDATE_MESSAGE, ROUTE_NONE, t, issue_s, standing.copy())
            )
        if t < t_alert_s or not standing.any():
            continue
        if not (chain.good[i] and chain.low[i][standing].all()):
            low_since = np.inf
            continue
        low_since = min(low_since, t)
        if t - low_since >= policy.clear_hold_s:
            messages.append(
                _Message(
                    chain.track, ALL_CLEAR_MESSAGE, ROUTE_FORECAST, low_since, t, standing.copy()
                )
            )
            standing[:] = False
            low_since = np.inf
    return messages, bool(standing.any())


def _last_clear(
    chain: _Chain,
    standing: Flags,
    not_before_s: float,
    policy: WarningPolicy,
    delays: DecisionDelays,
) -> _Message:
    """All-clear by a person: the predicted end has passed, or the track was reported lost."""
    decided = delays.seconds("clear", chain.track)
    usable = np.flatnonzero(chain.good)
    last = int(usable[-1]) if usable.size else chain.t_s.size - 1
    passed = max(float(chain.end_high_s[last]) + policy.clear_margin_s, chain.last_seen_s)
    route, ready = ROUTE_PASSED, passed
    if chain.last_seen_s < chain.end_low_s[last]:
        lost = chain.last_seen_s + delays.seconds("lost", chain.track)
        if lost < passed:
            route, ready = ROUTE_LOST, lost
    ready = max(ready, not_before_s)
    return _Message(chain.track, ALL_CLEAR_MESSAGE, route, ready, ready + decided, standing)


def _messages(
    chain: _Chain, policy: WarningPolicy, delays: DecisionDelays, update_s: float
) -> list[_Message]:
    """Every message about one threat track."""
    first = _confirmed_at(chain.good, policy.consecutive)
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
    decided = t_launch + delays.seconds("decide", chain.track)
    cause = _first_reached(chain, decided)
    if cause < 0:
        return messages
    t_alert = max(decided, float(chain.t_s[cause]))
    covers = chain.reached[cause].copy()
    messages.append(
        _Message(chain.track, ALERT_MESSAGE, ROUTE_NONE, float(chain.t_s[cause]), t_alert, covers)
    )
    more, standing = _follow_up(chain, cause, t_alert, covers, policy, update_s)
    messages += more
    if standing:
        final = max(m.t_issue_s for m in messages)
        last_covers = messages[-1].covers.copy()
        messages.append(_last_clear(chain, last_covers, final, policy, delays))
    return messages


def issue(
    forecasts: Forecasts,
    tracks: Tracks,
    *,
    policy: WarningPolicy,
    delays: DecisionDelays,
    update_s: float = UPDATE_S,
) -> Alerts:
    """Apply the alert rule to a picture.

    Parameters
    ----------
    forecasts, tracks
        of the same picture; times are those at which its owner has them.
    policy
        thresholds, holds and how many forecasts running.
    delays
        how long people take, per track.
    update_s
        from a forecast that adds units to the update that says so.

    Returns
    -------
    Alerts
        in order of issue. A launch message covers no unit; an alert covers the units above a
        threshold in the latest usable forecast when it was decided, an update all units now under
        alert, an all-clear those it lifts.

    Raises
    ------
    FenceError
        when the policy's status is neither Exercise nor Test.
    """
    if policy.status not in (EXERCISE, TEST):
        raise FenceError(
            f"alert status {policy.status!r} does not exist here; write {EXERCISE!r} or {TEST!r}"
        )
    messages: list[_Message] = []
    for chain in _chains(forecasts, tracks, policy):
        messages += _messages(chain, policy, delays, update_s)
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
