"""Closed forms that flights are held against; nothing that is computed for a user comes from here.

Sphere of 6,371 km without rotation, mu = 398600.4418 km3/s2. Sources: Eggers, Allen and Neice, NACA
Report 1382 (1958), equilibrium glide; Allen and Eggers, NACA Report 1381 (1958), ballistic entry.
"""

import math

RADIUS_M = 6371e3
MU = 3.986004418e14
CIRCULAR2 = MU / RADIUS_M


def glide_range_m(*, start_mps, end_mps, lift_to_drag):
    """Range of an equilibrium glide between two speeds."""
    ratio = (1.0 - end_mps**2 / CIRCULAR2) / (1.0 - start_mps**2 / CIRCULAR2)
    return 0.5 * RADIUS_M * lift_to_drag * math.log(ratio)


def glide_time_s(*, start_mps, end_mps, lift_to_drag):
    """Time of an equilibrium glide between two speeds."""
    circular = math.sqrt(CIRCULAR2)
    scale = lift_to_drag * RADIUS_M / circular
    return scale * (math.atanh(start_mps / circular) - math.atanh(end_mps / circular))


def entry_speed_mps(*, start_mps, density_kg_m3, scale_height_m, beta_kg_m2, angle_rad):
    """Speed of a ballistic entry where the density is given; no gravity, straight path."""
    exponent = density_kg_m3 * scale_height_m / (2.0 * beta_kg_m2 * math.sin(angle_rad))
    return start_mps * math.exp(-exponent)


def jacobi_constant(x, y, z, vx, vy, vz):
    """Energy [m2/s2] that a coasting body keeps in axes that turn with the Earth (WGS 84, J2)."""
    j2, a, w = 1.08263e-3, 6378137.0, 7.292115e-5
    r2 = x * x + y * y + z * z
    potential = MU / math.sqrt(r2) * (1.0 - j2 * a * a / r2 * (1.5 * z * z / r2 - 0.5))
    return 0.5 * (vx * vx + vy * vy + vz * vz) - potential - 0.5 * w * w * (x * x + y * y)
