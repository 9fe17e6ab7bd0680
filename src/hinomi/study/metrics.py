"""Headline figures of one replicate of one architecture, in long form.

Times that never came are plus infinity, a lead that never came is minus infinity, and what has nobody
to speak of is NaN; the summary says how many of each there were.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

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
from hinomi.records.engagements import (
    ENGAGED,
    NO_CHANNEL,
    NO_ROUNDS,
    NO_TRACK,
    NO_TRACK_GRADE,
    NO_WINDOW,
    NOT_ALLOWED,
    REASONS,
    Architecture,
    Engagements,
)
from hinomi.records.flights import Flights
from hinomi.records.ledger import Ledger
from hinomi.records.places import AlertUnits, Places
from hinomi.records.tracks import WARNING_GRADE
from hinomi.study import checks, unlanded
from hinomi.study.outcome import Needs, first_arrivals
from hinomi.study.pictures import Picture
from hinomi.warn.clock import STAGES
from hinomi.warn.heard import Heard
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
    "predicted_people": "people",
    "predicted_only_people": "people",
    "predicted_only_told_people": "people",
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
    unlanded.METRIC: "bodies",
    "double_engaged": "bodies",
    **{f"unengaged_{reason.replace(' ', '_')}": "bodies" for reason in REASONS[1:]},
    "first_intercept_s": "s",
    "kills": "bodies",
    "cost_musd": "million USD",
    "refill_months": "months",
    "refill_months_with_lead": "months",
    "network_cost_musd": "million USD a year",
    "network_cost_musd_low": "million USD a year",
    "network_cost_musd_high": "million USD a year",
    "undetected_share": "1",
    "unalerted_share": "1",
    **checks.UNITS,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Firsts:
    """When each body was first seen, firmly tracked and alerted, in scenario time; inf = never."""

    detected_s: Floats  # (B,) in the picture on which the alert is decided
    firm_s: Floats  # in that picture
    seen_s: Floats  # anywhere whose pictures or launch events reach the centre, at the owner
    found_s: Floats  # firm track there
    relayed_s: Floats  # the centre has a firm track or a launch event
    told_s: Floats  # launch message: classified, heading this way
    ready_s: Floats  # the forecast that the alert rests on
    alerted_s: Floats

    def by_stage(self) -> dict[str, Floats]:
        """Stages of the clock up to the issue of the alert."""
        found = (self.seen_s, self.found_s, self.relayed_s, self.told_s, self.alerted_s)
        return dict(zip(STAGES, found, strict=False))


def firsts_of(
    flights: Flights, picture: Picture, heard: Heard, alerts: Alerts, joined: Mapping[int, int]
) -> Firsts:
    """First times per body; `picture` is the one on which the alert is decided.

    `joined` maps the track numbers of what was heard, which begin with those of `picture`.
    """
    count = len(flights.bodies)
    tracks, plots = picture.tracks, picture.plots
    alerted = _bodies(alerts.track, joined)
    firm = tracks.grade >= WARNING_GRADE
    message = alerts.kind == ALERT_MESSAGE
    launch = alerts.kind == LAUNCH_MESSAGE
    detected = _earliest(plots.body, plots.t_available_s, count)
    there = [_earliest(p.body, p.t_available_s, count) for p in heard.plots]
    good = heard.tracks.grade >= WARNING_GRADE
    subject = _bodies(heard.tracks.track[good], joined)
    return Firsts(
        detected_s=detected,
        firm_s=_earliest(_bodies(tracks.track[firm], joined), tracks.t_available_s[firm], count),
        seen_s=np.minimum.reduce([detected, *there]),
        found_s=_earliest(subject, heard.sent_s()[good], count),
        relayed_s=_earliest(subject, heard.tracks.t_available_s[good], count),
        told_s=_earliest(alerted[launch], alerts.t_issue_s[launch], count),
        ready_s=_earliest(alerted[message], alerts.t_ready_s[message], count),
        alerted_s=_earliest(alerted[message], alerts.t_issue_s[message], count),
    )


def _bodies(track: Ints, joined: Mapping[int, int]) -> Ints:
    """Body behind each track number, -1 where there is none."""
    return np.array([joined.get(int(t), -1) for t in track], np.int32)


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
    killed: Mapping[int, str],
    ledger: Ledger,
) -> dict[str, float]:
    """Figures of the engagement and of what it used up.

    `killed` holds the bodies that are gone, each with the interceptor class that killed it.
    """
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
        unlanded.METRIC: float(unlanded.in_flight(flights)),
        "double_engaged": float(sum(_at_once(engagements, rows) for rows in salvoes.values())),
        "cost_musd": float(ledger.cost_musd.sum()),
        "refill_months": ledger.refill_months,
        "refill_months_with_lead": ledger.refill_months_with_lead,
        **_unengaged(engagements, joined, own - set(salvoes)),
        **_by_layer(engagements, salvoes, [killed[b] for b in own & set(killed)], flights),
    }


# Of several tracks of a body that got no salvo, the reason that came nearest to one counts.
_NEARER: Final = (NO_TRACK, NOT_ALLOWED, NO_TRACK_GRADE, NO_WINDOW, NO_CHANNEL, NO_ROUNDS)


def _unengaged(
    engagements: Engagements, joined: Mapping[str, Mapping[int, int]], left: Collection[int]
) -> dict[str, float]:
    """Bodies without a salvo by reason; one that never had a track has that for a reason."""
    best = dict.fromkeys(left, 0)
    for row in np.flatnonzero(engagements.reason != ENGAGED):
        picture = engagements.pictures[engagements.picture[row]]
        body = joined[picture].get(int(engagements.track[row]), -1)
        if body in best:
            best[body] = max(best[body], _NEARER.index(int(engagements.reason[row])))
    reasons = [_NEARER[i] for i in best.values()]
    return {
        f"unengaged_{words.replace(' ', '_')}": float(reasons.count(reason))
        for reason, words in enumerate(REASONS)
        if reason != ENGAGED
    }


def _by_layer(
    engagements: Engagements,
    salvoes: Mapping[int, Sequence[int]],
    killers: Collection[str],
    flights: Flights,
) -> dict[str, float]:
    """Rounds and kills of each interceptor class, and the median time to a threat's first intercept.

    `killers` names the class of each kill.
    """
    first = [
        float(engagements.t_intercept_s[salvoes[body]].min() - flights.launch_t_s[body])
        if body in salvoes
        else NEVER
        for body in _threats(flights).tolist()
    ]
    out = {"first_intercept_s": float(np.median(first)) if first else np.nan}
    for weapon, name in enumerate(engagements.weapons):
        out[f"shots.{name}"] = float(engagements.rounds[engagements.weapon == weapon].sum())
        out[f"kills.{name}"] = float(sum(killer == name for killer in killers))
    return out


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
