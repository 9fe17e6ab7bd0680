"""Clearing islands over days: who is where, what leaves from where, and how long it took."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hinomi.records.columns import Floats, freeze
from hinomi.records.plots import Triangle


@dataclass(frozen=True, slots=True, kw_only=True)
class Island:
    """People of one municipality, who wait at its ports and airports."""

    name: str
    weather: str  # places with the same word are closed by the same storm
    residents: float
    visitors: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Exit:
    """A port, an airport or a leg to another island of the plan."""

    name: str
    island: str  # people leave from there
    to: str  # "" out of the plan, else an island from which they go on the next day
    kind: str  # "airport", "port" or "leg"
    people_per_day: Triangle
    open_share: float  # of days without a storm
    from_day: float  # first day of operation, 0 the first


@dataclass(frozen=True, slots=True, kw_only=True)
class Season:
    """How often storms close everything, and for how long."""

    name: str
    storm_per_day: float  # probability that one begins
    storm_days: Triangle  # rounded to whole days


@dataclass(frozen=True, slots=True, kw_only=True)
class EvacuationPlan:
    """What is to be moved, through what, in which season."""

    name: str
    title: str
    islands: tuple[Island, ...]
    exits: tuple[Exit, ...]
    season: Season
    achieved_share: Triangle  # of the planned capacity, the same everywhere in one replicate
    reception_per_day: float  # people whom the hosts can take in a day; infinite: no limit
    beds: float  # prepared for residents; infinite: not stated
    most_days: int  # a replicate that is not done then is reported as not cleared


@dataclass(frozen=True, slots=True, kw_only=True)
class Chances:
    """What replicates of an evacuation meet: R replicates, E exits, D days."""

    capacity: Floats  # (R, E) people a day of an exit that is open
    open: Floats  # (R, D, E) 1 where an exit works that day

    def __post_init__(self) -> None:
        r, e = self.capacity.shape
        freeze(
            self,
            {"capacity": (np.float64, (r, e)), "open": (np.float64, (r, self.open.shape[1], e))},
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Cleared:
    """How an evacuation went."""

    days: Floats  # (R,) until the last person left; infinite where some never did
    remaining: Floats  # (R, D + 1, I) people on each island at the start of each day
    moved: Floats  # (R, D, E) through each exit

    def __post_init__(self) -> None:
        r, d, e = self.moved.shape
        freeze(
            self,
            {
                "days": (np.float64, (r,)),
                "remaining": (np.float64, (r, d + 1, self.remaining.shape[2])),
                "moved": (np.float64, (r, d, e)),
            },
        )
