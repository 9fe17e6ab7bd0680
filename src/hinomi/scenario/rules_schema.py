"""What a file may say about a warning rule; what is left out is the scenario's own."""

from __future__ import annotations

from typing import Annotated, Literal, Self, TypeAlias

from pydantic import Field, Strict, model_validator
from pydantic_core import PydanticCustomError

from hinomi.scenario.catalogue_schema import Name, Section, Text
from hinomi.scenario.quantity import NonNegative, Quantity, Share, Within, q

MOST_ZONES = 200
MOST_POINTS = 2000  # of one ring
Threshold: TypeAlias = Annotated[Quantity, Within(above=0.0, high=1.0)]
Few: TypeAlias = Annotated[Quantity, Within(low=1.0, high=10.0, whole=True)]
Degree: TypeAlias = Annotated[float, Strict(), Field(ge=-180.0, le=180.0, allow_inf_nan=False)]
Point: TypeAlias = Annotated[list[Degree], Field(min_length=2, max_length=2)]
RingText: TypeAlias = Annotated[list[Point], Field(min_length=4, max_length=MOST_POINTS)]


class RuleSection(Section):
    """One warning rule."""

    name: Name
    label: Text = ""
    unit: Literal["municipality", "island_group", "prefecture", "block", "polygon"]
    blocks: dict[str, list[Text]] = Field(default_factory=dict)
    zones: Annotated[dict[str, list[RingText]], Field(max_length=MOST_ZONES)] = Field(
        default_factory=dict
    )
    hit_threshold: Threshold
    over_threshold: Threshold
    consecutive: Few | None = None
    persistence: Few = q(1.0)
    neighbours: Annotated[Quantity, Within(low=0.0, high=3.0, whole=True)] = q(0.0)
    analysis_s: Annotated[Quantity, Within(low=0.0, high=3600.0)] = q(0.0)
    drop_share: Share = q(0.0)
    drop_hold_s: NonNegative = q(30.0)
    clear_share: Share | None = None
    clear_hold_s: NonNegative | None = None
    clear_margin_s: NonNegative | None = None

    @model_validator(mode="after")
    def _areas(self) -> Self:
        for unit, key, given in (
            ("block", "blocks", self.blocks),
            ("polygon", "zones", self.zones),
        ):
            if (self.unit == unit) != bool(given):
                raise PydanticCustomError(
                    "areas",
                    "needs {key} with unit {unit}, and only there",
                    {"key": key, "unit": unit},
                )
        for name, rings in self.zones.items():
            if any(ring[0] != ring[-1] for ring in rings):
                raise PydanticCustomError(
                    "ring",
                    "has an open ring in zone {zone}: its last point must be its first",
                    {"zone": name},
                )
        return self
