"""The outer envelope of a track state: what no body within stated limits leaves.

Built from deterministic extremes, never from random samples: a hull of random draws misses some per
cent even of its own distribution. Limits: state errors within three standard deviations in each of the
six independent directions of the track's covariance; thrust ending anywhere in the burn left; banks
within the class's limit; lift-to-drag ratio and terminal speed within the class's limits; an end of
lift at any time. Every extreme is flown with the whole physics, and the ring lies 10 km outside.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from hinomi.records.columns import Floats, freeze
from hinomi.records.flights import ThreatClass
from hinomi.records.tracks import Tracks
from hinomi.warn.belief import factor
from hinomi.warn.extremes import corners, ends, starts_of
from hinomi.warn.prior import prior_of
from hinomi.warn.region import in_plane, on_globe

MARGIN_M: Final = 10_000.0  # around everything
CIRCLE: Final = 24  # corners of the margin


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """A convex ring, anticlockwise, in a plane around a place; the first corner is not repeated."""

    lat_deg: float
    lon_deg: float
    east_north_m: Floats  # (N, 2)
    ring_deg: Floats  # (N, 2) latitude, longitude
    area_m2: float

    def __post_init__(self) -> None:
        f = np.float64
        freeze(self, {"east_north_m": (f, (-1, 2)), "ring_deg": (f, (-1, 2))})


def envelope_of(tracks: Tracks, *, row: int, classes: Sequence[ThreatClass]) -> Envelope:
    """Outer envelope of the end of one row of `tracks`.

    Parameters
    ----------
    classes
        what may fly, as for `hinomi.warn.predict.predict`.

    Raises
    ------
    ScenarioError
        when `classes` is empty or cannot be packed.
    ValueError
        when no extreme comes down.
    """
    mean, cov = tracks.mean[row], tracks.cov[row]
    lower = np.zeros((6, 6))
    factor(cov, lower)
    off = corners(lower)
    hulls: list[Floats] = []
    place: tuple[float, float] | None = None
    for start in starts_of(mean, cov, tracks.mode[row], prior_of(classes)):
        plans = start.plans()
        middle = ends(start, np.tile(mean[:6], (len(plans), 1)), plans)
        middle = middle[np.isfinite(middle[:, 0])]
        if not len(middle):
            continue
        place = place or (float(middle[0, 0]), float(middle[0, 1]))
        # Ends of all plans from the mean, each moved as the errors of the state move a few of them.
        moved = [np.zeros((1, 2))]
        for plan in start.few():
            there = ends(start, mean[:6] + np.concatenate([np.zeros((1, 6)), off]), [plan] * 65)
            flat = in_plane(there[:, 0], there[:, 1], at=place)
            if np.isfinite(flat[0, 0]):
                moved.append((flat[1:] - flat[0])[np.isfinite(flat[1:, 0])])
        flat = in_plane(middle[:, 0], middle[:, 1], at=place)
        hulls.append(swept(hull(flat), hull(np.concatenate(moved))))
    if place is None:
        raise ValueError("no extreme of this state comes down; there is no envelope")
    circle = 2.0 * math.pi * np.arange(CIRCLE) / CIRCLE
    margin = (
        np.column_stack([np.cos(circle), np.sin(circle)]) * MARGIN_M / math.cos(math.pi / CIRCLE)
    )
    ring = swept(hull(np.concatenate(hulls)), margin)
    x, y = ring.T
    return Envelope(
        lat_deg=place[0],
        lon_deg=place[1],
        east_north_m=ring,
        ring_deg=on_globe(ring, at=place),
        area_m2=0.5 * float(x @ np.roll(y, -1) - y @ np.roll(x, -1)),
    )


def within(envelope: Envelope, lat_deg: Floats, lon_deg: Floats) -> np.ndarray:
    """Which places (N,) [deg] lie inside the ring."""
    point = in_plane(lat_deg, lon_deg, at=(envelope.lat_deg, envelope.lon_deg))
    a = envelope.east_north_m
    side = np.roll(a, -1, axis=0) - a
    gap = point[:, None, :] - a[None, :, :]
    inside: np.ndarray = np.all(side[:, 0] * gap[..., 1] - side[:, 1] * gap[..., 0] >= 0.0, axis=1)
    return inside


def hull(points: Floats) -> Floats:
    """Corners of the convex hull of points (N, 2), anticlockwise (Andrew's monotone chain, 1979)."""
    p = points[np.lexsort((points[:, 1], points[:, 0]))]

    def chain(ordered: Floats) -> list[Floats]:
        out: list[Floats] = []
        for q in ordered:
            while len(out) > 1 and _turn(out[-2], out[-1], q) <= 0.0:
                out.pop()
            out.append(q)
        return out[:-1]

    corners_ = chain(p) + chain(p[::-1])
    return np.array(corners_ or [p[0]])


def _turn(a: Floats, b: Floats, c: Floats) -> float:
    return float((b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]))


def swept(a: Floats, b: Floats) -> Floats:
    """Hull of all sums of a point of one convex ring and one of another (Minkowski sum)."""
    return hull((a[:, None, :] + b[None, :, :]).reshape(-1, 2))
