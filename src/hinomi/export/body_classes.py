"""Classes of bodies of the shipped catalogue, with every number that a flight takes from them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Final

from hinomi.earth.gravity import G0_MPS2, MU_M3_S2
from hinomi.earth.wgs84 import MEAN_RADIUS_M
from hinomi.errors import ScenarioError
from hinomi.records.flights import CRUISE_KIND, ThreatClass
from hinomi.scenario.build import threat_class
from hinomi.scenario.catalogue import catalogue
from hinomi.scenario.catalogue_schema import BodyClass
from hinomi.scenario.mistakes import nearest
from hinomi.scenario.quantity import Quantity, unit_of
from hinomi.units import KM_M

# Numbers for sensors and predictors, which no flight takes.
_SEEN: Final = (
    "rcs_", "plume_", "cloud_", "nose_", "acreage_", "stagnation_", "view_", "emissivity",
    "coast_", "burn_spread",
)  # fmt: skip
# What numbers alone do not say about a glider is taken from this class.
GLIDER: Final = "glider_regional"


@dataclass(frozen=True, slots=True, kw_only=True)
class Input:
    """One number a flight was computed from, and how well it is known."""

    name: str
    value: float
    unit: str
    low: float | None
    high: float | None
    grade: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """A class as it flies, its title and its numbers."""

    title: str
    threat_class: ThreatClass
    inputs: tuple[Input, ...]


def class_names() -> tuple[str, ...]:
    """Names of all classes, in the order of the catalogue."""
    return tuple(catalogue()["threat"])


def choose(name: str) -> Chosen:
    """Give a class of the catalogue.

    Raises
    ------
    ScenarioError
        when there is none of that name; names the nearest.
    """
    known = catalogue()["threat"]
    if name not in known:
        near = nearest(name, known)
        hint = f"; did you mean {near!r}?" if near else ""
        raise ScenarioError(f"no class {name!r}; there are {', '.join(known)}{hint}")
    given = BodyClass.model_validate(known[name])
    return Chosen(
        title=given.title,
        threat_class=threat_class(name, given),
        inputs=tuple(_inputs(name, given)),
    )


def _inputs(name: str, given: BodyClass) -> list[Input]:
    rows = [(key, getattr(given, key)) for key in type(given).model_fields]
    for i, stage in enumerate(given.stages):
        rows += [(f"stages[{i}].{k}", getattr(stage, k)) for k in type(stage).model_fields]
    return [
        input_of(f"threat.{name}.{key}", q)
        for key, q in rows
        if isinstance(q, Quantity) and not key.startswith(_SEEN)
    ]


def input_of(name: str, q: Quantity) -> Input:
    """Give a number of the catalogue with its grade."""
    return Input(
        name=name,
        value=q.value,
        unit=unit_of(name),
        low=q.low,
        high=q.high,
        grade=q.grade,
        source=q.source,
    )


def told(option: str, value: float, unit: str) -> Input:
    """Give a number of the command line: an assumption of its user."""
    return Input(
        name=option, value=value, unit=unit, low=None, high=None,
        grade="assumed", source="the command line",
    )  # fmt: skip


def replaced(inputs: tuple[Input, ...], key: str, by: Input) -> tuple[Input, ...]:
    """Put another number in the place of the class's `key`, or at the end."""
    kept = tuple(i for i in inputs if not i.name.endswith(f".{key}"))
    return (*kept, by)


def plain(name: str, **fields: Any) -> ThreatClass:
    """Give a body without a booster, from numbers alone."""
    return ThreatClass(
        name=name,
        stages=(),
        payload_kg=fields.pop("payload_kg", 0.0),
        back_pressure_share=0.0,
        burn_spread=0.0,
        **fields,
    )


def facts() -> list[dict[str, Any]]:
    """Every class with its title, kind and what can be said of it without flying."""
    out = []
    for name in class_names():
        chosen = choose(name)
        body = chosen.threat_class
        burn_s, speed_mps = sum(s.burn_s for s in body.stages), _ideal_mps(body)
        if body.kind == CRUISE_KIND:
            words = (
                f"cruise, {body.cruise_height_m / KM_M:g} km high, "
                f"{body.cruise_speed_mps / KM_M:g} km/s"
            )
        else:
            count = f"{len(body.stages)} stage{'s' if len(body.stages) > 1 else ''}"
            words = (
                f"{body.kind.replace('_', '-')}, {count}, {burn_s:g} s of thrust, "
                f"{speed_mps / KM_M:.1f} km/s without gravity and air, so an apogee of at most "
                f"{_highest_m(speed_mps) / KM_M:,.0f} km"
                if _highest_m(speed_mps) < math.inf
                else f"{body.kind.replace('_', '-')}, {count}, {burn_s:g} s of thrust, "
                f"{speed_mps / KM_M:.1f} km/s without gravity and air"
            )
        out.append(
            {"class": name, "title": chosen.title, "kind": body.kind, "stages": len(body.stages),
             "burn_s": burn_s, "ideal_speed_mps": round(speed_mps, 1), "words": words}
        )  # fmt: skip
    return out


def _ideal_mps(body: ThreatClass) -> float:
    """Speed [m/s] of the rocket equation, stage by stage."""
    mass, speed = body.payload_kg, 0.0
    for stage in reversed(body.stages):
        full = mass + stage.dry_kg + stage.propellant_kg
        speed += stage.isp_vacuum_s * G0_MPS2 * math.log(full / (mass + stage.dry_kg))
        mass = full
    return speed


def _highest_m(speed_mps: float) -> float:
    """Height [m] that no flight of this speed can pass: straight up from the ground, no losses."""
    share = speed_mps**2 * MEAN_RADIUS_M / (2.0 * MU_M3_S2)
    return MEAN_RADIUS_M * share / (1.0 - share) if share < 1.0 else math.inf
