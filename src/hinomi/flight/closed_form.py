"""Closed forms on a sphere without rotation: minimum energy, equilibrium glide, ballistic entry.

Radius 6,371 km and mu = 398600.4418 km3/s2 unless a radius is given.
Sources: minimum-energy ellipse (any text on orbits); Eggers, Allen and Neice, NACA Report 1382
(1958); Allen and Eggers, NACA Report 1381 (1958).
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


def glide_range_m(
    *, start_mps: float, end_mps: float, lift_to_drag: float, radius_m: float = MEAN_RADIUS_M
) -> float:
    """Range [m] of an equilibrium glide between two speeds."""
    circular2 = MU_M3_S2 / radius_m
    ratio = (1.0 - end_mps**2 / circular2) / (1.0 - start_mps**2 / circular2)
    return 0.5 * radius_m * lift_to_drag * math.log(ratio)


def glide_time_s(
    *, start_mps: float, end_mps: float, lift_to_drag: float, radius_m: float = MEAN_RADIUS_M
) -> float:
    """Time [s] of an equilibrium glide between two speeds."""
    circular = math.sqrt(MU_M3_S2 / radius_m)
    scale = lift_to_drag * radius_m / circular
    return scale * (math.atanh(start_mps / circular) - math.atanh(end_mps / circular))


def glide_speed_mps(
    *, start_mps: float, distance_m: float, lift_to_drag: float, radius_m: float = MEAN_RADIUS_M
) -> float:
    """Speed [m/s] left after a distance of equilibrium glide; 0 beyond the end of the glide."""
    circular2 = MU_M3_S2 / radius_m
    growth = math.exp(2.0 * distance_m / (radius_m * lift_to_drag))
    left = 1.0 - (1.0 - start_mps**2 / circular2) * growth
    return math.sqrt(max(0.0, left) * circular2)


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


def entry_speed_mps(
    *,
    start_mps: float,
    density_kg_m3: float,
    scale_height_m: float,
    beta_kg_m2: float,
    angle_rad: float,
) -> float:
    """Speed [m/s] of a ballistic entry where the density is given; no gravity, straight path."""
    exponent = density_kg_m3 * scale_height_m / (2.0 * beta_kg_m2 * math.sin(angle_rad))
    return start_mps * math.exp(-exponent)


def entry_peak_mps2(*, start_mps: float, scale_height_m: float, angle_rad: float) -> float:
    """Greatest deceleration [m/s2] of a ballistic entry, whatever the ballistic coefficient."""
    return start_mps**2 * math.sin(angle_rad) / (2.0 * math.e * scale_height_m)
