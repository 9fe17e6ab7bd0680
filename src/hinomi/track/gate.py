"""How far a report lies from a track, in units of both errors, and what it would bring."""

from __future__ import annotations

import math

from numba import njit

from hinomi.kernels import LEAN


@njit(cache=True, nogil=True, error_model="numpy", **LEAN)
def across(u, out):  # type: ignore[no-untyped-def]
    """Write two unit vectors (2, 3) across the unit vector `u`."""
    k = 0
    if abs(u[1]) < abs(u[k]):
        k = 1
    if abs(u[2]) < abs(u[k]):
        k = 2
    size = math.sqrt(1.0 - u[k] * u[k])
    for i in range(3):
        out[0, i] = ((1.0 if i == k else 0.0) - u[k] * u[i]) / size
    out[1, 0] = u[1] * out[0, 2] - u[2] * out[0, 1]
    out[1, 1] = u[2] * out[0, 0] - u[0] * out[0, 2]
    out[1, 2] = u[0] * out[0, 1] - u[1] * out[0, 0]


@njit(cache=True, nogil=True, error_model="numpy", **LEAN)
def distance(cx, cp, axes, site, los, range_m, across_m2, along_m2, gate):  # type: ignore[no-untyped-def]
    """Squared distance of a report from a track in units of both errors, and ln of its volume.

    Infinite beyond `gate`. Three dimensions for radar, two across the line of sight for infrared.
    """
    dx, dy, dz = site[0] - cx[0], site[1] - cx[1], site[2] - cx[2]
    size = cp[0, 0] + cp[1, 1] + cp[2, 2]
    if not math.isnan(range_m):
        dx, dy, dz = dx + range_m * los[0], dy + range_m * los[1], dz + range_m * los[2]
        if dx * dx + dy * dy + dz * dz > gate * (size + max(across_m2, along_m2)):
            return math.inf, 0.0
        q = along_m2 - across_m2
        s00 = cp[0, 0] + across_m2 + q * los[0] * los[0]
        s11 = cp[1, 1] + across_m2 + q * los[1] * los[1]
        s22 = cp[2, 2] + across_m2 + q * los[2] * los[2]
        s01 = cp[0, 1] + q * los[0] * los[1]
        s02 = cp[0, 2] + q * los[0] * los[2]
        s12 = cp[1, 2] + q * los[1] * los[2]
        c00, c01, c02 = s11 * s22 - s12 * s12, s02 * s12 - s01 * s22, s01 * s12 - s02 * s11
        c11, c12, c22 = s00 * s22 - s02 * s02, s01 * s02 - s00 * s12, s00 * s11 - s01 * s01
        volume = s00 * c00 + s01 * c01 + s02 * c02
        d2 = dx * dx * c00 + dy * dy * c11 + dz * dz * c22
        d2 = (d2 + 2.0 * (dx * dy * c01 + dx * dz * c02 + dy * dz * c12)) / volume
    else:
        a, b = axes[0], axes[1]
        n0 = a[0] * dx + a[1] * dy + a[2] * dz
        n1 = b[0] * dx + b[1] * dy + b[2] * dz
        if n0 * n0 + n1 * n1 > gate * (size + across_m2):
            return math.inf, 0.0
        s00, s11, s01 = across_m2, across_m2, 0.0
        for i in range(3):
            for j in range(3):
                s00 += a[i] * cp[i, j] * a[j]
                s11 += b[i] * cp[i, j] * b[j]
                s01 += a[i] * cp[i, j] * b[j]
        volume = s00 * s11 - s01 * s01
        d2 = (n0 * n0 * s11 + n1 * n1 * s00 - 2.0 * n0 * n1 * s01) / volume
    if d2 > gate:
        return math.inf, 0.0
    return d2, math.log(volume)


@njit(cache=True, nogil=True, error_model="numpy", **LEAN)
def gain(cp, axes, los, ranged, across_m2, along_m2):  # type: ignore[no-untyped-def]
    """How much a report would take off the position variance, each coordinate taken alone [m2]."""
    total = 0.0
    for a in range(3 if ranged else 2):
        h = axes[a] if a < 2 else los
        s = across_m2 if a < 2 else along_m2
        off = 0.0
        for i in range(3):
            k = cp[i, 0] * h[0] + cp[i, 1] * h[1] + cp[i, 2] * h[2]
            s += k * h[i]
            off += k * k
        total += off / s
    return total
