"""What a flight is computed from: one vector of numbers per body, packed from its class."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from hinomi.earth.gravity import J2
from hinomi.earth.wgs84 import ROTATION_RAD_S
from hinomi.records.columns import Floats
from hinomi.records.flights import GLIDE_KIND, Stage, ThreatClass

# Places in the vector.
(
    STAGES,
    PAYLOAD,
    BETA,
    BACK_PRESSURE,
    LIFT_TO_DRAG,
    GLIDE_BELOW,
    TERMINAL_SPEED,
    SCALE_HEIGHT,
    DAMPING,
    DENSITY,
    BANK,
    BANK_FROM,
    BANK_TO,
    GLIDES,
    CONE_DRAG,
    ROTATION,
    OBLATENESS,
    AIR,
    SPHERE,
    EXPONENTIAL,
    GRAVITY,
) = range(21)
FIRST_STAGE: Final = 21
STAGE_WIDTH: Final = 5  # propellant, dry mass, specific impulse, burn time, diameter
MOST_STAGES: Final = 4
SIZE: Final = FIRST_STAGE + MOST_STAGES * STAGE_WIDTH


def pack(
    threat_class: ThreatClass,
    *,
    stages: Sequence[Stage] | None = None,
    density_factor: float = 1.0,
    bank_rad: float = 0.0,
    bank_from_s: float = 0.0,
    bank_for_s: float = 0.0,
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
    bank_rad, bank_from_s, bank_for_s
        one bank, its start after the glide law switched on, and its length; positive to the right.
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
        when the class has more than four stages or a bank of 90 degrees or more.
    """
    burnt = tuple(threat_class.stages if stages is None else stages)
    if len(burnt) > MOST_STAGES:
        raise ValueError(
            f"{threat_class.name} has {len(burnt)} stages; at most {MOST_STAGES} can be flown"
        )
    if not abs(bank_rad) < 1.5:
        raise ValueError(f"a bank of {bank_rad} rad leaves no lift upwards; keep it below 1.5 rad")
    body = np.zeros(SIZE)
    body[STAGES] = len(burnt)
    body[PAYLOAD] = threat_class.payload_kg
    body[BETA] = threat_class.beta_kg_m2
    body[BACK_PRESSURE] = threat_class.back_pressure_share
    body[LIFT_TO_DRAG] = threat_class.lift_to_drag
    body[GLIDE_BELOW] = threat_class.glide_below_m
    body[TERMINAL_SPEED] = threat_class.terminal_speed_mps
    body[SCALE_HEIGHT] = threat_class.scale_height_m
    body[DAMPING] = threat_class.damping_per_s
    body[DENSITY] = density_factor
    body[BANK] = bank_rad
    body[BANK_FROM] = bank_from_s
    body[BANK_TO] = bank_from_s + bank_for_s
    glides = threat_class.kind == GLIDE_KIND
    body[GLIDES] = float(glides)
    # A glider's drag is q / beta at every speed: its polar is the lift-to-drag ratio.
    body[CONE_DRAG] = float(cone_drag and not glides)
    body[ROTATION] = ROTATION_RAD_S if rotation else 0.0
    body[OBLATENESS] = J2 if oblateness else 0.0
    body[AIR] = float(air)
    body[GRAVITY] = float(gravity)
    body[SPHERE] = sphere_m
    body[EXPONENTIAL] = exponential_m
    for i, stage in enumerate(burnt):
        at = FIRST_STAGE + i * STAGE_WIDTH
        body[at : at + STAGE_WIDTH] = (
            stage.propellant_kg,
            stage.dry_kg,
            stage.isp_vacuum_s,
            stage.burn_s,
            stage.diameter_m,
        )
    return body


def powered_time_s(body: Floats) -> float:
    """Burn times of all stages together [s]."""
    n = int(body[STAGES])
    return float(sum(body[FIRST_STAGE + i * STAGE_WIDTH + 3] for i in range(n)))
