"""The shipped municipalities against published totals and well-known positions."""

import gzip
import json
from importlib import resources
from pathlib import Path

import numpy as np
import pytest

from hinomi.earth.places import all_cells, place_at, places_within
from hinomi.scenario.places import load_places, read_table
from hinomi.scenario.places_outlines import (
    municipality_outlines,
    prefecture_outlines,
    world_borders,
    world_land,
)

DATA = Path(str(resources.files("hinomi") / "data"))

# 2020 census, final, Statistics Bureau of Japan.
JAPAN = 126_146_099
POPULATION = {
    "Okinawa": 1_467_480,
    "Tokyo": 14_047_594,
    "Hokkaido": 5_224_614,
    "Tottori": 553_407,
}
TOWNS = {"47201": 317_625, "47207": 47_637, "47214": 52_931, "47382": 1_676, "47381": 3_942}

# Islands and the municipality they belong to; positions from general knowledge, to 0.01 degree.
ISLANDS = [
    ("Yonaguni", 24.46, 122.98, "47382"),
    ("Hateruma", 24.06, 123.78, "47381"),
    ("Iriomote", 24.33, 123.82, "47381"),
    ("Taketomi", 24.33, 124.09, "47381"),
    ("Kohama", 24.34, 123.98, "47381"),
    ("Kuroshima", 24.24, 124.01, "47381"),
    ("Hatoma", 24.47, 123.82, "47381"),
    ("Ishigaki", 24.40, 124.18, "47207"),
    ("Uotsuri", 25.745, 123.475, "47207"),
    ("Tarama", 24.655, 124.70, "47375"),
    ("Minna of Tarama", 24.755, 124.70, "47375"),
    ("Miyako", 24.78, 125.32, "47214"),
    ("Irabu", 24.83, 125.20, "47214"),
    ("Ikema", 24.93, 125.24, "47214"),
    ("Ogami", 24.915, 125.31, "47214"),
    ("Kitadaito", 25.945, 131.30, "47358"),
    ("Minamidaito", 25.845, 131.24, "47357"),
    ("Okidaito", 24.47, 131.19, "47358"),
    ("Aguni", 26.585, 127.235, "47355"),
    ("Tonaki", 26.37, 127.145, "47356"),
    ("Kume", 26.345, 126.78, "47361"),
    ("Tokashiki", 26.19, 127.36, "47353"),
    ("Zamami", 26.235, 127.305, "47354"),
    ("Iheya", 27.04, 127.97, "47359"),
    ("Izena", 26.935, 127.94, "47360"),
    ("Ie", 26.715, 127.79, "47315"),
    ("Tsushima", 34.40, 129.33, "42209"),
    ("Iki", 33.78, 129.72, "42210"),
    ("Yakushima", 30.35, 130.53, "46505"),
    ("Yoron", 27.04, 128.43, "46535"),
    ("Sado", 38.02, 138.37, "15224"),
    ("Hachijo", 33.11, 139.79, "13401"),
    ("Okushiri", 42.16, 139.46, "01367"),
]


def test_the_code_set_is_the_official_one():
    """1 January 2024: 792 cities, 743 towns, 183 villages and 23 special wards make 1,741."""
    rows = read_table()
    kinds = [r["kind"] for r in rows]
    assert (kinds.count("city") + kinds.count("designated_city"), kinds.count("town")) == (792, 743)
    assert (kinds.count("village"), kinds.count("special_ward"), len(rows)) == (183, 23, 1_741)
    assert kinds.count("designated_city") == 20
    assert len({r["code"] for r in rows}) == 1_741
    assert all(r["code"][:2] == r["prefecture_code"] for r in rows)
    assert sum(r["prefecture_code"] == "47" for r in rows) == 41


def test_populations_are_those_of_the_census():
    places = load_places()
    assert places.population.sum() == JAPAN
    prefecture = np.array(places.prefecture_en)
    for name, people in POPULATION.items():
        assert places.population[prefecture == name].sum() == people
    for code, people in TOWNS.items():
        assert places.population[places.code.index(code)] == people


def test_island_groups_of_okinawa_hold_all_its_people():
    places = load_places()
    groups = np.array(places.island_group)[np.array(places.prefecture_en) == "Okinawa"]
    assert set(groups) == {"okinawa_main", "kerama", "kume", "daito", "miyako", "yaeyama"}


def test_offices_are_in_their_own_municipality():
    """At least 1,720 of 1,741, and every one of Okinawa."""
    places = load_places()
    own = place_at(places.mesh, places.lat_deg, places.lon_deg) == np.arange(len(places.code))
    assert own.sum() >= 1_720
    assert own[np.array(places.prefecture_en) == "Okinawa"].all()


def test_kariwa_is_an_enclave_of_kashiwazaki_and_has_cells_of_its_own():
    """26.27 km2 in the census: about 103 cells; the source lists its points under both."""
    places = load_places()
    _, _, place = all_cells(places.mesh)
    assert 90 <= (place == places.code.index("15504")).sum() <= 120


def test_an_office_outside_its_cell_is_still_within_two_km_of_its_municipality():
    places = load_places()
    own = place_at(places.mesh, places.lat_deg, places.lon_deg) == np.arange(len(places.code))
    for p in np.flatnonzero(~own):
        near = places_within(places.mesh, places.lat_deg[p], places.lon_deg[p], 2_000.0)
        assert p in near, places.code[p]


@pytest.mark.parametrize(("name", "lat", "lon", "code"), ISLANDS)
def test_an_island_is_in_its_municipality(name, lat, lon, code):
    places = load_places()
    found = int(place_at(places.mesh, np.array(lat), np.array(lon)))
    assert found >= 0, name
    assert places.code[found] == code


def test_the_open_sea_and_other_countries_are_nowhere():
    places = load_places()
    lat = np.array([28.0, 24.0, 25.04, 35.18, 37.57, 43.12])
    lon = np.array([125.0, 128.0, 121.52, 129.08, 126.98, 131.90])
    assert (place_at(places.mesh, lat, lon) == -1).all()


def test_cells_have_roughly_the_area_of_the_census():
    """Median ratio near 1: cells are about 0.5 km and generous at small islands."""
    places = load_places()
    ratio = []
    cell_lat, _, place = all_cells(places.mesh)
    for p in range(0, len(places.code), 29):
        lat = cell_lat[place == p]
        km2 = np.sum((111.195 / 240.0) * (111.195 / 160.0) * np.cos(np.radians(lat)))
        ratio.append(km2 / places.area_km2[p])
    assert 0.97 < np.median(ratio) < 1.06


def test_outlines_cover_the_same_municipalities_and_hold_their_offices():
    shapely = pytest.importorskip("shapely")
    places = load_places()
    codes, shapes = municipality_outlines()
    assert codes == places.code
    assert shapely.is_valid(shapes).mean() > 0.99
    at = shapely.points(places.lon_deg, places.lat_deg)
    # simplification moves shores by a cell; a hundredth of a degree is two
    assert (shapely.distance(shapes, at) < 0.02).sum() >= 1_735
    prefectures, _ = prefecture_outlines()
    assert prefectures == tuple(f"{n:02d}" for n in range(1, 48))


def test_world_outlines_hold_known_places_and_leave_japan_to_its_own_outlines():
    shapely = pytest.importorskip("shapely")
    land = shapely.union_all(world_land())
    for lon, lat in ((121.5, 25.0), (127.0, 37.5), (116.4, 39.9), (144.8, 13.5), (-157.9, 21.5)):
        assert land.distance(shapely.Point(lon, lat)) < 0.1
    for lon, lat in ((139.7, 35.7), (128.0, 26.5), (141.4, 43.1)):
        assert not land.contains(shapely.Point(lon, lat))
    borders = shapely.union_all(world_borders())
    assert borders.distance(shapely.Point(126.7, 37.96)) < 0.3  # between the two Koreas
    assert borders.distance(shapely.Point(133.0, 30.0)) > 3.0


def test_shipped_files_are_small_and_hold_nothing_of_the_detailed_polygons():
    """Columns and files made from boundaries that may not be shipped are absent."""
    header = (DATA / "places.csv").read_text(encoding="utf-8").splitlines()[0]
    assert "centroid" not in header
    assert "polygon" not in header
    assert "n03" not in (DATA / "places.csv").read_text(encoding="utf-8").lower()
    assert (DATA / "places_mesh.npz").stat().st_size < 300_000
    names = [p.name for p in DATA.rglob("*")]
    assert not [n for n in names if "n03" in n.lower() or n.endswith((".topojson", ".geojson"))]
    for name in ("outlines_municipality.json.gz", "outlines_prefecture.json.gz"):
        content = json.loads(gzip.decompress((DATA / name).read_bytes()))
        assert {k for f in content["features"] for k in f["properties"]} == {"code"}


def test_loading_twice_gives_the_same_record():
    assert load_places() is load_places()
