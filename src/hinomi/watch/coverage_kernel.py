"""The kernels of coverage: satellites over rows of equal latitude.

At one moment the longitudes of a row from which a satellite is in view are one interval around its
own longitude: the limb, the range and the row's latitude each say how far it reaches. Stretching z
by the axis ratio turns the ellipsoid into a sphere (see `earth.sight.clears_limb`), so the limb is a
cosine on it too. Only cells inside the interval are touched; what else a sensor asks (field of view,
cold background, Sun) is asked there.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from numba import njit

from hinomi.earth.sight import ray_clears_limb
from hinomi.watch.stereo import best_cosine, dilution

# Columns of the numbers of a satellite (rows of `traits`).
REACH, GRAZE, COS_FIELD, COLD, COS_SUN, GAIN = range(6)
TRAITS: Final = 6
# Sums kept per cell, as columns of `counts`; LONGEST and RUN in steps.
SUM, ONE, TWO, THREE, FIX, LONGEST, RUN, FIRST, FIRST_BY, BEST_BY = range(10)
COUNTS: Final = 10


@njit(cache=True, nogil=True, error_model="numpy")
def limb_cosine(satellite_m, target_m, limit_m):  # type: ignore[no-untyped-def]
    """Cosine of the greatest arc at which a sphere of radius `limit_m` does not hide a target.

    Distances from the centre [m]. The satellite is outside the sphere. A target inside it is seen
    only from above its own horizon, as in `earth.sight.clears_sphere`.
    """
    if target_m <= limit_m:
        return min(1.0, target_m / satellite_m)
    a, b = limit_m / satellite_m, limit_m / target_m
    return a * b - math.sqrt((1.0 - a * a) * (1.0 - b * b))


@njit(cache=True, nogil=True, error_model="numpy")
def half_width(trait, sx, sz, radius, stretch, ground, row_rho, row_z):  # type: ignore[no-untyped-def]
    """Half the width [rad] of the interval of longitudes of a row that are in view; -1 for none.

    `sx` and `sz`: distance from the axis and height over the equator of the satellite [m].
    """
    tz, wz = row_z * stretch, sz * stretch
    s = math.sqrt(sx * sx + wz * wz)
    t = math.sqrt(row_rho * row_rho + tz * tz)
    limit = ground + trait[GRAZE]
    if s <= limit:
        return -1.0
    across = row_rho * sx + 1e-9  # the 1e-9 keeps the poles apart from 0 / 0
    low = (s * t * limb_cosine(s, t, limit) - tz * wz) / across
    if trait[REACH] < math.inf:
        far = row_rho * row_rho + row_z * row_z + radius * radius - trait[REACH] ** 2
        low = max(low, (0.5 * far - row_z * sz) / across)
    if low > 1.0:
        return -1.0
    return math.pi if low <= -1.0 else math.acos(low)


@njit(cache=True, nogil=True, error_model="numpy")
def sees(trait, sx, sy, sz, tx, ty, tz, stretch, ground, sun_x, sun_y, sun_z):  # type: ignore[no-untyped-def]
    """Whether field of view, background and Sun let a satellite see a target clear of the limb."""
    dx, dy, dz = tx - sx, ty - sy, tz - sz
    d = math.sqrt(dx * dx + dy * dy + dz * dz)
    if trait[COS_FIELD] > -1.0:
        radius = math.sqrt(sx * sx + sy * sy + sz * sz)
        if -(dx * sx + dy * sy + dz * sz) < trait[COS_FIELD] * d * radius:
            return False
    if trait[COLD] > 0.0:
        wz, ez = sz * stretch, dz * stretch
        down = -(sx * dx + sy * dy + wz * ez)
        size = dx * dx + dy * dy + ez * ez
        limit = ground + trait[GRAZE]
        near = sx * sx + sy * sy + wz * wz - down * down / size
        if down > 0.0 and near < limit * limit:
            return False
    if trait[COS_SUN] <= 1.0 and dx * sun_x + dy * sun_y + dz * sun_z > trait[COS_SUN] * d:
        return not ray_clears_limb(sx, sy, sz, sun_x, sun_y, sun_z, 0.0)  # the Earth hides it
    return True


@njit(cache=True, nogil=True, error_model="numpy")
def cover_row(  # type: ignore[no-untyped-def]  # noqa: C901  (one loop over what is in view)
    row_rho, row_z, west_rad, step_rad, columns, stretch, ground,
    place, traits, on, sun, masks, margins, masks_on, counts, best,
):  # fmt: skip
    """Fill `counts` (columns, 10) and `best` (columns,) of one row of latitude over all steps.

    `place` (T, S, 4): x, y, z and longitude of each satellite; `traits` (S, 6); `on` (T, S) and
    `masks_on` (T, K): who looks; `sun` (T, 3) Earth-fixed, `masks` and `margins` (K, columns): cells
    that fixed sensors see and by what margin. `best` is the greatest margin (a ratio of powers).
    """
    steps, satellites = place.shape[0], place.shape[1]
    fixed = masks.shape[0]
    seen = np.zeros(columns, dtype=np.int64)
    firm = np.zeros(columns, dtype=np.int64)
    by = np.full(columns, -1, dtype=np.int64)
    cos_lon, sin_lon = np.empty(columns), np.empty(columns)
    for j in range(columns):
        cos_lon[j] = row_rho * math.cos(west_rad + j * step_rad)
        sin_lon[j] = row_rho * math.sin(west_rad + j * step_rad)
    row2 = row_rho * row_rho + row_z * row_z
    for k in range(steps):
        for j in range(columns):
            seen[j], firm[j], by[j] = 0, 0, -1
        for s in range(fixed):
            if masks_on[k, s]:
                for j in range(columns):
                    if masks[s, j]:
                        firm[j] += 1
                        if by[j] < 0:
                            by[j] = s
                        if margins[s, j] > best[j]:
                            best[j], counts[j, BEST_BY] = margins[s, j], s
        for s in range(satellites):
            if not on[k, s]:
                continue
            x, y, z, lon = place[k, s, 0], place[k, s, 1], place[k, s, 2], place[k, s, 3]
            rho2 = x * x + y * y
            trait = traits[s]
            radius2 = rho2 + z * z
            half = half_width(
                trait, math.sqrt(rho2), z, math.sqrt(radius2), stretch, ground, row_rho, row_z
            )
            if half < 0.0:
                continue
            plain = trait[COS_FIELD] <= -1.0 and trait[COLD] <= 0.0 and trait[COS_SUN] > 1.0
            middle = (lon - west_rad) % (2.0 * math.pi)
            gain, number = trait[GAIN], fixed + s
            for turn in range(-1, 2):
                at = middle + turn * 2.0 * math.pi
                first = max(0, math.ceil((at - half) / step_rad))
                last = min(columns - 1, math.floor((at + half) / step_rad))
                if half >= math.pi:  # all of the row, once
                    first, last = (0, columns - 1) if turn == 0 else (0, -1)
                for j in range(first, last + 1):
                    if not plain and not sees(
                        trait,
                        x,
                        y,
                        z,
                        cos_lon[j],
                        sin_lon[j],
                        row_z,
                        stretch,
                        ground,
                        sun[k, 0],
                        sun[k, 1],
                        sun[k, 2],
                    ):
                        continue
                    seen[j] += 1
                    if by[j] < 0:
                        by[j] = number
                    if gain > 0.0:
                        dot = x * cos_lon[j] + y * sin_lon[j] + z * row_z
                        d2 = radius2 + row2 - 2.0 * dot
                        margin = gain / (d2 * d2)
                        if margin > best[j]:
                            best[j], counts[j, BEST_BY] = margin, number
        for j in range(columns):
            n = seen[j] + firm[j]
            if n == 0:
                counts[j, RUN] += 1
                counts[j, LONGEST] = max(counts[j, LONGEST], counts[j, RUN])
                continue
            counts[j, RUN] = 0
            counts[j, SUM] += n
            counts[j, ONE] += 1
            counts[j, TWO] += n >= 2
            counts[j, THREE] += n >= 3
            counts[j, FIX] += firm[j] > 0 or seen[j] >= 2
            if counts[j, FIRST] < 0:
                counts[j, FIRST], counts[j, FIRST_BY] = k, by[j]


@njit(cache=True, nogil=True, error_model="numpy")
def cover(  # type: ignore[no-untyped-def]
    rows, west_rad, step_rad, columns, stretch, ground,
    place, traits, on, sun, masks, margins, masks_on,
):  # fmt: skip
    """Counts (R, columns, 10) and best margins (R, columns) of every row; `rows` (R, 2) rho and z [m]."""
    count = rows.shape[0]
    counts = np.zeros((count, columns, COUNTS), dtype=np.int64)
    counts[:, :, FIRST:] = -1
    best = np.zeros((count, columns))
    for r in range(count):
        cover_row(
            rows[r, 0], rows[r, 1], west_rad, step_rad, columns, stretch, ground,
            place, traits, on, sun, masks[:, r], margins[:, r], masks_on, counts[r], best[r],
        )  # fmt: skip
    return counts, best


@njit(cache=True, nogil=True, error_model="numpy")
def stereo_row(  # type: ignore[no-untyped-def]
    row_rho, row_z, west_rad, step_rad, columns, stretch, ground, place, traits, on, sun
):
    """Cosine between the best two lines of sight and dilution, each (T, columns); 2 and inf: no two."""
    steps, satellites = place.shape[0], place.shape[1]
    cosines = np.full((steps, columns), 2.0)
    dilutions = np.full((steps, columns), np.inf)
    sights = np.empty((columns, max(satellites, 1), 4))
    seen = np.zeros(columns, dtype=np.int64)
    for k in range(steps):
        for j in range(columns):
            seen[j] = 0
        for s in range(satellites):
            if not on[k, s]:
                continue
            x, y, z, lon = place[k, s, 0], place[k, s, 1], place[k, s, 2], place[k, s, 3]
            rho2 = x * x + y * y
            half = half_width(
                traits[s], math.sqrt(rho2), z, math.sqrt(rho2 + z * z),
                stretch, ground, row_rho, row_z,
            )  # fmt: skip
            if half < 0.0:
                continue
            middle = (lon - west_rad) % (2.0 * math.pi)
            for turn in range(-1, 2):
                at = middle + turn * 2.0 * math.pi
                first = max(0, math.ceil((at - half) / step_rad))
                last = min(columns - 1, math.floor((at + half) / step_rad))
                if half >= math.pi:
                    first, last = (0, columns - 1) if turn == 0 else (0, -1)
                for j in range(first, last + 1):
                    tx = row_rho * math.cos(west_rad + j * step_rad)
                    ty = row_rho * math.sin(west_rad + j * step_rad)
                    if not sees(
                        traits[s], x, y, z, tx, ty, row_z, stretch, ground,
                        sun[k, 0], sun[k, 1], sun[k, 2],
                    ):  # fmt: skip
                        continue
                    dx, dy, dz = x - tx, y - ty, z - row_z
                    d = math.sqrt(dx * dx + dy * dy + dz * dz)
                    n = seen[j]
                    sights[j, n, 0], sights[j, n, 1] = dx / d, dy / d
                    sights[j, n, 2], sights[j, n, 3] = dz / d, d
                    seen[j] = n + 1
        for j in range(columns):
            if seen[j] >= 2:
                cosines[k, j] = best_cosine(sights[j], seen[j])
                dilutions[k, j] = dilution(sights[j], seen[j])
    return cosines, dilutions
