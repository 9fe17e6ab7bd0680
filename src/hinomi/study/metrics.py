"""Headline figures of one replicate of one architecture, in long form.

Times that never came are plus infinity, a lead that never came is minus infinity, and what has nobody
to speak of is NaN; the summary says how many of each there were.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from hinomi.records.alerts import (
    ALERT_MESSAGE,
    LAUNCH_MESSAGE,
    NEVER,
    UPDATE_MESSAGE,
    Alerts,
    Receipts,
    Warned,
    WarningPolicy,
)
from hinomi.records.columns import Floats, Ints
from hinomi.records.engagements import ENGAGED, Architecture, Engagements
from hinomi.records.flights import Flights
from hinomi.records.ledger import Ledger
from hinomi.records.places import AlertUnits, Places
from hinomi.records.plots import Plots
from hinomi.records.tracks import WARNING_GRADE, Tracks
from hinomi.study.outcome import Needs, first_arrivals
from hinomi.warn.clock import STAGES
from hinomi.warn.leadtime import share_with, weighted_median
from hinomi.warn.respond import compliance_of
from hinomi.warn.visitors import visitors_of

UNITS = {
    "first_detection_s": "s",
    "firm_track_s": "s",
    "first_alert_s": "s",
    "lead_s": "s",
    "warned_in_time_share": "1",
    "people_in_need": "people",
    "overflown_people": "people",
    "missed_people": "people",
    "over_warned_people": "people",
    "sheltered_people": "people",
    "knew_people": "people",
    "moved_people": "people",
    "with_needed_people": "people",
    "people_seconds": "people s",
    "visitors_in_need": "people",
    "compliance": "1",
    "false_alert_share": "1",
    "leakers": "bodies",
    "shots": "rounds",
    "unengaged": "bodies",
    "double_engaged": "bodies",
    "cost_musd": "million USD",
    "refill_months": "months",
    "refill_months_with_lead": "months",
    "network_cost_musd": "million USD",
    "network_cost_musd_low": "million USD",
    "network_cost_musd_high": "million USD",
    "undetected_share": "1",
    "unalerted_share": "1",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Firsts:
    """When each body was first seen, firmly tracked and alerted, in scenario time; inf = never."""

    detected_s: Floats  # (B,)
    firm_s: Floats
    told_s: Floats  # launch message: classified, heading this way
    ready_s: Floats  # the forecast that the alert rests on
    alerted_s: Floats

    def by_stage(self) -> dict[str, Floats]:
        """Stages of the clock up to the issue of the alert."""
        found = (self.detected_s, self.firm_s, self.told_s, self.alerted_s)
        return dict(zip(STAGES, found, strict=False))


def firsts_of(
    flights: Flights, plots: Plots, tracks: Tracks, alerts: Alerts, joined: Mapping[int, int]
) -> Firsts:
    """First times per body in the picture on which the alert is decided."""
    count = len(flights.bodies)
    body_of = np.vectorize(lambda t: joined.get(int(t), -1), otypes=[np.int64])
    followed = body_of(tracks.track) if len(tracks.track) else np.zeros(0, np.int64)
    alerted = body_of(alerts.track) if len(alerts.track) else np.zeros(0, np.int64)
    firm = tracks.grade >= WARNING_GRADE
    message = alerts.kind == ALERT_MESSAGE
    launch = alerts.kind == LAUNCH_MESSAGE
    return Firsts(
        detected_s=_earliest(plots.body, plots.t_available_s, count),
        firm_s=_earliest(followed[firm], tracks.t_available_s[firm], count),
        told_s=_earliest(alerted[launch], alerts.t_issue_s[launch], count),
        ready_s=_earliest(alerted[message], alerts.t_ready_s[message], count),
        alerted_s=_earliest(alerted[message], alerts.t_issue_s[message], count),
    )


def _threats(flights: Flights) -> Ints:
    """Bodies that are threats of their own: stages that fell off are seen, and hit, but not counted."""
    parent = np.asarray(flights.parent, np.int32)  # filled by the record
    return np.flatnonzero(parent < 0).astype(np.int32)


def _earliest(body: Ints | np.ndarray, t_s: Floats, count: int) -> Floats:
    first = np.full(count, NEVER)
    real = np.asarray(body) >= 0
    np.minimum.at(first, np.asarray(body)[real], np.asarray(t_s)[real])
    return first


def warning_metrics(
    *,
    flights: Flights,
    firsts: Firsts,
    alerts: Alerts,
    warned: Warned,
    needs: Needs,
    received_s: Floats | Receipts,
    places: Places,
    units: AlertUnits,
    policy: WarningPolicy,
    groups: Mapping[str, Ints],
) -> dict[str, float]:
    """Figures of detection and civil warning; `groups` name -> places also reported apart."""
    own = _threats(flights)
    launch = flights.launch_t_s[own]
    detected_s, alerted_s = firsts.detected_s[own], firsts.alerted_s[own]
    out = {
        "first_detection_s": float(np.median(detected_s - launch)),
        "firm_track_s": float(np.median(firsts.firm_s[own] - launch)),
        "first_alert_s": float(np.median(alerted_s - launch)),
        "undetected_share": float(np.mean(~np.isfinite(detected_s))),
        "unalerted_share": float(np.mean(~np.isfinite(alerted_s))),
    }
    out["compliance"] = compliance_of(policy)
    first = first_arrivals(warned)
    out |= _lead_metrics(warned, first, policy)
    for name, members in groups.items():
        part = first[np.isin(warned.place[first], members)]
        out |= {f"{k}.{name}": v for k, v in _lead_metrics(warned, part, policy).items()}
    present = places.population + visitors_of(places, policy)
    out["overflown_people"] = float(present[np.setdiff1d(needs.touched, needs.place)].sum())
    alerted = alerted_places(alerts, units)
    first_s = received_s.first_s if isinstance(received_s, Receipts) else received_s
    told = alerted[np.isfinite(first_s[alerted])]
    people = float(present[told].sum())
    idle = np.setdiff1d(told, needs.touched)
    out["over_warned_people"] = float(present[idle].sum())
    out["false_alert_share"] = out["over_warned_people"] / people if people > 0 else np.nan
    return out


def _lead_metrics(warned: Warned, rows: Ints, policy: WarningPolicy) -> dict[str, float]:
    people = warned.population[rows]
    lead = warned.lead_s[rows]
    return {
        "lead_s": weighted_median(lead, people),
        "warned_in_time_share": share_with(lead, people, policy.needed_s),
        "people_in_need": float(people.sum()),
        "missed_people": float(people[lead <= 0].sum()),
        "sheltered_people": float(warned.sheltered[rows].sum()),
        "knew_people": float(warned.knew[rows].sum()),
        "moved_people": float(warned.moved[rows].sum()),
        "with_needed_people": float(warned.with_needed[rows].sum()),
        "people_seconds": float(warned.person_seconds[rows].sum()),
        "visitors_in_need": float(warned.visitors[rows].sum()),
    }


def alerted_places(alerts: Alerts, units: AlertUnits) -> Ints:
    """Indices of places whose unit was covered by an alert or update."""
    messages = np.isin(alerts.kind, (ALERT_MESSAGE, UPDATE_MESSAGE))
    covered = np.max(alerts.covers[messages], axis=0, initial=0) > 0
    return np.flatnonzero((units.unit_of_place >= 0) & covered[units.unit_of_place]).astype(
        np.int32
    )


def defence_metrics(
    *,
    flights: Flights,
    engagements: Engagements,
    joined: Mapping[str, Mapping[int, int]],
    killed: Sequence[int],
    ledger: Ledger,
) -> dict[str, float]:
    """Figures of the engagement and of what it used up."""
    own = set(_threats(flights).tolist())
    fired = np.flatnonzero(engagements.reason == ENGAGED)
    salvoes: dict[int, list[int]] = {}
    for row in fired:
        picture = engagements.pictures[engagements.picture[row]]
        body = joined[picture].get(int(engagements.track[row]), -1)
        if body in own:
            salvoes.setdefault(body, []).append(int(row))
    return {
        "leakers": float(len(own - set(killed))),
        "shots": float(engagements.rounds[fired].sum()),
        "unengaged": float(len(own) - len(salvoes)),
        "double_engaged": float(sum(_at_once(engagements, rows) for rows in salvoes.values())),
        "cost_musd": float(ledger.cost_musd.sum()),
        "refill_months": ledger.refill_months,
        "refill_months_with_lead": ledger.refill_months_with_lead,
    }


def _at_once(engagements: Engagements, rows: Sequence[int]) -> bool:
    """Whether two owners' salvoes at one body overlap; a second try after a miss is none."""
    owner = [engagements.owners[engagements.battery[row]] for row in rows]
    begin, end = engagements.t_commit_s[rows], engagements.t_intercept_s[rows]
    return any(
        owner[i] != owner[j] and begin[i] < end[j] and begin[j] < end[i]
        for i in range(len(rows))
        for j in range(i)
    )


def network_metrics(architecture: Architecture) -> dict[str, float]:
    """Yearly price of what the architecture shares, with its range: the same in every replicate."""
    low, value, high = architecture.network_cost_musd
    return {
        "network_cost_musd": value,
        "network_cost_musd_low": low,
        "network_cost_musd_high": high,
    }
