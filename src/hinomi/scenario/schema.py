"""What a scenario file may say: every section, key, unit and limit."""

from __future__ import annotations

from datetime import UTC
from itertools import pairwise
from typing import Annotated, Any, Literal, Self, TypeAlias

from pydantic import (
    AwareDatetime,
    Field,
    SerializerFunctionWrapHandler,
    Strict,
    model_serializer,
    model_validator,
)
from pydantic_core import PydanticCustomError

from hinomi.scenario.catalogue_schema import Catalogue, Flag, Name, Section, Text
from hinomi.scenario.quantity import (
    FINER,
    FINER_FAILURE,
    FINER_TILT,
    Bearing,
    Count,
    Drawn,
    Grade,
    Latitude,
    Longitude,
    NonNegative,
    Positive,
    Quantity,
    Share,
    Within,
    q,
)
from hinomi.scenario.sensor_schema import (
    FromFile,
    Mask,
    RadarUnit,
    Stationary,
    Walker,
    Windows,
)
from hinomi.scenario.supply_schema import MoneySection, SupplySection
from hinomi.scenario.warning_schema import Warning_

FORMAT = "hinomi/scenario/1"
CoarseLatitude: TypeAlias = Annotated[Quantity, Within(low=-90.0, high=90.0, step=0.1)]
CoarseLongitude: TypeAlias = Annotated[Quantity, Within(low=-180.0, high=180.0, step=0.1)]
# Places as the bundled scenarios and launches print them, so that copies of those still load.
PUBLIC_SITES = ((39.66, 124.705), (39.2, 125.67), (40.61, 126.43))
_PUBLIC = tuple(((lat,) * 3, (lon,) * 3) for lat, lon in PUBLIC_SITES)
FailureTime: TypeAlias = Annotated[Quantity, Within(low=0.0, step=5.0, finer=FINER_FAILURE)]
LEAST_FAILURE_S = 10.0  # from low to high: the end is drawn along 40 km or more, and never chosen
Spread: TypeAlias = Annotated[Quantity, Within(low=0.0, high=0.5)]


class Area(Section):
    """Where the questions are asked; arcs are measured from the centre."""

    centre_lat_deg: CoarseLatitude
    centre_lon_deg: CoarseLongitude
    half_width_km: Annotated[Quantity, Within(low=50.0, high=5000.0)]
    west_deg: Longitude
    south_deg: Latitude
    east_deg: Longitude
    north_deg: Latitude
    prefectures: list[Text] = Field(default_factory=list)
    island_groups: list[Text] = Field(default_factory=list)
    places: Text | None = None

    @model_serializer(mode="wrap")
    def _without_no_places(self, serialize: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """Leave the key out where it is not given: Japan's scenarios keep their content hash."""
        written: dict[str, Any] = serialize(self)
        if written.get("places") is None:
            written.pop("places", None)
        return written


class Companion(Section):
    """A result that is always printed beside the headline."""

    variant: Name
    title: Text


class Study(Section):
    """How often the chain runs, and what is compared."""

    replicates: Annotated[Quantity, Within(low=1.0, high=100_000.0, whole=True)]
    seed: Annotated[Quantity, Within(low=0.0, high=2.0**32 - 1.0, whole=True)]
    batch_size: Annotated[Quantity, Within(low=1.0, high=1000.0, whole=True)]
    t_end_s: Annotated[Quantity, Within(low=60.0, high=14_400.0, whole=True)]
    keep_full: Count = q(5.0)
    architectures: Annotated[list[Name], Field(min_length=1, max_length=16)]
    headline: Annotated[list[Name], Field(min_length=2, max_length=2)] | None = None
    beside: Annotated[list[Name], Field(min_length=2, max_length=2)] | None = None
    companions: list[Companion] = Field(default_factory=list)


class RefusalSection(Section):
    """A nation that keeps a category of data from another, in a share of the raids."""

    sender: Name
    receiver: Name
    category: Literal["warning", "track"]
    probability: Share = q(1.0)


class ArchitectureSection(Section):
    """Who sees whose data, who decides, and how long passing it on takes."""

    name: Name
    label: Text
    like: Name | None = None
    share_warning: Flag
    share_track: Flag
    one_picture: Flag
    engage_on_remote: Flag
    one_assignment: Flag
    relay_s: Drawn
    warning_relay_s: Drawn
    decide_s: Drawn
    network_cost_musd_per_year: NonNegative
    refusals: Annotated[list[RefusalSection], Field(max_length=32, default_factory=list)]


class Aim(Section):
    """Where a body ends: a municipal office or a sea point, no finer than 0.1 degree."""

    name: Text
    lat_deg: CoarseLatitude
    lon_deg: CoarseLongitude


class Arc(Section):
    """Starts uniform on an arc around the centre of the area; no real base."""

    distance_low_km: Annotated[Quantity, Within(above=0.0, high=8000.0)]
    distance_high_km: Annotated[Quantity, Within(above=0.0, high=8000.0)]
    bearing_low_deg: Bearing
    bearing_high_deg: Bearing


class Site(Section):
    """A launch place of the public record, no finer than 0.1 degree but for those of PUBLIC_SITES."""

    name: Text
    lat_deg: Latitude
    lon_deg: Longitude
    source: Text

    @model_validator(mode="after")
    def _coarse(self) -> Self:
        """Hold all that a range says too, so that no band stands for a fine position."""
        spans = [x for q in (self.lat_deg, self.lon_deg) for x in set(q.triangle)]
        fine = [x for x in spans if abs(x * 10.0 - round(x * 10.0)) > 1e-6]
        if fine and (self.lat_deg.triangle, self.lon_deg.triangle) not in _PUBLIC:
            raise PydanticCustomError(
                "fence",
                FINER,  # type: ignore[arg-type]
                {"limit": "latitude and longitude no finer than 0.1 deg", "given": fine[0]},
            )
        return self


class Bank(Section):
    """One bank during the glide."""

    angle_deg: Annotated[Quantity, Within(low=-60.0, high=60.0)]
    from_s: NonNegative
    for_s: NonNegative


class BankStep(Section):
    """A bank that holds until the next one."""

    from_s: NonNegative
    angle_deg: Annotated[Quantity, Within(low=-60.0, high=60.0)]


class ThreatGroup(Section):
    """Bodies of one class; `count` defaults to one a named aim and goes round the aims.

    Which keys a group needs follows from the kind of its class: see `hinomi.scenario.threat_keys`.
    """

    name: Name
    threat_class: Annotated[Name, Field(alias="class")]
    count: Annotated[Quantity, Within(low=0.0, high=200.0, whole=True)] | None = None
    aims: Annotated[list[Aim], Field(max_length=200, default_factory=list)]
    apogee_low_km: Annotated[Quantity, Within(low=20.0, high=8000.0)] | None = None
    apogee_high_km: Annotated[Quantity, Within(low=20.0, high=8000.0)] | None = None
    arc: Arc | None = None
    site: Site | None = None
    start_low_s: NonNegative
    start_high_s: NonNegative
    bank: Bank | None = None
    bank_schedule: Annotated[list[BankStep], Field(max_length=8, default_factory=list)]
    azimuth_deg: Annotated[Quantity, Within(low=0.0, high=360.0, step=0.1)] | None = None
    kick_deg: Annotated[Quantity, Within(low=0.0, high=35.0, step=0.1, finer=FINER_TILT)] | None = (
        None
    )
    fails_at_low_s: FailureTime | None = None
    fails_at_high_s: FailureTime | None = None
    waypoints: Annotated[list[Aim], Field(max_length=50, default_factory=list)]
    spent_stages: Flag = False
    disperse: Literal["group", "class"] = "group"
    mass_spread: Spread = q(0.0)
    isp_spread_s: Annotated[Quantity, Within(low=0.0, high=50.0)] = q(0.0)
    burn_spread: Spread = q(0.0)
    density_spread: Spread = q(0.0)
    tolerance_km: Annotated[Quantity, Within(low=1.0, high=200.0)] = q(1.0)
    # A way of a file instead of one that is computed: see `hinomi.scenario.trajectories`.
    trajectory: Text = ""
    trajectory_body: Text = ""
    trajectory_rows: Annotated[str, Strict(), Field(max_length=4_000_000)] = ""
    burnout_s: NonNegative | None = None

    @model_serializer(mode="wrap")
    def _without_no_trajectory(self, serialize: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """Leave its keys out where they are not given: other scenarios keep their content hash."""
        written: dict[str, Any] = serialize(self)
        for key in ("trajectory", "trajectory_body", "trajectory_rows", "burnout_s"):
            if not written.get(key) and written.get(key) != 0:
                written.pop(key, None)
        return written

    @model_validator(mode="after")
    def _one_origin(self) -> Self:
        given_way = bool(self.trajectory or self.trajectory_rows)
        if (self.arc is not None) + (self.site is not None) + given_way != 1:
            raise PydanticCustomError(
                "origin", "needs either arc, site or trajectory, one of the three", {}
            )
        for low, high in (
            ("apogee_low_km", "apogee_high_km"),
            ("start_low_s", "start_high_s"),
            ("fails_at_low_s", "fails_at_high_s"),
        ):
            given = getattr(self, low), getattr(self, high)
            if (given[0] is None) != (given[1] is None):
                raise PydanticCustomError(
                    "pair", "needs both {low} and {high}, or neither", {"low": low, "high": high}
                )
            if given[0] is not None and given[0].value > given[1].value:
                raise PydanticCustomError(
                    "order", "has {low} above {high}", {"low": low, "high": high}
                )
        if self.arc and self.arc.distance_low_km.value > self.arc.distance_high_km.value:
            raise PydanticCustomError(
                "order", "has arc.distance_low_km above arc.distance_high_km", {}
            )
        return self

    @model_validator(mode="after")
    def _end_is_drawn(self) -> Self:
        """Hold the span of a failure open: a single time would choose an end point."""
        low, high = self.fails_at_low_s, self.fails_at_high_s
        if low is not None and high is not None and high.value - low.value < LEAST_FAILURE_S:
            raise PydanticCustomError(
                "fence",
                "has fails_at_low_s and fails_at_high_s closer than the scope of this project "
                "allows: an end point is drawn, not chosen",
                {
                    "limit": f"{LEAST_FAILURE_S:g} s apart or more",
                    "given": high.value - low.value,
                },
            )
        return self

    @model_validator(mode="after")
    def _one_bank(self) -> Self:
        if self.bank is not None and self.bank_schedule:
            raise PydanticCustomError(
                "bank", "has both bank and bank_schedule; give one of the two", {}
            )
        times = [step.from_s.value for step in self.bank_schedule]
        if any(b <= a for a, b in pairwise(times)):
            raise PydanticCustomError(
                "order", "has a bank_schedule that is not in order of from_s", {}
            )
        return self


class Rounds(Section):
    """Rounds of one weapon at one battery."""

    ready: Count
    reserve: Count = q(0.0)


class BatterySection(Section):
    """One firing unit, with a radar of its own where `radar` names a class."""

    name: Name
    owner: Name
    lat_deg: Latitude
    lon_deg: Longitude
    height_m: Annotated[Quantity, Within(low=0.0, high=5000.0)] = q(0.0)
    magazines: dict[Name, Rounds]
    channels: Annotated[Quantity, Within(low=1.0, high=64.0, whole=True)]
    at_sea: Flag = False
    radar: Name | None = None
    radar_height_m: Annotated[Quantity, Within(low=0.0, high=5000.0)] = q(10.0)
    radar_face_az_deg: Bearing = q(0.0)
    radar_mask_el_deg: Mask = Field(default_factory=list)
    radar_on: Windows = Field(default_factory=list)
    availability: Share = q(1.0)


class Tracking(Section):
    """Numbers of the tracker."""

    confirm_hits: Annotated[Quantity, Within(low=1.0, high=10.0, whole=True)]
    confirm_looks: Annotated[Quantity, Within(low=1.0, high=10.0, whole=True)]
    gate_probability: Annotated[Quantity, Within(low=0.5, high=0.99999)]
    drop_after_s: Positive
    drop_sigma_km: Positive
    speed_limit_km_s: Positive
    warning_position_km: Positive
    warning_speed_m_s: Positive
    cue_position_km: Positive
    engage_position_km: Positive
    fuse_every_s: Positive
    reorder_s: Positive
    drop_misses: Annotated[Quantity, Within(low=1.0, high=100.0, whole=True)]
    association: Literal["nearest", "joint"] = "nearest"
    estimator: Literal["extended", "cubature"] = "extended"
    tracker: Name = "hinomi"


class Engagement(Section):
    """Numbers of the engagement analysis."""

    weapon_delay_s: NonNegative
    assess_s: NonNegative
    keep_out_height_km: NonNegative
    support_share: Share
    support_penalty: Share
    same_object_km: Positive
    same_path_km: Positive
    kill_seen_as_miss: Share = q(0.0)
    miss_seen_as_kill: Share = q(0.0)
    p_track_each: Share = q(1.0)
    p_system_raid: Share = q(1.0)
    kill_spread: Annotated[Quantity, Within(low=0.0, high=0.9)] = q(0.0)


class IndustrySection(Section):
    """What refilling draws on; lines and prices are entries of the catalogue."""

    lines: list[Name]
    prices: list[Name]
    horizon_months: Annotated[Quantity, Within(low=1.0, high=600.0, whole=True)]
    currency: Text


class FactSection(Section):
    """A published fact about a replayed event, and whether it is an input, tested or only shown."""

    name: Name
    role: Literal["input", "tested", "shown"]
    at: Annotated[AwareDatetime, Strict()] | None = None
    value: Annotated[float, Strict()] | None = None
    unit: Text = ""
    tolerance: Annotated[float, Strict(), Field(ge=0)] | None = None
    source: Text
    grade: Grade
    note: Text = ""


class VariantSection(Section):
    """A named set of key changes."""

    name: Name
    title: Text
    changes: dict[str, Any]


class ScenarioText(Section):
    """A whole scenario, catalogue included."""

    format: Literal["hinomi/scenario/1"]
    name: Name
    title: Text
    summary: Text
    epoch: Annotated[AwareDatetime, Strict()]
    nations: Annotated[list[Name], Field(min_length=1, max_length=8)]
    area: Area
    study: Study
    architectures: Annotated[list[ArchitectureSection], Field(min_length=1, max_length=16)]
    threats: Annotated[list[ThreatGroup], Field(max_length=50)]
    radars: Annotated[list[RadarUnit], Field(max_length=100, default_factory=list)]
    infrared: Annotated[
        list[Annotated[Stationary | Walker | FromFile, Field(discriminator="orbit")]],
        Field(max_length=50, default_factory=list),
    ]
    batteries: Annotated[list[BatterySection], Field(max_length=100, default_factory=list)]
    tracking: Tracking
    warning: Warning_
    engagement: Engagement
    industry: IndustrySection
    supply: SupplySection | None = None
    money: MoneySection | None = None
    variants: Annotated[list[VariantSection], Field(max_length=100, default_factory=list)]
    facts: Annotated[list[FactSection], Field(max_length=100, default_factory=list)]
    catalogue: Catalogue

    @model_serializer(mode="wrap")
    def _without_what_a_run_does_not_use(
        self, serialize: SerializerFunctionWrapHandler
    ) -> dict[str, Any]:
        written: dict[str, Any] = serialize(self)
        for key in ("supply", "money"):
            if written.get(key) is None:
                written.pop(key, None)
        return written

    @model_validator(mode="after")
    def _epoch_in_utc(self) -> Self:
        object.__setattr__(self, "epoch", self.epoch.astimezone(UTC))
        return self
