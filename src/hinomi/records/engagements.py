"""Who may shoot, with what, on whose track; and what was shot."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from hinomi.records.columns import Floats, Ints, freeze
from hinomi.records.plots import Triangle

# Why a track was not engaged; a closed list.
(
    ENGAGED, NO_TRACK, NO_TRACK_GRADE, NO_WINDOW, NO_ROUNDS, NO_CHANNEL, NOT_ALLOWED,
) = range(7)  # fmt: skip
REASONS = (
    "engaged",
    "no track",
    "no track grade",
    "no window",
    "no rounds",
    "no channel",
    "policy",
)


# How the rounds of one interceptor class follow each other at one track.
ONE_SALVO, LOOK_BETWEEN, SALVO_THEN_SINGLES = (
    "salvo",  # one salvo, nothing after it
    "shoot_look_shoot",  # salvo, look, salvo ...
    "shoot_shoot_look",  # salvo, look, single round, look, single round ...
)
NO_LIMIT_LOOKS: Final = 64  # stock and windows end a sequence long before
NO_RELOAD_S: Final = float("inf")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReachTable:
    """Times to reach points of a rectangular grid, from launch on; inf where out of reach."""

    ranges_m: tuple[float, ...]  # ground range, ascending
    heights_m: tuple[float, ...]  # ascending
    times_s: tuple[tuple[float, ...], ...]  # [range][height]


@dataclass(frozen=True, slots=True, kw_only=True)
class Weapon:
    """An interceptor as a time-to-reach table plus a given kill probability; nothing of how it works."""

    name: str
    product: str  # name of the production line's product
    provider: str  # "boost_coast", "parametric" or "table"
    burnout_speed_mps: float
    burn_s: float
    decay_s: float  # 0: no speed decay
    average_speed_mps: float  # parametric only
    prepare_s: float
    height_low_m: float
    height_high_m: float
    range_low_m: float
    range_high_m: float
    kill_ballistic: float
    kill_glide: float
    salvo: int
    doctrine: str = LOOK_BETWEEN  # or ONE_SALVO, SALVO_THEN_SINGLES
    looks: int = NO_LIMIT_LOOKS  # salvos of this class at one track, each judged before the next
    reload_s: float = NO_RELOAD_S  # from a launch until a reserve round stands in its place
    table: ReachTable | None = None  # provider "table" only


@dataclass(frozen=True, slots=True, kw_only=True)
class Magazine:
    """Rounds of one weapon at one battery."""

    weapon: str
    ready: int
    reserve: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Battery:
    """One firing unit."""

    name: str
    owner: str
    lat_deg: float
    lon_deg: float
    height_m: float
    magazines: tuple[Magazine, ...]
    channels: int  # engagements at the same time
    availability: float = 1.0


# What a nation may refuse to pass on.
REFUSED_WARNING, REFUSED_TRACK = "warning", "track"


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A nation keeps a category of its data from another, in a share of the raids.

    `warning`: launch events. `track`: tracks, and the plots of one picture.
    """

    sender: str
    receiver: str
    category: str  # REFUSED_WARNING or REFUSED_TRACK
    probability: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Architecture:
    """Who sees whose data, who decides, and how long passing it on takes."""

    name: str
    label: str
    share_warning: bool
    share_track: bool
    one_picture: bool  # all plots in one place
    engage_on_remote: bool
    one_assignment: bool  # one assignment over all batteries
    relay_s: Triangle  # between nations, for what this architecture shares
    warning_relay_s: Triangle
    decide_s: Triangle  # weapon commitment
    network_cost_musd: tuple[float, float, float]  # low, value, high a year
    refusals: tuple[Refusal, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class EngageSettings:
    """Numbers of the engagement analysis that a study may vary."""

    weapon_delay_s: float
    assess_s: float
    keep_out_height_m: float
    support_share: float  # share of the fly-out that needs a grade-E track
    support_penalty: float  # factor on the kill probability below that share
    same_object_m: float  # tracks this close to an intercept are judged by its result
    same_path_m: float  # tracks of two nations this close are one object to a joint assignment
    kill_seen_as_miss: float = 0.0  # share of kills that the assessment takes for misses
    miss_seen_as_kill: float = 0.0  # share of misses that it takes for kills
    p_track_each: float = 1.0  # a threat can be engaged with success at all; each by itself
    p_system_raid: float = 1.0  # an owner's interceptors of one product work in this raid
    kill_spread: float = 0.0  # correlation of two shots of a product through a kill probability


@dataclass(frozen=True, slots=True, kw_only=True)
class Engagements:
    """One row per salvo, or per (picture, track) that got none, with the reason."""

    batteries: tuple[str, ...]
    owners: tuple[str, ...]  # owner of each battery
    weapons: tuple[str, ...]
    pictures: tuple[str, ...]
    picture: Ints  # (E,) whose decision
    track: Ints  # (E,) track in that picture
    battery: Ints  # (E,) -1 when none
    weapon: Ints  # (E,) -1 when none
    rounds: Ints  # (E,)
    t_commit_s: Floats  # (E,)
    t_launch_s: Floats  # (E,)
    t_intercept_s: Floats  # (E,)
    lat_deg: Floats  # (E,) predicted intercept
    lon_deg: Floats  # (E,)
    height_m: Floats  # (E,)
    kill_probability: Floats  # (E,) of the salvo as planned
    killed: Ints  # (E,) what the assessment said
    reason: Ints  # (E,) index into REASONS

    def __post_init__(self) -> None:
        e = len(self.track)
        f, i = np.float64, np.int32
        ints = ("picture", "track", "battery", "weapon", "rounds", "killed", "reason")
        floats = (
            "t_commit_s",
            "t_launch_s",
            "t_intercept_s",
            "lat_deg",
            "lon_deg",
            "height_m",
            "kill_probability",
        )
        freeze(self, dict.fromkeys(ints, (i, (e,))) | dict.fromkeys(floats, (f, (e,))))
