"""What a scenario file may say about its sensors: radars, and satellites by kind of orbit."""

from __future__ import annotations

from itertools import pairwise
from typing import Annotated, Final, Literal, Self, TypeAlias

from pydantic import AfterValidator, Field, Strict, model_validator
from pydantic_core import PydanticCustomError

from hinomi.scenario.catalogue_schema import Flag, Name, Section, Text
from hinomi.scenario.quantity import (
    Bearing,
    Latitude,
    Longitude,
    NonNegative,
    Quantity,
    Share,
    Within,
    q,
)

MASK_SECTORS: Final = 72  # 5 degrees each; finer is a survey of a site, not a study


class Window(Section):
    """A time during which a sensor looks, in seconds from the epoch."""

    from_s: NonNegative
    to_s: NonNegative


def _in_order(windows: list[Window]) -> list[Window]:
    """Windows that end after they begin, one after the other."""
    for w in windows:
        if w.to_s.value <= w.from_s.value:
            raise PydanticCustomError(
                "window",
                "has a window that ends at {to_s} s, not after it begins at {from_s} s; "
                "swap the two or leave it out",
                {"from_s": w.from_s.value, "to_s": w.to_s.value},
            )
    for a, b in pairwise(windows):
        if b.from_s.value < a.to_s.value:
            raise PydanticCustomError(
                "window",
                "has a window from {from_s} s that begins before the one before it ends, at "
                "{to_s} s; put them in order and join those that overlap",
                {"from_s": b.from_s.value, "to_s": a.to_s.value},
            )
    return windows


def _few_sectors(mask: list[Quantity]) -> list[Quantity]:
    """A mask that is no finer than a site's horizon is worth in a study."""
    if len(mask) > MASK_SECTORS:
        raise PydanticCustomError(
            "mask",
            "has {count} values; at most {most}, sectors of {width} deg from north clockwise: "
            "merge neighbours, keep the higher",
            {"count": len(mask), "most": MASK_SECTORS, "width": 360 / MASK_SECTORS},
        )
    return mask


Windows: TypeAlias = Annotated[list[Window], Field(max_length=50), AfterValidator(_in_order)]
Mask: TypeAlias = Annotated[
    list[Annotated[Quantity, Within(low=-5.0, high=90.0)]], AfterValidator(_few_sectors)
]


class RadarUnit(Section):
    """A radar at a fixed site."""

    name: Name
    radar_class: Annotated[Name, Field(alias="class")]
    owner: Name
    lat_deg: Latitude
    lon_deg: Longitude
    height_m: Annotated[Quantity, Within(low=0.0, high=20_000.0)] = q(0.0)
    face_az_deg: Bearing
    sector_deg: Annotated[Quantity, Within(above=0.0, high=360.0)] | None = None
    mask_el_deg: Mask = Field(default_factory=list)
    availability: Share = q(1.0)
    on: Windows = Field(default_factory=list)


class Stationary(Section):
    """A satellite that stays over one longitude of the equator."""

    name: Name
    orbit: Literal["geo"]
    infrared_class: Annotated[Name, Field(alias="class")]
    owner: Name
    longitude_deg: Longitude
    phase_s: Annotated[Quantity, Within(low=0.0, high=3600.0, whole=True)] = q(0.0)
    availability: Share = q(1.0)
    on: Windows = Field(default_factory=list)


class Walker(Section):
    """A Walker delta constellation T/P/F of circular orbits."""

    name: Name
    orbit: Literal["walker"]
    infrared_class: Annotated[Name, Field(alias="class")]
    owner: Name
    satellites: Annotated[Quantity, Within(low=1.0, high=500.0, whole=True)]
    planes: Annotated[Quantity, Within(low=1.0, high=100.0, whole=True)]
    phasing: Annotated[Quantity, Within(low=0.0, high=100.0, whole=True)]
    inclination_deg: Annotated[Quantity, Within(low=0.0, high=180.0)]
    altitude_km: Annotated[Quantity, Within(above=100.0, high=40_000.0)]
    node_deg: Bearing = q(0.0)
    phase_s: Annotated[Quantity, Within(low=0.0, high=3600.0, whole=True)] = q(0.0)
    availability: Share = q(1.0)
    on: Windows = Field(default_factory=list)

    @model_validator(mode="after")
    def _planes_divide(self) -> Self:
        if self.satellites.value % self.planes.value:
            raise PydanticCustomError(
                "planes",
                "has {satellites} satellites in {planes} planes; they must divide evenly",
                {"satellites": int(self.satellites.value), "planes": int(self.planes.value)},
            )
        if self.phasing.value >= self.planes.value:
            raise PydanticCustomError(
                "planes",
                "has phasing {phasing} with {planes} planes; it must lie in 0..{most}",
                {
                    "phasing": int(self.phasing.value),
                    "planes": int(self.planes.value),
                    "most": int(self.planes.value) - 1,
                },
            )
        return self


class FromFile(Section):
    """Satellites whose orbits are given as two-line elements or orbit mean-elements messages.

    `file` stands beside or below the scenario; what is used of it goes to `elements` when the
    scenario is loaded, so that a run carries its orbits with it.
    """

    name: Name
    orbit: Literal["file"]
    infrared_class: Annotated[Name, Field(alias="class")]
    owner: Name
    file: Text = ""
    elements: Annotated[str, Strict(), Field(max_length=400_000)] = ""
    only: Annotated[list[Text], Field(max_length=500, default_factory=list)]
    allow_old: Flag = False
    phase_s: Annotated[Quantity, Within(low=0.0, high=3600.0, whole=True)] = q(0.0)
    availability: Share = q(1.0)
    on: Windows = Field(default_factory=list)

    @model_validator(mode="after")
    def _has_orbits(self) -> Self:
        if not self.file and not self.elements:
            raise PydanticCustomError(
                "orbit", "has neither file nor elements; name a file of TLE or OMM", {}
            )
        return self
