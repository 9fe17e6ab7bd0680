"""What a predictor knows about the classes that may fly, packed for the kernel."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

import numpy as np

from hinomi.earth.gravity import G0_MPS2
from hinomi.errors import ScenarioError
from hinomi.flight.body import pack
from hinomi.records.columns import Floats, Ints
from hinomi.records.flights import CRUISE_KIND, GLIDE_KIND, LIFTING_KINDS, ThreatClass

# Columns of a class.
(
    GLIDES, BETA, LIFT_TO_DRAG, LIFT_LOW, LIFT_HIGH, GLIDE_BELOW, TERMINAL_LOW, TERMINAL_HIGH,
    SCALE_HEIGHT, BANK_LIMIT, BURN_TOTAL, SPREAD, IDEAL_SPEED, DAMPING,
) = range(14)  # fmt: skip
# Columns of a stage.
EXHAUST, MASS, FLOW, BURN_S = range(4)
MOST_STAGES: Final = 4
FALLING_BETA_KG_M2: Final = 10_000.0  # assumed: of a cruise body, forecast as one that falls


@dataclass(frozen=True, slots=True)
class Prior:
    """Arrays over C classes: columns, stages, number of stages, bodies as the flight flies them."""

    columns: Floats  # (C, 14)
    stages: Floats  # (C, MOST_STAGES, 4)
    counts: Ints  # (C,)
    bodies: Floats  # (C, SIZE) of `flight.body.pack`


def _stages(threat_class: ThreatClass) -> Floats:
    """(MOST_STAGES, 4): exhaust speed [m/s], mass at ignition [kg], flow [kg/s], burn time [s]."""
    table = np.zeros((MOST_STAGES, 4))
    mass = threat_class.payload_kg + sum(s.propellant_kg + s.dry_kg for s in threat_class.stages)
    for i, s in enumerate(threat_class.stages):
        table[i] = (s.isp_vacuum_s * G0_MPS2, mass, s.propellant_kg / s.burn_s, s.burn_s)
        mass -= s.propellant_kg + s.dry_kg
    return table


def _columns(c: ThreatClass, stages: Floats) -> Floats:
    ideal = sum(e * np.log(m / (m - f * b)) for e, m, f, b in stages if b > 0.0)
    row = np.zeros(14)
    row[GLIDES] = float(c.kind in LIFTING_KINDS)
    row[BETA] = c.beta_kg_m2
    row[LIFT_TO_DRAG], row[LIFT_LOW], row[LIFT_HIGH] = (
        c.lift_to_drag,
        c.lift_to_drag_low,
        c.lift_to_drag_high,
    )
    row[GLIDE_BELOW] = c.glide_below_m
    row[TERMINAL_LOW], row[TERMINAL_HIGH] = c.terminal_speed_low_mps, c.terminal_speed_high_mps
    row[SCALE_HEIGHT], row[BANK_LIMIT] = c.scale_height_m, c.bank_limit_rad
    row[BURN_TOTAL], row[SPREAD] = stages[:, BURN_S].sum(), c.burn_spread
    row[IDEAL_SPEED], row[DAMPING] = ideal, c.damping_per_s
    return row


@lru_cache(maxsize=64)
def _prior(classes: tuple[ThreatClass, ...]) -> Prior:
    stages = np.array([_stages(c) for c in classes])
    columns = np.array([_columns(c, s) for c, s in zip(classes, stages, strict=True)])
    counts = np.array([len(c.stages) for c in classes], dtype=np.int32)
    return Prior(columns, stages, counts, np.array([pack(c) for c in classes]))


def prior_of(classes: Sequence[ThreatClass]) -> Prior:
    """Pack the classes; the same classes are packed once.

    Raises
    ------
    ScenarioError
        when no class is given, a class has more than four stages, or a glider has no lift.
    """
    if not classes:
        raise ScenarioError(
            "no threat class was given to the predictor; name at least one in the scenario"
        )
    for c in classes:
        if len(c.stages) > MOST_STAGES:
            raise ScenarioError(
                f"class {c.name!r} has {len(c.stages)} stages; at most {MOST_STAGES} can be "
                "predicted: merge the smallest"
            )
        if c.kind == GLIDE_KIND and c.lift_to_drag <= 0.0:
            raise ScenarioError(
                f"glider class {c.name!r} has lift_to_drag {c.lift_to_drag}; give a value above 0"
            )
    return _prior(_foreseen(classes))


def _foreseen(classes: Sequence[ThreatClass]) -> tuple[ThreatClass, ...]:
    """Leave out cruise bodies, whose way nobody can foresee; alone, they are taken to fall now."""
    thrown = tuple(c for c in classes if c.kind != CRUISE_KIND)
    return thrown or tuple(replace(c, beta_kg_m2=FALLING_BETA_KG_M2) for c in classes)
