"""Who sees what: the pictures that each architecture forms from the nations' sensors.

Every distinct set of plots is tracked once and shared between the architectures that use it:
a nation's own plots, its own plots cued by the others' launch events, all plots in one place, and the
fusion of the national tracks. What a nation refuses to pass on in a replicate is missing at the
other; under one picture a nation that refuses, or is refused, stays with its own.

The centre that decides a civil alert listens to more than one of them: the picture on which it
acts, its own sensors alone, and, where warnings are shared, the launch events of the others.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from hinomi.records.alerts import WarningPolicy
from hinomi.records.draws import Draws, triangular
from hinomi.records.engagements import REFUSED_TRACK, REFUSED_WARNING, Architecture
from hinomi.records.flights import Flights, ThreatClass
from hinomi.records.places import AlertUnits
from hinomi.records.plots import Cue, Plots, Sensors
from hinomi.records.tracks import CONFIRMED, Forecasts, Tracks, TrackSettings
from hinomi.track.follow import follow
from hinomi.track.fuse import fuse
from hinomi.track.tracker import Tracker
from hinomi.warn.heard import Heard, Source, launch_events
from hinomi.warn.predict import predict
from hinomi.watch.observe import observe

EVERYBODY = "all"  # the one picture of an integrated architecture
CUE_RADIUS_M = 150_000.0  # assumed: how well a launch point is known from the first confirmed track


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """What a decision centre has: its tracks, and the plots they were made from."""

    tracks: Tracks
    plots: Plots


@dataclass(slots=True, kw_only=True)
class Watchroom:
    """The pictures of one replicate, each formed when first asked for."""

    flights: Flights
    sensors: Sensors
    nations: Sequence[str]
    settings: TrackSettings
    draws: Draws
    present: Sequence[bool]
    tracker: Tracker = follow
    _made: dict[tuple[object, ...], object] = field(default_factory=dict)

    def with_made(self, made: dict[tuple[object, ...], object]) -> Watchroom:
        """The same room with these pictures there already; what it forms is put beside them."""
        return replace(self, _made=made)

    def apart(self) -> Watchroom:
        """The same pictures in a room of its own: what it forms is not put beside the others."""
        return self.with_made(dict(self._made))

    def own(self, nation: str) -> Picture:
        """A nation's picture from its own sensors alone."""
        key = ("own", nation)
        if key not in self._made:
            self._made[key] = self._follow(self._observe(nation, ()), f"{nation} own")
        return self._made[key]  # type: ignore[return-value]

    def cued(self, nation: str, architecture: Architecture) -> Picture:
        """A nation's own sensors, pointed by the launch events that the others pass on."""
        senders = self.senders(nation, REFUSED_WARNING, architecture)
        key = ("cued", nation, architecture.warning_relay_s, senders)
        if key not in self._made:
            cues = tuple(
                cue
                for other in senders
                for cue in launch_cues(
                    self.own(other).tracks,
                    self.relay_s(other, nation, architecture.warning_relay_s),
                )
            )
            self._made[key] = (
                self._follow(self._observe(nation, cues), f"{nation} cued")
                if cues
                else self.own(nation)
            )
        return self._made[key]  # type: ignore[return-value]

    def fused(self, nation: str, architecture: Architecture) -> Picture:
        """A nation's cued picture fused with the tracks of the others."""
        senders = self.senders(nation, REFUSED_TRACK, architecture)
        key = ("fused", nation, _sharing(architecture), senders)
        if key not in self._made:
            picture = self.cued(nation, architecture)
            tracks, plots = picture.tracks, [(picture.plots, 0.0)]
            for other in senders:
                foreign = self.cued(other, architecture)
                delay = self.relay_s(other, nation, architecture.relay_s)
                tracks = fuse(
                    tracks,
                    foreign.tracks,
                    foreign_delay_s=delay,
                    settings=self.settings,
                    picture=f"{nation} fused",
                )
                plots.append((foreign.plots, delay))
            self._made[key] = Picture(tracks=tracks, plots=merge(plots))
        return self._made[key]  # type: ignore[return-value]

    def central(self, hub: str, architecture: Architecture) -> Picture:
        """All plots that reach the nation that decides, in one place."""
        senders = self.senders(hub, REFUSED_TRACK, architecture)
        key = ("central", hub, _sharing(architecture), senders)
        if key not in self._made:
            plots = merge(
                [
                    (
                        self.cued(nation, architecture).plots,
                        0.0 if nation == hub else self.relay_s(nation, hub, architecture.relay_s),
                    )
                    for nation in self.nations
                    if nation == hub or nation in senders
                ]
            )
            self._made[key] = self._follow(plots, EVERYBODY)
        return self._made[key]  # type: ignore[return-value]

    def events(self, sender: str, receiver: str, architecture: Architecture) -> Source:
        """Launch events of a nation's own picture, as another nation has them."""
        delay = self.relay_s(sender, receiver, architecture.warning_relay_s)
        key = ("events", sender, delay)
        if key not in self._made:
            whole = self.own(sender).tracks
            self._made[key] = Source(
                tracks=launch_events(whole, relay_s=delay, picture=f"{sender} events"),
                whole=whole,
                delay_s=delay,
                event=True,
            )
        return self._made[key]  # type: ignore[return-value]

    def forecasts(
        self,
        tracks: Tracks,
        *,
        units: AlertUnits,
        policy: WarningPolicy,
        classes: Sequence[ThreatClass],
    ) -> Forecasts:
        """Forecasts of a picture, made once for all architectures that use it."""
        # Pictures that differ in their names alone share their columns.
        key = ("forecasts", id(tracks.mean), id(units))
        if key not in self._made:
            found = predict(tracks, units=units, policy=policy, classes=classes)
            self._made[key] = (found, tracks, units)  # kept alive: the key says where they are
        found = self._made[key][0]  # type: ignore[index]
        return replace(found, picture=tracks.picture)  # type: ignore[no-any-return]

    def relay_s(self, sender: str, receiver: str, triangle: tuple[float, float, float]) -> float:
        """Delay of passing data between two nations: one draw a replicate and direction."""
        u = self.draws.uniforms("relay", f"{sender}>{receiver}", 1)[0]
        return float(triangular(u, *triangle))

    def senders(self, receiver: str, category: str, architecture: Architecture) -> tuple[str, ...]:
        """Other nations that do not refuse a category to `receiver` in this replicate.

        One draw a direction and category, the same in every architecture.
        """
        return tuple(
            nation
            for nation in self.nations
            if nation != receiver
            and not any(
                (r.sender, r.receiver, r.category) == (nation, receiver, category)
                and self._refuses(nation, receiver, category, r.probability)
                for r in architecture.refusals
            )
        )

    def _refuses(self, sender: str, receiver: str, category: str, probability: float) -> bool:
        u = self.draws.uniforms("refusal", f"{sender}>{receiver}|{category}", 1)[0]
        return bool(u < probability)

    def _observe(self, nation: str, cues: Sequence[Cue]) -> Plots:
        return observe(
            self.flights,
            self.sensors,
            draws=self.draws,
            cues=cues,
            owner=nation,
            present=self.present,
        )

    def _follow(self, plots: Plots, name: str) -> Picture:
        for key, made in self._made.items():  # the same plots are never tracked twice
            fused = key[0] == "fused"  # made of tracks, not by following these plots
            if not fused and isinstance(made, Picture) and _same(made.plots, plots):
                return replace(made, tracks=replace(made.tracks, picture=name))
        if self.tracker is follow:  # the project's own may know where sensors look
            tracks = follow(plots, settings=self.settings, picture=name, sensors=self.sensors)
        else:
            tracks = self.tracker(plots, settings=self.settings, picture=name)
        return Picture(tracks=tracks, plots=plots)


def pictures_of(room: Watchroom, architecture: Architecture, hub: str) -> dict[str, Picture]:
    """Picture that each nation acts on; one key, EVERYBODY, where there is one picture.

    Beside EVERYBODY stand the nations that refuse the hub their plots, or are refused its picture.
    """
    if architecture.one_picture:
        giving = room.senders(hub, REFUSED_TRACK, architecture)
        apart = [
            nation
            for nation in room.nations
            if nation != hub
            and (
                nation not in giving or hub not in room.senders(nation, REFUSED_TRACK, architecture)
            )
        ]
        together = {EVERYBODY: room.central(hub, architecture)}
        return together | {nation: room.cued(nation, architecture) for nation in apart}
    if architecture.share_track:
        return {nation: room.fused(nation, architecture) for nation in room.nations}
    if architecture.share_warning:
        return {nation: room.cued(nation, architecture) for nation in room.nations}
    return {nation: room.own(nation) for nation in room.nations}


def deciding(pictures: Mapping[str, Picture], nation: str) -> Picture:
    """The picture on which a nation's civil alert is decided."""
    return pictures[EVERYBODY] if EVERYBODY in pictures else pictures[nation]


def heard_by(
    room: Watchroom,
    architecture: Architecture,
    pictures: Mapping[str, Picture],
    hub: str,
    *,
    on_event: bool,
) -> Heard:
    """What the nation that alerts listens to: `pictures` as of `pictures_of`.

    The deciding picture; the nation's own sensors, where that is another picture; and with
    `on_event` the launch events of those who share them and do not refuse.
    """
    centre, own = deciding(pictures, hub), room.own(hub)
    if architecture.share_warning:
        own = room.cued(hub, architecture)
    sources, plots = [Source(tracks=centre.tracks, whole=centre.tracks)], []
    if own.tracks.mean is not centre.tracks.mean:
        sources.append(Source(tracks=own.tracks, whole=own.tracks))
        plots.append(own.plots)
        senders = room.senders(hub, REFUSED_TRACK, architecture)
        plots += [room.cued(other, architecture).plots for other in senders]
    if on_event and architecture.share_warning:
        for other in room.senders(hub, REFUSED_WARNING, architecture):
            event = room.events(other, hub, architecture)
            if len(event.tracks.t_s):
                sources.append(event)
                plots.append(room.own(other).plots)
    return Heard(sources=tuple(sources), plots=tuple(plots))


def launch_cues(tracks: Tracks, relay_s: float) -> list[Cue]:
    """One cue for each confirmed track: where it was first firm, when the other nation hears of it."""
    confirmed = np.flatnonzero(tracks.status == CONFIRMED)
    _, first = np.unique(tracks.track[confirmed], return_index=True)
    rows = confirmed[np.sort(first)]
    return [
        Cue(
            t_s=float(tracks.t_available_s[k]) + relay_s,
            r_m=(float(tracks.mean[k, 0]), float(tracks.mean[k, 1]), float(tracks.mean[k, 2])),
            radius_m=CUE_RADIUS_M,
        )
        for k in rows
    ]


def merge(parts: Sequence[tuple[Plots, float]]) -> Plots:
    """All plots in one record, each part's availability later by its delay [s]; sorted by time and sensor."""
    first = parts[0][0]
    columns = {
        name: np.concatenate([getattr(plots, name) for plots, _ in parts])
        for name in (
            "t_s",
            "sensor",
            "site_m",
            "los",
            "range_m",
            "sigma_los_rad",
            "sigma_range_m",
            "snr_db",
            "body",
            "range_rate_mps",
            "sigma_range_rate_mps",
        )
    }
    available = np.concatenate([plots.t_available_s + delay for plots, delay in parts])
    order = np.lexsort((columns["sensor"], columns["t_s"]))
    ordered: dict[str, Any] = {name: column[order] for name, column in columns.items()}
    return replace(first, t_available_s=available[order], **ordered)


def _sharing(architecture: Architecture) -> tuple[object, ...]:
    """What of an architecture changes its pictures, but for who receives from whom."""
    return architecture.warning_relay_s, architecture.relay_s, architecture.refusals


def _same(a: Plots, b: Plots) -> bool:
    """True when two sets of plots hold the same reports at the same times."""
    return (
        len(a.t_s) == len(b.t_s)
        and np.array_equal(a.t_available_s, b.t_available_s)
        and np.array_equal(a.sensor, b.sensor)
        and np.array_equal(a.los, b.los)
    )
