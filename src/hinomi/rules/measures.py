"""What one rule did in one raid: who was warned and when, who needlessly, and how it ended."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from hinomi.records.alerts import (
    ALERT_MESSAGE,
    ALL_CLEAR_MESSAGE,
    LAUNCH_MESSAGE,
    ROUTE_LOST,
    UPDATE_MESSAGE,
    Alerts,
    Receipts,
    Warned,
    WarningPolicy,
)
from hinomi.records.columns import Ints
from hinomi.records.flights import Flights
from hinomi.records.places import AlertUnits, Places
from hinomi.rules.touched import threats_of
from hinomi.study.metrics import alerted_places
from hinomi.study.outcome import Needs, first_arrivals
from hinomi.warn.leadtime import weighted_median, weighted_quantile
from hinomi.warn.visitors import visitors_of

MEASURES: Final = {  # name -> unit; times are seconds
    "need_people": "people",
    "never_people": "people",  # needed a warning and never received one
    "late_people": "people",  # received it at the arrival or after
    "short_people": "people",  # received it before, but with less than the time needed
    "in_time_people": "people",
    "told_people": "people",
    "idle_people": "people",  # told, in places neither hit nor flown over: over-warned
    "sheltered_people": "people",
    "lead_s": "s",  # people-weighted median
    "lead_low_s": "s",  # a tenth of the people have less
    "alert_s": "s",  # ignition to alert, median of the launches
    "clear_s": "s",  # end of the body to its all-clear, median of the alerted launches
    "lost_clears": "messages",  # all-clears after a report that the track was lost
    "messages": "messages",
    "flips": "units",  # times a unit was alerted again after it had been lifted
    "flip_people": "people",
    "launches": "launches",
    "harmless_launches": "launches",  # hit nothing and passed over nothing
    "false_launches": "launches",  # harmless, and alerted
    "clutter_alerts": "messages",  # alerts about tracks of nothing
}
LOW_SHARE: Final = 0.1


def measure(
    *,
    alerts: Alerts,
    received: Receipts,
    warned: Warned,
    needs: Needs,
    flights: Flights,
    places: Places,
    units: AlertUnits,
    joined: Mapping[int, int],
    harmless: Sequence[int],
    policy: WarningPolicy,
) -> dict[str, float]:
    """Every measure of MEASURES; people are residents and visitors, as in the study."""
    present = places.population + visitors_of(places, policy)
    told = alerted_places(alerts, units)
    told = told[np.isfinite(received.first_s[told])]
    idle = np.setdiff1d(told, needs.touched)
    flips, again = _flips(alerts)
    flipped = np.isin(units.unit_of_place, np.flatnonzero(again))
    return {
        **_leads(warned, policy.needed_s),
        "told_people": float(present[told].sum()),
        "idle_people": float(present[idle].sum()),
        **_launches(alerts, flights, joined, harmless),
        "lost_clears": float(np.sum(alerts.route == ROUTE_LOST)),
        "messages": float(np.sum(alerts.kind != LAUNCH_MESSAGE)),
        "flips": float(flips),
        "flip_people": float(present[flipped].sum()),
    }


def _leads(warned: Warned, needed_s: float) -> dict[str, float]:
    """People by what their warning was worth, each counted at the first arrival at their place."""
    rows = first_arrivals(warned)
    lead, people = warned.lead_s[rows], warned.population[rows]
    never, late = np.isneginf(lead), np.isfinite(lead) & (lead <= 0.0)
    short = (lead > 0.0) & (lead < needed_s)
    return {
        "need_people": float(people.sum()),
        "never_people": float(people[never].sum()),
        "late_people": float(people[late].sum()),
        "short_people": float(people[short].sum()),
        "in_time_people": float(people[(lead > 0.0) & (lead >= needed_s)].sum()),
        "sheltered_people": float(warned.sheltered[rows].sum()),
        "lead_s": weighted_median(lead, people),
        "lead_low_s": weighted_quantile(lead, people, LOW_SHARE),
    }


def _launches(
    alerts: Alerts, flights: Flights, joined: Mapping[int, int], harmless: Sequence[int]
) -> dict[str, float]:
    """Figures by launch: a message about a stage that fell off counts for its launch."""
    own = threats_of(flights)
    parent = np.asarray(flights.parent)
    launch_of = np.where(parent < 0, np.arange(len(parent)), parent)
    body = np.array([joined.get(int(t), -1) for t in alerts.track], dtype=np.int64)
    alerted = _by_launch(alerts, alerts.kind == ALERT_MESSAGE, body, launch_of, first=True)
    cleared = _by_launch(alerts, alerts.kind == ALL_CLEAR_MESSAGE, body, launch_of, first=False)
    alert_s = [alerted.get(int(b), np.inf) - flights.launch_t_s[b] for b in own]
    clear_s = [cleared[b] - flights.end_t_s[b] for b in alerted if b in cleared]
    return {
        "alert_s": float(np.median(alert_s)) if len(own) else np.nan,
        "clear_s": float(np.median(clear_s)) if clear_s else np.nan,
        "launches": float(len(own)),
        "harmless_launches": float(len(harmless)),
        "false_launches": float(sum(b in alerted for b in harmless)),
        "clutter_alerts": float(np.sum((alerts.kind == ALERT_MESSAGE) & (body < 0))),
    }


def _by_launch(
    alerts: Alerts,
    chosen: NDArray[np.bool_],
    body: NDArray[np.int64],
    launch_of: NDArray[np.int64],
    *,
    first: bool,
) -> dict[int, float]:
    """Launch -> issue time of its first, or last, chosen message."""
    out: dict[int, float] = {}
    for row in np.flatnonzero(chosen & (body >= 0)):
        launch, t = int(launch_of[body[row]]), float(alerts.t_issue_s[row])
        known = out.get(launch, t)
        out[launch] = min(known, t) if first else max(known, t)
    return out


def _flips(alerts: Alerts) -> tuple[int, NDArray[np.bool_]]:
    """How often a unit came under alert again after no alert stood for it, and which units did."""
    count = len(alerts.units)
    standing: dict[int, NDArray[np.bool_]] = {}
    was, before = np.zeros(count, np.bool_), np.zeros(count, np.bool_)
    flips, again = 0, np.zeros(count, np.bool_)
    for row in range(len(alerts.kind)):
        track, covers = int(alerts.track[row]), alerts.covers[row] > 0
        if alerts.kind[row] in (ALERT_MESSAGE, UPDATE_MESSAGE):
            standing[track] = covers
        elif alerts.kind[row] == ALL_CLEAR_MESSAGE:
            standing[track] = standing.get(track, np.zeros(count, np.bool_)) & ~covers
        now = np.logical_or.reduce(list(standing.values())) if standing else was
        back = now & ~was & before
        flips += int(back.sum())
        again |= back
        was, before = now, before | now
    return flips, again


def warned_rows(warned: Warned) -> Ints:
    """Rows of `warned` that a distribution of lead times counts: the first arrival at each place."""
    return first_arrivals(warned)
