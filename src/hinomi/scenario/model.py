"""A scenario as the rest of the package sees it: records in SI units, every number's source."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from hinomi.records.alerts import WarningPolicy
from hinomi.records.engagements import Architecture, Battery, EngageSettings, Weapon
from hinomi.records.flights import Threat, ThreatClass
from hinomi.records.ledger import Industry
from hinomi.records.plots import Sensors
from hinomi.records.tracks import TrackSettings
from hinomi.scenario.places_region import RegionFile


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """One number that a run uses, in the unit of the file; `drawn`: low and high are drawn from."""

    key: str
    value: float
    low: float | None
    high: float | None
    unit: str
    source: str
    grade: str  # published, computed, literature or assumed
    note: str
    drawn: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """A published fact about a replayed event; `t_s` counts from the epoch."""

    name: str
    role: str  # input, tested or shown
    at: datetime | None
    t_s: float | None
    value: float | None
    unit: str
    tolerance: float | None
    source: str
    grade: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """A named set of key changes."""

    name: str
    title: str
    changes: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class StudySettings:
    """How often the chain runs, and what is compared."""

    replicates: int
    seed: int
    batch_size: int
    keep_full: int
    architectures: tuple[str, ...]
    headline: tuple[str, str] | None  # first minus second
    beside: tuple[str, str] | None
    companions: tuple[tuple[str, str], ...]  # (variant, title) printed beside the headline


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaShown:
    """Where the questions are asked, in degrees because this is geography."""

    centre_lat_deg: float
    centre_lon_deg: float
    half_width_m: float
    west_deg: float
    south_deg: float
    east_deg: float
    north_deg: float
    prefectures: tuple[str, ...]
    island_groups: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """Everything a run needs; made by `hinomi.load`, never by hand."""

    name: str
    title: str  # as written, and what of its sensors was only planned
    summary: str
    text: str  # the file as written
    document: Mapping[str, Any]  # everything resolved, JSON-ready; only the classes in use
    content_hash: str  # SHA-256 of the document as canonical JSON
    variant: str | None
    changes: Mapping[str, Any]
    epoch: datetime
    t_end_s: float
    nations: tuple[str, ...]
    area: AreaShown
    threats: tuple[Threat, ...]
    classes: Mapping[str, ThreatClass]
    predictor_classes: tuple[ThreatClass, ...]
    sensors: Sensors
    carried_by: Mapping[str, str]  # radar -> battery that carries it
    batteries: tuple[Battery, ...]
    weapons: Mapping[str, Weapon]
    architectures: Mapping[str, Architecture]
    tracking: TrackSettings
    tracker: str  # name of the tracker, of `scenario.trackers`
    policy: WarningPolicy
    unit: str
    buffer_m: float
    kernel_m: float
    blocks: Mapping[str, tuple[str, ...]]
    engagement: EngageSettings
    industry: Industry
    study: StudySettings
    variants: tuple[Variant, ...]
    facts: tuple[Fact, ...]
    assumptions: tuple[Parameter, ...]  # every number of the document with its source and grade
    places: RegionFile | None = None  # the user's file of places; None = Japan, as shipped
    findings: tuple[str, ...] = ()  # what was left out of files of orbits, and how old these are
