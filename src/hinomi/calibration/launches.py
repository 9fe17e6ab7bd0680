"""Simulated launches, their tracks, and the moments at which each is forecast."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from hinomi.calibration.cases import Case
from hinomi.records.columns import Floats, Ints
from hinomi.records.flights import BOOST, COAST, FALL, GLIDE, Flights
from hinomi.records.tracks import Tracks
from hinomi.study.chain import Context, Raid, begin
from hinomi.study.outcome import bodies_of
from hinomi.study.pictures import deciding, pictures_of
from hinomi.warn.epochs import forecast_epochs

EPOCHS: Final = ("first", "first + 60 s", "first + 180 s", "half way", "last")
LATER_S: Final = (60.0, 180.0)  # "half way" is in time between the first and the last forecast
PHASE_NAMES: Final = {BOOST: "boosting", COAST: "coasting", GLIDE: "gliding", FALL: "falling"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """One launch at one epoch: the row of the track that its forecast rests on."""

    body: int
    epoch: str
    row: int
    t_available_s: float
    phase: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Launches:
    """The launches of one raid as the deciding picture has them."""

    raid: Raid
    tracks: Tracks
    moments: tuple[Moment, ...]
    never: int  # bodies without a forecast


def launches_of(
    case: Case, context: Context, *, architecture: str, seed: int, number: int
) -> Launches:
    """Fly a raid, form the picture on which the alert is decided, and choose the moments."""
    scenario = case.scenario
    raid = begin(scenario, context, seed=seed, number=number)
    nation = scenario.policy.alerting_nation
    pictures = pictures_of(raid.room, scenario.architectures[architecture], nation)
    tracks = deciding(pictures, nation).tracks
    joined = bodies_of(tracks, raid.flights)
    rows, times = forecast_epochs(
        tracks, first_s=scenario.policy.forecast_first_s, later_s=scenario.policy.forecast_later_s
    )
    body = np.array([joined.get(int(t), -1) for t in tracks.track[rows]], np.int32)
    moments: list[Moment] = []
    never = 0
    for b in range(len(raid.flights.bodies)):
        own = np.flatnonzero(body == b)
        never += int(own.size == 0)
        moments += _moments(raid.flights, b, tracks, rows[own], times[own])
    return Launches(raid=raid, tracks=tracks, moments=tuple(moments), never=never)


def _moments(
    flights: Flights, body: int, tracks: Tracks, rows: Ints, times: Floats
) -> Iterator[Moment]:
    """Forecasts at the epochs, the first at or after each; one launch has one row an epoch."""
    if not rows.size:
        return
    order = np.argsort(times, kind="stable")
    at_s = times[order]
    wanted = (*(at_s[0] + later for later in LATER_S), 0.5 * (at_s[0] + at_s[-1]))
    middle = [int(np.searchsorted(at_s, t)) for t in wanted]
    chosen = [(0, EPOCHS[0])]
    chosen += [(at, e) for at, e in zip(middle, EPOCHS[1:-1], strict=True) if at < rows.size]
    chosen.append((rows.size - 1, EPOCHS[-1]))
    for at, epoch in chosen:
        k = int(order[at])
        second = round(float(tracks.t_s[rows[k]]) - float(flights.t_s[0]))
        second = min(max(second, int(flights.first[body])), int(flights.last[body]))
        yield Moment(
            body=body,
            epoch=epoch,
            row=int(rows[k]),
            t_available_s=float(times[k]),
            phase=PHASE_NAMES.get(int(flights.phase[body, second]), "coasting"),
        )
