"""Places of one's own: two notional towns at 50 N, 10 E, far from Japan, with known areas."""

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from hinomi.earth.places import place_at, places_within
from hinomi.earth.wgs84 import MEAN_RADIUS_M
from hinomi.errors import FenceError, ScenarioError
from hinomi.records.alerts import ALERT_MESSAGE, EXERCISE, Alerts
from hinomi.scenario.load import load, load_text
from hinomi.scenario.places import alert_units, grid_of, load_places, unit_names
from hinomi.scenario.places_region import read_region, region_file
from hinomi.scenario.places_units import JAPAN
from hinomi.scenario.zones import zone_units
from hinomi.study import batch
from hinomi.study.chain import begin, prepare
from hinomi.study.plan import make_plan
from hinomi.study.seeds import AddressedDraws
from hinomi.warn.receive import receipts
from hinomi.warn.visitors import visitors_of

SMALL = Path(__file__).parent / "small_scenario.toml"


def box(west: float, south: float, east: float, north: float) -> dict[str, Any]:
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


def feature(geometry: Any, **properties: Any) -> dict[str, Any]:
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def towns() -> dict[str, Any]:
    """West and east town, half a degree square each, that share the border at 10 E."""
    west = feature(box(9.5, 50.0, 10.0, 50.5), code="W", name="Westtown", population=1000)
    east = feature(
        box(10.0, 50.0, 10.5, 50.5), code="E", name="Easttown", population=250.5,
        prefecture="Eastland", island_group="isle", name_ja="東",
    )  # fmt: skip
    return {"type": "FeatureCollection", "features": [west, east]}


@pytest.fixture
def write(tmp_path):
    def written(document: Any, name: str = "mine.geojson") -> Path:
        path = tmp_path / name
        path.write_text(document if isinstance(document, str) else json.dumps(document))
        return path

    return written


@pytest.fixture
def region(write):
    return region_file(write(towns()))


def scenario_file(folder: Path, places: str = "mine.geojson", extra: str = "") -> Path:
    """The small scenario, moved to the two towns."""
    text = SMALL.read_text(encoding="utf-8")
    for a, b in (
        ("26.5", "50.2"), ("127.8", "10.0"), ("west_deg = 122", "west_deg = 7"),
        ("south_deg = 23", "south_deg = 48"), ("east_deg = 133", "east_deg = 13"),
        ("north_deg = 35", f'north_deg = 53\nplaces = "{places}"\n{extra}'), ("26.2", "50.2"),
        ("127.7", "9.9"), ("26.1", "50.1"), ("Naha", "Notional"), ("Yozadake", "Notional"),
    ):  # fmt: skip
        text = text.replace(a, b)
    path = folder / "mine.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_point_inside_a_town_is_in_that_place(region):
    places = read_region(region).places
    at = place_at(
        places.mesh, np.array([50.25, 50.25, 50.49, 50.51]), np.array([9.6, 10.4, 10.01, 10.4])
    )
    assert at.tolist() == [0, 1, 1, -1]
    assert place_at(places.mesh, np.array([26.2]), np.array([127.7])).tolist() == [-1]


def test_people_and_groups_are_as_the_file_says(region):
    places = read_region(region).places
    assert places.population.sum() == 1250.5
    assert places.prefecture_en == ("mine", "Eastland")
    assert places.island_group == ("", "isle")
    assert places.name_ja == ("Westtown", "東")


def test_the_name_of_the_collection_is_the_first_order_unit(write):
    document = {**towns(), "name": "Midland"}
    assert read_region(region_file(write(document))).places.prefecture_en[0] == "Midland"


def test_area_is_that_of_a_spherical_rectangle(region):
    """Closed form: R^2 times the difference of longitude times that of the sines of latitude."""
    r_km = MEAN_RADIUS_M / 1000.0
    sines = math.sin(math.radians(50.5)) - math.sin(math.radians(50.0))
    expected = r_km**2 * math.radians(0.5) * sines
    assert read_region(region).places.area_km2 == pytest.approx([expected, expected], rel=1e-9)


def test_cells_cover_the_town(region):
    """120 by 80 half-mesh cells fill half a degree square."""
    mesh = read_region(region).places.mesh
    assert [int((mesh.tiles == p).sum()) for p in (0, 1)] == [120 * 80, 120 * 80]


def test_both_towns_are_within_the_buffer_of_their_border(region):
    """1 km west of the border both, 10 km west of it one."""
    mesh = read_region(region).places.mesh
    degree_m = MEAN_RADIUS_M * math.radians(1.0) * math.cos(math.radians(50.25))
    near = [places_within(mesh, 50.25, 10.0 - d / degree_m, 5_000.0) for d in (1e3, 10e3)]
    assert [n.tolist() for n in near] == [[0, 1], [0]]


@pytest.mark.parametrize("lon0", [10.0, -100.0])
def test_weight_across_the_north_shore_is_the_normal_distribution(write, lon0):
    """Closed form in the middle of a side 200 km long, east and west of Greenwich."""
    wide = feature(box(lon0 - 1.5, 49.0, lon0 + 1.5, 51.0), code=1, name="Wide", population=0)
    region = region_file(write({"type": "FeatureCollection", "features": [wide]}))
    places = read_region(region).places
    units = alert_units(places, "municipality", buffer_m=5_000.0, kernel_m=10_000.0)
    assert units.names == ("1",)
    for lat in (50.85, 51.05, 51.15, 51.25):
        i = math.floor((lat - units.south_deg) / units.step_deg)
        j = math.floor((lon0 + 0.05 - units.west_deg) / units.step_deg)
        entries = slice(units.cell_first[i, j], units.cell_last[i, j])
        from_shore_m = (lat - 51.0) * math.radians(1.0) * MEAN_RADIUS_M - 5_000.0
        expected = 0.5 * math.erfc(from_shore_m / 10_000.0 / math.sqrt(2.0))
        assert units.entry_weight[entries].sum() == pytest.approx(expected, abs=0.03)


def test_the_grid_is_the_region_with_three_degrees_around_it_and_japans_stays(region):
    grid = grid_of(read_region(region).places)
    assert (grid.south_deg, grid.west_deg, grid.rows, grid.columns) == (47.0, 6.0, 70, 80)
    assert grid_of(load_places()) == JAPAN
    assert (JAPAN.south_deg, JAPAN.west_deg, JAPAN.rows, JAPAN.columns) == (20.0, 119.0, 280, 380)


@pytest.mark.parametrize(
    ("unit", "names"),
    [("prefecture", ("mine", "Eastland")), ("island_group", ("mine", "isle")),
     ("municipality", ("W", "E"))],
)  # fmt: skip
def test_units_are_the_regions_own_groups(region, unit, names):
    places = read_region(region).places
    assert alert_units(places, unit, buffer_m=5_000.0, kernel_m=10_000.0).names == names


def test_a_block_of_japanese_prefectures_names_what_the_region_has(region):
    places = read_region(region).places
    with pytest.raises(ScenarioError, match="'Okinawa', which is no prefecture; the region has E"):
        unit_names(places, "block", {"south": ["Okinawa"]})


def test_a_zone_is_found_on_the_regions_grid(region):
    places = read_region(region).places
    ring = ((9.4, 49.9), (10.1, 49.9), (10.1, 50.6), (9.4, 50.6), (9.4, 49.9))
    units = zone_units(places, [("zone", [ring])], buffer_m=0.0, kernel_m=0.0)
    assert units.unit_of_place.tolist() == [0, -1]
    with pytest.raises(ScenarioError, match="between 47 and 54 N, 6 and 14 E"):
        zone_units(
            places, [("far", [((1, 1), (2, 1), (2, 2), (1, 1))])], buffer_m=0.0, kernel_m=0.0
        )


def test_a_place_smaller_than_a_cell_gets_the_cell_of_its_point(write):
    document = towns()
    tiny = feature(box(9.7001, 50.6001, 9.7002, 50.6002), code="T", name="Tiny", population=1)
    document["features"].append(tiny)
    places = read_region(region_file(write(document))).places
    assert int((places.mesh.tiles == 2).sum()) == 1
    assert place_at(places.mesh, places.lat_deg, places.lon_deg).tolist() == [0, 1, 2]


def test_a_hole_belongs_to_nobody(write):
    outer, inner = box(9.5, 50.0, 10.0, 50.5), box(9.6, 50.1, 9.9, 50.4)
    ring = {"type": "Polygon", "coordinates": [*outer["coordinates"], *inner["coordinates"]]}
    document = {
        "type": "FeatureCollection",
        "features": [feature(ring, code="R", name="Ring", population=1)],
    }
    mesh = read_region(region_file(write(document))).places.mesh
    assert place_at(mesh, np.array([50.25, 50.05]), np.array([9.75, 9.75])).tolist() == [-1, 0]


def changed(**properties: Any) -> dict[str, Any]:
    document = towns()
    kept = {**document["features"][1]["properties"], **properties}
    document["features"][1]["properties"] = {k: v for k, v in kept.items() if v is not ...}
    return document


def shaped(geometry: Any) -> dict[str, Any]:
    document = towns()
    document["features"][1]["geometry"] = geometry
    return document


BOW = {"type": "Polygon", "coordinates": [[[10, 50], [11, 51], [11, 50], [10, 51], [10, 50]]]}
PROJECTED = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::25832"}}


@pytest.mark.parametrize(
    ("document", "words"),
    [
        (changed(population=...), r"feature 2 \(E\): no population"),
        (changed(population=-1), r"feature 2 \(E\): population is -1; it must lie between 0"),
        (changed(population=float("nan")), "population is nan"),
        (changed(population="many"), "population is 'many'; it must be a number"),
        (changed(population=True), "population is True; it must be a number"),
        (changed(code="W"), "features 1 and 2 both have the code 'W'"),
        (changed(code=...), r"feature 2 \(Easttown\): no code"),
        (changed(name=...), "no name; every place needs code, name and population"),
        (changed(prefecture="a; b"), "without a semicolon"),
        (shaped(BOW), r"feature 2 \(E\): the outline crosses itself"),
        (shaped({"type": "Point", "coordinates": [10, 50]}), "is Point; a place is a Polygon"),
        (shaped(None), "is without geometry"),
        (shaped({"type": "Polygon", "coordinates": [[[1, 2], "x"]]}), "geometry cannot be read"),
        (shaped({"type": "Polygon", "coordinates": []}), "has no area"),
        (shaped(box(9.5, 50.0, 10.0, 50.5)), r"feature 2 \(E\) lies on top of others, W"),
        (shaped(box(500_000, 5_500_000, 510_000, 5_510_000)), "must be degrees of longitude"),
        (shaped(box(179.0, 50.0, 181.0, 51.0)), "off the 180th meridian"),
        (shaped(box(177.5, 50.0, 178.0, 51.0)), "off the 180th meridian"),
        (shaped(box(10.0, 80.0, 11.0, 81.0)), "between 72 S and 72 N"),
        (shaped(box(60.0, 50.0, 61.0, 51.0)), "may span 40 degrees"),
        ({**towns(), "crs": PROJECTED}, "is not in degrees; export it as WGS 84"),
        ({"type": "FeatureCollection", "features": []}, "no features"),
        ({"type": "Feature"}, "no FeatureCollection"),
        ([1], "no FeatureCollection"),
        ("", "no GeoJSON"),
        ("[" * 100_000, "no GeoJSON"),
    ],
)  # fmt: skip
def test_a_mistake_in_the_file_has_a_clear_message(write, document, words):
    with pytest.raises(ScenarioError, match=words):
        read_region(region_file(write(document)))


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(ScenarioError, match=r"gone\.geojson: no such file"):
        load(scenario_file(tmp_path, "gone.geojson"))


def test_a_scenario_finds_the_file_beside_it_or_by_its_absolute_path(write, tmp_path):
    path = write(towns())
    beside = load(scenario_file(tmp_path))
    absolute = load(scenario_file(tmp_path, str(path)))
    assert beside.places == absolute.places == region_file(path)
    with pytest.raises(ScenarioError, match="given as text"):
        load_text(scenario_file(tmp_path).read_text(encoding="utf-8"), "mine")


def test_groups_of_the_area_are_checked_against_the_region(write, tmp_path):
    write(towns())
    load(scenario_file(tmp_path, extra='prefectures = ["Eastland"]\nisland_groups = ["isle"]'))
    with pytest.raises(ScenarioError, match=r"area\.prefectures: 'Okinawa' .*Eastland, mine"):
        load(scenario_file(tmp_path, extra='prefectures = ["Okinawa"]'))


def test_visitors_are_placed_by_the_regions_codes(write, tmp_path):
    write(towns())
    visitors = '\n[warning]\nvisitors = [{{ at = "{}", weekday = 100, holiday = 100 }}]\n'
    path = scenario_file(tmp_path)
    text = path.read_text(encoding="utf-8")
    assert load(path).policy.visitors == ()  # those of the catalogue are Japan's
    path.write_text(text + visitors.format("E"), encoding="utf-8")
    scenario = load(path)
    assert visitors_of(prepare(scenario).places, scenario.policy).tolist() == [0.0, 100.0]
    path.write_text(text + visitors.format("47201"), encoding="utf-8")
    with pytest.raises(ScenarioError, match="'47201' is not a municipality's code"):
        load(path)


def test_the_file_cannot_be_changed_for_a_run(write, tmp_path):
    write(towns())
    with pytest.raises(FenceError):
        load(scenario_file(tmp_path), changes={"area.places": "other.geojson"})


def test_a_scenario_without_the_key_says_nothing_of_it():
    scenario = load(SMALL)
    assert scenario.places is None
    assert "places" not in scenario.document["area"]
    assert prepare(scenario).places is load_places()


def test_a_plan_is_bound_to_the_files_content(write, tmp_path):
    """Another file under the same name is refused; the first one brought back is taken again."""
    first = towns()
    path = write(first)
    scenario = load(scenario_file(tmp_path))
    plan = make_plan(scenario)
    assert plan.changes["area.places"]["sha256"] == region_file(path).sha256
    assert region_file(path).sha256 in plan.document["area"]["places"]
    read_region.cache_clear()
    write(changed(population=7))
    with pytest.raises(ScenarioError, match="is another file now"):
        batch.scenario_of(plan)
    assert make_plan(load(scenario_file(tmp_path))).identity != plan.identity
    write(first)
    assert batch.scenario_of(plan).content_hash == scenario.content_hash


def test_an_alert_for_one_group_reaches_the_people_of_that_group_only(write, tmp_path):
    write(towns())
    scenario = load(scenario_file(tmp_path))
    context = prepare(scenario)
    assert sorted(context.groups) == ["isle", "mine"]
    assert context.places.vintage.startswith("Places: mine.geojson (SHA-256 ")
    names = context.units.names
    alerts = Alerts(
        status=EXERCISE, units=names, track=[0], kind=[ALERT_MESSAGE], route=[0], t_ready_s=[0.0],
        t_issue_s=[100.0], covers=[[int(name == "Eastland") for name in names]],
    )  # fmt: skip
    received = receipts(
        alerts, context.units, context.places, policy=scenario.policy, draws=AddressedDraws(1, 0)
    )
    assert np.isfinite(received.issued_s).tolist() == [False, True]


def test_bodies_that_come_down_in_a_town_make_its_people_need_a_warning(write, tmp_path):
    write(towns())
    scenario = load(scenario_file(tmp_path))
    raid = begin(scenario, prepare(scenario), seed=1, number=0)
    assert set(np.asarray(raid.needs.place).tolist()) <= {0, 1}
    assert len(raid.needs.place)
