"""`hinomi footprint` and `hinomi raid`: files, one object, and wrong values in words."""

import csv
import json
from pathlib import Path

import pytest

FAST = ["--cell-km", "50", "--launches", "2", "--track-s", "300"]
FOOTPRINT = ["footprint", "okinawa-2025", *FAST]
RAID = ["raid", "okinawa-2025", "--sizes", "1,4", "-n", "2"]


def of(found, battery, track="early"):
    return next(r for r in found["defended"] if (r["battery"], r["track"]) == (battery, track))


def test_a_footprint_gives_area_and_people_of_each_battery_and_of_all(told):
    found = told(*FOOTPRINT, "--class", "mrbm_liquid", "--weapon", "terminal_low")
    assert "kinematic upper bound" in found["title"]
    everybody = of(found, "all batteries")
    names = {r["battery"] for r in found["defended"]} - {"all batteries"}
    assert len(names) == 6
    assert 0.0 < everybody["one_shot"]["area_km2"]["value"] < found["looked_at"]["area_km2"]
    for name in names:
        alone = of(found, name)
        for key in ("area_km2", "land_km2", "people"):
            assert alone["one_shot"][key]["value"] <= everybody["one_shot"][key]["value"]
        assert alone["kill_90"]["area_km2"]["value"] <= alone["one_shot"]["area_km2"]["value"]
    for row in found["defended"]:
        groups = row["one_shot"]["by_group"]
        assert sum(g["people"]["value"] for g in groups) == pytest.approx(
            row["one_shot"]["people"]["value"], abs=len(groups)
        )
        assert all(0.0 <= g["people"]["value"] <= g["of_people"] + 0.5 for g in groups)


def test_a_delayed_track_never_defends_more_than_an_early_one(told):
    found = told(*FOOTPRINT)
    for row in (r for r in found["defended"] if r["track"] == "early"):
        late = of(found, row["battery"], "delayed")
        assert late["one_shot"]["area_km2"]["value"] <= row["one_shot"]["area_km2"]["value"]


def test_nothing_in_a_footprint_is_told_by_bearing_or_launch(told, program):
    found = json.dumps(told(*FOOTPRINT)).lower()
    for word in ("bearing", "azimuth", "launch_lat", "launch_lon", "weakest", "gap"):
        assert word not in found
    code, _, _ = program(*FOOTPRINT, "-o", "out")
    assert code == 0
    shapes = json.loads(Path("out/study-footprint.geojson").read_text())
    keys = {k for f in shapes["features"] for k in f["properties"]}
    assert keys == {
        "battery", "track", "measure", "measure_words", "defended_against", "area_km2", "people",
        "bound",
    }  # fmt: skip


def test_a_folder_gets_a_picture_twice_polygons_and_the_object(program):
    code, out, err = program(*FOOTPRINT, "-o", "maps/new")
    assert (code, err) == (0, "")
    names = {p.name for p in Path("maps/new").iterdir()}
    assert names == {f"study-footprint.{k}" for k in ("png", "svg", "geojson", "json")}
    assert "maps/new/study-footprint.png" in out
    assert "kinematic upper bound" in Path("maps/new/study-footprint.svg").read_text()
    shapes = json.loads(Path("maps/new/study-footprint.geojson").read_text())
    assert "kinematic upper bound" in shapes["title"]
    assert shapes["status"] == "STUDY"
    assert shapes["features"]
    for feature in shapes["features"]:
        assert feature["geometry"]["type"] == "MultiPolygon"
        for rings in feature["geometry"]["coordinates"]:
            for ring in rings:
                assert ring[0] == ring[-1]
                assert len(ring) >= 5
    told = json.loads(Path("maps/new/study-footprint.json").read_text())
    assert "kinematic upper bound" in told["title"]


def test_polygons_cover_what_the_object_says(program):
    import shapely
    from shapely.geometry import shape

    code, _, _ = program(*FOOTPRINT, "--battery", "terminal Naha", "-o", "out")
    assert code == 0
    shapes = json.loads(Path("out/study-footprint.geojson").read_text())["features"]
    for feature in shapes:
        whole = shape(feature["geometry"])
        assert whole.is_valid
        lat = shapely.get_y(whole.centroid)
        import math

        km2 = whole.area * 111.195**2 * math.cos(math.radians(lat))
        assert feature["properties"]["area_km2"] == pytest.approx(km2, rel=0.03)


def test_the_same_words_give_the_same_numbers_and_another_seed_others(told):
    assert told(*FOOTPRINT) == told(*FOOTPRINT)
    assert told(*FOOTPRINT)["defended"] != told(*FOOTPRINT, "--seed", "2")["defended"]


def test_a_raid_tells_leakers_rounds_and_both_forms(told):
    found = told(*RAID)
    assert [p["size"] for p in found["sizes"]] == [1, 4]
    for p in found["sizes"]:
        assert 0.0 <= p["leakers"]["value"] <= p["size"]
        assert 0.0 <= p["closed_leakers"] <= p["size"]
        assert p["rounds"]["n"] == 2
    assert found["ready_rounds"] == 156
    assert 0.0 < found["closed_form"]["kill_probability"] <= 1.0


def test_a_raids_folder_gets_a_picture_twice_a_table_and_the_object(program):
    code, out, err = program(*RAID, "-o", "out")
    assert (code, err) == (0, "")
    names = {p.name for p in Path("out").iterdir()}
    assert names == {f"study-raid.{k}" for k in ("png", "svg", "csv", "json")}
    rows = list(csv.DictReader(Path("out/study-raid.csv").read_text().splitlines()))
    assert [r["size"] for r in rows] == ["1", "4"]
    told = json.loads(Path("out/study-raid.json").read_text())
    assert float(rows[1]["leakers"]) == told["sizes"][1]["leakers"]["value"]
    assert "closed form" in Path("out/study-raid.svg").read_text()
    assert "a battery empty" in out


WRONG = [
    ((*FOOTPRINT, "--battery", "nowhere"), "no battery 'nowhere'"),
    ((*FOOTPRINT, "--weapon", "laser"), "no weapon 'laser'"),
    ((*FOOTPRINT, "--weapon", "terminal_high"), "no weapon 'terminal_high'"),
    ((*FOOTPRINT, "--battery", "terminal Naha", "--weapon", "midcourse_B"), "ready round"),
    ((*FOOTPRINT, "--architecture", "x"), "'x' is no architecture"),
    ((*FOOTPRINT, "--class", "x"), "class 'x'"),
    (("footprint", "okinawa-2025", "--cell-km", "0"), "10 to 100 km"),
    (("footprint", "okinawa-2025", "--cell-km", "nan"), "10 to 100 km"),
    (("footprint", "okinawa-2025", "--cell-km", "many"), "many"),
    (("footprint", "okinawa-2025", "--launches", "0", "--track-s", "1"), "1 to 200"),
    (("footprint", "okinawa-2025", "--track-s", "-1"), "0 to 3600 s"),
    (("footprint", "okinawa-2025", "--track-s", "nan"), "0 to 3600 s"),
    (("footprint", "replay-2017-08-29"), ""),
    (("footprint", "not-there"), "not-there"),
    (("footprint",), "SCENARIO"),
    ((*FOOTPRINT, "-o", "file/in"), "is a file; name a folder"),
    (("raid", "okinawa-2025", "--sizes", "0..4"), "1..40"),
    (("raid", "okinawa-2025", "--sizes", "x"), "1..40"),
    (("raid", "okinawa-2025", "--sizes", "1", "-n", "1"), "2 to 1000"),
    (("raid", "okinawa-2025", "--sizes", "1", "--within-s", "nan"), "0 to 3600"),
    (("raid", "okinawa-2025", "--battery", "x"), "no battery 'x'"),
    (("raid", "replay-2017-08-29", "--sizes", "1"), ""),
]


@pytest.mark.parametrize(("words", "said"), WRONG, ids=lambda x: " ".join(x)[-40:])
def test_wrong_input_is_told_in_words_with_exit_code_2(program, words, said):
    Path("file").write_text("x")
    code, out, err = program(*words)
    assert (code, out) == (2, "")
    assert said in err
    assert err.strip()


@pytest.mark.parametrize("more", [("-n", "0"), ("--within-s", "-5")])
def test_a_raid_of_nothing_is_refused_before_any_flight(program, monkeypatch, more):
    from hinomi.footprint import raid_answer

    monkeypatch.setattr(raid_answer, "bodies_of_arcs", None)  # a call of it would be an error
    code, _, err = program("raid", "okinawa-2025", *more)
    assert code == 2
    assert "it must be" in err
