"""What a scenario file may say about warning people: who decides, how it is passed on, who acts."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, Strict, model_validator
from pydantic_core import PydanticCustomError

from hinomi.scenario.catalogue_schema import Flag, Name, Section, Text
from hinomi.scenario.quantity import (
    Drawn,
    NonNegative,
    Positive,
    Quantity,
    Seconds,
    Share,
    Within,
    q,
)
from hinomi.scenario.rules_schema import RuleSection, Threshold


def _refuse_actual(status: str) -> str:
    if status not in ("Exercise", "Test"):
        raise PydanticCustomError(
            "fence",
            "lies outside the scope of this project: only Exercise and Test messages exist here",
            {"limit": "Exercise or Test", "given": status},
        )
    return status


class ChannelSection(Section):
    """One way a person hears: rates of the Rogers-Sorensen logistic and its ceilings."""

    name: Name
    broadcast_per_min: NonNegative
    contagion_per_min: NonNegative
    ceiling_day: Share
    ceiling_evening: Share | None = None  # as by day
    ceiling_night: Share
    municipal: Flag = True  # passes through the municipality's receiver
    deliver_s: Drawn | None = None  # the section's
    failure: Share = q(0.0)  # of this channel alone, in one municipality


class VisitorSection(Section):
    """People who do not live there, on an average day."""

    at: Text  # code of a municipality, island group or prefecture
    weekday: Annotated[Quantity, Within(low=0.0, high=5e6)]
    holiday: Annotated[Quantity, Within(low=0.0, high=5e6)]


class Warning_(Section):  # noqa: N801 - `Warning` is an exception of the language
    """Who decides an alert, how long it takes, and what people then do."""

    alerting_nation: Name
    status: Annotated[str, Strict(), AfterValidator(_refuse_actual)]
    unit: Literal["prefecture", "island_group", "block", "municipality"]
    blocks: dict[str, list[Text]] = Field(default_factory=dict)
    rules: Annotated[list[RuleSection], Field(max_length=20)] = Field(default_factory=list)
    buffer_km: Annotated[Quantity, Within(low=0.0, high=100.0)]
    kernel_km: Annotated[Quantity, Within(low=0.0, high=200.0)]
    class_known: Flag
    on_event: Flag = False  # a launch event passed on may lead to an alert
    predicted_threshold: Annotated[Quantity, Within(low=0.001, high=1.0)] = q(1.0)
    forecast_first_s: Seconds
    forecast_later_s: Seconds
    consecutive: Annotated[Quantity, Within(low=1.0, high=10.0, whole=True)]
    classify_s: Drawn
    decide_s: Drawn
    issue_s: Drawn
    deliver_s: Drawn
    hit_threshold: Threshold
    over_threshold: Threshold
    relay_failure: Share
    clear_share: Share
    clear_hold_s: NonNegative
    clear_margin_s: NonNegative
    lost_after_s: Drawn
    clear_median_s: Positive
    clear_sigma: NonNegative
    needed_s: NonNegative
    night: Flag
    local_time_h: Annotated[Quantity, Within(low=0.0, high=24.0)] | None = None  # else `night`
    channels: Annotated[list[ChannelSection], Field(min_length=1, max_length=10)]
    channel_correlation: Share
    compliance: Share
    indoor_share: Share
    indoor_median_s: Positive
    indoor_sigma: NonNegative
    outdoor_median_s: Positive
    outdoor_sigma: NonNegative
    indoor_share_night: Share | None = None  # as by day
    vehicle_share: Share = q(0.0)
    vehicle_share_night: Share = q(0.0)
    vehicle_median_s: Positive = q(150.0)
    vehicle_sigma: NonNegative = q(0.8)
    walk_median_s: NonNegative = q(0.0)
    walk_sigma: NonNegative = q(0.0)
    window_share: Share = q(0.0)
    drilled_share: Share = q(0.0)
    drilled_compliance: Share = q(0.3)
    false_alerts: Annotated[Quantity, Within(low=0.0, high=100.0)] = q(0.0)
    false_alert_factor: Share = q(1.0)
    common_cause: Share = q(0.0)
    repair_share: Share = q(0.0)
    repairs: Annotated[list[Text], Field(max_length=2000)] = Field(default_factory=list)
    visitors: Annotated[list[VisitorSection], Field(max_length=2000)] = Field(default_factory=list)
    holiday: Flag = False
    foreign_share: Share = q(0.0)
    foreign_understand: Share = q(1.0)
    foreign_delay_s: NonNegative = q(0.0)
    multilingual: Flag = False

    @model_validator(mode="after")
    def _people_add_up(self) -> Self:
        for where, inside, driving in (
            ("day", self.indoor_share, self.vehicle_share),
            ("night", self.indoor_share_night or self.indoor_share, self.vehicle_share_night),
        ):
            if inside.value + driving.value > 1.0 + 1e-9:
                raise PydanticCustomError(
                    "order",
                    "has more people indoors and in vehicles by {where} than there are",
                    {"where": where},
                )
        codes = [code for code in self.repairs if not (len(code) == 5 and code.isdigit())]
        if codes:
            raise PydanticCustomError(
                "code",
                "has a repair of {given}, which is no municipality's code of five digits",
                {"given": codes[0]},
            )
        return self
