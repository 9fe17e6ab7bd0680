"""The picture as it stands at given times: every live track, carried forward from its last row."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from numba import njit

from hinomi.earth.gravity import acceleration_in_rotating_frame
from hinomi.earth.wgs84 import height_above_ellipsoid
from hinomi.errors import HinomiError
from hinomi.kernels import LEAN
from hinomi.records.columns import Floats, Ints
from hinomi.records.tracks import CONFIRMED, TENTATIVE, Tracks
from hinomi.track.motion import velocity_frame

STALE_S: Final = 60.0  # a track without a row for this long is no longer in the picture
STEP_S: Final = 5.0  # longest step of the way ahead
GONE: Final = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshots:
    """Confirmed tracks of one picture at T times; NaN and GONE where a track is not live."""

    t_s: Floats  # (T,)
    track: Ints  # (N,) numbers of the tracks that are ever confirmed
    row: Ints  # (T, N) last row of each track up to that time
    age_s: Floats  # (T, N) time since that row
    r_m: Floats  # (T, N, 3)
    v_mps: Floats  # (T, N, 3)


def snapshots(tracks: Tracks, t_s: Floats, *, stale_s: float = STALE_S) -> Snapshots:
    """Tracks of a picture at the times of a grid.

    Parameters
    ----------
    tracks
        one picture; tentative rows are left out, and a track ends with its dropped row.
    t_s
        (T,) times [s].
    stale_s
        a track whose last row is older than this is not live [s].

    Returns
    -------
    Snapshots
        states at exactly these times: the last row's position, velocity and specific force (held in
        the velocity frame) moved forward in the Earth's gravity. A track that has come down to the
        ground is not live. What was valid at a time counts, also where it became available later:
        lateness is told by the times of the grades.

    Raises
    ------
    HinomiError
        when `stale_s` is not above 0.
    """
    if not stale_s > 0.0:
        raise HinomiError(f"stale_s is {stale_s}; it must be above 0 s")
    rows = np.flatnonzero(tracks.status != TENTATIVE)
    rows = rows[np.argsort(tracks.track[rows], kind="stable")]  # by track, then by time
    number = tracks.track[rows].astype(np.int64)
    track, first = np.unique(number, return_index=True)
    place = np.repeat(np.arange(len(track)), np.diff(np.append(first, len(rows))))
    time = tracks.t_s[rows]
    times = np.asarray(t_s, np.float64)
    if not len(track) or not len(times):
        shape = (len(times), len(track))
        return Snapshots(
            t_s=times, track=track.astype(np.int32), row=np.full(shape, GONE, np.int32),
            age_s=np.full(shape, np.nan), r_m=np.full((*shape, 3), np.nan),
            v_mps=np.full((*shape, 3), np.nan),
        )  # fmt: skip
    low = min(float(time.min()), float(times.min())) - 1.0
    span = max(float(time.max()), float(times.max())) + 1.0 - low
    ask = np.arange(len(track)) * span + (times[:, None] - low)
    found = np.searchsorted(place * span + (time - low), ask, side="right") - 1
    live = (found >= 0) & (place[found] == np.arange(len(track)))
    row = rows[np.maximum(found, 0)]
    age = times[:, None] - tracks.t_s[row]
    live &= (tracks.status[row] == CONFIRMED) & (age <= stale_s)
    state = np.full((*live.shape, 6), np.nan)
    state[live] = ahead(tracks.mean[row[live]], age[live])
    live &= np.isfinite(state[..., 0])
    return Snapshots(
        t_s=times, track=track.astype(np.int32), row=np.where(live, row, GONE).astype(np.int32),
        age_s=np.where(live, age, np.nan), r_m=state[..., :3], v_mps=state[..., 3:],
    )  # fmt: skip


def ahead(mean: Floats, dt_s: Floats) -> Floats:
    """(K, 6) position and velocity of track means (K, 9) after `dt_s` (K,) seconds each.

    NaN where the body has come down to the ground on the way.
    """
    out = np.empty((len(mean), 6))
    _ahead(np.ascontiguousarray(mean), np.ascontiguousarray(dt_s), out)
    return out


@njit(cache=True, nogil=True, error_model="numpy", **LEAN)
def _ahead(mean, dt_s, out):  # type: ignore[no-untyped-def]
    """Midpoint rule; the specific force keeps its parts in the turning velocity frame."""
    for k in range(len(mean)):
        x, y, z, u, v, w = (
            mean[k, 0], mean[k, 1], mean[k, 2], mean[k, 3], mean[k, 4], mean[k, 5],
        )  # fmt: skip
        steps = math.ceil(dt_s[k] / STEP_S)
        for _ in range(steps):
            h = dt_s[k] / steps
            a, b, c = _rate(x, y, z, u, v, w, mean[k, 6], mean[k, 7], mean[k, 8])
            g = 0.5 * h
            u1, v1, w1 = u + g * a, v + g * b, w + g * c
            a, b, c = _rate(
                x + g * u, y + g * v, z + g * w, u1, v1, w1, mean[k, 6], mean[k, 7], mean[k, 8]
            )
            x, y, z = x + h * u1, y + h * v1, z + h * w1
            u, v, w = u + h * a, v + h * b, w + h * c
        if steps and x * u + y * v + z * w < 0.0 and height_above_ellipsoid(x, y, z) < 0.0:
            x, y, z, u, v, w = math.nan, math.nan, math.nan, math.nan, math.nan, math.nan
        out[k, 0], out[k, 1], out[k, 2] = x, y, z
        out[k, 3], out[k, 4], out[k, 5] = u, v, w


@njit(cache=True, nogil=True, error_model="numpy", **LEAN)
def _rate(x, y, z, u, v, w, along, lift, right):  # type: ignore[no-untyped-def]
    """Acceleration in Earth-fixed axes under gravity and a force given in the velocity frame."""
    a, b, c = acceleration_in_rotating_frame(x, y, z, u, v)
    f = velocity_frame(x, y, z, u, v, w)
    return (
        a + along * f[0] + lift * f[3] + right * f[6],
        b + along * f[1] + lift * f[4] + right * f[7],
        c + along * f[2] + lift * f[5] + right * f[8],
    )
