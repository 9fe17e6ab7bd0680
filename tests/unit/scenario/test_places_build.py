"""Rebuilding, and importing a user's boundaries."""

import json
import sys

import numpy as np
import pytest
import shapely
from pyarrow import parquet

from hinomi.earth.places import TILE_CELLS
from hinomi.errors import ScenarioError
from hinomi.scenario import places_build, places_import
from hinomi.scenario.places import load_places, read_table


def square(west: float, south: float) -> dict[str, object]:
    ring = [
        [west, south],
        [west + 1, south],
        [west + 1, south + 1],
        [west, south + 1],
        [west, south],
    ]
    return {"type": "Polygon", "coordinates": [ring]}


def collection(path, features, **more):
    rows = [{"type": "Feature", "properties": p, "geometry": g} for p, g in features]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": rows} | more))
    return path


def test_okinawa_rebuilt_equals_its_part_of_the_shipped_mesh():
    pytest.importorskip("reversejp")
    pytest.importorskip("global_land_mask")
    packed = places_build.build_mesh("okinawa")
    places = load_places()
    assert [f"{c:05d}" for c in packed["codes"]] == [c for c in places.code if c[:2] == "47"]
    first = places.code.index("47201")
    grid = places_build.whole_grid(packed)
    shipped = places_build.whole_grid({"tiles": places.mesh.tiles, "top": places.mesh.top})
    row, column = (packed["origin"] - places.mesh.origin) * TILE_CELLS
    window = shipped[row : row + grid.shape[0], column : column + grid.shape[1]]
    # only Kagoshima has cells in the same tiles, and its codes sort before
    mine = np.where(window >= first, window - first, -1)
    assert np.array_equal(mine, grid)


def test_parts_of_cities_and_wards_are_folded():
    assert places_build.municipality("4621501") == 46215  # Satsumasendai, islands
    assert places_build.municipality("2610100") == 26100  # Kyoto, Kita ward
    assert places_build.municipality("3410800") == 34100  # Hiroshima, Saeki ward
    assert places_build.municipality("2620100") == 26201
    assert places_build.municipality("1310100") == 13101  # a special ward of Tokyo is its own


def test_packed_cells_are_found_again_and_outlines_keep_borders_joined():
    shapely = pytest.importorskip("shapely")
    i, j = np.meshgrid(np.arange(6390, 6420), np.arange(20470, 20510), indexing="ij")
    cells = np.column_stack([i.ravel(), j.ravel()]).astype(np.int32)
    codes = np.where(cells[:, 1] - cells[:, 0] < 14084, 47201, 47208).astype(np.int32)
    packed = places_build.pack(cells, codes)
    assert packed["codes"].tolist() == [47201, 47208]
    assert (places_build.whole_grid(packed) >= 0).sum() == len(cells)
    labels, shapes = places_build.outlines(packed, lambda code: code)
    assert labels == [47201, 47208]
    assert shapely.coverage_is_valid(shapes)
    whole = shapely.box(20470 / 160, 6390 / 240, 20510 / 160, 6420 / 240)
    assert shapely.union_all(shapes).symmetric_difference(whole).area < 0.02 * whole.area


def test_small_gaps_inland_are_closed_and_lakes_and_the_shore_stay():
    i, j = np.meshgrid(np.arange(6400, 6430), np.arange(20480, 20520), indexing="ij")
    gap = (i == 6405) & (j >= 20485) & (j < 20489)
    lake = (i >= 6412) & (i < 6416) & (j >= 20500) & (j < 20504)
    bay = (i == 6420) & (j < 20483)
    land = ~(gap | lake | bay)
    codes = np.where(j < 20487, 47201, 47208).astype(np.int32)
    cells = np.column_stack([i[land], j[land]]).astype(np.int32)
    packed = places_build.filled(places_build.pack(cells, codes[land]))
    grid = places_build.whole_grid(packed)
    origin = packed["origin"] * TILE_CELLS
    at = grid[i - origin[0], j - origin[1]]
    assert np.array_equal(at >= 0, ~(lake | bay))
    assert np.array_equal(packed["codes"][at[gap]], codes[gap])


def test_the_point_of_a_place_without_an_office_is_deep_inside_its_largest_part():
    cells = [(6400 + a, 20500 + b) for a in range(9) for b in range(9)]
    cells += [(6430, 20530), (6430, 20531)]
    packed = places_build.pack(np.array(cells, np.int32), np.full(len(cells), 47381, np.int32))
    assert places_build.inner_points(packed, [47381]) == {47381: (6404.5 / 240, 20504.5 / 160)}


def test_an_unknown_area_is_refused_with_the_known_ones():
    with pytest.raises(ScenarioError, match="okinawa, japan"):
        places_build.build_mesh("mars")


def test_import_joins_wards_counts_undecided_land_and_names_odd_codes(tmp_path):
    path = collection(
        tmp_path / "N03.geojson",
        [
            ({"N03_007": "14101"}, square(139, 35)),
            ({"N03_007": "14102"}, square(140, 35)),
            ({"N03_007": "14131"}, square(139, 34)),
            ({"N03_007": "14999"}, square(139, 33)),
            ({"N03_007": None}, square(141, 33)),
        ],
    )
    report, shapes = places_import.read_n03(path)
    assert report.codes == ("14100", "14130", "14999")
    assert [s.area for s in shapes] == pytest.approx([2.0, 1.0, 1.0])
    assert (report.without_code, report.unknown) == (1, ("14999",))
    assert "14150" in report.missing
    assert all(c[:2] == "14" for c in report.missing)
    stored = places_import.store(report, shapes, tmp_path / "kept")
    kept = parquet.read_table(stored)
    assert tuple(kept["code"].to_pylist()) == report.codes
    assert shapely.from_wkb(kept["wkb"].to_pylist()).tolist() == list(shapes)
    assert kept.schema.metadata[b"sha256"].decode() == report.sha256
    assert "国土数値情報" in kept.schema.metadata[b"credit"].decode()


@pytest.mark.parametrize(
    ("ward", "city"),
    [
        ("01105", "01100"), ("40137", "40130"), ("40109", "40100"), ("27147", "27140"),
        ("22140", "22130"), ("14153", "14150"), ("13101", "13101"), ("47201", "47201"),
    ],
)  # fmt: skip
def test_a_ward_belongs_to_the_designated_city_just_below_its_code(ward, city):
    assert places_import.city_of(ward, [r["code"] for r in read_table()]) == city


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("not json", "JSON"),
        ("[" * 200_000, "JSON"),
        ("[]", "FeatureCollection"),
        ('{"features": 3}', "FeatureCollection"),
        ('{"features": []}', "N03_007"),
    ],
)
def test_what_is_no_geojson_is_refused(tmp_path, text, word):
    path = tmp_path / "x.geojson"
    path.write_text(text)
    with pytest.raises(ScenarioError, match=word):
        places_import.read_n03(path)


def test_metres_instead_of_degrees_are_refused(tmp_path):
    path = collection(tmp_path / "x.geojson", [({"N03_007": "47201"}, square(20_000, 30_000))])
    with pytest.raises(ScenarioError, match="degrees"):
        places_import.read_n03(path)
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::3857"}}
    path = collection(tmp_path / "y.geojson", [({"N03_007": "47201"}, square(127, 26))], crs=crs)
    with pytest.raises(ScenarioError, match="3857"):
        places_import.read_n03(path)


def test_a_bad_code_and_a_bad_geometry_are_refused(tmp_path):
    path = collection(tmp_path / "x.geojson", [({"N03_007": "4720"}, square(127, 26))])
    with pytest.raises(ScenarioError, match="five digits"):
        places_import.read_n03(path)
    bad = {"type": "Polygon", "coordinates": [[[127, 26], [128, 26]]]}
    path = collection(tmp_path / "y.geojson", [({"N03_007": "47201"}, bad)])
    with pytest.raises(ScenarioError, match="geometry"):
        places_import.read_n03(path)


def test_a_file_over_the_limit_is_not_read(tmp_path, monkeypatch):
    path = collection(tmp_path / "x.geojson", [({"N03_007": "47201"}, square(127, 26))])
    monkeypatch.setattr(places_import, "MOST_BYTES", 10)
    with pytest.raises(ScenarioError, match="limit"):
        places_import.read_n03(path)


def test_rebuilding_without_its_tools_says_that_it_is_a_job_for_a_checkout(monkeypatch):
    monkeypatch.setitem(sys.modules, "reversejp", None)
    with pytest.raises(ScenarioError, match=r"rebuilding needs reversejp.*a job for a checkout"):
        places_build._needed("reversejp")
