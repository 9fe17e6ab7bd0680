"""Where reports come from: the world of a scenario, drawn once, and a wall in front of the truth.

Only this module touches what really flies. It hands out the reports of the sensors, in which no
report says what caused it, the recipe by which the alerting centre's pictures are made from them,
and how long people take, addressed as in the study so that a live run and a study of one seed agree.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import final

from hinomi.records.engagements import Architecture
from hinomi.records.plots import Plots, Sensors
from hinomi.records.tracks import TrackSettings
from hinomi.scenario.load import architecture_of
from hinomi.scenario.model import Scenario
from hinomi.scenario.trackers import DEFAULT, tracker
from hinomi.study.chain import Context, Raid, begin
from hinomi.study.outcome import People, bodies_heard
from hinomi.study.pictures import heard_by, pictures_of
from hinomi.track.tracker import Tracker, without_truth

STRIDE = 100_000  # numbers of tracks of one source; the next source counts on from here


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """A picture made by following reports."""

    name: str
    plots: Plots  # the truth is blank


@dataclass(frozen=True, slots=True, kw_only=True)
class Fused:
    """A nation's picture and what the others pass on, with their delays [s]."""

    name: str
    own: Followed
    others: tuple[tuple[Followed, float], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Passed:
    """Launch events of another nation's picture, `relay_s` later."""

    name: str
    of: Followed
    relay_s: float


Recipe = Followed | Fused | Passed


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Staff:
    """How long people take to classify, decide, report lost and clear; it alone knows why."""

    people: People
    numbers: Mapping[int, int]  # number here -> number in the study's list of what a centre hears

    def seconds(self, stage: str, track: int) -> float:
        """Delay [s] of a stage for a track of the centre."""
        return self.people.seconds(stage, self.numbers.get(track, track))


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """All that a centre gets to work with."""

    recipes: tuple[Recipe, ...]  # the deciding picture first
    staff: Staff
    settings: TrackSettings
    sensors: Sensors
    tracker: Tracker | None  # None: the project's own
    nation: str


def source_of(
    scenario: Scenario, context: Context, *, seed: int, replicate: int, architecture: str
) -> Source:
    """Draw the world of one replicate and prepare what the alerting centre of an architecture hears."""
    wanted = architecture_of(scenario, architecture)
    raid = begin(scenario, context, seed=seed, number=replicate)
    hub, policy = scenario.policy.alerting_nation, scenario.policy
    pictures = pictures_of(raid.room, wanted, hub)
    heard = heard_by(raid.room, wanted, pictures, hub, on_event=policy.on_event)
    joined = bodies_heard(heard, raid.flights)
    people = People(draws=raid.draws, bodies=raid.flights.bodies, joined=joined, policy=policy)
    numbers = {
        i * STRIDE + track: first + track
        for i, (first, source) in enumerate(zip(heard.first, heard.sources, strict=True))
        for track in set(source.whole.track.tolist())
    }
    return Source(
        recipes=_recipes(raid, wanted, hub, count=len(heard.sources), events=sum(s.event for s in heard.sources)),
        staff=Staff(people=people, numbers=numbers),
        settings=scenario.tracking, sensors=scenario.sensors,
        tracker=None if scenario.tracker == DEFAULT else tracker(scenario.tracker), nation=hub,
    )  # fmt: skip


def _recipes(
    raid: Raid, wanted: Architecture, hub: str, *, count: int, events: int
) -> tuple[Recipe, ...]:
    """Recipes in the order in which the study lists the sources of the centre."""
    room = raid.room
    known: dict[int, Plots] = {}  # reports that two recipes share stay one object

    def blank(name: str, plots: Plots) -> Followed:
        return Followed(name=name, plots=known.setdefault(id(plots), without_truth(plots)))

    def cued(nation: str) -> Followed:
        return blank(f"{nation} cued", room.cued(nation, wanted).plots)

    found: list[Recipe] = []
    if wanted.one_picture:
        found.append(blank("all", room.central(hub, wanted).plots))
    elif wanted.share_track:
        others = [
            (cued(other), room.relay_s(other, hub, wanted.relay_s))
            for other in room.senders(hub, "track", wanted)
        ]
        found.append(Fused(name=f"{hub} fused", own=cued(hub), others=tuple(others)))
    elif wanted.share_warning:
        found.append(cued(hub))
    else:
        found.append(blank(f"{hub} own", room.own(hub).plots))
    if count - events > len(found):
        own = cued(hub) if wanted.share_warning else blank(f"{hub} own", room.own(hub).plots)
        found.append(own)
    if events:
        for other in room.senders(hub, "warning", wanted):
            if not len(room.events(other, hub, wanted).tracks.t_s):
                continue
            relay = room.relay_s(other, hub, wanted.warning_relay_s)
            of = blank(f"{other} own", room.own(other).plots)
            found.append(Passed(name=f"{other} events", of=of, relay_s=relay))
    return tuple(found)
