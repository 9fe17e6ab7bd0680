"""Who had heard, who had acted and who was in shelter by the time of arrival."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
from numba import njit

from hinomi.kernels import LEAN
from hinomi.records.alerts import Channel, Response, WarningPolicy
from hinomi.records.columns import Floats, Ints
from hinomi.warn.daytime import ceiling_of, weights_of, whereabouts
from hinomi.warn.diffusion import folded, heard_by_channel, lognormal_acted

LONGEST_S: Final = 1800.0  # lead times beyond count as this: by then nearly all who will act have
STEP_S: Final = 1.0  # of the tables
FINEST: Final = 2.0  # longest step of the fold over one place's own times [s]


@dataclass(frozen=True, slots=True)
class Curves:
    """Tables on whole seconds after an alert comes in, and after hearing; read-only."""

    heard: Floats  # (C, N) share who have heard through each channel alone
    acted: Floats  # (N,) share who have acted, of those who act
    arrived: Floats  # (N,) share who are in shelter, of those who go


def compliance_of(policy: WarningPolicy) -> float:
    """Share of those who know who take shelter: drills raise it, false alerts lower it."""
    drilled = policy.drilled_share
    share = policy.compliance * (1.0 - drilled) + policy.drilled_compliance * drilled
    factor: float = policy.false_alert_factor**policy.false_alerts
    return share * factor


def window_share_of(policy: WarningPolicy) -> float:
    """Share of those who know who move away from windows and go no further."""
    factor: float = policy.false_alert_factor**policy.false_alerts
    return min(policy.window_share * factor, 1.0 - compliance_of(policy))


Delay = tuple[float, float]  # median [s] and sigma of a lognormal; median 0 takes no time


@dataclass(frozen=True, slots=True)
class _Habits:
    """What of a policy the tables hang on, so that rules with other thresholds share them."""

    channels: tuple[Channel, ...]
    weights: tuple[float, float, float]
    whereabouts: tuple[float, float, float]
    acting: tuple[Delay, Delay, Delay]  # indoors, outdoors, in vehicles
    walking: Delay


def _habits(policy: WarningPolicy) -> _Habits:
    return _Habits(
        policy.channels,
        weights_of(policy),
        whereabouts(policy),
        (
            (policy.indoor_median_s, policy.indoor_sigma),
            (policy.outdoor_median_s, policy.outdoor_sigma),
            (policy.vehicle_median_s, policy.vehicle_sigma),
        ),
        (policy.walk_median_s, policy.walk_sigma),
    )


def _acted(t_s: Floats, habits: _Habits) -> Floats:
    """Share who have acted by t [s] after hearing, over people indoors, outdoors, in vehicles."""
    out = np.zeros_like(t_s)
    for share, (median_s, sigma) in zip(habits.whereabouts, habits.acting, strict=True):
        if share > 0.0:
            out += share * lognormal_acted(t_s, median_s=median_s, sigma=sigma)
    return out


def _arrived(t_s: Floats, habits: _Habits) -> Floats:
    """Share in shelter by t [s] after hearing, of those who go; t on a grid, or its middles."""
    median_s, sigma = habits.walking
    if median_s <= 0.0:
        return _acted(t_s, habits)
    walked = lognormal_acted(_SECONDS[:-1] + 0.5 * STEP_S, median_s=median_s, sigma=sigma)
    arrived: Floats = np.interp(t_s, _SECONDS, folded(_acted(_SECONDS, habits), walked))
    return arrived


_SECONDS: Final = np.arange(0.0, LONGEST_S + STEP_S, STEP_S)


def curves_of(policy: WarningPolicy) -> Curves:
    """Tables of one policy; policies that agree on channels, whereabouts and delays share them."""
    return _curves(_habits(policy))


@lru_cache(maxsize=32)
def _curves(habits: _Habits) -> Curves:
    every = [
        heard_by_channel(
            _SECONDS,
            broadcast_per_s=c.broadcast_per_s,
            contagion_per_s=c.contagion_per_s,
            ceiling=ceiling_of(c, habits.weights),
        )
        for c in habits.channels
    ]
    out = Curves(
        np.array(every).reshape(len(every), _SECONDS.size),
        _acted(_SECONDS, habits),
        _arrived(_SECONDS, habits),
    )
    for column in (out.heard, out.acted, out.arrived):
        column.flags.writeable = False
    return out


@njit(cache=True, nogil=True, error_model="numpy", **LEAN)
def _at(table, t):  # type: ignore[no-untyped-def]
    """Value of a table on whole seconds at t [s]; 0 before, the last one after."""
    if not t > 0.0:
        return table[0] if t == 0.0 else 0.0
    last = table.size - 1
    if t >= last:
        return table[last]
    i = int(t)
    return table[i] + (t - i) * (table[i + 1] - table[i])


@njit(cache=True, nogil=True, error_model="numpy", **LEAN)
def _heard(received, row, curves, correlation, t):  # type: ignore[no-untyped-def]
    """Share who have heard through any channel at a place by time t.

    (1 - rho) (1 - prod(1 - n)) + rho max(n): independent channels mixed with channels that all
    reach the same people, by the correlation rho (assumed).
    """
    misses, best = 1.0, 0.0
    for c in range(len(curves)):
        n = _at(curves[c], t - received[c, row])
        misses *= 1.0 - n
        best = max(best, n)
    return (1.0 - correlation) * (1.0 - misses) + correlation * best


@njit(cache=True, nogil=True, error_model="numpy", **LEAN)
def fold_row(received, row, until, curves, acted, arrived, correlation, finest, longest, out):  # type: ignore[no-untyped-def]
    """Shares at time `until` at one place, into `out` (4,): knew, acted, arrived, seconds known."""
    out[:] = 0.0
    first = math.inf
    for c in range(len(curves)):
        first = min(first, received[c, row])
    if not first < until:
        return
    first = max(first, until - longest)
    n = max(1, math.ceil((until - first) / finest))
    h = (until - first) / n
    before = _heard(received, row, curves, correlation, first)
    out[1] = before * _at(acted, until - first)
    out[2] = before * _at(arrived, until - first)
    for i in range(n):
        now = _heard(received, row, curves, correlation, first + (i + 1) * h)
        age = (n - i - 0.5) * h
        out[1] += (now - before) * _at(acted, age)
        out[2] += (now - before) * _at(arrived, age)
        out[3] += 0.5 * (now + before) * h
        before = now
    out[0] = before


@njit(cache=True, nogil=True, error_model="numpy")
def _rows(  # type: ignore[no-untyped-def]
    received, arrive, later, needed, curves, acted, arrived, correlation, finest, longest, out
):
    """All rows; `later` [s] is how long people need to understand; fifth column: knew in time."""
    four = np.empty(4)
    for w in range(len(arrive)):
        until = arrive[w] - later
        fold_row(
            received, w, until, curves, acted, arrived, correlation, finest, longest, four
        )  # fmt: skip
        for k in range(4):
            out[w, k] = four[k]
        out[w, 4] = _heard(received, w, curves, correlation, until - needed)


def respond_by_channel(
    arrive_s: Floats,
    received_s: Floats,
    residents: Floats,
    visitors: Floats,
    *,
    policy: WarningPolicy,
) -> Response:
    """Expected people by the arrival, each channel from its own time of receipt on.

    Parameters
    ----------
    arrive_s
        (W,) time of arrival [s].
    received_s
        (C, W) time of receipt [s] through each of the policy's channels; infinite: never.
    residents, visitors
        (W,) people.
    policy
        channels, whereabouts, delays, compliance; `foreign_share` of the visitors understand
        the alert later, or not at all, unless it is `multilingual`.

    Returns
    -------
    Response
        (W,) each. Nobody is counted both as sheltered and as away from windows.
    """
    curves = curves_of(policy)
    c, m = compliance_of(policy), window_share_of(policy)
    arrive = np.ascontiguousarray(arrive_s, np.float64)
    received = np.ascontiguousarray(received_s, np.float64)

    def shares(later_s: float, rows: Ints | slice) -> Floats:
        out = np.zeros((arrive[rows].size, 5))
        _rows(
            np.ascontiguousarray(received[:, rows]), arrive[rows], later_s, policy.needed_s,
            curves.heard, curves.acted, curves.arrived, policy.channel_correlation, FINEST,
            LONGEST_S, out,
        )  # fmt: skip
        return out

    foreign = 0.0 if policy.multilingual else policy.foreign_share
    people = shares(0.0, slice(None)) * (residents + (1.0 - foreign) * visitors)[:, None]
    guests = np.flatnonzero(visitors > 0.0).astype(np.int32)
    if foreign > 0.0 and guests.size:
        understand = foreign * policy.foreign_understand * visitors[guests]
        people[guests] += shares(policy.foreign_delay_s, guests) * understand[:, None]
    knew, acted, arrived, seconds, needed = people.T
    return Response(
        knew=knew,
        sheltered=c * arrived,
        moved=m * acted,
        person_seconds=seconds,
        with_needed=needed,
    )
