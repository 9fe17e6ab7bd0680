"""Membership in alert units: closed forms on made-up land, common sense on the shipped grids."""

import math

import numpy as np
import pytest

from hinomi.errors import ScenarioError
from hinomi.records.places import AlertUnits, Mesh, Places
from hinomi.scenario.places import alert_units, load_places, pack_units, unit_names
from hinomi.scenario.places_units import FINE_M, compute_units


def made_up(columns: slice = slice(0, 160)) -> Places:
    """One town that fills columns of three tiles by three: 28-30 N, from 130 E."""
    tiles = np.full((2, 160, 160), -1, np.int32)
    tiles[1, :, columns] = 0
    return Places(
        code=("99999",), name_en=("Made-up",), name_ja=("仮",), prefecture_en=("Nowhere",),
        prefecture_ja=("無",), island_group=("",), population=[1.0], area_km2=[1.0], lat_deg=[29.0],
        lon_deg=[131.0], mesh=Mesh(origin=[42, 130], top=np.ones((3, 3)), tiles=tiles), vintage="",
    )  # fmt: skip


def weight_at(units: AlertUnits, lat: float, lon: float) -> dict[str, float]:
    i = math.floor((lat - units.south_deg) / units.step_deg)
    j = math.floor((lon - units.west_deg) / units.step_deg)
    entries = range(units.cell_first[i, j], units.cell_last[i, j])
    return {units.names[units.entry_unit[e]]: float(units.entry_weight[e]) for e in entries}


def over_at(units: AlertUnits, lat: float, lon: float) -> set[str]:
    i = math.floor((lat - units.south_deg) / units.step_deg)
    j = math.floor((lon - units.west_deg) / units.step_deg)
    return {units.names[u] for u in units.over_unit[units.over_first[i, j] : units.over_last[i, j]]}


def normal(x: float) -> float:
    return 0.5 * (1.0 + math.erf(x / math.sqrt(2.0)))


@pytest.mark.parametrize(("buffer_m", "kernel_m"), [(5_000.0, 10_000.0), (0.0, 20_000.0)])
def test_weight_across_a_straight_shore_is_the_normal_distribution(buffer_m, kernel_m):
    """Closed form: share of a Gaussian beyond the widened shore at 130 E, halfway up the land."""
    units = compute_units(made_up(), ("a",), [0], buffer_m=buffer_m, kernel_m=kernel_m)
    lat = 29.05
    for lon in np.arange(129.55, 130.5, 0.1):
        east_m = (lon - 130.0) * 111_194.9 * math.cos(math.radians(lat))
        expected = normal((east_m + buffer_m) / kernel_m)
        found = weight_at(units, lat, float(lon)).get("a", 0.0)
        # half a fine cell of about 1 km at the shore: 0.5 km x density of the kernel
        assert found == pytest.approx(expected, abs=0.6 * FINE_M / kernel_m * 0.4 + 1e-3)


def test_without_a_kernel_weight_is_inside_or_outside_the_buffer():
    units = compute_units(made_up(), ("a",), [0], buffer_m=20_000.0, kernel_m=0.0)
    assert weight_at(units, 29.05, 129.85) == {"a": 1.0}  # 15 km off
    assert weight_at(units, 29.05, 129.65) == {}  # 34 km off


def test_ground_tracks_touch_the_widened_area_and_nothing_beyond():
    units = compute_units(made_up(), ("a",), [0], buffer_m=5_000.0, kernel_m=10_000.0)
    assert over_at(units, 29.05, 130.05) == {"a"}
    assert over_at(units, 29.05, 129.95) == {"a"}  # its east edge is the shore
    assert over_at(units, 29.05, 129.85) == set()  # 9.7 km at the nearest


def test_a_unit_that_runs_off_the_grid_is_cut_not_wrapped():
    places = made_up()
    west = Places(
        **{n: getattr(places, n) for n in Places.__slots__ if n != "mesh"},
        mesh=Mesh(origin=[42, 118], top=np.ones((3, 3)), tiles=places.mesh.tiles),
    )
    units = compute_units(west, ("a",), [0], buffer_m=5_000.0, kernel_m=10_000.0)
    assert weight_at(units, 29.05, 119.05)["a"] > 0.99
    assert weight_at(units, 29.05, 156.95) == {}


def test_shipped_grids_equal_a_new_computation():
    places = load_places()
    for unit in ("prefecture", "island_group"):
        shipped = alert_units(places, unit, buffer_m=5_000.0, kernel_m=10_000.0)
        names, of_place = unit_names(places, unit)
        fresh = compute_units(places, names, of_place, buffer_m=5_000.0, kernel_m=10_000.0)
        assert shipped.names == fresh.names
        assert np.array_equal(shipped.unit_of_place, fresh.unit_of_place)
        assert np.array_equal(shipped.cell_first, fresh.cell_first)
        assert np.array_equal(shipped.entry_unit, fresh.entry_unit)
        assert np.abs(shipped.entry_weight - fresh.entry_weight).max() < 1e-5
        assert np.array_equal(shipped.over_last, fresh.over_last)
        assert np.array_equal(shipped.over_unit, fresh.over_unit)


def test_weights_are_shares_and_entries_are_complete():
    units = alert_units(load_places(), "island_group", buffer_m=5_000.0, kernel_m=10_000.0)
    assert units.entry_weight.min() > 0.0
    assert units.entry_weight.max() <= 1.0
    assert units.cell_first[0, 0] == 0
    assert units.cell_last[-1, -1] == len(units.entry_unit)
    assert np.array_equal(units.cell_first.ravel()[1:], units.cell_last.ravel()[:-1])
    assert units.over_last[-1, -1] == len(units.over_unit)
    assert set(range(len(units.names))) == set(units.over_unit.tolist())
    assert max(pack_units(units)["entry_count"].max(), len(units.names)) < 256


def test_deep_inside_a_prefecture_weight_is_one_and_far_at_sea_there_is_none():
    units = alert_units(load_places(), "prefecture", buffer_m=5_000.0, kernel_m=10_000.0)
    assert weight_at(units, 43.45, 142.85) == {"Hokkaido": pytest.approx(1.0, abs=1e-3)}
    assert weight_at(units, 28.05, 125.05) == {}
    assert over_at(units, 28.05, 125.05) == set()


def test_without_a_buffer_shares_of_one_point_add_up_to_at_most_one():
    """The buffer makes neighbours overlap; without it only cells on a border count twice."""
    places = load_places()
    blocks = {"kinki": ["Kyoto", "Osaka", "Nara", "Hyogo"], "shiga": ["Shiga"], "mie": ["Mie"]}
    units = alert_units(places, "block", buffer_m=0.0, kernel_m=10_000.0, blocks=blocks)
    cell = np.repeat(np.arange(units.cell_first.size), (units.cell_last - units.cell_first).ravel())
    total = np.bincount(cell, weights=units.entry_weight)
    assert total.max() < 1.06
    assert weight_at(units, 34.75, 135.75)["kinki"] > 0.95  # where three of its prefectures meet


def test_islands_belong_to_their_group_and_the_rest_to_its_prefecture():
    places = load_places()
    names, of_place = unit_names(places, "island_group")
    unit = {code: names[u] for code, u in zip(places.code, of_place, strict=True)}
    assert unit["47207"] == "yaeyama"
    assert unit["47201"] == "okinawa_main"
    assert unit["46201"] == "Kagoshima"
    assert unit["13421"] == "Tokyo"
    assert "Okinawa" not in names
    assert len(names) == 46 + 6 + 4
    units = alert_units(places, "island_group", buffer_m=5_000.0, kernel_m=10_000.0)
    assert set(weight_at(units, 24.45, 124.15)) == {"yaeyama"}


def test_blocks_keep_their_order_and_leave_the_others_out():
    places = load_places()
    blocks = {"south": ["Okinawa"], "north": ["Hokkaido", "Aomori"]}
    names, of_place = unit_names(places, "block", blocks)
    assert names == ("south", "north")
    assert of_place[places.code.index("01100")] == 1
    assert of_place[places.code.index("13101")] == -1


@pytest.mark.parametrize(
    ("unit", "blocks", "word"),
    [
        ("county", None, "county"),
        ("block", {"x": ["Edo"]}, "Edo"),
        ("block", {"x": ["Tokyo"], "y": ["Tokyo"]}, "Tokyo"),
    ],
)
def test_wrong_units_and_blocks_are_refused_by_name(unit, blocks, word):
    with pytest.raises(ScenarioError, match=word):
        alert_units(load_places(), unit, buffer_m=0.0, kernel_m=1.0, blocks=blocks)


def test_a_buffer_out_of_range_is_refused():
    with pytest.raises(ScenarioError, match="buffer_m"):
        alert_units(load_places(), "prefecture", buffer_m=-1.0, kernel_m=1.0)
