"""Places of one's own: polygons with people from a GeoJSON file, as the record of municipalities."""

from __future__ import annotations

import hashlib
import json
import math
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from hinomi.earth.places import COLUMNS_A_DEGREE, ROWS_A_DEGREE, TILE_CELLS
from hinomi.earth.wgs84 import MEAN_RADIUS_M
from hinomi.errors import ScenarioError
from hinomi.records.places import Mesh, Places
from hinomi.scenario.places import load_places
from hinomi.scenario.places_import import GEOGRAPHIC, MOST_BYTES
from hinomi.scenario.places_outlines import Geometries
from hinomi.scenario.places_units import MARGIN_DEG
from hinomi.scenario.text import read_bytes
from hinomi.units import KM_M

MOST_PLACES: Final = 20_000  # assumed: what a laptop's memory holds with room to spare
MOST_SPAN_DEG: Final = 40.0  # assumed: the cells of a region this wide take 250 MB at most
MOST_LAT_DEG: Final = 72.0  # beyond, a band of the grid has no one length of a degree
LONGEST_TEXT: Final = 120
OVERLAP: Final = 0.5  # a place that loses this share of its cells to another lies on top of it
CHANGE_KEY: Final = "area.places"  # under which a plan keeps which file was read


@dataclass(frozen=True, slots=True, kw_only=True)
class RegionFile:
    """Which file the places come from, and the SHA-256 of what was read there."""

    file: str
    sha256: str

    @property
    def label(self) -> str:
        """Name and hash, without the folder: what a scenario's content says."""
        return f"{Path(self.file).name} (SHA-256 {self.sha256})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """Places of a file with their polygons in degrees, in the order of the file."""

    places: Places
    shapes: Geometries


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    code: str
    name: str
    name_ja: str
    prefecture: str
    island_group: str
    population: float
    shape: Any


def region_file(path: Path) -> RegionFile:
    """Name a file by its absolute path and content.

    Raises
    ------
    ScenarioError
        when it is not there or larger than 200 MB.
    """
    raw = _bounded(path)
    return RegionFile(file=str(path.resolve()), sha256=hashlib.sha256(raw).hexdigest())


@lru_cache(maxsize=2)
def read_region(region: RegionFile) -> Region:
    """Read the places of a GeoJSON FeatureCollection of polygons; cells of about 0.5 km.

    Properties of a feature: `code` (unique), `name`, `population` (0 or more); where given
    `name_ja`, `prefecture` (the region's name otherwise) and `island_group`.

    Raises
    ------
    ScenarioError
        for a file that is not what was named, is no GeoJSON in degrees, or has a feature without
        the above, a shape that crosses itself, or two that lie on top of each other.
    """
    path = Path(region.file)
    raw = _bounded(path)
    found = hashlib.sha256(raw).hexdigest()
    if found != region.sha256:
        raise ScenarioError(
            f"{path}: is another file now (SHA-256 {found[:12]}; the run was planned with "
            f"{region.sha256[:12]}); bring the first one back, or begin a new run"
        )
    document = _document(raw, path)
    own = document.get("name")
    group = own if isinstance(own, str) and own.strip() else path.stem
    rows = [_row(f, n, path, group) for n, f in enumerate(document["features"], start=1)]
    _each_once(rows, path)
    shapes: Geometries = np.array([row.shape for row in rows], object)
    _in_range(shapes, path)
    vintage = (
        f"Places: {path.name} (SHA-256 {region.sha256[:12]}), areas and population as given by the "
        "user, not checked (assumed); approximate to 0.5 km."
    )
    return Region(places=_places(rows, shapes, vintage, path), shapes=shapes)


def places_of(region: RegionFile | None) -> Places:
    """Places of a scenario: those of its own file, the municipalities of Japan where it has none."""
    return load_places() if region is None else read_region(region).places


def given_before(changes: dict[str, Any]) -> RegionFile | None:
    """Take the file that an earlier load noted out of the changes of a plan."""
    noted = changes.get(CHANGE_KEY)
    if not isinstance(noted, dict) or set(noted) != {"file", "sha256"}:
        return None  # a change by a user: refused like every other key of the area
    del changes[CHANGE_KEY]
    return RegionFile(file=str(noted["file"]), sha256=str(noted["sha256"]))


def find_region(name: str, folder: Path | None, before: RegionFile | None) -> RegionFile | None:
    """Find the file that `area.places` names: beside the scenario, or by its absolute path.

    Raises
    ------
    ScenarioError
        when it cannot be found, or the scenario was given as text and the path is relative.
    """
    if not name:
        return None
    if before is not None:
        return before
    path = Path(name)
    if not path.is_absolute():
        if folder is None:
            raise ScenarioError(
                f"area.places: {name!r} is looked for beside the scenario, which was given as "
                "text; load it by its path, or give an absolute path"
            )
        path = folder / path
    return region_file(path)


def known_groups(places: Places, prefectures: list[str], island_groups: list[str]) -> None:
    """Refuse names of groups that the region does not have.

    Raises
    ------
    ScenarioError
        with the name and those that there are.
    """
    for key, given, known in (
        ("prefectures", prefectures, set(places.prefecture_en)),
        ("island_groups", island_groups, set(places.island_group) - {""}),
    ):
        for name in given:
            if name not in known:
                there = ", ".join(sorted(known)[:20]) or "none"
                raise ScenarioError(
                    f"area.{key}: {name!r} is none of the region's own: there are {there}"
                )


def _bounded(path: Path) -> bytes:
    return read_bytes(
        path, f"area.places: {path}", most=MOST_BYTES, smaller="simplify the outlines"
    )


def _document(raw: bytes, path: Path) -> dict[str, Any]:
    try:
        content = json.loads(raw)
    except (ValueError, RecursionError) as error:  # RecursionError: nested too deep
        raise ScenarioError(f"{path}: no GeoJSON ({type(error).__name__}: {error})") from None
    features = content.get("features") if isinstance(content, dict) else None
    if not isinstance(features, list) or not all(isinstance(f, dict) for f in features):
        raise ScenarioError(f"{path}: no FeatureCollection; save the places as one")
    if not features:
        raise ScenarioError(f"{path}: no features; a region needs at least one place")
    if len(features) > MOST_PLACES:
        raise ScenarioError(
            f"{path}: {len(features):,} features; the limit is {MOST_PLACES:,}: join small ones"
        )
    system = json.dumps(content.get("crs") or "CRS84")
    if not any(name in system for name in GEOGRAPHIC):
        raise ScenarioError(
            f"{path}: coordinate system {system[:120]} is not in degrees; export it as WGS 84"
        )
    kept: dict[str, Any] = content
    return kept


def _row(feature: dict[str, Any], number: int, path: Path, group: str) -> _Row:
    properties = feature.get("properties")
    given: dict[str, Any] = properties if isinstance(properties, dict) else {}
    who = f"{path}: feature {number} ({given.get('code') or given.get('name') or 'without code'})"
    code, name = _text(given, "code", who), _text(given, "name", who)
    return _Row(
        code=code,
        name=name,
        name_ja=_text(given, "name_ja", who, name),
        prefecture=_text(given, "prefecture", who, group),
        island_group=_text(given, "island_group", who, ""),
        population=_people(given, who),
        shape=_shape(feature.get("geometry"), who),
    )


def _text(given: dict[str, Any], key: str, who: str, default: str | None = None) -> str:
    value = given.get(key)
    if value is None or value == "":
        if default is None:
            raise ScenarioError(f"{who}: no {key}; every place needs code, name and population")
        return default
    if isinstance(value, bool) or not isinstance(value, (str, int)):
        raise ScenarioError(f"{who}: {key} is {value!r:.60}; it must be text")
    text = str(value).strip()
    if not text or len(text) > LONGEST_TEXT or not text.isprintable() or ";" in text:
        raise ScenarioError(
            f"{who}: {key} is {text!r:.60}; it must be one line of 1 to {LONGEST_TEXT} letters "
            "without a semicolon, which parts the names in tables"
        )
    return text


def _people(given: dict[str, Any], who: str) -> float:
    value = given.get("population")
    if value is None:
        raise ScenarioError(f"{who}: no population; give the number of people who live there")
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise ScenarioError(f"{who}: population is {value!r:.60}; it must be a number")
    if not 0.0 <= value <= 1e10:  # more than live on Earth; also refuses NaN
        raise ScenarioError(f"{who}: population is {value!r:.60}; it must lie between 0 and 1e10")
    return float(value)


def _shape(geometry: Any, who: str) -> Any:
    import shapely

    kind = geometry.get("type") if isinstance(geometry, dict) else None
    if kind not in ("Polygon", "MultiPolygon"):
        raise ScenarioError(
            f"{who}: is {kind or 'without geometry'}; a place is a Polygon or MultiPolygon"
        )
    try:
        shape = shapely.force_2d(shapely.from_geojson(json.dumps(geometry)))
    except (shapely.errors.GEOSException, RecursionError) as error:
        raise ScenarioError(f"{who}: the geometry cannot be read ({error})") from None
    if not shape.is_valid:
        raise ScenarioError(
            f"{who}: the outline crosses itself ({shapely.is_valid_reason(shape)}); draw it anew"
        )
    if shape.is_empty or not shape.area > 0.0:
        raise ScenarioError(f"{who}: has no area; draw it with at least three corners")
    return shape


def _each_once(rows: list[_Row], path: Path) -> None:
    seen: dict[str, int] = {}
    for number, row in enumerate(rows, start=1):
        if row.code in seen:
            raise ScenarioError(
                f"{path}: features {seen[row.code]} and {number} both have the code {row.code!r}; "
                "each place needs its own"
            )
        seen[row.code] = number


def _in_range(shapes: Geometries, path: Path) -> None:
    import shapely

    west, south, east, north = (float(x) for x in shapely.total_bounds(shapes))
    reach = f"{path}: coordinates reach from {west:.6g}, {south:.6g} to {east:.6g}, {north:.6g}"
    if not (abs(west) <= 360.0 and abs(east) <= 360.0 and south >= -90.0 and north <= 90.0):
        raise ScenarioError(
            f"{reach}; they must be degrees of longitude and latitude: export the file as WGS 84"
        )
    if west - MARGIN_DEG < -180.0 or east + MARGIN_DEG > 180.0 or east - west > 180.0:
        raise ScenarioError(
            f"{reach}; a region must stay {MARGIN_DEG:g} degrees off the 180th meridian: "
            "cut it there and study the parts"
        )
    if max(-south, north) > MOST_LAT_DEG:
        raise ScenarioError(
            f"{reach}; a region must lie between {MOST_LAT_DEG:g} S and {MOST_LAT_DEG:g} N"
        )
    if max(east - west, north - south) > MOST_SPAN_DEG:
        raise ScenarioError(
            f"{reach}; a region may span {MOST_SPAN_DEG:g} degrees: leave out distant parts"
        )


def _places(rows: list[_Row], shapes: Geometries, vintage: str, path: Path) -> Places:
    import shapely

    point = shapely.get_coordinates(shapely.point_on_surface(shapes))
    return Places(
        code=tuple(r.code for r in rows),
        name_en=tuple(r.name for r in rows),
        name_ja=tuple(r.name_ja for r in rows),
        prefecture_en=tuple(r.prefecture for r in rows),
        prefecture_ja=tuple(r.prefecture for r in rows),
        island_group=tuple(r.island_group for r in rows),
        population=np.array([r.population for r in rows]),
        area_km2=shapely.area(shapely.transform(shapes, _equal_area)) / KM_M**2,
        lat_deg=point[:, 1],
        lon_deg=point[:, 0],
        mesh=_mesh(rows, shapes, point, path),
        vintage=vintage,
    )


def _equal_area(degrees: NDArray[np.float64]) -> NDArray[np.float64]:
    """Cylindrical equal-area projection of the mean sphere [m]: Lambert's, in closed form."""
    radians = np.radians(degrees)
    return MEAN_RADIUS_M * np.column_stack([radians[:, 0], np.sin(radians[:, 1])])


def _mesh(rows: list[_Row], shapes: Geometries, point: NDArray[Any], path: Path) -> Mesh:
    """Cells whose centre lies inside a place; one of no cell's size gets the cell of its point."""
    import shapely

    tiles: dict[tuple[int, int], NDArray[np.int32]] = {}

    def tile(a: int, b: int) -> NDArray[np.int32]:
        return tiles.setdefault((a, b), np.full((TILE_CELLS, TILE_CELLS), -1, np.int32))

    shapely.prepare(shapes)
    for p, shape in enumerate(shapes):
        west, south, east, north = shape.bounds
        got = lost = 0
        for a in _tiles(south, north, ROWS_A_DEGREE):
            for b in _tiles(west, east, COLUMNS_A_DEGREE):
                lat = (a * TILE_CELLS + np.arange(TILE_CELLS) + 0.5) / ROWS_A_DEGREE
                lon = (b * TILE_CELLS + np.arange(TILE_CELLS) + 0.5) / COLUMNS_A_DEGREE
                inside = shapely.contains_xy(shape, *np.meshgrid(lon, lat))
                if inside.any():
                    mine = tile(a, b)
                    other = inside & (mine >= 0)
                    under = int(mine[other][0]) if other.any() else p
                    mine[inside & ~other] = p
                    got, lost = got + int(inside.sum()), lost + int(other.sum())
        if lost > OVERLAP * got:
            raise ScenarioError(
                f"{path}: feature {p + 1} ({rows[p].code}) lies on top of others, "
                f"{rows[under].code} among them; each point belongs to one place"
            )
        if not got:
            row = math.floor(point[p, 1] * ROWS_A_DEGREE)
            column = math.floor(point[p, 0] * COLUMNS_A_DEGREE)
            small = tile(row // TILE_CELLS, column // TILE_CELLS)
            small[row % TILE_CELLS, column % TILE_CELLS] = p
    origin = np.array([min(a for a, _ in tiles), min(b for _, b in tiles)], np.int32)
    size = np.array([max(a for a, _ in tiles), max(b for _, b in tiles)]) - origin + 1
    top = np.zeros(tuple(size), np.int32)
    for n, (a, b) in enumerate(tiles, start=1):
        top[a - origin[0], b - origin[1]] = n
    sea = np.full((TILE_CELLS, TILE_CELLS), -1, np.int32)
    return Mesh(origin=origin, top=top, tiles=np.stack([sea, *tiles.values()]))


def _tiles(low_deg: float, high_deg: float, cells_a_degree: int) -> range:
    a_degree = cells_a_degree / TILE_CELLS
    return range(math.floor(low_deg * a_degree), math.floor(high_deg * a_degree) + 1)
