"""Where a free body comes down: Kepler arc, full-physics fall; how long an equilibrium glide lasts.

Compiled scalar functions, of rising cost and falling simplicity:

- `kepler_to_radius`, `kepler_to_height`: vacuum two-body arc in inertial axes, turned back into
  Earth-fixed axes; well below a microsecond.
- `coast_end`: point mass with flattening, rotation and drag of constant ballistic coefficient,
  classical Runge-Kutta of fourth order; some tens of microseconds.
- `glide_seconds`: the closed form of a straight glide. Glides with a dive and pull-up at entry,
  which cost much of the speed, are followed together in `hinomi.flight.glides`.
"""

from __future__ import annotations

import math
from typing import Final

from numba import njit

from hinomi.earth.atmosphere import state as air
from hinomi.earth.gravity import MU_M3_S2, acceleration_in_rotating_frame
from hinomi.earth.wgs84 import ECCENTRICITY2, MEAN_RADIUS_M, SEMI_MINOR_M, height_above_ellipsoid
from hinomi.flight.forces import FAST, cone_drag
from hinomi.kernels import LEAN

AIR_TOP_M: Final = (
    80_000.0  # assumed: drag above is below 0.02 m/s2 for every class and is left out
)
COAST_STEP_S: Final = 10.0  # in vacuum; halving it moves an end point by less than 1 m
AIR_STEP_M: Final = 1_800.0  # path per step in thick air, a quarter of a scale height
THICK_AIR_M: Final = 20_000.0  # above, steps grow: twice as long each so much higher
THINNER_M: Final = 10_000.0  # ... end points differ by 2 m in the median from those of short steps
LONGEST_STEP_S: Final = 45.0  # ... up to this: high above the air a step must still follow the arc
GLIDE_HEIGHT_M: Final = 40_000.0  # assumed mean height of a glide, for its closed form


@njit(cache=True, nogil=True, error_model="numpy", fastmath=FAST, **LEAN)
def ground_radius_m(sin_geocentric):  # type: ignore[no-untyped-def]
    """Distance [m] from the centre to the ellipsoid at a geocentric latitude, by its sine."""
    cos2 = 1.0 - sin_geocentric * sin_geocentric
    return SEMI_MINOR_M / math.sqrt(1.0 - ECCENTRICITY2 * cos2)


@njit(cache=True, nogil=True, error_model="numpy", fastmath=FAST, **LEAN)
def surface_coordinates(x, y, z):  # type: ignore[no-untyped-def]
    """Geodetic latitude and longitude [rad] of a point on the ellipsoid; exact only at height 0."""
    p = math.sqrt(x * x + y * y)
    return math.atan2(z, p * (1.0 - ECCENTRICITY2)), math.atan2(y, x)


@njit(cache=True, nogil=True, error_model="numpy", fastmath=FAST, **LEAN)
def apogee_radius_m(x, y, z, vx, vy, vz, omega):  # type: ignore[no-untyped-def]
    """Greatest distance [m] from the centre of the Kepler arc through an Earth-fixed state."""
    ux, uy = vx - omega * y, vy + omega * x
    r = math.sqrt(x * x + y * y + z * z)
    v2 = ux * ux + uy * uy + vz * vz
    rv = x * ux + y * uy + z * vz
    inverse_a = 2.0 / r - v2 / MU_M3_S2
    if inverse_a <= 0.0:
        return 1e12
    p = (r * r * v2 - rv * rv) / MU_M3_S2
    return (1.0 + math.sqrt(max(0.0, 1.0 - p * inverse_a))) / inverse_a


@njit(cache=True, nogil=True, error_model="numpy", fastmath=FAST, **LEAN)
def kepler_to_radius(x, y, z, vx, vy, vz, target_m, omega):  # type: ignore[no-untyped-def]
    """Follow the vacuum arc down to a distance from the centre.

    Earth-fixed state [m, m/s], target radius [m], rotation of the frame [rad/s]. Returns
    (ok, x, y, z, vx, vy, vz, seconds) at the descending crossing, in Earth-fixed axes of that
    moment. ok is False when the arc never comes down through the radius. A state already below it
    and not rising is returned as it is.
    """
    ux, uy, uz = vx - omega * y, vy + omega * x, vz
    r = math.sqrt(x * x + y * y + z * z)
    v2 = ux * ux + uy * uy + uz * uz
    rv = x * ux + y * uy + z * uz
    if r <= target_m and rv <= 0.0:
        return True, x, y, z, vx, vy, vz, 0.0
    inverse_a = 2.0 / r - v2 / MU_M3_S2
    h2 = r * r * v2 - rv * rv
    if inverse_a <= 0.0 or h2 <= 0.0:
        return False, x, y, z, vx, vy, vz, 0.0
    p = h2 / MU_M3_S2
    root_mu_p = math.sqrt(MU_M3_S2 / p)
    e_cos0 = p / r - 1.0
    e_sin0 = rv / (r * root_mu_p)
    e = math.sqrt(e_cos0 * e_cos0 + e_sin0 * e_sin0)
    e_cos1 = p / target_m - 1.0
    if e <= 1e-9 or abs(e_cos1) > e or e >= 1.0:
        return False, x, y, z, vx, vy, vz, 0.0
    e_sin1 = -math.sqrt(e * e - e_cos1 * e_cos1)  # descending
    # Sine and cosine of the angle travelled, from those of the two true anomalies.
    e2 = e * e
    cos_d = (e_cos0 * e_cos1 + e_sin0 * e_sin1) / e2
    sin_d = (e_cos0 * e_sin1 - e_sin0 * e_cos1) / e2
    # Kepler's equation at both ends; eccentric anomalies counted from apogee, so nothing wraps.
    root = math.sqrt(1.0 - e2)
    far0 = math.atan2(root * e_sin0, -(e2 + e_cos0))
    far1 = math.atan2(root * e_sin1, -(e2 + e_cos1))
    mean0 = -far0 - e * math.sin(far0)
    mean1 = -far1 - e * math.sin(far1)
    t = (mean1 - mean0) / math.sqrt(MU_M3_S2 * inverse_a * inverse_a * inverse_a)
    if t < 0.0:
        return False, x, y, z, vx, vy, vz, 0.0
    transverse = r / math.sqrt(h2)
    k = rv / (r * r)
    wx, wy, wz = (ux - k * x) * transverse, (uy - k * y) * transverse, (uz - k * z) * transverse
    nx, ny, nz = x / r, y / r, z / r
    qx, qy, qz = cos_d * nx + sin_d * wx, cos_d * ny + sin_d * wy, cos_d * nz + sin_d * wz
    sx, sy, sz = cos_d * wx - sin_d * nx, cos_d * wy - sin_d * ny, cos_d * wz - sin_d * nz
    radial, across = root_mu_p * e_sin1, root_mu_p * (1.0 + e_cos1)
    ux, uy, uz = radial * qx + across * sx, radial * qy + across * sy, radial * qz + across * sz
    c, s = math.cos(omega * t), math.sin(omega * t)
    px, py, pz = target_m * (c * qx + s * qy), target_m * (c * qy - s * qx), target_m * qz
    vx, vy = c * ux + s * uy + omega * py, c * uy - s * ux - omega * px
    return True, px, py, pz, vx, vy, uz, t


@njit(cache=True, nogil=True, error_model="numpy", fastmath=FAST, **LEAN)
def kepler_to_height(x, y, z, vx, vy, vz, height_m, omega):  # type: ignore[no-untyped-def]
    """As `kepler_to_radius`, to a height [m] above the ellipsoid (two passes over its radius)."""
    r = math.sqrt(x * x + y * y + z * z)
    target = ground_radius_m(z / r) + height_m
    first = kepler_to_radius(x, y, z, vx, vy, vz, target, omega)
    if not first[0] or first[7] == 0.0:
        return first
    target = ground_radius_m(first[3] / target) + height_m
    return kepler_to_radius(x, y, z, vx, vy, vz, target, omega)


@njit(cache=True, nogil=True, error_model="numpy", fastmath=FAST, **LEAN)
def _slope(x, y, z, vx, vy, vz, height, beta, cone):  # type: ignore[no-untyped-def]
    """Acceleration [m/s2] of a free body with drag, Earth-fixed axes."""
    ax, ay, az = acceleration_in_rotating_frame(x, y, z, vx, vy)
    if height < AIR_TOP_M:
        rho, _, sound = air(height)
        v = math.sqrt(vx * vx + vy * vy + vz * vz)
        d = -0.5 * rho * v / beta
        if cone:
            d *= cone_drag(v, sound)
        ax += d * vx
        ay += d * vy
        az += d * vz
    return ax, ay, az


@njit(cache=True, nogil=True, error_model="numpy", fastmath=FAST, **LEAN)
def coast_end(x, y, z, vx, vy, vz, beta_kg_m2, cone):  # type: ignore[no-untyped-def]
    """Follow a free body with flattening, rotation and drag to the ellipsoid.

    Earth-fixed state [m, m/s], ballistic coefficient [kg/m2]; `cone`: drag rises below Mach 8 as
    that of a slender cone. Returns (ok, latitude, longitude [rad, geodetic], seconds); ok is False
    when it has not come down within two hours.
    """
    t = 0.0
    h = height_above_ellipsoid(x, y, z)
    if h <= 0.0:
        lat, lon = surface_coordinates(x, y, z)
        return True, lat, lon, 0.0
    while t < 7200.0:
        speed = math.sqrt(vx * vx + vy * vy + vz * vz)
        thin = 1.0 + max(0.0, h - THICK_AIR_M) / THINNER_M
        small = min(AIR_STEP_M * thin / max(speed, 300.0), LONGEST_STEP_S)
        # Above the air a step never reaches into it; both bounds use the whole speed.
        dt = max(small, min(COAST_STEP_S, (h - AIR_TOP_M) / max(speed, 300.0)))
        half = 0.5 * dt
        a1x, a1y, a1z = _slope(x, y, z, vx, vy, vz, h, beta_kg_m2, cone)
        ux, uy, uz = vx + half * a1x, vy + half * a1y, vz + half * a1z
        px, py, pz = x + half * vx, y + half * vy, z + half * vz
        h_mid = height_above_ellipsoid(px, py, pz)
        a2x, a2y, a2z = _slope(px, py, pz, ux, uy, uz, h_mid, beta_kg_m2, cone)
        wx, wy, wz = vx + half * a2x, vy + half * a2y, vz + half * a2z
        px, py, pz = x + half * ux, y + half * uy, z + half * uz
        a3x, a3y, a3z = _slope(px, py, pz, wx, wy, wz, h_mid, beta_kg_m2, cone)
        px, py, pz = x + dt * wx, y + dt * wy, z + dt * wz
        qx, qy, qz = vx + dt * a3x, vy + dt * a3y, vz + dt * a3z
        h_end = height_above_ellipsoid(px, py, pz)
        a4x, a4y, a4z = _slope(px, py, pz, qx, qy, qz, h_end, beta_kg_m2, cone)
        sixth = dt / 6.0
        nx = x + sixth * (vx + 2.0 * (ux + wx) + qx)
        ny = y + sixth * (vy + 2.0 * (uy + wy) + qy)
        nz = z + sixth * (vz + 2.0 * (uz + wz) + qz)
        vx += sixth * (a1x + 2.0 * (a2x + a3x) + a4x)
        vy += sixth * (a1y + 2.0 * (a2y + a3y) + a4y)
        vz += sixth * (a1z + 2.0 * (a2z + a3z) + a4z)
        h_next = height_above_ellipsoid(nx, ny, nz)
        if h_next <= 0.0:
            share = h / (h - h_next)
            lat, lon = surface_coordinates(
                x + share * (nx - x), y + share * (ny - y), z + share * (nz - z)
            )
            return True, lat, lon, t + share * dt
        x, y, z, h = nx, ny, nz, h_next
        t += dt
    return False, 0.0, 0.0, t


@njit(cache=True, nogil=True, error_model="numpy", fastmath=FAST, **LEAN)
def glide_seconds(speed, end_speed, lift_to_drag):  # type: ignore[no-untyped-def]
    """Closed-form time [s] of a straight equilibrium glide between two speeds [m/s]."""
    r = MEAN_RADIUS_M + GLIDE_HEIGHT_M
    vc = math.sqrt(MU_M3_S2 / r)
    a, b = min(speed / vc, 0.98), min(end_speed / vc, 0.97)
    if a <= b:
        return 0.0
    g = MU_M3_S2 / (r * r)
    return 0.5 * vc / g * lift_to_drag * math.log((1.0 + a) * (1.0 - b) / ((1.0 - a) * (1.0 + b)))
