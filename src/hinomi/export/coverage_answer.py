"""Coverage of a constellation by latitude: shares, gaps and geometry, over a day and all longitudes."""

from __future__ import annotations

import math
from typing import Any, Final

import numpy as np

from hinomi.export.coverage_asked import COLUMNS, Constellation, Target, bounded
from hinomi.records.columns import Floats
from hinomi.units import DEG_RAD, KM_M
from hinomi.watch.coverage import Coverage, Sky, cover, crossings, sky
from hinomi.watch.coverage_grid import Grid, band

KEYS: Final = (
    "fraction_1", "fraction_2", "fraction_3", "mean_views", "longest_gap_s", "median_stereo_deg",
    "median_dop",
)  # fmt: skip


def sky_of(asked: Constellation, target: Target, t_s: Floats) -> Sky:
    """Place a constellation of the command line; Greenwich is at angle 0 at the start."""
    return sky(
        asked.satellites,
        t_s,
        greenwich_rad=0.0,
        reach_m=[target.max_range_m] * len(asked.satellites),
    )


def of_latitudes(
    asked: Constellation, target: Target, t_s: Floats, lat_deg: tuple[float, ...]
) -> list[dict[str, Any]]:
    """Answers for parallels, one object each, numbers rounded to what the steps carry."""
    bounded(len(asked.satellites), COLUMNS * len(lat_deg), len(t_s))
    above = sky_of(asked, target, t_s)
    out = []
    for lat in lat_deg:
        grid = band(
            lat * DEG_RAD, columns=COLUMNS, height_m=target.height_m, sphere_m=asked.sphere_m
        )
        angles, dilutions = crossings(grid, above)
        out.append({"latitude_deg": lat} | means(cover(grid, above)) | _geometry(angles, dilutions))
    return out


def means(found: Coverage) -> dict[str, Any]:
    """Means of a coverage over its grid, each cell with its share of the sphere; the longest gap anywhere."""
    weights = np.broadcast_to(found.grid.weights, found.share_1.shape)
    if weights.sum() < 1e-9:  # a pole alone
        weights = np.ones_like(weights)

    def mean(values: Floats) -> float:
        return float(np.average(values, weights=weights))

    return {
        "fraction_1": round(mean(found.share_1), 6),
        "fraction_2": round(mean(found.share_2), 6),
        "fraction_3": round(mean(found.share_3), 6),
        "mean_views": round(mean(found.mean_views), 5),
        "longest_gap_s": float(found.longest_gap_s.max()),
    }


def _geometry(angles_rad: Floats, dilutions: Floats) -> dict[str, Any]:
    """Medians over times and longitudes with two or more in view; null where there are none."""
    seen = angles_rad[np.isfinite(angles_rad)] / DEG_RAD
    fixed = dilutions[np.isfinite(dilutions)]

    def median(values: Floats, digits: int) -> float | None:
        return round(float(np.median(values)), digits) if len(values) else None

    return {
        "median_stereo_deg": median(seen, 3),
        "median_crossing_deg": median(np.minimum(seen, 180.0 - seen), 3),
        "median_dop": median(fixed, 4),
    }


def told(asked: Constellation, target: Target, t_s: Floats) -> dict[str, Any]:
    """What was asked, for the object that is printed."""
    step = float(t_s[1] - t_s[0])
    far = target.max_range_m / KM_M
    return {
        "constellation": asked.words,
        "satellites": len(asked.satellites),
        "target_altitude_km": target.height_m / KM_M,
        "graze_km": asked.satellites[0].graze_m / KM_M,
        "max_range_km": far if math.isfinite(far) else None,
        "hours": len(t_s) * step / 3600.0,
        "step_s": step,
        "earth": "sphere of 6,371.0 km" if asked.sphere_m else "WGS 84",
    }


def lines(head: dict[str, Any], rows: list[dict[str, Any]]) -> list[str]:
    """Table of the answers by latitude, or of one answer for an area."""
    limit = "" if head["max_range_km"] is None else f", within {head['max_range_km']:,g} km"
    out = [
        f"{head['constellation']}: {head['satellites']} "
        f"satellite{'s' if head['satellites'] != 1 else ''}",
        f"Target {head['target_altitude_km']:g} km high, line of sight at least "
        f"{head['graze_km']:g} km high{limit}; {head['hours']:g} h in steps of "
        f"{head['step_s']:g} s; {head['earth']}.",
        "",
    ]
    heads = ("1 or more", "2 or more", "3 or more", "mean", "longest gap", "angle", "dilution")
    first = "latitude" if "latitude_deg" in rows[0] else ""
    out.append(f"{first:>8} " + " ".join(f"{h:>11}" for h in heads))
    for row in rows:
        name = f"{row['latitude_deg']:g}" if first else "area"
        texts = [f"{row[k]:.4f}" for k in KEYS[:3]] + [
            f"{row['mean_views']:.3f}", f"{row['longest_gap_s']:.0f} s"
        ]  # fmt: skip
        angle, dop = row.get("median_stereo_deg"), row.get("median_dop")
        texts.append("-" if angle is None else f"{angle:.1f} deg")
        texts.append("-" if dop is None else f"{dop:.2f}")
        out.append(f"{name:>8} " + " ".join(f"{t:>11}" for t in texts))
    out += [
        "",
        "Shares of time and longitude with so many satellites in view. Angle: between the lines of",
        "sight of the pair nearest to 90 degrees, median where two or more are in view. Dilution:",
        "error in metres of a position from all angles, for 1 microradian an axis; median.",
    ]
    return out


def cells(grid: Grid) -> int:
    """Number of cells of a grid."""
    return len(grid.lat_rad) * grid.columns
