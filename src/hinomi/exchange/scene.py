"""One replicate of a run as things that can be drawn: ways, tracks, sensors, areas, alerts, shots."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from hinomi.records.columns import Floats

FLIGHTS: Final = "flights"
TRACKS: Final = "tracks"
SENSORS: Final = "sensors"
AREAS: Final = "areas"
ALERTS: Final = "alerts"
SHOTS: Final = "engagements"
LAYERS: Final = (FLIGHTS, TRACKS, SENSORS, AREAS, ALERTS, SHOTS)
STAGE_KIND: Final = "spent stage"

Ring = list[tuple[float, float]]  # closed, anticlockwise: longitude, latitude [deg]


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """Something that moves: times since the epoch, Earth-fixed states, places in degrees."""

    name: str
    kind: str  # kind of body, `spent stage`, `track` or `satellite`
    owner: str  # nation or picture; empty for a body
    t_s: Floats  # (N,) rising
    r_m: Floats  # (N, 3)
    v_mps: Floats  # (N, 3)
    lat_deg: Floats  # (N,)
    lon_deg: Floats  # (N,)
    height_m: Floats  # (N,)
    phase: tuple[str, ...] = ()  # of a body
    sigma_m: Floats | None = None  # of a track: root of the summed variances of three axes
    grade: tuple[str, ...] = ()  # of a track


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A sensor that stands still, with the edge of what it sees at one height."""

    name: str
    owner: str
    lat_deg: float
    lon_deg: float
    height_m: float
    edge: Ring
    edge_height_m: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """Where a track was predicted to end: 90 % of the probability, for a while."""

    picture: str
    track: int
    from_s: float
    to_s: float
    end_lat_deg: float
    end_lon_deg: float
    end_t_s: float
    spread_km: float
    edge: Ring


@dataclass(frozen=True, slots=True, kw_only=True)
class Alerted:
    """A unit under alert, from the first message that covers it to the last all-clear."""

    unit: str
    status: str
    spans_s: tuple[tuple[float, float], ...]
    cleared: bool  # False: still alerted when the run ends
    parts: tuple[tuple[Ring, ...], ...]  # polygons: outer ring, then holes


@dataclass(frozen=True, slots=True, kw_only=True)
class Shot:
    """One salvo: when it was launched, and the predicted point."""

    battery: str
    owner: str
    weapon: str
    body: str
    rounds: int
    launch_s: float
    intercept_s: float
    lat_deg: float
    lon_deg: float
    height_m: float
    probability: float
    killed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Show:
    """Everything of one replicate and architecture that was asked for."""

    scenario: str
    title: str
    replicate: int
    architecture: str
    seed: int
    version: str
    content_hash: str
    epoch: datetime
    end_s: float
    word: str  # STUDY
    notice: str  # both languages
    layers: Sequence[str]
    flights: Sequence[Way] = ()
    tracks: Sequence[Way] = ()
    sites: Sequence[Site] = ()
    satellites: Sequence[Way] = ()
    areas: Sequence[Area] = ()
    alerts: Sequence[Alerted] = ()
    shots: Sequence[Shot] = ()

    @property
    def heading(self) -> str:
        """Title of a document: what it is, then what it shows."""
        return f"{self.word} - {self.title}"

    @property
    def words(self) -> str:
        """One line of what is shown and where it comes from."""
        return (
            f"{self.notice} Notional: not an observation. Scenario {self.scenario} "
            f"({self.content_hash[:12]}), replicate {self.replicate}, architecture "
            f"{self.architecture}, seed {self.seed}; hinomi {self.version}."
        )

    def stamp(self, t_s: float) -> str:
        """UTC of a time since the epoch, to the millisecond."""
        at = (self.epoch + timedelta(milliseconds=round(1e3 * t_s))).replace(tzinfo=None)
        return at.isoformat(timespec="milliseconds") + "Z"

    def counts(self) -> Mapping[str, int]:
        """How many of each there are, by layer."""
        found: dict[str, Sequence[Any]] = {
            FLIGHTS: self.flights,
            TRACKS: self.tracks,
            SENSORS: (*self.sites, *self.satellites),
            AREAS: self.areas,
            ALERTS: self.alerts,
            SHOTS: self.shots,
        }
        return {layer: len(found[layer]) for layer in LAYERS if layer in self.layers}
