"""Build the shipped place files from their sources, with the `places` dependency group.

The mesh comes from the forecast areas of the Japan Meteorological Agency (as packed in `reversejp`)
asked at the centre of every half-mesh cell near land (as packed in `global-land-mask`); the table
is a cut of a municipality table that the maintainer names.
"""

from __future__ import annotations

import csv
import gzip
import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from hinomi.earth.places import COLUMNS_A_DEGREE, ROWS_A_DEGREE, TILE_CELLS
from hinomi.errors import ScenarioError
from hinomi.scenario.places import (
    SHIPPED_BUFFER_M,
    SHIPPED_KERNEL_M,
    SHIPPED_UNITS,
    assemble,
    pack_units,
    unit_names,
)
from hinomi.scenario.places_units import compute_units

# (south, north, west, east) in degrees, drawn around the islands so that little foreign land is
# asked about: a miss costs ten times a hit.
BOXES: Final[Mapping[str, tuple[tuple[float, float, float, float], ...]]] = {
    "okinawa": (
        (24.0, 25.0, 122.9, 125.6),
        (25.6, 26.0, 123.3, 124.7),
        (24.3, 27.9, 126.5, 131.4),
    ),
    "japan": (
        (41.3, 45.6, 139.2, 145.9),  # Hokkaido
        (37.7, 41.7, 138.1, 142.2),  # northern Honshu, Sado
        (34.5, 37.9, 136.0, 141.1),  # central Honshu, Noto
        (33.4, 36.0, 132.3, 137.1),  # western Honshu, Kii
        (35.9, 36.4, 132.9, 133.5),  # Oki
        (33.8, 35.0, 130.7, 132.5),  # the west end of Honshu
        (32.6, 34.5, 132.0, 134.9),  # Shikoku
        (30.9, 34.1, 128.2, 132.2),  # Kyushu, Goto, Iki
        (34.0, 34.8, 129.1, 130.2),  # Tsushima, Okinoshima of Munakata
        (30.1, 31.0, 129.3, 131.2),  # Osumi, Mishima
        (29.0, 30.1, 129.1, 130.1),  # Tokara
        (27.0, 29.0, 128.3, 130.1),  # Amami
        (24.0, 25.0, 122.9, 125.6),  # Yaeyama, Miyako
        (25.6, 26.0, 123.3, 124.7),  # Senkaku
        (24.3, 27.9, 126.5, 131.4),  # Okinawa, Daito
        (32.4, 34.9, 138.9, 140.0),  # Izu islands
        (24.1, 27.8, 141.1, 142.3),  # Ogasawara, Iwo
        (24.2, 24.4, 153.9, 154.1),  # Minamitori
    ),
}
SHORE_CELLS: Final = 3  # land is grown by this much: the 1-km land mask misses small shores
GAP_CELLS: Final = 8  # about 2 km2: wider gaps are water
WARD_LISTED: Final = (
    26,
    34,
)  # prefectures whose designated city the agency lists by ward: Kyoto, Hiroshima
KEPT: Final = (
    "code", "name_ja", "name_kana", "name_en", "name_en_short", "kind", "prefecture_code",
    "prefecture_ja", "prefecture_en", "population", "area_km2", "lat_deg", "lon_deg", "point",
    "island_group", "source", "quality",
)  # fmt: skip


def municipality(area: str) -> int:
    """Municipal code of a seven-digit forecast area; parts and wards are folded into the whole."""
    place = int(area[:5])
    if place // 1000 in WARD_LISTED and 100 < place % 1000 < 130:
        place = place // 1000 * 1000 + 100
    return place


def grown(mask: NDArray[np.bool_], cells: int) -> NDArray[np.bool_]:
    """Add to a mask every cell up to so many rows or columns beside it."""
    for axis in (0, 1):
        out = mask.copy()
        for k in range(1, cells + 1):
            out |= np.roll(mask, k, axis) | np.roll(mask, -k, axis)
        mask = out
    return mask


def candidates(area: str) -> NDArray[np.int32]:
    """Rows and columns (N, 2) of the half-mesh cells of an area that are near land, each once."""
    globe = _needed("global_land_mask").globe
    near: list[NDArray[np.int64]] = []
    for south, north, west, east in BOXES[area]:
        i = np.arange(round(south * ROWS_A_DEGREE), round(north * ROWS_A_DEGREE))
        j = np.arange(round(west * COLUMNS_A_DEGREE), round(east * COLUMNS_A_DEGREE))
        lon, lat = np.meshgrid((j + 0.5) / COLUMNS_A_DEGREE, (i + 0.5) / ROWS_A_DEGREE)
        a, b = np.nonzero(grown(globe.is_land(lat, lon), SHORE_CELLS))
        near.append(np.column_stack([i[a], j[b]]))
    return np.unique(np.vstack(near), axis=0).astype(np.int32)


def find(cells: NDArray[np.int32]) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Cells that lie in a municipality, (N, 2), and its code, (N,); some 0.04 ms a cell.

    The source's areas have no holes: inside Kashiwazaki the cells of Kariwa answer to both. Of
    several, the municipality with the fewest cells of its own is the enclave, and gets the cell.
    """
    reversejp = _needed("reversejp")
    lat = (cells[:, 0] + 0.5) / ROWS_A_DEGREE
    lon = (cells[:, 1] + 0.5) / COLUMNS_A_DEGREE
    codes = np.full(len(cells), -1, np.int32)
    shared: dict[int, list[int]] = {}
    for n, (x, y) in enumerate(zip(lon.tolist(), lat.tolist(), strict=True)):
        areas = [a.code for a in reversejp.find_properties(x, y)]
        found = list(dict.fromkeys(municipality(a) for a in areas if len(a) == 7))  # 6: a region
        if len(found) == 1:
            codes[n] = found[0]
        elif found:
            shared[n] = found
    own = Counter(codes.tolist())
    for n, found in shared.items():
        codes[n] = min(found, key=lambda code: own[code])
    return cells[codes >= 0], codes[codes >= 0]


def pack(cells: NDArray[np.int32], codes: NDArray[np.int32]) -> dict[str, Any]:
    """Tiles of 160 x 160 cells that hold an index into the sorted codes; tile 0 is "no land"."""
    known, place = np.unique(codes, return_inverse=True)
    block = cells // TILE_CELLS
    origin = block.min(axis=0)
    at = block - origin
    top = np.zeros(at.max(axis=0) + 1, np.int16)
    used = np.unique(at, axis=0)
    top[used[:, 0], used[:, 1]] = np.arange(1, len(used) + 1)
    tiles = np.full((len(used) + 1, TILE_CELLS, TILE_CELLS), -1, np.int16)
    inner = cells % TILE_CELLS
    tiles[top[at[:, 0], at[:, 1]], inner[:, 0], inner[:, 1]] = place
    return {"codes": known.astype(np.int32), "origin": origin, "top": top, "tiles": tiles}


def build_mesh(area: str) -> dict[str, Any]:
    """Arrays `codes`, `origin`, `top`, `tiles` of `okinawa` (seconds) or `japan` (minutes)."""
    if area not in BOXES:
        raise ScenarioError(f"no area {area!r}; the areas are {', '.join(BOXES)}")
    cells, codes = find(candidates(area))
    if area == "okinawa":  # the southern islands of Kagoshima fall into its boxes
        cells, codes = cells[codes // 1000 == 47], codes[codes // 1000 == 47]
    return filled(pack(cells, codes))


def filled(packed: Mapping[str, NDArray[Any]]) -> dict[str, Any]:
    """Close small gaps between the source's areas: a cell goes to most of its neighbours.

    Only gaps of at most `GAP_CELLS` cells that are surrounded by land; lakes and bays stay open.
    """
    from scipy import ndimage

    grid = np.pad(whole_grid(packed), 1, constant_values=-1)
    holes, _ = ndimage.label(ndimage.binary_fill_holes(grid >= 0) & (grid < 0))
    small = np.bincount(holes.ravel()) <= GAP_CELLS
    small[0] = False
    left = [(int(i), int(j)) for i, j in np.argwhere(small[holes])]
    while left:
        new: list[tuple[int, int, int]] = []
        for i, j in left:
            beside = (grid[i - 1, j], grid[i + 1, j], grid[i, j - 1], grid[i, j + 1])
            count = Counter(int(p) for p in beside if p >= 0)
            if count:
                most = max(count.values())
                new.append((i, j, min(p for p, n in count.items() if n == most)))
        for i, j, place in new:
            grid[i, j] = place
        left = [(i, j) for i, j in left if grid[i, j] < 0]
    cells = np.argwhere(grid >= 0)
    codes = packed["codes"][grid[cells[:, 0], cells[:, 1]]]
    return pack((cells - 1 + packed["origin"] * TILE_CELLS).astype(np.int32), codes)


def inner_points(
    packed: Mapping[str, NDArray[Any]], wanted: Iterable[int]
) -> dict[int, tuple[float, float]]:
    """Latitude, longitude [deg] of the cell deepest inside a municipality's largest part."""
    from scipy import ndimage

    grid = whole_grid(packed)
    out: dict[int, tuple[float, float]] = {}
    for code in wanted:
        mine = grid == int(np.searchsorted(packed["codes"], code))
        rows, columns = np.nonzero(mine)
        window = np.s_[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]
        labels, _ = ndimage.label(mine[window])
        largest = labels == np.bincount(labels[labels > 0]).argmax()
        depth = ndimage.distance_transform_edt(np.pad(largest, 1))[1:-1, 1:-1]
        a, b = np.unravel_index(int(depth.argmax()), depth.shape)
        i = packed["origin"][0] * TILE_CELLS + rows.min() + a
        j = packed["origin"][1] * TILE_CELLS + columns.min() + b
        out[code] = (float((i + 0.5) / ROWS_A_DEGREE), float((j + 0.5) / COLUMNS_A_DEGREE))
    return out


def whole_grid(packed: Mapping[str, NDArray[Any]]) -> NDArray[np.int16]:
    """All tiles laid out as one array of cells, south row first."""
    tiles: NDArray[np.int16] = packed["tiles"][packed["top"]]
    rows, columns = packed["top"].shape
    return tiles.swapaxes(1, 2).reshape(rows * TILE_CELLS, columns * TILE_CELLS)


def cut_table(source: Path, packed: Mapping[str, NDArray[Any]]) -> list[dict[str, str]]:
    """Rows of places.csv: public columns only, a point of the mesh where no office is listed."""
    with source.open(encoding="utf-8", newline="") as stream:
        rows = [r for r in csv.DictReader(stream) if r["kind"] != "ward"]
    codes = {int(c) for c in packed["codes"]}
    rows = sorted((r for r in rows if int(r["code5"]) in codes), key=lambda r: r["code5"])
    missing = codes - {int(r["code5"]) for r in rows}
    if missing:
        raise ScenarioError(
            f"{source} lacks {len(missing)} municipalities of the mesh: {sorted(missing)[:5]}"
        )
    inside = inner_points(packed, [int(r["code5"]) for r in rows if r["point_kind"] != "office"])
    out: list[dict[str, str]] = []
    for row in rows:
        new = {name: row.get(name, "") for name in KEPT}
        new |= {"code": row["code5"], "quality": row["grade"], "point": "office"}
        if int(row["code5"]) in inside:
            lat, lon = inside[int(row["code5"])]
            source_keys = row["source"].replace("n03_2021", "mesh")
            new |= {
                "lat_deg": f"{lat:.5f}",
                "lon_deg": f"{lon:.5f}",
                "point": "mesh",
                "source": source_keys,
            }
        out.append(new)
    return out


def write_table(rows: Iterable[Mapping[str, str]], path: Path) -> None:
    """Write places.csv: UTF-8, LF, one header line."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, KEPT, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def outlines(
    packed: Mapping[str, NDArray[Any]], label: Callable[[int], int]
) -> tuple[list[int], Any]:
    """Labels and polygons (degrees) of the cells grouped by `label(code)`, simplified together.

    Works in cell units so that corners match exactly; a node at every corner keeps borders joined.

    Raises
    ------
    ScenarioError
        when the simplified areas no longer fit together.
    """
    import shapely

    names = np.array([label(int(c)) for c in packed["codes"]], np.int32)
    raw = whole_grid(packed)
    grid = np.where(raw >= 0, names[raw], -1)
    edge = np.diff(grid, axis=1, prepend=-9, append=-9) != 0
    row, start = np.nonzero(edge[:, :-1])
    stop = np.where(np.r_[row[1:] != row[:-1], True], grid.shape[1], np.r_[start[1:], 0])
    value = grid[row, start]
    order = np.flatnonzero(value >= 0)
    order = order[np.argsort(value[order], kind="stable")]
    value = value[order]
    boxes = shapely.box(start[order], row[order], stop[order], row[order] + 1)
    first = np.r_[0, np.flatnonzero(np.diff(value)) + 1]
    shapes = np.array([shapely.union_all(group) for group in np.split(boxes, first[1:])])
    shapes = shapely.coverage_simplify(shapely.segmentize(shapes, 1.0), 1.0)
    if not shapely.coverage_is_valid(shapes):
        raise ScenarioError("the simplified outlines overlap or leave gaps; nothing was written")
    scale = np.array([COLUMNS_A_DEGREE, ROWS_A_DEGREE])
    shift = packed["origin"][::-1] * (TILE_CELLS / scale)
    return [int(v) for v in value[first]], shapely.transform(shapes, lambda c: c / scale + shift)


def write_outlines(labels: Iterable[int], shapes: Any, path: Path, *, width: int) -> None:
    """Write gzipped GeoJSON, four decimals, exterior rings clockwise as d3-geo wants them."""
    import shapely

    shapes = shapely.orient_polygons(shapes, exterior_cw=True)
    features = [
        {
            "type": "Feature",
            "properties": {"code": f"{label:0{width}d}"},
            "geometry": _rounded(json.loads(shapely.to_geojson(shape))),
        }
        for label, shape in zip(labels, shapes, strict=True)
    ]
    write_gzip({"type": "FeatureCollection", "features": features}, path)


def write_gzip(content: object, path: Path) -> None:
    """Write JSON gzipped without a date or name in it: the same bytes every time."""
    text = json.dumps(content, separators=(",", ":"), ensure_ascii=False).encode()
    path.write_bytes(gzip.compress(text, compresslevel=9, mtime=0))


def build_all(table: Path, folder: Path, area: str) -> list[Path]:
    """Write mesh, table, outlines and alert units of an area into a folder; return the files."""
    packed = build_mesh(area)
    rows = cut_table(table, packed)
    folder.mkdir(parents=True, exist_ok=True)
    mesh, listed = folder / "places_mesh.npz", folder / "places.csv"
    np.savez_compressed(mesh, **packed)
    write_table(rows, listed)
    paths = [mesh, listed]
    for name, width, label in (("municipality", 5, _itself), ("prefecture", 2, _prefecture)):
        paths.append(folder / f"outlines_{name}.json.gz")
        write_outlines(*outlines(packed, label), paths[-1], width=width)
    places = assemble(rows, packed)
    for unit in SHIPPED_UNITS:
        paths.append(folder / f"units_{unit}.npz")
        units = compute_units(
            places, *unit_names(places, unit), buffer_m=SHIPPED_BUFFER_M, kernel_m=SHIPPED_KERNEL_M
        )
        arrays: dict[str, Any] = pack_units(units)
        np.savez_compressed(paths[-1], **arrays)
    return paths


def _itself(code: int) -> int:
    return code


def _prefecture(code: int) -> int:
    return code // 1000


def _rounded(geometry: dict[str, Any]) -> dict[str, Any]:
    def walk(node: Any) -> Any:
        return [walk(n) for n in node] if isinstance(node, list) else round(node, 4)

    return {"type": geometry["type"], "coordinates": walk(geometry["coordinates"])}


def _needed(package: str) -> Any:
    """Import a build-only package, or say what to install."""
    import importlib

    try:
        return importlib.import_module(package)
    except ModuleNotFoundError:
        raise ScenarioError(
            f"rebuilding needs {package.replace('_', '-')}, which no installed hinomi brings along: "
            "it is a job for a checkout. There: pip install --group places, then repeat. What ships "
            "needs no rebuilding; a region of your own is read from its GeoJSON file"
        ) from None
