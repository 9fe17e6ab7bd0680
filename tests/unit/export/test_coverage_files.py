"""Coverage as files: cells that tile the area, fans that close, tables that agree with the maps."""

import csv
import json
import math

import numpy as np
import pytest
import shapely

from hinomi.errors import ScenarioError
from hinomi.export.coverage_asked import constellation, target_of, times
from hinomi.export.coverage_fan import fans
from hinomi.export.coverage_geojson import fan_geojson_text, geojson_text
from hinomi.export.coverage_maps import of_constellation
from hinomi.export.coverage_picture import nice, scale
from hinomi.export.coverage_scenario import chosen, group_of, maps, question
from hinomi.export.coverage_table import csv_text, fan_csv_text, summary
from hinomi.export.coverage_target import Seen, seen_of
from hinomi.scenario.load import load
from hinomi.watch.coverage_grid import Grid, world

GIVEN = {
    "--walker": "12/3/1", "--inclination-deg": "70", "--altitude-km": "1000",
    "--target-altitude-km": "50", "--hours": "1",
}  # fmt: skip


@pytest.fixture(scope="module")
def earth():
    """The whole Earth in cells of 10 degrees, seen by twelve satellites for an hour."""
    target = target_of(GIVEN, default_pd=0.0)
    grid = world(math.radians(10.0), height_m=50e3, sphere_m=6_371e3)
    return of_constellation(
        constellation(GIVEN, target), target, times(GIVEN), grid, whole_earth=True
    )


@pytest.fixture(scope="module")
def okinawa():
    return load("okinawa-2025")


def test_cells_tile_the_earth_once(earth):
    cells = json.loads(geojson_text(earth))["features"]
    shapes = [shapely.from_geojson(json.dumps(c["geometry"])) for c in cells]
    assert len(shapes) == 18 * 36
    assert sum(s.area for s in shapes) == pytest.approx(180.0 * 360.0)
    assert shapely.union_all(shapes).area == pytest.approx(180.0 * 360.0)


def test_cells_across_the_date_line_come_in_two_parts(earth):
    from dataclasses import replace

    grid = Grid(
        lat_rad=(0.0,), west_rad=math.radians(175.0), step_rad=math.radians(10.0), columns=2,
        height_m=50e3, sphere_m=6_371e3,
    )  # fmt: skip
    target = target_of(GIVEN, default_pd=0.0)
    over = of_constellation(
        constellation(GIVEN, target), target, times(GIVEN), grid, whole_earth=False
    )
    turned = of_constellation(
        constellation(GIVEN, target), target, times(GIVEN),
        replace(grid, west_rad=math.radians(180.0), columns=1), whole_earth=False,
    )  # fmt: skip
    for found, kinds in ((over, ["Polygon", "Polygon"]), (turned, ["MultiPolygon"])):
        cells = json.loads(geojson_text(found))["features"]
        assert [c["geometry"]["type"] for c in cells] == kinds
        for cell in cells:
            shape = shapely.from_geojson(json.dumps(cell["geometry"]))
            assert shape.area == pytest.approx(100.0)
            assert -180.0 <= shape.bounds[0] <= shape.bounds[2] <= 180.0


def test_table_and_map_hold_the_same_numbers(earth):
    rows = list(csv.DictReader(csv_text(earth).splitlines()))
    views = np.array([float(r["mean_views"]) for r in rows]).reshape(18, 36)
    assert views == pytest.approx(earth.found.mean_views, abs=1e-6)
    assert float(rows[0]["lat_deg"]) == -85.0
    assert float(rows[0]["lon_deg"]) == -175.0
    weights = np.cos(np.radians([float(r["lat_deg"]) for r in rows])).reshape(18, 36)
    assert summary(earth)["mean_views"] == pytest.approx(
        np.average(views, weights=weights), abs=2e-5
    )


def test_too_many_cells_for_a_file_of_polygons_are_refused(earth):
    from dataclasses import replace

    from hinomi.export import coverage_geojson

    big = Grid(lat_rad=(0.0,) * 400, west_rad=0.0, step_rad=0.01, columns=400, height_m=0.0)
    assert coverage_geojson.MOST_CELLS < 400 * 400
    with pytest.raises(ScenarioError, match=r"160,000 cells.*coarser"):
        geojson_text(replace(earth, found=replace(earth.found, grid=big)))


def test_a_fan_is_an_anticlockwise_ring_that_holds_points_in_front_of_its_face(okinawa):
    radar = next(r for r in okinawa.sensors.radars if r.name == "Yozadake")
    target = target_of({}, default_pd=0.5)
    found = fans([radar], [50e3], target, Seen(words="x", rcs_m2=0.1, intensity_w_sr=(1.0, 1.0)))
    (feature,) = json.loads(fan_geojson_text("t", "w", found))["features"]
    shape = shapely.from_geojson(json.dumps(feature["geometry"]))
    assert shape.is_valid
    assert shapely.is_ccw(shape.exterior)
    ahead = (
        radar.lon_deg - 2.0 * math.sin(math.radians(50)),
        radar.lat_deg + 2.0 * math.cos(math.radians(50)),
    )
    behind = (2 * radar.lon_deg - ahead[0], 2 * radar.lat_deg - ahead[1])
    assert shape.contains(shapely.Point(ahead))
    assert not shape.contains(shapely.Point(behind))
    rows = list(csv.DictReader(fan_csv_text(found).splitlines()))
    assert max(float(r["range_km"]) for r in rows) == pytest.approx(
        found[0].range_m.max() / 1e3, abs=1e-3
    )


def test_the_best_sensor_has_the_greatest_margin_and_it_is_never_below_nothing(okinawa):
    """A detection needs a ratio of at least what is asked: margins are 0 dB or more where seen."""
    ask = question("okinawa-2025", {"--hours": "0.5", "--grid-deg": "2"}, geometry_only=False)
    found = maps(ask).found
    seen = found.share_1 > 0.0
    assert seen.any()
    assert (found.best_margin_db[seen] >= 0.0).all()
    assert (found.best_by[seen] >= 0).all()


def test_a_level_glide_gives_the_speed_at_which_lift_and_curvature_carry_the_weight(okinawa):
    """At 35 km lift over mass is rho v^2 (L/D) / (2 beta): with v it and v^2 / r add up to g."""
    target = target_of({"--target-altitude-km": "35"}, default_pd=0.5)
    body = okinawa.classes["glider_regional"]
    seen = seen_of({}, okinawa.classes, "glider_regional", target)
    speed = 1e3 * float(seen.words.split(" at ")[1].split()[0])
    density = 8.4634e-3  # US Standard Atmosphere 1976, 35 km
    lift = density * speed**2 * body.lift_to_drag / (2.0 * body.beta_kg_m2)
    assert lift + speed**2 / 6_406e3 == pytest.approx(9.80665, rel=0.04)
    high = seen_of({}, okinawa.classes, "glider_regional", target_of({}, default_pd=0.5))
    assert "at 3.0 km/s" in high.words  # no faster than a regional glide begins


def test_boost_is_brighter_than_the_body_and_told_numbers_come_first(okinawa):
    target = target_of({}, default_pd=0.5)
    body = seen_of({}, okinawa.classes, "mrbm_liquid", target)
    boost = seen_of({"--phase": "boost"}, okinawa.classes, "mrbm_liquid", target)
    assert boost.intensity_w_sr[0] > 100.0 * body.intensity_w_sr[0]
    told = seen_of(
        {"--rcs-m2": "2", "--intensity-kw-sr": "3"}, okinawa.classes, "mrbm_liquid", target
    )
    assert (told.rcs_m2, told.intensity_w_sr) == (2.0, (3000.0, 3000.0))


@pytest.mark.parametrize(
    ("name", "group"),
    [("LEO 1-12", "LEO"), ("GEO 70E", "GEO 70E"), ("ship west radar", "ship west radar")],
)
def test_groups_are_named_by_what_comes_before_plane_and_place(name, group):
    assert group_of(name) == group


def test_sensors_keep_the_order_of_the_scenario(okinawa):
    names = chosen({"--sensors": "LEO,Yozadake,Shariki"}, okinawa.sensors)
    assert names[:2] == ["Shariki", "Yozadake"]
    assert len(names) == 30


@pytest.mark.parametrize(
    ("least", "step"), [(0.0, 1.0), (0.09, 0.1), (0.11, 0.2), (3.0, 5.0), (70.0, 100.0)]
)
def test_steps_of_colour_are_round(least, step):
    assert nice(least) == pytest.approx(step)


def test_colours_reach_over_every_value(earth):
    levels = scale(earth, "mean_views")["norm"].boundaries
    assert levels[0] == 0.0
    assert levels[-1] >= earth.found.mean_views.max()
