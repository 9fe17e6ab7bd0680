"""What flies: classes, planned bodies and their true paths."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hinomi.records.columns import Floats, Ints, freeze

# Phases of a flight, in order.
WAITING, BOOST, COAST, GLIDE, FALL, ENDED = range(6)
PHASES = ("waiting", "boost", "coast", "glide", "fall", "ended")

# Infrared bands that signatures and sensors name.
BANDS = ("2.6-2.9 um", "3-5 um")

BALLISTIC_KIND, GLIDE_KIND = "ballistic", "glide"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """One stage of a generic booster."""

    propellant_kg: float
    dry_kg: float
    isp_vacuum_s: float
    burn_s: float
    diameter_m: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreatClass:
    """A generic class of body: rounded public estimates, never a named system's data."""

    name: str
    kind: str  # "ballistic" or "glide"
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Threat:
    """One planned body: from an arc around a centre to an aim rounded to 0.1 degree."""

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
    bank_rad: float = 0.0  # one bank during the glide
    bank_from_s: float = 0.0  # after the glide began
    bank_for_s: float = 0.0
    mass_spread: float = 0.0
    isp_spread_s: float = 0.0
    burn_spread: float = 0.0
    density_spread: float = 0.0
    tolerance_m: float = 1000.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Flights:
    """True paths on a common grid of whole seconds; body b exists from first[b] to last[b].

    Outside [first, last] positions are NaN. Earth-fixed WGS-84 axes.
    """

    bodies: tuple[str, ...]
    classes: tuple[str, ...]  # class of each body
    kinds: tuple[str, ...]  # "ballistic" or "glide", per body
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
    burnout_t_s: Floats  # (B,)
    end_t_s: Floats  # (B,)
    end_lat_deg: Floats  # (B,)
    end_lon_deg: Floats  # (B,)
    apogee_m: Floats  # (B,)

    def __post_init__(self) -> None:
        b, t = len(self.bodies), len(self.t_s)
        f, i = np.float64, np.int32
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
                **dict.fromkeys(("launch_t_s", "burnout_t_s", "end_t_s"), (f, (b,))),
                **dict.fromkeys(("end_lat_deg", "end_lon_deg", "apogee_m"), (f, (b,))),
            },
        )
