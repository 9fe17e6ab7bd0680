"""How people are warned: the rule, the messages, who received them and what it meant for them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import numpy as np

from hinomi.records.columns import Floats, Ints, freeze, none
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
    ceiling_evening: float | None = None  # None: as by day
    deliver_s: Triangle | None = None  # None: the policy's
    municipal: bool = True  # passes through the municipality's receiver
    failure: float = 0.0  # of this channel alone, in one municipality


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitors:
    """People who do not live there, present on an average day; `at`: code, island group, prefecture."""

    at: str
    weekday: float
    holiday: float


@dataclass(frozen=True, slots=True, kw_only=True)
class WarningPolicy:
    """Who decides an alert, how long it takes, and what people then do."""

    alerting_nation: str
    status: str  # EXERCISE or TEST
    unit: str  # "prefecture", "island_group", "block" or "municipality"
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
    # What follows has values that change nothing.
    on_event: bool = False  # another nation's launch event, passed on, may lead to an alert
    predicted_threshold: float = 1.0  # of the predicted end area, on a municipality; 1 = none
    local_time_h: float | None = None  # 0..24 by local time; None: `night` says
    indoor_share_night: float | None = None  # None: as by day
    vehicle_share: float = 0.0  # of everybody; the rest is outdoors
    vehicle_share_night: float = 0.0
    vehicle_median_s: float = 150.0
    vehicle_sigma: float = 0.8
    walk_median_s: float = 0.0  # from having acted to the shelter, for those who go
    walk_sigma: float = 0.0
    window_share: float = 0.0  # of those who know: away from windows, and no further
    drilled_share: float = 0.0  # of everybody, took part in drills
    drilled_compliance: float = 0.3
    false_alerts: float = 0.0  # in the last twelve months
    false_alert_factor: float = 1.0
    common_cause: float = 0.0  # of municipal failures, those that silence every channel there
    repair_share: float = 0.0  # of municipalities, receiver under repair
    repairs: tuple[str, ...] = ()  # codes of municipalities whose receiver is under repair
    visitors: tuple[Visitors, ...] = ()
    holiday: bool = False
    foreign_share: float = 0.0  # of visitors, without Japanese
    foreign_understand: float = 1.0  # of those, understand an alert only in Japanese
    foreign_delay_s: float = 0.0  # until they do
    multilingual: bool = False  # the alert has texts they read


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
class Stays:
    """When alerts stand over units, whoever they are about: one row per stay, none overlap.

    Sorted by unit, then time.
    """

    unit_of_place: Ints  # (P,) -1: in no unit
    unit: Ints  # (S,)
    begin_s: Floats  # (S,) issue of the first alert of the stay
    end_s: Floats  # (S,) the last of them is lifted; NEVER where none is

    def __post_init__(self) -> None:
        s, f, i = len(self.unit), np.float64, np.int32
        freeze(
            self,
            {"unit_of_place": (i, (len(self.unit_of_place),)), "unit": (i, (s,))}
            | dict.fromkeys(("begin_s", "end_s"), (f, (s,))),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipts:
    """When each place first receives an alert that covers it, by channel; NEVER where none came."""

    channels: tuple[str, ...]
    t_s: Floats  # (C, P)
    first_s: Floats  # (P,) over the channels
    issued_s: Floats  # (P,) when the alert left the issue centre
    stays: Stays | None = None  # None: what was issued first stands for good

    def __post_init__(self) -> None:
        c, p = len(self.channels), len(self.first_s)
        freeze(
            self,
            {"t_s": (np.float64, (c, p))}
            | dict.fromkeys(("first_s", "issued_s"), (np.float64, (p,))),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """Expected people of W rows by the arrival; `Warned` says what each is."""

    knew: Floats
    sheltered: Floats
    moved: Floats
    person_seconds: Floats
    with_needed: Floats

    def __post_init__(self) -> None:
        w = len(self.knew)
        names = ("knew", "sheltered", "moved", "person_seconds", "with_needed")
        freeze(self, dict.fromkeys(names, (np.float64, (w,))))


@dataclass(frozen=True, slots=True, kw_only=True)
class Warned:
    """Bodies against municipalities that needed warning: one row per (body, place).

    `t_received_s` is when the place received the alert that stands at the arrival, or the next one
    where none does, NEVER where none came; `lead_s` = arrival - received, minus infinity where never.
    """

    body: Ints  # (W,)
    place: Ints  # (W,) index into Places
    hit: Ints  # (W,) 1 where the end point is within the buffer of the place
    overflown: Ints  # (W,)
    t_arrive_s: Floats  # (W,)
    t_received_s: Floats  # (W,)
    lead_s: Floats  # (W,)
    population: Floats  # (W,) residents and visitors present
    knew: Floats  # (W,) people who had heard by the arrival
    sheltered: Floats  # (W,) people who had taken shelter by the arrival
    visitors: Floats = field(default_factory=none)  # (W,) of the population
    moved: Floats = field(default_factory=none)  # (W,) away from windows, and not in shelter
    person_seconds: Floats = field(default_factory=none)  # (W,) between knowing and the arrival
    with_needed: Floats = field(default_factory=none)  # (W,) knew at least the needed time before
    predicted: Floats = field(default_factory=none)  # (W,) 1, 0: in the predicted end area; NaN

    def __post_init__(self) -> None:
        w = len(self.body)
        if not len(self.predicted):
            object.__setattr__(self, "predicted", np.full(w, np.nan))
        more = ("visitors", "moved", "person_seconds", "with_needed")
        for name in more:
            if w and not len(getattr(self, name)):
                object.__setattr__(self, name, np.zeros(w))
        f, i = np.float64, np.int32
        floats = (
            "t_arrive_s",
            "t_received_s",
            "lead_s",
            "population",
            "knew",
            "sheltered",
            "predicted",
            *more,
        )
        freeze(
            self,
            dict.fromkeys(("body", "place", "hit", "overflown"), (i, (w,)))
            | dict.fromkeys(floats, (f, (w,))),
        )
