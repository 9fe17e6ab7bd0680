"""Sensors, and what they report."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np

from hinomi.records.columns import Floats, Ints, freeze, none

Triangle = tuple[float, float, float]  # low, mode, high of a triangular distribution

FALSE_PLOT = -1  # `body` of a plot that no body caused


@dataclass(frozen=True, slots=True, kw_only=True)
class Radar:
    """One radar at a fixed site; `reference_range_m` is where 1 m2 gives `reference_snr_db` in one dwell."""

    name: str
    owner: str
    lat_deg: float
    lon_deg: float
    height_m: float
    reference_range_m: float
    reference_snr_db: float
    face_az_rad: float
    sector_rad: float  # full width; 2 pi for a rotating or four-faced radar
    min_el_rad: float
    revisit_s: int
    frame_s: int
    range_floor_m: float
    angle_floor_rad: float
    beamwidth_rad: float
    bandwidth_hz: float
    false_alarm_probability: float
    false_plots_per_frame: float
    latency_s: Triangle
    range_bias_m: float = 0.0
    angle_bias_rad: float = 0.0
    availability: float = 1.0
    # Least elevation by azimuth where it is above min_el_rad: equal sectors from north clockwise.
    mask_el_rad: tuple[float, ...] = ()
    fluctuation: int = 1  # Swerling case 0 (steady) or 1 (changes from look to look)
    refraction: str = "mixed"  # of REFRACTIONS
    # Time budget: tracks get track_share of the time; a look lasts dwell_s at most, less when many
    # bodies are held, and revisits stretch when the least dwells do not fit; inf: no budget.
    track_share: float = math.inf
    dwell_s: float = 0.1
    resolves: bool = False  # bodies within one range and beam cell give one plot
    windows_s: tuple[tuple[float, float], ...] = ()  # looks only in [start, end); () = always


REFRACTIONS = ("mixed", "four-thirds", "none")


@dataclass(frozen=True, slots=True, kw_only=True)
class Infrared:
    """One infrared satellite on a circular orbit; `intensity_ref_w_sr` at `reference_range_m` gives SNR 6."""

    name: str
    owner: str
    semi_major_axis_m: float
    inclination_rad: float
    node_rad: float  # right ascension of the ascending node at epoch
    argument_rad: float  # argument of latitude at epoch
    stationary: bool  # True: held over node_rad as Earth-fixed longitude
    frame_s: int
    phase_s: int
    band: int  # index into records.flights.BANDS
    intensity_ref_w_sr: float
    reference_range_m: float
    threshold: float  # detection threshold in units of noise
    angle_floor_rad: float
    pixel_rad: float
    bias_rad: float  # one sigma of the line-of-sight bias of a run, per axis
    graze_m: float
    latency_s: Triangle
    availability: float = 1.0
    elements: tuple[str, str] | None = None  # two-line elements: these give the orbit, by SGP4
    elements_epoch_jd: float = math.nan  # Julian date (UTC) of the scenario's epoch, with elements
    cold_only: bool = False  # sees only against space: the line of sight must not end on the Earth
    sun_exclusion_rad: float = 0.0  # nothing is seen within this angle of the Sun
    field_rad: float = math.pi  # half angle of the field of regard about the Earth's centre
    clutter_per_hour_mkm2: float = 0.0  # false starts per hour and million km2 of Earth in view
    windows_s: tuple[tuple[float, float], ...] = ()  # looks only in [start, end); () = always


@dataclass(frozen=True, slots=True, kw_only=True)
class Sensors:
    """Every sensor of a scenario and the Greenwich angle at its epoch."""

    radars: tuple[Radar, ...]
    infrared: tuple[Infrared, ...]
    greenwich_rad: float
    # Unit vector to the Sun at the epoch, axes that do not turn; (0, 0, 0): the Sun is left out.
    sun: tuple[float, float, float] = (0.0, 0.0, 0.0)

    @property
    def names(self) -> tuple[str, ...]:
        """Radars first, then satellites: the order that `Plots.sensor` indexes."""
        return (*(r.name for r in self.radars), *(s.name for s in self.infrared))

    @property
    def owners(self) -> tuple[str, ...]:
        """Owner of each sensor, in the order of `names`."""
        return (*(r.owner for r in self.radars), *(s.owner for s in self.infrared))


@dataclass(frozen=True, slots=True, kw_only=True)
class Cue:
    """A launch event passed on by another nation: search frames halve around it from `t_s` on."""

    t_s: float
    r_m: tuple[float, float, float]  # presumed launch point, Earth-fixed
    radius_m: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Plots:
    """Reports by single sensors; `observe` sorts them by time then sensor, others need not.

    `range_m` is NaN for infrared.

    `los` is the measured unit vector from the sensor at `site_m` towards the object, in Earth-fixed
    axes; its error is `sigma_los_rad` on each of the two axes across it. `body` is truth and may be
    read only by `score` and `study.outcome`.
    """

    sensors: tuple[str, ...]
    owners: tuple[str, ...]  # owner of each sensor
    t_s: Floats  # (P,) when measured
    t_available_s: Floats  # (P,) when the owner has it; relay delays are added by the study
    sensor: Ints  # (P,)
    site_m: Floats  # (P, 3)
    los: Floats  # (P, 3)
    range_m: Floats  # (P,)
    sigma_los_rad: Floats  # (P,)
    sigma_range_m: Floats  # (P,) NaN for infrared
    snr_db: Floats  # (P,)
    body: Ints  # (P,) FALSE_PLOT where nothing is there
    range_rate_mps: Floats = field(
        default_factory=none
    )  # (P,) growing range is positive; NaN where not measured
    sigma_range_rate_mps: Floats = field(default_factory=none)  # (P,) NaN where not measured

    def __post_init__(self) -> None:
        p = len(self.t_s)
        for name in ("range_rate_mps", "sigma_range_rate_mps"):
            if p and not len(getattr(self, name)):
                object.__setattr__(self, name, np.full(p, np.nan))
        f, i = np.float64, np.int32
        columns = (
            "t_s", "t_available_s", "range_m", "sigma_los_rad", "sigma_range_m", "snr_db",
            "range_rate_mps", "sigma_range_rate_mps",
        )  # fmt: skip
        freeze(
            self,
            dict.fromkeys(columns, (f, (p,)))
            | {"site_m": (f, (p, 3)), "los": (f, (p, 3)), "sensor": (i, (p,)), "body": (i, (p,))},
        )
