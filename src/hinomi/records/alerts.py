"""How people are warned: the rule, the messages, who received them and what it meant for them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from hinomi.records.columns import Floats, Ints, freeze
from hinomi.records.plots import Triangle

# Status of a message. Simulation code knows no other.
EXERCISE, TEST = "Exercise", "Test"

# Kinds of message in a chain, and routes of the all-clear.
LAUNCH_MESSAGE, ALERT_MESSAGE, UPDATE_MESSAGE, ALL_CLEAR_MESSAGE = range(4)
MESSAGES = ("launch", "alert", "update", "all-clear")
ROUTE_NONE, ROUTE_FORECAST, ROUTE_PASSED, ROUTE_LOST = range(4)
ROUTES = ("", "forecast", "passed", "lost")
NEVER: Final = float("inf")


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """One way a person hears: broadcast and contagion rates of the Rogers-Sorensen logistic."""

    name: str
    broadcast_per_s: float
    contagion_per_s: float
    ceiling_day: float
    ceiling_night: float


@dataclass(frozen=True, slots=True, kw_only=True)
class WarningPolicy:
    """Who decides an alert, how long it takes, and what people then do."""

    alerting_nation: str
    status: str  # EXERCISE or TEST
    unit: str  # "prefecture", "island_group" or "block"
    forecast_first_s: float  # spacing of forecasts until the first alert
    forecast_later_s: float
    consecutive: int  # forecasts running with track grade W
    classify_s: Triangle
    decide_s: Triangle
    issue_s: Triangle  # issue centre to municipality
    deliver_s: Triangle  # municipality to its sirens and phones
    hit_threshold: float
    over_threshold: float
    relay_failure: float
    clear_share: float  # all-clear by forecast below this share of the thresholds
    clear_hold_s: float
    clear_margin_s: float  # after the last predicted end
    lost_after_s: Triangle
    clear_median_s: float
    clear_sigma: float
    needed_s: float  # time that people need
    night: bool
    channels: tuple[Channel, ...]
    channel_correlation: float
    compliance: float  # share of those who know who take shelter
    indoor_share: float
    indoor_median_s: float
    indoor_sigma: float
    outdoor_median_s: float
    outdoor_sigma: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Alerts:
    """Messages in order of issue; never Actual."""

    status: str
    units: tuple[str, ...]
    track: Ints  # (A,) threat track of the deciding picture
    kind: Ints  # (A,) index into MESSAGES
    route: Ints  # (A,) index into ROUTES
    t_ready_s: Floats  # (A,) when the forecast that caused it was there
    t_issue_s: Floats  # (A,)
    covers: Ints  # (A, U) 1 where the unit is alerted (or cleared)

    def __post_init__(self) -> None:
        if self.status not in (EXERCISE, TEST):
            raise ValueError(
                f"Alerts.status is {self.status!r}; only {EXERCISE} or {TEST} exist here"
            )
        a, u = len(self.t_issue_s), len(self.units)
        f, i = np.float64, np.int32
        freeze(
            self,
            {
                **dict.fromkeys(("track", "kind", "route"), (i, (a,))),
                "t_ready_s": (f, (a,)),
                "t_issue_s": (f, (a,)),
                "covers": (i, (a, u)),
            },
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Warned:
    """Bodies against municipalities that needed warning: one row per (body, place).

    `t_received_s` is when the place first received an alert that covers it, NEVER where none came;
    `lead_s` = arrival - received, minus infinity where never received.
    """

    body: Ints  # (W,)
    place: Ints  # (W,) index into Places
    hit: Ints  # (W,) 1 where the end point is within the buffer of the place
    overflown: Ints  # (W,)
    t_arrive_s: Floats  # (W,)
    t_received_s: Floats  # (W,)
    lead_s: Floats  # (W,)
    population: Floats  # (W,)
    knew: Floats  # (W,) people who had heard by the arrival
    sheltered: Floats  # (W,) people who had taken shelter by the arrival

    def __post_init__(self) -> None:
        w = len(self.body)
        f, i = np.float64, np.int32
        floats = ("t_arrive_s", "t_received_s", "lead_s", "population", "knew", "sheltered")
        freeze(
            self,
            dict.fromkeys(("body", "place", "hit", "overflown"), (i, (w,)))
            | dict.fromkeys(floats, (f, (w,))),
        )
