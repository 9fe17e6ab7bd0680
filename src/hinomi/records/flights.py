"""What flies: classes, planned bodies and their true paths."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from hinomi.records.columns import Floats, Ints, freeze

# Phases of a flight, in order.
WAITING, BOOST, COAST, GLIDE, FALL, ENDED = range(6)
PHASES = ("waiting", "boost", "coast", "glide", "fall", "ended")

# Infrared bands that signatures and sensors name.
BANDS = ("2.6-2.9 um", "3-5 um")

# Kinds of body, and the laws under which one of them lifts.
BALLISTIC_KIND, GLIDE_KIND, QUASI_BALLISTIC_KIND, LAUNCHER_KIND, CRUISE_KIND = KINDS = (
    "ballistic", "glide", "quasi_ballistic", "launcher", "cruise",
)  # fmt: skip
LIFTING_KINDS = (GLIDE_KIND, QUASI_BALLISTIC_KIND)
EQUILIBRIUM_LAW, SKIP_LAW = LIFT_LAWS = "equilibrium", "skip"

# Where the spread of a body's numbers comes from: what its group says, or its class's ranges too.
GROUP_SPREAD, CLASS_SPREAD = "group", "class"
# Numbers of a body, then of each stage, that a class may give a range for; draws keep this order.
BODY_RANGES = ("payload_kg", "beta_kg_m2", "lift_to_drag")
STAGE_RANGES = ("propellant_kg", "dry_kg", "isp_vacuum_s", "burn_s")


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """One stage of a generic booster."""

    propellant_kg: float
    dry_kg: float
    isp_vacuum_s: float
    burn_s: float
    diameter_m: float
    # 0: thrust along the velocity; else thrust starts along the velocity at ignition and turns
    # down in the vertical plane at this constant rate (upper stages of space launchers).
    pitch_rate_rad_s: float = 0.0
    spent_beta_kg_m2: float = 2000.0  # of the empty stage, tumbling


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassRange:
    """Low and high of one number of a class; its own value is the most likely one."""

    key: str  # one of BODY_RANGES, or of STAGE_RANGES
    stage: int = -1  # -1: of the body
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreatClass:
    """A generic class of body: rounded public estimates, never a named system's data."""

    name: str
    kind: str  # one of KINDS
    stages: tuple[Stage, ...]
    payload_kg: float
    beta_kg_m2: float
    back_pressure_share: float  # nozzle exit area times sea-level pressure over vacuum thrust
    burn_spread: float  # relative one-sigma spread of the burn time, as a predictor knows it
    # glide
    lift_to_drag: float = 0.0
    lift_to_drag_low: float = 0.0
    lift_to_drag_high: float = 0.0
    glide_below_m: float = 60_000.0
    terminal_speed_mps: float = 1200.0
    terminal_speed_low_mps: float = 800.0
    terminal_speed_high_mps: float = 1600.0
    scale_height_m: float = 7100.0
    damping_per_s: float = 0.03
    bank_limit_rad: float = 1.0471975511965976
    lift_law: str = EQUILIBRIUM_LAW
    lift_floor_m: float = 0.0  # lift ends below this height (quasi-ballistic)
    # cruise
    cruise_height_m: float = 0.0
    cruise_speed_mps: float = 0.0
    cruise_turn_mps2: float = 19.6133  # lateral acceleration of a turn: 2 g
    # what radars see
    rcs_boost_m2: float = 1.0
    rcs_body_m2: float = 0.05
    # what infrared sensors see
    plume_efficiency: tuple[float, float] = (0.005, 0.005)  # share of jet power, per band
    cloud_height_m: float = 8000.0
    nose_radius_m: float = 0.05
    acreage_share: float = 0.1
    acreage_m2: float = 3.0
    stagnation_m2: float = 0.05
    view_factor: float = 0.5
    emissivity: float = 0.85
    coast_area_m2: float = 2.0
    coast_emissivity: float = 0.8
    coast_temperature_k: float = 300.0
    ranges: tuple[ClassRange, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class GivenPath:
    """A way that is given, not computed: Earth-fixed states at rising times after its start."""

    t_s: Floats  # (N,) from 0
    r_m: Floats  # (N, 3)
    v_mps: Floats  # (N, 3)
    phase: Ints  # (N,) -1 where it is not told
    burnout_s: float  # end of thrust after the start; NaN: as long as the class burns

    def __post_init__(self) -> None:
        n = len(self.t_s)
        f = np.float64
        shapes: dict[str, tuple[type, tuple[int, ...]]] = {
            "t_s": (f, (n,)), "r_m": (f, (n, 3)), "v_mps": (f, (n, 3)), "phase": (np.int32, (n,)),
        }  # fmt: skip
        freeze(self, shapes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Threat:
    """One planned body: from an arc around a centre to an aim rounded to 0.1 degree.

    Aim and apogee are NaN for a launcher, the apogee is for a cruise body.
    """

    body: str
    threat_class: str
    aim_lat_deg: float
    aim_lon_deg: float
    apogee_low_m: float
    apogee_high_m: float
    centre_lat_deg: float
    centre_lon_deg: float
    distance_low_m: float  # 0 and 0: the centre itself is the launch point
    distance_high_m: float
    bearing_low_rad: float
    bearing_high_rad: float
    start_low_s: float
    start_high_s: float
    # Piecewise constant bank: (seconds after the glide law came on, angle [rad]); level before.
    bank_schedule: tuple[tuple[float, float], ...] = ()
    mass_spread: float = 0.0
    isp_spread_s: float = 0.0
    burn_spread: float = 0.0
    density_spread: float = 0.0
    disperse: str = GROUP_SPREAD  # or CLASS_SPREAD
    tolerance_m: float = 1000.0
    # launcher: flown as told instead of towards an aim
    azimuth_rad: float = math.nan
    kick_rad: float = math.nan
    fails_at_low_s: float = math.inf
    fails_at_high_s: float = math.inf
    waypoints_deg: tuple[tuple[float, float], ...] = ()  # cruise: (lat, lon) between start and aim
    spent_stages: bool = False  # stages that fall off are bodies of their own, "NAME/stage1" ...
    given: GivenPath | None = None  # flown as it is, whatever the kind of the class


@dataclass(frozen=True, slots=True, kw_only=True)
class Flights:
    """True paths on a common grid of whole seconds; body b exists from first[b] to last[b].

    Outside [first, last] positions are NaN. Earth-fixed WGS-84 axes.

    Spent stages follow all threats: `parent` is the body they fell off, `launch_t_s` the ignition of
    that body, `burnout_t_s` the time at which they fell off, `first` the first whole second after
    it. A body that stays up (in orbit) ends with the grid and its end place is NaN. A cruise body
    has no boost: `burnout_t_s` is its start, its phase is GLIDE.
    """

    bodies: tuple[str, ...]
    classes: tuple[str, ...]  # class of each body
    kinds: tuple[str, ...]  # one of KINDS, per body
    t_s: Floats  # (T,)
    r_m: Floats  # (B, T, 3)
    v_mps: Floats  # (B, T, 3)
    height_m: Floats  # (B, T) above the ellipsoid
    phase: Ints  # (B, T)
    intensity_w_sr: Floats  # (B, T, 2) radiant intensity per band
    rcs_m2: Floats  # (B, T)
    first: Ints  # (B,)
    last: Ints  # (B,)
    launch_t_s: Floats  # (B,) ignition
    burnout_t_s: Floats  # (B,) end of thrust
    end_t_s: Floats  # (B,)
    end_lat_deg: Floats  # (B,)
    end_lon_deg: Floats  # (B,)
    apogee_m: Floats  # (B,)
    parent: Ints | None = None  # (B,) body it fell off, -1: a threat of its own

    def __post_init__(self) -> None:
        b, t = len(self.bodies), len(self.t_s)
        f, i = np.float64, np.int32
        if self.parent is None:
            object.__setattr__(self, "parent", np.full(b, -1, dtype=i))
        freeze(
            self,
            {
                "t_s": (f, (t,)),
                "r_m": (f, (b, t, 3)),
                "v_mps": (f, (b, t, 3)),
                "height_m": (f, (b, t)),
                "phase": (i, (b, t)),
                "intensity_w_sr": (f, (b, t, len(BANDS))),
                "rcs_m2": (f, (b, t)),
                "first": (i, (b,)),
                "last": (i, (b,)),
                "parent": (i, (b,)),
                **dict.fromkeys(("launch_t_s", "burnout_t_s", "end_t_s"), (f, (b,))),
                **dict.fromkeys(("end_lat_deg", "end_lon_deg", "apogee_m"), (f, (b,))),
            },
        )
