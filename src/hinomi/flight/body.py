"""What a flight is computed from: one vector of numbers per body, packed from its class."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

import numpy as np

from hinomi.earth.gravity import J2
from hinomi.earth.wgs84 import ROTATION_RAD_S
from hinomi.records.columns import Floats
from hinomi.records.flights import (
    GLIDE_KIND,
    QUASI_BALLISTIC_KIND,
    SKIP_LAW,
    Stage,
    ThreatClass,
)

# Places in the vector.
(
    STAGES,
    PAYLOAD,
    BETA,
    BACK_PRESSURE,
    LIFT_TO_DRAG,
    GLIDE_BELOW,
    LIFT_FLOOR,
    TERMINAL_SPEED,
    SCALE_HEIGHT,
    DAMPING,
    DENSITY,
    GLIDES,
    SKIPS,
    CONE_DRAG,
    ROTATION,
    OBLATENESS,
    AIR,
    SPHERE,
    EXPONENTIAL,
    GRAVITY,
    BANKS,
) = range(21)
FIRST_BANK: Final = 21
BANK_WIDTH: Final = 2  # seconds after the glide law came on, angle
MOST_BANKS: Final = 8
FIRST_STAGE: Final = FIRST_BANK + MOST_BANKS * BANK_WIDTH
# Propellant, dry mass, specific impulse, burn time, diameter, pitch rate, beta of the empty stage.
STAGE_WIDTH: Final = 7
MOST_STAGES: Final = 4
SIZE: Final = FIRST_STAGE + MOST_STAGES * STAGE_WIDTH
STEEPEST_BANK_RAD: Final = 1.5  # beyond it no lift is left upwards
LIFTING_KINDS: Final = (GLIDE_KIND, QUASI_BALLISTIC_KIND)


def pack(
    threat_class: ThreatClass,
    *,
    stages: Sequence[Stage] | None = None,
    density_factor: float = 1.0,
    bank_schedule: Sequence[tuple[float, float]] = (),
    cone_drag: bool = True,
    rotation: bool = True,
    oblateness: bool = True,
    air: bool = True,
    gravity: bool = True,
    sphere_m: float = 0.0,
    exponential_m: float = 0.0,
) -> Floats:
    """Pack a class, and what differs from it in this flight, into the vector of the flight kernels.

    Parameters
    ----------
    stages
        the booster flown, the class's own by default.
    density_factor
        air density over the standard above 30 km.
    bank_schedule
        (seconds after the glide law came on, angle [rad]), piecewise constant, level before the
        first; positive to the right.
    cone_drag
        False: the ballistic coefficient is the same at every Mach number.
    rotation, oblateness, air, gravity
        False: without that force, for comparison with closed forms.
    sphere_m
        > 0: the ground is a sphere of this radius instead of the WGS-84 ellipsoid.
    exponential_m
        > 0: density 1.225 kg/m3 exp(-h / exponential_m) instead of the standard atmosphere.

    Raises
    ------
    ValueError
        when the class has more than four stages, a bank of 1.5 rad or more, more than eight banks,
        or banks that are not in order of time.
    """
    burnt = tuple(threat_class.stages if stages is None else stages)
    if len(burnt) > MOST_STAGES:
        raise ValueError(
            f"{threat_class.name} has {len(burnt)} stages; at most {MOST_STAGES} can be flown"
        )
    body = np.zeros(SIZE)
    body[STAGES] = len(burnt)
    body[PAYLOAD] = threat_class.payload_kg
    body[BETA] = threat_class.beta_kg_m2
    body[BACK_PRESSURE] = threat_class.back_pressure_share
    body[LIFT_TO_DRAG] = threat_class.lift_to_drag
    body[GLIDE_BELOW] = threat_class.glide_below_m
    body[LIFT_FLOOR] = threat_class.lift_floor_m
    body[TERMINAL_SPEED] = threat_class.terminal_speed_mps
    body[SCALE_HEIGHT] = threat_class.scale_height_m
    body[DAMPING] = threat_class.damping_per_s
    body[DENSITY] = density_factor
    lifts = threat_class.kind in LIFTING_KINDS
    body[GLIDES] = float(lifts)
    body[SKIPS] = float(threat_class.lift_law == SKIP_LAW)
    # A glider's drag is q / beta at every speed: its polar is the lift-to-drag ratio.
    body[CONE_DRAG] = float(cone_drag and not lifts)
    body[ROTATION] = ROTATION_RAD_S if rotation else 0.0
    body[OBLATENESS] = J2 if oblateness else 0.0
    body[AIR] = float(air)
    body[GRAVITY] = float(gravity)
    body[SPHERE] = sphere_m
    body[EXPONENTIAL] = exponential_m
    _pack_banks(body, bank_schedule)
    for i, stage in enumerate(burnt):
        at = FIRST_STAGE + i * STAGE_WIDTH
        body[at : at + STAGE_WIDTH] = (
            stage.propellant_kg,
            stage.dry_kg,
            stage.isp_vacuum_s,
            stage.burn_s,
            stage.diameter_m,
            stage.pitch_rate_rad_s,
            stage.spent_beta_kg_m2,
        )
    return body


def _pack_banks(body: Floats, schedule: Sequence[tuple[float, float]]) -> None:
    """Fill in the bank schedule, checked."""
    if len(schedule) > MOST_BANKS:
        raise ValueError(f"{len(schedule)} banks; at most {MOST_BANKS} can be flown")
    body[BANKS] = len(schedule)
    before = -math.inf
    for i, (from_s, angle_rad) in enumerate(schedule):
        if not abs(angle_rad) < STEEPEST_BANK_RAD:
            raise ValueError(
                f"a bank of {angle_rad:g} rad leaves no lift upwards; keep it below "
                f"{STEEPEST_BANK_RAD:g} rad"
            )
        if not from_s > before:
            raise ValueError(f"the bank at {from_s:g} s is not after the one at {before:g} s")
        before = from_s
        body[FIRST_BANK + i * BANK_WIDTH : FIRST_BANK + (i + 1) * BANK_WIDTH] = from_s, angle_rad


def powered_time_s(body: Floats) -> float:
    """Burn times of all stages together [s]."""
    n = int(body[STAGES])
    return float(sum(body[FIRST_STAGE + i * STAGE_WIDTH + 3] for i in range(n)))
