"""What the trackers believe."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from hinomi.records.columns import Floats, Ints, freeze, no_ints, none

# Status of a track.
TENTATIVE, CONFIRMED, DROPPED = range(3)
# Track grades, on the predicted track (never mixed up with the grade of a number).
NO_GRADE, WARNING_GRADE, CUE_GRADE, ENGAGEMENT_GRADE = range(4)
GRADES = ("-", "W", "Q", "E")
# What became of a plot: every plot offered to a tracker has one of these, so none is lost in silence.
PLOT_FATES = (
    "used",  # updated or started a track
    "spare",  # in the gate of a firm track that used a better plot of that second
    "unused",  # fitted no track and started none that lived
    "late",  # older than the reorder buffer when it arrived
    "duplicate",  # same sensor, time and direction as another
    "not finite",
    "bad sigma",  # zero or negative
    "unknown sensor",
    "no room",  # all slots for live tracks taken
)
# Motion modes.
MODES = ("boost", "coast", "glide", "manoeuvre", "pull", "cruise")
MODE_BOOST, MODE_COAST, MODE_GLIDE, MODE_MANOEUVRE, MODE_PULL, MODE_CRUISE = range(len(MODES))
ALWAYS = MODES[:4]  # what a tracker counts with unless told of quasi-ballistic or cruise bodies


ESTIMATORS = ("extended", "cubature")


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackSettings:
    """Numbers of the tracker that a study may vary."""

    confirm_hits: int  # M of N plots confirm a tentative track
    confirm_looks: int
    gate_probability: float
    drop_after_s: float  # a confirmed track without a plot for this long is dropped
    drop_sigma_m: float
    speed_limit_mps: float
    warning_position_m: float  # rms over three axes
    warning_speed_mps: float
    cue_position_m: float  # predicted 30 s ahead
    engage_position_m: float  # predicted 10 s ahead
    fuse_every_s: float = 5.0
    modes: tuple[str, ...] = ALWAYS  # of MODES, in that order
    estimator: str = "extended"  # of ESTIMATORS
    association: str = "nearest"  # or "joint"
    joint_limit: int = 5  # joint association for clusters of up to this many tracks
    reorder_s: float = 30.0  # plots are put in order this far back; older ones are late
    drop_misses: int = 5  # looks missed while visible that end a track, where sensors are known


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)  # arrays: the same only if it is itself
class Tracks:
    """Updates of tracks, sorted by time then track; one picture (whose eyes, whose plots).

    mean: x y z vx vy vz (Earth-fixed, m, m/s), then specific force along the velocity, in the
    vertical plane (lift) and to the right (m/s2). cov is of the first six, or of all nine.
    """

    picture: str
    t_s: Floats  # (K,) time of validity
    t_available_s: Floats  # (K,) when this picture's owner has this row
    track: Ints  # (K,)
    mean: Floats  # (K, 9)
    cov: Floats  # (K, 9, 9)
    mode: Floats  # (K, M) probabilities of MODES; modes that are left out have none
    status: Ints  # (K,)
    grade: Ints  # (K,)
    plot: Ints  # (K,) index of the plot used, -1 for a fused row or a drop
    plots: int  # number of plots offered
    # Squared normalised innovation of the plot used and its degrees of freedom; NaN and 0 where
    # none: a start, a drop, a fused row.
    innovation2: Floats = field(default_factory=none)  # (K,)
    innovation_size: Ints = field(default_factory=no_ints)  # (K,)
    fate: Ints = field(
        default_factory=no_ints
    )  # (plots,) index into PLOT_FATES; empty when not told

    def __post_init__(self) -> None:
        k = len(self.t_s)
        f, i = np.float64, np.int32
        if k and not len(self.innovation2):
            object.__setattr__(self, "innovation2", np.full(k, np.nan))
            object.__setattr__(self, "innovation_size", np.zeros(k, i))
        if self.mode.ndim == 2 and self.mode.shape[1] < len(MODES):
            mode = np.pad(self.mode, ((0, 0), (0, len(MODES) - self.mode.shape[1])))
            object.__setattr__(self, "mode", mode)
        freeze(
            self,
            {
                "t_s": (f, (k,)),
                "t_available_s": (f, (k,)),
                "mean": (f, (k, 9)),
                "cov": (f, (k, 9, 9)),
                "mode": (f, (k, len(MODES))),
                "innovation2": (f, (k,)),
                "innovation_size": (i, (k,)),
                "fate": (i, (-1,)),
                **dict.fromkeys(("track", "status", "grade", "plot"), (i, (k,))),
            },
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecasts:
    """Predicted end of a track at one time: where, when, and how likely each alerted unit is affected.

    Degrees, because this is geography. Rows sorted by availability.
    """

    picture: str
    units: tuple[str, ...]  # names of the U units that may be alerted
    track: Ints  # (F,)
    t_s: Floats  # (F,) time of the state used
    t_available_s: Floats  # (F,)
    grade: Ints  # (F,) grade of the track then
    p_hit: Floats  # (F, U)
    p_over: Floats  # (F, U)
    end_lat_deg: Floats  # (F,) mean end point
    end_lon_deg: Floats  # (F,)
    end_cov_km2: Floats  # (F, 3) east-east, north-north, east-north
    end_t_s: Floats  # (F,) mean time of the end
    end_t_low_s: Floats  # (F,) 5 %
    end_t_high_s: Floats  # (F,) 95 %
    spread_km: Floats  # (F,) radius that holds 90 % of the samples
    samples: int

    def __post_init__(self) -> None:
        n, u = len(self.t_s), len(self.units)
        f, i = np.float64, np.int32
        vectors = (
            "t_s", "t_available_s", "end_lat_deg", "end_lon_deg", "end_t_s", "end_t_low_s", "end_t_high_s", "spread_km",
        )  # fmt: skip
        freeze(
            self,
            dict.fromkeys(vectors, (f, (n,)))
            | {"p_hit": (f, (n, u)), "p_over": (f, (n, u)), "end_cov_km2": (f, (n, 3))}
            | {"track": (i, (n,)), "grade": (i, (n,))},
        )
