"""When each municipality receives an alert that covers it, channel by channel, and while it stands."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numba import njit

from hinomi.errors import ScenarioError
from hinomi.records.alerts import (
    ALERT_MESSAGE,
    ALL_CLEAR_MESSAGE,
    NEVER,
    UPDATE_MESSAGE,
    Alerts,
    Channel,
    Receipts,
    Stays,
    WarningPolicy,
)
from hinomi.records.columns import Floats, Ints
from hinomi.records.draws import Draws, triangular
from hinomi.records.places import AlertUnits, Places
from hinomi.records.plots import Triangle
from hinomi.warn.neighbours import Flags


@njit(cache=True, nogil=True, error_model="numpy")
def _delays(u, low, mode, high):  # type: ignore[no-untyped-def]
    """Turn uniforms into triangular delays [s], in place."""
    for i in range(u.size):
        u[i] = triangular(u[i], low, mode, high)


def _drawn(draws: Draws, entity: str, count: int, triangle: Triangle) -> Floats:
    """(count,) delays [s] of one stream; a constant is not drawn."""
    low, mode, high = (float(x) for x in triangle)
    if low == mode == high:
        return np.full(count, mode)
    delays = np.array(draws.uniforms("delivery", entity, count))
    _delays(delays, low, mode, high)
    return delays


def first_issue(alerts: Alerts, units: AlertUnits) -> Floats:
    """(P,) when an alert or update that covers each place is first issued [s]; NEVER where none is.

    Raises
    ------
    ScenarioError
        when the alerts are about other units than `units`.
    """
    if alerts.units != units.names:
        raise ScenarioError(
            f"alerts are about {len(alerts.units)} units, the places about {len(units.names)} "
            "others; forecast and receive with the same alert units"
        )
    spreads = (alerts.kind == ALERT_MESSAGE) | (alerts.kind == UPDATE_MESSAGE)
    covered = np.where(alerts.covers[spreads] > 0, alerts.t_issue_s[spreads][:, None], NEVER)
    # One place more than there are units stands for "in no unit".
    first = np.append(covered.min(axis=0, initial=NEVER), NEVER)
    issued: Floats = first[units.unit_of_place]
    return issued


def stays_of(alerts: Alerts, units: AlertUnits) -> Stays:
    """While alerts stand over each unit, those about different tracks joined where they overlap.

    An alert stands from its issue until an all-clear names the unit or an update names it no more.
    It does not run out by itself: a centre renews what would expire before its all-clear (assumed).
    """
    rows: list[tuple[float, float, Ints]] = []
    for track in np.unique(alerts.track):
        since = np.full(len(alerts.units), NEVER)
        for k in np.flatnonzero(alerts.track == track):
            covers, t = alerts.covers[k] > 0, float(alerts.t_issue_s[k])
            if alerts.kind[k] in (ALERT_MESSAGE, UPDATE_MESSAGE):
                over = ~covers & np.isfinite(since)
                begin = np.where(covers, np.minimum(since, t), NEVER)
            elif alerts.kind[k] == ALL_CLEAR_MESSAGE:
                over = covers & np.isfinite(since)
                begin = np.where(over, NEVER, since)
            else:
                continue
            rows += _ended(since, over, t)
            since = begin
        rows += _ended(since, np.isfinite(since), NEVER)
    return _joined(rows, units)


def _ended(since_s: Floats, over: Flags, t_s: float) -> list[tuple[float, float, Ints]]:
    """(begin, end, units) of the alerts that end at a time, by when they began."""
    return [
        (float(at), t_s, np.flatnonzero(over & (since_s == at)).astype(np.int32))
        for at in np.unique(since_s[over])
    ]


def _joined(rows: Sequence[tuple[float, float, Ints]], units: AlertUnits) -> Stays:
    """Stays of (begin, end, units) rows, the overlaps joined."""
    size = [len(found) for _, _, found in rows]
    unit = np.concatenate([found for _, _, found in rows] or [np.empty(0, np.int32)])
    begin_s = np.repeat([begin for begin, _, _ in rows], size)
    end_s = np.repeat([end for _, end, _ in rows], size)
    order = np.lexsort((begin_s, unit))
    stays: list[list[float]] = []
    for row in np.stack((unit, begin_s, end_s), axis=1)[order].tolist():
        if stays and stays[-1][0] == row[0] and row[1] <= stays[-1][2]:
            stays[-1][2] = max(stays[-1][2], row[2])
        else:
            stays.append(row)
    found = np.array(stays).reshape(len(stays), 3)
    return Stays(
        unit_of_place=units.unit_of_place,
        unit=found[:, 0],
        begin_s=found[:, 1],
        end_s=found[:, 2],
    )


def issued_for(received: Receipts, place: Ints, t_s: Floats) -> Floats:
    """(W,) issue of the alert that stands over a place at a time [s].

    Where none stands it is the next one after that time, NEVER where none comes. What was lifted
    before warns nobody of what comes later.

    Parameters
    ----------
    received
        of one raid.
    place, t_s
        (W,) index of the place, and time, such as that of an arrival.
    """
    issued: Floats = received.issued_s[place].copy()
    stays = received.stays
    if stays is None or not len(stays.unit):
        return issued
    unit = stays.unit_of_place[place]
    _, first = np.unique(stays.unit, return_index=True)
    over_s = np.full(int(stays.unit[-1]) + 1, NEVER)  # end of each unit's first stay
    over_s[stays.unit[first]] = stays.end_s[first]
    heard = np.flatnonzero(np.isfinite(issued))
    for k in heard[t_s[heard] >= over_s[unit[heard]]]:
        low, high = np.searchsorted(stays.unit, [unit[k], unit[k] + 1])
        open_after = np.flatnonzero(stays.end_s[low:high] > t_s[k])
        issued[k] = stays.begin_s[low + open_after[0]] if open_after.size else NEVER
    return issued


def delays_of(places: Places, *, policy: WarningPolicy, draws: Draws) -> Floats:
    """(C, P) seconds from issue to receipt by channel and place; infinite where the channel fails.

    Channels behind the municipality's receiver share its delay from the issue centre (stream kind
    "delivery", entity "issue"), its own delay ("deliver"), and its failure (kind "relay",
    "municipality"); a part `common_cause` of those failures silences every channel there. A
    receiver under repair (drawn, or named by code) silences the municipal channels. The others
    have a delay ("deliver|NAME") of their own. Each channel may fail by itself ("channel|NAME").
    Slot = index of the place, so every architecture and rule meets the same delays and failures.
    """
    n = len(places.code)
    out = np.empty((len(policy.channels), n))
    luck = draws.uniforms("relay", "municipality", n)
    deaf = luck < policy.relay_failure
    if policy.repair_share > 0.0:
        deaf |= draws.uniforms("availability", "municipal receiver", n) < policy.repair_share
    if policy.repairs:
        deaf |= np.isin(places.code, policy.repairs)
    silent = luck < policy.relay_failure * policy.common_cause
    to_municipality = _drawn(draws, "issue", n, policy.issue_s) if _any_municipal(policy) else None
    for row, channel in zip(out, policy.channels, strict=True):
        triangle = policy.deliver_s if channel.deliver_s is None else channel.deliver_s
        if channel.municipal and to_municipality is not None:
            row[:] = to_municipality + _drawn(draws, "deliver", n, triangle)
            row[deaf] = NEVER
        else:
            row[:] = _drawn(draws, f"deliver|{channel.name}", n, triangle)
        row[silent] = NEVER
        if channel.failure > 0.0:
            row[draws.uniforms("relay", f"channel|{channel.name}", n) < channel.failure] = NEVER
    return out


def _any_municipal(policy: WarningPolicy) -> bool:
    return any(c.municipal for c in policy.channels)


def names_of(channels: Sequence[Channel]) -> tuple[str, ...]:
    """Names of channels in their order."""
    return tuple(c.name for c in channels)


def receipts(
    alerts: Alerts, units: AlertUnits, places: Places, *, policy: WarningPolicy, draws: Draws
) -> Receipts:
    """First receipt [s] of an alert or update per channel and place; see `delays_of`.

    Raises
    ------
    ScenarioError
        when the alerts are about other units than `units`.
    """
    issued = first_issue(alerts, units)
    t_s = issued + delays_of(places, policy=policy, draws=draws)
    first: Floats = t_s.min(axis=0, initial=NEVER)
    return Receipts(
        channels=names_of(policy.channels), t_s=t_s, first_s=first, issued_s=issued,
        stays=stays_of(alerts, units),
    )  # fmt: skip


def receive(
    alerts: Alerts, units: AlertUnits, places: Places, *, policy: WarningPolicy, draws: Draws
) -> Floats:
    """First receipt [s] of an alert or update per place, through whichever channel comes first.

    Raises
    ------
    ScenarioError
        when the alerts are about other units than `units`.
    """
    return receipts(alerts, units, places, policy=policy, draws=draws).first_s
