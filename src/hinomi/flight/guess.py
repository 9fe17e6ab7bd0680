"""First guess of a kick and cut-off that reach a distance with an apogee: boost, then closed forms."""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from numba import njit

from hinomi.earth.gravity import MU_M3_S2
from hinomi.earth.wgs84 import ROTATION_RAD_S, height_above_ellipsoid
from hinomi.flight.body import GLIDE_BELOW, GLIDES, LIFT_TO_DRAG, TERMINAL_SPEED
from hinomi.flight.boost import TILT_S, VERTICAL_S
from hinomi.flight.pointmass import LANDED, STATUS, fly_path
from hinomi.kernels import LEAN, MAKES_ARRAYS

EARLIEST_CUTOFF_S: Final = VERTICAL_S + TILT_S + 1.0  # the pitch programme is always flown out
SCAN_TOLERANCE: Final = 1e-5  # of the boosts of the first guess
AFTER_GLIDE_M: Final = 40e3  # assumed length of the last fall, for the first guess only
# Kick angles [rad] of the first guess, evenly spaced in their logarithm.
KICKS = np.radians(np.geomspace(0.01, 35.0, 18))
# Places in a solution.
AZIMUTH, KICK_ANGLE, CUTOFF, MISS, APOGEE_REACHED, ITERATIONS = range(6)


@njit(cache=True, nogil=True, error_model="numpy", **LEAN)
def _coast(row, start, body, out):  # type: ignore[no-untyped-def]
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
    # Signed: a steep flight that the turning Earth leaves behind the launch point is negative.
    size = math.sqrt(start[6] ** 2 + start[7] ** 2 + start[8] ** 2)
    dot = (ex * start[6] + ey * start[7] + ez * start[8]) / size
    ahead = ex * start[3] + ey * start[4] + ez * start[5]
    out[1] = math.copysign(ground * math.acos(min(1.0, max(-1.0, dot))), ahead)
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


@njit(cache=True, nogil=True, error_model="numpy", **LEAN)
def _cutoff_for(  # type: ignore[no-untyped-def]
    body, start, kick, apogee_m, total, rows, result, guess
):
    """Cut-off [s] that leads to the apogee at this kick, and the distance; False: none does."""
    n = fly_path(body, start, kick, total, False, 0.0, 1.0, total, SCAN_TOLERANCE, rows, result)
    before_apogee = before_distance = 0.0
    for i in range(int(EARLIEST_CUTOFF_S), n):
        _coast(rows[i], start, body, guess)
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
        _coast(last, start, body, guess)
        if guess[0] >= apogee_m:
            guess[0] = total
            return True
    return False


@njit(cache=True, nogil=True, error_model="numpy", **MAKES_ARRAYS)
def first_guess(  # type: ignore[no-untyped-def]
    body, start, apogee_m, distance_m, total, rows, result, out
):
    """Kick and cut-off near the wanted apogee and distance; False: none."""
    guess = np.empty(2)
    kick0 = cut0 = far0 = 0.0
    found = False
    edge = 0.0
    for kick in KICKS:
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
