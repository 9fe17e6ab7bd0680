"""The last step: what the decisions meant for the bodies that really flew.

With `hinomi.score` this is the only place that reads truth. It joins tracks to bodies, answers for the
world when a salvo arrives, and says which places needed a warning and when they had it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numba import njit

from hinomi.defend.chance import Chance, kill_as_met
from hinomi.defend.raid import Met
from hinomi.earth.places import place_at, places_within
from hinomi.earth.wgs84 import geodetic_from_ecef
from hinomi.kernels import LEAN
from hinomi.records.alerts import NEVER, Receipts, Warned, WarningPolicy
from hinomi.records.columns import Floats, Ints, none
from hinomi.records.draws import Draws, normal, triangular
from hinomi.records.engagements import Architecture, Battery, Weapon
from hinomi.records.flights import ENDED, GLIDE, WAITING, Flights
from hinomi.records.places import Places
from hinomi.records.tracks import Tracks
from hinomi.study.checks import Asked
from hinomi.warn.clock import STAGES, half_times, middle_row
from hinomi.warn.heard import Heard
from hinomi.warn.receive import issued_for
from hinomi.warn.respond import respond_by_channel
from hinomi.warn.visitors import visitors_of

NEAR_M: Final = 30_000.0  # a track row further than this from every body belongs to none
OVERFLIGHT_TOP_M: Final = 150_000.0  # an overflight needs a warning below this height
DEGREES: Final = 180.0 / np.pi


def bodies_of(tracks: Tracks, flights: Flights) -> dict[int, int]:
    """Body that each track followed: the one nearest to most of its rows, -1 where none was near.

    The join is by position and time alone, so it works for fused tracks, which hold no plots.
    """
    if not len(tracks.t_s):
        return {}
    second = np.clip(np.rint(tracks.t_s - flights.t_s[0]).astype(np.int64), 0, len(flights.t_s) - 1)
    nearest = np.empty(len(second), np.int64)
    _nearest(tracks.mean, flights.r_m, second, nearest)
    number = tracks.track.astype(np.int64)
    width = len(flights.bodies) + 1
    votes = np.bincount(number * width + nearest + 1, minlength=(int(number.max()) + 1) * width)
    table = votes.reshape(-1, width)
    body = table.argmax(axis=1) - 1  # on a tie the lower one
    return {int(track): int(body[track]) for track in np.flatnonzero(table.any(axis=1))}


def bodies_heard(heard: Heard, flights: Flights) -> dict[int, int]:
    """Body behind each track number of what a centre hears.

    An event is joined by the whole track that it was taken from.
    """
    numbers = set(heard.tracks.track.tolist())
    return {
        first + track: body
        for first, source in zip(heard.first, heard.sources, strict=True)
        for track, body in bodies_of(source.whole, flights).items()
        if first + track in numbers
    }


@njit(cache=True, nogil=True, error_model="numpy", **LEAN)
def _nearest(mean, r_m, second, out):  # type: ignore[no-untyped-def]
    """Body nearest to each row within NEAR_M, or -1; a body that is not flying is at NaN."""
    for k in range(len(second)):
        least, out[k] = math.inf, -1
        for b in range(len(r_m)):
            dx = r_m[b, second[k], 0] - mean[k, 0]
            dy = r_m[b, second[k], 1] - mean[k, 1]
            dz = r_m[b, second[k], 2] - mean[k, 2]
            gap = math.sqrt(dx * dx + dy * dy + dz * dz)
            if gap < least:
                least = gap
                out[k] = b if gap <= NEAR_M else -1


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """Times that people take to decide, the same for a body in every architecture (paired draws)."""

    draws: Draws
    bodies: Sequence[str]
    joined: Mapping[int, int]
    policy: WarningPolicy

    def seconds(self, stage: str, track: int) -> float:
        """Delay [s] of `classify`, `decide`, `lost` or `clear` for the body behind a track."""
        u = float(
            self.draws.uniforms(
                "command", f"{stage}|{_subject(track, self.joined, self.bodies)}", 1
            )[0]
        )
        if stage == "clear":
            return float(self.policy.clear_median_s * np.exp(self.policy.clear_sigma * normal(u)))
        triangles = {
            "classify": self.policy.classify_s,
            "decide": self.policy.decide_s,
            "lost": self.policy.lost_after_s,
        }
        return float(triangular(u, *triangles[stage]))


@dataclass(frozen=True, slots=True, kw_only=True)
class Commanders:
    """Time from a track good enough to shoot on to the order, paired like `People`."""

    draws: Draws
    bodies: Sequence[str]
    joined: Mapping[str, Mapping[int, int]]
    architecture: Architecture

    def seconds(self, picture: str, track: int) -> float:
        """Delay [s] of the decision to engage the body behind a track of a picture."""
        subject = _subject(track, self.joined[picture], self.bodies)
        u = float(self.draws.uniforms("command", f"commit|{subject}", 1)[0])
        return float(triangular(u, *self.architecture.decide_s))


def _subject(track: int, joined: Mapping[int, int], bodies: Sequence[str]) -> str:
    body = joined.get(track, -1)
    return bodies[body] if body >= 0 else f"false {track}"


@dataclass(slots=True, kw_only=True)
class World:
    """Answers what a salvo did: a given probability against an addressed draw, as it is judged.

    Who really was killed stays in `killed_at_s`, and by which interceptor class in `killed_by`. The
    slot of a draw counts the salvos of that battery at that body, whatever track or picture they
    were fired on: no two salvos are decided by the same number.
    """

    draws: Draws
    flights: Flights
    batteries: Sequence[Battery]
    joined: Mapping[str, Mapping[int, int]]
    reach_m: float  # a body further than this from the predicted point is not met
    weapons: Mapping[str, Weapon] = field(default_factory=dict)  # one not named: as planned
    chance: Chance | None = None  # dependence and errors of assessment
    killed_at_s: dict[int, float] = field(default_factory=dict)
    killed_by: dict[int, str] = field(default_factory=dict)
    fired: dict[str, int] = field(default_factory=dict)  # salvos so far, by body and battery
    asked: list[Asked] = field(default_factory=list)  # salvos at bodies still alive

    def killed(self, met: Met) -> bool:
        """True when the body behind the track is judged to be gone after this salvo."""
        body, t_s = self.joined[met.picture].get(met.track, -1), met.t_intercept_s
        subject = self.flights.bodies[body] if body >= 0 else f"false {met.picture} {met.track}"
        entity = f"{subject}|{self.batteries[met.battery].name}"
        slot = self.fired.get(entity, 0)
        self.fired[entity] = slot + 1
        if body >= 0 and self.killed_at_s.get(body, NEVER) > t_s:
            chance = self._chance(met, body, subject)
            hit = bool(self.draws.uniforms("shot", entity, 1, slot=slot)[0] < chance)
            planned = 1.0 - (1.0 - met.kill_one) ** met.rounds
            self.asked.append(Asked(planned=planned, asked=chance, killed=hit))
            if hit:
                self.killed_at_s[body], self.killed_by[body] = t_s, met.weapon
        gone = body >= 0 and self.killed_at_s.get(body, NEVER) <= t_s
        return gone if self.chance is None else self.chance.judged(entity, slot, killed=gone)

    def _chance(self, met: Met, body: int, subject: str) -> float:
        """Kill probability of a salvo against the body that is really behind its track."""
        if not self._there(body, met.t_intercept_s, met.r_m):
            return 0.0
        one = self._kill_one(body, met.t_intercept_s, met.weapon, met.kill_one)
        chance = kill_as_met(
            met.kill_probability, rounds=met.rounds, kill_one=met.kill_one, kill_met=one
        )
        if self.chance is None:
            return chance
        return self.chance.of_salvo(
            subject, met.battery, met.weapon, rounds=met.rounds, kill_one=one, planned=chance
        )

    def _kill_one(self, body: int, t_s: float, weapon: str, planned: float) -> float:
        """Kill probability of a round against what the body is when it is met."""
        second = round(t_s - float(self.flights.t_s[0]))
        if weapon not in self.weapons or not 0 <= second < len(self.flights.t_s):
            return planned
        gliding = self.flights.phase[body, second] == GLIDE
        kind = self.weapons[weapon]
        return kind.kill_glide if gliding else kind.kill_ballistic

    def _there(self, body: int, t_s: float, r_m: tuple[float, float, float]) -> bool:
        second = round(t_s - float(self.flights.t_s[0]))
        if not 0 <= second < len(self.flights.t_s):
            return False
        gap = float(np.linalg.norm(self.flights.r_m[body, second] - np.asarray(r_m)))
        return gap <= self.reach_m  # NaN, before ignition or after the end, compares false


@dataclass(frozen=True, slots=True, kw_only=True)
class Needs:
    """Places that a raid touches, whatever anybody knew of it: one row per (body, place)."""

    body: Ints
    place: Ints
    hit: Ints
    overflown: Ints
    t_arrive_s: Floats
    touched: Ints  # places hit, or overflown at any height: a warning there is no false alert
    predicted: Floats = field(default_factory=none)  # (W,) 1 in the body's predicted end area


def needs_of(flights: Flights, places: Places, *, buffer_m: float) -> Needs:
    """Which places need a warning, and by when: hit, or overflown below 150 km.

    Overflights above that height are kept apart, in `touched`.
    """
    rows: dict[tuple[int, int], tuple[int, int, float]] = {}
    touched: set[int] = set()
    for body in range(len(flights.bodies)):
        place, t_s, low = _track_over(flights, body, places)
        touched.update(place.tolist())
        for p in np.unique(place[low]):
            rows[body, int(p)] = (0, 1, float(t_s[low][place[low] == p][0]))
        hit = places_within(
            places.mesh,
            float(flights.end_lat_deg[body]),
            float(flights.end_lon_deg[body]),
            buffer_m,
        )
        touched.update(hit.tolist())
        for p in hit:
            _, over, t_over = rows.get((body, int(p)), (0, 0, NEVER))
            rows[body, int(p)] = (1, over, min(t_over, float(flights.end_t_s[body])))
    keys = sorted(rows)
    return Needs(
        body=np.array([b for b, _ in keys], np.int32),
        place=np.array([p for _, p in keys], np.int32),
        hit=np.array([rows[k][0] for k in keys], np.int32),
        overflown=np.array([rows[k][1] for k in keys], np.int32),
        t_arrive_s=np.array([rows[k][2] for k in keys], np.float64),
        touched=np.array(sorted(touched), np.int32),
    )


def _track_over(flights: Flights, body: int, places: Places) -> tuple[Ints, Floats, np.ndarray]:
    """Places under the ground track in order of time, when, and whether below the overflight height."""
    flying = (flights.phase[body] > WAITING) & (flights.phase[body] < ENDED)
    flying &= np.isfinite(flights.r_m[body, :, 0])
    rows = np.flatnonzero(flying)
    lat, lon = np.empty(len(rows)), np.empty(len(rows))
    for i, k in enumerate(rows):
        x, y, z = flights.r_m[body, k]
        lat[i], lon[i], _ = geodetic_from_ecef(x, y, z)
    place = place_at(places.mesh, lat * DEGREES, lon * DEGREES)
    over = place >= 0
    return (
        place[over],
        flights.t_s[rows][over],
        flights.height_m[body, rows][over] < OVERFLIGHT_TOP_M,
    )


def warned_of(
    needs: Needs, received_s: Floats | Receipts, places: Places, *, policy: WarningPolicy
) -> Warned:
    """What the alerts meant where they were needed: those that stand at the arrival.

    `received_s` is when each place receives the alert, by channel, or (P,) one time for all of them,
    which then stands for good.
    """
    if isinstance(received_s, Receipts):
        by_channel = _standing_then(received_s, needs)
        received = by_channel.min(axis=0, initial=NEVER)
    else:
        received = received_s[needs.place]
        by_channel = np.tile(received, (len(policy.channels), 1))
    lead = np.where(np.isfinite(received), needs.t_arrive_s - received, -np.inf)
    residents = places.population[needs.place]
    visitors = visitors_of(places, policy)[needs.place]
    response = respond_by_channel(needs.t_arrive_s, by_channel, residents, visitors, policy=policy)
    return Warned(
        body=needs.body,
        place=needs.place,
        hit=needs.hit,
        overflown=needs.overflown,
        predicted=needs.predicted,
        t_arrive_s=needs.t_arrive_s,
        t_received_s=received,
        lead_s=lead,
        population=residents + visitors,
        visitors=visitors,
        knew=response.knew,
        sheltered=response.sheltered,
        moved=response.moved,
        person_seconds=response.person_seconds,
        with_needed=response.with_needed,
    )


def _standing_then(received: Receipts, needs: Needs) -> Floats:
    """(C, W) receipt of the alert that stands at each arrival, whatever was lifted before."""
    place = needs.place
    by_channel: Floats = received.t_s[:, place]
    first, issued = received.issued_s[place], issued_for(received, place, needs.t_arrive_s)
    later = np.flatnonzero(issued != first)
    by_channel[:, later] += issued[later] - first[later]
    return by_channel


def clock_of(
    firsts: Mapping[str, Floats], warned: Warned, received: Receipts, *, policy: WarningPolicy
) -> tuple[Ints, list[str], Floats]:
    """Body, stage and scenario time [s] of every stage of the clock, for bodies that need a warning.

    `firsts` holds (B,) times of the stages up to "issued". From "received" on it is this body's own
    alert, whatever came before it, at the place where the middle person in need of a warning of
    that body lives; a place that no alert ever covers never receives. See `hinomi.warn.clock`.
    """
    bodies = np.unique(warned.body)
    times = np.full((len(bodies), len(STAGES)), NEVER)
    start = len(firsts)
    for row, body in zip(times, bodies, strict=True):
        for k, stage in enumerate(STAGES[:start]):
            row[k] = firsts[stage][body]
        mine = np.flatnonzero(warned.body == body)
        place = warned.place[mine]
        covered = np.isfinite(received.issued_s[place])
        on_way = np.where(covered, received.first_s[place], 0.0)
        on_way -= np.where(covered, received.issued_s[place], 0.0)
        on_way[~covered] = NEVER
        at = middle_row(on_way, warned.population[mine])
        row[start + 4] = warned.t_arrive_s[mine[at]]
        if covered[at] and np.isfinite(row[start - 1]):
            row[start] = row[start - 1] + on_way[at]
            channels = received.t_s[:, place[at]] - received.issued_s[place[at]]
            row[start + 1 : start + 4] = half_times(row[start - 1] + channels, policy=policy)
    return (
        np.repeat(bodies, len(STAGES)).astype(np.int32),
        list(STAGES) * len(bodies),
        times.ravel(),
    )


def first_arrivals(warned: Warned) -> Ints:
    """Rows of the first arrival at each place, so that nobody is counted twice."""
    order = np.lexsort((warned.t_arrive_s, warned.place))
    _, first = np.unique(warned.place[order], return_index=True)
    return order[first].astype(np.int32)
