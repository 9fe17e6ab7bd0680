"""How a target looks to sensors: cross-section and radiant intensity of a class at a height."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from hinomi.earth.atmosphere import state
from hinomi.earth.gravity import G0_MPS2
from hinomi.earth.wgs84 import MEAN_RADIUS_M
from hinomi.errors import ScenarioError
from hinomi.export import option_values
from hinomi.export.body_classes import choose
from hinomi.export.coverage_asked import Given, Target
from hinomi.records.flights import BANDS, BOOST, COAST, CRUISE_KIND, LIFTING_KINDS, ThreatClass
from hinomi.records.plots import Infrared, Radar
from hinomi.threat.signature import fill_intensity, pack_signature
from hinomi.units import KILOWATT_W, KM_M
from hinomi.watch.coverage_signal import infrared_reach_m, needed_radar_ratio
from hinomi.watch.infrared_look import transmission

PHASES: Final = ("boost", "body")
# Speed at which a regional glide begins (1.8-6 km/s), assumed: none is faster unless it is told.
ENTRY_SPEED_MPS: Final = 3000.0
PD: Final = 0.5  # probability of detection in one look that counts as seen


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What sensors get of a target."""

    words: str
    rcs_m2: float
    intensity_w_sr: tuple[float, ...]  # by band


def seen_of(given: Given, classes: Mapping[str, ThreatClass], first: str, target: Target) -> Seen:
    """Read `--class`, `--phase`, `--speed-km-s`, `--rcs-m2` and `--intensity-kw-sr`.

    Parameters
    ----------
    classes
        of the scenario, looked at before those of the catalogue.
    first
        the class when none is named.
    """
    name = given.get("--class") or first
    body = classes[name] if name in classes else choose(name).threat_class
    phase = given.get("--phase") or "body"
    if phase not in PHASES:
        raise ScenarioError(f"--phase is {phase!r}; it is one of {', '.join(PHASES)}")
    if phase == "boost" and not body.stages:
        raise ScenarioError(f"--phase boost: {name} has no booster; leave it out")
    speed = _speed(given, body, target.height_m)
    if phase == "boost":
        if given.get("--speed-km-s") is not None:
            raise ScenarioError("--speed-km-s is for a body without thrust; a plume does not ask")
        words = f"{name} in boost"
    elif body.kind in (*LIFTING_KINDS, CRUISE_KIND):
        words = f"{name} at {speed / KM_M:.1f} km/s"
    else:
        words = name
    rcs = body.rcs_boost_m2 if phase == "boost" else body.rcs_body_m2
    intensity = _intensity(body, phase, speed, target.height_m)
    if given.get("--rcs-m2") is not None:
        rcs = option_values.number(
            "--rcs-m2", given["--rcs-m2"] or "", unit="m2", above=0.0, high=1e4
        )
    if given.get("--intensity-kw-sr") is not None:
        kilo = option_values.number(
            "--intensity-kw-sr", given["--intensity-kw-sr"] or "", unit="kW/sr", above=0.0, high=1e6
        )
        intensity = (kilo * KILOWATT_W,) * len(BANDS)
    return Seen(words=words, rcs_m2=rcs, intensity_w_sr=intensity)


def _speed(given: Given, body: ThreatClass, height_m: float) -> float:
    """Speed [m/s] asked for; of a cruise class its own; else that at which lift carries it level.

    Level equilibrium glide: rho v^2 (L/D) / (2 beta) = g - v^2 / r; at most the entry speed.
    """
    if given.get("--speed-km-s") is not None:
        text = given["--speed-km-s"] or ""
        return option_values.number("--speed-km-s", text, unit="km/s", above=0.0, high=12.0) * KM_M
    if body.kind == CRUISE_KIND:
        return body.cruise_speed_mps
    if body.kind not in LIFTING_KINDS or body.lift_to_drag <= 0.0:
        return 0.0
    lift = float(state(height_m)[0]) * body.lift_to_drag / (2.0 * body.beta_kg_m2)
    level = math.sqrt(G0_MPS2 / (lift + 1.0 / (MEAN_RADIUS_M + height_m)))
    return min(level, ENTRY_SPEED_MPS)


def _intensity(
    body: ThreatClass, phase: str, speed_mps: float, height_m: float
) -> tuple[float, ...]:
    """Radiant intensity [W/sr] by band; in boost that of the first stage's plume."""
    power = 0.0
    if phase == "boost":
        stage = body.stages[0]
        exhaust = stage.isp_vacuum_s * G0_MPS2
        power = 0.5 * stage.propellant_kg / stage.burn_s * exhaust * exhaust
    out = np.zeros((1, len(BANDS)))
    fill_intensity(
        np.array([[speed_mps, 0.0, 0.0]]), np.array([height_m]), np.array([power]),
        np.array([BOOST if phase == "boost" else COAST], dtype=np.int32), pack_signature(body), out,
    )  # fmt: skip
    return tuple(float(x) for x in out[0])


def ratio_of(radar: Radar, target: Target) -> float:
    """Ratio of one dwell that counts as seen; 0 where geometry alone is asked."""
    return needed_radar_ratio(radar, pd=target.pd) if target.pd > 0.0 else 0.0


def reach_of(satellite: Infrared, target: Target, seen: Seen) -> float:
    """Greatest range [m] of a satellite to this target."""
    if target.pd <= 0.0:
        return target.max_range_m
    signal_m = infrared_reach_m(
        satellite,
        intensity_w_sr=seen.intensity_w_sr[satellite.band],
        transmission=float(transmission(target.height_m)),
        pd=target.pd,
    )
    return min(signal_m, target.max_range_m)
