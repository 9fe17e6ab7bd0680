"""When a scenario's pictures typically hold an engagement-grade track, and the views of a map."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from hinomi.footprint.launches import Launch
from hinomi.footprint.shots import Posts
from hinomi.records.columns import Floats
from hinomi.records.engagements import Architecture, EngageSettings
from hinomi.records.tracks import CONFIRMED, ENGAGEMENT_GRADE
from hinomi.scenario.model import Scenario
from hinomi.study.chain import begin, prepare
from hinomi.study.outcome import bodies_of
from hinomi.study.pictures import EVERYBODY, pictures_of

REPLICATES: Final = 3  # of the chain, for a typical time (assumed to be enough for a median)
EARLY, DELAYED = VIEWS = "early", "delayed"


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackTime:
    """Median time from ignition to the first engagement-grade row in a picture; inf: mostly never."""

    threat_class: str
    picture: str
    seconds: float
    flights: int


def typical_times(
    scenario: Scenario, architecture: Architecture, *, seed: int, replicates: int = REPLICATES
) -> tuple[TrackTime, ...]:
    """Run flight, sensors and tracks of a few replicates; one median a class and picture."""
    context = prepare(scenario)
    found: dict[tuple[str, str], list[float]] = {}
    for number in range(replicates):
        raid = begin(scenario, context, seed=seed, number=number)
        flights = raid.flights
        pictures = pictures_of(raid.room, architecture, scenario.policy.alerting_nation)
        for name, picture in pictures.items():
            tracks = picture.tracks
            joined = bodies_of(tracks, flights)
            good = (tracks.grade == ENGAGEMENT_GRADE) & (tracks.status == CONFIRMED)
            first = np.full(len(flights.bodies), np.inf)
            for row in np.flatnonzero(good):
                body = joined.get(int(tracks.track[row]), -1)
                if body >= 0:
                    first[body] = min(first[body], float(tracks.t_available_s[row]))
            for body in np.flatnonzero(np.asarray(flights.parent) < 0).tolist():
                wait = float(first[body] - flights.launch_t_s[body])
                found.setdefault((flights.classes[body], name), []).append(wait)
    return tuple(
        TrackTime(threat_class=c, picture=p, seconds=_median(x), flights=len(x))
        for (c, p), x in sorted(found.items())
    )


def _median(values: Sequence[float]) -> float:
    """Lower median: half of the flights or more have a track by then; no mean with infinities."""
    return sorted(values)[(len(values) - 1) // 2]


def picture_times(
    times: Sequence[TrackTime], architecture: Architecture, owners: Sequence[str]
) -> Mapping[tuple[str, str], float]:
    """(class, owner) -> seconds: on whose picture the batteries of an owner may fire."""
    pictures = sorted({t.picture for t in times})
    told = {(t.threat_class, t.picture): t.seconds for t in times}
    anybody = architecture.one_assignment and architecture.engage_on_remote
    out = {}
    for threat_class in {t.threat_class for t in times}:
        for owner in owners:
            if owner in pictures and not (anybody and EVERYBODY not in pictures):
                mine = [owner]
            elif EVERYBODY in pictures:
                mine = [EVERYBODY]
            else:
                mine = pictures if anybody else []
            waits = [told.get((threat_class, p), np.inf) for p in mine]
            out[threat_class, owner] = float(min(waits, default=np.inf))
    return out


def known_times(
    launch: Launch,
    posts: Posts,
    settings: EngageSettings,
    *,
    wait_s: Mapping[tuple[str, str], float],
    decide_s: float,
) -> Floats:
    """(V, M) earliest launch [s from ignition] of each pair at a flight, in each of VIEWS.

    Early: the path is known when thrust ends, nobody has to decide. Delayed: a track, then a
    decision, never before thrust ends. Both wait for the weapon.
    """
    early = np.full(len(posts.battery), launch.burnout_s)
    waits = np.array([wait_s[launch.threat_class, posts.owners[b]] for b in posts.battery])
    delayed = np.maximum(waits + decide_s, early)
    out: Floats = np.stack([early, delayed]) + settings.weapon_delay_s
    return out
