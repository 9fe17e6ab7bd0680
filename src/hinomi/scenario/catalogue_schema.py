"""What a catalogue entry looks like: bodies, sensors, weapons, lines and prices."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self, TypeAlias

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    SerializerFunctionWrapHandler,
    Strict,
    StringConstraints,
    model_serializer,
    model_validator,
)
from pydantic_core import PydanticCustomError

from hinomi.records.flights import CRUISE_KIND, LIFTING_KINDS, QUASI_BALLISTIC_KIND
from hinomi.scenario.quantity import (
    Count,
    Drawn,
    NonNegative,
    Positive,
    Quantity,
    Seconds,
    Share,
    Within,
    q,
)

Text: TypeAlias = Annotated[str, Strict(), Field(max_length=4000)]
Flag: TypeAlias = Annotated[bool, Strict()]
Name: TypeAlias = Annotated[
    str, Strict(), StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_ -]*$", max_length=60)
]


class Section(BaseModel):
    """A table whose unknown keys are mistakes."""

    model_config = ConfigDict(extra="forbid", frozen=True)


# Kinds that only studies of production, stock and money use.
SUPPLY_KINDS = ("supplier", "transfer", "network", "budget", "threat_cost")
# Keys of a class that only some kinds use.
_BOOST_KEYS = ("payload_kg", "beta_kg_m2", "back_pressure_share", "burn_spread")
_CRUISE_KEYS = ("cruise_height_km", "cruise_speed_km_s", "cruise_turn_g")


class StageClass(Section):
    """One stage of a generic booster."""

    propellant_kg: Annotated[Quantity, Within(above=0.0, high=200_000.0)]
    dry_kg: Annotated[Quantity, Within(above=0.0, high=50_000.0)]
    isp_vacuum_s: Annotated[Quantity, Within(low=150.0, high=400.0)]
    burn_s: Annotated[Quantity, Within(low=5.0, high=600.0)]
    diameter_m: Annotated[Quantity, Within(low=0.1, high=5.0)]
    pitch_rate_deg_s: Annotated[Quantity, Within(low=-2.0, high=5.0)] | None = None
    spent_beta_kg_m2: Annotated[Quantity, Within(low=100.0, high=20_000.0)] = q(
        2000.0, source="default of the scenario format: an empty stage, tumbling"
    )


class BodyClass(Section):
    """A generic class of body: rounded public estimates, never a named system's data."""

    title: Text
    kind: Literal["ballistic", "glide", "quasi_ballistic", "launcher", "cruise"]
    stages: Annotated[list[StageClass], Field(max_length=4, default_factory=list)]
    # Needed by everything but a cruise body.
    payload_kg: Annotated[Quantity, Within(low=0.0, high=20_000.0)] | None = None
    beta_kg_m2: Annotated[Quantity, Within(low=100.0, high=50_000.0)] | None = None
    back_pressure_share: Annotated[Quantity, Within(low=0.0, high=0.3)] | None = None
    burn_spread: Annotated[Quantity, Within(low=0.0, high=0.5)] | None = None
    lift_to_drag: Annotated[Quantity, Within(low=0.0, high=5.0)] = q(0.0)
    glide_below_km: Annotated[Quantity, Within(low=30.0, high=100.0)] = q(60.0)
    terminal_speed_km_s: Annotated[Quantity, Within(low=0.5, high=5.0)] = q(1.2)
    scale_height_km: Annotated[Quantity, Within(low=5.0, high=9.0)] = q(7.1)
    damping_per_s: Annotated[Quantity, Within(low=0.0, high=1.0)] = q(0.03)
    bank_limit_deg: Annotated[Quantity, Within(low=0.0, high=60.0)] = q(60.0)
    lift_law: Literal["equilibrium", "skip"] = "equilibrium"
    lift_floor_km: Annotated[Quantity, Within(low=0.0, high=60.0)] | None = None
    cruise_height_km: Annotated[Quantity, Within(above=0.0, high=40.0)] | None = None
    cruise_speed_km_s: Annotated[Quantity, Within(low=0.05, high=3.0)] | None = None
    cruise_turn_g: Annotated[Quantity, Within(low=0.1, high=10.0)] | None = None
    rcs_boost_m2: Positive
    rcs_body_m2: Positive
    plume_efficiency_swir: Share
    plume_efficiency_mwir: Share
    cloud_height_km: Annotated[Quantity, Within(low=0.0, high=20.0)]
    nose_radius_m: Positive
    acreage_share: Share
    acreage_m2: NonNegative
    stagnation_m2: NonNegative
    view_factor: Share
    emissivity: Share
    coast_area_m2: NonNegative
    coast_emissivity: Share
    coast_temperature_k: Annotated[Quantity, Within(low=100.0, high=2000.0)]

    @model_validator(mode="after")
    def _keys_of_its_kind(self) -> Self:
        """Say which keys this kind of body needs, or does not know."""
        needed: tuple[str, ...]
        other: tuple[str, ...]
        if self.kind == CRUISE_KIND:
            needed, other = _CRUISE_KEYS, ("stages", *_BOOST_KEYS, "lift_floor_km")
        else:
            needed, other = ("stages", *_BOOST_KEYS), _CRUISE_KEYS
            if self.kind == QUASI_BALLISTIC_KIND:
                needed = (*needed, "lift_floor_km")
        missing = [key for key in needed if not getattr(self, key)]
        if self.kind in LIFTING_KINDS and self.lift_to_drag.value <= 0.0:
            missing.append("lift_to_drag above 0")
        if missing:
            raise PydanticCustomError(
                "kind",
                "has no {missing}; a class of kind {kind} needs them",
                {"missing": ", ".join(missing), "kind": self.kind},
            )
        unknown = [key for key in other if getattr(self, key)]
        if unknown:
            raise PydanticCustomError(
                "kind",
                "has {unknown}, which a class of kind {kind} does not use; leave them out",
                {"unknown": ", ".join(unknown), "kind": self.kind},
            )
        return self


class RadarClass(Section):
    """A generic radar: one reference range hides all hardware."""

    title: Text
    reference_range_km: Annotated[Quantity, Within(low=1.0, high=10_000.0)]
    reference_snr_db: Annotated[Quantity, Within(low=0.0, high=40.0)]
    sector_deg: Annotated[Quantity, Within(above=0.0, high=360.0)]
    min_el_deg: Annotated[Quantity, Within(low=-5.0, high=60.0)]
    revisit_s: Seconds
    frame_s: Seconds
    range_floor_m: Positive
    angle_floor_mrad: Positive
    beamwidth_deg: Annotated[Quantity, Within(above=0.0, high=30.0)]
    bandwidth_mhz: Positive
    false_alarm_probability: Annotated[Quantity, Within(above=0.0, high=0.01)]
    false_plots_per_frame: Annotated[Quantity, Within(low=0.0, high=1.0)]
    latency_s: Drawn
    range_bias_m: NonNegative
    angle_bias_mrad: NonNegative
    fluctuation: Annotated[Quantity, Within(low=0.0, high=1.0, whole=True)] = q(
        1.0, note="Swerling case: 1 changes from look to look, 0 is steady"
    )
    refraction: Literal["mixed", "four-thirds", "none"] = "mixed"
    track_share: Annotated[Quantity, Within(above=0.0, high=1.0)] | None = None  # no budget
    dwell_s: Annotated[Quantity, Within(above=0.0, high=10.0)] = q(
        0.1, note="at the reference range for 1 m2; less for what is nearer"
    )
    resolves: Flag = False


class InfraredClass(Section):
    """A generic infrared sensor: one sensitivity at one range, in one band."""

    title: Text
    band: Literal["2.6-2.9 um", "3-5 um"]
    intensity_ref_kw_sr: Annotated[Quantity, Within(above=0.0, high=10_000.0)]
    reference_range_km: Annotated[Quantity, Within(low=100.0, high=100_000.0)]
    threshold: Annotated[Quantity, Within(low=1.0, high=20.0)]
    frame_s: Seconds
    angle_floor_urad: Positive
    pixel_urad: Positive
    bias_urad: NonNegative
    graze_km: Annotated[Quantity, Within(low=-100.0, high=200.0)]
    latency_s: Drawn
    cold_only: Flag = False
    sun_exclusion_deg: Annotated[Quantity, Within(low=0.0, high=180.0)] = q(0.0)
    field_deg: Annotated[Quantity, Within(above=0.0, high=180.0)] = q(
        180.0, note="half angle about the nadir; 180: no limit but the limb"
    )
    clutter_per_hour_mkm2: Annotated[Quantity, Within(low=0.0, high=100.0)] = q(0.0)


class InterceptorClass(Section):
    """An interceptor: a time-to-reach table and a kill probability; nothing of how it works."""

    title: Text
    product: Name
    provider: Literal["boost_coast", "parametric", "table"]
    # Which of these four a class needs follows from its provider: see `hinomi.scenario.defences`.
    burnout_speed_km_s: Annotated[Quantity, Within(low=0.0, high=10.0)] = q(0.0)
    burn_s: Annotated[Quantity, Within(low=0.0, high=300.0)] = q(0.0)
    decay_s: NonNegative = q(0.0)
    average_speed_km_s: Annotated[Quantity, Within(low=0.0, high=10.0)] = q(0.0)
    prepare_s: NonNegative
    height_low_km: NonNegative
    height_high_km: Positive
    range_low_km: NonNegative
    range_high_km: Annotated[Quantity, Within(above=0.0, high=5000.0)]
    kill_ballistic: Share
    kill_glide: Share
    salvo: Annotated[Quantity, Within(low=1.0, high=8.0, whole=True)]
    doctrine: Literal["salvo", "shoot_look_shoot", "shoot_shoot_look"] = "shoot_look_shoot"
    looks: Annotated[Quantity, Within(low=1.0, high=64.0, whole=True)] = q(
        64.0, note="no limit: stock and windows end a sequence before"
    )
    reload_s: Positive | None = None
    table_file: Text = ""
    table: Annotated[str, Strict(), Field(max_length=600_000)] = ""


class LineClass(Section):
    """A production line of one product for one owner; a run of the chain uses its rates alone."""

    title: Text
    product: Name
    owner: Name
    rate_per_year: NonNegative
    target_per_year: NonNegative
    ramp_from_month: NonNegative
    ramp_months: NonNegative
    lead_months: NonNegative
    needs: dict[Name, Positive] | None = None  # supplier -> parts for one round
    learning_slope: Annotated[Quantity, Within(low=0.5, high=1.0)] | None = None
    units_before: Count | None = None
    premium: Annotated[Quantity, Within(low=0.1, high=10.0)] | None = None

    @model_serializer(mode="wrap")
    def _without_what_is_not_given(
        self, serialize: SerializerFunctionWrapHandler
    ) -> dict[str, Any]:
        return {k: v for k, v in serialize(self).items() if v is not None}

    def for_a_run(self) -> Self:
        """Leave out what only production studies use."""
        unused = ("needs", "learning_slope", "units_before", "premium")
        return self.model_copy(update=dict.fromkeys(unused))


class SupplierClass(Section):
    """A maker of one kind of part; `needs` names the suppliers it draws on itself."""

    title: Text
    rate_per_year: NonNegative
    target_per_year: NonNegative
    ramp_from_month: NonNegative
    ramp_months: NonNegative
    needs: dict[Name, Positive] = Field(default_factory=dict)
    buffer: NonNegative = q(0.0, note="finished parts kept ready")
    outages_per_year: Annotated[Quantity, Within(low=0.0, high=12.0)] = q(0.0)
    outage_months: Annotated[Quantity, Within(low=0.0, high=60.0)] = q(0.0)


class TransferClass(Section):
    """Rounds that one nation may give to another."""

    title: Text
    product: Name
    giver: Name
    taker: Name
    per_year: NonNegative
    delay_months: Annotated[Quantity, Within(low=0.0, high=120.0)]
    floor_share: Share


class NetworkClass(Section):
    """Yearly price of one thing that integration shares; without a flag it stands beside them."""

    title: Text
    flag: Literal[
        "", "share_warning", "share_track", "one_picture", "engage_on_remote", "one_assignment"
    ]
    price_musd_per_year: NonNegative


class BudgetClass(Section):
    """A public budget figure, shown and never counted."""

    title: Text
    owner: Name
    amount_million: NonNegative
    currency: Name
    period: Text
    note: Text = ""


class ThreatCostClass(Section):
    """What one body of a class may cost its owner: all assumed, for cost exchange alone."""

    title: Text
    unit_musd: NonNegative


class PriceClass(Section):
    """Price of one round on one stated basis; bases are never mixed."""

    title: Text
    product: Name
    unit_musd: NonNegative
    basis: Text
    price_year: Annotated[Quantity, Within(low=1980.0, high=2100.0, whole=True)]


class Catalogue(Section):
    """Every class that a scenario may name."""

    threat: dict[Name, BodyClass]
    radar: dict[Name, RadarClass]
    infrared: dict[Name, InfraredClass]
    interceptor: dict[Name, InterceptorClass]
    line: dict[Name, LineClass]
    price: dict[Name, PriceClass]
    supplier: dict[Name, SupplierClass] = Field(default_factory=dict)
    transfer: dict[Name, TransferClass] = Field(default_factory=dict)
    network: dict[Name, NetworkClass] = Field(default_factory=dict)
    budget: dict[Name, BudgetClass] = Field(default_factory=dict)
    threat_cost: dict[Name, ThreatCostClass] = Field(default_factory=dict)

    @model_serializer(mode="wrap")
    def _without_empty_kinds(self, serialize: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """Leave out what a run of the chain does not use: its content stays what it was."""
        written: dict[str, Any] = serialize(self)
        for kind in SUPPLY_KINDS:
            if not written.get(kind):
                written.pop(kind, None)
        return written
