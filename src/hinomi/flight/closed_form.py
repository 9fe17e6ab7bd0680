"""Closed forms on a sphere without rotation: minimum energy, air that carries a glide.

Radius 6,371 km and mu = 398600.4418 km3/s2 unless a radius is given.
Sources: minimum-energy ellipse (any text on orbits); Eggers, Allen and Neice, NACA Report 1382
(1958).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from hinomi.earth.gravity import MU_M3_S2
from hinomi.earth.wgs84 import MEAN_RADIUS_M


@dataclass(frozen=True, slots=True, kw_only=True)
class MinimumEnergy:
    """The vacuum flight from ground to ground that needs the least speed."""

    speed_mps: float
    angle_rad: float
    apogee_m: float
    time_s: float
    semi_major_axis_m: float
    eccentricity: float


def minimum_energy(*, range_m: float, radius_m: float = MEAN_RADIUS_M) -> MinimumEnergy:
    """Least-speed vacuum flight over a ground range [m]."""
    phi = range_m / radius_m
    s, c = math.sin(0.5 * phi), math.cos(0.5 * phi)
    a = 0.5 * radius_m * (1.0 + s)
    top = radius_m + 0.5 * radius_m * (s + c - 1.0)
    e = top / a - 1.0
    # Eccentric anomaly at launch, climbing towards the apogee (at pi).
    start = math.acos((1.0 - radius_m / a) / e)
    time = 2.0 * math.sqrt(a**3 / MU_M3_S2) * (math.pi - start + e * math.sin(start))
    return MinimumEnergy(
        speed_mps=math.sqrt(MU_M3_S2 / radius_m * 2.0 * s / (1.0 + s)),
        angle_rad=0.25 * (math.pi - phi),
        apogee_m=top - radius_m,
        time_s=time,
        semi_major_axis_m=a,
        eccentricity=e,
    )


def glide_density_kg_m3(
    *,
    speed_mps: float,
    lift_to_drag: float,
    beta_kg_m2: float,
    radius_m: float = MEAN_RADIUS_M,
) -> float:
    """Air density [kg/m3] in which the whole lift carries the glide at this speed."""
    g = MU_M3_S2 / radius_m**2
    return 2.0 * beta_kg_m2 * (g - speed_mps**2 / radius_m) / (lift_to_drag * speed_mps**2)
