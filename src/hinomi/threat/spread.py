"""How this flight's body differs from its class: spreads of the group, ranges of the class."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any, Final

from hinomi.flight.body import pack
from hinomi.records.columns import Floats
from hinomi.records.draws import normal, triangular
from hinomi.records.flights import CLASS_SPREAD, Stage, Threat, ThreatClass
from hinomi.threat.plan import BURN, DENSITY, ISP, MASS, range_slot

WIDEST: Final = 3.0  # normal draws are clipped at three standard deviations


def body_of(threat: Threat, threat_class: ThreatClass, u: Floats, *, share: float = 1.0) -> Floats:
    """Pack a class with a share of what was drawn for this flight.

    The group's spreads are normal, clipped at three deviations: propellant mass, specific impulse
    and burn time of every stage alike, and the density of the air. With `disperse` "class" every
    ranged number of the class is drawn first, triangular between its low and high.
    """

    def around(slot: int) -> float:
        return float(min(WIDEST, max(-WIDEST, normal(float(u[slot])))))

    mass = 1.0 + share * threat.mass_spread * around(MASS)
    isp_s = share * threat.isp_spread_s * around(ISP)
    burn = 1.0 + share * threat.burn_spread * around(BURN)
    flown = drawn_class(threat_class, u, share) if threat.disperse == CLASS_SPREAD else threat_class
    stages = [
        replace(
            stage,
            propellant_kg=stage.propellant_kg * mass,
            isp_vacuum_s=stage.isp_vacuum_s + isp_s,
            burn_s=stage.burn_s * burn,
        )
        for stage in flown.stages
    ]
    return pack(
        flown,
        stages=stages,
        density_factor=math.exp(threat.density_spread * around(DENSITY)),
        bank_schedule=threat.bank_schedule,
    )


def drawn_class(threat_class: ThreatClass, u: Floats, share: float) -> ThreatClass:
    """The class with every ranged number drawn, a share of the way from its own value."""
    body: dict[str, Any] = {}
    stages: list[Stage] = list(threat_class.stages)
    for given in threat_class.ranges:
        own = threat_class if given.stage < 0 else threat_class.stages[given.stage]
        mode = getattr(own, given.key)
        drawn = triangular(
            float(u[range_slot(given.key, given.stage)]), given.low, mode, given.high
        )
        value = mode + share * (drawn - mode)
        if given.stage < 0:
            body[given.key] = value
        else:
            stages[given.stage] = replace(stages[given.stage], **{given.key: value})
    return replace(threat_class, stages=tuple(stages), **body)
