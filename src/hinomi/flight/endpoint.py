"""Where a free body comes down: Kepler arc, full-physics fall, equilibrium glide.

Three answers of rising cost and falling simplicity, all as compiled scalar functions:

- `kepler_to_radius`, `kepler_to_height`: vacuum two-body arc in inertial axes, turned back into
  Earth-fixed axes; well below a microsecond.
- `coast_end`: point mass with flattening, rotation and drag of constant ballistic coefficient,
  classical Runge-Kutta of fourth order; some tens of microseconds.
- `glide_end`: point mass under the glide law (equilibrium lift with damping, constant lift-to-drag
  ratio, piecewise constant bank) in an exponential atmosphere over a sphere, midpoint rule; one to
  three microseconds. It includes the dive and pull-up at entry, which costs much of the speed.
"""

from __future__ import annotations

import math
from typing import Final

from numba import njit

from hinomi.earth.atmosphere import state as air
from hinomi.earth.gravity import MU_M3_S2, acceleration_in_rotating_frame
from hinomi.earth.wgs84 import ECCENTRICITY2, MEAN_RADIUS_M, SEMI_MINOR_M, height_above_ellipsoid
from hinomi.flight.forces import FAST, LOWEST_LIFT, cone_drag

SEA_LEVEL_DENSITY_KG_M3: Final = 1.225  # U.S. Standard Atmosphere 1976
AIR_TOP_M: Final = (
    80_000.0  # assumed: drag above is below 0.02 m/s2 for every class and is left out
)
COAST_STEP_S: Final = 10.0  # in vacuum; halving it moves an end point by less than 1 m
AIR_STEP_M: Final = 1_800.0  # path per step inside the atmosphere, a quarter of a scale height
STEP_SHARE: Final = 0.7  # of a scale height climbed or sunk in one step, at most
GLIDE_STEP_S: Final = 14.0  # longest step of a glide, half a radian of its phugoid
USUAL_SCALE_HEIGHT_M: Final = 7_100.0  # steps shrink with the root of a smaller one
_SURFACE_GRAVITY: Final = MU_M3_S2 / MEAN_RADIUS_M**2
GLIDE_HEIGHT_M: Final = 40_000.0  # assumed mean height of a glide, for its closed form
GLIDE_STEPS_LIMIT: Final = 4_000
NODE_S: Final = 40.0  # spacing of the nodes of a ground track


@njit(cache=True, nogil=True, error_model="numpy", fastmath=FAST)
def ground_radius_m(sin_geocentric):  # type: ignore[no-untyped-def]
    """Distance [m] from the centre to the ellipsoid at a geocentric latitude, by its sine."""
    cos2 = 1.0 - sin_geocentric * sin_geocentric
    return SEMI_MINOR_M / math.sqrt(1.0 - ECCENTRICITY2 * cos2)


@njit(cache=True, nogil=True, error_model="numpy", fastmath=FAST)
def surface_coordinates(x, y, z):  # type: ignore[no-untyped-def]
    """Geodetic latitude and longitude [rad] of a point on the ellipsoid; exact only at height 0."""
    p = math.sqrt(x * x + y * y)
    return math.atan2(z, p * (1.0 - ECCENTRICITY2)), math.atan2(y, x)


@njit(cache=True, nogil=True, error_model="numpy", fastmath=FAST)
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


@njit(cache=True, nogil=True, error_model="numpy", fastmath=FAST)
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


@njit(cache=True, nogil=True, error_model="numpy", fastmath=FAST)
def kepler_to_height(x, y, z, vx, vy, vz, height_m, omega):  # type: ignore[no-untyped-def]
    """As `kepler_to_radius`, to a height [m] above the ellipsoid (two passes over its radius)."""
    r = math.sqrt(x * x + y * y + z * z)
    target = ground_radius_m(z / r) + height_m
    first = kepler_to_radius(x, y, z, vx, vy, vz, target, omega)
    if not first[0] or first[7] == 0.0:
        return first
    target = ground_radius_m(first[3] / target) + height_m
    return kepler_to_radius(x, y, z, vx, vy, vz, target, omega)


@njit(cache=True, nogil=True, error_model="numpy", fastmath=FAST)
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


@njit(cache=True, nogil=True, error_model="numpy", fastmath=FAST)
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
        small = AIR_STEP_M / max(speed, 300.0)
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


@njit(cache=True, nogil=True, error_model="numpy", fastmath=FAST)
def glide_seconds(speed, end_speed, lift_to_drag):  # type: ignore[no-untyped-def]
    """Closed-form time [s] of a straight equilibrium glide between two speeds [m/s]."""
    r = MEAN_RADIUS_M + GLIDE_HEIGHT_M
    vc = math.sqrt(MU_M3_S2 / r)
    a, b = min(speed / vc, 0.98), min(end_speed / vc, 0.97)
    if a <= b:
        return 0.0
    g = MU_M3_S2 / (r * r)
    return 0.5 * vc / g * lift_to_drag * math.log((1.0 + a) * (1.0 - b) / ((1.0 - a) * (1.0 + b)))


@njit(cache=True, nogil=True, error_model="numpy", inline="always")
def _small_rotation(a):  # type: ignore[no-untyped-def]
    """Cosine and sine of an angle below 0.3 rad, to 1e-7."""
    q = a * a
    return 1.0 - q * (0.5 - q * (1.0 / 24.0 - q / 720.0)), a * (1.0 - q * (1.0 / 6.0 - q / 120.0))


@njit(cache=True, nogil=True, error_model="numpy", fastmath=FAST)
def _glide_rates(  # type: ignore[no-untyped-def]
    v, gamma, h, east, lift_to_drag, half_air, per_height, level, secant, damping, lifts
):
    """Rates of speed, climb angle, height [SI], lift over mass and ground speed.

    `east`: twice the rotation rate times the eastward share of the level motion; `half_air`: half
    the density at sea level over the ballistic coefficient; `per_height`: one over the scale
    height; `level`: minus twice the scale height over L/D and the cosine of bank; `secant` of
    bank. The drag is q / beta whatever lift is used.
    """
    share = h / MEAN_RADIUS_M
    shrink = 1.0 - share * (1.0 - share)  # mean radius over distance from the centre, to 1e-6
    g = _SURFACE_GRAVITY * shrink * shrink
    q = gamma * gamma
    sin_g = gamma * (1.0 - q * (1.0 / 6.0 - q / 120.0))
    cos_g = 1.0 - q * (0.5 - q / 24.0)
    per_v = 1.0 / v
    drag = half_air * math.exp(-h * per_height) * v * v
    left = g - v * v * shrink / MEAN_RADIUS_M
    lift = 0.0
    if lifts:
        most = lift_to_drag * drag
        wanted = left * cos_g * secant - damping * v * (gamma - level * g * per_v * per_v)
        lift = min(most, max(LOWEST_LIFT * most, wanted))
    return (
        -drag - g * sin_g,
        (lift / secant - (left - east * v) * cos_g) * per_v,
        v * sin_g,
        lift * per_v,
        v * cos_g * shrink,
    )


@njit(cache=True, nogil=True, error_model="numpy", fastmath=FAST)
def glide_end(  # type: ignore[no-untyped-def]
    lat,
    lon,
    height,
    speed,
    climb,
    heading,
    lift_to_drag,
    beta,
    scale_height,
    damping,
    end_speed,
    early_s,
    banks,
    switches,
    omega,
    path,
):
    """Follow the glide law from a state to the ground, over a sphere.

    Parameters
    ----------
    lat, lon, climb, heading
        [rad]; climb angle above the horizontal, heading clockwise from north.
    height, speed
        [m], [m/s].
    lift_to_drag, beta, scale_height, damping
        of the body [-, kg/m2], of the air [m], of the law [1/s].
    end_speed, early_s
        lift ends at this speed [m/s], after this time [s] at the latest.
    banks, switches
        (n,) [rad] and (n - 1,) [s]: bank i holds until switch i; positive turns right.
    omega
        rotation of the Earth [rad/s].
    path
        (N, 2) scratch that takes latitude and longitude [rad] of the way; N = 0 when not wanted.

    Returns
    -------
    latitude, longitude [rad], seconds, nodes of the path written.
    """
    sin_lat, cos_lat = math.sin(lat), math.cos(lat)
    sin_lon, cos_lon = math.sin(lon), math.cos(lon)
    sin_h, cos_h = math.sin(heading), math.cos(heading)
    nx, ny, nz = cos_lat * cos_lon, cos_lat * sin_lon, sin_lat
    tx = -sin_h * sin_lon - cos_h * sin_lat * cos_lon
    ty = sin_h * cos_lon - cos_h * sin_lat * sin_lon
    tz = cos_h * cos_lat
    t, v, gamma, h = 0.0, speed, max(-1.2, min(1.2, climb)), height
    nodes, segment = 0, 0
    cos_bank, sin_bank = math.cos(banks[0]), math.sin(banks[0])
    secant, level = 1.0 / cos_bank, -2.0 * scale_height / (lift_to_drag * cos_bank)
    half_air, per_height = 0.5 * SEA_LEVEL_DENSITY_KG_M3 / beta, 1.0 / scale_height
    wanted = len(path) > 0
    node_at = 0.0
    longest = GLIDE_STEP_S * math.sqrt(scale_height / USUAL_SCALE_HEIGHT_M)
    lifts = True
    for _ in range(GLIDE_STEPS_LIMIT):
        if lifts and (v <= end_speed or t >= early_s):
            lifts = False
        while segment < switches.size and switches[segment] <= t:
            segment += 1
            cos_bank, sin_bank = math.cos(banks[segment]), math.sin(banks[segment])
            secant, level = 1.0 / cos_bank, -2.0 * scale_height / (lift_to_drag * cos_bank)
        if wanted and t >= node_at and nodes < len(path) - 1:
            path[nodes, 0] = math.asin(max(-1.0, min(1.0, nz)))
            path[nodes, 1] = math.atan2(ny, nx)
            nodes += 1
            node_at = t + NODE_S
        east = 2.0 * omega * (nx * ty - ny * tx)
        a0, a1, a2, _, _ = _glide_rates(
            v, gamma, h, east, lift_to_drag, half_air, per_height, level, secant, damping, lifts
        )
        # No step through more than half a scale height, nor through a switch.
        dt = longest
        if abs(a2) * dt > STEP_SHARE * scale_height:
            dt = STEP_SHARE * scale_height / abs(a2)
        if lifts:
            dt = min(dt, max(0.1, early_s - t))
            if segment < switches.size:
                dt = min(dt, max(0.1, switches[segment] - t))
            if v + a0 * dt < end_speed and a0 < 0.0:
                dt = max(0.1, (end_speed - v) / a0)
        half = 0.5 * dt
        vm, gm = max(50.0, v + half * a0), gamma + half * a1
        b0, b1, b2, sideways, ground = _glide_rates(
            vm,
            gm,
            h + half * a2,
            east,
            lift_to_drag,
            half_air,
            per_height,
            level,
            secant,
            damping,
            lifts,
        )
        if h + dt * b2 <= 0.0:
            dt = h / -b2
        # Half the turn, the step along the great circle, the other half of the turn.
        c, s = _small_rotation(
            0.5 * dt * (sideways * sin_bank * (1.0 + 0.5 * gm * gm) + 2.0 * omega * nz)
        )
        d, e = _small_rotation(ground * dt / MEAN_RADIUS_M)
        bx, by, bz = ty * nz - tz * ny, tz * nx - tx * nz, tx * ny - ty * nx
        tx, ty, tz = c * tx + s * bx, c * ty + s * by, c * tz + s * bz
        nx, ny, nz, tx, ty, tz = (
            d * nx + e * tx, d * ny + e * ty, d * nz + e * tz,
            d * tx - e * nx, d * ty - e * ny, d * tz - e * nz,
        )  # fmt: skip
        bx, by, bz = ty * nz - tz * ny, tz * nx - tx * nz, tx * ny - ty * nx
        tx, ty, tz = c * tx + s * bx, c * ty + s * by, c * tz + s * bz
        v = max(50.0, v + dt * b0)
        gamma = max(-1.4, min(1.4, gamma + dt * b1))
        h += dt * b2
        t += dt
        if h <= 1.0:
            break
    lat, lon = math.asin(max(-1.0, min(1.0, nz))), math.atan2(ny, nx)
    if wanted:
        path[nodes, 0], path[nodes, 1] = lat, lon
        nodes += 1
    return lat, lon, t, nodes
