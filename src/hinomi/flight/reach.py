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
from hinomi.earth.wgs84 import (
    ecef_from_geodetic,
    geodetic_from_ecef,
    local_axes,
)
from hinomi.errors import FenceError, UnreachableError
from hinomi.flight.body import (
    FIRST_STAGE,
    STAGE_WIDTH,
    STAGES,
    powered_time_s,
)
from hinomi.flight.guess import (
    APOGEE_REACHED,
    AZIMUTH,
    CUTOFF,
    EARLIEST_CUTOFF_S,
    ITERATIONS,
    KICK_ANGLE,
    KICKS,
    MISS,
    first_guess,
)
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
from hinomi.kernels import LEAN, MAKES_ARRAYS
from hinomi.records.columns import Floats

MOST_ITERATIONS: Final = 15
LEAST_TOLERANCE_M: Final = 1000.0  # scope fence: no end point is solved finer
BAND_HALVINGS: Final = 30
SOLVER_TOLERANCE: Final = 1e-7  # of the flights tried: within 200 m of the flight at the default
MARGIN_M: Final = 250.0  # taken off the allowed miss for that
APOGEE_TOLERANCE_M: Final = 500.0
STEEP: Final = 0.8  # apogee over distance, from where the Earth's rotation decides where it falls


@njit(cache=True, nogil=True, error_model="numpy", **MAKES_ARRAYS)
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


@njit(cache=True, nogil=True, error_model="numpy", **LEAN)
def _size(miss, distance_m):  # type: ignore[no-untyped-def]
    """Size [m] of the errors along, in apogee and across together."""
    return math.sqrt(miss[0] ** 2 + miss[1] ** 2 + (distance_m * miss[2]) ** 2)


@njit(cache=True, nogil=True, error_model="numpy", **MAKES_ARRAYS)
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


@njit(cache=True, nogil=True, error_model="numpy", **LEAN)
def _triple(a, b, c):  # type: ignore[no-untyped-def]
    """Determinant of three rows."""
    return (
        a[0] * (b[1] * c[2] - b[2] * c[1])
        + a[1] * (b[2] * c[0] - b[0] * c[2])
        + a[2] * (b[0] * c[1] - b[1] * c[0])
    )


@njit(cache=True, nogil=True, error_model="numpy", **MAKES_ARRAYS)
def _newton_steep(  # type: ignore[no-untyped-def]
    body, start, axes, place, apogee_m, tolerance_m, total, result, out
):
    """Newton on (along, across, apogee) over (azimuth, kick, cut-off), from and into `out`.

    For steep flights: the turning Earth carries them as far as they are thrown, so the azimuth no
    longer follows the bearing of the end point.
    """
    x = np.array([place[5], out[KICK_ANGLE], out[CUTOFF]])
    steps = np.empty(3)
    miss, other = np.empty(3), np.empty(3)
    m, jac = np.empty(3), np.empty((3, 3))
    new = np.empty(3)
    _try(body, start, axes, x[0], x[1], x[2], place, apogee_m, result, miss)
    for iteration in range(MOST_ITERATIONS):
        far = place[4] + miss[0]
        m[0] = far * math.cos(miss[2]) - place[4]
        m[1] = -far * math.sin(miss[2])
        m[2] = miss[1]
        size = math.sqrt(m[0] ** 2 + m[1] ** 2 + m[2] ** 2)
        out[AZIMUTH], out[KICK_ANGLE], out[CUTOFF] = x[0], x[1], x[2]
        out[MISS], out[APOGEE_REACHED] = math.hypot(m[0], m[1]), result[APOGEE]
        out[ITERATIONS] = iteration
        if out[MISS] <= tolerance_m and abs(m[2]) <= APOGEE_TOLERANCE_M:
            return True
        steps[0], steps[1], steps[2] = 1e-3, 0.002 * x[1] + 1e-5, -0.02
        for j in range(3):
            new[:] = x
            new[j] += steps[j]
            _try(body, start, axes, new[0], new[1], new[2], place, apogee_m, result, other)
            far = place[4] + other[0]
            jac[j, 0] = (far * math.cos(other[2]) - place[4] - m[0]) / steps[j]
            jac[j, 1] = (-far * math.sin(other[2]) - m[1]) / steps[j]
            jac[j, 2] = (other[1] - m[2]) / steps[j]
        det = _triple(jac[0], jac[1], jac[2])
        if det == 0.0 or not math.isfinite(det):
            return False
        da = -_triple(m, jac[1], jac[2]) / det
        dk = -_triple(jac[0], m, jac[2]) / det
        dc = -_triple(jac[0], jac[1], m) / det
        shrink = min(
            1.0,
            0.5 / (abs(da) + 1e-12),
            0.5 * x[1] / (abs(dk) + 1e-12),
            0.15 * total / (abs(dc) + 1e-12),
        )
        better = False
        for _ in range(6):
            new[0], new[1] = x[0] + shrink * da, x[1] + shrink * dk
            new[2] = min(total, max(EARLIEST_CUTOFF_S, x[2] + shrink * dc))
            _try(body, start, axes, new[0], new[1], new[2], place, apogee_m, result, other)
            far = place[4] + other[0]
            along, across = far * math.cos(other[2]) - place[4], far * math.sin(other[2])
            if math.sqrt(along**2 + across**2 + other[1] ** 2) < size:
                better = True
                break
            shrink *= 0.4
        if not better:
            return False
        x[:] = new
        miss[:] = other
    return False


@njit(cache=True, nogil=True, error_model="numpy", **MAKES_ARRAYS)
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
        if not first_guess(body, start, apogee_m, stretch * place[4], total, rows, result, out):
            return False
        if _newton(body, start, axes, place, apogee_m, tolerance_m, total, result, out):
            return True
        if apogee_m > STEEP * place[4]:
            for j in range(3):
                start[3 + j] = math.sin(place[5]) * axes[j] + math.cos(place[5]) * axes[3 + j]
            first_guess(body, start, apogee_m, stretch * place[4], total, rows, result, out)
            if _newton_steep(body, start, axes, place, apogee_m, tolerance_m, total, result, out):
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
        distance, bearing = ellipsoid_inverse(lat_rad, lon_rad, path.end_lat_rad, path.end_lon_rad)
        ahead = math.cos(bearing - azimuth_rad) >= 0.0  # not left behind by the turning Earth
        return path.apogee_m, float(distance) if ahead else 0.0

    total = powered_time_s(body)
    steep, flat = float(KICKS[0]), float(KICKS[-1])
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
