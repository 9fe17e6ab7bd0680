"""Coverage as tables: one line a cell, or a line an azimuth of a fan; and the summary of a map."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterator, Sequence
from typing import Any, Final

import numpy as np

from hinomi.export.coverage_answer import means
from hinomi.export.coverage_fan import Fan
from hinomi.export.coverage_maps import MEASURES, Maps
from hinomi.units import DEG_RAD, KM_M
from hinomi.watch.coverage import Coverage

OVER_TIME: Final = ("t_s", "mean_views", "share_1", "share_2", "share_3", "share_fix")
FAN_COLUMNS: Final = (
    "radar",
    "owner",
    "height_km",
    "azimuth_deg",
    "range_km",
    "lat_deg",
    "lon_deg",
)


def rows(maps: Maps) -> Iterator[dict[str, Any]]:
    """Give every cell; a difference has each measure of both and the first minus the second."""
    found, minus = maps.found, maps.minus
    grid = found.grid
    lons = grid.lon_rad / DEG_RAD
    for i, lat in enumerate(grid.lat_rad):
        for j, lon in enumerate(lons):
            row: dict[str, Any] = {
                "lat_deg": round(lat / DEG_RAD, 6),
                "lon_deg": round((float(lon) + 180.0) % 360.0 - 180.0, 6),
            }
            for name in MEASURES:
                value = float(getattr(found, name)[i, j])
                row[name] = round(value, 6)
                if minus is not None:
                    other = float(getattr(minus, name)[i, j])
                    row[f"{name}_minus"] = round(other, 6)
                    row[f"{name}_difference"] = round(value - other, 6)
            first, best = int(found.first_by[i, j]), int(found.best_by[i, j])
            margin = float(found.best_margin_db[i, j])
            row["first_s"] = float(found.first_s[i, j]) if first >= 0 else None
            row["first_sensor"] = found.names[first] if first >= 0 else None
            row["best_sensor"] = found.names[best] if best >= 0 else None
            row["best_margin_db"] = round(margin, 2) if math.isfinite(margin) else None
            yield row


def csv_text(maps: Maps) -> str:
    """Write every cell; empty where there is nothing to say."""
    return _csv(rows(maps))


def over_time_csv_text(maps: Maps) -> str:
    """Write every step: means over the area, and those of the other picture of a difference."""
    first = np.asarray(maps.found.by_time)
    second = None if maps.minus is None else np.asarray(maps.minus.by_time)
    return _csv(
        dict(zip(OVER_TIME, (round(float(x), 6) for x in row), strict=True))
        | (
            {}
            if second is None
            else {
                f"{n}_minus": round(float(x), 6)
                for n, x in zip(OVER_TIME[1:], second[k, 1:], strict=True)
            }
        )
        for k, row in enumerate(first)
    )


def fan_csv_text(found: Sequence[Fan]) -> str:
    """Write every azimuth of every fan."""
    return _csv(
        dict(zip(FAN_COLUMNS, (
            f.radar, f.owner, f.height_m / KM_M, round(float(a) / DEG_RAD, 4),
            round(float(d) / KM_M, 3), round(float(y), 5), round((float(x) + 180.0) % 360.0 - 180.0, 5),
        ), strict=True))
        for f in found
        for a, d, y, x in zip(f.azimuth_rad, f.range_m, f.lat_deg, f.lon_deg, strict=True)
    )  # fmt: skip


def _csv(lines: Iterator[dict[str, Any]]) -> str:
    out = io.StringIO()
    writer = None
    for line in lines:
        if writer is None:
            writer = csv.DictWriter(out, list(line), lineterminator="\n")
            writer.writeheader()
        writer.writerow(line)
    return out.getvalue()


def summary(maps: Maps) -> dict[str, Any]:
    """Means over the area, each cell with its share of the sphere; and what nobody ever sees."""
    out: dict[str, Any] = dict(maps.facts) | {"cells": int(maps.found.share_1.size)}
    out |= _area(maps.found)
    if maps.minus is not None:
        out["minus"] = _area(maps.minus)
        out["difference"] = {k: round(v - out["minus"][k], 6) for k, v in _area(maps.found).items()}
    return out


def _area(found: Coverage) -> dict[str, Any]:
    weights = np.broadcast_to(found.grid.weights, found.share_1.shape)
    return means(found) | {
        "fraction_fix": round(float(np.average(found.share_fix, weights=weights)), 6),
        "area_never_seen": round(float(np.average(found.share_1 == 0.0, weights=weights)), 6),
        "area_never_fixed": round(float(np.average(found.share_fix == 0.0, weights=weights)), 6),
    }


def lines(maps: Maps, told: dict[str, Any]) -> list[str]:
    """Summary in words."""
    heads = [maps.title, maps.subtitle, ""]
    columns = [("", told)]
    if maps.minus is not None:
        columns = [("first", told), ("second", told["minus"]), ("difference", told["difference"])]
        heads.append(f"{'':<44}" + "".join(f"{name:>12}" for name, _ in columns))
    names = {
        "mean_views": "mean number of sensors that see a point",
        "fraction_1": "share of time and area with one or more",
        "fraction_2": "with two or more",
        "fraction_3": "with three or more",
        "fraction_fix": "with a radar or two satellites",
        "area_never_seen": "share of the area that nobody ever sees",
        "area_never_fixed": "share of the area never fixed",
        "longest_gap_s": "longest time without any, anywhere [s]",
    }
    for key, text in names.items():
        digits = 0 if key == "longest_gap_s" else 4
        heads.append(f"{text:<44}" + "".join(f"{c[key]:>12.{digits}f}" for _, c in columns))
    return heads
