"""Take exact municipal boundaries from a user's file: N03 GeoJSON in, one Parquet file out."""

from __future__ import annotations

import hashlib
import json
import os
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from hinomi.errors import ScenarioError
from hinomi.scenario.places import read_table
from hinomi.scenario.places_outlines import Geometries

MOST_BYTES: Final = 200_000_000  # the largest file that is read
CODE_COLUMN: Final = "N03_007"  # the other columns moved between editions
GEOGRAPHIC: Final = ("CRS84", "4326", "6668", "4612", "6697", "JGD")  # names of degree systems
STORED: Final = "boundaries.parquet"
CREDIT: Final = (
    "国土数値情報（行政区域データ）（国土交通省）を加工して作成 / "
    "National Land Numerical Information (administrative areas), MLIT, edited"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What an import found."""

    source: str  # name of the file
    sha256: str
    codes: tuple[str, ...]
    without_code: int  # features of undecided land
    unknown: tuple[str, ...]  # codes that places.csv does not list
    missing: tuple[str, ...]  # municipalities of the prefectures in the file that it lacks


def user_folder() -> Path:
    """Where imported boundaries are kept: `hinomi` in the user's data folder."""
    home = os.environ.get("XDG_DATA_HOME") or str(Path.home() / ".local" / "share")
    return Path(home) / "hinomi"


def city_of(code: str, known: Sequence[str]) -> str:
    """Return the municipality of a code: a ward's is the designated city just below it."""
    if code in known or code[2] != "1":
        return code
    below = [k for k in known if k[:3] == code[:3] and k < code]
    return max(below) if below else code


def read_n03(path: Path) -> tuple[Imported, Geometries]:
    """Read the municipalities of an N03 GeoJSON file, wards joined to their cities.

    Raises
    ------
    ScenarioError
        when the file is too large, no GeoJSON, in projected coordinates or without municipal codes.
    """
    import shapely

    raw = _bounded(path)
    known = [row["code"] for row in read_table()]
    groups: dict[str, list[str]] = defaultdict(list)
    without = 0
    for feature in _features(raw, path):
        code = (feature.get("properties") or {}).get(CODE_COLUMN)
        if not code or not feature.get("geometry"):
            without += 1
            continue
        groups[city_of(_five_digits(code, path), known)].append(json.dumps(feature["geometry"]))
    if not groups:
        raise ScenarioError(f"{path}: no feature has a code in {CODE_COLUMN}; give an N03 file")
    codes = tuple(sorted(groups))
    try:
        shapes = [
            shapely.union_all(shapely.make_valid(shapely.from_geojson(groups[code])))
            for code in codes
        ]
    except shapely.errors.GEOSException as error:
        raise ScenarioError(f"{path}: a geometry cannot be read ({error})") from None
    west, south, east, north = shapely.total_bounds(shapes)
    if not (west >= -180.0 and east <= 180.0 and south >= -90.0 and north <= 90.0):
        raise ScenarioError(
            f"{path}: coordinates reach from {west:.6g}, {south:.6g} to {east:.6g}, "
            f"{north:.6g}; they must be degrees of longitude and latitude: "
            "export the file again as WGS 84 or JGD2011"
        )
    prefectures = {code[:2] for code in codes}
    report = Imported(
        source=path.name,
        sha256=hashlib.sha256(raw).hexdigest(),
        codes=codes,
        without_code=without,
        unknown=tuple(c for c in codes if c not in set(known)),
        missing=tuple(k for k in known if k[:2] in prefectures and k not in groups),
    )
    return report, np.array(shapes)


def store(report: Imported, shapes: Geometries, folder: Path) -> Path:
    """Write the boundaries as WKB with source, hash and credit line; return the file."""
    import pyarrow as pa
    import shapely
    from pyarrow import parquet

    table = pa.table({"code": list(report.codes), "wkb": list(shapely.to_wkb(shapes))})
    note = {"source": report.source, "sha256": report.sha256, "credit": CREDIT}
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / STORED
    parquet.write_table(table.replace_schema_metadata(note), path, compression="zstd")
    return path


def _bounded(path: Path) -> bytes:
    if not path.is_file():
        what = "is a folder" if path.is_dir() else "no such file"
        raise ScenarioError(
            f"{path}: {what}; name an N03 GeoJSON file of the administrative areas (National Land "
            "Numerical Information), such as N03-20240101.geojson"
        )
    size = path.stat().st_size
    if size > MOST_BYTES:
        raise ScenarioError(
            f"{path} has {size / 1e6:.0f} MB; the limit is {MOST_BYTES / 1e6:.0f} MB: "
            "import a file per prefecture or a simplified one"
        )
    return path.read_bytes()


def _features(raw: bytes, path: Path) -> list[dict[str, Any]]:
    try:
        content = json.loads(raw)
    except (ValueError, RecursionError) as error:  # RecursionError: nested too deep
        raise ScenarioError(
            f"{path}: not readable as JSON ({type(error).__name__}: {error})"
        ) from None
    features = content.get("features") if isinstance(content, dict) else None
    if not isinstance(features, list) or not all(isinstance(f, dict) for f in features):
        raise ScenarioError(f"{path}: no GeoJSON FeatureCollection; give the .geojson of N03")
    system = json.dumps(content.get("crs") or "CRS84")
    if not any(name in system for name in GEOGRAPHIC):
        raise ScenarioError(
            f"{path}: coordinate system {system} is not in degrees; export it as WGS 84"
        )
    return features


def _five_digits(code: object, path: Path) -> str:
    text = str(code)
    if not (len(text) == 5 and text.isascii() and text.isdigit()):
        raise ScenarioError(f"{path}: {CODE_COLUMN} is {text[:20]!r}; five digits are expected")
    return text
