"""Reaching B from A with a stated apogee: azimuth, kick angle and end of thrust of one flight.

Geometry of a scenario only: the flight starts at A, ends near B and has the stated (first) apogee;
nothing else is ever asked of it. The first guess is a function of the inputs alone, never of an
earlier flight.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from numba import njit

from hinomi.earth.geodesic import ellipsoid_inverse
from hinomi.earth.gravity import MU_M3_S2
from hinomi.earth.wgs84 import (
    ROTATION_RAD_S,
    ecef_from_geodetic,
    geodetic_from_ecef,
    height_above_ellipsoid,
    local_axes,
)
from hinomi.errors import FenceError, UnreachableError
from hinomi.flight.body import (
    FIRST_STAGE,
    GLIDE_BELOW,
    GLIDES,
    LIFT_TO_DRAG,
    STAGE_WIDTH,
    STAGES,
    TERMINAL_SPEED,
    powered_time_s,
)
from hinomi.flight.boost import TILT_S, VERTICAL_S
from hinomi.flight.path import launch
from hinomi.flight.pointmass import (
    APOGEE,
    LANDED,
    LONGEST_FLIGHT_S,
    RESULT,
    STATE,
    STATUS,
    fly_path,
)
from hinomi.records.columns import Floats

MOST_ITERATIONS: Final = 15
LEAST_TOLERANCE_M: Final = 1000.0  # scope fence: no end point is solved finer
BAND_HALVINGS: Final = 30
SOLVER_TOLERANCE: Final = 1e-7  # of the flights tried: within 200 m of the flight at the default
MARGIN_M: Final = 250.0  # taken off the allowed miss for that
APOGEE_TOLERANCE_M: Final = 500.0
EARLIEST_CUTOFF_S: Final = VERTICAL_S + TILT_S + 1.0  # the pitch programme is always flown out
SCAN_TOLERANCE: Final = 1e-5  # of the boosts of the first guess
AFTER_GLIDE_M: Final = 40e3  # assumed length of the last fall, for the first guess only
# Kick angles [rad] of the first guess, evenly spaced in their logarithm.
_KICKS = np.radians(np.geomspace(0.01, 35.0, 18))
# Places in a solution.
AZIMUTH, KICK_ANGLE, CUTOFF, MISS, APOGEE_REACHED, ITERATIONS = range(6)


@njit(cache=True, nogil=True)
def _coast(row, origin, body, out):  # type: ignore[no-untyped-def]
    """Apogee and distance [m] of a body let go at this row: two-body, then closed-form glide."""
    x, y, z = row[0], row[1], row[2]
    w = ROTATION_RAD_S
    vx, vy, vz = row[3] - w * y, row[4] + w * x, row[5]
    r = math.sqrt(x * x + y * y + z * z)
    ground = r - height_above_ellipsoid(x, y, z)
    v2 = vx * vx + vy * vy + vz * vz
    up = (x * vx + y * vy + z * vz) / r
    level = math.sqrt(max(v2 - up * up, 1e-6))
    a = 1.0 / max(2.0 / r - v2 / MU_M3_S2, 1e-12)
    p = (r * level) ** 2 / MU_M3_S2
    e = math.sqrt(max(1.0 - p / a, 1e-12))
    out[0] = a * (1.0 + e) - ground
    end = ground
    if body[GLIDES] != 0.0:
        end += min(body[GLIDE_BELOW], out[0] - 1.0)
    # True and eccentric anomalies here (climbing) and at the end (descending).
    nu0 = math.acos(min(1.0, max(-1.0, (p / r - 1.0) / e)))
    nu1 = 2.0 * math.pi - math.acos(min(1.0, max(-1.0, (p / end - 1.0) / e)))
    half = math.sqrt((1.0 - e) / (1.0 + e))
    e0 = 2.0 * math.atan(half * math.tan(0.5 * nu0))
    e1 = 2.0 * math.pi + 2.0 * math.atan(half * math.tan(0.5 * nu1))
    time = math.sqrt(a**3 / MU_M3_S2) * ((e1 - e * math.sin(e1)) - (e0 - e * math.sin(e0)))
    # End on the inertial plane, then turned back by the Earth's rotation.
    c, s = math.cos(nu1 - nu0) / r, math.sin(nu1 - nu0) / level
    hx, hy, hz = vx - up * x / r, vy - up * y / r, vz - up * z / r
    ex, ey, ez = c * x + s * hx, c * y + s * hy, c * z + s * hz
    cw, sw = math.cos(w * time), math.sin(w * time)
    ex, ey = cw * ex + sw * ey, cw * ey - sw * ex
    size = math.sqrt(origin[0] ** 2 + origin[1] ** 2 + origin[2] ** 2)
    dot = (ex * origin[0] + ey * origin[1] + ez * origin[2]) / size
    out[1] = ground * math.acos(min(1.0, max(-1.0, dot)))
    if body[GLIDES] != 0.0:
        speed2 = row[3] ** 2 + row[4] ** 2 + row[5] ** 2 + 2.0 * MU_M3_S2 * (1.0 / end - 1.0 / r)
        circular2 = MU_M3_S2 / end
        slow2 = body[TERMINAL_SPEED] ** 2
        out[1] += AFTER_GLIDE_M
        if slow2 < speed2 < circular2:
            out[1] += (
                0.5
                * end
                * body[LIFT_TO_DRAG]
                * math.log((1.0 - slow2 / circular2) / (1.0 - speed2 / circular2))
            )


@njit(cache=True, nogil=True)
def _cutoff_for(  # type: ignore[no-untyped-def]
    body, start, kick, apogee_m, total, rows, result, guess
):
    """Cut-off [s] that leads to the apogee at this kick, and the distance; False: none does."""
    n = fly_path(body, start, kick, total, False, 0.0, 1.0, total, SCAN_TOLERANCE, rows, result)
    before_apogee = before_distance = 0.0
    for i in range(int(EARLIEST_CUTOFF_S), n):
        _coast(rows[i], start[6:9], body, guess)
        if guess[0] >= apogee_m:
            share = 0.0
            if i > int(EARLIEST_CUTOFF_S):
                share = 1.0 - (apogee_m - before_apogee) / (guess[0] - before_apogee)
            guess[0] = i - share
            guess[1] -= share * (guess[1] - before_distance)
            return True
        before_apogee, before_distance = guess[0], guess[1]
    # The last part of a second before burnout.
    if result[STATUS] != LANDED:
        last = rows[0]
        for j in range(6):
            last[j] = result[j]
        _coast(last, start[6:9], body, guess)
        if guess[0] >= apogee_m:
            guess[0] = total
            return True
    return False


@njit(cache=True, nogil=True)
def _first_guess(  # type: ignore[no-untyped-def]
    body, start, apogee_m, distance_m, total, rows, result, out
):
    """Kick and cut-off near the wanted apogee and distance; False: none."""
    guess = np.empty(2)
    kick0 = cut0 = far0 = 0.0
    found = False
    edge = 0.0
    for kick in _KICKS:
        if not _cutoff_for(body, start, kick, apogee_m, total, rows, result, guess):
            edge = kick
            break
        if found and guess[1] >= distance_m > far0:
            share = (distance_m - far0) / (guess[1] - far0)
            out[KICK_ANGLE] = kick0 + share * (kick - kick0)
            out[CUTOFF] = cut0 + share * (guess[0] - cut0)
            return True
        found = True
        kick0, cut0, far0 = kick, guess[0], guess[1]
        out[KICK_ANGLE], out[CUTOFF] = kick0, cut0
        if far0 >= distance_m:
            return True
    if not found:
        return False
    # Beyond the last kick of the list: close in on the full burn.
    for _ in range(8 if edge > 0.0 else 0):
        kick = 0.5 * (kick0 + edge)
        if not _cutoff_for(body, start, kick, apogee_m, total, rows, result, guess):
            edge = kick
            continue
        out[KICK_ANGLE], out[CUTOFF] = kick, guess[0]
        if guess[1] >= distance_m:
            share = (distance_m - far0) / max(guess[1] - far0, 1.0)
            out[KICK_ANGLE] = kick0 + share * (kick - kick0)
            out[CUTOFF] = cut0 + share * (guess[0] - cut0)
            return True
        kick0, cut0, far0 = kick, guess[0], guess[1]
    return True


@njit(cache=True, nogil=True)
def _try(  # type: ignore[no-untyped-def]
    body, start, axes, azimuth, kick, cutoff, place, apogee_m, result, miss
):
    """Fly once: distance and apogee errors [m], and the bearing error [rad], into `miss`."""
    for j in range(3):
        start[3 + j] = math.sin(azimuth) * axes[j] + math.cos(azimuth) * axes[3 + j]
    none = np.empty((0, STATE))
    fly_path(
        body, start, kick, cutoff, False, 0.0, 1.0, LONGEST_FLIGHT_S, SOLVER_TOLERANCE, none, result
    )
    lat, lon, _ = geodetic_from_ecef(result[0], result[1], result[2])
    distance, bearing = ellipsoid_inverse(place[0], place[1], lat, lon)
    miss[0] = distance - place[4]
    miss[1] = result[APOGEE] - apogee_m
    miss[2] = (place[5] - bearing + math.pi) % (2.0 * math.pi) - math.pi
    if result[STATUS] != LANDED:
        miss[0] = 1e9


@njit(cache=True, nogil=True)
def _size(miss, distance_m):  # type: ignore[no-untyped-def]
    """Size [m] of the errors along, in apogee and across together."""
    return math.sqrt(miss[0] ** 2 + miss[1] ** 2 + (distance_m * miss[2]) ** 2)


@njit(cache=True, nogil=True)
def _newton(  # type: ignore[no-untyped-def]
    body, start, axes, place, apogee_m, tolerance_m, total, result, out
):
    """Damped Newton on (distance, apogee) over (kick, cut-off), from and into `out`.

    The Jacobian comes from differences and is renewed by Broyden's rule while it serves; the
    azimuth follows the bearing of the end point.
    """
    azimuth = place[5]
    kick, cutoff = out[KICK_ANGLE], out[CUTOFF]
    miss = np.empty(3)
    other = np.empty(3)
    _try(body, start, axes, azimuth, kick, cutoff, place, apogee_m, result, miss)
    size = _size(miss, place[4])
    fresh = False
    known = False
    j00 = j01 = j10 = j11 = 0.0
    for iteration in range(MOST_ITERATIONS):
        across = place[4] * abs(miss[2])
        out[AZIMUTH], out[KICK_ANGLE], out[CUTOFF] = azimuth, kick, cutoff
        out[MISS], out[APOGEE_REACHED] = math.hypot(miss[0], across), result[APOGEE]
        out[ITERATIONS] = iteration
        if out[MISS] <= tolerance_m and abs(miss[1]) <= APOGEE_TOLERANCE_M:
            return True
        if not known:
            d_kick = 0.002 * kick + 1e-5
            d_cut = -0.05
            _try(body, start, axes, azimuth, kick + d_kick, cutoff, place, apogee_m, result, other)
            j00, j10 = (other[0] - miss[0]) / d_kick, (other[1] - miss[1]) / d_kick
            _try(body, start, axes, azimuth, kick, cutoff + d_cut, place, apogee_m, result, other)
            j01, j11 = (other[0] - miss[0]) / d_cut, (other[1] - miss[1]) / d_cut
            known = fresh = True
        det = j00 * j11 - j01 * j10
        if det == 0.0:
            return False
        d_kick = -(j11 * miss[0] - j01 * miss[1]) / det
        d_cut = -(j00 * miss[1] - j10 * miss[0]) / det
        shrink = min(1.0, 0.4 * kick / (abs(d_kick) + 1e-12), 0.15 * total / (abs(d_cut) + 1e-12))
        turn = miss[2]
        better = False
        for _ in range(6):
            new_kick = kick + shrink * d_kick
            new_cut = min(total, max(EARLIEST_CUTOFF_S, cutoff + shrink * d_cut))
            _try(
                body, start, axes, azimuth + turn, new_kick, new_cut, place, apogee_m, result, other
            )
            new_size = _size(other, place[4])
            if new_size < size:
                better = True
                break
            if not fresh:
                break
            shrink *= 0.4
        if not better:
            if fresh:
                return False
            known = False
            _try(body, start, axes, azimuth, kick, cutoff, place, apogee_m, result, miss)
            continue
        # Broyden's rank-one correction, in steps scaled to their own size.
        a, b = (new_kick - kick) / kick, (new_cut - cutoff) / total
        norm = a * a + b * b
        if norm > 0.0:
            r0 = other[0] - miss[0] - j00 * (new_kick - kick) - j01 * (new_cut - cutoff)
            r1 = other[1] - miss[1] - j10 * (new_kick - kick) - j11 * (new_cut - cutoff)
            j00 += r0 * a / (norm * kick)
            j01 += r0 * b / (norm * total)
            j10 += r1 * a / (norm * kick)
            j11 += r1 * b / (norm * total)
        fresh = False
        known = new_size < 0.4 * size
        azimuth += turn
        kick, cutoff, size = new_kick, new_cut, new_size
        miss[0], miss[1], miss[2] = other[0], other[1], other[2]
    return False


@njit(cache=True, nogil=True)
def solve_reach(  # type: ignore[no-untyped-def]
    body, lat_a, lon_a, lat_b, lon_b, apogee_m, tolerance_m, out
):
    """Fill `out` (6,), see the places of a solution; True when within the tolerance."""
    place = np.empty(6)
    place[0], place[1], place[2], place[3] = lat_a, lon_a, lat_b, lon_b
    place[4], place[5] = ellipsoid_inverse(lat_a, lon_a, lat_b, lon_b)
    axes = np.empty(6)
    start = np.zeros(12)
    local = local_axes(lat_a, lon_a)
    start[6], start[7], start[8] = ecef_from_geodetic(lat_a, lon_a, 0.0)
    for j in range(3):
        axes[j], axes[3 + j], start[j] = local[j], local[3 + j], local[6 + j]
    total = 0.0
    for i in range(int(body[STAGES])):
        total += body[FIRST_STAGE + i * STAGE_WIDTH + 3]
    result = np.empty(RESULT)
    rows = np.empty((int(total) + 1, STATE))
    out[:] = 0.0
    out[AZIMUTH] = place[5]
    out[MISS] = np.inf
    # Another guess, as if the aim were nearer or farther, when the first leads nowhere.
    for stretch in (1.0, 0.85, 1.15):
        for j in range(3):
            start[3 + j] = math.sin(place[5]) * axes[j] + math.cos(place[5]) * axes[3 + j]
        if not _first_guess(body, start, apogee_m, stretch * place[4], total, rows, result, out):
            return False
        if _newton(body, start, axes, place, apogee_m, tolerance_m, total, result, out):
            return True
        if out[CUTOFF] >= total:
            return False  # out of propellant: another start ends there too
    return False


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """How a flight gets from A to B."""

    azimuth_rad: float
    kick_rad: float
    cutoff_s: float
    miss_m: float
    apogee_m: float
    iterations: int


def reach(
    body: Floats,
    *,
    lat_a_rad: float,
    lon_a_rad: float,
    lat_b_rad: float,
    lon_b_rad: float,
    apogee_m: float,
    tolerance_m: float = LEAST_TOLERANCE_M,
) -> Reach | None:
    """Azimuth, kick and end of thrust of a flight from A that ends near B; None: out of reach.

    Parameters
    ----------
    body
        vector of `hinomi.flight.body.pack`.
    apogee_m
        first apogee, kept within 500 m.
    tolerance_m
        greatest miss on the ground; at least 1,000 m.

    Raises
    ------
    FenceError
        when the tolerance is below 1,000 m.
    """
    if not tolerance_m >= LEAST_TOLERANCE_M:
        raise FenceError(
            f"tolerance {tolerance_m:g} m is below {LEAST_TOLERANCE_M:g} m: end points are solved "
            f"no finer; ask for {LEAST_TOLERANCE_M:g} m or more"
        )
    out = np.empty(6)
    found = solve_reach(
        body,
        float(lat_a_rad),
        float(lon_a_rad),
        float(lat_b_rad),
        float(lon_b_rad),
        float(apogee_m),
        float(tolerance_m) - MARGIN_M,
        out,
    )
    if not found:
        return None
    return Reach(
        azimuth_rad=float(out[AZIMUTH] % (2.0 * math.pi)),
        kick_rad=float(out[KICK_ANGLE]),
        cutoff_s=float(out[CUTOFF]),
        miss_m=float(out[MISS]),
        apogee_m=float(out[APOGEE_REACHED]),
        iterations=int(out[ITERATIONS]),
    )


def must_reach(
    body: Floats,
    *,
    lat_a_rad: float,
    lon_a_rad: float,
    lat_b_rad: float,
    lon_b_rad: float,
    apogee_m: float,
    tolerance_m: float = LEAST_TOLERANCE_M,
) -> Reach:
    """As `reach`, but a flight out of reach is an error that names the reachable distances.

    Raises
    ------
    UnreachableError
        when no cut-off and kick of the class do it.
    """
    found = reach(
        body,
        lat_a_rad=lat_a_rad,
        lon_a_rad=lon_a_rad,
        lat_b_rad=lat_b_rad,
        lon_b_rad=lon_b_rad,
        apogee_m=apogee_m,
        tolerance_m=tolerance_m,
    )
    if found is not None:
        return found
    distance, bearing = ellipsoid_inverse(lat_a_rad, lon_a_rad, lat_b_rad, lon_b_rad)
    band = reachable_band_m(
        body, lat_rad=lat_a_rad, lon_rad=lon_a_rad, azimuth_rad=bearing, apogee_m=apogee_m
    )
    if band is None:
        raise UnreachableError(
            f"an apogee of {apogee_m / 1e3:.0f} km is above what this booster reaches on its "
            "steepest path; lower it"
        )
    raise UnreachableError(
        f"a distance of {distance / 1e3:.0f} km at an apogee of {apogee_m / 1e3:.0f} km cannot be "
        f"solved; this booster reaches {band[0] / 1e3:.0f}-{band[1] / 1e3:.0f} km at that apogee: "
        "change the distance or the apogee"
    )


def reachable_band_m(
    body: Floats, *, lat_rad: float, lon_rad: float, azimuth_rad: float, apogee_m: float
) -> tuple[float, float] | None:
    """Nearest and farthest distance [m] with this apogee and azimuth; None: apogee too high.

    The nearest flies almost straight up and ends its thrust early, the farthest burns to the end.
    """

    def flight(kick_rad: float, cutoff_s: float) -> tuple[float, float]:
        path = launch(
            body,
            lat_rad=lat_rad,
            lon_rad=lon_rad,
            azimuth_rad=azimuth_rad,
            kick_rad=kick_rad,
            cutoff_s=cutoff_s,
        )
        distance, _ = ellipsoid_inverse(lat_rad, lon_rad, path.end_lat_rad, path.end_lon_rad)
        return path.apogee_m, float(distance)

    total = powered_time_s(body)
    steep, flat = float(_KICKS[0]), float(_KICKS[-1])
    if flight(steep, total)[0] < apogee_m:
        return None
    early, late = EARLIEST_CUTOFF_S, total
    for _ in range(BAND_HALVINGS):
        middle = 0.5 * (early + late)
        early, late = (middle, late) if flight(steep, middle)[0] < apogee_m else (early, middle)
    nearest = flight(steep, late)[1]
    for _ in range(BAND_HALVINGS):
        middle = 0.5 * (steep + flat)
        steep, flat = (steep, middle) if flight(middle, total)[0] < apogee_m else (middle, flat)
    return nearest, flight(steep, total)[1]
