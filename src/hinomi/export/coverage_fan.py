"""Fans of radars: how far each sees a target at given heights, by azimuth."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from hinomi.earth.geodesic import ellipsoid_direct
from hinomi.export.coverage_asked import Target
from hinomi.export.coverage_target import Seen, ratio_of
from hinomi.records.columns import Floats
from hinomi.records.plots import Radar
from hinomi.units import DEG_RAD, KM_M
from hinomi.watch.coverage_radar import fan

STEP_RAD: Final = 2.0 * DEG_RAD  # between azimuths, at most


@dataclass(frozen=True, slots=True, kw_only=True)
class Fan:
    """One radar and height: ground ranges [m] and the points they lead to [deg]."""

    radar: str
    owner: str
    height_m: float
    full: bool  # looks all around
    site_deg: tuple[float, float]  # latitude, longitude
    azimuth_rad: Floats
    range_m: Floats
    lat_deg: Floats
    lon_deg: Floats

    @property
    def outline(self) -> tuple[Floats, Floats]:
        """Latitudes and longitudes [deg] of the closed edge; a sector closes at its site."""
        lat, lon = self.lat_deg, self.lon_deg
        if not self.full:
            site_lat, site_lon = self.site_deg
            lat, lon = np.append(lat, site_lat), np.append(lon, site_lon)
        return np.append(lat, lat[0]), np.append(lon, lon[0])


def fans(
    radars: Sequence[Radar], heights_m: Sequence[float], target: Target, seen: Seen
) -> list[Fan]:
    """Compute every radar at every height; a limit on range holds along the ground here."""
    return [_fan(radar, height, target, seen) for radar in radars for height in heights_m]


def _fan(radar: Radar, height_m: float, target: Target, seen: Seen) -> Fan:
    full = radar.sector_rad >= 2.0 * math.pi
    sector = min(radar.sector_rad, 2.0 * math.pi)
    count = max(2, math.ceil(sector / STEP_RAD)) + (0 if full else 1)
    azimuths = radar.face_az_rad - 0.5 * sector + np.linspace(0.0, sector, count, endpoint=not full)
    if not full:  # inside: azimuths of elevated points turn a little with the ellipsoid
        azimuths[[0, -1]] += (1e-3, -1e-3)
    ranges = fan(
        radar, height_m=height_m, azimuths_rad=azimuths, rcs_m2=seen.rcs_m2,
        needed_ratio=ratio_of(radar, target),
    )  # fmt: skip
    ranges = np.minimum(ranges, target.max_range_m)
    lat, lon = radar.lat_deg * DEG_RAD, radar.lon_deg * DEG_RAD
    ends = np.array(
        [ellipsoid_direct(lat, lon, a, d)[:2] for a, d in zip(azimuths, ranges, strict=True)]
    )
    turned = np.unwrap(np.append(lon, ends[:, 1]))[1:]  # no jump at the date line
    return Fan(
        radar=radar.name, owner=radar.owner, height_m=height_m, full=full,
        site_deg=(radar.lat_deg, radar.lon_deg), azimuth_rad=azimuths % (2.0 * math.pi),
        range_m=ranges, lat_deg=ends[:, 0] / DEG_RAD, lon_deg=turned / DEG_RAD,
    )  # fmt: skip


def facts(found: Sequence[Fan]) -> list[dict[str, object]]:
    """Greatest range of each fan, for the object and the table that are printed."""
    return [
        {
            "radar": f.radar, "owner": f.owner, "height_km": f.height_m / KM_M,
            "greatest_range_km": round(float(f.range_m.max()) / KM_M, 1),
            "least_range_km": round(float(f.range_m.min()) / KM_M, 1),
        }
        for f in found
    ]  # fmt: skip


def lines(rows: Sequence[dict[str, object]]) -> list[str]:
    """Table of greatest ranges."""
    width = max(len(str(r["radar"])) for r in rows)
    out = [f"{'radar':<{width}}  {'height km':>9}  {'greatest km':>11}  {'least km':>9}"]
    out += [
        f"{r['radar']:<{width}}  {r['height_km']:>9g}  {r['greatest_range_km']:>11,.1f}  "
        f"{r['least_range_km']:>9,.1f}"
        for r in rows
    ]
    return out
